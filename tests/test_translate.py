"""A translator's session without its screen: rows, saving beside others, undo, findings, suggestions, terms."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsrooms import (
    NOW,
    PICTURE,
    SLUG,
    STORY,
    STORY_TEXT,
    WORDS,
    approve,
    decide,
    edit,
    minutes,
    refresh,
    temporary,
    translate,
    translated_newsroom,
)

from workflow.canonical import digest_of
from workflow.diagnostics import Severity
from workflow.errors import ConflictError, GateShut, InputError, UsageError
from workflow.glossary import Term
from workflow.model import Catalog, Decision, Note, Unit, UnitState
from workflow.newsroom import SITE, Newsroom
from workflow.operations.aids import Suggestion, TermInSource, suggestions, terms_in
from workflow.operations.memory import open_memory
from workflow.operations.rows import Row
from workflow.operations.sitting import Sitting
from workflow.operations.translate import TranslationSession, open_session
from workflow.operations.unit_findings import about_this_unit, findings
from workflow.operations.unit_saving import Conflict, Saved, cleaned
from workflow.tui.views import Aids, aid_lines

ME = "Translator <translator-zh@newsroom.example>"
RECTOR = "The rector signed the agreement on Monday."


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return translated_newsroom(tmp_path)


def opened(newsroom: Newsroom, language: str = "zh", slug: str = SLUG) -> TranslationSession:
    return open_session(newsroom, slug, language, minutes(1))


def sitting(newsroom: Newsroom, language: str = "zh", slug: str = SLUG) -> Sitting:
    return Sitting(session=opened(newsroom, language, slug), translator=ME, clock=lambda: minutes(5))


def row_of(session: TranslationSession, source: str) -> Row:
    return next(row for row in session.rows if row.unit.source == source)


def on_disk(newsroom: Newsroom, source: str, language: str = "zh") -> Unit:
    catalog = catalog_of(newsroom, language)
    return next(unit for unit in catalog.units if unit.source == source)


def catalog_of(newsroom: Newsroom, language: str = "zh") -> Catalog:
    catalog = newsroom.read_catalog(language, SLUG)
    assert catalog is not None
    return catalog


def add_plural(newsroom: Newsroom, language: str, forms: int) -> None:
    """Gives the newsroom's own words one with plural forms, as a template may have it."""
    catalog = newsroom.read_catalog(language, SITE)
    assert catalog is not None
    unit = Unit(source="%(num)s day", source_plural="%(num)s days", targets=("",) * forms)
    newsroom.write_catalog(language, SITE, replace(catalog, units=(unit, *catalog.units)))


# --- Opening ---------------------------------------------------------------------------------------------


def test_the_rows_are_the_story_in_its_order(newsroom: Newsroom) -> None:
    rows = opened(newsroom).rows
    assert [(row.number, str(row.role)) for row in rows] == [
        (1, "headline"),
        (2, "summary"),
        (3, "paragraph"),
        (4, "paragraph"),
        (5, "alt"),
        (6, "caption"),
        (7, "list-item"),
        (8, "list-item"),
        (9, "credit"),
    ]
    assert rows[4].before == ("picture signing.png",)
    assert rows[2].unit.target == "校长于周一签署了协议。"
    assert not any(row.is_open for row in rows)


def test_the_same_words_again_are_one_row_with_both_numbers(newsroom: Newsroom) -> None:
    edit(newsroom, STORY, "- Students move", f"{RECTOR}\n\n---\n\n```\ncode\n```\n\n- Students move")
    refresh(newsroom)
    session = opened(newsroom)
    assert row_of(session, RECTOR).numbers == (3, 7)
    assert row_of(session, "Students move in May.").number == 8
    assert row_of(session, "Students move in May.").before == ("* * *", "code: code")
    assert session.place_of_number(7) == session.place_of_number(3) == 2
    assert session.place_of_number(99) is None


