"""What somebody with write access to the newsroom, and perhaps a key of their own, may try."""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import newsrooms
import pytest
from newsrooms import (
    EDITOR_RU,
    EDITOR_ZH,
    NOW,
    SLUG,
    approve,
    decide,
    edit,
    faults_of,
    key,
    list_signers,
    listing,
    log_of,
    minutes,
    record_of,
    set_log,
    signed,
    signed_newsroom,
    state_of,
    translated_newsroom,
)

from workflow.canonical import digest
from workflow.errors import GateShut, InputError, UsageError
from workflow.model import Decision, Stage
from workflow.newsroom import Newsroom, open_newsroom
from workflow.newsroom.reading import MAX_BYTES
from workflow.operations.build import build
from workflow.operations.published import shelves
from workflow.operations.verdicts import Verdicts
from workflow.operations.verify import verify_newsroom
from workflow.settings import FILE_NAME
from workflow.signing import SIGNERS_FILE
from workflow.signoff import MEANINGS, format_record

LOG = f"locales/zh/signoffs/{SLUG}.jsonl"
EDITION = f"locales/zh/editions/{SLUG}.md"


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return signed_newsroom(tmp_path / "newsroom")


def published(newsroom: Newsroom) -> list[str]:
    """The languages that a build would put on the web."""
    verdicts = Verdicts.load(newsroom, minutes(600), cached=False)
    return [shelf.language.code for shelf in shelves(newsroom, verdicts) if shelf.web]


def put(newsroom: Newsroom, **changes: Any) -> None:
    """Makes the editor's record the only one of the log, changed and well signed by their own key."""
    set_log(newsroom, "zh", [])
    set_log(newsroom, "zh", [format_record(signed(record_of(newsroom, **changes)))])


# --- An editor who goes round the command, with a key that is listed ------------------------------------------

LIES: dict[str, tuple[dict[str, Any], str, str]] = {
    "meaning of a return": ({"meaning": MEANINGS[Decision.RETURN]}, "signoff.log", "meaning: "),
    "meaning of their own": ({"meaning": "I approve nothing."}, "signoff.log", "meaning: "),
    "no picture": ({"media": {}}, "signoff.media", "media: "),
    "one picture more": ({"media": {"signing.png": digest("x")}}, "signoff.media", "media: "),
    "section": ({"section": "official"}, "signoff.section", "section: "),
}


@pytest.mark.parametrize("name", LIES)
def test_a_well_signed_record_that_lies_of_the_words_lets_them_not_out(name: str, newsroom: Newsroom) -> None:
    changes, code, start = LIES[name]
    put(newsroom, **changes)
    found = [item for item in verify_newsroom(newsroom, minutes(60)).faults if str(item.location) == f"{LOG}:1"]
    assert [item.code for item in found] == [code]
    assert found[0].message.startswith(start)
    assert found[0].hint
    assert published(newsroom) == ["ru"]
    newsrooms.translate_site(newsroom)
    assert [item.language for item in build(newsroom, now=minutes(60)).editions] == ["ru"], "only that one is held back"


def test_a_picture_under_another_ending_is_another_picture(newsroom: Newsroom) -> None:
    ((name, sha256),) = record_of(newsroom).media.items()
    put(newsroom, media={name.replace(".png", ".svg"): sha256})
    assert ("signoff.media", f"{LOG}:1") in faults_of(newsroom)
    put(newsroom, media={"renamed.PNG": sha256})
    assert faults_of(newsroom) == []


def test_a_record_of_other_pictures_is_mended_as_it_says(newsroom: Newsroom) -> None:
    put(newsroom, media={})
    decide(newsroom, at=minutes(1), decision=Decision.RETURN)
    assert approve(newsroom, "zh", at=minutes(2)).is_complete
    assert faults_of(newsroom) == []
    assert published(newsroom) == ["zh", "ru"]


def test_a_translator_is_no_second_person_by_another_form_of_a_letter(tmp_path: Path) -> None:
    newsroom = translated_newsroom(tmp_path)
    for translator in (EDITOR_ZH.upper(), EDITOR_ZH.replace("e", "\uff45", 1)):
        put(newsroom, translators=(f"Somebody <{translator}>",))
        assert state_of(newsroom, "zh").standing.approved is None


