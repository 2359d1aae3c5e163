"""What the operating system refuses, as errors of ours."""

from __future__ import annotations

import errno

from workflow.errors import InputError, MachineError


def read_error(error: OSError, path: str) -> InputError:
    """The error of a file or folder that cannot be read."""
    return InputError.of("newsroom.read", _reason(error), path=path)


def write_error(error: OSError, path: str) -> MachineError:
    """The error of a file or folder that cannot be written, with what may help."""
    hints = {
        errno.EROFS: "the disk is mounted read-only",
        errno.ENOSPC: "make room on the disk",
        errno.EACCES: "you may not write here",
        errno.EPERM: "you may not write here",
    }
    hint = hints.get(error.errno or 0)
    return MachineError.of("machine.write", f"cannot write: {_reason(error)}", path=path, hint=hint)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