def test_the_newsrooms_own_words_and_their_plural_forms(newsroom: Newsroom) -> None:
    add_plural(newsroom, "ru", 3)
    session = opened(newsroom, "ru", SITE)
    plural = next(row for row in session.rows if row.unit.source_plural is not None)
    assert len(plural.unit.targets) == 3
    assert session.examples(0) == "1, 21, 31, 41, 51 …"
    assert session.examples(1) == "2, 3, 4, 22, 23 …"
    assert not plural.may_be_omitted
    assert session.story is None
    work = sitting(newsroom, "ru", SITE)
    done = work.accept(plural, ["%(num)s день", "%(num)s дня", "%(num)s дней"])
    assert isinstance(done, Saved)
    assert findings(done.session, plural, ["день", "%(num)s дня", "%(number)s дней"])
    assert opened(newsroom, "zh", SITE).examples(0) == "0, 1, 2, 3, 4 …"


def test_the_source_language_is_copy_edited(newsroom: Newsroom) -> None:
    work = sitting(newsroom, "en")
    assert not work.session.is_translation
    done = work.accept(row_of(work.session, RECTOR), ["The rector signed it on Monday."])
    assert isinstance(done, Saved)
    assert on_disk(newsroom, RECTOR, "en").target == "The rector signed it on Monday."


def test_what_cannot_be_opened(newsroom: Newsroom) -> None:
    with pytest.raises(UsageError, match="no language `fr`"):
        opened(newsroom, "fr")
    edit(newsroom, STORY, "on Monday.", "on Tuesday.")
    with pytest.raises(GateShut, match="made from another version of the story") as outdated:
        opened(newsroom)
    assert outdated.value.diagnostics[0].hint == f"run workflow update {SLUG}"
    (newsroom.root / newsroom.catalog_file("zh", SLUG)).unlink()
    with pytest.raises(GateShut, match="no catalog yet"):
        opened(newsroom)
    edit(newsroom, STORY, "section: news", "section: news\nlanguages: [en, ru]")
    with pytest.raises(UsageError, match="not meant for `zh`"):
        opened(newsroom)
    (newsroom.root / newsroom.catalog_file("ru", SLUG)).write_text("damaged")
    with pytest.raises(InputError):
        opened(newsroom, "ru")


def test_the_editors_notes_stand_beside_their_words_until_these_change(newsroom: Newsroom) -> None:
    words = digest_of(("paragraph", RECTOR, "校长于周一签署了协议。"))
    decide(newsroom, decision=Decision.RETURN, notes=(Note(segment=words, text="who?"), Note(segment="", text="all")))
    refresh(newsroom)
    work = sitting(newsroom)
    row = row_of(work.session, RECTOR)
    assert [note.text for note in row.notes] == ["who?"]
    assert [note.text for note in work.session.notes_to_all] == ["all"]
    assert row.is_open
    assert work.session.next_open(-1) == 2
    done = work.accept(row, ["王校长于周一签署了协议。"])
    assert isinstance(done, Saved)
    assert not row_of(work.session, RECTOR).notes
    assert work.session.next_open(-1) is None
    assert work.undo(row.unit.key)
    assert row_of(work.session, RECTOR).notes


def test_a_changed_source_is_told_with_the_one_before(newsroom: Newsroom) -> None:
    edit(newsroom, STORY, "on Monday.", "on Tuesday.")
    refresh(newsroom)
    row = row_of(opened(newsroom), "The rector signed the agreement on Tuesday.")
    assert row.unit.state is UnitState.NEEDS_REVIEW
    assert row.previous is not None
    assert row.previous.source == RECTOR


# --- Moving ----------------------------------------------------------------------------------------------


def test_moving_goes_round(newsroom: Newsroom) -> None:
    translate(newsroom, "zh", {RECTOR: "", "Students move in May.": ""})
    session = opened(newsroom)
    assert session.next_open(-1) == 2
    assert session.next_open(2) == 6
    assert session.next_open(6) == 2
    assert session.find("RECTOR", -1) == 2
    assert session.find("rectors", 2) == 5
    assert session.find("学生", 7) == 3
    assert session.find("nowhere", 0) is None


