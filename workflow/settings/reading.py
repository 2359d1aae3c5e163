"""`newsroom.toml` → Settings: validated as a whole, every fault with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping

from workflow.errors import InputError
from workflow.languages import Language, is_known_locale
from workflow.settings.document import Document, Key, Table
from workflow.settings.rules import check_rules, length_limits, sign_off_rules
from workflow.settings.values import Person, Publisher, Settings
from workflow.text import folded_address

FILE_NAME = "newsroom.toml"


def parse_settings(data: bytes, path: str = FILE_NAME) -> Settings:
    """The settings in the file's bytes; raises InputError with all faults, each with line and key."""
    document = Document(data, path)
    settings = _settings(document)
    if document.faults:
        raise InputError(sorted(document.faults, key=lambda fault: (fault.location and fault.location.line) or 0))
    return settings


def _settings(document: Document) -> Settings:
    known = ("newsroom", "publisher", "sections", "languages", "people", "signoff", "checks", "memory")
    document.known_keys((), document.table, known)
    document.known_keys(("checks",), document.sub_table(("checks",)), ("rules", "limits"))
    newsroom = document.sub_table(("newsroom",), required=True)
    document.known_keys(("newsroom",), newsroom, ("name", "url", "source_language", "accent"))
    languages = _languages(document)
    source = document.text(("newsroom", "source_language"), newsroom, default="en")
    if languages and source not in languages:
        document.fault(("newsroom", "source_language"), f"no table [languages.{source}]")
    sections = _sections(document)
    memory = document.sub_table(("memory",))
    document.known_keys(("memory",), memory, ("prefill", "threshold"))
    return Settings(
        name=document.text(("newsroom", "name"), newsroom),
        url=_url(document, newsroom),
        source_language=source,
        languages=languages,
        sections=sections,
        publisher=_publisher(document),
        people=_people(document, languages),
        rules=sign_off_rules(document, languages, sections),
        check_rules=check_rules(document, languages),
        length_limits=length_limits(document, languages),
        accent=_accent(document, newsroom),
        revocations=_revocations(document),
        prefill=document.flag(("memory", "prefill"), memory, default=True),
        prefill_from=document.percent(("memory", "threshold"), memory, default=75),
        lines=document.lines,
    )


def _url(document: Document, newsroom: Table) -> str:
    key = ("newsroom", "url")
    url = document.text(key, newsroom)
    if url and not re.fullmatch(r"https?://[^\s/?#\"'<>]+(/[^\s?#\"'<>]*)?", url):
        document.fault(key, f"`{url}` is no web address", "write it like https://news.example/")
    return url if url.endswith("/") else url + "/"


def _accent(document: Document, newsroom: Table) -> str:
    key = ("newsroom", "accent")
    colour = document.text(key, newsroom, default="#9b1c2e")
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        document.fault(key, f"`{colour}` is no colour", "write it like #9b1c2e")
    return colour


def _revocations(document: Document) -> str:
    """A list that was named and cannot be one is a fault: it must never count as none."""
    table, key = document.sub_table(("signoff",)), ("signoff", "revocations")
    if key[-1] not in table:
        return ""
    path = document.text(key, table)
    if path.startswith("/") or ".." in path.split("/"):
        document.fault(key, f"`{path}` is not inside the newsroom", 'write revocations = "newsroom.revoked"')
    return path


def _publisher(document: Document) -> Publisher:
    table = document.sub_table(("publisher",))
    names = ("address", "telephone", "email", "contact", "copyright")
    document.known_keys(("publisher",), table, names)
    return Publisher(**{name: document.text(("publisher", name), table, default="") for name in names})


def _languages(document: Document) -> dict[str, Language]:
    tables = document.sub_table(("languages",), required=True)
    found = {}
    for code in tables:
        key = ("languages", code)
        table = document.sub_table(key)
        document.known_keys(key, table, ("tag", "locale"))
        if not re.fullmatch(r"[a-z]{2,3}([_@][A-Za-z]+)?", code):
            document.fault(key, f"`{code}` is no gettext language code", "write it like zh or pt_BR")
        language = Language(
            code=code,
            tag=document.text((*key, "tag"), table, default=code.replace("_", "-")),
            locale=document.text((*key, "locale"), table, default=code),
        )
        _check_language(document, key, language)
        found[code] = language
    return found


def _check_language(document: Document, key: Key, language: Language) -> None:
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language.tag):
        document.fault((*key, "tag"), f"`{language.tag}` is no BCP 47 tag", "write it like zh-Hans")
    if not re.fullmatch(r"[A-Za-z0-9_]+", language.locale) or not is_known_locale(language.locale):
        document.fault((*key, "locale"), f"`{language.locale}` is no CLDR locale", "write it like zh_Hans_CN")


def _sections(document: Document) -> dict[str, str]:
    tables = document.sub_table(("sections",), required=True)
    found = {}
    for name in tables:
        key = ("sections", name)
        table = document.sub_table(key, required=True)
        document.known_keys(key, table, ("name",))
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
            document.fault(key, "a section's key stands in addresses", "use small letters, digits and hyphens")
        found[name] = document.text((*key, "name"), table)
    return found


def _people(document: Document, languages: Mapping[str, Language]) -> dict[str, Person]:
    found, twins = {}, dict[str, str]()
    for email in document.sub_table(("people",)):
        key = ("people", email)
        table = document.sub_table(key, required=True)
        document.known_keys(key, table, ("name", "languages", "roles", "until"))
        if not re.fullmatch(r"[^\s@,\"*!?]+@[^\s@,\"*!?]+", email):
            document.fault(key, f"`{email}` is no e-mail address", 'write [people."name@newsroom.example"]')
        person = Person(
            email=email,
            name=document.text((*key, "name"), table),
            languages=document.texts((*key, "languages"), table),
            roles=document.texts((*key, "roles"), table),
            until=document.date((*key, "until"), table),
        )
        document.only((*key, "languages"), person.languages, languages)
        twin = twins.setdefault(folded_address(email), email)
        if twin != email:
            document.fault(key, f"the address of {twin}, who would count as two people", "keep one of the two")
        found[email] = person
    return found
