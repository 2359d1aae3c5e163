"""`workflow check`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from workflow.cli.newsroom import chosen_slugs, current_newsroom, json_option, stories_argument
from workflow.cli.output import ExitCode, counted, diagnostic_json, note, print_json, show_diagnostics, visible
from workflow.diagnostics import errors_in
from workflow.operations.check import check
from workflow.operations.fixes import Mended, mend


@click.command("check")
@stories_argument
@click.option("--language", "codes", metavar="L", multiple=True, help="Only this language; may be repeated.")
@click.option("--fix", is_flag=True, help="First mend the typography that has one safe mend, in the catalogs.")
@json_option
@click.pass_context
def command(ctx: click.Context, stories: tuple[str, ...], codes: tuple[str, ...], fix: bool, as_json: bool) -> int:
    """Find what keeps editions from being signed.

    Looks at every STORY (all, if none is named) in every language: segments that are missing or need review,
    damaged markup, changed links, characters that no font has, pictures that cannot be used, typography, signs of
    a changed meaning, and the newsroom's own words. Exits 1 if there is an error.
    """
    newsroom = current_newsroom(ctx)
    languages = [newsroom.language(code) for code in codes] or list(newsroom.settings.languages.values())
    slugs = chosen_slugs(newsroom, stories)
    mended: tuple[Mended, ...] = ()
    if fix:
        with newsroom.lock():
            mended = mend(newsroom, slugs, languages)
    found = check(newsroom, slugs, languages)
    if as_json:
        done = {"mended": [_mended_json(item) for item in mended]} if fix else {}
        print_json({**done, "diagnostics": [diagnostic_json(item) for item in found]})
    else:
        if fix:
            _show_mended(mended)
        show_diagnostics(found, err=False)
        note(counted(len(found), "finding") if found else "no findings")
    return ExitCode.FINDINGS if errors_in(found) else ExitCode.DONE


def _show_mended(mended: Sequence[Mended]) -> None:
    for item in mended:
        click.echo(f"{visible(str(item.location))}: mended")
        click.echo(f"  - {visible(item.before)}")
        click.echo(f"  + {visible(item.after)}")
    note(f"{counted(len(mended), 'translation')} mended" if mended else "nothing to mend")


def _mended_json(item: Mended) -> dict[str, Any]:
    return {
        "path": item.location.path,
        "line": item.location.line,
        "story": item.story,
        "language": item.language,
        "before": item.before,
        "after": item.after,
    }
