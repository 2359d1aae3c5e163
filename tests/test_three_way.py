"""Two versions of a catalog joined: no text is lost, none gets another source, none is confirmed by nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import strategies_catalog as make
from hypothesis import given, settings
from hypothesis import strategies as st
from pressroom import run

from workflow.catalog import canonical, format_catalog, parse_catalog
from workflow.catalog.strings import unescape
from workflow.merge import merge
from workflow.model import Catalog, Previous, Unit
from workflow.operations.merge_catalogs import merge_catalogs
from workflow.three_way import Joined, join

HALL = "The hall opens in May."
RECTOR = "The rector signed."
DEAN = "The dean signed."


def catalog_of(*units: Unit, comments: tuple[str, ...] = (), **headers: str) -> Catalog:
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    fields = tuple((name, changed.pop(name, value)) for name, value in make.HEADERS)
    return Catalog(headers=(*fields, *changed.items()), comments=comments, units=units)


def said(source: str, target: str = "", **more: object) -> Unit:
    return replace(Unit(source=source, targets=(target,)), **more)  # type: ignore[arg-type]


def join_units(base: Sequence[Unit] | None, ours: Sequence[Unit], theirs: Sequence[Unit]) -> Joined:
    return join(None if base is None else catalog_of(*base), catalog_of(*ours), catalog_of(*theirs))


def only(joined: Joined) -> Unit:
    (unit,) = joined.catalog.units
    return unit


# --- Case by case ----------------------------------------------------------------------------------------------


def test_what_one_side_changed_is_taken() -> None:
    base = [said(HALL), said(RECTOR, "甲")]
    joined = join_units(base, [said(HALL, "乙"), base[1]], [base[0], said(RECTOR, "丙")])
    assert [unit.target for unit in joined.catalog.units] == ["乙", "丙"]
    assert joined.conflicts == ()


def test_what_both_sides_changed_is_fuzzy_with_both_texts() -> None:
    joined = join_units([said(HALL, "甲")], [said(HALL, "乙")], [said(HALL, "丙", comments=("ask",))])
    assert only(joined) == said(HALL, "乙", fuzzy=True, comments=("ask", 'theirs: "丙"'))
    assert joined.conflicts == joined.catalog.units


def test_the_same_change_on_both_sides_is_no_conflict() -> None:
    joined = join_units([said(HALL, "甲")], [said(HALL, "乙")], [said(HALL, "乙")])
    assert only(joined) == said(HALL, "乙")


def test_two_new_catalogs_have_no_base() -> None:
    joined = join_units(None, [said(HALL, "乙"), said(RECTOR)], [said(HALL, "丙"), said(RECTOR, "丁"), said(DEAN)])
    assert [unit.target for unit in joined.catalog.units] == ["乙", "丁", ""]
    assert [unit.source for unit in joined.conflicts] == [HALL]


def test_a_text_of_several_lines_is_kept_line_by_line_and_can_be_written() -> None:
    joined = join_units([said(HALL)], [said(HALL, "乙")], [said(HALL, 'one\\\ntwo "2"')])
    assert only(joined).comments == ('theirs: "one\\\\\\n"', 'theirs: "two \\"2\\""')
    assert "# theirs: " in format_catalog(joined.catalog)


def test_a_confirmation_of_the_old_text_does_not_confirm_the_new_one() -> None:
    base = said(HALL, "甲", fuzzy=True, previous=Previous(source=RECTOR))
    joined = join_units([base], [said(HALL, "甲")], [replace(base, targets=("乙",))])
    assert only(joined).fuzzy
    assert joined.conflicts


def test_a_confirmation_of_a_text_that_the_other_side_left_alone_stays() -> None:
    base = said(HALL, "甲", fuzzy=True)
    assert only(join_units([base], [said(HALL, "甲")], [replace(base, references=("story.md:4",))])) == said(
        HALL, "甲", references=("story.md:4",)
    )


def test_two_sides_that_found_the_same_words_trust_them_only_together() -> None:
    joined = join_units([said(HALL)], [said(HALL, "甲")], [said(HALL, "甲", fuzzy=True)])
    assert only(joined).fuzzy


def test_what_update_carried_over_gives_way_to_what_a_translator_confirmed() -> None:
    base = [said(RECTOR, "甲")]
    ours = merge(catalog_of(*base), [Unit(source="The rector has signed.")])
    theirs = catalog_of(said("The rector has signed.", "乙"), replace(base[0], obsolete=True))
    joined = join(catalog_of(*base), ours, theirs)
    assert ours.units[0].fuzzy
    assert [(unit.target, unit.fuzzy, unit.obsolete) for unit in joined.catalog.units] == [
        ("乙", False, False),
        ("甲", False, True),
    ]
    assert joined.conflicts == ()


def test_cleared_here_and_changed_there_keeps_the_text_for_review() -> None:
    joined = join_units([said(HALL, "甲")], [said(HALL, "")], [said(HALL, "乙")])
    assert only(joined) == said(HALL, "乙", fuzzy=True)
    assert joined.conflicts


def test_taken_out_of_the_story_here_and_changed_there_stays_obsolete() -> None:
    joined = join_units([said(HALL, "甲")], [said(HALL, "甲", obsolete=True)], [said(HALL, "乙")])
    assert only(joined) == said(HALL, "乙", obsolete=True)


def test_deleted_here_and_changed_there_stays_obsolete() -> None:
    joined = join_units([said(HALL, "甲"), said(RECTOR)], [said(RECTOR)], [said(HALL, "乙"), said(RECTOR)])
    assert joined.catalog.units == (said(RECTOR), said(HALL, "乙", obsolete=True))


def test_deleted_here_and_unchanged_there_is_gone() -> None:
    assert join_units([said(HALL, "甲")], [], [said(HALL, "甲")]).catalog.units == ()


def test_purged_here_and_back_in_the_story_there_is_live() -> None:
    joined = join_units([said(HALL, "甲", obsolete=True)], [], [said(HALL, "甲")])
    assert only(joined) == said(HALL, "甲")


def test_a_newer_story_of_theirs_gives_order_and_places() -> None:
    base = [said(HALL, "甲", references=("s:1",)), said(RECTOR, references=("s:2",))]
    ours = [base[0], said(RECTOR, "乙", references=("s:2",))]
    theirs = [said(RECTOR, references=("s:1",)), said(DEAN, references=("s:2",)), replace(base[0], references=("s:3",))]
    joined = join_units(base, ours, theirs)
    assert [(unit.source, unit.target, unit.references) for unit in joined.catalog.units] == [
        (RECTOR, "乙", ("s:1",)),
        (DEAN, "", ("s:2",)),
        (HALL, "甲", ("s:3",)),
    ]


def test_two_new_stories_are_interleaved() -> None:
    joined = join_units([said(HALL)], [said(HALL), said(RECTOR)], [said("First."), said(HALL), said(DEAN)])
    assert [unit.source for unit in joined.catalog.units] == ["First.", HALL, DEAN, RECTOR]


def test_a_plural_that_theirs_added_decides_the_shape_of_a_conflict() -> None:
    theirs = Unit(source=HALL, source_plural="Halls open.", targets=("乙", "丙", "丁"))
    joined = join_units([said(HALL, "甲")], [said(HALL, "戊")], [theirs])
    assert only(joined) == replace(theirs, fuzzy=True, comments=('ours: "戊"',))
    joined = join_units([theirs], [replace(theirs, targets=("1", "2", ""))], [replace(theirs, targets=("3", "", "4"))])
    assert only(joined).comments == ('theirs[0]: "3"', 'theirs[2]: "4"')


def test_plural_forms_that_do_not_go_together_are_refused() -> None:
    unit = Unit(source=HALL, source_plural="Halls", targets=("乙", "丙"))
    theirs = catalog_of(replace(unit, targets=("1", "2", "3")), said(DEAN))
    base = catalog_of(unit, Plural_Forms="nplurals=2; plural=(n != 1);")
    with pytest.raises(ValueError, match="plural forms"):
        join(base, replace(base, units=(replace(unit, targets=("己", "丙")),)), theirs)


def test_comments_of_both_sides_stay_and_those_taken_out_go() -> None:
    base, ours, theirs = (said(HALL, comments=lines) for lines in (("a", "b"), ("a", "b", "c"), ("b", "d")))
    assert only(join_units([base], [ours], [theirs])).comments == ("b", "c", "d")


def test_the_later_translator_stands_in_the_header_and_the_other_above_it() -> None:
    ours = catalog_of(
        PO_Revision_Date="2026-11-23 10:00+0000", Last_Translator="Li <li@n.example>", X_Generator="Poedit"
    )
    theirs = catalog_of(PO_Revision_Date="2026-11-23 11:00+0100", Last_Translator="Wu <wu@n.example>", X_Desk="2")
    for one, other in ((ours, theirs), (theirs, ours)):
        later = replace(
            other,
            headers=tuple((n, "2026-11-24 09:00+0800" if n == "PO-Revision-Date" else v) for n, v in other.headers),
        )
        joined = join(catalog_of(), one, later).catalog
        assert joined.header("Last-Translator") == other.header("Last-Translator")
        assert joined.header("PO-Revision-Date") == "2026-11-24 09:00+0800"
        assert joined.comments == (f"{one.header('Last-Translator')}, 2026.",)
        assert (joined.header("X-Generator"), joined.header("X-Desk")) == ("Poedit", "2")


# --- Laws ------------------------------------------------------------------------------------------------------


@st.composite
def edited(draw: st.DrawFn, catalog: Catalog) -> Catalog:
    """What a branch makes of a catalog: translations, an update to another story, other tools' work."""
    if draw(st.booleans()):
        catalog = merge(catalog, draw(make.stories()))
    units = [draw(edited_unit(unit)) for unit in catalog.units if draw(st.integers(0, 9))]
    if draw(st.booleans()):
        units = draw(st.permutations(units))
    taken = {unit.key for unit in units}
    units += [unit for unit in draw(make.translations(draw(make.stories()))).units if unit.key not in taken]
    day = draw(st.sampled_from(["2026-11-22 10:00+0000", "2026-11-23 10:00+0000", "2026-11-24 10:00+0000", "never"]))
    headers = tuple((name, day if name == "PO-Revision-Date" else value) for name, value in catalog.headers)
    return canonical(replace(catalog, headers=headers, comments=draw(make.COMMENTS), units=tuple(units)))


