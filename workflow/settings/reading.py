"""`newsroom.toml` → Settings: validated as a whole, every fault with its line."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from workflow.codes import explanations, is_fixed, matches, nearest
from workflow.diagnostics import Diagnostic, Location, Severity
from workflow.errors import InputError
from workflow.languages import Language, is_known_locale
from workflow.model import Channel, Role
from workflow.settings.values import ANY, Approval, CheckRule, LengthLimit, Person, Publisher, Settings, SignOffRule
from workflow.text import character_faults, decode_text, folded_address

FILE_NAME = "newsroom.toml"
MAX_BYTES = 1_000_000
OFF = "off"
"""The severity of findings that a newsroom does not want to see."""


def parse_settings(data: bytes, path: str = FILE_NAME) -> Settings:
    """The settings in the file's bytes; raises InputError with all faults, each with line and key."""
    text = decode_text(data, path, kind="settings", max_bytes=MAX_BYTES)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        number = int(line[1]) if line else text.count("\n") + 1
        message = f"not TOML: {str(error).split(' (at')[0]}"
        hint = 'a table is `[name]`, a key is `name = "text"`, each on a line of its own'
        raise InputError.of("settings.syntax", message, path=path, line=number, hint=hint) from None
    except RecursionError:
        hint = "write it flatter"
        raise InputError.of("settings.syntax", "nested too deeply", path=path, line=1, hint=hint) from None
    reader = _Reader(table, _key_lines(text), path)
    settings = reader.settings()
    if reader.faults:
        raise InputError(sorted(reader.faults, key=lambda fault: (fault.location and fault.location.line) or 0))
    return settings


