"""Two people are two keys: a key that goes by two names makes nobody a second person, certified or not."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from newsrooms import (
    CHIEF,
    EDITOR_RU,
    EDITOR_ZH,
    ONE_EDITOR,
    SECOND_ZH,
    SLUG,
    TWO_EDITORS,
    append,
    approve,
    edit,
    faults_of,
    key,
    list_signers,
    listing,
    log_of,
    make_key,
    minutes,
    record_of,
    signed,
    state_of,
    translated_newsroom,
    with_rules,
)
from security_keys import security_key
from test_keys import authority, certificate, krl, revoking, ssh_keygen

from workflow.errors import GateShut, InputError
from workflow.model import Decision, Stage
from workflow.newsroom import Newsroom, open_newsroom
from workflow.operations.verify import verify_newsroom
from workflow.public_keys import key_of_line, key_of_signature
from workflow.settings import FILE_NAME
from workflow.signing import NAMESPACE, public_key, sign
from workflow.signoff import format_record, parse_record

LOG = f"locales/zh/signoffs/{SLUG}.jsonl"
BOTH = f"{EDITOR_ZH},{SECOND_ZH}"


def certify(private: Path, principals: str, name: str) -> Path:
    """A certificate of the key for the people; returns it under a name of its own, beside a copy of the key."""
    copy = private.with_name(name)
    copy.write_bytes(private.read_bytes())
    copy.chmod(0o600)
    copy.with_suffix(".pub").write_text(f"{public_key(private)}\n")
    ssh_keygen("-s", key("authority"), "-I", name, "-n", principals, copy.with_suffix(".pub"))
    return certificate(copy)


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    newsroom = with_rules(translated_newsroom(tmp_path / "newsroom"), TWO_EDITORS)
    list_signers(newsroom, [authority(), listing(EDITOR_RU)])
    return newsroom


@pytest.fixture
def private(tmp_path: Path) -> Path:
    return make_key(tmp_path / "one")


def put(newsroom: Newsroom, signer: str, with_key: Path, **changes: Any) -> None:
    """Appends the signer's approval, going round the command."""
    append(newsroom, "zh", format_record(signed(record_of(newsroom, "zh", signer, **changes), with_key)))


def in_one_certificate(newsroom: Newsroom, private: Path) -> tuple[Path, Path]:
    both = certify(private, BOTH, "both")
    return both, both


def in_two_certificates(newsroom: Newsroom, private: Path) -> tuple[Path, Path]:
    return certify(private, EDITOR_ZH, "first"), certify(private, SECOND_ZH, "second")


def listed_and_certified(newsroom: Newsroom, private: Path) -> tuple[Path, Path]:
    list_signers(newsroom, [f'{EDITOR_ZH} namespaces="{NAMESPACE}" {public_key(private)}', authority()])
    return private, certify(private, SECOND_ZH, "second")


def listed_where_only_openssh_sees_it(newsroom: Newsroom, private: Path) -> tuple[Path, Path]:
    """No blank after the quotes: OpenSSH takes the line, and we cannot read who is in it."""
    list_signers(newsroom, [f'"*@newsroom.example"namespaces="{NAMESPACE}" {public_key(private)}'])
    return private, private


WAYS = [in_one_certificate, in_two_certificates, listed_and_certified, listed_where_only_openssh_sees_it]
Way = Callable[[Newsroom, Path], tuple[Path, Path]]


@pytest.mark.parametrize("way", WAYS)
def test_one_key_is_refused_its_second_name(way: Way, newsroom: Newsroom, private: Path) -> None:
    first, second = way(newsroom, private)
    assert not approve(newsroom, "zh", EDITOR_ZH, with_key=first).is_complete
    with pytest.raises(GateShut) as caught:
        approve(newsroom, "zh", SECOND_ZH, at=minutes(1), with_key=second)
    (found,) = caught.value.diagnostics
    assert found.code == "signoff.shared-key"
    assert found.message.startswith(f"one key for {SECOND_ZH} and {EDITOR_ZH} (")
    assert found.hint
    assert len(log_of(newsroom, "zh")) == 1
    assert faults_of(newsroom) == []