def test_progress_counts_words_of_the_source(newsroom: Newsroom) -> None:
    translate(newsroom, "zh", {RECTOR: ""})
    progress = opened(newsroom).progress
    assert (progress.units, progress.done) == (9, 8)
    assert progress.words - progress.words_done == 7


# --- Saving ----------------------------------------------------------------------------------------------


def test_accepting_takes_fuzzy_and_the_older_source_away_and_names_the_translator(newsroom: Newsroom) -> None:
    edit(newsroom, STORY, "on Monday.", "on Tuesday.")
    refresh(newsroom)
    work = sitting(newsroom)
    row = row_of(work.session, "The rector signed the agreement on Tuesday.")
    done = work.accept(row, ["校长于周二签署了协议。"])
    assert isinstance(done, Saved)
    assert done.changed
    unit = on_disk(newsroom, row.unit.source)
    assert (unit.target, unit.fuzzy, unit.previous) == ("校长于周二签署了协议。", False, None)
    catalog = catalog_of(newsroom)
    assert catalog.header("Last-Translator") == ME
    assert catalog.header("PO-Revision-Date") == "2026-11-22 12:05+0000"


def test_an_unknown_translator_leaves_the_name_that_was_there(newsroom: Newsroom) -> None:
    before = catalog_of(newsroom).header("Last-Translator")
    work = replace(sitting(newsroom), translator="")
    work.accept(row_of(work.session, RECTOR), ["新"])
    assert catalog_of(newsroom).header("Last-Translator") == before


def test_what_is_so_already_is_not_written(newsroom: Newsroom) -> None:
    file = newsroom.root / newsroom.catalog_file("zh", SLUG)
    before = file.stat().st_mtime_ns, file.read_bytes()
    work = sitting(newsroom)
    row = row_of(work.session, RECTOR)
    done = work.accept(row, row.unit.targets)
    assert isinstance(done, Saved)
    assert not done.changed
    assert (file.stat().st_mtime_ns, file.read_bytes()) == before
    assert work.undo(row.unit.key) is None


def test_needing_work_is_fuzzy_and_a_blank_one_is_new(newsroom: Newsroom) -> None:
    work = sitting(newsroom)
    work.mark(row_of(work.session, RECTOR), ["校长"])
    assert on_disk(newsroom, RECTOR).state is UnitState.NEEDS_REVIEW
    work.mark(row_of(work.session, RECTOR), [" "])
    assert on_disk(newsroom, RECTOR).state is UnitState.NEW


def test_what_others_wrote_into_other_units_stays(newsroom: Newsroom) -> None:
    work = sitting(newsroom)
    translate(newsroom, "zh", {"Students move in May.": "学生们五月搬进来。"})
    done = work.accept(row_of(work.session, RECTOR), ["新的"])
    assert isinstance(done, Saved)
    assert on_disk(newsroom, "Students move in May.").target == "学生们五月搬进来。"
    assert row_of(work.session, "Students move in May.").unit.target == "学生们五月搬进来。"


def test_a_unit_that_somebody_else_changed_is_never_overwritten(newsroom: Newsroom) -> None:
    work = sitting(newsroom)
    row = row_of(work.session, RECTOR)
    translate(newsroom, "zh", {RECTOR: "他们的"}, fuzzy=True)
    conflict = work.accept(row, ["我的"])
    assert isinstance(conflict, Conflict)
    assert conflict.theirs is not None
    assert (conflict.mine.target, conflict.theirs.target) == ("我的", "他们的")
    assert on_disk(newsroom, RECTOR).target == "他们的"
    done = work.keep_mine(conflict)
    assert isinstance(done, Saved)
    unit = on_disk(newsroom, RECTOR)
    assert (unit.target, unit.state) == ("我的", UnitState.TRANSLATED)
    assert unit.comments == ('theirs: "他们的"',)
    assert isinstance(work.undo(row.unit.key), Saved)
    assert (on_disk(newsroom, RECTOR).target, on_disk(newsroom, RECTOR).fuzzy) == ("他们的", True)


