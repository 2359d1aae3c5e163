"""`out/manifest.json`: what was built, from which words, and the last line of every sign-off log at that time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from workflow.canonical import canonical_json
from workflow.diagnostics import Diagnostic
from workflow.errors import InputError
from workflow.newsroom import Newsroom
from workflow.signoff import LogLine, fault

MANIFEST = "out/manifest.json"
ROOTS = ("out/web", "out/print")
"""The folders whose every file the manifest lists."""


def write_manifest(newsroom: Newsroom, files: Sequence[Mapping[str, Any]], heads: Mapping[str, Sequence[str]]) -> None:
    """Writes the manifest; `heads` maps `<language>/<slug>` to the digests of the log's last lines."""
    manifest = {"schema": 1, "files": list(files), "heads": {name: list(last) for name, last in heads.items()}}
    newsroom.write(MANIFEST, (canonical_json(manifest) + "\n").encode())


def read_manifest(newsroom: Newsroom) -> dict[str, Any]:
    """The manifest's document; raises InputError if it is not one of ours, byte for byte."""
    data = newsroom.read(MANIFEST)
    try:
        manifest = json.loads(data)
        fine = (
            manifest["schema"] == 1
            and all(map(_is_file, manifest["files"]))
            and len({item["path"] for item in manifest["files"]}) == len(manifest["files"])
            and all(map(_are_digests, manifest["heads"].values()))
            # Two programs may read two things in what names one thing twice.
            and (canonical_json(manifest) + "\n").encode() == data
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        fine = False
    if not fine:
        hint = "restore it as the last build wrote it, or remove it and run workflow build"
        raise InputError.of("out.manifest", "not a manifest of workflow build", path=MANIFEST, hint=hint)
    return dict(manifest)


def _is_file(item: Mapping[str, Any]) -> bool:
    texts, may_be_none = (item["path"], item["sha256"]), (item["story"], item["language"], item["edition"])
    return (
        all(isinstance(value, str) for value in texts)
        and all(value is None or isinstance(value, str) for value in may_be_none)
        and _are_digests(item["signoffs"])
    )


def _are_digests(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def lost_records(newsroom: Newsroom) -> tuple[Diagnostic, ...]:
    """A fault for each log that lacks a record which the manifest pinned; none if nothing was built yet.

    What the manifest says that its files show must be among what it pins, or a pin was taken out.
    """
    if not newsroom.exists(MANIFEST):
        return ()
    manifest = read_manifest(newsroom)
    shown: dict[str, set[str]] = {}
    for item in manifest["files"]:
        if item["signoffs"]:
            shown.setdefault(f"{item['language']}/{item['story']}", set()).update(item["signoffs"])
    faults = []
    for name in {**manifest["heads"], **shown}:
        language, _, slug = name.partition("/")
        path, pinned = newsroom.log_file(language, slug), manifest["heads"].get(name, [])
        try:
            log = newsroom.read_log(language, slug)
        except InputError:
            continue  # whoever reads the log for its own sake reports it
        if not set(pinned) <= {line.digest for line in log}:
            message = "lacks a record that was there at the last build: it was cut, or an older log put back"
            hint = f"restore the log from version control; if it was meant, remove {MANIFEST} first"
            faults.append(fault("cut", message, path, hint=hint))
        elif not shown.get(name, set()) <= _up_to(log, pinned):
            message = f"heads: does not pin {path} up to the approvals that its files show: it was changed"
            hint = "restore it as the last build wrote it; if it is lost, make sure of the logs, remove it and build"
            faults.append(fault("unpinned", message, MANIFEST, hint=hint))
    return tuple(faults)


def _up_to(log: Sequence[LogLine], pinned: Sequence[str]) -> set[str]:
    """The digests of the lines pinned and of all that they follow."""
    found = set(pinned)
    for line in reversed(log):
        if line.digest in found:
            found.update(line.record.follows)
    return found
