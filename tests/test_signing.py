"""Signatures are OpenSSH's own: made with any key it knows, confirmed by stock `ssh-keygen -Y verify`."""

from __future__ import annotations

import datetime
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import newsrooms
import pytest
from newsrooms import EDITOR_ZH, NOW, SECOND_ZH, key, listing, make_key

from workflow.errors import InputError, MachineError
from workflow.signing import NAMESPACE, Claim, KeyLists, public_key, sign, signers_line, verify

PAYLOAD = '{"name":"编辑"}\n'.encode()


@pytest.fixture
def signers(tmp_path: Path) -> Path:
    file = tmp_path / "newsroom.signers"
    file.write_text(f"{listing(EDITOR_ZH)}\n{listing(SECOND_ZH)}\n")
    return file


def good(signers: Path, signature: str, *, signer: str = EDITOR_ZH, at: datetime.datetime = NOW) -> bool:
    return reason(signers, signature, signer=signer, at=at) is None


def reason(
    signers: Path, signature: str, *, signer: str = EDITOR_ZH, at: datetime.datetime = NOW, payload: bytes = PAYLOAD
) -> str | None:
    claim = Claim(payload=payload, signature=signature, signer=signer, at=at)
    return verify(claim, KeyLists(signers=signers.read_bytes()))


# --- Good signatures ---------------------------------------------------------------------------------------


def test_a_signature_is_confirmed(signers: Path) -> None:
    assert good(signers, sign(PAYLOAD, key=key(EDITOR_ZH)))


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_other_kinds_of_keys_sign_too(kind: str, tmp_path: Path) -> None:
    file = make_key(tmp_path / "other", kind=kind)
    signers = tmp_path / "newsroom.signers"
    signers.write_text(signers_line(EDITOR_ZH, public_key(file) or "") + "\n")
    assert good(signers, sign(PAYLOAD, key=file))


