"""The command line: parse, call, print."""

INTERRUPTED = "Interrupted. Nothing is half-written; the command can be run again."
