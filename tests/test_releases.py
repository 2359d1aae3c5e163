"""Rules by channel, and languages that are released together: who goes out when, and what stays live meanwhile."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from newsrooms import (
    CHIEF,
    EDITOR_EN,
    EDITOR_RU,
    EDITOR_ZH,
    NOW,
    ONE_EDITOR,
    PEOPLE,
    SECOND_ZH,
    SLUG,
    STORY,
    TRANSLATOR_ZH,
    TWO_EDITORS,
    WORDS,
    approve,
    decide,
    edit,
    faults_of,
    frozen,
    key,
    list_signers,
    listing,
    log_of,
    minutes,
    record_of,
    refresh,
    set_log,
    state_of,
    translate,
    translate_site,
    translated_newsroom,
    with_rules,
)
from pressroom import run

from workflow.errors import GateShut, InputError
from workflow.model import Decision, Stage
from workflow.newsroom import Newsroom, open_newsroom
from workflow.operations.build import build
from workflow.operations.decisions import decide as decide_on
from workflow.operations.decisions import prepare_withdrawal
from workflow.operations.published import Shelf, shelves
from workflow.operations.rules import rule_findings
from workflow.operations.status import explain
from workflow.operations.verdicts import Verdicts

MONDAY = "The rector signed the agreement on Monday."
CHIEF_FOR_PRINT = """\
[[signoff.rules]]
channels = ["web"]
approvals = [{ role = "editor" }]

