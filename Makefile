# Every target sets up what it needs; `make demo` and `make test` are all a newcomer has to know.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: install demo test lint format golden docs bench figures picture installed faults fuzz sbom audit clean

install: $(READY)

$(READY): pyproject.toml constraints.txt
	@echo "Setting up $(VENV), which takes a minute or two and the network ..."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	@touch $@

demo: $(READY)
	@rm -rf build/demo
	@$(BIN)/maturity-planner demo build/demo

test: $(READY)
	$(BIN)/python -m coverage run -m pytest -n auto --dist worksteal -m "not slow" --ignore=tests/property
	$(BIN)/python -m pytest -q -n auto --dist worksteal -m "not slow" tests/property
	$(BIN)/python -m pytest -q -n auto --dist worksteal -m slow
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report --fail-under=95

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/cog --check -I bench docs/cli.md docs/keys.md docs/architecture.md README.md

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

golden: $(READY)
	GOLDEN=write $(BIN)/python -m pytest -q tests/golden tests/cli/test_docs.py tests/cli/test_tutorial.py

docs: $(READY)
	$(BIN)/cog -r -I bench docs/cli.md docs/keys.md docs/architecture.md README.md

bench: $(READY)
	$(BIN)/python bench/size.py
	$(BIN)/python bench/startup.py
	$(BIN)/python bench/importing.py
	$(BIN)/python bench/planning.py
	$(BIN)/python bench/scheduling.py
	$(BIN)/python bench/tickets.py
	$(BIN)/python bench/load.py
	$(BIN)/python bench/report.py

# Size and start-up, measured here and now, into the page that shows them.
figures: $(READY)
	$(BIN)/cog -r docs/performance.md

# The report that the README shows, taken in Chromium.
picture: $(READY)
	$(BIN)/python bench/picture.py docs/images/report.png

# The wheel in an empty environment of every Python that is here; fetches what it needs.
installed: $(READY)
	$(BIN)/python bench/installing.py

# What the wheel installs, as CycloneDX JSON, into build/sbom.json; fetches what it needs.
sbom: $(READY)
	$(BIN)/python bench/auditing.py sbom

# Known weaknesses of the same; asks a service of the Python Package Index, over the internet.
audit: $(READY)
	$(BIN)/python bench/auditing.py audit

# Every fault at every write of a sync, and the command killed there; some ten minutes.
faults: $(READY)
	FAULTS=all $(BIN)/python -m pytest -q -p no:randomly -m slow tests/contract/test_crashes.py

# Hostile input for all that reads, SECONDS for each target, 20 or so of them, two at once. Better
# with atheris (`.venv/bin/python -m pip install atheris`), which lets coverage lead.
SECONDS ?= 60
fuzz: $(READY)
	PYTHONPATH=src:tests:bench $(BIN)/python -m fuzz.run --seconds $(SECONDS)

clean:
	rm -rf build dist $(VENV) .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis
