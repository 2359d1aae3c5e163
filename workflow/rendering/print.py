"""HTML → PDF. WeasyPrint is shut in: it gets the files that it is handed, and nothing else from anywhere."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workflow.diagnostics import Diagnostic
from workflow.errors import InputError, MachineError
from workflow.rendering.cff import without_empty_slots

ORIGIN = "https://bundle.invalid/"
"""Where the bundle's files seem to be: `.invalid` can belong to nobody (RFC 2606), and nothing is ever asked of it."""
NATIVE_LIBRARIES = "apt-get install --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0"

_FONTCONFIG = "<?xml version='1.0'?>\n<!DOCTYPE fontconfig SYSTEM 'fonts.dtd'>\n<fontconfig></fontconfig>\n"
_MISSING_GLYPH = re.compile(r"U\+[0-9A-F]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintBundle:
    """All that one PDF is made of."""

    html: str
    identifier: str
    """Goes into the PDF's identity: hexadecimal, the same for the same content."""
    files: Mapping[str, bytes | Path] = field(default_factory=dict)
    """By address relative to the HTML: stylesheets, fonts, pictures."""


def load_weasyprint() -> Any:
    """The library, blind to the machine's own fonts; raises MachineError if its native parts are missing."""
    try:
        with _without_machine_fonts():
            # Late: this import takes longer than everything else that we do.
            import weasyprint
    except OSError as error:
        raise MachineError.of(
            "machine.pango", f"WeasyPrint misses a native library: {error}", hint=NATIVE_LIBRARIES
        ) from None
    return weasyprint


def warm_up() -> None:
    """Loads WeasyPrint ahead of the first bulletin."""
    load_weasyprint()


def render_pdf(bundle: PrintBundle) -> bytes:
    """The PDF/UA-1 file of a bundle; the same bundle gives the same bytes.

    Raises InputError if a file outside the bundle was asked for, a glyph is missing or a style was ignored.
    """
    weasyprint = load_weasyprint()
    with _collected_messages() as messages, _without_machine_fonts():
        fetcher = _closed_fetcher(weasyprint, bundle.files)
        document = weasyprint.HTML(string=bundle.html, base_url=ORIGIN, url_fetcher=fetcher)
        identifier = bytes.fromhex(bundle.identifier)
        try:
            pdf: bytes = document.write_pdf(
                pdf_variant="pdf/ua-1",
                pdf_identifier=identifier,
                presentational_hints=True,  # for the first number of a list
                finisher=_finish,
            )
        except weasyprint.urls.FatalURLFetchingError:
            raise InputError(_refusals(fetcher.refused)) from None
    if faults := [*_refusals(fetcher.refused), *_complaints(messages)]:
        raise InputError(faults)
    return pdf


def _finish(document: Any, pdf: Any) -> None:
    """WeasyPrint's last step before it writes the file."""
    _drop_empty_slots(document, pdf)
    _gather_list_bodies(pdf)


def _drop_empty_slots(document: Any, pdf: Any) -> None:
    """Makes a Chinese bulletin a quarter smaller."""
    used: dict[str, set[int]] = {}
    programs: dict[bytes, str] = {}
    for font in document.fonts.values():
        used.setdefault(font.hash, set()).update(font.to_unicode)
        programs.setdefault(font.file_content, font.hash)
    for item in pdf.objects:
        extra = getattr(item, "extra", {})
        if extra.get("Subtype") == "/OpenType" and (program := item.stream[0]) in programs:
            shorter = without_empty_slots(program, used[programs[program]])
            if shorter is not None:
                item.stream[0] = shorter
                extra["Subtype"] = "/CIDFontType0C"


def _gather_list_bodies(pdf: Any) -> None:
    """Puts the paragraphs of a list item into a body: PDF/UA-1 wants it, WeasyPrint tags them beside the label."""
    elements = {
        item.reference: item for item in pdf.objects if hasattr(item, "get") and item.get("Type") == "/StructElem"
    }
    for item in [element for element in elements.values() if element["S"] == "/LI"]:
        labels = [kid for kid in item["K"] if elements[kid]["S"] == "/Lbl"]
        bodies = [kid for kid in item["K"] if kid not in labels]
        if all(elements[kid]["S"] == "/LBody" for kid in bodies):
            continue
        array = type(item["K"])
        body = type(item)({**item, "S": "/LBody", "P": item.reference, "K": array(bodies)})
        pdf.add_object(body)
        item["K"] = array([*labels, body.reference])
        for kid in bodies:
            elements[kid]["P"] = body.reference
            if elements[kid]["S"] == "/LBody":
                elements[kid]["S"] = "/Div"


def _closed_fetcher(weasyprint: Any, files: Mapping[str, bytes | Path]) -> Any:
    class ClosedFetcher(weasyprint.urls.URLFetcher):  # type: ignore[misc]
        """Serves the bundle's files. Whatever else is asked for is refused and noted.

        The note matters: some of WeasyPrint's paths swallow even a fetcher's fatal error.
        """

        def __init__(self) -> None:
            super().__init__(allowed_protocols=["https"], allow_redirects=False, fail_on_errors=True)
            self.refused: list[str] = []

        def fetch(self, url: str, headers: Any = None) -> Any:
            del headers
            name = url.removeprefix(ORIGIN)
            if name == url or name not in files:
                self.refused.append(url)
                raise weasyprint.urls.FatalURLFetchingError(f"refused: {url}")
            content = files[name]
            data = content if isinstance(content, bytes) else content.read_bytes()
            return weasyprint.urls.URLFetcherResponse(url, data, {"Content-Type": _mime_type(name)})

    return ClosedFetcher()


def _mime_type(name: str) -> str:
    types = {".css": "text/css", ".ttf": "font/ttf", ".otf": "font/otf", ".png": "image/png", ".webp": "image/webp"}
    return types.get(Path(name).suffix, "image/jpeg")


@contextlib.contextmanager
def _without_machine_fonts() -> Iterator[None]:
    """Shows fontconfig a configuration without fonts, and silences the warning about it.

    fontconfig reads it once, when WeasyPrint is imported; programs that we start must not inherit it.
    """
    before = os.environ.get("FONTCONFIG_FILE")
    with tempfile.NamedTemporaryFile("w", prefix="workflow-fonts-", suffix=".conf") as file, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="No fonts configured in FontConfig")
        file.write(_FONTCONFIG)
        file.flush()
        os.environ["FONTCONFIG_FILE"] = file.name
        try:
            yield
        finally:
            del os.environ["FONTCONFIG_FILE"]
            if before is not None:
                os.environ["FONTCONFIG_FILE"] = before


