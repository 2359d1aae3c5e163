"""An editor approves an edition: check, sign, append the record, freeze the words."""

from __future__ import annotations

import datetime
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import takewhile
from pathlib import Path

from workflow.canonical import digest
from workflow.diagnostics import Severity, errors_in
from workflow.errors import ConflictError, GateShut, InputError, UsageError
from workflow.model import Channel, Decision, Edition, Note, SignOff
from workflow.newsroom import Newsroom
from workflow.operations.edition_findings import edition_findings
from workflow.operations.glossary import glossary_between
from workflow.operations.live import live_in
from workflow.operations.standing import EditionState, standing_of, state_to_sign
from workflow.operations.verdicts import SHARED_KEY_HINT, Verdicts, claim, key_lists, second_names
from workflow.rendering.pictures import picture_facts
from workflow.settings import FILE_NAME, Person
from workflow.signing import (
    CERTIFIED,
    NAMESPACE,
    REVOKED,
    REVOKED_HINT,
    SIGNERS_FILE,
    public_key,
    sign,
    signers_line,
    verify,
    ways_to_sign,
)
from workflow.signoff import (
    MEANINGS,
    Approved,
    ChannelStanding,
    LogLine,
    Standing,
    fault,
    format_record,
    has_translated,
    heads,
    may_approve,
    missing_approvals,
    payload,
)
from workflow.waivers import Sorted, Waived


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What is about to be signed, to be shown to the signer."""

    state: EditionState
    edition: Edition
    record: SignOff
    already: bool
    """True if the person's approval of just these words counts, so that signing again would change nothing."""
    waived: tuple[Waived, ...] = ()
    """Findings that somebody answers for; whoever signs answers for them too."""
    warnings: int = 0
    """How many warnings stand open, which do not keep it from being signed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedOff:
    """What a sign-off did."""

    record: SignOff
    channels: tuple[Channel, ...]
    """Where the words are approved as the rule asks."""
    is_complete: bool
    """True if that is everywhere that a rule lets them go."""
    blocked_by: tuple[str, ...]
    """What the rules ask for beyond this approval, or what the release waits for."""


def prepare(
    newsroom: Newsroom, slug: str, language: str, *, signer: str, role: str | None, now: datetime.datetime
) -> Draft:
    """The record that the signer would sign; nothing is written.

    Raises UsageError for a person who may not, GateShut for an edition that is not fit to be signed.
    """
    person = person_of(newsroom, signer)
    state = state_to_sign(newsroom, slug, language, now)
    role = role_of(person, state, role, now)
    edition, found = _fit_edition(newsroom, state)
    record = new_record(newsroom, state, edition, person, role, now)
    _refuse_open_notes(newsroom, state, record)
    _refuse_by_rule(state, record)
    return Draft(
        state=state,
        edition=edition,
        record=record,
        already=_is_idle(state, record),
        waived=found.waived,
        warnings=sum(item.severity is Severity.WARNING for item in found.open),
    )


def sign_off(newsroom: Newsroom, draft: Draft, *, key: Path | None) -> SignedOff:
    """Freezes the draft's words, signs its record and appends it to the log.

    The words are kept beside those that are live until the rules are met on every channel and no language holds the
    release back. They are written before the log: killed in between, the older words stay live. Raises GateShut if
    `newsroom.signers` does not list the key.
    """
    state, record = draft.state, draft.record
    slug, language = state.files.slug, state.language
    main = newsroom.edition_file(language.code, slug)
    with newsroom.lock():
        newsroom.sweep([newsroom.log_file(language.code, slug), main, _frozen_picture("*")])
        if not draft.already:
            record = signed(newsroom, state, record, key)
        _freeze(newsroom, draft)
        if not draft.already:
            append(newsroom, record)
        verdicts = Verdicts.load(newsroom, record.at)
        standing = standing_of(newsroom, state.files, language, state.catalog, draft.edition, verdicts)
        live = live_in(newsroom, verdicts, slug, language.code)
        _settle(
            newsroom,
            draft,
            standing,
            {channel: words.edition for channel, words in live.items() if not words.withdrawal},
        )
    return SignedOff(
        record=record,
        channels=tuple(item.channel for item in standing.channels if item.covered),
        is_complete=all(item.covered for item in standing.channels),
        blocked_by=standing.blocked_by,
    )


def signed(newsroom: Newsroom, state: EditionState, record: SignOff, key: Path | None) -> SignOff:
    """The record with its signature; the newsroom's lock is held.

    Raises ConflictError if the log is no longer the one that the record follows, GateShut if the key is not listed.
    """
    if newsroom.read_log(record.language, record.story) != state.log.all_lines:
        raise ConflictError.of("signoff.changed", "the sign-off log changed meanwhile", hint="run the command again")
    record = replace(record, signature=_signature(newsroom, record, _signing_key(key)))
    _refuse_second_name(newsroom, state.log.all_lines, record)
    return record


def _refuse_second_name(newsroom: Newsroom, log: Sequence[LogLine], record: SignOff) -> None:
    """Raises GateShut if the key that signed goes by another name, too."""
    line = LogLine(record=record, number=len(log) + 1, digest=digest(format_record(record)))
    if why := second_names(newsroom, key_lists(newsroom), [*log, line]).get(line.digest):
        path = newsroom.log_file(record.language, record.story)
        raise GateShut.of("signoff.shared-key", why, path=path, hint=SHARED_KEY_HINT)


def append(newsroom: Newsroom, record: SignOff) -> None:
    """Writes a signed record at the end of its log; the newsroom's lock is held."""
    path = newsroom.log_file(record.language, record.story)
    before = newsroom.read(path) if newsroom.exists(path) else b""
    newsroom.write(path, before + format_record(record).encode() + b"\n")