[[signoff.rules]]
channels = ["print"]
approvals = [{ role = "editor" }, { role = "chief" }]
"""
WEB_ONLY = '[[signoff.rules]]\nchannels = ["web"]\napprovals = [{ role = "editor" }]\n'
TOGETHER = """\
[[signoff.rules]]
release_together = ["zh", "ru"]
approvals = [{ role = "editor" }]
"""


CHIEF_AND_EDITOR = '[[signoff.rules]]\napprovals = [{ role = "editor" }, { role = "chief" }]\n'
TWO_ROLES = 'name = "editor-ru"\nlanguages = ["ru"]\nroles = ["editor", "chief"]'


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    return translated_newsroom(tmp_path / "newsroom")


def shelf_of(newsroom: Newsroom, language: str = "zh") -> Shelf:
    verdicts = Verdicts.load(newsroom, minutes(600), cached=False)
    return next(item for item in shelves(newsroom, verdicts) if item.language.code == language)


def out(newsroom: Newsroom, language: str = "zh") -> tuple[list[str], list[str]]:
    """The digests of what may go on the web and what may go into print."""
    shelf = shelf_of(newsroom, language)
    assert shelf.faults == ()
    return [item.digest for item in shelf.web], [item.digest for item in shelf.print]


def with_rules_added(newsroom: Newsroom, rules: str) -> Newsroom:
    """The newsroom with a rule before its own."""
    edit(newsroom, "newsroom.toml", "[[signoff.rules]]", f"{rules}\n[[signoff.rules]]")
    return open_newsroom(newsroom.root, exactly=True)


def frozen_files(newsroom: Newsroom, language: str = "zh") -> set[str]:
    """What is frozen, by its digest; `last` for the words last signed off."""
    main = newsroom.edition_file(language, SLUG)
    return {
        "last" if path == main else path.partition("@")[2].removesuffix(".md")
        for path in newsroom.frozen_files(language).get(SLUG, ())
    }


def revise(newsroom: Newsroom, words: str, language: str = "zh") -> str:
    """Other words; returns their digest."""
    translate(newsroom, language, {MONDAY: words})
    return record_of(newsroom, language).edition


# --- Channels --------------------------------------------------------------------------------------------------


def test_the_web_need_not_wait_for_what_print_asks_for(room: Newsroom) -> None:
    newsroom = with_rules(room, CHIEF_FOR_PRINT)
    words = record_of(newsroom).edition
    done = approve(newsroom, "zh")
    assert (done.channels, done.is_complete) == (("web",), False)
    assert done.blocked_by == ("print: approval by one chief",)
    assert out(newsroom) == ([words], [])
    assert state_of(newsroom, "zh").standing.stage is Stage.IN_REVIEW
    assert frozen_files(newsroom) == {words}
    assert approve(newsroom, "zh", CHIEF, at=minutes(1)).is_complete
    assert out(newsroom) == ([words], [words])
    assert state_of(newsroom, "zh").standing.stage is Stage.SIGNED_OFF
    assert frozen_files(newsroom) == {"last"}


def test_print_keeps_its_older_words_while_the_web_has_newer_ones(room: Newsroom) -> None:
    newsroom = with_rules(room, CHIEF_FOR_PRINT)
    approve(newsroom, "zh")
    approve(newsroom, "zh", CHIEF, at=minutes(1))
    old = record_of(newsroom).edition
    new = revise(newsroom, "新。")
    approve(newsroom, "zh", at=minutes(2))
    assert out(newsroom) == ([new], [old])
    assert frozen_files(newsroom) == {"last", new}
    assert faults_of(newsroom) == []
    approve(newsroom, "zh", CHIEF, at=minutes(3))
    assert out(newsroom) == ([new], [new])
    assert frozen_files(newsroom) == {"last"}
    assert "新。" in frozen(newsroom, "zh").decode()


def test_page_and_bulletin_show_each_their_own_words(room: Newsroom) -> None:
    newsroom = with_rules(room, CHIEF_FOR_PRINT)
    translate_site(newsroom)
    approve(newsroom, "zh")
    approve(newsroom, "zh", CHIEF, at=minutes(1))
    build(newsroom, now=minutes(2))
    bulletin = (newsroom.root / f"out/print/zh/{SLUG}.pdf").read_bytes()
    revise(newsroom, "周一签字。")
    approve(newsroom, "zh", at=minutes(3))
    report = build(newsroom, now=minutes(4))
    assert report.faults == ()
    assert "周一签字。" in (newsroom.root / f"out/web/zh/{SLUG}/index.html").read_text()
    assert (newsroom.root / f"out/print/zh/{SLUG}.pdf").read_bytes() == bulletin
    assert faults_of(newsroom) == []


def test_without_a_rule_for_print_there_is_no_bulletin_and_nothing_waits_for_one(room: Newsroom) -> None:
    newsroom = with_rules(room, WEB_ONLY)
    translate_site(newsroom)
    assert approve(newsroom, "zh").is_complete
    assert state_of(newsroom, "zh").standing.stage is Stage.SIGNED_OFF
    report = build(newsroom, now=minutes(1))
    (edition,) = report.editions
    assert (edition.page, edition.bulletin) == (f"out/web/zh/{SLUG}/index.html", "")
    assert not (newsroom.root / "out/print").exists()
    for page in (edition.page, "out/web/zh/index.html"):
        assert ".pdf" not in (newsroom.root / page).read_text()
    assert "no rule speaks of print, so it does not go there" in explain(newsroom, SLUG, "zh", minutes(2)).rule


def test_the_page_leads_to_the_bulletin_as_soon_as_there_is_one(room: Newsroom) -> None:
    newsroom = with_rules(room, CHIEF_FOR_PRINT)
    translate_site(newsroom)
    pages = [newsroom.root / path for path in (f"out/web/zh/{SLUG}/index.html", "out/web/zh/index.html")]
    approve(newsroom, "zh")
    build(newsroom, now=minutes(1))
    assert [".pdf" in page.read_text() for page in pages] == [False, False]
    approve(newsroom, "zh", CHIEF, at=minutes(2))
    build(newsroom, now=minutes(3))
    assert [".pdf" in page.read_text() for page in pages] == [True, True]


def test_a_withdrawal_takes_the_older_words_of_the_other_channel_back_too(room: Newsroom) -> None:
    newsroom = with_rules(room, CHIEF_FOR_PRINT)
    approve(newsroom, "zh")
    approve(newsroom, "zh", CHIEF, at=minutes(1))
    revise(newsroom, "新。")
    approve(newsroom, "zh", at=minutes(2))
    decide(newsroom, at=minutes(3), decision=Decision.WITHDRAW)
    assert out(newsroom) == ([], [])
    assert len(shelf_of(newsroom).withdrawals) == 1
    assert state_of(newsroom, "zh").standing.stage is Stage.WITHDRAWN


def test_a_withdrawal_takes_back_the_other_channel_when_its_words_were_signed_first(room: Newsroom) -> None:
    newsroom = with_rules(room, CHIEF_FOR_PRINT)
    approve(newsroom, "zh")
    old = record_of(newsroom).edition
    new = revise(newsroom, "新。")
    approve(newsroom, "zh", at=minutes(1))
    revise(newsroom, WORDS["zh"][MONDAY])
    approve(newsroom, "zh", CHIEF, at=minutes(2))
    assert out(newsroom) == ([new], [old])
    prepared = prepare_withdrawal(newsroom, SLUG, "zh", signer=EDITOR_ZH, role=None, reason="x", now=minutes(3))
    decide_on(newsroom, prepared, key=key(EDITOR_ZH))
    assert out(newsroom) == ([], [])
    assert state_of(newsroom, "zh").standing.stage is Stage.WITHDRAWN


def test_words_that_are_still_out_on_one_channel_can_be_withdrawn(room: Newsroom) -> None:
    """Two branches: one withdrew what is in print, in the other the web got other words before that."""
    newsroom = with_rules(room, CHIEF_FOR_PRINT)
    approve(newsroom, "zh")
    approve(newsroom, "zh", CHIEF, at=minutes(2))
    withdrawn = decide(newsroom, at=minutes(3), decision=Decision.WITHDRAW)
    newer = revise(newsroom, "新。")
    decide(newsroom, at=minutes(4), follows=())
    kept = newsroom.root / newsroom.kept_edition_file("zh", SLUG, newer)
    edition = state_of(newsroom, "zh").edition
    assert edition is not None
    kept.write_text(edition.text, encoding="utf-8")
    assert withdrawn.edition != newer
    assert out(newsroom) == ([newer], [])
    assert state_of(newsroom, "zh").standing.stage is not Stage.WITHDRAWN
    prepared = prepare_withdrawal(newsroom, SLUG, "zh", signer=EDITOR_ZH, role=None, reason="x", now=minutes(5))
    decide_on(newsroom, prepared, key=key(EDITOR_ZH))
    assert out(newsroom) == ([], [])


def test_what_a_withdrawal_took_back_stays_back_when_its_signer_counts_no_more(room: Newsroom) -> None:
    newsroom = with_rules(room, CHIEF_FOR_PRINT)
    approve(newsroom, "zh")
    approve(newsroom, "zh", CHIEF, at=minutes(1))
    revise(newsroom, "新。")
    approve(newsroom, "zh", at=minutes(2))
    decide(newsroom, signer=SECOND_ZH, at=minutes(3), decision=Decision.WITHDRAW)
    assert out(newsroom) == ([], [])
    list_signers(newsroom, [listing(email) for email in PEOPLE if email != SECOND_ZH])
    shelf = shelf_of(newsroom)
    assert (shelf.web, shelf.print) == ((), ())


def test_an_approval_is_counted_by_the_rule_of_the_section_that_the_words_stand_in(room: Newsroom) -> None:
    strict = TWO_EDITORS.replace("\n", '\nsections = ["official"]\n', 1)
    newsroom = with_rules(room, f"{strict}\n{ONE_EDITOR}")
    edit(newsroom, STORY, "section: news", "section: official")
    approve(newsroom, "zh")
    assert out(newsroom) == ([], [])
    decide(newsroom, section="news", at=minutes(1))
    assert ("signoff.section", f"{newsroom.log_file('zh', SLUG)}:2") in faults_of(newsroom)
    assert shelf_of(newsroom).web == ()


@pytest.mark.parametrize("decision", [Decision.WITHDRAW, Decision.RETURN])
def test_of_two_branches_that_decided_in_one_second_either_may_stand_first(room: Newsroom, decision: Decision) -> None:
    newsroom = with_rules(room, TWO_EDITORS)
    approve(newsroom, "zh")
    lines = log_of(newsroom, "zh")
    for signer, what in ((SECOND_ZH, Decision.APPROVE), (EDITOR_ZH, decision)):
        set_log(newsroom, "zh", log_of(newsroom, "zh")[:1])
        decide(newsroom, signer=signer, decision=what, at=minutes(1))
        lines.append(log_of(newsroom, "zh")[1])
    found = []
    for order in ((0, 1, 2), (0, 2, 1)):
        set_log(newsroom, "zh", [lines[number] for number in order])
        found.append(out(newsroom))
    assert found[0] == found[1]
    assert (found[0] == ([], [])) is (decision is Decision.WITHDRAW)


def test_why_tells_the_rule_of_each_channel(room: Newsroom) -> None:
    newsroom = with_rules(room, CHIEF_FOR_PRINT)
    approve(newsroom, "zh")
    found = explain(newsroom, SLUG, "zh", minutes(1))
    web, printed = found.rule.split(" | ")
    assert web.startswith("web: newsroom.toml:")
    assert "approval by 1 editor" in web
    assert printed.startswith("print: newsroom.toml:")
    assert "approval by 1 editor and 1 chief" in printed
    assert found.missing == ("print: approval by one chief",)
    assert found.met[-1].startswith("approved by editor-zh <editor-zh@newsroom.example> as editor")


# --- Released together -----------------------------------------------------------------------------------------


def test_none_goes_out_before_all_are_signed(room: Newsroom) -> None:
    newsroom = with_rules(room, TOGETHER)
    done = approve(newsroom, "zh")
    assert done.is_complete
    assert done.blocked_by == ("released together with ru, which is not signed off beside this source",)
    assert state_of(newsroom, "zh").standing.stage is Stage.SIGNED_OFF
    assert out(newsroom, "zh") == ([], [])
    assert faults_of(newsroom) == []
    assert approve(newsroom, "ru", EDITOR_RU, at=minutes(1)).blocked_by == ()
    assert [len(items) for code in ("zh", "ru") for items in out(newsroom, code)] == [1, 1, 1, 1]


def test_the_older_words_stay_live_in_all_until_all_are_signed_anew(room: Newsroom) -> None:
    newsroom = with_rules(room, TOGETHER)
    approve(newsroom, "zh")
    approve(newsroom, "ru", EDITOR_RU)
    old = {code: out(newsroom, code) for code in ("zh", "ru")}
    edit(newsroom, STORY, "on Monday", "on Tuesday")
    refresh(newsroom)
    tuesday = MONDAY.replace("Monday", "Tuesday")
    translate(newsroom, "zh", {tuesday: "校长于周二签署了协议。"})
    translate(newsroom, "ru", {tuesday: "Ректор подписал соглашение во вторник."})
    approve(newsroom, "zh", at=minutes(1))
    assert {code: out(newsroom, code) for code in ("zh", "ru")} == old
    assert frozen_files(newsroom) == {"last", old["zh"][0][0]}
    assert faults_of(newsroom) == []
    approve(newsroom, "ru", EDITOR_RU, at=minutes(2))
    for code in ("zh", "ru"):
        new = record_of(newsroom, code).edition
        assert out(newsroom, code) == ([new], [new])
    # What nobody shows any more goes with the next sign-off of that language.
    approve(newsroom, "zh", SECOND_ZH, at=minutes(3))
    assert frozen_files(newsroom) == {"last"}


def test_a_correction_of_one_language_need_not_wait_for_the_others(room: Newsroom) -> None:
    newsroom = with_rules(room, TOGETHER)
    approve(newsroom, "zh")
    approve(newsroom, "ru", EDITOR_RU)
    new = revise(newsroom, "改正。")
    assert approve(newsroom, "zh", at=minutes(1)).blocked_by == ()
    assert out(newsroom) == ([new], [new])


def test_what_was_released_stays_out_when_a_companion_is_withdrawn(room: Newsroom) -> None:
    newsroom = with_rules(room, TOGETHER)
    approve(newsroom, "zh")
    approve(newsroom, "ru", EDITOR_RU)
    decide(newsroom, "ru", EDITOR_RU, at=minutes(1), decision=Decision.WITHDRAW)
    assert [len(items) for items in out(newsroom, "zh")] == [1, 1]
    assert out(newsroom, "ru") == ([], [])


def test_a_companion_withdrawn_before_the_release_holds_it_back(room: Newsroom) -> None:
    newsroom = with_rules(room, TOGETHER)
    approve(newsroom, "ru", EDITOR_RU)
    decide(newsroom, "ru", EDITOR_RU, at=minutes(1), decision=Decision.WITHDRAW)
    approve(newsroom, "zh", at=minutes(2))
    assert out(newsroom, "zh") == ([], [])
    approve(newsroom, "ru", EDITOR_RU, at=minutes(3))
    assert [len(items) for items in out(newsroom, "zh")] == [1, 1]


def test_a_language_that_the_story_is_not_meant_for_holds_nothing_back(room: Newsroom) -> None:
    newsroom = with_rules(room, TOGETHER)
    edit(newsroom, STORY, "published:", "languages: [en, zh]\npublished:")
    assert approve(newsroom, "zh").blocked_by == ()
    assert [len(items) for items in out(newsroom)] == [1, 1]


def test_all_languages_of_the_story_together(room: Newsroom) -> None:
    newsroom = with_rules(room, TOGETHER.replace('["zh", "ru"]', '["*"]'))
    approve(newsroom, "zh")
    approve(newsroom, "ru", EDITOR_RU)
    assert out(newsroom, "zh") == ([], [])
    approve(newsroom, "en", EDITOR_EN)
    assert [len(items) for code in ("en", "zh", "ru") for items in out(newsroom, code)] == [1] * 6


def test_the_source_may_wait_for_its_translations_and_they_for_its_signature(room: Newsroom) -> None:
    rules = TOGETHER.replace('["zh", "ru"]', '["*"]') + "source_first = true\n"
    newsroom = with_rules(room, rules)
    with pytest.raises(GateShut, match="not signed"):
        approve(newsroom, "zh")
    approve(newsroom, "en", EDITOR_EN)
    assert out(newsroom, "en") == ([], [])
    approve(newsroom, "zh")
    approve(newsroom, "ru", EDITOR_RU)
    assert [len(items) for code in ("en", "zh", "ru") for items in out(newsroom, code)] == [1] * 6


def test_a_story_that_is_no_longer_meant_for_a_language_need_not_wait_for_it_once_signed_again(room: Newsroom) -> None:
    newsroom = with_rules(room, TOGETHER)
    assert approve(newsroom, "zh").blocked_by != ()
    edit(newsroom, STORY, "published:", "languages: [en, zh]\npublished:")
    assert approve(newsroom, "zh", at=minutes(1)).blocked_by == ()
    assert [len(items) for items in out(newsroom)] == [1, 1]


def test_a_language_that_the_newsroom_gave_up_holds_nothing_back(room: Newsroom) -> None:
    newsroom = with_rules(room, TOGETHER.replace('["zh", "ru"]', '["*"]'))
    approve(newsroom, "zh")
    approve(newsroom, "en", EDITOR_EN, at=minutes(1))
    assert out(newsroom, "zh") == ([], [])
    edit(newsroom, "newsroom.toml", '[languages.ru]\nlocale = "ru_RU"\n', "")
    edit(newsroom, "newsroom.toml", 'languages = ["ru"]', 'languages = ["zh"]')
    newsroom = open_newsroom(newsroom.root, exactly=True)
    assert state_of(newsroom, "zh").standing.blocked_by == ()
    assert [len(items) for code in ("en", "zh") for items in out(newsroom, code)] == [1] * 4


# --- Words that come back --------------------------------------------------------------------------------------


def test_replaced_words_come_back_only_if_everybody_approves_them_anew(room: Newsroom) -> None:
    newsroom = with_rules(room, TWO_EDITORS)
    old_words = WORDS["zh"][MONDAY]
    for number, words in enumerate((old_words, "新。")):
        last = revise(newsroom, words)
        approve(newsroom, "zh", at=minutes(2 * number))
        approve(newsroom, "zh", SECOND_ZH, at=minutes(2 * number + 1))
    old = revise(newsroom, old_words)
    done = approve(newsroom, "zh", at=minutes(5))
    assert (done.is_complete, done.blocked_by) == (False, ("approval by one more editor",))
    assert out(newsroom) == ([last], [last])
    assert approve(newsroom, "zh", SECOND_ZH, at=minutes(6)).is_complete
    assert out(newsroom) == ([old], [old])


# --- Who may decide --------------------------------------------------------------------------------------------


def author_rule(newsroom: Newsroom, flag: str) -> Newsroom:
    """The story's author is the zh editor, under another name in each catalog."""
    edit(newsroom, STORY, "Anna Author", "editor-zh")
    refresh(newsroom)
    translate(newsroom, "zh", {"editor-zh": "安娜"})
    return with_rules(newsroom, ONE_EDITOR + flag)


