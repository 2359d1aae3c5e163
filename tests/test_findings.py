"""How findings are told: marked places in a terminal, and the forms that machines read."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsrooms import (
    EDITOR_ZH,
    SLUG,
    TRANSLATOR_ZH,
    key,
    settings_text,
    signed_newsroom,
    translate,
    translated_newsroom,
)
from test_cli import ESCAPE, Result, document, on_terminal, workflow

from workflow import __version__
from workflow.cli.columns import width
from workflow.cli.findings import marked_text
from workflow.cli.junit import junit
from workflow.cli.sarif import sarif
from workflow.diagnostics import Diagnostic, Location, Marked, Severity
from workflow.newsroom import Newsroom
from workflow.operations.check import CheckReport
from workflow.settings import FILE_NAME

STUDENTS = "Both sides will exchange *students*."
WAIVERS = f"locales/zh/waivers/{SLUG}.jsonl"
LONG = "The rector signed the agreement on Monday, and 50 students will move in May, after 3 years of talks."
HAN = "校长于周一签署了协议，五十名学生将于五月搬入，此前谈判历时三年。"


def marked(text: str, *parts: str) -> Marked:
    spans = tuple((text.index(part), text.index(part) + len(part)) for part in parts)
    return Marked(label="source", text=text, spans=spans)


@pytest.mark.parametrize(
    ("item", "columns", "shown"),
    [
        (marked("Some 50 students", "50"), 40, "Some [50] students"),
        (marked("Some 50 students", "50"), 18, "Some [50] students"),
        (marked("Some 50 students", "50"), 17, "Some [50] studen…"),
        (marked(LONG, "50"), 30, "…Monday, and [50] students wi…"),
        (marked(LONG, "50", "3"), 200, LONG.replace("50", "[50]").replace("3", "[3]")),
        (marked(LONG, "50", "3"), 24, "…nd [50] st…er [3] ye…"),
        (marked(LONG), 20, "The rector signed t…"),
        (marked(HAN, "五十"), 60, "校长于周一签署了协议，[五十]名学生将于五月搬入，此前谈判历…"),
        (marked(HAN, "五十"), 20, "…协议，[五十]名学生…"),
        (marked("end  ", "  "), 20, "end[  ]"),
        (marked("two\nlines", "\n"), 20, "two[⏎]lines"),
        (marked("a\x1b[2Jb", "b"), 20, "a\\x1b[2J[b]"),
        (Marked(label="translation", text="abc", spans=((1, 1),)), 20, "a[]bc"),
        (marked(LONG, LONG[4:90]), 20, "…[rector signed th]…"),
    ],
)
def test_a_text_is_shortened_round_its_places(item: Marked, columns: int, shown: str) -> None:
    found = marked_text(item, columns, colour=False)
    assert width(found) <= columns
    assert found == shown


@given(
    text=st.text(st.characters(codec="utf-8", exclude_categories=["Mn", "Me", "Cf", "Zl", "Zp"]), max_size=60),
    cuts=st.lists(st.integers(0, 60), max_size=6),
    columns=st.integers(20, 70),
)
def test_no_line_is_wider_than_the_terminal_and_short_ones_are_whole(text: str, cuts: list[int], columns: int) -> None:
    places = sorted(min(cut, len(text)) for cut in cuts[: len(cuts) // 2 * 2])
    spans = tuple(zip(places[::2], places[1::2], strict=True))
    item = Marked(label="source", text=text, spans=spans)
    found = marked_text(item, columns, colour=False)
    assert width(found) <= columns
    assert "\n" not in found
    whole = marked_text(item, 10_000, colour=False)
    assert found == whole or "…" in found
    if not set("[]\\…") & set(text):
        bare = re.sub(r"[\[\]]", "", whole)
        assert "\\" in bare or bare == text.replace("\n", "⏎")


# --- Real processes ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsroom with two errors in Chinese, of which one is waived, and a warning."""
    newsroom = translated_newsroom(tmp_path_factory.mktemp("made") / "room")
    lowered = '[[checks.rules]]\ncodes = ["text.*"]\nseverity = "warning"\n'
    lowered += '[[checks.rules]]\ncodes = ["facts.*", "typography.*", "guards.*", "wording.*"]\nseverity = "off"\n'
    (newsroom.root / FILE_NAME).write_text(settings_text() + lowered)
    words = {STUDENTS: "双方将互派学生。", "Students move in May.": "[学生](https://x.example/?a&b)五月搬入。"}
    translate(newsroom, "zh", {**words, "Anna Author": "安\u200b娜"})
    for language in ("en", "zh", "ru"):
        (newsroom.root / f"locales/{language}/LC_MESSAGES/site.po").write_bytes(_site(newsroom, language))
    done = waive(newsroom.root, "7", "links.changed", "--reason", "the page in <Chinese> & only there")
    assert (done.code, done.err) == (0, ""), done.err
    return newsroom.root


