"""Where templates and fonts come from: the newsroom's own folder first, then the ones we ship."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import workflow
from workflow.canonical import digest_of
from workflow.errors import MachineError

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

    def digest(self) -> str:
        """Changes when any template or font does; fonts are known by their list of digests."""
        names = (*self.names(".html", ".css", ".xml"), "fonts/SHA256SUMS")
        return digest_of([[name, self.find(name).read_text(encoding="utf-8")] for name in names])


def template_folders(newsroom: Path) -> TemplateFolders:
    """The template folders of the newsroom at that root."""
    own, ours = newsroom / "templates", shipped("templates")
    folders = (own, ours) if own.is_dir() and own.resolve() != ours.resolve() else (ours,)
    return TemplateFolders(folders=folders)
