"""`workflow check --fix`: it mends translations in their catalogs, and nothing else."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from newsrooms import SLUG, STORY, translate, translated_newsroom
from test_cli import Result, files, workflow

from workflow.model import Unit
from workflow.newsroom import Newsroom

ZH = f"locales/zh/LC_MESSAGES/{SLUG}.po"
FAULTY = '校长于 周一签署了"协议".'
MENDED = "校长于周一签署了“协议”。"
SIGNED = "The rector signed the agreement on Monday."


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    newsroom = translated_newsroom(tmp_path / "room")
    translate(newsroom, "zh", {SIGNED: FAULTY})
    return newsroom


def fix(newsroom: Newsroom, *arguments: str) -> Result:
    return workflow(newsroom.root, "check", "--fix", "--language", "zh", *arguments)


def unit(newsroom: Newsroom, source: str = SIGNED) -> Unit:
    catalog = newsroom.read_catalog("zh", SLUG)
    assert catalog is not None
    return next(unit for unit in catalog.units if unit.source == source)


def change(newsroom: Newsroom, source: str, **fields: Any) -> None:
    """Gives one unit of the Chinese catalog other fields."""
    catalog = newsroom.read_catalog("zh", SLUG)
    assert catalog is not None
    units = tuple(dataclasses.replace(unit, **fields) if unit.source == source else unit for unit in catalog.units)
    newsroom.write_catalog("zh", SLUG, dataclasses.replace(catalog, units=units))


def test_it_mends_tells_what_and_reports_what_is_left(newsroom: Newsroom) -> None:
    line = unit(newsroom).line
    before = files(newsroom.root)
    done = fix(newsroom, SLUG)
    assert f"{ZH}:{line}: mended\n  - {FAULTY}\n  + {MENDED}\n" in done.out
    assert "1 translation mended" in done.err
    assert "typography" not in done.out
    assert unit(newsroom).target == MENDED
    after = files(newsroom.root)
    assert {path for path in after if after[path] != before.get(path)} == {ZH}


def test_a_blank_at_which_lines_do_not_break_is_shown(newsroom: Newsroom) -> None:
    translate(newsroom, "ru", {SIGNED: "Ректор подписал соглашение в понедельник."})
    done = workflow(newsroom.root, "check", "--fix", "--language", "ru", SLUG)
    before, after = "соглашение в понедельник", "соглашение в␣понедельник"
    assert f"  - Ректор подписал {before}.\n  + Ректор подписал {after}.\n" in done.out
    assert "␣ stands for a blank at which the line does not break" in done.err


def test_a_second_time_there_is_nothing_to_mend(newsroom: Newsroom) -> None:
    fix(newsroom)
    before = files(newsroom.root)
    again = fix(newsroom)
    assert "nothing to mend" in again.err
    assert "mended\n" not in again.out
    assert files(newsroom.root) == before


def test_json_names_what_was_mended(newsroom: Newsroom) -> None:
    document = json.loads(fix(newsroom, "--json").out)
    (item,) = document["mended"]
    assert (item["path"], item["story"], item["language"]) == (ZH, SLUG, "zh")
    assert (item["before"], item["after"]) == (FAULTY, MENDED)
    assert document["schema"] == 1


def test_comments_stay_and_what_needs_review_is_left(newsroom: Newsroom) -> None:
    change(newsroom, SIGNED, comments=('Ask the rector, "please".',))
    change(newsroom, "Both sides will exchange *students*.", targets=("双方, 将互派*学生*.",), fuzzy=True)
    fix(newsroom)
    assert unit(newsroom).comments == ('Ask the rector, "please".',)
    assert unit(newsroom, "Both sides will exchange *students*.").target == "双方, 将互派*学生*."


def test_a_check_without_fix_writes_nothing(newsroom: Newsroom) -> None:
    before = files(newsroom.root)
    found = workflow(newsroom.root, "check", "--language", "zh")
    assert "hint: write “…”; `workflow check --fix` mends it" in found.out
    assert files(newsroom.root) == before


def test_the_story_itself_is_never_rewritten(newsroom: Newsroom) -> None:
    story = newsroom.root / STORY
    story.write_text(story.read_text().replace("on Monday.", 'on "Monday"...'))
    before = story.read_bytes()
    workflow(newsroom.root, "check", "--fix")
    assert story.read_bytes() == before


def test_a_damaged_catalog_is_reported_and_the_others_are_mended(newsroom: Newsroom) -> None:
    damaged = newsroom.root / f"locales/ru/LC_MESSAGES/{SLUG}.po"
    damaged.write_text('msgid "\nmsgstr')
    done = workflow(newsroom.root, "check", "--fix", SLUG)
    assert done.code == 1
    assert f"locales/ru/LC_MESSAGES/{SLUG}.po:" in done.out
    assert unit(newsroom).target == MENDED
