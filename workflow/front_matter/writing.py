"""The header in its one fixed form, which needs no YAML library."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

FENCE = "---"

_SAFE_SCALAR = re.compile(r"[A-Za-z][A-Za-z0-9-]*|\d{4}-\d{2}-\d{2}")


def header_says(text: bytes, key: str, value: str) -> bool:
    """True if the header of a frozen edition gives the key this value, in the one form that we write."""
    header, _, _ = text.partition(f"\n{FENCE}\n".encode())
    return f"{key}: {_scalar(value)}".encode() in header.split(b"\n")


def format_front_matter(values: Sequence[tuple[str, str | Sequence[str]]]) -> str:
    """The header as text with its fences; empty values are left out."""
    return "\n".join([FENCE, *_lines(values), FENCE]) + "\n"


def _lines(values: Sequence[tuple[str, str | Sequence[str]]]) -> Iterator[str]:
    for key, value in values:
        if isinstance(value, str):
            if value:
                yield f"{key}: {_scalar(value)}"
        elif value:
            yield f"{key}:"
            yield from (f"  - {_scalar(item)}" for item in value)


def _scalar(text: str) -> str:
    """YAML's double-quoted form is a superset of JSON's."""
    return text if _SAFE_SCALAR.fullmatch(text) else json.dumps(text, ensure_ascii=False)
