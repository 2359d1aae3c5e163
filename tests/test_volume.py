"""How words and characters are counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.volume import Volume, source_volume, text_volume, total


@pytest.mark.parametrize(
    ("text", "words", "characters"),
    [
        ("", 0, 0),
        ("One word, and 3 more.", 5, 17),
        ("It can't be: the well-known U.S. team's 3.5% of 1,200,000.", 11, 49),
        ("— – … !", 0, 4),
        ("Ректор подписал 2 соглашения.", 4, 26),
        ("за\u0301мок и замо\u0301к", 3, 11),
        ("两所大学签署协议", 8, 8),
        ("华中科技大学与ITMO大学，2011年。", 12, 20),
        ("カタカナと漢字", 7, 7),
        ("한국어 뉴스", 2, 5),
        ("हिन्दी समाचार", 2, 7),
        ("a_b snake_case", 2, 13),
        ("soft\u00adhyphen", 1, 10),
        ("editor@news.example", 2, 19),
    ],
)
def test_a_text(text: str, words: int, characters: int) -> None:
    assert text_volume(text) == Volume(words=words, characters=characters)


@pytest.mark.parametrize(
    ("source", "context", "seen"),
    [
        ("Both sides will exchange *students*.", None, "Both sides will exchange students."),
        ("Read [the **programme**](https://news.example/a/b?c=d) now.", None, "Read the programme now."),
        ("See [it][label] and <https://news.example/a>.", None, "See [it][label] and ."),
        ("First[^note] of *its*\\\nkind, `code`, 2 \\* 2.", "headline", "First[^note] of its kind, code, 2 * 2."),
        ("A *caption* is [plain](x).", "caption", "A *caption* is [plain](x)."),
        ("[marked]{.small} words", None, "marked words"),
    ],
)
def test_marks_and_addresses_are_not_counted(source: str, context: str | None, seen: str) -> None:
    assert source_volume(source, context) == text_volume(seen)


@given(parts=st.lists(st.text(st.characters(codec="utf-8"), max_size=20), max_size=5))
def test_parts_add_up(parts: list[str]) -> None:
    assert total(map(text_volume, parts)) == text_volume("\n".join(parts))


@given(text=st.text(max_size=200))
def test_there_are_no_more_words_than_characters(text: str) -> None:
    found = text_volume(text)
    assert 0 <= found.words <= found.characters
