"""Which catalogs an update would leave as they are: known by the bytes of all that they are made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workflow import __version__
from workflow.canonical import digest, digest_of
from workflow.installation import shipped
from workflow.model import Decision
from workflow.newsroom import SITE, Newsroom
from workflow.operations.cache import read_cache, write_cache
from workflow.rendering.templates import template_folders
from workflow.settings import FILE_NAME

CACHE_FILE = "update.json"

Counts = tuple[int, int, int, int]
"""Translated, to review, new, obsolete units of a catalog."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """The files that the catalogs of one domain are made from, read once."""

    texts: Mapping[str, bytes]
    """By path: the story, or the templates and the words that we ship."""
    catalogs: Mapping[str, bytes | None]
    """By language; None where there is none yet. So are the logs."""
    logs: Mapping[str, bytes | None]

    def key(self, common: str, catalogs: Mapping[str, bytes]) -> str:
        """Equal for equal files, with these catalogs in place of those that were read.

        Empty if the same files may give other catalogs tomorrow: whether an editor's notes count depends on keys,
        people and the clock.
        """
        if any(log and Decision.RETURN.value.encode() in log for log in self.logs.values()):
            return ""
        parts = (self.texts, {**self.catalogs, **catalogs}, self.logs)
        return digest_of([common, *({name: _digest(data) for name, data in part.items()} for part in parts)])


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """What was known of a domain after its last update."""

    key: str
    counts: Mapping[str, Counts]
    """By language."""


def _digest(data: bytes | None) -> str | None:
    return None if data is None else digest(data)


def read_sources(newsroom: Newsroom, domain: str) -> Sources:
    """The files of a domain as they are now; raises InputError if one cannot be read."""
    codes = tuple(newsroom.settings.languages)
    return Sources(
        texts=_site_texts(newsroom) if domain == SITE else {domain: newsroom.read(newsroom.story_file(domain))},
        catalogs={code: _read(newsroom, newsroom.catalog_file(code, domain)) for code in codes},
        logs={} if domain == SITE else {code: _read(newsroom, newsroom.log_file(code, domain)) for code in codes},
    )


def _read(newsroom: Newsroom, path: str) -> bytes | None:
    return newsroom.read(path) if newsroom.exists(path) else None


def _site_texts(newsroom: Newsroom) -> dict[str, bytes]:
    words = sorted(shipped("locales").glob(f"*/LC_MESSAGES/{SITE}.po"))
    texts = {path: text.encode() for path, text in template_texts(newsroom).items()}
    return texts | {f"shipped/{path.parts[-3]}": path.read_bytes() for path in words}


def template_texts(newsroom: Newsroom) -> dict[str, str]:
    """The templates that hold words, by the path that catalogs refer to them with."""
    folders = template_folders(newsroom.root)
    return {f"templates/{name}": folders.text(name) for name in folders.names(".html", ".xml")}


def common_key(newsroom: Newsroom) -> str:
    """What every catalog depends on: this program and the newsroom's settings."""
    return digest_of([__version__, digest(newsroom.read(FILE_NAME))])


def read_settled(newsroom: Newsroom) -> dict[str, Settled]:
    """What is known, by domain; nothing that cannot be understood."""
    try:
        return {
            domain: Settled(key=key, counts={code: _counts(counts) for code, counts in found.items()})
            for domain, (key, found) in read_cache(newsroom, CACHE_FILE).items()
        }
    except (TypeError, ValueError, AttributeError):
        return {}


def _counts(numbers: Iterable[int]) -> Counts:
    translated, needs_review, new, obsolete = map(int, numbers)
    return translated, needs_review, new, obsolete


def write_settled(newsroom: Newsroom, known: Iterable[tuple[str, Settled]]) -> None:
    """Keeps what is known for the next run."""
    write_cache(newsroom, CACHE_FILE, {domain: [item.key, dict(item.counts)] for domain, item in known if item.key})
