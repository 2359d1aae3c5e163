"""Story → its text, in one fixed form. Reading the text gives the story back, or writing fails loudly."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterable, Iterator

from workflow.front_matter.writing import format_front_matter
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
    Reference,
    Rule,
    Story,
    Table,
    Words,
)

_MARKUP = re.compile(r"([\\`*_\[\]<>!~^{}&])")
_TITLE_MARKUP = re.compile(r'([\\"&])')
_CREDIT_MARKUP = re.compile(r'([\\"{}])')
_ADDRESS_MARKUP = re.compile(r"([\\<>&])")
_ESCAPED = r"\\\1"


def format_story(story: Story) -> str:
    """The story as a file: front matter, headline, blocks, references."""
    front = format_front_matter(
        [
            ("language", story.language),
            ("translated_from", story.translated_from),
            ("languages", story.languages),
            ("section", story.section),
            ("published", story.published.isoformat()),
            ("summary", story.summary.text if story.summary else ""),
            ("written_by", [name.text for name in story.written_by]),
            ("edited_by", [name.text for name in story.edited_by]),
        ]
    )
    lines = [f"# {story.headline.text}"]
    for block in _blocks(story.blocks):
        lines += ["", *block]
    if story.references:
        lines += ["", *map(_reference, story.references)]
    return front + "\n" + "\n".join(lines) + "\n"


def _blocks(blocks: Iterable[Block], *, other_first: bool = False) -> Iterator[list[str]]:
    """The lines of each block; a list after a list of its kind takes the other marker, or they would be one.

    `other_first`: so does a list that comes first, as the first line of a list's item; `- - -` is a rule.
    """
    previous: Block | None = None
    other_marker = False
    for number, block in enumerate(blocks):
        same_kind = (
            isinstance(block, ListBlock)
            and isinstance(previous, ListBlock)
            and (block.start is None) == (previous.start is None)
        )
        other_marker = (same_kind and not other_marker) or (other_first and number == 0)
        yield [*_attributes(block), *_block(block, other_marker)]
        previous = block


def _block(block: Block, other_marker: bool) -> list[str]:
    match block:
        case Paragraph():
            return block.words.text.split("\n")
        case Heading():
            return [f"{'#' * block.level} {block.words.text}".rstrip(" ")]
        case Figure():
            return [_figure(block)]
        case ListBlock():
            return _list(block, other_marker)
        case Quote():
            return [f"> {line}" if line else ">" for line in _joined(block.blocks, tight=False)] or [">"]
        case Code():
            return _code(block)
        case Rule():
            return ["___"]
        case Table():
            return _table(block)
        case Footnote():
            return _footnote(block)


def _joined(blocks: Iterable[Block], *, tight: bool, other_first: bool = False) -> list[str]:
    lines: list[str] = []
    for number, block in enumerate(_blocks(blocks, other_first=other_first)):
        lines += block if tight or number == 0 else ["", *block]
    return lines


def _footnote(footnote: Footnote) -> list[str]:
    """Only a paragraph may begin beside the label; the columns of anything else would count from there."""
    lines = _joined(footnote.blocks, tight=False)
    mark = f"[^{footnote.label}]:"
    if footnote.blocks and isinstance(footnote.blocks[0], Paragraph) and not footnote.blocks[0].attributes:
        return [f"{mark} {lines[0]}", *_indented(lines[1:], 4)]
    return [mark, *_indented(lines, 4)]


def _indented(lines: Iterable[str], width: int) -> list[str]:
    return [" " * width + line if line else "" for line in lines]


def _list(block: ListBlock, other_marker: bool) -> list[str]:
    lines: list[str] = []
    are_joined = block.tight and any(isinstance(part, Paragraph | Figure) for item in block.items for part in item)
    for number, item in enumerate(block.items):
        if block.start is None:
            marker = "*" if other_marker else "-"
        else:
            marker = f"{block.start + number}{')' if other_marker else '.'}"
        first, *rest = _joined(item, tight=are_joined, other_first=not other_marker) or [""]
        if number and not block.tight:
            lines.append("")
        lines += [f"{marker} {first}" if first else marker, *_indented(rest, len(marker) + 1)]
    return lines


def _code(block: Code) -> list[str]:
    mark = "~" if "`" in block.info else "`"
    longest = max((len(run) for run in re.findall(f"{mark}+", block.text)), default=0)
    fence = mark * max(3, longest + 1)
    info = re.sub(r"([\\&])", r"\\\1", block.info)
    text = block.text.removesuffix("\n")
    return [fence + info, *(text.split("\n") if block.text else []), fence]


def _table(table: Table) -> list[str]:
    rules = {"": "---", "left": ":--", "center": ":-:", "right": "--:"}
    return [
        _row(cell.text for cell in table.header),
        _row(rules[alignment] for alignment in table.alignments),
        *(_row(cell.text for cell in row) for row in table.rows),
    ]


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _figure(figure: Figure) -> str:
    address = urllib.parse.quote(figure.source, safe="/._-")
    title = f' "{_quoted(figure.caption)}"' if figure.caption else ""
    credit = f' credit="{_CREDIT_MARKUP.sub(_ESCAPED, figure.credit.text)}"' if figure.credit else ""
    braces = f"{{{(_attribute_list(figure.attributes) + credit).strip()}}}" if figure.attributes or credit else ""
    alt = _MARKUP.sub(_ESCAPED, figure.alt.text)
    return f"![{alt}]({address}{title}){braces}"


def _quoted(words: Words) -> str:
    return _TITLE_MARKUP.sub(_ESCAPED, words.text)


def _attributes(block: Block) -> list[str]:
    if isinstance(block, Figure | Footnote) or not block.attributes:
        return []
    return [f"{{{_attribute_list(block.attributes)}}}"]


def _attribute_list(attributes: Attributes) -> str:
    return " ".join(map(_attribute, attributes))


def _attribute(attribute: tuple[str, str]) -> str:
    name, value = attribute
    if name == "class":
        return " ".join(f".{part}" for part in value.split())
    return f"#{value}" if name == "id" else f'{name}="{value}"'


def _reference(reference: Reference) -> str:
    title = f' "{_quoted(Words(text=reference.title))}"' if reference.title else ""
    return f"[{reference.label}]: <{_ADDRESS_MARKUP.sub(_ESCAPED, reference.address)}>{title}"
