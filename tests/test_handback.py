"""What came back from outside and what is here: nothing is lost, and nothing is confirmed by nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pytest
import strategies_catalog as make
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.catalog import canonical, format_catalog
from workflow.handback import Outcome, Returned, changed_outside, hand_back
from workflow.merge import merge
from workflow.model import Catalog, Previous, Unit
from workflow.sent import SENT, to_send

MONDAY = "The rector signed the agreement with Harbin on Monday."
TUESDAY = "The rector signed the agreement with Harbin on Tuesday."
DEAN = "The dean was there as well, and so were the students."


# --- Laws ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Case:
    start: Catalog
    """What was sent."""
    ours: Catalog
    theirs: Catalog


@st.composite
def edited(draw: st.DrawFn, units: Sequence[Unit], words: str) -> list[Unit]:
    """Some of the units with other words, states and comments."""
    found = []
    for unit in units:
        if unit.obsolete or draw(st.booleans()):
            found.append(unit)
            continue
        texts = st.sampled_from([f"{words} 1", f"{words} 2", f"{words} 3", "译文甲", "", " "])
        targets = tuple(draw(st.lists(texts, min_size=len(unit.targets), max_size=len(unit.targets))))
        fuzzy = any(targets) and draw(st.booleans())
        comments = draw(st.sampled_from([unit.comments, (), (f"{words} comment",)]))
        previous = unit.previous if fuzzy else None
        found.append(replace(unit, targets=targets, fuzzy=fuzzy, previous=previous, comments=comments))
    return found


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A catalog that was sent, changed outside, and changed here by story and hand."""
    start = ours = draw(make.translated_stories())
    sent = to_send(start, slug="a", source_language="en")
    if draw(st.integers(0, 3)) == 0:
        sent = replace(sent, headers=tuple(field for field in sent.headers if field[0] != SENT))
    came = draw(edited(draw(st.permutations(sent.units)), "outside"))
    for _ in range(draw(st.integers(0, 2))):
        ours = merge(ours, draw(make.stories())) if draw(st.booleans()) else ours
        ours = replace(ours, units=tuple(draw(edited(ours.units, "here"))))
    return Case(start=start, ours=canonical(ours), theirs=replace(sent, units=tuple(came)))


def texts_in(catalog: Catalog) -> str:
    return "\n".join("\n".join((*unit.targets, *unit.comments)) for unit in catalog.units)


@settings(max_examples=60)
@given(cases())
def test_nothing_that_was_done_outside_is_lost(case: Case) -> None:
    kept = texts_in(hand_back(case.ours, case.theirs).catalog)
    for unit in changed_outside(case.theirs):
        assert all(target in kept for target in unit.targets if target.strip())
        assert all(line in kept for line in unit.comments)


@settings(max_examples=60)
@given(cases())
def test_nothing_that_was_done_here_is_lost(case: Case) -> None:
    """Only what was sent can be replaced by what came back for it."""
    kept = texts_in(hand_back(case.ours, case.theirs).catalog)
    knows = bool(case.theirs.header(SENT))
    sent = {(unit.source, target) for unit in case.start.live for target in unit.targets if knows}
    for unit in case.ours.units:
        sources = {unit.source, unit.previous.source if unit.previous else unit.source}
        for target in filter(str.strip, unit.targets):
            assert target in kept or any((source, target) in sent for source in sources)
        assert all(line in kept for line in unit.comments)


@settings(max_examples=60)
@given(cases())
def test_order_and_sources_stay(case: Case) -> None:
    found = hand_back(case.ours, case.theirs).catalog
    assert [unit.key for unit in found.live] == [unit.key for unit in case.ours.live]
    assert {unit.key for unit in case.ours.units} <= {unit.key for unit in found.units}


@settings(max_examples=60)
@given(cases())
def test_receiving_twice_changes_nothing_more(case: Case) -> None:
    once = canonical(hand_back(case.ours, case.theirs).catalog)
    assert format_catalog(canonical(hand_back(once, case.theirs).catalog)) == format_catalog(once)