@st.composite
def edited_unit(draw: st.DrawFn, unit: Unit) -> Unit:
    count = len(unit.targets)
    changes: dict[str, object] = {}
    if draw(st.integers(0, 2)) == 0:
        texts = st.one_of(make.TARGETS, make.TEXTS)
        changes["targets"] = tuple(draw(st.lists(texts, min_size=count, max_size=count)))
    if draw(st.integers(0, 3)) == 0:
        changes["fuzzy"] = not unit.fuzzy
    if draw(st.integers(0, 5)) == 0:
        changes |= {"obsolete": not unit.obsolete, "previous": None}
    if draw(st.integers(0, 3)) == 0:
        changes["comments"] = draw(make.COMMENTS)
    if draw(st.integers(0, 3)) == 0:
        changes["references"] = draw(make.REFERENCES)
    return replace(unit, **changes)  # type: ignore[arg-type]


@st.composite
def versions(draw: st.DrawFn) -> tuple[Catalog | None, Catalog, Catalog]:
    """A catalog, and what two branches made of it."""
    base = canonical(draw(make.translated_stories()))
    ours, theirs = draw(edited(base)), draw(edited(base))
    return draw(st.sampled_from([base, base, base, base, None])), ours, theirs


def texts(unit: Unit | None) -> set[str]:
    return {text for text in unit.targets if text.strip()} if unit else set()


