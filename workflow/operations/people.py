"""Who decides on an edition, and in which role."""

from __future__ import annotations

import datetime

from workflow.errors import GateShut, UsageError
from workflow.newsroom import Newsroom
from workflow.operations.standing import EditionState
from workflow.settings import FILE_NAME, Person


def person_of(newsroom: Newsroom, email: str) -> Person:
    """The person with the address; raises UsageError if the newsroom has none."""
    person = newsroom.settings.people.get(email)
    if person is None:
        known = ", ".join(newsroom.settings.people) or "nobody yet"
        hint = f"newsroom.toml lists {known}"
        raise UsageError.of("usage.person", f"nobody has the address {email}", hint=hint)
    return person


def role_of(person: Person, state: EditionState, role: str | None, now: datetime.datetime) -> str:
    """The role to sign in: that of the rules that the person holds, or the one asked for, if a rule asks for it, too.

    Raises GateShut for a person who does not hold it, or who has left; UsageError for one who must choose.
    """
    if person.has_left(now):
        message = f"{person.email} decides no more since {person.until}"
        raise GateShut.of("signoff.left", message, hint=f'{FILE_NAME}: until, in [people."{person.email}"]')
    language = state.language.code
    wanted = list(dict.fromkeys(approval.role for rule in state.rules for approval in rule.approvals))
    held = [name for name in ([role] if role else wanted) if person.holds(name, language)]
    if not held:
        what = role or " or ".join(wanted) or "anything the rules ask for"
        hint = f'give them the role in newsroom.toml: [people."{person.email}"]'
        raise GateShut.of("signoff.role", f"{person.email} is not {what} for {language}", hint=hint)
    if wanted and held[0] not in wanted:
        message = f"no rule asks for the role {role}: {state.files.slug} in {language}"
        raise GateShut.of(
            "signoff.role", message, hint=f"{FILE_NAME}: [[signoff.rules]] ask for {' and '.join(wanted)}"
        )
    if len(held) > 1:
        raise UsageError.of("usage.role", f"{person.email} holds {' and '.join(held)}", hint="choose with --role")
    return held[0]
