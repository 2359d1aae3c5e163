"""`workflow verify` over many records: every one is checked, in parallel, and each fault is named at its line."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import newsrooms
import pytest
from newsrooms import (
    EDITOR_RU,
    EDITOR_ZH,
    NOW,
    SECOND_ZH,
    SLUG,
    append,
    faults_of,
    key,
    list_signers,
    listing,
    log_of,
    minutes,
    record_of,
    set_log,
    signed,
    signed_newsroom,
)

from workflow.canonical import canonical_json, digest
from workflow.errors import MachineError
from workflow.newsroom import Newsroom
from workflow.operations.cache import read_cache, write_cache
from workflow.operations.verdicts import CACHE_FILE, Verdicts
from workflow.operations.verify import verify_newsroom
from workflow.signing import Claim, KeyLists, sign, verify, verify_all
from workflow.signoff import format_record

LOG = f"locales/zh/signoffs/{SLUG}.jsonl"
REPOSITORY = Path(__file__).resolve().parent.parent
LENGTH = 60


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return signed_newsroom(tmp_path / "newsroom")


def extend(newsroom: Newsroom, count: int) -> list[str]:
    """So many more approvals of the same words; returns the log."""
    lines, record = log_of(newsroom, "zh"), record_of(newsroom)
    for number in range(count):
        record = signed(replace(record, at=minutes(number + 1), follows=(digest(lines[-1]),)))
        lines.append(format_record(record))
    set_log(newsroom, "zh", lines)
    return lines


def test_each_signature_is_judged_by_itself_and_in_its_place(tmp_path: Path) -> None:
    """All kinds of claims, mixed: the verdicts of many at once are those of each alone."""
    lists = KeyLists(signers=f"{listing(EDITOR_ZH)}\n{listing(SECOND_ZH)}\n".encode())
    claims = []
    for number in range(24):
        payload, signer = f"{number}\n".encode(), (EDITOR_ZH, SECOND_ZH)[number % 2]
        signature = sign(payload, key=key("stranger" if number % 5 == 4 else signer))
        if number % 7 == 6:
            payload += b" "
        if number % 11 == 10:
            signature = "damaged\n"
        claims.append(Claim(payload=payload, signature=signature, signer=signer, at=NOW))
    together = verify_all(claims, lists)
    assert together == tuple(verify(claim, lists) for claim in claims)
    bad = {number for number in range(24) if number % 5 == 4 or number % 7 == 6 or number % 11 == 10}
    assert {number for number, why in enumerate(together) if why} == bad
    assert verify_all([], lists) == ()


def test_no_file_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    claim = Claim(payload=b"", signature=sign(b"", key=key(EDITOR_ZH)), signer=EDITOR_ZH, at=NOW)
    assert verify_all([claim] * 5, KeyLists(signers=listing(EDITOR_ZH).encode())) == (None,) * 5
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MachineError):
        verify_all([claim] * 5, KeyLists(signers=b""))
    assert list(tmp_path.iterdir()) == []


def test_every_bad_line_of_a_long_log_is_named(newsroom: Newsroom) -> None:
    lines = extend(newsroom, LENGTH)
    report = verify_newsroom(newsroom, minutes(600))
    assert (report.records, report.faults) == (LENGTH + 2, ())
    bad = {7, 20, LENGTH}
    for number in bad:
        line = lines[number - 1]
        lines[number - 1] = line.replace('"name":"editor-zh"', '"name":"editor-zj"')
        assert lines[number - 1] != line
    set_log(newsroom, "zh", lines)
    faults = verify_newsroom(newsroom, minutes(600)).faults
    assert {found.location.line for found in faults if found.code == "signoff.signature" and found.location} == bad
    assert {found.location.line for found in faults if found.code == "signoff.chain" and found.location} == {
        number + 1 for number in bad
    }
    assert {(found.story, found.language) for found in faults if found.code != "signoff.unsigned"} == {(SLUG, "zh")}


def test_faults_name_the_field(newsroom: Newsroom) -> None:
    record = record_of(newsroom, at=minutes(1))
    late = signed(replace(record, at=NOW + datetime.timedelta(days=2)))
    for changed, field in (
        (late, "at"),
        (signed(replace(record, signer=EDITOR_RU)), "signer"),
        (signed(record, key("stranger")), "signature"),
        (signed(replace(record, language="ru")), "language"),
        (signed(replace(record, newsroom="https://other.example/")), "newsroom"),
    ):
        kept = log_of(newsroom, "zh")
        append(newsroom, "zh", format_record(changed))
        faults = verify_newsroom(newsroom, NOW + datetime.timedelta(days=1)).faults
        messages = [found.message for found in faults if str(found.location) == f"{LOG}:2"]
        assert any(message.startswith(f"{field}:") for message in messages), messages
        set_log(newsroom, "zh", kept)


def forged(newsroom: Newsroom) -> dict[str, str]:
    """Changes the signed record; returns the verdict that it is good."""
    line = log_of(newsroom, "zh")[0].replace('"name":"editor-zh"', '"name":"editor-zj"')
    set_log(newsroom, "zh", [line])
    return {f"{digest(line)}:{Verdicts.load(newsroom, NOW).lists_digest}": ""}


def test_no_verdict_comes_from_a_cache(newsroom: Newsroom) -> None:
    """Not even from one that this very user sealed."""
    write_cache(newsroom, CACHE_FILE, forged(newsroom))
    assert Verdicts.load(newsroom, NOW).checked_log("zh", SLUG).faults == ()
    assert ("signoff.signature", f"{LOG}:1") in faults_of(newsroom)


def test_a_verdict_that_somebody_else_put_there_is_not_believed(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache may come with a branch; a build must not publish what it says was signed."""
    told, file = forged(newsroom), newsroom.root / ".workflow" / CACHE_FILE
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("XDG_STATE_HOME", str(tmp_path / "state of another machine"))
        write_cache(newsroom, CACHE_FILE, told)
        assert read_cache(newsroom, CACHE_FILE) == told
    sealed = file.read_bytes()
    for data in (sealed, canonical_json(told).encode(), b"\n" + canonical_json(told).encode()):
        file.write_bytes(data)
        assert read_cache(newsroom, CACHE_FILE) == {}
        assert [found.code for found in Verdicts.load(newsroom, NOW).checked_log("zh", SLUG).faults]
    write_cache(newsroom, "build.json", told)
    shutil.copy(file.with_name("build.json"), file)
    assert read_cache(newsroom, CACHE_FILE) == {}, "sealed as something else"


