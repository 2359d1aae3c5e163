"""`workflow glossary`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from workflow.cli.newsroom import current_newsroom, json_option
from workflow.cli.output import ExitCode, counted, diagnostic_json, note, print_json, show_diagnostics, visible
from workflow.diagnostics import errors_in
from workflow.newsroom import replace_file
from workflow.operations.glossary import check_glossaries, export_glossary, import_glossary, translated_language


@click.group("glossary")
def command() -> None:
    """Check, import or export a language's terms and names.

    Each language has its own in locales/LANG/glossary.tsv, one term a line, with tabs between: the source term, the
    approved form, a note, a kind (term, name, body, abbreviation, do-not-translate), forbidden forms. Several forms
    stand in one column with "; " between them.
    """


@command.command("check")
@click.argument("languages", metavar="[LANG]...", nargs=-1)
@json_option
@click.pass_context
def check_command(ctx: click.Context, languages: tuple[str, ...], as_json: bool) -> int:
    """Find faulty lines, and terms that catalogs use otherwise.

    Looks at the glossary of each LANG (all, if none is named): lines that cannot be used, forbidden forms that stand
    in a catalog, approved forms that no catalog has, terms that only another language has. Exits 1 if there is an
    error.
    """
    newsroom = current_newsroom(ctx)
    codes = languages or [code for code in newsroom.settings.languages if code != newsroom.settings.source_language]
    found = check_glossaries(newsroom, [translated_language(newsroom, code) for code in codes])
    if as_json:
        print_json({"diagnostics": [diagnostic_json(item) for item in found]})
    else:
        show_diagnostics(found, err=False)
        note(counted(len(found), "finding") if found else "no findings")
    return ExitCode.FINDINGS if errors_in(found) else ExitCode.DONE


@command.command("import")
@click.argument("language", metavar="LANG")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.pass_context
def import_command(ctx: click.Context, language: str, file: Path) -> int:
    """Add the terms of a TSV or TBX file to a language's glossary.

    Takes what LANG's glossary does not have yet. Where the two say different things ours stays, and theirs is
    listed; the exit code is then 1.
    """
    newsroom = current_newsroom(ctx)
    done = import_glossary(newsroom, translated_language(newsroom, language), file)
    for term in done.merged.taken:
        click.echo(visible(f"{term.source}: {'; '.join(term.targets)}"))
    show_diagnostics(done.conflicts)
    note(f"{counted(len(done.merged.taken), 'term')} taken, {len(done.conflicts)} not")
    return ExitCode.FINDINGS if done.conflicts else ExitCode.DONE


@command.command("export")
@click.argument("language", metavar="LANG")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Where to [default: stdout].")
@click.option(
    "--format",
    "wanted",
    type=click.Choice(["tsv", "tbx"]),
    help="As the newsroom's own file, or as terminology tools exchange it [default: as FILE ends, else tsv].",
)
@click.pass_context
def export_command(ctx: click.Context, language: str, output: Path | None, wanted: str | None) -> int:
    """Write a language's glossary as TSV or TBX."""
    newsroom = current_newsroom(ctx)
    is_tbx = wanted == "tbx" or (wanted is None and output is not None and output.suffix == ".tbx")
    data = export_glossary(newsroom, translated_language(newsroom, language), tbx=is_tbx)
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        replace_file(output, data)
    return ExitCode.DONE
