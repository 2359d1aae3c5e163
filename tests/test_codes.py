"""Every finding has a code, and every code is documented: the pages are the register."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_checks import CASES, FAMILIES

from workflow.checks.severity import judged
from workflow.codes import (
    FIXED_CODES,
    FIXED_FAMILIES,
    explained,
    explanation,
    explanations,
    is_fixed,
    matches,
    nearest,
)
from workflow.diagnostics import Diagnostic, InSegment, Severity
from workflow.errors import UsageError
from workflow.model import Role
from workflow.settings import ANY, CheckRule

PACKAGE = Path(__file__).resolve().parent.parent / "workflow"
PAGES = PACKAGE.parent / "docs/checks"
FOUND_BY_CHECK = (
    "checks",
    "catalog",
    "story",
    "edition.py",
    "front_matter",
    "operations/check.py",
    "operations/edition_findings.py",
    "operations/rules.py",
    "waivers.py",
)
"""The modules whose findings `workflow check` shows."""
NOT_FOUND_BY_CHECK = {"catalog.merge", "catalog.unmerged", "usage.code"}
"""Codes that these modules name for other commands."""
FAMILY_OF = {"edition.py": "edition", "story/blocks.py": "story"}
"""Modules that write a code's first part once."""
_CODE = re.compile(r"\"([a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*)\"")


def codes_in_the_modules() -> set[str]:
    files = [path for name in FOUND_BY_CHECK for path in ((PACKAGE / name).rglob("*.py") or [PACKAGE / name])]
    files += [PACKAGE / name for name in FOUND_BY_CHECK if name.endswith(".py")]
    found = {code for file in files for code in _CODE.findall(file.read_text(encoding="utf-8"))}
    for name, family in FAMILY_OF.items():
        short = re.findall(r"self\.fault\(\"([a-z-]+)\"", (PACKAGE / name).read_text(encoding="utf-8"))
        found |= {f"{family}.{code}" for code in short}
    return {code for code in found if not code.endswith((".md", ".po", ".json", ".toml"))} - NOT_FOUND_BY_CHECK


def test_every_code_of_the_golden_cases_is_documented() -> None:
    assert {code for case in CASES for code, _ in case.expected} <= set(explanations())


def test_every_code_in_the_checks_is_documented() -> None:
    found = codes_in_the_modules()
    assert {"markup.changed", "text.glyph", "edition.missing", "story.raw-html", "catalog.header"} <= found
    assert found <= set(explanations())


def test_every_code_has_a_sentence_and_a_page_that_the_index_names() -> None:
    index = (PAGES / "index.md").read_text(encoding="utf-8")
    for code, item in explanations().items():
        assert item.summary.endswith((".", "?", "!")), code
        assert len(item.text) > len(item.summary) + len(code), f"{code}: say what to do"
        assert f"`{code.partition('.')[0]}`" in index, f"{code}: name its family in index.md"
    for page in PAGES.glob("*.md"):
        assert page.name == "index.md" or f"({page.name})" in index


def test_the_codes_that_are_always_errors_are_there() -> None:
    assert set(explanations()) >= FIXED_CODES
    families = {code.partition(".")[0] for code in explanations()}
    assert families >= FIXED_FAMILIES
    assert not FAMILIES.keys() & FIXED_FAMILIES
    assert not is_fixed("links.changed")
    assert is_fixed("edition.missing")
    assert is_fixed("settings.value"), "nobody explains it, so nobody may lower it"


def test_headings_that_are_codes_begin_a_section() -> None:
    page = """\
# Numbers

Words about all of them.

## `facts.number`: a number is missing

A number of the source
is missing. Look for it.

### More about it

```
# no.heading
```

## facts.date, `facts.time`

A date.

## newsroom.toml is no code of this page in a longer heading

Other words.
"""
    found = {item.code: item for item in explained(page)}
    assert list(found) == ["facts.number", "facts.date", "facts.time"]
    assert found["facts.number"].summary == "A number of the source is missing."
    assert found["facts.number"].text.endswith("### More about it\n\n```\n# no.heading\n```\n")
    assert found["facts.time"].text == "## facts.date, `facts.time`\n\nA date.\n"


def test_an_unknown_code_names_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        explanation("glyph.text")
    assert caught.value.diagnostics[0].hint
    assert nearest("text.glyf") == "text.glyph"


@pytest.mark.parametrize(
    ("pattern", "code", "expected"),
    [
        ("*", "a.b", True),
        ("a.*", "a.b", True),
        ("a.b", "a.b", True),
        ("a.*", "ab.c", False),
        ("a", "a.b", False),
        ("a.b", "a.b-c", False),
    ],
)
def test_patterns(pattern: str, code: str, expected: bool) -> None:
    assert matches(pattern, code) is expected


# --- Rules ---------------------------------------------------------------------------------------------------

RULES = st.lists(
    st.builds(
        CheckRule,
        codes=st.lists(st.sampled_from([ANY, "links.*", "links.changed", "markup.*", "text.glyph"]), min_size=1).map(
            tuple
        ),
        severity=st.sampled_from([None, *Severity]),
        languages=st.sampled_from([(ANY,), ("zh",), ("ru", "en")]),
        roles=st.sampled_from([(ANY,), ("headline",), ("caption", "alt")]),
    ),
    max_size=4,
)
FINDINGS = st.builds(
    Diagnostic,
    code=st.sampled_from(["links.changed", "markup.changed", "markup.broken", "text.glyph", "edition.missing"]),
    message=st.just("what is wrong"),
    severity=st.sampled_from(list(Severity)),
    language=st.sampled_from(["zh", "ru", None]),
    segment=st.sampled_from([None, InSegment(role=Role.HEADLINE, digest="0" * 64)]),
)


@given(found=FINDINGS, rules=RULES)
def test_the_first_rule_that_matches_decides(found: Diagnostic, rules: list[CheckRule]) -> None:
    seen = list(judged([found], rules))
    first = next((rule for rule in rules if rule.matches(found)), None)
    if first is None or is_fixed(found.code):
        assert seen == [found]
    elif first.severity is None:
        assert seen == []
    else:
        assert [item.severity for item in seen] == [first.severity]