@contextlib.contextmanager
def _collected_messages() -> Iterator[list[str]]:
    """What WeasyPrint logs meanwhile; it reports missing glyphs and ignored styles in no other way."""
    messages: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            messages.append(record.getMessage())

    collector = Collector(logging.WARNING)
    logger = logging.getLogger("weasyprint")
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(collector)
    try:
        yield messages
    finally:
        logger.removeHandler(collector)
        logger.propagate = propagate


def _refusals(urls: list[str]) -> Iterator[Diagnostic]:
    for url in dict.fromkeys(urls):
        yield Diagnostic(
            code="print.fetch",
            message=f"the bulletin asks for {url}, which is not a file of the newsroom",
            hint="bulletins use only the newsroom's own templates, fonts and pictures",
        )


def _complaints(messages: list[str]) -> Iterator[Diagnostic]:
    for message in dict.fromkeys(messages):
        if "notdef glyph" in message:
            points = ", ".join(f"{chr(int(point[2:], 16))} ({point})" for point in _MISSING_GLYPH.findall(message))
            yield Diagnostic(
                code="print.glyph",
                message=f"no font of the project has the character {points}",
                hint="use another character, or add a font that has it to templates/fonts",
            )
        else:
            yield Diagnostic(code="print.style", message=f"WeasyPrint: {message}", hint="mend the print template")
