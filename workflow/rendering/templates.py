"""Where templates and fonts come from: the newsroom's own folder first, then the ones we ship."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workflow.canonical import digest, digest_of
from workflow.errors import MachineError
from workflow.installation import shipped
from workflow.text import decode_text

MAX_BYTES = 1_000_000
SHARED = "shared"
FOLDERS = ("web", "print", SHARED)
"""Of the templates; what is shared belongs to web and print."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TemplateFolders:
    """The folders to look in, first one first."""

    folders: tuple[Path, ...]

    def find(self, name: str) -> Path:
        """The file of that name, such as `web/story.html`; raises MachineError if no folder has it."""
        for folder in self.folders:
            if (folder / name).is_file():
                return folder / name
        raise MachineError.of("machine.install", f"template {name} is missing", hint="install bulletin-workflow again")

    def names(self, *suffixes: str) -> tuple[str, ...]:
        """The names of all templates with one of the suffixes, sorted."""
        found = set()
        for folder in self.folders:
            for part in FOLDERS:
                for path in (folder / part).rglob("*"):
                    if path.suffix in suffixes:
                        found.add(path.relative_to(folder).as_posix())
        return tuple(sorted(found))

    def text(self, name: str) -> str:
        """The text of a template; raises InputError if it is not UTF-8."""
        return decode_text(self.find(name).read_bytes(), f"templates/{name}", kind="template", max_bytes=MAX_BYTES)

    def digests(self) -> TemplateDigests:
        """What tells whether a template or a font changed."""
        texts = {name: self.text(name) for name in self.names(".html", ".css", ".xml")}
        fonts = self._fonts_digest()
        return TemplateDigests(
            web=_digest_of_kind("web", texts, fonts), print=_digest_of_kind("print", texts, fonts), fonts=fonts
        )

    def _fonts_digest(self) -> str:
        """The fonts are known by the list of their digests; their tables are small enough to read."""
        folder = self.find("fonts/SHA256SUMS").parent
        tables = [path.name for path in sorted(folder.iterdir()) if path.suffix in {".css", ".json"}]
        return digest_of([[name, digest((folder / name).read_bytes())] for name in ("SHA256SUMS", *tables)])


@dataclass(frozen=True, kw_only=True, slots=True)
class TemplateDigests:
    """Each changes when what it names does: a new style of the web must not render all bulletins again."""

    web: str
    print: str
    fonts: str

    @property
    def all(self) -> str:
        return digest_of([self.web, self.print, self.fonts])


def _digest_of_kind(kind: str, texts: Mapping[str, str], fonts: str) -> str:
    """The digest of one kind's templates and the shared ones; of all, if one of them names one of the other kind."""
    chosen = {name: text for name, text in texts.items() if name.startswith((f"{kind}/", f"{SHARED}/"))}
    others = {name.partition("/")[0] for name in texts.keys() - chosen.keys()}
    if any(f"{other}/" in text for other in others for text in chosen.values()):
        chosen = dict(texts)
    return digest_of([sorted(chosen.items()), fonts])


def template_folders(newsroom: Path) -> TemplateFolders:
    """The template folders of the newsroom at that root."""
    own, ours = newsroom / "templates", shipped("templates")
    folders = (own, ours) if own.is_dir() and own.resolve() != ours.resolve() else (ours,)
    return TemplateFolders(folders=folders)
