"""Damaged and hostile files: one clear message, the promised exit code, and every file as it was."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from newsrooms import (
    EDITOR_EN,
    EDITOR_ZH,
    PICTURE,
    SLUG,
    STORY,
    edit,
    key,
    picture,
    translate,
    translated_newsroom,
)
from PIL import Image
from pressroom import Page, files_of, run

from workflow.catalog import parse_catalog
from workflow.errors import InputError
from workflow.newsroom import Newsroom, open_newsroom
from workflow.settings import FILE_NAME

OTHER = "2026/other"
CATALOG = f"locales/zh/LC_MESSAGES/{SLUG}.po"
FROZEN = f"locales/zh/editions/{SLUG}.md"
LOG = f"locales/zh/signoffs/{SLUG}.jsonl"
PAGE = f"out/web/zh/{SLUG}/index.html"
Damage = Callable[[bytes], bytes]
Result = subprocess.CompletedProcess[str]


def sign_off(language: str = "zh", slug: str = SLUG) -> list[str]:
    signer = {"zh": EDITOR_ZH, "en": EDITOR_EN}[language]
    return ["sign-off", slug, language, "--as", signer, "--key", str(key(signer))]


def finish_site_words(newsroom: Newsroom, language: str) -> None:
    """Gives every word of the newsroom's own some translation, and keeps placeholders."""
    file = newsroom.root / newsroom.catalog_file(language, "site")
    text = re.sub(r'^(msgid "(.+)")\nmsgstr ""$', r'\1\nmsgstr "\2"', file.read_text(encoding="utf-8"), flags=re.M)
    file.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Two stories; the Chinese edition of the first is signed and built. The second is not translated."""
    newsroom = translated_newsroom(tmp_path_factory.mktemp("published") / "room")
    other = newsroom.root / f"stories/{OTHER}/story.md"
    other.parent.mkdir()
    other.write_text("---\nsection: news\npublished: 2026-11-21\n---\n\n# Another story\n\nSome words.\n")
    for arguments in (["update"], sign_off(), ["build"]):
        if arguments == ["build"]:
            finish_site_words(newsroom, "zh")
        done = run(*arguments, root=newsroom.root)
        assert done.returncode == 0, done.stderr
    assert (newsroom.root / PAGE).is_file()
    return newsroom


@pytest.fixture
def room(tmp_path: Path, published: Newsroom) -> Newsroom:
    root = shutil.copytree(published.root, tmp_path / "room", symlinks=True)
    return open_newsroom(root, exactly=True)


def kept(newsroom: Newsroom, *, but: str = ".workflow/") -> dict[str, bytes]:
    """Every file but the caches."""
    return {path: data for path, data in files_of(newsroom.root).items() if not path.startswith((".workflow/", but))}


def damage(newsroom: Newsroom, path: str, change: Damage) -> None:
    file = newsroom.root / path
    file.write_bytes(change(file.read_bytes()))


def refused(newsroom: Newsroom, *arguments: str, code: int, **environment: str) -> str:
    """What a command says that must refuse: nothing on stdout, and no file touched."""
    before = kept(newsroom)
    done = run(*arguments, root=newsroom.root, environment=environment)
    assert "Traceback" not in done.stderr, done.stderr
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert kept(newsroom) == before
    assert "hint: " in done.stderr, "says how to mend it"
    return done.stderr


def checked(newsroom: Newsroom) -> list[tuple[str, int | None, str]]:
    """Path, line and message of each finding of `check`, which must go on to the other story."""
    before = kept(newsroom)
    done = run("check", "--json", root=newsroom.root)
    assert done.returncode == 1, done.stderr
    assert kept(newsroom) == before
    found = json.loads(done.stdout)["diagnostics"]
    assert any(item["story"] == OTHER and item["code"] == "edition.missing" for item in found), "goes on"
    assert all(item["hint"] for item in found)
    return [(item["path"], item["line"], item["message"]) for item in found]


def finding(newsroom: Newsroom, where: tuple[str, int | None], words: str) -> None:
    found = checked(newsroom)
    assert any(item[:2] == where and words in item[2] for item in found), found


# --- Stories -----------------------------------------------------------------------------------------------

END = b"Teachers follow in June.\n"
FRONT = b"section: news\n"


def replaced(old: bytes, new: bytes) -> Damage:
    def change(data: bytes) -> bytes:
        assert old in data
        return data.replace(old, new, 1)

    return change


def added(text: bytes) -> Damage:
    return lambda data: data + b"\n" + text


def body_of(data: bytes) -> bytes:
    return data.split(b"---\n", 2)[2]


STORIES: dict[str, tuple[Damage, int | None, str]] = {
    "byte order mark": (lambda data: b"\xef\xbb\xbf" + data, 1, "begins with a byte order mark"),
    "Windows line ends": (lambda data: data.replace(b"\n", b"\r\n"), 1, "Windows line ends"),
    "UTF-16": (lambda data: data.decode().encode("utf-16"), 1, "saved as UTF-16"),
    "Latin-1": (replaced(END, b"caf\xe9\n"), 18, "not UTF-8: byte 0xE9"),
    "tab": (replaced(b"- Students", b"-\tStudents"), 17, "a tab; use blanks"),
    "NUL": (replaced(END, b"a\0b\n"), 18, "a NUL character"),
    "U+2028": (replaced(END, "a\u2028b\n".encode()), 18, "a LINE SEPARATOR (U+2028)"),
    "U+0085": (replaced(END, "a\u0085b\n".encode()), 18, "NEXT LINE (U+0085)"),
    "600 lists in one line": (added(b"- " * 600 + b"x\n"), 20, "nested more than 20 deep"),
    "600 lists below one another": (
        added(b"".join(b"  " * depth + b"- x\n" for depth in range(600))),
        40,
        "nested more than 20 deep",
    ),
    "600 quotes": (added(b">" * 600 + b" x\n"), 20, "nested more than 20 deep"),
    "a paragraph of 400 KB": (added(b"word *x* " * 45_000 + b"\n"), 20, "404,999 characters in one paragraph"),
    "400 KB of open brackets": (added(b"[*" * 200_000 + b"\n"), 20, "400,000 characters in one paragraph"),
    "3 MB": (added(b"word\n\n" * 500_000), None, "are allowed"),
    "empty": (lambda data: b"", 1, "no front matter"),
    "no front matter": (body_of, 1, "no front matter"),
    "front matter without end": (lambda data: data.replace(b"\n---\n", b"\n", 1), 1, "the front matter has no end"),
    "front matter is a list": (lambda data: b"---\n- a\n---\n" + body_of(data), 2, "not a mapping of keys to values"),
    "front matter is no YAML": (replaced(FRONT, b"section: [news\n"), 3, "not YAML"),
    "empty front matter": (lambda data: b"---\n---\n" + body_of(data), 2, "not a mapping of keys to values"),
    "unknown keys": (replaced(FRONT, FRONT + b"author: me\n"), 3, "author: unknown key"),
    "key given twice": (replaced(FRONT, FRONT + FRONT), 3, "section: given twice, first in line 2"),
    "unknown section": (replaced(FRONT, b"section: sports\n"), 2, "section: no section `sports`"),
    "no date": (replaced(b"2026-11-20", b"in May"), 3, "published: `in May` is no date"),
    "unknown language": (replaced(FRONT, FRONT + b"language: de\n"), 3, "language: no language `de`"),
    "two headlines": (replaced(END, END + b"\n# Second\n"), 20, "a second headline; the first is in line 9"),
    "no headline": (replaced(b"# Universities sign an agreement\n", b""), None, "no headline"),
    "raw HTML": (replaced(END, b"<b>x</b>\n"), 18, "raw HTML: <b>"),
    "picture missing": (replaced(b"signing.png", b"missing.png"), 15, "picture `missing.png` is not there"),
    "picture outside": (replaced(b"signing.png", b"../x.png"), 15, "`../x.png` is outside the story's folder"),
    "picture by absolute path": (replaced(b"signing.png", b"/etc/hostname"), 15, "must be a file of the newsroom"),
    "picture of the web": (replaced(b"signing.png", b"https://x.example/x.png"), 15, "must be a file of the newsroom"),
}


@pytest.mark.parametrize("name", STORIES)
def test_damaged_story(room: Newsroom, name: str) -> None:
    change, line, words = STORIES[name]
    damage(room, STORY, change)
    said = refused(room, "status", code=3)
    where, _, what = said.splitlines()[0].partition(": error: ")
    assert where == STORY if name == "3 MB" else where.startswith(f"{STORY}:{line or ''}")
    assert words in what
    number = where.removeprefix(STORY).removeprefix(":")
    finding(room, (STORY, int(number) if number else None), words)


@pytest.mark.parametrize("arguments", [["update"], ["update", "--check"], sign_off()], ids=lambda value: value[0])
@pytest.mark.parametrize("name", ["byte order mark", "front matter without end", "600 lists in one line"])
def test_no_command_works_with_a_damaged_story(room: Newsroom, name: str, arguments: list[str]) -> None:
    damage(room, STORY, STORIES[name][0])
    assert STORIES[name][2] in refused(room, *arguments, code=3)


def test_a_damaged_story_does_not_touch_what_is_published(room: Newsroom) -> None:
    damage(room, STORY, lambda data: b"")
    before = kept(room)
    assert run("build", root=room.root).returncode == 0
    assert kept(room) == before


def test_a_link_to_a_picture_outside(room: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(picture())
    (room.root / PICTURE).unlink()
    (room.root / PICTURE).symlink_to(tmp_path / "secret.png")
    assert "picture `signing.png` is outside the story's folder" in refused(room, *sign_off(), code=3)
    finding(room, (STORY, 15), "is outside the story's folder")


def jpeg() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((400, 300), 60).save(file, "JPEG")
    return file.getvalue()


def png(width: int, height: int) -> bytes:
    """A small file that says it holds so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("signing.png", b"Hello, I am a text.\n", "not a sound PNG picture"),
        ("signing.png", b"", "not a sound PNG picture"),
        ("signing.png", picture()[:60], "not a sound PNG picture"),
        ("signing.png", picture()[:-20], "not a sound PNG picture"),
        ("signing.png", b"GIF89a" + bytes(40), "not a sound PNG picture"),
        ("signing.jpg", picture(), "not a sound JPEG picture"),
        ("signing.jpg", jpeg()[: len(jpeg()) // 2], "not a sound JPEG picture"),
        ("signing.png", png(4000, 4000), "not a sound PNG picture"),
        ("signing.svg", b"<svg onload='alert(1)'/>", "no picture that we publish"),
        ("signing.txt", b"Hello", "no picture that we publish"),
        ("signing.png", png(50_000, 50_000), "more than 60 million pixels"),
        ("signing.png", png(2**31 - 1, 2**31 - 1), "more than 60 million pixels"),
        ("signing.png", bytes(30_000_001), "picture `signing.png` has more than 30 MB"),
    ],
    ids=[
        "text",
        "empty",
        "cut",
        "cut-end",
        "gif",
        "png-as-jpg",
        "cut-jpg",
        "few-pixels",
        "svg",
        "txt",
        "bomb",
        "huge",
        "30-MB",
    ],
)
def test_damaged_picture(room: Newsroom, name: str, data: bytes, words: str) -> None:
    edit(room, STORY, "signing.png", name)
    (room.root / f"stories/{SLUG}/{name}").write_bytes(data)
    said = refused(room, *sign_off(), code=3)
    assert words in said
    finding(room, (STORY, 15) if "MB" in words else (f"stories/{SLUG}/{name}", None), words)
    assert not re.search(r"[0-9a-f]{64}|0x[0-9a-f]+", said), "no inner names"


