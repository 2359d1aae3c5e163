"""`workflow check`."""

from __future__ import annotations

import click

from workflow.cli.newsroom import chosen_slugs, current_newsroom, json_option, stories_argument
from workflow.cli.output import ExitCode, counted, diagnostic_json, note, print_json, show_diagnostics
from workflow.cli.workers import jobs_option, workers_for
from workflow.diagnostics import errors_in
from workflow.operations.check import check


@click.command("check")
@stories_argument
@click.option("--language", "codes", metavar="L", multiple=True, help="Only this language; may be repeated.")
@jobs_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, stories: tuple[str, ...], codes: tuple[str, ...], jobs: int | None, as_json: bool
) -> int:
    """Find what keeps editions from being signed.

    Looks at every STORY (all, if none is named) in every language: segments that are missing or need review,
    damaged markup, changed links, characters that no font has, pictures that cannot be used, and the newsroom's
    own words. Exits 1 if there is an error.
    """
    newsroom = current_newsroom(ctx)
    languages = [newsroom.language(code) for code in codes] or list(newsroom.settings.languages.values())
    found = check(newsroom, chosen_slugs(newsroom, stories), languages, workers=workers_for(jobs))
    if as_json:
        print_json({"diagnostics": [diagnostic_json(item) for item in found]})
    else:
        show_diagnostics(found, err=False)
        note(counted(len(found), "finding") if found else "no findings")
    return ExitCode.FINDINGS if errors_in(found) else ExitCode.DONE
