"""The rules in a newsroom's settings: who must sign off what, how grave findings are, how long texts may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from workflow.codes import explanations, is_fixed, matches, nearest
from workflow.diagnostics import Severity
from workflow.languages import Language
from workflow.model import Channel, Role
from workflow.settings.document import Document, Key, Table
from workflow.settings.values import ANY, Approval, CheckRule, LengthLimit, SignOffRule

OFF = "off"
"""The severity of findings that a newsroom does not want to see."""


def sign_off_rules(
    document: Document, languages: Mapping[str, Language], sections: Mapping[str, str]
) -> tuple[SignOffRule, ...]:
    """Who must sign off what; the first one that selects an edition holds for it."""
    table = document.sub_table(("signoff",))
    document.known_keys(("signoff",), table, ("rules", "revocations"))
    rules = document.tables(("signoff", "rules"), table)
    return tuple(_sign_off_rule(document, number, rule, languages, sections) for number, rule in enumerate(rules))


def _sign_off_rule(
    document: Document,
    number: int,
    table: Table,
    languages: Mapping[str, Language],
    sections: Mapping[str, str],
) -> SignOffRule:
    key = ("signoff", "rules", str(number))
    document.known_keys(key, table, tuple(item.name for item in fields(SignOffRule) if item.name != "line"))
    found = SignOffRule(
        approvals=_approvals(document, (*key, "approvals"), table),
        languages=document.texts((*key, "languages"), table, default=(ANY,)),
        sections=document.texts((*key, "sections"), table, default=(ANY,)),
        channels=document.texts((*key, "channels"), table, default=(ANY,)),
        source_first=document.flag((*key, "source_first"), table, default=True),
        approver_may_translate=document.flag((*key, "approver_may_translate"), table, default=False),
        author_may_approve=document.flag((*key, "author_may_approve"), table, default=True),
        release_together=document.texts((*key, "release_together"), table) if "release_together" in table else (),
        line=document.lines.get(key),
    )
    document.only((*key, "languages"), found.languages, languages)
    document.only((*key, "sections"), found.sections, sections)
    document.only((*key, "channels"), found.channels, {channel.value: channel for channel in Channel})
    document.only((*key, "release_together"), found.release_together, languages)
    return found


def _approvals(document: Document, key: Key, table: Table) -> tuple[Approval, ...]:
    entries = table.get("approvals")
    hint = 'write approvals = [{ role = "editor", people = 1 }]'
    if not isinstance(entries, list) or not entries:
        document.fault(key, "must be a list that is not empty", hint)
        return ()
    found = []
    for entry in entries:
        match entry:
            case {"role": str(role), **rest} if not set(rest) - {"people"}:
                people = rest.get("people", 1)
                if type(people) is int and people > 0:
                    found.append(Approval(role=role, people=people))
                    continue
        document.fault(key, "each needs a role and a number of people", hint)
    return tuple(found)


def check_rules(document: Document, languages: Mapping[str, Language]) -> tuple[CheckRule, ...]:
    """How grave findings are."""
    rules = document.tables(("checks", "rules"), document.sub_table(("checks",)))
    return tuple(_check_rule(document, number, rule, languages) for number, rule in enumerate(rules))


def _check_rule(document: Document, number: int, table: Table, languages: Mapping[str, Language]) -> CheckRule:
    key = ("checks", "rules", str(number))
    document.known_keys(key, table, ("codes", "languages", "roles", "severity"))
    found = CheckRule(
        codes=document.texts((*key, "codes"), table),
        severity=_severity(document, (*key, "severity"), table),
        languages=document.texts((*key, "languages"), table, default=(ANY,)),
        roles=document.texts((*key, "roles"), table, default=(ANY,)),
    )
    _only_for(document, key, found.languages, found.roles, languages)
    for pattern in found.codes:
        _check_pattern(document, (*key, "codes"), pattern, found.severity)
    return found


def _check_pattern(document: Document, key: Key, pattern: str, severity: Severity | None) -> None:
    """A pattern must name codes that exist, and one at least that the rule can change."""
    named = [code for code in explanations() if matches(pattern, code)]
    if not named:
        hint = f"did you mean `{nearest(pattern)}`? workflow check --explain CODE tells about a code"
        document.fault(key, f"no check has the code `{pattern}`", hint)
    elif severity is not Severity.ERROR and all(map(is_fixed, named)):
        hint = "take it out: an edition with such a finding is not fit to be published"
        document.fault(key, f"`{pattern}` is always an error", hint)


def _severity(document: Document, key: Key, table: Table) -> Severity | None:
    value = document.text(key, table)
    known = [*Severity, OFF]
    if value and value not in known:
        document.fault(key, f"`{value}` is no severity", f"use {', '.join(known)}")
    return Severity(value) if value in list(Severity) else None


def length_limits(document: Document, languages: Mapping[str, Language]) -> tuple[LengthLimit, ...]:
    """How long texts may be."""
    limits = document.tables(("checks", "limits"), document.sub_table(("checks",)))
    return tuple(_length_limit(document, number, limit, languages) for number, limit in enumerate(limits))


def _length_limit(document: Document, number: int, table: Table, languages: Mapping[str, Language]) -> LengthLimit:
    key = ("checks", "limits", str(number))
    document.known_keys(key, table, ("soft", "hard", "languages", "roles"))
    found = LengthLimit(
        soft=document.count((*key, "soft"), table),
        hard=document.count((*key, "hard"), table),
        languages=document.texts((*key, "languages"), table, default=(ANY,)),
        roles=document.texts((*key, "roles"), table, default=(ANY,)),
    )
    if found.soft is None and found.hard is None:
        document.fault(key, "limits nothing", "write hard = 60, soft = 50, or both")
    _only_for(document, key, found.languages, found.roles, languages)
    return found


def _only_for(
    document: Document, key: Key, codes: tuple[str, ...], roles: tuple[str, ...], languages: Mapping[str, Language]
) -> None:
    """Languages that the newsroom has, and roles that there are."""
    document.only((*key, "languages"), codes, languages)
    document.only((*key, "roles"), roles, {role.value: role for role in Role}, "a segment has the role")
