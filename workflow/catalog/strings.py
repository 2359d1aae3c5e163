"""The strings of entries, as polib reads and escapes them: the one place that knows polib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polib

from workflow.catalog.entries import Entry
from workflow.errors import InputError
from workflow.model import Previous, Unit

escape: Final = polib.escape
unescape: Final = polib.unescape


def read_units(entries: Sequence[Entry], statements: str, path: str) -> list[Unit]:
    """Return the units of the entries after the header; `statements` is the whole file without comments.

    Raises InputError if polib sees other entries than the scan did.
    """
    try:
        # The line end in front: never taken for the name of a file.
        read = list(polib.pofile(f"\n{statements}", encoding="utf-8"))
    except OSError as error:
        raise _read_differently(path, str(error)) from error
    seen = [(entry.is_obsolete, "msgctxt" in entry.strings) for entry in entries]
    if [(bool(entry.obsolete), entry.msgctxt is not None) for entry in read] != seen:
        raise _read_differently(path, f"{len(seen)} entries against {len(read)}")
    return [_unit(entry, strings) for entry, strings in zip(entries, read, strict=True)]


def _read_differently(path: str, why: str) -> InputError:
    message = f"the file cannot be read the same way by all tools: {why}"
    hint = "let msgcat rewrite it: msgcat --no-wrap -o FILE FILE"
    return InputError.of("catalog.syntax", message, path=path, hint=hint)


def _unit(entry: Entry, strings: polib.POEntry) -> Unit:
    """The unit: strings as polib reads them, all else as the scan does."""
    has_plural = "msgid_plural" in entry.strings
    forms = strings.msgstr_plural
    return Unit(
        source=strings.msgid,
        context=strings.msgctxt,
        source_plural=strings.msgid_plural if has_plural else None,
        targets=tuple(forms[form] for form in sorted(forms)) if has_plural else (strings.msgstr,),
        fuzzy="fuzzy" in entry.flags,
        obsolete=entry.is_obsolete,
        previous=None if entry.is_obsolete else _previous(strings),
        references=tuple(entry.references),
        notes=tuple(entry.notes),
        comments=tuple(entry.comments),
        flags=tuple(sorted(entry.flags - {"fuzzy"})),
        line=entry.line,
    )


def _previous(strings: polib.POEntry) -> Previous | None:
    if strings.previous_msgid is None:
        return None
    return Previous(
        source=strings.previous_msgid,
        context=strings.previous_msgctxt,
        source_plural=strings.previous_msgid_plural,
    )
