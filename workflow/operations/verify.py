"""Every signature, digest, log and file of `out/` again, from the bytes and without any cache."""

from __future__ import annotations

import datetime
import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.canonical import digest
from workflow.diagnostics import Diagnostic, Location
from workflow.errors import InputError
from workflow.newsroom import Newsroom
from workflow.operations.artifacts import edition_files
from workflow.operations.manifest import MANIFEST, ROOTS, lost_records, read_manifest
from workflow.operations.published import Publishable, Shelf, shelves
from workflow.operations.verdicts import Verdicts
from workflow.operations.workshop import Origin


@dataclass(frozen=True, kw_only=True, slots=True)
class VerifyReport:
    """What was looked at, and what is wrong with it."""

    records: int
    editions: int
    files: int
    faults: tuple[Diagnostic, ...]
    remarks: tuple[Diagnostic, ...]
    """What is worth knowing and no fault: records of revoked keys."""


def verify_newsroom(
    newsroom: Newsroom, now: datetime.datetime, *, checked: Callable[[int], None] = lambda _: None
) -> VerifyReport:
    """Checks sign-off logs, frozen editions, pictures and built files; tells `checked` of signatures as it goes."""
    verdicts = Verdicts.load(newsroom, now, cached=False, checked=checked)
    found = shelves(newsroom, verdicts)
    faults: list[Diagnostic] = []
    for item in found:
        faults += item.faults
        for edition in item.editions:
            faults += _media_faults(newsroom, edition)
    files, out_faults = _verify_out(newsroom, found)
    return VerifyReport(
        records=verdicts.records,
        editions=sum(len(item.editions) for item in found),
        files=files,
        faults=(*faults, *out_faults),
        remarks=tuple(verdicts.remarks),
    )


def _media_faults(newsroom: Newsroom, edition: Publishable) -> Iterator[Diagnostic]:
    story, language, hint = edition.slug, edition.language.code, "restore the file from version control"
    for name in edition.media_names:
        path = newsroom.media_file(name)
        if not newsroom.exists(path):
            yield _fault("media.missing", "a signed picture is missing", path, story, language, hint)
        elif not _holds(newsroom, path, posixpath.splitext(name)[0]):
            yield _fault("media.changed", "not the picture that was signed", path, story, language, hint)


def _holds(newsroom: Newsroom, path: str, sha256: str) -> bool:
    """False too for what cannot be read, or leads out of the newsroom."""
    try:
        return digest(newsroom.read(path)) == sha256
    except InputError:
        return False


def _verify_out(newsroom: Newsroom, shelves: Sequence[Shelf]) -> tuple[int, list[Diagnostic]]:
    """(number of built files checked, faults); nothing built yet is no fault."""
    there = {path for root in ROOTS for path in newsroom.everything(root)}
    if not newsroom.exists(MANIFEST):
        return 0, [_fault("out.manifest", "no manifest", MANIFEST, hint="run workflow build")] if there else []
    try:
        manifest = read_manifest(newsroom)
    except InputError as error:
        return 0, list(error.diagnostics)
    listed = {f"out/{item['path']}": item for item in manifest["files"]}
    faults = [
        *_file_faults(newsroom, listed, there),
        *_unsigned_files(listed, shelves),
        *lost_records(newsroom),
    ]
    return len(listed), faults


def _file_faults(newsroom: Newsroom, listed: Mapping[str, Any], there: set[str]) -> Iterator[Diagnostic]:
    hint = "run workflow build"
    for path, item in listed.items():
        story, language = item["story"], item["language"]
        if path not in there:
            yield _fault("out.missing", "listed in the manifest, but not there", path, story, language, hint)
        elif not _holds(newsroom, path, item["sha256"]):
            yield _fault("out.changed", "not the file that was built", path, story, language, hint)
    for path in sorted(there - set(listed)):
        yield _fault("out.added", "not listed in the manifest", path, hint="remove it")


def _unsigned_files(listed: Mapping[str, Any], shelves: Sequence[Shelf]) -> Iterator[Diagnostic]:
    """Files of which the manifest says other words or other approvals than the logs let out there now."""
    signed = {path: origin for item in shelves for path, origin in edition_files(item)}
    for path, item in listed.items():
        origin = signed.get(path, Origin(language=item["language"]))
        told = Origin(**{name: item[name] for name in ("story", "language", "edition")}, signoffs=(*item["signoffs"],))
        if told != origin:
            story, language = origin.story or told.story, origin.language or told.language
            yield _fault("out.outdated", _difference(told, origin), path, story, language, "run workflow build")


def _difference(told: Origin, signed: Origin) -> str:
    """What the manifest says of a file and the logs do not."""
    if told.edition != signed.edition:
        return "shows words that are not the ones signed now"
    fields = ("story", "language", "signoffs")
    wrong = next(name for name in fields if getattr(told, name) != getattr(signed, name))
    return f"{wrong}: {MANIFEST} says otherwise than the sign-off logs"


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
