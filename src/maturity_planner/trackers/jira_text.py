"""Our part of an issue's description, and what tells two texts apart in Jira.

Nothing can be hidden in a description, so there is one visible line of ours, its last: whose
ticket it is. What follows it belongs to people, and so does what they write above our text, as
long as that is as we wrote it.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..core.tickets import Uid, Value

OPEN, TICKED = "\N{BALLOT BOX}", "\N{BALLOT BOX WITH CHECK}"
HEADING = "*Done when*"

MOST_SEARCHED = 100_000
"""Characters of a description in which our text is looked for; Jira takes a third of that."""

NOBODY = Uid("")
_LINE = re.compile(
    r"^[ \t]*mp\\?-uid:[ \t]*((?!\\+\.)[^\s.]+\.\S+?)(?:[ \t]+([0-9a-f]{12}))?[ \t]*$", re.M
)
_HEADING = re.compile(r"^[ \t]*\*?Done when\*?[ \t]*$", re.M)
_CRITERION = re.compile(rf"[*-][ \t]*([{OPEN}{TICKED}])[ \t]*(.*)")
_MACRO = re.compile(r"(?<!\\)\{[a-z]+(?::[^{}\\\n]*)?\}|\|smart-(?:link|card|embed)\b")
_CARD = re.compile(r"\[([^|\[\]\n]+)\|\1(?=[|\]])")
_WORD = re.compile(r"\w+|[<>≤≥≠=%±]")
_HEAD = re.compile(r"^[ \t]*(?:h[1-6]|bq)\.", re.M)


def digest(value: Value) -> str:
    r"""Return 12 hex digits that change when the words do.

    A Cloud keeps texts in a format of its own and gives them back with other markup.

    >>> digest("* {{a-b}}\n") == digest("- {{a\\-b}}")
    True
    """
    words, signs = _words(value if isinstance(value, str) else "\n".join(value))
    return _digest(words or signs)


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _words(text: str) -> tuple[str, str]:
    """Return the words of a text, and what tells it apart if it has none.

    Those of a text are those of its lines, one after the other.
    """
    text = _CARD.sub(r"[\1", text)  # the address of a link twice
    plain = html.unescape(_HEAD.sub("", _MACRO.sub(" ", text)))
    return " ".join(_WORD.findall(plain)), " ".join(plain.replace("\\", "").split())


@dataclass(frozen=True, slots=True)
class Text:
    """A description taken apart. `uid` is empty when our line is not there."""

    body: str = ""
    criteria: tuple[tuple[str, bool], ...] = ()
    before: str = ""
    after: str = ""
    uid: Uid = NOBODY
    stamp: str = ""

    def with_criteria(self, wanted: Sequence[str]) -> tuple[tuple[str, bool], ...]:
        """Return new criteria; one that was ticked before stays ticked."""
        ticked = {digest(text) for text, is_ticked in self.criteria if is_ticked}
        return tuple((text, digest(text) in ticked) for text in wanted)

    def text(self) -> str:
        """Return the whole description."""
        parts = [self.body] if self.body else []
        if self.criteria:
            boxes = [f"* {TICKED if ticked else OPEN} {text}" for text, ticked in self.criteria]
            parts.append("\n".join([HEADING, "", *boxes]))
        line = f"mp-uid: {self.uid} {self.stamp}".rstrip()
        parts.append(f"----\n{line}")
        return self.before + "\n\n".join(parts) + self.after


def take_apart(text: str, body: Value | None, uid: str = "") -> Text:
    """Return the parts of a description; `body` is the digest of ours as we wrote it, if known.

    Without our line all of it counts as our text, edited. Of several such lines the last one of
    that identity counts, or the last of all.
    """
    text = text.replace("\r\n", "\n")
    lines = list(_LINE.finditer(text))
    line = max(lines, key=lambda one: (_uid(one) == uid, one.start()), default=None)
    if not line:
        return Text(body=text.strip("\n"))
    ours, after = _without_ruler(text[: line.start()]), text[line.end() :]
    headings = list(_HEADING.finditer(ours))
    criteria: tuple[tuple[str, bool], ...] = ()
    if headings:
        criteria = _criteria(ours[headings[-1].end() :])
        ours = ours[: headings[-1].start()]
    before = _written_above(ours, body)
    return Text(
        ours[len(before) :].strip("\n"),
        criteria,
        before,
        after,
        _uid(line),
        line[2] or "",
    )


def _without_ruler(text: str) -> str:
    """Return the text without the ruler above our line; a pattern would be slow with blanks."""
    ruled = text.rstrip("\n").rstrip(" \t")
    bare = ruled.rstrip("-")
    return text if len(ruled) - len(bare) < 4 else bare.rstrip(" \t").removesuffix("\n")


def _uid(line: re.Match[str]) -> Uid:
    return Uid(line[1].replace("\\", ""))  # a Cloud may put some before hyphens


def _criteria(text: str) -> tuple[tuple[str, bool], ...]:
    """Return the criteria; other lines that people wrote between them count too, and stay."""
    found = [(_CRITERION.fullmatch(line.strip()), line) for line in text.split("\n")]
    return tuple((m[2], m[1] == TICKED) if m else (line, False) for m, line in found if line)


def _written_above(text: str, body: Value | None) -> str:
    """Return what precedes our text, which is known by its digest; nothing if ours was edited.

    What has no words, such as the frame of a panel, belongs to whoever wrote above.
    """
    words = signs = ""
    start = len(text) + 1
    # From the end, each line is taken apart once: people may have written thousands.
    is_searched = body is not None and len(text) <= MOST_SEARCHED
    for line in reversed(text.split("\n") if is_searched else ()):
        start -= len(line) + 1
        more_words, more_signs = _words(line)
        words, signs = f"{more_words} {words}".strip(), f"{more_signs} {signs}".strip()
        if _digest(words or signs) == body:
            return text[:start]
    return ""
