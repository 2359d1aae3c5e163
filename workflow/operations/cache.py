"""What one run tells the next, below `.workflow/`; deleting it loses nothing but time."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from workflow.canonical import canonical_json
from workflow.errors import MachineError
from workflow.newsroom import CACHE, Newsroom


def read_cache(newsroom: Newsroom, name: str) -> dict[str, Any]:
    """What was kept under the name; empty if there is nothing, or nothing that can be read."""
    try:
        found = json.loads((newsroom.root / CACHE / name).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def write_cache(newsroom: Newsroom, name: str, values: dict[str, Any]) -> None:
    """Keeps the values for the next run. A disk that refuses costs time, not words, so it is no error."""
    with contextlib.suppress(MachineError):
        newsroom.write(f"{CACHE}/{name}", canonical_json(values).encode(), durable=False)