def kept_in_comments(unit: Unit, text: str) -> bool:
    """True if the comments hold the text as a merge writes it."""
    quoted = "\n".join(line.partition(': "')[2].removesuffix('"') for line in unit.comments)
    return text in unescape(quoted.replace("\\n\n", "\\n").replace("\n", '"')) or text in quoted


@given(make.catalogs(), make.catalogs())
@settings(max_examples=60)
def test_the_same_on_both_sides_is_the_result(base: Catalog, same: Catalog) -> None:
    assert join(base, same, same) == Joined(catalog=same, conflicts=())


@given(make.translated_stories(), st.data())
@settings(max_examples=80)
def test_a_change_on_one_side_only_is_the_result(base: Catalog, data: st.DataObject) -> None:
    base = canonical(base)
    changed = data.draw(edited(base))
    assert join(base, base, changed) == Joined(catalog=changed, conflicts=())
    assert join(base, changed, base) == Joined(catalog=changed, conflicts=())


@given(versions())
@settings(max_examples=100)
def test_who_is_called_ours_decides_nothing_but_which_text_comes_first(
    drawn: tuple[Catalog | None, Catalog, Catalog],
) -> None:
    base, ours, theirs = drawn
    one, other = join(base, ours, theirs), join(base, theirs, ours)
    assert {unit.key for unit in one.conflicts} == {unit.key for unit in other.conflicts}
    others = {unit.key: unit for unit in other.catalog.units}
    assert {unit.key for unit in one.catalog.units} == set(others)
    conflicts = {unit.key for unit in one.conflicts}
    for unit in one.catalog.units:
        twin = others[unit.key]
        assert (unit.obsolete, unit.fuzzy if texts(unit) else None) == (
            twin.obsolete,
            twin.fuzzy if texts(twin) else None,
        )
        if unit.key not in conflicts and base is not None:
            assert texts(unit) == texts(twin) or (unit.previous and twin.previous)


