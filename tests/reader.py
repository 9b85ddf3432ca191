"""A page of the docs, followed from its top by somebody who does what it says in a fresh folder.

Each line that starts with `$ ` in a console block is run. A block that shows what is printed as
well has to show just that; of stderr only an error belongs to it, hints do not. A block that starts
with `# file: NAME` is written into that file, a diff that starts with `--- NAME` is made in it. A
line `...` in a transcript stands for lines that are left out. What a page leaves to its reader
stands in comments, each about the next block:

    <!-- setup: NAME -->       something is there, or happens (the functions in `test_docs.py`)
    <!-- $ COMMAND -->         a command that the page need not show
    <!-- file: NAME -->        the block is a file that the reader has from the start
    <!-- typed: ANSWER ... -->  what is typed where its commands ask
    <!-- exit: CODE -->        how its commands end; without it 0
    <!-- not run: REASON -->   why its commands cannot be run here
"""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from maturity_planner.cli.main import run

MADE = re.compile(r"<!-- \[\[\[cog.*?\[\[\[end\]\]\] -->", re.DOTALL)
"""What cog writes, which runs the commands that it shows."""

PART = re.compile(
    r"^<!-- (?:(?P<mark>setup|file|typed|exit|not run): |\$ )(?P<value>.*?) -->$"
    r"|^```(?P<kind>\w*)\n(?P<block>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
CHEAP = {"cat", "echo", "git", "ls", "mkdir", "python"}
"""Programs beside ours that a page may run. All others are marked, with the reason."""


@dataclass(frozen=True, slots=True)
class Part:
    """A block of a page or a comment about the next one, whose `kind` is empty."""

    mark: str
    text: str
    kind: str = ""

    @property
    def lines(self) -> list[str]:
        """The commands of a console block, each with the lines of its input below it."""
        found: list[str] = []
        end = None
        for line in self.text.splitlines():
            if end is not None:
                found[-1] += f"\n{line}"
                end = None if line == end else end
            elif line.startswith("$ "):
                found.append(line.removeprefix("$ "))
                here = re.search(r"<<'(\w+)'$", line)
                end = here and here[1]
        return found

    @property
    def is_transcript(self) -> bool:
        """Whether the block shows what is printed, too."""
        return "".join(f"$ {line}\n" for line in self.lines) != self.text

    def agrees(self, printed: str) -> bool:
        """Whether a transcript is what is printed, but for lines that it leaves out."""
        shown = re.escape(self.text).replace(re.escape("\n...\n"), "\n(?:.*\n)*?")
        return re.fullmatch(shown, printed) is not None


def parts(text: str) -> list[Part]:
    """Return the blocks of a page and the comments about them, in order."""
    return [
        Part("", found["block"], found["kind"])
        if found["value"] is None
        else Part(found["mark"] or "$", found["value"])
        for found in PART.finditer(MADE.sub("", text))
    ]


@dataclass(slots=True)
class Reader:
    """Somebody at a terminal in a folder."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    setups: dict[str, Callable[[Reader], None]]
    named: dict[str, str] = field(default_factory=dict)
    """What stands here for what the page names, such as the address of a fake for a server's."""

    def follow(self, text: str) -> Iterator[tuple[str, str]]:
        """Do what a page says; yield each transcript in it with what is printed here."""
        found = parts(text)
        for mark, block in itertools.pairwise(found):
            if mark.mark == "file":
                self.write(mark.text, block.text)
        said: dict[str, str] = {}
        for part in found:
            if part.mark == "setup":
                self.setups[part.text](self)
            elif part.mark == "$":
                self.run(part.text)
            elif part.mark:
                said[part.mark] = part.text
            else:
                yield from self._take_up(part, said)
                said = {}

    def _take_up(self, block: Part, said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Do what a block says, and what is said about it."""
        if block.kind == "console" and "not run" not in said:
            printed = self.type_in(block, said.get("typed", ""), int(said.get("exit", 0)))
            if block.is_transcript:
                yield block.text, block.text if block.agrees(printed) else printed
        elif block.kind == "diff":
            self.edit(block.text)
        elif block.text.startswith("# file: "):
            name, _, content = block.text.removeprefix("# file: ").partition("\n")
            self.write(name, content)

    def write(self, name: str, content: str) -> None:
        """Write a file, with what stands here for the names of the page."""
        path = Path.cwd() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.meant(content), encoding="utf-8")

    def meant(self, text: str) -> str:
        """Return a text of the page with what stands here for its names."""
        for there, here in self.named.items():
            text = text.replace(there, here)
        return text

    def edit(self, diff: str) -> None:
        """Change the lines of a file that a diff changes."""
        name, _, edits = diff.removeprefix("--- ").partition("\n")
        path = Path.cwd() / name
        changed = path.read_text(encoding="utf-8")
        for old, new in re.findall(r"^-(.*)\n\+(.*)$", edits, re.MULTILINE):
            here = self.meant(f"{old}\n")
            assert changed.count(here) == 1, old
            changed = changed.replace(here, self.meant(f"{new}\n"))
        path.write_text(changed, encoding="utf-8")

    def type_in(self, block: Part, typed: str, code: int) -> str:
        """Run the commands of a block; return them as a transcript."""
        self.monkeypatch.setattr(sys, "stdin", Keyboard(typed.replace(" ", "\n") + "\n" * 9))
        shown = []
        for line in block.lines:
            printed = self.run(line, code)
            for there, here in self.named.items():
                printed = printed.replace(here, there)
            shown.append(f"$ {line}\n{printed}".rstrip("\n") + "\n")
        return "\n".join(shown)

    def run(self, line: str, code: int = 0) -> str:
        """Run a line as a shell does; return what it prints."""
        words = shlex.split(line.partition("\n")[0], comments=True)
        match words:
            case ["cd", folder]:
                self.monkeypatch.chdir(folder)
            case ["export", *settings]:
                for name, _, value in (setting.partition("=") for setting in settings):
                    if value != "...":  # the reader's own, which a setup has set
                        self.monkeypatch.setenv(name, self.meant(value))
                    assert os.environ.get(name), line
            case ["maturity-planner", *arguments] if not {"|", ">", "<"} & set(words):
                printed, told = io.StringIO(), io.StringIO()
                with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(told):
                    ended = run(arguments)
                assert ended == code, f"{line}\n{printed.getvalue()}{told.getvalue()}"
                _, error, why = told.getvalue().partition("Error: ")
                return printed.getvalue() + error + why
            case [program, *_]:
                why = "mark the block: <!-- not run: REASON -->"
                assert program in CHEAP | {"maturity-planner"}, f"{line}: {why}"
                done = subprocess.run(  # noqa: S602 - the page's own words
                    line, shell=True, capture_output=True, text=True, check=False
                )
                assert done.returncode == code, f"{line}\n{done.stdout}{done.stderr}"
                return done.stdout
        return ""


class Keyboard(io.StringIO):
    """What a person types at a terminal."""

    def isatty(self) -> bool:
        return True
