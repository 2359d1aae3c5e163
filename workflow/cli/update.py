"""`workflow update`."""

from __future__ import annotations

import contextlib

import click

from workflow.cli.newsroom import chosen_slugs, current_newsroom, current_time, stories_argument
from workflow.cli.output import ExitCode, note, tell
from workflow.cli.workers import jobs_option, workers_for
from workflow.operations.update import CatalogUpdate, update


@click.command("update")
@stories_argument
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a catalog would change.")
@click.option("--no-memory", is_flag=True, help="Leave new units empty, whatever was approved before.")
@jobs_option
@click.pass_context
def command(ctx: click.Context, stories: tuple[str, ...], check: bool, no_memory: bool, jobs: int | None) -> int:
    """Bring the catalogs up to date with stories and templates.

    Extracts the segments of each STORY (all, if none is named) and the words of the templates, and merges them
    into every language's catalog. No translation is ever thrown away: where the source changed a little, the old
    translation is kept and marked fuzzy; what no longer fits is kept as obsolete. A new unit whose words, or nearly
    these, were signed off in any story gets that translation, marked fuzzy, with a comment that says where it is from.
    """
    newsroom = current_newsroom(ctx)
    slugs = chosen_slugs(newsroom, stories)
    prefill, workers = not no_memory, workers_for(jobs)
    with contextlib.nullcontext() if check else newsroom.lock():
        updates = update(newsroom, slugs, check=check, now=current_time(), prefill=prefill, tell=tell, workers=workers)
    changed = [item for item in updates if item.changed]
    for item in changed:
        click.echo(f"{item.path}: {_summary(item)}")
    if not changed:
        note(f"all {len(updates)} catalogs are up to date")
    elif check:
        note(f"{len(changed)} of {len(updates)} catalogs would change: run workflow update")
        return ExitCode.FINDINGS
    return ExitCode.DONE


def _summary(item: CatalogUpdate) -> str:
    counts = (
        (item.translated, "translated"),
        (item.needs_review, "to review"),
        (item.new, "new"),
        (item.obsolete, "obsolete"),
    )
    return ", ".join(f"{count} {what}" for count, what in counts if count) or "empty"
