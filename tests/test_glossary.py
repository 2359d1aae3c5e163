"""Glossaries as values, as files of other tools, and through the commands."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import LANGUAGES
from test_cli import Result, document, workflow
from translate.storage.tbx import tbxfile

from workflow.checks import occurrences
from workflow.diagnostics import Diagnostic
from workflow.errors import InputError
from workflow.glossary import (
    EMPTY,
    MAX_BYTES,
    MAX_TERMS,
    Glossary,
    Kind,
    Term,
    format_glossary,
    make_term,
    parse_glossary,
)
from workflow.glossary_pairs import merge_glossaries, pair_glossary
from workflow.interchange.tbx import format_tbx, parse_tbx
from workflow.lemmas import lemmas

REPOSITORY = Path(__file__).resolve().parent.parent
PATH = "locales/zh/glossary.tsv"
EN, ZH, RU = LANGUAGES["en"], LANGUAGES["zh"], LANGUAGES["ru"]

# --- Laws ----------------------------------------------------------------------------------------------------

WORDS = st.text(st.sampled_from("aBЖё漢\u00a0 -’&<é"), min_size=1, max_size=8)
FORM = WORDS.map(lambda text: " ".join(filter(None, text.split(" "))).strip()).filter(bool)


@st.composite
def terms(draw: st.DrawFn, comments: bool = True) -> Term:
    source = draw(FORM)
    kind = draw(st.sampled_from(Kind))
    forms = draw(st.lists(FORM, min_size=2, max_size=5, unique_by=str.casefold))
    cut = draw(st.integers(1, len(forms)))
    targets = (source,) if kind is Kind.DO_NOT_TRANSLATE else tuple(forms[:cut])
    forbidden = [form for form in forms[cut:] if form.casefold() not in {text.casefold() for text in targets}]
    lines = draw(st.lists(st.sampled_from(["", "# People", "#"]), max_size=2)) if comments else []
    note = draw(st.just("") | FORM)
    return Term(source=source, targets=targets, note=note, kind=kind, forbidden=tuple(forbidden), comments=tuple(lines))


def glossaries(*, comments: bool = True) -> st.SearchStrategy[Glossary]:
    return st.lists(terms(comments), max_size=5, unique_by=lambda term: term.source.casefold()).map(
        lambda found: Glossary(terms=tuple(found))
    )


@given(glossaries())
def test_what_was_written_is_read_again(glossary: Glossary) -> None:
    text = format_glossary(glossary)
    assert parse_glossary(text.encode(), PATH) == glossary
    assert format_glossary(parse_glossary(text.encode(), PATH)) == text


@given(glossaries(comments=False))
def test_what_was_exported_is_imported_again(glossary: Glossary) -> None:
    data = format_tbx(glossary.terms, EN, ZH, title="Test <News>")
    assert parse_tbx(data, "terms.tbx", EN, ZH) == glossary.terms


@given(glossaries(), glossaries())
def test_a_merge_loses_nothing(ours: Glossary, theirs: Glossary) -> None:
    merged = merge_glossaries(ours, theirs.terms)
    assert [term.source for term in merged.glossary.terms][: len(ours.terms)] == [term.source for term in ours.terms]
    assert all(
        set(old.targets) <= set(new.targets) for old, new in zip(ours.terms, merged.glossary.terms, strict=False)
    )
    kept = {term.source.casefold() for term in (*merged.glossary.terms, *(pair[1] for pair in merged.conflicts))}
    assert kept >= {term.source.casefold() for term in theirs.terms}
    again = merge_glossaries(merged.glossary, theirs.terms)
    assert (again.glossary, again.taken) == (merged.glossary, ())


@given(st.binary(max_size=200))
def test_any_bytes_are_a_glossary_or_an_input_error(data: bytes) -> None:
    faults: list[Diagnostic] = []
    for parse in (lambda: parse_glossary(data, PATH), lambda: parse_tbx(data, PATH, EN, ZH)):
        try:
            parse()
        except InputError as error:
            faults += error.diagnostics
    assert all(found.location and found.hint for found in faults)


# --- Files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("only a source", "1 column"),
        ("a\tb\tc\tterm\te\tf", "6 columns"),
        ("\t协议", "no source term"),
        ("agreement\t", "no approved form of agreement"),
        ("agreement\t协议\t\tnoun", "unknown kind `noun`"),
        ("agreement\t协议; 协定\t\tterm\t合同; 协定", "协定 is both approved and forbidden"),
        ("Open Campus\t开放校园\t\tdo-not-translate", "Open Campus is not to be translated"),
        ("Key Word\t其他", "Key Word stands in line 2 already"),
        ("a" * 301 + "\tb", "more than 300 characters"),
        ("a\t" + "; ".join(map(str, range(21))), "more than 20 forms"),
    ],
)
def test_a_faulty_line_is_named(line: str, words: str) -> None:
    data = f"# comment\nkey word\t关键词\n{line}\nlast\t最后\n".encode()
    with pytest.raises(InputError, match=words) as caught:
        parse_glossary(data, PATH)
    assert [str(found.location) for found in caught.value.diagnostics] == [f"{PATH}:3"]


def test_all_faulty_lines_are_named() -> None:
    with pytest.raises(InputError) as caught:
        parse_glossary(b"one\ntwo\tzwei\nthree\n\tvier\n", PATH)
    assert [str(found.location) for found in caught.value.diagnostics] == [f"{PATH}:{line}" for line in (1, 3, 4)]


@pytest.mark.parametrize(
    "data", [b"a\tb\r\n", b"\xef\xbb\xbfa\tb\n", b"a\t\xff\n", b"a\tb\x07\n", b"#" * (MAX_BYTES + 1)]
)
def test_a_damaged_file_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        parse_glossary(data, PATH)


def test_too_many_terms_are_refused() -> None:
    with pytest.raises(InputError, match="20,000 are allowed"):
        parse_glossary("".join(f"term {number}\tx\n" for number in range(MAX_TERMS + 1)).encode(), PATH)


def test_the_sample_newsroom_has_glossaries() -> None:
    for code in ("zh", "ru"):
        data = (REPOSITORY / f"locales/{code}/glossary.tsv").read_bytes()
        glossary = parse_glossary(data, PATH)
        assert len(glossary.terms) >= 30
        assert format_glossary(glossary).encode() == data


# --- Between languages -----------------------------------------------------------------------------------------


def glossary_of(*found: Term) -> Glossary:
    return Glossary(terms=found)


def test_two_languages_are_joined_through_the_newsrooms_own() -> None:
    zh = glossary_of(
        make_term("Wuhan", "武汉; 武汉市"),
        make_term("HUST", "华中科技大学", kind=Kind.ABBREVIATION),
        make_term("Huazhong University", "华中科技大学", kind=Kind.BODY),
        make_term("dean", "院长"),
    )
    ru = glossary_of(
        make_term("wuhan", "Ухань", forbidden="Вухань"),
        make_term("HUST", "HUST"),
        make_term("Huazhong University", "Хуачжунский университет"),
    )
    joined = {term.source: term for term in pair_glossary("zh", "ru", "en", zh, ru).terms}
    assert {source: term.targets for source, term in joined.items()} == {
        "武汉": ("Ухань",),
        "武汉市": ("Ухань",),
        "华中科技大学": ("HUST", "Хуачжунский университет"),
    }
    assert joined["武汉"].forbidden == ("Вухань",)
    back = {term.source: term.targets for term in pair_glossary("ru", "en", "en", ru, EMPTY).terms}
    assert back == {"Ухань": ("wuhan",), "HUST": ("HUST",), "Хуачжунский университет": ("Huazhong University",)}
    assert pair_glossary("en", "ru", "en", EMPTY, ru) == ru
    assert pair_glossary("ru", "ru", "en", ru, ru) == EMPTY


def test_terms_are_found_for_the_translators_screen() -> None:
    glossary = glossary_of(make_term("key partnership", "重点合作伙伴"), make_term("partnership", "伙伴关系"))
    text = "Key partnerships and other partnerships"
    found = [(text[slice(*span)], term.source) for span, term in occurrences(text, glossary, EN)]
    assert found == [("Key partnerships", "key partnership"), ("partnerships", "partnership")]
    assert occurrences(text, EMPTY, EN) == ()


@pytest.mark.parametrize(
    ("form", "nominative"),
    [
        ("Васильевым", "васильев"),
        ("Тяня", "тянь"),
        ("Дэцином", "дэцин"),
        ("Цзяньвэя", "цзяньвэй"),
        ("Складовскую", "складовская"),
        ("Министерством", "министерство"),
        ("партнёрствами", "партнерство"),
        ("МИДом", "мид"),
    ],
)
def test_russian_forms(form: str, nominative: str) -> None:
    assert nominative in lemmas(form, "ru")


@pytest.mark.parametrize(("form", "other"), [("Вань", "ван"), ("Василева", "васильев"), ("Хуа", "ху"), ("Ли", "ля")])
def test_another_name_is_no_form(form: str, other: str) -> None:
    assert other not in lemmas(form, "ru")


# --- TBX -------------------------------------------------------------------------------------------------------

TBX_2019 = """<?xml version="1.0"?>
<tbx style="dct" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
     xmlns:basic="http://www.tbxinfo.net/ns/basic">
 <text><body>
  <conceptEntry id="1">
   <langSec xml:lang="en-GB">
    <termSec><term>vice
       president</term></termSec>
    <termSec><term>deputy president</term></termSec>
   </langSec>
   <langSec xml:lang="ru">
    <termSec><term>проректор</term><note>университета</note></termSec>
    <termSec><term>вице-ректор</term><basic:administrativeStatus>deprecatedTerm-admn-sts</basic:administrativeStatus>
    </termSec>
   </langSec>
  </conceptEntry>
  <conceptEntry id="2"><langSec xml:lang="en"><termSec><term>dean</term></termSec></langSec></conceptEntry>
 </body></text>
