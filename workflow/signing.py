"""OpenSSH signatures over sign-off records, made and checked by `ssh-keygen -Y` itself.

So keys may live in an agent or in hardware, and anybody can confirm a record without us.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import os
import subprocess
import tempfile
from pathlib import Path

from workflow.errors import InputError, MachineError

NAMESPACE = "signoff@bulletin-workflow"
SIGNERS_FILE = "newsroom.signers"

_ARMOUR = "-----BEGIN SSH SIGNATURE-----"
_ARMOUR_END = "-----END SSH SIGNATURE-----"
_COLUMNS = 70
_SIGN_SECONDS = 120
"""A person may have to type a passphrase or touch a hardware key."""
_VERIFY_SECONDS = 30


def sign(payload: bytes, *, key: Path) -> str:
    """The armoured signature of the payload by a private key, or by the agent's key for a `.pub` file.

    Raises InputError if OpenSSH cannot use the key, MachineError if there is no OpenSSH.
    """
    result = _ssh_keygen(["-Y", "sign", "-f", str(key), "-n", NAMESPACE], payload, _SIGN_SECONDS)
    signature = _in_one_form(result.stdout.decode("ascii", "replace"))
    if result.returncode != 0 or signature is None:
        raise InputError.of(
            "signing.key",
            f"OpenSSH cannot sign with this key: {_reason(result)}",
            path=str(key),
            hint="name a private key, or the .pub file of a key that ssh-agent holds, with --key",
        )
    return signature


def verify(payload: bytes, signature: str, *, signer: str, at: datetime.datetime, signers: Path) -> str | None:
    """None if the signature is the signer's, by a key that `signers` listed for them at that time; else why not.

    `signers` is in OpenSSH's allowed_signers format. Raises MachineError if there is no OpenSSH.
    """
    if signature != _in_one_form(signature):
        return "not in the form in which OpenSSH writes signatures"
    with tempfile.NamedTemporaryFile("w", encoding="ascii", suffix=".sig") as file:
        file.write(signature)
        file.flush()
        moment = at.astimezone(datetime.UTC).strftime("%Y%m%d%H%M%S")
        arguments = ["-Y", "verify", "-f", str(signers), "-I", signer, "-n", NAMESPACE]
        arguments += ["-s", file.name, f"-Overify-time={moment}"]
        result = _ssh_keygen(arguments, payload, _VERIFY_SECONDS)
    return None if result.returncode == 0 else _reason(result)


def public_key(key: Path) -> str | None:
    """The public half that lies beside a private key, as one line; None if it does not."""
    try:
        public = key if key.suffix == ".pub" else key.with_name(key.name + ".pub")
        kind, body, *_ = public.read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return None
    return f"{kind} {body}"


def signers_line(signer: str, public: str) -> str:
    """The line of `newsroom.signers` that lets the key sign for the signer."""
    return f'{signer} namespaces="{NAMESPACE}" {public}'


def _in_one_form(signature: str) -> str | None:
    """The armoured signature as `ssh-keygen` writes it; None if it is none.

    OpenSSH reads base64 and its frame leniently. Were other forms let pass, somebody could change a signed line of a
    log, and so its digest, without spoiling the signature.
    """
    lines = signature.split("\n")
    if lines[0] != _ARMOUR or lines[-2:] != [_ARMOUR_END, ""]:
        return None
    try:
        body = base64.b64encode(base64.b64decode("".join(lines[1:-2]), validate=True)).decode()
    except (binascii.Error, ValueError):
        return None
    wrapped = [body[start : start + _COLUMNS] for start in range(0, len(body), _COLUMNS)]
    return "\n".join([_ARMOUR, *wrapped, _ARMOUR_END, ""])


def _ssh_keygen(arguments: list[str], payload: bytes, seconds: int) -> subprocess.CompletedProcess[bytes]:
    # verify-time is read in the local time zone, and only newer versions take a suffix for UTC.
    environment = {**os.environ, "TZ": "UTC", "LC_ALL": "C"}
    try:
        return subprocess.run(
            ["ssh-keygen", *arguments],
            input=payload,
            capture_output=True,
            timeout=seconds,
            env=environment,
            check=False,
        )
    except (FileNotFoundError, PermissionError):
        raise MachineError.of(
            "machine.ssh-keygen",
            "ssh-keygen is not on this machine; signatures are made and checked with it",
            hint="apt-get install openssh-client",
        ) from None
    except subprocess.TimeoutExpired:
        raise MachineError.of(
            "machine.ssh-keygen", f"ssh-keygen gave no answer in {seconds} seconds", hint="try again"
        ) from None


def _reason(result: subprocess.CompletedProcess[bytes]) -> str:
    text = (result.stderr + b"\n" + result.stdout).decode("utf-8", "replace")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("-----")]
    return lines[0].rstrip(".") if lines else f"exit code {result.returncode}"
