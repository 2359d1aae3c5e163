"""`workflow sign-off export`: what anybody confirms with stock OpenSSH."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from newsrooms import (
    EDITOR_ZH,
    ONE_EDITOR,
    SLUG,
    approve,
    edit,
    key,
    listing,
    log_of,
    minutes,
    set_log,
    signed_newsroom,
    translate,
    with_rules,
)

from workflow.errors import InputError, UsageError
from workflow.newsroom import Newsroom
from workflow.operations.export import export, signed_slug
from workflow.signing import public_key
from workflow.signoff import parse_record, payload

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    """zh was signed twice."""
    newsroom = signed_newsroom(tmp_path / "newsroom")
    translate(newsroom, "zh", {"Teachers follow in June.": "教师六月。"})
    approve(newsroom, "zh", at=minutes(1))
    return newsroom


def confirmed(command: str, folder: Path) -> bool:
    """What a stranger's shell says, in another time zone."""
    environment = {"PATH": os.environ["PATH"], "TZ": "America/Los_Angeles"}
    done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, capture_output=True, check=False)
    return done.returncode == 0 and b"Good" in done.stdout


def workflow(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    command = [sys.executable, "-m", "workflow", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)


def test_every_record_is_confirmed_by_the_printed_line(newsroom: Newsroom, tmp_path: Path) -> None:
    folder = tmp_path / "for the court's clerk"
    done = export(newsroom, SLUG, "zh", folder, minutes(60))
    assert done.faults == ()
    assert [confirmed(command, tmp_path) for command in done.commands] == [True, True]
    assert sorted(file.name for file in folder.iterdir()) == [
        "0001-approve.json",
        "0001-approve.json.sig",
        "0002-approve.json",
        "0002-approve.json.sig",
        "newsroom.signers",
    ]
    for number, line in enumerate(log_of(newsroom, "zh"), start=1):
        assert (folder / f"000{number}-approve.json").read_bytes() == payload(parse_record(line))


@pytest.mark.parametrize("name", ["0001-approve.json", "0001-approve.json.sig"])
def test_a_byte_changed_afterwards_is_refused(name: str, newsroom: Newsroom, tmp_path: Path) -> None:
    done = export(newsroom, SLUG, "zh", tmp_path / "to", minutes(60))
    file = tmp_path / "to" / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert not confirmed(done.commands[0], tmp_path)


def test_a_record_that_does_not_count_is_exported_and_named(newsroom: Newsroom, tmp_path: Path) -> None:
    lines = log_of(newsroom, "zh")
    set_log(newsroom, "zh", [lines[0], lines[1].replace("12:01:00", "12:01:01")])
    done = export(newsroom, SLUG, "zh", tmp_path / "to", minutes(60))
    assert [str(found.location) for found in done.faults] == [f"locales/zh/signoffs/{SLUG}.jsonl:2"]
    assert [confirmed(command, tmp_path) for command in done.commands] == [True, False]


def test_the_revocation_list_goes_along(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom = with_rules(newsroom, f'[signoff]\nrevocations = "revoked"\n\n{ONE_EDITOR}')
    (newsroom.root / "revoked").write_text(f"{public_key(key('somebody'))}\n")
    (first, _) = export(newsroom, SLUG, "zh", tmp_path / "to", minutes(60)).commands
    assert confirmed(first, tmp_path)
    (newsroom.root / "revoked").write_text(f"{public_key(key(EDITOR_ZH))}\n")
    (first, _) = export(newsroom, SLUG, "zh", tmp_path / "to", minutes(60)).commands
    assert not confirmed(first, tmp_path)


def test_a_story_may_be_gone_and_must_have_been_signed(newsroom: Newsroom, tmp_path: Path) -> None:
    assert signed_slug(newsroom, f"stories/{SLUG}/story.md", "zh") == SLUG
    (newsroom.root / f"stories/{SLUG}/story.md").unlink()
    assert signed_slug(newsroom, SLUG, "zh") == SLUG
    for story, language in ((SLUG, "en"), (SLUG, "fr"), ("../../x", "zh"), ("none", "zh")):
        with pytest.raises(UsageError):
            signed_slug(newsroom, story, language)


def test_a_log_that_cannot_be_read_is_no_export(newsroom: Newsroom, tmp_path: Path) -> None:
    set_log(newsroom, "zh", ["{}"])
    with pytest.raises(InputError):
        export(newsroom, SLUG, "zh", tmp_path / "to", minutes(60))
    assert not (tmp_path / "to").exists()


# --- The command line ----------------------------------------------------------------------------------------


def test_the_command_prints_what_confirms_each_record(newsroom: Newsroom) -> None:
    edit(newsroom, "newsroom.signers", listing(EDITOR_ZH), listing(EDITOR_ZH))
    done = workflow(newsroom.root, "sign-off", "export", SLUG, "zh")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [confirmed(line, newsroom.root.parent) for line in lines] == [True, True]
    assert (newsroom.root / "sign-offs/zh" / SLUG / "0002-approve.json.sig").is_file()
    elsewhere = workflow(newsroom.root.parent, "-C", "newsroom", "sign-off", "export", SLUG, "zh", "--to", "here")
    assert elsewhere.returncode == 0
    assert (newsroom.root.parent / "here/0001-approve.json").is_file()


def test_help_tells_of_both_ways(newsroom: Newsroom) -> None:
    shown = workflow(newsroom.root, "sign-off", "--help").stdout
    assert "sign-off [OPTIONS] STORY LANG" in shown
    assert "sign-off export [OPTIONS] STORY LANG" in shown
    assert "--to DIR" in workflow(newsroom.root, "sign-off", "export", "--help").stdout
    assert workflow(newsroom.root, "sign-off", "export", SLUG).returncode == 2
    assert workflow(newsroom.root, "sign-off", "export", "none", "zh").returncode == 2


def test_a_story_named_export_can_be_signed(newsroom: Newsroom) -> None:
    root = newsroom.root
    (root / "stories/export").mkdir()
    (root / "stories/export/story.md").write_text(
        "---\nlanguages: [zh]\nlanguage: zh\nsection: news\npublished: 2026-11-20\n---\n\n# 出口\n\n正文。\n"
    )
    assert workflow(root, "update").returncode == 0
    done = workflow(root, "sign-off", "stories/export", "zh", "--as", EDITOR_ZH, "--key", str(key(EDITOR_ZH)))
    assert done.returncode == 0, done.stderr
    assert workflow(root, "sign-off", "export", "export", "zh").returncode == 0
