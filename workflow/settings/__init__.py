"""A newsroom's settings, and how they are read from `newsroom.toml`."""

from workflow.settings.reading import FILE_NAME, parse_settings
from workflow.settings.values import ANY, CheckRule, LengthLimit, Person, RuleOf, Settings, SignOffRule, StoryRules

__all__ = [
    "ANY",
    "FILE_NAME",
    "CheckRule",
    "LengthLimit",
    "Person",
    "RuleOf",
    "Settings",
    "SignOffRule",
    "StoryRules",
    "parse_settings",
]
