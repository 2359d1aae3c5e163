"""One story in one language → the files that an outside translator needs."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from workflow.catalog import format_catalog, revised_at
from workflow.edition import template_units
from workflow.errors import InputError, UsageError
from workflow.interchange.tmx import format_tmx
from workflow.interchange.xliff import XliffDocument, format_xliff
from workflow.languages import Language, english_name
from workflow.memory import Entry
from workflow.model import Catalog, Role, Unit, UnitState
from workflow.newsroom import Newsroom
from workflow.operations.memory import has_origins, open_memory
from workflow.operations.review import proof, review
from workflow.sent import to_send
from workflow.volume import source_volume, total

GLOSSARY: Final = "glossary.tsv"
_UNDATED: Final = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)
"""The date of a proof whose catalog has none: the first that a zip can hold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Workload:
    """How much there is to do, in units and in words of the source."""

    state: UnitState
    units: int
    words: int
    """In a script without blanks, characters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bundle:
    """What is sent."""

    name: str
    """Of the zip, without its ending."""
    files: dict[str, bytes]
    """By name in the zip."""
    workload: tuple[Workload, ...]


def make_bundle(newsroom: Newsroom, slug: str, language: str, *, reply_to: str, now: datetime.datetime) -> Bundle:
    """Return the files for a translator of the story; the same catalog makes the same files.

    Raises UsageError for a language that the story is not meant for, InputError for a catalog that is missing or
    made from another version of the story.
    """
    tongue = newsroom.language(language)
    story = newsroom.read_story(slug)
    if tongue not in newsroom.story_languages(story):
        raise UsageError.of("usage.language", f"{slug} is not meant for `{language}`")
    source = newsroom.language(story.language)
    catalog = _current_catalog(newsroom, slug, language)
    name = f"{slug.replace('/', '-')}.{language}"
    outgoing = to_send(catalog, slug=slug, source_language=source.code)
    document = XliffDocument(
        original=newsroom.catalog_file(language, slug),
        source_language=source.tag,
        target_language=tongue.tag,
        catalog=outgoing,
    )
    files = {
        f"{name}.po": format_catalog(outgoing).encode(),
        f"{name}.xlf": format_xliff(document),
        f"{name}.proof.html": _proof(newsroom, slug, language, catalog, now),
        **_matches(newsroom, name, outgoing, (source, tongue), now),
        **_glossary(newsroom, language),
    }
    workload = tuple(_workload(catalog.live, source))
    files["README.txt"] = _readme(newsroom, slug, source, tongue, name, workload, files, reply_to).encode()
    return Bundle(name=name, files=files, workload=workload)


def _current_catalog(newsroom: Newsroom, slug: str, language: str) -> Catalog:
    catalog = newsroom.require_catalog(language, slug)
    wanted = {unit.key for unit in template_units(newsroom.read_story(slug), newsroom.story_file(slug))}
    if wanted != {unit.key for unit in catalog.live}:
        message, path = "made from another version of the story", newsroom.catalog_file(language, slug)
        raise InputError.of("catalog.outdated", message, path=path, hint="run workflow update")
    return catalog


def _matches(
    newsroom: Newsroom, name: str, catalog: Catalog, languages: tuple[Language, Language], now: datetime.datetime
) -> dict[str, bytes]:
    """What the memory has for the catalog's units, as a memory for other tools; nothing if it has nothing."""
    source, target = languages
    if source == target or not has_origins(newsroom):
        return {}
    with open_memory(newsroom, now) as memory:
        found = {
            match.entry: None
            for unit in catalog.live
            for match in memory.lookup(
                unit.source, languages=(source.code, target.code), role=unit.context or Role.PARAGRAPH.value
            )
        }
    tags = {language.code: language.tag for language in languages}
    return {f"{name}.tmx": format_tmx([_unsigned(entry) for entry in found], tags).encode()} if found else {}


def _unsigned(entry: Entry) -> Entry:
    """The entry without who signed it: that is nobody's business outside."""
    return replace(entry, signers=())


def _glossary(newsroom: Newsroom, language: str) -> dict[str, bytes]:
    path = f"locales/{language}/{GLOSSARY}"
    return {GLOSSARY: newsroom.read(path)} if newsroom.exists(path) else {}


def _proof(newsroom: Newsroom, slug: str, language: str, catalog: Catalog, now: datetime.datetime) -> bytes:
    """The proof as of the catalog's own date, and without the addresses of those who signed."""
    found = review(newsroom, slug, language, now)
    signed = tuple(replace(record, signer="") for record in found.signed)
    return proof(newsroom, replace(found, signed=signed), revised_at(catalog) or _UNDATED).encode()


# --- What is to be done ----------------------------------------------------------------------------------


def _workload(units: Iterable[Unit], source: Language) -> Iterable[Workload]:
    found = list(units)
    for state in (UnitState.NEW, UnitState.NEEDS_REVIEW, UnitState.TRANSLATED):
        here = [unit for unit in found if unit.state is state]
        volume = total(source_volume(unit.source, unit.context) for unit in here)
        size = volume.characters if source.joins_lines_without_blank else volume.words
        yield Workload(state=state, units=len(here), words=size)


def _readme(
    newsroom: Newsroom,
    slug: str,
    source: Language,
    target: Language,
    name: str,
    workload: Iterable[Workload],
    files: dict[str, bytes],
    reply_to: str,
) -> str:
    unit_of_text = "characters" if source.joins_lines_without_blank else "words"
    counts = "\n".join(
        f"  {item.state.value:<13}{item.units:>5} texts {item.words:>7} {unit_of_text}" for item in workload
    )
    glossary = f"  {GLOSSARY}\n    Names and terms: source, target, note.\n" if GLOSSARY in files else ""
    tmx = f"{name}.tmx"
    memory = f"  {tmx}\n    What was translated before, for your tool's memory.\n" if tmx in files else ""
    where = f" to {reply_to}" if reply_to else ""
    return f"""\
{newsroom.settings.name}
{slug}: {english_name(source)} ({source.tag}) to {english_name(target)} ({target.tag})

TO DO

{counts}

FILES

  {name}.po
    The text for gettext tools: Poedit, OmegaT, Lokalize, Virtaal, Weblate.
  {name}.xlf
    The same text as XLIFF 2: memoQ, Trados, Phrase, OmegaT with the Okapi plugin.
  {name}.proof.html
    The source beside the translation, to read in a browser.
{memory}{glossary}
Translate ONE of the two, the PO or the XLIFF file, and send it back{where}.
You may send it alone, or this whole zip with the changed file in it. You need not finish all of it:
what comes back empty changes nothing.

HOW TO TRANSLATE

- The text is Markdown. Keep the marks around the same words: *emphasis*, **strong emphasis**, `code`.
- Keep the addresses of links: in [words](https://example.org) translate the words only.
- A backslash at the end of a line breaks the line. Headlines and captions are one line.
- A blank line inside a translation makes two paragraphs of it.
- A translation that is only [omit] leaves the text out of your edition.
- "Needs work", "fuzzy" or "initial" with a translation means that the source has changed since: the earlier
  source is shown with it. Correct the translation and take the mark away.
- Leave the mark on what you are not sure of, and say why in a comment; it will be read.
- Ask in a comment: a line that begins with a question mark (? Which rector is meant) is not forgotten.
- Do not change source texts, contexts or file headers. Put your name in the tool's settings, so that it is
  in the file: who translated a text may not sign it off.
"""
