"""Nobody publishes unsigned words, and what is published is what was signed."""

from __future__ import annotations

import datetime
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import newsrooms
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsrooms import (
    CHIEF,
    EDITOR_RU,
    EDITOR_ZH,
    NOW,
    PICTURE,
    SECOND_ZH,
    SLUG,
    STORY,
    STORY_TEXT,
    TRANSLATOR_ZH,
    TWO_EDITORS,
    WORDS,
    append,
    approve,
    decide,
    edit,
    faults_of,
    frozen,
    key,
    list_signers,
    listing,
    log_of,
    make_key,
    minutes,
    record_of,
    refresh,
    set_log,
    signed,
    signed_newsroom,
    state_of,
    translate,
    translated_newsroom,
    with_rules,
)

from workflow.canonical import canonical_json, digest
from workflow.errors import ConflictError, GateShut, InputError, MachineError, UsageError
from workflow.model import Decision, Note, SignOff, Stage
from workflow.newsroom import Newsroom, open_newsroom
from workflow.operations.build import build
from workflow.operations.published import Shelf, shelves
from workflow.operations.sign_off import prepare, sign_off
from workflow.operations.status import status
from workflow.operations.verdicts import Verdicts
from workflow.operations.verify import verify_newsroom
from workflow.signing import NAMESPACE, SIGNERS_FILE
from workflow.signoff import MEANINGS, chain_faults, format_record, heads, parse_log, parse_record, payload

HEADLINE, MONDAY = "Universities sign an agreement", "The rector signed the agreement on Monday."
ZH_LOG, ZH_EDITION = f"locales/zh/signoffs/{SLUG}.jsonl", f"locales/zh/editions/{SLUG}.md"


@pytest.fixture
def translated(tmp_path: Path) -> Newsroom:
    return translated_newsroom(tmp_path / "newsroom")


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    """zh and ru are signed off."""
    return signed_newsroom(tmp_path / "newsroom")


def stage(newsroom: Newsroom, language: str = "zh") -> Stage:
    return state_of(newsroom, language).standing.stage


def shelf_of(newsroom: Newsroom, language: str, verdicts: Verdicts) -> Shelf:
    return next(item for item in shelves(newsroom, verdicts) if item.language.code == language)


def live(newsroom: Newsroom, language: str = "zh", now: datetime.datetime | None = None) -> list[str]:
    """The digests of what may be published."""
    verdicts = Verdicts.load(newsroom, now or minutes(60), cached=False)
    return [edition.digest for edition in shelf_of(newsroom, language, verdicts).editions]


def codes(newsroom: Newsroom) -> set[str]:
    return {code for code, _ in faults_of(newsroom)}


# --- Law 4: any change makes a sign-off stale, undoing it makes it valid again -------------------------------

Change = Callable[[Newsroom], None]


def replaced(old: str, new: str) -> Change:
    return lambda newsroom: edit(newsroom, STORY, old, new)


def retranslated(source: str) -> Change:
    return lambda newsroom: translate(newsroom, "zh", {source: WORDS["zh"][source] + "改"})


def new_picture(newsroom: Newsroom) -> None:
    (newsroom.root / PICTURE).write_bytes(newsrooms.picture("maroon"))


def one_byte_more(newsroom: Newsroom) -> None:
    with (newsroom.root / PICTURE).open("ab") as file:
        file.write(b"\0")


SOURCE_CHANGES = {
    **{f"source: {source}": replaced(source, f"{source}!") for source in WORDS["zh"]},
    "date": replaced("2026-11-20", "2026-11-21"),
    "section": replaced("section: news", "section: official"),
    "paragraph to list item": replaced("\nBoth sides", "\n- Both sides"),
    "paragraph to quote": replaced("\nBoth sides", "\n> Both sides"),
    "bullets to numbers": replaced("- Students move in May.\n- ", "1. Students move in May.\n2. "),
    "order": replaced(
        "Students move in May.\n- Teachers follow in June.", "Teachers follow in June.\n- Students move in May."
    ),
    "left out": replaced("Both sides will exchange *students*.\n\n", ""),
    "said twice": replaced("Monday.\n", "Monday.\n\nThe rector signed the agreement on Monday.\n"),
    "a rule": replaced("Monday.\n", "Monday.\n\n---\n"),
    "picture": new_picture,
    "picture byte": one_byte_more,
}
TARGET_CHANGES = {f"target: {source}": retranslated(source) for source in WORDS["zh"]}


@pytest.mark.parametrize("name", [*SOURCE_CHANGES, *TARGET_CHANGES])
def test_any_change_makes_the_sign_off_stale_and_undoing_it_makes_it_good_again(name: str, newsroom: Newsroom) -> None:
    words, kept = frozen(newsroom, "zh"), newsroom.root.with_name("kept")
    shutil.copytree(newsroom.root, kept)
    ({**SOURCE_CHANGES, **TARGET_CHANGES})[name](newsroom)
    assert stage(newsroom) is Stage.STALE
    assert stage(newsroom, "ru") is (Stage.SIGNED_OFF if name in TARGET_CHANGES else Stage.STALE)
    assert frozen(newsroom, "zh") == words
    assert live(newsroom) == [digest(words)]
    assert faults_of(newsroom) == []
    for path in (STORY, PICTURE, newsroom.catalog_file("zh", SLUG)):
        shutil.copyfile(kept / path, newsroom.root / path)
    assert stage(newsroom) is stage(newsroom, "ru") is Stage.SIGNED_OFF
    assert live(newsroom) == [digest(words)]


@pytest.mark.parametrize("name", [name for name in SOURCE_CHANGES if "picture" not in name])
def test_an_update_in_between_changes_nothing_of_that(name: str, newsroom: Newsroom) -> None:
    words = frozen(newsroom, "zh")
    SOURCE_CHANGES[name](newsroom)
    refresh(newsroom)
    assert stage(newsroom) is stage(newsroom, "ru") is Stage.STALE
    assert frozen(newsroom, "zh") == words
    (newsroom.root / STORY).write_text(STORY_TEXT)
    refresh(newsroom)
    assert stage(newsroom) is stage(newsroom, "ru") is Stage.SIGNED_OFF


def test_a_source_corrected_behind_the_same_translation_is_another_edition(newsroom: Newsroom) -> None:
    """The editor approved these words beside the old source, not beside the new one."""
    edit(newsroom, STORY, "on Monday", "on Tuesday")
    refresh(newsroom)
    new = {MONDAY.replace("Monday", "Tuesday"): WORDS["zh"][MONDAY]}
    translate(newsroom, "zh", new)
    state = state_of(newsroom, "zh")
    assert state.edition is not None
    assert digest(state.edition.text) == digest(frozen(newsroom, "zh"))
    assert state.standing.stage is Stage.STALE
    assert state.standing.blocked_by == ("approval by one editor",)
    assert approve(newsroom, "zh", at=minutes(1)).is_complete
    assert stage(newsroom) is Stage.SIGNED_OFF
    assert len(log_of(newsroom, "zh")) == 2


def test_approvals_beside_different_sources_do_not_add_up(translated: Newsroom) -> None:
    newsroom = with_rules(translated, TWO_EDITORS)
    assert not approve(newsroom, "zh").is_complete
    edit(newsroom, STORY, "on Monday", "on Tuesday")
    refresh(newsroom)
    translate(newsroom, "zh", {MONDAY.replace("Monday", "Tuesday"): WORDS["zh"][MONDAY]})
    assert stage(newsroom) is Stage.TRANSLATED
    assert not approve(newsroom, "zh", SECOND_ZH, at=minutes(1)).is_complete


