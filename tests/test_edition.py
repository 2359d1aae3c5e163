"""Law 5: no fuzzy, empty or obsolete text reaches an edition; what a newsroom adapts does."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import newsrooms
import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsrooms import (
    EDITOR_ZH,
    NOW,
    SLUG,
    STORY,
    STORY_TEXT,
    WORDS,
    approve,
    edit,
    frozen,
    minutes,
    refresh,
    state_of,
    translate,
    translated_newsroom,
)
from strategies_story import RULES

from workflow.canonical import digest, digest_of
from workflow.edition import GAP, OMIT, localize, template_units
from workflow.errors import GateShut
from workflow.model import Catalog, Edition, Role, Stage, Story, Unit
from workflow.newsroom import Newsroom, open_newsroom
from workflow.operations.build import build
from workflow.operations.sign_off import prepare
from workflow.story import figures, parse_story, segments

MEDIA = {"signing.png": f"{'0' * 64}.png"}
TEXT = """\
---
section: news
published: 2026-11-20
summary: A summary.
written_by:
  - Anna Author
---

# The headline

A paragraph.

## A heading

![A picture](signing.png "Its caption")

- One item
- Another item

> A quote

| Cell one | Cell two |
| --- | --- |
| Cell three | Cell four |

The end[^1].

[^1]: A footnote.
"""


def story_of(text: str = TEXT) -> Story:
    return parse_story(text.encode(), "story.md", RULES)


def catalog_of(story: Story, words: Mapping[str, str] | None = None, **changes: object) -> Catalog:
    """All translated; `words` are other translations by source."""
    units = tuple(
        replace(unit, targets=((words or {}).get(unit.source, f"译{number}{'[^1]' * ('[^1]' in unit.source)}"),))
        for number, unit in enumerate(template_units(story, "story.md"))
    )
    return Catalog(headers=(), units=units)


def edition_of(catalog: Catalog, story: Story | None = None, language: str = "zh") -> Edition:
    return localize(
        story or story_of(),
        catalog,
        slug="2026/x",
        language=language,
        media=MEDIA,
        rules=RULES,
        path="zh.po",
    )


def faults(catalog: Catalog, story: Story | None = None) -> list[str]:
    with pytest.raises(GateShut) as caught:
        edition_of(catalog, story)
    assert all((found.story, found.language) == ("2026/x", "zh") for found in caught.value.diagnostics)
    return [f"{found.code}: {found.message}" for found in caught.value.diagnostics]


# --- Law 5 ---------------------------------------------------------------------------------------------------


@given(st.data())
def test_no_fuzzy_empty_or_obsolete_text_reaches_an_edition(data: st.DataObject) -> None:
    story = story_of()
    whole = catalog_of(story)
    damages = data.draw(
        st.lists(
            st.sampled_from(["", "fuzzy", "empty", "blank", "obsolete", "gone", "fuzzy and empty"]),
            min_size=len(whole.units),
            max_size=len(whole.units),
        )
    )
    units: list[Unit] = []
    expected: dict[tuple[str | None, str], str] = {}
    for unit, damage in zip(whole.units, damages, strict=True):
        if damage:
            expected[unit.key] = "edition.needs-review" if damage == "fuzzy" else "edition.missing"
        blank = "" if "empty" in damage else " \n\u3000"
        if damage != "gone":
            units.append(
                replace(
                    unit,
                    targets=(blank,) if damage in {"empty", "blank", "fuzzy and empty"} else unit.targets,
                    fuzzy="fuzzy" in damage,
                    obsolete=damage == "obsolete",
                )
            )
    catalog = Catalog(headers=(), units=tuple(units))
    if not expected:
        assert edition_of(catalog).text == edition_of(whole).text
        return
    found = faults(catalog)
    wanted = [
        (segment, expected[segment.role.context, segment.source])
        for segment in segments(story)
        if (segment.role.context, segment.source) in expected
    ]
    assert len(found) == len(wanted)
    for line, (segment, code) in zip(found, wanted, strict=True):
        assert line.startswith(f"{code}: {segment.role} ")
        assert line.endswith(f": {segment.source}")


def test_a_translation_in_another_role_does_not_fill_in() -> None:
    """Headline and paragraph may say the same and still need two translations."""
    story = story_of("---\nsection: news\npublished: 2026-11-20\n---\n\n# The same\n\nThe same\n")
    headline, paragraph = template_units(story, "story.md")
    only = Catalog(headers=(), units=(replace(headline, targets=("一",)), paragraph))
    assert faults(only, story) == ["edition.missing: paragraph not translated: The same"]


def test_words_of_no_segment_are_not_in_the_edition() -> None:
    whole = catalog_of(story_of())
    more = Catalog(
        headers=(),
        units=(*whole.units, Unit(source="old", targets=("旧",)), Unit(source="x", targets=("别",), obsolete=True)),
    )
    assert edition_of(more) == edition_of(whole)


# --- What an edition is --------------------------------------------------------------------------------------


def test_an_edition_is_a_story_in_its_language_and_reads_back() -> None:
    edition = edition_of(catalog_of(story_of()))
    assert parse_story(edition.text.encode(), "x.md", RULES) == edition.story
    assert (edition.story.language, edition.story.translated_from, edition.story.languages) == ("zh", "en", ())
    assert not any(segment.source.isascii() for segment in segments(edition.story))
    assert [figure.source for figure in figures(edition.story)] == [f"../../../media/{'0' * 64}.png"]
    assert edition.media == (("signing.png", "0" * 64),)
    assert edition.omitted == ()


def test_the_source_edition_is_made_the_same_way_and_was_translated_from_nothing() -> None:
    story = story_of()
    units = tuple(replace(unit, targets=(unit.source,)) for unit in template_units(story, "story.md"))
    edition = edition_of(Catalog(headers=(), units=units), story, "en")
    assert edition.story.translated_from == ""
    assert segments(edition.story) == segments(story)


def test_digests_bind_roles_sources_and_targets_in_order() -> None:
    story = story_of()
    catalog = catalog_of(story)
    edition = edition_of(catalog)
    targets = {unit.key: unit.target for unit in catalog.units}
    found = [(item.role.value, item.source, targets[item.role.context, item.source]) for item in segments(story)]
    assert edition.source_digest == digest_of([[role, source] for role, source, _ in found])
    assert edition.segment_digests == tuple(digest_of(list(triple)) for triple in found)


def test_pictures_are_found_however_deep() -> None:
    text = TEXT + "\n> ![A](b.png)\n\n- ![A](signing.png)\n"
    assert [figure.source for figure in figures(story_of(text))] == ["signing.png", "b.png", "signing.png"]


def test_a_draft_shows_its_gaps_and_is_never_what_is_signed(newsroom: Newsroom) -> None:
    story = story_of(TEXT.partition("The end")[0])
    draft = localize(
        story, Catalog(headers=()), slug="2026/x", language="zh", media=MEDIA, rules=RULES, path="zh.po", draft=True
    )
    assert GAP in draft.text
    translate(newsroom, "zh", {"Students move in May.": ""})
    assert state_of(newsroom, "zh").edition is None


def test_units_of_the_same_words_are_one_unit_with_all_its_places() -> None:
    story = story_of("---\nsection: news\npublished: 2026-11-20\n---\n\n# H\n\nSame\n\nSame\n\n- Same\n")
    found = {(unit.context, unit.source): unit.references for unit in template_units(story, "s.md")}
    assert found == {
        ("headline", "H"): ("s.md:6",),
        (None, "Same"): ("s.md:8", "s.md:10"),
        ("list-item", "Same"): ("s.md:12",),
    }


@given(st.permutations(range(5)), st.permutations(["Anna", "Boris", "Wan Tian", "Scott", "Anna"]))
def test_names_keep_the_order_of_the_source_whatever_stands_first_in_the_catalog(
    order: list[int], names: list[str]
) -> None:
    by = "".join(f"  - {name}\n" for name in names)
    text = f"---\nsection: news\npublished: 2026-11-20\nwritten_by:\n{by}edited_by:\n{by}---\n\n# One\n"
    story = story_of(text)
    catalog = catalog_of(story, {name: f"译者{name}" for name in names})
    units = tuple(catalog.units[at] for at in order)
    found = edition_of(replace(catalog, units=units), story).story
    assert [name.text for name in found.written_by] == [f"译者{name}" for name in names]
    assert found.edited_by == found.written_by


# --- [omit] and blank lines ------------------------------------------------------------------------------------

CAN_BE_LEFT_OUT = {
    "A summary.": Role.SUMMARY,
    "A paragraph.": Role.PARAGRAPH,
    "A heading": Role.HEADING,
    "A picture": Role.ALT,
    "Its caption": Role.CAPTION,
    "One item": Role.LIST_ITEM,
    "A quote": Role.QUOTE,
    "Cell three": Role.CELL,
    "Anna Author": Role.CREDIT,
}


@pytest.mark.parametrize("source", CAN_BE_LEFT_OUT)
def test_a_segment_is_left_out_on_purpose(source: str) -> None:
    story = story_of()
    edition = edition_of(catalog_of(story, {source: f" {OMIT}\n"}), story)
    assert [(segment.role, segment.source) for segment in edition.omitted] == [(CAN_BE_LEFT_OUT[source], source)]
    assert "omit" not in edition.text
    there = edition_of(catalog_of(story), story)
    assert len(segments(edition.story)) == len(segments(there.story)) - (2 if source == "A picture" else 1)
    assert edition.source_digest == there.source_digest
    assert len(edition.segment_digests) == len(there.segment_digests)


def test_a_headline_cannot_be_left_out() -> None:
    story = story_of()
    found = faults(catalog_of(story, {"The headline": OMIT}), story)
    assert found == ["edition.omitted: headline cannot be left out: The headline"]


def test_both_items_left_out_leave_no_list() -> None:
    story = story_of()
    edition = edition_of(catalog_of(story, {"One item": OMIT, "Another item": OMIT}), story)
    assert "\n- " not in edition.text.partition("# ")[2]


def test_the_mark_within_other_words_is_no_mark() -> None:
    story = story_of()
    edition = edition_of(catalog_of(story, {"A paragraph.": "请写 \\[omit]。"}), story)
    assert edition.omitted == ()
    assert "omit" in edition.text


@pytest.mark.parametrize("source", ["A paragraph.", "One item", "A quote", "A footnote."])
def test_a_blank_line_makes_two_paragraphs(source: str) -> None:
    story = story_of()
    edition = edition_of(catalog_of(story, {source: "第一段。\n \n\n第二段。\n"}), story)
    found = [segment.source for segment in segments(edition.story)]
    assert found[found.index("第一段。") + 1] == "第二段。"
    assert len(found) == len(segments(story)) + 1


@pytest.mark.parametrize("source", ["The headline", "A heading", "Cell three"])
def test_a_blank_line_is_refused_where_there_is_one_line_only(source: str) -> None:
    story = story_of()
    (found,) = faults(catalog_of(story, {source: "一\n\n二"}), story)
    assert found.startswith("edition.split: ")


@pytest.mark.parametrize("source", ["A summary.", "A picture", "Its caption", "Anna Author"])
def test_words_of_an_attribute_stay_on_one_line(source: str) -> None:
    story = story_of()
    edition = edition_of(catalog_of(story, {source: " 一\n\n二 "}), story)
    assert "一 二" in [segment.source for segment in segments(edition.story)]


@pytest.mark.parametrize(
    "target",
    [
        "<b>x</b>",
        "![x](y.png)",
        "# x",
        "> x",
        "- x",
        "1. x",
        "---",
        "```\nx",
        "| a |\n| - |",
        "[x]: y",
        "x\n===",
        "[^1]: y",
    ],
)
def test_a_translation_cannot_change_the_structure(target: str) -> None:
    """Either it is refused, or it is words and nothing else."""
    story = story_of()
    with contextlib.suppress(GateShut):
        edition = edition_of(catalog_of(story, {"A paragraph.": target}), story)
        roles = [segment.role for segment in segments(edition.story)]
        assert roles == [segment.role for segment in segments(story)]
        assert parse_story(edition.text.encode(), "x.md", RULES) == edition.story


WORD = st.text(st.sampled_from("字词 ab*_[]()<>#-+=~|:`{}!^\"'\\/.,\n\u3000\u00a0“”（）1"), min_size=1, max_size=12)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "A paragraph.",
                "One item",
                "A quote",
                "Cell three",
                "Its caption",
                "The headline",
                "A summary.",
                "Anna Author",
            ]
        ),
        WORD,
        min_size=1,
    )
)
def test_whatever_a_translator_types_is_refused_or_reads_back(words: dict[str, str]) -> None:
    story = story_of()
    try:
        edition = edition_of(catalog_of(story, words), story)
    except GateShut:
        return
    assert parse_story(edition.text.encode(), "x.md", RULES) == edition.story
    assert not {segment.source for segment in segments(edition.story)} & set(words)


# --- Shown, signed, frozen, built --------------------------------------------------------------------------------


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return translated_newsroom(tmp_path / "newsroom")


def test_what_was_adapted_is_shown_signed_and_frozen(newsroom: Newsroom) -> None:
    monday, both = "The rector signed the agreement on Monday.", "Both sides will exchange *students*."
    translate(newsroom, "zh", {monday: "第一段。\n\n第二段。", both: OMIT, "The rectors sign": OMIT})
    draft = prepare(newsroom, SLUG, "zh", signer=EDITOR_ZH, role=None, now=NOW)
    assert [(item.role, item.source) for item in draft.edition.omitted] == [
        (Role.PARAGRAPH, both),
        (Role.CAPTION, "The rectors sign"),
    ]
    approve(newsroom, "zh")
    text = frozen(newsroom, "zh").decode()
    assert digest(text) == draft.record.edition
    assert "\n第一段。\n\n第二段。\n" in text
    assert "omit" not in text
    assert WORDS["zh"][both] not in text
    assert ".png)\n" in text
    translate(newsroom, "zh", {monday: "第一段。第二段。"})
    assert state_of(newsroom, "zh").standing.stage is Stage.STALE


def test_what_was_adapted_is_built(tmp_path: Path) -> None:
    newsroom = translated_newsroom(tmp_path)
    both = "Both sides will exchange *students*."
    translate(newsroom, "zh", {"The rector signed the agreement on Monday.": "第一段。\n\n第二段。", both: OMIT})
    approve(newsroom, "zh")
    newsrooms.translate_site(newsroom)
    assert build(newsroom, now=minutes(60)).faults == ()
    page = (newsroom.root / f"out/web/zh/{SLUG}/index.html").read_text(encoding="utf-8")
    assert "<p>第一段。</p>" in page
    assert "<p>第二段。</p>" in page
    assert "互派" not in page
    assert "omit" not in page


def test_the_edition_of_a_story_in_another_language_is_made_from_that_language(newsroom: Newsroom) -> None:
    """Any language may be a story's source."""
    chinese = STORY_TEXT.replace("section:", "language: zh\nsection:", 1)
    for source, target in WORDS["zh"].items():
        chinese = chinese.replace(source, target)
    folder = newsroom.root / "stories/2026/chinese"
    shutil.copytree(newsroom.root / STORY.removesuffix("/story.md"), folder)
    (folder / "story.md").write_text(chinese, encoding="utf-8")
    refresh(newsroom)
    draft = prepare(newsroom, "2026/chinese", "zh", signer=EDITOR_ZH, role=None, now=NOW)
    assert draft.record.translators == ()
    assert draft.edition.story.translated_from == ""
    assert draft.edition.story.headline.text == WORDS["zh"]["Universities sign an agreement"]


def test_a_new_story_text_is_told_by_its_segments(newsroom: Newsroom) -> None:
    approve(newsroom, "zh")
    before = newsroom.read_log("zh", SLUG)[0].record.segments
    translate(newsroom, "zh", {"Students move in May.": "学生六月搬入。"})
    edition = state_of(newsroom, "zh").edition
    assert edition is not None
    changed = [
        number for number, (one, other) in enumerate(zip(before, edition.segment_digests, strict=True)) if one != other
    ]
    story = newsroom.read_story(SLUG)
    assert [segments(story)[number].source for number in changed] == ["Students move in May."]
    edit(newsroom, STORY, "Monday", "Tuesday")
    assert open_newsroom(newsroom.root).read_story(SLUG) != story
