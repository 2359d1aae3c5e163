"""A catalog that was sent to outside translators, and put together again with what came back.

What was sent is told by the file itself: its header `X-Sent` holds for each unit a short digest of its key, its
translation and its comments. So what they changed is told from what we changed meanwhile, whoever has which version
of the story. Whatever they changed is kept: as the translation, or fuzzy beside a newer source, or in the
translator's comments, or as an obsolete unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

from workflow.canonical import digest_of
from workflow.catalog import number_of_forms
from workflow.catalog.completeness import END_MARK
from workflow.merge import merge, set_aside, translated_source
from workflow.model import Catalog, Previous, Unit
from workflow.text import without_forbidden
from workflow.three_way import REVISED, as_comments, join

SENT: Final = "X-Sent"
STORY: Final = "X-Domain"
SOURCE_LANGUAGE: Final = "X-Source-Language"
"""Poedit's name for it."""

_HEADER: Final = "header"

Key: TypeAlias = tuple[str | None, str]


class Outcome(StrEnum):
    """What became of a unit that was sent back."""

    TAKEN = "taken"
    REBASED = "taken as fuzzy, for the source has changed"
    ALREADY = "here already"
    CONFLICT = "changed here as well"
    SET_ASIDE = "source not in the story"
    EMPTIED = "came back empty"
    MISSING = "did not come back"


class Change(NamedTuple):
    """One unit and its outcome."""

    outcome: Outcome
    unit: Unit
    """As it came back; as it is here, if it did not."""
    key: Key
    """Where its words are now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Returned:
    """The catalog with what came back."""

    catalog: Catalog
    changes: tuple[Change, ...]
    """One for each unit that was changed, emptied or lost outside; in the order of the file."""


# --- What was sent ---------------------------------------------------------------------------------------


class _Mark(NamedTuple):
    """Digests of what a unit said when it was sent."""

    translation: str
    comments: str


_Marks: TypeAlias = Mapping[str, _Mark]


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


def _short(*values: object) -> str:
    return digest_of(list(values))[:8]


def _identity(unit: Unit) -> str:
    return _short(*unit.key, unit.source_plural)


def _mark(unit: Unit) -> _Mark:
    said = _short(list(unit.targets), unit.fuzzy and any(unit.targets))
    return _Mark(translation=said, comments=_short(list(unit.comments)))


def _header_mark(catalog: Catalog) -> _Mark:
    return _Mark(translation=_short(*_revision(catalog).items()), comments=_short(list(catalog.comments)))


def _marks(catalog: Catalog) -> dict[str, _Mark]:
    """By identity; nothing is known of a catalog that was not sent, or whose header a tool has lost."""
    triples = (mark.split(":") for mark in catalog.header(SENT).split())
    return {triple[0]: _Mark(*triple[1:]) for triple in triples if len(triple) == 3}


# --- What came back --------------------------------------------------------------------------------------


def changed_outside(theirs: Catalog) -> tuple[Unit, ...]:
    """Return the units of a returned catalog whose translation is not what was sent; all that have one, if the
    catalog does not say what was sent."""
    marks = _marks(theirs)
    return tuple(unit for unit in _own(theirs) if _has_text(unit) and not _is_as_sent(unit, marks))


def hand_back(ours: Catalog, theirs: Catalog, *, identity: bool = False) -> Returned:
    """Return our catalog with what was changed in the one that came back; the order and the sources stay ours.

    With `identity`, for the source's own language, a unit that says what its source says counts as blank. Doing it
    twice changes nothing more. Raises ValueError if the plural forms of the two do not go together.
    """
    clean = replace(theirs, comments=_clean_lines(theirs.comments), units=tuple(map(_cleaned, _own(theirs))))
    return _HandBack(ours, clean, identity=identity).result()


def _own(theirs: Catalog) -> Iterator[Unit]:
    """The units, without the mark of the file's end, which a tool may have brought to life."""
    return (unit for unit in theirs.units if unit.key != END_MARK.key)


def _cleaned(unit: Unit) -> Unit:
    """The unit as a catalog can hold it: fuzzy, if a character of the translation had to give way to a blank."""
    lines_mended = replace(unit, targets=tuple(target.replace("\r\n", "\n") for target in unit.targets))
    targets = tuple(map(without_forbidden, lines_mended.targets))
    return replace(
        unit,
        source=without_forbidden(unit.source),
        context=None if unit.context is None else without_forbidden(unit.context),
        source_plural=None if unit.source_plural is None else without_forbidden(unit.source_plural),
        targets=targets,
        fuzzy=(unit.fuzzy or targets != lines_mended.targets) and any(targets),
        previous=None
        if unit.previous is None
        else replace(unit.previous, source=without_forbidden(unit.previous.source)),
        notes=_clean_lines(unit.notes),
        comments=_clean_lines(unit.comments),
        flags=(),
    )


