"""A newsroom as everybody else sees it: its settings, its files read to values, and the writing of new ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from workflow.canonical import digest
from workflow.errors import InputError, UsageError
from workflow.glossary import EMPTY, Glossary, format_glossary, parse_glossary
from workflow.languages import Language
from workflow.model import Catalog, Story
from workflow.newsroom import databases, locks, places, reading, stories, writing
from workflow.newsroom.refusals import read_error
from workflow.newsroom.writing import Staged
from workflow.settings import FILE_NAME, Settings, parse_settings
from workflow.signing import SIGNERS_FILE
from workflow.signoff import LogLine, parse_log
from workflow.waivers import Waiver, parse_waivers

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, kw_only=True, slots=True)
class Newsroom:
    """A newsroom's folder and its settings."""

    root: Path
    settings: Settings

    # --- Where things are, relative to the root ---

    story_file = staticmethod(places.story_file)
    catalog_file = staticmethod(places.catalog_file)
    edition_file = staticmethod(places.edition_file)
    kept_edition_file = staticmethod(places.kept_edition_file)
    media_file = staticmethod(places.media_file)
    log_file = staticmethod(places.log_file)
    waiver_file = staticmethod(places.waiver_file)
    glossary_file = staticmethod(places.glossary_file)
    memory_file = staticmethod(places.memory_file)

    @property
    def signers(self) -> Path:
        return self.root / SIGNERS_FILE

    # --- What there is ---

    def slugs(self) -> tuple[str, ...]:
        """The slugs of all stories, sorted; raises InputError for a folder whose name cannot be one."""
        return stories.slugs(self.root)

    def known_slug(self, slug: str) -> str:
        """The slug of a story that exists; a path to it is taken too. Raises UsageError for others."""
        return stories.known_slug(self.root, slug)

    def language(self, code: str) -> Language:
        """The language; raises UsageError for one that the newsroom does not have."""
        try:
            return self.settings.languages[code]
        except KeyError:
            known = ", ".join(self.settings.languages)
            raise UsageError.of("usage.language", f"no language `{code}`", hint=f"there are {known}") from None

    def story_languages(self, story: Story) -> tuple[Language, ...]:
        """The languages a story is meant for, in the newsroom's order; its own is always one of them."""
        wanted = {*story.languages, story.language} if story.languages else set(self.settings.languages)
        return tuple(language for code, language in self.settings.languages.items() if code in wanted)

    def files(self, folder: str, suffix: str = "", *, strays: bool = False) -> tuple[str, ...]:
        """The files below a folder whose path ends so, sorted; links to folders are not followed.

        Hidden files are left out, but for `strays`: what killed writers left behind. Raises InputError for a
        folder that cannot be read.
        """
        return reading.files(self.root, folder, suffix, strays=strays)

    def everything(self, folder: str) -> tuple[str, ...]:
        """Every file below a folder, sorted: hidden ones too, and links, which are not followed."""
        return reading.everything(self.root, folder)

    def refuse_linked_folders(self, folder: str) -> None:
        """A link to a folder is not followed; raises InputError rather than leave out in silence what it holds."""
        reading.refuse_linked_folders(self.root, folder)

    def frozen_files(self, language: str) -> dict[str, list[str]]:
        """By slug: the files with the frozen words of an edition, the last signed and those kept beside them."""
        folder = places.editions_folder(language)
        found: dict[str, list[str]] = {}
        for path in self.files(folder, ".md"):
            slug = path.removeprefix(f"{folder}/").removesuffix(".md").partition("@")[0]
            found.setdefault(slug, []).append(path)
        return found

    # --- Reading ---

    def exists(self, path: str) -> bool:
        return (self.root / path).exists()

    def read(self, path: str) -> bytes:
        """The file's bytes; raises InputError if it is missing, unreadable or a link out of the newsroom."""
        return reading.read(self.root, path)

    def stamp(self, paths: Iterable[str]) -> str:
        """Tells whether files look as they did: size, time and place on the disk; a file may be missing.

        Empty if one was written so lately that it may change once more and look the same.
        """
        return reading.stamp(self.root, paths)

    def read_story(self, slug: str) -> Story:
        # Late: the Markdown parser is slow to import, and a build with nothing to do reads no story.
        from workflow.story import parse_story

        path = self.story_file(slug)
        return parse_story(self.read(path), path, self.settings.story_rules)

    def read_picture(self, slug: str, source: str, line: int) -> tuple[str, bytes]:
        """(frozen name, bytes) of a story's picture; the frozen name is `<sha256>.<ext>`.

        Raises InputError at the story's line if the file is missing or not below the story's folder.
        """
        return stories.read_picture(self.root, slug, source, line)

    def read_catalog(self, language: str, domain: str) -> Catalog | None:
        """The catalog, or None if there is none yet; raises InputError if it is damaged."""
        # Late: polib and our scanner are not needed where no catalog is read, as in a build with nothing to do.
        from workflow.catalog import parse_catalog

        path = self.catalog_file(language, domain)
        return parse_catalog(self.read(path), path) if self.exists(path) else None

    def require_catalog(self, language: str, domain: str) -> Catalog:
        """The catalog; raises InputError if there is none yet, or if it is damaged."""
        catalog = self.read_catalog(language, domain)
        if catalog is None:
            path = self.catalog_file(language, domain)
            raise InputError.of("catalog.missing", "no catalog yet", path=path, hint="run workflow update")
        return catalog

    def read_glossary(self, language: str) -> Glossary:
        """The language's terms, none if there is no file; raises InputError with its faulty lines."""
        path = self.glossary_file(language)
        return _parsed_glossary(self.read(path), path) if self.exists(path) else EMPTY

    def read_log(self, language: str, slug: str) -> tuple[LogLine, ...]:
        """The lines of the sign-off log, none if there is no log; raises InputError if it is damaged."""
        path = self.log_file(language, slug)
        return parse_log(self.read(path), path) if self.exists(path) else ()

    def read_waivers(self, language: str, slug: str) -> tuple[Waiver, ...]:
        """The lines of the edition's file of waivers, none if there is none; raises InputError if it is damaged."""
        path = self.waiver_file(language, slug)
        return parse_waivers(self.read(path), path, story=slug, language=language) if self.exists(path) else ()

    def frozen_words(self, language: str, slug: str) -> dict[str, str]:
        """sha256 of the frozen words of an edition → the file that holds them."""
        return {digest(self.read(path)): path for path in self.frozen_files(language).get(slug, ())}

    # --- Writing ---

    def write(self, path: str, data: bytes, *, durable: bool = True) -> bool:
        """Writes the file whole, or leaves what was there; returns False if it was so already.

        What can be made again need not be `durable`: it is not forced to the disk, which takes most of the time.
        Raises MachineError if the disk refuses.
        """
        return writing.write(self.root, path, data, durable=durable)

    def write_catalog(self, language: str, domain: str, catalog: Catalog) -> bool:
        from workflow.catalog import format_catalog

        return self.write(self.catalog_file(language, domain), format_catalog(catalog).encode())

    def write_glossary(self, language: str, glossary: Glossary) -> bool:
        return self.write(self.glossary_file(language), format_glossary(glossary).encode())

    def stage(self, path: str, data: bytes, *, before: bytes | None) -> Staged:
        """Writes the file's new version beside it, durably; `put` gives it its name, `sweep` takes it away.

        `before` are the bytes of the old one that the new one was made from, None if there was none. Raises
        MachineError if the disk refuses.
        """
        return writing.stage(self.root, path, data, before=before)

    def put(self, files: Sequence[Staged]) -> None:
        """Gives new versions their names, each in one step, and makes that durable.

        Raises ConflictError, with nothing changed, if another program saved one of the files meanwhile; MachineError if
        the disk refuses.
        """
        writing.put(self.root, files)

    def remove(self, path: str) -> None:
        """Removes a file and the folders that it leaves empty; raises MachineError if the disk refuses."""
        writing.remove(self.root, path)

    def sweep(self, paths: Iterable[str]) -> None:
        """Removes what killed writers left in the folders of these files; the newsroom's lock is held."""
        writing.sweep(self.root, paths)

    # --- For one writer at a time ---

    def lock(self, name: str = "lock") -> AbstractContextManager[None]:
        """Holds the newsroom, or the cache of another lock, for one writer; raises ConflictError if that is taken."""
        return locks.lock(self.root, name)

    def connect(self, name: str) -> sqlite3.Connection:
        """A database among the caches that one process writes while others read; made if it is not there.

        Any thread may use it, one at a time. Raises MachineError if the disk refuses, sqlite3.DatabaseError if what is
        there is no database.
        """
        return databases.connect(self.root, name)

    def remove_database(self, name: str) -> None:
        """Removes a database and what SQLite keeps beside it."""
        databases.remove_database(self.root, name)


_parsed_glossary = lru_cache(maxsize=32)(parse_glossary)
"""The same for all catalogs of a language: checks keep an index with each."""


def open_newsroom(start: Path, *, exactly: bool = False) -> Newsroom:
    """The newsroom at `start`, or unless `exactly` in the nearest folder above it that has a newsroom.toml.

    Raises UsageError if there is none, InputError if its settings are faulty.
    """
    start = start.resolve()
    for folder in [start] if exactly else [start, *start.parents]:
        file = folder / FILE_NAME
        if file.is_file():
            try:
                data = file.read_bytes()
            except OSError as error:
                raise read_error(error, str(file)) from None
            return Newsroom(root=folder, settings=parse_settings(data))
    raise UsageError.of(
        "usage.newsroom",
        f"no {FILE_NAME} in {start}" + ("" if exactly else " or above it"),
        hint="go to a newsroom, name one with -C DIR, or make one: workflow init DIR",
    )
