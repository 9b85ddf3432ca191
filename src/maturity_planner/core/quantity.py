"""Exact numbers: points in 1e-4, days in 1e-2, and how they leave the program.

Nothing that is compared or added is ever a float (docs/planner.md). Scores are fractions,
because a weighted mean need not be a whole number of units.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NewType

Points = NewType("Points", int)
"""Points of a mode or a weight, in units of 1e-4."""

Cents = NewType("Cents", int)
"""Person-days in units of 1e-2."""

POINT = 10_000
DAY = 100

# A person-century of effort or a million points is a slip of the keyboard, not a plan.
MOST_DAYS = 100_000
MOST_POINTS = 1_000_000

Number = int | float


def to_points(number: int | Decimal) -> Points:
    """Return a number with at most four decimals in units of 1e-4.

    >>> to_points(Decimal("0.5"))
    5000
    """
    return Points(int(Decimal(number) * POINT))


def to_cents(number: int | Decimal | Fraction) -> Cents:
    """Return days in units of 1e-2, rounded half up.

    >>> to_cents(Decimal("0.125")), to_cents(Fraction(7, 3))
    (13, 233)
    """
    if isinstance(number, Fraction):
        return Cents((number * DAY * 2 + 1).__floor__() // 2)
    return Cents(int((Decimal(number) * DAY).to_integral_value(ROUND_HALF_UP)))


def plain(number: Fraction | Decimal | int) -> Number:
    """Return the number for JSON: an int when it is whole, else the nearest float.

    >>> plain(Fraction(4, 2)), plain(Fraction(1, 2))
    (2, 0.5)
    """
    fraction = Fraction(number)
    return fraction.numerator if fraction.denominator == 1 else float(fraction)


def shown(number: Fraction | Decimal | int, places: int = 2) -> str:
    """Return the number for people: at most `places` decimals, no trailing zeros.

    >>> shown(Fraction(4, 3)), shown(Fraction(5, 2)), shown(2)
    ('1.33', '2.5', '2')
    """
    scaled = Fraction(number) * 10**places
    units = (abs(scaled) * 2 + 1).__floor__() // 2
    sign = "-" if scaled < 0 and units else ""
    whole, rest = divmod(units, 10**places)
    decimals = f"{rest:0{places}d}".rstrip("0") if places else ""
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def plural(number: Fraction | int, noun: str, places: int = 2) -> str:
    """Return the number for people with its noun.

    >>> plural(1, "ticket"), plural(0, "ticket"), plural(Fraction(1, 2), "day")
    ('1 ticket', '0 tickets', '0.5 days')
    """
    return counted(shown(number, places), noun)


def counted(number: str, noun: str) -> str:
    """Return a number that is a text already with its noun.

    >>> counted("1", "point"), counted("0.5", "point")
    ('1 point', '0.5 points')
    """
    return f"{number} {noun}" if number == "1" else f"{number} {noun}s"


def chance(share: Fraction) -> str:
    """Return a share of courses in per cent; one that is not all or none never reads so.

    >>> chance(Fraction(1)), chance(Fraction(9999, 10000)), chance(Fraction(1, 3))
    ('100 %', 'over 99.9 %', '33.3 %')
    """
    if Fraction(999, 1000) < share < 1:
        return "over 99.9 %"
    if 0 < share < Fraction(1, 1000):
        return "under 0.1 %"
    return f"{shown(share * 100, 1)} %"


def precise(number: Fraction) -> str:
    """Return a score for people: its decimals, four at most; `~` where there are more.

    Scores and targets have four decimals at most; only a mean or a record can have more. The sign
    keeps what was rounded apart from a number that is just so.

    >>> precise(Fraction(3, 2)), precise(Fraction(2, 3)), precise(Fraction(1, 30_000))
    ('1.5', '~0.6667', '<0.0001')
    """
    text = shown(number, 4)
    if (number * POINT).denominator == 1:
        return text
    if text == "0":
        return "<0.0001" if number > 0 else ">-0.0001"
    return f"~{text}"


def exact(number: Fraction) -> str:
    """Return a score that can be reckoned on: the fraction, too, where its decimals do not end.

    >>> exact(Fraction(3, 2)), exact(Fraction(2, 3))
    ('1.5', '2/3 (~0.6667)')
    """
    if (number * POINT).denominator == 1 or number.denominator > POINT:
        return precise(number)
    return f"{number.numerator}/{number.denominator} ({precise(number)})"


def as_fraction(text: str) -> Fraction | None:
    """Return the decimal number that the text spells, or None when it does not spell one.

    >>> as_fraction("1.5"), as_fraction("nan"), as_fraction("1/3")
    (Fraction(3, 2), None, None)
    """
    import re

    if not re.fullmatch(r"[+-]?(\d{1,9}(\.\d{0,9})?|\.\d{1,9})", text.strip()):
        return None
    return Fraction(text.strip())
