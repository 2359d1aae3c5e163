"""Who decided what, when, on which words: operation and command."""

from __future__ import annotations

import datetime
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from newsrooms import (
    EDITOR_EN,
    EDITOR_RU,
    EDITOR_ZH,
    NOW,
    SECOND_ZH,
    SLUG,
    append,
    approve,
    decide,
    edit,
    log_of,
    minutes,
    record_of,
    set_log,
    signed,
    signed_newsroom,
    translate,
    translated_newsroom,
)
from test_cli import Result, clean, document, workflow

from workflow.errors import UsageError
from workflow.model import Decision, Note
from workflow.newsroom import Newsroom
from workflow.operations.history import Entry, history
from workflow.signoff import format_record

LATER = NOW + datetime.timedelta(days=1)
MONDAY = "The rector signed the agreement on Monday."


def entries(newsroom: Newsroom, language: str | None = None) -> tuple[Entry, ...]:
    return history(newsroom, SLUG, language, LATER).entries


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    return signed_newsroom(tmp_path / "room")


# --- The operation -----------------------------------------------------------------------------------------


def test_all_languages_the_newest_last(room: Newsroom) -> None:
    approve(room, "en", EDITOR_EN, at=minutes(-5))
    note = Note(segment=record_of(room).segments[2], text="Monday")
    decide(room, decision=Decision.RETURN, at=minutes(10), notes=(note,))
    approve(room, "zh", at=minutes(20))
    found = [(item.line.record.language, item.line.record.decision, item.live, item.why_not) for item in entries(room)]
    assert found == [
        ("en", "approve", True, ""),
        ("zh", "approve", False, ""),
        ("ru", "approve", True, ""),
        ("zh", "return", False, ""),
        ("zh", "approve", True, ""),
    ]
    assert [item.line.record.language for item in entries(room, "zh")] == ["zh"] * 3


def test_the_words_that_are_live_stay_marked_while_others_wait(room: Newsroom) -> None:
    translate(room, "zh", {MONDAY: "校长于周二签署了协议。"})
    assert [item.live for item in entries(room, "zh")] == [True]
    decide(room, decision=Decision.RETURN, at=minutes(1))
    assert [item.live for item in entries(room, "zh")] == [True, False]


def test_withdrawn_words_are_not_live(room: Newsroom) -> None:
    decide(room, decision=Decision.WITHDRAW, at=minutes(1))
    assert [item.live for item in entries(room, "zh")] == [False, False]


def test_words_that_were_edited_after_signing_are_not_live(room: Newsroom) -> None:
    edit(room, room.edition_file("zh", SLUG), "周一", "周二")
    (entry,) = entries(room, "zh")
    assert (entry.live, entry.why_not) == (False, "")


def test_a_bad_signature_says_so_and_spoils_no_other(room: Newsroom) -> None:
    record = signed(record_of(room, at=minutes(1)))
    append(room, "zh", format_record(record).replace('"editor"', '"chief"'))
    good, bad = entries(room, "zh")
    assert (good.why_not, good.live) == ("", True)
    assert "is not chief for zh" in bad.why_not
    set_log(room, "zh", log_of(room, "zh")[:1])
    forged = signed(record_of(room, signer=SECOND_ZH, at=minutes(2)))
    append(room, "zh", *[format_record(forged).replace("12:02:00", "12:03:00")])
    good, bad = entries(room, "zh")
    assert good.live
    assert "signature" in bad.why_not


def test_after_a_removed_line_nothing_counts(room: Newsroom) -> None:
    approve(room, "zh", SECOND_ZH, at=minutes(1))
    decide(room, decision=Decision.RETURN, at=minutes(2))
    lines = log_of(room, "zh")
    set_log(room, "zh", [lines[0], lines[2]])
    found = history(room, SLUG, "zh", LATER)
    one, two = found.entries
    assert one.why_not == "the log is broken at line 2"
    assert "one was removed or edited" in two.why_not
    assert found.faults


def test_a_story_that_was_taken_away_keeps_its_history(room: Newsroom) -> None:
    shutil.rmtree(room.root / "stories")
    assert len(entries(room)) == 2
    for name in ("2026/other", "../../room/" + SLUG, "", "2026"):
        with pytest.raises(UsageError):
            history(room, name, None, LATER)


# --- The command -------------------------------------------------------------------------------------------


