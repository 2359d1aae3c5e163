"""XLIFF 2, read back: what another tool made of a document that we wrote.

Tools reorder and re-indent, split segments, add modules, attributes and inline elements of their own. The texts count,
and what we put around them; all else is passed over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element, ParseError

from workflow.errors import InputError
from workflow.interchange.xliff import META, PLURAL, XliffDocument
from workflow.model import Catalog, Previous, Unit

MAX_BYTES: Final = 20_000_000
MAX_DEPTH: Final = 100
"""Of elements in elements; a document of ours has seven."""

_NAMESPACE = re.compile(r"\{(urn:oasis:names:tc:xliff:document:(\d+)\.[0-9.]+)\}xliff")
_CONFIRMED = {None, "translated", "reviewed", "final"}
"""States of a translation that is not fuzzy; a tool that writes none fills in targets and knows no states."""

_AGAIN = "export the file again from the tool that it comes from, or send the PO file instead"


def parse_xliff(data: bytes, path: str) -> XliffDocument:
    """Return what an XLIFF 2 document holds.

    A segment's target is fuzzy if its state is `initial`, or unknown; so is a unit of which only some segments have
    one. Raises InputError for XML that is broken or declares entities, for another format or version, for several
    <file>s, and for a unit that stands twice.
    """
    root = _parse_xml(data, path)
    found = _NAMESPACE.fullmatch(root.tag)
    if found is None or found[2] != "2":
        raise _not_xliff_2(root, path)
    reader = _Reader(prefix=f"{{{found[1]}}}", path=path)
    files = root.findall(f"{reader.prefix}file")
    if len(files) != 1:
        raise InputError.of("xliff.files", f"{len(files)} <file> elements; one is expected", path=path, hint=_AGAIN)
    units = tuple(reader.units(files[0]))
    _require_single(units, path)
    return XliffDocument(
        original=files[0].get("original", ""),
        source_language=root.get("srcLang", ""),
        target_language=root.get("trgLang", ""),
        catalog=Catalog(
            headers=tuple(reader.metadata(files[0])), comments=reader.notes(files[0]).comments, units=units
        ),
    )


def _parse_xml(data: bytes, path: str) -> Element:
    # Late: most commands read no XML.
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(data) > MAX_BYTES:
        message = f"{len(data):,} bytes; {MAX_BYTES:,} are allowed"
        raise InputError.of("xliff.size", message, path=path, hint=_AGAIN)
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except ParseError as error:
        line, _ = error.position
        message = f"broken XML: {str(error).partition(': line')[0]}"
        raise InputError.of("xliff.syntax", message, path=path, line=line, hint=_AGAIN) from None
    except (ValueError, LookupError) as error:
        # DefusedXmlException is a ValueError, and so is an encoding that Python does not know how to read.
        unsafe = isinstance(error, DefusedXmlException)
        message = (
            "declares a document type or entities, which is not safe to read" if unsafe else f"broken XML: {error}"
        )
        raise InputError.of("xliff.unsafe" if unsafe else "xliff.syntax", message, path=path, hint=_AGAIN) from None
    _require_shallow(root, path)
    return root


def _require_shallow(root: Element, path: str) -> None:
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [child for element in level for child in element]
    if level:
        message = f"elements stand more than {MAX_DEPTH} deep in each other"
        raise InputError.of("xliff.depth", message, path=path, hint=_AGAIN)


def _not_xliff_2(root: Element, path: str) -> InputError:
    version = root.get("version", "")
    if root.tag.endswith("xliff") and version.startswith("1."):
        hint = "export it as XLIFF 2.0, or send the PO file instead"
        return InputError.of("xliff.version", f"XLIFF {version}; XLIFF 2 is expected", path=path, hint=hint)
    return InputError.of("xliff.format", "XML, but not XLIFF 2", path=path, hint=_AGAIN)


def _require_single(units: Sequence[Unit], path: str) -> None:
    for key, count in Counter(unit.key for unit in units).items():
        if count > 1:
            source = key[1] if len(key[1]) <= 40 else f"{key[1][:39]}…"
            message = f"“{source}” stands {count} times"
            raise InputError.of("xliff.duplicate", message, path=path, hint="keep one <unit> of them")


class _Notes(NamedTuple):
    """The notes of an element, by what they are."""

    description: tuple[str, ...]
    comments: tuple[str, ...]
    previous: str | None


class _Words(NamedTuple):
    """The texts of a unit element, its segments put together."""

    source: str
    target: str
    fuzzy: bool


class _Reader:
    """Reads units of one version of XLIFF 2."""

    def __init__(self, prefix: str, path: str) -> None:
        self.prefix = prefix
        """The namespace, as tags have it."""
        self.path = path

    def units(self, parent: Element) -> Iterator[Unit]:
        """The units below an element, in the order of the document."""
        for element in parent:
            if element.tag == f"{self.prefix}unit":
                yield self._unit(element)
            elif element.tag == f"{self.prefix}group" and element.get("type") == PLURAL:
                yield self._plural(element)
            elif element.tag == f"{self.prefix}group":
                yield from self.units(element)

    def _unit(self, element: Element) -> Unit:
        words = self._words(element)
        unit = Unit(source=words.source, context=element.get("name"), targets=(words.target,), fuzzy=words.fuzzy)
        return self._with_surroundings(unit, element)

    def _plural(self, group: Element) -> Unit:
        sources = dict(self.metadata(group))
        forms = {unit.get("id", ""): self._words(unit) for unit in group.findall(f"{self.prefix}unit")}
        words = [forms[name] for name in sorted(forms, key=lambda name: (len(name), name))]
        if not words or not {"msgid", "msgid-plural"} <= sources.keys():
            message = f"the plural {group.get('id')} has lost its forms or its sources"
            raise InputError.of("xliff.plural", message, path=self.path, hint=_AGAIN)
        unit = Unit(
            source=sources["msgid"],
            source_plural=sources["msgid-plural"],
            context=group.get("name"),
            targets=tuple(form.target for form in words),
            fuzzy=any(form.fuzzy for form in words),
        )
        return self._with_surroundings(unit, group)

    def _with_surroundings(self, unit: Unit, element: Element) -> Unit:
        notes = self.notes(element)
        values = list(self.metadata(element))
        single = dict(values)
        previous = None
        if notes.previous is not None:
            previous = Previous(
                source=notes.previous,
                context=single.get("previous-msgctxt"),
                source_plural=single.get("previous-msgid-plural"),
            )
        return replace(
            unit,
            previous=previous,
            references=tuple(text for kind, text in values if kind == "reference"),
            flags=tuple(sorted(text for kind, text in values if kind == "flag")),
            notes=notes.description,
            comments=notes.comments,
        )

    def metadata(self, element: Element) -> Iterator[tuple[str, str]]:
        """(type, text) of each <mda:meta> of the element itself."""
        for holder in element.findall(f"{{{META}}}metadata"):
            for meta in holder.iter(f"{{{META}}}meta"):
                yield meta.get("type", ""), meta.text or ""

    def notes(self, element: Element) -> _Notes:
        """The element's own notes; one of a category that is not ours is taken for a translator's comment.

        The Translate Toolkit puts them into the segment, where the standard has none.
        """
        texts: dict[str, list[str]] = {}
        holders = [element, *element.findall(f"{self.prefix}segment")]
        for note in (note for holder in holders for note in holder.findall(f"{self.prefix}notes/{self.prefix}note")):
            category = note.get("category", "")
            known = category in {"description", "previous-source", "instructions"}
            texts.setdefault(category if known else "comment", []).append(self._text(note))
        return _Notes(
            description=_lines(texts.get("description", [])),
            comments=_lines(texts.get("comment", [])),
            previous=next(iter(texts.get("previous-source", [])), None),
        )

    # --- Texts ---

    def _words(self, unit: Element) -> _Words:
        """Segments and what stands between them, in order; `order` puts targets into another one (4.3.1.22)."""
        parts = [part for part in unit if part.tag in {f"{self.prefix}segment", f"{self.prefix}ignorable"}]
        sources = [part.find(f"{self.prefix}source") for part in parts]
        source = "".join(self._text(found) for found in sources if found is not None)
        if not source or None in sources:
            message = f"the unit {unit.get('id')} has no <source>"
            raise InputError.of("xliff.source", message, path=self.path, hint=_AGAIN)
        segments = [part for part in parts if part.tag == f"{self.prefix}segment"]
        done = [part for part in segments if self._target(part)]
        if not done:
            return _Words(source, "", fuzzy=False)
        fuzzy = len(done) < len(segments) or any(part.get("state") not in _CONFIRMED for part in done)
        return _Words(source, "".join(map(self._target_or_blank, self._in_order(parts))), fuzzy)

    def _in_order(self, parts: Sequence[Element]) -> list[Element]:
        places: Mapping[int, int] = {at: self._order(part, at) for at, part in enumerate(parts)}
        return [parts[at] for at in sorted(places, key=lambda at: (places[at], at))]

    def _order(self, part: Element, at: int) -> int:
        target = part.find(f"{self.prefix}target")
        order = "" if target is None else target.get("order", "")
        return int(order) - 1 if re.fullmatch("[0-9]{1,6}", order) else at

    def _target(self, part: Element) -> str:
        target = part.find(f"{self.prefix}target")
        return "" if target is None else self._text(target)

    def _target_or_blank(self, part: Element) -> str:
        """The target; what stands between segments is the same in both languages unless a target says otherwise."""
        if part.tag == f"{self.prefix}ignorable" and part.find(f"{self.prefix}target") is None:
            source = part.find(f"{self.prefix}source")
            return "" if source is None else self._text(source)
        return self._target(part)

    def _text(self, element: Element) -> str:
        """All text in an element, whatever inline elements a tool has put around it."""
        texts = [element.text or ""]
        for child in element:
            texts += [self._character(child) if child.tag == f"{self.prefix}cp" else self._text(child)]
            texts += [child.tail or ""]
        return "".join(texts)

    def _character(self, element: Element) -> str:
        value = element.get("hex", "")
        code = int(value, 16) if re.fullmatch("[0-9A-Fa-f]{1,6}", value) else 0x110000
        return chr(code) if code < 0x110000 else "\ufffd"


def _lines(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(line for text in texts for line in text.split("\n"))
