"""Sign-offs by security keys (FIDO): what stock OpenSSH says of them, we say."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path

import newsrooms
import pressroom
import pytest
from newsrooms import EDITOR_ZH, NOW, SLUG, approve, faults_of, list_signers, translated_newsroom
from security_keys import PIN_GIVEN, TOUCHED, SecurityKey, security_key

from workflow.errors import GateShut
from workflow.newsroom import Newsroom
from workflow.signing import NAMESPACE, Claim, KeyLists, sign, signers_line, verify

PAYLOAD = b"{}\n"


@pytest.fixture(params=["ed25519", "ecdsa"])
def device(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecurityKey]:
    with security_key(request.param) as found:
        monkeypatch.setenv("SSH_AUTH_SOCK", found.socket)
        yield found


@pytest.fixture
def public(device: SecurityKey, tmp_path: Path) -> Path:
    """The device's public key, which is all that lies on the disk."""
    file = tmp_path / "key_sk.pub"
    file.write_text(f"{device.line} of the editor\n")
    return file


def stock_says_good(folder: Path, signature: str, signers: str) -> bool:
    (folder / "signers").write_text(f"{signers}\n")
    (folder / "payload.sig").write_text(signature)
    command = ["ssh-keygen", "-Y", "verify", "-f", "signers", "-I", EDITOR_ZH, "-n", NAMESPACE, "-s", "payload.sig"]
    return subprocess.run(command, input=PAYLOAD, cwd=folder, capture_output=True, check=False).returncode == 0


def we_say_good(signature: str, signers: str) -> bool:
    claim = Claim(payload=PAYLOAD, signature=signature, signer=EDITOR_ZH, at=NOW)
    return verify(claim, KeyLists(signers=f"{signers}\n".encode())) is None


@pytest.fixture
def newsroom(tmp_path: Path, device: SecurityKey) -> Newsroom:
    newsroom = translated_newsroom(tmp_path / "newsroom")
    newsrooms.translate_site(newsroom)
    list_signers(newsroom, [signers_line(EDITOR_ZH, device.line)])
    return newsroom


@pytest.mark.parametrize("device", ["ed25519"], indirect=True)
def test_an_edition_signed_with_a_security_key_is_built_verified_and_exported(
    newsroom: Newsroom, public: Path, device: SecurityKey, tmp_path: Path
) -> None:
    def done(*arguments: str) -> str:
        found = pressroom.run(*arguments, root=newsroom.root)
        assert found.returncode == 0, found.stderr
        return found.stdout

    signed = pressroom.run("sign-off", SLUG, "zh", "--as", EDITOR_ZH, "--key", str(public), root=newsroom.root)
    assert "signed off" in signed.stdout
    assert "touch the security key" in signed.stderr
    assert device.count == 1
    done("build")
    assert (newsroom.root / f"out/web/zh/{SLUG}/index.html").exists()
    done("verify")
    (command,) = done("sign-off", "export", SLUG, "zh", "--to", str(tmp_path / "export")).splitlines()
    confirmed = subprocess.run(["sh", "-c", command], capture_output=True, check=False, encoding="utf-8")
    assert confirmed.returncode == 0
    assert "-SK key SHA256:" in confirmed.stdout


def test_either_kind_of_security_key_signs_off(newsroom: Newsroom, public: Path) -> None:
    assert approve(newsroom, "zh", with_key=public).is_complete
    assert faults_of(newsroom) == []


def test_another_security_key_signs_nothing_for_the_editor(newsroom: Newsroom, public: Path) -> None:
    list_signers(newsroom, [newsrooms.listing(EDITOR_ZH)])
    with pytest.raises(GateShut) as caught:
        approve(newsroom, "zh", with_key=public)
    assert "sk-" in (caught.value.diagnostics[0].hint or ""), "the line to list the key is told"
    assert newsrooms.log_of(newsroom, "zh") == []


@pytest.mark.parametrize("flags", [TOUCHED, TOUCHED | PIN_GIVEN, PIN_GIVEN, 0])
def test_touch_and_pin_are_between_the_key_and_its_owner(
    flags: int, public: Path, device: SecurityKey, tmp_path: Path
) -> None:
    """OpenSSH checks that the flags are signed, but asks for none; whoever wants a touch makes a key that wants it."""
    device.flags = flags
    signature = sign(PAYLOAD, key=public)
    line = signers_line(EDITOR_ZH, device.line)
    assert stock_says_good(tmp_path, signature, line)
    assert we_say_good(signature, line)


@pytest.mark.parametrize("option", ["no-touch-required", "verify-required"])
def test_options_of_authorized_keys_let_nobody_sign(
    option: str, public: Path, device: SecurityKey, tmp_path: Path
) -> None:
    """They are none of the options of allowed signers: a line with one counts for nothing, with OpenSSH and with us."""
    signature = sign(PAYLOAD, key=public)
    line = f'{EDITOR_ZH} {option},namespaces="{NAMESPACE}" {device.line}'
    assert not stock_says_good(tmp_path, signature, line)
    assert not we_say_good(signature, line)


def test_flags_and_count_cannot_be_altered(public: Path, device: SecurityKey) -> None:
    device.flags = 0
    signature, line = sign(PAYLOAD, key=public), signers_line(EDITOR_ZH, device.line)
    head, *body, foot, end = signature.split("\n")
    blob = base64.b64decode("".join(body))
    for at in (len(blob) - 5, len(blob) - 1):
        text = base64.b64encode(blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :]).decode()
        wrapped = [text[start : start + 70] for start in range(0, len(text), 70)]
        assert len(text) == len("".join(body))
        assert not we_say_good("\n".join([head, *wrapped, foot, end]), line)
