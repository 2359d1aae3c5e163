"""Two versions of a catalog joined unit by unit, for git, which knows lines only.

git pairs an old msgstr with a new msgid when their lines happen to fit. Here a unit is one by its key (context
and source), and a translation never leaves its key. What one side changed is taken; where both changed a
translation, one stands as the target, fuzzy, and the other in the translator's comments, each line of it as
`theirs: "…"` (or `ours: "…"`, when theirs is the target), written as a PO file writes it. So nothing is lost, and
nothing can be published that nobody confirmed.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, TypeVar

from workflow.catalog import number_of_forms, revised_at
from workflow.catalog.strings import escape
from workflow.model import Catalog, Unit

Key: TypeAlias = tuple[str | None, str]
Units: TypeAlias = Mapping[Key, Unit]
Item = TypeVar("Item", bound=Hashable)
Value = TypeVar("Value")

REVISED: Final = ("PO-Revision-Date", "Last-Translator")
"""Who worked on the catalog last, and when: one fact in two header fields."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Joined:
    """Two versions as one."""

    catalog: Catalog
    conflicts: tuple[Unit, ...]
    """The units of the catalog that both sides changed, each its own way; all of them are fuzzy."""


def join(base: Catalog | None, ours: Catalog, theirs: Catalog) -> Joined:
    """Return the two versions joined; `base` is what both began with, None if each was made anew.

    The live units stand in the order of the side that got a newer story. If both did, a unit is live unless one of
    them took it out, and `workflow update` settles order and references by the story.

    Raises ValueError if the plural forms of the two versions do not go together.
    """
    before = Catalog(headers=()) if base is None else base
    old, our, their = ({unit.key: unit for unit in catalog.units} for catalog in (before, ours, theirs))
    new_story = _keys(theirs.live) != _keys(before.live) and _keys(ours.live) == _keys(before.live)
    join_of = _UnitJoin(old=old, new_story=new_story)
    units: dict[Key, Unit] = {}
    conflicts = []
    for key in dict.fromkeys([*our, *their]):
        unit, is_conflict = join_of.join(our.get(key), their.get(key))
        if unit is not None:
            units[key] = unit
        if unit is not None and is_conflict:
            conflicts.append(key)
    catalog = Catalog(
        headers=_headers(before, ours, theirs),
        comments=(*joined_lines(before.comments, ours.comments, theirs.comments), *_overtaken(before, ours, theirs)),
        units=(*_ordered(before, ours, theirs, units, obsolete=False), *_ordered(before, ours, theirs, units)),
    )
    _require_forms(catalog)
    return Joined(catalog=catalog, conflicts=tuple(units[key] for key in conflicts))


def _pick(before: Value, ours: Value, theirs: Value, *, prefer_theirs: bool = False) -> Value:
    """What one side changed; if both did, what the preferred side says."""
    if ours == before:
        return theirs
    if theirs == before:
        return ours
    return theirs if prefer_theirs else ours


def _keys(units: Iterable[Unit]) -> list[Key]:
    return [unit.key for unit in units]


def _require_forms(catalog: Catalog) -> None:
    declared = number_of_forms(catalog)
    for unit in catalog.units:
        if declared and unit.source_plural is not None and len(unit.targets) != declared:
            raise ValueError("the two versions have different numbers of plural forms")


