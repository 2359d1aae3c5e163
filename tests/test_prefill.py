"""The memory of a newsroom: what was signed comes back in other stories; files in and out; damage to the cache."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from newsrooms import (
    EDITOR_RU,
    NOW,
    SECOND_ZH,
    SLUG,
    TWO_EDITORS,
    approve,
    decide,
    edit,
    log_of,
    minutes,
    record_of,
    refresh,
    set_log,
    signed_newsroom,
    translate,
    with_rules,
)
from test_cli import Result, clean, document, workflow

from workflow.diagnostics import Diagnostic
from workflow.memory import Entry, entries
from workflow.model import Decision, Note, Unit, UnitState
from workflow.newsroom import CACHE, Newsroom
from workflow.operations.memory import DATABASE, LOCK, open_memory
from workflow.operations.prefill import MARK
from workflow.operations.update import CatalogUpdate, update
from workflow.signing import SIGNERS_FILE

OTHER = "2026/visit"
STORY = """\
---
section: news
published: 2026-11-21
---

# A visit to the campus

The rector signed the agreement on Friday.

Both sides will exchange *students*.

Nothing of this was ever said before in any story of ours.
"""
FRIDAY = "The rector signed the agreement on Friday."
MONDAY = "The rector signed the agreement on Monday."
STUDENTS = "Both sides will exchange *students*."
SIGNED = "signed 2026-11-22 by editor-zh"
LATER = minutes(60)


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    """One story signed in zh and ru, and another that nobody has translated."""
    room = signed_newsroom(tmp_path / "room")
    (room.root / "stories" / OTHER).mkdir(parents=True)
    (room.root / room.story_file(OTHER)).write_text(STORY, encoding="utf-8")
    return room


def updated(room: Newsroom, *, prefill: bool = True) -> tuple[CatalogUpdate, ...]:
    return update(room, room.slugs(), check=False, now=LATER, prefill=prefill)


def unit(room: Newsroom, source: str, language: str = "zh") -> Unit:
    catalog = room.read_catalog(language, OTHER)
    assert catalog is not None
    return next(item for item in catalog.live if item.source == source)


def set_unit(room: Newsroom, source: str, **changes: Any) -> None:
    catalog = room.read_catalog("zh", OTHER)
    assert catalog is not None
    units = tuple(replace(item, **changes) if item.source == source else item for item in catalog.units)
    room.write_catalog("zh", OTHER, replace(catalog, units=units))


def held(room: Newsroom, told: list[Diagnostic] | None = None, language: str = "zh") -> list[Entry]:
    with open_memory(room, LATER, tell=(told if told is not None else []).append) as memory:
        return list(entries(memory.database, language))


def words(found: list[Entry]) -> set[str]:
    return {entry.source for entry in found}


# --- What is remembered ------------------------------------------------------------------------------------


def test_signed_words_and_only_these(room: Newsroom) -> None:
    found = held(room)
    assert len(found) == 9
    assert {(entry.origin, entry.signers, entry.signed_at) for entry in found} == {(SLUG, ("editor-zh",), NOW)}
    assert held(room, language="en") == []
    translate(room, "zh", {MONDAY: "改过的话。"})
    assert words(held(room)) == words(found) - {MONDAY}


def test_words_whose_source_moved_on_stay(room: Newsroom) -> None:
    before = held(room)
    edit(room, room.story_file(SLUG), MONDAY, "Nobody knows when the papers will be ready for both of them.")
    refresh(room)
    assert words(held(room)) == words(before)
    edit(room, room.story_file(SLUG), "Students move in May.", "Students move in June.")
    refresh(room)
    assert words(held(room)) == words(before)


def test_one_of_two_approvals_is_not_enough(room: Newsroom) -> None:
    strict = with_rules(room, TWO_EDITORS)
    assert held(strict) == []
    approve(strict, "zh", SECOND_ZH, at=minutes(5))
    assert {entry.signers for entry in held(strict)} == {("editor-zh", "second-zh")}


def test_what_was_taken_back_is_forgotten(room: Newsroom) -> None:
    before = held(room)
    segment = record_of(room).segments[0]
    decide(room, decision=Decision.RETURN, at=minutes(5), notes=(Note(segment=segment, text="no"),))
    assert len(held(room)) == len(before) - 1
    decide(room, decision=Decision.WITHDRAW, at=minutes(6), notes=(Note(segment="", text="wrong"),))
    assert held(room) == []


def test_signatures_that_do_not_count(room: Newsroom) -> None:
    assert held(room)
    signers = room.read(SIGNERS_FILE)
    room.write(SIGNERS_FILE, b"")
    assert held(room) == []
    room.write(SIGNERS_FILE, signers)
    assert len(held(room)) == 9
    set_log(room, "zh", [line.replace("approve", "return") for line in log_of(room, "zh")])
    assert held(room) == []


def test_step_by_step_is_as_from_scratch(room: Newsroom) -> None:
    held(room)
    translate(room, "zh", {MONDAY: "改过的话。"})
    approve(room, "zh", at=minutes(5))
    held(room)
    shutil.rmtree(room.root / room.log_file("ru", SLUG).rsplit("/", 1)[0])
    tmx = room.memory_file("zh", "old")
    write_tmx(room.root / tmx)
    step_by_step = [held(room, language=code) for code in ("zh", "ru")]
    shutil.rmtree(room.root / CACHE)
    assert [held(room, language=code) for code in ("zh", "ru")] == step_by_step
    (room.root / tmx).unlink()
    assert all(entry.origin == SLUG for entry in held(room))


def test_nothing_is_read_again_that_looks_unchanged(room: Newsroom) -> None:
    log, long_ago = room.root / room.log_file("zh", SLUG), (1_700_000_000, 1_700_000_000)
    for path in room.files("locales"):
        os.utime(room.root / path, long_ago)
    assert len(held(room)) == 9
    with log.open("r+b") as file:
        file.write(b"x" * log.stat().st_size)
    os.utime(log, long_ago)
    assert len(held(room)) == 9
    os.utime(log)
    assert held(room) == []


# --- Prefilling --------------------------------------------------------------------------------------------


def test_new_units_get_what_was_signed(room: Newsroom) -> None:
    updated(room)
    students, friday = unit(room, STUDENTS), unit(room, FRIDAY)
    assert (students.target, students.state, students.previous) == ("双方将互派*学生*。", UnitState.NEEDS_REVIEW, None)
    assert students.comments == (f"memory: the same words, {SLUG}, {SIGNED}",)
    assert (friday.target, friday.state) == ("校长于周一签署了协议。", UnitState.NEEDS_REVIEW)
    assert friday.previous is not None
    assert friday.previous.source == MONDAY
    assert friday.comments == (f"memory: 92 %, {SLUG}, {SIGNED}",)
    assert unit(room, "A visit to the campus").state is UnitState.NEW
    assert unit(room, STUDENTS, "ru").target == "Стороны будут обмениваться *студентами*."
    assert unit(room, STUDENTS, "en").state is UnitState.TRANSLATED


def test_twice_is_as_once(room: Newsroom) -> None:
    assert any(item.changed for item in updated(room))
    assert not any(item.changed for item in updated(room))
    assert not any(item.changed for item in update(room, room.slugs(), check=True, now=LATER))


def test_what_the_translator_emptied_stays_empty(room: Newsroom) -> None:
    updated(room)
    set_unit(room, FRIDAY, targets=("",), fuzzy=False, previous=None)
    updated(room)
    assert (unit(room, FRIDAY).state, unit(room, FRIDAY).target) == (UnitState.NEW, "")
    assert not any(item.changed for item in updated(room))
    edit(room, room.story_file(OTHER), FRIDAY, "The rectors signed the agreement on Friday.")
    updated(room)
    assert unit(room, "The rectors signed the agreement on Friday.").target
    catalog = room.read_catalog("zh", OTHER)
    assert catalog is not None
    assert not any(item.obsolete for item in catalog.units)


def test_the_comment_goes_when_the_unit_is_confirmed(room: Newsroom) -> None:
    updated(room)
    set_unit(
        room,
        FRIDAY,
        targets=("校长于周五签署了协议。",),
        fuzzy=False,
        comments=("my own", *unit(room, FRIDAY).comments),
    )
    updated(room)
    assert (unit(room, FRIDAY).state, unit(room, FRIDAY).comments) == (UnitState.TRANSLATED, ("my own",))


@pytest.mark.parametrize("how", ["option", "settings"])
def test_it_can_be_switched_off(room: Newsroom, how: str) -> None:
    if how == "settings":
        edit(room, "newsroom.toml", "[sections.news]", "[memory]\nprefill = false\n\n[sections.news]")
        room = with_settings(room)
    updated(room, prefill=how == "settings")
    assert unit(room, STUDENTS).state is UnitState.NEW
    assert not (room.root / CACHE / DATABASE).exists()


def test_the_threshold_is_the_newsrooms(room: Newsroom) -> None:
    edit(room, "newsroom.toml", "[sections.news]", "[memory]\nthreshold = 95\n\n[sections.news]")
    updated(with_settings(room))
    assert unit(room, STUDENTS).target
    assert unit(room, FRIDAY).state is UnitState.NEW


def with_settings(room: Newsroom) -> Newsroom:
    from workflow.newsroom import open_newsroom

    return open_newsroom(room.root, exactly=True)


def test_without_new_units_the_memory_is_not_opened(room: Newsroom) -> None:
    update(room, [SLUG], check=False, now=LATER)
    assert not (room.root / CACHE / DATABASE).exists()


def test_a_damaged_catalog_of_another_story_is_no_obstacle(room: Newsroom) -> None:
    (room.root / room.catalog_file("zh", SLUG)).write_bytes(b"\xff")
    told: list[Diagnostic] = []
    update(room, [OTHER], check=False, now=LATER, tell=told.append)
    assert unit(room, STUDENTS).state is UnitState.NEW
    assert unit(room, STUDENTS, "ru").target
    assert len(told) == 1


# --- The cache ---------------------------------------------------------------------------------------------


def database(room: Newsroom) -> Path:
    return room.root / CACHE / DATABASE


@pytest.mark.parametrize("damage", ["garbage", "empty", "cut", "older", "foreign"])
def test_damage_is_mended(room: Newsroom, damage: str) -> None:
    whole = held(room)
    data = database(room).read_bytes()
    with contextlib.suppress(FileNotFoundError):
        Path(f"{database(room)}-wal").unlink()
    if damage in ("garbage", "empty", "cut"):
        database(room).write_bytes({"garbage": b"x" * 5000, "empty": b"", "cut": data[: len(data) // 2]}[damage])
    else:
        with contextlib.closing(sqlite3.connect(database(room))) as found:
            found.execute("PRAGMA user_version = 99" if damage == "older" else "DROP TABLE pairs")
    told: list[Diagnostic] = []
    first = held_or_nothing(room, told)
    assert first in (whole, None)
    assert held(room) == whole
    assert damage == "empty" or [found.code for found in told] == ["memory.cache"]


def held_or_nothing(room: Newsroom, told: list[Diagnostic]) -> list[Entry] | None:
    """What one use of the memory finds; damage that shows only then is mended for the next."""
    with open_memory(room, LATER, tell=told.append) as memory:
        memory.lookup(MONDAY, languages=("en", "zh"))
        return None if memory.is_damaged else list(entries(memory.database, "zh"))


def test_while_another_process_writes_it_is_taken_as_it_was(room: Newsroom) -> None:
    whole = held(room)
    translate(room, "zh", {MONDAY: "改过的话。"})
    with room.lock(LOCK):
        assert held(room) == whole
    assert len(held(room)) == len(whole) - 1
    shutil.rmtree(room.root / CACHE)
    with room.lock(LOCK):
        assert held(room) == []


def test_a_reader_sees_what_it_opened(room: Newsroom) -> None:
    with open_memory(room, LATER) as memory:
        memory.database.execute("BEGIN")
        before = list(entries(memory.database, "zh"))
        translate(room, "zh", {MONDAY: "改过的话。"})
        assert len(held(room)) == len(before) - 1
        assert list(entries(memory.database, "zh")) == before


def test_a_kill_half_way_leaves_what_there_was(room: Newsroom) -> None:
    whole = held(room)
    translate(room, "zh", {MONDAY: "改过的话。"})
    (room.root / room.catalog_file("ru", SLUG)).write_bytes(b"\xff")
    killed = subprocess.run([sys.executable, "-c", KILLED, str(room.root)], env=clean(), check=False)
    assert killed.returncode == 9
    with room.lock(LOCK):
        assert held(room) == whole
        assert len(held(room, language="ru")) == 9
    assert (len(held(room)), len(held(room, language="ru"))) == (8, 0)


KILLED = """
import datetime, os, pathlib, sys
from workflow.newsroom import open_newsroom
from workflow.operations.memory import open_memory
now = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)
with open_memory(open_newsroom(pathlib.Path(sys.argv[1])), now, tell=lambda _: os._exit(9)):
    pass