def _site(newsroom: Newsroom, language: str) -> bytes:
    """The newsroom's own words, each its own translation."""
    text = (newsroom.root / f"locales/{language}/LC_MESSAGES/site.po").read_text(encoding="utf-8")
    return re.sub(r'^(msgid "(.+)")\nmsgstr ""$', r'\1\nmsgstr "\2"', text, flags=re.MULTILINE).encode()


@pytest.fixture
def room(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "room"))


def waive(root: Path, *arguments: str, by: str = EDITOR_ZH) -> Result:
    return workflow(root, "waive", SLUG, "zh", *arguments, "--as", by)


def test_text(made: Path) -> None:
    found = workflow(made, "check")
    assert (found.code, found.err) == (1, "2 findings, 1 waived\n")
    first, second = (line for line in found.out.splitlines() if not line.startswith("  hint"))
    assert re.search(r":\d+: error: emphasis: 1 in the source.* \[markup\.changed, segment 4\]$", first)
    assert re.search(r":\d+: warning: ZERO WIDTH SPACE .* \[text\.stray-character, segment 9\]$", second)
    assert ESCAPE in on_terminal(made, "check")


def test_only_errors_are_shown_and_counted_for_the_exit_code(made: Path) -> None:
    found = workflow(made, "check", "--severity", "error")
    assert (found.code, found.err) == (1, "1 finding, 1 waived\n")
    only_russian = workflow(made, "check", "--language", "ru")
    assert (only_russian.code, only_russian.err) == (0, "no findings\n")


@pytest.mark.parametrize("arguments", [["--json"], ["--format", "json"], ["--json", "--format", "json"]])
def test_json(made: Path, arguments: list[str]) -> None:
    found = document(workflow(made, "check", *arguments))
    assert [(item["code"], item["severity"], item["segment"]) for item in found["diagnostics"]] == [
        ("markup.changed", "error", 4),
        ("text.stray-character", "warning", 9),
    ]
    (waived,) = found["waived"]
    assert (waived["code"], waived["segment"], waived["by"]) == ("links.changed", 7, EDITOR_ZH)
    assert waived["reason"] == "the page in <Chinese> & only there"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", waived["at"])


