"""Somebody answers for a finding that is to stand, or takes that back."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from workflow.checks import Archive
from workflow.codes import explanation, is_fixed
from workflow.diagnostics import Severity
from workflow.errors import GateShut, UsageError
from workflow.languages import Language
from workflow.model import Catalog
from workflow.newsroom import Newsroom
from workflow.operations.archive import archive_findings
from workflow.operations.edition_findings import approving_roles, edition_findings, segment_digests
from workflow.operations.glossary import glossary_between
from workflow.operations.people import person_of
from workflow.operations.standing import StoryFiles, no_catalog, read_edition_files
from workflow.settings import Person
from workflow.waivers import (
    Sorted,
    Waived,
    Waiver,
    format_waiver,
    made,
    reason_fault,
    standing,
    undone,
    waiver_fault,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """An edition as it is now."""

    files: StoryFiles
    language: Language
    catalog: Catalog
    findings: Sorted

    @property
    def segments(self) -> tuple[str, ...]:
        """The digests of its segments, in story order."""
        return segment_digests(self.files.story, self.catalog)

    def segment(self, number: int) -> str:
        """The digest of a segment; raises UsageError for a number that the story has not."""
        if not 1 <= number <= len(self.segments):
            hint = f"this story has segments 1 to {len(self.segments)}; workflow review shows them"
            raise UsageError.of("usage.segment", f"no segment {number}", hint=hint)
        return self.segments[number - 1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Which findings are meant."""

    code: str
    segment: int | None
    """The segment's number in story order, from 1; None for every segment of the story."""

    def __str__(self) -> str:
        return self.code if self.segment is None else f"{self.code} in segment {self.segment}"


def subject(newsroom: Newsroom, slug: str, language: str, code: str = "") -> Subject:
    """The edition with its findings, open and waived, and the waivers that lapsed.

    Earlier stories are read only if `code`, or a waiver, speaks of them: there may be thousands.
    Raises UsageError if the story is not meant for the language, GateShut if it has no catalog yet.
    """
    files, tongue = read_edition_files(newsroom, slug, language)
    catalog = newsroom.read_catalog(language, slug)
    if catalog is None:
        raise no_catalog(newsroom, slug, language)
    glossary = glossary_between(newsroom, files.story.language, tongue.code)
    codes = {code, *(waiver.code for waiver in newsroom.read_waivers(language, slug))}
    others = archive_findings(newsroom, slug, tongue) if Archive.CODE in codes else ()
    findings = edition_findings(newsroom, files, tongue, catalog, glossary, others)
    return Subject(files=files, language=tongue, catalog=catalog, findings=findings)


def waive(
    newsroom: Newsroom, slug: str, language: str, choice: Choice, *, by: str, reason: str, now: datetime.datetime
) -> tuple[Waived, ...]:
    """Waives the findings that are meant and still open, and returns them; none if they are waived already.

    Raises UsageError if there is no such finding, GateShut if it cannot be waived or not by this person.
    """
    person, reason = person_of(newsroom, by), _required(reason)
    explanation(choice.code)
    if is_fixed(choice.code):
        hint = "mend it: an edition with such a finding is not fit to be published"
        raise GateShut.of("waivers.fixed", f"{choice.code} cannot be waived", hint=hint)
    edition = subject(newsroom, slug, language, choice.code)
    meant = _meant(edition, choice)
    chosen = [found for found in edition.findings.open if found.segment and meant(found.code, found.segment.digest)]
    already = (item for item in edition.findings.waived if meant(item.waiver.code, item.waiver.segment))
    if not chosen and not any(already):
        hint = f"workflow check {slug} --language {language} lists the findings"
        raise UsageError.of("usage.finding", f"no finding {choice} of {slug} in {language}", hint=hint)
    for severity in {found.severity for found in chosen}:
        _require_right(newsroom, edition, person, severity)

    def lines(there: tuple[Waiver, ...]) -> Iterable[Waiver]:
        return [made(found, there, by=person, reason=reason, now=now) for found in chosen]

    written = _append(newsroom, edition, lines)
    return tuple(Waived(finding=found, waiver=line) for found, line in zip(chosen, written, strict=True))


def take_back(
    newsroom: Newsroom, slug: str, language: str, choice: Choice, *, by: str, reason: str, now: datetime.datetime
) -> tuple[Waiver, ...]:
    """Takes back the waivers that are meant, those that lapsed too, and returns them.

    Raises UsageError if there is none, GateShut if the person has nothing to say in this language.
    """
    person, reason = person_of(newsroom, by), _required(reason)
    edition = subject(newsroom, slug, language)
    _require_right(newsroom, edition, person, Severity.INFO)
    meant = _meant(edition, choice)

    def chosen(there: tuple[Waiver, ...]) -> tuple[Waiver, ...]:
        return tuple(item for item in standing(there) if meant(item.code, item.segment))

    if not chosen(newsroom.read_waivers(language, slug)):
        hint = f"workflow waive --list {slug} {language} shows what is waived"
        raise UsageError.of("usage.waiver", f"no waiver of {choice} of {slug} in {language}", hint=hint)
    return _append(
        newsroom,
        edition,
        lambda there: [undone(item, there, by=person, reason=reason, now=now) for item in chosen(there)],
    )


def _meant(edition: Subject, choice: Choice) -> Callable[[str, str], bool]:
    """Whether a code in a segment, told by its digest, is meant."""
    segment = None if choice.segment is None else edition.segment(choice.segment)
    return lambda code, digest: code == choice.code and segment in {None, digest}


def _required(reason: str) -> str:
    """The reason on one line; raises UsageError for one that says nothing or cannot be written down."""
    reason = " ".join(reason.split())
    if why := reason_fault(reason):
        raise UsageError.of("usage.reason", why, hint='say why the finding is to stand: --reason "…"')
    return reason


def _require_right(newsroom: Newsroom, edition: Subject, person: Person, severity: Severity) -> None:
    approving = approving_roles(newsroom, edition.files, edition.language)
    why = waiver_fault(person.email, newsroom.settings.people, edition.language.code, approving, severity)
    if why is not None:
        hint = f'give them the role in newsroom.toml: [people."{person.email}"]'
        raise GateShut.of("waivers.role", why, hint=hint)


def _append(
    newsroom: Newsroom, edition: Subject, lines: Callable[[tuple[Waiver, ...]], Iterable[Waiver]]
) -> tuple[Waiver, ...]:
    """Writes the lines behind those that are there, and returns them."""
    language, slug = edition.language.code, edition.files.slug
    path = newsroom.waiver_file(language, slug)
    with newsroom.lock():
        newsroom.sweep([path])
        added = tuple(lines(newsroom.read_waivers(language, slug)))
        before = newsroom.read(path) if newsroom.exists(path) else b""
        text = "".join(f"{format_waiver(line)}\n" for line in added)
        newsroom.write(path, before + (b"\n" if before and not before.endswith(b"\n") else b"") + text.encode())
    return added
