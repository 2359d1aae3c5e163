"""Faults planted in good translations: cases that a translator can read and extend, in data/planted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workflow.checks import check_pairs
from workflow.diagnostics import Diagnostic
from workflow.glossary import EMPTY, Glossary, Kind, make_term
from workflow.languages import Language
from workflow.model import Catalog, Role, Unit

DATA = Path(__file__).parent / "data" / "planted"
LANGUAGES = {
    "en": Language(code="en", tag="en", locale="en_US"),
    "zh": Language(code="zh", tag="zh-Hans", locale="zh_Hans_CN"),
    "ru": Language(code="ru", tag="ru", locale="ru_RU"),
}


@dataclass(frozen=True, kw_only=True)
class Planted:
    """A source, a good translation of it, and one with a fault that a check must find."""

    file: str
    title: str
    direction: str
    """`en-zh`: from English into Chinese."""
    source: str
    good: str
    faulty: str
    finds: str
    """The code of the finding."""
    role: Role = Role.PARAGRAPH
    glossary: Glossary = EMPTY
    others: tuple[Unit, ...] = ()
    """Good units that stand before it in the story."""

    def findings(self, target: str) -> list[Diagnostic]:
        """What the checks say of a translation of the source."""
        unit = Unit(source=self.source, context=self.role.context, targets=(target,), line=7)
        source, language = (LANGUAGES[code] for code in self.direction.split("-"))
        catalog = Catalog(headers=(), units=(*self.others, unit))
        path = f"locales/{language.code}/LC_MESSAGES/story.po"
        return list(check_pairs("story", language, source, catalog, path, self.glossary))

    @property
    def is_found(self) -> bool:
        return self.finds in {found.code for found in self.findings(self.faulty)}


def planted_faults() -> Iterator[Planted]:
    """The cases of all files: blocks after `== title`, one `name: value` a line, `\\n` for a line end.

    `term` lines, as many as wanted, make the glossary; `also: source => translation` is another unit of the story.
    """
    for file in sorted(DATA.glob("*.txt")):
        _, *blocks = f"\n{file.read_text()}".split("\n== ")
        for block in blocks:
            title, *lines = block.strip().split("\n")
            fields = [line.split(": ", 1) for line in lines if line and not line.startswith("#")]
            values = {name: value for name, value in fields if name not in {"term", "also"}}
            glossary = read_terms(value for name, value in fields if name == "term")
            others = read_units(value for name, value in fields if name == "also")
            role = Role(values.pop("role", "paragraph"))
            values = {name: value.replace("\\n", "\n") for name, value in values.items()}
            yield Planted(file=file.stem, title=title, role=role, glossary=glossary, others=others, **values)


def read_terms(lines: Iterable[str]) -> Glossary:
    """A glossary of `source | approved forms | kind | forbidden forms`; the last two may be left out."""
    terms = []
    for line in lines:
        source, target, kind, forbidden = (*map(str.strip, line.split("|")), "", "")[:4]
        terms.append(make_term(source, target, kind=Kind(kind or "term"), forbidden=forbidden))
    return Glossary(terms=tuple(terms))


def read_units(lines: Iterable[str]) -> tuple[Unit, ...]:
    """Units of `source => translation`, with `role: ` before the source where it is no paragraph."""
    units = []
    for number, line in enumerate(lines, start=20):
        source, _, target = line.partition(" => ")
        role, colon, rest = source.partition(": ")
        known = bool(colon) and role in set(Role)
        context = Role(role).context if known else None
        units.append(Unit(source=rest if known else source, context=context, targets=(target,), line=number))
    return tuple(units)
