"""Texts of others made to fit our files: lines, longer texts, ids."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from hashlib import sha256

from ..errors import nearest

MOST_LINE = 300
MOST_TEXT = 20_000
MOST_PART = 6_000
"""Of a text that is put together with others."""
MOST_SLUG = 100
MOST_KNOWN = 500
CUT = " [...]"

_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")

HIDDEN = re.compile(
    "[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
    "|(?<![\u0590-\u1fff\u2070-\U0010ffff\u200c\u200d])[\u200c\u200d]+"
)
"""Characters that turn the direction of a text, or that nobody sees.

The two that part and join letters are left where a script or a picture may need them.
"""


def hidden_in(text: str) -> set[str]:
    r"""Return the characters of a text that nobody sees.

    >>> hidden_in("A\u202e\u200dB") == {"\u202e", "\u200d"}
    True
    """
    return set("".join(HIDDEN.findall(text)))


def one_line(text: str) -> str:
    r"""Return the text as one line without control characters.

    >>> one_line(" Written\noven\x07 checklist ")
    'Written oven checklist'
    """
    return " ".join(_UNFIT.sub(" ", text).split())


def fit_text(text: str) -> str:
    """Return the text without control characters and blank ends; its lines stay."""
    return "\n".join(line.rstrip() for line in _UNFIT.sub(" ", text).split("\n")).strip()


def cut(text: str, most: int) -> str:
    """Return the text, its end left out where it is longer than that.

    >>> cut("Written oven checklist", 13)
    'Written [...]'
    """
    return text if len(text) <= most else text[: most - len(CUT)].rstrip() + CUT


def slug(text: str) -> str:
    """Return what is left of a text in an id; nothing where it has no Latin letters or digits.

    >>> slug("CI/CD (build & deploy)"), slug("Öfen"), slug("窯")
    ('ci-cd-build-deploy', 'ofen', '')
    """
    folded = unicodedata.normalize("NFKD", text[: 4 * MOST_SLUG]).encode("ascii", "ignore").decode()
    words = re.sub("[^a-z0-9]+", "-", folded.lower()).strip("-")
    if len(words) <= MOST_SLUG:
        return words
    return words[:MOST_SLUG].rpartition("-")[0] or words[:MOST_SLUG]


def close(word: str, known: Collection[str]) -> str:
    """Return "did you mean ...?" where that takes no long search, or an empty string."""
    if len(known) > MOST_KNOWN:
        return ""
    return nearest(one_line(word)[:MOST_SLUG], [one_line(one)[:MOST_SLUG] for one in known])


def told_apart(titles: Sequence[tuple[str, str]]) -> list[str]:
    """Return titles, each with where it stands; that is said of those that stand twice.

    >>> told_apart([("Alarm", "Ovens"), ("Bell", "Ovens"), ("alarm", "Store")])
    ['Alarm (Ovens)', 'Bell', 'alarm (Store)']
    """
    counts = Counter(_folded(title) for title, _ in titles)
    used: Counter[str] = Counter()
    found = []
    for title, where in titles:
        told = title
        if counts[_folded(title)] > 1:
            told = f"{cut(title, MOST_LINE // 2)} ({cut(one_line(where), MOST_LINE // 3)})"
        used[_folded(told)] += 1
        number = used[_folded(told)]
        found.append(f"{told} {number}" if number > 1 else told)
    return found


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())


class Names:
    """Ids that are used once each."""

    def __init__(self) -> None:
        """Start without any."""
        self._used: dict[str, int] = {}

    def unique(self, *parts: str) -> str:
        """Return an id of these parts, with a number at its end where it is taken."""
        wanted = "-".join(filter(None, map(slug, parts)))[: MOST_SLUG + 12].strip("-")
        if not wanted:  # no letters of ours: any id that stays the same will do
            digest = sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
            wanted = f"x-{digest[:8]}"
        name = wanted
        while name in self._used:
            self._used[wanted] += 1
            name = f"{wanted}-{self._used[wanted]}"
        self._used[name] = 1
        return name
