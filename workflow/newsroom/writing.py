"""Writing files whole or not at all: beside the old file first, then over it in one step."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from workflow.errors import ConflictError, InputError
from workflow.newsroom.reading import TEMPORARY, is_below, read
from workflow.newsroom.refusals import write_error


@dataclass(frozen=True, kw_only=True, slots=True)
class Staged:
    """A file's new version, complete beside the old one; both paths are relative to the newsroom."""

    path: str
    temporary: str
    before: bytes | None
    """What the old one was made out to be; None if there was none."""


def write(root: Path, path: str, data: bytes, *, durable: bool) -> bool:
    """Writes the file whole, or leaves what was there; returns False if it was so already."""
    full = root / path
    try:
        if full.is_file() and full.read_bytes() == data:
            return False
        new_folders = _make_folder(root, path)
        _sweep(full)
        _replace(full, data, durable=durable)
        for folder in new_folders if durable else ():
            _sync_folder(folder.parent)
    except OSError as error:
        raise write_error(error, path) from None
    return True


def replace_file(path: Path, data: bytes) -> None:
    """Writes a file outside the newsroom whole, or leaves what was there; raises MachineError if the disk refuses."""
    try:
        _replace(path, data, durable=False)
    except OSError as error:
        raise write_error(error, str(path)) from None


def stage(root: Path, path: str, data: bytes, *, before: bytes | None) -> Staged:
    """Writes the file's new version beside it, durably."""
    try:
        new_folders = _make_folder(root, path)
        temporary = _prepare(root / path, data, durable=True)
        for folder in new_folders:
            _sync_folder(folder.parent)
    except OSError as error:
        raise write_error(error, path) from None
    return Staged(path=path, temporary=temporary.relative_to(root).as_posix(), before=before)


def put(root: Path, files: Sequence[Staged]) -> None:
    """Gives new versions their names, unless one of the old ones is no longer what it was."""
    for file in files:
        if (read(root, file.path) if (root / file.path).exists() else None) != file.before:
            message, hint = "saved by another program meanwhile", "run the command again"
            raise ConflictError.of("newsroom.changed", message, path=file.path, hint=hint)
    for file in files:
        try:
            (root / file.temporary).replace(root / file.path)
        except OSError as error:
            raise write_error(error, file.path) from None
    for folder in sorted({Path(file.path).parent for file in files}):
        try:
            _sync_folder(root / folder)
        except OSError as error:
            raise write_error(error, folder.as_posix()) from None


def remove(root: Path, path: str) -> None:
    """Removes a file and the folders that it leaves empty."""
    full = root / path
    try:
        _refuse_outside(root, path)
        full.unlink(missing_ok=True)
        for parent in full.relative_to(root).parents:
            if parent != Path() and not any((root / parent).iterdir()):
                (root / parent).rmdir()
    except OSError as error:
        raise write_error(error, path) from None


def sweep(root: Path, paths: Iterable[str]) -> None:
    """Removes what killed writers left in the folders of these files."""
    for folder in sorted({Path(path).parent for path in paths}):
        try:
            strays = sorted((root / folder).glob(f".*{TEMPORARY}"))
        except OSError as error:
            raise write_error(error, folder.as_posix()) from None
        for stray in strays:
            remove(root, stray.relative_to(root).as_posix())


def _sweep(full: Path) -> None:
    """Removes what a killed writer of this file left behind."""
    for stray in full.parent.glob(f".{full.name}.*{TEMPORARY}"):
        stray.unlink(missing_ok=True)


def _make_folder(root: Path, path: str) -> list[Path]:
    """Makes the folders above a file, and returns those that were not there."""
    _refuse_outside(root, path)
    full = root / path
    new_folders = [folder for folder in full.parents if not folder.exists()]
    full.parent.mkdir(parents=True, exist_ok=True)
    return new_folders


def _refuse_outside(root: Path, path: str) -> None:
    if not is_below((root / path).parent, root):
        hint = "make it a real folder"
        raise InputError.of("newsroom.outside", "a link that leads out of the newsroom", path=path, hint=hint)


def _replace(full: Path, data: bytes, *, durable: bool) -> None:
    """Writes beside the file, then renames over it: a reader sees the old bytes or the new ones."""
    temporary = _prepare(full, data, durable=durable)
    try:
        temporary.replace(full)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if durable:
        _sync_folder(full.parent)


def _prepare(full: Path, data: bytes, *, durable: bool) -> Path:
    """Writes beside the file, and leaves nothing there if that fails."""
    handle, name = tempfile.mkstemp(prefix=f".{full.name}.", suffix=TEMPORARY, dir=full.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        temporary.chmod(full.stat().st_mode & 0o777 if full.exists() else 0o666 & ~_umask())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _sync_folder(folder: Path) -> None:
    """Makes the rename itself durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
