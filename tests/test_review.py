"""Source beside target, with what changed since the sign-off: operation, terminal and proof."""

from __future__ import annotations

import datetime
import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from newsrooms import (
    EDITOR_RU,
    EDITOR_ZH,
    NOW,
    SLUG,
    STORY,
    approve,
    decide,
    edit,
    minutes,
    record_of,
    refresh,
    signed_newsroom,
    translate,
    translated_newsroom,
    with_rules,
)
from test_cli import ESCAPE, document, on_terminal, workflow

from workflow.cli.columns import width
from workflow.errors import UsageError
from workflow.model import Decision, Note
from workflow.newsroom import Newsroom
from workflow.operations.review import Moved, Review, Row, RowState, proof, review
from workflow.operations.settled import template_texts
from workflow.site import site_units

GOLDEN = Path(__file__).parent / "data" / "review"
"""What the terminal shows; UPDATE_GOLDEN=1 writes it anew, to be read before it is committed."""
LATER = NOW + datetime.timedelta(days=1)
MONDAY = "The rector signed the agreement on Monday."
STUDENTS = "Both sides will exchange *students*."
BOTH = "Both sides will exchange *students* and teachers."
SAME = (Moved.SAME, Moved.SAME)


def reviewed(newsroom: Newsroom, language: str = "zh") -> Review:
    return review(newsroom, SLUG, language, LATER)


def open_rows(found: Review) -> dict[int | None, Row]:
    return {row.number: row for row in found.rows if row.is_open}


def moved(row: Row) -> tuple[Moved, Moved]:
    return row.source.moved, row.target.moved


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    return signed_newsroom(tmp_path / "room")


# --- What changed ------------------------------------------------------------------------------------------


def test_what_was_signed_is_as_it_was(room: Newsroom) -> None:
    found = reviewed(room)
    assert [row.number for row in found.rows] == list(range(1, 10))
    assert {moved(row) for row in found.rows} == {SAME}
    assert (found.compared, found.trouble, found.stage) == (True, "", "signed off")
    assert found.edition == found.signed[0].edition
    assert found.summary == "9 segments, none changed since the sign-off"
    assert (found.rows[3].source.text, found.rows[3].target.text) == (STUDENTS, "双方将互派*学生*。")


def test_other_words(room: Newsroom) -> None:
    translate(room, "zh", {MONDAY: "校长于周二签署了协议。"})
    (row,) = open_rows(reviewed(room)).values()
    assert (row.number, moved(row)) == (3, (Moved.SAME, Moved.CHANGED))
    assert row.target.before == "校长于周一签署了协议。"


def test_words_that_have_nothing_in_common_are_still_the_same_segment(room: Newsroom) -> None:
    translate(room, "zh", {"Students move in May.": "五月开学", "Teachers follow in June.": "随后是老师"})
    found = open_rows(reviewed(room))
    assert {number: (moved(row), row.target.before) for number, row in found.items()} == {
        7: ((Moved.SAME, Moved.CHANGED), "学生五月搬入。"),
        8: ((Moved.SAME, Moved.CHANGED), "教师六月随后。"),
    }


@pytest.mark.parametrize("confirmed", [False, True])
def test_another_source(room: Newsroom, confirmed: bool) -> None:
    edit(room, STORY, STUDENTS, BOTH)
    refresh(room)
    state = RowState.NEEDS_REVIEW
    if confirmed:
        state = RowState.TRANSLATED
        translate(room, "zh", {BOTH: "双方将互派*学生*。"})
    (row,) = open_rows(reviewed(room)).values()
    assert (row.number, row.state, moved(row)) == (4, state, (Moved.CHANGED, Moved.SAME))
    assert row.source.before == STUDENTS


def test_another_source_and_other_words(room: Newsroom) -> None:
    edit(room, STORY, STUDENTS, BOTH)
    refresh(room)
    translate(room, "zh", {BOTH: "双方将互派*学生*和教师。"})
    (row,) = open_rows(reviewed(room)).values()
    assert (row.number, moved(row)) == (4, (Moved.CHANGED, Moved.CHANGED))
    assert (row.source.before, row.target.before) == (STUDENTS, "双方将互派*学生*。")


