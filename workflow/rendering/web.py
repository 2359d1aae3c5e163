"""Editions → pages, through the newsroom's Jinja templates."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Any

import jinja2
from markupsafe import Markup

from workflow.errors import InputError
from workflow.rendering.templates import FOLDERS, TemplateFolders
from workflow.site import SiteWords


def environment(templates: TemplateFolders) -> jinja2.Environment:
    """The templates; a name that is not there is an error, and so is a word that is not translated."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in templates.folders]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(made: jinja2.Environment, name: str, words: SiteWords, values: Mapping[str, Any]) -> str:
    """The template's text with the values, in the language of the words.

    Raises InputError if the template is at fault.
    """
    try:
        return made.get_template(name).render(**values, **_callables(words))
    except jinja2.TemplateSyntaxError as error:
        path = f"templates/{error.name or name}"
        raise InputError.of("template.syntax", str(error.message), path=path, line=error.lineno) from None
    except jinja2.TemplateNotFound as error:
        path, line = _place(error, name)
        raise InputError.of("template.missing", f"no template `{error.name}`", path=path, line=line) from None
    except jinja2.UndefinedError as error:
        path, line = _place(error, name)
        raise InputError.of("template.name", str(error.message), path=path, line=line) from None
    except (jinja2.TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        path, line = _place(error, name)
        message = f"cannot be rendered: {type(error).__name__}: {error}"
        raise InputError.of("template.value", message, path=path, line=line) from None


def _place(error: Exception, name: str) -> tuple[str, int | None]:
    """(path, line) of the template that raised the error; a parent may be at fault for the one that was rendered."""
    path, line = f"templates/{name}", None
    for frame in traceback.extract_tb(error.__traceback__):
        for folder in FOLDERS:
            _, found, rest = frame.filename.rpartition(f"/templates/{folder}/")
            if found:
                path, line = f"{found[1:]}{rest}", frame.lineno
    return path, line


def _callables(words: SiteWords) -> dict[str, Any]:
    """The gettext functions for templates. Jinja's own would trust a catalog's text as markup; these escape it."""

    def gettext(source: str, **values: object) -> Markup:
        return Markup.escape(words.gettext(source)) % values

    def pgettext(context: str, source: str, **values: object) -> Markup:
        return Markup.escape(words.pgettext(context, source)) % values

    def ngettext(singular: str, plural: str, num: int, **values: object) -> Markup:
        return Markup.escape(words.ngettext(singular, plural, num)) % {"num": num, **values}

    return {"_": gettext, "gettext": gettext, "pgettext": pgettext, "ngettext": ngettext}
