"""Word by word, and in Han character by character."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.diff import Change, pair, tokens, word_diff

MARKS = {Change.SAME: "{}", Change.DELETED: "[-{}-]", Change.INSERTED: "{{+{}+}}"}
TEXTS = st.text(alphabet="ab 一二。\n.«", max_size=30)


def shown(old: str, new: str) -> str:
    return "".join(MARKS[piece.change].format(piece.text) for piece in word_diff(old, new))


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("The rector came.", "The rector came.", "The rector came."),
        (
            "signed the agreement on Monday",
            "signed the treaty on Monday",
            "signed the [-agreement-]{+treaty+} on Monday",
        ),
        ("校长于周一签署了协议。", "校长于周二签署了新协议。", "校长于周[-一-]{+二+}签署了{+新+}协议。"),
        ("ABC协议", "ABC条议", "ABC[-协-]{+条+}议"),
        (
            "Работа была опубликована в Nature Energy.",
            "Работа опубликована в журнале Nature Energy.",
            "Работа [-была -]опубликована в{+ журнале+} Nature Energy.",
        ),
        ("five new students moved in", "five old teachers moved in", "five [-new students-]{+old teachers+} moved in"),
        ("at noon", "at\xa0noon", "at[- -]{+\xa0+}noon"),
        ("Rain tomorrow.", "Sunny and warm.", "[-Rain tomorrow.-]{+Sunny and warm.+}"),
        ("", "new", "{+new+}"),
        ("old", "", "[-old-]"),
        ("", "", ""),
    ],
)
def test_reads_well(old: str, new: str, wanted: str) -> None:
    assert shown(old, new) == wanted


@given(TEXTS, TEXTS)
def test_holds_both_texts_whole(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.change is not Change.INSERTED) == old
    assert "".join(piece.text for piece in pieces if piece.change is not Change.DELETED) == new
    assert all(piece.text for piece in pieces)
    changes = [piece.change for piece in pieces]
    assert all(one is not other for one, other in itertools.pairwise(changes))
    assert (Change.INSERTED, Change.DELETED) not in itertools.pairwise(changes)


@given(st.text(max_size=60))
def test_tokens_lose_nothing(text: str) -> None:
    assert "".join(tokens(text)) == text


@pytest.mark.parametrize("times", [100, 150, 5000])
def test_text_that_repeats_itself_takes_no_minutes(times: int) -> None:
    start = time.perf_counter()
    word_diff("一二三四" * times, "二一四三" * times)
    assert time.perf_counter() - start < 5


def test_a_long_paragraph_is_compared_by_its_sentences() -> None:
    sentences = [f"The {number} rector of the university signed the agreement of the day. " for number in range(300)]
    old = "".join(sentences)
    new = old.replace("The 150 rector", "The 150 dean")
    assert shown(old, new) == old.replace("150 rector", "150 [-rector-]{+dean+}")
    new = "".join(reversed(sentences))
    start = time.perf_counter()
    assert "[-" in shown(old, new)
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    ("old", "new", "alike"),
    [
        ("one two", "two one", True),
        ("one two", "three four", False),
        ("", "", False),
        ("两所大学", "三所大学", True),
    ],
)
def test_texts_are_alike_by_the_words_they_share_in_whatever_order(old: str, new: str, alike: bool) -> None:
    found = pair([old], [new], lambda one, other: False, lambda one, other: True)
    assert found == ({0: 0} if alike else {})


def test_pairs_never_cross_and_are_alike() -> None:
    old = ["the first thing", "a second thing", "gone for good"]
    new = ["quite new words", "the first big thing", "a second thing too"]
    assert pair(old, new, lambda one, other: False, lambda one, other: True) == {1: 0, 2: 1}
    assert pair(old, new, lambda one, other: (one, other) == (2, 0), lambda one, other: True) in ({0: 2}, {1: 0, 2: 1})
    assert pair(old, new, lambda one, other: False, lambda one, other: False) == {}
    assert pair([], new, lambda one, other: True, lambda one, other: True) == {}


def test_pairs_of_a_long_story() -> None:
    old = [f"paragraph number{number} of the old story told here" for number in range(400)]
    start = time.perf_counter()
    found = pair(old, [text + " again" for text in old], lambda one, other: False, lambda one, other: True)
    assert found == {number: number for number in range(400)}
    assert time.perf_counter() - start < 3
