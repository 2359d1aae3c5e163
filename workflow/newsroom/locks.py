"""One writer at a time: locks that the kernel lets go of when the process ends, however it ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from workflow.errors import ConflictError
from workflow.newsroom.places import CACHE
from workflow.newsroom.refusals import write_error

_held: set[int] = set()


@contextlib.contextmanager
def lock(root: Path, name: str) -> Iterator[None]:
    """Holds the lock of that name for one writer; raises ConflictError if it is taken."""
    folder = root / CACHE
    try:
        folder.mkdir(exist_ok=True)
        handle = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise write_error(error, CACHE) from None
    _held.add(handle)
    try:
        _take(handle)
        yield
    finally:
        _held.discard(handle)
        os.close(handle)


def _take(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        hint = "wait for it, then run this again"
        raise ConflictError.of("newsroom.busy", "another workflow command is writing here", hint=hint) from None


def _leave_to_parent() -> None:
    """A worker that we fork must not hold the newsroom when we are gone."""
    for handle in _held:
        os.close(handle)
    _held.clear()


os.register_at_fork(after_in_child=_leave_to_parent)
