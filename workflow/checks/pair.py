"""What a check is given: a source text, its translation, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.canonical import digest_of
from workflow.checks.prose import Span
from workflow.diagnostics import Diagnostic, InSegment, Location, Marked, Severity
from workflow.edition import OMIT
from workflow.glossary import EMPTY, Glossary
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
    glossary: Glossary = EMPTY
    """The terms for translating from the one language into the other."""

    @property
    def is_translation(self) -> bool:
        """False in the catalog of the source's own language, where a copy-editor changes words freely."""
        return self.language.code != self.source_language.code

    @property
    def is_rendered(self) -> bool:
        """True for a translation that has words of its own: neither left out nor the source over again."""
        target = self.unit.target.strip()
        return self.is_translation and target not in {OMIT, self.unit.source.strip()}

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
    def is_left_out(self) -> bool:
        """True if the edition goes without the unit."""
        return self.unit.target.strip() == OMIT

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
        elsewhere: tuple[str, Span] | None = None,
    ) -> Diagnostic:
        """A diagnostic at the unit's place in its catalog; with spans it shows both texts, marked there.

        `elsewhere` is the translation of another unit that this one is held against, and the place in it.
        """
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
            segment=self._segment(),
            marked=self._marked(source_spans, target_spans, elsewhere),
        )

    def _segment(self) -> InSegment | None:
        if self.role is None:
            return None
        return InSegment(role=self.role, digest=digest_of([self.role, self.unit.source, self.unit.target]))

    def _marked(
        self,
        source_spans: tuple[Span, ...] | None,
        target_spans: tuple[Span, ...] | None,
        elsewhere: tuple[str, Span] | None,
    ) -> tuple[Marked, ...]:
        if source_spans is None and target_spans is None:
            return ()
        own = (
            Marked(label="source", text=self.unit.source, spans=source_spans or ()),
            Marked(label="translation", text=self.unit.target, spans=target_spans or ()),
        )
        return own if elsewhere is None else (*own, Marked(label="elsewhere", text=elsewhere[0], spans=(elsewhere[1],)))
