"""Credits that stand in a caption's own words; one given by itself, `{credit="…"}`, is a unit and cannot get lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from workflow.checks.pair import Pair
from workflow.checks.prose import masked
from workflow.checks.scripts import Script, script_of
from workflow.diagnostics import Diagnostic, Severity
from workflow.model import Role

_CODE: Final = "wording.credit"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Credits:
    """How a language credits a picture."""

    formula: re.Pattern[str]
    """Says who made it, so that a translation has to as well."""
    any_sign: re.Pattern[str]
    """May stand for a credit of the other language."""


_CREDITS: Final = {
    Script.LATIN: _Credits(
        formula=re.compile(
            r"\b(?:photo(?:s|graphs?|graphy)?|pictures?|images?|illustrations?)\s*(?:\b(?:by|courtesy|credit)\b|[:/])"
            r"|\b(?:drawing|graphics?|render(?:ing)?)\s?[:/]|\bcredits?\s?:|\bcourtesy of\b|\bphotographed by\b|©",
            re.IGNORECASE,
        ),
        any_sign=re.compile(
            r"photo|image|picture|illustrat|courtesy|credit|drawing|drawn|graphic|render|provided|archive|©",
            re.IGNORECASE,
        ),
    ),
    Script.CYRILLIC: _Credits(
        formula=re.compile(
            r"(?<![Нн]а[ \u00a0])\b[Фф]ото(?:графи[яи])?(?:\s?[:/]|\s(?=[А-ЯЁ«]|предоставлен))|\b[Аа]втор(?:ы)?\sфото"
            r"|\b(?:[Ии]ллюстрация|[Рр]исунок|[Сс]нимок|[Кк]адр|[Гг]рафика)\s?:|©"
        ),
        any_sign=re.compile(r"фото|сним|снял|рисун|иллюстр|изображ|предостав|архив|кадр|график|©", re.IGNORECASE),
    ),
    Script.HAN: _Credits(
        formula=re.compile(
            r"[摄绘](?=[）)\]】。]?\s*\Z)|供图|图源|图片来源|图片由|[/／][摄图绘]|©"
            r"|(?:摄影|绘图|制图|照片|图片|插图|(?<![上下左右中附本此组配])图|(?<!拍)摄|绘)\s?[：:/／]"
        ),
        any_sign=re.compile(
            r"[摄绘]|供图|图源|图片|插[图画]|照片|制图|提供|影像|©|(?<![上下左右中附本此组配])图[：:/／]"
        ),
    ),
}


def lost_credit(pair: Pair) -> Iterator[Diagnostic]:
    """A caption that says on one side only who made the picture."""
    ours, theirs = script_of(pair.source_language), script_of(pair.language)
    if pair.role is not Role.CAPTION or not pair.is_rendered or ours is None or theirs is None:
        return
    source, target = masked(pair.unit.source), masked(pair.unit.target)
    if (found := _CREDITS[ours].formula.search(source)) and not _CREDITS[theirs].any_sign.search(target):
        message = "a credit of the source is missing in the translation"
        hint = "name who made the picture, as the source does"
        yield pair.finding(_CODE, message, hint, Severity.WARNING, source_spans=(found.span(),))
    elif (found := _CREDITS[theirs].formula.search(target)) and not _CREDITS[ours].any_sign.search(source):
        message, hint = "a credit that the source does not have", "name only whom the source names"
        yield pair.finding(_CODE, message, hint, Severity.WARNING, target_spans=(found.span(),))