def test_wrapping_a_source_anew_or_renaming_a_picture_changes_nothing(newsroom: Newsroom) -> None:
    edit(newsroom, STORY, "signed the agreement on", "signed\nthe agreement on")
    (newsroom.root / PICTURE).rename(newsroom.root / PICTURE.replace("signing", "other"))
    edit(newsroom, STORY, "signing.png", "other.png")
    assert stage(newsroom) is Stage.SIGNED_OFF


@given(
    st.lists(st.tuples(st.sampled_from(["zh", "ru"]), st.sampled_from(sorted(WORDS["zh"]))), min_size=1, max_size=3),
    st.text(st.characters(exclude_categories=("C", "Z", "M", "P", "S")), min_size=1, max_size=4),
)
@settings(max_examples=12)
def test_whatever_changes_only_its_own_language_is_stale(changes: list[tuple[str, str]], more: str) -> None:
    with newsrooms.temporary() as folder:
        newsroom = signed_newsroom(folder)
        for language, source in changes:
            translate(newsroom, language, {source: WORDS[language][source] + more})
        changed = {language for language, _ in changes}
        for language in ("zh", "ru"):
            assert stage(newsroom, language) is (Stage.STALE if language in changed else Stage.SIGNED_OFF)
            assert live(newsroom, language) == [digest(frozen(newsroom, language))]
        for language, source in changes:
            translate(newsroom, language, {source: WORDS[language][source]})
        assert stage(newsroom, "zh") is stage(newsroom, "ru") is Stage.SIGNED_OFF


# --- Records -------------------------------------------------------------------------------------------------


def line_of(newsroom: Newsroom) -> str:
    return log_of(newsroom, "zh")[0]


def fields_of(newsroom: Newsroom) -> dict[str, Any]:
    return dict(json.loads(line_of(newsroom)))


def test_the_payload_is_the_line_without_signature(newsroom: Newsroom) -> None:
    fields = fields_of(newsroom)
    assert canonical_json(fields) == line_of(newsroom)
    signature = fields.pop("signature")
    assert payload(parse_record(line_of(newsroom))) == (canonical_json(fields) + "\n").encode()
    assert canonical_json({"signature": signature})[1:-1] in line_of(newsroom)


def test_a_record_binds_words_source_pictures_and_who_translated(newsroom: Newsroom) -> None:
    record = parse_record(line_of(newsroom))
    assert record.edition == digest(frozen(newsroom, "zh"))
    assert record.media == {"signing.png": digest((newsroom.root / PICTURE).read_bytes())}
    assert (newsroom.root / "locales/media" / f"{record.media['signing.png']}.png").is_file()
    assert len(record.segments) == len(WORDS["zh"])
    assert record.translators == ("translator-zh <translator-zh@newsroom.example>",)
    assert (record.decision, record.at, record.follows) == (Decision.APPROVE, NOW, ())


