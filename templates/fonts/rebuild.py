#!/usr/bin/env python3
"""Rebuild every file of this folder that is made from fonts.

Usage: ``python rebuild.py SOURCES [OUT]``

SOURCES is a folder that holds these packages, unpacked, in sub-folders of any name:

* PyPI: fontpkg-noto-serif 2.15, fontpkg-noto-sans 2.15 (the wheels), jieba 0.42.1 (the sdist);
* Debian 12: fonts-noto-cjk 1:20220127+repack1-1, fonts-noto-cjk-extra of the same version,
  unicode-data 15.0.0-1 (unpacked with ``dpkg -x``).

OUT is this file's own folder unless given. Needed: Python 3.11 or newer with fonttools, brotli,
uharfbuzz and chws-tool. The same sources and the same versions of these tools give the same bytes.
"""

from __future__ import annotations

import argparse
import bz2
import hashlib
import io
import json
import logging
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uharfbuzz as hb
from chws_tool import add_chws
from fontTools.ttLib import TTFont
from fontTools.ttLib.reorderGlyphs import reorderGlyphs
from fontTools.varLib.instancer import instantiateVariableFont

SC_FACE = 2  # index of the Simplified Chinese face in Debian's TTC files

LEVEL_1_SLICE = 125
LEVEL_2_SLICE = 250
STANDARD_SLICE = 350
RARE_SLICE = 450

DROPPED_TABLES = (
    *("BASE", "DSIG", "EBDT", "EBLC", "EBSC", "JSTF", "LTSH", "MATH", "MVAR", "PCLT", "STAT"),
    *("VORG", "vhea", "vmtx", "meta", "hdmx", "VDMX"),
)
CJK_FEATURES = ("ccmp", "chws", "halt", "kern", "liga", "mark", "mkmk")
ALPHABET_FEATURES = (
    *("calt", "case", "ccmp", "clig", "dnom", "frac", "kern", "liga", "lnum", "locl", "mark"),
    *("mkmk", "numr", "onum", "ordn", "pnum", "rlig", "subs", "sups", "tnum"),
)

PUNCTUATION = "2000-200B,2010-2027,202F-203E,2042,2044-205E,2060"
ALPHABET = (
    "0020-007E,00A0-017F,0192,01CD-01DC,0218-021B,0237,02BB-02BD,02C6-02DD,0300-030C,0326-0328,"
    "0384-03CE,0400-052F,1E80-1E85,1E9E,1EF2-1EF3,"
    f"{PUNCTUATION},2070-208E,20A0-20C0,2113,2116-2117,2120,2122,2126,212E,2150-215E,2189,2212,"
    "FB01-FB02,FEFF"
)
CYRILLIC = "0300-030C,0400-052F,20B4,20BD,2116"
LATIN_EXT = (
    "0100-017F,0192,01CD-01DC,0218-021B,0237,02BB-02BD,0300-030C,0326-0328,0384-03CE,1E80-1EF3,"
    "2070-208E,2113,2117,2120,2126,212E,2150-215E,2189,FB01-FB02"
)
# The signs of nearly every Chinese page: their glyphs get the lowest numbers.
CORE_SIGNS = (
    "0020-007E,00A0,00B7,2013-2014,2018-2019,201C-201D,2026,25CB,3000-3002,3007-3011,FF01,FF08-FF09,FF0C,FF1A-FF1B,FF1F"
)
# All signs that a Chinese page is likely to need: they make the first web slice.
COMMON_SIGNS = f"0020-007E,00A0-00FF,{PUNCTUATION},2122,20AC,2116,2460-2473,25CB,25CF,3000-3017,FF01-FF5E,FFE0-FFE5"
MORE_SIGNS = (
    "0100-0113,011A-011B,012A-012B,0143-014D,016A-016B,01CD-01DC,01F8-01F9,0251,0261,02C7,"
    "02C9-02CB,02D9,203F-2041,2100-2199,2460-24FF,25A0-25EF,2605-2642,2713,3021-3029"
)
RARE_HAN = "9FA6-9FFF"


@dataclass(frozen=True)
class Face:
    """One font file to cut: where it comes from and what it is called."""

    file: str
    source: str
    family: str
    style: str
    weight: int
    italic: bool = False
    web_weight: str = ""

    @property
    def stem(self) -> str:
        """Return the file name without its suffix."""
        return self.file.rpartition(".")[0]