# --- One unit --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class _UnitJoin:
    """Joins the two versions of one unit after another."""

    old: Units
    """The units of the base."""
    new_story: bool
    """True if theirs has the newer story."""

    def join(self, ours: Unit | None, theirs: Unit | None) -> tuple[Unit | None, bool]:
        """(the unit, None if it is gone; True if both sides changed its translation each in its own way)."""
        if ours is None or theirs is None:
            return self._from_one_side(ours, theirs), False
        before = self.old.get(ours.key)
        obsolete = not _pick(_is_live(before), _is_live(ours), _is_live(theirs))
        prefer_theirs = theirs.obsolete == obsolete and (ours.obsolete != obsolete or self.new_story)
        unit, losers = self._translation(before, ours, theirs)
        blank = Unit(source=ours.source) if before is None else before
        unit = replace(
            unit,
            obsolete=obsolete,
            previous=None if obsolete else unit.previous,
            references=_pick(blank.references, ours.references, theirs.references, prefer_theirs=prefer_theirs),
            notes=_pick(blank.notes, ours.notes, theirs.notes, prefer_theirs=prefer_theirs),
            flags=_pick(blank.flags, ours.flags, theirs.flags, prefer_theirs=prefer_theirs),
            comments=joined_lines(blank.comments, ours.comments, theirs.comments),
        )
        if losers is None:
            return unit, False
        return replace(unit, fuzzy=True, comments=_with_texts(unit.comments, losers)), True

    def _from_one_side(self, ours: Unit | None, theirs: Unit | None) -> Unit | None:
        """The unit that only one side has: it is new, or the other side deleted it."""
        unit = theirs if ours is None else ours
        if unit is None or unit.key not in self.old:
            return unit
        before = self.old[unit.key]
        if before.obsolete and not unit.obsolete:
            return unit
        unchanged = (_said(unit), unit.comments) == (_said(before), before.comments)
        if unchanged or not (unit.comments or not _is_blank(unit)):
            return None
        return unit if unit.obsolete else replace(unit, obsolete=True, previous=None, references=())

    def _translation(self, before: Unit | None, ours: Unit, theirs: Unit) -> tuple[Unit, Sequence[str] | None]:
        """(the unit with its translation, the comments that keep the other one); None without a conflict."""
        old = None if before is None else _said(before)
        if _said(ours) == _said(theirs):
            previous = None if before is None else before.previous
            return replace(ours, previous=_pick(previous, ours.previous, theirs.previous)), None
        if old in {_said(ours), _said(theirs)}:
            return (theirs if old == _said(ours) else ours), None
        if (ours.source_plural, ours.targets) == (theirs.source_plural, theirs.targets):
            was_fuzzy = before is not None and before.targets == ours.targets and before.fuzzy
            fuzzy = _pick(was_fuzzy, ours.fuzzy, theirs.fuzzy)
            return (ours if ours.fuzzy == fuzzy else theirs), None
        if before is None or _is_blank(before):
            # Nobody overwrote anything: a side that says nothing of its own gives way.
            for is_weak in (_is_blank, self._is_proposal):
                weak = is_weak(ours), is_weak(theirs)
                if any(weak):
                    return (theirs if (self.new_story if all(weak) else weak[0]) else ours), None
        return _conflict(before, ours, theirs)

    def _is_proposal(self, unit: Unit) -> bool:
        """True for what `workflow update` carried over from a similar source, where it keeps what was confirmed."""
        if not unit.fuzzy or unit.previous is None:
            return False
        source = self.old.get((unit.previous.context, unit.previous.source))
        if source is None or source.fuzzy or not source.is_translated:
            return False
        return {text for text in unit.targets if text.strip()} <= set(source.targets)


def _conflict(before: Unit | None, ours: Unit, theirs: Unit) -> tuple[Unit, Sequence[str]]:
    """One as the target, which is ours unless it is blank or has an older plural; the other as comments."""
    new_shape = before is not None and ours.source_plural == before.source_plural != theirs.source_plural
    if (new_shape and not _is_blank(theirs)) or _is_blank(ours):
        return theirs, as_comments("ours", ours)
    return ours, as_comments("theirs", theirs)


def _is_live(unit: Unit | None) -> bool:
    return unit is not None and not unit.obsolete


def _said(unit: Unit) -> tuple[object, ...]:
    """The translation, as a whole: a text that one side confirmed must not pass for another one's confirmation."""
    return unit.source_plural, unit.targets, unit.fuzzy


def _is_blank(unit: Unit) -> bool:
    return not any(target.strip() for target in unit.targets)


# --- Comments --------------------------------------------------------------------------------------------


def with_other_text(unit: Unit, side: str, other: Unit) -> Unit:
    """The unit with the other's translation among its comments, each line of it after `<side>: `."""
    return replace(unit, comments=_with_texts(unit.comments, as_comments(side, other)))


