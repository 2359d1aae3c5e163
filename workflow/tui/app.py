"""The session as a program that has the terminal to itself."""

from __future__ import annotations

import asyncio
import signal
from typing import ClassVar

from textual.app import App

from workflow.memory import Memory
from workflow.operations.sitting import Sitting
from workflow.tui.unit_screen import UnitScreen


class TranslateApp(App[None], inherit_bindings=False):
    """Uses the terminal's own colours, so that it fits a light one as well as a dark one."""

    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False
    CSS_PATH = "style.tcss"
    TITLE = "workflow translate"

    def __init__(self, sitting: Sitting, memory: Memory) -> None:
        # Told at once: without it NO_COLOR would become shades of grey.
        super().__init__(ansi_color=True)
        self.theme = "ansi-dark"
        self.sitting = sitting
        self.memory = memory

    def on_mount(self) -> None:
        """Shows the session; a signal to end gives the terminal back first. What was accepted is on disk."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.exit, None, 128 + number)
        self.push_screen(UnitScreen(self.sitting, self.memory))

    def on_unmount(self) -> None:
        """Leaves the signals as they were."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.remove_signal_handler(number)


def run(sitting: Sitting, memory: Memory) -> int:
    """The session until the translator quits; returns the exit code. The mouse stays the terminal's, to select with."""
    app = TranslateApp(sitting, memory)
    app.run(mouse=False)
    return app.return_code or 0
