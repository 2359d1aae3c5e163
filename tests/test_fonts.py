"""The fonts that we ship: whole, listed as they are, and every character of a page in a part that is published."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from pressroom import REPOSITORY, TAGS, built_sample

from workflow.newsroom import Newsroom
from workflow.rendering.fonts import HAN, LATIN, RARE, WEB_SHEETS, Fonts

FOLDER = REPOSITORY / "templates/fonts"
FONTS = Fonts(FOLDER)
UNSET = {"\n", "\t", "\N{SOFT HYPHEN}", "\N{ZERO WIDTH SPACE}", "\N{WORD JOINER}", "\ufeff"}
"""Characters without a glyph, which are in no font and need none."""
PRINT_ONLY = {"∋", "≅"}
"""Came into the print faces with the glyphs of other signs; on the web they are the reader's own font's."""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    return built_sample(tmp_path_factory.mktemp("published"))


def points_of(ranges: str) -> set[int]:
    """`U+20-7E,U+A0` → the code points."""
    found: set[int] = set()
    for part in ranges.replace("U+", "").split(","):
        first, _, last = part.strip().partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found


def rules_of(css: str) -> list[tuple[str, str, str, str | None]]:
    """(family, weight and style, file, unicode-range) of each `@font-face`."""
    found = []
    for rule in re.findall(r"@font-face \{([^}]*)\}", css):
        values = {name.strip(): value.strip() for name, value in re.findall(r"([a-z-]+):([^;]+);", rule)}
        (file,) = re.findall(r'url\("([^"]+)"\)', values["src"])
        weight = f"{values['font-style']} {values['font-weight']}"
        found.append((values["font-family"].strip('"'), weight, file, values.get("unicode-range")))
    return found


def characters_of(file: Path) -> set[int]:
    with TTFont(file, lazy=True) as font:
        return set(font.getBestCmap())


PRINT_RULES = rules_of((FOLDER / "print.css").read_text())
WEB_RULES = [rule for name in WEB_SHEETS for rule in rules_of((FOLDER / name).read_text())]


def test_every_font_has_the_listed_digest_and_every_file_is_listed() -> None:
    lines = (FOLDER / "SHA256SUMS").read_text().splitlines()
    listed = {name: sha256 for sha256, name in (line.split("  ") for line in lines)}
    fonts = {
        path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.suffix in {".ttf", ".otf", ".woff2"}
    }
    assert set(listed) == fonts
    for name, sha256 in listed.items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == sha256, name


def test_the_table_of_characters_agrees_with_the_fonts() -> None:
    table = {family: points_of(ranges) for family, ranges in json.loads((FOLDER / "coverage.json").read_text()).items()}
    assert set(table) == {*LATIN, *HAN, *RARE}
    for family, points in table.items():
        faces = [characters_of(FOLDER / file) for name, _, file, _ in PRINT_RULES if name == family]
        assert points == set.intersection(*faces), family


def test_print_fonts_are_whole_files_and_each_face_is_named_once() -> None:
    assert "unicode-range" not in re.sub(r"/\*.*?\*/", "", (FOLDER / "print.css").read_text(), flags=re.DOTALL)
    faces = [(family, weight) for family, weight, _, _ in PRINT_RULES]
    assert len(faces) == len(set(faces)) == 9
    for _, _, file, _ in PRINT_RULES:
        assert (FOLDER / file).is_file()


def test_chinese_faces_are_numbered_so_that_empty_slots_can_go() -> None:
    for file in FOLDER.glob("*.otf"):
        with TTFont(file, lazy=True) as font:
            names = font.getGlyphOrder()
        assert names[1:] == [f"cid{number:05d}" for number in range(1, len(names))], file.name


def test_the_web_sheets_name_files_that_are_there_and_no_others() -> None:
    parts = [rules_of((FOLDER / name).read_text()) for name in ("web-latin.css", "web-zh.css", "web-rare.css")]
    assert sorted(WEB_RULES) == sorted(rule for part in parts for rule in part)
    files = [file for _, _, file, _ in WEB_RULES]
    assert len(files) == len(set(files))
    assert set(files) == {path.relative_to(FOLDER).as_posix() for path in (FOLDER / "web").iterdir()}


def test_every_web_part_holds_the_characters_that_it_promises() -> None:
    for family, _, file, ranges in WEB_RULES:
        assert ranges, file
        missing = points_of(ranges) - characters_of(FOLDER / file)
        assert not missing, f"{family} {file}: {sorted(missing)[:5]}"


def test_the_web_parts_of_a_face_hold_together_what_its_print_face_has() -> None:
    for family, face, file, _ in PRINT_RULES:
        style, weight = face.split()
        parts = points_of_main_chinese_face() if family in RARE else set()
        for name, web_face, _, ranges in WEB_RULES:
            web_style, first, *rest = web_face.split()
            if (name, web_style) == (family, style) and int(first) <= int(weight) <= int((rest or [first])[0]):
                parts |= points_of(ranges or "")
        missing = "".join(map(chr, sorted(characters_of(FOLDER / file) - parts)))
        assert set(missing) <= UNSET | PRINT_ONLY, f"{family} {face}: {missing[:20]!r}"


def points_of_main_chinese_face() -> set[int]:
    """What the Rare face has only for print, where it may set a whole line."""
    return characters_of(FOLDER / "NotoSerifSC-Regular.otf")


@pytest.mark.parametrize("scope", [*TAGS, ""])
def test_the_fonts_of_a_page_have_all_its_characters(published: Newsroom, scope: str) -> None:
    web = published.root / "out/web"
    sheet = web / scope / "fonts.css"
    covered: set[int] = set()
    for _, _, file, ranges in rules_of(sheet.read_text()):
        assert (sheet.parent / file).is_file(), file
        covered |= points_of(ranges or "")
    pages = (web / scope).rglob("index.html") if scope else [web / "index.html"]
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    assert {character for character in text if ord(character) not in covered} <= UNSET


def test_only_the_parts_that_pages_need_are_published(published: Newsroom) -> None:
    web = published.root / "out/web"
    named = {
        file.rpartition("/")[2] for sheet in web.rglob("fonts.css") for _, _, file, _ in rules_of(sheet.read_text())
    }
    assert named == {path.name for path in (web / "fonts").iterdir()}
    assert not [name for name in named if "Rare" in name]
    english = [file for _, _, file, _ in rules_of((web / "en/fonts.css").read_text()) if "cyrillic" not in file]
    assert len(english) < 20


# --- The arithmetic --------------------------------------------------------------------------------------

TABLE = {family: points_of(ranges) for family, ranges in json.loads((FOLDER / "coverage.json").read_text()).items()}
TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.characters(min_codepoint=0x20, max_codepoint=0x52F),
        st.characters(min_codepoint=0x2000, max_codepoint=0x206F),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    )
)


@given(TEXTS)
def test_a_character_is_missing_if_no_table_has_it(text: str) -> None:
    expected = {
        item for item in text if item not in UNSET and not any(ord(item) in points for points in TABLE.values())
    }
    assert FONTS.missing(text) == "".join(sorted(expected))


@given(TEXTS)
def test_the_chosen_families_set_all_that_can_be_set(text: str) -> None:
    chosen = FONTS.families(text)
    assert FONTS.uncovered(text, chosen) == FONTS.missing(text)
    files = FONTS.print_css(text)[1]
    assert set(files) == {file for family, _, file, _ in PRINT_RULES if family in chosen}


@given(TEXTS)
def test_the_chosen_web_parts_set_all_that_can_be_set(text: str) -> None:
    css, files = FONTS.web_css(text)
    rules = rules_of(css)
    assert [file for _, _, file, _ in rules] == list(files)
    covered = {point for _, _, _, ranges in rules for point in points_of(ranges or "")}
    left = "".join(sorted(item for item in set(text) - UNSET - PRINT_ONLY if ord(item) not in covered))
    assert left == FONTS.missing(text)
    for _, _, file, ranges in rules:
        assert points_of(ranges or "") & {ord(item) for item in text}, f"{file} is not needed"
