"""What a catalog said when it was sent to outside translators, told by the file itself.

The header `X-Sent` of a catalog that is sent holds for each unit a short digest of its key, its translation and its
comments. So what was changed outside is told from what was changed here meanwhile, without a record at home.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from workflow.canonical import digest_of
from workflow.model import Catalog, Unit
from workflow.three_way import REVISED

SENT: Final = "X-Sent"
STORY: Final = "X-Domain"
SOURCE_LANGUAGE: Final = "X-Source-Language"
"""Poedit's name for it."""

_HEADER: Final = "header"


class _Mark(NamedTuple):
    """Digests of what a unit said."""

    translation: str
    comments: str


def to_send(catalog: Catalog, *, slug: str, source_language: str) -> Catalog:
    """Return the catalog as it is sent: its live units, and in the header whose they are and what they say."""
    ours = {SENT, STORY, SOURCE_LANGUAGE}
    marks = {_HEADER: _header_mark(catalog), **{_identity(unit): _mark(unit) for unit in catalog.live}}
    headers = (
        *((name, value) for name, value in catalog.headers if name not in ours),
        (SOURCE_LANGUAGE, source_language),
        (STORY, slug),
        (SENT, " ".join(":".join([name, *mark]) for name, mark in marks.items())),
    )
    return replace(catalog, headers=headers, units=catalog.live)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """What is known of a catalog as it was sent; nothing, if it never was, or a tool has lost its header."""

    marks: Mapping[str, _Mark]

    def knows(self, unit: Unit) -> bool:
        """True if a unit with this context and these sources was sent."""
        return _identity(unit) in self.marks

    def has_translation(self, unit: Unit) -> bool:
        """True if the unit was sent with this translation, in this state."""
        mark = self.marks.get(_identity(unit))
        return mark is not None and mark.translation == _mark(unit).translation

    def has_comments(self, unit: Unit) -> bool:
        """True if the unit was sent with these comments, or has none."""
        mark = self.marks.get(_identity(unit))
        return not unit.comments or (mark is not None and mark.comments == _mark(unit).comments)

    def has_translator(self, catalog: Catalog) -> bool:
        """True if the catalog was sent with this translator and date."""
        mark = self.marks.get(_HEADER)
        return mark is not None and mark.translation == _header_mark(catalog).translation

    def has_header_comments(self, catalog: Catalog) -> bool:
        """True if the catalog was sent with these lines above its header."""
        mark = self.marks.get(_HEADER)
        return mark is not None and mark.comments == _header_mark(catalog).comments


def sent(catalog: Catalog) -> Sent:
    """What the catalog tells about itself as it was sent."""
    triples = (mark.split(":") for mark in catalog.header(SENT).split())
    return Sent(marks={triple[0]: _Mark(*triple[1:]) for triple in triples if len(triple) == 3})


def _identity(unit: Unit) -> str:
    return _short(*unit.key, unit.source_plural)


def _mark(unit: Unit) -> _Mark:
    said = _short(list(unit.targets), unit.fuzzy and any(unit.targets))
    return _Mark(translation=said, comments=_short(list(unit.comments)))


def _header_mark(catalog: Catalog) -> _Mark:
    said = _short(*(catalog.header(name) for name in REVISED))
    return _Mark(translation=said, comments=_short(list(catalog.comments)))


def _short(*values: object) -> str:
    return digest_of(list(values))[:8]
