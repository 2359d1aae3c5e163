"""Unsigned words as pages and bulletins, marked as drafts on every page and kept apart from what is published."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflow.diagnostics import Diagnostic
from workflow.languages import Language
from workflow.model import Stage
from workflow.newsroom import Newsroom
from workflow.operations.making import Words
from workflow.operations.site_state import site_faults
from workflow.operations.standing import EditionState, edition_states, localized
from workflow.operations.verdicts import Verdicts
from workflow.rendering.pictures import picture_facts
from workflow.rendering.press import INDEX, Press
from workflow.rendering.print import render_pdf
from workflow.rendering.stories import PublishedEdition
from workflow.rendering.templates import TemplateFolders, template_folders

ROOT = "out/drafts"

Files = dict[str, bytes]
"""By path below `out/drafts/`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftReport:
    """What was rendered."""

    files: tuple[str, ...]
    """The pages and bulletins of the drafts."""
    faults: tuple[Diagnostic, ...]
    """Why something has no draft."""


def build_drafts(newsroom: Newsroom, *, now: datetime.datetime) -> DraftReport:
    """Renders every edition whose present words are not signed off; gaps show where words are missing.

    Drafts of earlier runs are taken away. Raises InputError for a story, catalog or template that cannot be used.
    """
    templates = template_folders(newsroom.root)
    with newsroom.lock():
        states = edition_states(newsroom, newsroom.slugs(), Verdicts.load(newsroom, now))
        unsigned = [state for state in states if state.standing.stage is not Stage.SIGNED_OFF]
        renderable, faults = _with_words(newsroom, templates, unsigned)
        drafts: list[PublishedEdition] = []
        for state in renderable:
            edition, why = _draft(newsroom, state)
            drafts += [edition] if edition else []
            faults += why
        pictures = {frozen: data for state in unsigned for frozen, data in state.files.pictures.values()}
        press = Press(newsroom.settings, templates, words=Words(newsroom), picture=pictures.__getitem__)
        shown = dict(_editions(press, drafts))
        files = shown | _shared(press, templates, drafts, shown) if drafts else {}
        files |= {f"web/media/{name}": pictures[name] for edition in drafts for name in edition.pictures}
        _replace_all(newsroom, files)
    return DraftReport(files=tuple(f"{ROOT}/{path}" for path in shown), faults=tuple(faults))


def _with_words(
    newsroom: Newsroom, templates: TemplateFolders, states: Sequence[EditionState]
) -> tuple[list[EditionState], list[Diagnostic]]:
    """(the states in languages whose own words are complete, what the others lack)."""
    source = newsroom.language(newsroom.settings.source_language)
    languages: dict[str, Language] = {source.code: source}
    languages |= {state.language.code: state.language for state in states}
    missing = site_faults(newsroom, tuple(languages.values()), templates.digests().all)
    if missing[source.code]:
        return [], list(missing[source.code])
    renderable = [state for state in states if not missing[state.language.code]]
    return renderable, [fault for found in missing.values() for fault in found]


def _draft(newsroom: Newsroom, state: EditionState) -> tuple[PublishedEdition | None, tuple[Diagnostic, ...]]:
    if state.catalog is None:
        return None, ()
    edition, faults = localized(newsroom, state.files, state.language, state.catalog, draft=True)
    if edition is None:
        return None, faults
    story = edition.story
    facts = {
        frozen: picture_facts(data, frozen, f"stories/{state.files.slug}/{name}")
        for name, (frozen, data) in state.files.pictures.items()
    }
    draft = PublishedEdition(
        slug=state.files.slug,
        story=story,
        language=state.language,
        source=newsroom.settings.languages[story.translated_from] if story.translated_from else None,
        digest="",
        approvals=(),
        pictures=facts,
    )
    return draft, ()


def _editions(press: Press, drafts: Sequence[PublishedEdition]) -> Iterator[tuple[str, bytes]]:
    """Page and bulletin of each draft."""
    for draft in drafts:
        codes = [other.language.code for other in drafts if other.slug == draft.slug]
        code = draft.language.code
        yield f"web/{code}/{draft.slug}/{INDEX}", press.story_page(draft, codes)
        yield f"print/{code}/{draft.slug}.pdf", render_pdf(press.bundle(draft))


def _shared(
    press: Press, templates: TemplateFolders, drafts: Sequence[PublishedEdition], shown: Mapping[str, bytes]
) -> Files:
    """Lists, style and fonts, in the same shape as `out/web`."""
    languages = {draft.language.code: draft.language for draft in drafts}
    shelves = [(language, [draft for draft in drafts if draft.language == language]) for language in languages.values()]
    files = {f"web/{INDEX}": press.front_page(shelves), "web/style.css": press.style_sheet()}
    for language, editions in shelves:
        files[f"web/{language.code}/{INDEX}"] = press.index_page(language, editions, tuple(languages))
    for scope in ("", *(f"{code}/" for code in languages)):
        pages = [data for path, data in {**files, **shown}.items() if _is_page_of(scope, path)]
        characters = "".join(sorted(set("".join(data.decode() for data in pages))))
        folder = "../fonts/" if scope else "fonts/"
        files[f"web/{scope}fonts.css"], names = press.font_sheet(characters, folder)
        files |= {f"web/fonts/{name}": templates.find(f"fonts/web/{name}").read_bytes() for name in names}
    return files


def _is_page_of(scope: str, path: str) -> bool:
    if not scope:
        return path == f"web/{INDEX}"
    return path.startswith(f"web/{scope}") and path.endswith(INDEX)


def _replace_all(newsroom: Newsroom, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        newsroom.write(f"{ROOT}/{path}", data, durable=False)
    for path in newsroom.files(ROOT):
        if path.removeprefix(f"{ROOT}/") not in files:
            newsroom.remove(path)
