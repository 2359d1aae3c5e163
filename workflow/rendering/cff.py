"""Chinese faces without their empty slots.

WeasyPrint keeps the glyph numbers of a face, so the part of it that goes into a PDF has a slot for every number up to
the highest one used: nine thousand for two hundred characters. A CID-keyed face need not: its own table of numbers
(`charset`) may have gaps, and PDF readers look glyphs up there (ISO 32000-1, 9.7.4.2).
"""

from __future__ import annotations

import io
from collections.abc import Collection


def without_empty_slots(font: bytes, used: Collection[int]) -> bytes | None:
    """The bare CFF program of an OpenType font with the glyphs of these numbers only; each keeps its number.

    None for a font in which a glyph's number says something else than its place.
    """
    # Late: needed only when a PDF is made.
    from fontTools.cffLib import CFFFontSet
    from fontTools.ttLib import TTFont

    file = TTFont(io.BytesIO(font), recalcBBoxes=False, lazy=True)
    if "CFF " not in file:
        return None
    program = CFFFontSet()
    program.decompile(io.BytesIO(file.reader["CFF "]), file)
    face = program[0]
    names = face.charset
    if not hasattr(face, "ROS") or names[1:] != [f"cid{number:05d}" for number in range(1, len(names))]:
        return None
    kept = [number for number in sorted({0, *used}) if number < len(names)]
    outlines, dictionaries = face.CharStrings, face.FDSelect
    items = [outlines.getItemAndSelector(names[number])[0] for number in kept]
    face.charset = [names[number] for number in kept]
    face.numGlyphs = len(kept)
    outlines.charStrings = {name: place for place, name in enumerate(face.charset)}
    outlines.charStringsIndex.items = items
    dictionaries.gidArray = [dictionaries.gidArray[number] for number in kept]
    dictionaries.format = None  # whichever is shortest
    written = io.BytesIO()
    program.compile(written, file)
    return written.getvalue()
