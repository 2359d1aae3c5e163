"""Law 1 and its kin, over generated stories and the examples of the CommonMark specification."""

from __future__ import annotations

import collections
import dataclasses
import json
import re
from pathlib import Path
from typing import TypedDict, cast

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from strategies_story import (
    FRONT,
    HEADLINE,
    PRINTABLE,
    REFERENCES,
    RULES,
    all_html,
    bodies,
    body_html,
    built_stories,
    normal,
    read,
    read_body,
    read_stories,
    typed_targets,
)

from workflow.diagnostics import Diagnostic
from workflow.errors import InputError
from workflow.model import Block, Footnote, ListBlock, Paragraph, Quote, Role, Segment, Story, Words
from workflow.story import format_story, parse_story, rewrite, segments
from workflow.story.folding import guarded


class Example(TypedDict):
    example: int
    section: str
    markdown: str
    html: str


EXAMPLES = cast(
    "list[Example]",
    json.loads((Path(__file__).parent / "data/commonmark/examples.json").read_text(encoding="utf-8")),
)
REFUSED_EXAMPLES = {
    "story.raw-html": 91,
    "story.two-headlines": 25,
    "story.picture-address": 12,
    "story.tab": 6,
    "story.picture-in-text": 4,
    "story.picture-alt": 1,
}
"""Faults by code; a story has one headline, no raw HTML, no tabs, and pictures only by themselves."""


def holds_law_1(story: Story) -> None:
    assert rewrite(story, lambda segment: (segment.source,)) == story
    text = format_story(story)
    again = read(text)
    assert again == story
    assert format_story(again) == text
    assert all_html(again) == all_html(story)
    assert segments(again) == segments(story)


def same_html(html: str) -> str:
    """HTML in a form where only what a browser shows differs."""
    html = re.sub(r"\s*/>", ">", html).replace(' scope="col"', "").replace("&#x27;", "'").replace("&#39;", "'")
    html = re.sub(r"\s+", " ", html)
    return re.sub(r" (?=</?(?:p|li|ul|ol|blockquote|pre|h\d|hr)\b)|(?<=>) (?=<)", "", html).strip()


# --- CommonMark ------------------------------------------------------------------------------------------


def test_refused_examples_are_the_known_ones() -> None:
    codes: collections.Counter[str] = collections.Counter()
    for item in EXAMPLES:
        try:
            read_body(item["markdown"])
        except InputError as error:
            codes.update(found.code for found in error.diagnostics)
    assert codes == REFUSED_EXAMPLES


@pytest.mark.parametrize("section", sorted({item["section"] for item in EXAMPLES}))
def test_commonmark(section: str) -> None:
    for item in EXAMPLES:
        if item["section"] != section:
            continue
        try:
            story = read_body(item["markdown"])
        except InputError:
            continue
        assert same_html(body_html(story)) == same_html(item["html"]), item["example"]
        holds_law_1(story)


# --- Generated stories -----------------------------------------------------------------------------------


@given(story=read_stories())
@settings(max_examples=300, deadline=None)
def test_stories_that_were_read_hold_law_1(story: Story) -> None:
    holds_law_1(story)


@given(story=built_stories())
@settings(max_examples=200, deadline=None)
def test_stories_that_were_built_read_back_equal(story: Story) -> None:
    again = read(format_story(story))
    assert again == story
    holds_law_1(again)


def shape(blocks: tuple[Block, ...]) -> list[object]:
    """Kinds of blocks and how they nest."""
    found: list[object] = []
    for block in blocks:
        inner: object = None
        if isinstance(block, Quote | Footnote):
            inner = shape(block.blocks)
        elif isinstance(block, ListBlock):
            inner = [shape(item) for item in block.items]
        found.append((type(block).__name__, inner))
    return found


def read_unless_marked_wrong(story: Story) -> Story | None:
    """The story read back; None if its words have attributes or footnote marks that no story may have."""
    codes = set()
    try:
        return read(format_story(story))
    except InputError as error:
        codes = {found.code for found in error.diagnostics}
    assert codes <= {"story.attribute", "story.footnote"}
    return None


NOTES = "\n\n[^1]: x\n\n[^note-2]: y\n"
HOLDER = (
    "before\n\nWORDS\n\n- WORDS\n- item\n\n  WORDS\n\n> WORDS\n>\n> after\n\n"
    "1. > WORDS\n\nafter[^1] [^note-2]\n\n[^1]: WORDS\n\n[^note-2]: x\n"
)


