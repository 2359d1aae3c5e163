"""The translator's screen, key by key, without a terminal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import accumulate, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsrooms import SLUG, STORY, decide, edit, minutes, refresh, translate, translated_newsroom
from test_translate import ME, RECTOR, add_plural, on_disk
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.widgets import Input, Static

from workflow.canonical import digest_of
from workflow.cli.columns import unbroken, width
from workflow.model import Decision, Note, UnitState
from workflow.newsroom import SITE, Newsroom
from workflow.operations.memory import open_memory
from workflow.operations.sitting import Sitting
from workflow.operations.translate import open_session
from workflow.tui.app import TranslateApp
from workflow.tui.dialogues import Dialogue
from workflow.tui.keys import KEYS, commands
from workflow.tui.layout import FIXED, shares
from workflow.tui.target import Target
from workflow.tui.unit_screen import UnitScreen
from workflow.tui.wrapping import breaks

MOVE_IN = "Students move in May."
STUDENTS = "Both sides will exchange *students*."


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    """Two units are open: the one about the rector has no words, the one about moving needs review."""
    newsroom = translated_newsroom(tmp_path)
    translate(newsroom, "zh", {RECTOR: ""})
    translate(newsroom, "zh", {MOVE_IN: "学生五月搬入。"}, fuzzy=True)
    return newsroom


class Screen:
    """The session under test, and what can be seen of it."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot = pilot

    @property
    def unit(self) -> UnitScreen:
        return next(screen for screen in self.pilot.app.screen_stack if isinstance(screen, UnitScreen))

    @property
    def target(self) -> Target:
        return self.unit.query_one(Target)

    def shows(self, part: str) -> str:
        """What a part of the present page says."""
        return str(self.pilot.app.screen.query_one(f"#{part}", Static).content)

    @property
    def number(self) -> int:
        return self.unit.view.row.number

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """As an input method commits it: a burst of keys."""
        await self.burst(*text)

    async def burst(self, *keys: str) -> None:
        """Keys that come faster than they can be worked on."""
        for key in keys:
            self.pilot.app.post_message(Key(key, key if len(key) == 1 else None))
        await self.pilot.pause()
        await self.pilot.pause()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Waits for what another thread finds."""
        deadline = time.monotonic() + 5
        while not is_so():
            assert time.monotonic() < deadline, self.shows("message")
            await self.pilot.pause()


Steps = Callable[[Screen], Awaitable[None]]


def play(
    newsroom: Newsroom, steps: Steps, *, language: str = "zh", slug: str = SLUG, size: tuple[int, int] = (80, 24)
) -> TranslateApp:
    """Runs the session through the steps; whatever it leaves open is a failure."""
    sitting = Sitting(
        session=open_session(newsroom, slug, language, minutes(1)), translator=ME, clock=lambda: minutes(5)
    )
    with open_memory(newsroom, minutes(1)) as memory:
        app = TranslateApp(sitting, memory)

        async def run() -> None:
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                await steps(Screen(pilot))

        asyncio.run(run())
    return app


def test_every_key_but_two_has_a_way_without_function_keys() -> None:
    """And none that a terminal, tmux, screen, an input method or the text field needs for itself."""
    keys = [set(key.keys.split(",")) for key in KEYS]
    assert all(names - {f"f{number}" for number in range(1, 11)} for names in keys if names not in ({"f1"}, {"f8"}))
    taken = "abcdehijkmsuvwx"
    assert not {f"ctrl+{letter}" for letter in taken} & set(commands())
    assert len(commands()) == sum(map(len, keys))
    actions = {action.partition("(")[0] for action in commands().values()}
    assert all(hasattr(UnitScreen, f"action_{action}") for action in actions)


# --- Accepting and marking -------------------------------------------------------------------------------


def test_accepting_saves_and_goes_to_the_next_open_unit(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        assert screen.number == 3
        await screen.type("校长签署了。")
        assert "unsaved" in screen.shows("title")
        await screen.press("f2")
        assert screen.number == 7
        assert "accepted 3" in screen.shows("message")
        assert "8/9 units" in screen.shows("bar")

    play(newsroom, steps)
    unit = on_disk(newsroom, RECTOR)
    assert (unit.target, unit.state) == ("校长签署了。", UnitState.TRANSLATED)


def test_marking_saves_as_needing_work_and_goes_on(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        await screen.type("校长")
        await screen.press("f3")
        assert screen.number == 7

    play(newsroom, steps)
    assert on_disk(newsroom, RECTOR).state is UnitState.NEEDS_REVIEW


def test_nothing_is_not_accepted(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        await screen.press("f2")
        assert screen.number == 3
        assert "nothing to accept" in screen.shows("message")

    play(newsroom, steps)
    assert on_disk(newsroom, RECTOR).state is UnitState.NEW


def test_the_last_one_says_that_all_is_done(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        await screen.type("校长")
        await screen.press("f2", "f2")
        assert screen.number == 7
        assert "all units are translated" in screen.shows("message")
        await screen.press("f7")
        assert "no unit is open" in screen.shows("message")

    play(newsroom, steps)


def test_an_error_is_told_as_one_types_and_accepting_it_takes_two_presses(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        await screen.press("ctrl+g", "4", "enter", "end")
        await screen.type("**")
        await screen.until(lambda: "unpaired **" in screen.shows("aids"))
        assert "error" in screen.shows("aids")
        await screen.press("f2")
        assert screen.number == 4
        assert "1 error" in screen.shows("message")
        await screen.press("f2")
        assert screen.number == 7

    play(newsroom, steps)
    assert on_disk(newsroom, STUDENTS).target.endswith("**")


def test_keys_and_text_stay_in_order_however_fast_they_come(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        await screen.burst(*"校长签署了协议。", "f2", *"学生", "f3", "f4", *"rectors", "enter")
        await screen.until(lambda: screen.number == 6)
        await screen.burst("f9", "0", "f2")
        await screen.until(lambda: screen.number == 7)

    play(newsroom, steps)
    assert on_disk(newsroom, RECTOR).target == "校长签署了协议。"
    assert on_disk(newsroom, MOVE_IN).target == "学生学生五月搬入。"
    assert on_disk(newsroom, "The rectors sign").target == "The rectors sign"


# --- Moving ----------------------------------------------------------------------------------------------


def test_previous_and_next(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        await screen.press("f6")
        assert screen.number == 4
        await screen.press("f5", "f5", "ctrl+p", "f5")
        assert screen.number == 1
        assert "first unit" in screen.shows("message")

    play(newsroom, steps)


def test_next_open_goes_round(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        for number in (7, 3, 7):
            await screen.press("f7")
            assert screen.number == number

    play(newsroom, steps)


def test_what_was_typed_stays_when_one_goes_elsewhere(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        await screen.type("校")
        await screen.press("f6")
        assert "*" in screen.shows("above")
        await screen.press("f5")
        assert screen.target.text == "校"
        assert "unsaved" in screen.shows("title")

    play(newsroom, steps)
    assert on_disk(newsroom, RECTOR).state is UnitState.NEW


def test_searching_source_and_translation(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        for text, number in (("RECTORS", 6), ("学生", 7), ("", 4)):
            await screen.press("f4")
            await screen.type(text)
            await screen.press("enter")
            assert screen.number == number
        await screen.press("f4")
        await screen.type("nowhere")
        await screen.press("enter")
        assert "not found" in screen.shows("message")
        await screen.press("f4", "x", "f2", "escape")
        assert not screen.unit.query_one("#prompt").display
        await screen.type("新")
        assert "新" in screen.target.text

    play(newsroom, steps)


def test_jumping_to_a_number(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        await screen.press("ctrl+g", "9", "enter")
        assert screen.number == 9
        await screen.press("ctrl+g", "9", "9", "enter")
        assert "no unit has the number 99" in screen.shows("message")
        await screen.press("ctrl+g", "enter")
        assert screen.number == 9

    play(newsroom, steps)


# --- Undo ------------------------------------------------------------------------------------------------


def test_undo_takes_back_typing_then_saves(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        await screen.type("一")
        await screen.press("f2", "f5", "f5", "f5", "f5")
        assert screen.target.text == "一"
        await screen.press("end")
        await screen.type("二")
        await screen.press("f2", "ctrl+g", "3", "enter")
        assert screen.target.text == "一二"
        await screen.type("三")
        await screen.press("ctrl+z")
        assert screen.target.text == "一二"
        for text in ("一", "", ""):
            await screen.press("ctrl+z")
            assert (screen.target.text, on_disk(newsroom, RECTOR).target) == (text, text)
        assert "nothing more" in screen.shows("message")
        for text in ("一", "一二"):
            await screen.press("ctrl+y")
            assert (screen.target.text, on_disk(newsroom, RECTOR).target) == (text, text)

    play(newsroom, steps)


def test_undo_of_what_was_left_unsaved_goes_back_to_what_is_saved(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        await screen.press("ctrl+g", "4", "enter", "x", "f6", "f5")
        assert screen.target.text.startswith("x")
        await screen.press("ctrl+z")
        assert screen.target.text == on_disk(newsroom, STUDENTS).target
        await screen.press("ctrl+z")
        assert screen.target.text.startswith("x")

    play(newsroom, steps)


# --- What helps ------------------------------------------------------------------------------------------


def with_aids(newsroom: Newsroom) -> None:
    """A source that changed, a similar one, terms, a note."""
    edit(newsroom, STORY, MOVE_IN, "Students will move in May.\n- Students will move in June.")
    (newsroom.root / "locales/zh/glossary.tsv").write_text(
        "students\t学生们\t\t\t学员\nMay\t五月\nmove\t搬迁\n", encoding="utf-8"
    )
    refresh(newsroom)


def test_a_changed_source_shows_what_went_and_came(newsroom: Newsroom) -> None:
    with_aids(newsroom)

    async def steps(screen: Screen) -> None:
        await screen.press("f7")
        assert screen.number == 7
        assert "source changed" in screen.shows("title")
        assert "Students {+will +}move in May." in screen.shows("source-text").replace("\n", " ")
        assert "a term   students → 学生们  (not 学员)" in screen.shows("aids")

    play(newsroom, steps)


def test_taking_suggestion_source_term_or_nothing_at_all(newsroom: Newsroom) -> None:
    with_aids(newsroom)

    async def steps(screen: Screen) -> None:
        await screen.press("f7", "f7")
        assert screen.number == 8
        await screen.until(lambda: "1  87%" in screen.shows("aids"))
        await screen.press("f9")
        assert "this story: Students will move in [-May-]{+June+}." in screen.shows("page-body")
        await screen.press("1")
        assert screen.target.text == "学生五月搬入。"
        await screen.press("f9", "0")
        assert screen.target.text == "Students will move in June."
        await screen.press("ctrl+l", "1")
        assert screen.target.text == "学生五月搬入。"
        await screen.press("ctrl+home", "f9", "b")
        assert screen.target.text == "搬迁学生五月搬入。"
        await screen.press("f9", "5")
        assert isinstance(screen.pilot.app.screen, Dialogue)
        await screen.press("-")
        assert screen.target.text == "[omit]"
        await screen.press("f9", "escape")
        assert screen.target.text == "[omit]"
        for text in ("搬迁学生五月搬入。", "学生五月搬入。"):
            await screen.press("ctrl+z")
            assert screen.target.text == text

    play(newsroom, steps)


def test_the_headline_cannot_be_left_out(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        await screen.press("ctrl+g", "1", "enter", "f9", "-")
        assert isinstance(screen.pilot.app.screen, Dialogue)
        await screen.press("escape")

    play(newsroom, steps)


def test_an_editors_note_stands_beside_its_words(newsroom: Newsroom) -> None:
    translate(newsroom, "zh", {RECTOR: "校长", MOVE_IN: "学生五月搬入。"})
    words = digest_of(("paragraph", RECTOR, "校长"))
    notes = (Note(segment=words, text="who is [b]he[/b]?"), Note(segment="", text="shorter"))
    decide(newsroom, decision=Decision.RETURN, notes=notes)
    refresh(newsroom)

    async def steps(screen: Screen) -> None:
        assert screen.number == 3
        assert "note" in screen.shows("title")
        assert screen.shows("message") == "1 note to the whole edition: F9 shows it"
        await screen.press("f9")
        assert "shorter" in screen.shows("page-body")
        await screen.press("escape")
        assert "who is [b]he[/b]? (editor-zh, 2026-11-22)" in screen.shows("aids")
        await screen.press("f6")
        assert "✓!   3" in screen.shows("above")

    play(newsroom, steps)


def test_what_a_catalog_says_is_neither_markup_nor_a_command(newsroom: Newsroom) -> None:
    translate(newsroom, "zh", {MOVE_IN: "[bold red]红[/] \u202e反 \x7f"[:-1]}, fuzzy=True)

    async def steps(screen: Screen) -> None:
        assert "[bold red]红[/] \\u202e反" in screen.shows("below")

    play(newsroom, steps)


# --- The text field --------------------------------------------------------------------------------------


def test_enter_ends_a_line_only_where_there_may_be_several(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        await screen.press("a", "enter", "enter", "b")
        assert screen.target.text == "a\n\nb"
        await screen.press("ctrl+g", "1", "enter", "enter")
        assert "\n" not in screen.target.text
        assert "one line" in screen.shows("message")

    play(newsroom, steps)


def test_what_is_pasted_is_cleaned(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        for number, text in ((3, "一\x1b[31m\n\n二"), (1, "一[31m 二")):
            await screen.press("ctrl+g", str(number), "enter", "ctrl+home", "ctrl+k", "ctrl+k")
            screen.pilot.app.post_message(Paste("一\x1b[31m\r\n\r\n二"))
            await screen.until(lambda: "二" in screen.target.text)
            assert screen.target.text == text.replace("\x1b", "")
            screen.pilot.app.copy_to_clipboard("\n三")
            await screen.press("ctrl+v")
            assert screen.target.text.endswith("\n三" if number == 3 else " 三")

    play(newsroom, steps)


def test_plural_forms_are_written_one_after_the_other(newsroom: Newsroom) -> None:
    add_plural(newsroom, "ru", 3)

    async def steps(screen: Screen) -> None:
        assert "form 1 of 3 (1, 21, 31, 41, 51 …)" in screen.shows("title")
        assert screen.shows("source-text") == "%(num)s day\n%(num)s days"
        await screen.press("f9", "0", "f2")
        assert "form 2 of 3" in screen.shows("title")
        await screen.press("f9", "0", "tab", "x", "shift+tab")
        assert screen.target.text == "%(num)s days"
        await screen.press("f2", "f2")

    play(newsroom, steps, language="ru", slug=SITE)
    catalog = newsroom.read_catalog("ru", SITE)
    assert catalog is not None
    assert catalog.units[0].targets == ("%(num)s day", "%(num)s days", "x")


# --- Others at work --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "text"), [("m", "我的"), ("t", "他们的"), ("escape", "他们的")])
def test_a_conflict_shows_both_and_asks(newsroom: Newsroom, answer: str, text: str) -> None:
    async def steps(screen: Screen) -> None:
        await screen.type("我的")
        translate(newsroom, "zh", {RECTOR: "他们的"})
        await screen.press("f2")
        assert isinstance(screen.pilot.app.screen, Dialogue)
        assert "我的" in screen.shows("page-body")
        assert "他们的" in screen.shows("page-body")
        await screen.press(answer)
        assert screen.target.text == ("我的" if answer == "escape" else text)

    play(newsroom, steps)
    assert on_disk(newsroom, RECTOR).target == text


def test_words_for_a_unit_that_is_gone_are_kept_as_obsolete(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        await screen.type("我的")
        edit(newsroom, STORY, f"{RECTOR}\n\n", "")
        refresh(newsroom)
        await screen.press("f2")
        assert "no longer says this" in screen.shows("page-title")
        await screen.press("m")
        assert screen.number == 3
        assert screen.unit.view.row.unit.source == STUDENTS

    play(newsroom, steps)
    assert on_disk(newsroom, RECTOR).obsolete


def test_a_busy_newsroom_costs_nothing(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        await screen.type("我的")
        with newsroom.lock():
            await screen.press("f2")
            assert "another workflow command is writing" in screen.shows("message")
            assert screen.target.text == "我的"
        await screen.press("f2")

    play(newsroom, steps)
    assert on_disk(newsroom, RECTOR).target == "我的"


def test_moving_shows_what_others_wrote_meanwhile(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        translate(newsroom, "zh", {STUDENTS: "他们的"})
        await screen.press("f6")
        assert screen.target.text == "他们的"
        (newsroom.root / newsroom.catalog_file("zh", SLUG)).write_text("damaged")
        await screen.press("f6")
        assert screen.number == 5
        assert "zh/LC_MESSAGES" in screen.shows("message")

    play(newsroom, steps)


# --- Pages, quitting, sizes ------------------------------------------------------------------------------


def test_the_help_page_names_every_key(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        await screen.press("f1")
        page = screen.shows("page-body")
        assert all(key.shown in page for key in KEYS)
        await screen.press("pagedown", "up", "f2", "escape")
        assert screen.number == 3

    play(newsroom, steps)


def test_quitting_with_nothing_unsaved_just_ends(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        await screen.press("f10")

    assert play(newsroom, steps).return_code == 0


@pytest.mark.parametrize(("answer", "state"), [("k", UnitState.NEEDS_REVIEW), ("d", UnitState.NEW), ("escape", None)])
def test_quitting_asks_about_what_is_unsaved(newsroom: Newsroom, answer: str, state: UnitState | None) -> None:
    async def steps(screen: Screen) -> None:
        await screen.type("校长")
        await screen.press("f6", "f10")
        assert "3 校长" in screen.shows("page-body")
        await screen.press(answer)
        if state is None:
            assert screen.target.has_focus
            await screen.press("f10", "d")

    play(newsroom, steps)
    assert on_disk(newsroom, RECTOR).state is (state or UnitState.NEW)


@pytest.mark.parametrize("size", [(40, 10), (60, 24), (69, 20), (70, 20), (80, 24), (200, 60)])
def test_every_size_shows_source_and_translation(newsroom: Newsroom, size: tuple[int, int]) -> None:
    async def steps(screen: Screen) -> None:
        await screen.type("校长")
        assert "rector" in screen.shows("source-text")
        source, target = screen.unit.query_one("#source"), screen.target
        assert source.size.height >= 1
        assert target.size.height >= 1
        assert target.region.bottom <= size[1] - 2
        assert (source.region.y == target.region.y) == (size[0] >= 70)

    play(newsroom, steps, size=size)


def test_a_terminal_that_is_too_small_says_so_until_it_grows(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        assert "too small: 30×8, 40×10 are needed" in screen.shows("small")
        assert screen.unit.query_one("#small").region.offset == (0, 0), "whatever is scrolled to below it"
        await screen.pilot.resize_terminal(80, 24)
        await screen.until(lambda: not screen.unit.query_one("#small").display)
        await screen.type("校长")
        await screen.press("f2")

    play(newsroom, steps, size=(30, 8))
    assert on_disk(newsroom, RECTOR).target == "校长"


@given(st.integers(8, 80), st.integers(1, 90), st.integers(0, 90), st.integers(0, 90))
def test_the_rows_are_shared_out_without_rest(rows: int, unit: int, aids: int, above: int) -> None:
    share = shares(rows, unit=unit, aids=aids, above=above)
    assert share.unit >= 3
    assert min(share.above, share.aids, share.below) >= 0
    assert share.above + share.unit + share.aids + share.below + FIXED == max(rows, 3 + FIXED)
    assert share.above <= above
    assert share.aids <= aids


@pytest.mark.parametrize(("size", "hint"), [((40, 10), "PgDn: more"), ((120, 14), "PgDn: more of the source")])
def test_a_source_that_goes_on_below_says_so(newsroom: Newsroom, size: tuple[int, int], hint: str) -> None:
    edit(newsroom, STORY, RECTOR, f"{RECTOR} " * 40)
    refresh(newsroom)

    async def steps(screen: Screen) -> None:
        assert hint in screen.shows("title")
        assert len(screen.shows("title")) <= size[0] - 2
        await screen.press("pagedown")
        assert screen.unit.query_one("#source").scroll_y > 0

    play(newsroom, steps, size=size)


def test_the_prompt_is_a_plain_field(newsroom: Newsroom) -> None:
    async def steps(screen: Screen) -> None:
        await screen.press("f4", "a", "backspace", "b")
        assert screen.unit.query_one(Input).value == "b"
        await screen.press("escape")

    play(newsroom, steps)


# --- Where the field breaks its lines --------------------------------------------------------------------


@given(st.text(st.sampled_from("校长于，。（）“”《》—… aЩ1%\u00a0\u0301"), max_size=60), st.integers(2, 20))
def test_the_rows_of_the_field_are_the_text_and_fit(text: str, columns: int) -> None:
    places = breaks(text, columns)
    rows = [text[start:end] for start, end in pairwise([0, *places, len(text)])]
    assert "".join(rows) == text
    assert all(0 < place < len(text) for place in places)
    assert all(width(row) <= columns or width(row) == width(row[0]) for row in rows)
    pieces = unbroken(text)
    assert "".join(pieces) == text
    if max(map(width, pieces), default=0) <= columns:
        assert set(places) <= set(accumulate(map(len, pieces)))


def test_the_field_breaks_no_line_before_a_mark_that_closes(newsroom: Newsroom) -> None:
    sentence = "校长于周一签署了协议。双方将互派学生，"

    async def steps(screen: Screen) -> None:
        for count in range(20):
            await screen.type(sentence[count % len(sentence)])
            rows = [row for line in screen.target.wrapped_document.lines for row in line]
            assert "".join(rows) == screen.target.text
            assert not any(row.startswith(tuple("。，")) for row in rows)
        await screen.type(sentence * 3)
        await screen.press("up", "up", "home", "x", "down", "end", "backspace", "pagedown", "ctrl+end")
        rows = [row for line in screen.target.wrapped_document.lines for row in line]
        assert "".join(rows) == screen.target.text
        assert not any(row.startswith(tuple("。，")) for row in rows)
        await screen.pilot.resize_terminal(50, 24)
        await screen.until(lambda: screen.unit.view.has_class("stacked"))
        rows = [row for line in screen.target.wrapped_document.lines for row in line]
        assert not any(row.startswith(tuple("。，")) for row in rows)
        assert max(map(width, rows)) > 34

    play(newsroom, steps)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("see [the words](https://a.example/en/b/1/2) now", "see |[the |words]|(https://a.example/|en/|b/1/2) |now"),
        ("校长（王）说：“好。”", "校|长|（王）|说：|“好。”"),
        ("1/2 km/h", "1/2 |km/|h"),
    ],
)
def test_where_a_line_may_break(text: str, pieces: str) -> None:
    assert "|".join(unbroken(text)) == pieces