@pytest.mark.parametrize("slug", ["../agreement", "2026/../2026/agreement", "2026/Agreement", "", ".", "a b"])
def test_a_slug_on_the_command_line(room: Newsroom, slug: str) -> None:
    if slug == "2026/../2026/agreement":
        slug = f"stories/{slug}/nothing"
    assert "is no story's slug" in refused(room, "status", slug, code=2)


@pytest.mark.parametrize("name", ["2026/Other", "2026/two words", "site", "2026/ünï"])
def test_a_slug_on_disk(room: Newsroom, name: str) -> None:
    shutil.move(room.root / f"stories/{OTHER}", room.root / f"stories/{name}")
    for command in ("status", "check", "update"):
        said = refused(room, command, code=3)
        assert said.startswith(f"stories/{name}/story.md: error: `{name}` cannot be a story's slug")


# --- Links out of the newsroom -----------------------------------------------------------------------------


def moved_out(newsroom: Newsroom, path: str) -> Path:
    """Puts a link where the file or folder was."""
    outside = newsroom.root.parent / "outside"
    shutil.move(newsroom.root / path, outside)
    (newsroom.root / path).symlink_to(outside)
    return outside


def test_a_story_folder_that_is_a_link(room: Newsroom) -> None:
    moved_out(room, f"stories/{SLUG}")
    for command in ("status", "check", "update"):
        assert f"stories/{SLUG}: error: a link to a folder" in refused(room, command, code=3)
    assert "a link that leads out of the newsroom" in refused(room, "status", SLUG, code=3)


