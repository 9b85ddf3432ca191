"""A wheel, and an editable install, find rubrics, templates and the example far from the checkout.

The environments are new and empty but for a path to the libraries of this one, so that nothing is
fetched.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("src", "rubrics", "templates", "examples", "pyproject.toml", "README.md", "LICENSE")

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COVERAGE"))}
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkout")
    for name in PARTS:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / name)
    return folder


def new_environment(folder: Path) -> Path:
    """Return the Python of a new environment that sees this one's libraries, but not us."""
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    purelib = next(folder.glob("lib/python*/site-packages"))
    (purelib / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder / "bin" / "python"


def check(python: Path, folder: Path, expected: Path) -> None:
    folder.mkdir()
    where = run(
        python, "-c", "import maturity_planner; print(maturity_planner.__file__)", cwd=folder
    )
    assert Path(where.strip()).is_relative_to(expected)
    command = python.parent / "maturity-planner"
    listed = json.loads(run(command, "rubrics", "--json", cwd=folder))
    assert len(listed["data"]["rubrics"]) == 4
    assert "Score 0.5 -> " in run(command, "demo", "demo", cwd=folder)
    assert {path.name for path in folder.iterdir()} == {"demo"}


def test_a_wheel_works_outside_the_checkout(checkout: Path, tmp_path: Path) -> None:
    run(
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "-o",
        tmp_path,
        ".",
        cwd=checkout,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    outside = [n for n in names if not n.startswith("maturity_planner/") and ".dist-info/" not in n]
    assert outside == []
    python = new_environment(tmp_path / "env")
    run(python, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet", wheel, cwd=tmp_path)
    check(python, tmp_path / "empty", tmp_path / "env")


def test_an_sdist_makes_the_same_wheel(checkout: Path, tmp_path: Path) -> None:
    build = (sys.executable, "-m", "build", "--no-isolation", "-o")
    run(*build, tmp_path / "direct", "--wheel", ".", cwd=checkout)
    run(*build, tmp_path / "by-sdist", ".", cwd=checkout)  # the wheel from the sdist
    wheels = [next(path.glob("*.whl")) for path in (tmp_path / "direct", tmp_path / "by-sdist")]
    direct, by_sdist = (zipfile.ZipFile(wheel) for wheel in wheels)
    assert direct.namelist() == by_sdist.namelist()
    assert all(direct.read(name) == by_sdist.read(name) for name in direct.namelist())
    assert "maturity_planner/py.typed" in direct.namelist()


def test_an_editable_install_works_outside_the_checkout(checkout: Path, tmp_path: Path) -> None:
    python = new_environment(tmp_path / "env")
    options = ("--no-deps", "--no-index", "--no-build-isolation", "--quiet")
    run(python, "-m", "pip", "install", *options, "-e", checkout, cwd=tmp_path)
    check(python, tmp_path / "empty", checkout)
