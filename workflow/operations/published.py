"""What may be published: frozen editions whose exact bytes are approved as their rule asks.

Nothing here looks at a story or a working catalog, so no unsigned word can come this way.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflow.canonical import digest
from workflow.diagnostics import Diagnostic
from workflow.errors import InputError
from workflow.front_matter.writing import header_says
from workflow.languages import Language
from workflow.model import Channel, Decision, SignOff
from workflow.newsroom import Newsroom
from workflow.operations.verdicts import Verdicts
from workflow.signoff import Approved, LogLine, Tally, fault, heads, live_words, tally

_PICTURE = re.compile(rb"\]\(<?(?:\.\./)+media/([0-9a-f]{64}[^ >)]*)")
"""Where frozen words show a picture, in the one form that we write."""


def _frozen_names(media: Mapping[str, str]) -> Iterator[str]:
    """The files in `locales/media/` of the pictures that a record binds."""
    return (f"{sha256}{posixpath.splitext(name)[1].lower()}" for name, sha256 in media.items())


@dataclass(frozen=True, kw_only=True, slots=True)
class Publishable:
    """A frozen edition and the approvals that let it out."""

    slug: str
    language: Language
    path: str
    """The file that holds the frozen words."""
    text: bytes
    digest: str
    lines: tuple[LogLine, ...]

    @property
    def approvals(self) -> tuple[SignOff, ...]:
        return tuple(line.record for line in self.lines)

    @property
    def media_names(self) -> tuple[str, ...]:
        """The files in `locales/media/` that the approvals bind."""
        return tuple(_frozen_names(self.lines[0].record.media))

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
    web: tuple[Publishable, ...]
    print: tuple[Publishable, ...]
    withdrawals: tuple[Withdrawal, ...]
    """The notices on the web."""
    faults: tuple[Diagnostic, ...]
    heads: Mapping[str, tuple[str, ...]]
    """By slug: the digests of the log's last lines, whether anything is published or not."""

    @property
    def editions(self) -> tuple[Publishable, ...]:
        """What is published, on whichever channel; words that are on both are there once."""
        return tuple({(item.slug, item.digest): item for item in (*self.web, *self.print)}.values())

    @property
    def has_something(self) -> bool:
        """True if the language has something to show, a notice at least."""
        return bool(self.web or self.print or self.withdrawals)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ledger:
    """What the logs of a language amount to, by slug."""

    language: Language
    tallies: Mapping[Channel, Mapping[str, Tally]]
    heads: Mapping[str, tuple[str, ...]]
    named: Mapping[str, frozenset[str]]
    """The editions that approvals in the log name, whether enough of them or not."""
    faults: tuple[Diagnostic, ...]

    def tally(self, channel: Channel, slug: str) -> Tally:
        return self.tallies[channel].get(slug, Tally(approved=(), counting={}))


def shelves(newsroom: Newsroom, verdicts: Verdicts) -> tuple[Shelf, ...]:
    """The shelf of every language, in the newsroom's order; a fault in one edition holds only that one back."""
    languages = newsroom.settings.languages
    for folder in (f"locales/{code}/{name}" for code in languages for name in ("signoffs", "editions")):
        # What is behind a link would be taken out of publication without a word.
        newsroom.refuse_linked_folders(folder)
    frozen = {code: newsroom.frozen_files(code) for code in languages}
    ledgers = {code: _ledger(newsroom, language, frozen[code], verdicts) for code, language in languages.items()}
    return tuple(_shelf(newsroom, ledgers, code, frozen[code]) for code in languages)


def _ledger(newsroom: Newsroom, language: Language, frozen: Collection[str], verdicts: Verdicts) -> _Ledger:
    rules = {channel: newsroom.settings.rules_of(language.code, channel) for channel in Channel}
    tallies: dict[Channel, dict[str, Tally]] = {channel: {} for channel in Channel}
    last: dict[str, tuple[str, ...]] = {}
    named: dict[str, frozenset[str]] = {}
    faults: list[Diagnostic] = []
    start = f"locales/{language.code}/signoffs"
    logs = {path.removeprefix(f"{start}/").removesuffix(".jsonl") for path in newsroom.files(start, ".jsonl")}
    for slug, log in verdicts.checked_logs(language.code, sorted(logs | set(frozen))):
        faults += log.faults
        last[slug] = heads(log.all_lines)
        named[slug] = frozenset(line.record.edition for line in log.lines if line.record.decision is Decision.APPROVE)
        for channel, rule_of in rules.items():
            tallies[channel][slug] = tally(log.lines, rule_of)
    return _Ledger(language=language, tallies=tallies, heads=last, named=named, faults=tuple(faults))


