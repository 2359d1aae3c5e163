"""The translator's session as lines: through a pipe, where a script drives it, and on a terminal of sorts."""

from __future__ import annotations

import io
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from newsrooms import NOW, SLUG, STORY, edit, refresh, translate, translated_newsroom
from test_cli import ESCAPE, Result, clean
from test_translate import RECTOR, add_plural, catalog_of, on_disk, sitting

from workflow.cli.plain_help import HELP
from workflow.cli.plain_session import PlainSession
from workflow.errors import UsageError
from workflow.model import UnitState
from workflow.newsroom import SITE, Newsroom
from workflow.operations.memory import open_memory

MOVE_IN = "Students move in May."


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    newsroom = translated_newsroom(tmp_path)
    translate(newsroom, "zh", {RECTOR: "", MOVE_IN: ""})
    return newsroom


def piped(newsroom: Newsroom, *lines: str, arguments: tuple[str, ...] = (SLUG, "zh")) -> Result:
    """`workflow translate` with lines as its input."""
    done = subprocess.run(
        [sys.executable, "-m", "workflow", "translate", *arguments],
        cwd=newsroom.root,
        env=clean(),
        input="".join(f"{line}\n" for line in lines).encode(),
        capture_output=True,
        check=False,
        timeout=120,
    )
    result = Result(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in result.err, result.err
    assert ESCAPE not in result.out
    return result


def test_lines_of_a_pipe_translate_the_open_units_in_their_order(newsroom: Newsroom) -> None:
    result = piped(newsroom, "校长签署了协议。", "学生五月搬入。")
    assert result.code == 0
    assert "3 of 9, paragraph, new\nen: The rector signed the agreement on Monday." in result.out
    assert "saved 3\n" in result.out
    assert result.out.endswith("9 of 9 units are translated\n")
    assert "> " not in result.out
    assert on_disk(newsroom, RECTOR).target == "校长签署了协议。"
    assert on_disk(newsroom, MOVE_IN).state is UnitState.TRANSLATED


def test_the_end_of_input_ends_the_session(newsroom: Newsroom) -> None:
    before = catalog_of(newsroom)
    result = piped(newsroom)
    assert (result.code, catalog_of(newsroom)) == (0, before)
    assert result.out.endswith("7 of 9 units are translated\n")


def test_every_command(newsroom: Newsroom) -> None:
    result = piped(
        newsroom,
        ":text", "校长。", "", "又签。", ".",
        ":undo", ":redo", ":go 3", "::新",
        "", ":fuzzy 搬", ":accept", ":prev", ":next",
        ":find rectors", ":fuzzy", ":source", ":go 9", ":omit",
        ":show", ":list", ":help", ":skip", ":quit", "not read",
    )  # fmt: skip
    assert result.code == 0, result.err
    assert on_disk(newsroom, RECTOR).target == ":新"
    assert on_disk(newsroom, MOVE_IN).target == "搬"
    assert on_disk(newsroom, "The rectors sign").target == "The rectors sign"
    assert on_disk(newsroom, "Anna Author").target == "[omit]"
    assert "zh: 校长。\n\n又签。" in result.out
    assert "7 list-item, translated: Students move in May.\n" in result.out
    assert all(command in result.out for command, _ in HELP)


def test_a_changed_source_suggestions_and_findings_are_told(newsroom: Newsroom) -> None:
    translate(newsroom, "zh", {RECTOR: "校长", MOVE_IN: "学生五月搬入。"})
    edit(newsroom, STORY, MOVE_IN, "Students will move in May.\n- Students will move in June.")
    (newsroom.root / "locales/zh/glossary.tsv").write_text("student\t学生们\t\t\t学员\n")
    refresh(newsroom)
    result = piped(newsroom, "", ":take 1", ":go 4", "双方**")
    assert result.code == 0
    assert "changed: Students {+will +}move in May." in result.out
    assert "suggestion 1, 87%, this story: 学生五月搬入。" in result.out
    assert "its source: Students will move in [-May-]{+June+}." in result.out
    assert "term: student: 学生们, not 学员" in result.out
    assert "error: emphasis: 1 in the source, 0 in the translation; mark the same words up" in result.out
    assert on_disk(newsroom, "Students will move in June.").target == "学生五月搬入。"


def test_plural_forms_are_asked_for_one_by_one(newsroom: Newsroom) -> None:
    add_plural(newsroom, "ru", 3)
    result = piped(newsroom, "%(num)s день", "%(num)s дня", "%(num)s дней", arguments=(SITE, "ru"))
    assert result.code == 0
    assert "form 2 of 3, for 2, 3, 4, 22, 23 …" in result.out
    catalog = newsroom.read_catalog("ru", SITE)
    assert catalog is not None
    assert catalog.units[0].targets == ("%(num)s день", "%(num)s дня", "%(num)s дней")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([":nonsense"], "no command :nonsense"),
        ([":go 77"], "no unit 77"),
        ([":take 4"], "no suggestion 4"),
        ([":find nowhere"], "not found: nowhere"),
        ([":accept"], "unit 3 has no translation to accept"),
        ([":go 1", ":omit"], "this one cannot be left out"),
        ([":go 1", ":prev"], "there is no unit beyond this one"),
        ([":edit"], ":edit wants a terminal"),
        ([":text"], "the input ended within :text"),
        ([":mine"], "there is no conflict"),
        (["一", "二", "三"], "no unit is open"),
    ],
)
def test_the_first_wrong_line_of_a_pipe_ends_it(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, lines: list[str], message: str
) -> None:
    given = "".join(f"{line}\n" for line in [*lines, "must not be saved anywhere"])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
    with pytest.raises(UsageError, match=message), open_memory(newsroom, NOW) as memory:
        PlainSession(sitting(newsroom), memory, is_terminal=False).run()
    catalog = (newsroom.root / newsroom.catalog_file("zh", SLUG)).read_text()
    assert "must not be saved" not in catalog


