"""Which keys count: certificates of the newsroom's authority, validity windows, and the revocation list."""

from __future__ import annotations

import datetime
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from newsrooms import (
    EDITOR_RU,
    EDITOR_ZH,
    NOW,
    ONE_EDITOR,
    SECOND_ZH,
    SLUG,
    approve,
    decide,
    edit,
    faults_of,
    frozen,
    key,
    list_signers,
    listing,
    log_of,
    make_key,
    minutes,
    signed_newsroom,
    state_of,
    translated_newsroom,
    with_rules,
)

from workflow.errors import GateShut, InputError
from workflow.model import Decision, Stage
from workflow.newsroom import Newsroom, open_newsroom
from workflow.operations.build import build
from workflow.operations.status import status
from workflow.operations.verify import verify_newsroom
from workflow.settings import parse_settings
from workflow.signing import NAMESPACE, Claim, KeyLists, public_key, revocations_fault, sign, verify

PAYLOAD = b'{"words":"\xe5\xad\x97"}\n'
REVOKED = "newsroom.revoked"
LOG = f"locales/zh/signoffs/{SLUG}.jsonl"
HOUR = datetime.timedelta(hours=1)
WINDOW = "20261122110000:20261122130000"
"""An hour before and after `NOW`, in UTC."""


def ssh_keygen(*arguments: str | Path) -> None:
    """Runs it in UTC, in which all our times are."""
    command = ["ssh-keygen", "-q", *map(str, arguments)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, env={**os.environ, "TZ": "UTC"}, capture_output=True)


def authority(options: str = "", name: str = "authority") -> str:
    """The line of `newsroom.signers` for the newsroom's authority."""
    return f'*@newsroom.example cert-authority,namespaces="{NAMESPACE}"{options} {public_key(key(name))}'


@pytest.fixture
def certified(tmp_path: Path) -> Callable[..., Path]:
    """A new key with a certificate; returns the private half."""

    def make(
        name: str = "editor", *options: str, principals: str = EDITOR_ZH, window: str = WINDOW, by: str = "authority"
    ) -> Path:
        file = make_key(tmp_path / name)
        who = ["-n", principals] if principals else []
        ssh_keygen("-s", key(by), "-I", name, *who, "-V", window, *options, file.with_suffix(".pub"))
        return file

    return make


def certificate(private: Path) -> Path:
    return private.with_name(f"{private.name}-cert.pub")


def fault(
    file: Path, signers: str, *, at: datetime.datetime = NOW, signer: str = EDITOR_ZH, revoked: bytes | None = None
) -> str | None:
    """What is wrong with a signature by the key or certificate."""
    claim = Claim(payload=PAYLOAD, signature=sign(PAYLOAD, key=file), signer=signer, at=at)
    return verify(claim, KeyLists(signers=f"{signers}\n".encode(), revoked=revoked))


def revoking(newsroom: Newsroom, content: bytes | None) -> Newsroom:
    """The newsroom with such a revocation list; None names one that is not there."""
    newsroom = with_rules(newsroom, f'[signoff]\nrevocations = "{REVOKED}"\n\n{ONE_EDITOR}')
    (newsroom.root / REVOKED).unlink(missing_ok=True)
    if content is not None:
        (newsroom.root / REVOKED).write_bytes(content)
    return newsroom


def krl(tmp_path: Path, *specification: str, by: str = "authority") -> bytes:
    """A KRL made by `ssh-keygen -k`; a line without a colon is a public key."""
    file, text = tmp_path / "krl", tmp_path / "krl.txt"
    text.write_text("".join(f"{line}\n" for line in specification))
    of = ["-s", f"{key(by)}.pub"] if any(":" in line for line in specification) else []
    ssh_keygen("-k", "-f", file, *of, text)
    return file.read_bytes()


# --- Certificates ------------------------------------------------------------------------------------------


def test_a_certificate_signs_within_its_time_for_its_person_only(certified: Callable[..., Path]) -> None:
    file = certificate(certified())
    faults = [fault(file, authority(), at=NOW + HOUR * hours) for hours in (-2, -0.5, 0, 0.5, 2)]
    assert [found is None for found in faults] == [False, True, True, True, False]
    assert "expired" in (faults[-1] or "")
    assert fault(file, authority(), signer=SECOND_ZH)
    assert fault(certificate(certified("other", principals=SECOND_ZH)), authority())