def test_sarif(made: Path) -> None:
    found = workflow(made, "check", "--format", "sarif")
    assert (found.code, found.err) == (1, "")
    log: dict[str, Any] = json.loads(found.out)
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("/sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("workflow", __version__)
    assert [rule["id"] for rule in driver["rules"]] == ["links.changed", "markup.changed", "text.stray-character"]
    for rule in driver["rules"]:
        assert set(rule) == {"id", "shortDescription", "help"}
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"].startswith(f"## {rule['id']}\n")
    assert len(run["results"]) == 3
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == f"locales/zh/LC_MESSAGES/{SLUG}.po"
        assert physical["region"]["startLine"] > 1
        assert re.fullmatch("[0-9a-f]{64}", result["partialFingerprints"]["finding/v1"])
    waived = {result["ruleId"]: result["suppressions"] for result in run["results"]}
    assert (waived["markup.changed"], waived["text.stray-character"]) == ([], [])
    (suppression,) = waived["links.changed"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["justification"] == "the page in <Chinese> & only there"


def test_a_fingerprint_stays_when_lines_move_and_goes_with_the_words(room: Path) -> None:
    def prints() -> dict[str, str]:
        (run,) = json.loads(workflow(room, "check", "--format", "sarif").out)["runs"]
        return {item["ruleId"]: item["partialFingerprints"]["finding/v1"] for item in run["results"]}

    before = prints()
    file = room / f"locales/zh/LC_MESSAGES/{SLUG}.po"
    text = file.read_text(encoding="utf-8")
    file.write_text("# one more line\n" + text, encoding="utf-8")
    assert prints() == before
    file.write_text(text.replace("双方将互派学生", "双方互派学生"), encoding="utf-8")
    assert {code for code, value in prints().items() if value != before[code]} == {"markup.changed"}


def test_junit(made: Path) -> None:
    found = workflow(made, "check", "--format", "junit")
    assert found.code == 1
    root = ElementTree.fromstring(found.out)
    suites = {suite.attrib["name"]: suite for suite in root.iter("testsuite")}
    assert list(suites) == [f"{SLUG} en", f"{SLUG} zh", f"{SLUG} ru"]
    counts = {name: [suite.attrib[key] for key in ("tests", "failures", "skipped")] for name, suite in suites.items()}
    assert counts == {f"{SLUG} en": ["1", "0", "0"], f"{SLUG} zh": ["3", "1", "1"], f"{SLUG} ru": ["1", "0", "0"]}
    cases = {case.attrib["name"].partition(",")[0]: case for case in suites[f"{SLUG} zh"]}
    failure, skipped = cases["markup.changed"].find("failure"), cases["links.changed"].find("skipped")
    assert failure is not None
    assert failure.attrib["type"] == "markup.changed"
    assert skipped is not None
    assert skipped.attrib["message"].endswith("the page in <Chinese> & only there")
    assert (cases["text.stray-character"].findtext("system-out") or "").startswith("warning: ")


def test_findings_without_a_place_or_with_odd_characters() -> None:
    odd = Diagnostic(
        code="story.raw-html", message="a\x00\x0b\x1b]0;<&\ufffe", location=Location(path="a b/ä#.md"), story="s"
    )
    bare = Diagnostic(code="other.code", message="no place", severity=Severity.INFO)
    report = CheckReport(editions=(), findings=(odd, bare), waived=())
    root = ElementTree.fromstring(junit(report))
    assert [suite.attrib["name"] for suite in root] == ["s", "the newsroom's own words"]
    results = json.loads(sarif(report))["runs"][0]["results"]
    assert results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/%C3%A4%23.md"
    assert "region" not in results[0]["locations"][0]["physicalLocation"]
    assert (results[1]["locations"], results[1]["level"]) == ([], "note")


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--json", "--format", "junit"),
        ("check", "--format", "xml"),
        ("check", "--severity", "fatal"),
        ("check", "--explain", "markup.chnaged"),
        ("waive", SLUG, "zh", "4"),
        ("waive", SLUG, "zh", "markup.changed", "--as", EDITOR_ZH, "--reason", "x"),
        ("waive", SLUG, "zh", "4", "markup.changed", "--reason", "x"),
        ("waive", SLUG, "zh", "4", "markup.changed", "--as", EDITOR_ZH),
        ("waive", SLUG, "zh", "four", "markup.changed", "--as", EDITOR_ZH, "--reason", "x"),
        ("waive", SLUG, "zh", "4", "markup.changed", "--json", "--as", EDITOR_ZH, "--reason", "x"),
        ("waive", SLUG, "zh", "--list", "--undo"),
        ("waive", SLUG, "de", "--list"),
        ("waive", "other", "zh", "--list"),
    ],
)
def test_wrong_usage(made: Path, arguments: tuple[str, ...]) -> None:
    found = workflow(made, *arguments)
    assert (found.code, found.out) == (2, "")
    assert found.err


def test_explain_prints_the_section_in_any_folder(tmp_path: Path) -> None:
    found = workflow(tmp_path, "check", "--explain", "markup.broken")
    assert (found.code, found.err) == (0, "")
    assert found.out.startswith("## markup.broken\n")
    assert "\n## " not in found.out[3:]


