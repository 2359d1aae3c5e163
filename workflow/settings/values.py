"""What a newsroom's settings say: its name, languages, people and rules."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from workflow.codes import matches
from workflow.diagnostics import Diagnostic, Severity
from workflow.languages import Language
from workflow.model import Channel

ANY = "*"


@dataclass(frozen=True, kw_only=True, slots=True)
class Publisher:
    """Who answers for what is published; each text is translated in the catalogs of domain `site`."""

    address: str = ""
    telephone: str = ""
    email: str = ""
    contact: str = ""
    """Whose telephone and e-mail these are."""
    copyright: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody who works on editions."""

    email: str
    name: str
    languages: tuple[str, ...]
    roles: tuple[str, ...]
    until: datetime.date | None = None
    """The last day on which they decide, for somebody who left; what they signed until then counts."""

    def holds(self, role: str, language: str) -> bool:
        """True if the person has the role for the language."""
        return role in self.roles and _selects(self.languages, language)

    def has_left(self, at: datetime.datetime) -> bool:
        """True after their last day, in UTC."""
        return self.until is not None and at.astimezone(datetime.UTC).date() > self.until


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """So many different people of one role must approve."""

    role: str
    people: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SignOffRule:
    """What an edition needs before it is published."""

    approvals: tuple[Approval, ...]
    languages: tuple[str, ...] = (ANY,)
    sections: tuple[str, ...] = (ANY,)
    channels: tuple[str, ...] = (ANY,)
    source_first: bool = True
    """A translation can be signed only beside a signed source edition."""
    approver_may_translate: bool = False
    """ISO 17100 wants a second person: by default whoever translated cannot approve."""
    author_may_approve: bool = True
    """Whether whoever wrote the source may approve, its own edition or a translation."""
    release_together: tuple[str, ...] = ()
    """Languages that go out together, each with an approved edition of the same source; with `*` all of the story's."""
    line: int | None = field(default=None, compare=False)
    """Where it stands in `newsroom.toml`."""

    def matches(self, language: str, section: str, channel: Channel) -> bool:
        """True if the rule speaks of such editions, on that channel."""
        return (
            _selects(self.languages, language)
            and _selects(self.sections, section)
            and _selects(self.channels, channel.value)
        )

    def companions(self, language: str, languages: Collection[str]) -> tuple[str, ...]:
        """The other languages, of those that a story is meant for, that an edition must be released with."""
        return tuple(code for code in languages if code != language and _selects(self.release_together, code))


RuleOf: TypeAlias = Callable[[str], SignOffRule | None]
"""The rule for the editions of a section, in one language and on one channel; None if no rule speaks of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckRule:
    """How grave some findings are in this newsroom, whatever their check says."""

    codes: tuple[str, ...]
    """Codes, or families of codes such as `facts.*`."""
    severity: Severity | None
    """None if they are not to be seen at all."""
    languages: tuple[str, ...] = (ANY,)
    roles: tuple[str, ...] = (ANY,)

    def matches(self, found: Diagnostic) -> bool:
        """True if the rule speaks of such findings; one that names roles speaks of stories' segments only."""
        return (
            self.speaks_of(found.code)
            and _selects(self.languages, found.language or "")
            and _selects(self.roles, found.segment.role if found.segment else "")
        )

    def speaks_of(self, code: str) -> bool:
        """True if the rule is about the code, or its family."""
        return any(matches(pattern, code) for pattern in self.codes)


@dataclass(frozen=True, kw_only=True, slots=True)
class LengthLimit:
    """How long some texts may be, in characters: where a page or a tool has so much room."""

    soft: int | None = None
    """More is worth a look; None if there is no such limit."""
    hard: int | None = None
    """More cannot be signed."""
    languages: tuple[str, ...] = (ANY,)
    roles: tuple[str, ...] = (ANY,)

    def matches(self, language: str, role: str) -> bool:
        """True if the limit is for such texts."""
        return _selects(self.languages, language) and _selects(self.roles, role)


def _selects(selection: tuple[str, ...], item: str) -> bool:
    return ANY in selection or item in selection


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryRules:
    """What the newsroom says about its stories' front matter."""

    source_language: str
    languages: Collection[str]
    sections: Mapping[str, str]
    """Keys of the sections, and their names in the source language."""
    wide_languages: Collection[str] = ()
    """Those that join lines without a blank."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """A newsroom's settings."""

    name: str
    url: str
    """Ends with a slash."""
    source_language: str
    languages: Mapping[str, Language]
    sections: Mapping[str, str]
    publisher: Publisher
    people: Mapping[str, Person]
    rules: tuple[SignOffRule, ...]
    check_rules: tuple[CheckRule, ...] = ()
    """The first that matches a finding decides."""
    length_limits: tuple[LengthLimit, ...] = ()
    """The first that matches a text decides."""
    accent: str = "#9b1c2e"
    """The page's one colour, as CSS writes it."""
    revocations: str = ""
    """The file, from the newsroom's folder, that lists the revoked keys; empty if the newsroom keeps none."""
    prefill: bool = True
    """Whether `update` puts what the memory holds into new units, for review."""
    prefill_from: int = 75
    """Percent of likeness from which it does."""
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict, compare=False)
    """Where each key stands in the file."""

    @property
    def story_rules(self) -> StoryRules:
        """What the stories' front matter is held against."""
        wide = [code for code, item in self.languages.items() if item.joins_lines_without_blank]
        return StoryRules(
            source_language=self.source_language,
            languages=tuple(self.languages),
            sections=self.sections,
            wide_languages=wide,
        )

    def makes_errors_of(self, code: str) -> bool:
        """True if some rule makes findings of the code errors."""
        return any(rule.severity is Severity.ERROR and rule.speaks_of(code) for rule in self.check_rules)

    def rules_of(self, language: str, channel: Channel) -> RuleOf:
        """The language's rule on the channel for each section."""
        return lambda section: self.rule_for(language, section, channel)

    def rule_for(self, language: str, section: str, channel: Channel) -> SignOffRule | None:
        """The first rule that matches; None if no rule does, and then nothing goes out that way."""
        return next((rule for rule in self.rules if rule.matches(language, section, channel)), None)
