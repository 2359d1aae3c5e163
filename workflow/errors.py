"""The errors a caller may meet. Each carries diagnostics; the command line turns a class into an exit code.

WorkflowError
├── GateShut        the words are sound but may not go on: findings, missing signatures   (1)
├── UsageError      a story, language or person that the newsroom does not know           (2)
├── InputError      a file that cannot be used as it is                                   (3)
├── ConflictError   somebody else is at work, or changed what we were about to write      (4)
└── MachineError    something is missing on this machine, or the disk refuses             (5)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from workflow.diagnostics import Diagnostic, Location


class WorkflowError(Exception):
    """Base of all errors that are somebody's to mend; never one of our own bugs."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(str(found) for found in self.diagnostics))

    def __reduce__(self) -> tuple[type[Self], tuple[tuple[Diagnostic, ...]]]:
        """Lets an error come back whole from a worker process."""
        return type(self), (self.diagnostics,)

    @classmethod
    def of(
        cls,
        code: str,
        message: str,
        *,
        path: str | None = None,
        line: int | None = None,
        hint: str | None = None,
    ) -> Self:
        """The error with a single diagnostic."""
        location = None if path is None else Location(path=path, line=line)
        return cls([Diagnostic(code=code, message=message, location=location, hint=hint)])


class GateShut(WorkflowError):  # noqa: N818 -- a shut gate is no error of anybody's
    """Nothing is broken, but a rule forbids the next step."""


class UsageError(WorkflowError):
    """The command named something that the newsroom does not have."""


class InputError(WorkflowError):
    """A file of the newsroom cannot be used as it is."""


class ConflictError(WorkflowError):
    """Another process or person got there first."""


class MachineError(WorkflowError):
    """This machine lacks a program, a library or the permission to write."""
