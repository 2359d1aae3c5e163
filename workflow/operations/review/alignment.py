"""Which signed words stood in the place of which segment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from workflow.canonical import digest_of
from workflow.diff import pair
from workflow.edition import edition_words
from workflow.model import Catalog, Role, Segment, Story, Unit, UnitState
from workflow.operations.review.rows import RowState
from workflow.story import segments

Sources = Mapping[tuple[Role, str], Sequence[str]]
"""By role and signed words: the sources beside which they were signed."""


class SegmentNow(NamedTuple):
    """A segment of the story with its words."""

    segment: Segment
    unit: Unit | None
    words: tuple[str, ...]
    """Its paragraphs as they stand in the edition."""

    @property
    def target(self) -> str:
        return joined(self.words)

    @property
    def previous(self) -> list[str]:
        """The source that a fuzzy translation was made from, if it has one."""
        return [self.unit.previous.source] if self.unit and self.unit.fuzzy and self.unit.previous else []

    @property
    def state(self) -> RowState:
        if self.unit is None or self.unit.state is UnitState.NEW:
            return RowState.MISSING
        if self.unit.state is UnitState.NEEDS_REVIEW:
            return RowState.NEEDS_REVIEW
        return RowState.TRANSLATED if self.words else RowState.LEFT_OUT


class _Place(NamedTuple):
    """A paragraph of the edition as it is now, and the row that it belongs to."""

    row: int
    role: Role
    text: str


def joined(words: Sequence[str]) -> str:
    """The paragraphs as one text."""
    return "\n\n".join(words)


def segments_now(story: Story, catalog: Catalog | None, *, join_wide: bool) -> Iterator[SegmentNow]:
    """The story's segments with their words in the catalog; `join_wide` as for the edition's words."""
    units = {unit.key: unit for unit in catalog.live} if catalog else {}
    for segment in segments(story):
        unit = units.get((segment.role.context, segment.source))
        words = edition_words(segment.role, unit.target if unit else "", join_wide=join_wide)
        yield SegmentNow(segment, unit, words)


def older_sources(catalog: Catalog, signed: Collection[str], *, join_wide: bool) -> Sources:
    """The sources of signed words, as far as the catalog knows them; `signed` are the digests that a record binds."""
    found: dict[tuple[Role, str], list[str]] = defaultdict(list)
    for unit in catalog.units:
        role = Role.of_context(unit.context) or Role.PARAGRAPH
        for source in (unit.source, *([unit.previous.source] if unit.previous else [])):
            if digest_of((role, source, unit.target)) in signed:
                found[role, joined(edition_words(role, unit.target, join_wide=join_wide))].append(source)
    return found


def aligned(
    now: Sequence[SegmentNow], frozen: Sequence[Segment], signed: Collection[str], older: Sources
) -> dict[int, list[int]]:
    """By row: the places in the frozen edition that hold what was signed there."""
    places = [
        _Place(row, item.segment.role, text)
        for row, item in enumerate(now)
        for text in item.words or (() if item.state is RowState.LEFT_OUT else ("",))
    ]

    def paired(old_from: int, old_to: int, new_from: int, new_to: int) -> dict[int, int]:
        old, new = frozen[old_from:old_to], places[new_from:new_to]

        def may_pair(one: int, other: int) -> bool:
            return old[one].role is new[other].role

        def is_same(one: int, other: int) -> bool:
            return _is_same(now[new[other].row], old[one].source, signed, older)

        return pair([segment.source for segment in old], [place.text for place in new], is_same, may_pair)

    before = [(segment.role, segment.source, RowState.TRANSLATED) for segment in frozen]
    after = [(place.role, place.text, now[place.row].state) for place in places]
    found: dict[int, list[int]] = defaultdict(list)
    runs = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for kind, old_from, old_to, new_from, new_to in runs:
        if kind == "equal":
            pairs = {at: at for at in range(new_to - new_from)}
        else:
            pairs = paired(old_from, old_to, new_from, new_to)
        for one, other in sorted(pairs.items()):
            found[places[new_from + one].row].append(old_from + other)
    return found


def _is_same(now: SegmentNow, words: str, signed: Collection[str], older: Sources) -> bool:
    """True if the words were signed for the segment: a story has one headline, and the others tell by their source."""
    role, source = now.segment.role, now.segment.source
    if role in {Role.HEADLINE, Role.SUMMARY}:
        return True
    known = older.get((role, words), ())
    return not {source, *now.previous}.isdisjoint(known) or digest_of((role, source, words)) in signed