@settings(max_examples=60)
@given(cases())
def test_nothing_is_confirmed_by_nobody(case: Case) -> None:
    confirmed = {
        (unit.key, unit.targets)
        for unit in (*case.ours.units, *case.theirs.units)
        if unit.is_translated and not unit.fuzzy
    }
    for unit in hand_back(case.ours, case.theirs).catalog.live:
        assert unit.fuzzy or not unit.is_translated or (unit.key, unit.targets) in confirmed


@given(make.translated_stories())
def test_what_was_not_touched_changes_nothing(catalog: Catalog) -> None:
    sent = to_send(catalog, slug="a", source_language="en")
    assert changed_outside(sent) == ()
    assert hand_back(catalog, sent) == Returned(catalog=catalog, changes=())


# --- Cases -----------------------------------------------------------------------------------------------


def said(source: str, target: str = "", *, fuzzy: bool = False, comments: tuple[str, ...] = ()) -> Unit:
    return Unit(source=source, targets=(target,), fuzzy=fuzzy, comments=comments)


def catalog(*units: Unit, **headers: str) -> Catalog:
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    return Catalog(headers=tuple({**dict(make.HEADERS), **changed}.items()), units=units)


def back(
    start: Catalog, ours: Catalog, words: Mapping[str, str | Unit], **headers: str
) -> tuple[Catalog, dict[str, Outcome]]:
    """(what is here after the words came back for the sources of `start`, outcome by source)."""
    sent = to_send(start, slug="a", source_language="en")
    units = []
    for unit in sent.units:
        came = words.get(unit.source, unit)
        units.append(came if isinstance(came, Unit) else replace(unit, targets=(came,), fuzzy=False, previous=None))
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    theirs = replace(sent, headers=tuple({**dict(sent.headers), **changed}.items()), units=tuple(units))
    found = hand_back(ours, theirs)
    return found.catalog, {change.key[1]: change.outcome for change in found.changes}


def test_a_translation_is_taken_with_its_state() -> None:
    start = catalog(said(DEAN), said(MONDAY, "ректор", fuzzy=True))
    found, outcomes = back(start, start, {DEAN: said(DEAN, "декан", fuzzy=True), MONDAY: "ректор"})
    assert [(unit.target, unit.fuzzy) for unit in found.live] == [("декан", True), ("ректор", False)]
    assert outcomes == {DEAN: Outcome.TAKEN, MONDAY: Outcome.TAKEN}


def test_what_was_changed_here_and_there_keeps_both() -> None:
    start = catalog(said(DEAN, "декан"))
    found, outcomes = back(start, catalog(said(DEAN, "наш декан")), {DEAN: "их декан"})
    assert found.units == (said(DEAN, "наш декан", fuzzy=True, comments=('theirs: "их декан"',)),)
    assert outcomes == {DEAN: Outcome.CONFLICT}


def test_what_was_changed_here_only_stays() -> None:
    ours = catalog(said(DEAN, "наш декан"))
    assert back(catalog(said(DEAN, "декан")), ours, {}) == (ours, {})


def test_an_empty_translation_deletes_nothing() -> None:
    ours = catalog(said(DEAN, "декан"))
    assert back(ours, ours, {DEAN: " "}) == (ours, {DEAN: Outcome.EMPTIED})


def test_a_copy_of_the_source_may_come_back_empty() -> None:
    ours = catalog(said("Scott", "Scott"))
    assert back(ours, ours, {"Scott": ""}) == (ours, {})


@pytest.mark.parametrize("target", ["", "в понедельник"])
def test_work_on_an_older_source_goes_beside_the_newer_one(target: str) -> None:
    start = catalog(said(MONDAY, target), said(DEAN, "декан"))
    ours = merge(start, [said(TUESDAY), said(DEAN)])
    found, outcomes = back(start, ours, {MONDAY: "ректор подписал"})
    assert found.live[0] == replace(said(TUESDAY, "ректор подписал", fuzzy=True), previous=Previous(source=MONDAY))
    assert outcomes == {TUESDAY: Outcome.REBASED}
    assert said(MONDAY, "ректор подписал") == replace(found.units[-1], obsolete=False)


