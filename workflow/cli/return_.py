"""`workflow return`."""

from __future__ import annotations

import re
from pathlib import Path

import click

from workflow.cli.newsroom import current_newsroom, current_time, signing_options
from workflow.cli.output import ExitCode, note, show_record
from workflow.operations.decisions import NoteText, decide, prepare_return
from workflow.operations.signature import waits_for_touch

_NUMBERED = re.compile(r"(\d{1,6})\s*[:：]\s*(.+)", re.DOTALL)


@click.command("return")
@click.argument("story", metavar="STORY")
@click.argument("language", metavar="LANG")
@click.option(
    "--note",
    "texts",
    metavar="TEXT",
    multiple=True,
    required=True,
    help="What to change; `7: TEXT` is about segment 7. May be repeated.",
)
@signing_options
@click.pass_context
def command(
    ctx: click.Context,
    story: str,
    language: str,
    texts: tuple[str, ...],
    signer: str,
    role: str | None,
    key: Path | None,
) -> int:
    """Send an edition back to its translator, with notes.

    Signs the decision and appends it to the sign-off log. The translator finds the notes in `workflow status` and,
    after the next update, in the catalog. A note is settled when its segment's words change, or when you decide again;
    until then nobody else can approve the edition. What is published stays published.
    """
    newsroom = current_newsroom(ctx)
    slug = newsroom.known_slug(story)
    notes = [_note(text) for text in texts]
    prepared = prepare_return(newsroom, slug, language, signer=signer, role=role, notes=notes, now=current_time())
    show_record(prepared.record, touch=waits_for_touch(key))
    decide(newsroom, prepared, key=key)
    click.echo(f"returned: {slug} {language} {prepared.record.edition[:12]}")
    note("the notes reach the catalog with: workflow update")
    return ExitCode.DONE


def _note(text: str) -> NoteText:
    numbered = _NUMBERED.fullmatch(text.strip())
    if numbered:
        return NoteText(segment=int(numbered[1]), text=numbered[2].strip())
    return NoteText(segment=None, text=text.strip())