"""
"""Dies when it is told of the damaged Russian catalog, after it has put in the Chinese."""


def test_another_thread_may_ask(room: Newsroom) -> None:
    with open_memory(room, LATER) as memory, ThreadPoolExecutor(1) as pool:
        assert pool.submit(memory.lookup, MONDAY, languages=("en", "zh")).result()
    with pytest.raises(sqlite3.ProgrammingError):
        memory.lookup(MONDAY, languages=("en", "zh"))


# --- The command -------------------------------------------------------------------------------------------


def write_tmx(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        """<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx version="1.4"><header srclang="en-GB"/><body>
        <tu><tuv xml:lang="en-GB"><seg>A visit to the campus</seg></tuv><tuv xml:lang="ZH_CN"><seg>参观校园</seg></tuv>
          <tuv xml:lang="ru"><seg>Поездка в кампус</seg></tuv></tu>
        <tu><tuv xml:lang="en"><seg>a</seg></tuv><tuv xml:lang="fr"><seg>b</seg></tuv></tu>
        <tu><tuv xml:lang="en"><seg>x&#x2028;y</seg></tuv><tuv xml:lang="ru"><seg>b</seg></tuv></tu>
        <tu><tuv xml:lang="en"><seg>alone</seg></tuv></tu>
        </body></tmx>""",
        encoding="utf-8",
    )


def memory(room: Newsroom, *arguments: str) -> Result:
    return workflow(room.root, "memory", *arguments)


def test_import_search_export(room: Newsroom, tmp_path: Path) -> None:
    write_tmx(tmp_path / "Old Memory.tmx")
    done = memory(room, "import", str(tmp_path / "Old Memory.tmx"))
    assert (done.code, done.out) == (
        0,
        "locales/zh/memory/old-memory.tmx: 1 translation\nlocales/ru/memory/old-memory.tmx: 1 translation\n",
    )
    assert done.err.splitlines() == [
        "left out: 1 in languages that this newsroom does not have",
        "left out: 1 with characters that no catalog may hold",
        "left out: 1 without two languages that both have text",
    ]
    again = memory(room, "import", str(tmp_path / "Old Memory.tmx"))
    assert again.out == done.out

    found = memory(room, "search", "A visit to the old campus", "--to", "zh")
    assert (found.code, found.out) == (
        0,
        "91 %, old-memory.tmx\n    A visit to the {+old +}campus\n    参观校园\n",
    )
    assert memory(room, "search", "zebra", "--to", "zh").code == 1
    assert memory(room, "search", "zebra", "--to", "xx").code == 2

    exported = memory(room, "export", "--to", "zh", "-o", str(tmp_path / "zh.tmx"))
    assert (exported.code, exported.err) == (0, "10 translations\n")
    (room.root / "locales/zh/memory/old-memory.tmx").unlink()
    assert memory(room, "import", str(tmp_path / "zh.tmx")).code == 0
    shutil.rmtree(room.root / "locales/zh/signoffs")
    assert memory(room, "export", "--to", "zh").err == "10 translations\n"


def test_search_as_json(room: Newsroom) -> None:
    found = document(memory(room, "search", FRIDAY, "--to", "ru", "--json"))
    assert (found["from"], found["to"]) == ("en", "ru")
    (match,) = found["matches"]
    assert (match["score"], match["kind"], match["source"]) == (92, "fuzzy", MONDAY)
    assert (match["origin"], match["signers"], match["signed_at"]) == (SLUG, ["editor-ru"], "2026-11-22T12:00:00Z")
    assert ["inserted", "Friday"] in match["diff"]
    reverse = document(memory(room, "search", "校长于周一签署了协议。", "--from", "zh", "--to", "en", "--json"))
    assert [(item["target"], item["reversed"]) for item in reverse["matches"]] == [(MONDAY, True)]


@pytest.mark.parametrize("name", ["bomb.tmx", "missing.tmx", "none.tmx"])
def test_files_that_cannot_be_imported(room: Newsroom, tmp_path: Path, name: str) -> None:
    (tmp_path / "bomb.tmx").write_text('<!DOCTYPE tmx [<!ENTITY a "b">]><tmx>&a;</tmx>', encoding="utf-8")
    (tmp_path / "none.tmx").write_text("<tmx><body/></tmx>", encoding="utf-8")
    done = memory(room, "import", str(tmp_path / name))
    assert (done.code, done.out) == (3, "")
    assert name in done.err
    assert not (room.root / "locales/zh/memory").exists()


def test_update_through_the_command(room: Newsroom) -> None:
    assert workflow(room.root, "update", "--no-memory").code == 0
    assert unit(room, STUDENTS).state is UnitState.NEW
    database_file = database(room)
    database_file.parent.mkdir(exist_ok=True)
    database_file.write_bytes(b"garbage" * 1000)
    done = workflow(room.root, "update")
    assert done.code == 0
    assert "made again" in done.err
    assert unit(room, STUDENTS).comments[0].startswith(MARK)
    assert workflow(room.root, "update", "--check").code == 0
    assert EDITOR_RU not in done.out