def test_a_source_that_nobody_knows_any_more(room: Newsroom) -> None:
    edit(room, STORY, STUDENTS, BOTH)
    refresh(room)
    translate(room, "zh", {BOTH: "双方将互派*学生*。"})
    forget_the_past(room)
    (row,) = open_rows(reviewed(room)).values()
    assert (moved(row), row.source.before) == ((Moved.CHANGED, Moved.SAME), None)
    translate(room, "zh", {BOTH: "双方将互派*学生*和教师。"})
    (row,) = open_rows(reviewed(room)).values()
    assert moved(row) == (Moved.UNKNOWN, Moved.CHANGED)
    assert reviewed(room).flags(row) == ("source may have changed", "words changed")


def forget_the_past(room: Newsroom) -> None:
    """A catalog from another tool, without obsolete entries and former sources."""
    catalog = room.read_catalog("zh", SLUG)
    assert catalog is not None
    room.write_catalog("zh", SLUG, replace(catalog, units=tuple(replace(unit, previous=None) for unit in catalog.live)))


def test_segments_that_came_and_went(room: Newsroom) -> None:
    edit(room, STORY, "- Students move in May.\n", "")
    edit(
        room, STORY, "- Teachers follow in June.\n", "- Teachers follow in June.\n- The library stays open all night.\n"
    )
    refresh(room)
    found = reviewed(room)
    assert [row.number for row in found.rows] == [1, 2, 3, 4, 5, 6, None, 7, 8, 9]
    rows = open_rows(found)
    assert set(rows) == {None, 8}
    gone, new = rows[None], rows[8]
    assert (gone.state, gone.source.before, gone.target.before) == (
        RowState.REMOVED,
        "Students move in May.",
        "学生五月搬入。",
    )
    assert (new.state, moved(new), new.target.text) == (RowState.MISSING, (Moved.NEW, Moved.NEW), "")
    assert found.flags(new) == ("not translated", "new")
    assert (found.edition, found.stage) == ("", "stale")


def test_a_catalog_that_is_behind_its_story(room: Newsroom) -> None:
    edit(room, STORY, STUDENTS, BOTH)
    rows = open_rows(reviewed(room))
    assert rows[4].state is RowState.MISSING
    assert rows[None].target.before == "双方将互派*学生*。"


def test_paragraphs_that_an_edition_parts_or_leaves_out(tmp_path: Path) -> None:
    room = translated_newsroom(tmp_path / "room")
    translate(room, "zh", {MONDAY: "校长于周一\n\n签署了协议。", STUDENTS: "[omit]"})
    approve(room, "zh")
    found = reviewed(room)
    assert {moved(row) for row in found.rows} == {SAME}
    assert found.rows[2].target.text == "校长于周一\n\n签署了协议。"
    assert (found.rows[3].state, found.rows[3].target.text) == (RowState.LEFT_OUT, "")
    translate(room, "zh", {MONDAY: "校长于周一\n\n签署了新协议。", STUDENTS: "双方将互派*学生*。"})
    rows = open_rows(reviewed(room))
    assert set(rows) == {3, 4}
    assert rows[3].target.before == "校长于周一\n\n签署了协议。"
    assert (moved(rows[4]), rows[4].target.before) == ((Moved.SAME, Moved.CHANGED), "")


def test_the_source_edition_too(room: Newsroom) -> None:
    approve(room, "en", "editor-en@newsroom.example")
    translate(room, "en", {MONDAY: "The rector signed the treaty on Monday."})
    (row,) = open_rows(reviewed(room, "en")).values()
    assert (row.target.before, moved(row)) == (MONDAY, (Moved.SAME, Moved.CHANGED))


