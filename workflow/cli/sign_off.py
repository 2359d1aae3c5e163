"""`workflow sign-off`."""

from __future__ import annotations

from pathlib import Path

import click

from workflow.cli.newsroom import current_newsroom, current_time
from workflow.cli.output import ExitCode, counted, note
from workflow.operations.sign_off import Draft, prepare, sign_off


@click.command("sign-off")
@click.argument("story", metavar="STORY")
@click.argument("language", metavar="LANG")
@click.option("--as", "signer", metavar="EMAIL", required=True, help="Who signs: a person of newsroom.toml.")
@click.option("--role", metavar="R", help="In which role, if the person holds several that the rule asks for.")
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The private OpenSSH key, or the .pub file of one that ssh-agent holds [default: as ssh's own].",
)
@click.pass_context
def command(ctx: click.Context, story: str, language: str, signer: str, role: str | None, key: Path | None) -> int:
    """Approve an edition: check it, sign it, freeze its words.

    Refuses an edition with missing or faulty segments and names them. Otherwise signs exactly the words and
    pictures of STORY in LANG with OpenSSH, appends the record to the language's sign-off log and, if the rule is
    met, freezes the words for publication. Keys are listed in newsroom.signers.
    """
    newsroom = current_newsroom(ctx)
    draft = prepare(newsroom, newsroom.known_slug(story), language, signer=signer, role=role, now=current_time())
    _show(draft)
    done = sign_off(newsroom, draft, key=key)
    if draft.already:
        note(f"{signer} has approved these words before; nothing new to sign")
    if done.frozen:
        click.echo(f"signed off: {draft.record.story} {draft.record.language} {draft.record.edition[:12]}")
        note("publish it: workflow build")
    else:
        click.echo(f"approved: {draft.record.story} {draft.record.language} {draft.record.edition[:12]}")
        note(f"not yet signed off: {'; '.join(done.still_missing)}")
    return ExitCode.DONE


def _show(draft: Draft) -> None:
    """What is about to be signed, as 21 CFR 11.50 asks: name, time, meaning, and which words."""
    record = draft.record
    note(f"{record.name} <{record.signer}>, {record.role}, {record.at:%Y-%m-%d %H:%M:%S} UTC")
    note(f"“{record.meaning}”")
    note(f"{record.story} in {record.language}: {draft.edition.story.headline.text}")
    segments, pictures = counted(len(record.segments), "segment"), counted(len(record.media), "picture")
    note(f"{segments}, {pictures}, sha256 {record.edition}")
    for segment in draft.edition.omitted:
        note(f"left out of this edition: {segment.role}: {segment.source[:70]}")
