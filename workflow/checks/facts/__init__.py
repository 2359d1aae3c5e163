"""Facts that a translation states otherwise than its source: numbers, dates, money, addresses and the like."""

from workflow.checks.facts.check import unaccounted_facts
from workflow.checks.facts.fact import Amount, Clock, Date, Fact, Kind, Strength
from workflow.checks.facts.reading import facts_in

__all__ = ["Amount", "Clock", "Date", "Fact", "Kind", "Strength", "facts_in", "unaccounted_facts"]
