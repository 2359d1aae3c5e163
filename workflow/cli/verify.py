"""`workflow verify`."""

from __future__ import annotations

import click

from workflow.cli.newsroom import current_newsroom, current_time, json_option
from workflow.cli.output import ExitCode, diagnostic_json, note, print_json, show_diagnostics
from workflow.operations.verify import verify_newsroom


@click.command("verify")
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> int:
    """Check every signature, digest, log and built file again.

    Works from the bytes and uses no cache: each record's signature and place in its log, each frozen edition and
    picture against what was signed, each file of out/ against the manifest. Exits 1 if there is a fault.
    """
    report = verify_newsroom(current_newsroom(ctx), current_time())
    counts = {"records": report.records, "editions": report.editions, "files": report.files}
    if as_json:
        print_json({**counts, "diagnostics": [diagnostic_json(item) for item in report.faults]})
    else:
        show_diagnostics(report.faults, err=False)
        verdict = f"{len(report.faults)} faults" if report.faults else "all good"
        note(f"{verdict}: {', '.join(f'{count} {what}' for what, count in counts.items())}")
    return ExitCode.FINDINGS if report.faults else ExitCode.DONE
