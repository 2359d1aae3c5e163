"""The newsroom that a command works on, its clock, and the arguments that several commands take."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from workflow.cli.output import directory_of
from workflow.newsroom import Newsroom, open_newsroom

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")


def current_newsroom(ctx: click.Context) -> Newsroom:
    """The newsroom given with -C, or the nearest one upwards."""
    directory = directory_of(ctx)
    return open_newsroom(directory or Path.cwd(), exactly=directory is not None)


def current_time() -> datetime.datetime:
    """Now, in UTC."""
    return datetime.datetime.now(datetime.UTC)


def chosen_slugs(newsroom: Newsroom, named: Sequence[str]) -> tuple[str, ...]:
    """The stories named, or all of them."""
    return tuple(dict.fromkeys(map(newsroom.known_slug, named))) if named else newsroom.slugs()


def stories_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """`[STORY]…`."""
    return click.argument("stories", metavar="[STORY]...", nargs=-1)(command)


def signing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--as`, `--role` and `--key`, which every signed decision takes."""
    for option in (
        click.option(
            "--key",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="The private OpenSSH key, its -cert.pub, or the .pub of one in ssh-agent [default: as ssh's own].",
        ),
        click.option("--role", metavar="R", help="In which role, if the person holds several that the rule asks for."),
        click.option("--as", "signer", metavar="EMAIL", required=True, help="Who signs: a person of newsroom.toml."),
    ):
        command = option(command)
    return command
