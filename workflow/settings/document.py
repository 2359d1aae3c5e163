"""A TOML file whose values are asked for by key: every fault is collected, with its line."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping
from typing import Any, TypeAlias

from workflow.diagnostics import Diagnostic, Location
from workflow.errors import InputError
from workflow.settings.values import ANY
from workflow.text import character_faults, decode_text

MAX_BYTES = 1_000_000
Key: TypeAlias = tuple[str, ...]
Table: TypeAlias = Mapping[str, Any]

_TABLE = re.compile(r"^\s*\[(\[)?\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"^\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")


class Document:
    """The tables of the file; whoever has asked for all values looks at `faults`.

    A key is the whole path to its value, of which the last part is looked up in the table given with it. Raises
    InputError for a file that is no TOML.
    """

    def __init__(self, data: bytes, path: str) -> None:
        text = decode_text(data, path, kind="settings", max_bytes=MAX_BYTES)
        self.table = _parsed(text, path)
        self.lines = _key_lines(text)
        self.path = path
        self.faults: list[Diagnostic] = []

    def fault(self, key: Key, message: str, hint: str | None = None) -> None:
        where = next((self.lines[key[:n]] for n in range(len(key), 0, -1) if key[:n] in self.lines), 1)
        self.faults.append(
            Diagnostic(
                code="settings.value",
                message=f"{'.'.join(key)}: {message}",
                location=Location(path=self.path, line=where),
                hint=hint,
            )
        )

    def sub_table(self, key: Key, *, required: bool = False) -> Table:
        table: Any = self.table
        for part in key:
            table = table.get(part) if isinstance(table, dict) else None
        if isinstance(table, dict) and (table or not required):
            return table
        if table is not None or required:
            message = f"must be a table [{'.'.join(key)}]" + (" that is not empty" if required else "")
            self.fault(key, message, "write it as in the newsroom.toml that `workflow init DIR` makes")
        return {}

    def tables(self, key: Key, table: Table) -> list[Table]:
        found = table.get(key[-1], [])
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            self.fault(key, f"must be tables [[{'.'.join(key)}]]")
            return []
        return found

    def known_keys(self, key: Key, table: Table, known: tuple[str, ...]) -> None:
        for name in table:
            if name not in known:
                self.fault((*key, name), "unknown key", f"known are {', '.join(known)}")

    def text(self, key: Key, table: Table, default: str | None = None) -> str:
        value = table.get(key[-1], default)
        if value is None and table:
            self.fault(key, "missing", f'add a line `{key[-1]} = "…"`')
        elif value is not None and not isinstance(value, str):
            self.fault(key, "must be a text in quotes")
        elif value is not None and default is None and not value.strip():
            self.fault(key, "must not be empty")
        elif value is not None and character_faults(value, self.path, kind="settings"):
            self.fault(key, "holds a control character")
        return value.strip() if isinstance(value, str) else ""

    def date(self, key: Key, table: Table) -> datetime.date | None:
        value = table.get(key[-1])
        if value is not None and type(value) is not datetime.date:
            self.fault(key, "must be a date", f"write {key[-1]} = 2026-12-31, without quotes")
            return None
        return value

    def count(self, key: Key, table: Table) -> int | None:
        value = table.get(key[-1])
        if value is not None and (type(value) is not int or value < 1):
            self.fault(key, "must be a number from 1", f"write {key[-1]} = 60, without quotes")
            return None
        return value

    def flag(self, key: Key, table: Table, *, default: bool) -> bool:
        value = table.get(key[-1], default)
        if not isinstance(value, bool):
            self.fault(key, "must be true or false")
        return bool(value)

    def percent(self, key: Key, table: Table, *, default: int) -> int:
        value = table.get(key[-1], default)
        if type(value) is not int or not 0 < value <= 100:
            self.fault(key, "must be a whole number from 1 to 100")
            return default
        return value

    def texts(self, key: Key, table: Table, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        value = table.get(key[-1], default)
        if isinstance(value, list | tuple) and value and all(isinstance(item, str) and item.strip() for item in value):
            if any(character_faults(item, self.path, kind="settings") for item in value):
                self.fault(key, "holds a control character")
            return tuple(value)
        self.fault(key, "missing" if value is None else "must be a list of texts that is not empty")
        return ()

    def only(self, key: Key, named: tuple[str, ...], known: Mapping[str, object], where: str = "it has") -> None:
        for name in named:
            if name != ANY and name not in known:
                self.fault(key, f"no `{name}` in this newsroom", f"{where} {', '.join(known)}")


def _parsed(text: str, path: str) -> Table:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        number = int(line[1]) if line else text.count("\n") + 1
        message = f"not TOML: {str(error).split(' (at')[0]}"
        hint = 'a table is `[name]`, a key is `name = "text"`, each on a line of its own'
        raise InputError.of("settings.syntax", message, path=path, line=number, hint=hint) from None
    except RecursionError:
        hint = "write it flatter"
        raise InputError.of("settings.syntax", "nested too deeply", path=path, line=1, hint=hint) from None


def _key_lines(text: str) -> dict[Key, int]:
    """The line of each table and key; the n-th table of an array counts as key `n`. tomllib tells no lines."""
    lines: dict[Key, int] = {}
    prefix: Key = ()
    counts: dict[Key, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if found := _TABLE.match(line):
            prefix = _parts(found[2])
            if found[1]:
                counts[prefix] = counts.get(prefix, -1) + 1
                prefix = (*prefix, str(counts[prefix]))
            lines.setdefault(prefix, number)
        elif found := _KEY.match(line):
            lines.setdefault((*prefix, *_parts(found[1])), number)
    return lines


def _parts(dotted: str) -> Key:
    return tuple("".join(found) for found in _PART.findall(dotted))
