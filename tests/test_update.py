"""An update of many stories: the same whatever the processes, over whatever is known, and whole if it is killed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from newsrooms import (
    EDITOR_ZH,
    NOW,
    SETTINGS,
    SLUG,
    STORY_TEXT,
    approve,
    decide,
    edit,
    minutes,
    picture,
    refresh,
    translated_newsroom,
)
from pressroom import REPOSITORY, run
from strace_faults import files_of, is_stray

from workflow.errors import ConflictError
from workflow.model import Decision, Note
from workflow.newsroom import CACHE, SITE, Newsroom, open_newsroom
from workflow.operations.settled import CACHE_FILE
from workflow.operations.update import update
from workflow.settings import FILE_NAME

STORIES = 20
EDITED = "on Friday, at last"


def changed(newsroom: Newsroom, *, check: bool = False) -> list[str]:
    opened = open_newsroom(newsroom.root, exactly=True)
    return [item.path for item in update(opened, opened.slugs(), check=check, now=NOW) if item.changed]


def catalogs_of(slug: str) -> list[str]:
    return [f"locales/{language}/LC_MESSAGES/{slug}.po" for language in ("en", "zh", "ru")]


def slug_of(number: int) -> str:
    return f"{2000 + number % 3}/story-{number}"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many stories that workers are started, settled, and every other one edited."""
    root = tmp_path_factory.mktemp("archive") / "newsroom"
    for number in range(STORIES):
        folder = root / "stories" / slug_of(number)
        folder.mkdir(parents=True)
        (folder / "story.md").write_text(STORY_TEXT.replace("two", f"{number} two"), encoding="utf-8")
        (folder / "signing.png").write_bytes(picture())
    (root / FILE_NAME).write_text(SETTINGS)
    newsroom = open_newsroom(root, exactly=True)
    refresh(newsroom)
    for number in range(0, STORIES, 2):
        edit(newsroom, newsroom.story_file(slug_of(number)), "on Monday", EDITED)
    return root


def copied(archive: Path, folder: Path) -> Newsroom:
    shutil.copytree(archive, folder)
    return open_newsroom(folder, exactly=True)


# --- Processes ---------------------------------------------------------------------------------------------


def test_the_same_bytes_and_words_from_one_process_and_from_two(archive: Path, tmp_path: Path) -> None:
    one, two = copied(archive, tmp_path / "one"), copied(archive, tmp_path / "two")
    for command in (["update", "--check"], ["update"], ["check"]):
        alone, shared = (
            run(*command, "--jobs", jobs, root=newsroom.root) for jobs, newsroom in (("1", one), ("2", two))
        )
        assert (alone.returncode, alone.stdout) == (shared.returncode, shared.stdout)
    assert files_of(one) == files_of(two)
    assert (one.root / CACHE / CACHE_FILE).read_bytes() == (two.root / CACHE / CACHE_FILE).read_bytes()
    assert changed(one, check=True) == []


def test_a_fault_in_two_stories_names_the_first_and_changes_nothing(archive: Path, tmp_path: Path) -> None:
    newsroom = copied(archive, tmp_path / "newsroom")
    first, second = newsroom.slugs()[9], newsroom.slugs()[17]
    for slug in (second, first):
        (newsroom.root / newsroom.catalog_file("zh", slug)).write_bytes(b"msgid")
    before = files_of(newsroom)
    for jobs in ("1", "2"):
        done = run("update", "--jobs", jobs, root=newsroom.root)
        assert done.returncode == 3
        assert first in done.stderr
        assert second not in done.stderr
        assert files_of(newsroom) == before


# --- Kills -------------------------------------------------------------------------------------------------

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


