"""`workflow init`."""

from __future__ import annotations

from pathlib import Path

import click

from workflow.cli.newsroom import current_time
from workflow.cli.output import ExitCode, note
from workflow.operations.init import init

_NEXT = """\
a sample story waits there, translated but unsigned. Next:
  cd {folder}
  workflow status
  workflow build                      the web front page; nothing is signed yet
to sign, list your OpenSSH key (ssh-keygen -t ed25519 makes one):
  key=$(cat ~/.ssh/id_ed25519.pub)
  echo "editor@newsroom.example namespaces=\\"signoff@bulletin-workflow\\" $key" >> newsroom.signers
  workflow sign-off welcome en --as editor@newsroom.example
  workflow build                      now the page and the bulletin are there too
in git, let catalogs be merged unit by unit, once in each clone:
  git config merge.workflow-catalog.driver "workflow merge-catalog %O %A %B %P\""""


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def command(folder: Path) -> int:
    """Make a new newsroom that builds at once.

    DIR must be empty or not there yet. It gets settings to adapt, a sample story in English, Chinese and Russian,
    and our translations of the page's own words.
    """
    newsroom = init(folder, current_time())
    click.echo(str(newsroom.root))
    note(_NEXT.format(folder=folder))
    return ExitCode.DONE
