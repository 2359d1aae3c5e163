"""The memory: what was put in is found again, whatever is asked; splitting and alignment of sentences."""

from __future__ import annotations

import datetime
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace as changed
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.memory import Entry, Input, Kind, Memory, create, digest_of_text, entries, forget, inputs, replace
from workflow.memory.alignment import aligned
from workflow.memory.likeness import MARKS, marks, normal
from workflow.sentences import sentences

DATA = Path(__file__).parent / "data" / "sentences" / "aligned.txt"
MADE_FROM = Input(stamp="1", digest="1")
SIGNED = datetime.datetime(2026, 5, 3, 12, 0, tzinfo=datetime.UTC)

MONDAY = Entry(
    source_language="en",
    target_language="ru",
    source="The rector signed the agreement on Monday.",
    target="Ректор подписал соглашение в понедельник.",
    role="paragraph",
    origin="2026/agreement",
    before=digest_of_text("Universities agree"),
    after=0,
    signed_at=SIGNED,
    signers=("Russian desk",),
)
LONG = changed(
    MONDAY,
    source="The rector signed the agreement on Monday. Students will move in soon. Teachers follow in winter.",
    target="Ректор подписал соглашение в понедельник. Студенты скоро переедут. Преподаватели последуют зимой.",
    origin="2026/plans",
    before=None,
    after=None,
)
EN_RU = ("en", "ru")


def memory_of(*found: Entry) -> Memory:
    memory = Memory(database=sqlite3.connect(":memory:", isolation_level=None))
    create(memory.database)
    for origin in {entry.origin: None for entry in found}:
        put(memory, origin, [entry for entry in found if entry.origin == origin])
    return memory


def put(memory: Memory, origin: str, found: Sequence[Entry], language: str = "ru") -> None:
    replace(memory.database, origin, language, MADE_FROM, found)


# --- What is found -----------------------------------------------------------------------------------------


def test_the_same_words_in_their_context() -> None:
    (match,) = memory_of(MONDAY).lookup(
        MONDAY.source, languages=EN_RU, role="paragraph", before="Universities agree", after=""
    )
    assert (match.kind, match.score, match.target, match.entry) == (Kind.CONTEXT, 100, MONDAY.target, MONDAY)


@pytest.mark.parametrize(("before", "after"), [(None, None), ("Universities agree", None), ("Another", "")])
def test_the_same_words_elsewhere(before: str | None, after: str | None) -> None:
    (match,) = memory_of(MONDAY).lookup(MONDAY.source, languages=EN_RU, role="paragraph", before=before, after=after)
    assert (match.kind, match.score) == (Kind.EXACT, 100)


def test_another_role_is_not_the_same() -> None:
    (match,) = memory_of(MONDAY).lookup(MONDAY.source, languages=EN_RU, role="headline")
    assert (match.kind, match.score) == (Kind.FUZZY, 96)


def test_the_other_direction_says_so() -> None:
    (match,) = memory_of(MONDAY).lookup(MONDAY.target, languages=("ru", "en"), role="paragraph")
    assert (match.source, match.target) == (MONDAY.target, MONDAY.source)
    assert (match.kind, match.score, match.is_reversed) == (Kind.FUZZY, 94, True)


@pytest.mark.parametrize(
    "asked",
    [
        "The rector signed the agreement on Friday.",
        "The rector signed an agreement on Monday.",
        "On Monday the rector signed the agreement.",
    ],
)
def test_similar_words(asked: str) -> None:
    match = memory_of(MONDAY).lookup(asked, languages=EN_RU)[0]
    assert (match.kind, match.source) == (Kind.FUZZY, MONDAY.source)
    assert 60 <= match.score <= 99


def test_blanks_quotes_dashes_and_case_are_no_difference_worth_a_percent() -> None:
    stored = changed(MONDAY, source="He said: “Yes” — and\u00a0signed", target="x")
    (match,) = memory_of(stored).lookup('he said: "Yes" - and signed', languages=EN_RU)
    assert (match.kind, match.score, match.source) == (Kind.FUZZY, 99, stored.source)


def test_a_russian_ending_more_or_less() -> None:
    stored = Entry(
        source_language="ru", target_language="zh", source="Ректор университета", target="大学校长", origin="x"
    )
    (match,) = memory_of(stored).lookup("Ректоры университетов", languages=("ru", "zh"))
    assert match.target == "大学校长"