ALPHABET_FACES = (
    Face("NotoSerif-Regular.ttf", "NotoSerif[[]*.ttf", "Noto Serif", "Regular", 400),
    Face("NotoSerif-Italic.ttf", "NotoSerif-Italic[[]*.ttf", "Noto Serif", "Italic", 400, True),
    Face("NotoSerif-Bold.ttf", "NotoSerif[[]*.ttf", "Noto Serif", "Bold", 700),
    Face("NotoSans-Regular.ttf", "NotoSans[[]*.ttf", "Noto Sans", "Regular", 400),
    Face("NotoSans-SemiBold.ttf", "NotoSans[[]*.ttf", "Noto Sans", "SemiBold", 600),
)
CJK_FACES = (
    Face("NotoSerifSC-Regular.otf", "NotoSerifCJK-Regular.ttc", "Noto Serif SC", "Regular", 400),
    Face("NotoSerifSC-Bold.otf", "NotoSerifCJK-Bold.ttc", "Noto Serif SC", "Bold", 700),
    Face(
        "NotoSansSC-Medium.otf",
        "NotoSansCJK-Medium.ttc",
        "Noto Sans SC",
        "Medium",
        500,
        web_weight="400 600",
    ),
)
RARE_FACE = Face("NotoSerifSC-Rare.otf", "NotoSerifCJK-Regular.ttc", "Noto Serif SC Rare", "Regular", 400)
ALL_FACES = (*ALPHABET_FACES, *CJK_FACES, RARE_FACE)


# --- sets of characters ---------------------------------------------------------------------


def parse_ranges(text: str) -> list[int]:
    """Turn ``"0020-007E,00A0"`` into a list of code points."""
    points: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        points.extend(range(int(first, 16), int(last or first, 16) + 1))
    return points


