"""`workflow memory`: search, import, export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from workflow.canonical import canonical_time
from workflow.cli.newsroom import current_newsroom, current_time, json_option
from workflow.cli.output import ExitCode, counted, note, print_json, tell, visible
from workflow.diff import Change, word_diff
from workflow.memory import SIMILAR_FROM, Kind, Match
from workflow.newsroom import read_file, replace_file
from workflow.operations.memory import open_memory
from workflow.operations.memory_exchange import export_tmx, import_tmx
from workflow.operations.prefill import described

_MARKS = {Change.SAME: ("", ""), Change.DELETED: ("[-", "-]"), Change.INSERTED: ("{+", "+}")}
_COLOURS = {Change.SAME: None, Change.DELETED: "red", Change.INSERTED: "green"}


@click.group("memory")
def command() -> None:
    """Find again what was translated and signed before.

    The memory is made of the signed editions of all stories and of the TMX files in locales/LANG/memory/. It keeps
    itself up to date, and `workflow update` takes translations for new units from it.
    """


@command.command("search")
@click.argument("text", metavar="TEXT")
@click.option("--to", "target", metavar="LANG", required=True, help="The language to translate into.")
@click.option("--from", "source", metavar="LANG", help="The language of TEXT [default: the newsroom's source].")
@click.option("--threshold", type=click.IntRange(1, 100), default=SIMILAR_FROM, help="Percent of likeness at least.")
@click.option("--limit", type=click.IntRange(1, 100), default=10, help="How many matches at most.")
@json_option
@click.pass_context
def search(
    ctx: click.Context, text: str, target: str, source: str | None, threshold: int, limit: int, as_json: bool
) -> int:
    """Find translations of TEXT, or of something like it.

    Shows for each how good it is and where it comes from, the source with what is different in TEXT, as
    [-only there-] {+only in TEXT+}, and the translation. Exits 1 if nothing is found.
    """
    newsroom = current_newsroom(ctx)
    languages = newsroom.language(source or newsroom.settings.source_language).code, newsroom.language(target).code
    with open_memory(newsroom, current_time(), tell=tell) as memory:
        found = memory.lookup(text, languages=languages, limit=limit, threshold=threshold)
    if as_json:
        print_json({"from": languages[0], "to": languages[1], "matches": [_as_json(match, text) for match in found]})
    else:
        click.echo("\n\n".join(_shown(match, text) for match in found), nl=bool(found))
    if not found:
        note("nothing like it was translated before")
        return ExitCode.FINDINGS
    return ExitCode.DONE


@command.command("import")
@click.argument("file", metavar="FILE.tmx", type=click.Path(path_type=Path))
@click.pass_context
def import_(ctx: click.Context, file: Path) -> int:
    """Take in the memory of another tool.

    What can be used in this newsroom's languages is written to locales/LANG/memory/, a plain file that belongs into
    version control. A file of the same name that was imported before is replaced.
    """
    newsroom = current_newsroom(ctx)
    data = read_file(file)
    with newsroom.lock():
        done = import_tmx(newsroom, data, str(file), file.stem)
    for path, count in done.files.items():
        click.echo(f"{path}: {_entries(count)}")
    for reason, count in sorted(done.skipped.items()):
        note(visible(f"left out: {count} {reason}"))
    return ExitCode.DONE


@command.command("export")
@click.option("--to", "target", metavar="LANG", required=True, help="The language translated into.")
@click.option("-o", "output", metavar="FILE.tmx", type=click.Path(path_type=Path), help="Where to [default: stdout].")
@click.pass_context
def export(ctx: click.Context, target: str, output: Path | None) -> int:
    """Write the memory as TMX 1.4b, for other tools."""
    newsroom = current_newsroom(ctx)
    with open_memory(newsroom, current_time(), tell=tell) as memory:
        document, count = export_tmx(newsroom, memory, target)
    if output is None:
        click.echo(document, nl=False)
    else:
        replace_file(output, document.encode())
        click.echo(str(output))
    note(_entries(count))
    return ExitCode.DONE


def _entries(count: int) -> str:
    return counted(count, "translation")


def _shown(match: Match, asked: str) -> str:
    title = click.style(visible(described(match)), bold=True)
    if match.kind is Kind.SENTENCE:
        title += click.style("  a sentence", dim=True)
    elif match.entry.role:
        title += click.style(f"  {visible(match.entry.role)}", dim=True)
    lines = [title, _difference(match, asked), visible(match.target)]
    return "\n    ".join(line.replace("\n", "\n    ") for line in lines)


def _difference(match: Match, asked: str) -> str:
    """The stored source with what is different in the text asked for."""
    shown = []
    for piece in word_diff(match.source, match.asked or asked):
        start, end = _MARKS[piece.change]
        shown.append(click.style(f"{start}{visible(piece.text)}{end}", fg=_COLOURS[piece.change]))
    return "".join(shown)


def _as_json(match: Match, asked: str) -> dict[str, Any]:
    entry = match.entry
    return {
        "score": match.score,
        "kind": match.kind.value,
        "source": match.source,
        "target": match.target,
        "asked": match.asked or asked,
        "reversed": match.is_reversed,
        "role": entry.role or None,
        "origin": entry.origin,
        "signed_at": canonical_time(entry.signed_at) if entry.signed_at else None,
        "signers": list(entry.signers),
        "diff": [[piece.change.value, piece.text] for piece in word_diff(match.source, match.asked or asked)],
    }
