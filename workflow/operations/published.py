"""What may be published: frozen editions whose exact bytes are approved as their rule asks.

Nothing here looks at a story or a working catalog, so no unsigned word can come this way.
"""

from __future__ import annotations

import posixpath
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
class Withdrawal:
    """An edition that was taken back: a notice stands in its place."""

    slug: str
    language: Language
    record: SignOff

    @property
    def reason(self) -> str:
        """Why, in the words of whoever withdrew it."""
        return " ".join(note.text for note in self.record.notes)

    @property
    def key(self) -> list[object]:
        """Changes with the words of the notice."""
        return [self.language.code, self.slug, self.record.at.isoformat(), self.reason]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """Everything that may be published in one language, and what may not although it was signed."""

    language: Language
    editions: tuple[Publishable, ...]
    withdrawals: tuple[Withdrawal, ...]
    faults: tuple[Diagnostic, ...]
    heads: Mapping[str, tuple[str, ...]]
    """By slug: the digests of the log's last lines, whether anything is published or not."""

    @property
    def has_pages(self) -> bool:
        """True if the language has something to show, a notice at least."""
        return bool(self.editions or self.withdrawals)


def shelf(newsroom: Newsroom, language: Language, verdicts: Verdicts) -> Shelf:
    """The publishable editions of a language, by slug; a fault in one holds only that one back."""
    editions: list[Publishable] = []
    withdrawals: list[Withdrawal] = []
    faults: list[Diagnostic] = []
    last: dict[str, tuple[str, ...]] = {}
    for slug, log in verdicts.checked_logs(language.code, _signed_slugs(newsroom, language)):
        faults += log.faults
        last[slug] = heads(log.all_lines)
        try:
            edition = _publishable(newsroom, language, slug, log.lines)
        except InputError as error:
            faults += error.diagnostics
        else:
            editions += [edition] if isinstance(edition, Publishable) else []
            withdrawals += [edition] if isinstance(edition, Withdrawal) else []
    return Shelf(
        language=language,
        editions=tuple(editions),
        withdrawals=tuple(withdrawals),
        faults=tuple(faults),
        heads=last,
    )


def _signed_slugs(newsroom: Newsroom, language: Language) -> tuple[str, ...]:
    """The slugs that have a log or a frozen edition, sorted."""
    slugs = set()
    for folder, suffix in (("signoffs", ".jsonl"), ("editions", ".md")):
        start = f"locales/{language.code}/{folder}"
        slugs |= {path.removeprefix(f"{start}/").removesuffix(suffix) for path in newsroom.files(start, suffix)}
    return tuple(sorted(slugs))


def _publishable(
    newsroom: Newsroom, language: Language, slug: str, lines: tuple[LogLine, ...]
) -> Publishable | Withdrawal | None:
    path = newsroom.edition_file(language.code, slug)
    found = approved(lines, newsroom.settings.rules_of(language.code))
    if found is not None and found.withdrawal is not None:
        return Withdrawal(slug=slug, language=language, record=found.withdrawal)
    text = newsroom.read(path) if newsroom.exists(path) else None
    if text is not None and found is not None and found.edition == digest(text):
        return Publishable(slug=slug, language=language, text=text, digest=found.edition, lines=found.lines)
    if text is not None or found is not None:
        raise InputError([_not_frozen(path, found.edition if found else "", language, slug)])
    return None


def _not_frozen(path: str, wanted: str, language: Language, slug: str) -> Diagnostic:
    hint = f"restore the file from version control, or sign again: workflow sign-off {slug} {language.code}"
    if not wanted:
        return fault("unsigned", "these words have no valid approval", path, hint=hint)
    message = f"not the words that were approved (sha256 {wanted[:12]}…)"
    return fault("not-frozen", message, path, hint=hint)
