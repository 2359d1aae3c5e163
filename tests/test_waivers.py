"""Waivers: bound to the words, told to whoever signs, and never a way round the gate."""

from __future__ import annotations

import dataclasses
import datetime
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsrooms import (
    CHIEF,
    EDITOR_EN,
    EDITOR_ZH,
    NOW,
    SLUG,
    STORY,
    TRANSLATOR_ZH,
    TWO_EDITORS,
    approve,
    edit,
    minutes,
    refresh,
    settings_text,
    translate,
    translated_newsroom,
)

from workflow.checks import Pair
from workflow.diagnostics import Diagnostic, Severity
from workflow.errors import GateShut, InputError, UsageError
from workflow.languages import Language
from workflow.model import Role, Unit
from workflow.newsroom import Newsroom, open_newsroom
from workflow.operations.check import check
from workflow.operations.sign_off import prepare
from workflow.operations.waive import Choice, Subject, subject, take_back, waive
from workflow.settings import FILE_NAME, Person
from workflow.waivers import (
    Waiver,
    about,
    format_waiver,
    made,
    parse_waivers,
    sort_out,
    standing,
    undone,
)

STUDENTS = "Both sides will exchange *students*."
LOST = {STUDENTS: "双方将互派学生。"}
KEPT = {STUDENTS: "双方将互派*学生*。"}
CODE = "markup.changed"
ARCHIVE = "terms.inconsistent-archive"
SEGMENT = Choice(code=CODE, segment=4)
REASON = "Chinese has no slanted type"
WAIVERS = f"locales/zh/waivers/{SLUG}.jsonl"
EN, ZH = Language(code="en", tag="en", locale="en_US"), Language(code="zh", tag="zh-Hans", locale="zh_Hans_CN")
EDITOR = Person(email=EDITOR_ZH, name="Chinese desk", languages=("zh",), roles=("editor",))
PEOPLE = {EDITOR_ZH: EDITOR}


def rule(**values: str) -> str:
    return "[[checks.rules]]\n" + "".join(f"{name} = {value}\n" for name, value in values.items())


def with_checks(newsroom: Newsroom, *rules: str, signoff: str = "") -> Newsroom:
    text = settings_text(signoff) if signoff else settings_text()
    (newsroom.root / FILE_NAME).write_text("\n".join([text, *rules]))
    return open_newsroom(newsroom.root, exactly=True)


def waived_by(newsroom: Newsroom, by: str, choice: Choice = SEGMENT) -> Subject:
    waive(newsroom, SLUG, "zh", choice, by=by, reason=REASON, now=NOW)
    return subject(newsroom, SLUG, "zh")


def codes(found: Subject) -> tuple[list[str], list[str], list[str]]:
    """Open, waived, lapsed."""
    findings = found.findings
    return (
        [item.code for item in findings.open],
        [item.waiver.code for item in findings.waived],
        [item.waiver.code for item in findings.lapsed],
    )


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    """A newsroom whose Chinese translation lacks an emphasis."""
    newsroom = translated_newsroom(tmp_path / "room")
    translate(newsroom, "zh", LOST)
    return newsroom


# --- Bound to the words ------------------------------------------------------------------------------------


def finding(role: Role, source: str, target: str, code: str = CODE, span: tuple[int, int] = (0, 1)) -> Diagnostic:
    unit = Unit(source=source, context=role.context, targets=(target,))
    pair = Pair(unit=unit, role=role, language=ZH, source_language=EN, path="zh.po", slug="story")
    return pair.finding(code, "what is wrong", target_spans=(span,))


TEXTS = st.text(st.characters(codec="utf-8", categories=["L", "P", "Zs"]), min_size=3, max_size=12)
SEGMENTS = st.tuples(st.sampled_from(list(Role)), TEXTS, TEXTS)


@given(one=SEGMENTS, other=SEGMENTS, code=st.sampled_from([CODE, "links.changed"]))
def test_any_other_words_or_code_lapse_and_the_same_hold_again(
    one: tuple[Role, str, str], other: tuple[Role, str, str], code: str
) -> None:
    waiver = made(finding(*one), (), by=EDITOR, reason=REASON, now=NOW)
    changed = finding(*other, code=code)
    same = one == other and code == CODE
    assert waiver.covers(changed) is same
    found = sort_out([changed], [waiver], PEOPLE, {"editor"})
    assert (len(found.open), len(found.waived), len(found.lapsed)) == ((0, 1, 0) if same else (1, 0, 1))
    assert len(sort_out([finding(*one)], [waiver], PEOPLE, {"editor"}).waived) == 1