@pytest.mark.parametrize("path", ["locales/zh", "locales/zh/LC_MESSAGES", CATALOG])
def test_catalogs_behind_a_link(room: Newsroom, path: str) -> None:
    outside = moved_out(room, path)
    before = files_of(outside) if outside.is_dir() else outside.read_bytes()
    edit(room, STORY, "Students move in May.", "Students move in April.")
    for arguments in (["status"], ["update"], sign_off()):
        assert "a link that leads out of the newsroom" in refused(room, *arguments, code=3)
    finding(room, (CATALOG, None), "a link that leads out of the newsroom")
    assert (files_of(outside) if outside.is_dir() else outside.read_bytes()) == before


def test_nothing_is_written_through_a_link(room: Newsroom) -> None:
    """The folders for frozen words and built files may be links as well."""
    edit(room, CATALOG, "两所大学签署协议", "两校签署协议")
    outside = moved_out(room, "locales/zh/editions")
    before = files_of(outside)
    done = run(*sign_off(), root=room.root)
    assert done.returncode == 3
    assert "a link that leads out of the newsroom" in done.stderr
    assert files_of(outside) == before


# --- Catalogs ----------------------------------------------------------------------------------------------


def test_a_catalog_cut_off_at_any_byte(published: Newsroom) -> None:
    data = (published.root / CATALOG).read_bytes()
    whole = parse_catalog(data, "x.po")
    for length in range(len(data)):
        if data[length:] == b"\n":
            assert parse_catalog(data[:length], "x.po") == whole
            continue
        with pytest.raises(InputError) as refusal:
            parse_catalog(data[:length], "x.po")
        assert all(item.location and item.location.path == "x.po" for item in refusal.value.diagnostics)
        assert any(item.hint for item in refusal.value.diagnostics)


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.98])
def test_a_cut_catalog_stops_every_command(room: Newsroom, part: float) -> None:
    damage(room, CATALOG, lambda data: data[: int(len(data) * part)])
    for arguments in (["update"], ["status"], sign_off()):
        assert refused(room, *arguments, code=3).startswith(CATALOG)
    assert any(path == CATALOG for path, _, _ in checked(room))


