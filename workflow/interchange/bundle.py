"""Several files as one zip, and what a zip from outside holds that we can use."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final

from workflow.errors import InputError

MAX_FILES: Final = 1000
MAX_BYTES: Final = 20_000_000
"""Of all files that are unpacked together."""

_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip can hold (APPNOTE 4.4.6); a real one would make each bundle another one."""

_ENCRYPTED: Final = 0x1
_LINK: Final = 0o120000
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_SEND_ANOTHER = "send the PO or the XLIFF file itself"


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of the files by name; equal files give equal bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, data)
    return file.getvalue()


def unpack(data: bytes, path: str, endings: tuple[str, ...]) -> dict[str, bytes]:
    """Return the files of a zip whose names end so, in the zip's order; the others are not unpacked.

    Raises InputError for a damaged zip and for one that is not safe to unpack: encrypted, with links or with names
    that lead out of a folder, or with more in it than a bundle of ours could have.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            return dict(_unpacked(bundle, path, endings))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise InputError.of("bundle.damaged", f"a damaged zip: {error}", path=path, hint=_SEND_ANOTHER) from None


def _unpacked(bundle: zipfile.ZipFile, path: str, endings: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    entries = bundle.infolist()
    if len(entries) > MAX_FILES:
        raise _refused(f"{len(entries)} files in a zip; {MAX_FILES} are allowed", path)
    _require_safe(entries, path)
    room = MAX_BYTES
    for entry in entries:
        if entry.is_dir() or _is_clutter(entry.filename) or not entry.filename.lower().endswith(endings):
            continue
        # What the zip says of a file's size need not be true.
        with bundle.open(entry) as file:
            content = file.read(room + 1)
        room -= len(content)
        if room < 0:
            raise _refused(f"more than {MAX_BYTES // 1_000_000} MB when unpacked", path)
        yield entry.filename, content


def _require_safe(entries: Iterable[zipfile.ZipInfo], path: str) -> None:
    seen = set()
    for entry in entries:
        name = entry.filename
        if entry.flag_bits & _ENCRYPTED:
            raise _refused(f"`{name}` is encrypted", path)
        if ".." in PurePosixPath(name).parts or re.match(r"[/\\]|[A-Za-z]:", name) or "\\" in name:
            raise _refused(f"`{name}` leads out of the folder that it would be unpacked to", path)
        if (entry.external_attr >> 16) & 0o170000 == _LINK:
            raise _refused(f"`{name}` is a link", path)
        if entry.compress_type not in _METHODS:
            raise _refused(f"`{name}` is packed in an unusual way", path)
        if name in seen:
            raise _refused(f"`{name}` stands twice", path)
        seen.add(name)


def _is_clutter(name: str) -> bool:
    """True for what macOS adds to a zip beside each file."""
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith("._")


def _refused(message: str, path: str) -> InputError:
    return InputError.of("bundle.refused", message, path=path, hint=_SEND_ANOTHER)
