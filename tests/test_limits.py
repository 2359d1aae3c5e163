"""Limits of length: read from newsroom.toml, counted as readers see a text, and shutting the gate if they are hard."""

from __future__ import annotations

from pathlib import Path

import pytest
from newsrooms import SETTINGS, approve, settings_text, translate, translated_newsroom

from workflow.errors import GateShut, InputError
from workflow.glossary import EMPTY
from workflow.newsroom import Newsroom, open_newsroom
from workflow.operations.edition_findings import catalog_findings
from workflow.settings import FILE_NAME, parse_settings

TITLE, STUDENTS = "Universities sign an agreement", "Both sides will exchange *students*."
HEADLINES = '[[checks.limits]]\nroles = ["headline"]\nlanguages = ["zh"]\n'


def limited(folder: Path, limits: str) -> Newsroom:
    newsroom = translated_newsroom(folder)
    (newsroom.root / FILE_NAME).write_text(f"{settings_text()}\n{limits}")
    return open_newsroom(newsroom.root, exactly=True)


def found(newsroom: Newsroom, language: str = "zh") -> list[tuple[str, str, int]]:
    """(code, severity, the length that is told) of what is too long."""
    catalog = newsroom.read_catalog(language, "2026/agreement")
    assert catalog is not None
    tongue = newsroom.language(language)
    findings = catalog_findings(newsroom, "2026/agreement", tongue, "en", catalog, EMPTY)
    own = [item for item in findings if item.code.startswith("limits.")]
    return [(item.code, item.severity.value, int(item.message.split()[0])) for item in own]


def test_a_text_over_the_hard_limit_cannot_be_signed(tmp_path: Path) -> None:
    newsroom = limited(tmp_path, f"{HEADLINES}soft = 4\nhard = 7\n")
    assert found(newsroom) == [("limits.hard", "error", 8)]
    with pytest.raises(GateShut, match="8 characters, and at most 7 are wanted"):
        approve(newsroom, "zh")
    translate(newsroom, "zh", {TITLE: "两校签署协议"})
    assert found(newsroom) == [("limits.soft", "warning", 6)]
    assert approve(newsroom, "zh").is_complete


def test_only_texts_of_the_role_and_language_are_limited(tmp_path: Path) -> None:
    newsroom = limited(tmp_path, f"{HEADLINES}hard = 8\n")
    assert found(newsroom) == []
    assert found(newsroom, "ru") == []


def test_marks_and_addresses_do_not_count_and_the_first_limit_decides(tmp_path: Path) -> None:
    limits = '[[checks.limits]]\nroles = ["paragraph"]\nhard = 10\n[[checks.limits]]\nhard = 1\nroles = ["paragraph"]\n'
    newsroom = limited(tmp_path, limits)
    translate(newsroom, "zh", {STUDENTS: "双方*将互派学生*[。](https://news.example/x)"})
    assert [item for item in found(newsroom) if item[2] < 11] == []
    translate(newsroom, "zh", {STUDENTS: "双方*将要互派一些学生*。"})
    assert ("limits.hard", "error", 11) in found(newsroom)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("", "limits nothing"),
        ('hard = "60"\n', "must be a number from 1"),
        ("soft = 0\n", "must be a number from 1"),
        ('hard = 6\nroles = ["title"]\n', "a segment has the role"),
        ('hard = 6\nlanguages = ["fr"]\n', "no `fr` in this newsroom"),
        ("most = 6\n", "unknown key"),
    ],
)
def test_a_faulty_limit_is_named_by_line(limit: str, words: str) -> None:
    rules = '[[signoff.rules]]\napprovals = [{ role = "editor" }]\n'
    text = f"{SETTINGS}\n{rules}\n[[checks.limits]]\n{limit}"
    line = text[: text.index("[[checks.limits]]")].count("\n") + 1
    with pytest.raises(InputError) as caught:
        parse_settings(text.encode())
    told = [f"{item} {item.hint}" for item in caught.value.diagnostics]
    assert any(words in item for item in told), told
    assert all(item.location and item.location.line in range(line, line + 3) for item in caught.value.diagnostics)