@given(segment=SEGMENTS, part=st.sampled_from(["role", "source", "target"]))
def test_any_part_of_a_segment_counts(segment: tuple[Role, str, str], part: str) -> None:
    role, source, target = segment
    waiver = made(finding(*segment), (), by=EDITOR, reason=REASON, now=NOW)
    other = {
        "role": (Role.QUOTE if role is Role.CAPTION else Role.CAPTION, source, target),
        "source": (role, source + " ", target),
        "target": (role, source, target + "。"),
    }
    assert not waiver.covers(finding(*other[part]))


def test_another_place_of_the_same_code_in_the_same_segment_is_another_finding() -> None:
    one = finding(Role.PARAGRAPH, "source", "abc", span=(0, 1))
    other = finding(Role.PARAGRAPH, "source", "abc", span=(1, 2))
    waiver = made(one, (), by=EDITOR, reason=REASON, now=NOW)
    assert (about(one), about(other)) == ((("translation", "a"),), (("translation", "b"),))
    assert (waiver.covers(one), waiver.covers(other)) == (True, False)


def test_where_nothing_is_marked_the_message_tells_findings_apart() -> None:
    one = dataclasses.replace(finding(Role.PARAGRAPH, "source", "abc"), marked=())
    other = dataclasses.replace(one, message="something else is wrong")
    waiver = made(one, (), by=EDITOR, reason=REASON, now=NOW)
    assert (waiver.covers(one), waiver.covers(other)) == (True, False)


def test_in_a_newsroom_it_lapses_with_the_words_and_comes_back_with_them(room: Newsroom) -> None:
    assert codes(waived_by(room, EDITOR_ZH)) == ([], [CODE], [])
    translate(room, "zh", {STUDENTS: "双方将互派学生和教师。"})
    assert codes(subject(room, SLUG, "zh")) == ([CODE], [], [CODE])
    translate(room, "zh", LOST)
    assert codes(subject(room, SLUG, "zh")) == ([], [CODE], [])
    translate(room, "zh", KEPT)
    assert codes(subject(room, SLUG, "zh")) == ([], [], [CODE])
    translate(room, "zh", LOST)
    edit(room, STORY, STUDENTS, "Both sides will soon exchange *students*.")
    refresh(room)
    translate(room, "zh", {"Both sides will soon exchange *students*.": LOST[STUDENTS]})
    assert codes(subject(room, SLUG, "zh")) == ([CODE], [], [CODE])


# --- A set of lines ----------------------------------------------------------------------------------------


