"""What is shipped with the program."""

from __future__ import annotations

from pathlib import Path

import workflow
from workflow.errors import MachineError

_PACKAGE = Path(workflow.__file__).parent


def shipped(name: str) -> Path:
    """A folder that we ship, such as `templates`: inside the wheel, or beside the package in a checkout."""
    for folder in (_PACKAGE / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise MachineError.of(
        "machine.install", f"the {name} of this installation are missing", hint="install bulletin-workflow again"
    )
