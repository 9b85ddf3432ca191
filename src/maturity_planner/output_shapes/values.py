"""What every result is made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Number = int | float
ModeName = Annotated[str, Field(description="ITEM@MODE")]


class Output(BaseModel):
    """A mapping in a result; keys are only ever added within a version."""

    model_config = ConfigDict(extra="forbid")


class RubricName(Output):
    """A rubric and its version."""

    id: str
    version: str
