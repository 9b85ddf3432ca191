"""Markdown as Jira's wiki markup: a case for every rule."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest

from maturity_planner.trackers.jira_markup import to_wiki

CASES = {
    "empty": ("", ""),
    "soft break": ("a\nb", "a b"),
    "hard break": ("a  \nb\\\nc<br>d", "a\nb\nc\nd"),
    "paragraphs": ("a\n\n\nb", "a\n\nb"),
    "headings": ("# a\n###### b *c*\nd\n==", "h1. a\n\nh6. b _c_\n\nh1. d"),
    "empty heading": ("#\n\na", "a"),
    "heading in a list": ("- # a **b**", "* *a b*"),
    "phrases": ("**a** *b* ~~c~~ ***d***", "*a* _b_ -c- _*d*_"),
    "phrases in a word": ("a**b**c d~~e~~", "a{*}b{*}c d{-}e{-}"),
    "phrase over two lines": ("**a\\\nb**", "*a*\n*b*"),
    "phrase in its like": ("**a __b__ c**", "*a b c*"),
    "words stay readable": ("data-1-schema a_b 1-2 2*3 x * y", "data-1-schema a_b 1-2 2*3 x * y"),
    "phrase signs": (r"\*a\* \_b\_ -c- +d+", r"\*a\* \_b\_ \-c\- \+d\+"),
    "more phrase signs": ("^e^ ~f~ ??g?? h?", r"\^e\^ \~f\~ \?\?g\?\? h?"),
    "dashes": ("a -- b", r"a \-\- b"),
    "backslash": ("a\\b", "a&#92;b"),
    "macro": ("{html} {jira:X-1}", r"\{html\} \{jira:X-1\}"),
    "braces in pairs": ("{{a}}", r"\{&#123;a\}&#125;"),
    "mention": ("[~ann] [^file] [x]", r"\[\~ann\] \[\^file\] \[x\]"),
    "image of Jira": ("!x.png! Done! a != b", r"\!x.png! Done! a \!= b"),
    "small pictures": ("(y) :) ;( :D (yes)", r"\(y) :\) ;\( &#58;D (yes)"),
    "entities": ("&lt; &amp;lt; & &nope;", "< &amp;lt; & &amp;nope;"),
    "entities hide nothing": ("&#123;html&#125;&#10;&#35; x&#14;", r"\{html\} # x"),
    "line starts": (
        "h1. a\n\nbq. b\n\n\\# c\n\n\\* d\n\n\\- e\n\n|f\n\n#g",
        "h1&#46; a\n\nbq&#46; b\n\n\\# c\n\n\\* d\n\n\\- e\n\n\\|f\n\n#g",
    ),
    "starts of later lines": ("a\\\n\\# b<br> - c<br/>&#32;h2. d", "a\n\\# b\n\\- c\nh2&#46; d"),
    "code": ("`a-b` `{a}` `[x]` `-v`", r"{{a-b}} {{\{a\}}} {{\[x\]}} {{\-v}}"),
    "code with a backslash": (r"`C:\`", "{{C:&#92;}}"),
    "code with an address": ("`curl https://a.b/-/c`", "{{curl https://a.b/-/c}}"),
    "code in a word": ("`item`s", "items"),
    "code of spaces": ("a ` ` b", "a  b"),
    "code block": ("```python\nx = {1}\n```", "{code:python}\nx = {1}\n{code}"),
    "code by another name": ("```yml\na: 1\n```", "{code:yaml}\na: 1\n{code}"),
    "code of no known language": ("```text\na\n```", "{noformat}\na\n{noformat}"),
    "indented code": ("    a\n      b", "{noformat}\na\n  b\n{noformat}"),
    "code that ends {code}": ("```yaml\n{CODE}\n```", "{noformat}\n{CODE}\n{noformat}"),
    "code that ends {noformat}": ("```\n{noformat}\n```", "{code:none}\n{noformat}\n{code}"),
    "code that ends both": (
        "```\n{code}\n\n  {noformat}\n```",
        "{{\\{code\\}}}\n{{\xa0\xa0\\{noformat\\}}}",
    ),
    "empty code block": ("```\n\n```", ""),
    "link": ("[a *b*](https://c.d/e)", "[a _b_|https://c.d/e]"),
    "link to its text": ("<https://a.b> [](https://a.b)", "[https://a.b] [https://a.b]"),
    "mail": ("<a@b.c>", "[a@b.c|mailto:a@b.c]"),
    "plain address": ("(see https://a.b/-/c_d.)", "(see [https://a.b/-/c_d].)"),
    "address with signs": ("[a](<https://b.c/|]{!*>)", "[a|https://b.c/%7C%5D%7B%21%2A]"),
    "other links": ("[a](javascript:x) [b](c.md) [d](file:///e)", "a b d"),
    "text of a link": (r"[a|\[~b\]](https://c.d)", r"[a&#124;&#91;\~b&#93;|https://c.d]"),
    "reference": ("[a][1]\n\n[1]: https://b.c", "[a|https://b.c]"),
    "image": ("![a](https://b.c/d.png) ![e](f.png)", "[a|https://b.c/d.png] e"),
    "image in a link": ("[![a](https://b.c)](https://d.e)", "[a|https://d.e]"),
    "bullets": ("- a\n- b\n", "* a\n* b"),
    "numbers": ("1. a\n2. b\n", "# a\n# b"),
    "nested lists": ("- a\n  1. b\n     - c\n- d", "* a\n*# b\n*#* c\n* d"),
    "list in nothing": ("- - a\n-\n- b", "** a\n* b"),
    "paragraphs of an item": ("- a\n\n  b\n\n- c", "* a\nb\n* c"),
    "rule in a list": ("- a\n\n  ***\n- b", "* a\n* b"),
    "quotation in a list": ("- > b\n  >\n  > c", "* {quote}\nb\n\nc\n{quote}"),
    "code in a list": ("- a\n  ```sh\n  b\n  ```\n- c", "* a\n{code:sh}\nb\n{code}\n* c"),
    "boxes": ("- [ ] a\n- [x] b\n- [X] c", "* ☐ a\n* ☑ b\n* ☑ c"),
    "signs in an item": ("- # \n- \\# a\n- h1. b\n- \\- c", "* \\# a\n* h1&#46; b\n* \\- c"),
    "quotation": ("> a\n> b\n>\n> - c", "{quote}\na b\n\n* c\n{quote}"),
    "quotation in another": ("> a\n>\n> > b", "{quote}\na\n\nb\n{quote}"),
    "empty quotation": (">", ""),
    "rule": ("a\n\n---\n\nb", "a\n\n----\n\nb"),
    "table": ("|a|b|\n|-|:-:|\n|**c**|`d`|\n||e<br>f|", "||a||b||\n|*c*|{{d}}|\n| |e\\\\ f|"),
    "signs in a table": ("|a|\n|-|\n|b \\| \\# {c} \\- d|", "||a||\n|b &#124; # \\{c\\} - d|"),
    "code in a table": ("|a|\n|-|\n|`b \\| c`|", "||a||\n|{{b &#124; c}}|"),
    "code in a link": ("[`a[0]`](https://b.c)", "[{{a&#91;0&#93;}}|https://b.c]"),
    "comments": ("a<!-- b -->c\n\n<!-- d\n\ne -->\n\nf", "ac\n\nf"),
    "tags": ("<b>a</b>\n\n<div>\n*b* {c}\n</div>", "a\n\n\\*b\\* \\{c\\}"),
    "control characters": ("a\0b\x1bc\x85d\ufffee\udc00f\rg\u2028h", "abcdef g h"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_rule(name: str) -> None:
    markdown, wiki = CASES[name]
    assert to_wiki(markdown) == wiki


SHAPES = [
    *("*a", "**a ", "_a*", "~~a", "[", "![", "[a](", "]", "`", "`a``", "<", "<!--", "<b>", "\\"),
    *("> ", "- ", "- > ", "1. a\n", "- a\n", "> a\n", "|a", "|a|\n|-|\n", "# a\n"),
    *("{code}", "{", "&#"),
    *("https://", "https://(", ":", "a\n", "a\n\n", "&nbsp;", "    a\n", "!a", "-", "- [x] a\n"),
]  # fmt: skip


def calls(text: str) -> int:
    """Count the calls that a text takes."""
    count = 0

    def seen(frame: FrameType, event: str, value: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    to_wiki(text)  # what is done once
    sys.setprofile(seen)
    try:
        to_wiki(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_text_is_twice_the_work(shape: str) -> None:
    assert calls(shape * 800) < 2.5 * calls(shape * 400)


@pytest.mark.parametrize("shape", SHAPES)
def test_no_text_is_too_long_or_too_deep(shape: str) -> None:
    assert isinstance(to_wiki(shape * (100_000 // len(shape))), str)
