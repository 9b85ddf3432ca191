"""Templates that want out, or never end: an error, soon, without much memory."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from maturity_planner.errors import TemplateError
from maturity_planner.sandbox import BUDGET, STEP
from unit.test_rendering import own, rendered

OUT = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ '{0.__class__}'.format(item) }}",
    "{{ '{0.__class__.__init__.__globals__}'.format_map(item) }}",
    "{{ '%s' % item }}",
    "{{ '%(a)s' | format(a=1) }}",
    "{{ item | attr('__class__') }}",
    "{{ item | attr('__init__') | attr('__globals__') }}",
    "{{ [item] | map(attribute='__class__') | first }}",
    "{{ [item] | map('attr', '__class__') | list }}",
    "{{ [item] | selectattr('__class__') | list }}",
    "{{ ([item, item] | groupby('__class__') | first).grouper }}",
    "{{ [item] | sum(attribute='__class__') }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ namespace(a=1).__class__ }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ joiner.__init__.__globals__.os.popen('id') }}",
    "{{ lipsum.__globals__ }}",
    "{{ lipsum(n=10) }}",
    "{{ range.__class__ }}",
    "{{ dict.mro() }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context.environment }}",
    "{{ loop.__init__ }}",
    "{% for i in [1] %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "{% macro m() %}{% endmacro %}{{ m.__call__.__globals__ }}",
    "{% macro m() %}{% endmacro %}{{ m._environment.loader }}",
    "{{ item.update({'id': 1}) }}",
    "{{ item.tools.append(1) }}",
    "{{ (1).to_bytes(10 ** 9, 'big') }}",
    "{{ (1).__class__ }}",
    "{{ caller.__globals__ }}",
    "{{ environment }}",
    "{{ config }}",
    "{% include '/etc/passwd' %}",
    "{% include '../../maturity.toml' %}",
    "{% include '..\\\\maturity.toml' %}",
    "{% include '/proc/self/environ' %}",
    "{% import '/etc/passwd' as p %}",
    "{% from 'os' import path %}",
    "{% extends '/etc/passwd' %}",
    "{% do item.update({}) %}",
    "{% set item.__class__ = 1 %}",
]

ENDLESS = [
    "{{ 'a' * 10**9 }}",
    "{{ 10**9 * 'a' }}",
    "{{ 'a' * 100000 * 100000 }}",
    "{{ ['a'] * 10**9 }}",
    "{{ [['a'] * 1000] * 1000 }}",
    "{{ 10 ** (10 ** 10) }}",
    "{{ (2 ** 4000) ** 4000 }}",
    "{% set ns = namespace(a=2) %}{% for i in range(99) %}{% set ns.a = ns.a * ns.a %}{% endfor %}",
    "{% for i in range(10 ** 9) %}{% endfor %}",
    *("{% for i in range(99999) %}" * n + "{% endfor %}" * n for n in (2, 3, 9)),
    "{% for i in range(99999) %}{% for k in 'a' * 99999 if false %}{% endfor %}{% endfor %}",
    "{% for i in range(9999) %}" + "x" * 99_999 + "{% endfor %}",
    "{% for i in range(99999) %}{{ range(99999) | list | length }}{% endfor %}",
    "{% for i in range(99999) %}{{ ('a' * 99999) | upper | length }}{% endfor %}",
    "{% for i in range(99999) %}{% set a = range(99999) | map('string') | list %}{% endfor %}",
    "{% for i in range(99) recursive %}{{ loop(range(99)) }}{% endfor %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(99) }}",
    "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ m(caller=m) }}{% endcall %}",
    "{% block b %}{{ self.b() }}{{ self.b() }}{% endblock %}",
    "{% include 'ticket-body.md.j2' %}{% include 'ticket-body.md.j2' %}",
    "{% import 'ticket-body.md.j2' as me %}",
    "{% extends 'ticket-body.md.j2' %}",
    "{{ 'a' | center(10 ** 9) }}",
    "{{ 'a'.ljust(10 ** 9) }}",
    "{{ '1'.zfill(10 ** 9) }}",
    "{{ '\t'.expandtabs(10 ** 9) }}",
    "{{ 'a' | indent(10 ** 9, true) }}",
    "{{ ('\n' * 99999) | indent(99999, true, true) }}",
    "{{ ('\n' * 99999) | indent('x' * 99999, true, true) }}",
    "{{ 'a' | wordwrap(1, wrapstring='x' * 99999) }}",
    "{{ ('a' * 99999) | replace('a', 'a' * 99999) }}",
    "{{ ('a' * 99999) | replace('', 'a' * 99999) }}",
    "{{ range(99999) | join('a' * 99999) }}",
    "{{ ('a' * 99999).join('b' * 99999) }}",
    "{{ ('a' * 99999).replace('a', 'b' * 99999) }}",
    "{{ ('a' * 9999 | e).replace('a', 'b' * 9999) }}",
    "{{ ('a' * 9999 | string | e).join('b' * 9999) }}",
    "{{ '{:>1000000000}'.format(1) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ '%*d' % (10 ** 9, 1) }}",
    "{{ 5 | round(-10 ** 9) }}",
    "{{ 5 | tojson(indent=10 ** 9) }}",
    "{{ 5 | batch(10 ** 9, 'x') | list }}",
    "{{ [1] | slice(10 ** 9) | list }}",
    "{{ ['a' * 99999] | batch(99999, 'a' * 99999) | list }}",
    "{{ 'a' | truncate(9, end='b' * 99999) | urlencode | urlencode | map('string') | list }}"
    + "{{ 'a' * 199999 ~ 'b' * 199999 }}",
    "{% set a = 'a' * 9999 %}" + "{% set a = a ~ a %}" * 40,
    "{% set a = 'a' * 9999 %}" + "{% set a = a + a %}" * 40,
    "{% set a = [1] %}" + "{% set a = [a, a] %}" * 40 + "{{ a }}",
    "{% set a = (1,) %}" + "{% set a = (a, a) %}" * 40 + "{{ a == a }}",
    "{% set a = {'a': 1} %}" + "{% set a = {'a': a, 'b': a} %}" * 40 + "{{ a }}",
    "{% set a = dict(a=1) %}" + "{% set a = dict(a=a, b=a) %}" * 40 + "{{ a }}",
    "{% set a = namespace(a=1) %}" + "{% set a = namespace(a=a, b=a) %}" * 40 + "{{ a }}",
    "{% set n = namespace() %}{% set n.n = n %}{{ n }}{{ [n] | string }}{{ 'a' * 10**9 }}",
    "{% set c = cycler('a' * 199999, 'b') %}{% for i in range(99999) %}{{ c.next() }}{% endfor %}",
    "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "{{ " + "-" * 50_000 + "1 }}",
    "{{ " + "[" * 5000 + "]" * 5000 + " }}",
    "{{ " + "not " * 5000 + "1 }}",
    "{{ 1" + " + 1" * 50_000 + " }}{{ 'a' * 10**9 }}",
    "{{ item" + ".a" * 5000 + " }}",
    "{{ 'a'" + " | upper" * 5000 + " }}{{ 'a' * 10**9 }}",
    "{% if 1 %}" * 500 + "{% endif %}" * 500,
    "{% for i in [1] %}" * 30 + "{% endfor %}" * 30,
    "{{ " + "9" * 5000 + " }}",
    "{{ 1e999 | int }}",
    "x" * 10_000_000,
]


@pytest.fixture
def little_memory() -> Iterator[None]:
    """Leave a few hundred MB, so that whatever takes more fails at once and swaps nothing out."""
    kept = resource.getrlimit(resource.RLIMIT_AS)
    sizes = Path("/proc/self/statm")
    if sizes.exists():
        most = int(sizes.read_text().split()[0]) * resource.getpagesize() + 400_000_000
        resource.setrlimit(resource.RLIMIT_AS, (most, kept[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, kept)


@pytest.mark.parametrize("text", OUT)
def test_nothing_leads_out(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "templates" / "tickets"
    folder.mkdir(parents=True)
    (tmp_path / "maturity.toml").write_text("secret")
    own(folder, text)
    with pytest.raises(TemplateError) as stop:
        rendered(folder)
    assert stop.value.fix
    assert "secret" not in str(stop.value)


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("text", ENDLESS, ids=lambda text: text[:60])
def test_everything_ends(tmp_path: Path, text: str) -> None:
    own(tmp_path, text)
    with pytest.raises(TemplateError) as stop:
        rendered(tmp_path)
    assert not isinstance(stop.value.__cause__, MemoryError)
    assert stop.value.fix


@pytest.mark.parametrize("target", ["/etc/passwd", "../secret", "/dev/zero", "."])
def test_a_link_leads_not_out_of_the_project(tmp_path: Path, target: str) -> None:
    folder = tmp_path / "project" / "templates" / "tickets"
    folder.mkdir(parents=True)
    (tmp_path / "secret").write_text("canary")
    link = folder / "ticket-body.md.j2"
    link.symlink_to("../../../secret" if target == "../secret" else target)
    with pytest.raises(TemplateError) as stop:
        rendered(folder)
    assert str(link) in stop.value.where
    assert "canary" not in str(stop.value)


def test_a_folder_that_is_a_link_out_of_the_project_is_none(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    own(outside, "canary")
    (tmp_path / "project" / "templates").mkdir(parents=True)
    folder = tmp_path / "project" / "templates" / "tickets"
    folder.symlink_to(outside)
    with pytest.raises(TemplateError, match="leads outside the project"):
        rendered(folder)


def test_a_link_inside_the_project_is_followed(tmp_path: Path) -> None:
    folder = tmp_path / "templates" / "tickets"
    folder.mkdir(parents=True)
    (tmp_path / "templates" / "shared.j2").write_text("Shared.")
    (folder / "ticket-body.md.j2").symlink_to("../shared.j2")
    assert rendered(folder)[-1].body == "Shared."


def test_a_pipe_is_no_template(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ticket-body.md.j2")
    with pytest.raises(TemplateError):
        rendered(tmp_path)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (
            "{% for t in 'ba' | sort %}{{ loop.index }}/{{ loop.length }}{{ t }} {% endfor %}",
            "1/2a 2/2b",
        ),
        ("{% for k, v in {'a': 1}.items() %}{{ k }}={{ v }}{% else %}none{% endfor %}", "a=1"),
        (
            "{% set n = namespace() %}{% for i in [1, 2] %}{% set n.a = i %}{% endfor %}{{ n.a }}",
            "2",
        ),
        ("{{ ['a', 'b'] | map('upper') | join('-') }} {{ 'x' * 3 ~ (1 + 2) }}", "A-B xxx3"),
        (
            "{% macro m(t) %}[{{ t }}{{ caller() }}]{% endmacro %}{% call m('a') %}b{% endcall %}",
            "[ab]",
        ),
        ("{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}", "aba"),
        ("{% for i in range(9) if i is even %}{{ i }}{{ joiner(',')() }}{% endfor %}", "02468"),
        ("{{ 7 % 4 }} {{ 2 ** 10 }} {{ 'a b' | replace('a', 'c') | title }}", "3 1024 C B"),
        (
            "{{ 'a\nb' | indent(2) }} {{ {'a': [1]}.a[0] }} {{ 'A'.lower().startswith('a') }}",
            "a\n  b 1 True",
        ),
        (
            "{% set a, b = 1, 2 %}{{ [a, b] | sum }} {{ (1, 2)[1] }} {{ [3, 4] | reverse | list }}",
            "3 2 [4, 3]",
        ),
        ("{% filter upper %}a{% endfilter %}{% with x = 1 %}{{ x }}{% endwith %}", "A1"),
    ],
)
def test_what_people_write_works(tmp_path: Path, text: str, body: str) -> None:
    own(tmp_path, text)
    assert rendered(tmp_path)[-1].body == body


def test_templates_of_several_files_work(tmp_path: Path) -> None:
    own(tmp_path, "<{% block b %}{% endblock %}>", "base.j2")
    own(tmp_path, "{% macro m() %}M{% endmacro %}", "macros.j2")
    own(
        tmp_path,
        "{% extends 'base.j2' %}{% from 'macros.j2' import m %}"
        "{% block b %}{{ super() }}{{ m() }}{% endblock %}",
    )
    assert rendered(tmp_path)[-1].body == "<M>"


def test_every_text_has_a_budget_of_its_own(tmp_path: Path) -> None:
    rounds = BUDGET // STEP * 2 // 3 // 999
    own(
        tmp_path,
        f"{{% for i in range(999) %}}{{% for k in range({rounds}) %}}{{% endfor %}}{{% endfor %}}b",
    )
    assert [ticket.body for ticket in rendered(tmp_path)[1:]] == ["b", "b"]
