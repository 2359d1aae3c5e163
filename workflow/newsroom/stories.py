"""The stories of a newsroom: what they are called, where they are, and the pictures beside them."""

from __future__ import annotations

import re
from pathlib import Path

from workflow.canonical import digest
from workflow.errors import InputError, UsageError
from workflow.newsroom.places import SITE, STORY_FILE, story_file
from workflow.newsroom.reading import files, is_below, is_file, read, refuse_linked_folders

MAX_PICTURE_BYTES = 30_000_000

_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*(?:/[a-z0-9]+(?:[-_][a-z0-9]+)*)*")


def slugs(root: Path) -> tuple[str, ...]:
    """The slugs of all stories, sorted; raises InputError for a folder whose name cannot be one."""
    refuse_linked_folders(root, "stories")
    found = []
    for path in files(root, "stories", f"/{STORY_FILE}", strays=False):
        slug = path.removeprefix("stories/").removesuffix(f"/{STORY_FILE}")
        found.append(require_slug(slug, path))
    return tuple(found)


def require_slug(slug: str, path: str) -> str:
    """The slug if it can stand in addresses and file names; raises InputError otherwise."""
    if not _SLUG.fullmatch(slug) or slug == SITE:
        hint = "name the folder with small letters, digits and hyphens (`site` is taken)"
        raise InputError.of("story.slug", f"`{slug}` cannot be a story's slug", path=path, hint=hint)
    return slug


def known_slug(root: Path, slug: str) -> str:
    """The slug of a story that exists; a path to it is taken too. Raises UsageError for others."""
    name = slug.strip("/").removeprefix("stories/").removesuffix(f"/{STORY_FILE}")
    if not _is_story(root, name):
        name = _slug_at(root, Path(slug)) or name
    if not _SLUG.fullmatch(name):
        hint = "a slug is the story's folder below stories/, such as 2021/hust-itmo-partnership"
        raise UsageError.of("usage.slug", f"`{slug}` is no story's slug", hint=hint)
    if not _is_story(root, name):
        raise UsageError.of("usage.story", f"no story `{name}`", hint=_hint(root, name))
    return name


def _is_story(root: Path, name: str) -> bool:
    return bool(_SLUG.fullmatch(name)) and (root / story_file(name)).exists()


def _hint(root: Path, name: str) -> str:
    # Late: only a mistake needs it.
    from difflib import get_close_matches

    known = slugs(root)
    by_name = {slug.rpartition("/")[2]: slug for slug in known} | {slug: slug for slug in known}
    close = get_close_matches(name, by_name, n=1, cutoff=0.75)
    return f"did you mean `{by_name[close[0]]}`?" if close else "workflow status lists the stories"


def _slug_at(root: Path, path: Path) -> str | None:
    """The slug of the story whose folder or file is at the path, as seen from the working directory."""
    file = path.resolve() if path.name == STORY_FILE else path.resolve() / STORY_FILE
    stories = root.resolve() / "stories"
    return file.parent.relative_to(stories).as_posix() if file.is_file() and file.is_relative_to(stories) else None


def read_picture(root: Path, slug: str, source: str, line: int) -> tuple[str, bytes]:
    """(frozen name, bytes) of the picture that the story names at the line."""
    path, folder = f"stories/{slug}/{source}", root / "stories" / slug
    full = folder / source
    if fault := _picture_fault(full, folder, path):
        what, hint = fault
        message = f"picture `{source}` {what}"
        raise InputError.of("story.picture", message, path=story_file(slug), line=line, hint=hint)
    data = read(root, path)
    return f"{digest(data)}{full.suffix.lower()}", data


def _picture_fault(full: Path, folder: Path, path: str) -> tuple[str, str] | None:
    """(what is wrong with the picture, how to mend it), or None."""
    if not is_below(full, folder):
        return "is outside the story's folder", "put the picture beside story.md"
    if not is_file(full):
        return "is not there", f"put it at {path}, or mend its name"
    if full.stat().st_size > MAX_PICTURE_BYTES:
        return f"has more than {MAX_PICTURE_BYTES // 1_000_000} MB", "make it smaller"
    return None
