"""A roadmap for other programs: Mermaid in Markdown, iCalendar, CSV. Texts are hostile there."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..core.rubric import Rubric

if TYPE_CHECKING:
    from ..core.roadmap import Placed, Roadmap

_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Subject:
    """What is exported: the roadmap of a plan for a system."""

    plan: str
    system: str
    rubric: Rubric
    roadmap: Roadmap

    def title(self, placed: Placed) -> str:
        """Return what an upgrade is called: the item's title and the mode's, in one line."""
        upgrade = placed.activity.upgrade
        mode = "" if len(upgrade.item.modes) == 1 else self.rubric.mode_title(upgrade.to_mode)
        return one_line(f"{upgrade.item.title} ({mode})" if mode else upgrade.item.title)


def one_line(text: str) -> str:
    r"""Return the text in one line, without characters that control terminals or directions.

    >>> one_line("a\r\n  b\x1b[31m")
    'a b[31m'
    """
    words = " ".join(text.split())
    return _BIDI.sub("", "".join(c for c in words if unicodedata.category(c) != "Cc"))
