"""What helps with the unit, found beside the typing."""

from __future__ import annotations

from textual import work
from textual.message import Message
from textual.widgets import Static

from workflow.diagnostics import Diagnostic
from workflow.errors import WorkflowError
from workflow.memory import Memory
from workflow.operations.aids import suggestions, terms_in
from workflow.operations.rows import Key, Row
from workflow.operations.translate import TranslationSession
from workflow.operations.unit_findings import findings
from workflow.tui.views import Aids


class AidsPane(Static):
    """Finds what helps in another thread; which lines of it are shown, the view decides."""

    class Looked(Message):
        """What helps with a unit was found."""

        def __init__(self, key: Key, texts: tuple[str, ...], aids: Aids) -> None:
            super().__init__()
            self.key = key
            self.texts = texts
            self.aids = aids

    def __init__(self, memory: Memory) -> None:
        super().__init__(id="aids")
        self.memory = memory
        self.aids = Aids()
        self.aids_of: Key | None = None
        self.looked_at: tuple[Key, tuple[str, ...]] | None = None
        """What the checks have seen, or are looking at."""

    def look(self, session: TranslationSession, row: Row, texts: tuple[str, ...]) -> None:
        """Looks for what helps with the unit, written so; its terms are there at once."""
        self.looked_at = row.unit.key, texts
        known = self.aids if self.aids_of == row.unit.key else None
        if known is None:
            self.aids = Aids(terms=terms_in(session, row.unit.source))
        self._find(session, row, texts, known)

    @work(thread=True, exclusive=True)
    def _find(self, session: TranslationSession, row: Row, texts: tuple[str, ...], known: Aids | None) -> None:
        found = Aids(
            suggestions=known.suggestions if known else suggestions(session, row.unit, self.memory),
            terms=known.terms if known else terms_in(session, row.unit.source),
            findings=checked(session, row, texts),
        )
        self.post_message(self.Looked(row.unit.key, texts, found))

    def on_aids_pane_looked(self, message: Looked) -> None:
        """Takes what was found and lets it be shown, unless the translator has moved on."""
        if (message.key, message.texts) == self.looked_at:
            self.aids, self.aids_of = message.aids, message.key
        else:
            message.stop()


def checked(session: TranslationSession, row: Row, texts: tuple[str, ...]) -> tuple[Diagnostic, ...]:
    """The findings; a file of the newsroom that the checks cannot use is one of them."""
    try:
        return findings(session, row, texts)
    except WorkflowError as error:
        return error.diagnostics
