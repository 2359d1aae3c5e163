"""Law 7 with real faults: killed at each call, refused by the kernel, a full disk, a read-only one, many at once."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import strace_faults as faults
from newsrooms import (
    EDITOR_RU,
    EDITOR_ZH,
    NOW,
    SLUG,
    STORY,
    approve,
    edit,
    faults_of,
    key,
    log_of,
    refresh,
    translate,
    translate_site,
    translated_newsroom,
)
from pressroom import run
from strace_faults import Fault, Outcome, Scene

from workflow.errors import InputError
from workflow.newsroom import Newsroom

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


def told(outcomes: list[Outcome]) -> str:
    return "\n".join(f"{item.fault}: {'; '.join(item.problems)}" for item in outcomes if item.problems)


# --- Faults at chosen calls ------------------------------------------------------------------------------------


def every_kill_and_error(found: list[Fault]) -> list[Fault]:
    """Killed at each call that writes, and each error once at each kind of call."""
    errors = {(fault.call.name, fault.what): fault for fault in found if fault.what != "KILL"}
    kills = [fault for fault in found if fault.what == "KILL"]
    writes = [fault for fault in kills if fault.call.name != "openat" or faults.is_stray(fault.call.path)]
    return [*writes, *errors.values()]


def spread(count: int) -> Callable[[list[Fault]], list[Fault]]:
    def choose(found: list[Fault]) -> list[Fault]:
        return [found[(2 * number + 1) * len(found) // (2 * count)] for number in range(count)]

    return choose


@needs_strace
def test_a_sign_off_with_a_fault_at_every_step(tmp_path: Path) -> None:
    outcomes = faults.try_all(faults.signing(tmp_path), tmp_path, every_kill_and_error)
    assert told(outcomes) == ""
    assert len(outcomes) > 25
    assert any(item.strays for item in outcomes)
    assert {item.code for item in outcomes} >= {-9, 5}


@needs_strace
@pytest.mark.parametrize(("make", "count"), [(faults.updating, 4), (faults.building, 2)])
def test_other_commands_with_a_fault_at_some_steps(make: Callable[[Path], Scene], count: int, tmp_path: Path) -> None:
    assert told(faults.try_all(make(tmp_path), tmp_path, spread(count))) == ""


# --- Full and read-only disks ----------------------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("cannot mount a tmpfs here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """A file that takes all the room there is."""
    filler = folder / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(b"-" * 4096) == 4096:
            pass
    return filler


def sign_off(newsroom: Newsroom) -> subprocess.CompletedProcess[str]:
    return run("sign-off", SLUG, "zh", "--as", EDITOR_ZH, "--key", str(key(EDITOR_ZH)), root=newsroom.root)


def test_a_full_disk_keeps_what_was_there(disk: Path) -> None:
    newsroom = translated_newsroom(disk / "newsroom")
    translate_site(newsroom)
    approve(newsroom, "zh")
    translate(newsroom, "zh", {"Universities sign an agreement": "两校签署协议"})
    edit(newsroom, STORY, "on Monday", "on Friday")
    before = faults.files_of(newsroom)
    filler = fill(disk)
    for arguments in (("update",), ("build",)):
        done = run(*arguments, root=newsroom.root)
        assert done.returncode == 5, (arguments, done.stderr)
        assert "cannot write: no space left on device" in done.stderr
        assert "make room on the disk" in done.stderr
    left = faults.files_of(newsroom)
    assert {name: data for name, data in left.items() if not name.startswith("out/")} == before
    filler.unlink()
    assert run("update", root=newsroom.root).returncode == 0
    assert not [name for name in faults.files_of(newsroom) if faults.is_stray(name)]


def test_a_full_disk_refuses_a_signature_and_loses_none(disk: Path) -> None:
    newsroom = translated_newsroom(disk / "newsroom")
    filler = fill(disk)
    before = faults.files_of(newsroom)
    done = sign_off(newsroom)
    assert done.returncode == 5
    assert "no space left on device" in done.stderr
    assert faults.files_of(newsroom) == before
    filler.unlink()
    assert sign_off(newsroom).returncode == 0
    assert faults_of(newsroom, datetime.datetime.now(datetime.UTC)) == []


def test_a_read_only_disk_can_be_read_and_says_why_it_is_not_written(disk: Path) -> None:
    newsroom = translated_newsroom(disk / "newsroom")
    approve(newsroom, "zh")
    before = faults.files_of(newsroom)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    for arguments in (("status",), ("verify",), ("check", "--language", "zh"), ("update", "--check")):
        assert run(*arguments, root=newsroom.root).returncode in (0, 1), arguments
    for done in (sign_off(newsroom), run("update", root=newsroom.root), run("build", root=newsroom.root)):
        assert done.returncode == 5, done.stderr
        assert "the disk is mounted read-only" in done.stderr
    assert faults.files_of(newsroom) == before


# --- What killed writers left ----------------------------------------------------------------------------------


def test_the_next_command_sweeps_the_folders_that_it_writes_to(tmp_path: Path) -> None:
    newsroom = translated_newsroom(tmp_path / "newsroom")
    approve(newsroom, "zh")
    stray = ".other.tmp-workflow"
    for folder in ("LC_MESSAGES/2026", "LC_MESSAGES", "signoffs/2026", "editions/2026", "../media"):
        (newsroom.root / "locales/zh" / folder / stray).touch()
    refresh(newsroom)
    assert len(list(newsroom.root.rglob(stray))) == 3
    approve(newsroom, "zh")
    assert list(newsroom.root.rglob(stray)) == []


def test_a_folder_that_cannot_be_read_is_no_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom = translated_newsroom(tmp_path / "newsroom")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("stories/2026"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr("os.scandir", refuse)
    with pytest.raises(InputError, match="stories/2026"):
        newsroom.slugs()


# --- Many at once ----------------------------------------------------------------------------------------------

SECONDS = 10.0


class Loop(threading.Thread):
    """Runs one command over and over in processes of its own, and counts how each ended."""

    def __init__(self, newsroom: Newsroom, until: float, *arguments: str, words: bool = False) -> None:
        super().__init__()
        self.newsroom, self.until, self.arguments, self.words = newsroom, until, arguments, words
        self.ends: dict[int, int] = {}
        self.odd: list[str] = []

    def run(self) -> None:
        while time.monotonic() < self.until or self._is_starved():
            if self.words:
                # A translator's tool replaces the file whole, as ours do.
                words = f"两所大学签署协议 {sum(self.ends.values())}"
                translate(self.newsroom, "zh", {"Universities sign an agreement": words})
            done = run(*self.arguments, root=self.newsroom.root)
            self.ends[done.returncode] = self.ends.get(done.returncode, 0) + 1
            if done.returncode not in (0, 4) or "Traceback" in done.stderr:
                self.odd.append(f"{self.arguments[0]}: {done.returncode}: {done.stderr}")

    def _is_starved(self) -> bool:
        """On a busy machine the one whose work is looked at may not have had its turn yet."""
        return self.words and not self.ends.get(0) and time.monotonic() < self.until + 60


def read_over_and_over(newsroom: Newsroom, until: float) -> list[str]:
    """What a web server would see that is not whole; it goes on reading until then."""
    bad = []
    while time.monotonic() < until:
        with contextlib.suppress(FileNotFoundError):
            data = (newsroom.root / "out/manifest.json").read_text(encoding="utf-8")
            if not data.endswith("}\n") or json.loads(data)["schema"] != 1:
                bad.append("manifest")
        for language in ("zh", "ru"):
            with contextlib.suppress(FileNotFoundError):
                page = (newsroom.root / f"out/web/{language}/{SLUG}/index.html").read_text(encoding="utf-8")
                if not re.search(r"</html>\s*$", page):
                    bad.append(f"{language}: {len(page)} characters")
            with contextlib.suppress(FileNotFoundError):
                edition = (newsroom.root / newsroom.edition_file(language, SLUG)).read_bytes()
                if not edition.startswith(b"---\n") or not edition.endswith(b"\n"):
                    bad.append(f"{language}: edition")
        time.sleep(0.002)
    return bad


def test_signing_updating_building_and_reading_at_once(tmp_path: Path) -> None:
    newsroom = translated_newsroom(tmp_path / "newsroom")
    translate_site(newsroom)
    until = time.monotonic() + SECONDS
    sign = ("sign-off", SLUG)
    loops = [
        Loop(newsroom, until, *sign, "zh", "--as", EDITOR_ZH, "--key", str(key(EDITOR_ZH)), words=True),
        Loop(newsroom, until, *sign, "ru", "--as", EDITOR_RU, "--key", str(key(EDITOR_RU))),
        Loop(newsroom, until, "update"),
        Loop(newsroom, until, "build", "--jobs", "1"),
        Loop(newsroom, until, "status"),
    ]
    for loop in loops:
        loop.start()
    bad = read_over_and_over(newsroom, until)
    for loop in loops:
        loop.join()
    assert bad == []
    assert [odd for loop in loops for odd in loop.odd] == []
    signed = loops[0].ends.get(0, 0)
    assert signed
    # Every sign-off that ended well is in the log, and no other.
    assert len(log_of(newsroom, "zh")) == signed
    assert len(log_of(newsroom, "ru")) <= 1
    for _ in range(2):
        assert run("build", "--jobs", "1", root=newsroom.root).returncode == 0
    assert faults_of(newsroom, NOW.replace(year=2100)) == []
    assert not [path for path in newsroom.root.rglob("*.tmp-workflow") if ".workflow" not in path.parts]
