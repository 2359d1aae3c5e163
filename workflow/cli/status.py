"""`workflow status`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from workflow.cli.newsroom import chosen_slugs, current_newsroom, current_time, json_option, stories_argument
from workflow.cli.output import ExitCode, note, print_json, visible
from workflow.model import Stage
from workflow.newsroom import Newsroom
from workflow.operations.status import EditionStatus, explain, status

_COLOURS = {
    Stage.SIGNED_OFF: "green",
    Stage.STALE: "yellow",
    Stage.RETURNED: "yellow",
    Stage.WITHDRAWN: "red",
}


@click.command("status")
@stories_argument
@click.option("--why", is_flag=True, help="Explain one edition: workflow status --why STORY LANG.")
@json_option
@click.pass_context
def command(ctx: click.Context, stories: tuple[str, ...], why: bool, as_json: bool) -> int:
    """Show how far each story is in each language.

    Tells for every edition its stage, the units translated, who signed which words and when, and what blocks it.
    An edition that is stale was signed, and its words, source or picture changed since: the signed words stay
    published until new ones are signed.
    """
    newsroom = current_newsroom(ctx)
    if why:
        return _explain(newsroom, stories, as_json)
    rows = status(newsroom, chosen_slugs(newsroom, stories), current_time())
    if as_json:
        print_json({"editions": [_as_json(row) for row in rows]})
    elif rows:
        _print_table(rows)
    else:
        note("no stories yet: write stories/<slug>/story.md")
    return ExitCode.DONE


def _explain(newsroom: Newsroom, arguments: tuple[str, ...], as_json: bool) -> int:
    """Which rule applies to one edition, what is met and what is missing."""
    if len(arguments) != 2:
        raise click.UsageError("--why wants a STORY and a LANG")
    slug, language = newsroom.known_slug(arguments[0]), newsroom.language(arguments[1]).code
    found = explain(newsroom, slug, language, current_time())
    if as_json:
        shown = {"story": slug, "language": language, "rule": found.rule}
        print_json({**shown, "met": list(found.met), "missing": list(found.missing)})
        return ExitCode.DONE
    click.echo(f"rule     {found.rule}")
    for line in found.met:
        click.echo(f"met      {visible(line)}")
    for line in found.missing:
        click.echo(f"missing  {visible(line)}")
    if not found.missing:
        click.echo("nothing is missing: these words are signed off")
    return ExitCode.DONE


def _as_json(row: EditionStatus) -> dict[str, Any]:
    units, signed = row.units, row.signed
    return {
        "story": row.story,
        "language": row.language,
        "stage": row.stage.value,
        "units": {
            "total": units.total,
            "translated": units.translated,
            "needs_review": units.needs_review,
            "new": units.new,
        },
        "signed": None
        if signed is None
        else {"edition": signed.edition, "at": signed.at.strftime("%Y-%m-%dT%H:%M:%SZ"), "by": list(signed.by)},
        "blocked_by": list(row.blocked_by),
    }


def _print_table(rows: Sequence[EditionStatus]) -> None:
    """A story's name, and below it one line for each language."""
    story = ""
    for row in rows:
        if row.story != story:
            click.echo(("\n" if story else "") + click.style(row.story, bold=True))
            story = row.story
        stage = click.style(f"{row.stage.value:<15}", fg=_COLOURS.get(row.stage))
        done = f"{row.units.translated}/{row.units.total}"
        rest = visible("; ".join(row.blocked_by))
        if row.signed is not None:
            who = f"signed {row.signed.at:%Y-%m-%d} by {', '.join(row.signed.by)}"
            rest = f"{who}; {rest}" if rest else who
        click.echo(f"  {row.language:<4} {stage} {done:>7}  {rest}".rstrip())
