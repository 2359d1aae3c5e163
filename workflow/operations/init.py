"""A new newsroom: settings, a sample story in three languages, catalogs."""

from __future__ import annotations

import datetime
from pathlib import Path

import workflow
from workflow.errors import MachineError, UsageError
from workflow.newsroom import Newsroom, open_newsroom
from workflow.operations.update import update
from workflow.settings import FILE_NAME, parse_settings

_HIDDEN = {"gitignore": ".gitignore", "gitattributes": ".gitattributes"}
"""Files that would act on our own repository if they had their real names there."""


def init(folder: Path, now: datetime.datetime) -> Newsroom:
    """Makes the newsroom and returns it.

    Raises UsageError if the folder holds anything already, MachineError if the disk refuses.
    """
    _require_empty(folder)
    starter = Path(workflow.__file__).parent / "starter"
    files = [path for path in sorted(starter.rglob("*")) if path.is_file()]
    settings = parse_settings((starter / FILE_NAME).read_bytes())
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot make the folder: {(error.strerror or str(error)).lower()}"
        hint = "name one where you may write"
        raise MachineError.of("machine.write", message, path=str(folder), hint=hint) from None
    newsroom = Newsroom(root=folder.resolve(), settings=settings)
    for path in files:
        name = path.relative_to(starter).as_posix()
        newsroom.write(_HIDDEN.get(name, name), path.read_bytes())
    newsroom = open_newsroom(folder, exactly=True)
    update(newsroom, newsroom.slugs(), check=False, now=now)
    return newsroom


def _require_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError.of("usage.folder", f"{folder} is not an empty folder", hint="name a new one")
