"""Law 7: a killed, full-disk or failing write leaves the old file or the new one, never less."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from newsrooms import PICTURE, SLUG, STORY, edit, translated_newsroom

from workflow.errors import ConflictError, InputError, MachineError, UsageError
from workflow.newsroom import Newsroom, open_newsroom, require_slug

FILE = "locales/zh/editions/2026/x.md"


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return translated_newsroom(tmp_path / "newsroom")


def strays(newsroom: Newsroom) -> list[str]:
    return [path.name for path in newsroom.root.rglob("*.tmp-workflow")]


# --- Writing ---------------------------------------------------------------------------------------------------


def test_a_file_is_written_with_its_folders_and_read_back(newsroom: Newsroom) -> None:
    assert newsroom.write(FILE, b"one")
    assert newsroom.read(FILE) == b"one"
    assert newsroom.write(FILE, b"two")
    assert newsroom.read(FILE) == b"two"
    assert strays(newsroom) == []


def test_what_is_so_already_is_not_written_again(newsroom: Newsroom) -> None:
    newsroom.write(FILE, b"one")
    file = newsroom.root / FILE
    os.utime(file, ns=(1, 1))
    before = file.stat()
    assert not newsroom.write(FILE, b"one")
    after = file.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_file_keeps_its_mode_and_a_new_one_has_the_usual(newsroom: Newsroom) -> None:
    before = os.umask(0o027)
    try:
        newsroom.write(FILE, b"one")
        assert (newsroom.root / FILE).stat().st_mode & 0o777 == 0o640
        (newsroom.root / FILE).chmod(0o604)
        newsroom.write(FILE, b"two")
        assert (newsroom.root / FILE).stat().st_mode & 0o777 == 0o604
    finally:
        os.umask(before)


STEPS = [
    ("tempfile", "mkstemp"),
    ("os", "fdopen"),
    ("os", "fsync"),
    ("pathlib.Path", "chmod"),
    ("pathlib.Path", "replace"),
]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS])
@pytest.mark.parametrize(("owner", "step"), STEPS)
def test_a_step_that_fails_leaves_the_old_file(
    owner: str, step: str, number: int, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.write(FILE, b"old")

    def fail(*_: Any, **__: Any) -> NoReturn:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(f"{owner}.{step}", fail)
        with pytest.raises(MachineError) as caught:
            newsroom.write(FILE, b"new")
    (found,) = caught.value.diagnostics
    assert found.code == "machine.write"
    assert os.strerror(number).lower() in found.message
    assert found.location is not None
    assert found.location.path == FILE
    assert newsroom.read(FILE) == b"old"
    assert strays(newsroom) == []
    assert newsroom.write(FILE, b"new")
    assert newsroom.read(FILE) == b"new"


def test_an_interruption_leaves_the_old_file(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom.write(FILE, b"old")

    def interrupt(*_: Any, **__: Any) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        newsroom.write(FILE, b"new")
    assert newsroom.read(FILE) == b"old"
    assert strays(newsroom) == []


def test_the_file_is_on_the_disk_before_its_name_and_the_folder_after(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(handle: int) -> None:
        order.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")  # noqa: PTH112
        fsync(handle)

    def noted_replace(self: Path, target: Path) -> Path:
        order.append("rename")
        return replace(self, target)

    monkeypatch.setattr("os.fsync", noted_fsync)
    monkeypatch.setattr("pathlib.Path.replace", noted_replace)
    newsroom.write(FILE, b"new")
    assert order[:3] == ["file", "rename", "folder"]
    assert set(order[3:]) == {"folder"}  # of the folders that are new themselves


def test_a_full_disk_leaves_the_old_file(newsroom: Newsroom) -> None:
    """The kernel itself refuses: a file may have 64 kB."""
    newsroom.write(FILE, b"old")
    script = (
        "import resource, signal, sys; from pathlib import Path; from workflow.newsroom import open_newsroom\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))\n"
        "newsroom = open_newsroom(Path(sys.argv[1]))\n"
        "newsroom.write(sys.argv[2], b'x' * 1_000_000)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, newsroom.root, FILE], capture_output=True, check=False)
    assert b"cannot write: file too large" in done.stderr
    assert newsroom.read(FILE) == b"old"
    assert strays(newsroom) == []


WRITER = """
import sys
from pathlib import Path
from workflow.newsroom import open_newsroom
newsroom = open_newsroom(Path(sys.argv[1]))
print("ready", flush=True)
for number in range(1_000_000):
    newsroom.write(sys.argv[2], bytes([97 + number % 26]) * 300_000)
