"""Saved views of lists and boards."""