@pytest.mark.parametrize("twin", [EDITOR_ZH.capitalize(), EDITOR_ZH.replace("e", "\uff45", 1)])
def test_one_address_in_two_forms_is_one_person(twin: str, newsroom: Newsroom) -> None:
    more = f'[people."{twin}"]\nname = "x"\nlanguages = ["zh"]\nroles = ["editor"]\n\n[[signoff.rules]]'
    edit(newsroom, FILE_NAME, "[[signoff.rules]]", more)
    with pytest.raises(InputError, match=f"the address of {EDITOR_ZH}") as caught:
        open_newsroom(newsroom.root)
    assert caught.value.diagnostics[0].location is not None


def test_an_address_that_only_looks_alike_is_nobody(newsroom: Newsroom) -> None:
    signer = EDITOR_ZH.replace("e", "\u0435", 1)
    put(newsroom, signer=signer, signature="")
    set_log(newsroom, "zh", [format_record(signed(record_of(newsroom, signer=signer), key(EDITOR_ZH)))])
    assert ("signoff.signer", f"{LOG}:1") in faults_of(newsroom)


# --- Files that are none ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [LOG, EDITION])
def test_a_pipe_in_place_of_a_file_is_no_hang(path: str, newsroom: Newsroom) -> None:
    (newsroom.root / path).unlink()
    os.mkfifo(newsroom.root / path)
    found = {item.message for item in verify_newsroom(newsroom, minutes(60)).faults if str(item.location) == path}
    assert "not a regular file" in found
    assert published(newsroom) == ["ru"]


def test_a_pipe_in_place_of_what_all_depends_on_is_no_hang(newsroom: Newsroom) -> None:
    (newsroom.root / SIGNERS_FILE).unlink()
    os.mkfifo(newsroom.root / SIGNERS_FILE)
    with pytest.raises(InputError, match="not a regular file"):
        faults_of(newsroom)
    (newsroom.root / FILE_NAME).unlink()
    os.mkfifo(newsroom.root / FILE_NAME)
    with pytest.raises(UsageError):
        open_newsroom(newsroom.root, exactly=True)


def test_a_file_larger_than_the_memory_is_refused_unread(newsroom: Newsroom) -> None:
    for path in (LOG, EDITION):
        os.truncate(newsroom.root / path, MAX_BYTES * 2_000)
    assert {place for _, place in faults_of(newsroom)} == {LOG, EDITION}
    assert published(newsroom) == ["ru"]


