"""`workflow verify`."""

from __future__ import annotations

import click

from workflow.cli.newsroom import current_newsroom, current_time, json_option
from workflow.cli.output import ExitCode, counted, diagnostic_json, note, print_json, progress, show_diagnostics
from workflow.operations.verify import verify_newsroom


@click.command("verify")
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> int:
    """Check every signature, digest, log and built file again.

    Works from the bytes and uses no cache: each record's signature and place in its log, each frozen edition and
    picture against what was signed, each file of out/ against the manifest. Exits 1 if there is a fault.
    """
    newsroom = current_newsroom(ctx)
    with progress("signature") as checked:
        report = verify_newsroom(newsroom, current_time(), checked=checked)
    counts = {"record": report.records, "edition": report.editions, "file": report.files}
    if as_json:
        totals = {f"{what}s": count for what, count in counts.items()}
        print_json({**totals, "diagnostics": [diagnostic_json(item) for item in (*report.faults, *report.remarks)]})
    else:
        show_diagnostics((*report.faults, *report.remarks), err=False)
        verdict = counted(len(report.faults), "fault") if report.faults else "all good"
        note(f"{verdict}: {', '.join(counted(count, what) for what, count in counts.items())}")
    return ExitCode.FINDINGS if report.faults else ExitCode.DONE