def spans(points: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last member of each run of neighbouring code points."""
    start = end = -2
    for point in sorted(set(points)):
        if point == end + 1:
            end = point
            continue
        if start >= 0:
            yield start, end
        start = end = point
    if start >= 0:
        yield start, end


def format_ranges(points: Iterable[int], prefix: str = "", width: int = 4) -> str:
    """Write code points as compact hexadecimal ranges, the reverse of parse_ranges."""
    return ",".join(
        f"{prefix}{first:0{width}X}" + (f"-{last:0{width}X}" if last > first else "") for first, last in spans(points)
    )


def double_bytes(encoding: str, rows: range, cells: range) -> list[int]:
    """List the characters of a double-byte code table in table order."""
    points: list[int] = []
    for row in rows:
        for cell in cells:
            text = bytes([row, cell]).decode(encoding, "ignore")
            if len(text) == 1:
                points.append(ord(text))
    return points


def is_han(point: int) -> bool:
    """Tell whether a code point is a Chinese character."""
    return 0x3400 <= point <= 0x9FFF or 0xF900 <= point <= 0xFAFF or point >= 0x20000


def standard_table(sources: Path) -> list[int]:
    """List the Table of General Standard Chinese Characters in its order (Unihan's kTGH)."""
    numbers: dict[int, int] = {}
    for path in sorted(sources.rglob("Unihan_*.txt.bz2")):
        for line in bz2.decompress(path.read_bytes()).decode().splitlines():
            fields = line.split("\t")
            if len(fields) == 3 and fields[1] == "kTGH":
                numbers[int(fields[0][2:], 16)] = int(fields[2].split()[0].partition(":")[2])
    return sorted(numbers, key=lambda point: numbers[point])


def han_frequency(sources: Path) -> Counter[int]:
    """Count each character in jieba's word list, weighted by the words' own counts."""
    count: Counter[int] = Counter()
    with find(sources, "jieba/dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            word, number, *_ = line.split(" ")
            for character in word:
                count[ord(character)] += int(number)
    return count


@dataclass(frozen=True)
class Repertoire:
    """The characters of the Chinese faces, and the order their glyphs shall have."""

    common_signs: list[int]
    level_1: list[int]
    level_2: list[int]
    standard: list[int]
    signs: list[int]
    rare: list[int]
    main: list[int]


def plan_repertoire(sources: Path) -> Repertoire:
    """Work out the character lists from the code tables, Unihan and the word list."""
    frequency = han_frequency(sources)
    cells = range(0xA1, 0xFF)

    def by_use(points: Iterable[int]) -> list[int]:
        return sorted(points, key=lambda point: (-frequency[point], point))

    level_1 = by_use(double_bytes("gb2312", range(0xB0, 0xD8), cells))
    level_2 = by_use(double_bytes("gb2312", range(0xD8, 0xF8), cells))
    common = parse_ranges(COMMON_SIGNS)
    gb2312 = set(level_1) | set(level_2)
    standard = [point for point in standard_table(sources) if point not in gb2312]
    signs = double_bytes("gb2312", range(0xA1, 0xAA), cells) + parse_ranges(MORE_SIGNS)
    signs = sorted(set(signs) - set(common))
    gbk = double_bytes("gbk", range(0x81, 0xFF), range(0x40, 0xFF)) + parse_ranges(RARE_HAN)
    rare = by_use({p for p in gbk if is_han(p)} - gb2312 - set(standard))
    main = [
        *parse_ranges(CORE_SIGNS),
        *by_use([*level_1, *level_2, *standard]),
        *common,
        *signs,
    ]
    return Repertoire(common, level_1, level_2, standard, signs, rare, list(dict.fromkeys(main)))


# --- cutting --------------------------------------------------------------------------------


def find(sources: Path, pattern: str) -> Path:
    """Return the one file below the sources whose path ends with the pattern."""
    paths = sorted(sources.rglob(pattern))
    if not paths:
        raise SystemExit(f"{pattern}: not found below {sources}")
    return paths[0]


def tags(names: Iterable[str]) -> set[int]:
    """Turn four-letter tags into HarfBuzz's numbers."""
    return {int.from_bytes(name.ljust(4).encode("ascii"), "big") for name in names}


def cut(data: bytes, points: Iterable[int], features: Sequence[str], index: int = 0) -> bytes:
    """Cut a font to some characters with HarfBuzz, numbering the glyphs anew, without hints."""
    wish = hb.SubsetInput()
    wish.unicode_set.update(set(points))
    wish.layout_feature_tag_set.clear()
    wish.layout_feature_tag_set.update(tags(features))
    wish.drop_table_tag_set.update(tags(DROPPED_TABLES))
    wish.name_id_set.update({0, 1, 2, 3, 4, 5, 6, 7, 13, 14, 16, 17})
    wish.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE | hb.SubsetFlags.CFF_IDENTITY_CHARSET
    face = hb.subset(hb.Face(hb.Blob(data), index), wish)
    return bytes(face.blob.data)


def open_font(data: bytes) -> TTFont:
    """Open a font so that saving it leaves the date of change alone."""
    return TTFont(io.BytesIO(data), recalcTimestamp=False)


def font_bytes(font: TTFont, flavor: str | None = None) -> bytes:
    """Save a font to bytes, as plain sfnt or as WOFF2."""
    font.flavor = flavor
    out = io.BytesIO()
    font.save(out, reorderTables=None if flavor else True)
    return out.getvalue()


def set_names(font: TTFont, face: Face) -> None:
    """Write the family, the style, the weight and the style bits."""
    table: Any = font["name"]
    plain = face.style in ("Regular", "Italic", "Bold")
    full = f"{face.family} {face.style}"
    post = f"{face.family.replace(' ', '')}-{face.style}"
    version = table.getDebugName(5) or ""
    kept = {i: table.getDebugName(i) for i in (0, 7, 13, 14)}
    names = {
        **{key: value for key, value in kept.items() if value},
        1: face.family if plain else full,
        2: face.style if plain else "Regular",
        3: f"{post};cut for print and web",
        4: full,
        5: version.split(";")[0],
        6: post,
    }
    if not plain:
        names |= {16: face.family, 17: face.style}
    table.names = []
    for key, value in sorted(names.items()):
        table.setName(value, key, 3, 1, 0x409)
    bold = face.weight == 700
    font["OS/2"].usWeightClass = face.weight
    font["OS/2"].fsSelection = (
        font["OS/2"].fsSelection & ~0x61
        | (0x01 if face.italic else 0)
        | (0x20 if bold else 0)
        | (0x40 if not bold and not face.italic else 0)
    )
    font["head"].macStyle = (1 if bold else 0) | (2 if face.italic else 0)
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames = [post]
        top = cff.topDictIndex[0]
        top.FullName, top.FamilyName, top.Weight = full, face.family, face.style


def sort_glyphs(font: TTFont, points: Sequence[int]) -> None:
    """Number the glyphs of a CID-keyed font in the order of the given characters.

    A PDF that holds a part of the font keeps the glyph numbers and an entry for each number up to
    the highest one used, so the most used characters must have the lowest numbers.
    """
    cmap = font.getBestCmap()
    old = font.getGlyphOrder()
    wanted = [old[0], *(cmap[point] for point in points if point in cmap), *old]
    order = list(dict.fromkeys(wanted))
    place = {name: number for number, name in enumerate(old)}
    font.ensureDecompiled()
    top = font["CFF "].cff.topDictIndex[0]
    strings = top.CharStrings
    strings.charStringsIndex.items = [strings.charStringsIndex[strings.charStrings[name]] for name in order]
    top.FDSelect.gidArray = [top.FDSelect.gidArray[place[name]] for name in order]
    reorderGlyphs(font, order)
    top.charset = order
    strings.charStrings = {name: number for number, name in enumerate(order)}


def make_cid_equal_gid(font: TTFont) -> None:
    """Rename the glyphs so that each CID is the glyph's number, as PDF readers expect."""
    top = font["CFF "].cff.topDictIndex[0]
    strings = top.CharStrings
    order = [".notdef", *(f"cid{number:05d}" for number in range(1, len(top.charset)))]
    top.charset = order
    strings.charStrings = {name: number for number, name in enumerate(order)}


def squeeze_marks(data: bytes) -> bytes:
    """Add the ``chws`` feature, which takes the blank out between neighbouring marks."""
    with tempfile.TemporaryDirectory() as folder:
        path, result = Path(folder, "in.otf"), Path(folder, "out.otf")
        path.write_bytes(data)
        if add_chws(path, result) is None:
            raise SystemExit("chws could not be added")
        return result.read_bytes()


def build_alphabet_face(sources: Path, face: Face) -> bytes:
    """Cut one Latin and Cyrillic face from a variable font."""
    font = TTFont(find(sources, face.source), recalcTimestamp=False)
    font = instantiateVariableFont(font, {"wght": face.weight, "wdth": 100})
    font = open_font(cut(font_bytes(font), parse_ranges(ALPHABET), ALPHABET_FEATURES))
    set_names(font, face)
    return font_bytes(font)


def build_cjk_face(sources: Path, face: Face, points: Sequence[int], squeeze: bool) -> bytes:
    """Cut one Chinese face from a TTC, sort its glyphs and add the squeeze."""
    source = find(sources, face.source).read_bytes()
    font = open_font(cut(source, points, CJK_FEATURES, SC_FACE))
    modified = font["head"].modified
    sort_glyphs(font, points)
    set_names(font, face)
    data = font_bytes(font)
    if squeeze:
        data = squeeze_marks(data)
    font = open_font(data)
    make_cid_equal_gid(font)
    font["head"].modified = modified
    return font_bytes(font)


# --- web slices -----------------------------------------------------------------------------


def chunks(points: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Split a list into parts of nearly equal length, none longer than size."""
    if not points:
        return
    count = -(-len(points) // size)
    for number in range(count):
        yield points[len(points) * number // count : len(points) * (number + 1) // count]


def cjk_slices(plan: Repertoire) -> list[Sequence[int]]:
    """Divide the main repertoire: signs, then Han by falling frequency, then the other signs."""
    return [
        plan.common_signs,
        *chunks(plan.level_1, LEVEL_1_SLICE),
        *chunks(plan.level_2, LEVEL_2_SLICE),
        *chunks(plan.standard, STANDARD_SLICE),
        plan.signs,
    ]


def alphabet_slices() -> dict[str, list[int]]:
    """Divide the Latin and Cyrillic faces in three parts by script."""
    everything = parse_ranges(ALPHABET)
    cyrillic = set(parse_ranges(CYRILLIC))
    extended = set(parse_ranges(LATIN_EXT))
    return {
        "latin-ext": [p for p in everything if p in extended],
        "cyrillic": [p for p in everything if p in cyrillic],
        "latin": [p for p in everything if p not in cyrillic | extended or p == 0x301],
    }


def font_rule(face: Face, url: str, points: Iterable[int] | None) -> str:
    """Write one @font-face rule; without points it is a rule for print."""
    kind = {"ttf": "truetype", "otf": "opentype", "woff2": "woff2"}[url.rpartition(".")[2]]
    weight = face.web_weight if points is not None and face.web_weight else str(face.weight)
    lines = [
        f'font-family: "{face.family}"',
        f"font-style: {'italic' if face.italic else 'normal'}",
        f"font-weight: {weight}",
    ]
    if points is not None:
        lines.append("font-display: swap")
    lines.append(f'src: url("{url}") format("{kind}")')
    if points is not None:
        lines.append(f"unicode-range: {format_ranges(points, 'U+', 0)}")
    return "@font-face {\n" + "".join(f"  {line};\n" for line in lines) + "}\n"


def write_slice(out: Path, face: Face, label: str, data: bytes, points: Sequence[int]) -> str:
    """Write one WOFF2 slice and return its @font-face rule, or nothing if the slice is empty."""
    cmap = open_font(data).getBestCmap()
    held = [point for point in points if point in cmap]
    if not held:
        return ""
    features = ALPHABET_FEATURES if face in ALPHABET_FACES else CJK_FEATURES
    name = f"web/{face.stem}.{label}.woff2"
    font = open_font(cut(data, held, features))
    (out / name).write_bytes(font_bytes(font, "woff2"))
    return font_rule(face, name, held)


def write_web(out: Path, plan: Repertoire) -> None:
    """Write all web slices and the web style sheets from the print faces in the same folder."""
    (out / "web").mkdir(exist_ok=True)
    for old in (out / "web").glob("*.woff2"):
        old.unlink()
    sheets: dict[str, list[str]] = {"latin": [], "zh": [], "rare": []}
    for face in ALL_FACES:
        data = (out / face.file).read_bytes()
        if face in ALPHABET_FACES:
            kind, parts = "latin", alphabet_slices()
        elif face == RARE_FACE:
            kind, parts = "rare", numbered(chunks(plan.rare, RARE_SLICE))
        else:
            kind, parts = "zh", numbered(cjk_slices(plan))
        for label, points in parts.items():
            sheets[kind].append(write_slice(out, face, label, data, points))
    for kind, rules in sheets.items():
        write_sheet(out / f"web-{kind}.css", rules)


def numbered(lists: Iterable[Sequence[int]]) -> dict[str, list[int]]:
    """Label lists with 00, 01 and so on."""
    return {f"{number:02d}": list(points) for number, points in enumerate(lists)}


def write_sheet(path: Path, rules: Iterable[str]) -> None:
    """Write a style sheet for browsers."""
    head = "/* Web fonts, for browsers only: see README.md. Made by rebuild.py. */\n"
    path.write_text(head + "".join(rules), encoding="utf-8")


# --- everything -----------------------------------------------------------------------------


def write_print(out: Path, sources: Path, plan: Repertoire) -> None:
    """Write the print faces and print.css."""
    for face in ALPHABET_FACES:
        (out / face.file).write_bytes(build_alphabet_face(sources, face))
    for face in CJK_FACES:
        (out / face.file).write_bytes(build_cjk_face(sources, face, plan.main, squeeze=True))
    # Pango takes a blank from the font of the character before it, so the rare face needs blanks.
    points = parse_ranges(CORE_SIGNS) + plan.rare
    data = build_cjk_face(sources, RARE_FACE, points, squeeze=False)
    (out / RARE_FACE.file).write_bytes(data)
    rules = [
        "/* Print fonts, for WeasyPrint: one whole file per face. Never add unicode-range here.\n"
        "   Made by rebuild.py. */\n",
        *(font_rule(face, face.file, None) for face in ALL_FACES),
    ]
    (out / "print.css").write_text("".join(rules), encoding="utf-8")


def write_coverage(out: Path) -> None:
    """Write which characters every face of a print family holds."""
    held: dict[str, set[int]] = {}
    for face in ALL_FACES:
        cmap = set(TTFont(out / face.file, lazy=True).getBestCmap())
        held[face.family] = held.get(face.family, cmap) & cmap
    text = {family: format_ranges(points) for family, points in held.items()}
    (out / "coverage.json").write_text(json.dumps(text, indent=2) + "\n", encoding="utf-8")


def write_sums(out: Path) -> None:
    """Write SHA256SUMS over all font files."""
    paths = sorted(p for p in out.rglob("*") if p.suffix in (".ttf", ".otf", ".woff2"))
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(out).as_posix()}\n" for p in paths]
    (out / "SHA256SUMS").write_text("".join(lines), encoding="ascii")


def main() -> None:
    """Read the command line and rebuild everything."""
    parser = argparse.ArgumentParser(description="Rebuild the vendored fonts.")
    parser.add_argument("sources", type=Path, help="folder with the unpacked packages")
    parser.add_argument("out", type=Path, nargs="?", default=Path(__file__).resolve().parent)
    options = parser.parse_args()
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    options.out.mkdir(parents=True, exist_ok=True)
    plan = plan_repertoire(options.sources)
    write_print(options.out, options.sources, plan)
    write_web(options.out, plan)
    write_coverage(options.out)
    write_sums(options.out)


if __name__ == "__main__":
    main()
