"""XLIFF 2: what we write comes back the same, and what other tools make of it is read."""

from __future__ import annotations

import contextlib
import random
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import strategies_catalog as make
from hypothesis import given, settings
from hypothesis import strategies as st
from translate.storage.xliff2 import Xliff2File

from workflow.catalog import parse_catalog
from workflow.errors import InputError
from workflow.interchange.xliff import XliffDocument, format_xliff
from workflow.interchange.xliff_reading import MAX_DEPTH, parse_xliff
from workflow.model import Catalog, Previous, Unit

CORE = "{urn:oasis:names:tc:xliff:document:2.0}"
POEDIT = Path(__file__).parent / "data" / "po" / "poedit.before.po"


def document(*units: Unit) -> XliffDocument:
    catalog = Catalog(headers=make.HEADERS, units=units)
    return XliffDocument(original="a.po", source_language="en", target_language="ru", catalog=catalog)


def units_in(text: str) -> tuple[Unit, ...]:
    return parse_xliff(text.encode(), "a.xlf").catalog.units


def xliff(inside: str, *, version: str = "2.0", of: str = "2.0") -> str:
    space = f"urn:oasis:names:tc:xliff:document:{of}"
    return f'<xliff xmlns="{space}" version="{version}" srcLang="en" trgLang="ru"><file id="f">{inside}</file></xliff>'


def segment(inside: str, attributes: str = "") -> str:
    return xliff(f'<unit id="u"><segment {attributes}>{inside}</segment></unit>')


def error_of(data: bytes | str) -> str:
    with pytest.raises(InputError) as caught:
        parse_xliff(data if isinstance(data, bytes) else data.encode(), "a.xlf")
    return str(caught.value)


# --- Laws ------------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(make.catalogs())
def test_what_is_written_comes_back(catalog: Catalog) -> None:
    sent = replace(document(), catalog=replace(catalog, units=catalog.live))
    assert parse_xliff(format_xliff(replace(sent, catalog=catalog)), "a.xlf") == sent


@settings(max_examples=60)
@given(make.catalogs())
def test_writing_twice_gives_the_same_bytes(catalog: Catalog) -> None:
    data = format_xliff(replace(document(), catalog=catalog))
    assert format_xliff(parse_xliff(data, "a.xlf")) == data


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=10))
def test_no_character_is_lost_in_texts(text: str) -> None:
    """Those that XML cannot hold are written as <cp>."""
    (unit,) = parse_xliff(format_xliff(document(Unit(source=text, targets=(text,)))), "a.xlf").catalog.units
    assert (unit.source, unit.target) == (text, text)


@settings(max_examples=60)
@given(make.catalogs(), st.randoms(use_true_random=False))
def test_tools_may_reorder_and_reindent(catalog: Catalog, chance: random.Random) -> None:
    root = ElementTree.fromstring(format_xliff(replace(document(), catalog=catalog)))
    file = root[0]
    units = [child for child in file if child.tag in {f"{CORE}unit", f"{CORE}group"}]
    for unit in units:
        file.remove(unit)
    chance.shuffle(units)
    file.extend(units)
    for element in root.iter():
        if element.tag not in {f"{CORE}source", f"{CORE}target", f"{CORE}note"} and len(element):
            element.text = "\n\t\t"
            for child in element:
                child.tail = "\r\n      "
    found = parse_xliff(ElementTree.tostring(root), "a.xlf").catalog
    assert sorted(found.units, key=repr) == sorted(catalog.live, key=repr)


@settings(max_examples=60)
@given(make.catalogs())
def test_the_structure_is_what_the_standard_asks_for(catalog: Catalog) -> None:
    """XLIFF 2.0, 4.2 and 4.3: ids are NMTOKENs and single, elements are in order, a state has its target."""
    root = ElementTree.fromstring(format_xliff(replace(document(), catalog=catalog)))
    ids = [element.get("id", "") for element in root.iter() if element.tag in {f"{CORE}unit", f"{CORE}group"}]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[\w.:-]+", name) for name in ids)
    for element in root.iter(f"{CORE}unit"):
        kinds = [child.tag.partition("}")[2] for child in element]
        assert kinds == [kind for kind in ("metadata", "notes", "segment") if kind in kinds]
        part = element[-1]
        assert [child.tag for child in part] in ([f"{CORE}source"], [f"{CORE}source", f"{CORE}target"])
        assert part.get("state") in {None, "initial"} or len(part) == 2
        assert "subState" not in part.attrib or "state" in part.attrib


# --- What other tools do ---------------------------------------------------------------------------------


def test_the_translate_toolkit_reads_and_changes_it(tmp_path: Path) -> None:
    file = tmp_path / "a.xlf"
    catalog = parse_catalog(POEDIT.read_bytes(), "poedit.po")
    new = Unit(source="One more line\\\nwith a break.", context="caption")
    file.write_bytes(format_xliff(replace(document(), catalog=replace(catalog, units=(*catalog.units, new)))))
    store = Xliff2File.parsefile(str(file))
    done, _, fuzzy, untranslated = store.units
    assert (done.istranslated(), fuzzy.isfuzzy(), untranslated.istranslated()) == (True, True, False)
    fuzzy.target = "六月开课。"
    fuzzy.markfuzzy(False)
    untranslated.target = "又一行\\\n换行。"
    untranslated.addnote("是否太长？")
    store.save()
    found = parse_xliff(file.read_bytes(), "a.xlf").catalog
    assert found.units[:2] == catalog.live[:2]
    assert found.units[2] == replace(catalog.live[2], targets=("六月开课。",), fuzzy=False)
    assert found.units[3] == replace(new, targets=("又一行\\\n换行。",), comments=("是否太长？",))