CATALOGS: dict[str, tuple[Damage, int | None, str]] = {
    "UTF-16": (lambda data: data.decode().encode("utf-16"), 1, "saved as UTF-16"),
    "wrong charset": (replaced(b"charset=UTF-8", b"charset=GB2312"), 18, "the bytes are not GB2312"),
    "unknown charset": (replaced(b"charset=UTF-8", b"charset=KLINGON"), 9, "charset KLINGON, which is not known"),
    "no charset": (replaced(b"; charset=UTF-8", b""), 1, "names no charset"),
    "merge conflict": (replaced(b"#. paragraph\n", b"<<<<<<< HEAD\n#. paragraph\n"), 20, "unresolved merge conflict"),
    "CR LF": (lambda data: data.replace(b"\n", b"\r\n"), 1, "Windows line ends"),
    "CR": (lambda data: data.replace(b"\n", b"\r"), 1, "(CR)"),
    "NUL": (replaced("桌旁".encode(), b"\0"), 34, "U+0000 (NUL)"),
    "U+2028": (replaced("桌旁".encode(), "\u2028".encode()), 34, "U+2028 (line separator)"),
    "U+0085": (replaced("桌旁".encode(), "\u0085".encode()), 34, "U+0085 (next line)"),
    "not UTF-8": (replaced("桌旁".encode(), b"\xff"), 34, "the bytes are not UTF-8"),
}


