"""What an activity of DSOMM depends on: references by uuid, `uuid:` or name, resolved.

What cannot be resolved without doubt is a fault and no need: a wrong need would steer every plan.
Needs in a circle are told and kept, for the user to say which of them to leave out.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from ..core.circles import circles
from ..errors import UsageError, nearest, suggestion
from .dsomm_activities import Activity, LeftOut
from .findings import Findings
from .reading import Node
from .words import close, one_line

MOST_NEEDS = 10_000


class Break(NamedTuple):
    """A need to leave out: ids of items, or uuids."""

    item: str
    need: str


Index = Mapping[str, Sequence[Activity]]
Edges = dict[str, dict[str, Node]]
Key = TypeVar("Key", bound=Hashable)


class _Known(NamedTuple):
    by_uuid: Index
    by_name: Index
    by_folded_name: Index
    by_place: Mapping[tuple[str, str, str], Sequence[Activity]]
    left_out: Mapping[str, LeftOut]


def find_needs(
    activities: Sequence[Activity],
    left_out: Sequence[LeftOut],
    findings: Findings,
    breaks: Sequence[Break],
) -> dict[str, tuple[str, ...]]:
    """Return the ids of what each item needs; tells what is wrong with the references.

    Raises:
        UsageError: a need that is to be left out is not there.
    """
    known = _Known(
        _index(activities, lambda one: one.uuid),
        _index(activities, lambda one: one.name),
        _index(activities, lambda one: one.name.casefold()),
        _index(activities, lambda one: (one.dimension, one.group, one.name)),
        {name: one for one in left_out for name in (one.uuid, one.name) if name},
    )
    _tell_same(known, findings)
    edges: Edges = {}
    for one in activities:
        edges[one.id] = {}
        for ref in one.refs:
            other = _resolved(one, ref, known, findings)
            if other and _is_usable(one, other, ref, edges[one.id], findings):
                edges[one.id][other.id] = ref
    for item, need in breaks:
        _leave_out(edges, known, item, need)
    _tell_circles(edges, findings)
    return {item: tuple(needs)[:MOST_NEEDS] for item, needs in edges.items()}


def _index(
    activities: Iterable[Activity], key: Callable[[Activity], Key]
) -> dict[Key, list[Activity]]:
    found: dict[Key, list[Activity]] = {}
    for one in activities:
        if key(one):
            found.setdefault(key(one), []).append(one)
    return found


def _tell_same(known: _Known, findings: Findings) -> None:
    for uuid, same in known.by_uuid.items():
        for one in same[1:]:
            owners = f"{one.shown} is that of {same[0].shown}"
            findings.fault(
                one.node.get("uuid") or one.node,
                f'the uuid "{one_line(uuid)[:60]}" of {owners}',
                "Give one of the two another uuid; what refers to it is left out until then.",
            )


def _resolved(one: Activity, ref: Node, known: _Known, findings: Findings) -> Activity | None:
    """Return the activity that a reference means; without doubt, or none."""
    text = ref.value.strip()
    bare = text[5:].strip() if text[:5].casefold() == "uuid:" else text
    found = known.by_uuid.get(bare.casefold(), ())
    if not found and bare == text:
        found = known.by_name.get(text, ())
    if len(found) == 1:
        return found[0]
    shown = one_line(text)[:80]
    if not found:
        _tell_dangling(one, ref, bare, known, findings)
        return None
    if bare.casefold() in known.by_uuid:
        owners = " and ".join(other.shown for other in found[:4])
        message = f'"{one.title}" depends on "{shown}", which is the uuid of {owners}'
        findings.fault(ref, message, "Give each a uuid of its own; the need is left out.")
        return None
    near = known.by_place.get((one.dimension, one.group, text), ())
    where = " and ".join(f"{one_line(o.dimension)} / {one_line(o.group)}"[:120] for o in found[:4])
    message = f'"{one.title}" depends on "{shown}", which is in {where}'
    if len(near) == 1:
        findings.fault(ref, message, "The one in the same sub-dimension is taken; name its uuid.")
        return near[0]
    findings.fault(ref, message, "Name the uuid of the one that is meant; the need is left out.")
    return None


def _tell_dangling(one: Activity, ref: Node, text: str, known: _Known, findings: Findings) -> None:
    shown = one_line(ref.value)[:80]
    gone = known.left_out.get(text) or known.left_out.get(text.casefold())
    if gone:
        message = f'"{one.title}" depends on "{shown}", which was left out: {gone.why}'
        findings.fault(ref, message, "Put it right there; the need is left out until then.")
        return
    message = f'"{one.title}" depends on "{shown}", which no activity is'
    findings.fault(ref, message, lambda: _meant(one, text, ref, known))


def _meant(one: Activity, text: str, ref: Node, known: _Known) -> str:
    """Return what a reference to nothing may have meant: said, and never taken.

    The activity itself it cannot be.
    """
    usual = "Remove it, or name the uuid of an activity."
    if text.casefold() == one.name.casefold():
        return usual
    if other := known.by_folded_name.get(text.casefold()):
        return f'Did you mean "{other[0].title}"? Capital letters count.'
    comment = ref.source.comment(ref.place[0])
    if (other := known.by_name.get(comment)) and other[0] is not one:
        return f'Its comment names "{other[0].title}": that is {other[0].uuid or "without a uuid"}.'
    return close(text, [name for name in known.by_name if name != one.name]) or usual


def _is_usable(
    one: Activity, other: Activity, ref: Node, needs: Mapping[str, Node], findings: Findings
) -> bool:
    if other is one:
        findings.fault(ref, f'"{one.title}" depends on itself', "Remove this reference.")
        return False
    if other.id in needs:
        message = f'"{one.title}" depends on "{other.title}" twice'
        findings.fault(ref, message, "Remove one of the two.")
        return False
    if other.level > one.level:
        findings.fault(
            ref,
            f'"{one.title}" of level {one.level} depends on "{other.title}" of level {other.level}',
            f"The need holds: level {one.level} then takes an activity of level {other.level}.",
        )
    return True


def _leave_out(edges: Edges, known: _Known, item: str, need: str) -> None:
    pair = []
    for name in (item, need):
        by_uuid = known.by_uuid.get(name.casefold(), ())
        found = by_uuid[0].id if len(by_uuid) == 1 else name
        if found not in edges:
            raise UsageError(f'--break: there is no item "{name}"', fix=nearest(name, edges))
        pair.append(found)
    taker, giver = pair
    if giver not in edges[taker]:
        fix = suggestion(giver, edges[taker], kind="It needs")
        raise UsageError(f'--break: "{taker}" does not need "{giver}"', fix=fix)
    del edges[taker][giver]


def _tell_circles(edges: Edges, findings: Findings) -> None:
    left = {item: dict(needs) for item, needs in edges.items()}
    for circle, ref in circles(left, lambda item: item):
        named = " -> ".join(circle)
        fix = f"Nothing is planned until one is left out, like: --break {circle[0]}:{circle[1]}"
        findings.fault(ref, f"these activities need each other in a circle: {named}", fix)