def test_input_that_is_no_text_is_refused(newsroom: Newsroom) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "workflow", "translate", SLUG, "zh"],
        cwd=newsroom.root, env=clean(), input=b"\xff\xfe\n", capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 2
    assert b"the input is not UTF-8" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("2020/nothing", "zh"), 2, "no story `2020/nothing`"),
        ((SLUG, "fr"), 2, "no language `fr`"),
        ((SLUG, "zh", "--as", "nobody@newsroom.example"), 2, "nobody has the address"),
    ],
)
def test_what_is_not_there(newsroom: Newsroom, arguments: tuple[str, ...], code: int, message: str) -> None:
    result = piped(newsroom, arguments=arguments)
    assert result.code == code
    assert message in result.err


def test_who_translates_is_named_or_known_to_git(newsroom: Newsroom) -> None:
    piped(newsroom, "一", arguments=(SLUG, "zh", "--as", "translator-zh@newsroom.example"))
    assert catalog_of(newsroom).header("Last-Translator") == "translator-zh <translator-zh@newsroom.example>"
    subprocess.run(["git", "init", "-q", "."], cwd=newsroom.root, check=True, env=clean())
    for key, value in (("user.name", "A. Nonymous"), ("user.email", "a@elsewhere.example")):
        subprocess.run(["git", "config", key, value], cwd=newsroom.root, check=True, env=clean())
    piped(newsroom, "二")
    assert catalog_of(newsroom).header("Last-Translator") == "A. Nonymous <a@elsewhere.example>"


class Line:
    """A terminal that is read line by line, as a screen reader's user has it."""

    def __init__(self, newsroom: Newsroom, **environment: str) -> None:
        self.handle, inner = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "workflow", "translate", SLUG, "zh", "--plain"],
            cwd=newsroom.root,
            env=clean(TERM="xterm", **environment),
            stdin=inner,
            stdout=inner,
            stderr=inner,
            start_new_session=True,
        )
        os.close(inner)
        self.seen = ""

    def wait_for(self, text: str) -> None:
        """Reads until the text comes, which ends what counts as seen."""
        deadline = time.monotonic() + 60
        while text not in self.seen:
            assert time.monotonic() < deadline, self.seen
            if select.select([self.handle], [], [], 0.1)[0]:
                self.seen += os.read(self.handle, 4096).decode(errors="replace")
        self.seen = self.seen.partition(text)[2]

    def say(self, text: str) -> None:
        os.write(self.handle, f"{text}\n".encode())

    def end(self) -> int:
        """Ends the input."""
        os.write(self.handle, b"\x04")
        self.wait_for("units are translated")
        code = self.process.wait(60)
        os.close(self.handle)
        return code


def test_on_a_terminal_there_is_a_prompt_and_mistakes_are_told(newsroom: Newsroom, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\ngrep -q 'The rector signed' \"$1\" && sed -i '1i# 校长' \"$1\"\n")
    editor.chmod(0o755)
    line = Line(newsroom, EDITOR=str(editor))
    line.wait_for("3 of 9")
    line.wait_for("> ")
    line.say(":nonsense")
    line.wait_for("no command :nonsense")
    line.wait_for("> ")
    line.say(":edit")
    line.wait_for("saved 3")
    translate(newsroom, "zh", {MOVE_IN: "他们的"})
    line.wait_for("> ")
    line.say("我的")
    line.wait_for("theirs: 他们的")
    line.wait_for("> ")
    line.say(":mine")
    line.wait_for("kept yours")
    line.wait_for("> ")
    assert line.end() == 0
    assert on_disk(newsroom, RECTOR).target == "# 校长"
    assert on_disk(newsroom, MOVE_IN).target == "我的"
    assert on_disk(newsroom, MOVE_IN).comments == ('theirs: "他们的"',)