def _clean_lines(lines: Iterable[str]) -> tuple[str, ...]:
    """Lines of comment; gettext would continue one that ends with a backslash."""
    clean = (without_forbidden(line.rstrip("\r").replace("\n", " ")) for line in lines)
    return tuple(f"{line}." if line.endswith("\\") else line for line in clean)


def _has_text(unit: Unit) -> bool:
    return any(target.strip() for target in unit.targets)


def _is_as_sent(unit: Unit, marks: _Marks) -> bool:
    mark = marks.get(_identity(unit))
    return mark is not None and mark.translation == _mark(unit).translation


def _revision(catalog: Catalog) -> dict[str, str]:
    return {name: catalog.header(name) for name in REVISED}


class _HandBack:
    """Finds for each unit that came back where its words belong; `three_way.join` then puts them there."""

    def __init__(self, ours: Catalog, theirs: Catalog, *, identity: bool) -> None:
        self.ours, self.theirs, self.identity = ours, theirs, identity
        self.marks = _marks(theirs)
        self.here = {unit.key: unit for unit in ours.units}
        self.wanted = {unit.key: unit for unit in ours.live}
        self.before: dict[Key, Unit] = {}
        """Ours that are as they were sent, so that what came back replaces them."""
        self.after: dict[Key, Unit] = dict(self.wanted)
        """What came back, in the shape of our catalog."""
        self.changes: list[tuple[Unit, Key]] = []
        self.rest: list[Change] = []
        _require_same_forms(ours, theirs)

    def result(self) -> Returned:
        strays = [unit for unit in self.theirs.units if not self._put_in_place(unit)]
        rebased = dict(self._rebased([unit for unit in strays if self._is_news(unit)]))
        for unit in strays:
            self._put_aside(unit, rebased.get(unit.key))
        self.rest += self._missing()
        base = replace(self._header_before(), units=tuple(self.before.values()))
        after = replace(self._header_after(), units=tuple(self.after.values()))
        joined = join(base, self.ours, after)
        found = {unit.key: unit for unit in joined.catalog.units}
        conflicts = {unit.key for unit in joined.conflicts}
        changes = [Change(self._outcome(unit, key, found, conflicts), unit, key) for unit, key in self.changes]
        same = (joined.catalog.units, after.comments) == (self.ours.units, self.ours.comments)
        return Returned(catalog=self.ours if same else joined.catalog, changes=(*changes, *self.rest))

    # --- Units whose source is in the story ---

    def _put_in_place(self, unit: Unit) -> bool:
        """Deals with a unit that the story has; returns False for others."""
        here = self.wanted.get(unit.key)
        if here is None or here.source_plural != unit.source_plural:
            return False
        said = here
        if not _is_as_sent(unit, self.marks):
            if _has_text(unit):
                previous = (unit.previous or here.previous) if unit.fuzzy else None
                said = replace(here, targets=unit.targets, fuzzy=unit.fuzzy, previous=previous)
                self.changes.append((unit, unit.key))
            elif _has_text(here) and _identity(unit) in self.marks:
                self.rest.append(Change(Outcome.EMPTIED, unit, unit.key))
        self.after[here.key] = replace(said, comments=self._comments(here, unit))
        if _is_as_sent(here, self.marks) or self._is_confirmed_by(here, unit):
            self.before[here.key] = here
        return True

    def _is_confirmed_by(self, here: Unit, unit: Unit) -> bool:
        """True if the file takes a fuzzy mark away and changes nothing; it need not say what was sent."""
        return not self.marks and here.fuzzy and here.targets == unit.targets

    def _comments(self, here: Unit, unit: Unit) -> tuple[str, ...]:
        """Ours, and the lines that were added outside."""
        mark = self.marks.get(_identity(unit))
        if mark is not None and mark.comments == _mark(unit).comments:
            return here.comments
        return (*here.comments, *(line for line in unit.comments if line not in here.comments))

    # --- Units whose source is not in the story ---

    def _is_news(self, unit: Unit) -> bool:
        """True for a translation that was made outside and is not kept here yet."""
        if not _has_text(unit) or _is_as_sent(unit, self.marks):
            return False
        kept = self.here.get(self._aside(unit).key)
        if kept is None:
            return True
        lines = as_comments("theirs", unit)
        return kept.targets != unit.targets and any(line not in kept.comments for line in lines)

    def _aside(self, unit: Unit) -> Unit:
        """The unit as it is kept: obsolete, and under another key if the story has its own with another plural."""
        moved = set_aside(unit) if unit.key in self.wanted else unit
        return replace(moved, obsolete=True, previous=None, references=())

    def _put_aside(self, unit: Unit, live: Unit | None) -> None:
        """Keeps the unit as an obsolete one, and its words with the live unit that they are meant for, if any."""
        if not _has_text(unit) or _is_as_sent(unit, self.marks):
            return
        kept = self._aside(unit)
        here = self.here.get(kept.key)
        if here is not None:
            kept = replace(kept, comments=self._comments(here, unit))
            if _is_as_sent(replace(here, context=unit.context), self.marks):
                self.before[here.key] = here
        self.after[kept.key] = kept
        if live is None:
            self.changes.append((unit, kept.key))
            return
        self.before[live.key] = live
        blank = ("",) * len(live.targets)
        self.after[live.key] = replace(
            live,
            targets=(*unit.targets, *blank)[: len(blank)],
            fuzzy=True,
            previous=translated_source(unit),
            comments=self._comments(live, unit),
        )
        self.changes.append((unit, live.key))

    def _rebased(self, news: list[Unit]) -> Iterator[tuple[Key, Unit]]:
        """(key of a stray, the live unit that its words are meant for), found as `workflow update` finds it."""
        proposals = {_previous_key(unit.previous): unit for unit in self.ours.live if unit.fuzzy and unit.previous}
        unaligned = {}
        for unit in news:
            carried = proposals.get(unit.key)
            if carried is None:
                unaligned[unit.key] = unit
            elif self._is_carried(carried, unit):
                yield unit.key, carried
        confirmed = (replace(unit, fuzzy=False, previous=None) for unit in self.theirs.units if not unit.obsolete)
        aligned = merge(replace(self.theirs, units=tuple(confirmed)), self.ours.live) if unaligned else self.ours
        for unit in aligned.live:
            stray = unaligned.get(_previous_key(unit.previous)) if unit.previous else None
            here = self.wanted[unit.key]
            if stray is not None and unit.fuzzy and self._is_open(here):
                yield stray.key, here

    def _is_carried(self, here: Unit, stray: Unit) -> bool:
        """True if what we have is what was sent with the older source, carried over by `workflow update`."""
        older = replace(stray, targets=here.targets)
        return self._is_untouched(here) and any(
            _is_as_sent(replace(older, fuzzy=fuzzy), self.marks) for fuzzy in (False, True)
        )

    def _is_open(self, here: Unit) -> bool:
        """True if nobody has put words of his own here."""
        is_blank = not _has_text(here) or (self.identity and here.targets == (here.source,))
        return is_blank and self._is_untouched(here)

    def _is_untouched(self, here: Unit) -> bool:
        """True if the file has no words for the unit itself."""
        return self.after[here.key].targets == here.targets

    # --- The whole ---

    def _missing(self) -> Iterator[Change]:
        came = {unit.key for unit in self.theirs.units}
        for unit in self.ours.live:
            if unit.key not in came and _identity(unit) in self.marks:
                yield Change(Outcome.MISSING, unit, unit.key)

    def _outcome(self, unit: Unit, key: Key, found: Mapping[Key, Unit], conflicts: Iterable[Key]) -> Outcome:
        if key in conflicts:
            return Outcome.CONFLICT
        if found[key] == self.here.get(key):
            return Outcome.ALREADY
        if found[key].obsolete:
            return Outcome.SET_ASIDE
        return Outcome.TAKEN if key == unit.key else Outcome.REBASED

    def _header_before(self) -> Catalog:
        """Our header if it is what was sent; else none, so that of two translators the later one stands there."""
        mark = self.marks.get(_HEADER)
        is_as_sent = mark is not None and mark.translation == _header_mark(self.ours).translation
        return self.ours if is_as_sent else replace(self.ours, headers=())

    def _header_after(self) -> Catalog:
        """Our header, with who translated and when as the file says it, and the lines that were added above it."""
        mark, there = self.marks.get(_HEADER), _header_mark(self.theirs)
        headers, comments = dict(self.ours.headers), self.ours.comments
        if mark is None or mark.translation != there.translation:
            values = _clean_lines(_revision(self.theirs).values())
            headers |= {name: value for name, value in zip(REVISED, values, strict=True) if value}
        if mark is None or mark.comments != there.comments:
            comments = (*comments, *(line for line in self.theirs.comments if line not in comments))
        return replace(self.ours, headers=tuple(headers.items()), comments=comments)


def _previous_key(previous: Previous) -> Key:
    return previous.context, previous.source


def _require_same_forms(ours: Catalog, theirs: Catalog) -> None:
    forms = number_of_forms(ours)
    for unit in theirs.units:
        if forms and unit.source_plural is not None and len(unit.targets) != forms:
            raise ValueError("the file has another number of plural forms than the catalog")
