"""How one edition differs from the stories before it: what a check of all stories tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workflow.checks import Archive, Pair, mentions, translated_pairs
from workflow.diagnostics import Diagnostic
from workflow.errors import InputError
from workflow.glossary import Glossary
from workflow.glossary_pairs import pair_glossary
from workflow.languages import Language
from workflow.newsroom import Newsroom
from workflow.operations.glossary import read_glossaries


def archive_findings(newsroom: Newsroom, slug: str, language: Language) -> tuple[Diagnostic, ...]:
    """Where the story's edition in the language says otherwise than the stories that stand before it.

    Stories that cannot be read are passed over: `workflow check` tells of them.
    """
    archive = Archive()
    glossaries, _ = read_glossaries(newsroom)
    slugs = newsroom.slugs()
    found: tuple[Diagnostic, ...] = ()
    for each in slugs[: slugs.index(slug) + 1]:
        pairs = _pairs(newsroom, each, language, glossaries)
        found = tuple(archive.findings(pairs, mentions(pairs)))
    return found


def _pairs(newsroom: Newsroom, slug: str, language: Language, glossaries: Mapping[str, Glossary]) -> Sequence[Pair]:
    try:
        story, catalog = newsroom.read_story(slug), newsroom.read_catalog(language.code, slug)
        if catalog is None or language not in newsroom.story_languages(story):
            return ()
    except InputError:
        return ()
    source, pivot = newsroom.settings.languages[story.language], newsroom.settings.source_language
    glossary = pair_glossary(source.code, language.code, pivot, glossaries[source.code], glossaries[language.code])
    path = newsroom.catalog_file(language.code, slug)
    return translated_pairs(slug, language, source, catalog, path, glossary)
