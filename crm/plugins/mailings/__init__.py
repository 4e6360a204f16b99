"""Segments of the base and mailings to them: real letters, one per address, with a list of who wants none."""
