"""Faults at the steps of sign-off, update and build; prints what was left after each and after the next run.

    python benchmarks/faults.py [ROUNDS]

ROUNDS faults for each command, spread over all its steps [default: every one]. Needs strace.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from strace_faults import Fault, Outcome, building, signing, try_all, updating


def main() -> None:
    """Prints one line for each command and fault, then what went wrong."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 0

    def choose(found: list[Fault]) -> list[Fault]:
        return found[:: max(1, len(found) // rounds)][:rounds] if rounds else found

    failed = 0
    print(f"{'command':<10}{'fault':<18}{'rounds':>7}{'old':>6}{'new':>6}{'strays':>8}{'torn':>6}{'swept, done':>13}")
    for make in (signing, updating, building):
        with tempfile.TemporaryDirectory() as folder:
            begin = time.monotonic()
            scene = make(Path(folder))
            outcomes = try_all(scene, Path(folder), choose)
            taken = time.monotonic() - begin
        for kind in sorted({_kind(item) for item in outcomes}):
            _print(scene.name, kind, [item for item in outcomes if _kind(item) == kind])
        ends = ", ".join(f"{count} x {code}" for code, count in sorted(Counter(o.code for o in outcomes).items()))
        print(f"{scene.name}: {len(outcomes)} rounds in {taken:.0f} s; exit codes: {ends}")
        for item in outcomes:
            failed += bool(item.problems)
            for problem in item.problems:
                print(f"  {item.fault}: {problem[:300]}")
    print(f"{failed} rounds with a problem")
    sys.exit(failed > 0)


def _kind(outcome: Outcome) -> str:
    return f"{outcome.fault.call.name} {outcome.fault.what}"


def _print(name: str, kind: str, outcomes: list[Outcome]) -> None:
    moved = sum(item.moved_on for item in outcomes)
    torn = sum(any("neither" in problem for problem in item.problems) for item in outcomes)
    well = sum(not item.problems for item in outcomes)
    strays = sum(item.strays for item in outcomes)
    print(f"{name:<10}{kind:<18}{len(outcomes):>7}{len(outcomes) - moved:>6}{moved:>6}{strays:>8}{torn:>6}{well:>13}")


if __name__ == "__main__":
    main()