@pytest.mark.parametrize("asked", ["大学", "大学！", "校长签署协议", "校长昨天签署了合作协议"])
def test_short_texts_in_han(asked: str) -> None:
    sources = ("大学", "校长签署了协议", "校长昨天签署合作协议")
    found = memory_of(*(changed(MONDAY, source_language="zh", source=text, target=text) for text in sources))
    assert found.lookup(asked, languages=("zh", "ru"))


def test_other_languages_are_not_offered() -> None:
    memory = memory_of(MONDAY)
    for languages in (("en", "zh"), ("ru", "zh"), ("zh", "ru"), ("en", "en")):
        assert memory.lookup(MONDAY.source, languages=languages) == ()


def test_the_best_first_and_the_last_signed_of_equals() -> None:
    older = changed(MONDAY, target="старый", signed_at=SIGNED - datetime.timedelta(days=9), origin="older")
    near = changed(MONDAY, source="The rector signed the agreement on Friday.", target="близкий", origin="near")
    found = memory_of(older, near, MONDAY).lookup(MONDAY.source, languages=EN_RU, role="paragraph")
    assert [match.target for match in found] == [MONDAY.target, "старый", "близкий"]
    assert memory_of(older, near, MONDAY).lookup(MONDAY.source, languages=EN_RU, limit=1) == found[:1]


def test_words_of_every_story_are_found_in_their_context() -> None:
    often = [
        changed(
            MONDAY, role="paragraph" if at % 2 else "credit", before=at, origin=f"2026/{at}", target=f"target {at % 5}"
        )
        for at in range(1, 300)
    ]
    special = changed(MONDAY, signed_at=SIGNED - datetime.timedelta(days=900), origin="first")
    found = memory_of(special, *often).lookup(
        MONDAY.source, languages=EN_RU, role="paragraph", before="Universities agree", after="", limit=50
    )
    assert (found[0].kind, found[0].entry) == (Kind.CONTEXT, special)
    assert found[1].kind is Kind.EXACT
    assert len(found) <= 9


def test_the_threshold_holds() -> None:
    asked = "The rector signed the agreement on Friday."
    assert memory_of(MONDAY).lookup(asked, languages=EN_RU, threshold=92)
    assert not memory_of(MONDAY).lookup(asked, languages=EN_RU, threshold=93)


# --- Sentences ---------------------------------------------------------------------------------------------


def test_a_sentence_of_a_new_paragraph() -> None:
    asked = "Nobody expected what came next in that year. Students will move in soon. The weather was fine and warm."
    match = memory_of(LONG).lookup(asked, languages=EN_RU)[0]
    assert (match.kind, match.score, match.asked) == (Kind.SENTENCE, 100, "Students will move in soon.")
    assert (match.source, match.target) == ("Students will move in soon.", "Студенты скоро переедут.")


def test_a_sentence_that_was_a_paragraph() -> None:
    (match,) = memory_of(MONDAY).lookup(
        f"{MONDAY.source} It rained all day, as so often here.", languages=EN_RU, threshold=80
    )
    assert (match.kind, match.target, match.asked) == (Kind.SENTENCE, MONDAY.target, MONDAY.source)


def test_a_sentence_in_the_other_direction() -> None:
    (match,) = memory_of(LONG).lookup("Студенты скоро переедут.", languages=("ru", "en"))
    assert (match.kind, match.target, match.score) == (Kind.SENTENCE, "Students will move in soon.", 95)


def test_similar_sentences_of_a_similar_paragraph() -> None:
    asked = LONG.source.replace("in soon", "out soon").replace(
        "Teachers follow in winter.", "Nothing else is known about it so far."
    )
    found = memory_of(LONG).lookup(asked, languages=EN_RU, threshold=75)
    assert ("Студенты скоро переедут.", "Students will move out soon.") in [
        (match.target, match.asked) for match in found if match.kind is Kind.SENTENCE
    ]


