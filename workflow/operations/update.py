"""Stories and templates → catalogs: extract, and merge into every language."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from workflow.canonical import digest_of
from workflow.catalog import format_catalog, new_headers, parse_catalog
from workflow.edition import template_units
from workflow.installation import shipped
from workflow.languages import Language, english_name
from workflow.memory import Match, Memory
from workflow.merge import merge
from workflow.model import Catalog, Decision, Role, Unit, UnitState
from workflow.newsroom import SITE, Newsroom
from workflow.operations.memory import Tell, open_memory, say_nothing
from workflow.operations.prefill import Find, prefilled
from workflow.operations.verdicts import Verdicts
from workflow.rendering.templates import template_folders
from workflow.signoff import open_notes
from workflow.site import site_units

NOTE_MARK = "editor's note: "
"""Begins the comment that shows an editor's note to the translator; update writes and removes such lines."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CatalogUpdate:
    """What an update did, or would do, to one catalog."""

    path: str
    language: str
    domain: str
    changed: bool
    translated: int
    needs_review: int
    new: int
    obsolete: int


def update(
    newsroom: Newsroom,
    slugs: Sequence[str],
    *,
    check: bool,
    now: datetime.datetime,
    prefill: bool = True,
    tell: Tell = say_nothing,
) -> tuple[CatalogUpdate, ...]:
    """Brings the catalogs of the stories, and of the newsroom's own words, up to date.

    With `check` nothing is written. All catalogs are merged before the first is written, so a fault in one leaves
    all as they were. With `prefill`, unless the newsroom's settings forbid it, new units get what was approved for
    such words before, to be reviewed. Raises InputError for a story, template or catalog that cannot be used.
    """
    merged = [*_site_catalogs(newsroom, now)]
    with contextlib.ExitStack() as stack:
        # Opened for the first new unit: where there is none, the memory costs nothing.
        memory = functools.cache(lambda: stack.enter_context(open_memory(newsroom, now, tell=tell)))
        for slug in slugs:
            merged += _story_catalogs(newsroom, slug, now, memory if prefill and newsroom.settings.prefill else None)
    updates = []
    if not check:
        newsroom.sweep(newsroom.catalog_file(language.code, domain) for language, domain, _ in merged)
    for language, domain, catalog in merged:
        path = newsroom.catalog_file(language.code, domain)
        if check:
            changed = not newsroom.exists(path) or newsroom.read(path) != format_catalog(catalog).encode()
        else:
            changed = newsroom.write_catalog(language.code, domain, catalog)
        updates.append(_summary(path, language, domain, catalog, changed))
    return tuple(updates)


def _summary(path: str, language: Language, domain: str, catalog: Catalog, changed: bool) -> CatalogUpdate:
    states = [unit.state for unit in catalog.units]
    return CatalogUpdate(
        path=path,
        language=language.code,
        domain=domain,
        changed=changed,
        translated=states.count(UnitState.TRANSLATED),
        needs_review=states.count(UnitState.NEEDS_REVIEW),
        new=states.count(UnitState.NEW),
        obsolete=states.count(UnitState.OBSOLETE),
    )


def _story_catalogs(
    newsroom: Newsroom, slug: str, now: datetime.datetime, memory: Callable[[], Memory] | None
) -> list[tuple[Language, str, Catalog]]:
    story = newsroom.read_story(slug)
    wanted = template_units(story, newsroom.story_file(slug))
    merged = []
    for language in newsroom.story_languages(story):
        catalog = _merged(newsroom, language, slug, wanted, story.language == language.code, now)
        catalog = prefilled(catalog, _finder(newsroom, memory, (story.language, language.code)))
        merged.append((language, slug, _with_notes(newsroom, language, slug, catalog, now)))
    return merged


def _finder(newsroom: Newsroom, memory: Callable[[], Memory] | None, languages: tuple[str, str]) -> Find:
    """What finds the match for a new unit; nothing in the story's own language, or without a memory."""

    def find(unit: Unit, before: str, after: str) -> Match | None:
        if memory is None or languages[0] == languages[1]:
            return None
        matches = memory().lookup(
            unit.source,
            languages=languages,
            role=unit.context or Role.PARAGRAPH.value,
            before=before,
            after=after,
            limit=1,
            threshold=newsroom.settings.prefill_from,
            by_sentence=False,
        )
        return matches[0] if matches else None

    return find