def test_waive_list_and_undo(room: Path) -> None:
    refused = waive(room, "4", "markup.changed", "--reason", "x", by=TRANSLATOR_ZH)
    assert (refused.code, refused.out) == (1, "")
    assert "that takes editor for zh" in refused.err
    done = waive(room, "4", "markup.changed", "--reason", "no slanted type")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("waived: markup.changed, segment 4: emphasis")
    again = waive(room, "4", "markup.changed", "--reason", "no slanted type")
    assert (again.code, again.out, again.err) == (0, "", "markup.changed in segment 4 is waived already\n")
    assert workflow(room, "check").code == 0
    signed = workflow(room, "sign-off", SLUG, "zh", "--as", EDITOR_ZH, "--key", str(key(EDITOR_ZH)))
    assert signed.code == 0
    assert "2 findings waived:\n  markup.changed, segment 4: emphasis" in signed.err
    assert re.search(rf"<{EDITOR_ZH}>, \d{{4}}-\d\d-\d\d: no slanted type", signed.err)
    back = workflow(room, "waive", "--undo", SLUG, "zh", "--all", "links.changed", "--as", EDITOR_ZH)
    assert (back.code, back.out) == (0, f"taken back: {SLUG} zh links.changed: 1 waiver\n")
    assert workflow(room, "check").code == 1
    file = room / f"locales/zh/LC_MESSAGES/{SLUG}.po"
    file.write_text(file.read_text(encoding="utf-8").replace("互派学生", "互派"), encoding="utf-8")
    found = document(workflow(room, "waive", "--list", SLUG, "zh", "--json"))
    assert set(found) == {"schema", "story", "language", "active", "lapsed"}
    assert (found["active"], [item["code"] for item in found["lapsed"]]) == ([], ["markup.changed"])
    listed = workflow(room, "waive", "--list", SLUG, "zh")
    assert listed.err == "0 active waivers, 1 lapsed\n"
    assert listed.out.startswith("lapsed  markup.changed: emphasis")


def test_a_damaged_file_of_waivers_is_told_by_line(room: Path) -> None:
    with (room / WAIVERS).open("a") as file:
        file.write("{}\n")
    for command in (("waive", "--list", SLUG, "zh"), ("sign-off", SLUG, "zh", "--as", EDITOR_ZH)):
        found = workflow(room, *command)
        assert found.code == 3
        assert f"{WAIVERS}:2: error: not the fields of a waiver\n  hint: restore" in found.err


# --- Numbers for the desk --------------------------------------------------------------------------------------


def test_status_tells_what_is_to_do_within_eighty_columns(tmp_path: Path) -> None:
    newsroom = signed_newsroom(tmp_path / "room")
    translate(newsroom, "zh", {STUDENTS: "", "Students move in May.": ""})
    translate(newsroom, "zh", {"The rector signed the agreement on Monday.": "校长签署。"}, fuzzy=True)
    found = workflow(newsroom.root, "status")
    assert found.code == 0
    assert max(map(width, found.out.splitlines())) <= 80
    assert re.search(r"^  zh   stale +6/9  signed 2026-11-22 by .*\n +16 words to do; ", found.out, re.MULTILINE)
    assert found.out.endswith(
        "\nto do\n  en   nothing\n  zh   9 words new, 7 words to review (84 characters) in 1 story\n  ru   nothing\n"
    )
    row = next(
        row for row in document(workflow(newsroom.root, "status", "--json"))["editions"] if row["language"] == "zh"
    )
    assert row["words"] == {"total": 39, "translated": 23, "needs_review": 7, "new": 9}
    assert row["characters"]["needs_review"] + row["characters"]["new"] == 84
    assert sum(row["characters"].values()) == 2 * row["characters"]["total"]


def test_status_measures_a_story_in_han_by_characters(tmp_path: Path) -> None:
    newsroom = signed_newsroom(tmp_path / "room")
    folder = newsroom.root / "stories/zh-story"
    folder.mkdir()
    header = "---\nlanguage: zh\nsection: news\npublished: 2026-11-20\n---\n\n"
    (folder / "story.md").write_text(f"{header}# 两所大学签署协议\n\n校长**签署**了3项协议。\n", encoding="utf-8")
    assert workflow(newsroom.root, "update").code == 0
    out = workflow(newsroom.root, "status", "zh-story").out
    assert "  ru   untranslated        0/2  18 characters to do;" in out
    assert out.endswith("  ru   18 characters new (17 words) in 1 story\n")
