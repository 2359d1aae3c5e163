"""`workflow withdraw`."""

from __future__ import annotations

from pathlib import Path

import click

from workflow.cli.newsroom import current_newsroom, current_time, signing_options
from workflow.cli.output import ExitCode, note, show_record
from workflow.operations.decisions import decide, prepare_withdrawal
from workflow.operations.signature import waits_for_touch


@click.command("withdraw")
@click.argument("story", metavar="STORY")
@click.argument("language", metavar="LANG")
@click.option("--reason", metavar="TEXT", required=True, help="Why, in the edition's language: readers are told.")
@signing_options
@click.pass_context
def command(
    ctx: click.Context, story: str, language: str, reason: str, signer: str, role: str | None, key: Path | None
) -> int:
    """Take a published edition back, and tell readers why.

    Signs the decision and appends it to the sign-off log. With the next build the story leaves the lists, the feed and
    the bulletins of LANG, and a short notice with the reason takes its place at the same address.
    """
    newsroom = current_newsroom(ctx)
    slug = newsroom.known_slug(story)
    prepared = prepare_withdrawal(
        newsroom, slug, language, signer=signer, role=role, reason=reason.strip(), now=current_time()
    )
    show_record(prepared.record, touch=waits_for_touch(key))
    decide(newsroom, prepared, key=key)
    click.echo(f"withdrawn: {slug} {language} {prepared.record.edition[:12]}")
    note("take it off the site: workflow build")
    return ExitCode.DONE