@given(seed=st.integers(), actions=st.lists(st.booleans(), max_size=8))
def test_lines_may_stand_in_any_order_and_twice(seed: int, actions: list[bool]) -> None:
    """Waived and taken back in turn, within the same second: the last one counts, however the file was merged."""
    found = finding(Role.PARAGRAPH, "source", "abc")
    lines: list[Waiver] = []
    for is_waiver in actions:
        if is_waiver:
            lines.append(made(found, lines, by=EDITOR, reason=REASON, now=NOW))
        else:
            lines += [undone(item, lines, by=EDITOR, reason=REASON, now=NOW) for item in standing(lines)]
    assert bool(standing(lines)) is bool(actions and actions[-1])
    shuffled = lines + lines[: len(lines) // 2]
    random.Random(seed).shuffle(shuffled)
    assert standing(shuffled) == standing(lines)
    data = "".join(f"{format_waiver(line)}\n" for line in shuffled).encode()
    assert parse_waivers(data, WAIVERS, story="story", language="zh") == tuple(shuffled)


def line(**changes: object) -> str:
    waiver = made(finding(Role.PARAGRAPH, "source", "abc"), (), by=EDITOR, reason=REASON, now=NOW)
    return format_waiver(dataclasses.replace(waiver, **changes))  # type: ignore[arg-type]


FAULTS = {
    "not JSON": "{",
    "a list": "[]",
    "an empty line": "",
    "too deep": "[" * 100_000,
    "blanks": line().replace('":', '": '),
    "another key": line().replace('"by"', '"bye"'),
    "a key more": line().replace('{"about"', '{"a":1,"about"'),
    "no reason": line(reason=" "),
    "a number for a text": line().replace('"code":"markup.changed"', '"code":1'),
    "no digest": line(segment="abc"),
    "undoes nothing": line(undoes="x"),
    "no date": line().replace("2026-11-22T", "2026-13-22T"),
    "nothing marked": line(about=()),
    "three of a pair": line(about=(("a", "b", "c"),)),
    "numbers marked": line().replace('[["translation","a"]]', '[["translation",1]]'),
    "about is a text": line().replace('[["translation","a"]]', '"translation"'),
    "about is nothing": line().replace('[["translation","a"]]', "null"),
    "another story": line(story="other"),
    "another language": line(language="ru"),
    "no number that JSON has": line().replace('"undoes":""', '"undoes":NaN'),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_line_that_is_none_is_told_by_number(name: str) -> None:
    data = f"{line()}\n{FAULTS[name]}\n{line(reason='other')}\n".encode()
    with pytest.raises(InputError) as caught:
        parse_waivers(data, WAIVERS, story="story", language="zh")
    assert [(found.code, str(found.location)) for found in caught.value.diagnostics] == [
        ("waivers.line", f"{WAIVERS}:2")
    ]


@pytest.mark.parametrize(
    ("data", "code"), [(b"\xff", "encoding"), (b"a\x00\n", "character"), (b" " * 10_000_001, "size")]
)
def test_a_file_that_is_no_text(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_waivers(data, WAIVERS, story="story", language="zh")
    assert caught.value.diagnostics[0].code == f"waivers.{code}"


def test_an_empty_file_and_a_missing_line_end_are_sound() -> None:
    assert parse_waivers(b"", WAIVERS, story="story", language="zh") == ()
    assert len(parse_waivers(line().encode(), WAIVERS, story="story", language="zh")) == 1


def test_a_line_is_added_behind_one_without_its_end(room: Newsroom) -> None:
    waived_by(room, EDITOR_ZH)
    file = room.root / WAIVERS
    file.write_bytes(file.read_bytes().rstrip(b"\n"))
    take_back(room, SLUG, "zh", SEGMENT, by=EDITOR_ZH, reason="no", now=minutes(1))
    assert len(room.read_waivers("zh", SLUG)) == 2


def test_a_damaged_file_is_a_finding_and_shuts_the_gate(room: Newsroom) -> None:
    (room.root / WAIVERS).parent.mkdir(parents=True)
    (room.root / WAIVERS).write_text("x\n")
    report = check(room, [SLUG], [room.language("zh")], NOW)
    assert ("waivers.line", "zh") in [(item.code, item.language) for item in report.findings]
    with pytest.raises(InputError):
        prepare(room, SLUG, "zh", signer=EDITOR_ZH, role=None, now=NOW)


# --- Who may ---------------------------------------------------------------------------------------------


def test_an_error_is_waived_by_whoever_approves_only(room: Newsroom) -> None:
    for other in (TRANSLATOR_ZH, CHIEF):
        with pytest.raises(GateShut, match="may not waive an error: that takes editor for zh"):
            waived_by(room, other)
    with pytest.raises(GateShut, match="holds no role for zh"):
        waived_by(room, EDITOR_EN)
    with pytest.raises(UsageError, match="nobody has the address"):
        waived_by(room, "nobody@newsroom.example")
    assert not (room.root / WAIVERS).exists()
    assert codes(waived_by(room, EDITOR_ZH)) == ([], [CODE], [])


def test_a_warning_is_waived_by_anybody_of_the_language(room: Newsroom) -> None:
    lowered = rule(codes='["markup.*"]', severity='"warning"')
    room = with_checks(room, lowered)
    with pytest.raises(GateShut, match="holds no role for zh"):
        waived_by(room, EDITOR_EN)
    assert codes(waived_by(room, TRANSLATOR_ZH)) == ([], [CODE], [])
    # The same warning made an error by a rule needs another signature than a translator's.
    room = with_checks(room)
    found = subject(room, SLUG, "zh")
    assert codes(found) == ([CODE], [], [CODE])
    assert "may not waive an error" in found.findings.lapsed[0].why
    assert codes(waived_by(room, EDITOR_ZH)) == ([], [CODE], [CODE])


def test_whoever_left_waives_no_more(room: Newsroom) -> None:
    waived_by(room, EDITOR_ZH)
    edit(room, FILE_NAME, f'[people."{EDITOR_ZH}"]', '[people."other@newsroom.example"]')
    found = subject(open_newsroom(room.root, exactly=True), SLUG, "zh")
    assert codes(found) == ([CODE], [], [CODE])
    assert found.findings.lapsed[0].why == f"{EDITOR_ZH} is not among the newsroom's people"


EARLIER = "2025/agreement"


def with_earlier(room: Newsroom, otherwise: str) -> None:
    """Adds an earlier story with the same source, and one sentence translated otherwise."""
    translate(room, "zh", KEPT)
    shutil.copytree(room.root / "stories" / SLUG, room.root / "stories" / EARLIER)
    refresh(room)
    file = f"locales/zh/LC_MESSAGES/{EARLIER}.po"
    shutil.copy(room.root / f"locales/zh/LC_MESSAGES/{SLUG}.po", room.root / file)
    edit(room, file, "学生五月搬入。", otherwise)
    refresh(room)


def test_what_an_earlier_story_says_otherwise_keeps_an_edition_from_being_signed_where_a_rule_makes_it_an_error(
    room: Newsroom,
) -> None:
    with_earlier(room, "学生将于五月入住。")
    prepare(room, SLUG, "zh", signer=EDITOR_ZH, role=None, now=NOW)
    strict = with_checks(room, rule(codes='["terms.*"]', severity='"error"'))
    with pytest.raises(GateShut) as shut:
        prepare(strict, SLUG, "zh", signer=EDITOR_ZH, role=None, now=NOW)
    assert [item.code for item in shut.value.diagnostics] == [ARCHIVE]
    waived_by(strict, EDITOR_ZH, Choice(code=ARCHIVE, segment=None))
    assert len(prepare(strict, SLUG, "zh", signer=EDITOR_ZH, role=None, now=NOW).waived) == 1


def test_what_an_earlier_story_says_otherwise_is_waived_while_both_keep_their_words(room: Newsroom) -> None:
    otherwise = "学生将于五月入住。"
    with_earlier(room, otherwise)
    earlier, file = EARLIER, f"locales/zh/LC_MESSAGES/{EARLIER}.po"
    found = [item for item in check(room, room.slugs(), [ZH], NOW).findings if item.code == ARCHIVE]
    assert [(item.story, about(item)) for item in found] == [(SLUG, (("elsewhere", otherwise),))]
    choice = Choice(code=ARCHIVE, segment=None)
    assert codes(waived_by(room, TRANSLATOR_ZH, choice)) == ([], [ARCHIVE], [])
    report = check(room, room.slugs(), [ZH], NOW)
    assert [(item.code, item.story) for item in report.findings if item.code == ARCHIVE] == []
    assert [item.finding.location for item in report.waived] == [found[0].location]

    # Another line of the other story is no matter, other words are.
    edit(room, f"stories/{earlier}/story.md", "- Students move", "Welcome.\n\n- Students move")
    refresh(room)
    assert codes(subject(room, SLUG, "zh")) == ([], [ARCHIVE], [])
    edit(room, file, otherwise, "学生五月起入住。")
    assert codes(subject(room, SLUG, "zh")) == ([ARCHIVE], [], [ARCHIVE])
    edit(room, f"stories/{earlier}/story.md", "section: news", "section: none")
    assert codes(subject(room, SLUG, "zh")) == ([], [], [ARCHIVE])
    assert take_back(room, SLUG, "zh", choice, by=TRANSLATOR_ZH, reason="no", now=NOW)


def test_what_is_always_an_error_is_not_waived_not_even_by_hand(room: Newsroom) -> None:
    translate(room, "zh", {STUDENTS: "双方将互派**学生。"})
    broken = Choice(code="markup.broken", segment=4)
    with pytest.raises(GateShut, match=r"markup\.broken cannot be waived"):
        waived_by(room, EDITOR_ZH, broken)
    found = next(item for item in subject(room, SLUG, "zh").findings.open if item.code == "markup.broken")
    forged = made(found, (), by=room.settings.people[EDITOR_ZH], reason=REASON, now=NOW)
    room.write(WAIVERS, f"{format_waiver(forged)}\n".encode())
    assert codes(subject(room, SLUG, "zh"))[1:] == ([], ["markup.broken"])


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (Choice(code=CODE, segment=99), "no segment 99"),
        (Choice(code=CODE, segment=0), "no segment 0"),
        (Choice(code=CODE, segment=3), f"no finding {CODE} in segment 3"),
        (Choice(code="links.changed", segment=None), r"no finding links\.changed of"),
        (Choice(code="markup.chnaged", segment=4), "no check has the code"),
    ],
)
def test_what_is_not_there_is_not_waived(room: Newsroom, choice: Choice, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        waived_by(room, EDITOR_ZH, choice)


@pytest.mark.parametrize("reason", ["", " \n", "a\x00b", "a\u2028b\x85c\udc80"])
def test_a_reason_that_says_nothing_or_cannot_be_written(room: Newsroom, reason: str) -> None:
    with pytest.raises(UsageError):
        waive(room, SLUG, "zh", SEGMENT, by=EDITOR_ZH, reason=reason, now=NOW)
    assert not (room.root / WAIVERS).exists()


def test_all_of_a_code_and_twice_is_once(room: Newsroom) -> None:
    translate(room, "zh", {"Students move in May.": "*学生*五月搬入。"})
    every = Choice(code=CODE, segment=None)
    assert codes(waived_by(room, EDITOR_ZH, every)) == ([], [CODE, CODE], [])
    before = (room.root / WAIVERS).read_bytes()
    assert codes(waived_by(room, EDITOR_ZH, every)) == ([], [CODE, CODE], [])
    assert (room.root / WAIVERS).read_bytes() == before
    back = take_back(room, SLUG, "zh", SEGMENT, by=TRANSLATOR_ZH, reason="no", now=minutes(1))
    assert [item.segment for item in back] == [subject(room, SLUG, "zh").segment(4)]
    assert codes(subject(room, SLUG, "zh")) == ([CODE], [CODE], [])
    take_back(room, SLUG, "zh", every, by=EDITOR_ZH, reason="no", now=minutes(2))
    assert codes(subject(room, SLUG, "zh")) == ([CODE, CODE], [], [])
    with pytest.raises(UsageError, match="no waiver of"):
        take_back(room, SLUG, "zh", every, by=EDITOR_ZH, reason="no", now=minutes(2))


# --- The gate --------------------------------------------------------------------------------------------


def test_an_error_raised_by_a_rule_shuts_the_gate_and_a_waiver_opens_it(room: Newsroom) -> None:
    lowered = rule(codes='["markup.*"]', severity='"info"')
    raised = rule(codes=f'["{CODE}"]', languages='["zh"]', roles='["paragraph"]', severity='"error"')
    assert prepare(with_checks(room, lowered), SLUG, "zh", signer=EDITOR_ZH, role=None, now=NOW).waived == ()
    room = with_checks(room, raised, lowered)
    with pytest.raises(GateShut, match="emphasis: 1 in the source"):
        approve(room, "zh")
    waived_by(room, EDITOR_ZH)
    draft = prepare(room, SLUG, "zh", signer=EDITOR_ZH, role=None, now=NOW)
    assert [(item.finding.code, item.waiver.reason) for item in draft.waived] == [(CODE, REASON)]
    assert approve(room, "zh", at=minutes(1)).is_complete
    take_back(room, SLUG, "zh", SEGMENT, by=EDITOR_ZH, reason="no", now=minutes(2))
    with pytest.raises(GateShut, match="emphasis: 1 in the source"):
        approve(room, "zh", at=minutes(3))


def test_a_rule_for_another_language_or_role_changes_nothing(room: Newsroom) -> None:
    for other in ({"languages": '["ru"]'}, {"roles": '["headline", "caption"]'}):
        elsewhere = with_checks(room, rule(codes='["*"]', severity='"off"', **other))
        assert codes(subject(elsewhere, SLUG, "zh")) == ([CODE], [], [])
    assert codes(subject(with_checks(room, rule(codes='["*"]', severity='"off"')), SLUG, "zh")) == ([], [], [])


def test_off_is_never_off_for_what_is_always_an_error(room: Newsroom) -> None:
    room = with_checks(room, rule(codes='["*"]', severity='"off"'), signoff=TWO_EDITORS)
    translate(room, "zh", {STUDENTS: "双方**将互派学生🀀。"})
    found = check(room, [SLUG], [room.language("zh")], NOW).findings
    assert {"markup.broken", "text.glyph"} <= {item.code for item in found}
    assert {item.severity for item in found} == {Severity.ERROR}


def test_words_that_stand_twice_are_waived_once(room: Newsroom) -> None:
    edit(room, STORY, "- Students move", f"{STUDENTS}\n\n- Students move")
    refresh(room)
    choice = Choice(code=CODE, segment=7)
    assert subject(room, SLUG, "zh").segment(4) == subject(room, SLUG, "zh").segment(7)
    assert codes(waived_by(room, EDITOR_ZH, choice)) == ([], [CODE], [])


def test_a_waiver_says_who_and_when() -> None:
    now = datetime.datetime(2026, 11, 22, 13, 30, 15, 999, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
    waiver: Waiver = made(finding(Role.ALT, "source", "abc"), (), by=EDITOR, reason=REASON, now=now)
    assert '"at":"2026-11-22T05:30:15Z"' in format_waiver(waiver)
    assert (waiver.by, waiver.name, waiver.message) == (EDITOR_ZH, "Chinese desk", "what is wrong: source")
