"""Where the files of a newsroom are, relative to its root."""

from __future__ import annotations

SITE = "site"
"""The domain of the newsroom's own words; no story can have this slug."""
CACHE = ".workflow"
STORY_FILE = "story.md"


def story_file(slug: str) -> str:
    """The story's own words."""
    return f"stories/{slug}/{STORY_FILE}"


def catalog_file(language: str, domain: str) -> str:
    """The translations of a story, or of the newsroom's own words."""
    return f"locales/{language}/LC_MESSAGES/{domain}.po"


def editions_folder(language: str) -> str:
    """Where the frozen words of a language are."""
    return f"locales/{language}/editions"


def edition_file(language: str, slug: str) -> str:
    """The words last signed off."""
    return f"{editions_folder(language)}/{slug}.md"


def kept_edition_file(language: str, slug: str, sha256: str) -> str:
    """Where signed words are that wait, or are still live beside newer ones; no slug has an `@`."""
    return f"{editions_folder(language)}/{slug}@{sha256}.md"


def media_file(name: str) -> str:
    """A picture of signed editions, by its frozen name, `<sha256>.<ext>`."""
    return f"locales/media/{name}"


def log_file(language: str, slug: str) -> str:
    """The sign-off log of an edition."""
    return f"locales/{language}/signoffs/{slug}.jsonl"


def waiver_file(language: str, slug: str) -> str:
    """What somebody answers for in an edition."""
    return f"locales/{language}/waivers/{slug}.jsonl"


def glossary_file(language: str) -> str:
    """The language's terms and names."""
    return f"locales/{language}/glossary.tsv"


def memory_file(language: str, name: str) -> str:
    """A translation memory that was imported."""
    return f"locales/{language}/memory/{name}.tmx"