@pytest.mark.parametrize("name", CATALOGS)
def test_damaged_catalog(room: Newsroom, name: str) -> None:
    change, line, words = CATALOGS[name]
    damage(room, CATALOG, change)
    said = refused(room, "status", code=3)
    assert re.match(rf"{CATALOG}:\d+: error: ", said)
    assert words in said.splitlines()[0]
    assert words in refused(room, "update", code=3)
    if line == 1:
        assert said.startswith(f"{CATALOG}:1:")
    assert any(path == CATALOG and words in message for path, _, message in checked(room))


# --- Settings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"[newsroom\nname", "newsroom.toml:1: error: not TOML: "),
        (b"", "newsroom.toml:1: error: newsroom: must be a table [newsroom]"),
        (b"\x89PNG\r\n\x1a\n\0\0", "newsroom.toml:1: error: not UTF-8: byte 0x89"),
        (b"# x\n" * 600_000, "newsroom.toml: error: 2,400,000 bytes; 1,000,000 are allowed"),
        (b"a = " + b"[" * 5000, "newsroom.toml:1: error: nested too deeply"),
    ],
    ids=["not TOML", "empty", "binary", "huge", "deep"],
)
def test_damaged_settings(room: Newsroom, data: bytes, said: str) -> None:
    (room.root / "newsroom.toml").write_bytes(data)
    for arguments in (["status"], ["build"], sign_off()):
        assert refused(room, *arguments, code=3).startswith(said)


def test_an_unknown_setting(room: Newsroom) -> None:
    edit(room, "newsroom.toml", "source_language", "sauce_language")
    said = refused(room, "check", code=3)
    assert "newsroom.toml:4: error: newsroom.sauce_language: unknown key\n  hint: known are name, url" in said


# --- What was signed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "change", "words"),
    [
        (FROZEN, replaced("周一".encode(), "周二".encode()), "not the words that were approved"),
        (FROZEN, lambda data: b"\xff\xfe\0", "not the words that were approved"),
        (FROZEN, lambda data: b"", "not the words that were approved"),
        (FROZEN, lambda data: data[:-1], "not the words that were approved"),
        (LOG, lambda data: data[:-40], "the last line is cut off"),
        (LOG, lambda data: b"", "these words have no valid approval"),
        (LOG, lambda data: b"\x89PNG\0", "not UTF-8"),
        (LOG, lambda data: data + data, "repeats line 1"),
        (LOG, replaced(b'"decision":"approve"', b'"decision":"explode"'), "decision: none of approve"),
        (LOG, lambda data: b"[" * 100_000 + b"\n", "not JSON"),
    ],
    ids=["word", "binary", "empty", "cut", "log-cut", "log-empty", "log-binary", "log-twice", "log-word", "log-deep"],
)
def test_damage_to_what_was_signed(room: Newsroom, path: str, change: Damage, words: str) -> None:
    damage(room, path, change)
    before = kept(room, but="out/")
    for command in ("verify", "build"):
        done = run(command, root=room.root)
        assert "Traceback" not in done.stderr
        assert done.returncode == 1
        told = done.stdout if command == "verify" else done.stderr
        assert words in told
        assert re.search(rf"^{path}(:\d+)?: error: .*\n  hint: .*version control", told, re.M), told
    assert "nothing is signed yet" not in done.stderr
    assert kept(room, but="out/") == before
    page = room.root / PAGE
    assert not page.exists() or "周二" not in page.read_text(encoding="utf-8")


