"""The project's own fonts: which faces a text needs, and which characters no face has.

Print gets one whole file a face (WeasyPrint confuses the parts of a font that is cut by `unicode-range`); the web
gets small parts by range, of which only those with characters of the pages are published.
"""

from __future__ import annotations

import base64
import bisect
import functools
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LATIN = ("Noto Serif", "Noto Sans")
HAN = ("Noto Serif SC", "Noto Sans SC")
RARE = ("Noto Serif SC Rare",)
WEB_SHEETS = ("web-latin.css", "web-zh.css", "web-rare.css")

_RULE = re.compile(r"@font-face \{[^}]*\}")
_FAMILY = re.compile(r'font-family: "([^"]+)"')
_FILE = re.compile(r'url\("(?:web/)?([^"]+)"\)')
_RANGES = re.compile(r"unicode-range: ([^;]+);")
_INVISIBLE = frozenset("\n\t\u00ad\u200b\u2060\ufeff")

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FontFace:
    """One `@font-face` rule."""

    css: str
    family: str
    file: str
    points: frozenset[str]
    """Single characters of its `unicode-range`, as `U+4E00`."""
    spans: tuple[str, ...]
    """Spans of its `unicode-range`, as `U+20-7E`."""

    def touches(self, points: frozenset[str], numbers: list[int]) -> bool:
        """True if the face has one of the characters, which are given in both forms, the numbers sorted."""
        return not self.points.isdisjoint(points) or any(_touches(*parse_range(span), numbers) for span in self.spans)


@functools.cache
def fonts_in(folder: Path) -> Fonts:
    """The fonts of a folder, one value for the whole process."""
    return Fonts(folder)


class Fonts:
    """The folder of fonts; its tables are read when they are first needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._parsed: dict[str, Ranges] = {}

    def print_css(self, text: str) -> tuple[str, tuple[str, ...]]:
        """(the `@font-face` rules of the families that the text needs, their files)."""
        families = self.families(text)
        faces = [face for face in self._print_faces if face.family in families]
        return "\n".join(face.css for face in faces), tuple(face.file for face in faces)

    def web_css(self, text: str) -> tuple[str, tuple[str, ...]]:
        """(the rules of the font parts with a character of the text, their files in `web/`)."""
        numbers = sorted({ord(character) for character in text})
        points = frozenset(f"U+{number:X}" for number in numbers)
        faces = [face for face in self._web_faces if face.touches(points, numbers)]
        return "\n".join(face.css for face in faces), tuple(face.file for face in faces)

    def embedded_css(self, text: str) -> str:
        """The same rules with the files inside them, for a page that has to stand alone."""
        css, files = self.web_css(text)
        for name in files:
            data = base64.b64encode((self.folder / "web" / name).read_bytes()).decode()
            css = css.replace(f'url("{name}")', f'url("data:font/woff2;base64,{data}")')
        return css

    def families(self, text: str) -> tuple[str, ...]:
        """The families that set the text: Latin always, Han and rare Han when there are such characters."""
        beyond_latin = self.uncovered(text, LATIN[:1])
        if not beyond_latin:
            return LATIN
        return LATIN + HAN + (RARE if self.uncovered(beyond_latin, HAN[:1]) else ())

    def missing(self, text: str) -> str:
        """The characters that no family has, sorted."""
        return self.uncovered(text, tuple(self._coverage))

    def uncovered(self, text: Iterable[str], families: Iterable[str]) -> str:
        """The distinct characters of the text that none of the families has, sorted."""
        left = sorted(set(text) - _INVISIBLE)
        for family in families:
            if not left:
                break
            ranges = self._ranges(family)
            left = [character for character in left if not _contains(ranges, ord(character))]
        return "".join(left)

    @functools.cached_property
    def _coverage(self) -> dict[str, str]:
        table: dict[str, str] = json.loads((self.folder / "coverage.json").read_text(encoding="utf-8"))
        return table

    def _ranges(self, family: str) -> Ranges:
        if family not in self._parsed:
            self._parsed[family] = tuple(sorted(map(parse_range, self._coverage[family].split(","))))
        return self._parsed[family]

    @functools.cached_property
    def _print_faces(self) -> list[FontFace]:
        return self._faces("print.css")

    @functools.cached_property
    def _web_faces(self) -> list[FontFace]:
        return [face for name in WEB_SHEETS for face in self._faces(name)]

    def _faces(self, name: str) -> list[FontFace]:
        css = (self.folder / name).read_text(encoding="utf-8")
        faces = []
        for rule in _RULE.findall(css):
            family, file, ranges = _FAMILY.search(rule), _FILE.search(rule), _RANGES.search(rule)
            if family and file:
                parts = ranges[1].split(",") if ranges else []
                faces.append(
                    FontFace(
                        css=rule.replace('url("web/', 'url("'),
                        family=family[1],
                        file=file[1],
                        points=frozenset(part for part in parts if "-" not in part),
                        spans=tuple(part for part in parts if "-" in part),
                    )
                )
        return faces


def parse_range(text: str) -> tuple[int, int]:
    """`U+0020-007E` → (0x20, 0x7E); the prefix may be missing, and a single character is a range of one."""
    first, _, last = text.strip().removeprefix("U+").partition("-")
    return int(first, 16), int(last or first, 16)


def _contains(ranges: Ranges, point: int) -> bool:
    index = bisect.bisect_right(ranges, (point, 0x110000)) - 1
    return index >= 0 and ranges[index][0] <= point <= ranges[index][1]


def _touches(first: int, last: int, points: list[int]) -> bool:
    index = bisect.bisect_left(points, first)
    return index < len(points) and points[index] <= last