@needs_strace
@pytest.mark.parametrize("when", ["fsync:signal=KILL:when=5", "rename:signal=KILL:when=9"])
def test_a_kill_leaves_every_catalog_old_or_new(archive: Path, tmp_path: Path, when: str) -> None:
    newsroom, whole = copied(archive, tmp_path / "newsroom"), copied(archive, tmp_path / "whole")
    before = files_of(newsroom)
    assert run("update", root=whole.root).returncode == 0
    after = files_of(whole)
    # fsync kills a worker, rename the command itself.
    call = when.partition(":")[0]
    command = [sys.executable, "-m", "workflow", "-C", str(newsroom.root), "update", "--jobs", "2"]
    strace = ["strace", "-f", "-qq", "-o", str(tmp_path / "log"), "-e", f"trace={call}", "-e", f"inject={when}"]
    done = subprocess.run(
        [*strace, *command],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    left = {name: data for name, data in files_of(newsroom).items() if not is_stray(name)}
    assert {name for name in left if left[name] not in (before[name], after[name])} == set()
    moved = sum(left[name] != before[name] for name in left)
    if call == "fsync":
        assert (done.returncode, moved) == (5, 0)
        assert "a worker process was killed" in done.stderr
    else:
        assert done.returncode in (-9, 137)
        assert 0 < moved < sum(after[name] != before[name] for name in after)
    assert run("update", root=newsroom.root).returncode == 0
    assert files_of(newsroom) == after


# --- What is known from before -----------------------------------------------------------------------------


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    newsroom = translated_newsroom(tmp_path / "newsroom")
    changed(newsroom)
    return newsroom


def known(newsroom: Newsroom) -> Path:
    return newsroom.root / CACHE / CACHE_FILE


def test_what_is_settled_is_not_read(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("parsed")

    before = update(newsroom, newsroom.slugs(), check=True, now=NOW)
    monkeypatch.setattr("workflow.operations.update.parse_catalog", refuse)
    assert update(newsroom, newsroom.slugs(), check=False, now=NOW) == before
    assert len(before) == 6
    assert {item.translated for item in before} != {0}
    known(newsroom).unlink()
    with pytest.raises(AssertionError, match="parsed"):
        changed(newsroom)


def same_place_other_words(newsroom: Newsroom) -> None:
    """As long as before, at the same time."""
    file = newsroom.root / newsroom.story_file(SLUG)
    stat = file.stat()
    edit(newsroom, newsroom.story_file(SLUG), "Monday", "Friday")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (stat.st_size, stat.st_mtime_ns)


def by_hand(newsroom: Newsroom) -> None:
    """A translator's tool wraps the lines."""
    for path in catalogs_of(SLUG):
        text = (newsroom.root / path).read_text(encoding="utf-8")
        (newsroom.root / path).write_text(text.replace('msgid "The rector', 'msgid ""\n"The rector'), encoding="utf-8")


def templates(newsroom: Newsroom) -> None:
    (newsroom.root / "templates/web").mkdir(parents=True)
    (newsroom.root / "templates/web/more.html").write_text("{{ _('A new word of ours') }}")


def a_lost_catalog(newsroom: Newsroom) -> None:
    (newsroom.root / catalogs_of(SLUG)[2]).unlink()


def the_newsrooms_name(newsroom: Newsroom) -> None:
    edit(newsroom, FILE_NAME, "Test News", "Best News")


def touched(newsroom: Newsroom) -> None:
    for path in newsroom.root.rglob("*.*"):
        os.utime(path, (0, 0))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (same_place_other_words, catalogs_of(SLUG)),
        (by_hand, catalogs_of(SLUG)),
        (templates, catalogs_of(SITE)),
        (a_lost_catalog, catalogs_of(SLUG)[2:]),
        (the_newsrooms_name, catalogs_of(SITE)),
        (touched, []),
    ],
)
def test_what_changed_is_noticed(newsroom: Newsroom, change: Callable[[Newsroom], None], expected: list[str]) -> None:
    change(newsroom)
    assert changed(newsroom, check=True) == expected
    assert changed(newsroom) == expected
    assert changed(newsroom) == []


@pytest.mark.parametrize(
    "damage", [b"", b"[]", b'{"site":1}', b'{"site":["x",{"en":[1]}]}', b'{"site":["x",{"en":"1234"}]}']
)
def test_a_damaged_memory_costs_time_only(newsroom: Newsroom, damage: bytes) -> None:
    edit(newsroom, newsroom.story_file(SLUG), "Monday", "Friday")
    known(newsroom).write_bytes(damage)
    assert changed(newsroom) == catalogs_of(SLUG)
    assert changed(newsroom) == []


def test_a_check_remembers_nothing(newsroom: Newsroom) -> None:
    known(newsroom).unlink()
    assert changed(newsroom, check=True) == []
    assert not known(newsroom).exists()


def test_a_story_with_a_returned_edition_is_read_each_time(newsroom: Newsroom) -> None:
    approve(newsroom, "zh")
    changed(newsroom)
    assert SLUG in known(newsroom).read_text()
    decide(
        newsroom, "zh", EDITOR_ZH, decision=Decision.RETURN, notes=(Note(segment="", text="Too long."),), at=minutes(1)
    )
    changed(newsroom)
    assert SLUG not in known(newsroom).read_text()


def test_a_catalog_that_was_saved_while_an_update_ran_is_not_overwritten(tmp_path: Path) -> None:
    newsroom = translated_newsroom(tmp_path)
    zh, ru = (newsroom.catalog_file(code, SLUG) for code in ("zh", "ru"))
    read = {path: newsroom.read(path) for path in (zh, ru)}
    staged = [newsroom.stage(path, data + b"# new\n", before=data) for path, data in read.items()]
    (newsroom.root / ru).write_bytes(read[ru] + b"# a translator's\n")
    with pytest.raises(ConflictError, match="saved by another program meanwhile"):
        newsroom.put(staged)
    assert newsroom.read(zh) == read[zh]
    assert newsroom.read(ru) == read[ru] + b"# a translator's\n"
