"""The repairs of typography: pairs of texts that a translator can read, in data/repairs, and their laws."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import LANGUAGES

from workflow.checks.prose import protected_spans
from workflow.checks.typography import faults, repaired
from workflow.languages import Language
from workflow.model import Role
from workflow.story.dialect import FOOTNOTE_MARK, inline_environment, inline_tokens
from workflow.story.folding import paragraphs

DATA = Path(__file__).parent / "data" / "repairs"
PIECES = (
    *"\"'“”‘’«»„「」.,;:!?()-–—…·•，。、；：！？（）《》%№ё",
    *("--", "...", "……", "——", "  ", "\u3000", "\u00a0", "２０", "，，", ".,", "*", "**", "_", "`", "[", "]", "(x)"),
    *("校长", "签署了", "不", "HUST", "ITMO", "2021", "2018-2021", "5", "в", "слово", "Ё", "еще", "ещё", "И. И."),
    *("word", "don't", "the dogs' toys", "'90s", "Then", "т. е.", "«слово»", "—", " ", " ", " ", "\\\n", "\n\n"),
    *('`a  "b"`', "[word](https://x.example/a,b...c)", "[слово](<a  b>)", "[^1]", "%(name)s", '\\"', "&nbsp;"),
    *("{.small}", "https://news.example/a--b,c", "<https://x.example/--,>", "me@news.example", "[the text]{lang=en}"),
)
texts = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
languages = st.sampled_from(list(LANGUAGES.values()))
roles = st.sampled_from([*Role, None])


@dataclass(frozen=True, kw_only=True)
class Repair:
    """A text, and what it becomes."""

    file: str
    title: str
    before: str
    after: str
    role: Role = Role.PARAGRAPH

    @property
    def language(self) -> Language:
        return LANGUAGES[self.file]


def read_repairs() -> Iterator[Repair]:
    """Blocks after `== title`; ⍽ is a no-break blank, ⏎ a line end, and without `after` the text stays as it is."""
    for file in sorted(DATA.glob("*.txt")):
        text = file.read_text(encoding="utf-8").replace("⍽", "\u00a0").replace("␣", " ")
        for block in re.split(r"^== ", text, flags=re.MULTILINE)[1:]:
            title, *lines = block.strip("\n").split("\n")
            values = dict(line.replace("⏎", "\n").split(": ", 1) for line in lines if line)
            role = Role(values.pop("role", "paragraph"))
            yield Repair(
                file=file.stem,
                title=title,
                before=values["before"],
                after=values.get("after", values["before"]),
                role=role,
            )


REPAIRS = tuple(read_repairs())


@pytest.mark.parametrize("case", REPAIRS, ids=lambda case: f"{case.file}: {case.title}")
def test_repair(case: Repair) -> None:
    assert repaired(case.before, case.language, case.role) == case.after
    assert repaired(case.after, case.language, case.role) == case.after


def test_repairs_are_there() -> None:
    assert {case.file for case in REPAIRS} == {"en", "ru", "zh"}
    assert len(REPAIRS) > 60


@given(texts, languages, roles)
def test_repairing_twice_is_repairing_once_and_leaves_nothing_to_mend(
    text: str, language: Language, role: Role | None
) -> None:
    once = repaired(text, language, role)
    assert repaired(once, language, role) == once
    assert [fault for fault in faults(once, language, role) if fault.replacement is not None] == []


@given(texts, languages, roles)
def test_a_text_without_a_finding_stays_as_it_is(text: str, language: Language, role: Role | None) -> None:
    if not any(fault.replacement is not None for fault in faults(text, language, role)):
        assert repaired(text, language, role) == text


@given(texts, languages, roles)
def test_what_is_no_prose_stays_as_it_is(text: str, language: Language, role: Role | None) -> None:
    assert protected(repaired(text, language, role)) == protected(text)


@given(texts, languages)
def test_markdown_reads_the_same_marks_and_links(text: str, language: Language) -> None:
    assert marks(repaired(text, language, Role.PARAGRAPH)) == marks(text)


def protected(text: str) -> list[str]:
    return [text[start:end] for start, end in protected_spans(text)]


def marks(text: str) -> list[list[tuple[object, ...]]]:
    """What Markdown reads but the words."""
    return [
        [
            (token.type, token.attrs, token.content if token.type == "code_inline" else "")
            for token in inline_tokens(part, inline_environment({}, tuple(FOOTNOTE_MARK.findall(part))))
            if token.type not in {"text", "softbreak"}
        ]
        for part in paragraphs(text)
    ]
