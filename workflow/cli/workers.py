"""`--jobs`: how many processes a command may use."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from workflow.operations.workers import Workers, begin_nothing_after_interrupt

if TYPE_CHECKING:
    from concurrent.futures import Executor

jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Work in up to N processes [default: as many as there are processors].",
)


def workers_for(jobs: int | None) -> Workers | None:
    """Opens so many processes at most; None for one job, which needs no process of its own."""
    most = jobs or os.cpu_count() or 1

    def start(tasks: int) -> Executor:
        # Late: a command with little to do starts no process.
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        # On Linux forking is safe and fastest here: neither Pango nor a thread has been started yet.
        context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        return ProcessPoolExecutor(min(most, tasks), mp_context=context, initializer=_follow_parent)

    return start if most > 1 else None


def _follow_parent() -> None:
    """Lets a worker end when its command was killed, for it would wait for work for ever; and soon after Ctrl-C."""
    import multiprocessing
    import threading

    begin_nothing_after_interrupt()
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
