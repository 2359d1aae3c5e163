"""One key speaks for one person: what a log's signatures say of their keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from workflow.public_keys import key_of_signature
from workflow.signing import SIGNERS_FILE
from workflow.signoff.log import LogLine


def key_faults(lines: Sequence[LogLine], listed: Mapping[str, Collection[str]]) -> dict[str, str]:
    """By digest: why a line with a good signature does not tell who signed, for its key signed under two names.

    A certificate may name two people, and two certificates may hold one key. Nothing tells which of the names is true,
    so no such line counts. `listed` gives the people for whom `newsroom.signers` lists a key.
    """
    keys: dict[str, str] = {}
    faults: dict[str, str] = {}
    names: dict[str, dict[str, str]] = {}
    for line in lines:
        try:
            key = keys[line.digest] = key_of_signature(line.record.signature)
        except ValueError as error:
            faults[line.digest] = str(error)
            continue
        found = names.setdefault(key, dict.fromkeys(listed.get(key, ()), SIGNERS_FILE))
        found.setdefault(line.record.signer, f"line {line.number}")
    for line in lines:
        signer = line.record.signer
        others = names[keys[line.digest]].items() if line.digest in keys else ()
        if other := next((f"{name} ({where})" for name, where in others if name != signer), None):
            faults[line.digest] = f"one key for {signer} and {other}: they would count as two people"
    return faults