def test_a_unit_may_come_back_in_several_segments() -> None:
    text = xliff(
        '<unit id="u" name="caption">'
        '<segment id="s1" state="final"><source>One.</source><target>Раз.</target></segment>'
        "<ignorable><source> </source></ignorable>"
        '<segment id="s2" state="translated"><source>Two.</source><target>Два.</target></segment></unit>'
    )
    assert units_in(text) == (Unit(source="One. Two.", context="caption", targets=("Раз. Два.",)),)


def test_targets_may_stand_in_another_order() -> None:
    text = xliff(
        '<unit id="u"><segment><source>One</source><target order="3">раз</target></segment>'
        '<ignorable><source>, </source><target order="2">, </target></ignorable>'
        '<segment><source>two</source><target order="1">два</target></segment></unit>'
    )
    assert units_in(text) == (Unit(source="One, two", targets=("два, раз",)),)


def test_a_unit_that_is_half_done_is_fuzzy() -> None:
    text = xliff(
        '<unit id="u"><segment state="final"><source>One.</source><target>Раз.</target></segment>'
        "<segment><source>Two.</source></segment></unit>"
    )
    assert units_in(text) == (Unit(source="One.Two.", targets=("Раз.",), fuzzy=True),)


@pytest.mark.parametrize(
    ("state", "fuzzy"),
    [
        ("", False),
        ('state="initial"', True),
        ('state="initial" subState="omegat:x"', True),
        ('state="translated"', False),
        ('state="translated" subState="workflow:needs-review"', False),
        ('state="reviewed"', False),
        ('state="final"', False),
        ('state="needs-translation"', True),
    ],
)
def test_the_state_says_whether_a_target_is_fuzzy(state: str, fuzzy: bool) -> None:
    assert units_in(segment("<source>a</source><target>b</target>", state)) == (
        Unit(source="a", targets=("b",), fuzzy=fuzzy),
    )


def test_unknown_elements_and_attributes_are_passed_over() -> None:
    text = xliff(
        '<x:tool xmlns:x="urn:x"><x:unit/></x:tool><group id="g"><x:y xmlns:x="urn:x"/><unit id="u" canResegment="no">'
        '<mtc:matches xmlns:mtc="urn:m"><mtc:match><source>no</source></mtc:match></mtc:matches>'
        '<notes><note category="other">tool</note></notes>'
        '<segment x:a="1" xmlns:x="urn:x"><source>a <mrk id="m" type="term">b</mrk> <pc id="1">c</pc></source>'
        "<target>d<cp hex=\"0007\"/><sc id='2'/>e</target></segment></unit></group>"
    )
    assert units_in(text) == (Unit(source="a b c", targets=("d\ae",), comments=("tool",)),)


@pytest.mark.parametrize("version", ["2.0", "2.1", "2.2"])
def test_every_version_2_is_read(version: str) -> None:
    namespace = "2.2" if version == "2.2" else "2.0"
    text = xliff('<unit id="u"><segment><source>a</source></segment></unit>', version=version, of=namespace)
    assert units_in(text) == (Unit(source="a"),)


def test_utf_16_is_read() -> None:
    text = segment("<source>a</source><target>да</target>")
    data = f'<?xml version="1.0" encoding="UTF-16"?>{text}'.encode("utf-16")
    assert parse_xliff(data, "a.xlf").catalog.units[0].target == "да"


# --- What cannot be used ---------------------------------------------------------------------------------

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + segment("<source>&b;</source>")
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + segment("<source>&a;</source>")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (format_xliff(document(Unit(source="a")))[:-40], "a.xlf:24: broken XML: "),
        (b"<", "a.xlf:1: broken XML: "),
        (segment("<source>a"), "a.xlf:1: broken XML: mismatched tag"),
        (BOMB, "a.xlf: declares a document type or entities"),
        (EXTERNAL, "a.xlf: declares a document type or entities"),
        (xliff("", version="1.2", of="1.2"), "a.xlf: XLIFF 1.2; XLIFF 2 is expected"),
        ('<xliff version="1.1"/>', "a.xlf: XLIFF 1.1; XLIFF 2 is expected"),
        ("<html/>", "a.xlf: XML, but not XLIFF 2"),
        (xliff('</file><file id="g">'), "a.xlf: 2 <file> elements; one is expected"),
        (segment("<target>b</target>"), "a.xlf: the unit u has no <source>"),
        (segment("<source/><target>b</target>"), "a.xlf: the unit u has no <source>"),
        (xliff('<unit id="u"><segment><source>a</source></segment></unit>' * 2), "a.xlf: “a” stands 2 times"),
        (segment("<source>" + "<pc>" * MAX_DEPTH + "</pc>" * MAX_DEPTH + "</source>"), "a.xlf: elements stand more"),
        (xliff('<group id="g" type="workflow:plural"/>'), "a.xlf: the plural g has lost its forms"),
        (b'<?xml version="1.0" encoding="KLINGON"?><a/>', "a.xlf: broken XML: unknown encoding"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "a.xlf"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(data: bytes | str, message: str) -> None:
    assert error_of(data).startswith(message)


def test_a_fuzzy_unit_shows_its_earlier_source() -> None:
    unit = Unit(source="b", targets=("т",), fuzzy=True, previous=Previous(source="a"))
    text = format_xliff(document(unit)).decode()
    assert '<note category="previous-source">a</note>' in text
    assert '<segment state="initial" subState="workflow:needs-review">' in text


@given(st.binary(max_size=40), st.integers(0, 2000))
def test_no_damage_is_more_than_an_input_error(noise: bytes, place: int) -> None:
    data = format_xliff(document(Unit(source="a", targets=("b",), comments=("c",))))
    with contextlib.suppress(InputError):
        parse_xliff(data[:place] + noise + data[place + len(noise) :], "a.xlf")
