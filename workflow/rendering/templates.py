"""Where templates and fonts come from: the newsroom's own folder first, then the ones we ship."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import workflow
from workflow.canonical import digest, digest_of
from workflow.errors import MachineError
from workflow.text import decode_text

MAX_BYTES = 1_000_000

_PACKAGE = Path(workflow.__file__).parent


def shipped(name: str) -> Path:
    """A folder that we ship, `templates` or `locales`: inside the wheel, or beside the package in a checkout."""
    for folder in (_PACKAGE / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise MachineError.of(
        "machine.install", f"the {name} of this installation are missing", hint="install bulletin-workflow again"
    )


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
            for kind in ("web", "print"):
                for path in (folder / kind).rglob("*"):
                    if path.suffix in suffixes:
                        found.add(path.relative_to(folder).as_posix())
        return tuple(sorted(found))

    def text(self, name: str) -> str:
        """The text of a template; raises InputError if it is not UTF-8."""
        return decode_text(self.find(name).read_bytes(), f"templates/{name}", kind="template", max_bytes=MAX_BYTES)

    def digest(self, kind: str = "") -> str:
        """Changes when a template or a font does.

        With a kind, `web` or `print`, only what its templates may use counts: of the other kind all or nothing.
        """
        texts = {name: self.text(name) for name in self.names(".html", ".css", ".xml")}
        chosen = {name: text for name, text in texts.items() if name.startswith(kind)}
        others = {name.partition("/")[0] for name in texts.keys() - chosen.keys()}
        if any(f"{other}/" in text for other in others for text in chosen.values()):
            chosen = texts
        return digest_of([*map(list, sorted(chosen.items())), self.fonts_digest()])

    def fonts_digest(self) -> str:
        """Changes when a font does, known by the list of digests, or one of the fonts' tables."""
        folder = self.find("fonts/SHA256SUMS").parent
        tables = [path.name for path in sorted(folder.iterdir()) if path.suffix in {".css", ".json"}]
        return digest_of([[name, digest((folder / name).read_bytes())] for name in ("SHA256SUMS", *tables)])


def template_folders(newsroom: Path) -> TemplateFolders:
    """The template folders of the newsroom at that root."""
    own, ours = newsroom / "templates", shipped("templates")
    folders = (own, ours) if own.is_dir() and own.resolve() != ours.resolve() else (ours,)
    return TemplateFolders(folders=folders)
