"""Blocks of a story → HTML, for the page and the bulletin alike."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from html import escape
from itertools import groupby
from typing import Any

from markdown_it.renderer import RendererHTML

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
    Story,
    Table,
    Words,
)
from workflow.story.dialect import Environment, dialect, inline_environment, inline_tokens, plain_text

BACKGROUND = "background"
"""The class that an author gives to paragraphs of background; they are set apart, under a label."""


class _InlineRenderer(RendererHTML):
    """markdown-it's renderer, with footnote marks of our own and nothing raw."""

    def html_inline(self, *_: Any) -> str:
        raise AssertionError("raw HTML reached the renderer")

    def footnote_ref(self, tokens: Any, index: int, *_: Any) -> str:
        meta = tokens[index].meta
        number, again = meta["id"] + 1, f":{meta['subId']}" if meta["subId"] else ""
        mark = f'<a href="#fn-{number}" id="fnref-{number}{again}" role="doc-noteref">{number}</a>'
        return f'<sup class="footnote-ref">{mark}</sup>'


class StoryHtml:
    """Renders the parts of one story. Footnotes are numbered as their marks are met, so render in order."""

    def __init__(self, story: Story, *, figure: Callable[[Figure, StoryHtml], str], background: str) -> None:
        self.story = story
        self.figure = figure
        """Makes the HTML of a figure; page and bulletin find its file in different places."""
        self.background = background
        """The label above paragraphs of background, in the story's language."""
        self.footnotes = {block.label: block for block in _all_footnotes(story.blocks)}
        self.references = {item.label: (item.address, item.title) for item in story.references}
        self.env: Environment = inline_environment(self.references, tuple(self.footnotes))
        self.renderer = _InlineRenderer()

    def inline(self, words: Words) -> str:
        """The HTML of one run of words."""
        return str(self.renderer.render(inline_tokens(words.text, self.env), dialect().options, self.env))

    def plain(self, words: Words) -> str:
        """One run of words without markup and footnote marks, not escaped."""
        env = inline_environment(self.references, tuple(self.footnotes))
        return plain_text(inline_tokens(words.text, env))

    def body(self) -> str:
        """The whole text below the headline, footnotes last."""
        parts = []
        for is_background, run in groupby(self.story.blocks, _is_background):
            if is_background:
                label = f'<h2 class="label">{escape(self.background)}</h2>\n'
                inner = self.blocks(_without_background_class(block) for block in run)
                parts.append(f'<section class="background">\n{label}{inner}</section>\n')
            else:
                parts.append(self.blocks(run))
        return "".join(parts) + self.endnotes()

    def blocks(self, blocks: Iterable[Block], *, tight: bool = False) -> str:
        return "".join(self.block(block, tight=tight) for block in blocks)

    def block(self, block: Block, *, tight: bool) -> str:
        match block:
            case Paragraph() if tight and not block.attributes:
                return self.inline(block.words) + "\n"
            case Paragraph():
                return self._element("p", block.attributes, self.inline(block.words))
            case Heading():
                return self._element(f"h{block.level}", block.attributes, self.inline(block.words))
            case Figure():
                return self.figure(block, self)
            case ListBlock():
                return self._list(block)
            case Quote():
                return self._element("blockquote", block.attributes, "\n" + self.blocks(block.blocks))
            case Code():
                language = f' class="language-{escape(block.info.split()[0])}"' if block.info else ""
                code = f"<code{language}>{escape(block.text, quote=True)}</code>"
                return self._element("pre", block.attributes, code)
            case Rule():
                return f"<hr{_attributes(block.attributes)}>\n"
            case Table():
                return self._table(block)
            case Footnote():
                return ""

    def _element(self, name: str, attributes: Attributes, content: str) -> str:
        return f"<{name}{_attributes(attributes)}>{content}</{name}>\n"

    def _list(self, block: ListBlock) -> str:
        name = "ul" if block.start is None else "ol"
        start = f' start="{block.start}"' if block.start not in (None, 1) else ""
        items = "".join(f"<li>{self._item(item, block.tight)}</li>\n" for item in block.items)
        return f"<{name}{start}{_attributes(block.attributes)}>\n{items}</{name}>\n"

    def _item(self, item: tuple[Block, ...], tight: bool) -> str:
        return self.blocks(item, tight=tight)

    def _table(self, table: Table) -> str:
        head = self._row("th", table.header, table.alignments)
        rows = "".join(self._row("td", row, table.alignments) for row in table.rows)
        body = f"<tbody>\n{rows}</tbody>\n" if rows else ""
        return self._element("table", table.attributes, f"\n<thead>\n{head}</thead>\n{body}")

    def _row(self, name: str, cells: tuple[Words, ...], alignments: tuple[str, ...]) -> str:
        scope = ' scope="col"' if name == "th" else ""
        made = "".join(
            f"<{name}{scope}{f' class={align!r}'.replace(chr(39), chr(34)) if align else ''}>"
            f"{self.inline(cell)}</{name}>\n"
            for cell, align in zip(cells, alignments, strict=False)
        )
        return f"<tr>\n{made}</tr>\n"

    def endnotes(self) -> str:
        """The footnotes referred to so far, in the order of their marks; one may refer to a further one."""
        met: dict[int, dict[str, str]] = self.env["footnotes"]["list"]
        notes: list[str] = []
        while len(notes) < len(met):
            number = len(notes) + 1
            text = self.blocks(self.footnotes[met[number - 1]["label"]].blocks)
            back = f' <a href="#fnref-{number}" role="doc-backlink">↩</a>'
            before, closing, after = text.rpartition("</p>")
            notes.append(f'<li id="fn-{number}">{before}{back}{closing}{after}</li>\n')
        if not notes:
            return ""
        return f'<div class="footnotes" role="doc-endnotes">\n<ol>\n{"".join(notes)}</ol>\n</div>\n'


def _is_background(block: Block) -> bool:
    return not isinstance(block, Footnote) and BACKGROUND in dict(block.attributes).get("class", "").split()


def _without_background_class(block: Block) -> Block:
    """The section around the block carries the class already."""
    if isinstance(block, Footnote):
        return block
    classes = [name for name in dict(block.attributes).get("class", "").split() if name != BACKGROUND]
    rest = tuple(pair for pair in block.attributes if pair[0] != "class")
    attributes = (("class", " ".join(classes)), *rest) if classes else rest
    return dataclasses.replace(block, attributes=attributes)


def _attributes(attributes: Attributes) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes)


def _all_footnotes(blocks: Iterable[Block]) -> Iterator[Footnote]:
    for block in blocks:
        match block:
            case Footnote():
                yield block
                yield from _all_footnotes(block.blocks)
            case Quote():
                yield from _all_footnotes(block.blocks)
            case ListBlock():
                for item in block.items:
                    yield from _all_footnotes(item)
            case _:
                pass
