"""The header `Plural-Forms`: how many plural forms a language has, and which of them a number takes.

gettext manual, "Additional functions for plural forms".
"""

from __future__ import annotations

import functools
import gettext
import re
from collections.abc import Callable
from typing import Final

_TRIED: Final = 1001
"""The numbers that `msgfmt --check` tries: no language's forms repeat later than after a hundred."""


def declared_forms(header: str) -> int | None:
    """How many forms the header declares; None if it does not say."""
    declared = re.search(r"nplurals\s*=\s*(\d{1,3})", header)
    return int(declared[1]) if declared else None


def plural_index(header: str) -> Callable[[int], int]:
    """Which form a number takes, from 0: always the first if the header is empty; any other is without fault."""
    expression = re.search(r"\bplural\s*=([^;]*)", header)
    return gettext.c2py(expression[1].strip() if expression else "0")


@functools.lru_cache(maxsize=64)
def plural_fault(header: str) -> str | None:
    """Why the header cannot serve; None if it can. An empty one can: there may be nothing to count."""
    if not header:
        return None
    forms = declared_forms(header)
    if not forms or not re.search(r"\bplural\s*=", header):
        return "it does not say how many forms there are, and which number takes which"
    try:
        form_of = plural_index(header)
        taken = {form_of(number) for number in range(_TRIED)}
    except (ValueError, ArithmeticError) as error:
        return f"its expression cannot be worked out: {error}"
    beyond = max(taken) + 1
    return f"its expression asks for form {beyond} of {forms}" if beyond > forms else None
