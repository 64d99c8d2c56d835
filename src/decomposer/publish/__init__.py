"""Publish entries as files: each exporter takes entries and a folder, and returns the files it wrote."""
