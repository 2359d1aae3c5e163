"""The command line: words → one operation → what it returns, printed.

Commands are imported when they are called, so that `workflow --help` starts at once.
"""

from __future__ import annotations

import gc
import importlib
import keyword
import os
import sys
from pathlib import Path

import click

from workflow import __version__
from workflow.cli.output import ExitCode, report_error
from workflow.errors import MachineError, WorkflowError

COMMANDS = {
    "init": "Make a new newsroom that builds at once.",
    "update": "Bring the catalogs up to date with stories and templates.",
    "status": "Show how far each story is in each language.",
    "translate": "Translate a story, unit by unit, in the terminal.",
    "check": "Find what keeps editions from being signed.",
    "waive": "Answer for a finding that is to stand, with a reason.",
    "glossary": "Check, import or export a language's terms and names.",
    "review": "Show source beside target, and what changed since sign-off.",
    "sign-off": "Approve an edition: check it, sign it, freeze its words.",
    "return": "Send an edition back to its translator, with notes.",
    "withdraw": "Take a published edition back, and tell readers why.",
    "build": "Publish what is signed: pages, bulletins, manifest.",
    "history": "Tell who decided what, when, on which words.",
    "verify": "Check every signature, digest, log and built file again.",
    "send": "Pack a story for an outside translator.",
    "receive": "Take back what outside translators did; nothing is lost.",
    "memory": "Find again what was translated and signed before.",
    "merge-catalog": "Join two versions of a catalog for git, unit by unit.",
}
"""Name and one line of help each; the command's own help begins with the same line."""

EPILOG = """\b
Exit codes:
  0  done
  1  findings, or the gate is shut
  2  wrong usage
  3  unusable input
  4  conflict or busy
  5  something is missing on this machine
  130  interrupted
"""


class LazyGroup(click.Group):
    """Knows its commands' names and first lines without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        module = importlib.import_module(f"workflow.cli.{name}_" if keyword.iskeyword(name) else f"workflow.cli.{name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, and tells the command that was probably meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            # Late: only a mistake needs it.
            from difflib import get_close_matches

            if near := get_close_matches(args[0], COMMANDS, n=1):
                raise click.UsageError(f"{error.message} Did you mean '{near[0]}'?", ctx) from None
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "directory",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=None,
    help="The newsroom's folder [default: the nearest one with a newsroom.toml, upwards].",
)
@click.version_option(__version__, prog_name="workflow")
@click.pass_context
def workflow(ctx: click.Context, directory: Path | None) -> None:
    """Publish a story in several languages.

    A story in stories/ is translated through the catalogs in locales/. An editor signs each language's exact
    words; what is signed, and nothing else, becomes web pages and PDF bulletins in out/.
    """
    ctx.obj = directory
    ctx.color = _colour()


def main() -> None:
    """Runs the command line and exits; the only place where an error becomes an exit code."""
    # Our values refer to one another in no circles: looking for such garbage often takes a tenth of a large check.
    gc.set_threshold(50_000, 20, 20)
    # An error is told when the command's own context has gone; this one still knows about colour.
    with click.Context(workflow, color=_colour()):
        code = _run()
    sys.exit(code)


def _run() -> int:
    output = sys.stdout
    try:
        result = workflow.main(standalone_mode=False)
        return result if isinstance(result, int) else ExitCode.DONE
    except WorkflowError as error:
        return report_error(error)
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return ExitCode.INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SystemExit:
        # When the reader of our output has gone, as `head` does, click muffles it and exits with 1.
        if sys.stdout is output:
            raise
        _forget_output()
        return ExitCode.DONE
    except OSError as error:
        # The newsroom's own files have errors of their own; what is left are our output's.
        if error.filename is not None:
            raise
        _forget_output()
        hint = "make room, or send the output elsewhere"
        message = f"cannot write the output: {(error.strerror or str(error)).lower()}"
        return report_error(MachineError.of("machine.output", message, hint=hint))


def _colour() -> bool | None:
    """False where colour is not wanted; None leaves it to click, which colours on a terminal only."""
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None


def _forget_output() -> None:
    """What cannot be written any more is dropped; Python would complain once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
