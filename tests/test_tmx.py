"""TMX: what was written is read back, by us and by the Translate Toolkit; what others write is taken or named."""

from __future__ import annotations

import contextlib
import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from translate.storage.tmx import tmxfile

from workflow.errors import InputError
from workflow.interchange.tmx import format_tmx, parse_tmx
from workflow.languages import Language, language_of_tag
from workflow.memory import Entry

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), min_size=1
)
WORDS = st.one_of(TEXT, st.text("ab<>&\"'\n\t\\* ", min_size=1)).filter(lambda text: bool(text.strip()))
HEAD = b'<?xml version="1.0"?>\n<tmx version="1.4">\n<header srclang="en"/>\n<body>\n'
TAIL = b"</body>\n</tmx>\n"


@st.composite
def made_up(draw: st.DrawFn) -> Entry:
    source, target = draw(st.permutations(["en", "zh-Hans", "ru", "pt-BR"]))[:2]
    return Entry(
        source_language=source,
        target_language=target,
        source=draw(WORDS),
        target=draw(WORDS),
        role=draw(st.sampled_from(["", "paragraph", "list-item"])),
        origin=draw(st.sampled_from(["", "2026/agreement", "old & new.tmx"])),
        before=draw(st.none() | st.integers(0, 2**60 - 1)),
        after=draw(st.none() | st.integers(0, 2**60 - 1)),
        signed_at=draw(
            st.none()
            | st.datetimes(timezones=st.just(datetime.UTC), min_value=datetime.datetime(2000, 1, 1)).map(
                lambda at: at.replace(microsecond=0)
            )
        ),
        signers=tuple(draw(st.lists(WORDS, max_size=2))),
    )


@settings(max_examples=50)
@given(st.lists(made_up(), max_size=6))
def test_round_trip(found: list[Entry]) -> None:
    document = format_tmx(found, {})
    read = parse_tmx(document.encode(), "x.tmx")
    assert (list(read.entries), read.skipped) == (found, {})
    assert format_tmx(read.entries, {}) == document


@settings(max_examples=30)
@given(st.lists(made_up(), min_size=1, max_size=6))
def test_the_translate_toolkit_reads_it_so_too(found: list[Entry]) -> None:
    store = tmxfile.parsestring(format_tmx(found, {}).encode())
    assert [(str(unit.source), str(unit.target)) for unit in store.units] == [
        (entry.source, entry.target) for entry in found
    ]


def test_what_the_translate_toolkit_writes() -> None:
    store = tmxfile()
    store.addtranslation("Students & teachers", "en", "学生和教师", "zh-CN")
    (entry,) = parse_tmx(bytes(store), "x.tmx").entries
    assert (entry.source, entry.target, entry.source_language, entry.target_language) == (
        "Students & teachers",
        "学生和教师",
        "en",
        "zh-CN",
    )


def test_many_languages_and_codes_of_other_tools() -> None:
    unit = """<tu srclang="EN-US"><note>n</note><prop type="x">p</prop>
      <tuv xml:lang="zh-CN"><prop type="y">q</prop><seg>新的</seg></tuv>
      <tuv xml:lang="en-us"><seg>a <bpt i="1">&lt;b></bpt>new<ept i="1">&lt;/b></ept>
 <hi>one</hi><ph>{1}</ph></seg></tuv>
      <tuv lang="ru"><seg>новый</seg></tuv></tu>
      <tu><tuv xml:lang="en"><seg>alone</seg></tuv><tuv xml:lang="ru"><seg> </seg></tuv></tu>"""
    read = parse_tmx(HEAD + unit.encode() + TAIL, "x.tmx")
    assert [(entry.source, entry.target_language, entry.target) for entry in read.entries] == [
        ("a new\n one", "zh-CN", "新的"),
        ("a new\n one", "ru", "новый"),
    ]
    assert read.skipped == {"without two languages that both have text": 1}


def test_utf_16_as_other_tools_write_it() -> None:
    text = format_tmx([Entry(source_language="en", target_language="zh", source="a", target="大")], {})
    data = text.replace("UTF-8", "UTF-16").encode("utf-16")
    assert [entry.target for entry in parse_tmx(data, "x.tmx").entries] == ["大"]


BOMB = b'<?xml version="1.0"?>\n<!DOCTYPE tmx [\n<!ENTITY a "aaaa">\n<!ENTITY b "&a;&a;">\n]>\n<tmx>&b;</tmx>'
OUTSIDE = b'<?xml version="1.0"?>\n<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<tmx>&x;</tmx>'


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "tmx.syntax", 1),
        (b"not XML", "tmx.syntax", 1),
        (HEAD + b"<tu>\n<tuv>\n</tu>" + TAIL, "tmx.syntax", 7),
        (HEAD, "tmx.syntax", 5),
        (b'<?xml version="1.0"?>\n<html></html>', "tmx.root", 2),
        (b'<?xml version="1.0" encoding="klingon"?><tmx/>', "tmx.encoding", 1),
        (BOMB, "tmx.entities", 3),
        (OUTSIDE, "tmx.entities", 2),
    ],
)
def test_bad_files_are_named_by_line(data: bytes, code: str, line: int) -> None:
    with pytest.raises(InputError) as caught:
        parse_tmx(data, "x.tmx")
    (found,) = caught.value.diagnostics
    assert (found.code, str(found.location)) == (code, f"x.tmx:{line}")
    assert found.hint


@given(st.binary(max_size=80) | st.binary(max_size=80).map(lambda data: HEAD + data + TAIL))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(InputError):
        parse_tmx(data, "x.tmx")


def test_a_unit_out_of_place_is_no_fault_of_ours() -> None:
    data = (
        HEAD + b"<seg>x</seg><tu><prop type='a'>b</prop><seg>y</seg><tuv><seg>z</seg></tuv></tu><prop>c</prop>" + TAIL
    )
    assert parse_tmx(data, "x.tmx").entries == ()


def test_deep_nesting_is_read(tmp_path: Path) -> None:
    deep = b"<hi>" * 20_000 + b"x" + b"</hi>" * 20_000
    data = (
        HEAD + b'<tu><tuv xml:lang="en"><seg>' + deep + b'</seg></tuv><tuv xml:lang="ru"><seg>y</seg></tuv></tu>' + TAIL
    )
    assert [entry.source for entry in parse_tmx(data, "x.tmx").entries] == ["x"]


TONGUES = (
    Language(code="en", tag="en", locale="en_US"),
    Language(code="zh", tag="zh-Hans", locale="zh_Hans_CN"),
    Language(code="pt_BR", tag="pt-BR", locale="pt_BR"),
    Language(code="pt", tag="pt-PT", locale="pt_PT"),
)


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("zh", "zh"),
        ("zh-CN", "zh"),
        ("ZH_CN", "zh"),
        ("zh-Hans", "zh"),
        ("zh-Hans-SG", "zh"),
        ("zh-TW", None),
        ("zh-Hant", None),
        ("EN-GB", "en"),
        ("pt", "pt_BR"),
        ("pt-PT", "pt"),
        ("pt-AO", "pt_BR"),
        ("fr", None),
        ("", None),
        ("x-none", None),
    ],
)
def test_the_language_that_a_tag_means(tag: str, code: str | None) -> None:
    found = language_of_tag(tag, TONGUES)
    assert (found.code if found else None) == code
