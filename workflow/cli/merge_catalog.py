"""`workflow merge-catalog`."""

from __future__ import annotations

from pathlib import Path

import click

from workflow.cli.output import ExitCode, show_diagnostics
from workflow.diagnostics import Diagnostic, Location
from workflow.errors import InputError
from workflow.operations.merge_catalogs import merge_catalogs

_FILE = click.Path(path_type=Path)


@click.command("merge-catalog")
@click.argument("base", metavar="BASE", type=_FILE)
@click.argument("ours", metavar="OURS", type=_FILE)
@click.argument("theirs", metavar="THEIRS", type=_FILE)
@click.argument("name", metavar="[NAME]", required=False)
def command(base: Path, ours: Path, theirs: Path, name: str | None) -> int:
    """Join two versions of a catalog for git, unit by unit.

    Joins OURS and THEIRS, which both began as BASE, and writes the result to OURS. A translation never leaves its
    context and source. Where both sides changed one, the unit becomes fuzzy and keeps both texts, one as target,
    one in the translator's comment; the exit code is then 1, which git takes for a conflict. A damaged catalog
    leaves OURS as it was, with exit code 3. NAME is what messages call the file.

    \b
    Turn it on, once in each clone:
      git config merge.workflow-catalog.name "catalogs, unit by unit"
      git config merge.workflow-catalog.driver "workflow merge-catalog %O %A %B %P"
    and in .gitattributes, as `workflow init` writes it:
      *.po merge=workflow-catalog
    """
    name = name or str(ours)
    try:
        report = merge_catalogs(base, ours, theirs, name=name)
    except InputError as error:
        # git reports a conflict, and what it leaves in the folder looks like a merged file.
        hint = f"mend the damaged version and merge again; git show :3:{name} shows theirs"
        left = Diagnostic(
            code="catalog.unmerged", message="not merged: still ours", location=Location(path=name), hint=hint
        )
        raise InputError([*error.diagnostics, left]) from None
    show_diagnostics(report.conflicts)
    return ExitCode.FINDINGS if report.conflicts else ExitCode.DONE
