"""`newsroom.toml` is validated as a whole: every fault with its line and key."""

from __future__ import annotations

import pytest
from newsrooms import EDITOR_ZH, settings_text

from workflow.diagnostics import Severity
from workflow.errors import InputError
from workflow.model import Channel
from workflow.settings import Settings, parse_settings


def faults(text: str | bytes) -> list[tuple[int | None, str]]:
    """(line, message) of each."""
    with pytest.raises(InputError) as caught:
        parse_settings(text.encode() if isinstance(text, str) else text)
    assert all(found.location and found.location.path == "newsroom.toml" for found in caught.value.diagnostics)
    return [(found.location.line if found.location else None, found.message) for found in caught.value.diagnostics]


def settings_with(old: str, new: str) -> str:
    text = settings_text() + CHECKS
    assert old in text
    return text.replace(old, new, 1)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_settings_are_read() -> None:
    settings = parse_settings(settings_text().encode())
    assert (settings.name, settings.url, settings.source_language) == ("Test News", "https://newsroom.example/", "en")
    assert list(settings.languages) == ["en", "zh", "ru"]
    assert (settings.languages["zh"].tag, settings.languages["zh"].locale) == ("zh-Hans", "zh_Hans_CN")
    assert settings.languages["ru"].tag == "ru"
    assert settings.sections == {"news": "News", "official": "Official"}
    assert settings.people[EDITOR_ZH].holds("editor", "zh")
    assert not settings.people[EDITOR_ZH].holds("editor", "ru")
    assert not settings.people[EDITOR_ZH].holds("translator", "zh")
    assert settings.lines["people", EDITOR_ZH, "roles"] == line_of(settings_text(), EDITOR_ZH) + 3


def test_an_address_ends_with_a_slash() -> None:
    text = settings_with("https://newsroom.example/", "https://newsroom.example/press")
    assert parse_settings(text.encode()).url == "https://newsroom.example/press/"


CHECKS = '[[checks.rules]]\ncodes = ["markup.changed"]\nseverity = "off"\n'

