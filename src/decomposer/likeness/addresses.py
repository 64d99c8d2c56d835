"""Read where artifacts are found: repositories, hub ids and packages, in references, metadata and texts."""

import re
from collections import Counter
from urllib.parse import unquote

from decomposer.records.likeness import Address

_HUB_ID = r"[\w.-]{1,96}/[\w.-]{1,96}"
_PLACES = (
    ("gh", re.compile(r"(?i)^(?:https?://)?(?:www\.)?github\.com/([\w.-]+)/([\w.-]+)(?:[/?#]|$)")),
    ("gh", re.compile(r"(?i)^(?:https?://)?raw\.githubusercontent\.com/([\w.-]+)/([\w.-]+)/")),
    ("gh", re.compile(r"(?i)^git@github\.com:([\w.-]+)/([\w.-]+)$")),
    ("hf", re.compile(r"(?i)^(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/(?:datasets/|spaces/)?([\w.-]+)/([\w.-]+)(?:[/?#]|$)")),
    ("gh", re.compile(r"(?i)^gh:([\w.-]+)/([\w.-]+)(?:[/@]|$)")),
    ("hf", re.compile(r"(?i)^hf:(?:models/|datasets/|spaces/)?([\w.-]+)/([\w.-]+)(?:[/@]|$)")),
)  # fmt: skip
_DIST = re.compile(r"(?i)^dist:([\w.-]+)")
_NO_OWNERS = frozenset(
    "docs doc blog models datasets spaces papers posts collections settings sponsors topics orgs apps features".split()
)
_LINK = re.compile(r"(?i)\bhttps?://[^\s<>\"'`)\]}]+|\bgit@github\.com:[\w./-]+")
_LOADED = re.compile(
    rf"(?:from_pretrained|snapshot_download|load_dataset|pipeline|repo_id|model|model_id)\s*[=(]\s*[\"']({_HUB_ID})[\"']"
)
_MOST_LINKS = 5_000


def address(text: str) -> Address | None:
    """Return the address that a reference, a link or a bare hub id names, or None; case and `.git` don't matter."""
    text = text.strip()
    for place, pattern in _PLACES:
        if found := pattern.match(text):
            return _made(place, found[1], found[2])
    if found := _DIST.match(text):
        return Address("dist", "", _plain(found[1]).replace("_", "-").replace(".", "-"))
    return None


def hub_id(text: str) -> Address | None:
    """Return the address of a model that `base_model` names: `org/name`, or a link to one."""
    if found := address(text):
        return found
    return _made("hf", *text.split("/")) if re.fullmatch(_HUB_ID, text.strip()) else None


def links(text: str) -> list[str]:
    """Return the links of a text, at most 5,000, as they are written, less what ends a sentence."""
    found = []
    for match in _LINK.finditer(text):
        found.append(match[0].rstrip(".,;:!?*_"))
        if len(found) == _MOST_LINKS:
            break
    return found


def addresses(text: str) -> Counter[Address]:
    """Return the repositories and hub ids that a text links to or loads, each with how often."""
    found = Counter(one for link in links(text) if (one := address(link)))
    found.update(one for match in _LOADED.finditer(text) if (one := _made("hf", *match[1].split("/"))))
    return found


def bare(link: str) -> str:
    """Return a link as it is compared: without scheme, `www.`, query, fragment and the slash at the end."""
    return unquote(re.sub(r"(?i)^https?://(?:www\.)?", "", link).split("#")[0].split("?")[0].rstrip("/")).casefold()


def _made(place: str, owner: str, name: str) -> Address | None:
    owner, name = _plain(owner), _plain(name).removesuffix(".git")
    return Address(place, owner, name) if owner and name and owner not in _NO_OWNERS else None


def _plain(text: str) -> str:
    return text.strip().strip(".").casefold()