def test_an_author_may_approve_unless_the_rule_wants_somebody_else(room: Newsroom) -> None:
    assert approve(author_rule(room, ""), "zh").is_complete


def test_the_author_of_the_source_does_not_count_where_the_rule_says_so(room: Newsroom) -> None:
    newsroom = author_rule(room, "author_may_approve = false\n")
    with pytest.raises(GateShut, match="wrote 2026/agreement and cannot approve it"):
        approve(newsroom, "zh")
    decide(newsroom, authors=("editor-zh",), name="editor-zh")
    assert out(newsroom) == ([], [])
    assert approve(newsroom, "zh", SECOND_ZH, at=minutes(1)).is_complete


def test_one_key_for_two_people_stops_everything(room: Newsroom) -> None:
    newsroom = with_rules(room, TWO_EDITORS)
    list_signers(newsroom, [listing(EDITOR_ZH), listing(SECOND_ZH, EDITOR_ZH)])
    with pytest.raises(InputError, match="one key for"):
        approve(newsroom, "zh")
    done = run("verify", root=newsroom.root)
    assert done.returncode == 3
    assert (
        "newsroom.signers:2: error: one key for editor-zh@newsroom.example and second-zh@newsroom.example"
        in done.stderr
    )


def test_a_key_listed_for_a_pattern_that_two_people_match_is_one_key_for_two(room: Newsroom) -> None:
    list_signers(room, [listing(EDITOR_ZH).replace(EDITOR_ZH, "*-zh@newsroom.example,!translator-zh@newsroom.example")])
    with pytest.raises(InputError, match=f"{EDITOR_ZH} and {SECOND_ZH}"):
        approve(room, "zh")
    list_signers(room, [listing(EDITOR_ZH).replace(EDITOR_ZH, "*-zh@newsroom.example,!second-*,!translator-*")])
    assert approve(room, "zh").is_complete


