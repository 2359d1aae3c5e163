"""The same task for many items: here, or by workers, with the same result."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from workflow.errors import MachineError

if TYPE_CHECKING:
    from concurrent.futures import Executor

Workers: TypeAlias = "Callable[[int], Executor]"
"""Opens an executor for so many tasks. It is asked only when there is work, for even its import takes time."""

WORTH_WORKERS = 16
"""So many stories take longer here than workers take to start."""
AT_ONCE = 8
"""Stories that a worker is given together: few enough that all end at the same time."""

Item = TypeVar("Item")
Result = TypeVar("Result")

_interrupts: list[int] = []
"""The signals that this process, a worker, was interrupted by."""


def begin_nothing_after_interrupt() -> None:
    """Lets a worker finish the item at hand after Ctrl-C, which reaches the whole process group, and refuse others.

    A worker that dies of it leaves work half done, which the executor tells with a trace-back.
    """
    signal.signal(signal.SIGINT, lambda number, _: _interrupts.append(number))


def unless_interrupted(task: Callable[[Item], Result], item: Item) -> Result:
    """What the task makes of the item; in a worker that was interrupted raises KeyboardInterrupt."""
    if _interrupts:
        raise KeyboardInterrupt
    return task(item)


def in_order(task: Callable[[Item], Result], items: Sequence[Item], workers: Workers | None) -> Iterator[Result]:
    """What the task makes of each item, in their order.

    By workers if there are several and enough to do; task, items and results then travel between processes. The
    first item that fails raises its error here, and what was not begun is not done; MachineError if a worker is killed.
    """
    if workers is None or len(items) < WORTH_WORKERS:
        yield from map(task, items)
        return
    # Late: one process needs none of it.
    from concurrent.futures import BrokenExecutor

    try:
        with workers(len(items)) as executor:
            yield from executor.map(partial(unless_interrupted, task), items, chunksize=AT_ONCE)
    except BrokenExecutor:
        hint = "often there was too little memory: use fewer with --jobs"
        raise MachineError.of("machine.worker", "a worker process was killed", hint=hint) from None
