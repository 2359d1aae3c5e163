"""A story's text → Story. What a story may not hold is refused by name and line, all faults of a kind at once."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from markdown_it.token import Token

from workflow.diagnostics import Diagnostic, Location
from workflow.errors import InputError
from workflow.front_matter.reading import Value, parse_front_matter, split_front_matter
from workflow.model import Block, Reference, Story, Words
from workflow.settings import StoryRules
from workflow.story.blocks import BlockReader
from workflow.story.dialect import Environment, dialect
from workflow.text import decode_text

KEYS = ("language", "translated_from", "languages", "section", "published", "summary", "written_by", "edited_by")
MAX_BYTES = 500_000
"""A long book chapter; the parser's time is bounded by it."""
MAX_NESTING = 40
"""markdown-it counts a list and its item apart, so this is twenty lists in one another."""


def parse_story(data: bytes, path: str, rules: StoryRules) -> Story:
    """The story in a file's bytes.

    Raises InputError with every fault of the front matter and of the body, each with its line.
    """
    text = decode_text(data, path, kind="story", max_bytes=MAX_BYTES)
    header, body, first_line = split_front_matter(text, path)
    values, faults = parse_front_matter(header, path)
    front = _FrontMatter(values, faults, path, rules)
    language = front.language()
    reading = _read_body(body, path, first_line - 1, join_wide=language in rules.wide_languages)
    story = Story(
        language=language,
        translated_from=front.translated_from(),
        languages=front.languages(),
        section=front.section(),
        published=front.published(),
        summary=front.summary(),
        written_by=front.names("written_by"),
        edited_by=front.names("edited_by"),
        headline=reading.headline,
        blocks=reading.blocks,
        references=reading.references,
    )
    front.refuse_unknown_keys()
    if faults := [*front.faults, *reading.faults]:
        raise InputError(sorted(faults, key=lambda fault: fault.location.line or 0 if fault.location else 0))
    return story


# --- Body ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class _Body:
    headline: Words
    blocks: tuple[Block, ...]
    references: tuple[Reference, ...]
    faults: list[Diagnostic] = field(default_factory=list)


def _read_body(body: str, path: str, offset: int, *, join_wide: bool) -> _Body:
    env: Environment = {}
    tokens = _tokens(body if body.endswith("\n") else body + "\n", env, path)
    reader = BlockReader(tokens, path=path, offset=offset, join_wide=join_wide)
    if too_deep := next((token for token in tokens if token.nesting == 1 and token.level > MAX_NESTING), None):
        line = offset + 1 + (too_deep.map or [0])[0]
        raise InputError.of(
            "story.nesting",
            f"lists or quotes nested more than {MAX_NESTING // 2} deep",
            path=path,
            line=line,
            hint="write it flatter",
        )
    reader.refuse_tabs(body)
    reader.refuse_block_attributes(env)
    blocks = reader.blocks()
    reader.refuse_stray_footnotes()
    headline, rest = reader.take_headline(blocks)
    return _Body(headline=headline, blocks=rest, references=_references(env), faults=reader.faults)


def _tokens(body: str, env: Environment, path: str) -> list[Token]:
    try:
        return dialect().parse(body, env)
    except RecursionError:
        raise InputError.of("story.nesting", "markup nested too deeply to read", path=path) from None


def _references(env: Environment) -> tuple[Reference, ...]:
    return tuple(
        Reference(label=label, address=found["href"], title=" ".join((found.get("title") or "").split("\n")))
        for label, found in env.get("references", {}).items()
    )


# --- Front matter ----------------------------------------------------------------------------------------


class _FrontMatter:
    """The header's values as the story wants them; faults are collected, not raised one by one."""

    def __init__(self, values: Mapping[str, Value], faults: list[Diagnostic], path: str, rules: StoryRules) -> None:
        self.values = values
        self.path = path
        self.rules = rules
        self.faults = faults

    def fault(self, line: int, message: str, hint: str | None = None) -> None:
        location = Location(path=self.path, line=line)
        self.faults.append(Diagnostic(code="story.front-matter", message=message, location=location, hint=hint))

    def text(self, key: str) -> tuple[str, int] | None:
        value = self.values.get(key)
        if value is None:
            return None
        if value.is_list:
            if value.items:
                self.fault(value.line, f"{key}: must be one text, not a list", f"write `{key}: …` on one line")
            return None
        return value.items[0]

    def required(self, key: str, example: str) -> tuple[str, int] | None:
        if key not in self.values:
            self.fault(1, f"{key}: missing", f"add a line `{key}: {example}`")
        found = self.text(key)
        if found and not found[0].strip():
            self.fault(found[1], f"{key}: empty", f"write `{key}: {example}`")
        return found

    def language(self) -> str:
        code, line = self.text("language") or (self.rules.source_language, 1)
        if code not in self.rules.languages:
            self._unknown_language("language", code, line)
        return code

    def translated_from(self) -> str:
        code, line = self.text("translated_from") or ("", 1)
        if code and code not in self.rules.languages:
            self._unknown_language("translated_from", code, line)
        return code

    def languages(self) -> tuple[str, ...]:
        found = self.names("languages")
        for words in found:
            if words.text not in self.rules.languages:
                self._unknown_language("languages", words.text, words.line)
        return tuple(words.text for words in found)

    def _unknown_language(self, key: str, code: str, line: int) -> None:
        known = ", ".join(self.rules.languages)
        self.fault(line, f"{key}: no language `{code}` in newsroom.toml", f"it has {known}")

    def section(self) -> str:
        name, line = self.required("section", "big-stories") or ("", 0)
        for key, title in self.rules.sections.items():
            if name in (key, title):
                return key
        if name.strip():
            known = ", ".join(self.rules.sections)
            self.fault(line, f"section: no section `{name}` in newsroom.toml", f"it has {known}")
        return name

    def published(self) -> datetime.date:
        text, line = self.required("published", "2021-05-03") or ("", 0)
        try:
            return datetime.datetime.strptime(text, "%Y-%m-%d").date()
        except ValueError:
            if text.strip():
                self.fault(line, f"published: `{text}` is no date", "write year-month-day, as in 2021-05-03")
            return datetime.date.min

    def summary(self) -> Words | None:
        found = self.text("summary")
        return None if found is None or not found[0].strip() else _words(*found)

    def names(self, key: str) -> tuple[Words, ...]:
        value = self.values.get(key)
        if value is None:
            return ()
        if not value.is_list:
            self.fault(value.line, f"{key}: must be a list", f"write `{key}:` and below it a line `  - …` for each")
            return ()
        for text, line in value.items:
            if not text.strip():
                self.fault(line, f"{key}: an empty entry", "write a name or remove the line")
        return tuple(_words(text, line) for text, line in value.items if text.strip())

    def refuse_unknown_keys(self) -> None:
        for key, value in self.values.items():
            if key not in KEYS:
                self.fault(value.line, f"{key}: unknown key", f"known are {', '.join(KEYS)}")


def _words(text: str, line: int) -> Words:
    return Words(text=re.sub(r"[ \t\n]+", " ", text).strip(" "), line=line)
