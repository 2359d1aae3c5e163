"""Law 3 (a catalog is read as it was written, by all tools) and what must never be read at all."""

from __future__ import annotations

import datetime
import subprocess
from dataclasses import replace
from pathlib import Path

import polib
import pytest
import strategies_catalog as make
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workflow.catalog import canonical, format_catalog, new_headers, number_of_forms, parse_catalog
from workflow.errors import InputError
from workflow.languages import Language
from workflow.model import Catalog, Previous, Unit

DATA = Path(__file__).parent / "data" / "po"
EN = Language(code="en", tag="en", locale="en_GB")
ZH = Language(code="zh", tag="zh-Hans", locale="zh_Hans_CN")
RU = Language(code="ru", tag="ru", locale="ru_RU")
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
PLURAL_HEADER = HEADER[:-1] + '"Plural-Forms: nplurals=2; plural=n != 1;\\n"\n\n'
UNIT = 'msgid "a"\nmsgstr "b"\n'
COUNTED = HEADER[:-1] + '"X-Unit-Count: 1\\n"\n\n'
END = '\n#~ msgctxt "workflow"\n#~ msgid "end of catalog"\n#~ msgstr "end of catalog"\n'


def run(*command: str, text: str | bytes) -> bytes:
    data = text if isinstance(text, bytes) else text.encode()
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    return done.stdout


def for_msgcat(catalog: Catalog) -> Catalog:
    """Without what msgcat drops where msgstr, or msgstr[0], is empty: obsolete units, and the flag fuzzy."""
    kept = (unit for unit in catalog.units if unit.targets[0] or not unit.obsolete)
    units = tuple(replace(unit, fuzzy=unit.fuzzy and unit.targets[0] != "") for unit in kept)
    return replace(catalog, units=units)


def catalog_of(*units: Unit) -> Catalog:
    return Catalog(headers=make.HEADERS, units=units)


RICH = Catalog(
    headers=make.HEADERS,
    comments=("Новости", ""),
    units=(
        Unit(source="one", targets=("один\nдва\n三",), references=("story.md:3", "story.md:9")),
        Unit(
            context="headline",
            source="day",
            source_plural="days",
            targets=("день", "дня", "дней"),
            fuzzy=True,
            previous=Previous(context="headline", source="old\nday", source_plural="old days"),
        ),
        Unit(
            source="long " * 30 + '"q" \\ \t',
            targets=("很长" * 60 + "😀",),
            notes=("paragraph",),
            flags=("no-wrap",),
        ),
        Unit(source="gone\nsince", targets=("ушло\nдавно",), obsolete=True, comments=("kept", "  so")),
        Unit(source="g", source_plural="gs", targets=("1", "2", "3"), obsolete=True, fuzzy=True),
    ),
)


# --- Law 3 -------------------------------------------------------------------------------------------------


@given(make.catalogs())
@settings(deadline=None, max_examples=200)
@example(RICH)
def test_what_is_written_is_read_back(catalog: Catalog) -> None:
    text = format_catalog(catalog)
    again = parse_catalog(text.encode(), "x.po")
    assert again == catalog
    assert format_catalog(again) == text


@given(make.catalogs())
@settings(deadline=None, max_examples=100)
@example(RICH)
def test_msgcat_writes_the_same_bytes(catalog: Catalog) -> None:
    text = format_catalog(for_msgcat(catalog))
    assert run("msgcat", "--no-wrap", "-", text=text).decode() == text


@given(make.catalogs())
@settings(deadline=None, max_examples=60)
@example(RICH)
def test_a_catalog_survives_wrapping_by_msgcat(catalog: Catalog) -> None:
    assert parse_catalog(run("msgcat", "-", text=format_catalog(catalog)), "x.po") == for_msgcat(catalog)


