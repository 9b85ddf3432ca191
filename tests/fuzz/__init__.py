"""Hostile input for all that reads: `make fuzz` for long, tests/property/test_fuzz.py for moments.

A target takes bytes through the real reading code and holds it to an answer: a value, or one of
our errors with a message that a terminal can show. `targets.TARGETS` lists them.
"""
