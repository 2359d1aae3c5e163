"""What building knows: the files wanted, the files there, and what they were made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workflow.canonical import digest
from workflow.newsroom import Newsroom
from workflow.operations.published import Publishable, Shelf, Withdrawal
from workflow.rendering.templates import TemplateFolders


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """What a built file shows, as the manifest tells it; empty for what belongs to no single edition."""

    story: str | None = None
    language: str | None = None
    edition: str | None = None
    signoffs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Artifact:
    """One file to build."""

    path: str
    key: str
    """Changes when the file's content would."""
    origin: Origin = Origin()


@dataclass(frozen=True, kw_only=True, slots=True)
class BuiltFile:
    """One file of `out/`, as it was when it was built."""

    key: str
    sha256: str
    size: int
    mtime: int
    characters: str = ""
    """The distinct characters of a page, for the choice of fonts."""
    uses: tuple[str, ...] = ()
    """The font files that a stylesheet names."""


@dataclass(kw_only=True, slots=True)
class Workshop:
    """What the makers of artifacts share during one build."""

    newsroom: Newsroom
    templates: TemplateFolders
    shelves: tuple[Shelf, ...]
    common: Mapping[str, str]
    """By language: the digest of all that every page of the language depends on."""
    print_common: Mapping[str, str]
    """The same for its bulletins."""
    fonts_digest: str
    built: dict[str, BuiltFile] = field(default_factory=dict)
    """What is in `out/` by path, kept from before or made now."""
    written: list[str] = field(default_factory=list)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages with something on the web."""
        return tuple(item.language.code for item in self.shelves if item.web)

    def tongues_of(self, slug: str) -> tuple[str, ...]:
        """The languages in which a story is on the web."""
        return tuple(item.language.code for item in self.shelves if any(edition.slug == slug for edition in item.web))

    def is_current(self, artifact: Artifact) -> bool:
        """True if the file is there as it was built, and would be built the same."""
        known = self.built.get(artifact.path)
        if known is None or known.key != artifact.key:
            return False
        full = self.newsroom.root / artifact.path
        try:
            stat = full.stat()
        except OSError:
            return False
        if (stat.st_size, stat.st_mtime_ns) == (known.size, known.mtime):
            return True
        return digest(full.read_bytes()) == known.sha256

    def store(self, artifact: Artifact, data: bytes, characters: str = "", uses: tuple[str, ...] = ()) -> None:
        """Writes the file and remembers it."""
        if self.newsroom.write(artifact.path, data, durable=False):
            self.written.append(artifact.path)
        stat = (self.newsroom.root / artifact.path).stat()
        self.built[artifact.path] = BuiltFile(
            key=artifact.key,
            sha256=digest(data),
            size=stat.st_size,
            mtime=stat.st_mtime_ns,
            characters=characters,
            uses=uses,
        )

    def shelf(self, language: str) -> Shelf:
        """The shelf of a language."""
        return next(item for item in self.shelves if item.language.code == language)

    def withdrawal(self, language: str, slug: str) -> Withdrawal:
        """An edition that was taken back."""
        return next(item for item in self.shelf(language).withdrawals if item.slug == slug)

    def in_print(self, language: str, slug: str) -> bool:
        """True if the edition has a bulletin, be it of other words."""
        return any(item.slug == slug for item in self.shelf(language).print)

    def page(self, language: str, slug: str) -> Publishable:
        """An edition on the web."""
        return next(item for item in self.shelf(language).web if item.slug == slug)

    def bulletin(self, language: str, slug: str) -> Publishable:
        """An edition in print."""
        return next(item for item in self.shelf(language).print if item.slug == slug)