def _refuse_open_notes(newsroom: Newsroom, state: EditionState, record: SignOff) -> None:
    """An editor's note must be dealt with, or taken back by that editor's own approval."""
    path = newsroom.log_file(record.language, record.story)
    open_notes = [item for item in state.standing.notes if item.signer != record.signer]
    if open_notes:
        raise GateShut(
            fault("note", f"open note of {item.signer}: {item.text}", path, hint="change the words it is about")
            for item in open_notes
        )


def _refuse_by_rule(state: EditionState, record: SignOff) -> None:
    """What the rule forbids, told before anything is signed."""
    if source := state.standing.waits_for:
        hint = f"workflow sign-off {record.story} {source}, or source_first = false in the rule"
        message = f"the {source} edition of {record.story} is not signed as it is now"
        raise GateShut.of("signoff.source-first", message, hint=hint)
    if not state.standing.channels:
        raise GateShut.of("signoff.no-rule", *missing_approvals((), None), hint="add one: [[signoff.rules]]")
    if not any(may_approve(record, rule) for rule in state.rules):
        raise _own_words(record)


def _own_words(record: SignOff) -> GateShut:
    if has_translated(record):
        did, key = f"translated {record.story} into {record.language}", "approver_may_translate"
    else:
        did, key = f"wrote {record.story}", "author_may_approve"
    hint = f"a second person approves, or {key} = true in the rule"
    return GateShut.of("signoff.own-words", f"{record.signer} {did} and cannot approve it", hint=hint)


def _is_idle(state: EditionState, record: SignOff) -> bool:
    """True if the log would say the same after one more such record: it stands there, and nothing overtook it."""
    return all(_stands(item, record) for item in state.standing.channels if may_approve(record, item.rule))


def _stands(channel: ChannelStanding, record: SignOff) -> bool:
    # Which languages it is released with is told by the record, too.
    told = (record.signer, record.role, record.languages)
    counts = any((line.record.signer, line.record.role, line.record.languages) == told for line in channel.approvals)
    return counts and (bool(channel.missing) or channel.covered)


