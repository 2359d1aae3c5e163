"""The lines that somebody types, or a script sends through a pipe."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator

from workflow.errors import UsageError


def lines(*, is_terminal: bool) -> Iterator[str]:
    """The lines of input; raises UsageError for bytes that are no UTF-8."""
    while True:
        try:
            yield input("> ") if is_terminal else _line_of_pipe()
        except EOFError:
            return
        except UnicodeDecodeError:
            raise UsageError.of("usage.encoding", "the input is not UTF-8", hint="send UTF-8") from None


def prepare_input(*, is_terminal: bool) -> None:
    """Lines can be edited and called back where they are typed; bytes that are no UTF-8 are refused, not let pass."""
    if is_terminal:
        # Not every Python has it; lines can be typed without it, too.
        with contextlib.suppress(ImportError):
            import readline

            readline.set_auto_history(True)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="strict")


def _line_of_pipe() -> str:
    """The next line; raises EOFError at the end of input, as `input` does, but shows no prompt."""
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.removesuffix("\n")
