"""What is wrong, where, and how to mend it: the one value that checks, readers and the gate yield."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How grave a finding is; only errors shut the gate."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """A place in a file of the newsroom."""

    path: str
    """Relative to the newsroom, with forward slashes, or absolute when outside it."""
    line: int | None = None
    """Counted from 1; None when the whole file is meant."""

    def __str__(self) -> str:
        return self.path if self.line is None else f"{self.path}:{self.line}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Marked:
    """A text that a finding is about, with the places in it."""

    label: str
    """Which text it is: `source`, `translation`, or `elsewhere` for another place's translation."""
    text: str
    spans: tuple[tuple[int, int], ...]
    """Start and end of each place, as slices have them; none if the text lacks what the other has."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InSegment:
    """The segment that a finding is about."""

    role: str
    digest: str
    """sha256 of (role, source, target), as a sign-off binds it."""
    number: int | None = None
    """Its place in the story, from 1; None where the story was not at hand."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagnostic:
    """One finding."""

    code: str
    """Stable, dotted, e.g. `story.two-headlines`."""
    message: str
    """What is wrong: lower case, no full stop at the end, never starting with "error"."""
    severity: Severity = Severity.ERROR
    location: Location | None = None
    hint: str | None = None
    """How to mend it."""
    story: str | None = None
    language: str | None = None
    segment: InSegment | None = None
    """None if it is not about the words of one segment."""
    marked: tuple[Marked, ...] = ()
    """The texts that it speaks of, where seeing them side by side helps."""

    def __str__(self) -> str:
        where = f"{self.location}: " if self.location else ""
        return f"{where}{self.message}"


def errors_in(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings that shut the gate."""
    return tuple(found for found in diagnostics if found.severity is Severity.ERROR)
