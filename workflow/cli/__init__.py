"""The command line: words → one operation → what it returns, printed.

Commands are imported when they are called, so that `workflow --help` starts at once.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

import click

from workflow import __version__
from workflow.cli.output import ExitCode, report_error
from workflow.errors import WorkflowError

COMMANDS = {
    "init": "Make a new newsroom that builds at once.",
    "update": "Bring the catalogs up to date with stories and templates.",
    "status": "Show how far each story is in each language.",
    "check": "Find what keeps editions from being signed.",
    "sign-off": "Approve an edition: check it, sign it, freeze its words.",
    "build": "Publish what is signed: pages, bulletins, manifest.",
    "verify": "Check every signature, digest, log and built file again.",
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
        module = importlib.import_module(f"workflow.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

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
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        ctx.color = False


def main() -> None:
    """Runs the command line and exits; the only place where an error becomes an exit code."""
    try:
        result = workflow.main(standalone_mode=False)
        code = result if isinstance(result, int) else ExitCode.DONE
    except WorkflowError as error:
        code = report_error(error)
    except click.exceptions.Abort:
        click.echo("interrupted", err=True)
        code = ExitCode.INTERRUPTED
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        code = ExitCode.INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except BrokenPipeError:
        # The reader of our output has gone, as `| head` does; Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.DONE
    sys.exit(code)
