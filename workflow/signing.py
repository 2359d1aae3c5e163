"""OpenSSH signatures over sign-off records, made and checked by `ssh-keygen -Y` itself.

So keys may live in an agent or in hardware (`sk-`), a newsroom's own authority may certify them, and anybody can
confirm a record without us.

Who may sign stands in two files of OpenSSH's own formats. `newsroom.signers` lists keys and authorities, with
`valid-after` and `valid-before`; a signature is judged at the time of its record, so a key that was **replaced** gets
a `valid-before`, and what it signed earlier stays good. The revocation list (a KRL, or public keys one a line) is for
keys that were **stolen**: a thief can date a record as he likes, so nothing counts that such a key signed, whenever,
and its owner signs again with a new key.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import itertools
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workflow.canonical import digest, digest_of
from workflow.errors import InputError, MachineError

NAMESPACE = "signoff@bulletin-workflow"
SIGNERS_FILE = "newsroom.signers"
REVOKED = "its key is revoked"
REVOKED_HINT = (
    "what a stolen key signed counts for nothing, whatever its date: sign again with a new key. A key that was only "
    f"replaced belongs in {SIGNERS_FILE}, with valid-before; what it signed until then stays good"
)

_ARMOUR = "-----BEGIN SSH SIGNATURE-----"
_ARMOUR_END = "-----END SSH SIGNATURE-----"
_COLUMNS = 70
_SIGN_SECONDS = 120
"""A person may have to type a passphrase or touch a hardware key."""
CERTIFIED = "-cert-v01@openssh.com"
"""In the name of every kind of certificate."""
_CERTIFICATE = "-cert.pub"
_KRL_MAGIC = b"SSHKRL\n\0"

# A good signature by a key that nobody has any more: if it does not verify beside a revocation list, OpenSSH cannot
# read the list.
_PROBE = b"probe\n"
_PROBE_NAMESPACE = "probe@bulletin-workflow"
_PROBE_SIGNER = "probe ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGz8GXV/Mr9jioRlA0tF5F9PCjpxr6qIdbc6+6mBIRsQ\n"
_PROBE_SIGNATURE = f"""{_ARMOUR}
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgbPwZdX8yv2OKhGUDS0XkX08KOn
Gvqoh1tzr7qYEhGxAAAAAXcHJvYmVAYnVsbGV0aW4td29ya2Zsb3cAAAAAAAAABnNoYTUx
MgAAAFMAAAALc3NoLWVkMjU1MTkAAABAoWlKB8BZUYIQloDk+VImUTHmxXqa+s7SfZVuAk
QH26rj25V8t6gsLwfupTyW5S7n/wJJp4hAtjDtmL+2v5XuAw==
{_ARMOUR_END}
"""


# --- Signing ---------------------------------------------------------------------------------------------


def sign(payload: bytes, *, key: Path) -> str:
    """The armoured signature of the payload by a private key, or by the agent's key for a `.pub` file.

    A `-cert.pub` file signs with its certificate; the private key lies beside it or in the agent. Raises InputError
    if OpenSSH cannot use the key, MachineError if there is no OpenSSH.
    """
    arguments = ["-Y", "sign", "-f", str(key), "-n", NAMESPACE]
    result = _run_with(payload, arguments)
    signature = _in_one_form(result.stdout.decode("ascii", "replace"))
    if result.returncode != 0 or signature is None:
        raise InputError.of(
            "signing.key",
            f"OpenSSH cannot sign with this key: {_reason(result.stderr + result.stdout, result.returncode)}",
            path=str(key),
            hint="name a private key, or the .pub file of a key that ssh-agent holds, with --key",
        )
    return signature


def ways_to_sign(key: Path, signers: bytes) -> tuple[Path, ...]:
    """What to sign with, best first: the key itself, or the certificate that lies beside it as `<key>-cert.pub`.

    The key comes first if `newsroom.signers` lists it, the certificate if not: a key for other purposes may have a
    certificate of some other authority, and a certified key need not be listed.
    """
    if key.name.endswith(_CERTIFICATE):
        return (key,)
    certificate = key.with_name(key.name.removesuffix(".pub") + _CERTIFICATE) if key.name else key
    if certificate == key or not certificate.is_file():
        return (key,)
    public = public_key(key)
    is_listed = public is not None and public.split()[1].encode() in signers
    return (key, certificate) if is_listed else (certificate, key)


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


# --- Checking --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A signature, and what it is said to be."""

    payload: bytes
    signature: str
    """Armoured."""
    signer: str
    at: datetime.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyLists:
    """Whose keys may sign, and which keys may not; bytes, so that all signatures are judged by the very same lists."""

    signers: bytes
    """In OpenSSH's allowed_signers format."""
    revoked: bytes | None = None
    """A KRL or a list of public keys, fit by `revocations_fault`; None if the newsroom keeps none."""

    @property
    def digest(self) -> str:
        """Changes with either list."""
        return digest_of([digest(self.signers), None if self.revoked is None else digest(self.revoked)])


