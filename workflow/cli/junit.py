"""A report as JUnit XML: one suite for each edition, one case for each finding.

Errors are failures. What is waived is skipped, with who answers for it. Warnings pass and tell themselves in
`system-out`: as failures they would break a build, as skipped they would read as not looked at. An edition without a
finding has one case that passed, since an empty suite counts as no test.
"""

from __future__ import annotations

import re
from collections import defaultdict
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from workflow.cli.findings import place, signature
from workflow.cli.output import visible
from workflow.diagnostics import Diagnostic, Severity
from workflow.operations.check import CheckReport
from workflow.waivers import Waiver

_SITE = "the newsroom's own words"
_NO_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document can hold, written out or not."""


def junit(report: CheckReport) -> str:
    """The report with its XML declaration."""
    suites: dict[str, list[tuple[Diagnostic, Waiver | None]]] = defaultdict(list)
    for slug, language in report.editions:
        suites[f"{slug} {language}"] = []
    for found in report.findings:
        suites[_suite(found)].append((found, None))
    for item in report.waived:
        suites[_suite(item.finding)].append((item.finding, item.waiver))
    root = Element("testsuites", name="workflow check")
    for name, findings in suites.items():
        _add_suite(root, name, findings)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")


def _suite(found: Diagnostic) -> str:
    return " ".join(part for part in (found.story or _SITE, found.language) if part)


def _add_suite(root: Element, name: str, findings: list[tuple[Diagnostic, Waiver | None]]) -> None:
    failures = sum(waiver is None and found.severity is Severity.ERROR for found, waiver in findings)
    skipped = sum(waiver is not None for _, waiver in findings)
    suite = SubElement(root, "testsuite", name=name, tests=str(len(findings) or 1), errors="0")
    suite.set("failures", str(failures))
    suite.set("skipped", str(skipped))
    if not findings:
        SubElement(suite, "testcase", classname=name, name="no findings")
    for found, waiver in findings:
        _add_case(suite, name, found, waiver)


def _add_case(suite: Element, classname: str, found: Diagnostic, waiver: Waiver | None) -> None:
    case = SubElement(suite, "testcase", classname=classname, name=f"{place(found)}: {_text(found.message)}")
    if found.location:
        case.set("file", _text(found.location.path))
        if found.location.line is not None:
            case.set("line", str(found.location.line))
    told = _text(f"{found}\nhint: {found.hint}" if found.hint else str(found))
    if waiver is not None:
        SubElement(case, "skipped", message=_text(f"waived by {signature(waiver)}"))
    elif found.severity is Severity.ERROR:
        SubElement(case, "failure", message=_text(found.message), type=found.code).text = told
    else:
        SubElement(case, "system-out").text = f"{found.severity}: {told}"


def _text(text: str) -> str:
    return _NO_XML.sub("\ufffd", visible(text))
