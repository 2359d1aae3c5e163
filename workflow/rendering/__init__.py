"""Editions → HTML and PDF."""
