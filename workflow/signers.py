"""What `newsroom.signers` says about people, as far as we read it ourselves; OpenSSH judges the signatures.

The format is that of ALLOWED SIGNERS in ssh-keygen(1): principals, options, key type, key.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache

from workflow.public_keys import key_of_line
from workflow.signing import NAMESPACE

# Blanks are what OpenSSH takes for them: it must see no key that we do not.
_WORD = r'(?:[^ \t"]|"(?:[^"\\]|\\.)*")+'
_KEY_TYPE = r"(?:ssh-|ecdsa-|sk-)[\w.@-]+"
_LINE = re.compile(
    rf"(?P<principals>{_WORD})[ \t]+(?:(?P<options>(?!{_KEY_TYPE}[ \t]){_WORD})[ \t]+)?"
    rf"(?P<type>{_KEY_TYPE})[ \t]+(?P<key>[A-Za-z0-9+/=]+)(?:[ \t].*)?"
)
_NAMESPACES = re.compile(r'namespaces="([^"]*)"', re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """One key or authority of the list."""

    line: int
    principals: str
    """Patterns with commas between them."""
    is_authority: bool
    key: str

    def speaks_of(self, email: str) -> bool:
        """True if the line lets the person sign; a pattern after `!` takes out whom it matches."""
        patterns = self.principals.strip('"').split(",")
        taken_out = any(_matches(item[1:], email) for item in patterns if item.startswith("!"))
        return not taken_out and any(_matches(item, email) for item in patterns)


def _matches(pattern: str, email: str) -> bool:
    return fnmatchcase(email, pattern.replace("[", "[[]"))


def listed_keys(signers: bytes) -> Iterator[Listed]:
    """The lines of the list that are about sign-offs; those that OpenSSH cannot read let nobody sign anyway."""
    for number, line in enumerate(signers.decode("utf-8", "replace").split("\n"), start=1):
        found = _LINE.fullmatch(line.strip(" \t\r"))
        if found is None or line.lstrip().startswith("#"):
            continue
        options = found["options"] or ""
        namespaces = _NAMESPACES.search(options)
        if namespaces is None or any(_matches(item, NAMESPACE) for item in namespaces[1].split(",")):
            yield Listed(
                line=number,
                principals=found["principals"],
                is_authority="cert-authority" in options.lower(),
                key=found["key"],
            )


@lru_cache(maxsize=1)
def key_owners(signers: bytes, people: tuple[str, ...]) -> Mapping[str, Mapping[str, int]]:
    """By key that is listed itself, not certified: the people whom it may sign for, and the first line that says so."""
    owners: dict[str, dict[str, int]] = {}
    for item in listed_keys(signers):
        if item.is_authority:
            continue
        # What cannot be read lets nobody sign.
        with contextlib.suppress(ValueError):
            listed = owners.setdefault(key_of_line(item.key), {})
            for email in filter(item.speaks_of, people):
                listed.setdefault(email, item.line)
    return owners
