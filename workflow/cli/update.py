"""`workflow update`."""

from __future__ import annotations

from contextlib import nullcontext

import click

from workflow.cli.newsroom import chosen_slugs, current_newsroom, current_time, stories_argument
from workflow.cli.output import ExitCode, note
from workflow.cli.workers import jobs_option, workers_for
from workflow.operations.update import CatalogUpdate, update


@click.command("update")
@stories_argument
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a catalog would change.")
@jobs_option
@click.pass_context
def command(ctx: click.Context, stories: tuple[str, ...], check: bool, jobs: int | None) -> int:
    """Bring the catalogs up to date with stories and templates.

    Extracts the segments of each STORY (all, if none is named) and the words of the templates, and merges them
    into every language's catalog. No translation is ever thrown away: where the source changed a little, the old
    translation is kept and marked fuzzy; what no longer fits is kept as obsolete.
    """
    newsroom = current_newsroom(ctx)
    slugs = chosen_slugs(newsroom, stories)
    with nullcontext() if check else newsroom.lock():
        updates = update(newsroom, slugs, check=check, now=current_time(), workers=workers_for(jobs))
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
