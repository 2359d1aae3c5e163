"""Law 2: the merge keeps the story's order, loses nothing, and comes to rest."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
import strategies_catalog as make
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from workflow.catalog import format_catalog, parse_catalog
from workflow.merge import BY_CHANCE, SIMILAR_FROM, merge
from workflow.model import Catalog, Previous, Unit

DATA = Path(__file__).parent / "data" / "po"
CASES = sorted(path.name.removesuffix(".before.po") for path in DATA.glob("*.before.po"))

A = "The rector signed the agreement on Monday."
A_EDITED = "The rector signed the agreement on Friday."


def catalog_of(*units: Unit) -> Catalog:
    return Catalog(headers=make.HEADERS, units=units)


def confirmed(units: Iterable[Unit]) -> list[Unit]:
    return [unit for unit in units if unit.is_translated and not unit.fuzzy and not unit.obsolete]


def texts(catalog: Catalog) -> set[str]:
    return {target for unit in catalog.units for target in unit.targets if target.strip()}


# --- Golden cases ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_golden(name: str) -> None:
    before, story, after = (DATA / f"{name}.{kind}.po" for kind in ("before", "story", "after"))
    merged = merge(parse_catalog(before.read_bytes(), "b"), parse_catalog(story.read_bytes(), "s").units)
    assert format_catalog(merged) == after.read_text(encoding="utf-8")


def test_golden_cases_are_there() -> None:
    assert len(CASES) == 10


def test_the_merged_poedit_file_passes_msgfmt() -> None:
    done = subprocess.run(
        ["msgfmt", "--check", "-o", "/dev/null", str(DATA / "poedit.after.po")],
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


# --- Law 2 -------------------------------------------------------------------------------------------------


@given(make.translated_stories(), make.stories(), st.booleans())
@settings(deadline=None, max_examples=400)
def test_the_live_units_are_the_story(catalog: Catalog, story: tuple[Unit, ...], identity: bool) -> None:
    merged = merge(catalog, story, identity=identity)
    assert [(u.context, u.source, u.source_plural, u.references, u.notes, u.flags) for u in merged.live] == [
        (u.context, u.source, u.source_plural, u.references, u.notes, u.flags) for u in story
    ]
    assert merged.units[: len(story)] == merged.live
    assert len({unit.key for unit in merged.units}) == len(merged.units)
    assert (merged.headers, merged.comments) == (catalog.headers, catalog.comments)
    assert all(len(u.targets) == (1 if u.source_plural is None else make.FORMS) for u in merged.units)


@given(make.translated_stories(), make.stories(), st.booleans())
@settings(deadline=None, max_examples=400)
def test_merging_twice_is_merging_once(catalog: Catalog, story: tuple[Unit, ...], identity: bool) -> None:
    once = merge(catalog, story, identity=identity)
    assert merge(once, story, identity=identity) == once


@given(make.translated_stories(), make.stories())
@settings(deadline=None, max_examples=400)
def test_no_translation_is_lost(catalog: Catalog, story: tuple[Unit, ...]) -> None:
    merged = merge(catalog, story)
    assert texts(catalog) == texts(merged)
    assert {line for u in catalog.units for line in u.comments} == {line for u in merged.units for line in u.comments}


@given(make.translated_stories(), make.stories())
@settings(deadline=None, max_examples=200)
def test_no_edit_of_the_copy_editor_is_lost(catalog: Catalog, story: tuple[Unit, ...]) -> None:
    edited = {t for u in catalog.units for t in u.targets if t.strip() and t not in {u.source, u.source_plural}}
    assert edited <= texts(merge(catalog, story, identity=True))


@given(make.translated_stories(), make.stories(), make.stories(), st.booleans())
@settings(deadline=None, max_examples=400)
def test_undoing_an_edit_restores_what_was_confirmed(
    catalog: Catalog, story: tuple[Unit, ...], other: tuple[Unit, ...], identity: bool
) -> None:
    first = merge(catalog, story, identity=identity)
    back = merge(merge(first, other, identity=identity), story, identity=identity)
    restored = {unit.key: unit for unit in back.live}
    for unit in confirmed(first.units):
        if identity and set(unit.targets) <= {unit.source, unit.source_plural}:
            continue  # nobody's words: it left no trace, and may be offered what somebody edited nearby
        assert replace(restored[unit.key], previous=unit.previous) == unit


@given(make.translated_stories(), make.stories())
@settings(deadline=None, max_examples=200)
def test_only_exact_matches_are_confirmed(catalog: Catalog, story: tuple[Unit, ...]) -> None:
    made_for = {(u.source, u.source_plural, u.targets) for u in catalog.units}
    for unit in confirmed(merge(catalog, story).units):
        assert (unit.source, unit.source_plural, unit.targets) in made_for


@given(make.translated_stories(), make.stories())
@settings(deadline=None, max_examples=200)
def test_what_is_carried_over_is_similar_and_of_the_same_context(catalog: Catalog, story: tuple[Unit, ...]) -> None:
    old = {unit.key for unit in catalog.units}
    for unit in merge(catalog, story).live:
        if unit.fuzzy and unit.key not in old:
            assert unit.previous is not None
            assert unit.previous.context == unit.context
            assert fuzz.ratio(unit.previous.source, unit.source) >= 60


@given(make.translated_stories(), make.stories(), st.booleans())
@settings(deadline=None, max_examples=100)
def test_a_merged_catalog_can_be_written(catalog: Catalog, story: tuple[Unit, ...], identity: bool) -> None:
    merged = merge(catalog, story, identity=identity)
    text = format_catalog(merged)
    assert format_catalog(merge(parse_catalog(text.encode(), "x.po"), story, identity=identity)) == text


# --- Alignment ---------------------------------------------------------------------------------------------


def aligned(old: list[str], new: list[str]) -> dict[str, str]:
    """New source → old source that its translation is from."""
    catalog = catalog_of(*(Unit(source=source, targets=(f"T {source}",)) for source in old))
    live = merge(catalog, [Unit(source=source) for source in new]).live
    return {unit.source: unit.previous.source for unit in live if unit.previous}


def test_pairs_never_cross() -> None:
    assert aligned(["aaaaaaaaab", "cccccccccd"], ["cccccccccx", "aaaaaaaaax"]) in (
        {"cccccccccx": "cccccccccd"},
        {"aaaaaaaaax": "aaaaaaaaab"},
    )


FIRST = "The rector of the university signed an agreement on Monday, and the students were there to see it."
SECOND = "A new laboratory for lasers opens in the spring; it was paid for by the city and by two companies."


def test_long_pairs_that_are_nearly_equal_may_cross() -> None:
    moved = [SECOND.replace("spring", "autumn"), FIRST.replace("Monday", "Friday")]
    assert aligned([FIRST, SECOND], moved) == dict(zip(moved, [SECOND, FIRST], strict=True))
    joined = [f"{SECOND} {A}", moved[1]]
    assert aligned([FIRST, SECOND], joined) == dict(zip(joined, [SECOND, FIRST], strict=True))
    rewritten = [
        SECOND[:60] + "; who pays is not known yet, said its head.",
        FIRST[:52] + " -- 1234567890 9876543210 1234567890 --",
    ]
    assert len(aligned([FIRST, SECOND], rewritten)) == 1


def test_both_halves_of_a_paragraph_get_its_translation() -> None:
    halves = [FIRST, SECOND.replace("spring", "autumn")]
    assert aligned([f"{FIRST} {SECOND}"], halves) == dict.fromkeys(halves, f"{FIRST} {SECOND}")
    assert aligned([f"{FIRST} {SECOND}"], [FIRST, f"{SECOND[:60]} in the old town, by the river."]).keys() == {FIRST}


def test_similar_from_six_tenths() -> None:
    assert aligned(["abcdefghij"], ["abcdef1234"]) == {"abcdef1234": "abcdefghij"}
    assert aligned(["abcdefghij"], ["abcde12345"]) == {}


def test_one_good_pair_counts_more_than_two_poor_ones() -> None:
    old, new = ["abcdef2345", "abcdefghij"], ["abcdefghi1", "6789efghij"]
    assert aligned(old, new) == {"abcdefghi1": "abcdefghij"}


SHORT = st.lists(st.text("abc", min_size=3, max_size=5), max_size=6, unique=True)


@given(SHORT, SHORT)
@settings(deadline=None, max_examples=300)
def test_no_alignment_is_better(olds: list[str], news: list[str]) -> None:
    news = [f"{new}." for new in news]

    def worth(old: str, new: str) -> float:
        similarity = fuzz.ratio(old, new) / 100
        return similarity - BY_CHANCE if similarity >= SIMILAR_FROM else 0

    best = [[0.0] * (len(news) + 1) for _ in range(len(olds) + 1)]
    for i, old in enumerate(olds):
        for j, new in enumerate(news):
            best[i + 1][j + 1] = max(best[i][j + 1], best[i + 1][j], best[i][j] + worth(old, new))
    found = aligned(olds, news)
    assert sum(worth(old, new) for new, old in found.items()) == pytest.approx(best[-1][-1], abs=1e-4)
    assert [olds.index(found[new]) for new in news if new in found] == sorted(map(olds.index, found.values()))


def test_all_of_the_story_is_considered() -> None:
    fillers = [str(n) * 10 for n in range(20)]
    assert aligned([A], [*fillers, A_EDITED]) == {A_EDITED: A}
    assert aligned([*fillers, A], [A_EDITED]) == {A_EDITED: A}


def test_a_huge_story_is_considered_near_each_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.merge.ALIGNMENT_BUDGET", 0)
    fillers = [f"{n:02}" * 20 for n in range(20)]
    assert aligned([A], [*fillers, A_EDITED]) == {}
    assert aligned([*fillers, A], [*(chr(0x4E00 + n) for n in range(20)), A_EDITED]) == {A_EDITED: A}


def test_the_greatest_similarity_in_all_wins() -> None:
    assert aligned(["aaaaaaaa01", "aaaaaaaa02"], ["aaaaaaaa03", "aaaaaaaa04"]) == {
        "aaaaaaaa03": "aaaaaaaa01",
        "aaaaaaaa04": "aaaaaaaa02",
    }


@pytest.mark.parametrize("twin", ["aaaaaaaa01", "aaaaaaaa02"])
def test_between_equals_the_neighbours_decide(twin: str) -> None:
    other = {"aaaaaaaa01": "aaaaaaaa02", "aaaaaaaa02": "aaaaaaaa01"}[twin]
    old = ["start", twin, "middle", other, "end"]
    assert aligned(old, ["start", "aaaaaaaa03", "middle", "end"]) == {"aaaaaaaa03": twin}
    assert aligned(old, ["start", "middle", "aaaaaaaa03", "end"]) == {"aaaaaaaa03": other}


def test_a_fuzzy_unit_is_compared_by_the_source_that_its_target_translates() -> None:
    # Its own source is nearer to the new one, but the target says nothing of it.
    fuzzy = Unit(
        source="Snow falls in the north, and it is cold.",
        targets=("Идёт дождь.",),
        fuzzy=True,
        previous=Previous(source="Rain."),
    )
    merged = merge(catalog_of(fuzzy), [Unit(source="Snow falls in the north, and it was cold.")])
    assert merged.live[0].targets == ("",)
    assert merged.units[1] == replace(fuzzy, obsolete=True, previous=None)


def test_drift_keeps_the_first_source() -> None:
    catalog = catalog_of(Unit(source=A, targets=("T",)))
    for source in (A_EDITED, "The rector has signed the agreement on Friday."):
        catalog = merge(catalog, [Unit(source=source)])
    assert catalog.live[0].previous == Previous(source=A)
    assert [unit.source for unit in catalog.units[1:]] == [A]


def test_large_stories_are_aligned_in_seconds() -> None:
    count = 2000
    body = "The university and its partners report on paragraph number {} of the story of the year. " * 3
    catalog = catalog_of(*(Unit(source=body.format(n, n, n) + "old", targets=(f"T{n}",)) for n in range(count)))
    story = [Unit(source=body.format(n, n, n) + "new") for n in range(count)]
    start = time.perf_counter()
    merged = merge(catalog, story)
    assert time.perf_counter() - start < 20
    assert sum(unit.targets == (f"T{n}",) for n, unit in enumerate(merged.live)) == count


def test_rapidfuzz_is_loaded_only_when_something_is_left() -> None:
    code = (
        "import sys; from workflow.merge import merge; from workflow.model import Catalog, Unit\n"
        "unit = Unit(source='a', targets=('b',)); catalog = Catalog(headers=(), units=(unit,))\n"
        "merge(catalog, [Unit(source='a')]); merge(catalog, [Unit(source='a'), Unit(source='c')])\n"
        "assert 'rapidfuzz' not in sys.modules\n"
        "merge(catalog, [Unit(source='c')]); assert 'rapidfuzz' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent.parent)


# --- The rest ----------------------------------------------------------------------------------------------


def test_two_wanted_units_with_the_same_key() -> None:
    with pytest.raises(ValueError, match="same context and source"):
        merge(catalog_of(), [Unit(source="a"), Unit(source="a", source_plural="b")])


def test_comments_of_an_untranslated_unit_stay() -> None:
    catalog = catalog_of(Unit(source="a"), Unit(source="b", comments=("who is this?",)))
    assert merge(catalog, []).units == (Unit(source="b", comments=("who is this?",), obsolete=True),)


def test_a_fuzzy_left_over_stays_only_if_its_words_stand_nowhere_else() -> None:
    twin = Unit(source="kept", targets=("T",))
    gone = Unit(source="zzzz", targets=("T",), fuzzy=True)
    assert merge(catalog_of(twin, gone), [Unit(source="kept")]).units == (twin,)
    caption = replace(twin, context="caption")
    assert merge(catalog_of(caption, gone), [Unit(source="kept", context="caption")]).units == (
        caption,
        replace(gone, obsolete=True),
    )


def test_the_source_catalog_is_made_as_by_msgen() -> None:
    story = [Unit(source="a"), Unit(source="b", source_plural="bs")]
    made = merge(catalog_of(), story, identity=True)
    assert [unit.targets for unit in made.units] == [("a",), ("b", "bs", "bs")]
    assert confirmed(made.units) == list(made.units)


def test_the_source_catalog_follows_its_source_in_silence() -> None:
    made = merge(catalog_of(), [Unit(source=A)], identity=True)
    assert merge(made, [Unit(source=A_EDITED)], identity=True) == merge(
        catalog_of(), [Unit(source=A_EDITED)], identity=True
    )


def test_what_a_copy_editor_changed_needs_review() -> None:
    edited = Unit(source=A, targets=("On Monday, the rector signed.",))
    merged = merge(catalog_of(edited), [Unit(source=A_EDITED)], identity=True)
    assert merged.units == (
        Unit(source=A_EDITED, targets=edited.targets, fuzzy=True, previous=Previous(source=A)),
        replace(edited, obsolete=True),
    )


PLURAL = Unit(source="day", source_plural="days", targets=("день", "дня", "дней"))


def test_a_unit_that_loses_its_plural() -> None:
    merged = merge(catalog_of(PLURAL), [Unit(source="day")])
    assert merged.units == (
        Unit(source="day", targets=("день",), fuzzy=True, previous=Previous(source="day", source_plural="days")),
        replace(PLURAL, context="plural: days", obsolete=True),
    )
    assert merge(merged, [replace(PLURAL, targets=("",))]).units == (PLURAL,)


def test_a_unit_that_gets_a_plural() -> None:
    merged = merge(catalog_of(Unit(source="day", targets=("день",))), [replace(PLURAL, targets=("",))])
    assert merged.units == (
        replace(PLURAL, targets=("день", "", ""), fuzzy=True, previous=Previous(source="day")),
        Unit(source="day", context="no plural", targets=("день",), obsolete=True),
    )


def test_a_unit_whose_plural_is_reworded() -> None:
    reworded = replace(PLURAL, source_plural="whole days")
    merged = merge(catalog_of(PLURAL), [reworded])
    assert merged.live == (replace(reworded, fuzzy=True, previous=Previous(source="day", source_plural="days")),)
    assert merge(merged, [PLURAL]).units == (PLURAL,)