FAULTS = {
    # what is replaced, what with, the key in the message, the line that is named
    "unknown table": ("[sections.news]", "[extra]\nx = 1\n[sections.news]", "extra: unknown key", "[extra]"),
    "unknown key": ('name = "News"', 'name = "News"\nnmae = "x"', "sections.news.nmae: unknown key", "nmae"),
    "unknown key of a person": ('roles = ["editor"]', 'roles = ["editor"]\nrole = "x"', "role: unknown key", "role ="),
    "no name": ('name = "Test News"\n', "", "newsroom.name: missing", "[newsroom]"),
    "name is a number": ('name = "Test News"', "name = 7", "newsroom.name: must be a text", "name = 7"),
    "name is blank": ('name = "Test News"', 'name = " "', "newsroom.name: must not be empty", 'name = " "'),
    "name has a control": ('"Test News"', '"Test\\u2028News"', "newsroom.name: holds a control", 'name = "Test\\u2028'),
    "no address": ('url = "https://newsroom.example/"\n', "", "newsroom.url: missing", "[newsroom]"),
    "another address": ("https://newsroom.example/", "ftp://x", "newsroom.url: `ftp://x` is no web address", "url"),
    "address with query": ("example/", "example/?q", "newsroom.url: ", "url"),
    "a blank in the address": ("newsroom.example/", "newsroom example/", "newsroom.url: ", "url"),
    "blank address": ("https://newsroom.example/", "", "newsroom.url: must not be empty", "url"),
    "source language": ('source_language = "en"', 'source_language = "de"', "no table [languages.de]", "source_l"),
    "language code": ("[languages.ru]", "[languages.Ru]", "`Ru` is no gettext language code", "[languages.Ru]"),
    "language path": (
        "[languages.ru]",
        '[languages."../x"]',
        "`../x` is no gettext language code",
        '[languages."../x"]',
    ),
    "tag": ('tag = "zh-Hans"', 'tag = "zh_Hans"', "languages.zh.tag: `zh_Hans` is no BCP 47 tag", "tag"),
    "locale": ('"ru_RU"', '"xx_XX"', "languages.ru.locale: `xx_XX` is no CLDR locale", 'locale = "xx_XX"'),
    "locale path": ('"ru_RU"', '"../../etc"', "languages.ru.locale: ", 'locale = "../../etc"'),
    "section key": ("[sections.official]", "[sections.Off_1]", "sections.Off_1: ", "[sections.Off_1]"),
    "section without name": ('name = "Official"\n', "", "sections.official: must be a table", "[sections.official]"),
    "section name blank": ('name = "Official"', 'name = ""', "sections.official.name: must not be empty", 'name = ""'),
    "section is a text": (
        "[sections.official]\nname",
        "[sections]\nofficial",
        "sections.official: must be a",
        "officia",
    ),
    "no e-mail": ("editor-ru@newsroom", "editor ru@newsroom", "is no e-mail address", '[people."editor ru'),
    "a pattern": ("editor-ru@newsroom", "*@newsroom", "is no e-mail address", '[people."*'),
    "people's language": ('["ru"]', '["de"]', "languages: no `de` in this newsroom", 'languages = ["de"]'),
    "no languages": ('languages = ["ru"]\n', "", "languages: missing", '[people."editor-ru'),
    "languages as text": ('languages = ["ru"]', 'languages = "ru"', "languages: must be a list", 'languages = "ru"'),
    "languages empty": ('languages = ["ru"]', "languages = []", "languages: must be a list", "languages = []"),
    "role blank": ('roles = ["chief"]', 'roles = [" "]', "roles: must be a list", 'roles = [" "]'),
    "role as number": ('roles = ["chief"]', "roles = [1]", "roles: must be a list", "roles = [1]"),
    "role with a control": ('["chief"]', '["chi\\u007fef"]', "roles: holds a control", 'roles = ["chi\\u007fef"]'),
    "approvals missing": (
        'approvals = [{ role = "editor", people = 1 }]',
        "",
        "signoff.rules.0.approvals: ",
        "[[signoff",
    ),
    "nobody": ("people = 1", "people = 0", "approvals: each needs a role and a number", "approvals"),
    "half a person": ("people = 1", "people = 1.5", "approvals: each needs", "approvals"),
    "a true person": ("people = 1", "people = true", "approvals: each needs", "approvals"),
    "no role": ('role = "editor", ', "", "approvals: each needs", "approvals"),
    "more in a rule": ("people = 1 }", "people = 1, x = 1 }", "approvals: each needs", "approvals"),
    "rule's language": (
        "approvals = [",
        'languages = ["de"]\napprovals = [',
        "languages: no `de`",
        'languages = ["de"]',
    ),
    "rule's section": ("approvals = [", 'sections = ["x"]\napprovals = [', "sections: no `x`", 'sections = ["x"]'),
    "rule's key": ("approvals = [", "aprovals = 1\napprovals = [", "signoff.rules.0.aprovals: unknown", "aprovals"),
    "unknown key of checks": (CHECKS, "[checks]\nrule = 1\n" + CHECKS, "checks.rule: unknown key", "rule = 1"),
    "one rule of checks": (
        CHECKS,
        "[checks.rules]\n",
        "checks.rules: must be tables [[checks.rules]]",
        "[checks.rules]",
    ),
    "a code that no check has": (
        '"markup.changed"',
        '"markup.chnaged"',
        "no check has the code `markup",
        "codes =",
    ),
    "a family that no check has": ('"markup.changed"', '"mark.*"', "no check has the code `mark.*`", "codes ="),
    "half a pattern": ('"markup.changed"', '"markup.c*"', "no check has the code `markup.c*`", "codes ="),
    "no codes": ('codes = ["markup.changed"]\n', "", "checks.rules.0.codes: missing", "[[checks.rules]]"),
    "codes as a text": ('["markup.changed"]', '"markup.changed"', "codes: must be a list", "codes ="),
    "what is always an error": ('"markup.changed"', '"markup.broken"', "`markup.broken` is always an error", "codes ="),
    "a family of errors": ('"markup.changed"', '"edition.*"', "`edition.*` is always an error", "codes ="),
    "one of two is no code": ('"markup.changed"', '"markup.changed", "x.y"', "no check has the code `x.y`", "codes ="),
    "no severity": ('severity = "off"\n', "", "checks.rules.0.severity: missing", "[[checks.rules]]"),
    "odd severity": ('"off"', '"fatal"', "severity: `fatal` is no severity", 'severity = "fatal"'),
    "severity as a flag": ('"off"', "false", "severity: must be a text", "severity = false"),
    "language of a check": (CHECKS, CHECKS + 'languages = ["de"]\n', "languages: no `de`", 'languages = ["de"]'),
    "role of a segment": (CHECKS, CHECKS + 'roles = ["title"]\n', "roles: no `title`", 'roles = ["title"]'),
    "key of a rule of checks": (CHECKS, CHECKS + "story = 1\n", "checks.rules.0.story: unknown key", "story = 1"),
    "one rule": ("[[signoff.rules]]", "[signoff.rules]", "signoff.rules: must be tables [[signoff.rules]]", "[signoff"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_line_and_key(name: str) -> None:
    old, new, message, place = FAULTS[name]
    text = settings_with(old, new)
    found = faults(text)
    assert found[0][0] == line_of(text, place)
    assert message in found[0][1]
    assert len(found) == 1 or "no gettext language code" in message  # what speaks of the language has a fault as well


def test_a_colour_is_written_in_one_way() -> None:
    text = settings_with("source_language", 'accent = "red"\nsource_language')
    assert faults(text) == [(line_of(text, "accent"), "newsroom.accent: `red` is no colour")]


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    text = settings_text()
    for old, new in (
        ('name = "Test News"', "name = 1"),
        ('source_language = "en"', 'source_language = "xx"'),
        ('tag = "zh-Hans"', 'tag = "!"'),
        ('roles = ["chief"]', "roles = []"),
        ("people = 1", "people = -1"),
    ):
        text = text.replace(old, new, 1)
    found = faults(text)
    assert [line for line, _ in found] == sorted(
        line_of(text, place) for place in ("name = 1", "source_l", "tag =", "roles = []", "approvals")
    )


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"[newsroom\n", 1),
        (b'[newsroom]\nname = "a"\nname = "b"\n', 3),
        (b"x = 1\ny = \n", 2),
        (b"\xff", 1),
        (b"\xef\xbb\xbf[newsroom]", 1),
        (b"[newsroom]\r\n", 1),
        (b"x = " + b"[" * 100_000, 1),
        (b'x = "\x00"', 1),
    ],
)
def test_what_is_no_toml_is_refused_at_its_line(data: bytes, line: int) -> None:
    (found,) = faults(data)
    assert found[0] == line


