"""What a value of a file may be: numbers, ids, dates, references."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
    model_validator,
)

from ..core.addresses import LOOPBACK
from ..core.quantity import MOST_DAYS, MOST_POINTS

ID_PATTERN = "[a-z0-9]+(-[a-z0-9]+)*"
LINE_PATTERN = "[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]+"
FIELD_PATTERN = "[a-z]+(_[0-9]+)?"
LOGIN_PATTERN = "[A-Za-z0-9][A-Za-z0-9_-]{0,99}"
MOST_EXPONENT = 400


class Shape(BaseModel):
    """A mapping in a file: unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


# Values ------------------------------------------------------------------------------------


def check_number(value: Any) -> Decimal:
    """Return the number as a Decimal; refuse what only looks like one."""
    # bool is an int to Python but not to a person; a text is not a number.
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("should be a number")
    number = Decimal(str(value))
    if number.is_finite() and not -MOST_EXPONENT <= number.adjusted() <= MOST_EXPONENT:
        # Exact arithmetic would need as many digits as the exponent says.
        raise ValueError(f"{number:.3g} has an exponent beyond {MOST_EXPONENT}")
    if len(number.as_tuple().digits) > MOST_EXPONENT:
        raise ValueError(f"should have at most {MOST_EXPONENT} digits")
    return number


def _bounded(most: int, places: int | None, title: str) -> AfterValidator:
    """Accept 0 to `most`; `title` names such numbers in messages."""

    def check(value: Decimal) -> Decimal:
        if value < 0:
            raise ValueError(f"{value} is negative: {title} start at 0")
        if value > most:
            raise ValueError(f"{value:.6g} is too large: {title} end at {most}")
        if places is not None and (Fraction(value) * 10**places).denominator != 1:
            raise ValueError(f"{str(value)[:40]} has more than {places} decimals")
        return value

    return AfterValidator(check)


def _number_schema(most: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "number", "minimum": 0, "maximum": most})


def near_id(value: str) -> str:
    """Return the id that is most like a text; nothing where no letter or digit is in it.

    >>> near_id("Data 1.5")
    'data-1-5'
    """
    return re.sub("[^a-z0-9]+", "-", value.lower()).strip("-")


def check_id(value: str) -> str:
    """Refuse what is no id."""
    parts = value.split("-")
    if not all(part.isalnum() and part.isascii() and part == part.lower() for part in parts):
        near = near_id(value)
        fix = f'\nFor example "{near}".' if near else ""
        raise ValueError(
            f'"{value}" is not an id: use lower-case letters, digits, single hyphens{fix}'
        )
    return value


