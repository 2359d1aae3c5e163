"""Source beside target, segment by segment, and what changed since the words were last signed off."""

from workflow.operations.review.proofs import proof
from workflow.operations.review.reviewing import Review, review
from workflow.operations.review.rows import Moved, Row, RowState, Side

__all__ = ["Moved", "Review", "Row", "RowState", "Side", "proof", "review"]
