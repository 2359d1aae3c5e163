"""The memory in and out as TMX."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from workflow.errors import InputError
from workflow.interchange.tmx import format_tmx, parse_tmx
from workflow.languages import language_of_tag
from workflow.memory import Entry, Memory, entries
from workflow.newsroom import Newsroom
from workflow.text import character_faults

MAX_CHARACTERS: Final = 20_000
"""Of one text; nothing longer can be a paragraph of a story."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What an import kept, and what it left out."""

    files: Mapping[str, int]
    """Path in the newsroom → number of entries."""
    skipped: Mapping[str, int]
    """Why entries were left out → how many."""


def import_tmx(newsroom: Newsroom, data: bytes, path: str, name: str) -> Imported:
    """Keeps a TMX file's entries in the newsroom, one plain file for each language they are translated into.

    Only what a catalog here could hold is kept. Raises InputError for what is no TMX, or has nothing of use.
    """
    found = parse_tmx(data, path)
    skipped, kept = Counter(found.skipped), dict[str, dict[Entry, None]]()
    for entry in found.entries:
        mapped, reason = _usable(newsroom, entry)
        if reason or mapped in kept.setdefault(mapped.target_language, {}):
            skipped[reason or "there twice"] += 1
        else:
            kept[mapped.target_language][mapped] = None
    files = {newsroom.memory_file(code, file_stem(name)): tuple(some) for code, some in kept.items() if some}
    if not files:
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(skipped.items()))
        hint = f"this newsroom has {', '.join(language.tag for language in newsroom.settings.languages.values())}"
        raise InputError.of("tmx.empty", f"nothing of use: {reasons or 'no units'}", path=path, hint=hint)
    for file, some in files.items():
        newsroom.write(file, format_tmx(some, _tags(newsroom)).encode())
    return Imported(files={file: len(some) for file, some in files.items()}, skipped=dict(skipped))


def export_tmx(newsroom: Newsroom, memory: Memory, language: str) -> tuple[str, int]:
    """(the TMX document, its number of entries) of all that was translated into the language.

    Raises UsageError for a language that the newsroom does not have.
    """
    found = tuple(entries(memory.database, newsroom.language(language).code))
    return format_tmx(found, _tags(newsroom)), len(found)


def file_stem(name: str) -> str:
    """The name under which a file is kept: of its letters, digits, dots and hyphens."""
    return re.sub(r"[^\w.-]+|^[^\w]+", "-", name.lower()).strip(".-_")[:80] or "memory"


def _tags(newsroom: Newsroom) -> dict[str, str]:
    return {code: language.tag for code, language in newsroom.settings.languages.items()}


def _usable(newsroom: Newsroom, entry: Entry) -> tuple[Entry, str]:
    """(the entry in the newsroom's languages, why it cannot be used: empty if it can)."""
    tongues = tuple(newsroom.settings.languages.values())
    source, target = (language_of_tag(tag, tongues) for tag in (entry.source_language, entry.target_language))
    if source is None or target is None:
        return entry, "in languages that this newsroom does not have"
    texts = entry.source.strip(), entry.target.strip()
    mapped = replace(entry, source_language=source.code, target_language=target.code, source=texts[0], target=texts[1])
    if source == target:
        return mapped, "with one language on both sides"
    if any(len(text) > MAX_CHARACTERS for text in texts):
        return mapped, f"longer than {MAX_CHARACTERS:,} characters"
    if any(character_faults(text, "", kind="tmx") for text in texts):
        return mapped, "with characters that no catalog may hold"
    return mapped, ""
