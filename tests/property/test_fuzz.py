"""Every target of tests/fuzz for a moment; `make fuzz` runs them for as long as one likes."""

from __future__ import annotations

import functools
from random import Random

import pytest

from fuzz.mutation import changed
from fuzz.targets import TARGETS

SEEDS = functools.cache(lambda name: tuple(TARGETS[name].seeds()))
INPUTS = 15


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize("name", TARGETS)
def test_what_is_fine_is_read(name: str) -> None:
    for seed in SEEDS(name):
        TARGETS[name].read(seed)


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize("name", TARGETS)
def test_hostile_input_gets_an_answer(name: str) -> None:
    target, random = TARGETS[name], Random(name)  # noqa: S311 (no secret)
    for _ in range(INPUTS):
        raw = random.choice(SEEDS(name))
        for _ in range(random.randrange(1, 4)):
            raw = changed(raw, target.form, target.words, random)
        target.read(raw)
