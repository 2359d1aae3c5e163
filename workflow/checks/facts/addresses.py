"""Addresses and codes: what every language writes with the same characters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workflow.checks.prose import Span

_DOMAINS = (
    "com|org|net|edu|gov|int|info|news|science|academy|university|online|"
    "cn|ru|su|uk|de|fr|eu|us|jp|kr|kz|by|hk|io|example"
)
_ADDRESS = re.compile(
    rf"""
      (?P<url>\b(?:https?|ftp)://[!-~]*[\w/])
    | (?P<email>(?<![\w.+-])[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,8}})
    | (?P<site>(?<![\w.@/-])(?:[a-z0-9](?:[a-z0-9-]{{0,61}}[a-z0-9])?\.){{1,8}}(?:{_DOMAINS})\b(?:/[!-~]*[\w/])?)
    """,
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)

_LETTERS = "A-Za-zА-Яа-я"
_MAY_BE_ADDRESS = re.compile(r"@|://|\.[A-Za-z]{2}")
_MAY_BE_CODE = re.compile(rf"\d(?:(?=[A-Z-])|(?<=[{_LETTERS}/(+-].)|(?<=[A-Z][ ].))")
"""Most texts have neither, and looking for these two costs little."""
_CODE = re.compile(
    rf"""
      (?P<telephone>
        (?<![{_LETTERS}\d+])
        (?:(?:\+?\d{{1,3}}[ -]?)?\(\d{{2,5}}\)[ -]?\d{{1,8}}|\+\d{{7,15}}|\+?\d{{1,5}}[ -]\d{{1,8}})
        (?:[ -]\d{{1,8}}){{0,5}}(?![{_LETTERS}\d])
      )
    | (?P<standard>\b(?:GB/?T?|ISO(?:/IEC)?|IEEE|IEC|DIN|ISBN|ISSN|ГОСТ(?:[ ]Р)?)[ -]?\d[\d.X-]*(?<![.-]))
    | (?P<letters>
        (?<![{_LETTERS}\d/_-])(?!(?:US|RMB|CNY|USD|EUR|GBP|JPY|RUB)\d)
        (?=[{_LETTERS}/-]{{0,40}}\d)(?=[a-zа-я]{{0,40}}[A-ZА-Я])
        [{_LETTERS}][{_LETTERS}\d]{{0,24}}(?:[-/][{_LETTERS}\d]{{1,20}}){{0,5}}(?:\.\d{{1,4}})?(?![{_LETTERS}\d])
      )
    | (?P<generation>(?<![{_LETTERS}\d.,])\d{{1,4}}[A-EGHPS](?![{_LETTERS}\d]))
    """,
    re.VERBOSE,
)


def addresses_in(text: str) -> Iterator[tuple[Span, str]]:
    """Where URLs, sites and e-mail addresses stand, and each in the form in which two are compared."""
    for match in _ADDRESS.finditer(text) if _MAY_BE_ADDRESS.search(text) else ():
        if match["email"]:
            yield match.span(), match.group().lower()
        else:
            yield match.span(), _bare(match.group())


def _bare(address: str) -> str:
    """Without what readers may leave out; a server's name has no capitals."""
    address = re.sub(r"^https?://(?:www\.)?|^www\.", "", address, flags=re.IGNORECASE)
    host, slash, path = address.partition("/")
    return host.lower() + (slash + path if path else "")


def codes_in(text: str) -> Iterator[tuple[Span, str]]:
    """Where telephone numbers, standards, models and the like stand, each in the form in which two are compared."""
    for match in _CODE.finditer(text) if _MAY_BE_CODE.search(text) else ():
        words = match.group()
        if match["telephone"]:
            if _is_telephone(words):
                yield match.span(), re.sub(r"\D", "", words)
        elif any(character.isdigit() for character in words):
            yield match.span(), re.sub(r"[\s/-]", "", words).upper()


def _is_telephone(words: str) -> bool:
    """A plus or an area code in brackets, or at least two hyphens, tell it from a number, years or a date."""
    digits = sum(character.isdigit() for character in words)
    if not 7 <= digits <= 15:
        return False
    is_date = re.fullmatch(r"\d{4}-\d\d-\d\d", words) is not None
    is_landline = re.fullmatch(r"0\d{2,3}-\d{7,8}", words) is not None
    return words.startswith("+") or "(" in words or is_landline or (words.count("-") >= 2 and not is_date)