def test_blanks_that_openssh_does_not_know_hide_no_key(room: Newsroom) -> None:
    """OpenSSH takes the character for a part of a name, and the line for one about the second editor."""
    for blank in ("\u2028", "\u00a0", "\x0c"):
        hidden = listing(SECOND_ZH, EDITOR_ZH).replace(SECOND_ZH, f"{SECOND_ZH},x{blank}y")
        list_signers(room, [listing(EDITOR_ZH), hidden])
        with pytest.raises(InputError, match="one key for"):
            approve(room, "zh")


def test_who_left_signs_no_more_and_what_they_signed_stays(room: Newsroom) -> None:
    approve(room, "zh")
    table = f'[people."{EDITOR_ZH}"]\n'
    edit(room, "newsroom.toml", table, f"{table}until = 2026-11-22\n")
    newsroom = open_newsroom(room.root, exactly=True)
    assert [len(items) for items in out(newsroom)] == [1, 1]
    revise(newsroom, "新。")
    approve(newsroom, "zh", at=minutes(11 * 60))
    revise(newsroom, "更新。")
    with pytest.raises(GateShut, match="decides no more since 2026-11-22"):
        approve(newsroom, "zh", at=minutes(12 * 60))
    # Somebody who goes round the command gets no further.
    decide(newsroom, at=minutes(12 * 60))
    assert [code for code, _ in faults_of(newsroom)] == ["signoff.signer"]


