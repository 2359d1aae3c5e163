"""The units of a catalog as rows, each at its place in the story."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from workflow.canonical import digest_of
from workflow.edition import template_units
from workflow.model import Catalog, Code, Figure, Previous, Role, Rule, Segment, Story, Unit, UnitState
from workflow.questions import open_questions
from workflow.signoff import OpenNote
from workflow.story import reading_order

Key: TypeAlias = tuple[str | None, str]
"""What tells a unit from the others of its catalog: context and source."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One unit at its place in the story."""

    numbers: tuple[int, ...]
    """Where it stands, counted as `workflow review` counts; several if the story says the same words again."""
    role: Role | None
    """None for the newsroom's own words."""
    unit: Unit
    notes: tuple[OpenNote, ...] = ()
    """What editors want changed in these very words."""
    before: tuple[str, ...] = ()
    """What stands before it in the story and has no words to translate."""

    @property
    def number(self) -> int:
        return self.numbers[0]

    @property
    def is_open(self) -> bool:
        """True if the translator has something to do here."""
        return self.unit.state is not UnitState.TRANSLATED or bool(self.notes)

    @property
    def questions(self) -> tuple[str, ...]:
        """What a translator asked here and nobody has answered."""
        return open_questions(self.unit)

    @property
    def takes_lines(self) -> bool:
        """True where a line end in the translation means something."""
        return "\n" in self.unit.source if self.role is None else self.role.may_split

    @property
    def may_be_omitted(self) -> bool:
        return self.role is not None and not self.role.is_required

    @property
    def previous(self) -> Previous | None:
        """The source that the translation was made from, if it is another one now."""
        unit = self.unit
        changed = unit.previous is not None and unit.previous.source != unit.source
        return unit.previous if unit.fuzzy and changed else None


def story_keys(story: Story) -> set[Key]:
    """The keys of the units that the story has."""
    return {unit.key for unit in template_units(story, "")}


def rows_of(story: Story | None, catalog: Catalog, notes: Sequence[OpenNote]) -> tuple[Row, ...]:
    """The live units; what the story does not say stands at the end, in the catalog's order."""
    units = {unit.key: unit for unit in catalog.live}
    rows, last = _story_rows(story, units, notes) if story else ({}, 0)
    for number, unit in enumerate((unit for unit in catalog.live if unit.key not in rows), start=last + 1):
        rows[unit.key] = Row(numbers=(number,), role=None, unit=unit)
    return tuple(rows.values())


def _story_rows(story: Story, units: dict[Key, Unit], notes: Sequence[OpenNote]) -> tuple[dict[Key, Row], int]:
    """(the rows by their units' keys, the number of the story's last segment)."""
    by_segment: dict[str, list[OpenNote]] = defaultdict(list)
    for note in notes:
        by_segment[note.segment].append(note)
    rows: dict[Key, Row] = {}
    between: list[str] = []
    number = 0
    for item in reading_order(story):
        if not isinstance(item, Segment):
            between.append(_wordless(item))
            continue
        number += 1
        key = (item.role.context, item.source)
        if key in rows:
            rows[key] = replace(rows[key], numbers=(*rows[key].numbers, number))
        elif key in units:
            found = by_segment.get(digest_of((item.role, item.source, units[key].target)), ())
            rows[key] = Row(
                numbers=(number,), role=item.role, unit=units[key], notes=tuple(found), before=tuple(between)
            )
            between.clear()
    return rows, number


def _wordless(item: Figure | Code | Rule) -> str:
    match item:
        case Figure():
            return f"picture {item.source}"
        case Code():
            return f"code: {item.text.strip()}"
        case Rule():
            return "* * *"