def as_comments(side: str, unit: Unit) -> list[str]:
    """A translation as lines of comment, quoted and escaped: so a backslash cannot end one."""
    lines = []
    for form, target in enumerate(unit.targets):
        label = side if unit.source_plural is None else f"{side}[{form}]"
        if target.strip():
            lines += [f'{label}: "{escape(part)}"' for part in target.splitlines(keepends=True)]
    return lines


def _with_texts(comments: tuple[str, ...], texts: Sequence[str]) -> tuple[str, ...]:
    """The comments and what is to be kept in them, unless an earlier merge put it there."""
    size = len(texts)
    if any(list(comments[at : at + size]) == list(texts) for at in range(len(comments))):
        return comments
    return (*comments, *texts)


def joined_lines(before: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...]:
    """Two versions of comments as one: ours without what theirs took out, and what theirs added."""
    if theirs in (before, ours):
        return tuple(ours)
    if ours == before:
        return tuple(theirs)
    gone = set(before) - set(theirs)
    kept = [line for line in ours if line not in gone]
    return (*kept, *(line for line in theirs if line not in {*before, *ours}))


# --- Order -----------------------------------------------------------------------------------------------


def _ordered(before: Catalog, ours: Catalog, theirs: Catalog, units: Units, *, obsolete: bool = True) -> Iterable[Unit]:
    """The live units, or the obsolete ones, in the order of the side that changed it; ours, if both did."""
    was, our, their = (
        [unit.key for unit in catalog.units if unit.obsolete == obsolete] for catalog in (before, ours, theirs)
    )
    wanted = [key for key, unit in units.items() if unit.obsolete == obsolete]
    first, second = (their, our) if our == was else (our, their)
    return (units[key] for key in _interleaved(first, [*second, *wanted], set(wanted)))


def _interleaved(first: Sequence[Item], second: Sequence[Item], wanted: set[Item]) -> Iterable[Item]:
    """The wanted items in the order of `first`; those that only `second` has stand after the same one as there."""
    known = {item for item in first if item in wanted}
    after: dict[Item | None, list[Item]] = {}
    last: Item | None = None
    for item in dict.fromkeys(second):
        if item in known:
            last = item
        elif item in wanted:
            after.setdefault(last, []).append(item)
    yield from after.get(None, ())
    for item in first:
        if item in known:
            yield item
            yield from after.get(item, ())


# --- Headers ---------------------------------------------------------------------------------------------


def _headers(before: Catalog, ours: Catalog, theirs: Catalog) -> tuple[tuple[str, str], ...]:
    """Field by field; of two translators the later one, with the date."""
    if ours.headers == before.headers:
        return theirs.headers
    was, our, their = dict(before.headers), dict(ours.headers), dict(theirs.headers)
    theirs_later = _is_later(theirs, ours)
    fields = []
    for name in dict.fromkeys([*our, *their]):
        value = _pick(was.get(name), our.get(name), their.get(name))
        if name in REVISED:
            value = _revised(before, ours, theirs, theirs_later=theirs_later).get(name)
        if value is not None:
            fields.append((name, value))
    return tuple(fields)


def _revised(before: Catalog, ours: Catalog, theirs: Catalog, *, theirs_later: bool) -> dict[str, str]:
    """The two fields of the side that worked on the catalog; of both, the later one."""
    return _pick(*map(_revision, (before, ours, theirs)), prefer_theirs=theirs_later)


def _revision(catalog: Catalog) -> dict[str, str]:
    return {name: value for name, value in catalog.headers if name in REVISED}


def _is_later(one: Catalog, other: Catalog) -> bool:
    """True if one was worked on after the other; a catalog that does not say when is the earlier one."""
    when, before = revised_at(one), revised_at(other)
    return when is not None and (before is None or when > before)


def _overtaken(before: Catalog, ours: Catalog, theirs: Catalog) -> list[str]:
    """Of two translators who both worked on it, the one that the header has no room for, as gettext names them."""
    earlier = ours if _is_later(theirs, ours) else theirs
    was, our, their = (catalog.header("Last-Translator") for catalog in (before, ours, theirs))
    name = earlier.header("Last-Translator")
    line = f"{name}, {earlier.header('PO-Revision-Date')[:4]}."
    known = {*ours.comments, *theirs.comments}
    return [line] if len({was, our, their}) == 3 and name and line not in known else []
