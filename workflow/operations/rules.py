"""Sign-off rules that nobody can meet: found before a deadline finds them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from workflow.diagnostics import Diagnostic, Location, Severity
from workflow.languages import Language
from workflow.model import Channel
from workflow.newsroom import Newsroom
from workflow.settings import FILE_NAME, SignOffRule
from workflow.signers import listed_keys
from workflow.signing import SIGNERS_FILE, signers_line
from workflow.signoff import people_in_roles


def rule_findings(newsroom: Newsroom, language: Language, now: datetime.datetime) -> Iterator[Diagnostic]:
    """What keeps a language's editions from ever going out: no rule, one with too few people, or one that waits."""
    settings = newsroom.settings
    cases = [(section, channel) for section in settings.sections for channel in Channel]
    found = [settings.rule_for(language.code, section, channel) for section, channel in cases]
    rules = dict.fromkeys(rule for rule in found if rule)
    if not rules:
        yield _finding(language, "rules.none", "no sign-off rule speaks of it", None, "add one: [[signoff.rules]]")
    for rule in rules:
        yield from _unmet(newsroom, language, rule, now)
    yield from dict.fromkeys(_waiting(newsroom, language, cases))


def _waiting(newsroom: Newsroom, language: Language, cases: Sequence[tuple[str, Channel]]) -> Iterator[Diagnostic]:
    """Where editions must be released together with a language that no rule lets out there."""
    settings = newsroom.settings
    for section, channel in cases:
        rule = settings.rule_for(language.code, section, channel)
        for code in rule.companions(language.code, tuple(settings.languages)) if rule else ():
            if rule and settings.rule_for(code, section, channel) is None:
                message = f"{channel.value} is released together with {code}, which no rule lets out there"
                hint = f"add a rule for {code} and {channel.value}, or name channels in the rule that releases together"
                yield _finding(language, "rules.waits", message, rule.line, hint, Severity.WARNING)


def _unmet(newsroom: Newsroom, language: Language, rule: SignOffRule, now: datetime.datetime) -> Iterator[Diagnostic]:
    keys = tuple(listed_keys(newsroom.read(SIGNERS_FILE))) if newsroom.signers.exists() else ()
    holders = {wanted.role: _holders(newsroom, language, wanted.role, now) for wanted in rule.approvals}
    have = people_in_roles(rule, holders)
    for wanted in rule.approvals:
        people = holders[wanted.role]
        asked = f"approval by {wanted.people} {wanted.role}{'s' if wanted.people > 1 else ''} is asked for"
        if len(people) < wanted.people:
            message = f"{asked}, and {_count(len(people))} that role"
            hint = f'give the role to somebody: [people."…"] languages = ["{language.code}"], roles = ["{wanted.role}"]'
            yield _finding(language, "rules.unmeetable", message, rule.line, hint)
            continue
        if have[wanted.role] < wanted.people:
            message = f"{asked}, and whoever holds that role is needed in another: nobody counts in two"
            yield _finding(language, "rules.unmeetable", message, rule.line, "give the role to somebody else")
            continue
        keyless = [email for email in people if not any(key.speaks_of(email) for key in keys)]
        if len(people) - len(keyless) < wanted.people:
            message = f"{asked}, and {SIGNERS_FILE} has no key of {' and '.join(keyless)}"
            hint = f"ssh-keygen -t ed25519 makes a key; add its line: {signers_line(keyless[0], 'ssh-ed25519 AAAA…')}"
            yield _finding(language, "rules.no-key", message, rule.line, hint, Severity.WARNING)


def _holders(newsroom: Newsroom, language: Language, role: str, now: datetime.datetime) -> list[str]:
    people = newsroom.settings.people.values()
    return [person.email for person in people if person.holds(role, language.code) and not person.has_left(now)]


def _count(people: int) -> str:
    return {0: "nobody holds", 1: "only one person holds"}.get(people, f"only {people} people hold")


def _finding(
    language: Language,
    code: str,
    message: str,
    line: int | None,
    hint: str,
    severity: Severity = Severity.ERROR,
) -> Diagnostic:
    return Diagnostic(
        code=code,
        message=f"{language.code}: {message}",
        severity=severity,
        location=Location(path=FILE_NAME, line=line),
        hint=hint,
        language=language.code,
    )
