"""What a check is given: a source text, its translation, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.checks.prose import Span
from workflow.diagnostics import Diagnostic, Location, Marked, Severity
from workflow.languages import Language
from workflow.model import Role, Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """One translated unit."""

    unit: Unit
    role: Role | None
    """None for the newsroom's own words, which are not Markdown."""
    language: Language
    """Of the translation."""
    source_language: Language
    path: str
    slug: str | None

    @property
    def is_translation(self) -> bool:
        """False in the catalog of the source's own language, where a copy-editor changes words freely."""
        return self.language.code != self.source_language.code

    @property
    def sources(self) -> tuple[str, ...]:
        """The source that each target is held against: the singular for the first form, then the plural."""
        unit = self.unit
        if unit.source_plural is None:
            return (unit.source,)
        forms = len(unit.targets)
        return (unit.source_plural,) if forms == 1 else (unit.source, *[unit.source_plural] * (forms - 1))

    @property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """(source, target) for each form."""
        return tuple(zip(self.sources, self.unit.targets, strict=True))

    @property
    def is_markdown(self) -> bool:
        return self.role is not None and not self.role.is_plain

    def finding(
        self,
        code: str,
        message: str,
        hint: str | None = None,
        severity: Severity = Severity.ERROR,
        *,
        source_spans: tuple[Span, ...] | None = None,
        target_spans: tuple[Span, ...] | None = None,
    ) -> Diagnostic:
        """A diagnostic at the unit's place in its catalog; with spans it shows both texts, marked there."""
        source = self.unit.source
        excerpt = source if len(source) <= 40 else source[:39] + "…"
        return Diagnostic(
            code=code,
            message=f"{message}: {excerpt}",
            severity=severity,
            location=Location(path=self.path, line=self.unit.line or None),
            hint=hint,
            story=self.slug,
            language=self.language.code,
            marked=self._marked(source_spans, target_spans),
        )

    def _marked(
        self, source_spans: tuple[Span, ...] | None, target_spans: tuple[Span, ...] | None
    ) -> tuple[Marked, ...]:
        if source_spans is None and target_spans is None:
            return ()
        return (
            Marked(label="source", text=self.unit.source, spans=source_spans or ()),
            Marked(label="translation", text=self.unit.target, spans=target_spans or ()),
        )