def cases() -> Iterator[tuple[str, str, str, tuple[str, str], tuple[tuple[str, ...], ...]]]:
    for block in re.split(r"^== ", DATA.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, *lines = block.strip().splitlines()
        (one, source), (other, target) = (line.split(": ", 1) for line in lines[:2])
        yield title, source, target, (one, other), tuple(tuple(line[3:].split(" | ")) for line in lines[2:])


@pytest.mark.parametrize(("title", "source", "target", "languages", "pairs"), list(cases()))
def test_alignment(title: str, source: str, target: str, languages: tuple[str, str], pairs: object) -> None:
    assert aligned(source, target, languages) == pairs, title


@given(st.text(), st.sampled_from(["en", "ru", "zh", "fr"]))
def test_sentences_are_the_text(text: str, language: str) -> None:
    assert "".join("".join(sentences(text, language)).split()) == "".join(text.split())


# --- Laws --------------------------------------------------------------------------------------------------

TEXTS = st.one_of(
    st.text(min_size=1, max_size=30),
    st.text("ab cd. “”—", min_size=1, max_size=40),
    st.text("大学校长签署了协议。！", min_size=1, max_size=40),
    st.text("ректор универсиёт. «»", min_size=1, max_size=40),
).filter(lambda text: bool(normal(text)) and "\x00" not in text)
CODES = st.sampled_from(["en", "zh", "ru"])


@st.composite
def made_up(draw: st.DrawFn) -> Entry:
    source, target = draw(st.lists(CODES, min_size=2, max_size=2, unique=True))
    return Entry(
        source_language=source,
        target_language=target,
        source=draw(TEXTS),
        target=draw(TEXTS),
        role=draw(st.sampled_from(["", "paragraph", "headline"])),
        origin=draw(st.sampled_from(["a", "b", "c.tmx"])),
        before=draw(st.none() | st.integers(0, 2**60 - 1)),
        signed_at=draw(st.none() | st.just(SIGNED)),
        signers=draw(st.sampled_from([(), ("A",), ("A", "B «C»")])),
    )


@given(st.lists(made_up(), min_size=1, max_size=12))
def test_what_was_put_in_is_found(found: list[Entry]) -> None:
    memory = memory_of(*found)
    for entry in found:
        languages = entry.source_language, entry.target_language
        matches = memory.lookup(entry.source, languages=languages, role=entry.role, limit=50)
        assert (entry.source, entry.target) in [(match.source, match.target) for match in matches]
        assert matches[0].kind in (Kind.EXACT, Kind.CONTEXT)
        back = memory.lookup(entry.target, languages=(languages[1], languages[0]), limit=50)
        assert (entry.target, entry.source) in [(match.source, match.target) for match in back]


@given(st.text() | st.text("\ud800\x00\u2028 .。a", max_size=60), st.lists(made_up(), max_size=4), CODES, CODES)
def test_no_text_makes_a_lookup_fail(text: str, found: list[Entry], one: str, other: str) -> None:
    memory = memory_of(*found)
    matches = memory.lookup(text, languages=(one, other), role="headline", before=text, after="")
    assert all(0 <= match.score <= 100 for match in matches)
    assert not memory.is_damaged


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.lists(made_up(), max_size=4)), max_size=6))
def test_step_by_step_is_as_all_at_once(steps: list[tuple[str, list[Entry]]]) -> None:
    last = {origin: [changed(entry, origin=origin) for entry in found] for origin, found in steps}
    by_steps, at_once = memory_of(), memory_of()
    for origin, found in steps:
        put(by_steps, origin, [changed(entry, origin=origin) for entry in found])
    for origin, found in last.items():
        put(at_once, origin, found)
    assert contents(by_steps) == contents(at_once)
    for origin in last:
        forget(by_steps.database, origin, "ru")
    assert contents(by_steps) == contents(memory_of())
    assert inputs(by_steps.database) == {}


def contents(memory: Memory) -> list[object]:
    """All that the tables hold but the numbers of their rows."""
    database = memory.database
    found = [sorted(map(repr, entries(database, code))) for code in ("en", "ru", "zh")]
    counts = [database.execute(f"SELECT count(*) FROM {table}").fetchone() for table in ("texts", "marks", "sentences")]
    query = "SELECT mark, size, language, texts.text FROM marks JOIN texts ON texts.id = marks.text"
    return [*found, counts, sorted(database.execute(query))]


@given(TEXTS, CODES)
def test_marks_are_few_and_stay_the_same(text: str, language: str) -> None:
    found = marks(normal(text), language)
    assert 0 < len(found) <= MARKS
    assert found == marks(normal(normal(text)), language)


def test_long_texts_cost_no_more_than_they_may() -> None:
    memory = memory_of(changed(MONDAY, source="word " * 20_000), changed(MONDAY, source="大" * 50_000, target="x"))
    assert memory.lookup("word " * 20_000, languages=EN_RU)
    assert memory.lookup("“" * 50_000, languages=EN_RU) == ()


def test_a_damaged_database_finds_nothing() -> None:
    memory = memory_of(MONDAY)
    memory.database.execute("DROP TABLE marks")
    assert memory.lookup(MONDAY.source, languages=EN_RU) == ()
    assert memory.is_damaged
