"""`workflow sign-off`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from workflow.cli.export import command as export_command
from workflow.cli.findings import show_waived
from workflow.cli.newsroom import current_newsroom, current_time, signing_options
from workflow.cli.output import ExitCode, counted, note, show_record
from workflow.operations.sign_off import prepare, sign_off
from workflow.operations.signature import waits_for_touch


class SignOffCommand(click.Command):
    """Hands `sign-off export …` on to the command for that; a story named `export` is signed as stories/export."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """As click does, and the context of the other command where it is named first."""
        if args[:1] == ["export"]:
            return export_command.make_context(f"{info_name} export", args[1:], parent=parent, **extra)
        return super().make_context(info_name, args, parent=parent, **extra)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Both ways to call it."""
        super().format_usage(ctx, formatter)
        formatter.write_usage(f"{ctx.command_path} export", "[OPTIONS] STORY LANG", prefix=" " * len("Usage: "))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, and below them the other command."""
        super().format_options(ctx, formatter)
        with formatter.section("Commands"):
            formatter.write_dl([("export", export_command.get_short_help_str(limit=80))])


@click.command("sign-off", cls=SignOffCommand)
@click.argument("story", metavar="STORY")
@click.argument("language", metavar="LANG")
@signing_options
@click.pass_context
def command(ctx: click.Context, story: str, language: str, signer: str, role: str | None, key: Path | None) -> int:
    """Approve an edition: check it, sign it, freeze its words.

    Refuses an edition with missing or faulty segments and names them; shows the findings that somebody waived.
    Otherwise signs exactly the words and pictures of STORY in LANG with OpenSSH, freezes them, and appends the record
    to the language's sign-off log. They are published once the rule is met. Keys are listed in newsroom.signers.
    """
    newsroom = current_newsroom(ctx)
    draft = prepare(newsroom, newsroom.known_slug(story), language, signer=signer, role=role, now=current_time())
    note(draft.edition.story.headline.text)
    show_record(draft.record, touch=not draft.already and waits_for_touch(key))
    for segment in draft.edition.omitted:
        note(f"left out of this edition: {segment.role}: {segment.source[:70]}")
    show_waived(draft.waived)
    if draft.warnings:
        where = f"{draft.record.story} --language {draft.record.language}"
        note(f"{counted(draft.warnings, 'open warning')}: workflow check {where}")
    done = sign_off(newsroom, draft, key=key)
    if draft.already:
        note(f"{signer} has approved these words before; nothing new to sign")
    words = f"{draft.record.story} {draft.record.language} {draft.record.edition[:12]}"
    if not done.channels:
        click.echo(f"approved: {words}")
        note(f"not yet signed off: {'; '.join(done.blocked_by)}")
        return ExitCode.DONE
    click.echo(f"signed off: {words}")
    if done.blocked_by:
        note(f"for {' and '.join(done.channels)}; still missing: {'; '.join(done.blocked_by)}")
    note("publish it: workflow build")
    return ExitCode.DONE