@pytest.mark.parametrize(
    ("name", "options", "principals"),
    [("host", ["-h"], EDITOR_ZH), ("nobody", [], ""), ("wildcard", [], "*@newsroom.example")],
)
def test_a_certificate_must_name_a_person(
    name: str, options: list[str], principals: str, certified: Callable[..., Path]
) -> None:
    assert fault(certificate(certified(name, *options, principals=principals)), authority())


def test_a_certificate_counts_only_by_the_listed_authority_and_for_sign_offs(certified: Callable[..., Path]) -> None:
    file = certificate(certified())
    assert fault(file, authority().replace(NAMESPACE, "git"))
    assert fault(file, authority(name="other authority"))
    assert fault(certificate(certified("foreign", by="other authority")), authority())
    assert fault(file, authority().replace("cert-authority,", ""))
    assert fault(file, authority(',valid-before="20261122113000"'))


def test_the_authority_s_own_key_signs_nothing(certified: Callable[..., Path]) -> None:
    assert fault(key("authority"), authority())


@pytest.mark.parametrize("specification", ["serial: 7", "id: editor"])
def test_a_certificate_is_revoked_by_number_or_name(
    specification: str, certified: Callable[..., Path], tmp_path: Path
) -> None:
    file = certificate(certified("editor", "-z", "7"))
    assert fault(file, authority(), revoked=krl(tmp_path, "serial: 8", "id: other")) is None
    assert fault(file, authority(), revoked=krl(tmp_path, specification)) == "its key is revoked"


def test_with_the_authority_all_its_certificates_are_revoked(certified: Callable[..., Path], tmp_path: Path) -> None:
    file, ca = certificate(certified()), public_key(key("authority")) or ""
    for revoked in (ca.encode() + b"\n", krl(tmp_path, ca)):
        assert fault(file, authority(), revoked=revoked) == "its key is revoked"


def test_with_its_key_a_certificate_is_revoked(certified: Callable[..., Path], tmp_path: Path) -> None:
    private = certified()
    public = public_key(private) or ""
    for revoked in (f"# lost\n{public}\n".encode(), krl(tmp_path, public)):
        assert fault(certificate(private), authority(), revoked=revoked) == "its key is revoked"


@pytest.mark.parametrize("named", ["editor", "editor.pub", "editor-cert.pub"])
def test_an_editor_signs_off_with_a_certificate(named: str, certified: Callable[..., Path], tmp_path: Path) -> None:
    newsroom = translated_newsroom(tmp_path / "newsroom")
    list_signers(newsroom, [authority()])
    certified()
    assert approve(newsroom, "zh", with_key=tmp_path / named).is_complete
    assert faults_of(newsroom) == []
    (tmp_path / "editor-cert.pub").unlink()
    assert faults_of(newsroom) == [], "the log holds the certificate"


def test_a_listed_key_signs_itself_although_it_has_a_certificate(
    certified: Callable[..., Path], tmp_path: Path
) -> None:
    newsroom = translated_newsroom(tmp_path / "newsroom")
    private = certified(by="other authority")
    list_signers(newsroom, [f'{EDITOR_ZH} namespaces="{NAMESPACE}" {public_key(private)}'])
    assert approve(newsroom, "zh", with_key=private).is_complete


def test_a_retired_key_signs_with_its_certificate(certified: Callable[..., Path], tmp_path: Path) -> None:
    newsroom = translated_newsroom(tmp_path / "newsroom")
    private = certified()
    retired = f'{EDITOR_ZH} namespaces="{NAMESPACE}",valid-before="20261101" {public_key(private)}'
    list_signers(newsroom, [retired, authority()])
    assert approve(newsroom, "zh", with_key=private).is_complete
    assert faults_of(newsroom) == []


def test_an_expired_certificate_is_refused_with_the_reason(certified: Callable[..., Path], tmp_path: Path) -> None:
    newsroom = translated_newsroom(tmp_path / "newsroom")
    list_signers(newsroom, [listing(EDITOR_RU), authority()])
    with pytest.raises(GateShut) as caught:
        approve(newsroom, "zh", with_key=certificate(certified()), at=NOW + 2 * HOUR)
    (found,) = caught.value.diagnostics
    assert (found.code, str(found.location)) == ("signoff.unlisted", "newsroom.signers:2")
    assert "expired" in found.message
    assert "cert-authority" in (found.hint or "")
    assert log_of(newsroom, "zh") == []


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:  # a socket's path must be short
        started = subprocess.run(["ssh-agent", "-s", "-a", f"{folder}/agent"], capture_output=True, check=True)
        words = shlex.split(started.stdout.decode().replace(";", " "))
        for name, value in (word.split("=", 1) for word in words if "=" in word):
            monkeypatch.setenv(name, value)
        yield
        subprocess.run(["ssh-agent", "-k"], capture_output=True, check=True)


