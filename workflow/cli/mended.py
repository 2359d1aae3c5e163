"""What `workflow check --fix` mended, for people and for machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from workflow.cli.output import counted, note, visible

if TYPE_CHECKING:
    from workflow.operations.fixes import Mended

_NO_BREAK, _SHOWN_NO_BREAK = "\u00a0", "␣"


def show_mended(mended: Sequence[Mended]) -> None:
    """Each translation that was mended, before and after."""
    for item in mended:
        click.echo(f"{visible(str(item.location))}: mended")
        click.echo(f"  - {_shown(item.before)}")
        click.echo(f"  + {_shown(item.after)}")
    if any(_NO_BREAK in item.after for item in mended):
        note(f"{_SHOWN_NO_BREAK} stands for a blank at which the line does not break")
    note(f"{counted(len(mended), 'translation')} mended" if mended else "nothing to mend")


def _shown(text: str) -> str:
    """The text with no-break blanks to be seen: often they are all that is new."""
    return visible(text).replace(_NO_BREAK, _SHOWN_NO_BREAK)


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