@given(versions())
@settings(max_examples=150)
def test_no_text_is_lost_moved_or_confirmed(drawn: tuple[Catalog | None, Catalog, Catalog]) -> None:
    base, *sides = drawn
    joined = join(base, *sides)
    result = {unit.key: unit for unit in joined.catalog.units}
    old = {unit.key: unit for unit in base.units} if base else {}
    kept = {text for unit in result.values() for text in texts(unit)}
    for side in sides:
        for unit in side.units:
            for text in texts(unit) - texts(old.get(unit.key)):
                here = result.get(unit.key)
                assert here is not None or text in kept
                carried = unit.fuzzy and unit.previous is not None
                assert text in texts(here) or (here and kept_in_comments(here, text)) or (carried and base)
    said_by = [{unit.key: unit for unit in catalog.units} for catalog in (base, *sides) if catalog]
    for unit in result.values():
        assert texts(unit) <= set().union(*(texts(version.get(unit.key)) for version in said_by))
        if unit.is_translated and not unit.fuzzy:
            confirmed = [version[unit.key] for version in said_by if unit.key in version]
            assert any(found.targets == unit.targets and not found.fuzzy for found in confirmed)
    assert all(unit.fuzzy for unit in joined.conflicts)


@given(versions())
@settings(max_examples=60)
def test_the_result_can_be_written_and_merged_again(drawn: tuple[Catalog | None, Catalog, Catalog]) -> None:
    joined = join(*drawn).catalog
    assert parse_catalog(format_catalog(joined).encode(), "x") == canonical(joined)
    assert join(joined, joined, joined).catalog == joined
    for side in drawn[1:]:
        again = join(side, side, joined)
        assert (again.catalog, again.conflicts) == (joined, ())


# --- The command -----------------------------------------------------------------------------------------------


def files_of(folder: Path, *catalogs: Catalog | None) -> list[Path]:
    """Base, ours, theirs as git hands them over; an empty file for None."""
    paths = [folder / f".merge_file_{name}" for name in "abc"]
    for path, catalog in zip(paths, catalogs, strict=True):
        path.write_text(format_catalog(catalog) if catalog else "", encoding="utf-8")
    return paths


def test_the_command_writes_ours_and_tells_conflicts(tmp_path: Path) -> None:
    base = catalog_of(said(HALL, "甲"), said(RECTOR))
    ours, theirs = catalog_of(said(HALL, "乙"), said(RECTOR)), catalog_of(said(HALL, "丙"), said(RECTOR, "丁"))
    paths = files_of(tmp_path, base, ours, theirs)
    done = run("merge-catalog", *map(str, paths), "locales/zh/LC_MESSAGES/a.po", root=tmp_path)
    assert done.returncode == 1, done.stderr
    assert f"both sides translated “{HALL}”" in done.stderr
    written = parse_catalog(paths[1].read_bytes(), "x")
    assert [(unit.target, unit.fuzzy) for unit in written.units] == [("乙", True), ("丁", False)]
    line = paths[1].read_text(encoding="utf-8").splitlines()[written.units[0].line - 1]
    assert f"locales/zh/LC_MESSAGES/a.po:{written.units[0].line}: warning:" in done.stderr
    assert line == f'msgid "{HALL}"'


def test_the_command_is_silent_when_all_went_well(tmp_path: Path) -> None:
    paths = files_of(tmp_path, None, catalog_of(said(HALL)), catalog_of(said(HALL, "丙")))
    done = run("merge-catalog", *map(str, paths), root=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert parse_catalog(paths[1].read_bytes(), "x").units == (said(HALL, "丙"),)


@pytest.mark.parametrize("damaged", [0, 1, 2])
def test_a_damaged_catalog_leaves_ours_as_it_was(damaged: int, tmp_path: Path) -> None:
    catalog = catalog_of(said(HALL, "甲"))
    paths = files_of(tmp_path, catalog, catalog, catalog)
    paths[damaged].write_bytes(paths[damaged].read_bytes()[:-60])
    before = paths[1].read_bytes()
    done = run("merge-catalog", *map(str, paths), "a.po", root=tmp_path)
    assert done.returncode == 3
    assert f"a.po ({('the common ancestor', 'ours', 'theirs')[damaged]})" in done.stderr
    assert "not merged: still ours" in done.stderr
    assert paths[1].read_bytes() == before


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = run("merge-catalog", "a", "b", "c", root=tmp_path)
    assert done.returncode == 3
    assert "no such file" in done.stderr


def test_the_report_names_what_was_given_as_name(tmp_path: Path) -> None:
    catalogs = (catalog_of(said(HALL, text)) for text in "甲乙丙")
    base, ours, theirs = files_of(tmp_path, *catalogs)
    (found,) = merge_catalogs(base, ours, theirs, name="x.po").conflicts
    assert found.location is not None
    assert found.location.path == "x.po"