def person_of(newsroom: Newsroom, email: str) -> Person:
    """The person with the address; raises UsageError if the newsroom has none."""
    person = newsroom.settings.people.get(email)
    if person is None:
        known = ", ".join(newsroom.settings.people) or "nobody yet"
        hint = f"newsroom.toml lists {known}"
        raise UsageError.of("usage.person", f"nobody has the address {email}", hint=hint)
    return person


def role_of(person: Person, state: EditionState, role: str | None, now: datetime.datetime) -> str:
    """The role to sign in: the one asked for, or the one of the rule that the person holds.

    Raises GateShut for a person who does not hold it, or who has left; UsageError for one who must choose.
    """
    if person.has_left(now):
        message = f"{person.email} decides no more since {person.until}"
        raise GateShut.of("signoff.left", message, hint=f'{FILE_NAME}: until, in [people."{person.email}"]')
    language = state.language.code
    wanted = [approval.role for rule in state.rules for approval in rule.approvals]
    held = [name for name in ([role] if role else wanted) if person.holds(name, language)]
    if not held:
        what = role or " or ".join(wanted) or "anything the rules ask for"
        hint = f'give them the role in newsroom.toml: [people."{person.email}"]'
        raise GateShut.of("signoff.role", f"{person.email} is not {what} for {language}", hint=hint)
    if len(set(held)) > 1:
        raise UsageError.of("usage.role", f"{person.email} holds {' and '.join(held)}", hint="choose with --role")
    return held[0]


def _fit_edition(newsroom: Newsroom, state: EditionState) -> tuple[Edition, Sorted]:
    """The edition, complete, without faults, and with a log that can be trusted; and what is found all the same."""
    path = newsroom.catalog_file(state.language.code, state.files.slug)
    if state.log.faults:
        raise GateShut(state.log.faults)
    if state.catalog is None:
        raise GateShut.of("edition.missing", "no catalog yet", path=path, hint="run workflow update")
    glossary = glossary_between(newsroom, state.files.story.language, state.language.code)
    found = edition_findings(newsroom, state.files, state.language, state.catalog, glossary)
    faults = (*state.faults, *errors_in(found.open))
    if faults or state.edition is None:
        raise GateShut(faults)
    for name, (frozen, data) in state.files.pictures.items():
        picture_facts(data, frozen, f"stories/{state.files.slug}/{name}")
    return state.edition, found


def new_record(
    newsroom: Newsroom,
    state: EditionState,
    edition: Edition,
    person: Person,
    role: str,
    now: datetime.datetime,
    *,
    decision: Decision = Decision.APPROVE,
    notes: tuple[Note, ...] = (),
) -> SignOff:
    """The decision on an edition, not yet signed; raises ConflictError if this machine's clock is behind the log."""
    log = state.log.all_lines
    is_translation = state.files.story.language != state.language.code
    translator = state.catalog.header("Last-Translator") if state.catalog and is_translation else ""
    return SignOff(
        decision=decision,
        newsroom=newsroom.settings.url,
        story=state.files.slug,
        language=state.language.code,
        languages=state.languages,
        section=state.files.story.section,
        role=role,
        signer=person.email,
        name=person.name,
        meaning=MEANINGS[decision],
        at=moment_after(log, now),
        edition=digest(edition.text),
        source=edition.source_digest,
        segments=edition.segment_digests,
        media=dict(edition.media),
        authors=tuple(words.text for words in state.files.story.written_by),
        translators=(translator,) if translator else (),
        notes=notes,
        follows=heads(log),
    )