@given(make.catalogs())
@settings(deadline=None, max_examples=60)
@example(RICH)
def test_polib_agrees(catalog: Catalog) -> None:
    # Without the comments, of which polib drops blanks.
    bare = replace(catalog, units=tuple(replace(unit, comments=(), notes=()) for unit in catalog.units))
    entries = list(polib.pofile(format_catalog(bare), encoding="utf-8"))
    assert [(e.msgctxt, e.msgid, bool(e.obsolete), e.fuzzy) for e in entries[:-1]] == [
        (u.context, u.source, u.obsolete, u.fuzzy) for u in bare.units
    ]
    for entry, unit in zip(entries, bare.units, strict=False):
        assert (tuple(entry.msgstr_plural.values()) or (entry.msgstr,)) == unit.targets
        assert tuple(f"{path}:{line}" for path, line in entry.occurrences) == unit.references


@given(make.catalogs())
@settings(deadline=None, max_examples=60)
@example(RICH)
def test_msgfmt_compiles_it_in_silence(catalog: Catalog) -> None:
    # msgfmt --check also judges translations (line ends, formats). Those are not our matter here.
    units = tuple(
        replace(
            unit,
            targets=tuple(f"x{t}".rstrip("\n") for t in unit.targets),
            flags=(),
            source=f"s{unit.source}s",
        )
        for unit in catalog.units
        if unit.source_plural is None
    )
    checked = catalog_of(*{unit.key: unit for unit in units}.values())
    run("msgfmt", "--check", "-o", "/dev/null", "-", text=format_catalog(checked))


@pytest.mark.parametrize("language", [EN, ZH, RU])
def test_msgfmt_accepts_new_headers(language: Language) -> None:
    at = datetime.datetime(2026, 11, 22, 10, 0, tzinfo=datetime.UTC)
    headers = new_headers(project="News", language=language, translator="A <a@b.example>", team="zh", at=at)
    catalog = Catalog(headers=headers)
    count = number_of_forms(catalog)
    assert count == {"en": 2, "zh": 1, "ru": 3}[language.code]
    plural = Unit(source="a", source_plural="b", targets=("x",) * count)
    text = format_catalog(replace(catalog, units=(plural,)))
    run("msgfmt", "--check", "-o", "/dev/null", "-", text=text)
    assert dict(headers)["Language"] == {"en": "en", "zh": "zh_CN", "ru": "ru"}[language.code]
    assert dict(headers)["PO-Revision-Date"] == "2026-11-22 10:00+0000"


@pytest.mark.parametrize(
    ("code", "locale", "name"),
    [("zh", "zh_Hant", "zh_TW"), ("pt_BR", "pt_BR", "pt_BR"), ("en", "en_US", "en"), ("sr", "sr_Latn", "sr")],
)
def test_language_header(code: str, locale: str, name: str) -> None:
    language = Language(code=code, tag=code, locale=locale)
    at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    assert dict(new_headers(project="p", language=language, translator="", team="", at=at))["Language"] == name


def test_canonical() -> None:
    mixed = Catalog(
        headers=(("X-Z", "1"), ("Content-Type", "text/plain; charset=KOI8-R"), ("Language", "ru")),
        units=(
            Unit(source="gone", obsolete=True, previous=Previous(source="older")),
            Unit(source="a", flags=("no-wrap", "c-format"), references=("x:1", "x:1")),
        ),
    )
    settled = canonical(mixed)
    assert [name for name, _ in settled.headers] == [
        "Language",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
        "X-Z",
    ]
    assert settled.header("Content-Type") == "text/plain; charset=UTF-8"
    assert settled.units[0] == Unit(source="a", flags=("c-format", "no-wrap"), references=("x:1",))
    assert settled.units[1] == Unit(source="gone", obsolete=True)
    assert parse_catalog(format_catalog(mixed).encode(), "x.po") == settled


# --- Cut-off files -----------------------------------------------------------------------------------------


def wrapped(catalog: Catalog) -> bytes:
    return run("msgcat", "--width=76", "-", text=format_catalog(catalog))


@pytest.mark.parametrize(
    "data",
    [
        format_catalog(RICH).encode(),
        wrapped(RICH),
        format_catalog(catalog_of()).encode(),
        format_catalog(catalog_of(Unit(source="a", targets=("b",)))).encode(),
        (DATA / "poedit.after.po").read_bytes(),
    ],
    ids=["rich", "wrapped", "empty", "one", "poedit"],
)
def test_no_shortened_file_is_ever_read(data: bytes) -> None:
    whole = parse_catalog(data, "x.po")
    assert parse_catalog(data[:-1], "x.po") == whole
    for end in range(len(data) - 1):
        with pytest.raises(InputError):
            parse_catalog(data[:end], "x.po")


