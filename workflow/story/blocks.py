"""markdown-it's tokens → the blocks of a story."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterator, Mapping
from itertools import pairwise

from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

from workflow.diagnostics import Diagnostic, Location
from workflow.model import (
    Attributes,
    Block,
    Code,
    Figure,
    Footnote,
    Heading,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    Table,
    Words,
)
from workflow.story.dialect import ALLOWED_ATTRIBUTES, FOOTNOTE_MARK, Environment, plain_text
from workflow.story.folding import fold
from workflow.story.traversal import can_be_loose

_ATTRIBUTE_VALUES = {
    "class": re.compile(r"[\w-]+( [\w-]+)*"),
    "id": re.compile(r"[\w-]+"),
    "lang": re.compile(r"[\w-]+"),
}
_LINE_BLANKS = re.compile("[ \t-\r\x1c-\x1f\x85\u2028\u2029]+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _runs_into_nothing(blocks: tuple[Block, ...]) -> bool:
    """True if a list that follows a paragraph begins with an empty item, which cannot be written so in Markdown."""
    return any(
        isinstance(before, Paragraph) and isinstance(block, ListBlock) and not block.items[0]
        for before, block in pairwise(blocks)
    )


class BlockReader:
    """Walks a token stream once; `faults` fills as it goes."""

    def __init__(self, tokens: list[Token], *, path: str, offset: int, join_wide: bool) -> None:
        self.tokens = tokens
        self.position = 0
        self.path = path
        self.offset = offset
        """Lines of the file before the Markdown begins."""
        self.join_wide = join_wide
        self.faults: list[Diagnostic] = []
        self.footnote_lines: dict[str, int] = {}
        self.footnote = ""
        """The label of the footnote that is being read; empty in the text."""
        self.marks: dict[str, set[str]] = {"": set()}
        """The footnotes that each footnote and the text refer to."""

    # --- Faults ---

    def fault(self, code: str, line: int, message: str, hint: str | None = None) -> None:
        location = Location(path=self.path, line=line)
        self.faults.append(Diagnostic(code=f"story.{code}", message=message, location=location, hint=hint))

    def line(self, token: Token) -> int:
        """The token's line in the file; tokens without a place of their own take the next one's."""
        if token.map is not None:
            return self.offset + token.map[0] + 1
        return self.offset + 1

    def refuse_tabs(self, body: str) -> None:
        """A tab outside of code means something else in each tool."""
        code = [token.map for token in self.tokens if token.type in {"fence", "code_block"} and token.map]
        for number, line in enumerate(body.split("\n")):
            if "\t" in line and not any(begin <= number < end for begin, end in code):
                hint = f"run: expand -t 4 {self.path}"
                self.fault("tab", self.offset + number + 1, "a tab; use blanks", hint)

    def refuse_stray_footnotes(self) -> None:
        """The text must lead to every footnote, or its words would vanish from the page."""
        reached, ahead = {""}, [""]
        while ahead:
            new = self.marks.get(ahead.pop(), set()) - reached
            reached |= new
            ahead += new
        for label, line in self.footnote_lines.items():
            if label not in reached:
                hint = "add its mark or remove it"
                self.fault("footnote", line, f"no text refers to footnote [^{label}]", hint)

    def refuse_block_attributes(self, env: Environment) -> None:
        """Faults of the lines of attributes above blocks."""
        for number, attributes, is_kept in env["attributes"]:
            line = self.offset + number + 1
            self.refuse_attributes(attributes, line, ALLOWED_ATTRIBUTES)
            if not is_kept:
                hint = "put it right above the block it belongs to, or escape it: \\{"
                self.fault("attribute", line, "attributes of nothing", hint)

    # --- Walking ---

    def take(self) -> Token:
        token = self.tokens[self.position]
        self.position += 1
        return token

    def blocks(self, until: str = "") -> tuple[Block, ...]:
        """The blocks up to the closing token `until`, which is consumed."""
        found: list[Block] = []
        while self.position < len(self.tokens):
            token = self.take()
            if token.type == until:
                break
            found.extend(self.block(token))
        return tuple(found)

    def block(self, token: Token) -> Iterator[Block]:
        match token.type:
            case "paragraph_open":
                yield from self.paragraph(token)
            case "heading_open":
                yield self.heading(token)
            case "bullet_list_open" | "ordered_list_open":
                yield self.list_block(token)
            case "blockquote_open":
                yield Quote(blocks=self.blocks("blockquote_close"), attributes=self.attributes(token))
            case "fence" | "code_block":
                attributes = self.attributes(token)
                yield Code(text=token.content, info=" ".join(unescapeAll(token.info).split()), attributes=attributes)
            case "hr":
                yield Rule(attributes=self.attributes(token))
            case "table_open":
                yield self.table(token)
            case "footnote_reference_open":
                yield self.read_footnote(token)
            case "html_block":
                self.fault("raw-html", self.line(token), "raw HTML", "write it in Markdown, or escape it: \\<")
            case _:
                raise AssertionError(f"markdown-it produced an unexpected {token.type}")

    def attributes(self, token: Token) -> Attributes:
        return tuple((name, str(token.attrs[name])) for name in ALLOWED_ATTRIBUTES if name in token.attrs)

    def refuse_attributes(self, attributes: Mapping[str, object], line: int, allowed: tuple[str, ...]) -> None:
        for name, value in attributes.items():
            if name not in allowed:
                hint = f"allowed: {', '.join(allowed)}"
                self.fault("attribute", line, f"attribute `{name}` is not allowed", hint)
            elif name in _ATTRIBUTE_VALUES and not _ATTRIBUTE_VALUES[name].fullmatch(str(value)):
                hint = "use letters, digits and hyphens; only classes may be several, one blank between them"
                self.fault("attribute", line, f"attribute `{name}` has an odd value", hint)

    # --- Blocks with words ---

    def paragraph(self, opening: Token) -> Iterator[Block]:
        """A paragraph or a figure; nothing for a line of no-break blanks."""
        inline = self.take()
        self.take()
        children = inline.children or []
        if len(children) == 1 and children[0].type == "image":
            yield self.figure(children[0], inline, self.attributes(opening))
        elif (words := self.words(inline)).text:
            yield Paragraph(words=words, attributes=self.attributes(opening))

    def heading(self, opening: Token) -> Heading:
        inline = self.take()
        self.take()
        words = self.words(inline)
        if "\n" in words.text:
            self.fault("heading-break", words.line, "a line break in a heading", "write it on one line")
        if opening.tag == "h1" and opening.level:
            self.fault("two-headlines", words.line, "a headline inside a list or quote", "use ## or a paragraph")
        return Heading(words=words, level=int(opening.tag[1]), attributes=self.attributes(opening))

    def words(self, inline: Token) -> Words:
        line = self.line(inline)
        if "excess" in inline.meta:
            message, hint = inline.meta["excess"]
            self.fault("paragraph-size", line, message, hint)
            return Words(text="", line=line)
        self.refuse_inline(inline, line)
        return Words(text=fold(inline.content, inline.children or [], join_wide=self.join_wide), line=line)

    def refuse_inline(self, inline: Token, line: int) -> None:
        for token, at in _placed(inline, line):
            if token.type == "html_inline":
                shown = " ".join(token.content.split())[:60]
                self.fault("raw-html", at, f"raw HTML: {shown}", "write it in Markdown, or escape it: \\<")
            elif token.type == "image":
                self.fault("picture-in-text", at, "a picture inside a paragraph", "give it a paragraph of its own")
            elif token.type == "footnote_ref":
                self.marks.setdefault(self.footnote, set()).add(str(token.meta["label"]))
            elif token.type == "text":
                self.refuse_undefined_footnotes(token.content, inline.content, at)
            if token.type != "image":
                self.refuse_attributes(_own_attributes(token), at, ALLOWED_ATTRIBUTES)

    def refuse_undefined_footnotes(self, text: str, content: str, line: int) -> None:
        for mark in (found.group() for found in FOOTNOTE_MARK.finditer(text)):
            if re.search(rf"(?<!\\){re.escape(mark)}", content):
                hint = f"add `{mark}: …`, or escape it: \\{mark}"
                self.fault("footnote", line, f"footnote {mark} is not defined", hint)

    def figure(self, image: Token, inline: Token, attributes: Attributes) -> Figure:
        line = self.line(inline)
        self.refuse_attributes(_own_attributes(image), line, (*ALLOWED_ATTRIBUTES, "credit"))
        alt = _on_one_line(plain_text(image.children or []))
        if not alt.strip():
            hint = "say between the brackets what the picture shows"
            self.fault("picture-alt", line, "a picture without alternative text", hint)
        own = {name: str(image.attrs[name]) for name in ALLOWED_ATTRIBUTES if name in image.attrs}
        above = dict(attributes)
        if "class" in own and "class" in above:
            own["class"] = f"{above['class']} {own['class']}"
        credit = re.sub(r'\\([\\"{}])', r"\1", str(image.attrs.get("credit", "")))
        return Figure(
            source=self.picture_source(str(image.attrs["src"]), line),
            alt=Words(text=alt, line=line),
            caption=_some_words(str(image.attrs.get("title", "")), line),
            credit=_some_words(credit, line),
            attributes=tuple(sorted((above | own).items())),
        )

    def picture_source(self, address: str, line: int) -> str:
        source = urllib.parse.unquote(address)
        if not source or ":" in source or source.startswith("/") or "\\" in source or _CONTROL.search(source):
            hint = "put the file beside story.md and name it alone"
            self.fault("picture-address", line, f"a picture must be a file of the newsroom, not `{source}`", hint)
        return source

    # --- Blocks with blocks ---

    def list_block(self, opening: Token) -> ListBlock:
        start = int(opening.attrs.get("start", 1)) if opening.type == "ordered_list_open" else None
        level, begin = opening.level, self.position
        items: list[tuple[Block, ...]] = []
        lines: list[int] = []
        while (token := self.take()).type == "list_item_open":
            lines.append(self.line(token))
            items.append(self.blocks("list_item_close"))
        own = [token for token in self.tokens[begin : self.position] if token.level == level + 2]
        tight = all(token.hidden for token in own if token.type == "paragraph_open") or not can_be_loose(items)
        for line, item in zip(lines, items, strict=True):
            if tight and _runs_into_nothing(item):
                message = "a list under a text begins with an empty item"
                self.fault("empty-item", line, message, "write something, or take the item out")
        return ListBlock(items=tuple(items), start=start, tight=tight, attributes=self.attributes(opening))

    def table(self, opening: Token) -> Table:
        rows: list[list[Words]] = []
        alignments: list[str] = []
        while (token := self.take()).type != "table_close":
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(self.words(token))
            elif token.type == "th_open":
                alignments.append(str(token.attrs.get("style", "")).removeprefix("text-align:"))
        header, *body = (tuple(row) for row in rows)
        attributes = self.attributes(opening)
        return Table(header=header, rows=tuple(body), alignments=tuple(alignments), attributes=attributes)

    def read_footnote(self, opening: Token) -> Footnote:
        label, line = str(opening.meta["label"]), self.line(opening)
        if label in self.footnote_lines:
            message = f"footnote [^{label}] is defined twice, first in line {self.footnote_lines[label]}"
            self.fault("footnote", line, message, "give it another label")
        self.footnote_lines.setdefault(label, line)
        outer, self.footnote = self.footnote, label
        blocks = self.blocks("footnote_reference_close")
        self.footnote = outer
        return Footnote(label=label, blocks=blocks)

    # --- Headline ---

    def take_headline(self, blocks: tuple[Block, ...]) -> tuple[Words, tuple[Block, ...]]:
        """The story's one `#` heading, and the blocks below it."""
        headlines = [block for block in blocks if isinstance(block, Heading) and block.level == 1]
        self._refuse_headlines(blocks, headlines)
        if not headlines:
            return Words(text=""), blocks
        return headlines[0].words, tuple(block for block in blocks if block is not headlines[0])

    def _refuse_headlines(self, blocks: tuple[Block, ...], headlines: list[Heading]) -> None:
        if not headlines:
            self.fault("no-headline", self.offset + 1, "no headline", "begin the text with a line `# Headline`")
        elif blocks[0] is not headlines[0]:
            line = headlines[0].words.line
            self.fault("headline-first", line, "the headline must come first", "move it above the text")
        elif not headlines[0].words.text:
            self.fault("no-headline", headlines[0].words.line, "the headline is empty", "write it behind the #")
        if headlines and headlines[0].attributes:
            line = headlines[0].words.line
            self.fault("attribute", line, "the headline can have no attributes", "remove the line above it")
        for extra in headlines[1:]:
            first = headlines[0].words.line
            message = f"a second headline; the first is in line {first}"
            self.fault("two-headlines", extra.words.line, message, "use ## for a heading inside the story")


def _placed(inline: Token, line: int) -> Iterator[tuple[Token, int]]:
    """The inline tokens with their lines; only breaks and raw HTML have a known place in the content."""
    at = 0
    for token in inline.children or []:
        if "at" in token.meta:
            at = token.meta["at"] + 1
        elif token.type == "html_inline":
            at = max(inline.content.find(token.content, at), at)
        yield token, line + inline.content.count("\n", 0, at)
        if token.type == "html_inline":
            at += len(token.content)


def _own_attributes(token: Token) -> Mapping[str, object]:
    """The attributes that the author gave, beside those of Markdown itself."""
    given = {name: value for name, value in token.attrs.items() if name in (*ALLOWED_ATTRIBUTES, "credit")}
    return given | dict(token.meta.get("insecure_attrs", {}))


def _on_one_line(text: str) -> str:
    """The text with its line ends and runs of blanks as one blank; no-break blanks stay."""
    return _LINE_BLANKS.sub(" ", text).strip(" ")


def _some_words(text: str, line: int) -> Words | None:
    text = _on_one_line(text)
    return Words(text=text, line=line) if text.strip() else None