# --- Rules that nobody can meet --------------------------------------------------------------------------------


def findings(newsroom: Newsroom, language: str = "zh") -> list[tuple[str, str]]:
    return [(item.code, item.message) for item in rule_findings(newsroom, newsroom.language(language), NOW)]


def test_rules_that_can_be_met_are_no_finding(room: Newsroom) -> None:
    assert [findings(room, language) for language in ("en", "zh", "ru")] == [[], [], []]


def test_a_role_that_too_few_hold_is_found_by_line(room: Newsroom) -> None:
    newsroom = with_rules(room, TWO_EDITORS)
    assert findings(newsroom) == []
    assert findings(newsroom, "ru") == [
        ("rules.unmeetable", "ru: approval by 2 editors is asked for, and only one person holds that role")
    ]
    line = (newsroom.root / "newsroom.toml").read_text().split("\n").index("[[signoff.rules]]") + 1
    done = run("check", root=newsroom.root)
    assert f"newsroom.toml:{line}: error: ru: approval by 2 editors is asked for" in done.stdout
    assert done.returncode == 1


def test_a_rule_for_one_channel_alone_is_checked_too(room: Newsroom) -> None:
    newsroom = with_rules(room, CHIEF_FOR_PRINT)
    assert findings(newsroom) == []
    message = "ru: approval by 1 chief is asked for, and nobody holds that role"
    assert findings(newsroom, "ru") == [("rules.unmeetable", message)]


