"""The command line: one module a command, and what they share."""

from decomposer.cli.group import cli, main

__all__ = ["cli", "main"]