def test_never_signed(tmp_path: Path) -> None:
    room = translated_newsroom(tmp_path / "room")
    edit(room, STORY, STUDENTS, BOTH)
    refresh(room)
    found = reviewed(room)
    assert (found.signed, found.compared) == ((), False)
    (row,) = open_rows(found).values()
    assert row.source.before == STUDENTS
    assert found.flags(row) == ("needs review", "source changed since it was translated")


def test_no_catalog_yet(room: Newsroom) -> None:
    (room.root / room.catalog_file("zh", SLUG)).unlink()
    found = reviewed(room)
    assert {row.state for row in found.rows if row.number} == {RowState.MISSING}
    assert found.rows[0].target.before == "两所大学签署协议"


def test_words_that_were_edited_after_signing_are_not_compared_with(room: Newsroom) -> None:
    edit(room, room.edition_file("zh", SLUG), "周一", "周二")
    found = reviewed(room)
    assert not found.compared
    assert found.trouble == f"{room.edition_file('zh', SLUG)} does not hold the words that were signed"
    assert {moved(row) for row in found.rows} == {SAME}
    (room.root / room.edition_file("zh", SLUG)).unlink()
    assert reviewed(room).trouble == f"{room.edition_file('zh', SLUG)} is not there"


def test_open_notes_stand_beside_their_segment(room: Newsroom) -> None:
    segment = record_of(room).segments[2]
    notes = (Note(segment=segment, text="which Monday?"), Note(segment="", text="nearly"))
    decide(room, decision=Decision.RETURN, at=minutes(1), notes=notes)
    found = reviewed(room)
    assert [(row.number, [note.text for note in row.notes]) for row in found.rows if row.notes] == [
        (3, ["which Monday?"])
    ]
    assert [note.text for note in found.notes] == ["nearly"]
    assert set(open_rows(found)) == {3}
    approve(room, "zh", at=minutes(2))
    assert open_rows(reviewed(room)) == {}


def test_a_language_that_the_story_is_not_meant_for(room: Newsroom) -> None:
    edit(room, STORY, "section: news", "section: news\nlanguages: [ru]")
    with pytest.raises(UsageError, match="not meant for `zh`"):
        reviewed(room)


# --- The terminal ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Signed long before any machine's clock, and changed since; only to be read."""
    room = translated_newsroom(tmp_path_factory.mktemp("review") / "room")
    day = datetime.datetime(2024, 5, 1, 12, tzinfo=datetime.UTC)
    approve(room, "zh", EDITOR_ZH, at=day)
    approve(room, "ru", EDITOR_RU, at=day)
    edit(room, STORY, STUDENTS, BOTH)
    edit(room, STORY, "- Students move in May.\n", "")
    edit(room, STORY, "Two people at a table", "Two people at the table")
    refresh(room)
    translate(room, "zh", {MONDAY: "校长于周二签署了新协议。", "Two people at the table": "桌旁的两个人"})
    translate(room, "ru", {BOTH: "Стороны будут обмениваться *студентами* и преподавателями."})
    translate(
        room, "ru", {MONDAY: "Ректор подписал договор во\u00a0вторник.", "Two people at the table": "Двое за столом"}
    )
    segment = record_of(room, "ru", EDITOR_RU).segments[2]
    note = Note(segment=segment, text="Нет: понедельник,\x1b[31m <script>не</script> вторник.")
    decide(room, "ru", EDITOR_RU, decision=Decision.RETURN, at=day + datetime.timedelta(1), notes=(note,))
    return room


def told(newsroom: Newsroom, language: str, columns: int) -> str:
    result = workflow(newsroom.root, "review", SLUG, language, environment={"COLUMNS": str(columns)})
    assert (result.code, result.err) == (0, "")
    assert ESCAPE not in result.out
    assert all(line == line.rstrip() for line in result.out.split("\n"))
    # The digests hang on a picture's bytes.
    return re.sub(r"\b[0-9a-f]{12}\b", "d1ge57d1ge57", result.out)


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("language", ["zh", "ru"])
def test_columns_as_wide_as_the_terminal(shown: Newsroom, language: str, columns: int) -> None:
    text = told(shown, language, columns)
    assert max(map(width, text.splitlines())) <= columns
    wanted = GOLDEN / f"{language}-{columns}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        wanted.write_text(text, encoding="utf-8")
    assert text == wanted.read_text(encoding="utf-8")


