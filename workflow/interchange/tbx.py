"""TBX (ISO 30042): terms ↔ the XML that terminology tools exchange.

We write the TBX-Basic of 2008 (`martif`), which OmegaT, Weblate and the Translate Toolkit read, and read that and the
version of 2019 (`tbx`), in both of its styles. What a term is stands as `subjectField`, in our own words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from workflow.errors import InputError
from workflow.glossary import MAX_TERMS, Kind, Term, make_term
from workflow.languages import Language

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_BYTES = 30_000_000

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_STATUSES = ("preferredTerm-admn-sts", "admittedTerm-admn-sts", "deprecatedTerm-admn-sts")
_ENTRIES, _LANGUAGES, _TERMS = {"termEntry", "conceptEntry"}, {"langSet", "langSec"}, {"tig", "ntig", "termSec"}
_UNWANTED = ("deprecated", "superseded", "obsolete")
"""What the `administrativeStatus` of a term that is not to be used begins with."""


def format_tbx(terms: Iterable[Term], source: Language, target: Language, *, title: str) -> bytes:
    """The terms as a TBX file; `title` says whose they are."""
    # Late: XML is needed for this alone.
    from xml.etree.ElementTree import Element, SubElement, indent, tostring

    root = Element("martif", {"type": "TBX-Basic", "xml:lang": source.tag})
    header = SubElement(root, "martifHeader")
    SubElement(SubElement(SubElement(header, "fileDesc"), "sourceDesc"), "p").text = title
    SubElement(SubElement(header, "encodingDesc"), "p", {"type": "XCSURI"}).text = "TBXBasicXCSV02.xcs"
    body = SubElement(SubElement(root, "text"), "body")
    for number, term in enumerate(terms, start=1):
        entry = SubElement(body, "termEntry", {"id": f"t{number}"})
        SubElement(entry, "descrip", {"type": "subjectField"}).text = term.kind.value
        if term.note:
            SubElement(entry, "note").text = term.note
        for language, forms in ((source, [(term.source, _STATUSES[0])]), (target, _forms(term))):
            texts = SubElement(entry, "langSet", {"xml:lang": language.tag})
            for text, status in forms:
                tig = SubElement(texts, "tig")
                SubElement(tig, "term").text = text
                SubElement(tig, "termNote", {"type": "administrativeStatus"}).text = status
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'.encode()


def _forms(term: Term) -> list[tuple[str, str]]:
    """The renderings with their statuses."""
    preferred, admitted, deprecated = _STATUSES
    statuses = [preferred] + [admitted] * (len(term.targets) - 1) + [deprecated] * len(term.forbidden)
    return list(zip(term.targets + term.forbidden, statuses, strict=True))


def parse_tbx(data: bytes, path: str, source: Language, target: Language) -> tuple[Term, ...]:
    """The terms for translating from `source` into `target`; concepts that lack one of them are left out.

    Each synonym of the source is a term of its own. Raises InputError for what is no TBX, is too large, or wants
    entities or files read.
    """
    entries = [element for element in _read(data, path).iter() if _name(element) in _ENTRIES]
    if len(entries) > MAX_TERMS:
        message = f"{len(entries):,} terms; {MAX_TERMS:,} are allowed"
        raise InputError.of("tbx.size", message, path=path, hint="export fewer")
    return tuple(term for entry in entries for term in _terms(entry, source, target))


def _read(data: bytes, path: str) -> Element:
    # Late: XML is needed for this alone.
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(data) > MAX_BYTES:
        message = f"{len(data):,} bytes; {MAX_BYTES:,} are allowed"
        raise InputError.of("tbx.size", message, path=path, hint="export fewer")
    try:
        root: Element = fromstring(data)
    except ParseError as error:
        hint = "export it again as TBX-Basic"
        raise InputError.of("tbx.damaged", "damaged XML", path=path, line=error.position[0], hint=hint) from None
    except DefusedXmlException:
        hint = "export it again without them"
        raise InputError.of("tbx.entities", "entities are not read", path=path, hint=hint) from None
    except (LookupError, ValueError):
        hint = "save it as UTF-8"
        raise InputError.of("tbx.encoding", "an encoding that is not known", path=path, line=1, hint=hint) from None
    if _name(root) not in {"martif", "tbx"}:
        hint = "TBX begins with <martif> or <tbx>"
        raise InputError.of("tbx.kind", f"not TBX, but <{_name(root)}>", path=path, hint=hint)
    return root


def _terms(entry: Element, source: Language, target: Language) -> Iterator[Term]:
    sources, targets = _section(entry, source), _section(entry, target)
    renderings = [text for text, is_wanted in targets if is_wanted]
    forbidden = [text for text, is_wanted in targets if not is_wanted]
    for text, is_wanted in sources if renderings else ():
        if is_wanted:
            note, kind = "; ".join(_notes(entry)), _kind(entry)
            yield make_term(text, ";".join(renderings), note, kind, ";".join(forbidden))


def _section(entry: Element, language: Language) -> Sequence[tuple[str, bool]]:
    """(term, whether it may be used) of the entry in the language; in its very tag, if there is a choice."""
    sections = {_tag(child): child for child in entry if _name(child) in _LANGUAGES}
    same = [tag for tag in sections if _primary(tag) == _primary(language.tag)]
    chosen = next((tag for tag in same if tag == language.tag.lower()), next(iter(same), None))
    if chosen is None:
        return ()
    groups = [element for element in sections[chosen].iter() if _name(element) in _TERMS]
    terms = [(_text(element, "term"), _is_wanted(element)) for element in groups]
    return [(text, is_wanted) for text, is_wanted in terms if text]


def _is_wanted(group: Element) -> bool:
    status = _category(group, "administrativeStatus").lower()
    return not status.startswith(_UNWANTED)


def _notes(entry: Element) -> Iterator[str]:
    for element in entry.iter():
        if _name(element) == "note" and (text := _content(element)):
            yield text


def _kind(entry: Element) -> Kind:
    """What the entry is: as we write it, or as the data categories of TBX-Basic say."""
    subject = _category(entry, "subjectField")
    if subject in set(Kind):
        return Kind(subject)
    return Kind.ABBREVIATION if _category(entry, "termType") in {"abbreviation", "acronym"} else Kind.TERM


def _category(element: Element, name: str) -> str:
    """The value of a data category: `<termNote type="name">` in one style, `<basic:name>` in the other."""
    for item in element.iter():
        if item.get("type") == name or _name(item) == name:
            return _content(item)
    return ""


def _text(group: Element, name: str) -> str:
    return next((_content(item) for item in group.iter() if _name(item) == name), "")


def _content(element: Element) -> str:
    return "".join(element.itertext()).strip()


def _name(element: Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _tag(section: Element) -> str:
    return (section.get(_LANG) or "").lower().replace("_", "-")


def _primary(tag: str) -> str:
    return tag.lower().partition("-")[0]
