"""A report as SARIF 2.1.0, which code hosts show beside the lines (OASIS Standard, section numbers below)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from workflow import __version__
from workflow.canonical import canonical_time, digest_of
from workflow.cli.findings import place
from workflow.cli.output import visible
from workflow.codes import explanations
from workflow.diagnostics import Diagnostic, Severity
from workflow.operations.check import CheckReport
from workflow.waivers import Waiver, about

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_FINGERPRINT = "finding/v1"


def sarif(report: CheckReport) -> str:
    """One run with all findings; those that are waived are there too, suppressed."""
    found: list[tuple[Diagnostic, Waiver | None]] = [(item, None) for item in report.findings]
    found += [(item.finding, item.waiver) for item in report.waived]
    codes = sorted({item.code for item, _ in found})
    run = {
        "tool": {"driver": {"name": "workflow", "version": __version__, "rules": [_rule(code) for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(item, waiver, codes.index(item.code)) for item, waiver in found],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _rule(code: str) -> dict[str, Any]:
    """A reportingDescriptor (3.49); the help is the page of docs/checks."""
    known = explanations().get(code)
    if known is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": known.summary or code},
        "help": {"text": known.text, "markdown": known.text},
    }


def _result(found: Diagnostic, waiver: Waiver | None, rule: int) -> dict[str, Any]:
    """A result (3.27); `suppressions` stands in all or in none (3.27.23), so an open finding has an empty list."""
    suppressions = [] if waiver is None else [_suppression(waiver)]
    return {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": _LEVELS[found.severity],
        "message": {"text": visible(found.message + (f"\n{found.hint}" if found.hint else ""))},
        "locations": [_location(found)] if found.location else [],
        "partialFingerprints": {_FINGERPRINT: _fingerprint(found)},
        "suppressions": suppressions,
        "properties": {"place": place(found), "story": found.story, "language": found.language},
    }


def _location(found: Diagnostic) -> dict[str, Any]:
    """A location (3.28); its address is relative to the newsroom, percent-encoded (3.4.3)."""
    where = found.location
    if where is None:
        return {}
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(where.path)}}
    if where.line is not None:
        physical["region"] = {"startLine": where.line}
    return {"physicalLocation": physical}


def _fingerprint(found: Diagnostic) -> str:
    """The same as long as the words are: lines above that come and go make it no other finding (3.27.17)."""
    segment = found.segment.digest if found.segment else None
    return digest_of([found.code, found.story, found.language, segment, [list(item) for item in about(found)]])


def _suppression(waiver: Waiver) -> dict[str, Any]:
    """A suppression (3.35) that is kept apart from the text, and was accepted by somebody."""
    return {
        "kind": "external",
        "status": "accepted",
        "justification": visible(waiver.reason),
        "properties": {"by": waiver.by, "name": waiver.name, "at": canonical_time(waiver.at)},
    }
