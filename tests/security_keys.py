"""A security key (FIDO) without the hardware: an ssh-agent that signs as one does, for stock `ssh-keygen -Y sign`.

The arithmetic of the curves is left to a real ssh-agent, which holds the secret as a plain key and signs any bytes.
The formats are those of PROTOCOL.u2f and PROTOCOL.agent of OpenSSH.
"""

from __future__ import annotations

import base64
import contextlib
import os
import shlex
import socket
import socketserver
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from newsrooms import make_key

TOUCHED, PIN_GIVEN = 0x01, 0x04
"""User presence and user verification, as the key reports them with each signature."""
_APPLICATION = b"ssh:"
_FAILURE, _LIST, _LISTED, _SIGN, _SIGNED = b"\5", b"\x0b", b"\x0c", b"\x0d", b"\x0e"
_KINDS = {
    "ed25519": (b"ssh-ed25519", b"sk-ssh-ed25519@openssh.com"),
    "ecdsa": (b"ecdsa-sha2-nistp256", b"sk-ecdsa-sha2-nistp256@openssh.com"),
}


@dataclass(kw_only=True)
class SecurityKey:
    """The key in the stand-in."""

    kind: bytes
    plain: bytes
    """The public key's blob as the real agent knows it."""
    agent: str
    """The real agent's socket."""
    socket: str = ""
    """Where the stand-in answers, for SSH_AUTH_SOCK."""
    flags: int = TOUCHED
    count: int = 0
    """How often it has signed."""

    @property
    def public(self) -> bytes:
        """The public key's blob: the point of the plain one, and what the key is for."""
        _, *point = _strings(self.plain)
        return b"".join(map(_string, [self.kind, *point, _APPLICATION]))

    @property
    def line(self) -> str:
        """The public key as a `.pub` file has it."""
        return f"{self.kind.decode()} {base64.b64encode(self.public).decode()}"

    def sign(self, message: bytes) -> bytes:
        """The signature's blob: the flags and the count stand in it, and are signed too."""
        self.count += 1
        state = self.flags.to_bytes() + self.count.to_bytes(4)
        covered = sha256(_APPLICATION).digest() + state + sha256(message).digest()
        with socket.socket(socket.AF_UNIX) as line, line.makefile("rb") as answer:
            line.connect(self.agent)
            line.sendall(_string(_SIGN + _string(self.plain) + _string(covered) + bytes(4)))
            size = int.from_bytes(answer.read(4))
            (blob,) = _strings(answer.read(size).removeprefix(_SIGNED))
        _, signature = _strings(blob)
        return _string(self.kind) + _string(signature) + state


@contextlib.contextmanager
def security_key(kind: str = "ed25519") -> Iterator[SecurityKey]:
    """A new key, plugged in as long as the context lasts."""
    plain_kind, own_kind = _KINDS[kind]
    with tempfile.TemporaryDirectory() as folder:  # a socket's path must be short
        secret = make_key(Path(folder, "secret"), kind=kind)
        plain = base64.b64decode(secret.with_suffix(".pub").read_text().split()[1])
        assert plain.startswith(_string(plain_kind))
        with _real_agent(f"{folder}/real", secret) as agent:
            key = SecurityKey(kind=own_kind, plain=plain, agent=agent, socket=f"{folder}/agent")
            with _served(key):
                yield key


@contextlib.contextmanager
def _real_agent(path: str, secret: Path) -> Iterator[str]:
    started = subprocess.run(["ssh-agent", "-s", "-a", path], capture_output=True, check=True)
    words = shlex.split(started.stdout.decode().replace(";", " "))
    told = {**os.environ, **dict(word.split("=", 1) for word in words if "=" in word)}
    try:
        subprocess.run(["ssh-add", "-q", str(secret)], check=True, capture_output=True, env=told)
        yield path
    finally:
        subprocess.run(["ssh-agent", "-k"], capture_output=True, check=True, env=told)


@contextlib.contextmanager
def _served(key: SecurityKey) -> Iterator[None]:
    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while size := self.rfile.read(4):
                answer = _answer(key, self.rfile.read(int.from_bytes(size)))
                self.wfile.write(_string(answer))

    with socketserver.ThreadingUnixStreamServer(key.socket, Session) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()


def _answer(key: SecurityKey, request: bytes) -> bytes:
    if request == _LIST:
        return _LISTED + (1).to_bytes(4) + _string(key.public) + _string(b"security key")
    if request.startswith(_SIGN):
        _, message = _strings(request[1:-4])
        return _SIGNED + _string(key.sign(message))
    return _FAILURE


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4) + data


def _strings(data: bytes) -> list[bytes]:
    found = []
    while data:
        end = 4 + int.from_bytes(data[:4])
        found.append(data[4:end])
        data = data[end:]
    return found