def test_both_writing_the_same_is_no_conflict(newsroom: Newsroom) -> None:
    work = sitting(newsroom)
    row = row_of(work.session, RECTOR)
    translate(newsroom, "zh", {RECTOR: "一样"})
    assert isinstance(work.accept(row, ["一样"]), Saved)


def test_a_unit_that_the_story_lost_is_kept_where_update_finds_it(newsroom: Newsroom) -> None:
    work = sitting(newsroom)
    row = row_of(work.session, RECTOR)
    edit(newsroom, STORY, RECTOR, "Completely other words stand here now, nothing alike.")
    refresh(newsroom)
    conflict = work.accept(row, ["我的"])
    assert isinstance(conflict, Conflict)
    assert conflict.theirs is None
    assert isinstance(work.keep_mine(conflict), Saved)
    kept = on_disk(newsroom, RECTOR)
    assert kept.obsolete
    assert kept.target == "校长于周一签署了协议。"
    assert kept.comments == ('ours: "我的"',)
    translate_away = replace(conflict.mine, source="Was never there.", targets=("也要",))
    assert isinstance(work.keep_mine(replace(conflict, mine=translate_away)), Saved)
    assert on_disk(newsroom, "Was never there.").obsolete


def test_a_story_that_changes_meanwhile_is_told(newsroom: Newsroom) -> None:
    work = sitting(newsroom)
    edit(newsroom, STORY, "on Monday.", "on Tuesday.")
    refresh(newsroom)
    work.accept(row_of(work.session, "Students move in May."), ["新"])
    assert not work.session.is_outdated
    assert row_of(work.session, "The rector signed the agreement on Tuesday.").unit.fuzzy
    lone = replace(catalog_of(newsroom), units=catalog_of(newsroom).units[:-2])
    newsroom.write_catalog("zh", SLUG, lone)
    work.accept(row_of(work.session, "Students move in May."), ["再新"])
    assert work.session.is_outdated


def test_a_catalog_that_is_gone_or_damaged_costs_no_words(newsroom: Newsroom) -> None:
    work = sitting(newsroom)
    row = row_of(work.session, RECTOR)
    file = newsroom.root / newsroom.catalog_file("zh", SLUG)
    file.unlink()
    conflict = work.accept(row, ["我的"])
    assert isinstance(conflict, Conflict)
    assert conflict.theirs is None
    file.write_text("damaged")
    with pytest.raises(InputError):
        work.keep_mine(conflict)
    file.unlink()
    assert isinstance(work.keep_mine(conflict), Saved)
    assert on_disk(newsroom, RECTOR).target == "我的"


def test_another_writer_is_waited_for_by_trying_again(newsroom: Newsroom) -> None:
    work = sitting(newsroom)
    row = row_of(work.session, RECTOR)
    with newsroom.lock(), pytest.raises(ConflictError):
        work.accept(row, ["我的"])
    assert isinstance(work.accept(row, ["我的"]), Saved)


def test_undo_goes_back_step_by_step_and_redo_forth(newsroom: Newsroom) -> None:
    work = sitting(newsroom)
    key = row_of(work.session, RECTOR).unit.key
    states = [on_disk(newsroom, RECTOR)]
    for text in ("一", "二", "三"):
        work.accept(row_of(work.session, RECTOR), [text])
        work.accept(row_of(work.session, "Students move in May."), [text])
        states.append(on_disk(newsroom, RECTOR))
    for state in reversed(states[:-1]):
        assert isinstance(work.undo(key), Saved)
        assert on_disk(newsroom, RECTOR) == state
    assert work.undo(key) is None
    for state in states[1:]:
        assert isinstance(work.redo(key), Saved)
        assert on_disk(newsroom, RECTOR) == state
    assert work.redo(key) is None
    assert on_disk(newsroom, "Students move in May.").target == "三"