def of_form(pattern: str, shown: str) -> AfterValidator:
    """Accept texts of the pattern; `shown` is the form in messages."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            told = re.sub("//.*@", "//***@", value)  # the address of a clone may hold a token
            raise ValueError(f'"{told[:60]}" is not of the form {shown}')
        return value

    return AfterValidator(check)


def check_ref(value: str) -> str:
    """Refuse what is no ITEM@MODE."""
    item, at, mode = value.partition("@")
    if not at:
        raise ValueError(f'"{value}" names no mode: write ITEM@MODE')
    check_id(item), check_id(mode)
    return value


def _pin(value: str) -> str:
    item, at, mode = value.partition("@")
    check_id(item)
    if at and not mode:
        raise ValueError(f'"{value}" names no mode: write ITEM or ITEM@MODE')
    if at:
        check_id(mode)
    return value


def _line(value: str) -> str:
    if not value:
        raise ValueError("should not be empty")
    if not re.fullmatch(LINE_PATTERN, value):
        raise ValueError("should be one line without control characters")
    return value


def _date(value: Any) -> Any:
    if isinstance(value, str):  # YAML dates arrive as text; TOML has dates of its own
        try:
            day = datetime.date.fromisoformat(value)
        except ValueError:
            day = None
        if day is None or day.isoformat() != value:  # other forms of ISO 8601 exist
            raise ValueError(f'"{value[:60]}" is not a date that exists: write YYYY-MM-DD')
        return day
    return value


def _address(value: str) -> str:
    """Accept the address of a server; what is wrong with it is told without repeating it."""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port  # a port may be no number
    except ValueError:
        raise ValueError("should read like https://HOST/PATH") from None
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError("should read like https://HOST/PATH")
    if "@" in parts.netloc:
        raise ValueError("should hold no user name and no password")
    if parts.scheme == "http" and host not in LOOPBACK:
        raise ValueError("should start with https://: a token would travel unencrypted")
    if "?" in value or "#" in value:
        raise ValueError("should end with the path, without ? and #")
    return value


def text_schema(pattern: str, most: int, **more: Any) -> Any:
    """Return the JSON Schema of a text that matches the pattern."""
    schema = {"type": "string", "pattern": f"^{pattern}$", "maxLength": most}
    return WithJsonSchema(schema | more)


# No keyword of JSON Schema, but editors show it instead of the pattern.
ID_FORM = {"patternErrorMessage": "An id has lower-case letters, digits and single hyphens."}
_REF_FORM = {"patternErrorMessage": "Write ITEM@MODE."}

Id = Annotated[
    str,
    StringConstraints(max_length=120),
    AfterValidator(check_id),
    text_schema(ID_PATTERN, 120, **ID_FORM),
]
Ref = Annotated[
    str,
    StringConstraints(max_length=241),
    AfterValidator(check_ref),
    text_schema(f"{ID_PATTERN}@{ID_PATTERN}", 241, **_REF_FORM),
]
PinName = Annotated[
    str,
    StringConstraints(max_length=241),
    AfterValidator(_pin),
    text_schema(f"{ID_PATTERN}(@{ID_PATTERN})?", 241),
]
Line = Annotated[
    str, StringConstraints(max_length=300), AfterValidator(_line), text_schema(LINE_PATTERN, 300)
]
Text = Annotated[str, StringConstraints(max_length=20_000)]
Address = Annotated[
    Line,
    AfterValidator(_address),
    WithJsonSchema({"type": "string", "format": "uri", "pattern": "^https?://", "maxLength": 300}),
]
Login = Annotated[Line, of_form(LOGIN_PATTERN, "LOGIN, without @"), text_schema(LOGIN_PATTERN, 100)]
FieldId = Annotated[
    Line, of_form(FIELD_PATTERN, "customfield_10016"), text_schema(FIELD_PATTERN, 300)
]
TokenCommand = Annotated[
    Line | None, Field(description="A command that prints the token; wins over the environment.")
]
PointCount = Annotated[
    Decimal,
    BeforeValidator(check_number),
    _bounded(MOST_POINTS, 4, "points, weights and scores"),
    _number_schema(MOST_POINTS),
]
Days = Annotated[
    Decimal,
    BeforeValidator(check_number),
    _bounded(MOST_DAYS, None, "days"),
    _number_schema(MOST_DAYS),
]
Quarters = Annotated[
    Decimal, BeforeValidator(check_number), _bounded(400, 2, "quarters"), _number_schema(400)
]
ReviewQuarters = Annotated[
    int, Field(ge=0, le=40, description="How long evidence holds; 0: for ever.")
]
Date = Annotated[
    datetime.date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})
]


class ThreePoints(Shape):
    """An estimate in person-days: the best, the usual and the worst case."""

    low: Annotated[Days, Field(description="Person-days if all goes well.")]
    likely: Annotated[Days, Field(description="Person-days as it usually goes.")]
    high: Annotated[Days, Field(description="Person-days if much goes wrong.")]

    @model_validator(mode="after")
    def _is_rising(self) -> Self:
        if not self.low <= self.likely <= self.high:
            raise ValueError("an estimate rises: low, then likely, then high")
        return self


def kind_of(value: Any) -> str:
    """Return "mapping" or "plain", for a union of the two."""
    return "mapping" if isinstance(value, dict) else "plain"


EffortDays = Annotated[
    Annotated[Days, Tag("plain")] | Annotated[ThreePoints, Tag("mapping")],
    Discriminator(kind_of),
]
