"""Law 3 for the quick way: what it reads, the scan and polib read the same; the rest it leaves alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
import strategies_catalog as make
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workflow.catalog import format_catalog
from workflow.catalog.plain import plain_entries
from workflow.catalog.scan import scan
from workflow.catalog.strings import refuse_other_reading, units_of
from workflow.model import Catalog, Previous, Unit

SINGULAR = Catalog(
    headers=make.HEADERS,
    comments=("by nobody", ""),
    units=(
        Unit(
            source="a",
            targets=("b\nc",),
            context="caption",
            comments=("why?", "", " so"),
            references=("x:1", "y\u00a0y:2"),
        ),
        Unit(
            source="long\n", targets=('"q" \\ \t\n',), fuzzy=True, previous=Previous(source="old\nwords", context="c")
        ),
        Unit(source="gone\nsince", targets=("ушло\nдавно",), context="x", obsolete=True, comments=("kept",)),
    ),
)
BITS = ("\\", '"', "\n", " ", "\t", "#", "# x\n", "#~ ", "#| ", "#, ", "#: x", '"x"\n', 'msgid "x"\n', "\\\n", "é")


def without_plurals(catalog: Catalog) -> Catalog:
    return replace(
        catalog,
        units=tuple(
            replace(unit, source_plural=None, targets=unit.targets[:1], previous=None) for unit in catalog.units
        ),
    )


def assert_read_alike(text: str) -> None:
    """Where the quick way reads the text."""
    plain = plain_entries(text)
    if plain is not None:
        scanned, statements = scan(text, "x.po")
        assert units_of(plain) == units_of(scanned)
        assert [entry.line for entry in plain] == [entry.line for entry in scanned]
        refuse_other_reading(plain, statements, "x.po")


@given(make.catalogs())
@settings(deadline=None, max_examples=100)
@example(SINGULAR)
def test_what_we_write_is_plain_but_for_plurals(catalog: Catalog) -> None:
    text = format_catalog(catalog)
    assert_read_alike(text)
    assert plain_entries(format_catalog(without_plurals(catalog))) is not None


@given(make.catalogs(), st.data())
@settings(deadline=None, max_examples=150)
def test_what_somebody_changed_is_read_as_the_scan_does_or_left_to_it(catalog: Catalog, data: st.DataObject) -> None:
    text = format_catalog(data.draw(st.sampled_from([SINGULAR, without_plurals(catalog)])))
    start = data.draw(st.integers(0, len(text)))
    end = start + data.draw(st.integers(0, 9))
    assert_read_alike(text[:start] + data.draw(st.sampled_from(["", *BITS])) + text[end:])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("X-Unit-Count", "X-Count"),  # somebody else's file
        ('msgid "a"', ' msgid "a"'),
        ('msgid "a"', 'msgid  "a"'),
        ('msgid "a"', 'msgid "a" '),
        ('msgid "a"', 'msgid "\\a"'),
        ('msgid "a"', 'msgid "a"\n\n'),
        ("# why?", "# why\\"),
        ("# why?", "#why?"),
        ('msgid "a"', 'msgid ""'),
        ('msgid ""\nmsgstr', 'msgctxt "x"\nmsgid ""\nmsgstr'),
        ("#: x:1", "#: x:1\n#: z:1"),
        ('#| msgid ""\n', ""),
        ("#~ msgid", "msgid"),
        ('#~ msgstr ""\n', '#~| msgid "x"\n#~ msgstr ""\n'),
    ],
)
def test_what_is_not_plain_is_left_to_the_scan(old: str, new: str) -> None:
    text = format_catalog(SINGULAR)
    assert plain_entries(text) is not None
    assert old in text
    assert plain_entries(text.replace(old, new)) is None


def test_a_text_that_is_nearly_plain_is_refused_at_once() -> None:
    head = format_catalog(SINGULAR)
    for body in ('msgid "' + "a\\n" * 300_000, "# x\n" * 300_000, 'msgid "a"\nmsgstr ""\n' + '"b"\n' * 300_000):
        assert plain_entries(f"{head}\n{body}!") is None
