"""A review to read, print and mark up away from the terminal."""

from __future__ import annotations

import datetime

from workflow.languages import english_name
from workflow.newsroom import Newsroom
from workflow.operations.review.reviewing import Review
from workflow.rendering.templates import template_folders


def proof(newsroom: Newsroom, found: Review, now: datetime.datetime) -> str:
    """The review as one HTML file that needs no other. Raises InputError if the newsroom's template is at fault."""
    # Late: the terminal's review starts without Jinja.
    from workflow.rendering.fonts import fonts_in
    from workflow.rendering.web import environment, render
    from workflow.site import SiteWords

    nothing = SiteWords(targets={}, plural_index=lambda _: 0)
    values = {
        "review": found,
        "slug": found.state.files.slug,
        "code": found.state.language.code,
        "language": english_name(found.state.language),
        "source_language": english_name(found.source_language),
        "source_tag": found.source_language.tag,
        "target_tag": found.state.language.tag,
        "newsroom": newsroom.settings.name,
        "accent": newsroom.settings.accent,
        "now": f"{now.astimezone(datetime.UTC):%Y-%m-%d %H:%M}",
    }
    folders = template_folders(newsroom.root)
    templates = environment(folders)
    # Rendered twice: which font parts it carries depends on the characters that it shows.
    shown = render(templates, "web/proof.html", nothing, {**values, "font_rules": ""})
    font_rules = fonts_in(folders.find("fonts/coverage.json").parent).embedded_css(shown)
    return render(templates, "web/proof.html", nothing, {**values, "font_rules": font_rules})
