"""The header's values, all as texts with their lines.

PyYAML's own constructors would turn `NO` into False and `1.10` into 1.1, so only its node tree is used.
"""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from workflow.diagnostics import Diagnostic, Location
from workflow.errors import InputError
from workflow.front_matter.writing import FENCE
from workflow.text import character_faults

MAX_HEADER = 100_000
"""Characters; reading YAML takes seconds for each megabyte."""
HINT = "a story begins with a line `---`, then `section:`, `published:` and the like, then a line `---`"


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """One value of the header."""

    items: tuple[tuple[str, int], ...]
    """(text, line) each; a single text is a list of one."""
    is_list: bool
    line: int


def split_front_matter(text: str, path: str) -> tuple[str, str, int]:
    """(header, body, number of the body's first line); raises InputError if there is no header."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        raise InputError.of("story.front-matter", "no front matter", path=path, line=1, hint=HINT)
    for number, line in enumerate(lines[1:], start=2):
        if line.rstrip() == FENCE:
            return "\n".join(lines[1 : number - 1]), "\n".join(lines[number:]), number + 1
    raise InputError.of("story.front-matter", "the front matter has no end", path=path, line=1, hint=HINT)


def parse_front_matter(header: str, path: str) -> tuple[dict[str, Value], list[Diagnostic]]:
    """The header's values by key, and the faults of those that are no text and no list of texts.

    Raises InputError for what is not a mapping.
    """
    if len(header) > MAX_HEADER:
        message = f"{len(header):,} characters of front matter; {MAX_HEADER:,} are allowed"
        raise InputError.of("story.front-matter", message, path=path, line=2, hint="move it into the text")
    try:
        root = yaml.compose(header, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line, message = _error_line(error, len(header)), f"not YAML: {error.problem}"
        hint = "put the value between double quotes, and each key on a line of its own"
        raise InputError.of("story.front-matter", message, path=path, line=line, hint=hint) from None
    except (ValueError, OverflowError):
        line = header.count("\n", 0, header.find("\\U")) + 2
        message = "not YAML: `\\U` and a number that is no character"
        hint = "write the character itself"
        raise InputError.of("story.front-matter", message, path=path, line=line, hint=hint) from None
    except RecursionError:
        hint = "write texts and lists of texts"
        raise InputError.of("story.front-matter", "nested too deeply", path=path, line=2, hint=hint) from None
    if not isinstance(root, yaml.MappingNode):
        raise InputError.of("story.front-matter", "not a mapping of keys to values", path=path, line=2, hint=HINT)
    return _values(root, path)


def _error_line(error: yaml.MarkedYAMLError, end: int) -> int:
    """Where the mistake is; one that shows only at the end of the header was made where its value begins."""
    mark = error.problem_mark or error.context_mark
    if error.context_mark and mark and mark.index >= end:
        mark = error.context_mark
    return mark.line + 2 if mark else 1


def _values(root: yaml.MappingNode, path: str) -> tuple[dict[str, Value], list[Diagnostic]]:
    values: dict[str, Value] = {}
    faults: list[Diagnostic] = []
    for key_node, node in root.value:
        line = _line(key_node)
        if not isinstance(key_node, yaml.ScalarNode):
            faults.append(_fault(path, line, "a key must be a word", HINT))
            continue
        key, value = str(key_node.value), _value(node, line)
        if key in values:
            message = f"{key}: given twice, first in line {values[key].line}"
            faults.append(_fault(path, line, message, "keep one of the two"))
            continue
        if value is None:
            faults.append(_fault(path, line, f"{key}: must be a text or a list of texts", "write it flatter"))
            value = Value(items=(), is_list=True, line=line)
        elif any(character_faults(text, path, kind="story") for text, _ in value.items):
            faults.append(_fault(path, line, f"{key}: holds a control character", "delete it"))
        values[key] = value
    return values, faults


def _value(node: yaml.Node, line: int) -> Value | None:
    if isinstance(node, yaml.ScalarNode):
        return Value(items=((str(node.value), _line(node)),), is_list=False, line=line)
    if isinstance(node, yaml.SequenceNode) and all(isinstance(item, yaml.ScalarNode) for item in node.value):
        items = tuple((str(item.value), _line(item)) for item in node.value)
        return Value(items=items, is_list=True, line=line)
    return None


def _line(node: yaml.Node) -> int:
    """The node's line in the file; the header begins in line 2."""
    return int(node.start_mark.line) + 2


def _fault(path: str, line: int, message: str, hint: str) -> Diagnostic:
    location = Location(path=path, line=line)
    return Diagnostic(code="story.front-matter", message=message, location=location, hint=hint)
