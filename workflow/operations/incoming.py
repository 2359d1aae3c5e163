"""A file that came back from outside → the catalogs in it, and whose they are."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workflow.catalog import language_name, parse_catalog
from workflow.diagnostics import Diagnostic, Location
from workflow.errors import ConflictError, InputError, UsageError
from workflow.handback import changed_outside
from workflow.interchange.bundle import unpack
from workflow.interchange.xliff_reading import parse_xliff
from workflow.languages import Language
from workflow.model import Catalog
from workflow.newsroom import Newsroom, read_file
from workflow.sent import STORY
from workflow.text import excerpt

MAX_BYTES: Final = 10_000_000
MAX_TEXT: Final = 10_000
"""Characters of one translation: Markdown's parser takes the square of the time for some texts."""

_XLIFF = (".xlf", ".xliff")
_PO = (".po",)

_REFERENCE = re.compile(r"stories/([^:]+)/story\.md(?::[0-9]+)?")
_CATALOG_FILE = re.compile(r"locales/[^/]+/LC_MESSAGES/(.+)\.po")


@dataclass(frozen=True, kw_only=True, slots=True)
class Incoming:
    """One catalog that came back."""

    path: str
    """The file; for one in a zip, both names."""
    catalog: Catalog
    story: str
    """As the file says it; empty if it does not."""
    language: str
    """The same, in whatever way the file names languages."""


def read_incoming(file: Path) -> tuple[Incoming, ...]:
    """Return the catalogs of a PO, an XLIFF 2 or a zip with one or both of them.

    Raises InputError for other files and damaged ones, ConflictError if both were changed and say different things.
    """
    data, path = read_file(file, max_bytes=MAX_BYTES), str(file)
    if data.startswith(b"PK\3\4"):
        return _from_zip(data, path)
    return (_read_one(data, path),)


def _read_one(data: bytes, path: str) -> Incoming:
    incoming = _parse(data, path)
    for unit in incoming.catalog.units:
        size, allowed = max(map(len, unit.targets)), max(MAX_TEXT, 5 * len(unit.source))
        if size > allowed:
            message = f"a translation of {size:,} characters; {allowed:,} are allowed"
            hint = "is the whole text in one unit?"
            raise InputError.of("receive.size", message, path=path, line=unit.line or None, hint=hint)
    return incoming


def _parse(data: bytes, path: str) -> Incoming:
    is_xml = data.replace(b"\0", b"").removeprefix(codecs.BOM_UTF8).lstrip(b"\xff\xfe \t\r\n").startswith(b"<")
    return _from_xliff(data, path) if is_xml else _from_po(data, path)


def _from_po(data: bytes, path: str) -> Incoming:
    # Tools on Windows write both, and mean nothing by it.
    text = data.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n")
    if b"msgid" not in text:
        hint = "send back the PO file, the XLIFF file, or the zip with one of them in it"
        raise InputError.of("receive.format", "neither PO nor XLIFF nor a zip", path=path, hint=hint)
    catalog = parse_catalog(text, path, whole=False)
    return Incoming(path=path, catalog=catalog, story=_story_of(catalog), language=catalog.header("Language"))


def _from_xliff(data: bytes, path: str) -> Incoming:
    document = parse_xliff(data, path)
    original = _CATALOG_FILE.fullmatch(document.original)
    story = _story_of(document.catalog) or (original[1] if original else "")
    return Incoming(path=path, catalog=document.catalog, story=story, language=document.target_language)


def _story_of(catalog: Catalog) -> str:
    """The slug that the header names, or that all references lead to."""
    found = (_REFERENCE.fullmatch(reference) for unit in catalog.units for reference in unit.references)
    slugs = {match[1] for match in found if match}
    return catalog.header(STORY) or (slugs.pop() if len(slugs) == 1 else "")


