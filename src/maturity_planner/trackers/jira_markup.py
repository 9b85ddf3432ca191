"""Markdown as the wiki markup that Jira takes, Cloud (API version 2) and Data Center alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from mistune import BaseRenderer, BlockState, create_markdown
from mistune.util import unescape

from .jira_escaping import BREAK, escaped, is_word, link_to, markup

Token = dict[str, Any]

# Surrogates and noncharacters too: no JSON and no XML may hold them.
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<[^<>]*>", re.DOTALL)
_LINKED = re.compile(r"(?:https?://|mailto:)[^\s]+", re.IGNORECASE)
_LANGUAGES = {
    *("actionscript", "ada", "applescript", "bash", "c", "c#", "c++", "cpp", "css", "erlang", "go"),
    *("groovy", "haskell", "html", "java", "javascript", "js", "json", "lua", "none", "objc"),
    *("perl", "php", "python", "r", "ruby", "scala", "sh", "sql", "swift", "visualbasic", "xml"),
    "yaml",
}
"""Data Center shows an error above a block in any other language."""
_ALIASES = {"console": "bash", "py": "python", "shell": "bash", "yml": "yaml"}

_IN_CELL, _IN_LINK = "|", "[]|"
"""What would end a cell or the text of a link, with a backslash or without."""


def to_wiki(markdown: str) -> str:
    r"""Return the Markdown as wiki markup: headings, lists, tables, code and links live, no more.

    >>> print(to_wiki("Ask **[~ann]** for `a_b`:\n\n- [x] {html} is text\n- [docs](https://a.b/c)"))
    Ask *\[\~ann\]* for {{a_b}}:
    <BLANKLINE>
    * ☑ \{html\} is text
    * [docs|https://a.b/c]
    """
    # A separator that is no line break to Markdown, but ends what a pattern of Jira looks at.
    text = _HIDDEN.sub("", re.sub(r"\r\n?", "\n", markdown)).translate({0x2028: 32, 0x2029: 32})
    render = create_markdown(
        renderer=_WikiRenderer(), plugins=["strikethrough", "table", "task_lists"]
    )
    return escaped(f"{render(text)}\n").strip()


def _words(text: str) -> str:
    """Return text of a Markdown token: its entities resolved, on one line."""
    return re.sub(r"[\t\n]", " ", _HIDDEN.sub("", unescape(text)))


def _plain(token: Token) -> str:
    """Return the text of a token that is nothing but text."""
    return _words(token["raw"]) if token.get("type") == "text" else ""


def _monospaced(code: str, *, entities: str = "", is_plain: bool = False) -> str:
    """Return one line of code; its indentation in spaces that do not end the macro."""
    start = len(code) - len(code.lstrip())
    line = code.strip().replace("\t", " ")
    text = "\xa0" * start + escaped(line, entities=entities, links=False)
    return text and markup(text if is_plain else f"{{{{{text}}}}}")


class _WikiRenderer(BaseRenderer):
    """Turns the tokens of one text into wiki markup that `escaped` has to finish."""

    NAME = "wiki"

    def __init__(self) -> None:
        super().__init__()
        self._bullets = ""
        self._within: set[str] = set()  # what does not nest in wiki markup

    def __call__(self, tokens: Iterable[Token], state: BlockState) -> str:
        """Render a whole text."""
        return self._blocks(tokens, state)

    def iter_tokens(self, tokens: Iterable[Token], state: BlockState) -> Iterable[str]:
        """Render siblings; each knows whether it touches a word."""
        siblings: list[Token] = [{}, *tokens, {}]
        for before, token, after in zip(siblings, siblings[1:-1], siblings[2:], strict=False):
            token["touches"] = is_word(_plain(before)[-1:]) or is_word(_plain(after)[:1])
            yield self.render_token(token, state)

    def _blocks(self, tokens: Iterable[Token], state: BlockState) -> str:
        gap = "\n" if self._bullets else "\n\n"  # an empty line would end the list
        return gap.join(filter(None, self.iter_tokens(tokens, state)))

    def _inline(self, token: Token, state: BlockState, line_break: str = BREAK) -> str:
        lines = self.render_tokens(token["children"], state).split(BREAK)
        return line_break.join(filter(None, (line.strip(" ") for line in lines)))

    def blank_line(self, token: Token, state: BlockState) -> str:
        """Nothing: blocks are set apart anyway."""
        return ""

    def paragraph(self, token: Token, state: BlockState) -> str:
        """Lines of text."""
        return self._inline(token, state)

    block_text = paragraph

    def heading(self, token: Token, state: BlockState) -> str:
        """A line of its own; a bold one in a list, which can hold no heading."""
        if self._bullets:
            return self.strong(token, state)
        text = self._inline(token, state, " ")
        return text and markup(f"h{token['attrs']['level']}. ") + text

    def thematic_break(self, token: Token, state: BlockState) -> str:
        """A line, which a list cannot hold."""
        return "" if self._bullets else markup("----")

    def block_code(self, token: Token, state: BlockState) -> str:
        """The first macro that the code does not end itself; line by line where it ends both."""
        code = token["raw"].strip("\n")
        words = token.get("attrs", {}).get("info", "").lower().split()
        language = next((_ALIASES.get(word, word) for word in words), "")
        language = language if language in _LANGUAGES else ""
        ends_code, ends_noformat = (end in code.lower() for end in ("{code", "{noformat"))
        if not code.strip():
            return ""
        if not ends_code and (language or ends_noformat):
            return markup(f"{{code:{language or 'none'}}}\n{code}\n{{code}}")
        if not ends_noformat:
            return markup(f"{{noformat}}\n{code}\n{{noformat}}")
        return "\n".join(_monospaced(line) for line in code.splitlines() if line.strip())

    def block_quote(self, token: Token, state: BlockState) -> str:
        """A quotation; the macro does not nest."""
        if "quote" in self._within:
            return self._blocks(token["children"], state)
        bullets, self._bullets = self._bullets, ""
        self._within.add("quote")
        text = self._blocks(token["children"], state)
        self._within.discard("quote")
        self._bullets = bullets
        return text and markup("{quote}\n") + text + markup("\n{quote}")

    def block_html(self, token: Token, state: BlockState) -> str:
        """The text between the tags."""
        return " ".join(_words(_TAG.sub(" ", token["raw"])).split())

    def list(self, token: Token, state: BlockState) -> str:
        """A list; in another one it repeats the outer bullets."""
        outer = self._bullets
        self._bullets += "#" if token["attrs"]["ordered"] else "*"
        text = self._blocks(token["children"], state)
        self._bullets = outer
        return text

    def list_item(self, token: Token, state: BlockState, box: str = "") -> str:
        """An item; one that only holds a list has no line of its own."""
        text = self._blocks(token["children"], state)
        kinds = [child["type"] for child in token["children"] if child["type"] != "blank_line"]
        if not text or (kinds[0] == "list" and not box):
            return text
        return markup(f"{self._bullets} {box}") + text

    def task_list_item(self, token: Token, state: BlockState) -> str:
        """An item with a box: Jira's descriptions have none to tick."""
        return self.list_item(token, state, "☑ " if token["attrs"]["checked"] else "☐ ")

    def table(self, token: Token, state: BlockState) -> str:
        """A table, row by row."""
        head, body = token["children"]
        rows = [self._row(head, "||", state), *(self._row(r, "|", state) for r in body["children"])]
        return "\n".join(rows)

    def _row(self, row: Token, edge: str, state: BlockState) -> str:
        self._within.add("cell")
        texts = [self._inline(cell, state, markup("\\\\ ")) for cell in row["children"]]
        self._within.discard("cell")
        cells = [escaped(text, entities=_IN_CELL) or " " for text in texts]
        return markup(edge + edge.join(cells) + edge)

    def text(self, token: Token, state: BlockState) -> str:
        """Text, which `escaped` makes literal."""
        return _words(token["raw"])

    def softbreak(self, token: Token, state: BlockState) -> str:
        """A space: Jira would break the line."""
        return " "

    def linebreak(self, token: Token, state: BlockState) -> str:
        """The end of a line."""
        return BREAK

    def inline_html(self, token: Token, state: BlockState) -> str:
        """Nothing but what `<br>` asks for."""
        return BREAK if re.match(r"<br\b", token["raw"], re.IGNORECASE) else ""

    def codespan(self, token: Token, state: BlockState) -> str:
        """Code; as plain text where it touches a word, since Jira would show the braces."""
        code, entities = token["raw"].strip(), ""
        if "cell" in self._within:
            code, entities = code.replace("\\|", "|"), _IN_CELL
        if "link" in self._within:
            entities = _IN_LINK
        return _monospaced(code, entities=entities, is_plain=token["touches"])

    def strong(self, token: Token, state: BlockState) -> str:
        """Bold."""
        return self._phrase("*", token, state)

    def emphasis(self, token: Token, state: BlockState) -> str:
        """Italic."""
        return self._phrase("_", token, state)

    def strikethrough(self, token: Token, state: BlockState) -> str:
        """Crossed out."""
        return self._phrase("-", token, state)

    def _phrase(self, sign: str, token: Token, state: BlockState) -> str:
        """Return text between two signs, line by line; in braces they work inside of words."""
        if sign in self._within:
            return self._inline(token, state)
        self._within.add(sign)
        lines = self._inline(token, state).split(BREAK)
        self._within.discard(sign)
        mark = markup(f"{{{sign}}}" if token["touches"] else sign)
        return BREAK.join(line and f"{mark}{line}{mark}" for line in lines)

    def link(self, token: Token, state: BlockState) -> str:
        """A link to a page or a mail address; the text alone of any other, or inside a link."""
        if "link" in self._within:
            return self._inline(token, state)
        self._within.add("link")
        text = self._inline(token, state, " ")
        self._within.discard("link")
        url = token["attrs"]["url"]
        if not _LINKED.fullmatch(url):
            return text
        shown = escaped(text, entities=_IN_LINK, links=False)
        return markup(link_to(shown, "".join(map(_plain, token["children"])), url))

    image = link