@pytest.mark.parametrize("name", ["a key", "ключ", "-f", "new\nline", "钥匙.pem"])
def test_a_key_may_have_any_name(name: str, tmp_path: Path, signers: Path) -> None:
    file = tmp_path / name
    shutil.copy(key(EDITOR_ZH), file)
    assert good(signers, sign(PAYLOAD, key=file))


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An ssh-agent of our own."""
    with tempfile.TemporaryDirectory() as folder:  # a socket's path must be short
        started = subprocess.run(["ssh-agent", "-s", "-a", f"{folder}/agent"], capture_output=True, check=True)
        words = shlex.split(started.stdout.decode().replace(";", " "))
        for name, value in (word.split("=", 1) for word in words if "=" in word):
            monkeypatch.setenv(name, value)
        yield
        subprocess.run(["ssh-agent", "-k"], capture_output=True, check=True)


@pytest.mark.usefixtures("agent")
def test_the_agent_signs_for_a_public_key(tmp_path: Path, signers: Path) -> None:
    public = tmp_path / "of-agent.pub"
    shutil.copy(key(EDITOR_ZH).with_name(key(EDITOR_ZH).name + ".pub"), public)
    with pytest.raises(InputError) as caught:
        sign(PAYLOAD, key=public)
    assert str(public) in str(caught.value)
    subprocess.run(["ssh-add", "-q", str(key(EDITOR_ZH))], check=True)
    assert good(signers, sign(PAYLOAD, key=public))


# --- Who, when, for what -----------------------------------------------------------------------------------


def test_a_key_of_another_person_does_not_sign(signers: Path) -> None:
    assert not good(signers, sign(PAYLOAD, key=key(SECOND_ZH)))
    assert not good(signers, sign(PAYLOAD, key=key("stranger")))


def test_another_payload_is_not_what_was_signed(signers: Path) -> None:
    signature = sign(PAYLOAD, key=key(EDITOR_ZH))
    assert reason(signers, signature, payload=PAYLOAD + b" ")
    assert reason(signers, signature, payload=b"")


def test_a_signature_for_another_purpose_does_not_count(tmp_path: Path, signers: Path) -> None:
    """Whoever signs git commits or files with the same key has approved nothing."""
    (tmp_path / "payload").write_bytes(PAYLOAD)
    command = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(key(EDITOR_ZH)), "-n", "git", str(tmp_path / "payload")]
    subprocess.run(command, check=True, capture_output=True)
    assert not good(signers, (tmp_path / "payload.sig").read_text())


def test_a_key_listed_for_another_purpose_does_not_count(tmp_path: Path) -> None:
    signers = tmp_path / "newsroom.signers"
    signers.write_text(listing(EDITOR_ZH).replace(NAMESPACE, "git") + "\n")
    assert not good(signers, sign(PAYLOAD, key=key(EDITOR_ZH)))


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/Los_Angeles"])
def test_the_time_of_the_record_decides_wherever_the_machine_stands(
    zone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    signers = tmp_path / "newsroom.signers"
    window = 'valid-after="20261122100000",valid-before="20261122140000"'
    signers.write_text(listing(EDITOR_ZH, options=window) + "\n")
    signature = sign(PAYLOAD, key=key(EDITOR_ZH))
    hour = datetime.timedelta(hours=1)
    assert [good(signers, signature, at=NOW + hour * n) for n in (-3, -1, 0, 1, 3)] == [False, True, True, True, False]
    in_shanghai = NOW.astimezone(datetime.timezone(8 * hour))
    assert good(signers, signature, at=in_shanghai)


def test_one_line_may_list_several_people_and_a_pattern(tmp_path: Path) -> None:
    signers = tmp_path / "newsroom.signers"
    signers.write_text(listing(EDITOR_ZH).replace(EDITOR_ZH, "*@newsroom.example", 1) + "\n")
    signature = sign(PAYLOAD, key=key(EDITOR_ZH))
    assert good(signers, signature)
    assert not good(signers, signature, signer="editor-zh@elsewhere.example")


# --- Damage ------------------------------------------------------------------------------------------------


def damaged(signature: str) -> Iterator[str]:
    for at, character in enumerate(signature):
        yield signature[:at] + ("A" if character != "A" else "B") + signature[at + 1 :]
    yield from (signature[:-1], signature + "\n", " " + signature, signature.replace("\n", "\r\n"), signature * 2)
    yield from (signature.replace("\n", "\n\n"), "", "подпись", "-----BEGIN SSH SIGNATURE-----\n", "\0")


def test_no_character_of_a_signature_can_be_altered(signers: Path) -> None:
    """Not even where base64 and its frame would let it pass: the line that holds it would have another digest."""
    signature = sign(PAYLOAD, key=key(EDITOR_ZH))
    body = signature.index("\n") + 1
    tail = signature.index("=") - 4 if "=" in signature else len(signature) - 40
    samples = [
        altered for n, altered in enumerate(damaged(signature)) if n < 4 or n >= tail or n % 17 == 0 or n == body
    ]
    assert [altered for altered in samples if good(signers, altered)] == []


def test_the_reason_is_told_in_a_line(signers: Path) -> None:
    told = reason(signers, sign(PAYLOAD, key=key("stranger")))
    assert told
    assert "\n" not in told


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"# nobody\n", b"editor-zh@newsroom.example ssh-ed25519\n"])
def test_a_list_of_signers_without_the_key_lets_nobody_pass(content: bytes, tmp_path: Path) -> None:
    signers = tmp_path / "newsroom.signers"
    signers.write_bytes(content)
    assert not good(signers, sign(PAYLOAD, key=key(EDITOR_ZH)))


# --- Keys that cannot be used ------------------------------------------------------------------------------


def test_a_key_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "no such key"
    with pytest.raises(InputError) as caught:
        sign(PAYLOAD, key=missing)
    (found,) = caught.value.diagnostics
    assert found.code == "signing.key"
    assert found.location is not None
    assert found.location.path == str(missing)


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_bytes(b"\xff not a key\n")
    text.chmod(0o600)
    for file in (text, tmp_path):
        with pytest.raises(InputError):
            sign(PAYLOAD, key=file)


def test_a_key_that_others_can_read_is_refused_with_openssh_s_reason(tmp_path: Path) -> None:
    file = tmp_path / "open"
    shutil.copy(key(EDITOR_ZH), file)
    file.chmod(0o644)
    with pytest.raises(InputError) as caught:
        sign(PAYLOAD, key=file)
    assert "cannot sign with this key" in str(caught.value)


def test_a_passphrase_that_nobody_can_be_asked_for_is_no_hang(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_ASKPASS_REQUIRE", "force")
    monkeypatch.setenv("SSH_ASKPASS", "/bin/false")
    with pytest.raises(InputError):
        sign(PAYLOAD, key=make_key(tmp_path / "locked", passphrase="secret"))


def test_without_openssh_the_machine_lacks_something(
    tmp_path: Path, signers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signature = sign(PAYLOAD, key=key(EDITOR_ZH))
    monkeypatch.setenv("PATH", str(tmp_path))
    for attempt in (lambda: sign(PAYLOAD, key=key(EDITOR_ZH)), lambda: good(signers, signature)):
        with pytest.raises(MachineError) as caught:
            attempt()
        assert "openssh-client" in (caught.value.diagnostics[0].hint or "")
    (tmp_path / "ssh-keygen").write_text("no program\n")
    with pytest.raises(MachineError):
        good(signers, signature)


def test_words_of_openssh_in_any_encoding_are_no_trace_back(
    tmp_path: Path, signers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signature = sign(PAYLOAD, key=key(EDITOR_ZH))
    program = tmp_path / "ssh-keygen"
    program.write_text("#!/bin/sh\nprintf 'Schl\\374ssel kaputt\\n' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert "kaputt" in (reason(signers, signature) or "")
    with pytest.raises(InputError):
        sign(PAYLOAD, key=key(EDITOR_ZH))


# --- Public halves -----------------------------------------------------------------------------------------


def test_the_public_half_lies_beside_the_private_one() -> None:
    line = public_key(key(EDITOR_ZH))
    assert line
    assert line.startswith("ssh-ed25519 AAAA")
    assert public_key(key(EDITOR_ZH).with_name(key(EDITOR_ZH).name + ".pub")) == line


@pytest.mark.parametrize("name", [".", "/", "none", "folder"])
def test_a_public_half_may_be_missing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder.pub").mkdir()
    assert public_key(Path(name)) is None


def test_a_record_is_confirmed_by_a_shell_pipeline(tmp_path: Path) -> None:
    """Without any of our code: a line of the log, a few words of JSON handling, and OpenSSH."""
    newsroom = newsrooms.signed_newsroom(tmp_path)
    log = tmp_path / newsroom.log_file("zh", newsrooms.SLUG)
    payload = "import json,sys;r=json.loads(sys.argv[1]);r.pop('signature');print(json.dumps(r,sort_keys=True,"
    payload += "ensure_ascii=False,separators=(',',':')))"
    script = f"""
    set -eu
    line=$(head -n 1 "$1")
    "$0" -c "import json,sys;sys.stdout.write(json.loads(sys.argv[1])['signature'])" "$line" > signature
    "$0" -c "{payload}" "$line" > payload
    if command -v jq >/dev/null; then printf '%s\\n' "$line" | jq -cS 'del(.signature)' | cmp - payload; fi
    ssh-keygen -Y verify -f newsroom.signers -I {EDITOR_ZH} -n {NAMESPACE} -s signature < payload
    """
    done = subprocess.run(
        ["sh", "-c", script, sys.executable, str(log)], capture_output=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr
    assert b"Good" in done.stdout
