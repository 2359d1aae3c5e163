"""What may be published: frozen editions whose exact bytes are approved as their rule asks.

Nothing here looks at a story or a working catalog, so no unsigned word can come this way.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from workflow.canonical import digest
from workflow.diagnostics import Diagnostic
from workflow.errors import InputError
from workflow.languages import Language
from workflow.model import SignOff
from workflow.newsroom import Newsroom
from workflow.operations.verdicts import Verdicts
from workflow.signoff import LogLine, approved, fault, heads

_SECTION = re.compile(rb"^section: ([a-z0-9-]+)$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Publishable:
    """A frozen edition and the approvals that let it out."""

    slug: str
    language: Language
    text: bytes
    digest: str
    lines: tuple[LogLine, ...]

    @property
    def approvals(self) -> tuple[SignOff, ...]:
        return tuple(line.record for line in self.lines)

    @property
    def media_names(self) -> tuple[str, ...]:
        """The files in `locales/media/` that the approvals bind."""
        media = self.lines[0].record.media
        return tuple(f"{sha256}{posixpath.splitext(name)[1].lower()}" for name, sha256 in media.items())

    @property
    def key(self) -> list[object]:
        """Changes with the words and with who approved them."""
        return [self.language.code, self.slug, self.digest, [line.digest for line in self.lines]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """Everything that may be published in one language, and what may not although it was signed."""

    language: Language
    editions: tuple[Publishable, ...]
    faults: tuple[Diagnostic, ...]
    heads: Mapping[str, tuple[str, ...]]
    """By slug: the digests of the log's last lines, whether anything is published or not."""


def shelf(newsroom: Newsroom, language: Language, verdicts: Verdicts) -> Shelf:
    """The publishable editions of a language, by slug; a fault in one holds only that one back."""
    editions: list[Publishable] = []
    faults: list[Diagnostic] = []
    last: dict[str, tuple[str, ...]] = {}
    for slug in _signed_slugs(newsroom, language):
        log = verdicts.checked_log(language.code, slug)
        faults += log.faults
        last[slug] = heads(log.all_lines)
        try:
            edition = _publishable(newsroom, language, slug, log.lines)
        except InputError as error:
            faults += error.diagnostics
        else:
            editions += [edition] if edition else []
    return Shelf(language=language, editions=tuple(editions), faults=tuple(faults), heads=last)


def _signed_slugs(newsroom: Newsroom, language: Language) -> tuple[str, ...]:
    """The slugs that have a log or a frozen edition, sorted."""
    slugs = set()
    for folder, suffix in (("signoffs", ".jsonl"), ("editions", ".md")):
        start = f"locales/{language.code}/{folder}"
        slugs |= {path.removeprefix(f"{start}/").removesuffix(suffix) for path in newsroom.files(start, suffix)}
    return tuple(sorted(slugs))


def _publishable(newsroom: Newsroom, language: Language, slug: str, lines: tuple[LogLine, ...]) -> Publishable | None:
    path = newsroom.edition_file(language.code, slug)
    if not newsroom.exists(path):
        # Which rule applies stands in the file that is gone: any of the language's shows that there was one.
        rules = [rule for rule in newsroom.settings.rules if rule.speaks_of(language.code)]
        found = next(filter(None, (approved(lines, rule) for rule in rules)), None)
        if found is not None and not found.withdrawn:
            raise InputError([_not_frozen(path, found.edition, language, slug)])
        return None
    text = newsroom.read(path)
    rule = newsroom.settings.rule_for(language.code, frozen_section(text, path))
    found = approved(lines, rule)
    if found is not None and found.withdrawn:
        return None
    if found is None or found.edition != digest(text):
        raise InputError([_not_frozen(path, found.edition if found else "", language, slug)])
    return Publishable(slug=slug, language=language, text=text, digest=found.edition, lines=found.lines)


def frozen_section(text: bytes, path: str) -> str:
    """The section that a frozen edition names, in the one form that we write; raises InputError if there is none."""
    found = _SECTION.search(text)
    if found is None:
        hint = "restore the file from version control; frozen editions are never edited"
        raise InputError.of("edition.section", "not a frozen edition: it names no section", path=path, hint=hint)
    return found[1].decode()


def _not_frozen(path: str, wanted: str, language: Language, slug: str) -> Diagnostic:
    hint = f"restore the file from version control, or sign again: workflow sign-off {slug} {language.code}"
    if not wanted:
        return fault("unsigned", "these words have no valid approval", path, hint=hint)
    message = f"not the words that were approved (sha256 {wanted[:12]}…)"
    return fault("not-frozen", message, path, hint=hint)
