"""Say by a digest what a record tells a reader, so that the same draft is known again without keeping it."""

from hashlib import sha256
from json import dumps

from decomposer.records.entry import LISTS, Capability

LENGTH = 16


def digest(capability: Capability) -> str:
    """Return 16 hexadecimal digits of what a record says: name, category, texts, verdicts, lists; not its evidence."""
    said = [[field, one.text, one.support] for field, one in capability.statements()]
    lists = [sorted(note.text for note in getattr(capability, name)) for name in LISTS]
    text = dumps([capability.name, capability.category, said, lists], ensure_ascii=True)
    return sha256(text.encode()).hexdigest()[:LENGTH]
