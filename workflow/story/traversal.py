"""The one traversal of a story: it meets every segment in reading order and puts words in its place.

Extraction, localization and checks all go through `rewrite`, so they cannot disagree about what a segment is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence

from workflow.model import (
    Block,
    Code,
    Figure,
    Footnote,
    Heading,
    ListBlock,
    Paragraph,
    Quote,
    Role,
    Rule,
    Segment,
    Story,
    Table,
    Words,
)

Put = Callable[[Segment], tuple[str, ...]]
"""Takes a segment and returns the paragraphs that replace it; none leaves it out."""


def segments(story: Story) -> tuple[Segment, ...]:
    """The story's segments in reading order: headline, summary, body, credits."""
    met: list[Segment] = []

    def note(segment: Segment) -> tuple[str, ...]:
        met.append(segment)
        return (segment.source,)

    rewrite(story, note)
    return tuple(met)


def figures(story: Story) -> tuple[Figure, ...]:
    """The story's figures in reading order."""
    met: list[Figure] = []

    def note(figure: Figure) -> Figure:
        met.append(figure)
        return figure

    rewrite(story, lambda segment: (segment.source,), figure=note)
    return tuple(met)


def reading_order(story: Story) -> tuple[Segment | Figure | Code | Rule, ...]:
    """The segments, and between them what has no words to translate; a figure stands before its words."""
    met: list[Segment | Figure | Code | Rule] = []

    def note(segment: Segment) -> tuple[str, ...]:
        met.append(segment)
        return (segment.source,)

    def note_figure(figure: Figure) -> Figure:
        met.append(figure)
        return figure

    rewrite(story, note, figure=note_figure, wordless=met.append)
    return tuple(met)


def rewrite(
    story: Story,
    put: Put,
    *,
    figure: Callable[[Figure], Figure] = lambda figure: figure,
    wordless: Callable[[Code | Rule], None] = lambda _: None,
) -> Story:
    """The story with every segment's words replaced by what `put` returns for it.

    `figure` may exchange a figure before its words are put; `wordless` is told of blocks that stay as they are.

    Raises ValueError when `put` leaves out the headline or splits what cannot be split.
    """
    writer = _Rewriter(put, figure, wordless)
    headline = writer.one(story.headline, Role.HEADLINE)
    if headline is None:
        raise ValueError("a story cannot be without its headline")
    summary = story.summary and writer.one(story.summary, Role.SUMMARY)
    blocks = writer.blocks(story.blocks, Role.PARAGRAPH)
    written_by = writer.names(story.written_by)
    edited_by = writer.names(story.edited_by)
    return dataclasses.replace(
        story, headline=headline, summary=summary, blocks=blocks, written_by=written_by, edited_by=edited_by
    )


class _Rewriter:
    def __init__(self, put: Put, exchange: Callable[[Figure], Figure], wordless: Callable[[Code | Rule], None]) -> None:
        self.put = put
        self.exchange = exchange
        self.wordless = wordless

    def many(self, words: Words, role: Role) -> tuple[Words, ...]:
        if not words.text:
            return (words,)
        texts = self.put(Segment(role=role, source=words.text, line=words.line))
        if len(texts) > 1 and not role.may_split:
            raise ValueError(f"a {role} cannot be two paragraphs")
        return tuple(Words(text=text, line=words.line) for text in texts)

    def one(self, words: Words, role: Role) -> Words | None:
        return next(iter(self.many(words, role)), None)

    def names(self, names: tuple[Words, ...]) -> tuple[Words, ...]:
        return tuple(put for name in names for put in self.many(name, Role.CREDIT))

    def blocks(self, blocks: tuple[Block, ...], role: Role) -> tuple[Block, ...]:
        return tuple(put for block in blocks for put in self.block(block, role))

    def block(self, block: Block, role: Role) -> Iterator[Block]:
        """What stands in the block's place; `role` is that of a paragraph here."""
        match block:
            case Paragraph():
                for words in self.many(block.words, role):
                    yield dataclasses.replace(block, words=words)
            case Heading():
                for words in self.many(block.words, Role.HEADING):
                    yield dataclasses.replace(block, words=words)
            case Figure():
                yield from self.figure(block)
            case ListBlock():
                yield from self.list_block(block)
            case Quote():
                yield from self._nest(block, Role.QUOTE)
            case Footnote():
                yield from self._nest(block, Role.FOOTNOTE)
            case Table():
                yield self.table(block)
            case Code() | Rule():
                self.wordless(block)
                yield block

    def _nest(self, block: Quote | Footnote, role: Role) -> Iterator[Block]:
        blocks = self.blocks(block.blocks, role)
        if blocks or not block.blocks:
            yield dataclasses.replace(block, blocks=blocks)

    def figure(self, figure: Figure) -> Iterator[Figure]:
        figure = self.exchange(figure)
        alt = self.one(figure.alt, Role.ALT)
        caption = figure.caption and self.one(figure.caption, Role.CAPTION)
        credit = figure.credit and self.one(figure.credit, Role.CREDIT)
        if alt is not None:
            yield dataclasses.replace(figure, alt=alt, caption=caption, credit=credit)

    def list_block(self, block: ListBlock) -> Iterator[ListBlock]:
        items = [(item, self.blocks(item, Role.LIST_ITEM)) for item in block.items]
        if kept := tuple(new for old, new in items if new or not old):
            is_parted = any(len(new) != len(old) and len(new) > 1 for old, new in items)
            tight = (block.tight and not is_parted) or not can_be_loose(kept)
            yield dataclasses.replace(block, items=kept, tight=tight)

    def table(self, table: Table) -> Table:
        header, *rows = (
            tuple(self.one(cell, Role.CELL) or Words(text="") for cell in row) for row in (table.header, *table.rows)
        )
        return dataclasses.replace(table, header=header, rows=tuple(rows))


def can_be_loose(items: Sequence[tuple[Block, ...]]) -> bool:
    """True if a list of these items is another list with blank lines than without: there is a paragraph to part."""
    has_paragraph = any(isinstance(block, Paragraph | Figure) for item in items for block in item)
    return has_paragraph and (len(items) > 1 or len(items[0]) > 1)
