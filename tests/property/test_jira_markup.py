"""What holds for any text on its way into Jira: nothing in it is live, nothing of it is lost."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.jira_texts import given_back
from maturity_planner.trackers.jira_markup import to_wiki
from maturity_planner.trackers.jira_text import digest

PIECES = st.lists(
    st.one_of(
        st.sampled_from([*"{}[]|!*_-+^~?#\\`<>&;:()~@ \t\n\r\x0e\x0f\xa0", "a", "1", "ß", "²"]),
        st.sampled_from(["{code}", "{code:java}", "{noformat}", "{html}", "{{", "}}", "{quote}"]),
        st.sampled_from(["[~a]", "[^f]", "[#x]", "!x.png!", "h1. ", "bq. ", "||", "----", "\\\\"]),
        st.sampled_from(["```", "~~~\n", "**", "~~", "\n\n", "- ", "1. ", "> ", "# ", "- [x] "]),
        st.sampled_from(["| a |\n|-|\n| ", "[t](https://a.b)", "![t](https://a.b)", "https://a.b"]),
        st.sampled_from(["<b>", "<br>", "<!--", "-->", "<https://a.b>", "&#123;", "&#14;", "&lt;"]),
    ),
    max_size=30,
).map("".join)
LINES = (
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]), max_size=60)
    | st.text(string.punctuation + " a1ß", max_size=60)
).map(str.strip)
PLACES = {
    "paragraph": ("{}", "{}"),
    "item": ("- {}", "* {}"),
    "box": ("- [ ] {}", "* ☐ {}"),
    "heading": ("## {}", "h2. {}"),
    "quotation": ("> {}", "{{quote}}\n{}\n{{quote}}"),
    "cell": ("| a |\n|-|\n| {} |", "||a||\n|{}|"),
    "bold": ("**x {} x**", "*x {} x*"),
}

BLOCK = re.compile(r"\{(code|noformat)(?::[a-z#+]+)?\}\n.*?\n\{\1\}", re.DOTALL)
ESCAPED = re.compile(r"\\[-#*_+?^~|{}\[\]()!]|&(?:#\d+|amp);")
OURS = re.compile(r"\{quote\}|\{[*_-]\}|\{\{|\}\}|\\\\ ")
LINK = re.compile(r"\[(?:[^\[\]|{}\n]*\|)?(?:https?:|mailto:)[^\s\[\]|{}\\!]*\]")
ALIVE = re.compile(r"[\[\]{}\\]|!\S|^\s*(?:h\d|bq)\.(?! )", re.MULTILINE)

LIVE_IN_TEXT = re.compile(
    r"""[{}\[\]|\\] | !\S | \?\? | (?<!\S)---?(?!\S) | ^\s*(?:h[1-6]|bq)\. | ^\s*[-*#]+\s
    | (?<!\w)([-*_+^~])(?!\1)\S (?:.*?(?!\1)\S)? \1(?!\w)""",
    re.VERBOSE,
)


def rest(wiki: str) -> str:
    """What Jira may take for markup, and we did not mean."""
    for known in (BLOCK, ESCAPED, OURS, LINK):
        wiki = known.sub("•", wiki)
    return wiki


def literally(text: str) -> str:
    """Markdown that says just the text."""
    return re.sub(f"([{re.escape(string.punctuation)}])", r"\\\1", text)


def shown(wiki: str) -> str:
    """What people see of text without markup but links."""
    plain = re.sub(r"(?<!\\)\[([^|\]]*)(?:\|[^\]]*)?(?<!\\)\]", r"\1", wiki)
    return re.sub(
        r"\\(.)|&#(\d+);|(&)amp;",
        lambda found: found[1] or found[3] or chr(int(found[2])),
        plain,
    )


@given(PIECES)
def test_nothing_a_person_writes_is_live(markdown: str) -> None:
    wiki = to_wiki(markdown)
    assert not ALIVE.search(rest(wiki)), rest(wiki)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", wiki)
    assert wiki == wiki.strip() == to_wiki(markdown)


@given(PIECES)
def test_no_code_ends_its_block(code: str) -> None:
    fence = "`" * 40
    for language in ("", "yaml"):
        assert not ALIVE.search(rest(to_wiki(f"{fence}{language}\n{code}\n{fence}\n")))


@pytest.mark.parametrize("place", PLACES)
@given(text=LINES)
def test_text_survives(place: str, text: str) -> None:
    before, after = PLACES[place]
    wiki = to_wiki(before.format(literally(text)))
    written = body(wiki, after)
    line = f"x {written} x" if place == "bold" else written
    assert not LIVE_IN_TEXT.search(LINK.sub("•", ESCAPED.sub("•", line)))
    assert shown(written).strip() == text


def body(wiki: str, frame: str) -> str:
    """The part of the markup that stands for the text."""
    start, end = frame.split("{}") if "{{" not in frame else ("{quote}\n", "\n{quote}")
    return wiki.removeprefix(start).removesuffix(end)


@given(LINES.map(lambda text: text.replace("`", "'").strip()))
def test_code_survives(code: str) -> None:
    if code:
        assert shown(to_wiki(f"x `{code}` x")) == f"x {{{{{code}}}}} x"


@given(PIECES | LINES)
def test_a_cloud_s_other_marks_are_no_edit(text: str) -> None:
    wiki = to_wiki(f"Words {text}")
    assert digest(given_back(wiki)) == digest(wiki)
