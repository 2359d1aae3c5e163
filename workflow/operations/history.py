"""Who decided what, when, on which words: the sign-off logs of a story, each record with its verdict."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from workflow.diagnostics import Diagnostic
from workflow.errors import UsageError
from workflow.newsroom import Newsroom
from workflow.operations.live import live_in
from workflow.operations.verdicts import CheckedLog, Verdicts
from workflow.signoff import LogLine


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One record of the history."""

    line: LogLine
    path: str
    """The log that it stands in."""
    why_not: str
    """Why the record does not count; empty if it does."""
    live: bool
    """True for the approvals of the words that may be published now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """The records of a story."""

    story: str
    languages: tuple[str, ...]
    entries: tuple[Entry, ...]
    """The newest last."""
    faults: tuple[Diagnostic, ...]
    """What is wrong with the logs."""


def history(newsroom: Newsroom, name: str, language: str | None, now: datetime.datetime) -> History:
    """The history of a story in one language, or in all; a story that was taken away keeps its history.

    Raises UsageError for a story or language that the newsroom does not know.
    """
    languages = (newsroom.language(language),) if language else tuple(newsroom.settings.languages.values())
    slug = _slug(newsroom, name)
    verdicts = Verdicts.load(newsroom, now)
    entries: list[Entry] = []
    faults: list[Diagnostic] = []
    for tongue in languages:
        log = verdicts.checked_log(tongue.code, slug)
        frozen = newsroom.frozen_words(tongue.code, slug)
        live = {
            digest
            for words in live_in(newsroom, verdicts, slug, tongue.code).values()
            if not words.withdrawal and words.edition in frozen
            for digest in words.key
        }
        entries += _entries(newsroom.log_file(tongue.code, slug), log, live)
        faults += log.faults
    verdicts.save()
    # A stable sort: records of one second stay in the order of their log.
    entries.sort(key=lambda entry: entry.line.record.at)
    codes = tuple(tongue.code for tongue in languages)
    return History(story=slug, languages=codes, entries=tuple(entries), faults=tuple(faults))


def _slug(newsroom: Newsroom, name: str) -> str:
    try:
        return newsroom.known_slug(name)
    except UsageError:
        logs = (newsroom.log_file(code, name) for code in newsroom.settings.languages)
        there = (newsroom.files(f"locales/{code}/signoffs", ".jsonl") for code in newsroom.settings.languages)
        if not {path for paths in there for path in paths}.isdisjoint(logs):
            return name
        raise


def _entries(path: str, log: CheckedLog, live: Collection[str]) -> list[Entry]:
    counting = {line.digest for line in log.lines}
    faults: dict[int | None, str] = {}
    for found in log.faults:
        faults.setdefault(found.location.line if found.location else None, found.message)
    return [
        Entry(
            line=line,
            path=path,
            why_not="" if line.digest in counting else _why_not(line, faults),
            live=line.digest in live,
        )
        for line in log.all_lines
    ]


def _why_not(line: LogLine, faults: Mapping[int | None, str]) -> str:
    if line.number in faults:
        return faults[line.number]
    place = next((f"line {number}" for number in faults if number), "another line")
    return f"the log is broken at {place}"
