"""The translator's session in a real terminal: tmux draws it, and what is typed comes as it does from a person."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from newsrooms import SLUG, translate, translated_newsroom
from test_cli import clean
from test_translate import RECTOR, on_disk

from workflow.model import UnitState
from workflow.newsroom import Newsroom

TMUX = shutil.which("tmux") or "tmux"
MOVE_IN = "Students move in May."
ENDED = "the session ended with"


class Terminal:
    """One tmux server with one window, and the session in it."""

    def __init__(
        self, newsroom: Newsroom, language: str = "zh", *, size: tuple[int, int] = (80, 24), **more: str
    ) -> None:
        self.server = f"workflow-{uuid.uuid4().hex[:12]}"
        self.newsroom = newsroom
        self.environment = clean(HOME=str(newsroom.root), **more)
        command = f"{shlex.quote(sys.executable)} -m workflow translate {SLUG} {language}; echo {ENDED} $?; exec cat"
        columns, rows = map(str, size)
        self.tmux("-f", os.devnull, "new-session", "-d", "-x", columns, "-y", rows, "sh", "-c", command)

    def tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            [TMUX, "-L", self.server, "-u", *arguments],
            cwd=self.newsroom.root,
            env=self.environment,
            capture_output=True,
            check=True,
            encoding="utf-8",
            timeout=60,
        )
        return done.stdout

    def type(self, text: str) -> None:
        self.tmux("send-keys", "-l", text)

    def press(self, *keys: str) -> None:
        self.tmux("send-keys", *keys)

    def screen(self, *options: str) -> str:
        return self.tmux("capture-pane", "-p", *options)

    def wait_for(self, *texts: str) -> str:
        """The screen once it shows all these texts."""
        self.until(lambda: all(text in self.screen() for text in texts), self.screen)
        return self.screen()

    def until(self, is_so: Callable[[], bool], told: Callable[[], str]) -> None:
        deadline = time.monotonic() + 60
        while not is_so():
            assert time.monotonic() < deadline, told()
            time.sleep(0.02)

    def session(self) -> int:
        """The process of the session."""
        shell = self.tmux("display-message", "-p", "#{pane_pid}").strip()
        return int(subprocess.run(["pgrep", "-P", shell], capture_output=True, check=True, text=True).stdout)

    def close(self) -> None:
        self.tmux("kill-server")


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    newsroom = translated_newsroom(tmp_path)
    translate(newsroom, "zh", {RECTOR: "", MOVE_IN: ""})
    translate(newsroom, "ru", {RECTOR: ""})
    return newsroom


@pytest.fixture
def opened() -> Iterator[Callable[..., Terminal]]:
    terminals = []

    def open_terminal(newsroom: Newsroom, language: str = "zh", **options: object) -> Terminal:
        terminals.append(Terminal(newsroom, language, **options))  # type: ignore[arg-type]
        return terminals[-1]

    yield open_terminal
    for terminal in terminals:
        terminal.close()


Opened = Callable[..., Terminal]


def test_chinese_is_typed_accepted_and_survives_a_kill(newsroom: Newsroom, opened: Opened) -> None:
    terminal = opened(newsroom)
    terminal.wait_for("3 · paragraph · new", "F1 Help")
    terminal.type("校长于周一签署了协议。")
    terminal.wait_for("校长于周一签署了协议。", "unsaved")
    terminal.press("F2")
    terminal.wait_for("accepted 3")
    terminal.type("学生")
    terminal.wait_for("│ 学生")
    os.kill(terminal.session(), signal.SIGKILL)
    terminal.wait_for(f"{ENDED} 137")
    assert on_disk(newsroom, RECTOR).target == "校长于周一签署了协议。"
    assert on_disk(newsroom, MOVE_IN).state is UnitState.NEW
    again = opened(newsroom)
    again.wait_for("7 · list-item · new", "8/9 units")
    again.type("学生五月搬入。")
    again.press("F2")
    again.wait_for("all units are translated")
    again.press("F10")
    again.wait_for(f"{ENDED} 0")
    assert on_disk(newsroom, MOVE_IN).target == "学生五月搬入。"


def test_russian_in_a_small_terminal(newsroom: Newsroom, opened: Opened) -> None:
    terminal = opened(newsroom, "ru", size=(40, 10))
    terminal.wait_for("en → ru")
    terminal.type("Ректор подписал соглашение в понедельник, 3 мая.")
    terminal.wait_for("понедельник, 3 мая.")
    terminal.press("C-o")
    terminal.wait_for("accepted 3")
    assert on_disk(newsroom, RECTOR, "ru").target == "Ректор подписал соглашение в понедельник, 3 мая."


def test_taking_jumping_and_help(newsroom: Newsroom, opened: Opened) -> None:
    terminal = opened(newsroom)
    terminal.wait_for("3 · paragraph")
    terminal.press("F9")
    terminal.wait_for("press a key to take")
    terminal.type("0")
    terminal.until(lambda: terminal.screen().count("The rector signed the agreement on") == 2, terminal.screen)
    terminal.press("NPage", "PPage", "C-g")
    terminal.wait_for("Go to number (1-9):")
    terminal.type("8")
    terminal.press("Enter")
    terminal.wait_for("8 · list-item")
    terminal.press("F1")
    terminal.wait_for("Keys", "write the translation in your own editor")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_gives_the_terminal_back(newsroom: Newsroom, opened: Opened, number: int, code: int) -> None:
    terminal = opened(newsroom)
    terminal.wait_for("3 · paragraph")
    terminal.type("校长")
    terminal.wait_for("校长")
    os.kill(terminal.session(), number)
    terminal.wait_for(f"{ENDED} {code}")
    assert terminal.tmux("display-message", "-p", "#{alternate_on}").strip() == "0"
    assert "paragraph" not in terminal.screen()
    terminal.type("echoed")
    terminal.wait_for("echoed")


def test_ones_own_editor_gets_the_translation_and_what_helps(
    newsroom: Newsroom, opened: Opened, tmp_path: Path
) -> None:
    editor, seen = tmp_path / "my editor", tmp_path / "seen"
    editor.write_text(
        f'#!/bin/sh\ncp "$1" {seen}\nprintf \'# 校长\\n\\n于周一\' | cat - "$1" > "$1.new"\nmv "$1.new" "$1"\n'
    )
    editor.chmod(0o755)
    terminal = opened(newsroom, VISUAL=shlex.quote(str(editor)))
    terminal.wait_for("3 · paragraph")
    terminal.type("签署")
    terminal.wait_for("│ 签署")
    terminal.press("F8")
    terminal.wait_for("│ # 校长", "│ 于周一签署")
    lines = seen.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "签署"
    assert lines[1].endswith(">8 ------------------------")
    assert f"# {RECTOR}" in lines
    terminal.press("C-z")
    terminal.wait_for("│ 签署")
    assert "于周一" not in terminal.screen()


def test_an_editor_that_fails_costs_nothing(newsroom: Newsroom, opened: Opened) -> None:
    terminal = opened(newsroom, EDITOR="false")
    terminal.wait_for("3 · paragraph")
    terminal.type("签署")
    terminal.press("F8")
    terminal.wait_for("the editor failed", "│ 签署")


def test_without_colour_nothing_is_coloured_and_all_is_told(newsroom: Newsroom, opened: Opened) -> None:
    terminal = opened(newsroom, NO_COLOR="1")
    shown = terminal.wait_for("3 · paragraph · new", "✓    2")
    assert "-    7" in shown
    assert not [code for code in sgr_codes(terminal.screen("-e")) if 30 <= code <= 38 or 40 <= code <= 48]


def test_colours_are_the_terminals_own(newsroom: Newsroom, opened: Opened) -> None:
    terminal = opened(newsroom)
    terminal.wait_for("3 · paragraph · new", "✓    2")
    codes = set(sgr_codes(terminal.screen("-e")))
    assert 32 in codes
    assert not codes & {38, 48}


def sgr_codes(text: str) -> list[int]:
    """The numbers of the sequences that set colours and attributes."""
    parts = [part.split("m")[0] for part in text.split("\x1b[")[1:]]
    return [int(code) for part in parts for code in part.split(";") if code.isdecimal()]