</tbx>"""


def test_the_tbx_of_2019_is_read_and_each_synonym_is_a_term() -> None:
    note, forbidden = "университета", "вице-ректор"
    assert parse_tbx(TBX_2019.encode(), "terms.tbx", EN, RU) == (
        make_term("vice president", "проректор", note, forbidden=forbidden),
        make_term("deputy president", "проректор", note, forbidden=forbidden),
    )


def test_the_translate_toolkit_reads_what_we_export() -> None:
    term = make_term("HUST", "华中科技大学; 华科大", "a university", Kind.ABBREVIATION, "胡斯特")
    store = tbxfile(io.BytesIO(format_tbx([term], EN, ZH, title="News")))
    (unit,) = store.units
    assert (unit.source, unit.target) == ("HUST", "华中科技大学")
    found = [(item.text, item.deprecated) for item in unit.get_target_terms()]
    assert found == [("华中科技大学", False), ("华科大", False), ("胡斯特", True)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<martif><text>", "tbx.damaged"),
        (b"<html/>", "tbx.kind"),
        (b'<?xml version="1.0" encoding="klingon"?><martif/>', "tbx."),
        (b'<!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><martif>&b;</martif>', "tbx.entities"),
        (b'<!DOCTYPE m [<!ENTITY a SYSTEM "file:///etc/passwd">]><martif>&a;</martif>', "tbx.entities"),
        (b"<martif>" + b"<termEntry/>" * (MAX_TERMS + 1) + b"</martif>", "tbx.size"),
    ],
)
def test_what_is_no_tbx_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_tbx(data, "terms.tbx", EN, ZH)
    assert caught.value.diagnostics[0].code.startswith(code)


# --- Commands --------------------------------------------------------------------------------------------------


@pytest.fixture
def newsroom(tmp_path: Path) -> Path:
    folder = tmp_path / "newsroom"
    for name in ("stories", "locales"):
        shutil.copytree(REPOSITORY / name, folder / name)
    for name in ("newsroom.toml", "newsroom.signers"):
        shutil.copy(REPOSITORY / name, folder / name)
    return folder


def add_line(newsroom: Path, language: str, line: str) -> int:
    """Adds a line to a glossary and returns its number."""
    file = newsroom / f"locales/{language}/glossary.tsv"
    text = f"{file.read_text(encoding='utf-8')}{line}\n"
    file.write_text(text, encoding="utf-8")
    return text.count("\n")


def codes(result: Result) -> list[str]:
    return [found["code"] for found in document(result)["diagnostics"]]


def test_the_sample_newsroom_is_in_order(newsroom: Path) -> None:
    checked = workflow(newsroom, "check", "--json")
    assert (checked.code, codes(checked)) == (0, [])
    glossary = workflow(newsroom, "glossary", "check", "--json")
    assert glossary.code == 0
    assert set(codes(glossary)) <= {"glossary.unused", "glossary.lacking"}


def test_check_and_sign_off_hold_to_the_glossary(newsroom: Path) -> None:
    add_line(newsroom, "zh", "optics\t光学研究\t\tterm\t光学")
    found = workflow(newsroom, "check", "--language", "zh")
    assert found.code == 1
    assert "error: optics is never rendered as 光学" in found.out
    signed = workflow(newsroom, "sign-off", "2021/hust-itmo-partnership", "zh", "--as", "editor-zh@newsroom.example")
    assert signed.code == 1
    assert "never rendered as 光学" in signed.err


def test_a_broken_glossary_is_told_once_and_stops_a_sign_off(newsroom: Path) -> None:
    line = add_line(newsroom, "zh", "a line without tabs")
    found = workflow(newsroom, "check", "--json")
    (fault,) = document(found)["diagnostics"]
    assert (found.code, fault["path"], fault["line"], fault["language"]) == (1, PATH, line, "zh")
    signed = workflow(newsroom, "sign-off", "2021/hust-itmo-partnership", "zh", "--as", "editor-zh@newsroom.example")
    assert signed.code == 3
    assert f"{PATH}:{line}: error: 1 column" in signed.err


def test_glossary_check_finds_what_catalogs_have(newsroom: Path) -> None:
    add_line(newsroom, "zh", "meeting\t会见\t\tterm\t出席线上会议")
    found = workflow(newsroom, "glossary", "check", "zh", "ru", "--json")
    wanted = {"glossary.used": "出席线上会议 stands here", "glossary.unused": "no catalog has 会见"}
    told = [(item["code"], item["message"]) for item in document(found)["diagnostics"]]
    for code, words in {**wanted, "glossary.lacking": "no meeting, which zh has in line"}.items():
        assert any(item == code and words in message for item, message in told), told
    assert found.code == 0


def test_import_takes_what_is_new_and_lists_what_contradicts(newsroom: Path, tmp_path: Path) -> None:
    before = (newsroom / PATH).read_text(encoding="utf-8")
    file = tmp_path / "theirs.txt"
    file.write_bytes("\ufeffWuhan\t武汉\t湖北省会\r\ndean\t主任\r\nlaser\t激光\r\n".encode())
    done = workflow(newsroom, "glossary", "import", "zh", str(file))
    assert done.code == 1
    assert done.out == "Wuhan: 武汉\nlaser: 激光\n"
    assert "not taken: dean | 主任" in done.err
    assert "hint: ours stays: dean | 院长" in done.err
    after = before.replace("Wuhan\t武汉\t\t", "Wuhan\t武汉\t湖北省会\t") + "laser\t激光\t\tterm\n"
    assert (newsroom / PATH).read_text(encoding="utf-8") == after


def test_export_and_import_through_tbx(newsroom: Path, tmp_path: Path) -> None:
    file = tmp_path / "terms.tbx"
    assert workflow(newsroom, "glossary", "export", "ru", "-o", str(file)).code == 0
    before = (newsroom / "locales/ru/glossary.tsv").read_bytes()
    (newsroom / "locales/ru/glossary.tsv").unlink()
    done = workflow(newsroom, "glossary", "import", "ru", str(file))
    assert done.code == 0
    lines = [line for line in before.decode().splitlines() if line and not line.startswith("#")]
    assert (newsroom / "locales/ru/glossary.tsv").read_text(encoding="utf-8").splitlines() == lines
    assert workflow(newsroom, "glossary", "export", "ru").out.splitlines() == lines


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("check", "en"), 2), (("check", "xx"), 2), (("export", "en"), 2), (("import", "zh", "missing.tsv"), 3)],
)
def test_wrong_usage(newsroom: Path, arguments: tuple[str, ...], code: int) -> None:
    assert workflow(newsroom, "glossary", *arguments).code == code


def test_stories_are_compared_with_one_another(newsroom: Path) -> None:
    story = newsroom / "stories/2022/visit/story.md"
    story.parent.mkdir(parents=True)
    story.write_text(
        "---\nsection: Big Stories\npublished: 2022-05-03\nwritten_by:\n  - Wan Tian\n---\n\n"
        "# A visit\n\nHere is Melnikov.\n\nThe guests met Chen Jianping in the library.\n",
        encoding="utf-8",
    )
    second = newsroom / "stories/2022/farewell/story.md"
    second.parent.mkdir(parents=True)
    text = story.read_text(encoding="utf-8")
    second.write_text(text.replace("A visit", "A farewell").replace("Here is", "There goes"), encoding="utf-8")
    assert workflow(newsroom, "update").code == 0
    words = {"Here is Melnikov.": "Это Мельников.", "There goes Melnikov.": "Вот Мелников."}
    for slug in ("visit", "farewell"):
        file = newsroom / f"locales/ru/LC_MESSAGES/2022/{slug}.po"
        lines = file.read_text(encoding="utf-8")
        for source, target in words.items():
            lines = lines.replace(f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{target}"')
        sentence = "Гости встретились в библиотеке." if slug == "visit" else "В библиотеке была встреча с гостями."
        old = 'msgid "The guests met Chen Jianping in the library."\nmsgstr ""'
        assert old in lines
        file.write_text(lines.replace(old, old[:-1] + sentence + '"'), encoding="utf-8")
    found = document(workflow(newsroom, "check", "--language", "ru", "--json"))["diagnostics"]
    told = [item for item in found if item["code"] == "terms.inconsistent-archive"]
    assert [(item["story"], item["severity"]) for item in told] == [("2022/visit", "warning")] * 2, json.dumps(found)
    assert "2022/farewell.po:" in told[0]["message"]
    assert any("Melnikov is Мельников here, and Мелников at" in item["message"] for item in told)