@pytest.mark.usefixtures("agent")
def test_the_agent_signs_with_a_certificate(certified: Callable[..., Path], tmp_path: Path) -> None:
    newsroom = translated_newsroom(tmp_path / "newsroom")
    list_signers(newsroom, [authority()])
    private = certified("agents", window="always:forever")
    subprocess.run(["ssh-add", "-q", str(private)], check=True, capture_output=True)
    private.unlink()
    assert approve(newsroom, "zh", with_key=private.with_suffix(".pub")).is_complete


# --- Validity windows: a key that was replaced ---------------------------------------------------------------


def test_what_a_key_signed_before_it_was_replaced_stays_good(tmp_path: Path) -> None:
    newsroom = signed_newsroom(tmp_path / "newsroom")
    retired = listing(EDITOR_ZH, options='valid-before="20261122123000"')
    new = listing(EDITOR_ZH, "new key", options='valid-after="20261122123000"')
    list_signers(newsroom, [retired, new, listing(EDITOR_RU)])
    assert faults_of(newsroom, NOW + datetime.timedelta(days=3650)) == []
    edit(newsroom, newsroom.catalog_file("zh", SLUG), "两位校长签字", "两位校长签署")
    with pytest.raises(GateShut) as caught:
        approve(newsroom, "zh", at=minutes(31))
    assert "expired" in str(caught.value)
    assert approve(newsroom, "zh", at=minutes(31), with_key=key("new key")).is_complete
    assert faults_of(newsroom) == []


# --- The revocation list: a key that was stolen --------------------------------------------------------------


def test_nothing_counts_that_a_revoked_key_signed_whenever(tmp_path: Path) -> None:
    newsroom = revoking(signed_newsroom(tmp_path / "newsroom"), f"{public_key(key('somebody'))}\n".encode())
    assert faults_of(newsroom) == []
    newsroom = revoking(newsroom, f"{public_key(key(EDITOR_ZH))}\n".encode())
    report = verify_newsroom(newsroom, minutes(60))
    assert [(found.code, str(found.location), found.language) for found in report.remarks] == [
        ("signoff.revoked", f"{LOG}:1", "zh")
    ]
    assert faults_of(newsroom) == [("signoff.unsigned", newsroom.edition_file("zh", SLUG))]
    assert state_of(newsroom, "zh").standing.stage is Stage.TRANSLATED
    assert state_of(newsroom, "ru").standing.stage is Stage.SIGNED_OFF
    (newsroom.root / newsroom.edition_file("zh", SLUG)).unlink()
    (newsroom.root / newsroom.log_file("zh", SLUG)).unlink()
    with pytest.raises(GateShut) as caught:
        approve(newsroom, "zh")
    (found,) = caught.value.diagnostics
    assert found.code == "signoff.revoked"
    assert "valid-before" in (found.hint or "")


def test_the_same_words_are_signed_again_with_a_new_key(tmp_path: Path) -> None:
    newsroom = revoking(signed_newsroom(tmp_path / "newsroom"), f"{public_key(key(EDITOR_ZH))}\n".encode())
    list_signers(newsroom, [listing(EDITOR_ZH), listing(EDITOR_ZH, "new key"), listing(EDITOR_RU), listing(SECOND_ZH)])
    assert approve(newsroom, "zh", at=minutes(1), with_key=key("new key")).is_complete
    assert faults_of(newsroom) == []
    assert len(log_of(newsroom, "zh")) == 2


@pytest.mark.parametrize("loses", ["key", "person"])
def test_words_taken_back_do_not_go_live_again_when_the_record_of_it_counts_no_more(loses: str, tmp_path: Path) -> None:
    newsroom = signed_newsroom(tmp_path / "newsroom")
    decide(newsroom, signer=SECOND_ZH, at=minutes(1), decision=Decision.WITHDRAW)
    if loses == "key":
        newsroom = revoking(newsroom, f"{public_key(key(SECOND_ZH))}\n".encode())
    else:
        edit(newsroom, "newsroom.toml", f'[people."{SECOND_ZH}"]', '[people."left@newsroom.example"]')
        newsroom = open_newsroom(newsroom.root)
    assert ("signoff.unsigned", newsroom.edition_file("zh", SLUG)) in faults_of(newsroom)
    assert state_of(newsroom, "zh").standing.stage is Stage.TRANSLATED
    if loses == "key":
        assert approve(newsroom, "zh", at=minutes(2)).is_complete


