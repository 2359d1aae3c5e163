"""What one run tells the next, below `.workflow/`; deleting it loses nothing but time.

What is told there is believed: that a signature is good, that a page is as it was built. So each file is sealed with a
secret that lies outside the newsroom. A file that came with a branch or on a stick, or that was edited, tells nothing.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import os
from pathlib import Path
from typing import Any

from workflow.canonical import canonical_json
from workflow.errors import InputError, MachineError
from workflow.newsroom import CACHE, Newsroom, read_file, replace_file

_SECRET_BYTES = 32


def read_cache(newsroom: Newsroom, name: str) -> dict[str, Any]:
    """What was kept under the name; empty if there is nothing, or nothing that this user kept on this machine."""
    try:
        seal, _, data = newsroom.read(f"{CACHE}/{name}").partition(b"\n")
        if not hmac.compare_digest(seal, _seal(name, data)):
            return {}
        found = json.loads(data)
    except (OSError, InputError, MachineError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def write_cache(newsroom: Newsroom, name: str, values: dict[str, Any]) -> None:
    """Keeps the values for the next run. A disk that refuses costs time, not words, so it is no error."""
    data = canonical_json(values).encode()
    with contextlib.suppress(OSError, InputError, MachineError):
        newsroom.write(f"{CACHE}/{name}", b"%b\n%b" % (_seal(name, data), data), durable=False)


def _seal(name: str, data: bytes) -> bytes:
    return hmac.digest(_secret(), f"{name}\n".encode() + data, "sha256").hex().encode()


def _secret() -> bytes:
    """What only this user of this machine has, made when it is first needed; raises one of the errors of files."""
    try:
        home = Path(os.environ.get("XDG_STATE_HOME", "") or Path.home() / ".local/state")
    except RuntimeError:
        raise FileNotFoundError("no home directory") from None
    file = home / "bulletin-workflow" / "seal"
    if not file.exists() or len(found := read_file(file)) != _SECRET_BYTES:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(file, found := os.urandom(_SECRET_BYTES))
    return found
