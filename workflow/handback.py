"""A catalog put together with what outside translators sent back.

Whatever they changed is kept: as the translation, or fuzzy beside a newer source, or in the translator's comments, or
as an obsolete unit. What was changed here meanwhile stays, too; `three_way.join` decides unit by unit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from workflow.catalog import number_of_forms
from workflow.catalog.completeness import END_MARK
from workflow.merge import merge, set_aside, translated_source
from workflow.model import Catalog, Previous, Unit
from workflow.questions import with_lines_of
from workflow.sent import sent
from workflow.text import without_forbidden
from workflow.three_way import REVISED, as_comments, join

Key: TypeAlias = tuple[str | None, str]


class Outcome(StrEnum):
    """What became of a unit that was sent back."""

    TAKEN = "taken"
    REBASED = "taken as fuzzy, for the source has changed"
    ALREADY = "here already"
    CONFLICT = "changed here as well"
    SET_ASIDE = "kept aside, for the story has no such text now"
    EMPTIED = "came back empty"
    MISSING = "did not come back"


class Change(NamedTuple):
    """One unit that was changed, emptied or lost outside."""

    outcome: Outcome
    key: Key
    """Where its words are in our catalog."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Returned:
    """The catalog with what came back."""

    catalog: Catalog
    changes: tuple[Change, ...]


def hand_back(ours: Catalog, theirs: Catalog, *, identity: bool = False) -> Returned:
    """Return our catalog with what was changed in the one that came back; the order and the sources stay ours.

    With `identity`, for the source's own language, a unit that says what its source says counts as blank. Doing it
    twice changes nothing more. Raises ValueError if the plural forms of the two do not go together.
    """
    clean = replace(theirs, comments=_clean_lines(theirs.comments), units=tuple(map(_clean, own_units(theirs))))
    _require_same_forms(ours, clean)
    return _HandBack(ours, clean, identity=identity).result()


def changed_outside(theirs: Catalog) -> tuple[Unit, ...]:
    """Return the units whose translation is not what was sent.

    All that have one, if the catalog does not say what was sent.
    """
    before = sent(theirs)
    return tuple(unit for unit in own_units(theirs) if _has_text(unit) and not before.has_translation(unit))


def own_units(theirs: Catalog) -> Iterator[Unit]:
    """The units, without the mark of the file's end, which a tool may have brought to life."""
    return (unit for unit in theirs.units if unit.key != END_MARK.key)


def _has_text(unit: Unit) -> bool:
    return any(target.strip() for target in unit.targets)


def _require_same_forms(ours: Catalog, theirs: Catalog) -> None:
    forms = number_of_forms(ours)
    for unit in theirs.units:
        if forms and unit.source_plural is not None and len(unit.targets) != forms:
            raise ValueError("the file has another number of plural forms than the catalog")


# --- What a catalog can hold -----------------------------------------------------------------------------


def _clean(unit: Unit) -> Unit:
    """The unit as a catalog can hold it: fuzzy, if a character of the translation had to give way to a blank."""
    mended = tuple(target.replace("\r\n", "\n") for target in unit.targets)
    targets = tuple(map(without_forbidden, mended))
    return replace(
        unit,
        source=without_forbidden(unit.source),
        context=_clean_if_any(unit.context),
        source_plural=_clean_if_any(unit.source_plural),
        targets=targets,
        fuzzy=(unit.fuzzy or targets != mended) and any(targets),
        previous=None if unit.previous is None else _clean_previous(unit.previous),
        notes=_clean_lines(unit.notes),
        comments=_clean_lines(unit.comments),
        flags=(),
    )


def _clean_if_any(text: str | None) -> str | None:
    return None if text is None else without_forbidden(text)


def _clean_previous(previous: Previous) -> Previous:
    return Previous(
        source=without_forbidden(previous.source),
        context=_clean_if_any(previous.context),
        source_plural=_clean_if_any(previous.source_plural),
    )


def _clean_lines(lines: Iterable[str]) -> tuple[str, ...]:
    """Lines of comment; gettext would continue one that ends with a backslash."""
    clean = (without_forbidden(line.rstrip("\r").replace("\n", " ")) for line in lines)
    return tuple(f"{line}." if line.endswith("\\") else line for line in clean)


# --- Where the words belong ------------------------------------------------------------------------------


