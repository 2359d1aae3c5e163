"""What the checks say of one unit while it is being translated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workflow.diagnostics import Diagnostic, Severity
from workflow.edition import unit_faults
from workflow.model import Unit, UnitState
from workflow.operations.edition_findings import word_findings
from workflow.operations.rows import Row
from workflow.operations.translate import TranslationSession
from workflow.operations.unit_saving import needing_work


def findings(session: TranslationSession, row: Row, targets: Sequence[str]) -> tuple[Diagnostic, ...]:
    """What the checks say of a translation that is being written, the gravest first; nothing while it is blank."""
    unit = needing_work(row, targets)
    if unit.state is UnitState.NEW:
        return ()
    slug = None if row.role is None else session.slug
    alone = replace(session.catalog, units=(unit,))
    source = session.source_language.code
    found = list(word_findings(session.newsroom, slug, session.language, source, alone, session.glossary))
    if row.role is not None:
        rules, code = session.newsroom.settings.story_rules, session.language.code
        found += unit_faults(row.role, unit, slug=session.slug, language=code, path=session.path, rules=rules)
    return tuple(sorted(found, key=lambda item: [*Severity].index(item.severity)))


def about_this_unit(found: Diagnostic, unit: Unit) -> str:
    """The finding's message without the excerpt of the source that tells where; it stands beside it."""
    where = found.message.rfind(f": {unit.source[:30]}")
    return found.message if where < 0 else found.message[:where]
