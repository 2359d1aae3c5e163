"""PO files and catalogs: strict reading, canonical writing.

gettext, polib and CAT tools differ in what damage they let pass, so a file is read in three steps that each
refuse what the next must not meet: the bytes (charset, control characters), the lines (a scan of our own that
knows every entry and where it begins), and the strings (polib as a second reader, who must agree). What comes out is
the same for all tools. Files as we write them ourselves need no second reader, and are read an entry at a time.
"""

from workflow.catalog.headers import language_name, new_headers, number_of_forms, revised, revised_at
from workflow.catalog.reading import parse_catalog
from workflow.catalog.writing import canonical, format_catalog

__all__ = [
    "canonical",
    "format_catalog",
    "language_name",
    "new_headers",
    "number_of_forms",
    "parse_catalog",
    "revised",
    "revised_at",
]
