"""A language of the newsroom, and what the CLDR (through Babel) knows about it.

Babel's data is imported late: commands that print no date and no list must start without it.
"""

from __future__ import annotations

import datetime
import importlib.util
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPTS_WITHOUT_BLANKS = {"Hans", "Hant", "Hani", "Jpan"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Language:
    """One language of the newsroom, under its three names."""

    code: str
    """The gettext code, also the folder's name below `locales/` and `out/web/`: `zh`."""
    tag: str
    """BCP 47, as HTML and PDF want it: `zh-Hans`."""
    locale: str
    """CLDR, as Babel wants it: `zh_Hans_CN`."""

    @property
    def joins_lines_without_blank(self) -> bool:
        """True for scripts that put no blank between words, such as Han."""
        return not SCRIPTS_WITHOUT_BLANKS.isdisjoint(self.locale.split("_"))


def is_known_locale(locale: str) -> bool:
    """True if the CLDR, as Babel packs it, has data for the locale."""
    babel = importlib.util.find_spec("babel")
    if babel is None or babel.origin is None:
        raise ImportError("Babel is not installed")
    return (Path(babel.origin).parent / "locale-data" / f"{locale}.dat").is_file()


def autonym(language: Language) -> str:
    """The language's name in itself, without the region: `中文`, `русский`."""
    from babel import Locale

    name = Locale.parse(language.locale.split("_")[0]).get_display_name()
    return name or language.tag


def english_name(language: Language) -> str:
    """The language's English name, for headers that other tools read."""
    from babel import Locale

    return Locale.parse(language.locale.split("_")[0]).get_display_name("en") or language.tag


def long_date(language: Language, day: datetime.date) -> str:
    """The date as the language writes it in running text: `May 3, 2021`, `2021年5月3日`."""
    from babel.dates import format_date

    return format_date(day, format="long", locale=language.locale)


def joined_names(language: Language, names: Sequence[str]) -> str:
    """The names as one phrase of the language: `A, B, and C`, `A、B和C`."""
    from babel.lists import format_list

    return format_list(names, locale=language.locale)


def plural_forms(language: Language) -> str:
    """The gettext `Plural-Forms` header of the language."""
    from babel.messages.plurals import get_plural

    return str(get_plural(language.locale).plural_forms)


def name_in(language: Language, other: Language) -> str:
    """The other language's name in this one, without the region: `английский`."""
    from babel import Locale

    base = Locale.parse(other.locale.split("_")[0])
    return base.get_display_name(language.locale) or other.tag


def month_names(language: Language) -> tuple[frozenset[str], ...]:
    """What the language calls each month, from the first: full and short, alone and within a date, no final dot."""
    return _calendar_names(language, "months", range(1, 13))


def weekday_names(language: Language) -> tuple[frozenset[str], ...]:
    """What the language calls each day of the week, from Monday: full and short, alone and within a date."""
    return _calendar_names(language, "days", range(7))


def _calendar_names(language: Language, what: str, keys: Sequence[int]) -> tuple[frozenset[str], ...]:
    from babel import Locale

    contexts = getattr(Locale.parse(language.locale), what)
    tables = [contexts[context][width] for context in ("format", "stand-alone") for width in ("wide", "abbreviated")]
    return tuple(frozenset(table[key].rstrip(".") for table in tables) for key in keys)


def number_marks(language: Language) -> tuple[str, str]:
    """The decimal mark and the mark between groups of digits: `.` and `,` in English."""
    from babel import Locale
    from babel.numbers import get_decimal_symbol, get_group_symbol

    locale = Locale.parse(language.locale)
    return get_decimal_symbol(locale), get_group_symbol(locale)


def language_of_tag(tag: str, languages: Iterable[Language]) -> Language | None:
    """The language that a tag of another tool means (`zh`, `zh-CN`, `ZH_CN`, `zh-Hans`); None if it is none of them.

    Language and script must agree, a script that is not named being the likely one (CLDR's likely subtags); of several
    such languages the one of the same region is meant, else the first.
    """
    wanted = _subtags(tag)
    if wanted is None:
        return None
    near = [(language, _subtags(language.locale)) for language in languages]
    near = [(language, found) for language, found in near if found and found[:2] == wanted[:2]]
    near.sort(key=lambda pair: pair[1] is None or pair[1][2] != wanted[2])
    return near[0][0] if near else None


def _subtags(tag: str) -> tuple[str, str, str] | None:
    """(language, script, region) of a tag, with the likely script and region; None if it is no tag."""
    from babel.core import get_global, parse_locale

    try:
        language, region, script, *_ = parse_locale(tag.strip().replace("-", "_"))
        known = get_global("likely_subtags")
        likely = known.get(f"{language}_{region}") or known.get(language) or language
        _, likely_region, likely_script, *_ = parse_locale(likely)
    except ValueError:
        return None
    return language, script or likely_script or "", region or likely_region or ""