def test_work_on_what_was_fuzzy_already_goes_beside_the_newer_source() -> None:
    first = "The rector signed the agreement with Harbin on Friday."
    start = catalog(replace(said(MONDAY, "старое", fuzzy=True), previous=Previous(source=first)))
    ours = merge(start, [said(TUESDAY)])
    assert ours.live[0].previous == Previous(source=first)
    found, outcomes = back(start, ours, {MONDAY: "новое"})
    assert found.live[0] == replace(said(TUESDAY, "новое", fuzzy=True), previous=Previous(source=MONDAY))
    assert outcomes == {TUESDAY: Outcome.REBASED}


def test_work_on_an_older_source_that_was_done_again_here_is_set_aside() -> None:
    start = catalog(said(MONDAY, "в понедельник"))
    ours = catalog(said(TUESDAY, "во вторник"))
    found, outcomes = back(start, ours, {MONDAY: "ректор подписал"})
    assert found.live == ours.live
    assert found.units[-1] == replace(said(MONDAY, "ректор подписал"), obsolete=True)
    assert outcomes == {MONDAY: Outcome.SET_ASIDE}


def test_in_the_source_language_an_unedited_unit_counts_as_blank() -> None:
    start = catalog(said(MONDAY, MONDAY))
    ours = merge(start, [said(TUESDAY)], identity=True)
    theirs = to_send(start, slug="a", source_language="en")
    theirs = replace(theirs, units=(said(MONDAY, "The rector has signed."),))
    found = hand_back(ours, theirs, identity=True).catalog
    assert found.live == (
        replace(said(TUESDAY, "The rector has signed.", fuzzy=True), previous=Previous(source=MONDAY)),
    )


def test_comments_are_added_and_none_is_taken_away() -> None:
    start = catalog(said(DEAN, "декан", comments=("ours",)), said(MONDAY, "а", comments=("kept",)))
    words = {DEAN: said(DEAN, "декан", comments=("ours", "theirs\\")), MONDAY: said(MONDAY, "а")}
    found, outcomes = back(start, start, words)
    assert [unit.comments for unit in found.units] == [("ours", "theirs\\."), ("kept",)]
    assert outcomes == {DEAN: Outcome.TAKEN}


def test_a_unit_that_did_not_come_back_is_told() -> None:
    start = catalog(said(DEAN, "декан"), said(MONDAY, "а"))
    theirs = to_send(start, slug="a", source_language="en")
    found = hand_back(start, replace(theirs, units=theirs.units[:1]))
    assert found.catalog == start
    assert [(change.outcome, change.key[1]) for change in found.changes] == [(Outcome.MISSING, MONDAY)]


def test_a_character_that_no_catalog_holds_becomes_a_blank_and_the_unit_fuzzy() -> None:
    start = catalog(said(DEAN))
    found, _ = back(start, start, {DEAN: "декан\u2028и\vстуденты\r\nтам"})
    assert found.units == (said(DEAN, "декан и студенты\nтам", fuzzy=True),)


def test_the_translator_is_the_one_whom_the_file_names() -> None:
    start = catalog(said(DEAN))
    found, _ = back(start, start, {DEAN: "декан"}, Last_Translator="Lin <lin@agency.example>")
    assert found.header("Last-Translator") == "Lin <lin@agency.example>"
    assert (found.header(SENT), found.header("X-Domain")) == ("", "")


def test_of_two_translators_none_is_forgotten() -> None:
    start = catalog(said(DEAN), said(MONDAY))
    ours = catalog(
        said(DEAN, "декан"),
        said(MONDAY),
        Last_Translator="Ира <ira@newsroom.example>",
        PO_Revision_Date="2026-11-23 10:00+0000",
    )
    lin = {"Last_Translator": "Lin <lin@agency.example>", "PO_Revision_Date": "2026-11-24 10:00+0000"}
    found, _ = back(start, ours, {MONDAY: "ректор"}, **lin)
    assert found.header("Last-Translator") == "Lin <lin@agency.example>"
    assert found.comments == ("Ира <ira@newsroom.example>, 2026.",)


def test_another_number_of_plural_forms_is_refused() -> None:
    ours = catalog(Unit(source="day", source_plural="days", targets=("a", "b", "c")))
    with pytest.raises(ValueError, match="plural forms"):
        hand_back(ours, catalog(Unit(source="day", source_plural="days", targets=("a",))))
