"""What is wrong with a manifest that somebody wrote, and what it could do better."""

from decomposer.records.entry import Record


class Finding(Record):
    """One thing about a manifest: `path` says where, such as `capabilities[0].description`, empty for the whole."""

    path: str
    message: str


class Validation(Record):
    """What checking a manifest found. `errors` make it invalid; `warnings` do not."""

    valid: bool
    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
