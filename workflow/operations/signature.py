"""A record is signed with a key that the newsroom lists for its signer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from workflow.canonical import digest
from workflow.errors import ConflictError, GateShut, InputError, UsageError
from workflow.model import SignOff
from workflow.newsroom import Newsroom
from workflow.operations.standing import EditionState
from workflow.operations.verdicts import SHARED_KEY_HINT, claim, key_lists, second_names
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
from workflow.signoff import LogLine, format_record, payload


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


def default_key() -> Path | None:
    """The first of OpenSSH's own default keys that is there."""
    names = ("id_ed25519", "id_ecdsa", "id_ed25519_sk", "id_ecdsa_sk", "id_rsa")
    return next((key for name in names if (key := Path.home() / ".ssh" / name).is_file()), None)


def waits_for_touch(key: Path | None) -> bool:
    """True if the key, or the default one, is a security key, which may want to be touched before it signs."""
    key = key or default_key()
    return key is not None and (public_key(key) or "").startswith("sk-")


def _signing_key(key: Path | None) -> Path:
    """The key named, or the default one; raises UsageError if there is none."""
    if found := key or default_key():
        return found
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
