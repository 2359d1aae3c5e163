"""Formats in which work leaves the newsroom and comes back."""
