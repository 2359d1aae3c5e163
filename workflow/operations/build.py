"""Signed editions → `out/`: pages, bulletins, feeds and the manifest. Only what changed is made again."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from workflow import __version__
from workflow.canonical import digest, digest_of
from workflow.diagnostics import Diagnostic
from workflow.errors import GateShut
from workflow.newsroom import Newsroom
from workflow.operations.artifacts import make_all
from workflow.operations.cache import read_cache, write_cache
from workflow.operations.manifest import MANIFEST, ROOTS, lost_records, read_manifest, write_manifest
from workflow.operations.published import Shelf, shelves
from workflow.operations.site_state import site_faults
from workflow.operations.verdicts import Verdicts
from workflow.operations.workers import Workers
from workflow.operations.workshop import Artifact, BuiltFile, Workshop
from workflow.rendering.templates import template_folders

CACHE_FILE = "build.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class BuiltEdition:
    """Where one published edition is."""

    slug: str
    language: str
    page: str
    """Empty if the edition is not on the web."""
    bulletin: str
    """Empty if it is not in print."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BuildReport:
    """What a build did."""

    editions: tuple[BuiltEdition, ...]
    written: tuple[str, ...]
    removed: tuple[str, ...]
    faults: tuple[Diagnostic, ...]
    """Why something that was signed is not published."""


def build(newsroom: Newsroom, *, now: datetime.datetime, workers: Workers | None = None) -> BuildReport:
    """Publishes what is signed, and takes away what is no longer published.

    Bulletins are rendered by workers if there are several, or else here. Raises GateShut if a sign-off log lost
    a record since the last build, for then older words could go out as the newest; InputError for a template or
    a frozen file that cannot be used; the files of `out/` then stay as they were, each whole.
    """
    with newsroom.lock():
        if lost := lost_records(newsroom):
            raise GateShut(lost)
        verdicts = Verdicts.load(newsroom, now)
        found = shelves(newsroom, verdicts)
        verdicts.save()
        templates = template_folders(newsroom.root)
        digests = templates.digests()
        complete, site_problems = _with_complete_words(newsroom, digests.all, found)
        workshop = Workshop(
            newsroom=newsroom,
            templates=templates,
            shelves=complete,
            common=_common_digests(newsroom, digests.web),
            print_common=_common_digests(newsroom, digests.print),
            fonts_digest=digests.fonts,
            built=_read_built(newsroom),
        )
        artifacts = make_all(workshop, workers)
        removed = _remove_others(workshop, artifacts)
        _write_manifest(workshop, artifacts, found)
        write_cache(newsroom, CACHE_FILE, {"files": {path: asdict(item) for path, item in workshop.built.items()}})
    faults = [fault for item in found for fault in item.faults]
    return BuildReport(
        editions=_built_editions(complete),
        written=tuple(workshop.written),
        removed=removed,
        faults=(*faults, *site_problems),
    )


def _with_complete_words(
    newsroom: Newsroom, templates_digest: str, shelves: Sequence[Shelf]
) -> tuple[tuple[Shelf, ...], tuple[Diagnostic, ...]]:
    """(the shelves that may go out, why others may not): no language is filled up from another."""
    source = newsroom.language(newsroom.settings.source_language)
    wanted = {source.code: source} | {item.language.code: item.language for item in shelves if item.has_something}
    faults = site_faults(newsroom, tuple(wanted.values()), templates_digest)
    if faults[source.code]:
        # The front page speaks the source language.
        raise GateShut(faults[source.code])
    complete = tuple(item for item in shelves if item.has_something and not faults[item.language.code])
    return complete, tuple(fault for found in faults.values() for fault in found)


def _common_digests(newsroom: Newsroom, templates_digest: str) -> dict[str, str]:
    settings = digest(newsroom.read("newsroom.toml"))
    digests = {}
    for code in newsroom.settings.languages:
        path = newsroom.catalog_file(code, "site")
        site = digest(newsroom.read(path)) if newsroom.exists(path) else ""
        digests[code] = digest_of([__version__, settings, templates_digest, site])
    return digests


def _remove_others(workshop: Workshop, artifacts: Sequence[Artifact]) -> tuple[str, ...]:
    """Takes away what no longer belongs to what is published."""
    wanted = {artifact.path for artifact in artifacts}
    removed = []
    for root in ROOTS:
        for path in workshop.newsroom.files(root, strays=True):
            if path not in wanted:
                workshop.newsroom.remove(path)
                removed.append(path)
    for path in set(workshop.built) - wanted:
        del workshop.built[path]
    return tuple(removed)


def _write_manifest(workshop: Workshop, artifacts: Sequence[Artifact], shelves: Sequence[Shelf]) -> None:
    """The manifest pins the heads of all logs: a withdrawal that is cut off must show, too.

    A log that cannot be read just now stays pinned as it was, or it could come back shorter.
    """
    newsroom = workshop.newsroom
    files = [
        {
            "path": artifact.path.removeprefix("out/"),
            "sha256": workshop.built[artifact.path].sha256,
            "story": artifact.origin.story,
            "language": artifact.origin.language,
            "edition": artifact.origin.edition,
            "signoffs": list(artifact.origin.signoffs),
        }
        for artifact in sorted(artifacts, key=lambda artifact: artifact.path)
    ]
    pinned = {f"{item.language.code}/{slug}": last for item in shelves for slug, last in item.heads.items() if last}
    before = read_manifest(newsroom)["heads"] if newsroom.exists(MANIFEST) else {}
    write_manifest(newsroom, files, before | pinned)


def _built_editions(shelves: Sequence[Shelf]) -> tuple[BuiltEdition, ...]:
    return tuple(
        BuiltEdition(
            slug=slug,
            language=item.language.code,
            page=f"out/web/{item.language.code}/{slug}/index.html" if slug in pages else "",
            bulletin=f"out/print/{item.language.code}/{slug}.pdf" if slug in bulletins else "",
        )
        for item in shelves
        for pages, bulletins in [({edition.slug for edition in item.web}, {edition.slug for edition in item.print})]
        for slug in sorted(pages | bulletins)
    )


def _read_built(newsroom: Newsroom) -> dict[str, BuiltFile]:
    try:
        files = read_cache(newsroom, CACHE_FILE).get("files", {})
        return {path: BuiltFile(**{**item, "uses": tuple(item["uses"])}) for path, item in files.items()}
    except (TypeError, AttributeError, KeyError):
        return {}
