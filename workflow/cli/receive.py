"""`workflow receive`."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from workflow.cli.newsroom import current_newsroom, current_time, json_option
from workflow.cli.output import ExitCode, counted, diagnostic_json, note, print_json, visible
from workflow.errors import UsageError
from workflow.handback import Outcome
from workflow.operations.receive import Received, ReceivedUnit, receive
from workflow.text import excerpt

_HINTS = {
    Outcome.REBASED: "theirs is put beside the newer source: see that it still fits",
    Outcome.CONFLICT: "ours stands, fuzzy; theirs is in the translator's comment: choose one",
    Outcome.SET_ASIDE: "kept as an obsolete unit at the end of the catalog",
    Outcome.EMPTIED: "ours stands; if the text is to be left out, translate it as [omit]",
    Outcome.MISSING: "ours stands; if the file was cut short, ask for it again",
}


@click.command("receive")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--story", metavar="STORY", help="The story, where a file does not say it.")
@click.option("--language", metavar="LANG", help="The language, where a file does not say it.")
@click.option("--as", "translator", metavar='"NAME <EMAIL>"', help="Who translated, where a file does not say it.")
@click.option("--dry-run", is_flag=True, help="Write nothing; tell what would be done.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[Path, ...],
    story: str | None,
    language: str | None,
    translator: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Take back what outside translators did; nothing is lost.

    FILE is a PO or an XLIFF 2 file that `workflow send` made, or the zip with one of them changed. A translation of a
    source that has changed since is put beside the newer source, fuzzy. What was changed here and there becomes fuzzy
    with both texts; what fits nowhere is kept as obsolete; an empty translation deletes nothing. Exits 1 if something
    was not taken as it came. Receiving a file twice changes nothing more.
    """
    if translator is not None and not re.fullmatch(
        r"[^<>\x00-\x1f]*[^<>\s][^<>\x00-\x1f]* <[^<>@\s]+@[^<>@\s]+>", translator
    ):
        raise UsageError.of("usage.as", f"`{translator}` names nobody", hint='write it as "Name <name@example.org>"')
    newsroom = current_newsroom(ctx)
    with contextlib.nullcontext() if dry_run else newsroom.lock():
        reports = receive(
            newsroom,
            files,
            story=story,
            language=language,
            translator=translator,
            dry_run=dry_run,
            now=current_time(),
        )
    if as_json:
        print_json({"files": [_as_json(report) for report in reports]})
    else:
        for report in reports:
            click.echo(visible("\n".join(_lines(report))))
    for report in reports:
        _note_translator(report, translator)
    if dry_run:
        note("nothing was written: this was a trial")
    left = any(unit.needs_attention for report in reports for unit in report.units)
    return ExitCode.FINDINGS if left else ExitCode.DONE


def _note_translator(report: Received, translator: str | None) -> None:
    if report.changed and report.same_translator and translator is None:
        note(visible(f"{report.catalog_file} still names {report.translator or 'nobody'} as its translator"))
        note('  hint: if somebody else translated, receive the file with --as "NAME <EMAIL>"')


def _lines(report: Received) -> Iterator[str]:
    state = "" if report.changed else " (as it was)"
    yield f"{report.path}: {report.catalog_file}{state}"
    for outcome in Outcome:
        units = [unit for unit in report.units if unit.outcome is outcome]
        if units:
            yield f"  {counted(len(units), 'unit')} {outcome.value}{_states(outcome, units)}"
        if outcome in _HINTS:
            yield from (f"    {_place(report, unit)}" for unit in units)
        if units and outcome in _HINTS:
            yield f"    hint: {_HINTS[outcome]}"
    for unit in report.units:
        if unit.findings:
            yield f"  made fuzzy: {_place(report, unit)}"
            yield from (f"    {found.message}" for found in unit.findings)
        yield from (f"  asks: {_place(report, unit)}: {question}" for question in unit.questions)
    if not report.units:
        yield "  nothing was changed in it"


def _states(outcome: Outcome, units: Sequence[ReceivedUnit]) -> str:
    fuzzy = sum(unit.unit.fuzzy for unit in units)
    return f", {fuzzy} to review" if outcome is Outcome.TAKEN and fuzzy else ""


def _place(report: Received, unit: ReceivedUnit) -> str:
    source = unit.unit.source.replace("\n", " ")
    return f"{report.catalog_file}:{unit.unit.line}: “{excerpt(source)}”"


def _as_json(report: Received) -> dict[str, Any]:
    return {
        "path": report.path,
        "story": report.story,
        "language": report.language,
        "catalog": report.catalog_file,
        "changed": report.changed,
        "translator": report.translator or None,
        "units": [_unit_json(unit) for unit in report.units],
    }


def _unit_json(item: ReceivedUnit) -> dict[str, Any]:
    return {
        "outcome": item.outcome.name.lower().replace("_", "-"),
        "context": item.unit.context,
        "source": item.unit.source,
        "state": item.unit.state.value,
        "line": item.unit.line,
        "questions": list(item.questions),
        "findings": [diagnostic_json(found) for found in item.findings],
    }
