"""What an installation is made of, and whether any of it is known to be weak.

`python bench/auditing.py sbom` writes `build/sbom.json` (CycloneDX) of what the wheel installs into
an empty environment; `python bench/auditing.py audit` asks a service for known weaknesses of the
same, which takes the internet. The tools come into environments of their own and stay out of ours.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from installing import ROOT, build, run

SBOM = ROOT / "build" / "sbom.json"
TOOLS = {"sbom": "cyclonedx-bom", "audit": "pip-audit"}


def environment(folder: Path, name: str, package: str | Path) -> Path:
    """Return a new environment that holds the package and what it needs."""
    place = folder / name
    run([sys.executable, "-m", "venv", place], folder)
    pip: list[str | Path] = [
        place / "bin" / "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    run([*pip, package], folder)
    if name == "product":  # pip is of every environment, and none of ours
        run([place / "bin" / "pip", "uninstall", "--quiet", "--yes", "setuptools", "pip"], folder)
    return place


def sbom(tools: Path, product: Path) -> int:
    """Write the list of all components; print how many there are."""
    SBOM.parent.mkdir(exist_ok=True)
    python = product / "bin" / "python"
    named: list[str | Path] = [
        "--output-reproducible",
        "--output-format",
        "JSON",
        "--output-file",
        SBOM,
    ]
    run([tools / "bin" / "cyclonedx-py", "environment", *named, python], product)
    found = json.loads(SBOM.read_text(encoding="utf-8"))
    parts = found["components"]
    for part in parts:  # where our own wheel lay on this machine is nobody's business
        links = part.get("externalReferences", [])
        part["externalReferences"] = [one for one in links if not one["url"].startswith("file:")]
    SBOM.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    for part in sorted(parts, key=lambda part: str(part["name"]).lower()):
        print(f"{part['name']} {part['version']}")
    print(f"{SBOM.relative_to(ROOT)}: {len(parts)} components")
    return 0


def audit(tools: Path, product: Path) -> int:
    """Ask for known weaknesses, and print what is said; an unknown package is a failure."""
    pip: list[str | Path] = [
        tools / "bin" / "pip",
        "--python",
        product / "bin" / "python",
        "uninstall",
        "--yes",
    ]
    run([*pip, "maturity-planner"], product)  # it has to be published first
    (libraries,) = (product / "lib").glob("python*/site-packages")
    command: list[str | Path] = [
        tools / "bin" / "pip-audit",
        "--strict",
        "--progress-spinner",
        "off",
    ]
    command += ["--path", libraries]
    return subprocess.run(command, cwd=product, check=False).returncode


def main() -> None:
    """Do what the first argument says."""
    what = sys.argv[1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        product = environment(folder, "product", build(folder))
        tools = environment(folder, "tools", TOOLS[what])
        sys.exit({"sbom": sbom, "audit": audit}[what](tools, product))


if __name__ == "__main__":
    main()
