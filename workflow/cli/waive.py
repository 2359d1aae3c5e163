"""`workflow waive`."""

from __future__ import annotations

import click

from workflow.cli.findings import place, signature, waived_json, waiver_json
from workflow.cli.newsroom import current_newsroom, current_time, json_option
from workflow.cli.output import ExitCode, counted, note, print_json, visible
from workflow.newsroom import Newsroom
from workflow.operations.waive import Choice, subject, take_back, waive
from workflow.waivers import Sorted


@click.command("waive")
@click.argument("arguments", metavar="STORY LANG [SEGMENT] [CODE]", nargs=-1)
@click.option("--as", "by", metavar="EMAIL", help="Who answers for it: a person of newsroom.toml.")
@click.option("--reason", metavar="TEXT", help="Why the finding is to stand.")
@click.option("--all", "everywhere", is_flag=True, help="Every finding of CODE in the story; name no SEGMENT.")
@click.option("--undo", is_flag=True, help="Take waivers back.")
@click.option("--list", "listed", is_flag=True, help="Show the waivers of STORY in LANG: active ones and lapsed ones.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    arguments: tuple[str, ...],
    by: str | None,
    reason: str | None,
    everywhere: bool,
    undo: bool,
    listed: bool,
    as_json: bool,
) -> int:
    """Answer for a finding that is to stand, with a reason.

    `workflow check` tells SEGMENT and CODE. The waiver holds as long as the words stay as they are, and lapses when
    source or translation change. Whoever holds a role for the language may waive a warning; an error only who
    approves the edition. Whoever signs is shown what is waived. Waivers are plain lines in locales/LANG/waivers.
    """
    newsroom = current_newsroom(ctx)
    wanted = 2 if listed else 3 if everywhere else 4
    if len(arguments) != wanted:
        usage = {2: "--list wants STORY LANG", 3: "--all wants STORY LANG CODE", 4: "wants STORY LANG SEGMENT CODE"}
        raise click.UsageError(usage[wanted])
    if listed and (everywhere or undo):
        raise click.UsageError("--list goes with neither --all nor --undo")
    if as_json and not listed:
        raise click.UsageError("--json goes with --list only")
    slug, language = newsroom.known_slug(arguments[0]), newsroom.language(arguments[1]).code
    if listed:
        return _list(newsroom, slug, language, as_json=as_json)
    if by is None:
        raise click.UsageError("--as EMAIL is missing: who answers for it")
    choice = Choice(code=arguments[-1], segment=None if everywhere else _number(arguments[2]))
    if undo:
        back = take_back(newsroom, slug, language, choice, by=by, reason=reason or "taken back", now=current_time())
        click.echo(f"taken back: {slug} {language} {choice}: {counted(len(back), 'waiver')}")
        return ExitCode.DONE
    done = waive(newsroom, slug, language, choice, by=by, reason=reason or "", now=current_time())
    for item in done:
        click.echo(f"waived: {place(item.finding)}: {visible(item.finding.message)}")
    if not done:
        note(f"{choice} is waived already")
    return ExitCode.DONE


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise click.UsageError(f"SEGMENT is a number, as workflow check and workflow review show it, not {text!r}")
    return int(text)


def _list(newsroom: Newsroom, slug: str, language: str, *, as_json: bool) -> int:
    found = subject(newsroom, slug, language).findings
    if as_json:
        _print_as_json(found, slug, language)
        return ExitCode.DONE
    for item in found.waived:
        click.echo(f"active  {place(item.finding)}: {visible(item.finding.message)}")
        click.echo(f"        {signature(item.waiver)}")
    for lapsed in found.lapsed:
        click.echo(f"lapsed  {visible(f'{lapsed.waiver.code}: {lapsed.waiver.message}')}")
        click.echo(f"        {signature(lapsed.waiver)}")
        click.echo(f"        {visible(lapsed.why)}")
    note(f"{counted(len(found.waived), 'active waiver')}, {len(found.lapsed)} lapsed")
    return ExitCode.DONE


def _print_as_json(found: Sorted, slug: str, language: str) -> None:
    lapsed = [
        {"code": item.waiver.code, "message": item.waiver.message, "why": item.why, **waiver_json(item.waiver)}
        for item in found.lapsed
    ]
    active = [waived_json(item) for item in found.waived]
    print_json({"story": slug, "language": language, "active": active, "lapsed": lapsed})