@pytest.mark.parametrize("way", WAYS)
def test_a_log_in_which_one_key_has_two_names_counts_neither(way: Way, newsroom: Newsroom, private: Path) -> None:
    """Somebody went round the command; which of the two stands first in a merged log makes no difference."""
    first, second = way(newsroom, private)
    put(newsroom, EDITOR_ZH, first)
    put(newsroom, SECOND_ZH, second, at=minutes(1))
    faults = verify_newsroom(newsroom, minutes(60)).faults
    assert [(found.code, str(found.location), found.language, found.story) for found in faults] == [
        ("signoff.shared-key", f"{LOG}:1", "zh", SLUG),
        ("signoff.shared-key", f"{LOG}:2", "zh", SLUG),
    ]
    assert [found.message.partition(": ")[0] for found in faults] == ["signature"] * 2
    assert all("revocation list" in (found.hint or "") for found in faults)
    assert state_of(newsroom, "zh").standing.stage is Stage.TRANSLATED


def test_the_truth_comes_back_with_the_revocation(newsroom: Newsroom, private: Path, tmp_path: Path) -> None:
    first, second = in_two_certificates(newsroom, private)
    put(newsroom, EDITOR_ZH, first)
    put(newsroom, SECOND_ZH, second, at=minutes(1))
    newsroom = revoking(newsroom, krl(tmp_path, public_key(private) or ""))
    edit(newsroom, FILE_NAME, "people = 1", "people = 2")
    list_signers(newsroom, [authority(), listing(EDITOR_ZH), listing(SECOND_ZH)])
    newsroom = open_newsroom(newsroom.root)
    assert faults_of(newsroom) == []
    assert not approve(newsroom, "zh", EDITOR_ZH, at=minutes(2)).is_complete
    assert approve(newsroom, "zh", SECOND_ZH, at=minutes(3)).is_complete
    assert faults_of(newsroom) == []


def test_a_wrong_certificate_alone_can_be_revoked(newsroom: Newsroom, private: Path, tmp_path: Path) -> None:
    first, second = in_two_certificates(newsroom, private)
    approve(newsroom, "zh", EDITOR_ZH, with_key=first)
    put(newsroom, SECOND_ZH, second, at=minutes(1))
    newsroom = revoking(newsroom, krl(tmp_path, "id: second"))
    assert faults_of(newsroom) == []
    assert state_of(newsroom, "zh").standing.stage is Stage.SIGNED_OFF


def test_a_decision_under_a_second_name_is_no_way_to_bring_words_back(newsroom: Newsroom, private: Path) -> None:
    """The withdrawal counts for nothing, and yet what it took back stays back."""
    newsroom = with_rules(newsroom, ONE_EDITOR)
    list_signers(newsroom, [authority(), listing(EDITOR_ZH)])
    approve(newsroom, "zh", EDITOR_ZH)
    both = certify(private, f"{SECOND_ZH},{CHIEF}", "both")
    put(newsroom, SECOND_ZH, both, at=minutes(1), decision=Decision.WITHDRAW)
    put(newsroom, CHIEF, both, at=minutes(2))
    assert state_of(newsroom, "zh").standing.stage is not Stage.SIGNED_OFF
    assert {place for _, place in faults_of(newsroom)} >= {f"{LOG}:2", f"{LOG}:3"}


def test_a_forged_line_takes_nobody_s_key_from_them(newsroom: Newsroom, private: Path) -> None:
    """Anybody can write a public key into a signature; only a good one speaks for the key."""
    newsroom = with_rules(newsroom, ONE_EDITOR)
    approve(newsroom, "zh", EDITOR_ZH, with_key=certify(private, EDITOR_ZH, "first"))
    (line,) = log_of(newsroom, "zh")
    record = record_of(newsroom, "zh", SECOND_ZH, at=minutes(1), signature=parse_record(line).signature)
    append(newsroom, "zh", format_record(record))
    assert [code for code, place in faults_of(newsroom) if place == f"{LOG}:2"] == ["signoff.signature"]
    assert state_of(newsroom, "zh").standing.stage is Stage.SIGNED_OFF


