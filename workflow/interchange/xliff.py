"""XLIFF 2, written: a catalog's live units as an OASIS XLIFF 2.0 document.

What a unit says besides its texts goes where other tools show or at least keep it: notes by category, the rest as
metadata (module mda 2.0). A unit's state is on its segment (core 2.0, 4.3.1.27), as OmegaT and the Translate Toolkit
read it: none for a new unit, so that a tool which only fills in a target has translated it; `initial` with a target
and the sub-state `workflow:needs-review` for a fuzzy one; `translated` for a confirmed one. Obsolete units stay at
home. XLIFF 2.0 knows no plural: its forms are units of one group.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from workflow.canonical import digest_of
from workflow.model import Catalog, Unit, UnitState
from workflow.text import FORBIDDEN

CORE: Final = "urn:oasis:names:tc:xliff:document:2.0"
META: Final = "urn:oasis:names:tc:xliff:metadata:2.0"
FUZZY: Final = "workflow:needs-review"
PLURAL: Final = "workflow:plural"

ADVICE: Final = (
    "The text is Markdown: keep *emphasis*, **strong emphasis**, `code` and [words](address) as in the source. "
    "A backslash at the end of a line breaks the line; a blank line makes two paragraphs; "
    "a target that is only [omit] leaves the text out."
)

_NOT_XML = re.compile(f"([{FORBIDDEN}])")


@dataclass(frozen=True, kw_only=True, slots=True)
class XliffDocument:
    """What an XLIFF document holds of one catalog."""

    original: str
    """The file that it was made from: the catalog, relative to the newsroom."""
    source_language: str
    """BCP 47, like the target language."""
    target_language: str
    catalog: Catalog
    """Its live units only."""


def format_xliff(document: XliffDocument) -> bytes:
    """Return the document as XLIFF 2.0 in UTF-8; equal documents give equal bytes."""
    languages = {"srcLang": document.source_language, "trgLang": document.target_language}
    root = Element("xliff", {"xmlns": CORE, "xmlns:mda": META, "version": "2.0", **languages})
    file = SubElement(root, "file", {"id": "f1", "original": document.original})
    catalog = document.catalog
    _metadata(file, "header", catalog.headers)
    _notes(file, [("instructions", ADVICE), *_comment_notes(catalog.comments)])
    for unit in catalog.live:
        if unit.source_plural is None:
            _unit(file, unit)
        else:
            _plural_group(file, unit, unit.source_plural)
    _indent(root, "\n")
    body: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def _unit(parent: Element, unit: Unit) -> None:
    element = SubElement(parent, "unit", {"id": _identity(unit), **_name(unit), "xml:space": "preserve"})
    _around(element, unit)
    _segment(element, unit, unit.source, unit.target)


def _plural_group(parent: Element, unit: Unit, plural: str) -> None:
    """A unit for each form; the first has the singular for its source, unless there is only one form."""
    identity = _identity(unit)
    group = SubElement(parent, "group", {"id": identity, **_name(unit), "type": PLURAL, "xml:space": "preserve"})
    _around(group, unit, [("msgid", unit.source), ("msgid-plural", plural)])
    for form, target in enumerate(unit.targets):
        element = SubElement(group, "unit", {"id": f"{identity}-{form}", "xml:space": "preserve"})
        _segment(element, unit, plural if form or len(unit.targets) == 1 else unit.source, target)


def _identity(unit: Unit) -> str:
    """An NMTOKEN that is the same whenever the unit is sent."""
    return f"u-{digest_of([unit.context, unit.source])[:16]}"


def _name(unit: Unit) -> dict[str, str]:
    return {} if unit.context is None else {"name": unit.context}


def _around(element: Element, unit: Unit, sources: Iterable[tuple[str, str]] = ()) -> None:
    """Metadata and notes, in the order that the schema asks for."""
    previous = unit.previous
    earlier = (
        []
        if previous is None
        else [
            ("previous-msgctxt", previous.context),
            ("previous-msgid-plural", previous.source_plural),
        ]
    )
    _metadata(
        element,
        "unit",
        [
            *sources,
            *(("reference", reference) for reference in unit.references),
            *(("flag", flag) for flag in unit.flags),
            *((kind, text) for kind, text in earlier if text is not None),
        ],
    )
    described = [("description", "\n".join(unit.notes))] if unit.notes else []
    was = [] if previous is None else [("previous-source", previous.source)]
    _notes(element, [*described, *was, *_comment_notes(unit.comments)])


def _comment_notes(comments: tuple[str, ...]) -> list[tuple[str, str]]:
    return [("comment", "\n".join(comments))] if comments else []


def _metadata(parent: Element, category: str, values: Iterable[tuple[str, str]]) -> None:
    items = list(values)
    if items:
        group = SubElement(SubElement(parent, "mda:metadata"), "mda:metaGroup", {"category": category})
        for kind, text in items:
            SubElement(group, "mda:meta", {"type": kind}).text = text


def _notes(parent: Element, texts: Iterable[tuple[str, str]]) -> None:
    items = list(texts)
    if items:
        notes = SubElement(parent, "notes")
        for category, text in items:
            SubElement(notes, "note", {"category": category}).text = text


def _segment(unit_element: Element, unit: Unit, source: str, target: str) -> None:
    state = {
        UnitState.NEEDS_REVIEW: {"state": "initial", "subState": FUZZY},
        UnitState.TRANSLATED: {"state": "translated"},
    }
    segment = SubElement(unit_element, "segment", state.get(_state(unit), {}))
    _text(SubElement(segment, "source"), source)
    if target:
        _text(SubElement(segment, "target"), target)


def _state(unit: Unit) -> UnitState:
    """A plural of which a form is missing can still be fuzzy."""
    return UnitState.NEEDS_REVIEW if unit.fuzzy else unit.state


def _text(element: Element, text: str) -> None:
    """The text; a character that XML cannot hold becomes <cp> (core 2.0, 4.2.3.1)."""
    element.text, *rest = _NOT_XML.split(text)
    for character, after in zip(rest[::2], rest[1::2], strict=True):
        SubElement(element, "cp", {"hex": f"{ord(character):04X}"}).tail = after


def _indent(element: Element, line_end: str) -> None:
    """Puts each element on a line of its own, except in texts, where blanks count."""
    if len(element) and element.tag not in {"source", "target"}:
        element.text = f"{line_end}  "
        for child in element:
            child.tail = f"{line_end}  "
            _indent(child, f"{line_end}  ")
        element[-1].tail = line_end
