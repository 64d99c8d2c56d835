"""Find prompts: the newest release, a release by its version, or a file of one's own."""

import re
from hashlib import sha256
from pathlib import Path

from decomposer import resources
from decomposer.errors import ConfigurationError

TASK = "extract"


def prompt_text(wanted: str | None, *, task: str = TASK) -> tuple[str, str]:
    """Return the version and the text of a prompt: the newest release, a release, or a file.

    The version of a file is its name and part of its digest, so that an answer can be explained later.
    """
    released = resources.prompt_versions(task)
    if wanted is None and not released:
        raise ConfigurationError(f"this installation has no {task} prompt", hint="install decomposer again")
    version = wanted or list(released)[-1]
    path = released.get(version, Path(version))
    if path.name == version and re.fullmatch(r"v\d+", version):
        raise ConfigurationError(
            f"there is no prompt {version}", hint=f"released: {', '.join(released)}; or name a file"
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        hint = f"name a file, or one of {', '.join(released)}"
        raise ConfigurationError(f"prompt {version}: can't be read ({reason})", hint=hint) from error
    if version in released:
        return version, text
    return f"{path.name}@{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}", text