def test_colour_takes_the_place_of_marks(shown: Newsroom) -> None:
    coloured = on_terminal(shown.root, "review", SLUG, "zh", COLUMNS="80", LINES="500")
    assert "周\x1b[31m\x1b[9m一\x1b[0m\x1b[32m\x1b[4m二\x1b[0m签" in coloured
    assert "[-" not in coloured
    for plain in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        text = on_terminal(shown.root, "review", SLUG, "zh", COLUMNS="80", LINES="500", **plain)
        assert "周[-一-]{+二+}签" in text
        assert ESCAPE not in text


def test_a_pager_on_a_terminal_only(shown: Newsroom, tmp_path: Path) -> None:
    pager = tmp_path / "less"
    pager.write_text("#!/bin/sh\necho PAGED\ncat\n")
    pager.chmod(0o755)
    environment = {"PAGER": str(pager), "COLUMNS": "80"}
    assert on_terminal(shown.root, "review", SLUG, "zh", LINES="20", **environment).startswith("PAGED")
    assert not on_terminal(shown.root, "review", SLUG, "zh", LINES="500", **environment).startswith("PAGED")
    assert "PAGED" not in workflow(shown.root, "review", SLUG, "zh", environment={"LINES": "20", **environment}).out
    assert "周[-一-]" not in on_terminal(shown.root, "review", SLUG, "zh", LINES="20", **environment)
    plain = on_terminal(shown.root, "review", SLUG, "zh", LINES="20", LESS="F", **environment)
    assert "周[-一-]{+二+}签" in plain, "less without -R would show the colours as rubbish"


def test_json(shown: Newsroom) -> None:
    found = document(workflow(shown.root, "review", SLUG, "ru", "--json"))
    assert (found["story"], found["language"], found["source_language"]) == (SLUG, "ru", "en")
    assert (found["stage"], found["compared"], len(found["edition"])) == ("returned", True, 64)
    assert [item["signer"] for item in found["signed"]] == [EDITOR_RU]
    third = found["segments"][2]
    assert third["target"] == {
        "text": "Ректор подписал договор во\u00a0вторник.",
        "change": "changed",
        "before": "Ректор подписал соглашение в понедельник.",
        "diff": [
            ["same", "Ректор подписал "],
            ["deleted", "соглашение в понедельник"],
            ["inserted", "договор во\u00a0вторник"],
            ["same", "."],
        ],
    }
    assert [note["signer"] for note in third["notes"]] == [EDITOR_RU]
    assert [item["number"] for item in found["segments"]] == [1, 2, 3, 4, 5, 6, None, 7, 8]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nope", "zh"], "no story `nope`"),
        ([SLUG, "de"], "no language `de`"),
        ([SLUG], "Missing argument 'LANG'"),
        ([SLUG, "zh", "--json", "--html", "x.html"], "exclude each other"),
    ],
)
def test_wrong_usage(shown: Newsroom, arguments: list[str], said: str) -> None:
    result = workflow(shown.root, "review", *arguments)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


# --- The proof ---------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """The elements of a page, and that they are nested well."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.open: list[tuple[str, list[str]]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), []))
        if tag != "meta":
            self.open.append((tag, self.found[-1][2]))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.open[-1][1].append(data)

    def texts(self, tag: str) -> list[str]:
        return ["".join(parts) for name, _, parts in self.found if name == tag]