def _from_zip(data: bytes, path: str) -> tuple[Incoming, ...]:
    files = unpack(data, path, (*_PO, *_XLIFF))
    for kind in (_PO, _XLIFF):
        names = [name for name in files if name.lower().endswith(kind)]
        if len(names) > 1:
            hint = "put the one that was worked on alone into a zip, or send it as it is"
            raise InputError.of("receive.several", f"several files: {', '.join(names)}", path=path, hint=hint)
    if not files:
        raise InputError.of("receive.empty", "no PO and no XLIFF file in the zip", path=path, hint="send one of them")
    parts = [_read_one(content, f"{path}: {name}") for name, content in files.items()]
    _require_agreement(parts, path)
    return tuple(parts)


def _require_agreement(parts: Iterable[Incoming], path: str) -> None:
    """Raises ConflictError naming each unit that two files of a zip changed in different ways."""
    seen: dict[tuple[str | None, str], tuple[tuple[str, ...], bool]] = {}
    found = []
    for part in parts:
        for unit in changed_outside(part.catalog):
            said = unit.targets, unit.fuzzy
            if seen.setdefault(unit.key, said) != said:
                found.append(
                    Diagnostic(
                        code="receive.both",
                        message=f"PO and XLIFF file were both changed, each in its own way: “{excerpt(unit.source)}”",
                        location=Location(path=path),
                        hint="ask which of the two counts, and receive that file alone",
                    )
                )
    if found:
        raise ConflictError(found)


# --- Whose it is -----------------------------------------------------------------------------------------


def story_of(newsroom: Newsroom, incoming: Incoming, named: str | None) -> str:
    """The slug of the story that the file is about.

    Raises UsageError if another one is named, or none where the file does not say it; InputError if the newsroom does
    not have it.
    """
    wanted = newsroom.known_slug(named) if named else ""
    if not (wanted or incoming.story):
        raise _unsaid(incoming, "story", "--story STORY")
    if wanted and incoming.story and wanted != incoming.story:
        message = f"{incoming.path} is of the story {incoming.story}, not of {wanted}"
        raise UsageError.of("usage.story", message, hint="is it the file that you meant?")
    slug = wanted or incoming.story
    if slug not in newsroom.slugs():
        hint = "is it a file of this newsroom? workflow status lists the stories"
        raise InputError.of("receive.story", f"of the story {slug}, which is not here", path=incoming.path, hint=hint)
    return slug


def language_of(newsroom: Newsroom, incoming: Incoming, named: str | None) -> Language:
    """The language that the file is in; raises as `story_of` does."""
    wanted = newsroom.language(named) if named else None
    said = _known_language(newsroom, incoming.language)
    if incoming.language and said is None:
        known = ", ".join(newsroom.settings.languages)
        message = f"in the language {incoming.language}, which is not here"
        raise InputError.of("receive.language", message, path=incoming.path, hint=f"there are {known}")
    if wanted and said and wanted != said:
        message = f"{incoming.path} is in {said.code}, not in {wanted.code}"
        raise UsageError.of("usage.language", message, hint="is it the file that you meant?")
    if found := wanted or said:
        return found
    raise _unsaid(incoming, "language", "--language LANG")


def _unsaid(incoming: Incoming, what: str, option: str) -> UsageError:
    return UsageError.of(f"usage.{what}", f"{incoming.path} does not say its {what}", hint=f"name it with {option}")


def _known_language(newsroom: Newsroom, name: str) -> Language | None:
    """The newsroom's language that has this name in gettext, BCP 47 or CLDR; or the only one of its kind."""
    languages = newsroom.settings.languages.values()
    wanted = _plain(name)
    exact = [one for one in languages if wanted in map(_plain, (one.code, one.tag, one.locale, language_name(one)))]
    base = [one for one in languages if wanted.partition("-")[0] == _plain(one.locale).partition("-")[0]]
    return exact[0] if exact else base[0] if len(base) == 1 else None


def _plain(name: str) -> str:
    return name.strip().replace("_", "-").lower()