@given(make.catalogs(), st.data())
@settings(deadline=None, max_examples=100)
def test_no_line_can_be_lost_unseen(catalog: Catalog, data: st.DataObject) -> None:
    blocks = format_catalog(for_msgcat(catalog)).split("\n\n")
    lost = data.draw(st.integers(1, len(blocks) - 1))
    with pytest.raises(InputError, match="cut short"):
        parse_catalog("\n\n".join([*blocks[:lost], *blocks[lost + 1 :]]).encode() + b"\n", "x.po")


def test_a_merge_of_git_may_add_units() -> None:
    more = parse_catalog((COUNTED + UNIT + '\nmsgid "c"\nmsgstr ""\n' + END).encode(), "x.po")
    assert [unit.source for unit in more.units] == ["a", "c"]


def test_a_purged_file_is_read_when_the_count_was_deleted_on_purpose() -> None:
    assert parse_catalog((HEADER + UNIT).encode(), "x.po").units == (Unit(source="a", targets=("b",)),)
    assert parse_catalog((HEADER + UNIT + END).encode(), "x.po").units == (Unit(source="a", targets=("b",)),)


# --- What is refused ---------------------------------------------------------------------------------------

HOSTILE = [
    # name, bytes, code, line, in the message, in the hint
    ("utf-16", (HEADER + UNIT).encode("utf-16"), "charset", 1, "UTF-16", "save it as UTF-8"),
    ("utf-16 without mark", (HEADER + UNIT).encode("utf-16-le"), "charset", 1, "UTF-16", "save it as UTF-8"),
    ("utf-32", (HEADER + UNIT).encode("utf-32"), "charset", 1, "UTF-32", "save it as UTF-8"),
    ("utf-8 mark", b"\xef\xbb\xbf" + (HEADER + UNIT).encode(), "charset", 1, "byte order mark", "without"),
    ("empty", b"", "cut-short", None, "empty", "version control"),
    ("no unit", HEADER.encode(), "cut-short", None, "no unit", "version control"),
    ("no header", UNIT.encode(), "charset", 1, "names no charset", "charset=UTF-8"),
    ("only obsolete", b'#~ msgid "a"\n#~ msgstr "b"\n', "charset", 1, "names no charset", "charset=UTF-8"),
    ("unknown charset", HEADER.replace("UTF-8", "KLINGON") + UNIT, "charset", 3, "KLINGON", "charset=UTF-8"),
    ("template charset", HEADER.replace("UTF-8", "CHARSET") + UNIT, "charset", 3, "CHARSET", "charset=UTF-8"),
    ("utf-7", HEADER.replace("UTF-8", "UTF-7") + UNIT, "charset", 3, "UTF-7", "charset=UTF-8"),
    ("codec", HEADER.replace("UTF-8", "rot13") + UNIT, "charset", 3, "rot13", "charset=UTF-8"),
    (
        "two charsets",
        HEADER.replace("\n\n", '\n"X-A: charset=KOI8-R\\n"\n\n') + UNIT,
        "charset",
        4,
        "two",
        "UTF-8",
    ),
    (
        "charset in a comment",
        '# "Content-Type: text/plain; charset=KOI8-R\\n"\n' + HEADER.replace("UTF-8", "") + UNIT,
        "charset",
        4,
        "names no charset",
        "charset=UTF-8",
    ),
    ("wrong charset", (HEADER + UNIT.replace("b", "д")).encode("koi8-r"), "charset", 6, "not UTF-8", "save"),
    ("windows", (HEADER + UNIT).replace("\n", "\r\n"), "control-character", 1, "Windows line ends", "Unix"),
    ("cr in comment", HEADER + "# a\rmsgid\n" + UNIT, "control-character", 5, "CR", "Unix"),
    *(
        (f"raw {ord(c):x}", HEADER + f'msgid "a"\nmsgstr "b{c}c"\n', "control-character", 6, "U+", "delete")
        for c in "\0\x01\x07\x08\x0b\x0c\x1b\x1c\x1d\x1e\x1f\x7f\x85\x9f\u2028\u2029\ufffd\uffff"
    ),
    *(
        (
            f"escape {e}",
            HEADER + f'msgid "a"\nmsgstr "b\\{e}c"\n',
            "control-character",
            6,
            "escape",
            "backslash",
        )
        for e in ("r", "v", "f", "a", "b", "101", "0", "x41")
    ),
    ("unknown escape", HEADER + 'msgid "a"\nmsgstr "b\\q"\n', "syntax", 6, "unknown escape", "backslash"),
    *(
        (
            f"marker {m[0]}",
            HEADER + f"{m}\n" + UNIT,
            "conflict-marker",
            5,
            "unresolved merge conflict",
            "one of",
        )
        for m in ("<<<<<<< HEAD", "=======", ">>>>>>> branch", "||||||| base")
    ),
    ("open string", HEADER + 'msgid "a\nmsgstr "b"\n', "syntax", 5, "no closing", "close it"),
    ("open at the end", HEADER + 'msgid "a"\nmsgstr "b\n', "syntax", 6, "no closing", "version control"),
    ("open after \\", HEADER + 'msgid "a"\nmsgstr "b\\"\n', "syntax", 6, "no closing", "version control"),
    ("two strings", HEADER + 'msgid "a" "b"\nmsgstr "c"\n', "syntax", 5, "follows the closing", "each line"),
    ("quote inside", HEADER + 'msgid "a "b" c"\nmsgstr "c"\n', "syntax", 5, "follows the closing", '\\"'),
    ("no blank", HEADER + 'msgid"a"\nmsgstr "c"\n', "syntax", 5, "blank is missing", "msgid"),
    ("continued comment", HEADER + "# a\\\n" + UNIT, "syntax", 5, "ends with a backslash", "delete"),
    ("domain", HEADER + 'domain "x"\n' + UNIT, "syntax", 5, "domain", "one file"),
    ("sticky flags", HEADER + "#= fuzzy\n" + UNIT, "syntax", 5, "`#=`", "blank after the #"),
    ("bang flags", HEADER + "#! fuzzy\n" + UNIT, "syntax", 5, "`#!`", "blank after the #"),
    ("junk", HEADER + "oops\n" + UNIT, "syntax", 5, "no line of a PO file", "comments begin"),
    ("other keyword", HEADER + 'msgfoo "a"\n' + UNIT, "syntax", 5, "no line of a PO file", "comments begin"),
    ("wide blank", HEADER + 'msgid\u3000"a"\nmsgstr ""\n', "syntax", 5, "no line of a PO file", "comments"),
    ("stray string", HEADER + '# c\n"a"\n' + UNIT, "syntax", 6, "continues nothing", "msgid or msgstr"),
    ("no msgstr", HEADER + 'msgid "a"\n\n' + UNIT, "syntax", 7, "msgid_plural or msgstr", "each once"),
    ("no msgstr at the end", HEADER + UNIT + 'msgid "c"\n', "cut-short", 8, "middle of an entry", "version"),
    ("comment inside", HEADER + 'msgid "a"\n# x\nmsgstr "b"\n', "syntax", 6, "ends before its", "complete"),
    ("order", HEADER + 'msgstr "b"\nmsgid "a"\n', "syntax", 5, "next entry is expected", "each once"),
    ("string first", HEADER + '# c\nmsgstr "b"\n', "syntax", 6, "msgctxt or msgid is expected", "each once"),
    ("msgstr twice", HEADER + UNIT + 'msgstr "c"\n', "syntax", 7, "next entry is expected", "each once"),
    ("msgctxt twice", HEADER + 'msgctxt "a"\nmsgctxt "b"\n' + UNIT, "syntax", 6, "msgid is expected", "once"),
    (
        "context late",
        HEADER + 'msgid "a"\nmsgctxt "b"\nmsgstr ""\n',
        "syntax",
        6,
        "msgstr is expected",
        "once",
    ),
    (
        "gap",
        PLURAL_HEADER + 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] ""\nmsgstr[2] ""\n',
        "syntax",
        9,
        "[1]",
        "once",
    ),
    ("from 1", PLURAL_HEADER + 'msgid "a"\nmsgid_plural "b"\nmsgstr[1] ""\n', "syntax", 8, "[0]", "once"),
    ("plain plural", PLURAL_HEADER + 'msgid "a"\nmsgid_plural "b"\nmsgstr ""\n', "syntax", 8, "[0]", "once"),
    (
        "too few forms",
        PLURAL_HEADER + 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "x"\n',
        "plural-forms",
        6,
        "plural forms: 1 here, 2 by the header",
        "Plural-Forms",
    ),
    *(
        (
            f"Plural-Forms {header}",
            HEADER[:-1] + f'"Plural-Forms: {header};\\n"\n\n' + UNIT,
            "plural-forms",
            1,
            message,
            "another catalog",
        )
        for header, message in (
            ("nplurals=2", "which number takes which"),
            ("plural=n != 1", "how many forms"),
            ("nplurals=2; plural=n != {1}", "cannot be worked out"),
            ("nplurals=2; plural=1 / n", "cannot be worked out"),
            ("nplurals=2; plural=" + "(" * 40 + "n" + ")" * 40, "cannot be worked out"),
            ("nplurals=2; plural=n>2 ? 2 : n>1", "form 3 of 2"),
        )
    ),
    ("half obsolete", HEADER + '#~ msgid "a"\nmsgstr "b"\n', "syntax", 6, "half", "#~"),
    (
        "half obsolete string",
        HEADER + '#~ msgid "a"\n"b"\n#~ msgstr ""\n',
        "syntax",
        6,
        "continues nothing",
        "msgid",
    ),
    ("bare obsolete", HEADER + UNIT + "#~\n", "syntax", 7, "must follow #~", "#~ msgid"),
    ("obsolete comment", HEADER + UNIT + "#~ # x\n", "syntax", 7, "no line of a PO file", "comments"),
    ("previous context alone", HEADER + '#| msgctxt "x"\n' + UNIT, "syntax", 6, "has no #| msgid", "#~"),
    ("previous msgstr", HEADER + '#| msgstr "x"\n' + UNIT, "syntax", 5, "is expected", "msgid"),
    (
        "previous late",
        HEADER + 'msgid "a"\n#| msgid "x"\nmsgstr ""\n',
        "syntax",
        6,
        "stands after #|",
        "msgid",
    ),
    (
        "previous at the end",
        HEADER + UNIT + '#| msgid "x"\n',
        "cut-short",
        8,
        "middle of an entry",
        "version",
    ),
    ("comment at the end", HEADER + UNIT + "# lost\n", "syntax", 8, "belong to no entry", "above the entry"),
    ("second header", HEADER + UNIT + HEADER, "header", 7, "msgid is empty", "comes first"),
    ("header not first", UNIT + "\n" + HEADER, "charset", 1, "names no charset", "charset"),
    ("header with context", 'msgctxt "x"\n' + HEADER + UNIT, "header", 1, "does not begin", "comes first"),
    (
        "msgid as header",
        'msgctxt "x"\nmsgid "Content-Type: text/plain; charset=UTF-8\\n"\nmsgstr ""\n',
        "header",
        1,
        "does not begin",
        "comes first",
    ),
    ("no field", HEADER.replace("\n\n", '\n"oops\\n"\n\n') + UNIT, "header", 1, "oops", "Name: value"),
    ("field twice", HEADER.replace("\n\n", '\n"A: 1\\n"\n"A: 2\\n"\n\n') + UNIT, "header", 1, "A", "once"),
    ("duplicate", HEADER + UNIT + "\n" + UNIT, "duplicate", 8, "line 5 and line 8", "delete the other"),
    (
        "obsolete duplicate",
        HEADER + UNIT + '\n#~ msgid "a"\n#~ msgstr "c"\n',
        "duplicate",
        8,
        "line 5 and line 8",
        "obsolete",
    ),
    (
        "fewer",
        COUNTED.replace("1\\n", "2\\n") + UNIT + END,
        "cut-short",
        None,
        "counts 2, the file holds 1",
        "delete",
    ),
    ("no end", COUNTED + UNIT, "cut-short", None, "end of catalog", "delete the header line X-Unit-Count"),
    ("end not last", COUNTED + END + "\n" + UNIT, "cut-short", 7, "stand after", "move"),
    ("no count", COUNTED.replace("1\\n", "\\n") + UNIT + END, "cut-short", 1, "no number", "version control"),
]


