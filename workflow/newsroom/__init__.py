"""Our only door to the disk: where a newsroom's files are, reading them safely, writing them whole or not at all."""

from workflow.newsroom.door import Newsroom, open_newsroom
from workflow.newsroom.places import CACHE, SITE
from workflow.newsroom.reading import read_file
from workflow.newsroom.stories import require_slug
from workflow.newsroom.writing import Staged, replace_file

__all__ = [
    "CACHE",
    "SITE",
    "Newsroom",
    "Staged",
    "open_newsroom",
    "read_file",
    "replace_file",
    "require_slug",
]