"""


def test_a_killed_writer_never_leaves_half_a_file_and_the_next_cleans_up(newsroom: Newsroom) -> None:
    newsroom.write(FILE, b"-" * 300_000)
    for round_number in range(10):
        with subprocess.Popen([sys.executable, "-c", WRITER, newsroom.root, FILE], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            for _ in range(20 * round_number):
                os.stat(newsroom.root)  # noqa: PTH116 -- some time goes by, another each round
                newsroom.read(FILE)
            writer.send_signal(signal.SIGKILL)
        data = newsroom.read(FILE)
        assert len(data) == 300_000
        assert len(set(data)) == 1
    newsroom.write(FILE, b"end")
    assert strays(newsroom) == []


def test_what_a_killed_writer_left_is_no_file_of_the_newsroom(newsroom: Newsroom) -> None:
    newsroom.write(FILE, b"one")
    stray = newsroom.root / "locales/zh/editions/2026/.x.md.abc.tmp-workflow"
    other = newsroom.root / "locales/zh/editions/2026/.y.md.abc.tmp-workflow"
    stray.touch()
    other.touch()
    assert newsroom.files("locales/zh/editions") == (FILE,)
    newsroom.write(FILE, b"two")
    assert not stray.exists()
    assert other.exists()


# --- Links -------------------------------------------------------------------------------------------------------


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    (folder / "2026").mkdir(parents=True)
    (folder / "2026/x.md").write_bytes(b"secret")
    return folder


def test_a_link_to_a_file_outside_is_not_read_and_is_replaced_by_writing(newsroom: Newsroom, outside: Path) -> None:
    link = newsroom.root / "newsroom.signers"
    link.unlink()
    link.symlink_to(outside / "2026/x.md")
    with pytest.raises(InputError) as caught:
        newsroom.read("newsroom.signers")
    assert caught.value.diagnostics[0].code == "newsroom.outside"
    newsroom.write("newsroom.signers", b"new")
    assert not link.is_symlink()
    assert (outside / "2026/x.md").read_bytes() == b"secret"


def test_a_link_to_a_folder_outside_is_neither_read_nor_written_nor_emptied(newsroom: Newsroom, outside: Path) -> None:
    (newsroom.root / "locales/zh/editions").symlink_to(outside)
    for attempt in (
        lambda: newsroom.read(FILE),
        lambda: newsroom.write(FILE, b"new"),
        lambda: newsroom.write("locales/zh/editions/more/y.md", b"new"),
        lambda: newsroom.remove(FILE),
        lambda: newsroom.read("../outside/2026/x.md"),
        lambda: newsroom.write("../outside/2026/x.md", b"new"),
    ):
        with pytest.raises(InputError) as caught:
            attempt()
        assert caught.value.diagnostics[0].code == "newsroom.outside"
    assert [path.name for path in outside.rglob("*")] == ["2026", "x.md"]
    assert (outside / "2026/x.md").read_bytes() == b"secret"


def test_a_link_within_the_newsroom_is_read(newsroom: Newsroom) -> None:
    newsroom.write(FILE, b"words")
    (newsroom.root / "link.md").symlink_to(newsroom.root / FILE)
    assert newsroom.read("link.md") == b"words"


def test_links_that_go_round_are_an_error_of_the_file(newsroom: Newsroom) -> None:
    link = newsroom.root / "stories" / SLUG / "round.png"
    link.symlink_to(link)
    folder = newsroom.root / "locales/zh/editions"
    folder.symlink_to(folder)
    with pytest.raises(InputError):
        newsroom.read(f"stories/{SLUG}/round.png")
    with pytest.raises(InputError):
        newsroom.read_picture(SLUG, "round.png", 1)
    with pytest.raises((InputError, MachineError)):
        newsroom.write(FILE, b"x")


# --- Reading -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["none", "stories", "x" * 300, "newsroom.toml/x"])
def test_what_cannot_be_read_is_named(path: str, newsroom: Newsroom) -> None:
    with pytest.raises(InputError) as caught:
        newsroom.read(path)
    assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize(
    "source", ["none.png", ".", "", "../../../newsroom.toml", "/etc/hostname", "x" * 300 + ".png", "story.md/x.png"]
)
def test_a_picture_must_be_a_file_of_the_story(source: str, newsroom: Newsroom) -> None:
    with pytest.raises(InputError) as caught:
        newsroom.read_picture(SLUG, source, 17)
    (found,) = caught.value.diagnostics
    assert (found.code, str(found.location)) == ("story.picture", f"{STORY}:17")


def test_a_picture_too_large_is_refused_unread(newsroom: Newsroom) -> None:
    with (newsroom.root / PICTURE).open("r+b") as file:
        file.truncate(30_000_001)
    with pytest.raises(InputError) as caught:
        newsroom.read_picture(SLUG, "signing.png", 17)
    assert "more than 30 MB" in str(caught.value)


@pytest.mark.parametrize("name", ["a b.PNG", "图.png", "картинка.png", "a#b?.png", "a[1]*.png"])
def test_a_picture_may_have_any_name(name: str, newsroom: Newsroom) -> None:
    (newsroom.root / PICTURE).rename(newsroom.root / "stories" / SLUG / name)
    frozen, data = newsroom.read_picture(SLUG, name, 1)
    assert frozen.endswith(".png")
    assert data.startswith(b"\x89PNG")


# --- Slugs, languages, newsrooms --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "slug",
    ["..", "../x", "a/../b", "a//b", "/a", "a/", "A", "a b", "a.b", "-a", "a-", "новости", "site", "", "a/.b", "a\n"],
)
def test_what_cannot_stand_in_an_address_is_no_slug(slug: str, newsroom: Newsroom) -> None:
    with pytest.raises(InputError) as caught:
        require_slug(slug, "stories/x")
    assert caught.value.diagnostics[0].code == "story.slug"


@pytest.mark.parametrize("slug", ["..", "../../etc", "Capital", "site", "2026/other", "2026", "", "."])
def test_a_story_that_is_not_there_is_wrong_usage(slug: str, newsroom: Newsroom) -> None:
    with pytest.raises(UsageError):
        newsroom.known_slug(slug)


@pytest.mark.parametrize("slug", [SLUG, f"stories/{SLUG}", f"stories/{SLUG}/", STORY, f"/{SLUG}/"])
def test_a_story_is_known_by_its_slug_and_by_its_path(slug: str, newsroom: Newsroom) -> None:
    assert newsroom.known_slug(slug) == SLUG


@pytest.mark.parametrize("folder", ["Capital", "site", "2026/a b"])
def test_a_folder_with_a_wrong_name_is_told_and_not_passed_over(folder: str, newsroom: Newsroom) -> None:
    (newsroom.root / "stories" / folder).mkdir(parents=True)
    (newsroom.root / "stories" / folder / "story.md").write_text("x")
    with pytest.raises(InputError) as caught:
        newsroom.slugs()
    assert str(caught.value).startswith(f"stories/{folder}/story.md: ")


def test_a_language_that_is_not_there_is_wrong_usage(newsroom: Newsroom) -> None:
    assert newsroom.language("zh").tag == "zh-Hans"
    with pytest.raises(UsageError) as caught:
        newsroom.language("zh-Hans")
    assert caught.value.diagnostics[0].hint == "there are en, zh, ru"


def test_a_story_is_meant_for_its_own_language_and_those_it_names(newsroom: Newsroom) -> None:
    edit(newsroom, STORY, "section: news", "languages: [ru]\nsection: news")
    assert [language.code for language in newsroom.story_languages(newsroom.read_story(SLUG))] == ["en", "ru"]


def test_a_newsroom_is_found_from_below(newsroom: Newsroom, tmp_path: Path) -> None:
    assert open_newsroom(newsroom.root / "stories").root == newsroom.root
    for exactly, start in ((True, newsroom.root / "stories"), (False, tmp_path)):
        with pytest.raises(UsageError):
            open_newsroom(start, exactly=exactly)


# --- The lock ------------------------------------------------------------------------------------------------------


@pytest.fixture
def other_process(newsroom: Newsroom) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the newsroom's lock until its input ends."""
    script = (
        "import sys; from pathlib import Path; from workflow.newsroom import open_newsroom\n"
        "with open_newsroom(Path(sys.argv[1])).lock():\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(newsroom.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        yield other
        other.kill()


def test_one_process_writes_at_a_time(newsroom: Newsroom, other_process: subprocess.Popen[bytes]) -> None:
    with pytest.raises(ConflictError) as caught, newsroom.lock():
        pass
    assert caught.value.diagnostics[0].code == "newsroom.busy"
    other_process.kill()
    other_process.wait()
    with newsroom.lock():
        pass


def test_the_lock_is_given_back_after_an_error(newsroom: Newsroom) -> None:
    with pytest.raises(ZeroDivisionError), newsroom.lock():
        raise ZeroDivisionError
    with newsroom.lock(), pytest.raises(ConflictError), newsroom.lock():
        pass


def test_a_file_where_the_caches_belong_is_told(newsroom: Newsroom) -> None:
    shutil.rmtree(newsroom.root / ".workflow", ignore_errors=True)
    (newsroom.root / ".workflow").touch()
    with pytest.raises(MachineError), newsroom.lock():
        pass
