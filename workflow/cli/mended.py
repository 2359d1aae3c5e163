"""What `workflow check --fix` mended, for people and for machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from workflow.cli.output import counted, note, visible

if TYPE_CHECKING:
    from workflow.operations.fixes import Mended


def show_mended(mended: Sequence[Mended]) -> None:
    """Each translation that was mended, before and after."""
    for item in mended:
        click.echo(f"{visible(str(item.location))}: mended")
        click.echo(f"  - {visible(item.before)}")
        click.echo(f"  + {visible(item.after)}")
    note(f"{counted(len(mended), 'translation')} mended" if mended else "nothing to mend")


def mended_json(item: Mended) -> dict[str, Any]:
    """One of them in a JSON document."""
    return {
        "path": item.location.path,
        "line": item.location.line,
        "story": item.story,
        "language": item.language,
        "before": item.before,
        "after": item.after,
    }
