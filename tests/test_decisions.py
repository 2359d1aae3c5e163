"""Return and withdraw: through the operations, and once through the command line."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from newsrooms import (
    EDITOR_RU,
    EDITOR_ZH,
    NOW,
    SECOND_ZH,
    SLUG,
    TRANSLATOR_ZH,
    approve,
    edit,
    key,
    signed_newsroom,
    state_of,
    translate_site,
    translated_newsroom,
)
from pressroom import run

from workflow.errors import GateShut, UsageError
from workflow.model import SignOff, Stage
from workflow.newsroom import Newsroom
from workflow.operations.build import build
from workflow.operations.decisions import NoteText, decide, prepare_return, prepare_withdrawal
from workflow.operations.update import NOTE_MARK, update
from workflow.operations.verify import verify_newsroom

LATER = NOW + datetime.timedelta(hours=1)


def send_back(newsroom: Newsroom, *notes: NoteText, signer: str = EDITOR_ZH, at: datetime.datetime = LATER) -> SignOff:
    prepared = prepare_return(newsroom, SLUG, "zh", signer=signer, role=None, notes=notes, now=at)
    return decide(newsroom, prepared, key=key(signer))


def take_back(newsroom: Newsroom, reason: str = "数字有误。", at: datetime.datetime = LATER) -> SignOff:
    prepared = prepare_withdrawal(newsroom, SLUG, "zh", signer=EDITOR_ZH, role=None, reason=reason, now=at)
    return decide(newsroom, prepared, key=key(EDITOR_ZH))


def target_of(newsroom: Newsroom, number: int) -> str:
    """The translation of the n-th unit of the Chinese catalog."""
    catalog = newsroom.read_catalog("zh", SLUG)
    assert catalog is not None
    return catalog.live[number - 1].target


def change(newsroom: Newsroom, number: int) -> None:
    target = target_of(newsroom, number)
    edit(newsroom, newsroom.catalog_file("zh", SLUG), f'msgstr "{target}"', f'msgstr "{target}又"')


@pytest.fixture
def signed(tmp_path: Path) -> Newsroom:
    newsroom = signed_newsroom(tmp_path)
    translate_site(newsroom)
    return newsroom


@pytest.fixture
def translated(tmp_path: Path) -> Newsroom:
    return translated_newsroom(tmp_path)


def test_nobody_decides_in_a_role_that_no_rule_asks_for(signed: Newsroom) -> None:
    with pytest.raises(GateShut, match="no rule asks for the role translator"):
        prepare_withdrawal(signed, SLUG, "zh", signer=TRANSLATOR_ZH, role="translator", reason="no", now=LATER)
    with pytest.raises(GateShut, match=f"{TRANSLATOR_ZH} is not editor for zh"):
        prepare_return(signed, SLUG, "zh", signer=TRANSLATOR_ZH, role=None, notes=[], now=LATER)


def test_a_return_is_told_by_status_and_blocks_everybody_else(translated: Newsroom) -> None:
    send_back(translated, NoteText(segment=2, text="日期有误"))
    standing = state_of(translated, "zh").standing
    assert standing.stage is Stage.RETURNED
    assert any("日期有误" in reason for reason in standing.blocked_by)
    with pytest.raises(GateShut, match="日期有误"):
        approve(translated, "zh", SECOND_ZH, at=LATER)


def test_a_note_is_settled_when_its_segment_changes_and_only_then(translated: Newsroom) -> None:
    send_back(translated, NoteText(segment=2, text="日期有误"))
    change(translated, 1)
    assert [note.text for note in state_of(translated, "zh").standing.notes] == ["日期有误"]
    change(translated, 2)
    assert state_of(translated, "zh").standing.notes == ()
    assert approve(translated, "zh", SECOND_ZH, at=LATER).is_complete


def test_a_note_on_the_whole_edition_is_settled_by_any_change(translated: Newsroom) -> None:
    send_back(translated, NoteText(segment=None, text="语气太硬"))
    assert state_of(translated, "zh").standing.notes
    change(translated, 1)
    assert state_of(translated, "zh").standing.notes == ()


def test_its_author_settles_a_note_by_approving(translated: Newsroom) -> None:
    send_back(translated, NoteText(segment=2, text="日期有误"))
    assert approve(translated, "zh", EDITOR_ZH, at=LATER).is_complete
    assert state_of(translated, "zh").standing.stage is Stage.SIGNED_OFF


def test_the_translator_finds_the_note_in_the_catalog_until_it_is_settled(translated: Newsroom) -> None:
    send_back(translated, NoteText(segment=2, text="日期有误"))
    path = translated.catalog_file("zh", SLUG)
    update(translated, [SLUG], check=False, now=LATER)
    noted = translated.read(path).decode()
    assert noted.count(NOTE_MARK) == 1
    assert "日期有误" in noted
    assert state_of(translated, "zh").standing.stage is Stage.RETURNED
    update(translated, [SLUG], check=False, now=LATER)
    assert translated.read(path).decode() == noted
    change(translated, 2)
    update(translated, [SLUG], check=False, now=LATER)
    assert NOTE_MARK not in translated.read(path).decode()


def test_what_is_published_stays_when_its_words_are_returned(signed: Newsroom) -> None:
    build(signed, now=LATER)
    before = signed.read(f"out/web/zh/{SLUG}/index.html")
    send_back(signed, NoteText(segment=1, text="标题太长"))
    report = build(signed, now=LATER)
    assert not report.faults
    assert signed.read(f"out/web/zh/{SLUG}/index.html") == before


def test_a_segment_that_is_not_there_cannot_be_noted(translated: Newsroom) -> None:
    with pytest.raises(UsageError, match="no segment 99"):
        send_back(translated, NoteText(segment=99, text="?"))


def test_an_editor_of_another_language_can_neither_return_nor_withdraw(signed: Newsroom) -> None:
    with pytest.raises(GateShut, match="is not editor for zh"):
        send_back(signed, NoteText(segment=None, text="?"), signer=EDITOR_RU)


def test_a_withdrawn_edition_leaves_a_notice_with_its_reason_and_nothing_else(signed: Newsroom) -> None:
    build(signed, now=LATER)
    take_back(signed, "数字有误，<b>正在</b>核实。")
    assert state_of(signed, "zh").standing.stage is Stage.WITHDRAWN
    report = build(signed, now=LATER)
    assert not report.faults
    page = signed.read(f"out/web/zh/{SLUG}/index.html").decode()
    assert "数字有误，&lt;b&gt;正在&lt;/b&gt;核实。" in page
    assert target_of(signed, 2) not in page
    assert not signed.exists(f"out/print/zh/{SLUG}.pdf")
    lists = ("out/web/zh/index.html", "out/web/zh/feed.xml", "out/web/sitemap.xml", f"out/web/ru/{SLUG}/index.html")
    for path in lists:
        assert f"zh/{SLUG}" not in signed.read(path).decode()
    assert not verify_newsroom(signed, LATER).faults


def test_a_withdrawn_edition_comes_back_when_it_is_signed_again(signed: Newsroom) -> None:
    take_back(signed)
    build(signed, now=LATER)
    assert approve(signed, "zh", EDITOR_ZH, at=LATER).is_complete
    build(signed, now=LATER)
    assert target_of(signed, 2) in signed.read(f"out/web/zh/{SLUG}/index.html").decode()
    assert signed.exists(f"out/print/zh/{SLUG}.pdf")


def test_nothing_can_be_withdrawn_that_is_not_published(translated: Newsroom) -> None:
    with pytest.raises(GateShut, match="nothing of"):
        take_back(translated)


def test_a_withdrawal_takes_back_what_is_live_and_not_what_is_in_work(signed: Newsroom) -> None:
    change(signed, 2)
    record = take_back(signed)
    assert record.edition == state_of(signed, "zh").standing.approved.edition  # type: ignore[union-attr]


def test_a_note_cannot_command_the_terminal(translated: Newsroom) -> None:
    send_back(translated, NoteText(segment=None, text="red \x1b[31m and \u202e backwards"))
    shown = run("status", root=translated.root).stdout
    assert "red \\x1b[31m and \\u202e backwards" in " ".join(shown.split())
