"""Stories and templates → catalogs: extract, and merge into every language."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from workflow.canonical import digest_of
from workflow.catalog import format_catalog, new_headers, parse_catalog
from workflow.edition import template_units
from workflow.installation import shipped
from workflow.languages import Language, english_name
from workflow.memory import Match, Memory
from workflow.merge import merge
from workflow.model import Catalog, Decision, Role, Unit, UnitState
from workflow.newsroom import SITE, Newsroom, Staged
from workflow.operations.memory import Tell, has_origins, memory_as_it_is, open_memory, say_nothing
from workflow.operations.prefill import Find, prefilled
from workflow.operations.settled import (
    Counts,
    Settled,
    Sources,
    common_key,
    read_settled,
    read_sources,
    template_texts,
    write_settled,
)
from workflow.operations.verdicts import Verdicts
from workflow.operations.workers import Workers, in_order
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


@dataclass(frozen=True, kw_only=True, slots=True)
class _Outcome:
    """What becomes of the catalogs of one domain."""

    updates: tuple[CatalogUpdate, ...] = ()
    settled: Settled | None = None
    staged: tuple[Staged, ...] = ()
    waits: bool = False
    """True if the memory may know what fills its new units; then nothing was done yet."""


class _Prefill(Enum):
    """Whether new units are filled from the memory."""

    NO = auto()
    LATER = auto()
    """Once it is known that there are any, for only then the memory is opened."""
    YES = auto()


def update(
    newsroom: Newsroom,
    slugs: Sequence[str],
    *,
    check: bool,
    now: datetime.datetime,
    prefill: bool = True,
    tell: Tell = say_nothing,
    workers: Workers | None = None,
) -> tuple[CatalogUpdate, ...]:
    """Brings the catalogs of the stories, and of the newsroom's own words, up to date.

    With `check` nothing is written. All new catalogs stand beside the old ones before the first takes its place, so
    a fault in one leaves all as they were. With `prefill`, unless the newsroom's settings forbid it, new units get
    what was approved for such words before, to be reviewed. Stories are shared out among workers if there are several.
    Raises InputError for a story, template or catalog that cannot be used.
    """
    domains, known = (SITE, *slugs), read_settled(newsroom)
    task = functools.partial(_update_domain, newsroom, common_key(newsroom), check, now)
    can_fill = prefill and newsroom.settings.prefill and has_origins(newsroom)
    with contextlib.nullcontext() if check else _swept(newsroom, domains):
        first = functools.partial(task, _Prefill.LATER if can_fill else _Prefill.NO)
        items = [(domain, known.get(domain)) for domain in domains]
        outcomes = dict(zip(domains, in_order(first, items, workers), strict=True))
        if waiting := [domain for domain, outcome in outcomes.items() if outcome.waits]:
            with open_memory(newsroom, now, tell=tell):
                second = functools.partial(task, _Prefill.YES)
                filled = in_order(second, [(domain, None) for domain in waiting], workers)
                outcomes |= dict(zip(waiting, filled, strict=True))
        newsroom.put([file for outcome in outcomes.values() for file in outcome.staged])
    now_known = known | {domain: outcome.settled for domain, outcome in outcomes.items() if outcome.settled}
    if not check and now_known != known:
        write_settled(newsroom, now_known.items())
    return tuple(found for outcome in outcomes.values() for found in outcome.updates)


@contextlib.contextmanager
def _swept(newsroom: Newsroom, domains: Iterable[str]) -> Iterator[None]:
    """Takes away what killed writers left where catalogs are, and what we leave there ourselves if we fail."""
    paths = [newsroom.catalog_file(code, domain) for domain in domains for code in newsroom.settings.languages]
    newsroom.sweep(paths)
    try:
        yield
    except BaseException:
        newsroom.sweep(paths)
        raise


def _update_domain(
    newsroom: Newsroom,
    common: str,
    check: bool,
    now: datetime.datetime,
    prefill: _Prefill,
    item: tuple[str, Settled | None],
) -> _Outcome:
    """Merges the catalogs of one domain, and unless `check` writes the new ones beside the old ones."""
    domain, known = item
    sources = read_sources(newsroom, domain)
    if known and known.key == sources.key(common, {}) and (prefill is _Prefill.NO or not _has_new(known.counts)):
        updates = [_summary(newsroom, code, domain, counts, False) for code, counts in known.counts.items()]
        return _Outcome(updates=tuple(updates), settled=known)
    merged = (_site_catalogs if domain == SITE else _story_catalogs)(newsroom, domain, sources, now, prefill)
    counts = {code: _counts(catalog) for code, catalog in merged.items()}
    if prefill is _Prefill.LATER and domain != SITE and _has_new(counts):
        return _Outcome(waits=True)
    written = {code: format_catalog(catalog).encode() for code, catalog in merged.items()}
    changed = {code: data for code, data in written.items() if data != sources.catalogs[code]}
    to_stage = {} if check else changed
    return _Outcome(
        updates=tuple(_summary(newsroom, code, domain, found, code in changed) for code, found in counts.items()),
        settled=Settled(key=sources.key(common, written), counts=counts),
        staged=tuple(
            newsroom.stage(newsroom.catalog_file(code, domain), data, before=sources.catalogs[code])
            for code, data in to_stage.items()
        ),
    )


def _has_new(counts: Mapping[str, Counts]) -> bool:
    return any(new for _, _, new, _ in counts.values())


def _counts(catalog: Catalog) -> Counts:
    states = [unit.state for unit in catalog.units]
    return (
        states.count(UnitState.TRANSLATED),
        states.count(UnitState.NEEDS_REVIEW),
        states.count(UnitState.NEW),
        states.count(UnitState.OBSOLETE),
    )


def _summary(newsroom: Newsroom, code: str, domain: str, counts: Counts, changed: bool) -> CatalogUpdate:
    translated, needs_review, new, obsolete = counts
    return CatalogUpdate(
        path=newsroom.catalog_file(code, domain),
        language=code,
        domain=domain,
        changed=changed,
        translated=translated,
        needs_review=needs_review,
        new=new,
        obsolete=obsolete,
    )


# --- The catalogs of one domain, by language -----------------------------------------------------------------


def _story_catalogs(
    newsroom: Newsroom, slug: str, sources: Sources, now: datetime.datetime, prefill: _Prefill
) -> dict[str, Catalog]:
    # Late: the Markdown parser is slow to import, and where nothing changed no story is read.
    from workflow.story import parse_story

    path = newsroom.story_file(slug)
    story = parse_story(sources.texts[slug], path, newsroom.settings.story_rules)
    wanted = template_units(story, path)
    merged = {}
    with memory_as_it_is(newsroom) if prefill is _Prefill.YES else contextlib.nullcontext() as memory:
        for language in newsroom.story_languages(story):
            catalog = _catalog(newsroom, language, slug, sources, now)
            catalog = merge(catalog, wanted, identity=story.language == language.code)
            catalog = prefilled(catalog, _finder(newsroom, memory, (story.language, language.code)))
            merged[language.code] = _with_notes(newsroom, language, slug, catalog, now)
    return merged


def _finder(newsroom: Newsroom, memory: Memory | None, languages: tuple[str, str]) -> Find:
    """What finds the match for a new unit; nothing in the story's own language, or without a memory."""

    def find(unit: Unit, before: str, after: str) -> Match | None:
        if memory is None or languages[0] == languages[1]:
            return None
        matches = memory.lookup(
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


def _site_catalogs(
    newsroom: Newsroom, domain: str, sources: Sources, now: datetime.datetime, _: _Prefill
) -> dict[str, Catalog]:
    wanted = site_units(newsroom.settings, template_texts(newsroom))
    source = newsroom.settings.source_language
    merged = {}
    for language in newsroom.settings.languages.values():
        catalog = _with_shipped_words(_catalog(newsroom, language, domain, sources, now), language, wanted)
        merged[language.code] = merge(catalog, wanted, identity=source == language.code)
    return merged


def _catalog(newsroom: Newsroom, language: Language, domain: str, sources: Sources, now: datetime.datetime) -> Catalog:
    """The catalog as it was read, or a new one."""
    data = sources.catalogs[language.code]
    if data is None:
        return _new_catalog(newsroom, language, domain, now)
    return parse_catalog(data, newsroom.catalog_file(language.code, domain))


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
    if not notes and not unit.comments:
        return unit
    own = tuple(line for line in unit.comments if not line.startswith(NOTE_MARK))
    open_now = () if unit.obsolete else notes.get(digest_of(_signed_triple(unit)), ())
    lines = tuple(part for text in open_now for part in text.splitlines())
    return dataclasses.replace(unit, comments=(*own, *lines))


def _signed_triple(unit: Unit) -> list[str]:
    """What a sign-off's segment digest is made of; plain body text has no context."""
    return [unit.context or Role.PARAGRAPH.value, unit.source, unit.target]


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