def verify(claim: Claim, lists: KeyLists) -> str | None:
    """None if the signature is the signer's, by a key that the lists let sign for them at that time; else why not.

    Raises MachineError if there is no OpenSSH.
    """
    return verify_all([claim], lists)[0]


def verify_all(claims: Sequence[Claim], lists: KeyLists) -> tuple[str | None, ...]:
    """What `verify` says of each claim, in their order; many at a time, for an `ssh-keygen` checks only one."""
    with tempfile.TemporaryDirectory(prefix="workflow-") as name:
        folder = Path(name)
        verifier = _Verifier(folder, lists)
        if len(claims) == 1:
            return (verifier.fault(claims[0]),)
        # Late: in most runs all verdicts are known.
        from concurrent.futures import ThreadPoolExecutor

        workers = min(len(claims), 2 * (os.cpu_count() or 1))
        with ThreadPoolExecutor(max_workers=max(workers, 1)) as pool:
            try:
                return tuple(pool.map(verifier.fault, claims))
            except BaseException:
                # An interrupt may have reached us alone, and the pool waits for what is still running.
                pool.shutdown(wait=False, cancel_futures=True)
                verifier.stop()
                raise


def revocations_fault(revoked: bytes) -> str | None:
    """Why the bytes cannot serve as a revocation list; None if they can.

    For OpenSSH a list without a key revokes nothing, but a file that was emptied by mistake looks just so. A newsroom
    that has not revoked anything yet says so with a KRL, which has a head even then.
    """
    unreadable = "OpenSSH cannot read the revocation list: neither a KRL nor public keys, one a line"
    if not revoked.startswith(_KRL_MAGIC):
        if b"\0" in revoked or b"\r" in revoked.replace(b"\r\n", b"\n"):
            # It reads a line to the first zero byte only, and what stands after a lone carriage return as a remark.
            return unreadable
        lines = [line.strip() for line in revoked.split(b"\n")]
        if not any(line and not line.startswith(b"#") for line in lines):
            return "the revocation list is empty"
    lists = KeyLists(signers=_PROBE_SIGNER.encode(), revoked=revoked)
    now = datetime.datetime.now(datetime.UTC)
    probe = Claim(payload=_PROBE, signature=_PROBE_SIGNATURE, signer="probe", at=now)
    with tempfile.TemporaryDirectory(prefix="workflow-") as name:
        if _Verifier(Path(name), lists, namespace=_PROBE_NAMESPACE).is_good(probe):
            return None
    return unreadable


