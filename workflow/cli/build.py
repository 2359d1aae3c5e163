"""`workflow build`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from workflow.cli.newsroom import current_newsroom, current_time
from workflow.cli.output import ExitCode, counted, note, show_diagnostics
from workflow.newsroom import Newsroom
from workflow.operations.artifacts import Workers
from workflow.operations.build import BuildReport, build

if TYPE_CHECKING:
    from concurrent.futures import Executor


@click.command("build")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Render bulletins in up to N processes [default: as many as there are processors].",
)
@click.option("--drafts", is_flag=True, help="Also render unsigned words into out/drafts, marked on every page.")
@click.pass_context
def command(ctx: click.Context, jobs: int | None, drafts: bool) -> int:
    """Publish what is signed: pages, bulletins, manifest.

    Reads only frozen, signed editions; words that nobody signed cannot get into out/web or out/print. Makes only
    what changed since the last build, and takes away what is no longer published. Exits 1 if something that was
    signed cannot be published, and says why.
    """
    newsroom = current_newsroom(ctx)
    report = build(newsroom, now=current_time(), workers=_workers(jobs or os.cpu_count() or 1))
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


def _workers(jobs: int) -> Workers | None:
    """Opens so many processes at most; None for one job, which needs no process of its own."""

    def start(bulletins: int) -> Executor:
        # Late: a build with nothing to render starts no process.
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        # On Linux forking is safe and fastest here: neither Pango nor a thread has been started yet.
        context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        return ProcessPoolExecutor(min(jobs, bulletins), mp_context=context, initializer=_leave_with_parent)

    return start if jobs > 1 else None


def _leave_with_parent() -> None:
    """Lets a worker end when the build that started it was killed; it would wait for work for ever."""
    import multiprocessing
    import threading

    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
