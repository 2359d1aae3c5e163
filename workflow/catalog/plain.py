"""Files as we write them ourselves, read an entry at a time: most are, and line by line takes several times as long.

Only what all tools read alike is plain: every line in its canonical form and place, no plurals, and our count of units
in the header. Anything else is left to the scan.
"""

from __future__ import annotations

import re
from typing import Final

from workflow.catalog.completeness import UNIT_COUNT
from workflow.catalog.entries import Entry


def plain_entries(text: str) -> list[Entry] | None:
    """The same entries as the scan finds, the header first; None if the file is not plain."""
    if f'\n"{UNIT_COUNT}: ' not in text:
        return None
    entries: list[Entry] = []
    at, line = 0, 1
    while at < len(text):
        found, mark = _LIVE.match(text, at), ""
        if found is None:
            found, mark = _OBSOLETE.match(text, at), "#~ "
        if found is None:
            return None
        entry = _entry(found, mark)
        entry.line = line + text.count("\n", at, found.end("above"))
        entries.append(entry)
        line += text.count("\n", at, found.end())
        at = found.end()
    header, *others = entries
    return entries if header.is_header and all(entry.strings["msgid"] for entry in others) else None


def _strings(name: str, mark: str) -> str:
    """The pattern of a string in one or more lines; possessive, like all here, so that refusing takes no longer."""
    string = r'"[^"\\\n]*+(?:\\["\\nt][^"\\\n]*+)*+"'
    return rf"(?P<{name}>{string}(?:\n{mark}{string})*+)\n"


def _comments(name: str, mark: str) -> str:
    return rf"(?P<{name}>(?:{mark}(?: [^\n]*+(?<!\\))?\n)*+)"


def _list(name: str, mark: str) -> str:
    return rf"(?:{mark}(?P<{name}> [^\n]*+(?<!\\))\n)?+"


def _pattern(mark: str) -> re.Pattern[str]:
    """An entry, with the blank line below it, whose statements begin with the mark."""
    above = _comments("comments", "#") + _comments("notes", "#[.]") + _list("references", "#:") + _list("flags", "#,")
    if not mark:
        context, source = (_strings(f"previous_{keyword}", "#[|] ") for keyword in ("msgctxt", "msgid"))
        above += rf"(?:(?:#[|] msgctxt {context})?+#[|] msgid {source})?+"
    context, source, target = (_strings(keyword, mark) for keyword in ("msgctxt", "msgid", "msgstr"))
    statements = rf"(?:{mark}msgctxt {context})?+{mark}msgid {source}{mark}msgstr {target}"
    return re.compile(rf"(?P<above>{above}){statements}(?:\n|\Z)")


_LIVE: Final = _pattern("")
_OBSOLETE: Final = _pattern("#~ ")


def _entry(found: re.Match[str], mark: str) -> Entry:
    groups = found.groupdict()
    return Entry(
        is_obsolete=bool(mark),
        comments=[line[1:].removeprefix(" ") for line in groups["comments"].split("\n")[:-1]],
        notes=[line[2:].removeprefix(" ") for line in groups["notes"].split("\n")[:-1]],
        references=re.findall("[^ \\t]+", groups["references"] or ""),
        flags={flag.strip() for flag in (groups["flags"] or "").split(",") if flag.strip()},
        strings={name: _joined(groups[name], mark) for name in ("msgctxt", "msgid", "msgstr") if groups[name]},
        previous={
            name: _joined(string, "#| ") for name in ("msgctxt", "msgid") if (string := groups.get(f"previous_{name}"))
        },
    )


def _joined(lines: str, mark: str) -> str:
    """The string without the quotation marks at the ends of its lines."""
    return lines[1:-1].replace(f'"\n{mark}"', "")