def test_a_sign_off_that_was_killed_between_log_and_frozen_words_is_finished_by_the_next(room: Newsroom) -> None:
    older = (room.root / FROZEN).read_bytes()
    edit(room, CATALOG, "两所大学签署协议", "两校签署协议")
    assert run(*sign_off(), root=room.root).returncode == 0
    signed = kept(room, but="out/")
    (room.root / FROZEN).write_bytes(older)
    done = run("build", root=room.root)
    assert done.returncode == 1
    assert f"or sign again: workflow sign-off {SLUG} zh" in done.stderr
    again = run(*sign_off(), root=room.root)
    assert (again.returncode, again.stdout[:11]) == (0, "signed off:")
    assert kept(room, but="out/") == signed
    assert run("build", root=room.root).returncode == 0
    assert "两校签署协议" in (room.root / PAGE).read_text(encoding="utf-8")


def test_a_frozen_picture_that_is_not_the_one_signed(room: Newsroom) -> None:
    (frozen,) = (room.root / "locales/media").iterdir()
    frozen.write_bytes(picture("red"))
    done = run("verify", root=room.root)
    assert done.returncode == 1
    assert f"locales/media/{frozen.name}: error: not the picture that was signed\n  hint: " in done.stdout
    shutil.rmtree(room.root / "out")
    assert "not the picture that was signed" in refused(room, "build", code=3)


def test_a_damaged_log_shuts_the_gate(room: Newsroom) -> None:
    damage(room, LOG, lambda data: data[:-40])
    assert "restore the log from version control" in refused(room, *sign_off(), code=1)
    shown = run("status", SLUG, root=room.root)
    assert shown.returncode == 0
    assert "faults in the sign-off log: run workflow verify" in " ".join(shown.stdout.split())


# --- The machine -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["status"], ["build"], ["verify"], sign_off()], ids=lambda value: value[0])
def test_no_ssh_keygen(room: Newsroom, tmp_path: Path, arguments: list[str]) -> None:
    shutil.rmtree(room.root / ".workflow")
    said = refused(room, *arguments, code=5, PATH=str(tmp_path))
    assert "ssh-keygen is not on this machine" in said
    assert "hint: apt-get install openssh-client" in said


