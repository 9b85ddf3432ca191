"""Jinja for templates that somebody else may have written: no way out, and an end in sight.

Jinja's own sandbox keeps templates away from Python's inner things. It lets them fill the memory
and run for ever, though. Here every loop, call and text is paid for from a budget, before it is
made; filters and methods whose price nobody knows are left out. The budget counts work, not time,
so that a template that renders here renders everywhere.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from types import GeneratorType
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer

BUDGET = 2_000_000
"""Of one text: characters, elements, and `STEP` for each round of a loop or call of a macro."""

STEP = 20
MOST_MADE = 200_000
"""Characters and elements of one value that a template makes."""

MOST_NUMBER = 100_000
"""The largest number that a filter or function is given, such as a width."""

MOST_BITS = 4096

_GLOBALS = ("range", "dict", "namespace", "joiner", "cycler")
_MAKE_TEXTS = (
    "capitalize e escape indent join lower replace string title trim truncate upper urlencode "
    "wordcount"
)
"""Filters that make a text of whatever they get, with all that is in it."""

_OTHER_FILTERS = (
    "abs count d default dictsort first float groupby int items last length list map max min "
    "reject rejectattr reverse round select selectattr sort sum unique"
)
_TEXT_METHODS = (
    "capitalize casefold count endswith find index isalnum isalpha isdecimal isdigit isidentifier "
    "islower isnumeric isspace istitle isupper lower lstrip partition removeprefix removesuffix "
    "rfind rindex rpartition rsplit rstrip split splitlines startswith strip swapcase title upper"
)
_OF_TEXTS = frozenset(_MAKE_TEXTS.split())
_FILTERS = _OF_TEXTS | frozenset(_OTHER_FILTERS.split())
_METHODS: Mapping[type, frozenset[str]] = {
    str: frozenset(_TEXT_METHODS.split()),
    list: frozenset(("count", "index")),
    tuple: frozenset(("count", "index")),
    dict: frozenset(("get", "items", "keys", "values")),
    int: frozenset(),
    float: frozenset(),
    bool: frozenset(),
}
_ITERATORS = (GeneratorType, reversed, map, zip)


class TooMuch(SecurityError):
    """A template that would take too long, or make too much."""


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment whose templates cannot get out, and come to an end; see `start`."""

    intercepted_binops = frozenset(("*", "**", "+", "%"))

    def __init__(self, loader: jinja2.BaseLoader) -> None:
        """Read templates with the loader; they are Markdown, so nothing is escaped."""
        super().__init__(
            loader=loader,
            undefined=jinja2.StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=self.whole,
        )
        self._left = BUDGET
        self.globals = {name: self.globals[name] for name in _GLOBALS}
        self.filters = {name: self._metered(name, self.filters[name]) for name in _FILTERS}

    def start(self) -> None:
        """Fill the budget up; for each text once."""
        self._left = BUDGET

    def pay(self, price: int) -> None:
        """Take the price from the budget.

        Raises:
            TooMuch: there is not enough left.
        """
        self._left -= price
        if self._left < 0:
            raise TooMuch("this takes too many steps, or makes far too much text")

    def whole(self, value: Any) -> Any:
        """Return a value whose every part is paid for."""
        self.pay(_made(weight(value)))
        return value

    def each(self, value: Any) -> Any:
        """Return what a loop goes through; its length is paid for."""
        if isinstance(value, _ITERATORS):
            return self._paid_one_by_one(value)
        self.pay(_length(value))
        return value

    def joined(self, *parts: Any) -> str:
        """Return the parts as one text: what `~` means."""
        self.pay(_made(sum(map(weight, parts))))
        return "".join(map(str, parts))

    def _paid_one_by_one(self, values: Any) -> Iterator[Any]:
        for value in values:
            self.pay(1)
            yield value

    # What Jinja asks -------------------------------------------------------------------

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may see the attribute."""
        allowed = _METHODS.get(str if isinstance(obj, str) else type(obj))  # as `escape` makes it
        return super().is_safe_attribute(obj, attr, value) and (allowed is None or attr in allowed)

    def wrap_str_format(self, value: Any) -> None:
        """Offer no `str.format`: what it makes can be of any length."""

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 (as there)
        """Call a function of a template."""
        __self.pay(1)
        _check_numbers((*args, *kwargs.values()))
        return super().call(__context, __obj, *args, **kwargs)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Return what the operator makes of both, if that is not too much."""
        match operator, left, right:
            case "%", str() | bytes(), _:
                raise SecurityError("% does not format texts here: join them with ~")
            case "*", (str() | list() | tuple()), int():
                self.pay(_made(weight(left) * max(0, right)))
            case "*", int(), (str() | list() | tuple()):
                self.pay(_made(weight(right) * max(0, left)))
            case "*", int(), int():
                _check_bits(left.bit_length() + right.bit_length())
            case "**", int(), int():
                _check_bits(left.bit_length() * abs(right))
            case "+", (str() | list() | tuple()), _:
                self.pay(_made(weight(left) + weight(right)))
        return super().call_binop(context, operator, left, right)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        if len(source) > MOST_MADE:
            raise jinja2.TemplateSyntaxError("this is too long for a template", 1, name, filename)
        tree = super()._parse(source, name, filename)
        _Metering(name, filename).visit(tree)
        tree.set_environment(self)
        return tree

    def _metered(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        first = int(hasattr(function, "jinja_pass_arg"))  # Jinja gives these something of its own

        @functools.wraps(function)
        def metered(*given: Any, **named: Any) -> Any:
            args = [list(value) if isinstance(value, _ITERATORS) else value for value in given]
            _check_numbers((*args, *named.values()))
            self.pay(_price(name, args[first:], named))
            return function(*args, **named)

        return metered


class _Metering(NodeTransformer):
    """Puts the calls that pay into a template."""

    def __init__(self, name: str | None, filename: str | None) -> None:
        self._place = name, filename

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 (Jinja's name)
        if node.recursive:
            raise jinja2.TemplateSyntaxError(
                "a recursive loop is not possible here", node.lineno, *self._place
            )
        self.generic_visit(node)
        node.iter = _paying("each", node, [node.iter])
        return _with_step(node)

    def visit_body(self, node: nodes.Node) -> nodes.Node:
        return _with_step(self.generic_visit(node))

    visit_Template = visit_Block = visit_Macro = visit_CallBlock = visit_body  # noqa: N815 (the same)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 (Jinja's name)
        self.generic_visit(node)
        return _paying("joined", node, node.nodes)

    def visit_literal(self, node: nodes.Expr) -> nodes.Node:
        self.generic_visit(node)
        is_target = getattr(node, "ctx", "load") != "load"
        return node if is_target else _paying("whole", node, [node])

    visit_List = visit_Tuple = visit_Dict = visit_literal  # noqa: N815 (the same)


def _paying(name: str, at: nodes.Node, arguments: list[Any]) -> nodes.Call:
    function = nodes.EnvironmentAttribute(name, lineno=at.lineno)
    return nodes.Call(function, arguments, [], None, None, lineno=at.lineno)


def _with_step(node: Any) -> nodes.Node:
    """Let the body of a loop, macro, block or template begin with paying for itself."""
    length = sum(len(data.data) for data in node.find_all(nodes.TemplateData))
    price = nodes.Const(STEP + length, lineno=node.lineno)
    node.body.insert(0, nodes.ExprStmt(_paying("pay", node, [price]), lineno=node.lineno))
    return node  # type: ignore[no-any-return]  # all kinds of nodes


def weight(value: Any) -> int:
    """Return the characters and elements of a value, and of all that is in it.

    >>> weight(["ab", {"k": 1}])
    6
    """
    total, todo = 0, [value]
    while todo and total <= MOST_MADE:
        match todo.pop():
            case str() as text:
                total += len(text)
            case list() | tuple() as values:
                total += len(values)
                todo += values
            case dict() as table:
                total += len(table)
                todo += table.values()
            case Namespace() as space:
                total += 1
                todo += object.__getattribute__(space, "_Namespace__attrs").values()
            case _:
                total += 1
    return total


def _length(value: Any) -> int:
    return len(value) if isinstance(value, (str, list, tuple, dict, range)) else 1


def _price(name: str, args: list[Any], named: Mapping[str, Any]) -> int:
    """Return what a filter costs, by what it will make at most.

    Raises:
        TooMuch: that is too much for one value.
    """
    if name not in _OF_TEXTS:
        return STEP + sum(map(_length, args))
    text, others = (args or [""])[0], [*args[1:], *named.values()]
    price = weight(text)
    if name == "join":
        price = sum(map(weight, args)) + _length(text) * sum(map(weight, others))
    elif name in ("replace", "indent"):
        widths = [other if isinstance(other, int) else weight(other) for other in others]
        lines = str(text).count("\n") + 1
        times = lines if name == "indent" else _found(str(text), others)
        price += times * (max(widths, default=0) + 4)
    return STEP + _made(price)


def _found(text: str, others: list[Any]) -> int:
    return text.count(str(others[0])) if others else 0


def _made(size: int) -> int:
    if size > MOST_MADE:
        raise TooMuch("this makes far too much text")
    return size


def _check_numbers(values: tuple[Any, ...]) -> None:
    for value in values:
        if isinstance(value, int) and abs(value) > MOST_NUMBER:
            raise TooMuch(f"the number is larger than {MOST_NUMBER}")


def _check_bits(bits: int) -> None:
    if bits > MOST_BITS:
        raise TooMuch("the number is far too large")
