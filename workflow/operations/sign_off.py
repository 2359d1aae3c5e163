"""An editor approves an edition: check, sign, append the record, freeze the words."""

from __future__ import annotations

import datetime
import posixpath
from dataclasses import dataclass, replace
from pathlib import Path

from workflow.canonical import digest
from workflow.diagnostics import errors_in
from workflow.errors import ConflictError, GateShut, UsageError
from workflow.model import Decision, Edition, SignOff
from workflow.newsroom import Newsroom
from workflow.operations.check import catalog_findings
from workflow.operations.standing import EditionState, edition_state, read_story_files
from workflow.operations.verdicts import Verdicts
from workflow.rendering.pictures import picture_facts
from workflow.settings import Person
from workflow.signing import SIGNERS_FILE, public_key, sign, signers_line, verify
from workflow.signoff import (
    MEANINGS,
    approved,
    counting_approvals,
    format_record,
    heads,
    missing_approvals,
    payload,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What is about to be signed, to be shown to the signer."""

    state: EditionState
    edition: Edition
    record: SignOff
    already: bool
    """True if the person's approval of just these words counts, so that signing again would change nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedOff:
    """What a sign-off did."""

    record: SignOff
    frozen: bool
    """True if the words are approved as the rule asks, and frozen for publication."""
    still_missing: tuple[str, ...]
    """What the rule asks for beyond this approval."""


def prepare(
    newsroom: Newsroom, slug: str, language: str, *, signer: str, role: str | None, now: datetime.datetime
) -> Draft:
    """The record that the signer would sign; nothing is written.

    Raises UsageError for a person who may not, GateShut for an edition that is not fit to be signed.
    """
    person = _person(newsroom, signer)
    verdicts = Verdicts.load(newsroom, now)
    files = read_story_files(newsroom, slug)
    tongue = newsroom.language(language)
    if tongue not in newsroom.story_languages(files.story):
        raise UsageError.of("usage.language", f"{slug} is not meant for `{language}`")
    state = edition_state(newsroom, files, tongue, verdicts)
    role = _role(person, state, role)
    edition = _fit_edition(newsroom, state)
    record = _record(newsroom, state, edition, person, role, now)
    return Draft(state=state, edition=edition, record=record, already=_is_idle(state, record))


def sign_off(newsroom: Newsroom, draft: Draft, *, key: Path | None) -> SignedOff:
    """Signs the draft's record and appends it; freezes the edition once its rule is met.

    The log is written before the frozen edition: killed in between, the older words stay live and the next
    sign-off of the same words finishes the work. Raises GateShut if `newsroom.signers` does not list the key.
    """
    state, record = draft.state, draft.record
    slug, language = state.files.slug, state.language.code
    with newsroom.lock():
        if newsroom.read_log(language, slug) != state.log.all_lines:
            raise ConflictError.of(
                "signoff.changed", "the sign-off log changed meanwhile", hint="run the command again"
            )
        if not draft.already:
            record = replace(record, signature=_signature(newsroom, record, _signing_key(key)))
            _append(newsroom, record)
        log = Verdicts.load(newsroom, record.at).checked_log(language, slug)
        now_approved = approved(log.lines, state.rule_of)
        frozen = now_approved is not None and now_approved.covers(record.edition, record.source)
        if frozen:
            _freeze(newsroom, draft)
    counting = counting_approvals(log.lines, record.edition, record.source)
    return SignedOff(record=record, frozen=frozen, still_missing=missing_approvals(counting, state.rule))


def _is_idle(state: EditionState, record: SignOff) -> bool:
    """True if the log would say the same after one more such record: it stands there, and nothing overtook it."""
    log = state.log.lines
    counting = counting_approvals(log, record.edition, record.source)
    if not any((line.record.signer, line.record.role) == (record.signer, record.role) for line in counting):
        return False
    if missing_approvals(counting, state.rule):
        return True
    live = approved(log, state.rule_of)
    return live is not None and live.covers(record.edition, record.source)


def _person(newsroom: Newsroom, email: str) -> Person:
    person = newsroom.settings.people.get(email)
    if person is None:
        known = ", ".join(newsroom.settings.people) or "nobody yet"
        hint = f"newsroom.toml lists {known}"
        raise UsageError.of("usage.person", f"nobody has the address {email}", hint=hint)
    return person


def _role(person: Person, state: EditionState, role: str | None) -> str:
    """The role to sign in: the one asked for, or the one of the rule that the person holds."""
    language = state.language.code
    wanted = [approval.role for approval in state.rule.approvals] if state.rule else []
    held = [name for name in ([role] if role else wanted) if person.holds(name, language)]
    if not held:
        what = role or " or ".join(wanted) or "anything the rules ask for"
        hint = f'give them the role in newsroom.toml: [people."{person.email}"]'
        raise GateShut.of("signoff.role", f"{person.email} is not {what} for {language}", hint=hint)
    if len(set(held)) > 1:
        raise UsageError.of("usage.role", f"{person.email} holds {' and '.join(held)}", hint="choose with --role")
    return held[0]


def _fit_edition(newsroom: Newsroom, state: EditionState) -> Edition:
    """The edition, complete, without faults, and with a log that can be trusted."""
    path = newsroom.catalog_file(state.language.code, state.files.slug)
    if state.log.faults:
        raise GateShut(state.log.faults)
    if state.catalog is None:
        raise GateShut.of("edition.missing", "no catalog yet", path=path, hint="run workflow update")
    faults = (*state.faults, *errors_in(catalog_findings(newsroom, state.files.slug, state.language, state.catalog)))
    if faults or state.edition is None:
        raise GateShut(faults)
    for name, (frozen, data) in state.files.pictures.items():
        picture_facts(data, frozen, f"stories/{state.files.slug}/{name}")
    return state.edition


def _record(
    newsroom: Newsroom, state: EditionState, edition: Edition, person: Person, role: str, now: datetime.datetime
) -> SignOff:
    log = state.log.all_lines
    latest = max((line.record.at for line in log), default=None)
    if latest and latest > now:
        raise ConflictError.of(
            "signoff.clock",
            f"the log's last record is dated {latest:%Y-%m-%d %H:%M:%S} UTC, later than this machine's clock",
            hint="set the clock",
        )
    is_translation = state.files.story.language != state.language.code
    translator = state.catalog.header("Last-Translator") if state.catalog and is_translation else ""
    return SignOff(
        decision=Decision.APPROVE,
        newsroom=newsroom.settings.url,
        story=state.files.slug,
        language=state.language.code,
        section=state.files.story.section,
        role=role,
        signer=person.email,
        name=person.name,
        meaning=MEANINGS[Decision.APPROVE],
        at=now.astimezone(datetime.UTC).replace(microsecond=0),
        edition=digest(edition.text),
        source=edition.source_digest,
        segments=edition.segment_digests,
        media=dict(edition.media),
        translators=(translator,) if translator else (),
        follows=heads(log),
    )


def _signing_key(key: Path | None) -> Path:
    """The key named, or OpenSSH's own default keys in their order."""
    if key is not None:
        return key
    folder = Path.home() / ".ssh"
    for name in ("id_ed25519", "id_ecdsa", "id_ed25519_sk", "id_ecdsa_sk", "id_rsa"):
        if (folder / name).is_file():
            return folder / name
    hint = "name one with --key, or make one: ssh-keygen -t ed25519"
    raise UsageError.of("usage.key", "no key to sign with", hint=hint)


def _signature(newsroom: Newsroom, record: SignOff, key: Path) -> str:
    if not newsroom.signers.exists():
        raise _unlisted(record, key)
    data = payload(record)
    signature = sign(data, key=key)
    if verify(data, signature, signer=record.signer, at=record.at, signers=newsroom.signers) is not None:
        raise _unlisted(record, key)
    return signature


def _unlisted(record: SignOff, key: Path) -> GateShut:
    public = public_key(key) or "KEY-TYPE PUBLIC-KEY"
    return GateShut.of(
        "signoff.unlisted",
        f"this key is not listed for {record.signer}",
        path=SIGNERS_FILE,
        hint=f"if it is their key, the newsroom adds the line: {signers_line(record.signer, public)}",
    )


def _append(newsroom: Newsroom, record: SignOff) -> None:
    path = newsroom.log_file(record.language, record.story)
    before = newsroom.read(path) if newsroom.exists(path) else b""
    newsroom.write(path, before + format_record(record).encode() + b"\n")


def _freeze(newsroom: Newsroom, draft: Draft) -> None:
    """Pictures first, so that a frozen edition never names one that is not there."""
    for frozen, data in draft.state.files.pictures.values():
        newsroom.write(posixpath.join("locales/media", frozen), data)
    path = newsroom.edition_file(draft.record.language, draft.record.story)
    newsroom.write(path, draft.edition.text.encode())
