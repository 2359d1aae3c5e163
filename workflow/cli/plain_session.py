"""The translator's session as lines: for screen readers, for scripts, for terminals that can do no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import click

from workflow.cli.external_editor import edited
from workflow.cli.output import ExitCode, counted, report_error, visible
from workflow.cli.plain_help import help_lines
from workflow.cli.plain_input import lines, prepare_input
from workflow.cli.plain_unit import conflict_lines, list_line, unit_lines
from workflow.edition import OMIT
from workflow.errors import ConflictError, UsageError, WorkflowError
from workflow.memory import Memory
from workflow.operations.aids import Suggestion, suggestions
from workflow.operations.rows import Key, Row
from workflow.operations.sitting import Sitting, Step
from workflow.operations.unit_findings import about_this_unit, findings
from workflow.operations.unit_saving import Conflict, Saved, cleaned
from workflow.questions import without_mark

QUESTION: Final = "your line was not saved: :mine saves it, with theirs in the comments; :theirs drops it"


class PlainSession:
    """Reads lines until the translator quits. Without a terminal the first line that fails ends the session."""

    def __init__(self, sitting: Sitting, memory: Memory, *, is_terminal: bool) -> None:
        self.sitting = sitting
        self.memory = memory
        self.is_terminal = is_terminal
        self.place: int | None = sitting.session.next_open(-1)
        self.last_place = -1 if self.place is None else self.place
        """Where the session is when no unit is shown, because none is open."""
        self.forms: list[str] = []
        """The plural forms of the unit that were given already."""
        self.suggestions: tuple[Suggestion, ...] = ()
        self.conflict: Conflict | None = None

    def run(self) -> int:
        """Returns the exit code."""
        prepare_input(is_terminal=self.is_terminal)
        for note in self.sitting.session.notes_to_all:
            click.echo(visible(f"note to the whole edition by {note.name}, {note.at:%Y-%m-%d}: {note.text}"))
        self._show()
        for line in lines(is_terminal=self.is_terminal):
            if line.strip() in {":quit", ":q"}:
                break
            try:
                self._obey(line)
            except WorkflowError as error:
                if not self.is_terminal:
                    raise
                report_error(error)
        progress = self.sitting.session.progress
        click.echo(f"{progress.done} of {progress.units} units are translated{self._asked()}")
        return ExitCode.DONE

    # --- Commands ---

    def _obey(self, line: str) -> None:
        if line.startswith("::") or not line.startswith(":"):
            text = line.removeprefix(":") if line.startswith("::") else line
            self._take_text(text)
            return
        name, _, rest = line[1:].partition(" ")
        command = self._commands().get(name)
        if command is None:
            raise UsageError.of("usage.command", f"no command :{name}", hint=":help lists them")
        command(rest.strip())

    def _commands(self) -> dict[str, Callable[[str], None]]:
        return {
            "text": lambda _: self._take_text(self._several_lines()),
            "skip": lambda _: self._skip(),
            "next": lambda _: self._move(1),
            "prev": lambda _: self._move(-1),
            "go": self._jump,
            "find": self._find,
            "accept": lambda _: self._accept(self._row().unit.targets),
            "fuzzy": self._mark,
            "take": self._take_suggestion,
            "source": lambda _: self._take_text(self._source(self._row())),
            "omit": lambda _: self._omit(),
            "ask": self._ask,
            "answer": self._answer,
            "edit": lambda _: self._edit(),
            "undo": lambda _: self._step(self.sitting.saved, self.sitting.undo),
            "redo": lambda _: self._step(self.sitting.taken_back, self.sitting.redo),
            "mine": lambda _: self._resolve(keep_mine=True),
            "theirs": lambda _: self._resolve(keep_mine=False),
            "show": lambda _: self._show(),
            "list": lambda _: self._list(),
            "help": lambda _: self._help(),
        }

    def _several_lines(self) -> str:
        taken: list[str] = []
        for line in lines(is_terminal=self.is_terminal):
            if line == ".":
                return "\n".join(taken)
            taken.append(line)
        raise UsageError.of(
            "usage.input", "the input ended within :text", hint="end it with a line that is a full stop"
        )

    def _row(self) -> Row:
        if self.place is None:
            raise UsageError.of("usage.unit", "no unit is open", hint=":go N goes to one, :quit ends")
        return self.sitting.session.rows[self.place]

    def _take_text(self, text: str) -> None:
        """A translation, or of a unit with plural forms the next one of them; a blank one moves on."""
        if not text.strip():
            self._skip()
            return
        self.forms.append(text)
        if len(self.forms) < len(self._row().unit.targets):
            self._ask_form()
        else:
            self._accept(tuple(self.forms))

    def _accept(self, targets: Sequence[str]) -> None:
        row = self._row()
        self.forms = []
        if not all(cleaned(row, text).strip() for text in targets):
            raise UsageError.of("usage.text", f"unit {row.number} has no translation to accept", hint="write one")
        for found in findings(self.sitting.session, row, targets):
            hint = f"; {found.hint}" if found.hint else ""
            click.echo(visible(f"{found.severity}: {about_this_unit(found, row.unit)}{hint}"))
        self._finish(self.sitting.accept(row, targets), f"saved {row.number}")

    def _mark(self, text: str) -> None:
        row = self._row()
        targets = (text,) if text and len(row.unit.targets) == 1 else row.unit.targets
        self._finish(self.sitting.mark(row, targets), f"saved {row.number} as needing work")

    def _finish(self, done: Saved | Conflict, what: str) -> None:
        if isinstance(done, Conflict):
            self._tell_conflict(done)
            return
        click.echo(what)
        if self.sitting.session.is_outdated:
            click.echo("the story has changed meanwhile: run workflow update")
        self._skip()

    def _take_suggestion(self, number: str) -> None:
        if not number.isdecimal() or not 1 <= int(number) <= len(self.suggestions):
            hint = f"there are {len(self.suggestions)}" if self.suggestions else "there are none for this unit"
            raise UsageError.of("usage.suggestion", f"no suggestion {number}", hint=hint)
        self._take_text(self.suggestions[int(number) - 1].target)

    def _omit(self) -> None:
        if not self._row().may_be_omitted:
            raise UsageError.of("usage.omit", "this one cannot be left out", hint="translate it")
        self._accept((OMIT,))

    def _ask(self, question: str) -> None:
        row = self._row()
        if not without_mark(question):
            raise UsageError.of("usage.question", "there is no question", hint=":ask Which rector is meant?")
        self._comment(self.sitting.ask(row, question), f"asked about {row.number}")

    def _answer(self, answer: str) -> None:
        row = self._row()
        if not row.questions:
            raise UsageError.of("usage.question", f"no question about unit {row.number} is open", hint=":ask asks one")
        self._comment(self.sitting.answer(row, answer), f"answered {row.number}")

    def _comment(self, done: Saved | Conflict, what: str) -> None:
        if isinstance(done, Conflict):
            self._tell_conflict(done)
        else:
            click.echo(what)

    def _edit(self) -> None:
        row, form = self._row(), len(self.forms)
        if not self.is_terminal:
            raise UsageError.of("usage.terminal", ":edit wants a terminal", hint=":text takes several lines")
        text = edited(self.sitting.session, row, row.unit.targets[form], self._source(row))
        if cleaned(row, text) != row.unit.targets[form]:
            self._take_text(text)

    def _source(self, row: Row) -> str:
        unit = row.unit
        return unit.source if not self.forms or unit.source_plural is None else unit.source_plural

    def _step(self, steps: Sequence[Step], step: Callable[[Key], Saved | Conflict | None]) -> None:
        """Undo and redo speak of the unit that was saved last, not of the one that came after it."""
        if not steps:
            click.echo("nothing more to undo or redo")
            return
        key = steps[-1][0].key
        done = step(key)
        if isinstance(done, Conflict):
            self._tell_conflict(done)
        elif done is not None:
            self._go(self.sitting.session.place_of(key))

    def _tell_conflict(self, conflict: Conflict) -> None:
        """In a script it is an error; a person decides."""
        what = "the unit is no longer in the catalog" if conflict.theirs is None else "somebody else changed the unit"
        if not self.is_terminal:
            path = self.sitting.session.path
            raise ConflictError.of("catalog.unit", f"{what}: {conflict.mine.source}", path=path, hint="look, try again")
        self.conflict = conflict
        click.echo(what)
        for line in conflict_lines(conflict):
            click.echo(visible(line))
        click.echo(QUESTION)

    def _resolve(self, *, keep_mine: bool) -> None:
        conflict, self.conflict = self.conflict, None
        if conflict is None:
            raise UsageError.of("usage.conflict", "there is no conflict", hint=":show shows the unit")
        if keep_mine:
            self._finish(self.sitting.keep_mine(conflict), "kept yours")
        else:
            self._show()

    # --- Moving ---

    def _go(self, place: int | None) -> None:
        self.place, self.forms = place, []
        self.last_place = self.last_place if place is None else place
        self._show()

    def _skip(self) -> None:
        self._go(self.sitting.session.next_open(self.last_place))

    def _move(self, step: int) -> None:
        place = self.last_place + step
        if not 0 <= place < len(self.sitting.session.rows):
            raise UsageError.of("usage.unit", "there is no unit beyond this one", hint=":go N goes to another one")
        self._go(place)

    def _jump(self, number: str) -> None:
        place = self.sitting.session.place_of_number(int(number)) if number.isdecimal() else None
        if place is None:
            raise UsageError.of("usage.unit", f"no unit {number}", hint=":list lists them")
        self._go(place)

    def _find(self, text: str) -> None:
        place = self.sitting.session.find(text, self.last_place) if text else None
        if place is None:
            raise UsageError.of("usage.find", f"not found: {text}", hint=":find takes some words of a unit")
        self._go(place)

    # --- What is shown ---

    def _show(self) -> None:
        """The unit, with what helps to translate it."""
        if self.place is None:
            click.echo(f"all units are translated{self._asked()}; :go N goes to one, :list lists them, :quit ends")
            return
        session, row = self.sitting.session, self._row()
        self.suggestions = suggestions(session, row.unit, self.memory)
        for line in ["", *unit_lines(session, row, self.suggestions)]:
            click.echo(visible(line))
        if len(row.unit.targets) > 1:
            self._ask_form()

    def _asked(self) -> str:
        questions = self.sitting.session.questions
        return f", {counted(questions, 'question')} open" if questions else ""

    def _ask_form(self) -> None:
        count, form = len(self._row().unit.targets), len(self.forms)
        click.echo(f"form {form + 1} of {count}, for {self.sitting.session.examples(form)}")

    def _list(self) -> None:
        for row in self.sitting.session.rows:
            click.echo(visible(list_line(row)))

    def _help(self) -> None:
        for line in help_lines():
            click.echo(line)
