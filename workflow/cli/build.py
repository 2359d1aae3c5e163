"""`workflow build`."""

from __future__ import annotations

import click

from workflow.cli.newsroom import current_newsroom, current_time
from workflow.cli.output import ExitCode, counted, note, show_diagnostics
from workflow.cli.workers import jobs_option, workers_for
from workflow.newsroom import Newsroom
from workflow.operations.build import BuildReport, build


@click.command("build")
@jobs_option
@click.option("--drafts", is_flag=True, help="Also render unsigned words into out/drafts, marked on every page.")
@click.pass_context
def command(ctx: click.Context, jobs: int | None, drafts: bool) -> int:
    """Publish what is signed: pages, bulletins, manifest.

    Reads only frozen, signed editions; words that nobody signed cannot get into out/web or out/print. Makes only
    what changed since the last build, and takes away what is no longer published. Exits 1 if something that was
    signed cannot be published, and says why.
    """
    newsroom = current_newsroom(ctx)
    report = build(newsroom, now=current_time(), workers=workers_for(jobs))
    _show(report)
    show_diagnostics(report.faults)
    if drafts:
        _build_drafts(newsroom)
    return ExitCode.FINDINGS if report.faults else ExitCode.DONE


def _build_drafts(newsroom: Newsroom) -> None:
    # Late: drafts are always rendered, so this brings all that rendering needs.
    from workflow.operations.drafts import build_drafts

    report = build_drafts(newsroom, now=current_time())
    for path in report.files:
        click.echo(path)
    show_diagnostics(report.faults)
    note(
        f"{counted(len(report.files) // 2, 'draft')}; start at out/drafts/web/index.html"
        if report.files
        else "no drafts"
    )


def _show(report: BuildReport) -> None:
    for edition in report.editions:
        for path in filter(None, (edition.page, edition.bulletin)):
            click.echo(path)
    if not report.editions and not report.faults:
        note("nothing is signed yet, so nothing is published: workflow status shows what is missing")
    changes = [f"{len(report.written)} written" if report.written else "nothing changed"]
    changes += [f"{len(report.removed)} removed"] if report.removed else []
    note(f"{counted(len(report.editions), 'edition')}, {', '.join(changes)}; start at out/web/index.html")