_TABLE = re.compile(r"^\s*\[(\[)?\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"^\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")


def _key_lines(text: str) -> dict[tuple[str, ...], int]:
    """The line of each table and key; the n-th table of an array counts as key `n`. tomllib tells no lines."""
    lines: dict[tuple[str, ...], int] = {}
    prefix: tuple[str, ...] = ()
    counts: dict[tuple[str, ...], int] = {}
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


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple("".join(found) for found in _PART.findall(dotted))


class _Reader:
    """Takes the settings out of the TOML tables; faults are collected, not raised one by one."""

    def __init__(self, table: Mapping[str, Any], lines: Mapping[tuple[str, ...], int], path: str) -> None:
        self.table = table
        self.lines = lines
        self.path = path
        self.faults: list[Diagnostic] = []

    def fault(self, key: tuple[str, ...], message: str, hint: str | None = None) -> None:
        where = next((self.lines[key[:n]] for n in range(len(key), 0, -1) if key[:n] in self.lines), 1)
        self.faults.append(
            Diagnostic(
                code="settings.value",
                message=f"{'.'.join(key)}: {message}",
                location=Location(path=self.path, line=where),
                hint=hint,
            )
        )

    def settings(self) -> Settings:
        known = ("newsroom", "publisher", "sections", "languages", "people", "signoff", "checks", "memory")
        self.known_keys((), self.table, known)
        self.known_keys(("checks",), self.sub_table(("checks",)), ("rules", "limits"))
        newsroom = self.sub_table(("newsroom",), required=True)
        self.known_keys(("newsroom",), newsroom, ("name", "url", "source_language", "accent"))
        languages = self.languages()
        source = self.text(("newsroom", "source_language"), newsroom, default="en")
        if languages and source not in languages:
            self.fault(("newsroom", "source_language"), f"no table [languages.{source}]")
        sections = self.sections()
        memory = self.sub_table(("memory",))
        self.known_keys(("memory",), memory, ("prefill", "threshold"))
        return Settings(
            name=self.text(("newsroom", "name"), newsroom),
            url=self.url(newsroom),
            source_language=source,
            languages=languages,
            sections=sections,
            publisher=self.publisher(),
            people=self.people(languages),
            rules=self.rules(languages, sections),
            check_rules=self.check_rules(languages),
            length_limits=self.length_limits(languages),
            accent=self.accent(newsroom),
            revocations=self.revocations(),
            prefill=self.flag(("memory", "prefill"), memory, default=True),
            prefill_from=self.percent(("memory", "threshold"), memory, default=75),
            lines=self.lines,
        )

    # --- Tables ---

    def url(self, newsroom: Mapping[str, Any]) -> str:
        key = ("newsroom", "url")
        url = self.text(key, newsroom)
        if url and not re.fullmatch(r"https?://[^\s/?#\"'<>]+(/[^\s?#\"'<>]*)?", url):
            self.fault(key, f"`{url}` is no web address", "write it like https://news.example/")
        return url if url.endswith("/") else url + "/"

    def accent(self, newsroom: Mapping[str, Any]) -> str:
        key = ("newsroom", "accent")
        colour = self.text(key, newsroom, default="#9b1c2e")
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
            self.fault(key, f"`{colour}` is no colour", "write it like #9b1c2e")
        return colour

    def revocations(self) -> str:
        """A list that was named and cannot be one is a fault: it must never count as none."""
        table, key = self.sub_table(("signoff",)), ("signoff", "revocations")
        if key[-1] not in table:
            return ""
        path = self.text(key, table)
        if path.startswith("/") or ".." in path.split("/"):
            self.fault(key, f"`{path}` is not inside the newsroom", 'write revocations = "newsroom.revoked"')
        return path

    def publisher(self) -> Publisher:
        table = self.sub_table(("publisher",))
        names = ("address", "telephone", "email", "contact", "copyright")
        self.known_keys(("publisher",), table, names)
        return Publisher(**{name: self.text(("publisher", name), table, default="") for name in names})

    def languages(self) -> dict[str, Language]:
        tables = self.sub_table(("languages",), required=True)
        found = {}
        for code in tables:
            key = ("languages", code)
            table = self.sub_table(key)
            self.known_keys(key, table, ("tag", "locale"))
            if not re.fullmatch(r"[a-z]{2,3}([_@][A-Za-z]+)?", code):
                self.fault(key, f"`{code}` is no gettext language code", "write it like zh or pt_BR")
            language = Language(
                code=code,
                tag=self.text((*key, "tag"), table, default=code.replace("_", "-")),
                locale=self.text((*key, "locale"), table, default=code),
            )
            self._check_language(key, language)
            found[code] = language
        return found

    def _check_language(self, key: tuple[str, ...], language: Language) -> None:
        if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language.tag):
            self.fault((*key, "tag"), f"`{language.tag}` is no BCP 47 tag", "write it like zh-Hans")
        if not re.fullmatch(r"[A-Za-z0-9_]+", language.locale) or not is_known_locale(language.locale):
            self.fault((*key, "locale"), f"`{language.locale}` is no CLDR locale", "write it like zh_Hans_CN")

    def sections(self) -> dict[str, str]:
        tables = self.sub_table(("sections",), required=True)
        found = {}
        for name in tables:
            key = ("sections", name)
            table = self.sub_table(key, required=True)
            self.known_keys(key, table, ("name",))
            if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
                self.fault(key, "a section's key stands in addresses", "use small letters, digits and hyphens")
            found[name] = self.text((*key, "name"), table)
        return found

    def people(self, languages: Mapping[str, Language]) -> dict[str, Person]:
        found, twins = {}, dict[str, str]()
        for email in self.sub_table(("people",)):
            key = ("people", email)
            table = self.sub_table(key, required=True)
            self.known_keys(key, table, ("name", "languages", "roles", "until"))
            if not re.fullmatch(r"[^\s@,\"*!?]+@[^\s@,\"*!?]+", email):
                self.fault(key, f"`{email}` is no e-mail address", 'write [people."name@newsroom.example"]')
            person = Person(
                email=email,
                name=self.text((*key, "name"), table),
                languages=self.texts((*key, "languages"), table),
                roles=self.texts((*key, "roles"), table),
                until=self.date((*key, "until"), table),
            )
            self.only((*key, "languages"), person.languages, languages)
            twin = twins.setdefault(folded_address(email), email)
            if twin != email:
                self.fault(key, f"the address of {twin}, who would count as two people", "keep one of the two")
            found[email] = person
        return found

    def rules(self, languages: Mapping[str, Language], sections: Mapping[str, str]) -> tuple[SignOffRule, ...]:
        table = self.sub_table(("signoff",))
        self.known_keys(("signoff",), table, ("rules", "revocations"))
        rules = table.get("rules", [])
        if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
            self.fault(("signoff", "rules"), "must be tables [[signoff.rules]]")
            return ()
        return tuple(self.rule(number, rule, languages, sections) for number, rule in enumerate(rules))

    def check_rules(self, languages: Mapping[str, Language]) -> tuple[CheckRule, ...]:
        rules = self.tables_of_checks("rules")
        return tuple(self.check_rule(number, rule, languages) for number, rule in enumerate(rules))

    def tables_of_checks(self, name: str) -> list[Mapping[str, Any]]:
        found = self.sub_table(("checks",)).get(name, [])
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            self.fault(("checks", name), f"must be tables [[checks.{name}]]")
            return []
        return found

    def length_limits(self, languages: Mapping[str, Language]) -> tuple[LengthLimit, ...]:
        limits = self.tables_of_checks("limits")
        return tuple(self.length_limit(number, limit, languages) for number, limit in enumerate(limits))

    def length_limit(self, number: int, table: Mapping[str, Any], languages: Mapping[str, Language]) -> LengthLimit:
        key = ("checks", "limits", str(number))
        self.known_keys(key, table, ("soft", "hard", "languages", "roles"))
        found = LengthLimit(
            soft=self.count((*key, "soft"), table),
            hard=self.count((*key, "hard"), table),
            languages=self.texts((*key, "languages"), table, default=(ANY,)),
            roles=self.texts((*key, "roles"), table, default=(ANY,)),
        )
        if found.soft is None and found.hard is None:
            self.fault(key, "limits nothing", "write hard = 60, soft = 50, or both")
        self.only_for(key, found.languages, found.roles, languages)
        return found

    def only_for(
        self, key: tuple[str, ...], codes: tuple[str, ...], roles: tuple[str, ...], languages: Mapping[str, Language]
    ) -> None:
        """Languages that the newsroom has, and roles that there are."""
        self.only((*key, "languages"), codes, languages)
        self.only((*key, "roles"), roles, {role.value: role for role in Role}, "a segment has the role")

    def check_rule(self, number: int, table: Mapping[str, Any], languages: Mapping[str, Language]) -> CheckRule:
        key = ("checks", "rules", str(number))
        self.known_keys(key, table, ("codes", "languages", "roles", "severity"))
        found = CheckRule(
            codes=self.texts((*key, "codes"), table),
            severity=self.severity((*key, "severity"), table),
            languages=self.texts((*key, "languages"), table, default=(ANY,)),
            roles=self.texts((*key, "roles"), table, default=(ANY,)),
        )
        self.only_for(key, found.languages, found.roles, languages)
        for pattern in found.codes:
            self.check_pattern((*key, "codes"), pattern, found.severity)
        return found

    def check_pattern(self, key: tuple[str, ...], pattern: str, severity: Severity | None) -> None:
        """A pattern must name codes that exist, and one at least that the rule can change."""
        named = [code for code in explanations() if matches(pattern, code)]
        if not named:
            hint = f"did you mean `{nearest(pattern)}`? workflow check --explain CODE tells about a code"
            self.fault(key, f"no check has the code `{pattern}`", hint)
        elif severity is not Severity.ERROR and all(map(is_fixed, named)):
            hint = "take it out: an edition with such a finding is not fit to be published"
            self.fault(key, f"`{pattern}` is always an error", hint)

    def severity(self, key: tuple[str, ...], table: Mapping[str, Any]) -> Severity | None:
        value = self.text(key, table)
        known = [*Severity, OFF]
        if value and value not in known:
            self.fault(key, f"`{value}` is no severity", f"use {', '.join(known)}")
        return Severity(value) if value in list(Severity) else None

    def rule(
        self,
        number: int,
        table: Mapping[str, Any],
        languages: Mapping[str, Language],
        sections: Mapping[str, str],
    ) -> SignOffRule:
        key = ("signoff", "rules", str(number))
        self.known_keys(key, table, tuple(item.name for item in fields(SignOffRule) if item.name != "line"))
        found = SignOffRule(
            approvals=self.approvals((*key, "approvals"), table),
            languages=self.texts((*key, "languages"), table, default=(ANY,)),
            sections=self.texts((*key, "sections"), table, default=(ANY,)),
            channels=self.texts((*key, "channels"), table, default=(ANY,)),
            source_first=self.flag((*key, "source_first"), table, default=True),
            approver_may_translate=self.flag((*key, "approver_may_translate"), table, default=False),
            author_may_approve=self.flag((*key, "author_may_approve"), table, default=True),
            release_together=self.texts((*key, "release_together"), table) if "release_together" in table else (),
            line=self.lines.get(key),
        )
        self.only((*key, "languages"), found.languages, languages)
        self.only((*key, "sections"), found.sections, sections)
        self.only((*key, "channels"), found.channels, {channel.value: channel for channel in Channel})
        self.only((*key, "release_together"), found.release_together, languages)
        return found

    def approvals(self, key: tuple[str, ...], table: Mapping[str, Any]) -> tuple[Approval, ...]:
        entries = table.get("approvals")
        hint = 'write approvals = [{ role = "editor", people = 1 }]'
        if not isinstance(entries, list) or not entries:
            self.fault(key, "must be a list that is not empty", hint)
            return ()
        found = []
        for entry in entries:
            match entry:
                case {"role": str(role), **rest} if not set(rest) - {"people"}:
                    people = rest.get("people", 1)
                    if type(people) is int and people > 0:
                        found.append(Approval(role=role, people=people))
                        continue
            self.fault(key, "each needs a role and a number of people", hint)
        return tuple(found)

    # --- Values ---

    def sub_table(self, key: tuple[str, ...], *, required: bool = False) -> Mapping[str, Any]:
        table: Any = self.table
        for part in key:
            table = table.get(part) if isinstance(table, dict) else None
        if isinstance(table, dict) and (table or not required):
            return table
        if table is not None or required:
            message = f"must be a table [{'.'.join(key)}]" + (" that is not empty" if required else "")
            self.fault(key, message, "write it as in the newsroom.toml that `workflow init DIR` makes")
        return {}

    def known_keys(self, key: tuple[str, ...], table: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for name in table:
            if name not in known:
                self.fault((*key, name), "unknown key", f"known are {', '.join(known)}")

    def text(self, key: tuple[str, ...], table: Mapping[str, Any], default: str | None = None) -> str:
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

    def date(self, key: tuple[str, ...], table: Mapping[str, Any]) -> datetime.date | None:
        value = table.get(key[-1])
        if value is not None and type(value) is not datetime.date:
            self.fault(key, "must be a date", f"write {key[-1]} = 2026-12-31, without quotes")
            return None
        return value

    def count(self, key: tuple[str, ...], table: Mapping[str, Any]) -> int | None:
        value = table.get(key[-1])
        if value is not None and (type(value) is not int or value < 1):
            self.fault(key, "must be a number from 1", f"write {key[-1]} = 60, without quotes")
            return None
        return value

    def flag(self, key: tuple[str, ...], table: Mapping[str, Any], *, default: bool) -> bool:
        value = table.get(key[-1], default)
        if not isinstance(value, bool):
            self.fault(key, "must be true or false")
        return bool(value)

    def percent(self, key: tuple[str, ...], table: Mapping[str, Any], *, default: int) -> int:
        value = table.get(key[-1], default)
        if type(value) is not int or not 0 < value <= 100:
            self.fault(key, "must be a whole number from 1 to 100")
            return default
        return value

    def texts(
        self, key: tuple[str, ...], table: Mapping[str, Any], default: tuple[str, ...] | None = None
    ) -> tuple[str, ...]:
        value = table.get(key[-1], default)
        if isinstance(value, list | tuple) and value and all(isinstance(item, str) and item.strip() for item in value):
            if any(character_faults(item, self.path, kind="settings") for item in value):
                self.fault(key, "holds a control character")
            return tuple(value)
        self.fault(key, "missing" if value is None else "must be a list of texts that is not empty")
        return ()

    def only(
        self, key: tuple[str, ...], named: tuple[str, ...], known: Mapping[str, object], where: str = "it has"
    ) -> None:
        for name in named:
            if name != ANY and name not in known:
                self.fault(key, f"no `{name}` in this newsroom", f"{where} {', '.join(known)}")
