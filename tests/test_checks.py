"""What the checks find, and what they leave alone: cases that a translator can read, in data/checks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from planted import LANGUAGES, read_terms, read_units

from workflow.checks import check_pairs
from workflow.diagnostics import Diagnostic, Severity
from workflow.glossary import EMPTY, Glossary
from workflow.languages import Language
from workflow.model import Catalog, Role, Unit

DATA = Path(__file__).parent / "data" / "checks"
FAMILIES = {"basic": {"markup", "links", "placeholders", "text"}}
"""Which codes the cases of a folder speak of, by their first part; other folders speak of their own name's."""
PATH = "locales/xx/LC_MESSAGES/story.po"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One source, its translation, and what is to be found."""

    file: str
    """`<family>/<source language>-<target language>`; `site-` before it for the newsroom's own words."""
    title: str
    unit: Unit
    expected: tuple[tuple[str, str], ...]
    glossary: Glossary = EMPTY
    others: tuple[Unit, ...] = ()
    """Units that stand before it in the catalog."""

    @property
    def slug(self) -> str | None:
        """None for the newsroom's own words."""
        return None if "site" in self.file else "story"

    @property
    def language(self) -> Language:
        return LANGUAGES[self.file[-2:]]

    @property
    def source_language(self) -> Language:
        return LANGUAGES[self.file[-5:-3]]

    @property
    def codes(self) -> set[str]:
        family = self.file.partition("/")[0]
        return FAMILIES.get(family, {family})


def read_cases() -> Iterator[Case]:
    for file in sorted(DATA.glob("*/*.txt")):
        text = re.sub(r"<U\+([0-9A-F]{4})>", lambda found: chr(int(found[1], 16)), file.read_text(encoding="utf-8"))
        for block in re.split(r"^== ", text, flags=re.MULTILINE)[1:]:
            yield read_case(f"{file.parent.name}/{file.stem}", block)


def read_case(file: str, block: str) -> Case:
    """A target may go on in further lines, up to the next field."""
    title, _, rest = block.partition("\n")
    fields = re.findall(r"^([a-z.-]+)(?:: (.*?))?(?=\n[a-z.-]+(?:: |$)|\Z)", rest.rstrip("\n"), re.M | re.S)
    values: dict[str, list[str]] = {}
    expected = []
    for name, value in fields:
        if "." in name:
            expected.append((name, value))
        else:
            values.setdefault(name, []).append(value)
    assert ("nothing" in values) != bool(expected), f"{file}: {title}: say what is found, or `nothing`"
    assert set(values) <= {"source", "plural", "target", "role", "nothing", "term", "also"}, f"{file}: {title}"
    role = Role(values.get("role", ["paragraph"])[0])
    unit = Unit(
        source=values["source"][0],
        source_plural=values.get("plural", [None])[0],
        context=None if "site" in file else role.context,
        targets=tuple(values["target"]),
        line=7,
    )
    return Case(
        file=file,
        title=title,
        unit=unit,
        expected=tuple(expected),
        glossary=read_terms(values.get("term", [])),
        others=read_units(values.get("also", [])),
    )


CASES = tuple(read_cases())


def findings(case: Case, unit: Unit, language: Language | None = None) -> list[Diagnostic]:
    catalog = Catalog(headers=(), units=(*case.others, unit))
    language = language or case.language
    found = check_pairs(case.slug, language, case.source_language, catalog, PATH, case.glossary)
    return [item for item in found if item.code.partition(".")[0] in case.codes]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.title}")
def test_case(case: Case) -> None:
    found = findings(case, case.unit)
    told = [f"{item.code}: {item.message}" for item in found]
    assert [item.code for item in found] == [code for code, _ in case.expected], told
    for item, (_, words) in zip(found, case.expected, strict=True):
        assert words in item.message
        assert item.severity is Severity.ERROR or "basic" not in case.file
        assert item.hint
        assert (str(item.location), item.story, item.language) == (f"{PATH}:7", case.slug, case.language.code)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.title}")
def test_the_source_is_no_finding_in_its_own_language(case: Case) -> None:
    plural = case.unit.source_plural
    targets = (case.unit.source,) if plural is None else (case.unit.source, plural)
    assert findings(case, replace(case.unit, targets=targets), case.source_language) == []


@pytest.mark.parametrize("case", [case for case in CASES if case.expected], ids=lambda case: case.title)
def test_what_is_under_review_is_checked_and_what_is_open_or_obsolete_is_not(case: Case) -> None:
    assert len(findings(case, replace(case.unit, fuzzy=True))) == len(case.expected)
    assert findings(case, replace(case.unit, obsolete=True)) == []
    assert findings(case, replace(case.unit, targets=tuple("" for _ in case.unit.targets))) == []


def test_cases_are_there() -> None:
    assert len(CASES) > 60
    assert {case.file for case in CASES} >= {"basic/en-zh", "basic/en-ru", "basic/site-en-ru"}


def test_every_code_of_prose_stands_on_a_page() -> None:
    pages = Path(__file__).parent.parent / "docs" / "checks"
    for family in ("typography", "guards", "wording"):
        page = (pages / f"{family}.md").read_text(encoding="utf-8")
        codes = {code for case in CASES if case.codes == {family} for code, _ in case.expected}
        assert codes == {code for code in re.findall(r"`([a-z]+\.[a-z-]+)`", page) if code.startswith(family)}