class _Verifier:
    """Asks `ssh-keygen` in a folder of its own, which holds copies of the lists."""

    def __init__(self, folder: Path, lists: KeyLists, *, namespace: str = NAMESPACE) -> None:
        self.folder = folder
        self.namespace = namespace
        self.numbers = itertools.count()
        self.running: set[subprocess.Popen[bytes]] = set()
        self.is_stopped = False
        self.signers = folder / SIGNERS_FILE
        self.signers.write_bytes(lists.signers)
        self.revoked = None if lists.revoked is None else folder / "revoked"
        if self.revoked is not None:
            self.revoked.write_bytes(lists.revoked or b"")

    def fault(self, claim: Claim) -> str | None:
        """Why the claim is not true; None if it is."""
        if claim.signature != _in_one_form(claim.signature):
            return "not in the form in which OpenSSH writes signatures"
        why = self._ask(claim, self.revoked)
        if why and self.revoked and self._ask(claim, None) is None:
            return REVOKED
        return why

    def is_good(self, claim: Claim) -> bool:
        return self._ask(claim, self.revoked) is None

    def stop(self) -> None:
        """Ends what other threads are running, and whatever they start from now on."""
        self.is_stopped = True
        for process in tuple(self.running):
            process.kill()

    def _exit_code(self, arguments: Sequence[str], **streams: Any) -> int:
        with _start(arguments, **streams) as process:
            self.running.add(process)
            if self.is_stopped:
                process.kill()
            code = process.wait()
        self.running.discard(process)
        return code

    def _ask(self, claim: Claim, revoked: Path | None) -> str | None:
        """Files instead of pipes: nothing has to be pumped, which is what takes the time with thousands."""
        number = str(next(self.numbers))
        payload, signature, said = (self.folder / f"{number}{suffix}" for suffix in ("", ".sig", ".said"))
        payload.write_bytes(claim.payload)
        signature.write_text(claim.signature, encoding="ascii")
        arguments = verify_arguments(
            signers=str(self.signers),
            signer=claim.signer,
            signature=str(signature),
            at=claim.at,
            namespace=self.namespace,
        )
        arguments += ["-r", str(revoked)] if revoked else []
        with payload.open("rb") as asked, said.open("wb") as answer:
            code = self._exit_code(arguments, stdin=asked, stdout=answer, stderr=answer)
        why = None if code == 0 else _reason(said.read_bytes(), code).replace(f"{self.folder}/", "")
        for file in (payload, signature, said):
            file.unlink()
        return why


def verify_arguments(*, signers: str, signer: str, signature: str, at: datetime.datetime, namespace: str) -> list[str]:
    """The arguments with which `ssh-keygen` checks the payload on its standard input; `TZ` must be UTC."""
    # verify-time is read in the local time zone, and only newer versions take a suffix for UTC.
    moment = at.astimezone(datetime.UTC).strftime("%Y%m%d%H%M%S")
    who = ["-Y", "verify", "-f", signers, "-I", signer, "-n", namespace]
    return [*who, "-s", signature, f"-Overify-time={moment}"]


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


# --- The program -----------------------------------------------------------------------------------------


def _start(arguments: Sequence[str], **streams: Any) -> subprocess.Popen[bytes]:
    """Starts it; raises MachineError if there is none."""
    environment = {**os.environ, "TZ": "UTC", "LC_ALL": "C"}
    try:
        return subprocess.Popen(["ssh-keygen", *arguments], env=environment, **streams)
    except (FileNotFoundError, PermissionError):
        raise MachineError.of(
            "machine.ssh-keygen",
            "ssh-keygen is not on this machine; signatures are made and checked with it",
            hint="apt-get install openssh-client",
        ) from None


def _run_with(data: bytes, arguments: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    """Runs it with the data on its standard input; raises MachineError if it does not answer."""
    pipe = subprocess.PIPE
    with _start(arguments, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        try:
            said, complained = process.communicate(data, timeout=_SIGN_SECONDS)
        except BaseException as error:
            process.kill()
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            raise MachineError.of(
                "machine.ssh-keygen", f"ssh-keygen gave no answer in {_SIGN_SECONDS} seconds", hint="try again"
            ) from None
    return subprocess.CompletedProcess(process.args, process.returncode, said, complained)


def _reason(said: bytes, code: int) -> str:
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines()]
    told = [line for line in lines if line and not line.startswith("-----")]
    return told[0].rstrip(".") if told else f"exit code {code}"
