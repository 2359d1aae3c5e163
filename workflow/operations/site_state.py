"""Whether each language's own words are complete; asked at every build, so the answers are remembered."""

from __future__ import annotations

from collections.abc import Sequence

from workflow.canonical import digest_of
from workflow.diagnostics import Diagnostic, Location
from workflow.languages import Language
from workflow.model import Unit
from workflow.newsroom import SITE, Newsroom
from workflow.operations.cache import read_cache, write_cache
from workflow.settings import FILE_NAME

CACHE_FILE = "site.json"


def site_faults(
    newsroom: Newsroom, languages: Sequence[Language], templates_digest: str
) -> dict[str, tuple[Diagnostic, ...]]:
    """By language code: a finding for each of the newsroom's words that it lacks; none if it may be published."""
    known = read_cache(newsroom, CACHE_FILE)
    keys = {language.code: _key(newsroom, language, templates_digest) for language in languages}
    unknown = [code for code, key in keys.items() if known.get(code, {}).get("key") != key]
    if unknown:
        wanted = _wanted(newsroom)
        known.update({code: {"key": keys[code], "missing": _missing(newsroom, code, wanted)} for code in unknown})
        write_cache(newsroom, CACHE_FILE, known)
    return {code: tuple(_fault(newsroom, code, source) for source in known[code]["missing"]) for code in keys}


def _key(newsroom: Newsroom, language: Language, templates_digest: str) -> str:
    path = newsroom.catalog_file(language.code, SITE)
    catalog = newsroom.read(path).hex() if newsroom.exists(path) else ""
    return digest_of([templates_digest, newsroom.read(FILE_NAME).hex(), catalog])


def _wanted(newsroom: Newsroom) -> tuple[Unit, ...]:
    # Late: extraction imports Babel and Jinja.
    from workflow.operations.settled import template_texts
    from workflow.site import site_units

    return site_units(newsroom.settings, template_texts(newsroom))


def _missing(newsroom: Newsroom, code: str, wanted: Sequence[Unit]) -> list[str]:
    from workflow.site import site_words

    catalog = newsroom.read_catalog(code, SITE)
    words = site_words(catalog).targets if catalog else {}
    return [unit.source for unit in wanted if unit.key not in words]


def _fault(newsroom: Newsroom, code: str, source: str) -> Diagnostic:
    path = newsroom.catalog_file(code, SITE)
    return Diagnostic(
        code="site.incomplete",
        message=f"the newsroom's own words: not translated: {source}",
        location=Location(path=path),
        hint=f"nothing is published in `{code}` until it is: run workflow update, then translate {path}",
        language=code,
    )
