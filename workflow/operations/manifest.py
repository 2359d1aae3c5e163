"""`out/manifest.json`: what was built, from which words, and the last line of every sign-off log at that time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from workflow.canonical import canonical_json
from workflow.diagnostics import Diagnostic
from workflow.errors import InputError
from workflow.newsroom import Newsroom
from workflow.signoff import fault

MANIFEST = "out/manifest.json"
ROOTS = ("out/web", "out/print")
"""The folders whose every file the manifest lists."""


def write_manifest(newsroom: Newsroom, files: Sequence[Mapping[str, Any]], heads: Mapping[str, Sequence[str]]) -> None:
    """Writes the manifest; `heads` maps `<language>/<slug>` to the digests of the log's last lines."""
    manifest = {"schema": 1, "files": list(files), "heads": {name: list(last) for name, last in heads.items()}}
    newsroom.write(MANIFEST, (canonical_json(manifest) + "\n").encode())


def read_manifest(newsroom: Newsroom) -> dict[str, Any]:
    """The manifest's document; raises InputError if it is not one of ours."""
    try:
        manifest = json.loads(newsroom.read(MANIFEST))
        fine = (
            manifest["schema"] == 1
            and all(isinstance(item["path"], str) and isinstance(item["sha256"], str) for item in manifest["files"])
            and all(isinstance(found, list) for found in manifest["heads"].values())
            and all(isinstance(item, str) for found in manifest["heads"].values() for item in found)
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        fine = False
    if not fine:
        hint = "remove it and run workflow build"
        raise InputError.of("out.manifest", "not a manifest of workflow build", path=MANIFEST, hint=hint)
    return dict(manifest)


def lost_records(newsroom: Newsroom) -> tuple[Diagnostic, ...]:
    """A fault for each log that lacks a record which the manifest pinned; none if nothing was built yet."""
    if not newsroom.exists(MANIFEST):
        return ()
    faults = []
    for name, pinned in read_manifest(newsroom)["heads"].items():
        language, _, slug = name.partition("/")
        path = newsroom.log_file(language, slug)
        try:
            held = {line.digest for line in newsroom.read_log(language, slug)}
        except InputError:
            continue  # whoever reads the log for its own sake reports it
        if not set(pinned) <= held:
            message = "lacks a record that was there at the last build: it was cut, or an older log put back"
            hint = f"restore the log from version control; if it was meant, remove {MANIFEST} first"
            faults.append(fault("cut", message, path, hint=hint))
    return tuple(faults)
