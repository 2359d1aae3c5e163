"""The record of one decision: what is signed, and its line in the log."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
from collections.abc import Mapping
from typing import Any

from workflow.canonical import canonical_json, canonical_time, parse_time
from workflow.model import Decision, Note, SignOff

_HEX = re.compile(r"[0-9a-f]{64}")
_TEXTS = ("newsroom", "story", "language", "section", "role", "signer", "name", "meaning", "signature")
_LISTS = ("languages", "segments", "authors", "translators", "follows")
_DIGESTS = ("segments", "follows")

MEANINGS = {
    Decision.APPROVE: "I have read this edition and approve exactly these words and pictures for publication.",
    Decision.RETURN: "I have read this edition and return it for the changes named in the notes.",
    Decision.WITHDRAW: "I withdraw this edition from publication for the reason named in the notes.",
}
"""What a signature says (21 CFR 11.50 asks that a record state it); never edited, for signed records hold it."""


def payload(record: SignOff) -> bytes:
    """The bytes that are signed: canonical JSON of all fields but the signature, and a line end.

    So `jq -cS 'del(.signature)'` on a line of the log prints just what `ssh-keygen -Y verify` wants to read.
    """
    fields = _fields(record)
    del fields["signature"]
    return (canonical_json(fields) + "\n").encode()


def format_record(record: SignOff) -> str:
    """The record's line in the log, without its line end."""
    return canonical_json(_fields(record))


def _fields(record: SignOff) -> dict[str, Any]:
    fields = {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}
    fields |= {
        "at": canonical_time(record.at),
        "media": dict(record.media),
        "notes": [{"segment": note.segment, "text": note.text} for note in record.notes],
    }
    return fields


def parse_record(line: str) -> SignOff:
    """The record of one line; raises ValueError saying what is wrong with it."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    names = {field.name for field in dataclasses.fields(SignOff)}
    if not isinstance(fields, dict) or set(fields) != names:
        raise ValueError("not the fields of a sign-off record")
    record = _record(fields)
    if format_record(record) != line:
        raise ValueError("not in canonical form")
    return record


def _record(fields: Mapping[str, Any]) -> SignOff:
    for name in _TEXTS:
        _require(isinstance(fields[name], str), name, "no text")
    for name in _LISTS:
        found = fields[name]
        _require(isinstance(found, list) and all(isinstance(item, str) for item in found), name, "no list of texts")
    for name in _DIGESTS:
        _require(all(map(_is_digest, fields[name])), name, "holds something else than sha256 digests")
    for name in ("edition", "source"):
        _require(_is_digest(fields[name]), name, "no sha256 digest")
    _require(fields["follows"] == sorted(set(fields["follows"])), "follows", "not sorted")
    decision = _decision(fields["decision"])
    _require(fields["meaning"] == MEANINGS[decision], "meaning", "not what the decision means")
    values: dict[str, Any] = {name: fields[name] for name in (*_TEXTS, "edition", "source")}
    values |= {name: tuple(fields[name]) for name in _LISTS}
    return SignOff(
        decision=decision,
        at=_time(fields["at"]),
        media=_media(fields["media"]),
        notes=_notes(fields["notes"]),
        **values,
    )


def _require(fine: bool, name: str, what: str) -> None:
    if not fine:
        raise ValueError(f"{name}: {what}")


def _decision(value: object) -> Decision:
    _require(value in [item.value for item in Decision], "decision", "none of " + ", ".join(Decision))
    return Decision(str(value))


def _time(value: object) -> datetime.datetime:
    try:
        return parse_time(str(value))
    except ValueError:
        raise ValueError("at: no time like 2026-05-03T08:00:00Z") from None


def _media(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(
        isinstance(item, str) and _HEX.fullmatch(item) for item in value.values()
    ):
        raise ValueError("media: no pictures with their sha256 digests")
    return value


def _notes(value: object) -> tuple[Note, ...]:
    if not isinstance(value, list) or not all(map(_is_note, value)):
        raise ValueError("notes: no list of segments and texts")
    return tuple(Note(**note) for note in value)


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and _HEX.fullmatch(value) is not None


def _is_note(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"segment", "text"}
        and all(isinstance(item, str) for item in value.values())
        and (value["segment"] == "" or _is_digest(value["segment"]))
    )