@pytest.mark.parametrize(
    ("data", "code", "line", "message", "hint"),
    [case[1:] for case in HOSTILE],
    ids=[case[0] for case in HOSTILE],
)
def test_refused(data: str | bytes, code: str, line: int | None, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_catalog(data if isinstance(data, bytes) else data.encode(), "zh.po")
    found = caught.value.diagnostics[0]
    assert found.code == f"catalog.{code}"
    assert found.location is not None
    assert (found.location.path, found.location.line) == ("zh.po", line)
    assert message in found.message
    assert found.hint is not None
    assert hint in found.hint


def test_all_findings_are_told_at_once() -> None:
    text = HEADER + 'msgid "a\nmsgstr "b"\n\nmsgid "c"\nmsgstr "\\q"\n\noops\n\n' + UNIT
    with pytest.raises(InputError) as caught:
        parse_catalog(text.encode(), "x.po")
    assert [str(found).split(": ")[0] for found in caught.value.diagnostics] == [
        "x.po:5",
        "x.po:9",
        "x.po:11",
    ]


@given(make.catalogs(), st.data())
@settings(deadline=None, max_examples=150)
@example(RICH, None)
def test_damage_is_refused_or_gettext_reads_the_same(catalog: Catalog, data: st.DataObject | None) -> None:
    lines = format_catalog(for_msgcat(catalog)).split("\n")
    at = data.draw(st.integers(0, len(lines) - 1)) if data else 3
    change = data.draw(st.sampled_from(["drop", "double", "cut", "swap"])) if data else "drop"
    line = lines[at]
    lines[at : at + 1] = {
        "drop": [],
        "double": [line, line],
        "cut": [line[: len(line) // 2]],
        "swap": [*lines[at + 1 : at + 2], line],
    }[change]
    try:
        read = parse_catalog("\n".join(lines).encode(), "x.po")
    except InputError:
        return
    rewritten = run("msgcat", "--no-wrap", "-", text="\n".join(lines))
    again = parse_catalog(rewritten, "x.po")
    assert [replace(unit, flags=()) for unit in canonical(again).units] == [
        replace(unit, flags=()) for unit in canonical(read).units
    ]


@pytest.mark.parametrize("failure", [[], OSError("Syntax error (line 7)")])
def test_a_file_in_which_polib_sees_other_entries_is_refused(
    failure: list[object] | OSError, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pofile(text: str, encoding: str) -> list[object]:
        if isinstance(failure, OSError):
            raise failure
        return failure

    monkeypatch.setattr(polib, "pofile", pofile)
    with pytest.raises(InputError, match="cannot be read the same way by all tools"):
        parse_catalog((HEADER + UNIT).encode(), "x.po")


# --- What is accepted --------------------------------------------------------------------------------------


@pytest.mark.parametrize("charset", ["UTF-8", "GB18030", "GBK", "GB2312", "Big5"])
def test_chinese_charsets(charset: str) -> None:
    # 誠 in Big5 and 歕 in GBK end with the byte 0x5C, a backslash; GB2312 has no such character.
    text = {"GB2312": "大学", "Big5": "功許"}.get(charset, "哈歕乗大学")
    data = (HEADER.replace("UTF-8", charset) + f'msgid "{text}"\nmsgstr "{text}\\n"\n').encode(charset)
    assert charset in {"UTF-8", "GB2312"} or b"\\" in data.replace(b"\\n", b"")
    read = parse_catalog(data, "x.po")
    assert read.units == (Unit(source=text, targets=(f"{text}\n",)),)
    assert read.header("Content-Type") == f"text/plain; charset={charset}"
    assert format_catalog(read).encode() == run(
        "msgcat",
        "--no-wrap",
        "-",
        text=format_catalog(parse_catalog(run("msgconv", "-t", "UTF-8", text=data), "x")),
    )


@pytest.mark.parametrize("charset", ["KOI8-R", "windows-1251", "ISO-8859-5", "utf8"])
def test_cyrillic_charsets(charset: str) -> None:
    comment = '# "Content-Type: text/plain; charset=GBK\\n"\n'
    data = (comment + HEADER.replace("UTF-8", charset) + 'msgid "a"\nmsgstr "Ректор"\n').encode(charset)
    assert parse_catalog(data, "x.po").units[0].target == "Ректор"


def test_shapes_of_other_tools() -> None:
    text = (
        "#header comment\n#, fuzzy\n#. note on the header\n" + HEADER + "#oops\n#.close\n#:a.md:1  b.md:2\n#:\tc:3\n"
        '#,fuzzy, c-format\n#, c-format\n#| msgid ""\n#| "ol"\n#| "d"\n'
        '  msgid\t"a"  \n\n"b"\nmsgstr ""\n"c"\n'
        '#~| msgid "older"\n#, fuzzy\n#~ msgid "x"\n#~   msgstr ""\n#~ "y"'
    )
    read = parse_catalog(text.encode(), "x.po")
    assert read.comments == ("header comment", "note on the header")
    assert read.units == (
        Unit(
            source="ab",
            targets=("c",),
            fuzzy=True,
            previous=Previous(source="old"),
            references=("a.md:1", "b.md:2", "c:3"),
            notes=("close",),
            comments=("oops",),
            flags=("c-format",),
        ),
        Unit(source="x", targets=("y",), fuzzy=True, obsolete=True),
    )


# --- What is not written -----------------------------------------------------------------------------------


def units_with(text: str) -> dict[str, Unit]:
    unit = Unit(source="the unit")
    return {
        "source": replace(unit, source=text),
        "context": replace(unit, context=text),
        "plural": replace(unit, source_plural=text, targets=("", "", "")),
        "targets": replace(unit, targets=(text,)),
        "comments": replace(unit, comments=(text,)),
        "previous": replace(unit, previous=Previous(source=text)),
    }


@pytest.mark.parametrize("character", "\r\0\x0b\x85\u2028\ud800\ufffd")
@pytest.mark.parametrize("place", units_with(""))
def test_a_forbidden_character_is_not_written(character: str, place: str) -> None:
    text = f"a{character}b"
    with pytest.raises(InputError) as caught:
        format_catalog(catalog_of(units_with(text)[place]))
    found = caught.value.diagnostics[0]
    assert found.code == "catalog.control-character"
    assert ("the unit" if place != "source" else text) in found.message
    assert f"U+{ord(character):04X}" in found.message


@pytest.mark.parametrize(
    "unit",
    [
        Unit(source=""),
        Unit(source="a", comments=("two\nlines",)),
        Unit(source="a", references=("a b:1",)),
        Unit(source="a", flags=("fuzzy",)),
        Unit(source="a", flags=("a,b",)),
        Unit(source="a", targets=("b", "c")),
        Unit(source="a", source_plural="b", targets=("c",)),
        Unit(source="end of catalog", context="workflow", targets=("end of catalog",), obsolete=True),
        Unit(source="end of catalog", context="workflow", targets=("end of catalog",)),
    ],
)
def test_what_would_be_read_differently_is_not_written(unit: Unit) -> None:
    with pytest.raises(ValueError, match=r"written|read back"):
        format_catalog(catalog_of(unit))


def test_duplicates_and_broken_headers_are_not_written() -> None:
    with pytest.raises(ValueError, match="stands twice"):
        format_catalog(catalog_of(Unit(source="a"), Unit(source="a", obsolete=True)))
    with pytest.raises(ValueError, match="cannot be written"):
        format_catalog(Catalog(headers=(("A", "1\noops"),)))
    with pytest.raises(InputError, match="backslash"):
        format_catalog(catalog_of(Unit(source="a", notes=("b\\",))))
    with pytest.raises(InputError, match="header field A"):
        format_catalog(Catalog(headers=(("A", "\r1"),)))