@pytest.mark.parametrize("home", ["/dev/null", "/proc"])
def test_without_a_place_for_the_secret_nothing_is_remembered_and_all_works(
    home: str, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", home)
    verdicts = Verdicts.load(newsroom, minutes(600))
    assert verdicts.checked_log("zh", SLUG).faults == ()
    verdicts.save()
    assert Verdicts.load(newsroom, minutes(600)).known == {}


def test_the_secret_is_the_user_s_alone(newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    write_cache(newsroom, "x.json", {"a": 1})
    assert read_cache(newsroom, "x.json") == {"a": 1}
    assert (tmp_path / "state/bulletin-workflow").stat().st_mode & 0o077 == 0
    (tmp_path / "state/bulletin-workflow/seal").write_bytes(b"")
    assert read_cache(newsroom, "x.json") == {}
    write_cache(newsroom, "x.json", {"a": 2})
    assert read_cache(newsroom, "x.json") == {"a": 2}, "a new secret was made"


def test_a_log_is_not_asked_about_twice(newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts = Verdicts.load(newsroom, minutes(600))
    assert len(dict(verdicts.checked_logs("zh", [SLUG]))) == 1
    verdicts.save()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Verdicts.load(newsroom, minutes(600)).checked_log("zh", SLUG).faults == ()


def test_verdicts_under_other_lists_are_forgotten(newsroom: Newsroom) -> None:
    file = newsroom.root / ".workflow/verdicts.json"
    for more in ("", "# another\n"):
        list_signers(newsroom, [listing(EDITOR_ZH), listing(EDITOR_RU), more])
        verdicts = Verdicts.load(newsroom, minutes(600))
        verdicts.checked_log("zh", SLUG)
        verdicts.save()
        assert len(json.loads(file.read_text().partition("\n")[2])) == 1


def test_the_benchmark_runs(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / "benchmarks/verify.py"), "30", "10"],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "TMPDIR": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"records/s" in done.stdout
    assert b"all good: 30 records" in done.stderr


def test_signers_without_a_name_in_the_settings_are_never_handed_to_openssh(newsroom: Newsroom) -> None:
    """What a stranger wrote into a record must not become an argument."""
    for signer in ("-f", "\0", "x" * 3_000_000):
        append(newsroom, "zh", format_record(replace(record_of(newsroom), signer=signer, signature="x")))
    found = [code for code, place in faults_of(newsroom) if place.startswith(LOG)]
    assert found == ["signoff.signer"] * 3
    assert newsrooms.state_of(newsroom, "zh").standing.approved is not None