def test_somebody_who_left_cannot_meet_a_rule(room: Newsroom) -> None:
    table = f'[people."{EDITOR_RU}"]\n'
    edit(room, "newsroom.toml", table, f"{table}until = 2026-11-01\n")
    assert [code for code, _ in findings(open_newsroom(room.root, exactly=True), "ru")] == ["rules.unmeetable"]


def test_a_rule_that_only_one_person_in_two_roles_could_meet_is_found(room: Newsroom) -> None:
    edit(room, "newsroom.toml", 'name = "editor-ru"\nlanguages = ["ru"]\nroles = ["editor"]', TWO_ROLES)
    newsroom = with_rules_added(room, CHIEF_AND_EDITOR)
    message = (
        "ru: approval by 1 chief is asked for, and whoever holds that role is needed in another: nobody counts in two"
    )
    assert findings(newsroom, "ru") == [("rules.unmeetable", message)]


def test_people_without_a_key_are_told(room: Newsroom) -> None:
    list_signers(room, [listing(email) for email in PEOPLE if email != EDITOR_RU])
    message = "ru: approval by 1 editor is asked for, and newsroom.signers has no key of editor-ru@newsroom.example"
    assert findings(room, "ru") == [("rules.no-key", message)]


def test_a_release_that_can_never_be_complete_is_found(room: Newsroom) -> None:
    web = WEB_ONLY.replace("\n", '\nlanguages = ["ru"]\n', 1)
    together = TOGETHER.replace("\n", '\nlanguages = ["zh"]\n', 1)
    newsroom = with_rules(room, f"{web}\n{together}")
    message = "zh: print is released together with ru, which no rule lets out there"
    assert findings(newsroom) == [("rules.waits", message)]
    assert findings(newsroom, "ru") == []


