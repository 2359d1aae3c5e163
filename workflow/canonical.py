"""One form for what is digested and signed: JSON with sorted keys and no blanks, in UTF-8, without floats."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical_json(value: Any) -> str:
    """The value on one line; equal values give equal text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(data: bytes | str) -> str:
    """The sha256 of bytes, or of a text's UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def digest_of(value: Any) -> str:
    """The sha256 of a value's canonical JSON."""
    return digest(canonical_json(value))
