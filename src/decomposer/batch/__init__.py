"""Draft many references: in a bounded window, by lease, counted, planned before anything is sent, resumable."""

from decomposer.batch.window import run

__all__ = ["run"]
