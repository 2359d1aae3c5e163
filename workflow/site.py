"""The newsroom's own words, gettext domain `site`: those of the templates, and those of `newsroom.toml`."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from workflow import plurals
from workflow.errors import InputError
from workflow.model import Catalog, Unit, UnitState
from workflow.settings import FILE_NAME, Settings

NOTE_TAG = "NOTE:"
"""A template comment that begins so is shown to the translator of the message below it."""
BACKGROUND_LABEL = "Background"
"""Stands above a story's paragraphs of background; it belongs to the text, so no template names it."""


def site_units(settings: Settings, templates: Mapping[str, str]) -> tuple[Unit, ...]:
    """What the newsroom asks of each language: the settings' words, then the templates' in their order.

    `templates` maps a template's path, as references name it, to its text. Raises InputError for a template that
    is not Jinja.
    """
    units: dict[tuple[str | None, str], Unit] = {}
    background = Unit(source=BACKGROUND_LABEL, notes=("the label above a story's paragraphs of background",))
    for unit in [*_settings_units(settings), background, *_template_units(templates)]:
        if unit.key in units:
            first = units[unit.key]
            references = (*first.references, *unit.references)
            notes = (*first.notes, *(note for note in unit.notes if note not in first.notes))
            units[unit.key] = dataclasses.replace(first, references=references, notes=notes)
        else:
            units[unit.key] = unit
    return tuple(units.values())


def _settings_units(settings: Settings) -> Iterator[Unit]:
    publisher = settings.publisher
    yield _word(settings, "newsroom", settings.name, ("newsroom", "name"), "the newsroom's name")
    for key, name in settings.sections.items():
        yield _word(settings, "section", name, ("sections", key, "name"), "a section's name")
    for name, note in (
        ("address", "the publisher's postal address"),
        ("contact", "whose telephone and e-mail stand in the footer"),
        ("copyright", "the copyright line"),
    ):
        if text := getattr(publisher, name):
            yield _word(settings, "publisher", text, ("publisher", name), note)
    for person in settings.people.values():
        note = "who signed or translated, as the imprint names them"
        yield _word(settings, "person", person.name, ("people", person.email, "name"), note)
    for role in sorted({role for person in settings.people.values() for role in person.roles}):
        yield Unit(source=role, context="role", notes=("what a person of the newsroom does",))


def _word(settings: Settings, context: str, source: str, key: tuple[str, ...], note: str) -> Unit:
    line = settings.lines.get(key)
    reference = FILE_NAME if line is None else f"{FILE_NAME}:{line}"
    return Unit(source=source, context=context, references=(reference,), notes=(note,))


def _template_units(templates: Mapping[str, str]) -> Iterator[Unit]:
    # Late: Babel and Jinja are slow to import, and most commands extract nothing.
    from babel.messages.extract import extract
    from jinja2 import TemplateSyntaxError

    for path, text in sorted(templates.items()):
        source = io.BytesIO(text.encode())
        options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
        keywords = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
        try:
            found = list(extract("jinja2.ext.babel_extract", source, keywords, [NOTE_TAG], options))
        except TemplateSyntaxError as error:
            raise InputError.of("template.syntax", str(error.message), path=path, line=error.lineno) from None
        for line, message, comments, context in found:
            singular, plural = message if isinstance(message, tuple) else (message, None)
            notes = tuple(comment.removeprefix(NOTE_TAG).strip() for comment in comments)
            yield Unit(
                source=singular,
                source_plural=plural,
                context=context,
                references=(f"{path}:{line}",),
                notes=notes,
                targets=("",),
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteWords:
    """The newsroom's words in one language; asking for one that is missing is an error, never English."""

    targets: Mapping[tuple[str | None, str], tuple[str, ...]]
    plural_index: Callable[[int], int]

    def gettext(self, source: str) -> str:
        return self.targets[None, source][0]

    def pgettext(self, context: str, source: str) -> str:
        return self.targets[context, source][0]

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        del plural  # gettext finds a message by its singular
        return self.targets[None, singular][self.plural_index(number)]


def site_words(catalog: Catalog) -> SiteWords:
    """The translated words of a catalog, for rendering."""
    targets = {unit.key: unit.targets for unit in catalog.live if unit.state is UnitState.TRANSLATED}
    return SiteWords(targets=targets, plural_index=plural_index(catalog))


def plural_index(catalog: Catalog) -> Callable[[int], int]:
    """Which plural form a number takes, as the catalog's header says."""
    return plurals.plural_index(catalog.header("Plural-Forms"))


def untranslated(catalog: Catalog) -> tuple[Unit, ...]:
    """The live units that keep the language from being published."""
    return tuple(unit for unit in catalog.live if unit.state is not UnitState.TRANSLATED)