def test_undo_does_not_overwrite_somebody_else_either(newsroom: Newsroom) -> None:
    work = sitting(newsroom)
    row = row_of(work.session, RECTOR)
    work.accept(row, ["我的"])
    translate(newsroom, "zh", {RECTOR: "他们的"})
    assert isinstance(work.undo(row.unit.key), Conflict)
    assert on_disk(newsroom, RECTOR).target == "他们的"


def test_texts_are_cleaned_of_what_a_unit_cannot_hold(newsroom: Newsroom) -> None:
    session = opened(newsroom)
    headline, paragraph = session.rows[0], row_of(session, RECTOR)
    assert cleaned(headline, " a\x1b[31m\r\nb\n\n c\t\u2028d\x00 ") == "a[31m b c d"
    assert cleaned(paragraph, "a\r\n\r\nb\\\nc\n") == "a\n\nb\\\nc"
    words = opened(newsroom, "zh", SITE).rows[0]
    assert cleaned(words, " a ") == " a "


TEXT = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(["校长", "", "[omit]", 'a"\\\n\nb', "\\"])
STEP = st.tuples(st.integers(0, 8), st.sampled_from(["accept", "mark", "undo", "redo", "other"]), TEXT)


@settings(max_examples=40)
@given(st.lists(STEP, max_size=8))
def test_whatever_happens_every_confirmed_text_is_on_disk(steps: list[tuple[int, str, str]]) -> None:
    with temporary() as folder:
        newsroom = translated_newsroom(folder)
        work = sitting(newsroom)
        expected = {unit.key: unit for unit in catalog_of(newsroom).live}
        for place, what, text in steps:
            row = work.session.rows[place]
            before = dict(expected)
            if what == "other":
                translate(newsroom, "zh", {row.unit.source: "别人"})
                expected[row.unit.key] = on_disk(newsroom, row.unit.source)
                continue
            act = {"accept": work.accept, "mark": work.mark}.get(what)
            done = act(row, [text]) if act else getattr(work, what)(row.unit.key)
            now = {unit.key: unit for unit in catalog_of(newsroom).live}
            if act and isinstance(done, Saved):
                assert now[row.unit.key].target == cleaned(row, text)
                assert now[row.unit.key].fuzzy == (what == "mark" and bool(cleaned(row, text).strip()))
            if not isinstance(done, Saved):
                assert now == before
            for key, unit in before.items():
                assert now[key] == unit or key == row.unit.key
            expected = now


# --- What helps ------------------------------------------------------------------------------------------


def test_the_gravest_findings_come_first_and_mere_information_after_the_terms(newsroom: Newsroom) -> None:
    session = opened(newsroom, "ru")
    row = row_of(session, "Both sides will exchange *students*.")
    found = findings(session, row, ["И обе cтороны в 2030 году обменяются студентами."])
    grades = [item.severity for item in found]
    assert grades == sorted(grades, key=[*Severity].index)
    assert {*grades} == {*Severity}
    term = TermInSource(entry=Term(source="students", targets=("студенты",)), spans=((27, 35),))
    lines = aid_lines(session, row, Aids(findings=found, terms=(term,)), 200, in_full=False)
    assert [line.plain.split()[0] for line in lines[-2:]] == ["a", "info"]


def test_findings_are_those_of_the_checks_for_this_unit_alone(newsroom: Newsroom) -> None:
    session = opened(newsroom)
    row = row_of(session, "Both sides will exchange *students*.")
    found = findings(session, row, ["双方将互派学生**。"])
    assert {item.code for item in found} >= {"markup.changed"}
    assert {str(item.language) for item in found} == {"zh"}
    assert all("Both sides" not in about_this_unit(item, row.unit) for item in found)
    assert findings(session, row, row.unit.targets) == ()
    assert findings(session, row, [""]) == ()
    assert "edition.omitted" in {item.code for item in findings(session, session.rows[0], ["[omit]"])}
    assert "edition.markup" in {item.code for item in findings(session, row, ["<b>*双方*</b>"])}
    assert findings(opened(newsroom, "ru", SITE), opened(newsroom, "ru", SITE).rows[0], ["Слово"]) == ()