@given(target=typed_targets)
@example(target="- x")
@example(target="x\\\n- y")
@example(target="\N{NO-BREAK SPACE}# x")
@example(target="[^a[b]: x")
@example(target="[a\\\nb]: x")
@example(target="a\\\n[b]: x")
@example(target="{.a} x}")
@example(target="a\\\n|-|")
@settings(max_examples=400, deadline=None)
def test_whatever_a_translator_types_stays_a_paragraph(target: str) -> None:
    story = dataclasses.replace(read_body(HOLDER), references=REFERENCES)
    try:
        typed = normal(target)
    except ValueError:
        raw = Paragraph(words=Words(text=guarded(target.strip())))
        raw_story = dataclasses.replace(story, blocks=(raw, *story.blocks))
        with pytest.raises(InputError):
            read(format_story(raw_story))
        return
    assume(typed)

    def put(segment: Segment) -> tuple[str, ...]:
        return typed if segment.source == "WORDS" else (segment.source,)

    made = rewrite(story, put)
    if (again := read_unless_marked_wrong(made)) is None:
        return
    assert again == made
    assert shape(again.blocks) == shape(made.blocks)
    if len(typed) == 1:
        assert shape(again.blocks) == shape(story.blocks)


@given(target=typed_targets)
@settings(max_examples=200, deadline=None)
def test_normal_form_is_a_fixed_point(target: str) -> None:
    try:
        typed = normal(target)
    except ValueError:
        return
    assert normal("\n\n".join(typed)) == typed


@given(target=typed_targets)
@example(target="x #")
@settings(max_examples=200, deadline=None)
def test_headings_and_cells_take_any_single_line(target: str) -> None:
    story = dataclasses.replace(
        read_body("## WORDS\n\n| WORDS | b |\n|---|---|\n| c | WORDS |\n\nx[^1] [^note-2]" + NOTES),
        references=REFERENCES,
    )
    try:
        typed = normal(target.replace("\\\n", " ").replace("\n", " "))
    except ValueError:
        return
    assume(len(typed) == 1 and "\n" not in typed[0])
    made = rewrite(story, lambda segment: typed if segment.source == "WORDS" else (segment.source,))
    if (again := read_unless_marked_wrong(made)) is None:
        return
    assert again == made


# --- Arbitrary input -------------------------------------------------------------------------------------


def refused_or_lawful(data: bytes) -> None:
    diagnostics: tuple[Diagnostic, ...] = ()
    try:
        story = parse_story(data, "story.md", RULES)
    except InputError as error:
        diagnostics = error.diagnostics
    else:
        holds_law_1(story)
        return
    assert diagnostics
    for found in diagnostics:
        assert found.code.startswith("story.")
        assert found.location is not None
        assert found.location.line is not None
        assert 1 <= found.location.line <= data.count(b"\n") + 1


@given(body=bodies() | st.text(PRINTABLE | st.sampled_from("\n\n\t #*_[]<>|`-"), max_size=200))
@example(body="- a\n  ```\n  x\n  ```\n  b\n")
@example(body="x\n\n## [^1]: y\n\n[^1]: z\n")
@example(body="x[^1]\n\n[^1]:\n    - ```\n       y\n      ```\n")
@example(body=">     x  \n")
@example(body="- > x\n\n  > y\n")
@example(body="- [x]: y\n\n  a\n")
@example(body="x\n- - - [x]: y\n")
@example(body="x\n- x\n  - [x]: y\n")
@example(body="- a\n\n  \N{NO-BREAK SPACE}\n")
@settings(max_examples=400, deadline=None)
def test_any_body_is_lawful_or_refused_by_line(body: str) -> None:
    refused_or_lawful((FRONT + HEADLINE + body).encode())


@given(data=st.binary(max_size=100) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_lawful_or_refused(data: bytes) -> None:
    refused_or_lawful(data)
    refused_or_lawful(FRONT.encode() + data)


_yaml_keys = st.sampled_from(
    ("summary: ", "section: ", "written_by:\n  - ", "languages: ", "? ", "- ", "  ", "x: &a ", "<<: ")
)
_yaml_values = st.one_of(
    st.text(PRINTABLE, max_size=10),
    st.text("\"'[]{}&*!|>%@`#?:-,\\Ux019 \tab", max_size=10),
    st.sampled_from(("*a", "[*a]", "{*a: b}", '"\\ud800"', '"\\UFFFFFFFF"', "|\n  a", ">-\n  a\n\n  b", "!!int 1")),
)
_yaml = st.lists(st.tuples(_yaml_keys, _yaml_values).map("".join), max_size=4).map("\n".join)


@given(header=_yaml)
@settings(max_examples=400, deadline=None)
def test_any_front_matter_is_lawful_or_refused(header: str) -> None:
    refused_or_lawful(f"---\nsection: news\n{header}\npublished: 2021-05-03\n---\n{HEADLINE}".encode())


def test_roles_of_every_segment_have_words() -> None:
    story = read_body(HOLDER)
    assert {segment.role for segment in segments(story)} == {
        Role.HEADLINE,
        Role.PARAGRAPH,
        Role.LIST_ITEM,
        Role.QUOTE,
        Role.FOOTNOTE,
    }