class _HandBack:
    """Puts each unit that came back where its words belong, and lets `three_way.join` decide between them and ours."""

    def __init__(self, ours: Catalog, theirs: Catalog, *, identity: bool) -> None:
        self.ours, self.theirs, self.identity = ours, theirs, identity
        self.sent = sent(theirs)
        self.here = {unit.key: unit for unit in ours.units}
        self.wanted = {unit.key: unit for unit in ours.live}
        self.before: dict[Key, Unit] = {}
        """Ours that are as they were sent, so that what came back replaces them."""
        self.after: dict[Key, Unit] = dict(self.wanted)
        """What came back, in the shape of our catalog."""
        self.changed: list[tuple[Unit, Key]] = []
        """Units that came back changed, and where their words are put."""
        self.untaken: list[Change] = []

    def result(self) -> Returned:
        """The two put together."""
        strays = [unit for unit in self.theirs.units if not self._put_in_place(unit)]
        rebased = dict(self._rebased([unit for unit in strays if self._is_news(unit)]))
        for unit in strays:
            self._put_aside(unit, rebased.get(unit.key))
        base = replace(self._header_before(), units=tuple(self.before.values()))
        after = replace(self._header_after(), units=tuple(self.after.values()))
        joined = join(base, self.ours, after)
        found = {unit.key: unit for unit in joined.catalog.units}
        conflicts = {unit.key for unit in joined.conflicts}
        changes = [Change(self._outcome(unit, key, found, conflicts), key) for unit, key in self.changed]
        same = (joined.catalog.units, after.comments) == (self.ours.units, self.ours.comments)
        return Returned(
            catalog=self.ours if same else joined.catalog,
            changes=(*changes, *self.untaken, *self._missing()),
        )

    def _is_translated_outside(self, unit: Unit) -> bool:
        return _has_text(unit) and not self.sent.has_translation(unit)

    def _comments(self, here: Unit, unit: Unit) -> tuple[str, ...]:
        """Ours, and the lines that were added outside."""
        return here.comments if self.sent.has_comments(unit) else with_lines_of(here.comments, unit.comments)

    # --- Units whose source is in the story ---

    def _put_in_place(self, unit: Unit) -> bool:
        """Deals with a unit that the story has; returns False for others."""
        here = self.wanted.get(unit.key)
        if here is None or here.source_plural != unit.source_plural:
            return False
        after = replace(here, comments=self._comments(here, unit))
        if self._is_translated_outside(unit):
            previous = (unit.previous or here.previous) if unit.fuzzy else None
            after = replace(after, targets=unit.targets, fuzzy=unit.fuzzy, previous=previous)
            self.changed.append((unit, unit.key))
        elif after != here:
            self.changed.append((unit, unit.key))
        elif self._is_emptied(here, unit):
            self.untaken.append(Change(Outcome.EMPTIED, unit.key))
        self.after[here.key] = after
        if self.sent.has_translation(here) or self._is_confirmed_by(here, unit):
            self.before[here.key] = here
        return True

    def _is_emptied(self, here: Unit, unit: Unit) -> bool:
        """True if a translation was lost that is not just the source again, which OmegaT writes as nothing."""
        is_lost = not _has_text(unit) and self.sent.knows(unit) and not self.sent.has_translation(unit)
        return is_lost and _has_text(here) and here.targets != (here.source,)

    def _is_confirmed_by(self, here: Unit, unit: Unit) -> bool:
        """True if the file takes a fuzzy mark away and changes nothing; it need not say what was sent."""
        return not self.sent.marks and here.fuzzy and here.targets == unit.targets

    def _missing(self) -> Iterator[Change]:
        came = {unit.key for unit in self.theirs.units}
        for unit in self.ours.live:
            if unit.key not in came and self.sent.knows(unit):
                yield Change(Outcome.MISSING, unit.key)

    # --- Units whose source is not in the story ---

    def _is_news(self, unit: Unit) -> bool:
        """True for a translation that was made outside and is not kept here yet."""
        kept = self.here.get(self._aside(unit).key)
        if kept is None or not self._is_translated_outside(unit):
            return self._is_translated_outside(unit)
        return kept.targets != unit.targets and not set(as_comments("theirs", unit)) <= set(kept.comments)

    def _aside(self, unit: Unit) -> Unit:
        """The unit as it is kept: obsolete, and under another key if the story has its own with another plural."""
        moved = set_aside(unit) if unit.key in self.wanted else unit
        return replace(moved, obsolete=True, previous=None, references=())

    def _put_aside(self, unit: Unit, live: Unit | None) -> None:
        """Keeps the unit as an obsolete one, and its words with the live unit that they are meant for, if any."""
        if self.sent.has_comments(unit) and not self._is_translated_outside(unit):
            return
        kept = self._aside(unit)
        here = self.here.get(kept.key)
        if here is not None:
            kept = replace(kept, comments=self._comments(here, unit))
            if self.sent.has_translation(replace(here, context=unit.context)):
                self.before[here.key] = here
        self.after[kept.key] = kept
        if live is not None:
            self._propose(unit, live)
        self.changed.append((unit, kept.key if live is None else live.key))

    def _propose(self, unit: Unit, live: Unit) -> None:
        """Gives the words to the live unit; they are another source's, so they are fuzzy."""
        blank = ("",) * len(live.targets)
        after = self.after[live.key]
        self.before[live.key] = live
        self.after[live.key] = replace(
            after,
            targets=(*unit.targets, *blank)[: len(blank)],
            fuzzy=True,
            previous=translated_source(unit),
            comments=self._comments(after, unit),
        )

    def _rebased(self, news: Sequence[Unit]) -> Iterator[tuple[Key, Unit]]:
        """(key of a stray, the live unit that its words are meant for).

        That is the one that carries what was sent with the stray's source; or else the one that `workflow update`
        would have carried the stray to, if nobody has put words there.
        """
        carriers = {_key(unit.previous): unit for unit in self.ours.live if unit.fuzzy and unit.previous}
        unaligned = {}
        for unit in news:
            carrier = carriers.get(unit.key)
            if carrier is None:
                unaligned[unit.key] = unit
            elif self._is_carried(carrier, unit):
                yield unit.key, carrier
        for unit in self._aligned() if unaligned else ():
            stray = unaligned.get(_key(unit.previous)) if unit.fuzzy and unit.previous else None
            here = self.wanted[unit.key]
            if stray is not None and (self._is_open(here) or self._is_carried(here, stray)):
                yield stray.key, here

    def _aligned(self) -> Sequence[Unit]:
        """Our live units with their translations, and those of similar sources, whose key is then `previous`."""
        units = (replace(unit, fuzzy=False, previous=None) for unit in self.theirs.units if not unit.obsolete)
        return merge(replace(self.theirs, units=tuple(units)), self.ours.live).live

    def _is_carried(self, here: Unit, stray: Unit) -> bool:
        """True if what we have is what was sent with the older source, carried over by `workflow update`."""
        older = replace(stray, targets=here.targets)
        states = (replace(older, fuzzy=fuzzy) for fuzzy in (False, True))
        return here.fuzzy and self._is_untouched(here) and any(map(self.sent.has_translation, states))

    def _is_open(self, here: Unit) -> bool:
        """True if nobody has put words of his own here."""
        is_blank = not _has_text(here) or (self.identity and here.targets == (here.source,))
        return is_blank and self._is_untouched(here)

    def _is_untouched(self, here: Unit) -> bool:
        """True if the file has no words for the unit itself."""
        return self.after[here.key].targets == here.targets

    # --- The whole ---

    def _outcome(self, unit: Unit, key: Key, found: Mapping[Key, Unit], conflicts: Collection[Key]) -> Outcome:
        if key in conflicts:
            return Outcome.CONFLICT
        if found[key] == self.here.get(key):
            return Outcome.ALREADY
        if found[key].obsolete:
            return Outcome.SET_ASIDE
        return Outcome.TAKEN if key == unit.key else Outcome.REBASED

    def _header_before(self) -> Catalog:
        """Our header if it is what was sent; else none, so that of two translators the later one stands there."""
        return self.ours if self.sent.has_translator(self.ours) else replace(self.ours, headers=())

    def _header_after(self) -> Catalog:
        """Our header, with who translated and when as the file says it, and the lines that were added above it."""
        headers, comments = dict(self.ours.headers), self.ours.comments
        if not self.sent.has_translator(self.theirs):
            values = _clean_lines(self.theirs.header(name) for name in REVISED)
            headers |= {name: value for name, value in zip(REVISED, values, strict=True) if value}
        if not self.sent.has_header_comments(self.theirs):
            comments = (*comments, *(line for line in self.theirs.comments if line not in comments))
        return replace(self.ours, headers=tuple(headers.items()), comments=comments)


def _key(previous: Previous) -> Key:
    return previous.context, previous.source
