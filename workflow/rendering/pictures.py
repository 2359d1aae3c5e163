"""What a picture is, told by its bytes and not by its name."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from workflow.errors import InputError

FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
MAX_PIXELS = 60_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureFacts:
    """A picture's size in pixels."""

    width: int
    height: int


def picture_facts(data: bytes, name: str, path: str) -> PictureFacts:
    """The facts of a picture; raises InputError if it is not what its name says, or too large to decode safely."""
    # Late: Pillow is slow to import, and only building and signing look into pictures.
    from PIL import Image, UnidentifiedImageError

    suffix = name[name.rfind(".") :].lower()
    if suffix not in FORMATS:
        known = ", ".join(FORMATS)
        raise InputError.of("picture.format", "no picture that we publish", path=path, hint=f"use {known}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=[FORMATS[suffix]]) as image:
                width, height = image.size
                if width * height > MAX_PIXELS:
                    raise Image.DecompressionBombError
                image.verify()
            # A JPEG that is cut short shows only when it is decoded, at an eighth of its size to be quick.
            with Image.open(io.BytesIO(data), formats=[FORMATS[suffix]]) as image:
                image.draft(None, (1, 1))
                image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        message = f"more than {MAX_PIXELS // 1_000_000} million pixels"
        raise InputError.of("picture.size", message, path=path, hint="make it smaller") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        message = f"not a sound {FORMATS[suffix]} picture"
        hint = "save it again; its name must end as its format asks"
        raise InputError.of("picture.damaged", message, path=path, hint=hint) from None
    return PictureFacts(width=width, height=height)
