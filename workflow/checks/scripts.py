"""The scripts of our languages, as sets of a regular expression name their letters."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from workflow.languages import Language

HAN: Final = "々〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003134f"
CYRILLIC: Final = "Ѐ-ӿ"
LATIN: Final = "A-Za-zÀ-ÖØ-öø-ɏ"


class Script(StrEnum):
    """What a language is written in."""

    HAN = "Han"
    CYRILLIC = "Cyrillic"
    LATIN = "Latin"

    @property
    def letters(self) -> str:
        """Its letters, for a set of a regular expression."""
        return {Script.HAN: HAN, Script.CYRILLIC: CYRILLIC, Script.LATIN: LATIN}[self]


_SCRIPTS = {"zh": Script.HAN, "ru": Script.CYRILLIC, "en": Script.LATIN}


def primary(language: Language) -> str:
    """The language without script and region: `zh` of `zh-Hans`."""
    return language.tag.partition("-")[0].lower()


def script_of(language: Language) -> Script | None:
    """The script of a language that the checks know, else None."""
    return _SCRIPTS.get(primary(language))
