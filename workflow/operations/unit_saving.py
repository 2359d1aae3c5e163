"""One unit of a session: what becomes of it, and how it gets into a catalog that others may have changed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from workflow.catalog import revised
from workflow.model import Catalog, Unit
from workflow.operations.rows import Row
from workflow.operations.translate import TranslationSession, reread, with_catalog
from workflow.text import FORBIDDEN
from workflow.three_way import joined_lines, with_other_text

_FORBIDDEN = re.compile(f"[{FORBIDDEN}]")


def cleaned(row: Row, text: str) -> str:
    """A translation as the row's unit can hold it; blanks around it are dropped but in the newsroom's own words."""
    text = tidied(row, text)
    return text if row.role is None else text.strip()


def tidied(row: Row, text: str) -> str:
    """A piece of text as the row's unit can hold it: no controls, line ends only where they mean something."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = _FORBIDDEN.sub("", text)
    if row.takes_lines or "\n" not in text:
        return text
    first, *rest = text.split("\n")
    return " ".join([first.rstrip(" "), *(part.strip(" ") for part in rest if part.strip(" "))])


def accepted(row: Row, targets: Sequence[str]) -> Unit:
    """The unit with the translation confirmed."""
    return _with_targets(row, targets, fuzzy=False)


def needing_work(row: Row, targets: Sequence[str]) -> Unit:
    """The unit with the translation to be looked at again; a blank one takes the translation away."""
    return _with_targets(row, targets, fuzzy=True)


def _with_targets(row: Row, targets: Sequence[str], *, fuzzy: bool) -> Unit:
    texts = tuple(cleaned(row, text) for text in targets)
    fuzzy = fuzzy and any(text.strip() for text in texts)
    return replace(row.unit, targets=texts, fuzzy=fuzzy, previous=row.unit.previous if fuzzy else None)


# --- Saving ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """The unit is on disk."""

    session: TranslationSession
    """As the catalog is now."""
    changed: bool
    """False if it said so already, and nothing was written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """Somebody else changed the unit; nothing was written."""

    session: TranslationSession
    """As the catalog is now."""
    mine: Unit
    """What was to be saved."""
    theirs: Unit | None
    """What the catalog has in its place; None if the story no longer says this."""


def save_unit(
    session: TranslationSession,
    base: Unit,
    wanted: Unit,
    *,
    translator: str,
    now: datetime.datetime,
    beside: Unit | None = None,
) -> Saved | Conflict:
    """Writes one unit into the catalog as it is on disk now, where other units may have changed.

    `base` is the unit as the translator saw it. If the catalog has another translation by now, or the unit no more,
    nothing is written. `translator` (`Name <address>`, or empty) goes into the header as Poedit writes it; the
    translation of `beside` is kept in the unit's comments. Raises ConflictError if another command is writing.
    """
    with session.newsroom.lock():
        fresh = reread(session)
        present = {unit.key: unit for unit in fresh.catalog.live}.get(base.key)
        if present is None or present.source_plural != base.source_plural:
            return Conflict(session=fresh, mine=wanted, theirs=None)
        if present.targets not in (base.targets, wanted.targets):
            return Conflict(session=fresh, mine=wanted, theirs=present)
        unit = replace(present, targets=wanted.targets, fuzzy=wanted.fuzzy, previous=wanted.previous)
        if beside is not None:
            unit = with_other_text(unit, "theirs", beside)
        return _written(fresh, present, unit, translator, now)


def save_comments(session: TranslationSession, base: Unit, wanted: Unit) -> Saved | Conflict:
    """Writes what was changed in a unit's comments since `base`, whatever its translation is by now.

    It names no translator: an editor who answers a question may still approve. Raises ConflictError as `save_unit`
    does.
    """
    with session.newsroom.lock():
        fresh = reread(session)
        present = {unit.key: unit for unit in fresh.catalog.live}.get(base.key)
        if present is None:
            return Conflict(session=fresh, mine=wanted, theirs=None)
        comments = joined_lines(base.comments, present.comments, wanted.comments)
        if comments == present.comments:
            return Saved(session=fresh, changed=False)
        return _saved(fresh, _with_unit(fresh.catalog, present, replace(present, comments=comments)))


def keep_obsolete(session: TranslationSession, unit: Unit, *, translator: str, now: datetime.datetime) -> Saved:
    """Keeps the translation of a unit that the story no longer has, where `workflow update` finds it again.

    If another translation is kept there already, this one stands in its comments. Raises ConflictError as
    `save_unit` does.
    """
    with session.newsroom.lock():
        fresh = reread(session)
        kept = {other.key: other for other in fresh.catalog.units}.get(unit.key)
        if kept is not None:
            changed = kept if kept.targets == unit.targets else with_other_text(kept, "ours", unit)
            return _written(fresh, kept, changed, translator, now)
        old = replace(unit, obsolete=True, previous=None, references=(), fuzzy=False)
        units = (*fresh.catalog.units, old)
        return _rewritten(fresh, replace(fresh.catalog, units=units), translator, now)


def _written(session: TranslationSession, old: Unit, unit: Unit, translator: str, now: datetime.datetime) -> Saved:
    if unit == old:
        return Saved(session=session, changed=False)
    return _rewritten(session, _with_unit(session.catalog, old, unit), translator, now)


def _with_unit(catalog: Catalog, old: Unit, unit: Unit) -> Catalog:
    return replace(catalog, units=tuple(unit if other is old else other for other in catalog.units))


def _rewritten(session: TranslationSession, catalog: Catalog, translator: str, now: datetime.datetime) -> Saved:
    return _saved(session, revised(catalog, translator=translator, at=now))


def _saved(session: TranslationSession, catalog: Catalog) -> Saved:
    session.newsroom.write_catalog(session.language.code, session.slug, catalog)
    return Saved(session=with_catalog(session, session.story, catalog), changed=True)