def told(result: Result) -> str:
    """Stdout with the digests, which hang on a picture's bytes, made the same everywhere."""
    return re.sub(r"\b[0-9a-f]{12}\b", "d1ge57d1ge57", result.out)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Signed long before any machine's clock; only to be read."""
    room = translated_newsroom(tmp_path_factory.mktemp("history") / "room")
    at = [datetime.datetime(2024, 5, day, 12, tzinfo=datetime.UTC) for day in range(1, 8)]
    approve(room, "ru", EDITOR_RU, at=at[0])
    notes = (
        Note(segment=record_of(room).segments[2], text="不是周一,\n是周二"),
        Note(segment="", text="\x1b[31mred"),
    )
    decide(room, "zh", EDITOR_ZH, decision=Decision.RETURN, at=at[1], notes=notes)
    translate(room, "zh", {MONDAY: "校长于周二签署了协议。"})
    approve(room, "zh", EDITOR_ZH, at=at[2])
    append(room, "zh", format_record(signed(record_of(room, signer=SECOND_ZH, at=at[3]))).replace("-04T", "-05T"))
    return room


def test_the_table(shown: Newsroom) -> None:
    result = workflow(shown.root, "history", SLUG)
    assert told(result) == (
        "WHEN (UTC)           LANG  DECISION  EDITION       COUNTS  ROLE    WHO\n"
        "2024-05-01 12:00:00  ru    approve   d1ge57d1ge57  live    editor  editor-ru <editor-ru@newsroom.example>\n"
        "2024-05-02 12:00:00  zh    return    d1ge57d1ge57  yes     editor  editor-zh <editor-zh@newsroom.example>\n"
        "    note to segment 3: 不是周一,\n"
        "    是周二\n"
        "    note: \\x1b[31mred\n"
        "2024-05-03 12:00:00  zh    approve   d1ge57d1ge57  live    editor  editor-zh <editor-zh@newsroom.example>\n"
        "2024-05-05 12:00:00  zh    approve   d1ge57d1ge57  no      editor  second-zh <second-zh@newsroom.example>\n"
        f"    does not count: {entries(shown)[-1].why_not} (locales/zh/signoffs/{SLUG}.jsonl:3)\n"
    )
    assert result.code == 1
    assert result.err == "1 fault: see workflow verify\n"
    sound = workflow(shown.root, "history", f"stories/{SLUG}/story.md", "ru")
    assert (sound.code, sound.err, len(sound.out.splitlines())) == (0, "", 2)


def test_json_has_all_fields(shown: Newsroom) -> None:
    result = workflow(shown.root, "history", SLUG, "zh", "--json")
    found = document(result)
    assert (result.code, result.err, found["story"]) == (1, "", SLUG)
    lines = [json.loads(line) for line in log_of(shown, "zh")]
    assert len(found["records"]) == len(lines) == 3
    for record, line in zip(found["records"], lines, strict=True):
        assert line.items() <= record.items()
        assert set(record) - set(line) == {"path", "line", "sha256", "counts", "why_not", "live"}
    assert [record["counts"] for record in found["records"]] == [True, True, False]
    assert [record["live"] for record in found["records"]] == [False, True, False]
    assert found["records"][2]["line"] == 3
    assert [item["line"] for item in found["diagnostics"]] == [3]


def test_nobody_has_decided(tmp_path: Path) -> None:
    root = translated_newsroom(tmp_path / "room").root
    result = workflow(root, "history", SLUG, "zh")
    assert (result.code, result.out, result.err) == (0, "", f"nobody has decided on {SLUG} in zh yet\n")
    assert document(workflow(root, "history", SLUG, "--json"))["records"] == []


def test_a_log_that_cannot_be_read(tmp_path: Path) -> None:
    room = signed_newsroom(tmp_path / "room")
    set_log(room, "zh", ["not json"])
    result = workflow(room.root, "history", SLUG)
    assert result.code == 1
    assert f"locales/zh/signoffs/{SLUG}.jsonl:1: error: not JSON" in result.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["nope"], "no story `nope`"), ([SLUG, "de"], "no language `de`"), ([], "Missing argument 'STORY'")],
)
def test_wrong_usage(shown: Newsroom, arguments: list[str], said: str) -> None:
    result = workflow(shown.root, "history", *arguments)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


def test_starts_without_the_slow_libraries(shown: Newsroom) -> None:
    program = (
        "import sys; sys.argv[1:] = ['history', sys.argv[1]]\n"
        "from workflow.cli import workflow\n"
        "workflow.main(standalone_mode=False)\n"
        "print(sorted({'jinja2', 'weasyprint', 'markdown_it', 'polib', 'PIL'} & set(sys.modules)), file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", program, SLUG]
    done = subprocess.run(command, cwd=shown.root, env=clean(), capture_output=True, encoding="utf-8", check=True)
    assert done.stderr.splitlines()[-1] == "[]"
