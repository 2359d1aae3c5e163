"""Segment by segment: what changed since the words were last signed off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workflow.canonical import digest_of
from workflow.edition import OMIT
from workflow.model import Segment, SignOff
from workflow.operations.review.alignment import SegmentNow, aligned, joined, older_sources, segments_now
from workflow.operations.review.rows import Moved, Row, RowState, Side
from workflow.operations.standing import EditionState
from workflow.questions import open_questions


def compared_rows(state: EditionState, record: SignOff | None, frozen: Sequence[Segment]) -> Iterator[Row]:
    """The segments in the story's order, beside what was signed; what was removed stands after what it followed.

    `record` is an approval of the words last signed off, `frozen` are these words; None and none without any.
    """
    return _Comparison(state, record, frozen).rows()


class _Comparison:
    """Finds for each segment what was signed in its place.

    The frozen edition has the signed words. The record has a digest of each (role, source, target): which source the
    words stood beside can be tried with the sources that the catalog still knows.
    """

    def __init__(self, state: EditionState, record: SignOff | None, frozen: Sequence[Segment]) -> None:
        join_wide = state.language.joins_lines_without_blank
        self.state = state
        self.record = record
        self.frozen = frozen
        self.signed = set(record.segments) if record else set()
        self.now = tuple(segments_now(state.files.story, state.catalog, join_wide=join_wide))
        self.older = older_sources(state.catalog, self.signed, join_wide=join_wide) if state.catalog and record else {}
        self.before = aligned(self.now, frozen, self.signed, self.older) if record else {}

    def rows(self) -> Iterator[Row]:
        gone = set(range(len(self.frozen))) - {place for places in self.before.values() for place in places}
        reached = 0
        for index, now in enumerate(self.now):
            places = self.before.get(index, [])
            if places:
                yield from self._removed(place for place in sorted(gone) if reached <= place < places[0])
                reached = max(reached, places[-1] + 1)
            yield self._row(index + 1, now, [self.frozen[place].source for place in places])
        yield from self._removed(place for place in sorted(gone) if place >= reached)

    def _removed(self, places: Iterator[int]) -> Iterator[Row]:
        for place in places:
            segment = self.frozen[place]
            source = next(iter(self.older.get((segment.role, segment.source), [])), None)
            moved = Moved.UNKNOWN if source is None else Moved.CHANGED
            yield Row(
                number=None,
                role=segment.role,
                line=0,
                state=RowState.REMOVED,
                source=Side(text="", moved=moved, before=source),
                target=Side(text="", moved=Moved.CHANGED, before=segment.source),
            )

    def _row(self, number: int, now: SegmentNow, before: list[str]) -> Row:
        role, source = now.segment.role, now.segment.source
        triple = digest_of((role, source, now.unit.target)) if now.unit else ""
        return Row(
            number=number,
            role=role,
            line=now.segment.line,
            state=now.state,
            source=self._source_side(now, before, is_signed=triple in self.signed),
            target=self._target_side(now, before, is_signed=triple in self.signed),
            notes=tuple(note for note in self.state.standing.notes if note.segment and note.segment == triple),
            questions=open_questions(now.unit) if now.unit else (),
        )

    def _target_side(self, now: SegmentNow, before: list[str], *, is_signed: bool) -> Side:
        role, source, old = now.segment.role, now.segment.source, joined(before)
        if self.record is None or (is_signed and (before or not now.words)) or (before and old == now.target):
            return Side(text=now.target, moved=Moved.SAME, before=None)
        if before or digest_of((role, source, OMIT)) in self.signed:
            return Side(text=now.target, moved=Moved.CHANGED, before=old)
        return Side(text=now.target, moved=Moved.NEW, before=None)

    def _source_side(self, now: SegmentNow, before: list[str], *, is_signed: bool) -> Side:
        source = now.segment.source
        if self.record is None:
            # Nothing was signed, but a translator wants to know why a translation needs review.
            previous = next(iter(now.previous), None)
            return Side(text=source, moved=Moved.SAME if previous is None else Moved.CHANGED, before=previous)
        if is_signed or self.record.source == self._source_digest:
            return Side(text=source, moved=Moved.SAME, before=None)
        if any(digest_of((now.segment.role, source, target)) in self.signed for target in (joined(before), OMIT)):
            return Side(text=source, moved=Moved.SAME, before=None)
        if not before:
            return Side(text=source, moved=Moved.NEW, before=None)
        known = self.older.get((now.segment.role, joined(before)), [])
        if source in known:
            return Side(text=source, moved=Moved.SAME, before=None)
        older = [item for item in now.previous if item in known or not known] or known
        if older:
            return Side(text=source, moved=Moved.CHANGED, before=older[0])
        moved = Moved.CHANGED if joined(before) == now.target else Moved.UNKNOWN
        return Side(text=source, moved=moved, before=None)

    @property
    def _source_digest(self) -> str:
        """As `localize` makes it; an incomplete edition has none."""
        return digest_of([[now.segment.role, now.segment.source] for now in self.now])
