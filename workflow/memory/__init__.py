"""The translation memory: what was approved before, found again when the same or nearly the same is to be translated.

It is a cache in SQLite. What it holds stands in catalogs and TMX files, so losing it costs time and no words.
"""

from workflow.memory.database import SCHEMA, Input, create, entries, forget, inputs, keep, replace, schema
from workflow.memory.entries import Entry, Kind, Match
from workflow.memory.likeness import digest_of_text
from workflow.memory.lookup import SIMILAR_FROM, Memory

__all__ = [
    "SCHEMA",
    "SIMILAR_FROM",
    "Entry",
    "Input",
    "Kind",
    "Match",
    "Memory",
    "create",
    "digest_of_text",
    "entries",
    "forget",
    "inputs",
    "keep",
    "replace",
    "schema",
]
