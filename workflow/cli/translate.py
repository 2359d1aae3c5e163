"""`workflow translate`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from workflow.cli.newsroom import current_newsroom, current_time
from workflow.cli.output import note, tell
from workflow.memory import Memory
from workflow.newsroom import SITE, Newsroom
from workflow.operations.memory import open_memory
from workflow.operations.people import person_of
from workflow.operations.sitting import Sitting
from workflow.operations.translate import open_session


@click.command("translate")
@click.argument("story", metavar="STORY")
@click.argument("language", metavar="LANG")
@click.option("--as", "email", metavar="EMAIL", help="Who translates: a person of newsroom.toml [default: as git].")
@click.option("--plain", is_flag=True, help="Lines instead of a screen, as it also is where there is no terminal.")
@click.pass_context
def command(ctx: click.Context, story: str, language: str, email: str | None, plain: bool) -> int:
    """Translate a story, unit by unit, in the terminal.

    Shows each unit of STORY in LANG within the flow of the story, with what changed in its source, editors' notes,
    suggestions, terms, and what the checks find as you type. F1 shows the keys. Each unit is saved when you accept
    it. The source's own language is copy-edited the same way; STORY can be `site`, the newsroom's own words.

    With --plain, a line is the translation of the unit that was shown last, and one that begins with a colon is a
    command; :help lists them.
    """
    newsroom = current_newsroom(ctx)
    slug = SITE if story == SITE else newsroom.known_slug(story)
    session = open_session(newsroom, slug, language, current_time())
    translator = _translator(newsroom, email)
    if not translator:
        note("nobody to name as Last-Translator: --as EMAIL names you, or git config user.email")
    sitting = Sitting(session=session, translator=translator, clock=current_time)
    with open_memory(newsroom, current_time(), tell=tell) as memory:
        return _run(sitting, memory, plain=plain)


def _run(sitting: Sitting, memory: Memory, *, plain: bool) -> int:
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    # Textual draws on stderr.
    has_screen = is_terminal and sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"
    if plain or not has_screen:
        from workflow.cli.plain_session import PlainSession

        return PlainSession(sitting, memory, is_terminal=is_terminal).run()
    # Late: Textual takes a third of a second to import, and no other command needs it.
    from workflow.tui.app import run

    return run(sitting, memory)


def _translator(newsroom: Newsroom, email: str | None) -> str:
    """`Name <address>`, as the header wants it: who was named, else whom git knows; empty if nobody is known."""
    address = email or _git(newsroom.root, "user.email")
    if email or address in newsroom.settings.people:
        return f"{person_of(newsroom, address).name} <{address}>"
    name = _git(newsroom.root, "user.name")
    return f"{name or address} <{address}>" if address else ""


def _git(folder: Path, key: str) -> str:
    """A setting of git's, on one line; empty if there is none, or no git."""
    try:
        found = subprocess.run(
            ["git", "config", "--get", key], cwd=folder, capture_output=True, encoding="utf-8", check=False
        )
    except OSError:
        return ""
    return " ".join(found.stdout.split())
