"""Faults planted in good translations: cases that a translator can read and extend, in data/planted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workflow.checks import check_pairs
from workflow.diagnostics import Diagnostic
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

    def findings(self, target: str) -> list[Diagnostic]:
        """What the checks say of a translation of the source."""
        unit = Unit(source=self.source, context=self.role.context, targets=(target,), line=7)
        source, language = (LANGUAGES[code] for code in self.direction.split("-"))
        catalog = Catalog(headers=(), units=(unit,))
        return list(check_pairs("story", language, source, catalog, f"locales/{language.code}/LC_MESSAGES/story.po"))

    @property
    def is_found(self) -> bool:
        return self.finds in {found.code for found in self.findings(self.faulty)}


def planted_faults() -> Iterator[Planted]:
    """The cases of all files: blocks after `== title`, one `name: value` a line, `\\n` for a line end."""
    for file in sorted(DATA.glob("*.txt")):
        _, *blocks = f"\n{file.read_text()}".split("\n== ")
        for block in blocks:
            title, *lines = block.strip().split("\n")
            values = dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))
            role = Role(values.pop("role", "paragraph"))
            values = {name: value.replace("\\n", "\n") for name, value in values.items()}
            yield Planted(file=file.stem, title=title, role=role, **values)
