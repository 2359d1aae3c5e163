"""Every signature, digest, log and file of `out/` again, from the bytes and without any cache."""

from __future__ import annotations

import datetime
import json
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workflow.canonical import digest
from workflow.diagnostics import Diagnostic, Location
from workflow.errors import InputError
from workflow.newsroom import Newsroom
from workflow.operations.build import MANIFEST, ROOTS
from workflow.operations.published import Publishable, Shelf, shelf
from workflow.operations.verdicts import Verdicts


@dataclass(frozen=True, kw_only=True, slots=True)
class VerifyReport:
    """What was looked at, and what is wrong with it."""

    records: int
    editions: int
    files: int
    faults: tuple[Diagnostic, ...]


def verify_newsroom(newsroom: Newsroom, now: datetime.datetime) -> VerifyReport:
    """Checks sign-off logs, frozen editions, pictures and built files."""
    verdicts = Verdicts.load(newsroom, now, cached=False)
    shelves = [shelf(newsroom, language, verdicts) for language in newsroom.settings.languages.values()]
    faults: list[Diagnostic] = []
    for item in shelves:
        faults += item.faults
        for edition in item.editions:
            faults += _media_faults(newsroom, edition)
    files, out_faults = _verify_out(newsroom, shelves)
    return VerifyReport(
        records=len(verdicts.known),
        editions=sum(len(item.editions) for item in shelves),
        files=files,
        faults=(*faults, *out_faults),
    )


def _media_faults(newsroom: Newsroom, edition: Publishable) -> Iterator[Diagnostic]:
    for name in edition.media_names:
        path = f"locales/media/{name}"
        if not newsroom.exists(path):
            yield _fault("media.missing", "a signed picture is missing", path, edition.slug, edition.language.code)
        elif digest(newsroom.read(path)) != posixpath.splitext(name)[0]:
            message = "not the picture that was signed"
            yield _fault("media.changed", message, path, edition.slug, edition.language.code)


def _verify_out(newsroom: Newsroom, shelves: list[Shelf]) -> tuple[int, list[Diagnostic]]:
    """(number of built files checked, faults); nothing built yet is no fault."""
    there = {path for root in ROOTS for path in newsroom.files(root)}
    if not newsroom.exists(MANIFEST):
        return 0, [_fault("out.manifest", "no manifest", MANIFEST, hint="run workflow build")] if there else []
    try:
        manifest = _read_manifest(newsroom)
    except InputError as error:
        return 0, list(error.diagnostics)
    listed = {f"out/{item['path']}": item for item in manifest["files"]}
    faults = [
        *_file_faults(newsroom, listed, there),
        *_unsigned_files(listed, shelves),
        *_head_faults(newsroom, manifest["heads"]),
    ]
    return len(listed), faults


def _read_manifest(newsroom: Newsroom) -> dict[str, Any]:
    try:
        manifest = json.loads(newsroom.read(MANIFEST))
        fine = (
            manifest["schema"] == 1
            and all(isinstance(item["path"], str) and isinstance(item["sha256"], str) for item in manifest["files"])
            and all(isinstance(found, list) for found in manifest["heads"].values())
            and all(isinstance(item, str) for found in manifest["heads"].values() for item in found)
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        fine = False
    if not fine:
        hint = "remove it and run workflow build"
        raise InputError.of("out.manifest", "not a manifest of workflow build", path=MANIFEST, hint=hint)
    return dict(manifest)


def _file_faults(newsroom: Newsroom, listed: Mapping[str, Any], there: set[str]) -> Iterator[Diagnostic]:
    hint = "run workflow build"
    for path, item in listed.items():
        story, language = item.get("story"), item.get("language")
        if path not in there:
            yield _fault("out.missing", "listed in the manifest, but not there", path, story, language, hint)
        elif digest(newsroom.read(path)) != item["sha256"]:
            yield _fault("out.changed", "not the file that was built", path, story, language, hint)
    for path in sorted(there - set(listed)):
        yield _fault("out.added", "not listed in the manifest", path, hint="remove it, or run workflow build")


def _unsigned_files(listed: Mapping[str, Any], shelves: list[Shelf]) -> Iterator[Diagnostic]:
    """Files that show other words than those now signed, or words whose approvals no longer hold."""
    signed = {(item.language.code, edition.slug): edition.digest for item in shelves for edition in item.editions}
    for path, item in listed.items():
        story, language, edition = item.get("story"), item.get("language"), item.get("edition")
        if story is not None and signed.get((language, story)) != edition:
            message = "shows words that are not the ones signed now"
            yield _fault("out.outdated", message, path, story, language, "run workflow build")


def _head_faults(newsroom: Newsroom, heads: Mapping[str, list[str]]) -> Iterator[Diagnostic]:
    """A log that lost lines at its end no longer holds the heads that the manifest pinned."""
    for name, pinned in heads.items():
        language, _, slug = name.partition("/")
        path = newsroom.log_file(language, slug)
        try:
            held = {line.digest for line in newsroom.read_log(language, slug)}
        except InputError:
            continue  # reported with the log itself
        if not set(pinned) <= held:
            message = "lacks a record that was there at the last build: it was cut, or an older log put back"
            yield _fault("signoff.cut", message, path, slug, language, "restore the log from version control")


def _fault(
    code: str,
    message: str,
    path: str,
    story: str | None = None,
    language: str | None = None,
    hint: str | None = None,
) -> Diagnostic:
    location = Location(path=path)
    return Diagnostic(code=code, message=message, location=location, hint=hint, story=story, language=language)