def test_a_language_that_no_rule_speaks_of_is_found(room: Newsroom) -> None:
    newsroom = with_rules(room, '[[signoff.rules]]\nlanguages = ["en"]\napprovals = [{ role = "editor" }]\n')
    assert findings(newsroom, "ru") == [("rules.none", "ru: no sign-off rule speaks of it")]


# --- Frozen words ----------------------------------------------------------------------------------------------


def test_kept_words_that_were_edited_are_not_published(room: Newsroom) -> None:
    newsroom = with_rules(room, CHIEF_FOR_PRINT)
    approve(newsroom, "zh")
    words = record_of(newsroom).edition
    edit(newsroom, newsroom.kept_edition_file("zh", SLUG, words), WORDS["zh"][MONDAY], "偷换。")
    assert [code for code, _ in faults_of(newsroom)] == ["signoff.not-frozen"]
    assert shelf_of(newsroom).web == ()


def test_words_that_nobody_signed_do_no_harm_among_the_kept_ones(room: Newsroom) -> None:
    approve(room, "zh")
    stray = room.root / room.kept_edition_file("zh", SLUG, "0" * 64)
    stray.write_text("---\nlanguage: zh\n---\n\n# 偷换\n")
    assert faults_of(room) == []
    assert len(out(room)[0]) == 1
    approve(room, "zh", SECOND_ZH, at=minutes(1))
    assert not stray.exists()


def test_a_translator_is_no_second_person_by_a_capital_letter(room: Newsroom) -> None:
    catalog = room.read_catalog("zh", SLUG)
    assert catalog is not None
    headers = {**dict(catalog.headers), "Last-Translator": f"Ed <{EDITOR_ZH.upper()}>"}.items()
    room.write_catalog("zh", SLUG, replace(catalog, headers=tuple(headers)))
    with pytest.raises(GateShut, match="translated 2026/agreement into zh"):
        approve(room, "zh")


def test_the_translator_of_a_language_is_still_no_approver(room: Newsroom) -> None:
    with pytest.raises(GateShut, match="is not editor for zh"):
        approve(room, "zh", TRANSLATOR_ZH)
    assert log_of(room, "zh") == []