@pytest.mark.parametrize("folder", ["signoffs/2026", "editions/2026"])
def test_a_folder_behind_a_link_takes_nothing_out_of_publication_in_silence(
    folder: str, newsroom: Newsroom, tmp_path: Path
) -> None:
    path = newsroom.root / "locales/zh" / folder
    shutil.move(path, tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    for attempt in (faults_of, published):
        with pytest.raises(InputError, match="a link to a folder") as caught:
            attempt(newsroom)
        assert str(caught.value.diagnostics[0].location) == f"locales/zh/{folder}"


# --- Time and settings -----------------------------------------------------------------------------------------

SECOND = datetime.timedelta(seconds=1)


@pytest.mark.parametrize(
    ("window", "good"),
    [
        ('valid-before="20261122120000"', True),
        ('valid-before="20261122115959"', False),
        ('valid-after="20261122120000"', True),
        ('valid-after="20261122120001"', False),
        ('valid-after="20261122120000",valid-before="20261122120001"', True),
        ('valid-after="20261122120000",valid-before="20261122120000"', False),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai"])
def test_a_key_is_valid_in_its_first_and_in_its_last_second(
    zone: str, window: str, good: bool, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    assert record_of(newsroom).at == NOW
    list_signers(newsroom, [listing(EDITOR_RU), listing(EDITOR_ZH, options=window)])
    assert (published(newsroom) == ["zh", "ru"]) is good


ODD_LISTINGS: dict[str, Callable[[str], str]] = {
    "options in another order": lambda line: line.replace("namespaces", 'valid-after="20200101",namespaces'),
    "capitals": lambda line: line.replace("namespaces", "NAMESPACES"),
    "a pattern of purposes": lambda line: line.replace('"signoff@', '"git,signoff@').replace("bulletin-workflow", "*"),
    "the address in quotes": lambda line: f'"{line.replace(" ", chr(34) + " ", 1)}',
    "tabs": lambda line: f"\t{line.replace(' ', chr(9) * 2)}",
    "a Windows line end": lambda line: f"{line}\r",
    "a remark": lambda line: f"{line} editor # of zh",
    "without purpose": lambda line: f"{EDITOR_ZH} {line.split(' ', 2)[2]}",
}


@pytest.mark.parametrize("name", ODD_LISTINGS)
def test_a_line_written_otherwise_is_read_as_openssh_reads_it(name: str, newsroom: Newsroom) -> None:
    """By us too: the key is still known to have an owner."""
    odd = ODD_LISTINGS[name](listing(EDITOR_ZH))
    list_signers(newsroom, [listing(EDITOR_RU), odd])
    assert published(newsroom) == ["zh", "ru"]
    list_signers(newsroom, [listing(EDITOR_RU), odd, listing(newsrooms.SECOND_ZH, EDITOR_ZH)])
    with pytest.raises(InputError, match="one key for"):
        published(newsroom)


def test_a_name_changed_since_changes_nothing_that_was_signed(newsroom: Newsroom) -> None:
    edit(newsroom, FILE_NAME, 'name = "editor-zh"', 'name = "Somebody Else"')
    newsroom = open_newsroom(newsroom.root)
    assert faults_of(newsroom) == []
    assert state_of(newsroom, "zh").standing.approved
    assert '"name":"editor-zh"' in log_of(newsroom, "zh")[0]


def test_a_role_taken_away_takes_its_approvals_along_until_it_is_given_back(newsroom: Newsroom) -> None:
    table = f'[people."{EDITOR_ZH}"]\nname = "editor-zh"\nlanguages = ["zh"]\nroles = ["editor"'
    edit(newsroom, FILE_NAME, f"{table}]", table.replace('"editor"', '"chief"') + "]")
    found = {
        (item.code, str(item.location)): item
        for item in verify_newsroom(open_newsroom(newsroom.root), minutes(60)).faults
    }
    assert "in that role" in (found["signoff.signer", f"{LOG}:1"].hint or "")
    assert published(open_newsroom(newsroom.root)) == ["ru"]
    edit(newsroom, FILE_NAME, 'roles = ["chief"', 'roles = ["editor", "chief"')
    assert published(open_newsroom(newsroom.root)) == ["zh", "ru"]


def test_a_language_given_up_and_taken_up_again_has_what_was_signed(newsroom: Newsroom) -> None:
    settings = (newsroom.root / FILE_NAME).read_text()
    table = '[languages.ru]\nlocale = "ru_RU"\n'
    assert table in settings
    (newsroom.root / FILE_NAME).write_text(settings.replace(table, "").replace('["ru"]', '["zh"]'))
    assert published(open_newsroom(newsroom.root)) == ["zh"]
    (newsroom.root / FILE_NAME).write_text(settings)
    assert published(open_newsroom(newsroom.root)) == ["zh", "ru"]
    assert faults_of(newsroom) == []


# --- The manifest and the logs, put back to an older time -------------------------------------------------------


def test_an_older_manifest_put_back_is_found(newsroom: Newsroom) -> None:
    newsrooms.translate_site(newsroom)
    build(newsroom, now=minutes(60))
    older = (newsroom.root / "out/manifest.json").read_bytes()
    newsrooms.translate(newsroom, "zh", {"Students move in May.": "学生五月入住。"})
    approve(newsroom, "zh", at=minutes(61))
    build(newsroom, now=minutes(62))
    assert faults_of(newsroom) == []
    (newsroom.root / "out/manifest.json").write_bytes(older)
    page = f"out/web/zh/{SLUG}/index.html"
    assert {("out.changed", page), ("out.outdated", page)} <= set(faults_of(newsroom))


def test_a_line_that_a_merge_doubled_is_mended_as_it_says(newsroom: Newsroom) -> None:
    set_log(newsroom, "zh", log_of(newsroom, "zh") * 2)
    (found,) = [item for item in verify_newsroom(newsroom, minutes(60)).faults if item.code == "signoff.chain"]
    assert str(found.location) == f"{LOG}:2"
    assert "delete this line" in (found.hint or "")
    with pytest.raises(GateShut):
        approve(newsroom, "zh", at=minutes(1))
    set_log(newsroom, "zh", log_of(newsroom, "zh")[:1])
    assert faults_of(newsroom) == []
    assert state_of(newsroom, "zh").standing.stage is Stage.SIGNED_OFF


def test_a_record_of_a_newsroom_at_another_address_counts_for_nothing(newsroom: Newsroom) -> None:
    record = record_of(newsroom)
    for url in ("https://newsroom.example", "http://newsroom.example/", "https://NEWSROOM.example/"):
        set_log(newsroom, "zh", [format_record(signed(replace(record, newsroom=url, follows=())))])
        assert ("signoff.copied", f"{LOG}:1") in faults_of(newsroom)
        assert published(newsroom) == ["ru"]
