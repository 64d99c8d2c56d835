"""The stem of an English word: what its forms have in common."""

import re
from functools import lru_cache

_IRREGULAR = {
    "ran": "run", "built": "build", "written": "write", "wrote": "write", "spoken": "speak", "spoke": "speak",
    "made": "make", "taken": "take", "took": "take", "given": "give", "gave": "give", "chosen": "choose",
    "chose": "choose", "found": "find", "kept": "keep", "sent": "send", "said": "say", "shown": "show", "seen": "see",
    "saw": "see", "known": "know", "knew": "know", "drawn": "draw", "drew": "draw", "held": "hold", "begun": "begin",
    "began": "begin", "bought": "buy", "brought": "bring", "taught": "teach", "thought": "think", "told": "tell",
    "understood": "understand", "spent": "spend", "lost": "lose", "meant": "mean", "left": "leave", "broken": "break",
    "broke": "break", "undone": "undo", "undid": "undo", "done": "do", "went": "go", "gone": "go", "paid": "pay",
    "sold": "sell", "heard": "hear", "came": "come", "got": "get", "gotten": "get", "hidden": "hide",
    "driven": "drive", "indices": "index", "vertices": "vertex", "matrices": "matrix", "people": "person",
    "children": "child", "men": "man", "women": "woman", "mice": "mouse", "corpora": "corpus",
    "criteria": "criterion", "general": "general", "generally": "general", "privacy": "privat", "pricing": "price",
    "videos": "video", "best": "best", "better": "better", "data": "data", "news": "news", "species": "species",
    "series": "series", "string": "string", "strings": "string", "during": "during", "nothing": "nothing",
    "something": "something", "latency": "latency", "numerous": "numerous", "number": "number", "numbers": "number",
    "computer": "computer", "computers": "computer", "paper": "paper", "papers": "paper", "server": "server",
    "servers": "server", "docker": "docker", "user": "user", "users": "user", "layer": "layer", "layers": "layer",
    "master": "master", "cluster": "cluster", "clusters": "cluster", "buffer": "buffer", "filter": "filter",
    "filters": "filter", "author": "author", "authors": "author", "color": "color", "colors": "color",
    "colour": "color", "colours": "color", "vector": "vector", "vectors": "vector", "error": "error",
    "errors": "error", "tensor": "tensor", "university": "university", "universities": "university",
    "community": "community", "communities": "community", "commercial": "commercial", "licence": "license",
    "licences": "license", "license": "license", "licenses": "license", "licensing": "license", "licensed": "license",
    "description": "describe", "descriptions": "describe", "safety": "safe", "usage": "use", "speed": "speed",
    "different": "differ", "difference": "differ", "differences": "differ", "differ": "differ", "latest": "latest",
    "permission": "permit", "permissions": "permit", "recognition": "recogn", "request": "request",
    "requests": "request", "interest": "interest", "coder": "code", "using": "use", "used": "use", "need": "need",
    "needed": "need", "needs": "need", "feed": "feed", "seed": "seed", "seeds": "seed", "embed": "embed",
    "ability": "able", "abilities": "able", "proof": "prove", "analyse": "analysis", "analyze": "analysis",
    "analysed": "analysis", "analyzed": "analysis", "analyzes": "analysis", "analyses": "analysis",
    "synthesis": "synthes", "choice": "choose", "choices": "choose", "sped": "speed", "conversion": "convert",
    "conversions": "convert", "removal": "remove", "response": "respond", "responses": "respond", "storage": "store",
    "organisation": "organization", "model": "model", "models": "model", "modelling": "model",
}  # fmt: skip
_INFLECTIONS = ("ingly", "edly", "ings", "ing", "ied", "ies", "iest", "est", "ed", "es", "s")
_DERIVATIONS = (
    "ification", "ization", "ifier", "fulness", "iveness", "ousness", "ability", "ibility", "ically", "ments", "ment",
    "ness", "ably", "ibly", "able", "ible", "abl", "ibl", "ally", "ely", "ency", "ancy", "enc", "anc", "acy", "ily",
    "ity",    "ism", "ist", "iv", "iz", "ful", "ous", "ion", "ant", "ent", "or", "er", "al", "ic", "ly", "if",
)  # fmt: skip

_KEPT = frozenset(_IRREGULAR.values())
# Words without meaning of their own: no word that has one may end up as one of these.
_EMPTY = frozenset(
    "all and any both but for how nor not over than that them then they this under when who with".split()
)
_VOWEL = re.compile("[aeiouy]")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return a lower-case word without its ending; words that are not English letters stay as they are.

    What would end up as a word without meaning, as *forest* as *for*, only loses the ending of a plural.
    """
    if not word.isascii() or len(word) < 3 or word in _EMPTY:
        return word
    found = _stem(word)
    return found if found not in _EMPTY else word[:-1] if word.endswith("s") else word


def _stem(word: str) -> str:
    word = _IRREGULAR.get(word) or _IRREGULAR.get(word.removesuffix("ly")) or _inflected(word)
    word = _IRREGULAR.get(word, word)
    if word not in _KEPT:
        word = word.replace("isation", "ization")
        word = word[:-1] if word.endswith("e") and len(word) > 4 else word
        word = word[:-1] + "z" if word.endswith("is") and len(word) > 6 else word
        for _ in range(2):
            word = _shorter(word)
        if word.endswith("at") and len(word) >= 7:
            word = word[:-2]
    return word[:-1] if len(word) > 3 and word[-1] in "eyi" else word


def _inflected(word: str) -> str:
    if len(word) < 4 or word.endswith(("ss", "us")) or (word.endswith("is") and len(word) < 9):
        return word
    for suffix in _INFLECTIONS:
        left = word[: -len(suffix)]
        if not word.endswith(suffix) or len(left) < 3 or not _VOWEL.search(left):
            continue
        if suffix in ("ies", "ied", "iest"):
            return left + "y"
        if suffix == "es" and not left.endswith(("s", "x", "z", "ch", "sh")):
            return word[:-1]
        return left if suffix == "s" else _undoubled(left)
    return word


def _shorter(word: str) -> str:
    for suffix in _DERIVATIONS:
        if word.endswith(suffix) and len(left := _undoubled(word.removesuffix(suffix))) >= 4:
            return left
    return word


def _undoubled(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl" else word