def _with_notes(newsroom: Newsroom, language: Language, slug: str, catalog: Catalog, now: datetime.datetime) -> Catalog:
    """The catalog with the editors' open notes beside their units, and without those that are settled."""
    log = newsroom.read_log(language.code, slug)
    notes: dict[str, list[str]] = {}
    if any(line.record.decision is Decision.RETURN for line in log):
        digests = {digest_of(_signed_triple(unit)): unit for unit in catalog.live}
        checked = Verdicts.load(newsroom, now).checked_log(language.code, slug)
        for found in open_notes(checked.lines, digests, ""):
            if found.segment:
                notes.setdefault(found.segment, []).append(
                    f"{NOTE_MARK}{found.name}, {found.at:%Y-%m-%d}: {found.text}"
                )
    return dataclasses.replace(catalog, units=tuple(_with_unit_notes(unit, notes) for unit in catalog.units))


def _with_unit_notes(unit: Unit, notes: Mapping[str, Sequence[str]]) -> Unit:
    own = tuple(line for line in unit.comments if not line.startswith(NOTE_MARK))
    open_now = () if unit.obsolete else notes.get(digest_of(_signed_triple(unit)), ())
    lines = tuple(part for text in open_now for part in text.splitlines())
    return dataclasses.replace(unit, comments=(*own, *lines))


def _signed_triple(unit: Unit) -> list[str]:
    """What a sign-off's segment digest is made of; plain body text has no context."""
    return [unit.context or Role.PARAGRAPH.value, unit.source, unit.target]


def _site_catalogs(newsroom: Newsroom, now: datetime.datetime) -> list[tuple[Language, str, Catalog]]:
    wanted = site_units(newsroom.settings, template_texts(newsroom))
    source = newsroom.settings.source_language
    return [
        (language, SITE, _merged(newsroom, language, SITE, wanted, source == language.code, now))
        for language in newsroom.settings.languages.values()
    ]


def template_texts(newsroom: Newsroom) -> dict[str, str]:
    """The templates that hold words, by the path that catalogs refer to them with."""
    folders = template_folders(newsroom.root)
    return {f"templates/{name}": folders.text(name) for name in folders.names(".html", ".xml")}


def _merged(
    newsroom: Newsroom,
    language: Language,
    domain: str,
    wanted: Sequence[Unit],
    identity: bool,
    now: datetime.datetime,
) -> Catalog:
    catalog = newsroom.read_catalog(language.code, domain)
    if catalog is None:
        catalog = _new_catalog(newsroom, language, domain, now)
    if domain == SITE:
        catalog = _with_shipped_words(catalog, language, wanted)
    return merge(catalog, wanted, identity=identity)


def _new_catalog(newsroom: Newsroom, language: Language, domain: str, now: datetime.datetime) -> Catalog:
    headers = new_headers(
        project=f"{newsroom.settings.name}: {domain}",
        language=language,
        translator=_translator(newsroom, language),
        team=english_name(language),
        at=now,
    )
    return Catalog(headers=headers)


def _translator(newsroom: Newsroom, language: Language) -> str:
    people = newsroom.settings.people.values()
    for person in people:
        if person.holds("translator", language.code):
            return f"{person.name} <{person.email}>"
    return f"{newsroom.settings.name} <{newsroom.settings.publisher.email or 'nobody@newsroom.example'}>"


def _with_shipped_words(catalog: Catalog, language: Language, wanted: Sequence[Unit]) -> Catalog:
    """The catalog with our own translations of our templates where it has none, so that nobody need make them again."""
    file = shipped("locales") / language.code / "LC_MESSAGES" / f"{SITE}.po"
    if not file.is_file():
        return catalog
    known = {unit.key for unit in catalog.units if unit.is_translated}
    missing = {unit.key for unit in wanted} - known
    ours = [unit for unit in parse_catalog(file.read_bytes(), str(file)).live if unit.key in missing]
    added = {unit.key for unit in ours}
    kept = [unit for unit in catalog.units if unit.key not in added]
    return dataclasses.replace(catalog, units=(*ours, *kept))
