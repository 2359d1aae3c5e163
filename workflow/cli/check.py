"""`workflow check`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from workflow.cli.findings import finding_json, marked_lines, place, waived_json
from workflow.cli.mended import mended_json, show_mended
from workflow.cli.newsroom import chosen_slugs, current_newsroom, current_time, json_option, stories_argument
from workflow.cli.output import ExitCode, counted, note, print_json, show_diagnostics
from workflow.cli.workers import jobs_option, workers_for
from workflow.codes import explanation
from workflow.diagnostics import Severity, errors_in
from workflow.languages import Language
from workflow.newsroom import Newsroom
from workflow.operations.check import CheckReport, check

if TYPE_CHECKING:
    from workflow.operations.fixes import Mended

TEXT, JSON, SARIF, JUNIT = "text", "json", "sarif", "junit"


@click.command("check")
@stories_argument
@click.option("--language", "codes", metavar="L", multiple=True, help="Only this language; may be repeated.")
@click.option(
    "--severity",
    type=click.Choice([item.value for item in Severity]),
    default=Severity.INFO.value,
    help="Show only what is at least so grave.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice([TEXT, JSON, SARIF, JUNIT]),
    help="SARIF 2.1.0 and JUnit XML are what continuous integration reads.  [default: text]",
)
@click.option("--fix", is_flag=True, help="First mend the typography that has one safe mend, in the catalogs.")
@jobs_option
@json_option
@click.option("--explain", metavar="CODE", help="Tell what a code means and how to mend it, and check nothing.")
@click.pass_context
def command(
    ctx: click.Context,
    stories: tuple[str, ...],
    codes: tuple[str, ...],
    severity: str,
    form: str | None,
    fix: bool,
    jobs: int | None,
    as_json: bool,
    explain: str | None,
) -> int:
    """Find what keeps editions from being signed.

    Looks at every STORY (all, if none is named) in every language: segments that are missing or need review,
    damaged markup, changed links, facts that differ, names and terms that the glossary or another place renders
    otherwise, typography, signs of a changed meaning, characters that no font has, pictures that cannot be used, the
    newsroom's own words, and sign-off rules that nobody can meet. Exits 1 if there is an error that nobody waived.
    newsroom.toml can say how grave a finding is: [[checks.rules]].
    """
    if explain is not None:
        click.echo(explanation(explain).text, nl=False)
        return ExitCode.DONE
    if as_json and form not in {None, JSON}:
        raise click.UsageError("--json and --format exclude each other")
    newsroom = current_newsroom(ctx)
    languages = [newsroom.language(code) for code in codes] or list(newsroom.settings.languages.values())
    slugs = chosen_slugs(newsroom, stories)
    mended = _mend(newsroom, slugs, languages) if fix else None
    report = check(newsroom, slugs, languages, current_time(), workers=workers_for(jobs))
    _print(ctx, _only(report, Severity(severity)), JSON if as_json else form or TEXT, mended)
    return ExitCode.FINDINGS if errors_in(report.findings) else ExitCode.DONE


def _only(report: CheckReport, least: Severity) -> CheckReport:
    """The report without findings that are less grave."""
    grave = set(list(Severity)[: list(Severity).index(least) + 1])
    return replace(
        report,
        findings=tuple(item for item in report.findings if item.severity in grave),
        waived=tuple(item for item in report.waived if item.finding.severity in grave),
    )


def _mend(newsroom: Newsroom, slugs: Sequence[str], languages: Sequence[Language]) -> tuple[Mended, ...]:
    # Late: few runs mend anything.
    from workflow.operations.fixes import mend

    with newsroom.lock():
        return mend(newsroom, slugs, languages)


def _print(ctx: click.Context, report: CheckReport, form: str, mended: tuple[Mended, ...] | None) -> None:
    """`mended` is None where nothing was to be mended."""
    if form == JSON:
        print_json(
            {
                **({} if mended is None else {"mended": [mended_json(item) for item in mended]}),
                "diagnostics": [finding_json(item) for item in report.findings],
                "waived": [waived_json(item) for item in report.waived],
            }
        )
    elif form == SARIF:
        # Late: the forms for machines are seldom asked for.
        from workflow.cli.sarif import sarif

        click.echo(sarif(report))
    elif form == JUNIT:
        from workflow.cli.junit import junit

        click.echo(junit(report))
    else:
        if mended is not None:
            show_mended(mended)
        show_diagnostics(report.findings, err=False, label=place, details=marked_lines(ctx))
        found = counted(len(report.findings), "finding") if report.findings else "no findings"
        note(f"{found}, {len(report.waived)} waived" if report.waived else found)
