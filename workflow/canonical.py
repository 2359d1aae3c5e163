"""One form for what is digested and signed: JSON with sorted keys and no blanks, in UTF-8, without floats."""

from __future__ import annotations

import datetime
import hashlib
import json
from typing import Any, Final

_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"


def canonical_json(value: Any) -> str:
    """The value on one line; equal values give equal text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def canonical_time(at: datetime.datetime) -> str:
    """A time in UTC to the second, such as `2026-05-03T08:00:00Z`."""
    return at.strftime(_TIME)


def parse_time(text: str) -> datetime.datetime:
    """The time that such a text tells; raises ValueError for any other."""
    return datetime.datetime.strptime(text, _TIME).replace(tzinfo=datetime.UTC)


def digest(data: bytes | str) -> str:
    """The sha256 of bytes, or of a text's UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def digest_of(value: Any) -> str:
    """The sha256 of a value's canonical JSON."""
    return digest(canonical_json(value))