def test_a_proof_of_one_file(shown: Newsroom, tmp_path: Path) -> None:
    file = tmp_path / "proof.html"
    result = workflow(shown.root, "review", SLUG, "zh", "--html", str(file))
    assert (result.code, result.out, result.err) == (0, f"{file}\n", "")
    text = file.read_text(encoding="utf-8")
    page = Page(text)
    assert {tag for tag, _, _ in page.found}.isdisjoint({"script", "link", "img", "iframe", "form", "base"})
    assert not re.search(r"https?://|url\((?!\"data:)|@import", text), "asks no other file"
    assert "data:font/woff2" in text
    assert {name for _, attrs, _ in page.found for name in attrs if name.startswith("on")} == set()
    ids = [attrs["id"] for _, attrs, _ in page.found if "id" in attrs]
    assert ids == [f"s{number}" for number in range(1, 9)]
    links = {attrs["href"] for tag, attrs, _ in page.found if tag == "a"}
    assert links == {f"#{name}" for name in ids}
    languages = [attrs["lang"] for tag, attrs, _ in page.found if tag == "td" and "lang" in attrs]
    assert languages == ["en", "zh-Hans"] * 9
    assert page.texts("del")[1:] == ["一", "a", "Students move in May.", "学生五月搬入。"]
    assert page.texts("ins")[1:] == ["二", "新", " and teachers", "the"]
    assert page.texts("h1") == ["两所大学签署协议"]
    assert record_of(shown, "ru", EDITOR_RU).edition not in text
    assert "editor-zh &lt;editor-zh@newsroom.example&gt;" in text


def test_nothing_in_a_proof_is_markup_of_somebody_else(shown: Newsroom) -> None:
    text = proof(shown, reviewed(shown, "ru"), NOW)
    assert "&lt;script&gt;не&lt;/script&gt;" in text
    assert Page(text).texts("script") == []


def test_words_with_marks_of_html(room: Newsroom) -> None:
    words = "Ректор: 5 < 6 & \"да\" 'нет'"
    translate(room, "ru", {MONDAY: words, "The rectors sign": 'a" onload="alert(1)'})
    text = proof(room, reviewed(room, "ru"), NOW)
    assert "5 &lt; 6 &amp; " in text
    assert "onload=&#34;alert" in text
    assert not [name for _, attrs, _ in Page(text).found for name in attrs if name.startswith("on")]


def test_the_same_review_gives_the_same_proof(shown: Newsroom) -> None:
    assert proof(shown, reviewed(shown), NOW) == proof(shown, reviewed(shown), NOW)


def test_a_proof_of_what_was_never_signed_and_is_not_complete(tmp_path: Path) -> None:
    room = translated_newsroom(tmp_path / "room")
    (room.root / room.catalog_file("zh", SLUG)).unlink()
    text = proof(room, reviewed(room), NOW)
    page = Page(text)
    assert "<p>never</p>" in text
    assert page.texts("h1") == ["Universities sign an agreement"]
    assert text.count("not translated</p>") == 9


def test_who_signed_last_is_named(tmp_path: Path) -> None:
    room = with_rules(
        translated_newsroom(tmp_path / "room"), '[[signoff.rules]]\napprovals = [{ role = "editor", people = 2 }]\n'
    )
    approve(room, "zh")
    assert reviewed(room).signed == (), "one of two is no sign-off"
    approve(room, "zh", "second-zh@newsroom.example", at=minutes(1))
    text = proof(room, reviewed(room), NOW)
    assert "by editor-zh &lt;" in text
    assert "by second-zh &lt;" in text


def test_a_proof_that_cannot_be_written(shown: Newsroom, tmp_path: Path) -> None:
    result = workflow(shown.root, "review", SLUG, "zh", "--html", str(tmp_path / "no" / "proof.html"))
    assert (result.code, result.out) == (5, "")
    assert "cannot write: no such file or directory" in result.err


def test_a_proof_asks_the_newsroom_for_no_words(shown: Newsroom) -> None:
    texts = template_texts(shown)
    assert "templates/web/proof.html" in texts
    units = site_units(shown.settings, texts)
    assert not [unit for unit in units if any("proof" in reference for reference in unit.references)]