def test_an_empty_file_lacks_its_tables() -> None:
    assert [message.split(":")[0] for _, message in faults("")] == ["newsroom", "languages", "sections"]


def read(rules: str) -> Settings:
    return parse_settings(settings_text(rules).encode())


def test_the_first_rule_that_matches_decides() -> None:
    settings = read(
        """
[[signoff.rules]]
languages = ["zh", "ru"]
sections = ["official"]
approvals = [{ role = "editor", people = 2 }]
[[signoff.rules]]
languages = ["zh"]
approvals = [{ role = "editor" }]
[[signoff.rules]]
sections = ["official"]
approvals = [{ role = "chief" }]
"""
    )
    first, second, third = settings.rules
    assert second.approvals[0].people == 1
    assert settings.rule_for("zh", "official", Channel.WEB) is first
    assert settings.rule_for("ru", "official", Channel.WEB) is first
    assert settings.rule_for("zh", "news", Channel.WEB) is second
    assert settings.rule_for("en", "official", Channel.WEB) is third
    assert settings.rule_for("en", "news", Channel.WEB) is None


def test_without_rules_nothing_can_be_published() -> None:
    assert read("").rule_for("zh", "news", Channel.WEB) is None


def test_a_person_of_all_languages_holds_the_role_in_each() -> None:
    text = settings_with('name = "editor-zh"\nlanguages = ["zh"]', 'name = "editor-zh"\nlanguages = ["*"]')
    person = parse_settings(text.encode()).people[EDITOR_ZH]
    assert person.holds("editor", "ru")
    assert not person.holds("*", "ru")


def test_lines_are_told_for_quoted_and_dotted_keys() -> None:
    text = settings_text().replace("[sections.official]\nname", "[sections]\nofficial.name", 1)
    text = text.replace("[sections.news]", '[ "sections" . news ]', 1)
    settings = parse_settings(text.encode())
    assert settings.lines["sections", "official", "name"] == line_of(text, "official.name")
    assert settings.lines["sections", "news"] == line_of(text, '[ "sections"')


def test_the_code_that_was_probably_meant_is_named() -> None:
    with pytest.raises(InputError) as caught:
        parse_settings(settings_with('"markup.changed"', '"markup.chnaged", "lnks.*"').encode())
    assert [(found.hint or "").partition("?")[0] for found in caught.value.diagnostics] == [
        "did you mean `markup.changed`",
        "did you mean `links.*`",
    ]


def test_rules_of_checks_are_read_in_order() -> None:
    text = settings_text() + CHECKS + CHECKS.replace('"off"', '"info"').replace('"markup.changed"', '"*"')
    first, second = parse_settings(text.encode()).check_rules
    assert (first.codes, first.severity, first.languages, first.roles) == (("markup.changed",), None, ("*",), ("*",))
    assert (second.codes, second.severity) == (("*",), Severity.INFO)


def test_what_is_always_an_error_may_be_called_one() -> None:
    text = settings_text() + '[[checks.rules]]\ncodes = ["edition.*"]\nseverity = "error"\n'
    assert parse_settings(text.encode()).check_rules[0].severity is Severity.ERROR