def _shelf(newsroom: Newsroom, ledgers: Mapping[str, _Ledger], code: str, frozen: Mapping[str, Sequence[str]]) -> Shelf:
    ledger = ledgers[code]
    found: dict[Channel, list[Publishable]] = {channel: [] for channel in Channel}
    withdrawals: list[Withdrawal] = []
    faults = list(ledger.faults)
    for slug in ledger.heads:
        live = {channel: _live(newsroom, ledgers, code, channel, slug) for channel in Channel}
        words = [item for item in live.values() if item]
        try:
            out = _publishable(newsroom, ledger, slug, words, frozen.get(slug, ()))
        except InputError as error:
            faults += error.diagnostics
            continue
        for channel, item in live.items():
            found[channel] += [out[item.key]] if item and not item.withdrawal else []
        if (notice := live[Channel.WEB]) and notice.withdrawal:
            withdrawals.append(Withdrawal(slug=slug, language=ledger.language, record=notice.withdrawal))
    return Shelf(
        language=ledger.language,
        web=tuple(found[Channel.WEB]),
        print=tuple(found[Channel.PRINT]),
        withdrawals=tuple(withdrawals),
        faults=tuple(faults),
        heads=ledger.heads,
    )


def _live(
    newsroom: Newsroom, ledgers: Mapping[str, _Ledger], code: str, channel: Channel, slug: str
) -> Approved | None:
    return live_words(
        ledgers[code].tally(channel, slug),
        newsroom.settings.rules_of(code, channel),
        lambda other: ledgers[other].tally(channel, slug) if other in ledgers else None,
    )


def _publishable(
    newsroom: Newsroom, ledger: _Ledger, slug: str, live: Sequence[Approved], frozen: Sequence[str]
) -> dict[tuple[str, ...], Publishable]:
    """By key of the approvals: the live words with their bytes.

    Raises InputError if they are not there, or if the words said to be the ones last signed never were.
    """
    code, main = ledger.language.code, newsroom.edition_file(ledger.language.code, slug)
    words = {path: newsroom.read(path) for path in frozen}
    digests = {digest(text): path for path, text in words.items()}
    wanted = [item for item in live if not item.withdrawal]
    for item in wanted:
        if item.edition not in digests:
            raise InputError([_not_frozen(main, item.edition, code, slug)])
        _require_its_section(newsroom, item, words[digests[item.edition]], code, slug)
        _require_its_pictures(newsroom, item, words[digests[item.edition]], code, slug)
    signed = {item.edition for channel in Channel for item in ledger.tally(channel, slug).approved}
    if main in words and digest(words[main]) not in (ledger.named[slug] if wanted else signed):
        raise InputError([_not_frozen(main, wanted[0].edition if wanted else "", code, slug)])
    return {
        item.key: Publishable(
            slug=slug,
            language=ledger.language,
            path=digests[item.edition],
            text=words[digests[item.edition]],
            digest=item.edition,
            lines=item.lines,
        )
        for item in wanted
    }


def _require_its_section(newsroom: Newsroom, approved: Approved, text: bytes, language: str, slug: str) -> None:
    """Raises InputError for approvals that were counted by the rule of another section than the words stand in."""
    for line in approved.lines:
        if not header_says(text, "section", line.record.section):
            message = f"section: a record of `{line.record.section}` approves words that stand in another section"
            hint = f"sign again: workflow sign-off {slug} {language}"
            raise InputError([fault("section", message, newsroom.log_file(language, slug), line.number, hint)])


def _require_its_pictures(newsroom: Newsroom, approved: Approved, text: bytes, language: str, slug: str) -> None:
    """Raises InputError for an approval that binds other pictures than the words show."""
    shown = set(_PICTURE.findall(text))
    for line in approved.lines:
        if {name.encode() for name in _frozen_names(line.record.media)} != shown:
            message = "media: not the pictures that stand in the words approved"
            hint = f"workflow return {slug} {language}, then workflow sign-off {slug} {language}"
            raise InputError([fault("media", message, newsroom.log_file(language, slug), line.number, hint)])


def _not_frozen(path: str, wanted: str, language: str, slug: str) -> Diagnostic:
    hint = f"restore the file from version control, or sign again: workflow sign-off {slug} {language}"
    if not wanted:
        return fault("unsigned", "these words have no valid approval", path, hint=hint)
    message = f"not the words that were approved (sha256 {wanted[:12]}…)"
    return fault("not-frozen", message, path, hint=hint)
