"""Memory ↔ TMX 1.4b (https://www.gala-global.org/tmx-14b), the translation memory that all CAT tools exchange."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape, quoteattr

from workflow import __version__
from workflow.errors import InputError
from workflow.memory import Entry

if TYPE_CHECKING:
    from defusedxml.ElementTree import DefusedXMLParser

MAX_BYTES: Final = 200_000_000
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_NATIVE_CODE: Final = {"bpt", "ept", "it", "ph", "sub", "ut"}
"""Inline elements that hold another tool's markup, not words."""
_DATE: Final = "%Y%m%dT%H%M%SZ"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEADER: Final = (
    'creationtool="workflow" segtype="block" o-tmf="workflow" adminlang="en" srclang="*all*" datatype="plaintext"'
)
_EXPORT_AGAIN: Final = "export it again from the tool that made it"


@dataclass(frozen=True, kw_only=True, slots=True)
class Tmx:
    """What a TMX file holds."""

    entries: tuple[Entry, ...]
    """Their languages are the tags that stand in the file."""
    skipped: Mapping[str, int]
    """How many units cannot be used, by reason."""


def format_tmx(entries: Iterable[Entry], tags: Mapping[str, str]) -> str:
    """The entries as a TMX document; `tags` are the BCP 47 tags of languages where these differ from their codes.

    Markdown stays text. What TMX has no field for stands in properties of our own, so that nothing is lost.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<!DOCTYPE tmx SYSTEM "tmx14.dtd">',
        '<tmx version="1.4">',
        f"  <header {_HEADER} creationtoolversion={quoteattr(__version__)}/>",
        "  <body>",
        *(line for entry in entries for line in _unit(entry, tags)),
        "  </body>",
        "</tmx>",
    ]
    return "\n".join(lines) + "\n"


def _unit(entry: Entry, tags: Mapping[str, str]) -> Iterator[str]:
    languages = [tags.get(code, code) for code in (entry.source_language, entry.target_language)]
    changed = f' changedate="{entry.signed_at:{_DATE}}"' if entry.signed_at else ""
    yield f"    <tu srclang={quoteattr(languages[0])}{changed}>"
    for name, value in _properties(entry):
        yield f'      <prop type="{name}">{_escaped(value)}</prop>'
    for language, text in zip(languages, (entry.source, entry.target), strict=True):
        yield f"      <tuv xml:lang={quoteattr(language)}><seg>{_escaped(text)}</seg></tuv>"
    yield "    </tu>"


def _properties(entry: Entry) -> Iterator[tuple[str, str]]:
    if entry.role:
        yield "x-role", entry.role
    if entry.origin:
        yield "x-origin", entry.origin
    for name, value in (("x-before", entry.before), ("x-after", entry.after)):
        if value is not None:
            yield name, str(value)
    if entry.signed_at:
        yield "x-signed-at", f"{entry.signed_at:{_DATE}}"
    yield from (("x-signed-by", name) for name in entry.signers)


def _escaped(text: str) -> str:
    """The text without what XML cannot hold at all; catalogs do not hold it either."""
    return escape(_NOT_XML.sub("", text), {"\r": "&#13;"})


def parse_tmx(data: bytes, path: str) -> Tmx:
    """The entries of a TMX file, one for each translation of a unit.

    Codes of other tools inside a segment are left out. Raises InputError with the line for what is no TMX, or holds
    entities: those can make a small file fill the memory, or read other files.
    """
    # Late: few commands read XML.
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    if len(data) > MAX_BYTES:
        message, hint = f"{len(data):,} bytes; {MAX_BYTES:,} are allowed", "split it in the tool that made it"
        raise InputError.of("tmx.size", message, path=path, hint=hint)
    target = _Target(path=path)
    parser = target.parser = DefusedXMLParser(target=target)
    try:
        parser.feed(data)
        parser.close()
    except DefusedXmlException:
        message, hint = "holds entities or refers to other files", "take out what stands between [ and ] in <!DOCTYPE>"
        raise InputError.of("tmx.entities", message, path=path, line=target.line, hint=hint) from None
    except ParseError as error:
        message = f"not well-formed XML: {str(error).rpartition(': line')[0] or error}"
        raise InputError.of("tmx.syntax", message, path=path, line=error.position[0], hint=_EXPORT_AGAIN) from None
    except (ValueError, LookupError):
        hint = "save it as UTF-8"
        raise InputError.of("tmx.encoding", "an unknown encoding", path=path, line=1, hint=hint) from None
    return Tmx(entries=tuple(target.entries), skipped=target.skipped)


@dataclass(kw_only=True, slots=True)
class _Target:
    """What the parser tells of, as it reads; the file is never held as a tree."""

    path: str
    parser: DefusedXMLParser | None = None
    entries: list[Entry] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    open: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    source_language: str = ""
    unit_language: str = ""
    properties: list[tuple[str, str]] = field(default_factory=list)
    variants: list[tuple[str, str]] = field(default_factory=list)
    """(language, text) of the unit that is read."""

    @property
    def line(self) -> int:
        return self.parser.parser.CurrentLineNumber if self.parser else 1

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if not self.open and tag != "tmx":
            hint = _EXPORT_AGAIN
            raise InputError.of("tmx.root", f"<{tag}> is no TMX", path=self.path, line=self.line, hint=hint)
        self.open.append(tag)
        if tag == "header":
            self.source_language = attributes.get("srclang", "")
        elif tag == "tu":
            self.unit_language = attributes.get("srclang", self.source_language)
            self.properties, self.variants = [], []
        elif tag == "tuv":
            # TMX 1.1 has `lang`; tools still write it.
            self.variants.append((attributes.get(_LANG, attributes.get("lang", "")), ""))
        elif tag in ("prop", "seg"):
            self.text = []
            if tag == "prop" and self.open[-2] == "tu":
                self.properties.append((attributes.get("type", ""), ""))

    def data(self, text: str) -> None:
        if _NATIVE_CODE.isdisjoint(self.open):
            self.text.append(text)

    def end(self, tag: str) -> None:
        self.open.pop()
        inside = self.open[-1] if self.open else ""
        if tag == "seg" and inside == "tuv" and self.variants:
            self.variants[-1] = (self.variants[-1][0], "".join(self.text))
        elif tag == "prop" and inside == "tu":
            self.properties[-1] = (self.properties[-1][0], "".join(self.text))
        elif tag == "tu":
            self._finish_unit()

    def close(self) -> None:
        pass

    def _finish_unit(self) -> None:
        variants = [(language, text) for language, text in self.variants if language and text.strip()]
        if len(variants) < 2:
            self.skipped["without two languages that both have text"] += 1
            return
        source = _source_place([language for language, _ in variants], self.unit_language)
        for place, (language, text) in enumerate(variants):
            if place != source:
                self.entries.append(_entry(variants[source], (language, text), self.properties))


def _source_place(languages: Sequence[str], wanted: str) -> int:
    """Which variant is the source: the one whose language is named so, or nearly so, else the first."""
    tags, wanted = [tag.casefold() for tag in languages], wanted.casefold()
    near = [re.split("[-_]", tag)[0] for tag in tags]
    if wanted in tags:
        return tags.index(wanted)
    base = re.split("[-_]", wanted)[0]
    return near.index(base) if base in near else 0


def _entry(source: tuple[str, str], target: tuple[str, str], properties: Sequence[tuple[str, str]]) -> Entry:
    values = dict(properties)
    return Entry(
        source_language=source[0],
        target_language=target[0],
        source=source[1],
        target=target[1],
        role=values.get("x-role", ""),
        origin=values.get("x-origin", ""),
        before=_number(values.get("x-before", "")),
        after=_number(values.get("x-after", "")),
        signed_at=_date(values.get("x-signed-at", "")),
        signers=tuple(value for name, value in properties if name == "x-signed-by"),
    )


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,19}", text) and int(text) < 2**60 else None


def _date(text: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.strptime(text, _DATE).replace(tzinfo=datetime.UTC)
    except ValueError:
        return None
