"""Markdown ↔ Story: reading, the one traversal, writing."""

from workflow.story.reading import parse_story
from workflow.story.traversal import figures, reading_order, rewrite, segments
from workflow.story.writing import format_story

__all__ = ["figures", "format_story", "parse_story", "reading_order", "rewrite", "segments"]
