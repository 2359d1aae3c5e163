"""The files that belong in `out/`, each with a key that changes when its content would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow.canonical import digest_of
from workflow.operations.published import Publishable, Shelf
from workflow.operations.workers import Workers
from workflow.operations.workshop import Artifact, Origin, Workshop

if TYPE_CHECKING:
    from concurrent.futures import Executor


PAGES = frozenset({"page", "notice", "index", "front"})
"""The kinds of jobs that make a page of HTML."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One artifact and what it is."""

    kind: str
    """`page`, `notice`, `bulletin`, `index`, `feed`, `front`, `sitemap`, `style` or `media`."""
    artifact: Artifact
    language: str = ""
    slug: str = ""
    name: str = ""
    """The file's name, for media."""


def make_all(workshop: Workshop, workers: Workers | None) -> tuple[Artifact, ...]:
    """Makes what is not current, and returns all that belongs in `out/`."""
    jobs = tuple(_plan(workshop))
    if stale := [job for job in jobs if not workshop.is_current(job.artifact)]:
        bulletins = sum(job.kind == "bulletin" for job in stale)
        with workers(bulletins) if workers and bulletins > 1 else nullcontext() as executor:
            if executor:
                _warm_up(executor, bulletins)
            # Late: rendering needs Jinja, the Markdown parser and WeasyPrint; a build with nothing to do needs none.
            from workflow.operations.making import make

            make(workshop, stale, executor)
    return tuple(job.artifact for job in jobs) + tuple(_fonts(workshop, jobs))


def _warm_up(executor: Executor, times: int) -> None:
    """Lets the workers load WeasyPrint while we load the rest and make the pages."""
    from workflow.rendering.print import warm_up

    for _ in range(times):
        executor.submit(warm_up)


def _fonts(workshop: Workshop, jobs: tuple[Job, ...]) -> Iterator[Artifact]:
    """For each language, and for the front page, the font parts that its pages have characters of."""
    files: dict[str, None] = {}
    for scope in ("", *(shelf.language.code for shelf in workshop.shelves)):
        pages = [job for job in jobs if job.language == scope and job.kind in PAGES]
        characters = "".join(sorted(set().union(*(workshop.built[job.artifact.path].characters for job in pages))))
        path = f"out/web/{scope}/fonts.css" if scope else "out/web/fonts.css"
        key = digest_of([workshop.fonts_digest, characters])
        sheet = Artifact(path=path, key=key, origin=Origin(language=scope or None))
        if not workshop.is_current(sheet):
            from workflow.operations.making import make_font_sheet

            make_font_sheet(workshop, sheet, characters)
        yield sheet
        files.update(dict.fromkeys(workshop.built[path].uses))
    for name in sorted(files):
        file = Artifact(path=f"out/web/fonts/{name}", key=digest_of([workshop.fonts_digest, name]))
        if not workshop.is_current(file):
            workshop.store(file, workshop.templates.find(f"fonts/web/{name}").read_bytes())
        yield file


def _plan(workshop: Workshop) -> Iterator[Job]:
    everything = digest_of([workshop.common, [[item.key for item in shelf.web] for shelf in workshop.shelves]])
    yield _job("style", "out/web/style.css", everything)
    yield _job("front", "out/web/index.html", everything)
    yield _job("sitemap", "out/web/sitemap.xml", everything)
    for shelf in workshop.shelves:
        yield from _plan_language(workshop, shelf)
    names = {name for shelf in workshop.shelves for edition in shelf.web for name in edition.media_names}
    for name in sorted(names):
        yield Job(kind="media", artifact=Artifact(path=f"out/web/media/{name}", key=name), name=name)


def _plan_language(workshop: Workshop, shelf: Shelf) -> Iterator[Job]:
    code = shelf.language.code
    common = workshop.common[code]
    in_print = {edition.slug for edition in shelf.print}
    web = [[item.key, item.slug in in_print] for item in shelf.web]
    key = digest_of([common, workshop.languages, web])
    yield _job("index", f"out/web/{code}/index.html", key, Origin(language=code))
    yield _job("feed", f"out/web/{code}/feed.xml", key, Origin(language=code))
    for edition in shelf.web:
        page_key = digest_of([common, edition.key, workshop.tongues_of(edition.slug), edition.slug in in_print])
        yield _job("page", _page(code, edition.slug), page_key, _origin(edition), edition.slug)
    for edition in shelf.print:
        print_key = digest_of([workshop.print_common[code], edition.key])
        yield _job("bulletin", _bulletin(code, edition.slug), print_key, _origin(edition), edition.slug)
    for withdrawal in shelf.withdrawals:
        origin = Origin(story=withdrawal.slug, language=code)
        yield _job("notice", _page(code, withdrawal.slug), digest_of([common, withdrawal.key]), origin, withdrawal.slug)


def edition_files(shelf: Shelf) -> Iterator[tuple[str, Origin]]:
    """(path, what it shows) of each file that belongs to a single edition, or stands in its place."""
    code = shelf.language.code
    yield from ((_page(code, edition.slug), _origin(edition)) for edition in shelf.web)
    yield from ((_bulletin(code, edition.slug), _origin(edition)) for edition in shelf.print)
    yield from ((_page(code, item.slug), Origin(story=item.slug, language=code)) for item in shelf.withdrawals)


def _page(code: str, slug: str) -> str:
    return f"out/web/{code}/{slug}/index.html"


def _bulletin(code: str, slug: str) -> str:
    return f"out/print/{code}/{slug}.pdf"


def _origin(edition: Publishable) -> Origin:
    return Origin(
        story=edition.slug,
        language=edition.language.code,
        edition=edition.digest,
        signoffs=tuple(line.digest for line in edition.lines),
    )


def _job(kind: str, path: str, key: str, origin: Origin | None = None, slug: str = "") -> Job:
    origin = origin or Origin()
    artifact = Artifact(path=path, key=digest_of([kind, key]), origin=origin)
    return Job(kind=kind, artifact=artifact, language=origin.language or "", slug=slug)
