"""`workflow send`."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import click

from workflow.cli.newsroom import current_newsroom, current_time
from workflow.cli.output import ExitCode, counted, note
from workflow.errors import UsageError
from workflow.interchange.bundle import pack
from workflow.newsroom import replace_file
from workflow.operations.send import make_bundle


@click.command("send")
@click.argument("story", metavar="STORY")
@click.argument("language", metavar="LANG")
@click.option(
    "-o",
    "--output",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE.zip",
    help="Where the zip goes [default: <story>.<lang>.zip here].",
)
@click.option("--from", "reply_to", metavar="EMAIL", default="", help="The address to send the work back to.")
@click.pass_context
def command(ctx: click.Context, story: str, language: str, file: Path | None, reply_to: str) -> int:
    """Pack a story for an outside translator.

    Writes one zip with the catalog of STORY in LANG as PO and as XLIFF 2, a proof to read, what the memory has for it
    as TMX, the language's glossary, and a README.txt that says what to do. `workflow receive` takes the work back.
    Equal catalogs make equal zips.
    """
    newsroom = current_newsroom(ctx)
    slug = newsroom.known_slug(story)
    if reply_to and ("@" not in reply_to or any(unicodedata.category(item) == "Cc" for item in reply_to)):
        raise UsageError.of("usage.email", f"`{reply_to}` is no e-mail address", hint="such as desk@newsroom.example")
    bundle = make_bundle(newsroom, slug, language, reply_to=reply_to, now=current_time())
    target = file or Path(f"{bundle.name}.zip")
    replace_file(target, pack(bundle.files))
    click.echo(target)
    for item in bundle.workload:
        note(f"{item.state.value}: {counted(item.units, 'unit')}, {counted(item.words, 'source word')}")
    return ExitCode.DONE
