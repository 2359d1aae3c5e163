"""Questions of translators: asked in a comment, open until somebody answers, never forgotten."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsrooms import EDITOR_ZH, SLUG, STORY, edit, key, minutes, refresh, translate, translated_newsroom
from test_cli import document, workflow
from test_translate import RECTOR, catalog_of, on_disk, row_of, sitting
from test_translate_plain import piped
from test_translate_screen import Screen, play

from workflow.catalog import format_catalog, parse_catalog
from workflow.handback import hand_back
from workflow.interchange.xliff import XliffDocument, format_xliff
from workflow.interchange.xliff_reading import parse_xliff
from workflow.model import Catalog, Unit, UnitState
from workflow.newsroom import SITE, Newsroom
from workflow.operations.sign_off import prepare
from workflow.operations.unit_findings import findings
from workflow.operations.unit_saving import Conflict, Saved
from workflow.questions import answered, asked, open_questions
from workflow.sent import to_send
from workflow.three_way import join

CATALOG = f"locales/zh/LC_MESSAGES/{SLUG}.po"
QUESTION = "Which rector is meant?"


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return translated_newsroom(tmp_path)


@pytest.fixture
def asking(newsroom: Newsroom) -> Newsroom:
    """A question about the rector is open in Chinese."""
    comment(newsroom, RECTOR, f"? {QUESTION}")
    return newsroom


def comment(newsroom: Newsroom, source: str, *lines: str) -> None:
    """Gives a unit these comments."""
    catalog = catalog_of(newsroom)
    units = tuple(replace(unit, comments=lines) if unit.source == source else unit for unit in catalog.units)
    newsroom.write_catalog("zh", SLUG, replace(catalog, units=units))


# --- A question in a comment -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("? Which rector?", "Which rector?"),
        ("?Which rector?", "Which rector?"),
        ("？是哪位校长？", "是哪位校长？"),
        ("  ?? Which?", "Which?"),
        ("?", "?"),
        ("Which rector?", None),
        ("answer: the first", None),
        ("", None),
    ],
)
def test_a_line_that_begins_with_a_question_mark_asks(line: str, found: str | None) -> None:
    assert open_questions(Unit(source="a", comments=(line,))) == (() if found is None else (found,))


def test_answering_keeps_what_was_asked() -> None:
    unit = asked(asked(Unit(source="a", comments=("mine",)), "Which?"), "？谁\\")
    assert unit.comments == ("mine", "? Which?", "? 谁")
    assert answered(unit).comments == ("mine", "Which?", "谁")
    assert answered(unit, " the\nfirst\\").comments == ("mine", "Which?", "谁", "answer: the first")
    assert answered(answered(unit), "too late") == answered(unit)


@given(st.text(max_size=20), st.lists(st.sampled_from(["x", "? y", "？z", "?"]), max_size=3), st.text(max_size=8))
def test_what_is_asked_can_be_written_and_is_answered_for_good(text: str, lines: list[str], answer: str) -> None:
    unit = Unit(source="a", comments=tuple(lines))
    more = asked(unit, text)
    assert len(open_questions(more)) - len(open_questions(unit)) == (more != unit)
    done = answered(more, answer)
    assert not open_questions(done)
    for catalog in (Catalog(headers=(), units=(more,)), Catalog(headers=(), units=(done,))):
        assert parse_catalog(format_catalog(catalog).encode(), "a.po").units == catalog.units


# --- Through files and other tools -----------------------------------------------------------------------


def test_msgcat_keeps_a_question(asking: Newsroom) -> None:
    file = asking.root / CATALOG
    assert f"# ? {QUESTION}\n" in file.read_text(encoding="utf-8")
    subprocess.run(["msgcat", "-o", file, file], check=True, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
    assert open_questions(on_disk(asking, RECTOR)) == (QUESTION,)


def test_xliff_takes_a_question_out_and_brings_it_back(asking: Newsroom) -> None:
    catalog = replace(catalog_of(asking), units=catalog_of(asking).live)
    document = XliffDocument(original="a.po", source_language="en", target_language="zh-Hans", catalog=catalog)
    data = format_xliff(document)
    assert f'<note category="comment">? {QUESTION}</note>' in data.decode()
    units = {unit.source: unit for unit in parse_xliff(data, "a.xlf").catalog.units}
    assert open_questions(units[RECTOR]) == (QUESTION,)


def test_a_question_is_answered_outside_by_taking_the_mark_away(asking: Newsroom) -> None:
    ours = catalog_of(asking)
    went = to_send(ours, slug=SLUG, source_language="en")
    for lines, left in (((QUESTION, "answer: ours"), 0), ((), 1), ((f"? {QUESTION}", "? And when?"), 2)):
        came = replace(
            went, units=tuple(replace(unit, comments=lines) if unit.source == RECTOR else unit for unit in went.units)
        )
        back = {unit.source: unit for unit in hand_back(ours, came).catalog.units}[RECTOR]
        assert len(open_questions(back)) == left
        assert set(lines) <= set(back.comments)


def test_a_question_that_was_answered_here_is_not_opened_again_from_outside(asking: Newsroom) -> None:
    went = to_send(catalog_of(asking), slug=SLUG, source_language="en")
    comment(asking, RECTOR, QUESTION, "answer: ours")
    lines = (f"? {QUESTION}", "a remark")
    came = replace(
        went, units=tuple(replace(unit, comments=lines) if unit.source == RECTOR else unit for unit in went.units)
    )
    back = hand_back(catalog_of(asking), came).catalog
    assert {unit.source: unit for unit in back.units}[RECTOR].comments == (QUESTION, "answer: ours", "a remark")
    assert hand_back(back, came).catalog == back


def test_questions_that_come_from_outside_are_told(asking: Newsroom, tmp_path: Path) -> None:
    file = tmp_path / "back.po"
    catalog = to_send(catalog_of(asking), slug=SLUG, source_language="en")
    lines = ("? Which one?",)
    units = tuple(
        replace(unit, targets=("王校长签了。",), comments=lines) if unit.source == RECTOR else unit
        for unit in catalog.units
    )
    file.write_text(format_catalog(replace(catalog, units=units)), encoding="utf-8")
    result = workflow(asking.root, "receive", str(file))
    assert result.code == 0
    assert f"  asks: {CATALOG}:{on_disk(asking, RECTOR).line}: “{RECTOR}”: Which one?\n" in result.out
    assert on_disk(asking, RECTOR).state is UnitState.TRANSLATED, "a question is no fault of the words"


def test_git_joins_an_answer_with_another_question(asking: Newsroom) -> None:
    base = catalog_of(asking)

    def with_lines(*lines: str) -> Catalog:
        return replace(
            base, units=tuple(replace(unit, comments=lines) if unit.source == RECTOR else unit for unit in base.units)
        )

    joined = join(base, with_lines(QUESTION, "answer: ours"), with_lines(f"? {QUESTION}", "? When?")).catalog
    assert {unit.source: unit for unit in joined.units}[RECTOR].comments == (QUESTION, "answer: ours", "? When?")


def test_a_question_moves_with_its_words(asking: Newsroom) -> None:
    edit(asking, STORY, "on Monday.", "on Tuesday.")
    refresh(asking)
    assert open_questions(on_disk(asking, "The rector signed the agreement on Tuesday.")) == (QUESTION,)


# --- The gate, and what else tells of it -----------------------------------------------------------------


def test_an_open_question_shuts_the_gate(asking: Newsroom) -> None:
    result = workflow(asking.root, "sign-off", SLUG, "zh", "--as", EDITOR_ZH, "--key", str(key("zh")))
    line = on_disk(asking, RECTOR).line
    assert result.code == 1
    assert f"{CATALOG}:{line}: error: nobody has answered “{QUESTION}”: The rector" in result.err
    assert f"hint: answer it with F12 in workflow translate {SLUG} zh, or" in result.err


def test_an_answered_one_does_not(asking: Newsroom) -> None:
    work = sitting(asking)
    work.answer(row_of(work.session, RECTOR), "the first")
    assert prepare(asking, SLUG, "zh", signer=EDITOR_ZH, role=None, now=minutes(3)).warnings == 0


def gravity(newsroom: Newsroom) -> list[str]:
    """How grave the check finds each open question."""
    found = document(workflow(newsroom.root, "check", SLUG, "--language", "zh", "--json"))["diagnostics"]
    return [item["severity"] for item in found if item["code"] == "questions.open"]


def test_every_question_is_a_finding_translated_or_not(asking: Newsroom) -> None:
    translate(asking, "zh", {RECTOR: ""})
    comment(asking, RECTOR, f"? {QUESTION}", "a remark", "？何时？")
    found = document(workflow(asking.root, "check", SLUG, "--language", "zh", "--json"))["diagnostics"]
    questions = [item for item in found if item["code"] == "questions.open"]
    assert [item["message"].partition("”")[0] for item in questions] == [
        f"nobody has answered “{QUESTION}",
        "nobody has answered “何时？",
    ]
    assert {(item["severity"], item["segment"], item["line"]) for item in questions} == {
        ("error", 3, on_disk(asking, RECTOR).line)
    }


def test_the_newsrooms_own_words_can_be_asked_about(newsroom: Newsroom) -> None:
    catalog = newsroom.read_catalog("zh", SITE)
    assert catalog is not None
    first = replace(catalog.units[0], comments=("? Which style?",))
    newsroom.write_catalog("zh", SITE, replace(catalog, units=(first, *catalog.units[1:])))
    assert gravity(newsroom) == ["error"]


def test_a_newsroom_may_make_it_a_warning_or_one_question_stand(asking: Newsroom) -> None:
    waive = ["waive", SLUG, "zh", "3", "questions.open", "--as", EDITOR_ZH, "--reason", "nobody knows"]
    assert workflow(asking.root, *waive).code == 0
    assert gravity(asking) == []
    work = sitting(asking)
    work.ask(row_of(work.session, RECTOR), "And when?")
    assert gravity(asking) == ["error"], "another question is another finding"
    settings = asking.root / "newsroom.toml"
    rule = '\n[[checks.rules]]\ncodes = ["questions.open"]\nseverity = "warning"\n'
    settings.write_text(settings.read_text(encoding="utf-8") + rule, encoding="utf-8")
    assert gravity(asking) == ["warning"]


def test_questions_about_words_that_are_gone_are_none(asking: Newsroom) -> None:
    edit(asking, STORY, f"{RECTOR}\n\n", "")
    refresh(asking)
    assert gravity(asking) == []


def test_status_counts_the_open_ones(asking: Newsroom) -> None:
    said = workflow(asking.root, "status", SLUG).out
    assert [line for line in said.splitlines() if "1 question open" in line] == [
        line for line in said.splitlines() if line.startswith("  zh") and "9/9" in line
    ]
    rows = document(workflow(asking.root, "status", SLUG, "--json"))["editions"]
    assert {row["language"]: row["questions"] for row in rows} == {"en": 0, "zh": 1, "ru": 0}


def test_review_shows_them_at_their_segment(asking: Newsroom, tmp_path: Path) -> None:
    comment(asking, RECTOR, "? Who <b>is</b> he?")
    said = workflow(asking.root, "review", SLUG, "zh").out
    assert "*  3 paragraph" in said
    assert "     ▸ question: Who <b>is</b> he?\n" in said
    assert "9 segments, 1 question open\n" in said
    found = document(workflow(asking.root, "review", SLUG, "zh", "--json"))["segments"]
    assert [item["questions"] for item in found[:3]] == [[], [], ["Who <b>is</b> he?"]]
    file = tmp_path / "proof.html"
    assert workflow(asking.root, "review", SLUG, "zh", "--html", str(file)).code == 0
    assert "Who &lt;b&gt;is&lt;/b&gt; he?" in file.read_text(encoding="utf-8")


# --- A sitting -------------------------------------------------------------------------------------------


def test_asking_changes_no_words_and_names_no_translator(newsroom: Newsroom) -> None:
    before = catalog_of(newsroom)
    work = sitting(newsroom)
    row = row_of(work.session, RECTOR)
    translate(newsroom, "zh", {RECTOR: "他们的"})
    assert isinstance(work.ask(row, QUESTION), Saved)
    unit = on_disk(newsroom, RECTOR)
    assert (unit.target, unit.comments) == ("他们的", (f"? {QUESTION}",))
    assert catalog_of(newsroom).headers == before.headers
    assert work.session.questions == 1
    assert not row_of(work.session, RECTOR).is_open, "it waits for somebody else"
    assert work.session.next_asked(-1) == 2


def test_asking_and_answering_are_steps_of_undo(newsroom: Newsroom) -> None:
    work = sitting(newsroom)
    unit = row_of(work.session, RECTOR).unit
    work.ask(row_of(work.session, RECTOR), QUESTION)
    work.accept(row_of(work.session, RECTOR), ["新"])
    work.answer(row_of(work.session, RECTOR), "ours")
    assert on_disk(newsroom, RECTOR).comments == (QUESTION, "answer: ours")
    comment(newsroom, RECTOR, QUESTION, "answer: ours", "somebody else's")
    for comments, target in (
        (("somebody else's", f"? {QUESTION}"), "新"),
        (("somebody else's", f"? {QUESTION}"), unit.target),
        (("somebody else's",), unit.target),
    ):
        assert isinstance(work.undo(unit.key), Saved)
        now = on_disk(newsroom, RECTOR)
        assert (sorted(now.comments), now.target) == (sorted(comments), target)
    assert work.undo(unit.key) is None
    for _ in range(3):
        assert isinstance(work.redo(unit.key), Saved)
    assert sorted(on_disk(newsroom, RECTOR).comments) == sorted([QUESTION, "answer: ours", "somebody else's"])


def test_a_question_about_a_unit_that_is_gone_is_told(newsroom: Newsroom) -> None:
    work = sitting(newsroom)
    row = row_of(work.session, RECTOR)
    edit(newsroom, STORY, f"{RECTOR}\n\n", "")
    refresh(newsroom)
    assert isinstance(work.ask(row, QUESTION), Conflict)


def test_a_question_is_no_finding_about_the_words_being_written(asking: Newsroom) -> None:
    session = sitting(asking).session
    assert not findings(session, row_of(session, RECTOR), ["校长于周一签署了协议。"])


# --- The screen ------------------------------------------------------------------------------------------


def test_asking_and_answering_on_the_screen(newsroom: Newsroom) -> None:
    translate(newsroom, "zh", {RECTOR: ""})

    async def steps(screen: Screen) -> None:
        await screen.type("校长")
        await screen.press("f12")
        await screen.type("Which [b]rector?")
        await screen.press("enter")
        assert screen.shows("message") == "asked; F12 answers"
        assert "question Which [b]rector?" in screen.shows("aids")
        assert "question" in screen.shows("title")
        assert screen.target.text == "校长"
        assert on_disk(newsroom, RECTOR).comments == ("? Which [b]rector?",)
        await screen.press("f2")
        assert "all units are translated: F7 goes to 1 open question" in screen.shows("message")
        await screen.press("f6")
        assert "✓?   3" in screen.shows("above")
        await screen.press("f7")
        assert screen.number == 3
        await screen.press("ctrl+underscore")
        await screen.type("? And when?")
        await screen.press("enter", "f12")
        await screen.type("the first, on Monday")
        await screen.press("enter")
        assert screen.shows("message") == "answered; Ctrl+Z takes it back"
        assert "comment  answer: the first, on Monday" in screen.shows("aids")
        await screen.press("f7")
        assert screen.shows("message") == "no unit is open"
        await screen.press("ctrl+z")
        assert screen.shows("message") == "taken back: 3 is translated, 2 questions open"
        await screen.press("f12", "?", "enter")
        assert len(screen.unit.view.row.questions) == 2
        await screen.press("f12", "enter", "f12", "escape", "f12", "enter")

    play(newsroom, steps)
    assert on_disk(newsroom, RECTOR).comments == ("Which [b]rector?", "And when?")


def test_the_session_begins_with_a_question_if_all_is_translated(asking: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        assert screen.number == 3
        with asking.lock():
            await screen.press("f12", "enter")
            assert "another workflow command is writing" in screen.shows("message")
        edit(asking, STORY, f"{RECTOR}\n\n", "")
        refresh(asking)
        await screen.press("f12", "enter")
        assert screen.shows("message") == "not saved: the story no longer says this"

    play(asking, steps)


# --- Lines -----------------------------------------------------------------------------------------------


def test_asking_and_answering_in_lines(newsroom: Newsroom) -> None:
    translate(newsroom, "zh", {RECTOR: ""})
    result = piped(newsroom, f":ask {QUESTION}", "校长签署了协议。", ":list", ":go 3", ":accept")
    assert result.code == 0
    assert "asked about 3\nsaved 3\n" in result.out
    assert "all units are translated, 1 question open; :go N" in result.out
    assert "3 paragraph, translated, question: The rector" in result.out
    assert f"question: {QUESTION}\n" in result.out
    assert result.out.endswith("9 of 9 units are translated, 1 question open\n")
    result = piped(newsroom, ":go 3", ":answer the first one", ":show", ":undo", ":redo")
    assert "answered 3\n" in result.out
    assert "comment: answer: the first one\n" in result.out
    assert result.out.endswith("9 of 9 units are translated\n")
    assert on_disk(newsroom, RECTOR).comments == (QUESTION, "answer: the first one")


@pytest.mark.parametrize(
    ("line", "said"), [(":ask ?", "there is no question"), (":answer yes", "no question about unit 3 is open")]
)
def test_what_cannot_be_asked_or_answered(newsroom: Newsroom, line: str, said: str) -> None:
    result = piped(newsroom, ":go 3", line)
    assert (result.code, said in result.err) == (2, True)