def moment_after(log: Sequence[LogLine], now: datetime.datetime) -> datetime.datetime:
    """The whole second of a new record; raises ConflictError if the log's last record is later than that."""
    latest = max((line.record.at for line in log), default=None)
    if latest and latest > now:
        raise ConflictError.of(
            "signoff.clock",
            f"the log's last record is dated {latest:%Y-%m-%d %H:%M:%S} UTC, later than this machine's clock",
            hint="set the clock",
        )
    return now.astimezone(datetime.UTC).replace(microsecond=0)


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
    """The record's signature, which counts here; raises GateShut if the newsroom does not let the key sign."""
    lists, why = key_lists(newsroom), None
    ways = ways_to_sign(key, lists.signers) if lists.signers else ()
    for number, way in enumerate(ways, start=1):
        try:
            signature = sign(payload(record), key=way)
        except InputError:
            if why is None and number == len(ways):
                raise
            continue
        why = verify(claim(replace(record, signature=signature)), lists)
        if why is None:
            return signature
    raise _unlisted(record, key, why or "")


def _unlisted(record: SignOff, key: Path, why: str) -> GateShut:
    """`why` is OpenSSH's reason, which names the line of `newsroom.signers` if one nearly let the key sign."""
    if why == REVOKED:
        return GateShut.of("signoff.revoked", f"this key of {record.signer} is revoked", hint=REVOKED_HINT)
    place = re.match(rf"{re.escape(SIGNERS_FILE)}:(\d+): (.*)", why)
    return GateShut.of(
        "signoff.unlisted",
        f"this key is not listed for {record.signer}" + (f" now: {place[2]}" if place else ""),
        path=SIGNERS_FILE,
        line=int(place[1]) if place else None,
        hint=_listing_hint(record, key),
    )


def _listing_hint(record: SignOff, key: Path) -> str:
    public = public_key(key) or "KEY-TYPE PUBLIC-KEY"
    if CERTIFIED in public:
        authority = f'*@{record.signer.partition("@")[2]} cert-authority,namespaces="{NAMESPACE}" KEY-TYPE PUBLIC-KEY'
        return f"ssh-keygen -L -f {key} shows for whom and until when; the newsroom lists its authority: {authority}"
    return f"if it is their key, the newsroom adds the line: {signers_line(record.signer, public)}"


def _frozen_picture(name: str) -> str:
    return posixpath.join("locales/media", name)


def _freeze(newsroom: Newsroom, draft: Draft) -> None:
    """Pictures first, so that frozen words never name one that is not there."""
    for frozen, data in draft.state.files.pictures.values():
        newsroom.write(_frozen_picture(frozen), data)
    language, slug, edition = draft.record.language, draft.record.story, draft.record.edition
    if edition not in newsroom.frozen_words(language, slug):
        newsroom.write(newsroom.kept_edition_file(language, slug, edition), draft.edition.text.encode())


def _settle(newsroom: Newsroom, draft: Draft, standing: Standing, live: Mapping[Channel, str]) -> None:
    """Gives the words the edition's own file once every channel has them; drops kept words that nobody waits for."""
    language, slug, edition = draft.record.language, draft.record.story, draft.record.edition
    main, needed = newsroom.edition_file(language, slug), {*live.values(), *_waiting(standing, live)}
    if all(item.covered for item in standing.channels):
        if newsroom.exists(main) and (before := digest(data := newsroom.read(main))) in needed - {edition}:
            newsroom.write(newsroom.kept_edition_file(language, slug, before), data)
        newsroom.write(main, draft.edition.text.encode())
        needed.discard(edition)
    needed_files = {newsroom.kept_edition_file(language, slug, sha256) for sha256 in needed}
    for path in newsroom.frozen_files(language).get(slug, ()):
        if path != main and path not in needed_files:
            newsroom.remove(path)


def _waiting(standing: Standing, live: Mapping[Channel, str]) -> Iterator[str]:
    """The words that some have approved, and those approved since the live ones that other languages hold back."""
    for item in standing.channels:
        yield from (edition for edition, _ in item.tally.counting)
        newer = takewhile(partial(_is_not, live.get(item.channel)), reversed(item.tally.approved))
        yield from (words.edition for words in newer if not words.withdrawal)


def _is_not(edition: str | None, words: Approved) -> bool:
    return words.edition != edition
