"""The units as a translator goes through them: which one is at work, and what was typed and not saved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from workflow.operations.rows import Key, Row
from workflow.operations.sitting import Sitting
from workflow.operations.translate import TranslationSession, reread


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What was typed and not saved, and the unit as the translator saw it meanwhile."""

    row: Row
    texts: tuple[str, ...]


@dataclass(kw_only=True, slots=True)
class Work:
    """One unit at work; what stands in the field, which is newer than `forms`, is told as `written`."""

    sitting: Sitting
    place: int
    row: Row
    forms: tuple[str, ...]
    """The translation as it was before the present form was written on."""
    form: int = 0
    drafts: dict[Key, Draft] = field(default_factory=dict)

    @classmethod
    def begun(cls, sitting: Sitting) -> Work:
        """The work at the first open unit, or the first with a question, or the first of all."""
        place = sitting.session.next_open(-1)
        if place is None:
            place = sitting.session.next_asked(-1) or 0
        row = sitting.session.rows[place]
        return cls(sitting=sitting, place=place, row=row, forms=row.unit.targets)

    @property
    def session(self) -> TranslationSession:
        return self.sitting.session

    @property
    def source(self) -> str:
        """What the present form is made from: the singular for the first one, then the plural."""
        unit = self.row.unit
        return unit.source if self.form == 0 or unit.source_plural is None else unit.source_plural

    @property
    def unsaved_places(self) -> set[int]:
        """The places of the units whose words are nowhere else yet."""
        return {place for key in self.drafts if (place := self.session.place_of(key)) is not None}

    def texts(self, written: str) -> tuple[str, ...]:
        """The translation as it is now, in all its forms."""
        return (*self.forms[: self.form], written, *self.forms[self.form + 1 :])

    def is_unsaved(self, written: str) -> bool:
        """True if the unit is not on disk as it is written."""
        return self.texts(written) != self.row.unit.targets

    def keep(self, written: str) -> None:
        """Keeps what was typed, if it is not saved."""
        if self.is_unsaved(written):
            self.drafts[self.row.unit.key] = Draft(row=self.row, texts=self.texts(written))
        else:
            self.drafts.pop(self.row.unit.key, None)

    def refresh(self) -> bool:
        """Reads the files again; False if they have no units any more. Raises InputError if one cannot be used."""
        fresh = reread(self.session)
        if fresh.rows:
            self.sitting.session = fresh
        return bool(fresh.rows)

    def load(self, place: int) -> None:
        """Takes up the unit at a place, as it was left."""
        self.place = place
        row = self.session.rows[place]
        draft = self.drafts.get(row.unit.key)
        self.row = draft.row if draft else row
        self.forms = draft.texts if draft else row.unit.targets
        self.form = 0

    def take_comments(self) -> None:
        """Takes up the comments that the unit has by now; what was typed stays as it is."""
        place = self.session.place_of(self.row.unit.key)
        if place is not None:
            comments = self.session.rows[place].unit.comments
            self.row = replace(self.row, unit=replace(self.row.unit, comments=comments))

    def turn_to(self, form: int, written: str) -> None:
        """Takes up another plural form."""
        self.forms, self.form = self.texts(written), form

    def forget(self, key: Key) -> bool:
        """Drops what was typed for a unit, as it is saved or not wanted; True if that is the one at work."""
        self.drafts.pop(key, None)
        if key != self.row.unit.key or not self.session.rows:
            return False
        found = self.session.place_of(key)
        self.load(min(self.place, len(self.session.rows) - 1) if found is None else found)
        return True