def test_a_person_may_have_any_number_of_keys_and_certificates(newsroom: Newsroom, private: Path) -> None:
    first = certify(private, EDITOR_ZH, "first")
    renewed = certify(private, EDITOR_ZH, "renewed")
    approve(newsroom, "zh", EDITOR_ZH, with_key=first)
    put(newsroom, EDITOR_ZH, renewed, at=minutes(1))
    list_signers(newsroom, [authority(), listing(EDITOR_ZH), listing(SECOND_ZH)])
    put(newsroom, EDITOR_ZH, key(EDITOR_ZH), at=minutes(2))
    assert state_of(newsroom, "zh").standing.stage is Stage.IN_REVIEW
    assert approve(newsroom, "zh", SECOND_ZH, at=minutes(3)).is_complete
    assert faults_of(newsroom) == []


@pytest.mark.parametrize("pattern", ["*", "*@newsroom.example", "editor-zh@*,second-??@newsroom.example", f"!x,{BOTH}"])
def test_a_pattern_that_two_people_match_stops_everything(pattern: str, newsroom: Newsroom) -> None:
    list_signers(newsroom, [f'{pattern} namespaces="{NAMESPACE}" {public_key(key(EDITOR_ZH))}'])
    with pytest.raises(InputError, match="one key for"):
        approve(newsroom, "zh")


def test_one_secret_under_two_kinds_of_key_is_one_key(newsroom: Newsroom) -> None:
    """A key in a file, listed for one, and as a security key's for another."""
    with security_key() as device:
        plain = f"ssh-ed25519 {base64.b64encode(device.plain).decode()}"
        lines = [f"{name} {line}" for name, line in ((EDITOR_ZH, plain), (SECOND_ZH, device.line))]
    list_signers(newsroom, lines)
    with pytest.raises(InputError, match="one key for"):
        approve(newsroom, "zh")


# --- What tells a key ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_key_is_told_whoever_certified_it(kind: str, tmp_path: Path) -> None:
    private = make_key(tmp_path / "key", kind=kind)
    told = key_of_line((public_key(private) or "").split()[1])
    files = [private, certify(private, EDITOR_ZH, "one"), certify(private, BOTH, "two")]
    assert {key_of_signature(sign(b"", key=file)) for file in files} == {told}
    assert key_of_signature(sign(b"", key=make_key(tmp_path / "other", kind=kind))) != told


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa"])
def test_a_certified_security_key_is_told(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with security_key(kind) as device:
        monkeypatch.setenv("SSH_AUTH_SOCK", device.socket)
        public = tmp_path / "key.pub"
        public.write_text(f"{device.line}\n")
        ssh_keygen("-s", key("authority"), "-I", "x", "-n", EDITOR_ZH, public)
        body = (tmp_path / "key-cert.pub").read_text().split()[1]
        told = {key_of_signature(sign(b"", key=public)), key_of_line(device.line.split()[1]), key_of_line(body)}
        assert len(told) == 1
        assert key_of_line(base64.b64encode(device.plain).decode()) in told


def test_zeros_in_front_of_a_number_make_no_other_key(tmp_path: Path) -> None:
    body = (public_key(make_key(tmp_path / "key", kind="rsa")) or "").split()[1]
    blob = base64.b64decode(body)
    exponent = b"\0\0\0\3\1\0\1"
    assert blob.count(exponent) == 1
    padded = base64.b64encode(blob.replace(exponent, b"\0\0\0\5\0\0\1\0\1")).decode()
    assert key_of_line(padded) == key_of_line(body)


def blob_of(*fields: bytes) -> str:
    return base64.b64encode(b"".join(len(field).to_bytes(4) + field for field in fields)).decode()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "A",
        "AAAA",
        "字",
        blob_of(b"ssh-ed25519"),
        blob_of(b"ssh-ed25519-cert-v01@openssh.com", b"x"),
        blob_of(b"ssh-x"),
    ],
)
def test_what_is_no_key_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        key_of_line(body)
    with pytest.raises(ValueError, match=r"."):
        key_of_signature(f"-----BEGIN SSH SIGNATURE-----\n{body}\n-----END SSH SIGNATURE-----\n")


def test_a_key_that_is_cut_off_is_no_key_or_the_same(tmp_path: Path) -> None:
    blob = base64.b64decode((public_key(certify(make_key(tmp_path / "key"), BOTH, "both")) or "").split()[1])
    told = []
    for size in range(len(blob) + 1):
        with contextlib.suppress(ValueError):
            told.append(key_of_line(base64.b64encode(blob[:size]).decode()))
    assert len(set(told)) == 1
    assert len(told) < len(blob) - 100, "type, chance and number must be there"
