"""How the package says what is wrong with a PO file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from workflow.diagnostics import Diagnostic, Location
from workflow.errors import InputError

RESTORE: Final = "restore the file from version control"


def finding(code: str, message: str, path: str, line: int | None, hint: str) -> Diagnostic:
    """A finding at a line of the file, or about the whole file."""
    return Diagnostic(code=code, message=message, location=Location(path=path, line=line), hint=hint)


def raise_if(found: Iterable[Diagnostic]) -> None:
    """Raises InputError with all findings, if there are any."""
    diagnostics = tuple(found)
    if diagnostics:
        raise InputError(diagnostics)


def quoted(text: str) -> str:
    """The beginning of a text, between quotation marks."""
    return f"“{text if len(text) <= 40 else f'{text[:39]}…'}”"
