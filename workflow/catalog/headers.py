"""The header entry's fields: those of a new catalog, their order, what they declare."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from workflow.catalog.entries import Entry
from workflow.catalog.findings import finding
from workflow.catalog.strings import unescape
from workflow.diagnostics import Diagnostic
from workflow.languages import Language, plural_forms
from workflow.model import Catalog
from workflow.plurals import declared_forms, plural_fault

HEADER_ORDER: Final = (
    "Project-Id-Version",
    "Report-Msgid-Bugs-To",
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Last-Translator",
    "Language-Team",
    "Language",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Plural-Forms",
)
"""As msginit writes them (gettext manual, "Filling in the Header Entry"); all others follow."""

FORCED_HEADERS: Final = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}

_COUNTRY_OF_SCRIPT: Final = {"Hans": "CN", "Hant": "TW"}


def new_headers(
    *, project: str, language: Language, translator: str, team: str, at: datetime.datetime
) -> tuple[tuple[str, str], ...]:
    """Return the header fields of a new catalog, as `msgfmt --check` wants them.

    `POT-Creation-Date` is left out: it would change with every update, and msgfmt does not ask for it.
    """
    return (
        ("Project-Id-Version", project),
        ("PO-Revision-Date", _revision_date(at)),
        ("Last-Translator", translator),
        ("Language-Team", team),
        ("Language", language_name(language)),
        *FORCED_HEADERS.items(),
        ("Plural-Forms", plural_forms(language)),
    )


def revised(catalog: Catalog, *, translator: str, at: datetime.datetime) -> Catalog:
    """Return the catalog with who worked on it last, and when; an empty translator leaves the name as it was."""
    changes = {"PO-Revision-Date": _revision_date(at), **({"Last-Translator": translator} if translator else {})}
    return replace(catalog, headers=tuple({**dict(catalog.headers), **changes}.items()))


def revised_at(catalog: Catalog) -> datetime.datetime | None:
    """When the catalog was worked on last; None if it does not say."""
    try:
        return datetime.datetime.strptime(catalog.header("PO-Revision-Date"), "%Y-%m-%d %H:%M%z")
    except ValueError:
        return None


def _revision_date(at: datetime.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}{at.strftime('%z') or '+0000'}"


def language_name(language: Language) -> str:
    """The language in the header `Language`: a script that the code leaves open is told by the country, `zh_CN`."""
    base, *parts = language.locale.split("_")
    script = next((part for part in parts if len(part) == 4), "")
    country = next((part for part in parts if len(part) == 2), _COUNTRY_OF_SCRIPT.get(script))
    return f"{base}_{country}" if script and country and "_" not in language.code else language.code


def number_of_forms(catalog: Catalog) -> int | None:
    """Return how many plural forms the `Plural-Forms` header declares; None if it does not."""
    return declared_forms(catalog.header("Plural-Forms"))


def parse_headers(header: Entry, path: str) -> tuple[dict[str, str], list[Diagnostic]]:
    """Return the fields of the header entry, and what is wrong with the rest of it."""
    fields: dict[str, str] = {}
    found = []
    for line in filter(None, unescape(header.strings["msgstr"]).split("\n")):
        name, colon, value = (part.strip(" \t") for part in line.partition(":"))
        if colon and name not in fields:
            fields[name] = value
        else:
            what = f"the header field {name} stands twice" if colon else f"no header field: {line}"
            hint = 'each header field is "Name: value\\n", once'
            found.append(finding("catalog.header", what, path, header.line, hint))
    if fault := plural_fault(fields.get("Plural-Forms", "")):
        hint = "take the line from another catalog of the language, or from version control"
        found.append(finding("catalog.plural-forms", f"the header Plural-Forms: {fault}", path, header.line, hint))
    return fields, found


def canonical_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the fields in msginit's order, declaring UTF-8."""
    rank = {name: position for position, name in enumerate(HEADER_ORDER)}
    given = [(name, value.strip(" \t")) for name, value in headers if name not in FORCED_HEADERS]
    return tuple(sorted([*given, *FORCED_HEADERS.items()], key=lambda header: rank.get(header[0], len(rank))))