def test_a_verdict_is_not_remembered_beyond_a_change_of_the_list(tmp_path: Path) -> None:
    newsroom = signed_newsroom(tmp_path / "newsroom")

    def remembered(content: bytes) -> Stage:
        rows = status(revoking(newsroom, content), [SLUG], minutes(60))
        return next(row.stage for row in rows if row.language == "zh")

    nothing, editor = krl(tmp_path), f"{public_key(key(EDITOR_ZH))}\n".encode()
    found = [remembered(content) for content in (nothing, editor, nothing)]
    assert found == [Stage.SIGNED_OFF, Stage.TRANSLATED, Stage.SIGNED_OFF]


UNUSABLE = {
    "missing": None,
    "empty": b"",
    "blank": b"\n \n",
    "only a remark": b"# none yet\n",
    "garbage": b"not a key\n",
    "conflict": b"<<<<<<< ours\n",
    "zero bytes": b"\0" * 400,
    "binary": b"\0\xff" * 40,
    "UTF-16": "ssh-ed25519 AAAA\n".encode("utf-16"),
    "old line ends": b"ssh-ed25519 AAAA\rssh-ed25519 BBBB\r",
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_list_that_cannot_be_used_shuts_everything(name: str, tmp_path: Path) -> None:
    newsroom = revoking(signed_newsroom(tmp_path / "newsroom"), UNUSABLE[name])
    words = frozen(newsroom, "zh")
    for attempt in (
        lambda: faults_of(newsroom),
        lambda: build(newsroom, now=minutes(60)),
        lambda: status(newsroom, [SLUG], minutes(60)),
        lambda: approve(newsroom, "zh", SECOND_ZH),
    ):
        with pytest.raises(InputError) as caught:
            attempt()
        (found,) = caught.value.diagnostics
        assert str(found.location) == REVOKED
        assert "revocation list" in found.message
    assert not (newsroom.root / "out").exists()
    assert frozen(newsroom, "zh") == words


def test_a_folder_a_link_outside_and_a_cut_krl_are_no_list(tmp_path: Path) -> None:
    newsroom = revoking(signed_newsroom(tmp_path / "newsroom"), None)
    (newsroom.root / REVOKED).mkdir()
    with pytest.raises(InputError, match="revocation list"):
        faults_of(newsroom)
    (newsroom.root / REVOKED).rmdir()
    (tmp_path / "outside").write_text(f"{public_key(key('somebody'))}\n")
    (newsroom.root / REVOKED).symlink_to(tmp_path / "outside")
    with pytest.raises(InputError, match="revocation list"):
        faults_of(newsroom)
    whole = krl(tmp_path, public_key(key(EDITOR_ZH)) or "")
    assert revocations_fault(whole) is None
    assert [size for size in (9, 43, 60, len(whole) - 1) if revocations_fault(whole[:size]) is None] == []


def test_a_krl_without_keys_says_that_nothing_was_revoked(tmp_path: Path) -> None:
    assert faults_of(revoking(signed_newsroom(tmp_path / "newsroom"), krl(tmp_path))) == []


@pytest.mark.parametrize("value", ['""', '"/etc/revoked"', '"../revoked"', "true", '["a"]'])
def test_the_setting_names_a_file_of_the_newsroom(value: str, tmp_path: Path) -> None:
    newsroom = signed_newsroom(tmp_path)
    text = (newsroom.root / "newsroom.toml").read_text() + f"\n[signoff]\nrevocations = {value}\n"
    text = text.replace(ONE_EDITOR, "")
    with pytest.raises(InputError) as caught:
        parse_settings(text.encode())
    assert "signoff.revocations" in str(caught.value)


def test_a_copy_of_the_newsroom_judges_alike(tmp_path: Path) -> None:
    newsroom = revoking(signed_newsroom(tmp_path / "one"), f"{public_key(key(EDITOR_ZH))}\n".encode())
    shutil.copytree(newsroom.root, tmp_path / "two")
    assert faults_of(open_newsroom(tmp_path / "two")) == faults_of(newsroom)