@pytest.fixture
def held(room: Newsroom) -> Iterator[Newsroom]:
    """The newsroom while another process writes."""
    program = "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); input()"
    command = [sys.executable, "-c", program, str(room.root / ".workflow/lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        yield room
        process.communicate(b"\n")


def test_busy(held: Newsroom) -> None:
    edit(held, CATALOG, "两所大学签署协议", "两校签署协议")
    for arguments in (["build"], ["update"], sign_off()):
        assert "another workflow command is writing here" in refused(held, *arguments, code=4)
    for command in ("status", "verify"):
        assert run(command, root=held.root).returncode == 0, "who only reads does not wait"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("mounting a disk needs root and the right to mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def on_disk(room: Newsroom, disk: Path) -> Newsroom:
    """The newsroom with an edited story and a changed translation, so that every command has something to write."""
    shutil.rmtree(room.root / "out")
    edit(room, STORY, "Students move in May.", "Students will move in May.")
    assert run("update", root=room.root).returncode == 0
    edit(room, STORY, "Students will move in May.", "Students move in May.")
    assert run("update", root=room.root).returncode == 0
    translate(room, "zh", {"Students move in May.": "学生五月搬。"})
    edit(room, f"stories/{OTHER}/story.md", "Some words.", "Some more words.")
    return open_newsroom(Path(shutil.copytree(room.root, disk / "room")), exactly=True)


def test_a_disk_that_is_read_only(room: Newsroom, disk: Path) -> None:
    newsroom = on_disk(room, disk)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    # Without its memory: a damaged cache is taken away, which would make room.
    for arguments in (["update", "--no-memory"], ["build"], sign_off()):
        said = refused(newsroom, *arguments, code=5)
        assert "cannot write: read-only file system\n  hint: the disk is mounted read-only" in said
    for command in ("status", "check"):
        done = run(command, SLUG, root=newsroom.root)
        assert "Traceback" not in done.stderr
        assert done.returncode in {0, 1}
    done = run("init", str(disk / "new"), root=disk)
    assert done.returncode == 5
    assert "cannot make the folder: read-only file system" in done.stderr


def test_a_disk_that_is_full(room: Newsroom, disk: Path) -> None:
    newsroom = on_disk(room, disk)
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(4096)):
            pass
    # Without its memory: a damaged cache is taken away, which would make room.
    for arguments in (["update", "--no-memory"], ["build"], sign_off()):
        said = refused(newsroom, *arguments, code=5)
        assert "cannot write: no space left on device\n  hint: make room on the disk" in said
    filler.unlink()
    for arguments in (["update"], sign_off(), ["build"], ["verify"]):
        done = run(*arguments, root=newsroom.root)
        assert done.returncode == 0, done.stderr


# --- Hostile words -----------------------------------------------------------------------------------------

SHOWN = [
    "# x",
    "- x",
    "1. x",
    "> x",
    "---",
    "x\n===",
    "| a | b |\n|---|---|\n| c | d |",
    "{{ 7*7 }} {% raw %} {# x #}",
    "%(x)s %s %",
    "[x](javascript:alert(1))",
    "[x](data:text/html,alert(1))",
    "[x]: https://evil.example/",
    "*[HTML]: x",
    "x\n{.background onclick=alert(1)}",
    "[x]{.y onclick=alert(1)}",
    "    x = alert(1)",
    "a &lt;script&gt;alert(1)&lt;/script&gt; b",
    "a \\<img src=x onerror=alert(1)> b",
    "~~~\nx\n~~~",
    ": x",
    "$x$ \\(y\\)",
]
"""Translations that mean something to Markdown, Jinja or a browser, and must be shown as they are."""

REFUSED = {
    "<script>alert(1)</script>": "raw HTML",
    "</script>": "raw HTML",
    "<!-- x -->": "raw HTML",
    "<img src=x onerror=alert(1)>": "raw HTML",
    "![x](a.png)": "picture",
    "```\nx\n```": "code `x`",
    "[^1]: x": "[^1]",
    "[x](https://evil.example/)": "a link to https://evil.example/",
    "<https://evil.example/>": "a link to https://evil.example/",
    "[x]{.y onclick=z}": "marked span",
}


def shown(text: str) -> str:
    """How a reader sees one of them."""
    text = text.replace("&lt;", "<").replace("&gt;", ">")
    return " ".join(re.sub(r"\\([<()])", r"\1", text).split())


def hostile_story(newsroom: Newsroom, count: int) -> None:
    paragraphs = "\n\n".join(f"Paragraph number {number} stands here." for number in range(count))
    text = f"---\nsection: news\npublished: 2026-11-21\nwritten_by: [Someone]\n---\n\n# Some title\n\n{paragraphs}\n"
    (newsroom.root / STORY).write_text(text)
    assert run("update", SLUG, root=newsroom.root).returncode == 0


def assert_harmless(page: Page) -> None:
    for name, attributes in page.elements:
        assert name in {"script", "style"} or not any(key.startswith("on") for key in attributes), (name, attributes)
        assert not any(value.strip().lower().startswith(("javascript:", "data:text")) for value in attributes.values())
        assert name not in {"iframe", "object", "embed", "svg", "form"}
    assert "alert(" not in "".join(text for text in page.data if not text.lstrip().startswith("{"))


def test_translations_that_look_like_markup_are_shown_as_they_are(room: Newsroom) -> None:
    hostile_story(room, len(SHOWN))
    words = {f"Paragraph number {number} stands here.": text for number, text in enumerate(SHOWN)}
    translate(
        room,
        "zh",
        {**words, "Some title": "# \"Tom\" & 'Jerry' {{ 1 }}", "Someone": '<script>alert(2)</script> "&" </script>'},
    )
    with (room.root / FILE_NAME).open("a") as settings:
        settings.write('\n[[checks.rules]]\ncodes = ["facts.*"]\nseverity = "warning"\n')
    done = run(*sign_off(), root=room.root)
    assert done.returncode == 0, done.stderr
    assert run("build", root=room.root).returncode == 0
    page = Page((room.root / PAGE).read_text(encoding="utf-8"))
    assert_harmless(page)
    for text in SHOWN:
        assert shown(text) in page.text, text
    assert len(page.all("h1")) == 1
    assert "evil.example" not in str(page.elements)
    assert '<script>alert(2)</script> "&" </script>' in page.text
    assert "{{ 7*7 }}" in page.text


def test_translations_that_would_be_markup_are_refused_by_name(room: Newsroom) -> None:
    hostile_story(room, len(REFUSED))
    translate(room, "zh", {"Some title": "标题", "Someone": "某人"})
    translate(room, "zh", {f"Paragraph number {number} stands here.": text for number, text in enumerate(REFUSED)})
    said = refused(room, *sign_off(), code=1)
    for number, words in enumerate(REFUSED.values()):
        lines = [line for line in said.splitlines() if f"Paragraph number {number} stands" in line]
        assert any(re.match(rf"{CATALOG}:\d+: error: ", line) and words in line for line in lines), (words, lines)


HOSTILE = """</title><script>alert(1)</script> & "Tom's" 'x' ]]> <!-- {{ 7*7 }} \\u2028"""


def test_hostile_names_and_headlines_are_escaped_everywhere(room: Newsroom) -> None:
    toml, yaml = (json.dumps(HOSTILE), json.dumps(HOSTILE))
    edit(room, "newsroom.toml", 'name = "Test News"', f"name = {toml}")
    edit(room, "newsroom.toml", 'name = "News"', f"name = {toml}")
    edit(room, "newsroom.toml", 'name = "editor-en"', f"name = {toml}")
    markdown = re.sub(r"([<>&\\\[\]{}])", r"\\\1", HOSTILE)
    edit(room, STORY, "# Universities sign an agreement", f"# {markdown}")
    edit(room, STORY, "Two universities will work together.", json.dumps(markdown))
    edit(room, STORY, "- Anna Author", f"- {yaml}")
    edit(room, STORY, "Two people at a table", markdown)
    edit(room, STORY, '"The rectors sign"', f"'{markdown.replace(chr(39), chr(8217))}'")
    for arguments in (["update"], sign_off("en")):
        done = run(*arguments, root=room.root)
        assert done.returncode == 0, done.stderr
    done = run("build", root=room.root)
    assert "Traceback" not in done.stderr, done.stderr
    pages = sorted((room.root / "out/web").rglob("*.html"))
    assert room.root / f"out/web/en/{SLUG}/index.html" in pages
    for file in pages:
        text = file.read_text(encoding="utf-8")
        page = Page(text)
        assert_harmless(page)
        assert "<script>alert" not in text
        assert "</title><script" not in text
        for data in page.data:
            if data.lstrip().startswith("{"):
                json.loads(data)
    english = Page((room.root / f"out/web/en/{SLUG}/index.html").read_text(encoding="utf-8"))
    assert "<script>alert(1)</script> &" in english.text
    assert "{{ 7*7 }}" in english.text
    for file in [*(room.root / "out/web").rglob("*.xml")]:
        root = ElementTree.fromstring(file.read_bytes())
        assert not [item for item in root.iter() if str(item.tag).endswith("script")]
    assert (room.root / f"out/print/en/{SLUG}.pdf").read_bytes().startswith(b"%PDF")
