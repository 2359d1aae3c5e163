"""`workflow sign-off export`."""

from __future__ import annotations

from pathlib import Path

import click

from workflow.cli.newsroom import current_newsroom, current_time
from workflow.cli.output import ExitCode, counted, note, show_diagnostics
from workflow.operations.export import export, signed_slug


@click.command("export")
@click.argument("story", metavar="STORY")
@click.argument("language", metavar="LANG")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the files go [default: ./sign-offs/LANG/STORY].",
)
@click.pass_context
def command(ctx: click.Context, story: str, language: str, folder: Path | None) -> int:
    """Write sign-off records as files that stock OpenSSH confirms.

    For each record in the log of STORY in LANG: what was signed (canonical JSON), its signature, and on stdout the
    command line that confirms it anywhere, without workflow. The lists of keys are put beside them as they are now.
    Exits 1 if a record does not count, and says why.
    """
    newsroom = current_newsroom(ctx)
    slug = signed_slug(newsroom, story, language)
    # Absolute, so that the command lines hold wherever they are run.
    target = Path.cwd() / (folder or Path("sign-offs", language, slug))
    done = export(newsroom, slug, language, target, current_time())
    for line in done.commands:
        click.echo(line)
    show_diagnostics(done.faults)
    note(f"{counted(len(done.commands), 'record')} in {done.folder}; each line above confirms one")
    return ExitCode.FINDINGS if done.faults else ExitCode.DONE
