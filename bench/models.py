"""Models of DSOMM's and SAMM's form and any size, from a seed; every word in them is made up.

`python bench/models.py FOLDER` writes `model.yaml`, of DSOMM's size, and `model/`, of SAMM's.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from rubrics import write_yaml

PLACES = ("Ovens", "Flour store", "Counter", "Dough room", "Cold room", "Delivery", "Cellar")
THINGS = ("checklist", "alarm", "thermometer", "cleaning plan", "scale", "recipe book", "timer")
MANNERS = ("Written", "Weekly", "Tested", "Shared", "Automatic", "Reviewed", "Central", "Simple")
WORDS = (
    *("bread", "burns", "unseen", "trays", "wait", "flour", "gets", "damp", "guests", "leave"),
    *("early", "ovens", "cool", "down", "nobody", "knows", "which", "dough", "is", "old"),
)
ANSWERS = (("No", 0), ("Yes, for some", 0.25), ("Yes, for at least half", 0.5), ("Yes, all", 1))


def uuid(number: int) -> str:
    """Return a UUID that a number stands for; its first eight digits differ."""
    return f"{number:08x}-aaaa-4bbb-8ccc-{number:012x}"


def sentence(random: Random, words: int) -> str:
    """Return a sentence that means nothing."""
    return " ".join(random.choices(WORDS, k=words)).capitalize() + "."


def dsomm(activities: int = 194, needs: int = 123, groups: int = 19, seed: int = 1) -> list[Any]:
    """Return header and model: so many activities in so many sub-dimensions, with needs.

    A need leads to an activity that is listed before and is of no higher level, so that there
    are no circles and no inversions. A third each are written as uuid, `uuid:` and name.
    """
    random = Random(f"{activities} {needs} {groups} {seed}")  # noqa: S311 (no secret)
    found: list[tuple[str, dict[str, Any]]] = []
    for n in range(activities):
        thing = f"{random.choice(MANNERS)} {random.choice(THINGS)} {n + 1}"
        found.append((thing, _activity(random, n + 1)))
    for _ in range(needs):
        taker = random.randrange(1, activities)
        level = found[taker][1]["level"]
        taken = found[taker][1].setdefault("dependsOn", [])
        givers = [k for k in range(taker) if found[k][1]["level"] <= level]
        if givers:
            name, giver = found[random.choice(givers)]
            forms = (giver["uuid"], f"uuid:{giver['uuid']}", name)
            if not set(forms) & set(taken):
                taken.append(random.choice(forms))
    model: dict[str, Any] = {}
    for n, (name, activity) in enumerate(found):
        group = n * groups // activities
        dimension = f"Bakery {group * 5 // groups + 1}"
        inner = model.setdefault(dimension, {"_meta": {"label": dimension}})
        inner.setdefault(f"{PLACES[group % len(PLACES)]} {group + 1}", {})[name] = activity
    header = {"version": "0.0.1", "released": "2031-02-03", "publisher": "https://example.org/bake"}
    return [{"meta": header}, model]


def _activity(random: Random, number: int) -> dict[str, Any]:
    activity: dict[str, Any] = {
        "uuid": uuid(number),
        "description": sentence(random, 40),
        "risk": sentence(random, 30),
        "measure": "\n".join(f"- {sentence(random, 14)}" for _ in range(4)),
        "level": random.randint(1, 5),
        "difficultyOfImplementation": {
            key: random.randint(1, 5) for key in ("knowledge", "time", "resources")
        },
        "usefulness": random.randint(1, 5),
        "implementation": [
            {"uuid": uuid(number + k), "name": f"Bell {k}", "tags": [], "url": "https://a.example"}
            for k in range(random.randint(0, 4))
        ],
        "references": {"samm2": ["I-SB-A-1"], "iso27001-2022": ["8.31", "5.2"]},
        "tags": ["none"],
    }
    if random.random() < 0.1:
        activity["assessment"] = "- Show the log.\n- Show the plan of last week.\n"
    return activity


def samm(practices: Sequence[int] = (3, 3, 3, 3, 3), streams: int = 2) -> dict[str, Any]:
    """Return the files of a model by path: so many practices for each function, three levels."""
    random = Random(f"{practices} {streams}")  # noqa: S311 (no secret)
    files: dict[str, Any] = {}
    for level in (1, 2, 3):
        number = {"id": _id("e", level), "number": level, "type": "MaturityLevel"}
        files[f"maturity_levels/{level}.yml"] = number
    for n in range(24):
        files[f"answer_sets/{n:02}.yml"] = {
            "id": _id("5", n),
            "values": [
                {"text": text, "value": value, "weight": 1, "order": k}
                for k, (text, value) in enumerate(ANSWERS)
            ],
            "type": "AnswerSet",
        }
    for f, count in enumerate(practices):
        files[f"business_functions/{f}.yml"] = {
            "model": "DEMO10",
            "id": _id("b", f),
            "name": f"{'ABCDEFGHIJ'[f]} function",
            "order": f + 1,
            "type": "Function",
        }
        for p in range(count):
            files |= _practice(random, f, p, streams)
    return files


def _practice(random: Random, function: int, number: int, streams: int) -> dict[str, Any]:
    own = function * 100 + number
    short = f"{'ABCDEFGHIJ'[function]}{number}"
    files: dict[str, Any] = {
        f"security_practices/{short}.yml": {
            "function": _id("b", function),
            "id": _id("c", own),
            "name": f"Practice {short}",
            "shortName": short,
            "order": number + 1,
            "assignee": "nobody",
            "progress": 50,
            "type": "Practice",
        }
    }
    for level in (1, 2, 3):
        files[f"practice_levels/{short}-{level}.yml"] = {
            "practice": _id("c", own),
            "maturityLevel": _id("e", level),
            "id": _id("f", own * 10 + level),
            "objective": sentence(random, 8),
            "type": "PracticeLevel",
        }
    for s in range(streams):
        letter = "ABCDEF"[s]
        files[f"streams/{short}-{letter}.yml"] = {
            "practice": _id("c", own),
            "id": _id("d", own * 10 + s),
            "name": f"Stream {letter}",
            "letter": letter,
            "order": s + 1,
            "type": "Stream",
        }
        for level in (1, 2, 3):
            key = own * 100 + s * 10 + level
            files[f"activities/{short}-{level}-{letter}.yml"] = {
                "stream": _id("d", own * 10 + s),
                "level": _id("f", own * 10 + level),
                "id": _id("a", key),
                "title": f"{random.choice(MANNERS)} {random.choice(THINGS)}",
                "benefit": sentence(random, 5),
                "shortDescription": sentence(random, 8),
                "longDescription": "\n\n".join(sentence(random, 60) for _ in range(5)),
                "results": [],
                "metrics": [],
                "costs": None,
                "notes": "",
                "relatedActivities": [],
                "type": "Activity",
            }
            files[f"questions/{short}-{level}-{letter}.yml"] = {
                "activity": _id("a", key),
                "answerSet": _id("5", key % 24),
                "id": _id("9", key),
                "text": sentence(random, 10),
                "order": 1,
                "quality": [sentence(random, 10) for _ in range(3)],
                "type": "Question",
            }
    return files


def _id(kind: str, number: int) -> str:
    return f"{kind}{number:031d}"


def write_dsomm(path: Path, documents: Sequence[Any]) -> None:
    """Write header and model into one file."""
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    with path.open("w", encoding="utf-8") as file:
        yaml.dump_all(documents, file, Dumper=dumper, sort_keys=False, explicit_start=True)


def write_samm(folder: Path, files: dict[str, Any]) -> None:
    """Write the files of a model."""
    for name, document in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_yaml(path, document)


def main() -> None:
    """Write both models."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    write_dsomm(folder / "model.yaml", dsomm())
    write_samm(folder / "model", samm())


if __name__ == "__main__":
    main()
