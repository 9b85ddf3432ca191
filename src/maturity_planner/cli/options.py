"""Options that several commands share: spelled the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

FILE = click.Path(dir_okay=False, path_type=Path)


class NumberType(click.ParamType[Any]):
    """A decimal number, read exactly; negative, nan and the like are usage errors."""

    name = "number"

    def __init__(self, most: int, places: int, *, least: str = "0") -> None:
        """Accept `least` to `most` with at most `places` decimals."""
        self.least = least
        self.most = most
        self.places = places

    def convert(self, value: Any, param: Any, ctx: Any) -> Fraction:
        """Return the number as a fraction."""
        from fractions import Fraction

        from ..core.quantity import as_fraction

        number = as_fraction(str(value))
        if number is None:
            self.fail(self._why_not(str(value).strip()), param, ctx)
        if not Fraction(self.least) <= number <= self.most:
            self.fail(f"{value} is out of range: {self._range}", param, ctx)
        if (number * 10**self.places).denominator != 1:
            self.fail(f"{value} has more than {self.places} decimals", param, ctx)
        return number

    @property
    def _range(self) -> str:
        return f"from {self.least} to {self.most}"

    def _why_not(self, text: str) -> str:
        """Return why the text is not read: too long, an exponent, or no number at all."""
        import re

        if re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)[eE][+-]?\d+", text):
            return f"{text} has an exponent: write it without one, {self._range}"
        if found := re.fullmatch(r"[+-]?(\d*)(?:\.(\d*))?", text):
            if len(found[1].lstrip("0")) > 9:
                return f"{text} is out of range: {self._range}"
            if found[1] or found[2]:
                return f"{text} has too many digits"
        return f'"{text}" is not a number'


class DateType(click.ParamType[Any]):
    """A day, written as everywhere: YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """Return the day."""
        import re
        from datetime import date

        text = str(value).strip()
        try:
            if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        return self.fail(f'"{text}" is not a date that exists: write YYYY-MM-DD', param, ctx)


DATE = DateType()
SCORE = NumberType(1_000_000, 4)
QUARTERS = NumberType(400, 2)
DAYS = NumberType(100_000, 4)
SECONDS = NumberType(86_400, 3, least="0.001")

include = click.option(
    "--include", multiple=True, metavar="ITEM[@MODE]", help="Upgrade this in any case; repeatable."
)
exclude = click.option(
    "--exclude", multiple=True, metavar="ITEM[@MODE]", help="Leave this out; repeatable."
)
assessment = click.option("--assessment", type=FILE, help="Assessment  [default: settings']")
rubric = click.option("--rubric", metavar="ID|FILE", help="Rubric, instead of the assessment's.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
target = click.option(
    "--target", type=SCORE, metavar="T", help="Wanted score  [default: settings']"
)
horizon = click.option(
    "--horizon", type=QUARTERS, metavar="Q", help="Quarters of upkeep that count  [default: 4]"
)
time_limit = click.option(
    "--time-limit",
    type=SECONDS,
    metavar="SECONDS",
    help="Stop a search after this long, proven or not  [default: 60]",
)