WRONG: dict[str, dict[str, Any]] = {
    "unknown field": {"more": "x"},
    "float": {"notes": [{"segment": "", "text": 1.5}]},
    "number as text": {"story": 7},
    "null": {"role": None},
    "texts as text": {"translators": "Anna"},
    "follows as text": {"follows": "ab"},
    "number among texts": {"translators": [1]},
    "short digest": {"edition": "ab"},
    "capital digest": {"source": "A" * 64},
    "digest with line end": {"source": "a" * 64 + "\n"},
    "media as list": {"media": []},
    "media as number": {"media": {"a.png": 1}},
    "note as text": {"notes": ["x"]},
    "note with more": {"notes": [{"segment": "", "text": "", "more": ""}]},
    "note without segment": {"notes": [{"text": ""}]},
    "note to no digest": {"notes": [{"segment": "here", "text": "x"}]},
    "notes as mapping": {"notes": {}},
    "unknown decision": {"decision": "maybe"},
    "decision as list": {"decision": ["approve"]},
    "time as number": {"at": 1},
    "time with fraction": {"at": "2026-11-22T12:00:00.5Z"},
    "time elsewhere": {"at": "2026-11-22T12:00:00+08:00"},
    "time short": {"at": "2026-11-22T12:00:0Z"},
    "time that is none": {"at": "2026-02-30T12:00:00Z"},
    "follows unsorted": {"follows": ["b" * 64, "a" * 64]},
    "follows twice": {"follows": ["a" * 64, "a" * 64]},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_field_is_refused(name: str, newsroom: Newsroom) -> None:
    (field,) = WRONG[name]
    with pytest.raises(ValueError, match="not the fields" if field == "more" else f"^{field}: |canonical"):
        parse_record(canonical_json(fields_of(newsroom) | WRONG[name]))


def test_every_field_must_be_there(newsroom: Newsroom) -> None:
    fields = fields_of(newsroom)
    for name in fields:
        with pytest.raises(ValueError, match="fields"):
            parse_record(canonical_json({other: fields[other] for other in fields if other != name}))


@pytest.mark.parametrize("text", ["", "[]", "null", "1", "{}", "[" * 100_000, "9" * 10_000, '{"a":NaN}', "нет"])
def test_what_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_record(text)


def test_only_the_canonical_form_is_a_record(newsroom: Newsroom) -> None:
    line, fields = line_of(newsroom), fields_of(newsroom)
    others = [
        f" {line}",
        f"{line} ",
        json.dumps(fields, sort_keys=True),
        canonical_json(fields).replace("安", "\\u5b89").replace("signing", "\\u0073igning"),
        line.replace('"decision":"approve"', '"decision":"return","decision":"approve"'),
        canonical_json(dict(reversed(fields.items()))).replace('{"at"', '{ "at"'),
    ]
    for other in others:
        assert other != line
        with pytest.raises(ValueError, match="canonical"):
            parse_record(other)


@given(st.data())
@settings(max_examples=40)
def test_no_character_of_a_record_can_be_altered(data: st.DataObject) -> None:
    line = line_of(open_newsroom(newsrooms.signed_template(), exactly=True))
    at = data.draw(st.integers(0, len(line) - 1))
    other = data.draw(st.sampled_from('0aA"}{,:/=+ \\n\n,ж').filter(lambda found: found != line[at]))
    altered = data.draw(st.sampled_from([line[:at] + other + line[at + 1 :], line[:at] + line[at + 1 :]]))
    with newsrooms.temporary() as folder:
        newsroom = signed_newsroom(folder)
        set_log(newsroom, "zh", [altered])
        assert live(newsroom) == []
        assert codes(newsroom) & {
            "signoff.log",
            "signoff.copied",
            "signoff.chain",
            "signoff.signer",
            "signoff.signature",
        }


RECORDS = st.builds(
    SignOff,
    decision=st.sampled_from(Decision),
    newsroom=st.text(),
    story=st.text(),
    language=st.text(),
    role=st.text(),
    signer=st.text(),
    name=st.text(),
    meaning=st.just(""),
    at=st.datetimes(datetime.datetime(1970, 1, 1), datetime.datetime(9000, 1, 1), timezones=st.just(datetime.UTC)).map(
        lambda at: at.replace(microsecond=0)
    ),
    edition=st.text().map(digest),
    source=st.text().map(digest),
    segments=st.lists(st.text().map(digest), max_size=3).map(tuple),
    media=st.dictionaries(st.text(), st.text().map(digest), max_size=3),
    translators=st.lists(st.text(), max_size=2).map(tuple),
    notes=st.lists(
        st.builds(Note, segment=st.one_of(st.just(""), st.text().map(digest)), text=st.text()), max_size=2
    ).map(tuple),
    follows=st.sets(st.text().map(digest), max_size=3).map(lambda found: tuple(sorted(found))),
    signature=st.text(),
).map(lambda record: replace(record, meaning=MEANINGS[record.decision]))


@given(RECORDS)
def test_what_is_written_is_read(record: SignOff) -> None:
    line = format_record(record)
    assert "\n" not in line
    assert parse_record(line) == record


# --- The log -------------------------------------------------------------------------------------------------


def three_lines(newsroom: Newsroom) -> list[str]:
    """Three versions of the words were approved one after the other; the second is the one that was worse."""
    for number, more in enumerate(["二", "三"], start=1):
        translate(newsroom, "zh", {MONDAY: WORDS["zh"][MONDAY] + more})
        approve(newsroom, "zh", at=minutes(number))
    return log_of(newsroom, "zh")


def test_each_line_follows_the_one_before(newsroom: Newsroom) -> None:
    lines = three_lines(newsroom)
    assert [parse_record(line).follows for line in lines] == [(), (digest(lines[0]),), (digest(lines[1]),)]
    assert heads(newsroom.read_log("zh", SLUG)) == (digest(lines[2]),)
    assert faults_of(newsroom) == []
    assert (newsroom.root / ZH_LOG).read_text() == "".join(f"{line}\n" for line in lines)


TAMPERED: dict[str, tuple[Callable[[list[str]], list[str]], list[tuple[str, str]]]] = {
    "first removed": (lambda lines: lines[1:], [("signoff.chain", f"{ZH_LOG}:1")]),
    "middle removed": (lambda lines: [lines[0], lines[2]], [("signoff.chain", f"{ZH_LOG}:2")]),
    "doubled": (lambda lines: [*lines, lines[2]], [("signoff.chain", f"{ZH_LOG}:4")]),
    "first doubled": (lambda lines: [lines[0], *lines], [("signoff.chain", f"{ZH_LOG}:2")]),
    "reordered": (
        lambda lines: [lines[0], lines[2], lines[1]],
        [("signoff.chain", f"{ZH_LOG}:2")],
    ),
    "edited": (
        lambda lines: [lines[0], lines[1].replace("12:01:00", "12:01:01"), lines[2]],
        [("signoff.chain", f"{ZH_LOG}:3")],
    ),
    "last edited": (
        lambda lines: [*lines[:2], lines[2].replace("12:02:00", "12:02:01")],
        [("signoff.signature", f"{ZH_LOG}:3")],
    ),
    "blank line": (lambda lines: [lines[0], "", *lines[1:]], [("signoff.log", f"{ZH_LOG}:2")]),
    "no record": (lambda lines: [lines[0], "{}", *lines[1:]], [("signoff.log", f"{ZH_LOG}:2")]),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_log_that_was_tampered_with_is_refused_at_its_line(name: str, newsroom: Newsroom) -> None:
    tamper, expected = TAMPERED[name]
    set_log(newsroom, "zh", tamper(three_lines(newsroom)))
    assert [found for found in faults_of(newsroom) if found[0] != "signoff.unsigned"][: len(expected)] == expected
    assert live(newsroom) == []
    assert stage(newsroom, "ru") is Stage.SIGNED_OFF
    with pytest.raises(GateShut) as caught:
        approve(newsroom, "zh", at=minutes(9))
    assert caught.value.diagnostics[0].code == expected[0][0]


def test_a_last_line_that_is_cut_off_is_refused(newsroom: Newsroom) -> None:
    three_lines(newsroom)
    file = newsroom.root / ZH_LOG
    whole = file.read_bytes()
    for cut in (1, 2, 100):
        file.write_bytes(whole[:-cut])
        assert ("signoff.log", f"{ZH_LOG}:3") in faults_of(newsroom)
        assert live(newsroom) == []


@pytest.mark.parametrize("data", [b"\xff\n", b"\xef\xbb\xbf", b"{}\r\n", b"\0"])
def test_a_log_that_is_no_text_is_refused(data: bytes, newsroom: Newsroom) -> None:
    file = newsroom.root / ZH_LOG
    file.write_bytes(data + file.read_bytes())
    assert live(newsroom) == []
    assert codes(newsroom) & {"signoff.encoding", "signoff.character"}


def test_a_log_of_two_branches_is_whole_after_a_union_merge(newsroom: Newsroom) -> None:
    """git keeps the lines of both; it may put either side first."""
    first = log_of(newsroom, "zh")
    translate(newsroom, "zh", {MONDAY: "甲。"})
    approve(newsroom, "zh", at=minutes(1))
    ours = log_of(newsroom, "zh")[1:]
    words = frozen(newsroom, "zh")
    set_log(newsroom, "zh", first)
    decide(newsroom, "zh", SECOND_ZH, at=minutes(2), decision=Decision.RETURN, notes=(Note(segment="", text="乙"),))
    theirs = log_of(newsroom, "zh")[1:]
    for lines in ([*first, *ours, *theirs], [*first, *theirs, *ours]):
        set_log(newsroom, "zh", lines)
        assert faults_of(newsroom) == []
        assert live(newsroom) == [digest(words)]
    assert heads(newsroom.read_log("zh", SLUG)) == tuple(sorted(digest(line) for line in (*ours, *theirs)))
    translate(newsroom, "zh", {MONDAY: "丙。"})
    approve(newsroom, "zh", at=minutes(3))
    assert parse_record(log_of(newsroom, "zh")[-1]).follows == tuple(sorted(map(digest, (*ours, *theirs))))
    assert faults_of(newsroom) == []


def test_two_first_approvals_on_two_branches_are_whole_after_a_union_merge(translated: Newsroom) -> None:
    newsroom = with_rules(translated, TWO_EDITORS)
    approve(newsroom, "zh")
    ours = log_of(newsroom, "zh")
    set_log(newsroom, "zh", [])
    approve(newsroom, "zh", SECOND_ZH, at=minutes(1))
    append(newsroom, "zh", *ours)
    assert stage(newsroom) is Stage.SIGNED_OFF
    assert live(newsroom) == [record_of(newsroom).edition]
    assert faults_of(newsroom) == []


def test_of_two_branches_the_later_decision_counts_whichever_line_stands_first(newsroom: Newsroom) -> None:
    first = log_of(newsroom, "zh")
    sides = []
    for number, words in enumerate(["甲。", "乙。"], start=1):
        set_log(newsroom, "zh", first)
        translate(newsroom, "zh", {MONDAY: words})
        approve(newsroom, "zh", at=minutes(number))
        sides.append(log_of(newsroom, "zh")[1])
    latest = digest(frozen(newsroom, "zh"))
    for lines in (sides, sides[::-1]):
        set_log(newsroom, "zh", [*first, *lines])
        assert live(newsroom) == [latest]


@pytest.mark.parametrize(
    "change", [{"newsroom": "https://other.example/"}, {"story": "2026/other"}, {"language": "ru"}]
)
def test_a_record_of_elsewhere_is_refused(change: dict[str, Any], newsroom: Newsroom) -> None:
    set_log(newsroom, "zh", [])
    append(newsroom, "zh", format_record(signed(replace(record_of(newsroom), **change))))
    assert ("signoff.copied", f"{ZH_LOG}:1") in faults_of(newsroom)
    assert live(newsroom) == []


def test_a_log_of_another_language_is_refused(newsroom: Newsroom) -> None:
    for kind, suffix in (("signoffs", "jsonl"), ("editions", "md")):
        shutil.copy(
            newsroom.root / f"locales/ru/{kind}/{SLUG}.{suffix}", newsroom.root / f"locales/zh/{kind}/{SLUG}.{suffix}"
        )
    assert "signoff.copied" in codes(newsroom)
    assert live(newsroom) == []


def test_a_record_dated_before_the_one_it_follows_is_refused(newsroom: Newsroom) -> None:
    decide(newsroom, at=minutes(-1))
    assert ("signoff.chain", f"{ZH_LOG}:2") in faults_of(newsroom)
    assert live(newsroom) == []


def test_a_record_of_the_future_does_not_count_yet(translated: Newsroom) -> None:
    approve(translated, "zh", at=minutes(60))
    verify = newsrooms.faults_of
    assert ("signoff.future", f"{ZH_LOG}:1") in verify(translated, minutes(50))
    assert live(translated, now=minutes(50)) == []
    assert verify(translated, minutes(56)) == []  # clocks differ a little


def test_a_clock_behind_the_log_signs_nothing(newsroom: Newsroom) -> None:
    with pytest.raises(ConflictError) as caught:
        approve(newsroom, "zh", SECOND_ZH, at=minutes(-1))
    assert caught.value.diagnostics[0].code == "signoff.clock"


def test_a_record_is_dated_in_utc_wherever_it_is_signed(translated: Newsroom) -> None:
    shanghai = datetime.timezone(datetime.timedelta(hours=8))
    done = approve(translated, "zh", at=NOW.replace(microsecond=999_999).astimezone(shanghai))
    assert done.record.at == NOW
    assert '"at":"2026-11-22T12:00:00Z"' in log_of(translated, "zh")[0]
    assert done.is_complete


# --- Signers ---------------------------------------------------------------------------------------------------


def refused(newsroom: Newsroom, language: str = "zh", signer: str = EDITOR_ZH, **keywords: Any) -> list[str]:
    """The codes with which a sign-off is refused; it leaves no trace."""
    before = log_of(newsroom, language)
    with pytest.raises((GateShut, UsageError, InputError)) as caught:
        approve(newsroom, language, signer, **keywords)
    assert log_of(newsroom, language) == before
    assert not (newsroom.root / newsroom.edition_file(language, SLUG)).exists()
    return [found.code for found in caught.value.diagnostics]


def test_who_may_not_sign_is_refused_beforehand(translated: Newsroom) -> None:
    assert refused(translated, signer="nobody@newsroom.example") == ["usage.person"]
    assert refused(translated, "ru") == ["signoff.role"]
    assert refused(translated, signer=TRANSLATOR_ZH) == ["signoff.role"]
    assert refused(translated, signer=EDITOR_ZH, role="chief") == ["signoff.role"]
    assert refused(translated, with_key=key("stranger")) == ["signoff.unlisted"]
    assert refused(translated, with_key=key(SECOND_ZH)) == ["signoff.unlisted"]
    assert refused(translated, with_key=translated.root / "no-key") == ["signing.key"]
    with pytest.raises(UsageError):
        prepare(translated, SLUG, "de", signer=EDITOR_ZH, role=None, now=NOW)


def test_without_a_list_of_signers_nobody_signs_and_nothing_holds(newsroom: Newsroom, tmp_path: Path) -> None:
    (newsroom.root / SIGNERS_FILE).unlink()
    assert ("signoff.signature", f"{ZH_LOG}:1") in faults_of(newsroom)
    assert live(newsroom) == []
    fresh = translated_newsroom(tmp_path / "fresh")
    (fresh.root / SIGNERS_FILE).unlink()
    assert refused(fresh) == ["signoff.unlisted"]
    assert refused(fresh, with_key=Path("/")) == ["signoff.unlisted"]


def test_the_line_to_list_a_key_is_told_and_works(translated: Newsroom) -> None:
    list_signers(translated, [])
    with pytest.raises(GateShut) as caught:
        approve(translated, "zh")
    hint = caught.value.diagnostics[0].hint or ""
    list_signers(translated, [hint[hint.index(EDITOR_ZH) :]])
    assert approve(translated, "zh").is_complete


SIGNER_FAULTS: dict[str, Callable[[Newsroom], object]] = {
    "not listed": lambda newsroom: list_signers(newsroom, [listing(SECOND_ZH)]),
    "listed for another purpose": lambda newsroom: list_signers(
        newsroom, [listing(EDITOR_ZH).replace(NAMESPACE, "git")]
    ),
    "another key": lambda newsroom: list_signers(newsroom, [listing(EDITOR_ZH, SECOND_ZH)]),
    "valid only later": lambda newsroom: list_signers(newsroom, [listing(EDITOR_ZH, options='valid-after="20261123"')]),
    "valid only before": lambda newsroom: list_signers(
        newsroom, [listing(EDITOR_ZH, options='valid-before="20261122"')]
    ),
}


@pytest.mark.parametrize("name", SIGNER_FAULTS)
def test_a_signature_counts_only_by_a_key_listed_for_the_signer_then(name: str, newsroom: Newsroom) -> None:
    SIGNER_FAULTS[name](newsroom)
    assert [found for found in faults_of(newsroom) if "/zh/" in found[1]] == [
        ("signoff.signature", f"{ZH_LOG}:1"),
        ("signoff.unsigned", ZH_EDITION),
    ]
    assert live(newsroom) == []
    assert stage(newsroom) is Stage.TRANSLATED


def test_a_key_that_expired_since_still_proves_what_it_signed(newsroom: Newsroom) -> None:
    list_signers(newsroom, [listing(EDITOR_ZH, options='valid-before="20261122120001"'), listing(EDITOR_RU)])
    assert faults_of(newsroom, NOW + datetime.timedelta(days=3650)) == []
    translate(newsroom, "zh", {MONDAY: "新。"})
    with pytest.raises(GateShut) as caught:
        approve(newsroom, "zh", at=minutes(1))
    assert caught.value.diagnostics[0].code == "signoff.unlisted"


PEOPLE_FAULTS = {
    "not among people": ('[people."editor-zh@', '[people."other-zh@'),
    "another language": ('name = "editor-zh"\nlanguages = ["zh"]', 'name = "editor-zh"\nlanguages = ["ru"]'),
    "another role": (
        'name = "editor-zh"\nlanguages = ["zh"]\nroles = ["editor"]',
        'name = "editor-zh"\nlanguages = ["zh"]\nroles = ["x"]',
    ),
}


@pytest.mark.parametrize("name", PEOPLE_FAULTS)
def test_a_signature_counts_only_by_a_person_of_that_language_and_role(name: str, newsroom: Newsroom) -> None:
    edit(newsroom, "newsroom.toml", *PEOPLE_FAULTS[name])
    newsroom = open_newsroom(newsroom.root)
    assert faults_of(newsroom) == [("signoff.signer", f"{ZH_LOG}:1"), ("signoff.unsigned", ZH_EDITION)]
    assert live(newsroom) == []


def test_a_signature_cannot_be_moved_to_another_record(newsroom: Newsroom) -> None:
    lines = three_lines(newsroom)
    taken = replace(parse_record(lines[2]), signature=parse_record(lines[1]).signature)
    set_log(newsroom, "zh", [*lines[:2], format_record(taken)])
    assert ("signoff.signature", f"{ZH_LOG}:3") in faults_of(newsroom)


def test_a_record_signed_by_another_person_s_key_does_not_count(translated: Newsroom) -> None:
    append(translated, "zh", format_record(signed(record_of(translated), key(SECOND_ZH))))
    assert ("signoff.signature", f"{ZH_LOG}:1") in faults_of(translated)


def test_a_verdict_is_not_remembered_beyond_a_change_of_signers(newsroom: Newsroom) -> None:
    def remembered() -> Stage:
        return status(newsroom, [SLUG], minutes(60))[1].stage

    assert remembered() is Stage.SIGNED_OFF
    assert (newsroom.root / ".workflow/verdicts.json").is_file()
    list_signers(newsroom, [])
    assert remembered() is Stage.TRANSLATED
    list_signers(newsroom, [listing(EDITOR_ZH)])
    assert remembered() is Stage.SIGNED_OFF
    (newsroom.root / ".workflow/verdicts.json").write_text("[")
    assert remembered() is Stage.SIGNED_OFF


def test_without_openssh_nothing_is_published_and_the_machine_is_blamed(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for attempt in (lambda: live(newsroom), lambda: codes(newsroom)):
        with pytest.raises(MachineError):
            attempt()


# --- Stages and rules ------------------------------------------------------------------------------------------


def test_an_edition_goes_through_the_stages(tmp_path: Path) -> None:
    newsroom = with_rules(translated_newsroom(tmp_path), TWO_EDITORS)
    catalog = newsroom.root / newsroom.catalog_file("zh", SLUG)
    words = catalog.read_bytes()
    catalog.unlink()
    assert stage(newsroom) is Stage.UNTRANSLATED
    assert state_of(newsroom, "zh").standing.blocked_by == ("no catalog yet: run workflow update",)
    refresh(newsroom)
    assert stage(newsroom) is Stage.UNTRANSLATED
    assert state_of(newsroom, "zh").standing.blocked_by == ("9 units not translated",)
    translate(newsroom, "zh", {HEADLINE: "两所大学签署协议"})
    translate(newsroom, "zh", {MONDAY: "校长"}, fuzzy=True)
    assert stage(newsroom) is Stage.IN_TRANSLATION
    assert state_of(newsroom, "zh").standing.blocked_by == ("7 units not translated", "1 unit to review")
    catalog.write_bytes(words)
    assert stage(newsroom) is Stage.TRANSLATED
    assert state_of(newsroom, "zh").standing.blocked_by == ("approval by 2 editors",)
    first = approve(newsroom, "zh")
    assert (first.is_complete, first.blocked_by) == (False, ("approval by one more editor",))
    assert stage(newsroom) is Stage.IN_REVIEW
    assert live(newsroom) == []
    assert not (newsroom.root / ZH_EDITION).exists()
    second = approve(newsroom, "zh", SECOND_ZH, at=minutes(1))
    assert (second.is_complete, second.blocked_by) == (True, ())
    assert stage(newsroom) is Stage.SIGNED_OFF
    decide(newsroom, at=minutes(2), decision=Decision.RETURN, notes=(Note(segment="", text="标题"),))
    assert stage(newsroom) is Stage.RETURNED
    assert state_of(newsroom, "zh").standing.blocked_by == ("approval by 2 editors", "note of editor-zh: 标题")
    assert live(newsroom) == [digest(frozen(newsroom, "zh"))]
    translate(newsroom, "zh", {HEADLINE: "新标题"})
    assert stage(newsroom) is Stage.STALE
    decide(newsroom, at=minutes(3), edition=digest(frozen(newsroom, "zh")), decision=Decision.WITHDRAW)
    assert stage(newsroom) is Stage.WITHDRAWN
    assert live(newsroom) == []
    assert faults_of(newsroom) == []


def test_words_returned_can_be_approved_again_by_the_same_person(translated: Newsroom) -> None:
    newsroom = translated
    decide(newsroom, decision=Decision.RETURN, notes=(Note(segment="", text="?"),))
    assert stage(newsroom) is Stage.RETURNED
    assert approve(newsroom, "zh", at=minutes(1)).is_complete
    decide(newsroom, signer=SECOND_ZH, at=minutes(2), decision=Decision.RETURN)
    assert stage(newsroom) is Stage.RETURNED
    assert approve(newsroom, "zh", at=minutes(3)).is_complete
    assert stage(newsroom) is Stage.SIGNED_OFF
    assert len(log_of(newsroom, "zh")) == 4


def test_words_withdrawn_can_be_published_again_only_by_a_new_approval(newsroom: Newsroom) -> None:
    decide(newsroom, at=minutes(1), decision=Decision.WITHDRAW)
    assert live(newsroom) == []
    assert stage(newsroom) is Stage.WITHDRAWN
    (newsroom.root / ZH_EDITION).unlink()
    assert faults_of(newsroom) == []
    assert approve(newsroom, "zh", at=minutes(2)).is_complete
    assert stage(newsroom) is Stage.SIGNED_OFF
    assert len(live(newsroom)) == 1


def test_going_back_to_words_approved_earlier_needs_a_new_approval(newsroom: Newsroom) -> None:
    old = frozen(newsroom, "zh")
    translate(newsroom, "zh", {MONDAY: "新。"})
    approve(newsroom, "zh", at=minutes(1))
    translate(newsroom, "zh", {MONDAY: WORDS["zh"][MONDAY]})
    assert stage(newsroom) is Stage.STALE
    assert approve(newsroom, "zh", at=minutes(2)).is_complete
    assert frozen(newsroom, "zh") == old
    assert (len(log_of(newsroom, "zh")), stage(newsroom)) == (3, Stage.SIGNED_OFF)


def test_signing_the_same_words_twice_adds_no_record(newsroom: Newsroom) -> None:
    log = log_of(newsroom, "zh")
    draft = prepare(newsroom, SLUG, "zh", signer=EDITOR_ZH, role=None, now=minutes(1))
    assert draft.already
    assert sign_off(newsroom, draft, key=None).is_complete
    assert log_of(newsroom, "zh") == log


def test_two_keys_of_one_person_are_one_person(translated: Newsroom) -> None:
    newsroom = with_rules(translated, TWO_EDITORS)
    list_signers(newsroom, [listing(EDITOR_ZH), listing(EDITOR_ZH, "second key of editor-zh")])
    assert not approve(newsroom, "zh").is_complete
    again = signed(record_of(newsroom, at=minutes(1)), key("second key of editor-zh"))
    append(newsroom, "zh", format_record(again))
    assert faults_of(newsroom) == []
    assert stage(newsroom) is Stage.IN_REVIEW
    assert state_of(newsroom, "zh").standing.blocked_by == ("approval by one more editor",)


def test_different_roles_must_each_approve(translated: Newsroom) -> None:
    rule = '[[signoff.rules]]\napprovals = [{ role = "editor", people = 1 }, { role = "chief", people = 1 }]\n'
    newsroom = with_rules(translated, rule)
    done = approve(newsroom, "zh")
    assert (done.is_complete, done.blocked_by) == (False, ("approval by one chief",))
    assert approve(newsroom, "zh", CHIEF, at=minutes(1)).is_complete
    (published,) = shelf_of(newsroom, "zh", Verdicts.load(newsroom, minutes(2))).editions
    assert [(record.signer, record.role) for record in published.approvals] == [(EDITOR_ZH, "editor"), (CHIEF, "chief")]


def test_a_person_of_two_roles_says_in_which_they_sign_and_counts_once(translated: Newsroom) -> None:
    rule = '[[signoff.rules]]\napprovals = [{ role = "editor" }, { role = "chief" }]\n'
    newsroom = with_rules(translated, rule)
    edit(
        newsroom,
        "newsroom.toml",
        'name = "editor-zh"\nlanguages = ["zh"]\nroles = ["editor"]',
        'name = "editor-zh"\nlanguages = ["zh"]\nroles = ["editor", "chief"]',
    )
    newsroom = open_newsroom(newsroom.root)
    assert refused(newsroom) == ["usage.role"]
    assert not approve(newsroom, "zh", role="editor").is_complete
    again = approve(newsroom, "zh", role="chief", at=minutes(1))
    assert (again.is_complete, again.blocked_by) == (False, ("approval by one chief",))
    assert approve(newsroom, "zh", SECOND_ZH, at=minutes(2)).is_complete, "the first is the chief now"


def test_the_first_rule_that_matches_decides(translated: Newsroom) -> None:
    rules = f"""
[[signoff.rules]]
languages = ["ru"]
sections = ["news"]
approvals = [{{ role = "chief", people = 1 }}]
[[signoff.rules]]
languages = ["zh"]
sections = ["news"]
approvals = [{{ role = "editor", people = 1 }}]
{TWO_EDITORS}
"""
    newsroom = with_rules(translated, rules)
    assert approve(newsroom, "zh").is_complete
    edit(newsroom, STORY, "section: news", "section: official")
    done = approve(newsroom, "zh", at=minutes(1))
    assert (done.is_complete, done.blocked_by) == (False, ("approval by one more editor",))
    assert refused(newsroom, "ru", EDITOR_RU, role="chief") == ["signoff.role"]


def test_no_rule_no_publication(translated: Newsroom) -> None:
    rule = '[[signoff.rules]]\nlanguages = ["ru"]\napprovals = [{ role = "editor" }]\n'
    newsroom = with_rules(translated, rule)
    assert refused(newsroom) == ["signoff.role"]
    with pytest.raises(GateShut, match="no sign-off rule"):
        approve(newsroom, "zh", role="editor")
    (newsroom.root / ZH_EDITION).parent.mkdir(parents=True)
    state = state_of(newsroom, "zh")
    assert state.edition is not None
    (newsroom.root / ZH_EDITION).write_text(state.edition.text)
    assert live(newsroom) == []
    assert faults_of(newsroom) == [("signoff.unsigned", ZH_EDITION)]


def test_status_tells_what_is_live_and_what_blocks(newsroom: Newsroom) -> None:
    translate(newsroom, "zh", {MONDAY: "新。"}, fuzzy=True)
    row = status(newsroom, [SLUG], minutes(60))[1]
    assert (row.language, row.stage, row.blocked_by) == ("zh", Stage.STALE, ("1 unit to review",))
    assert (row.units.total, row.units.translated, row.units.needs_review, row.units.new) == (9, 8, 1, 0)
    assert row.signed is not None
    assert (row.signed.edition, row.signed.at, row.signed.by) == (digest(frozen(newsroom, "zh")), NOW, (EDITOR_ZH,))
    set_log(newsroom, "zh", ["{}"])
    row = status(newsroom, [SLUG], minutes(60))[1]
    assert row.signed is None
    assert "faults in the sign-off log: run workflow verify" in row.blocked_by


# --- The gate --------------------------------------------------------------------------------------------------


def test_an_incomplete_edition_is_refused_and_its_gaps_are_named(translated: Newsroom) -> None:
    translate(translated, "zh", {HEADLINE: "", "The rectors sign": " "})
    translate(translated, "zh", {MONDAY: "校长"}, fuzzy=True)
    edit(translated, STORY, "Students move in May.", "Students move in April.")
    with pytest.raises(GateShut) as caught:
        approve(translated, "zh")
    found = [(item.code, item.message, item.story, item.language) for item in caught.value.diagnostics]
    assert found == [
        ("edition.missing", f"headline not translated: {HEADLINE}", SLUG, "zh"),
        ("edition.needs-review", f"paragraph needs review: {MONDAY}", SLUG, "zh"),
        ("edition.missing", "caption not translated: The rectors sign", SLUG, "zh"),
        ("edition.missing", "list-item not in the catalog: Students move in April.", SLUG, "zh"),
    ]
    assert not (translated.root / ZH_LOG).exists()


def test_an_edition_without_catalog_is_refused(translated: Newsroom) -> None:
    (translated.root / translated.catalog_file("zh", SLUG)).unlink()
    assert refused(translated) == ["edition.missing"]


def test_findings_of_the_checks_shut_the_gate(translated: Newsroom) -> None:
    translate(translated, "zh", {MONDAY: "校长\u200b。"})
    assert refused(translated) == ["text.stray-character"]


def test_a_picture_that_is_none_shuts_the_gate(translated: Newsroom) -> None:
    (translated.root / PICTURE).write_bytes(b"not a picture")
    assert refused(translated) == ["picture.damaged"]
    (translated.root / PICTURE).unlink()
    assert refused(translated) == ["story.picture"]


def test_a_language_that_the_story_is_not_meant_for_is_refused(translated: Newsroom) -> None:
    edit(translated, STORY, "section: news", "languages: [ru]\nsection: news")
    assert refused(translated) == ["usage.language"]


def test_what_was_shown_is_what_is_signed_and_frozen(translated: Newsroom) -> None:
    """Between the look and the signature somebody saves the catalog, the story and the picture."""
    draft = prepare(translated, SLUG, "zh", signer=EDITOR_ZH, role=None, now=NOW)
    translate(translated, "zh", {MONDAY: "偷换。"})
    edit(translated, STORY, "2026-11-20", "2026-11-21")
    new_picture(translated)
    done = sign_off(translated, draft, key=key(EDITOR_ZH))
    assert (done.is_complete, done.blocked_by) == (True, ())
    assert frozen(translated, "zh") == draft.edition.text.encode()
    assert stage(translated) is Stage.STALE
    assert faults_of(translated) == []


def test_of_two_who_sign_at_once_the_second_looks_again(translated: Newsroom) -> None:
    newsroom = with_rules(translated, TWO_EDITORS)
    drafts = [prepare(newsroom, SLUG, "zh", signer=signer, role=None, now=NOW) for signer in (EDITOR_ZH, SECOND_ZH)]
    sign_off(newsroom, drafts[0], key=key(EDITOR_ZH))
    with pytest.raises(ConflictError) as caught:
        sign_off(newsroom, drafts[1], key=key(SECOND_ZH))
    assert caught.value.diagnostics[0].code == "signoff.changed"
    assert approve(newsroom, "zh", SECOND_ZH, at=minutes(1)).is_complete


def test_if_the_words_cannot_be_frozen_nothing_is_signed_and_the_old_words_stay_live(newsroom: Newsroom) -> None:
    old = frozen(newsroom, "zh")
    translate(newsroom, "zh", {MONDAY: "新。"})
    new_picture(newsroom)
    state = state_of(newsroom, "zh")
    (sha256,) = state.files.media.values()
    in_the_way = newsroom.root / "locales/media" / sha256
    in_the_way.mkdir()
    (in_the_way / "x").touch()
    with pytest.raises(MachineError):
        approve(newsroom, "zh", at=minutes(1))
    assert len(log_of(newsroom, "zh")) == 1
    assert frozen(newsroom, "zh") == old
    assert faults_of(newsroom) == []
    shutil.rmtree(in_the_way)
    assert approve(newsroom, "zh", at=minutes(2)).is_complete
    assert len(log_of(newsroom, "zh")) == 2
    assert faults_of(newsroom) == []
    assert "新。" in frozen(newsroom, "zh").decode()


def test_a_log_that_cannot_be_written_freezes_nothing(translated: Newsroom) -> None:
    (translated.root / ZH_LOG).mkdir(parents=True)
    (translated.root / ZH_LOG / "x").touch()
    with pytest.raises((MachineError, InputError, GateShut)):
        approve(translated, "zh")
    assert not (translated.root / ZH_EDITION).exists()


def test_a_name_that_would_damage_the_log_is_no_name(translated: Newsroom) -> None:
    edit(translated, "newsroom.toml", 'name = "editor-zh"', 'name = "editor\\u2028zh"')
    with pytest.raises(InputError):
        open_newsroom(translated.root)


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_keys_of_other_kinds_sign_off(kind: str, translated: Newsroom, tmp_path: Path) -> None:
    file = make_key(tmp_path / "other", kind=kind)
    public = file.with_name("other.pub").read_text().strip()
    list_signers(translated, [f'{EDITOR_ZH} namespaces="{NAMESPACE}" {public}'])
    assert approve(translated, "zh", with_key=file).is_complete
    assert faults_of(translated) == []


def test_the_key_of_ssh_itself_signs_if_none_is_named(translated: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(translated.root))
    draft = prepare(translated, SLUG, "zh", signer=EDITOR_ZH, role=None, now=NOW)
    with pytest.raises(UsageError) as caught:
        sign_off(translated, draft, key=None)
    assert caught.value.diagnostics[0].code == "usage.key"
    (translated.root / ".ssh").mkdir()
    shutil.copy(key(EDITOR_ZH), translated.root / ".ssh/id_ecdsa")
    assert sign_off(translated, draft, key=None).is_complete


# --- verify: what is live ----------------------------------------------------------------------------------------


def test_a_newsroom_in_order_has_no_faults(newsroom: Newsroom) -> None:
    report = verify_newsroom(newsroom, minutes(60))
    assert (report.records, report.editions, report.files, report.faults) == (2, 2, 0, ())


def test_a_frozen_edition_that_was_edited_is_not_live(newsroom: Newsroom) -> None:
    edit(newsroom, ZH_EDITION, "签署", "撕毁")
    assert faults_of(newsroom) == [("signoff.not-frozen", ZH_EDITION)]
    assert live(newsroom) == []


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"# x\n", b"---\nsection:\n---\n", b"---\nsection: []\n---\n", b"---\n[]\n---\n"]
)
def test_a_frozen_edition_that_is_rubbish_is_not_live(data: bytes, newsroom: Newsroom) -> None:
    (newsroom.root / ZH_EDITION).write_bytes(data)
    assert [place.split(":")[0] for _, place in faults_of(newsroom)] == [ZH_EDITION]
    assert live(newsroom) == []


def test_an_older_frozen_edition_put_back_is_not_live(newsroom: Newsroom) -> None:
    old = frozen(newsroom, "zh")
    translate(newsroom, "zh", {MONDAY: "新。"})
    approve(newsroom, "zh", at=minutes(1))
    (newsroom.root / ZH_EDITION).write_bytes(old)
    assert faults_of(newsroom) == [("signoff.not-frozen", ZH_EDITION)]
    assert live(newsroom) == []


@pytest.mark.parametrize("sections", ['["*"]', '["news"]', '["official", "news"]'])
def test_a_frozen_edition_that_is_gone_is_missed_whatever_section_the_rule_names(
    sections: str, newsroom: Newsroom
) -> None:
    newsroom = with_rules(newsroom, f'[[signoff.rules]]\nsections = {sections}\napprovals = [{{ role = "editor" }}]\n')
    (newsroom.root / ZH_EDITION).unlink()
    assert faults_of(newsroom) == [("signoff.not-frozen", ZH_EDITION)]


def test_a_frozen_edition_without_log_is_not_live(newsroom: Newsroom) -> None:
    (newsroom.root / ZH_LOG).unlink()
    assert faults_of(newsroom) == [("signoff.unsigned", ZH_EDITION)]
    assert live(newsroom) == []


def test_a_frozen_edition_that_leads_out_of_the_newsroom_is_not_live(newsroom: Newsroom, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_bytes(frozen(newsroom, "zh"))
    (newsroom.root / ZH_EDITION).unlink()
    (newsroom.root / ZH_EDITION).symlink_to(outside)
    assert faults_of(newsroom) == [("newsroom.outside", ZH_EDITION)]


def test_a_signed_picture_is_checked(newsroom: Newsroom) -> None:
    (file,) = (newsroom.root / "locales/media").iterdir()
    place = f"locales/media/{file.name}"
    file.write_bytes(newsrooms.picture("maroon"))
    assert faults_of(newsroom) == [("media.changed", place), ("media.changed", place)]
    file.unlink()
    assert faults_of(newsroom) == [("media.missing", place), ("media.missing", place)]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not on this machine")
def test_the_merge_driver_for_logs_is_gits_own_union(newsroom: Newsroom, tmp_path: Path) -> None:
    """What `.gitattributes` asks for, as git does it."""
    first = log_of(newsroom, "zh")
    for number, words in enumerate(["甲。", "乙。"], start=1):
        set_log(newsroom, "zh", first)
        translate(newsroom, "zh", {MONDAY: words})
        approve(newsroom, "zh", at=minutes(number))
        shutil.copy(newsroom.root / ZH_LOG, tmp_path / str(number))
    set_log(newsroom, "zh", first)
    command = ["git", "merge-file", "--union", "-p", "1", str(newsroom.root / ZH_LOG), "2"]
    merged = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
    (newsroom.root / ZH_LOG).write_bytes(merged)
    assert merged.count(b"\n") == 3
    assert faults_of(newsroom) == []
    assert len(live(newsroom)) == 1


# --- verify: what was built ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsroom with zh and ru signed off and built."""
    newsroom = signed_newsroom(tmp_path_factory.mktemp("built"))
    newsrooms.translate_site(newsroom)
    report = build(newsroom, now=minutes(60))
    assert report.faults == ()
    assert len(report.editions) == 2
    return newsroom.root


@pytest.fixture
def built(built_once: Path, tmp_path: Path) -> Newsroom:
    shutil.copytree(built_once, tmp_path / "newsroom")
    return open_newsroom(tmp_path / "newsroom")


PAGE = f"out/web/zh/{SLUG}/index.html"
NO_EDITION: dict[str, Any] = {"story": None, "language": None, "edition": None, "signoffs": []}
MANIFEST = "out/manifest.json"


def test_what_was_built_is_in_order(built: Newsroom) -> None:
    report = verify_newsroom(built, minutes(60))
    assert report.faults == ()
    assert report.files > 6
    assert WORDS["zh"][MONDAY] in (built.root / PAGE).read_text(encoding="utf-8")


def test_built_files_changed_added_or_missing_are_found(built: Newsroom) -> None:
    edit(built, PAGE, WORDS["zh"][MONDAY], "别的话。")
    (built.root / "out/web/extra.html").write_text("x")
    (built.root / f"out/print/ru/{SLUG}.pdf").unlink()
    assert sorted(faults_of(built)) == [
        ("out.added", "out/web/extra.html"),
        ("out.changed", PAGE),
        ("out.missing", f"out/print/ru/{SLUG}.pdf"),
    ]


def test_new_words_signed_and_not_yet_built_are_told(built: Newsroom) -> None:
    translate(built, "zh", {MONDAY: "新。"})
    approve(built, "zh", at=minutes(61))
    assert set(faults_of(built)) == {("out.outdated", PAGE), ("out.outdated", f"out/print/zh/{SLUG}.pdf")}


def test_a_log_that_lost_its_tail_is_found(built: Newsroom) -> None:
    (built.root / ZH_LOG).unlink()
    assert ("signoff.cut", ZH_LOG) in faults_of(built)


def test_a_log_cut_back_with_its_old_edition_is_found(built: Newsroom) -> None:
    old, log = frozen(built, "zh"), log_of(built, "zh")
    translate(built, "zh", {MONDAY: "新。"})
    approve(built, "zh", at=minutes(61))
    build(built, now=minutes(62))
    assert faults_of(built) == []
    set_log(built, "zh", log)
    (built.root / ZH_EDITION).write_bytes(old)
    assert ("signoff.cut", ZH_LOG) in faults_of(built)


def test_a_log_that_could_not_be_read_for_a_while_cannot_come_back_shorter(built: Newsroom) -> None:
    log = log_of(built, "zh")
    decide(built, at=minutes(61), decision=Decision.WITHDRAW)
    build(built, now=minutes(62))
    whole = (built.root / ZH_LOG).read_bytes()
    (built.root / ZH_LOG).write_bytes(whole[:-10])
    build(built, now=minutes(63))
    set_log(built, "zh", log)
    with pytest.raises(GateShut, match="lacks a record"):
        build(built, now=minutes(64))
    (built.root / ZH_LOG).write_bytes(whole)
    build(built, now=minutes(65))
    assert faults_of(built) == []


def test_a_withdrawal_cut_off_is_found(built: Newsroom) -> None:
    log = log_of(built, "zh")
    decide(built, at=minutes(61), decision=Decision.WITHDRAW)
    build(built, now=minutes(62))
    assert not (built.root / "out/print/zh" / f"{SLUG}.pdf").exists()
    assert faults_of(built) == []
    set_log(built, "zh", log)
    assert ("signoff.cut", ZH_LOG) in faults_of(built)


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b'{"schema":2,"files":[],"heads":{}}',
        b'{"schema":1,"files":[[]],"heads":{}}',
        b'{"schema":1,"files":{"a":1},"heads":{}}',
        b'{"schema":1,"files":[],"heads":{"zh/x":[[]]}}',
        b'{"schema":1,"files":[],"heads":{"zh/x":"ab"}}',
        b'{"schema":1,"files":[],"heads":[]}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_manifest_is_a_finding(manifest: bytes, newsroom: Newsroom) -> None:
    (newsroom.root / "out").mkdir()
    (newsroom.root / "out/manifest.json").write_bytes(manifest)
    assert faults_of(newsroom) == [("out.manifest", "out/manifest.json")]


def test_a_manifest_that_points_outside_reads_nothing_there(newsroom: Newsroom) -> None:
    manifest = {
        "schema": 1,
        "files": [{"path": "../../secret", "sha256": digest("x"), **NO_EDITION}],
        "heads": {"../../secret/x": [digest("x")]},
    }
    (newsroom.root / "out").mkdir()
    (newsroom.root / "out/manifest.json").write_text(f"{canonical_json(manifest)}\n")
    assert {code for code, _ in faults_of(newsroom)} == {"out.missing", "signoff.cut"}


def told_of(manifest: dict[str, Any], path: str) -> dict[str, Any]:
    """What the manifest says of a file."""
    found: dict[str, Any] = next(item for item in manifest["files"] if f"out/{item['path']}" == path)
    return found


def without_pin(manifest: dict[str, Any]) -> None:
    del manifest["heads"][f"zh/{SLUG}"]


def doubled(manifest: dict[str, Any]) -> None:
    manifest["files"].append({**told_of(manifest, PAGE), "edition": None})


CHANGED_MANIFESTS: dict[str, tuple[Callable[[dict[str, Any]], object], tuple[str, str, str]]] = {
    "another approval": (
        lambda manifest: told_of(manifest, PAGE).update(signoffs=[digest("x")]),
        ("signoff.unpinned", MANIFEST, "heads: "),
    ),
    "an approval of another language": (
        lambda manifest: told_of(manifest, PAGE).update(signoffs=manifest["heads"][f"ru/{SLUG}"]),
        ("out.outdated", PAGE, "signoffs: "),
    ),
    "no approval": (
        lambda manifest: told_of(manifest, PAGE).update(signoffs=[]),
        ("out.outdated", PAGE, "signoffs: "),
    ),
    "other words": (
        lambda manifest: told_of(manifest, PAGE).update(edition=digest("x")),
        ("out.outdated", PAGE, "shows words "),
    ),
    "no edition at all": (
        lambda manifest: told_of(manifest, PAGE).update(NO_EDITION),
        ("out.outdated", PAGE, "shows words "),
    ),
    "another story": (
        lambda manifest: told_of(manifest, PAGE).update(story="2026/other", signoffs=[]),
        ("out.outdated", PAGE, "story: "),
    ),
    "another language": (
        lambda manifest: told_of(manifest, PAGE).update(language="ru", signoffs=[]),
        ("out.outdated", PAGE, "language: "),
    ),
    "an edition where none is shown": (
        lambda manifest: told_of(manifest, "out/web/index.html").update(edition=digest("x")),
        ("out.outdated", "out/web/index.html", "shows words "),
    ),
    "a pin taken out": (without_pin, ("signoff.unpinned", MANIFEST, "heads: ")),
    "an empty pin": (
        lambda manifest: manifest["heads"].update({f"zh/{SLUG}": []}),
        ("signoff.unpinned", MANIFEST, "heads: "),
    ),
    "a pin of nothing": (
        lambda manifest: manifest["heads"].update({f"zh/{SLUG}": [digest("x")]}),
        ("signoff.cut", ZH_LOG, "lacks a record"),
    ),
    "a file told twice": (doubled, ("out.manifest", MANIFEST, "not a manifest")),
}


@pytest.mark.parametrize("name", CHANGED_MANIFESTS)
def test_a_manifest_that_says_otherwise_than_the_logs_is_found(name: str, built: Newsroom) -> None:
    change, expected = CHANGED_MANIFESTS[name]
    manifest = json.loads((built.root / MANIFEST).read_bytes())
    change(manifest)
    (built.root / MANIFEST).write_text(f"{canonical_json(manifest)}\n")
    found = verify_newsroom(built, minutes(60)).faults
    code, place, start = expected
    assert any((item.code, str(item.location)) == (code, place) and item.message.startswith(start) for item in found)
    assert all(item.hint for item in found)


def test_a_manifest_whose_pins_do_not_reach_what_is_out_stops_the_build(built: Newsroom) -> None:
    """An older manifest hides that a log was cut back to its time."""
    manifest = json.loads((built.root / MANIFEST).read_bytes())
    without_pin(manifest)
    (built.root / MANIFEST).write_text(f"{canonical_json(manifest)}\n")
    with pytest.raises(GateShut, match="does not pin"):
        build(built, now=minutes(61))


def test_a_key_that_stands_twice_makes_no_manifest(built: Newsroom) -> None:
    text = (built.root / MANIFEST).read_text()
    (built.root / MANIFEST).write_text(text.replace('{"files"', '{"heads":{},"files"', 1))
    assert faults_of(built) == [("out.manifest", MANIFEST)]


def test_a_pin_of_some_lines_ago_reaches_what_they_follow(built: Newsroom) -> None:
    decide(built, "zh", at=minutes(61), decision=Decision.RETURN, notes=(Note(segment="", text="?"),))
    approve(built, "zh", at=minutes(62))
    assert build(built, now=minutes(63)).faults == ()
    assert faults_of(built) == []


def test_one_more_approval_of_what_is_out_wants_a_new_build(built: Newsroom) -> None:
    """The imprint names who approved."""
    approve(built, "zh", SECOND_ZH, at=minutes(61))
    found = verify_newsroom(built, minutes(62)).faults
    assert {str(item.location) for item in found} == {PAGE, f"out/print/zh/{SLUG}.pdf"}
    assert {item.message.partition(":")[0] for item in found} == {"signoffs"}
    build(built, now=minutes(62))
    assert faults_of(built) == []


def test_hidden_files_and_links_are_files_that_were_added(built: Newsroom, tmp_path: Path) -> None:
    """A web server obeys some of them."""
    (built.root / "out/web/.htaccess").write_text("Redirect / https://elsewhere.example/\n")
    (built.root / "out/web/.well-known").mkdir()
    (built.root / "out/web/.well-known/.x").write_text("x")
    (built.root / "out/web/zh/more").symlink_to(tmp_path)
    (built.root / "out/web/passwd").symlink_to("/etc/passwd")
    added = {".htaccess", ".well-known/.x", "zh/more", "passwd"}
    assert set(faults_of(built)) == {("out.added", f"out/web/{name}") for name in added}


def test_a_built_file_or_picture_behind_a_link_is_told_and_the_rest_checked(built: Newsroom, tmp_path: Path) -> None:
    for path, code in ((PAGE, "out.changed"), (next(iter(built.files("locales/media"))), "media.changed")):
        file, kept = built.root / path, tmp_path / "kept"
        shutil.move(file, kept)
        file.symlink_to(kept)
        assert set(faults_of(built)) == {(code, path)}
        file.unlink()
        shutil.move(kept, file)


def test_built_files_without_manifest_are_a_finding(built: Newsroom) -> None:
    (built.root / "out/manifest.json").unlink()
    assert faults_of(built) == [("out.manifest", "out/manifest.json")]


def test_a_log_is_checked_from_its_bytes_alone(newsroom: Newsroom) -> None:
    log = parse_log((newsroom.root / ZH_LOG).read_bytes(), ZH_LOG)
    assert chain_faults(log, ZH_LOG, newsroom=newsroom.settings.url, story=SLUG, language="zh") == []
    with pytest.raises(InputError):
        parse_log(b"", ZH_LOG)
