"""The commands as scripts and people meet them: real processes, their two streams, their exit codes."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from newsrooms import make_key

from workflow import __version__
from workflow.cli import COMMANDS
from workflow.signing import public_key, signers_line

REPOSITORY = Path(__file__).resolve().parent.parent
EDITOR = "editor@newsroom.example"
ZH = "locales/zh/LC_MESSAGES/welcome.po"
PUBLISHED = ("out/web/zh/welcome/index.html", "out/print/zh/welcome.pdf")
HEX = re.compile(r"[0-9a-f]{64}")
ESCAPE = "\x1b["


def clean(**more: str) -> dict[str, str]:
    """The environment of a new account: nothing of the developer's own."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(REPOSITORY),
        **more,
    }


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


def workflow(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Result:
    """`workflow …` with `folder` as the working directory. No command may end with a trace-back."""
    done = subprocess.run(
        [sys.executable, "-m", "workflow", *arguments],
        cwd=folder,
        env=clean(**(environment or {})),
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Result(done.returncode, done.stdout, done.stderr)


def document(result: Result) -> dict[str, Any]:
    """The one JSON document on stdout."""
    found: dict[str, Any] = json.loads(result.out)
    assert found["schema"] == 1
    return found


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text, old
    file.write_text(text.replace(old, new), encoding="utf-8")


def finish_site_words(root: Path, language: str) -> None:
    """Gives each of the newsroom's own words that has none a translation: itself."""
    file = root / f"locales/{language}/LC_MESSAGES/site.po"
    text = re.sub(r'^(msgid "(.+)")\nmsgstr ""$', r'\1\nmsgstr "\2"', file.read_text(encoding="utf-8"), flags=re.M)
    file.write_text(text, encoding="utf-8")


def files(root: Path) -> dict[str, bytes]:
    """Every file but the caches."""
    found = (path for path in root.rglob("*") if path.is_file() and ".workflow" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def sign(root: Path, language: str, key: Path, *more: str) -> Result:
    return workflow(root, "sign-off", "welcome", language, "--as", EDITOR, "--key", str(key), *more)


def list_key(root: Path, key: Path) -> None:
    with (root / "newsroom.signers").open("a", encoding="utf-8") as file:
        file.write(signers_line(EDITOR, public_key(key) or "") + "\n")


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_key(tmp_path_factory.mktemp("keys") / "editor")


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory, key: Path) -> Path:
    """A new newsroom with the editor's key and its own words translated; nothing is signed."""
    root = tmp_path_factory.mktemp("ready") / "room"
    assert workflow(root.parent, "init", "room").code == 0
    for language in ("zh", "ru"):
        finish_site_words(root, language)
    list_key(root, key)
    return root


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, ready: Path, key: Path) -> Path:
    """The same with English and Chinese signed and built. Only to be read, or copied."""
    root = tmp_path_factory.mktemp("live") / "room"
    shutil.copytree(ready, root)
    assert sign(root, "en", key).code == 0
    assert sign(root, "zh", key).code == 0
    assert workflow(root, "build").code == 0
    return root


@pytest.fixture
def room(tmp_path: Path, ready: Path) -> Path:
    return Path(shutil.copytree(ready, tmp_path / "room"))


@pytest.fixture
def live_room(tmp_path: Path, live: Path) -> Path:
    return Path(shutil.copytree(live, tmp_path / "room"))


# --- The whole way of a story ------------------------------------------------------------------------------


def test_from_a_new_newsroom_to_published_words_and_new_words(tmp_path: Path, key: Path) -> None:
    made = workflow(tmp_path, "init", "press")
    assert made.code == 0
    assert made.out == f"{tmp_path / 'press'}\n"
    assert "workflow status" in made.err
    root = tmp_path / "press"
    assert workflow(root, "build").code == 0, "it builds at once"
    assert (root / "out/web/index.html").is_file()
    list_key(root, key)

    # An author writes one more sentence; the translator's catalogs follow.
    edit(root / "stories/welcome/story.md", "What you can do next:", "What you can do next is this:")
    assert workflow(root, "update", "--check").code == 1
    updated = workflow(root, "update")
    assert updated.code == 0
    assert f"{ZH}: 7 translated, 1 to review" in updated.out
    assert workflow(root, "update", "--check").code == 0
    row = one_edition(root, "zh")
    assert row["stage"] == "in translation"
    assert row["units"] == {"total": 8, "translated": 7, "needs_review": 1, "new": 0}
    checked = workflow(root, "check", "welcome", "--language", "zh")
    assert checked.code == 1
    assert re.search(rf"^{ZH}:\d+: error: .*needs review: What you can do next is this:", checked.out, re.MULTILINE)
    refused = sign(root, "zh", key)
    assert refused.code == 1
    assert "What you can do next is this:" in refused.err

    # The translator reviews it in an editor of text, and translates the newsroom's own words.
    text = (root / ZH).read_text(encoding="utf-8")
    text = re.sub(r"#, fuzzy\n(#\|.*\n)+", "", text)
    (root / ZH).write_text(text, encoding="utf-8")
    finish_site_words(root, "zh")
    checked = workflow(root, "check", "welcome", "--language", "zh")
    assert (checked.code, checked.out, checked.err) == (0, "", "no findings\n")

    # The editor signs, the source edition first, and the words go out.
    too_early = sign(root, "zh", key)
    assert too_early.code == 1
    assert "the en edition of welcome is not signed" in too_early.err
    assert sign(root, "en", key).code == 0
    signed = sign(root, "zh", key)
    assert signed.code == 0
    assert re.fullmatch(r"signed off: welcome zh [0-9a-f]{12}\n", signed.out)
    assert f"The editor <{EDITOR}>, editor" in signed.err
    assert "approve exactly these words" in signed.err
    built = workflow(root, "build")
    assert built.code == 0
    assert set(PUBLISHED) < set(built.out.split())
    verified = workflow(root, "verify")
    assert (verified.code, verified.out) == (0, "")
    assert verified.err.startswith("all good: 2 records, 2 editions, ")
    before = {path: (root / path).read_bytes() for path in PUBLISHED}
    assert "接下来您可以" in before[PUBLISHED[0]].decode()

    # One word of the translation changes: what is live stays, byte for byte, until somebody signs again.
    edit(root / ZH, "接下来您可以", "然后您可以")
    row = one_edition(root, "zh")
    assert row["stage"] == "stale"
    assert row["blocked_by"] == ["approval by one editor"]
    assert row["signed"]["by"] == [EDITOR]
    assert workflow(root, "build").code == 0
    assert {path: (root / path).read_bytes() for path in PUBLISHED} == before

    new_key = make_key(tmp_path / "new-key")
    unlisted = sign(root, "zh", new_key)
    assert unlisted.code == 1
    assert signers_line(EDITOR, public_key(new_key) or "") in unlisted.err, "says the line to add"
    assert {path: (root / path).read_bytes() for path in PUBLISHED} == before
    list_key(root, new_key)
    assert sign(root, "zh", new_key).code == 0
    assert workflow(root, "build").code == 0
    assert "然后您可以" in (root / PUBLISHED[0]).read_text(encoding="utf-8")
    assert all((root / path).read_bytes() != before[path] for path in PUBLISHED)
    assert workflow(root, "verify").code == 0
    assert one_edition(root, "zh")["stage"] == "signed off"


def one_edition(root: Path, language: str) -> dict[str, Any]:
    rows = document(workflow(root, "status", "--json"))["editions"]
    (row,) = [row for row in rows if row["language"] == language]
    return dict(row)


def test_sign_off_tells_how_many_warnings_stand_open(live_room: Path, key: Path) -> None:
    assert "open warning" not in sign(live_room, "zh", key).err
    edit(live_room / ZH, "接下来您可以", "接下来50天内您可以")
    signed = sign(live_room, "zh", key)
    assert signed.code == 0
    assert "1 open warning: workflow check welcome --language zh\n" in signed.err


def test_status_says_that_a_story_has_changed_since_its_catalogs_were_made(live_room: Path) -> None:
    assert one_edition(live_room, "zh")["outdated"] is False
    edit(live_room / "stories/welcome/story.md", "sample story", "simple sample story")
    assert one_edition(live_room, "zh")["outdated"] is True
    shown = workflow(live_room, "status")
    assert "the story has changed: run workflow update" in " ".join(shown.out.split())
    assert "zh   nothing; more after workflow update: 1 story changed" in shown.out
    workflow(live_room, "update")
    assert "workflow update" not in workflow(live_room, "status").out


def test_update_twice_writes_the_same_bytes(room: Path) -> None:
    edit(room / "stories/welcome/story.md", "sample story", "simple sample story")
    assert workflow(room, "update", "--check").code == 1
    once = workflow(room, "update")
    first = files(room)
    twice = workflow(room, "update")
    assert once.out.splitlines()[0].startswith("locales/en/")
    assert (twice.code, twice.out, twice.err) == (0, "", "all 6 catalogs are up to date\n")
    assert files(room) == first


def test_update_check_writes_nothing(room: Path) -> None:
    edit(room / "stories/welcome/story.md", "sample story", "simple sample story")
    before = files(room)
    checked = workflow(room, "update", "--check")
    assert checked.code == 1
    assert f"{ZH}: 7 translated, 1 to review" in checked.out
    assert "3 of 6 catalogs would change: run workflow update" in checked.err
    assert files(room) == before


def test_signing_names_every_missing_segment(room: Path, key: Path) -> None:
    for target in ("接下来您可以：", "欢迎来到您的新闻编辑室"):
        edit(room / ZH, f'msgstr "{target}"', 'msgstr ""')
    before = files(room)
    refused = sign(room, "zh", key)
    assert (refused.code, refused.out) == (1, "")
    assert "headline not translated: Welcome to your newsroom" in refused.err
    assert "paragraph not translated: What you can do next:" in refused.err
    assert files(room) == before


def test_signing_again_says_nothing_new(live_room: Path, key: Path) -> None:
    before = files(live_room)
    again = sign(live_room, "zh", key)
    assert again.code == 0
    assert "nothing new to sign" in again.err
    assert files(live_room) == before


# --- Results on stdout, the rest on stderr; exit codes -----------------------------------------------------


def test_a_table_on_stdout(live: Path) -> None:
    shown = workflow(live, "status")
    assert (shown.code, shown.err) == (0, "")
    lines = shown.out.splitlines()
    assert lines[0] == "welcome"
    assert re.fullmatch(rf"  zh   signed off +8/8  signed \d{{4}}-\d\d-\d\d by {EDITOR}", lines[2])
    assert re.fullmatch(r"  ru   translated +8/8  approval by one editor", lines[3])


def test_findings_on_stdout_and_their_number_on_stderr(room: Path) -> None:
    edit(room / ZH, "运行**workflow update**", "运行workflow update")
    found = workflow(room, "check")
    assert (found.code, found.err) == (1, "1 finding\n")
    first, second = found.out.splitlines()
    assert re.fullmatch(rf"{ZH}:\d+: error: strong: 1 in the source, 0 in the translation: .+", first)
    assert second == "  hint: mark the same words up as the source does"


def test_faults_of_verify_on_stdout(live_room: Path) -> None:
    (live_room / PUBLISHED[0]).write_text("forged")
    found = workflow(live_room, "verify")
    assert (found.code, found.out.splitlines()[0]) == (1, f"{PUBLISHED[0]}: error: not the file that was built")
    assert found.err.startswith("1 fault: ")


def test_build_names_pages_on_stdout_and_faults_on_stderr(live_room: Path) -> None:
    file = live_room / "locales/zh/LC_MESSAGES/site.po"
    text = re.sub(r'(?<=msgid "The editor"\n)msgstr ".+"', 'msgstr ""', file.read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8")
    built = workflow(live_room, "build")
    assert built.code == 1
    assert built.out.split() == ["out/web/en/welcome/index.html", "out/print/en/welcome.pdf"]
    assert "locales/zh/LC_MESSAGES/site.po" in built.err
    assert "The editor" in built.err
    assert not (live_room / PUBLISHED[0]).exists()


def test_building_what_nobody_signed(room: Path) -> None:
    built = workflow(room, "build", "--jobs", "2")
    assert (built.code, built.out) == (0, "")
    assert "nothing is signed yet" in built.err
    assert "0 editions" in built.err


@pytest.mark.parametrize(
    ("arguments", "said", "hint"),
    [
        (["frobnicate"], "No such command 'frobnicate'", "--help"),
        (["statsu"], "Did you mean 'status'?", "--help"),
        (["status", "--frob"], "No such option '--frob'", "status --help"),
        (["sign-off", "welcome", "en"], "Missing option '--as'", "sign-off --help"),
        (["sign-off", "welcome"], "Missing argument 'LANG'", "sign-off --help"),
        (["build", "--jobs", "0"], "Invalid value for '--jobs'", "build --help"),
        (["init"], "Missing argument 'DIR'", "init --help"),
        (["init", "."], ". is not an empty folder", "hint: name a new one"),
        (["status", "nope"], "no story `nope`", "hint: workflow status lists the stories"),
        (["translate", "welcom", "zh"], "no story `welcom`", "hint: did you mean `welcome`?"),
        (["check", "--language", "de"], "no language `de`", "hint: there are en, zh, ru"),
        (["sign-off", "welcome", "de", "--as", EDITOR], "no language `de`", "hint: there are en, zh, ru"),
        (["sign-off", "nope", "en", "--as", EDITOR], "no story `nope`", "hint: workflow status lists"),
        (["sign-off", "welcome", "en", "--as", "who@x.example"], "address who@x.example", f"lists {EDITOR}"),
        (["sign-off", "welcome", "en", "--as", EDITOR], "no key to sign with", "hint: name one with --key"),
        (["-C", "/", "status"], "no newsroom.toml in /", "hint: go to a newsroom, name one with -C DIR"),
        (["-C", "/nowhere/at/all", "status"], "no newsroom.toml in /nowhere/at/all", "workflow init DIR"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_exits_2_with_a_hint(ready: Path, arguments: list[str], said: str, hint: str) -> None:
    refused = workflow(ready, *arguments)
    assert (refused.code, refused.out) == (2, "")
    assert said in refused.err
    assert hint in refused.err


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in {"init", "merge-catalog"}])
def test_no_newsroom_exits_2(tmp_path: Path, command: str) -> None:
    edition = ["welcome", "zh"]
    arguments = {
        "sign-off": [*edition, "--as", EDITOR],
        "return": [*edition, "--as", EDITOR, "--note", "?"],
        "withdraw": [*edition, "--as", EDITOR, "--reason", "?"],
        "history": ["welcome"],
        "review": edition,
        "glossary": ["check"],
        "memory": ["search", "word", "--to", "zh"],
        "send": edition,
        "receive": ["file.po"],
        "translate": edition,
    }.get(command, [])
    refused = workflow(tmp_path, command, *arguments)
    assert refused.code == 2
    assert f"no newsroom.toml in {tmp_path} or above it" in refused.err
    assert "hint:" in refused.err


def test_a_role_that_the_person_does_not_hold_shuts_the_gate(ready: Path, key: Path) -> None:
    refused = sign(ready, "zh", key, "--role", "chief")
    assert refused.code == 1
    assert f"{EDITOR} is not chief for zh" in refused.err
    assert "newsroom.toml" in refused.err


# --- Which newsroom, which story ---------------------------------------------------------------------------


def test_the_nearest_newsroom_upwards_or_the_one_named(ready: Path, tmp_path: Path) -> None:
    wanted = workflow(ready, "status").out
    assert wanted
    assert workflow(ready / "locales/zh", "status").out == wanted
    assert workflow(tmp_path, "-C", str(ready), "status").out == wanted
    assert workflow(ready.parent, "-C", ready.name, "status").out == wanted
    assert workflow(tmp_path, "-C", str(ready / "locales"), "status").code == 2, "-C means this folder"


@pytest.mark.parametrize(
    ("where", "name"),
    [
        (".", "welcome"),
        (".", "stories/welcome"),
        (".", "stories/welcome/"),
        (".", "./stories/welcome"),
        (".", "stories/welcome/story.md"),
        ("stories/welcome", "story.md"),
        ("stories/welcome", "."),
        ("locales", "../stories/welcome/story.md"),
        ("locales", "welcome"),
    ],
)
def test_a_story_is_named_by_slug_or_path(ready: Path, where: str, name: str) -> None:
    shown = workflow(ready / where, "status", name, "--json")
    assert shown.code == 0, shown.err
    assert {row["story"] for row in document(shown)["editions"]} == {"welcome"}


def test_a_story_is_named_by_its_full_path(ready: Path, tmp_path: Path) -> None:
    assert workflow(tmp_path, "-C", str(ready), "status", str(ready / "stories/welcome")).code == 0
    assert workflow(tmp_path, "-C", str(ready), "status", str(ready / "locales")).code == 2


def test_a_story_named_twice_is_meant_once(ready: Path) -> None:
    once = workflow(ready, "status", "welcome")
    assert workflow(ready, "status", "welcome", "stories/welcome").out == once.out


# --- JSON --------------------------------------------------------------------------------------------------


def shape(value: object) -> object:
    """Keys and types, without the values."""
    if isinstance(value, dict):
        return {name: shape(item) for name, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value[:1]]
    return None if value is None else type(value).__name__


UNITS = {"total": "int", "translated": "int", "needs_review": "int", "new": "int"}
DIAGNOSTIC = dict.fromkeys(("code", "severity", "message", "hint", "path"), "str") | {
    "line": "int",
    "story": "str",
    "language": "str",
}


def test_status_json(live: Path) -> None:
    found = document(workflow(live, "status", "--json"))
    assert set(found) == {"schema", "editions"}
    rows = {row["language"]: row for row in found["editions"]}
    assert list(rows) == ["en", "zh", "ru"]
    assert shape(rows["zh"]) == {
        "story": "str",
        "language": "str",
        "stage": "str",
        "outdated": "bool",
        "units": UNITS,
        "words": UNITS,
        "characters": UNITS,
        "signed": {"edition": "str", "at": "str", "by": ["str"]},
        "blocked_by": [],
        "questions": "int",
    }
    assert HEX.fullmatch(rows["zh"]["signed"]["edition"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", rows["zh"]["signed"]["at"])
    assert rows["zh"]["stage"] == "signed off"
    assert rows["ru"]["signed"] is None
    assert rows["ru"]["blocked_by"] == ["approval by one editor"]
    assert shape(rows["ru"]["units"]) == UNITS


def test_check_json(room: Path) -> None:
    assert document(workflow(room, "check", "--json")) == {"schema": 1, "diagnostics": [], "waived": []}
    edit(room / ZH, "运行**workflow update**", "运行workflow update")
    found = workflow(room, "check", "--json")
    assert found.code == 1
    (item,) = document(found)["diagnostics"]
    assert shape(item) == DIAGNOSTIC | {"segment": "int", "marked": []}
    assert (item["code"], item["severity"], item["path"]) == ("markup.changed", "error", ZH)
    assert (item["story"], item["language"]) == ("welcome", "zh")


def test_check_json_of_a_file_that_cannot_be_used_names_story_and_language(room: Path) -> None:
    (room / ZH).write_bytes(b"")
    edit(room / "stories/welcome/story.md", "section: news", "section: news\nauthor: me")
    (item,) = document(workflow(room, "check", "--json"))["diagnostics"]
    assert (item["story"], item["language"]) == ("welcome", None), "the story hides its catalogs"
    edit(room / "stories/welcome/story.md", "\nauthor: me", "")
    (item,) = document(workflow(room, "check", "--json"))["diagnostics"]
    assert (item["story"], item["language"], item["line"]) == ("welcome", "zh", None)


def test_verify_json(live_room: Path) -> None:
    found = document(workflow(live_room, "verify", "--json"))
    assert shape(found) == {"schema": "int", "records": "int", "editions": "int", "files": "int", "diagnostics": []}
    assert (found["records"], found["editions"]) == (2, 2)
    (live_room / PUBLISHED[1]).unlink()
    forged = workflow(live_room, "verify", "--json")
    assert forged.code == 1
    (item,) = document(forged)["diagnostics"]
    assert shape(item) == DIAGNOSTIC | {"line": None}
    assert (item["code"], item["path"]) == ("out.missing", PUBLISHED[1])


def test_json_is_not_followed_by_anything(live: Path) -> None:
    for command in ("status", "check", "verify"):
        shown = workflow(live, command, "--json")
        json.loads(shown.out)
        assert shown.err == ""


def test_the_manifest(live: Path) -> None:
    manifest = json.loads((live / "out/manifest.json").read_bytes())
    assert set(manifest) == {"schema", "files", "heads"}
    assert manifest["schema"] == 1
    built = {path.relative_to(live / "out").as_posix() for path in (live / "out").rglob("*") if path.is_file()}
    assert {item["path"] for item in manifest["files"]} == built - {"manifest.json"}
    assert {path.removeprefix("out/") for path in PUBLISHED} <= built
    assert {"web/index.html", "web/sitemap.xml", "web/zh/index.html", "web/zh/feed.xml"} <= built
    for item in manifest["files"]:
        assert set(item) == {"path", "sha256", "story", "language", "edition", "signoffs"}
        assert HEX.fullmatch(item["sha256"])
    page = next(item for item in manifest["files"] if item["path"] == "web/zh/welcome/index.html")
    assert (page["story"], page["language"]) == ("welcome", "zh")
    assert page["signoffs"] == manifest["heads"]["zh/welcome"]


# --- Help --------------------------------------------------------------------------------------------------


def test_help_of_the_group(tmp_path: Path) -> None:
    for flag in ("--help", "-h"):
        shown = workflow(tmp_path, flag)
        assert (shown.code, shown.err) == (0, "")
        for name, line in COMMANDS.items():
            assert re.search(rf"^  {name} +{re.escape(line)}$", shown.out, re.MULTILINE)
        for code in (0, 1, 2, 3, 4, 5, 130):
            assert re.search(rf"^ +{code}  \S", shown.out, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_begins_with_its_line_in_the_group(tmp_path: Path, name: str) -> None:
    shown = workflow(tmp_path, name, "--help")
    assert (shown.code, shown.err) == (0, "")
    usages, _, rest = shown.out.partition("\n\n")
    assert usages.startswith(f"Usage: python -m workflow {name} ")
    assert rest.splitlines()[0].strip() == COMMANDS[name]


def test_no_command_shows_help(tmp_path: Path) -> None:
    shown = workflow(tmp_path)
    assert shown.code in {0, 2}
    assert COMMANDS["sign-off"] in shown.out + shown.err


def test_version(tmp_path: Path) -> None:
    shown = workflow(tmp_path, "--version")
    assert (shown.code, shown.out) == (0, f"workflow, version {__version__}\n")


# --- Colour, pipes, interrupts -----------------------------------------------------------------------------


def on_terminal(folder: Path, *arguments: str, **environment: str) -> str:
    """What a person at a terminal sees."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "workflow", *arguments],
        cwd=folder,
        env=clean(**{"TERM": "xterm-256color", **environment}),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ):
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux says EIO when the last writer has gone
                break
            if not part:
                break
            shown += part
    os.close(ours)
    return shown.decode()


def test_colour_on_a_terminal_only(live: Path, tmp_path: Path) -> None:
    coloured = on_terminal(live, "status")
    assert ESCAPE in coloured
    assert ESCAPE in on_terminal(tmp_path, "status"), "an error is coloured, too"
    plain = workflow(live, "status").out
    assert ESCAPE not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured).replace("\r\n", "\n") == plain
    assert ESCAPE not in workflow(tmp_path, "status", environment={"TERM": "xterm-256color"}).err


@pytest.mark.parametrize("quiet", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["NO_COLOR", "TERM=dumb"])
def test_no_colour_where_it_is_not_wanted(live: Path, tmp_path: Path, quiet: dict[str, str]) -> None:
    assert ESCAPE not in on_terminal(live, "status", **quiet)
    assert ESCAPE not in on_terminal(tmp_path, "status", **quiet)


@pytest.mark.parametrize("command", ["status", "status --json", "check --json", "--help"])
def test_a_reader_that_goes_away_is_no_error(live: Path, command: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "workflow", *command.split()],
        cwd=live,
        env=clean(),
        stdout=writing,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_head_takes_one_line(live: Path) -> None:
    command = f"set -o pipefail; {sys.executable} -m workflow status --json | head -1"
    done = subprocess.run(
        ["bash", "-c", command], cwd=live, env=clean(), capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "{\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_result_that_cannot_be_written_is_not_lost_in_silence(live: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "workflow", "status"],
            cwd=live,
            env=clean(),
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 5
    assert "cannot write the output: no space left on device" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["build", "status", "verify"])
def test_ctrl_c_exits_130_and_leaves_everything_as_it_was(live_room: Path, tmp_path: Path, command: str) -> None:
    started = tmp_path / "started"
    slow = tmp_path / "bin/ssh-keygen"
    slow.parent.mkdir()
    slow.write_text(f"#!/bin/sh\n: > {started}\nexec sleep 60\n")
    slow.chmod(0o755)
    shutil.rmtree(live_room / ".workflow")
    before = files(live_room)
    with subprocess.Popen(
        [sys.executable, "-m", "workflow", command],
        cwd=live_room,
        env=clean(PATH=f"{slow.parent}:{os.environ['PATH']}"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        # A shell has what it starts in the background ignore the interrupt, and us with it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        deadline = time.monotonic() + 30
        while not started.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err.strip()) == (130, "", "interrupted")
    assert files(live_room) == before
    assert workflow(live_room, "build").code == 0, "the lock is free again"


TASKS_OF_WORKERS = """
import sys, time
from pathlib import Path
from workflow.cli.workers import workers_for
from workflow.operations.workers import in_order

def task(number):
    Path(f"began-{number}").touch()
    while not Path("go-on").exists():
        time.sleep(0.01)
    Path(f"ended-{number}").touch()
    return number

try:
    print(list(in_order(task, range(80), workers_for(2))))
except KeyboardInterrupt:
    sys.exit(130)
"""


def test_at_ctrl_c_workers_finish_what_they_began_and_begin_nothing(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", TASKS_OF_WORKERS],
        cwd=tmp_path,
        env=clean(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        deadline = time.monotonic() + 30
        while len([*tmp_path.glob("began-*")]) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)
        (tmp_path / "go-on").touch()
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["began-0", "began-8", "ended-0", "ended-8", "go-on"]


# --- What starts fast imports little -----------------------------------------------------------------------

SLOW = (
    "weasyprint",
    "jinja2",
    "babel",
    "PIL",
    "markdown_it",
    "polib",
    "rapidfuzz",
    "yaml",
    "fontTools",
    "textual",
    "rich",
)


def imported(folder: Path, *arguments: str) -> set[str]:
    """The top-level packages that a command imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "workflow", *arguments],
        cwd=folder,
        env=clean(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]
    return {name.partition(".")[0] for name in re.findall(r"^import time:.*\| +(\S+)$", done.stderr, re.MULTILINE)}


def test_help_imports_click_and_ours_alone(tmp_path: Path) -> None:
    found = imported(tmp_path, "--help")
    bare = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import click"], capture_output=True, encoding="utf-8", check=True
    )
    standard = set(sys.stdlib_module_names) | set(re.findall(r"\| +(\w+)[\w.]*$", bare.stderr, re.MULTILINE))
    assert found - standard - {"org"} == {"workflow"}, "the standard library's copy asks for Jython's org"
    assert not found & set(SLOW)


def test_status_imports_no_renderer(live: Path) -> None:
    found = imported(live, "status")
    assert not found & {"weasyprint", "jinja2", "babel", "PIL", "fontTools", "textual"}


def test_a_build_with_nothing_to_do_imports_no_library(live_room: Path) -> None:
    assert workflow(live_room, "build").code == 0
    before = {path: (live_room / path).stat().st_mtime_ns for path in files(live_room)}
    found = imported(live_room, "build")
    assert not found & {"weasyprint", "jinja2", "babel", "PIL", "fontTools", "markdown_it"}
    assert {path: (live_room / path).stat().st_mtime_ns for path in files(live_room)} == before


def test_pages_and_bulletins_of_workers_are_the_same(live: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(live, tmp_path / "room"))
    wanted = files(root / "out")
    shutil.rmtree(root / "out")
    shutil.rmtree(root / ".workflow")
    assert workflow(root, "build", "--jobs", "2").code == 0
    assert files(root / "out") == wanted
