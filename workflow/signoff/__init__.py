"""Sign-off records, the log they stand in, and what rules and records say about an edition."""

from workflow.signoff.approvals import (
    Approved,
    Tally,
    has_translated,
    may_approve,
    missing_approvals,
    people_in_roles,
    tally,
)
from workflow.signoff.log import LogLine, chain_faults, fault, heads, parse_log, signer_fault
from workflow.signoff.owners import key_faults
from workflow.signoff.records import MEANINGS, format_record, parse_record, payload
from workflow.signoff.releases import TallyOf, held_by, held_in_words, live_words
from workflow.signoff.standing import ChannelStanding, OpenNote, Standing, open_notes, standing

__all__ = [
    "MEANINGS",
    "Approved",
    "ChannelStanding",
    "LogLine",
    "OpenNote",
    "Standing",
    "Tally",
    "TallyOf",
    "chain_faults",
    "fault",
    "format_record",
    "has_translated",
    "heads",
    "held_by",
    "held_in_words",
    "key_faults",
    "live_words",
    "may_approve",
    "missing_approvals",
    "open_notes",
    "parse_log",
    "parse_record",
    "payload",
    "people_in_roles",
    "signer_fault",
    "standing",
    "tally",
]
