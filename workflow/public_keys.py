"""Which key a signature was made with, whoever certified it and however its bytes are written.

A certificate is another blob around the same key, and one secret may serve as a plain key and as a security key's: each
would pass for another person's. So a key is told by the numbers that make it up. The formats are those of
PROTOCOL.sshsig, PROTOCOL.certkeys and PROTOCOL.u2f of OpenSSH.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from workflow.canonical import digest

_PREAMBLE = b"SSHSIG\0\0\0\1"
_NUMBERS = {
    "ssh-ed25519": 1,
    "ssh-rsa": 2,
    "ssh-dss": 4,
    "ecdsa-sha2-nistp256": 2,
    "ecdsa-sha2-nistp384": 2,
    "ecdsa-sha2-nistp521": 2,
}
"""Of how many fields each kind of key is made; what a security key adds says only what it is for."""


def key_of_signature(armoured: str) -> str:
    """What tells the key of an armoured signature from all others; the same for a certificate of the key.

    Raises ValueError for what is no signature, or of a kind of key that is not known.
    """
    blob = _decoded("".join(armoured.split("\n")[1:-2]))
    if not blob.startswith(_PREAMBLE):
        raise ValueError("not an OpenSSH signature")
    return _key(next(_fields(blob[len(_PREAMBLE) :])))


def key_of_line(body: str) -> str:
    """The same of the base64 of a public key, as `.pub` files and `newsroom.signers` hold it."""
    return _key(_decoded(body))


def _key(blob: bytes) -> str:
    fields = _fields(blob)
    named = next(fields).decode("ascii")
    kind, certified, _ = named.removeprefix("sk-").removesuffix("@openssh.com").partition("-cert-v01")
    if kind not in _NUMBERS:
        raise ValueError(f"a kind of key that is not known: {named}")
    if certified:
        next(fields)  # drawn by chance, so that no two certificates are alike
    # OpenSSH reads over zeros in front of a number.
    numbers = [next(fields).lstrip(b"\0").hex() for _ in range(_NUMBERS[kind])]
    return digest(" ".join([kind, *numbers]))


def _fields(blob: bytes) -> Iterator[bytes]:
    """The fields in front of each of which stands its length; raises ValueError where one is cut off."""
    at = 0
    while True:
        end = at + 4 + int.from_bytes(blob[at : at + 4])
        if at + 4 > len(blob) or end > len(blob):
            raise ValueError("cut off")
        yield blob[at + 4 : end]
        at = end


def _decoded(body: str) -> bytes:
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("not base64") from None
