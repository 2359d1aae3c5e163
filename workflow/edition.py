"""Story + catalog → edition: the words of one language and no other, and the digests that a sign-off binds."""

from __future__ import annotations

import dataclasses
import posixpath
import re
from collections.abc import Mapping

from workflow.canonical import digest_of
from workflow.diagnostics import Diagnostic, Location
from workflow.errors import GateShut, InputError
from workflow.model import Block, Catalog, Edition, Figure, ListBlock, Quote, Segment, Story, Unit, UnitState
from workflow.settings import StoryRules
from workflow.story import format_story, parse_story, rewrite, segments
from workflow.story.dialect import inline_tokens
from workflow.story.folding import fold, paragraphs

OMIT = "[omit]"
"""A translation that leaves its segment out of the edition on purpose."""


def template_units(story: Story, path: str) -> tuple[Unit, ...]:
    """What the story asks its catalogs for: one unit for each distinct segment, in reading order, untranslated."""
    units: dict[tuple[str | None, str], Unit] = {}
    for segment in segments(story):
        key = (segment.role.context, segment.source)
        reference = f"{path}:{segment.line}"
        if key in units:
            references = (*units[key].references, reference)
            units[key] = dataclasses.replace(units[key], references=references)
        else:
            note = segment.role.value
            units[key] = Unit(source=key[1], context=key[0], references=(reference,), notes=(note,))
    return tuple(units.values())


def localize(
    story: Story,
    catalog: Catalog,
    *,
    slug: str,
    language: str,
    media: Mapping[str, str],
    rules: StoryRules,
    path: str,
) -> Edition:
    """The edition of a story in the catalog's language.

    `media` maps each picture's name in the story to its frozen name, `<sha256>.<ext>`; `path` is the catalog's.
    Raises GateShut naming every segment that is missing, needs review or is damaged.
    """
    localizer = _Localizer(catalog, path, language, slug, join_wide=language in rules.wide_languages)
    localized = rewrite(story, localizer.put)
    if localizer.faults:
        raise GateShut(localizer.faults)
    up = "../" * (slug.count("/") + 2)
    frozen = {name: f"{up}media/{file}" for name, file in media.items()}
    localized = dataclasses.replace(
        localized,
        language=language,
        translated_from="" if language == story.language else story.language,
        languages=(),
        blocks=_with_pictures(localized.blocks, frozen),
    )
    text = format_story(localized)
    _require_readable(text, localized, path, rules)
    return Edition(
        slug=slug,
        story=localized,
        text=text,
        source_digest=digest_of([[segment.role, segment.source] for segment in segments(story)]),
        segment_digests=tuple(digest_of(triple) for triple in localizer.triples),
        media=tuple((name, posixpath.splitext(file)[0]) for name, file in media.items()),
        omitted=tuple(localizer.omitted),
    )


def pictures(story: Story) -> tuple[str, ...]:
    """The distinct picture sources of a story, in its order."""
    found: dict[str, None] = {}
    for figure in figures(story.blocks):
        found.setdefault(figure.source)
    return tuple(found)


def figures(blocks: tuple[Block, ...]) -> tuple[Figure, ...]:
    """Every figure among the blocks, however deep."""
    found: list[Figure] = []
    for block in blocks:
        match block:
            case Figure():
                found.append(block)
            case ListBlock():
                found += [figure for item in block.items for figure in figures(item)]
            case Quote():
                found += figures(block.blocks)
            case _:
                pass
    return tuple(found)


def _with_pictures(blocks: tuple[Block, ...], frozen: Mapping[str, str]) -> tuple[Block, ...]:
    changed: list[Block] = []
    for block in blocks:
        match block:
            case Figure():
                changed.append(dataclasses.replace(block, source=frozen[block.source]))
            case ListBlock():
                items = tuple(_with_pictures(item, frozen) for item in block.items)
                changed.append(dataclasses.replace(block, items=items))
            case Quote():
                changed.append(dataclasses.replace(block, blocks=_with_pictures(block.blocks, frozen)))
            case _:
                changed.append(block)
    return tuple(changed)


def _require_readable(text: str, story: Story, path: str, rules: StoryRules) -> None:
    """What is frozen must read back as what was signed; markup that a translation broke shows here at the latest."""
    try:
        same = parse_story(text.encode(), path, rules) == story
    except InputError as error:
        found = [dataclasses.replace(fault, location=Location(path=path)) for fault in error.diagnostics]
        raise GateShut(found) from None
    if not same:
        hint = "look for Markdown marks in the translation that the source does not have"
        raise GateShut.of("edition.markup", "the translation changes the story's structure", path=path, hint=hint)


class _Localizer:
    def __init__(self, catalog: Catalog, path: str, language: str, slug: str, *, join_wide: bool) -> None:
        self.units = {unit.key: unit for unit in catalog.live}
        self.path = path
        self.language = language
        self.slug = slug
        self.join_wide = join_wide
        self.faults: list[Diagnostic] = []
        self.omitted: list[Segment] = []
        self.triples: list[tuple[str, str, str]] = []

    def fault(self, code: str, segment: Segment, unit: Unit | None, message: str, hint: str) -> None:
        excerpt = segment.source if len(segment.source) <= 60 else segment.source[:59] + "…"
        self.faults.append(
            Diagnostic(
                code=f"edition.{code}",
                message=f"{segment.role} {message}: {excerpt}",
                location=Location(path=self.path, line=unit.line or None if unit else None),
                hint=hint,
                story=self.slug,
                language=self.language,
            )
        )

    def put(self, segment: Segment) -> tuple[str, ...]:
        unit = self.units.get((segment.role.context, segment.source))
        if unit is None:
            self.fault("missing", segment, unit, "not in the catalog", "run workflow update")
        elif unit.state is UnitState.NEW:
            self.fault("missing", segment, unit, "not translated", "translate it")
        elif unit.state is UnitState.NEEDS_REVIEW:
            self.fault("needs-review", segment, unit, "needs review", "review it and take the fuzzy mark away")
        else:
            return self.replacement(segment, unit)
        return (segment.source,)

    def replacement(self, segment: Segment, unit: Unit) -> tuple[str, ...]:
        self.triples.append((segment.role.value, segment.source, unit.target))
        if unit.target.strip() == OMIT:
            return self.omit(segment, unit)
        if segment.role.is_plain:
            return (re.sub(r"[ \n]+", " ", unit.target).strip(" "),)
        texts = tuple(self.normal(part, segment, unit) for part in paragraphs(unit.target))
        if len(texts) > 1 and not segment.role.may_split:
            self.fault("split", segment, unit, "cannot be two paragraphs", "take the empty line out")
            return (segment.source,)
        return texts

    def omit(self, segment: Segment, unit: Unit) -> tuple[str, ...]:
        if segment.role.is_required:
            self.fault("omitted", segment, unit, "cannot be left out", "translate it")
            return (segment.source,)
        self.omitted.append(segment)
        return ()

    def normal(self, text: str, segment: Segment, unit: Unit) -> str:
        tokens = inline_tokens(text, {})
        if any(token.type in {"html_inline", "image"} for token in tokens):
            self.fault("markup", segment, unit, "holds raw HTML or a picture", "take it out of the translation")
        return fold(text, tokens, join_wide=self.join_wide)
