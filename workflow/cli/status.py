"""`workflow status`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from typing import Any

import click

from workflow.canonical import canonical_time
from workflow.cli.columns import Run, width, wrap
from workflow.cli.newsroom import chosen_slugs, current_newsroom, current_time, json_option, stories_argument
from workflow.cli.output import ExitCode, counted, note, print_json, visible
from workflow.model import Stage
from workflow.newsroom import Newsroom
from workflow.operations.status import EditionStatus, explain, status
from workflow.volume import Volume, total

_LEAST = 30
"""Columns that the facts about an edition get, however narrow the terminal is."""

_COLOURS = {
    Stage.SIGNED_OFF: "green",
    Stage.STALE: "yellow",
    Stage.RETURNED: "yellow",
    Stage.WITHDRAWN: "red",
}


@click.command("status")
@stories_argument
@click.option("--why", is_flag=True, help="Explain one edition: workflow status --why STORY LANG.")
@json_option
@click.pass_context
def command(ctx: click.Context, stories: tuple[str, ...], why: bool, as_json: bool) -> int:
    """Show how far each story is in each language.

    Tells for every edition its stage, the units translated, how much source text is still to be translated or
    reviewed, how many questions are open, who signed which words and when, and what blocks it; at the end the sum for
    each language.
    An edition that is stale was signed, and its words, source or picture changed since: the signed words stay
    published until new ones are signed.
    """
    newsroom = current_newsroom(ctx)
    if why:
        return _explain(newsroom, stories, as_json)
    rows = status(newsroom, chosen_slugs(newsroom, stories), current_time())
    if as_json:
        print_json({"editions": [_as_json(row) for row in rows]})
    elif rows:
        _print_table(rows)
    else:
        note("no stories yet: write stories/<slug>/story.md")
    return ExitCode.DONE


def _explain(newsroom: Newsroom, arguments: tuple[str, ...], as_json: bool) -> int:
    """Which rule applies to one edition, what is met and what is missing."""
    if len(arguments) != 2:
        raise click.UsageError("--why wants a STORY and a LANG")
    slug, language = newsroom.known_slug(arguments[0]), newsroom.language(arguments[1]).code
    found = explain(newsroom, slug, language, current_time())
    if as_json:
        shown = {"story": slug, "language": language, "rule": found.rule}
        print_json({**shown, "met": list(found.met), "missing": list(found.missing)})
        return ExitCode.DONE
    click.echo(f"rule     {found.rule}")
    for line in found.met:
        click.echo(f"met      {visible(line)}")
    for line in found.missing:
        click.echo(f"missing  {visible(line)}")
    if not found.missing:
        click.echo("nothing is missing: these words are signed off")
    return ExitCode.DONE


def _as_json(row: EditionStatus) -> dict[str, Any]:
    units, signed = row.units, row.signed
    volumes = {
        "total": row.volumes.total,
        "translated": row.volumes.translated,
        "needs_review": row.volumes.needs_review,
        "new": row.volumes.new,
    }
    return {
        "story": row.story,
        "language": row.language,
        "stage": row.stage.value,
        "outdated": row.is_outdated,
        "units": {
            "total": units.total,
            "translated": units.translated,
            "needs_review": units.needs_review,
            "new": units.new,
        },
        "words": {name: volume.words for name, volume in volumes.items()},
        "characters": {name: volume.characters for name, volume in volumes.items()},
        "signed": None
        if signed is None
        else {"edition": signed.edition, "at": canonical_time(signed.at), "by": list(signed.by)},
        "blocked_by": list(row.blocked_by),
        "questions": row.questions,
    }


def _print_table(rows: Sequence[EditionStatus]) -> None:
    """A story's name, and below it one line for each language; at the end what each language has to do."""
    story = ""
    for row in rows:
        if row.story != story:
            click.echo(("\n" if story else "") + click.style(row.story, bold=True))
            story = row.story
        for line in _lines(row):
            click.echo(line)
    click.echo("\n" + click.style("to do", bold=True))
    for language in dict.fromkeys(row.language for row in rows):
        click.echo(_to_do_line(language, [row for row in rows if row.language == language]))


def _lines(row: EditionStatus) -> Iterator[str]:
    """The row; what does not fit beside its columns goes on below them."""
    stage = click.style(f"{row.stage.value:<15}", fg=_COLOURS.get(row.stage))
    done = f"{row.units.translated}/{row.units.total}"
    start = f"  {row.language:<4} {stage} {done:>7}  "
    facts = list(row.blocked_by)
    if row.questions:
        facts.insert(0, f"{counted(row.questions, 'question')} open")
    if row.to_do.characters:
        facts.insert(0, f"{_amount(row.to_do, characters=row.counts_characters)} to do")
    if row.is_outdated:
        facts.insert(0, "the story has changed: run workflow update")
    if row.signed is not None:
        facts.insert(0, f"signed {row.signed.at:%Y-%m-%d} by {', '.join(row.signed.by)}")
    indent = width(click.unstyle(start))
    rest = wrap([Run(text=visible("; ".join(facts)))], max(shutil.get_terminal_size().columns - indent, _LEAST))
    for number, line in enumerate(rest):
        text = "".join(run.text for run in line)
        yield (start + text if number == 0 else " " * indent + text).rstrip()


def _to_do_line(language: str, rows: Sequence[EditionStatus]) -> str:
    """Words that a translator has still to do, for sources in Han too; characters beside them."""
    changed = sum(row.is_outdated for row in rows)
    unknown = f"; more after workflow update: {counted(changed, 'story', 'stories')} changed" if changed else ""
    new, review = total(row.volumes.new for row in rows), total(row.volumes.needs_review for row in rows)
    if not (new + review).characters:
        return f"  {language:<4} nothing{unknown}"
    characters = all(row.counts_characters for row in rows if row.to_do.characters)
    parts = [
        f"{_amount(volume, characters=characters)} {what}"
        for volume, what in ((new, "new"), (review, "to review"))
        if volume.characters
    ]
    other = _amount(new + review, characters=not characters)
    stories = counted(sum(bool(row.to_do.characters) for row in rows), "story", "stories")
    return f"  {language:<4} {', '.join(parts)} ({other}) in {stories}{unknown}"


def _amount(volume: Volume, *, characters: bool) -> str:
    if characters:
        return f"{volume.characters:,} character{'' if volume.characters == 1 else 's'}"
    return f"{volume.words:,} word{'' if volume.words == 1 else 's'}"