def test_suggestions_come_from_similar_and_from_obsolete_units(newsroom: Newsroom) -> None:
    edit(newsroom, STORY, RECTOR, f"{RECTOR[:-1]}.\n\nThe rector signed the agreement on Tuesday, too.")
    refresh(newsroom)
    session = opened(newsroom)
    row = row_of(session, "The rector signed the agreement on Tuesday, too.")
    (found,) = suggested(newsroom, session, row.unit)
    assert (found.source, found.target, found.origin) == (RECTOR, "校长于周一签署了协议。", "this story")
    assert 0.6 < found.score < 1
    assert "".join(piece.text for piece in found.difference if piece.change != "deleted") == row.unit.source
    edit(newsroom, STORY, f"{RECTOR}\n\n", "")
    refresh(newsroom)
    session = opened(newsroom)
    row = row_of(session, "The rector signed the agreement on Tuesday, too.")
    translate(newsroom, "zh", {row.unit.source: "别的"})
    again = suggested(newsroom, opened(newsroom), row_of(opened(newsroom), row.unit.source).unit)
    assert [item.origin for item in again] == ["an earlier version"]


def suggested(newsroom: Newsroom, session: TranslationSession, unit: Unit) -> tuple[Suggestion, ...]:
    with open_memory(newsroom, minutes(60)) as memory:
        return suggestions(session, unit, memory)


def test_what_was_signed_in_another_story_is_suggested_with_its_origin(newsroom: Newsroom) -> None:
    approve(newsroom, "zh")
    other = newsroom.root / "stories/2026/second"
    other.mkdir()
    (other / "story.md").write_text(STORY_TEXT.replace("on Monday", "on Friday").replace("signing.png", "x.png"))
    (other / "x.png").write_bytes((newsroom.root / PICTURE).read_bytes())
    refresh(newsroom)
    session = open_session(newsroom, "2026/second", "zh", minutes(1))
    row = row_of(session, RECTOR.replace("Monday", "Friday"))
    (found,) = suggested(newsroom, session, replace(row.unit, targets=("",)))
    assert found.target == WORDS["zh"][RECTOR]
    assert found.origin.endswith(f" %, {SLUG}, signed 2026-11-22 by editor-zh")
    assert 0.8 < found.score < 1


def test_terms_of_a_source_are_found_in_any_inflection_and_the_longer_one_counts(newsroom: Newsroom) -> None:
    lines = ("rector\t校长", "rector signs\t校长签署", "agree\t同意", "Monday\t周一\t\t\t礼拜一")
    (newsroom.root / newsroom.glossary_file("zh")).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    found = terms_in(opened(newsroom), RECTOR)
    assert [(term.entry.source, term.spans) for term in found] == [
        ("rector signs", ((4, 17),)),
        ("Monday", ((35, 41),)),
    ]
    assert found[1].entry.forbidden == ("礼拜一",)
    assert terms_in(opened(newsroom), "") == ()


def test_a_faulty_glossary_is_named_by_line(newsroom: Newsroom) -> None:
    (newsroom.root / newsroom.glossary_file("zh")).write_text("rector\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"glossary\.tsv:1"):
        opened(newsroom)


def test_the_header_tells_the_time_with_its_zone(newsroom: Newsroom) -> None:
    work = sitting(newsroom)
    work.clock = lambda: NOW.astimezone(datetime.timezone(datetime.timedelta(hours=8)))
    work.accept(row_of(work.session, RECTOR), ["新"])
    assert catalog_of(newsroom).header("PO-Revision-Date") == "2026-11-22 20:00+0800"
