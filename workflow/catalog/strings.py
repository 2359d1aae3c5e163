"""The strings of entries: unescaped as polib does it, and read by polib too, for two readers must agree.

The one place that knows polib.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import polib

from workflow.catalog.entries import Entry
from workflow.errors import InputError
from workflow.model import Previous, Unit

escape: Final = polib.escape

Strings: TypeAlias = tuple[bool, str | None, str, str, tuple[str, ...], Previous | None]
"""Obsolete, context, source, plural, targets, previous: what both readers see of an entry."""


def unescape(text: str) -> str:
    """The text of an escaped string."""
    return polib.unescape(text) if "\\" in text else text


def units_of(entries: Sequence[Entry]) -> list[Unit]:
    """Return the units of the entries, without the header."""
    return [_unit(entry) for entry in entries]


def _unit(entry: Entry) -> Unit:
    strings = {keyword: unescape(string) for keyword, string in entry.strings.items()}
    return Unit(
        source=strings["msgid"],
        context=strings.get("msgctxt"),
        source_plural=strings.get("msgid_plural"),
        targets=(strings["msgstr"],) if "msgstr" in strings else _forms(strings),
        fuzzy="fuzzy" in entry.flags,
        obsolete=entry.is_obsolete,
        previous=_previous(entry.previous) if entry.previous and not entry.is_obsolete else None,
        references=tuple(entry.references),
        notes=tuple(entry.notes),
        comments=tuple(entry.comments),
        flags=tuple(sorted(entry.flags - {"fuzzy"})),
        line=entry.line,
    )


def _forms(strings: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(string for keyword, string in strings.items() if keyword.startswith("msgstr["))


def _previous(strings: Mapping[str, str]) -> Previous | None:
    if "msgid" not in strings:
        return None
    context, plural = strings.get("msgctxt"), strings.get("msgid_plural")
    return Previous(
        source=unescape(strings["msgid"]),
        context=None if context is None else unescape(context),
        source_plural=None if plural is None else unescape(plural),
    )


def refuse_other_reading(entries: Sequence[Entry], statements: str, path: str) -> None:
    """Raises InputError if polib reads other strings; `statements` is the whole file without comments."""
    units = units_of(entries[1:])
    try:
        # The line end in front: never taken for the name of a file.
        read = [_seen(entry) for entry in polib.pofile(f"\n{statements}", encoding="utf-8")]
    except OSError as error:
        raise _read_differently(path, str(error)) from error
    ours = [(u.obsolete, u.context, u.source, u.source_plural or "", u.targets, u.previous) for u in units]
    if len(ours) != len(read):
        raise _read_differently(path, f"{len(ours)} entries against {len(read)}")
    for unit, our, other in zip(units, ours, read, strict=True):
        if our != other:
            raise _read_differently(path, f"the entry in line {unit.line}")


def _seen(entry: polib.POEntry) -> Strings:
    is_obsolete, forms = bool(entry.obsolete), entry.msgstr_plural
    targets = tuple(forms[form] for form in sorted(forms)) if forms else (entry.msgstr,)
    previous = None
    if entry.previous_msgid is not None and not is_obsolete:
        previous = Previous(
            source=entry.previous_msgid,
            context=entry.previous_msgctxt,
            source_plural=entry.previous_msgid_plural,
        )
    return is_obsolete, entry.msgctxt, entry.msgid, entry.msgid_plural, targets, previous


def _read_differently(path: str, why: str) -> InputError:
    message = f"the file cannot be read the same way by all tools: {why}"
    hint = "let msgcat rewrite it: msgcat --no-wrap -o FILE FILE"
    return InputError.of("catalog.syntax", message, path=path, hint=hint)
