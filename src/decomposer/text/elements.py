"""HTML elements: which there are, which of them hide what they hold, which are open."""

import re
from dataclasses import dataclass, field

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
RAW = frozenset(["script", "style", "noscript", "template", "iframe", "svg", "math", "title", "textarea", "select"])
ELEMENTS = (
    frozenset(
        "a abbr address article aside audio b bdi bdo big blockquote body button canvas caption center cite "
        "code dd del details dfn dialog div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 "
        "h5 h6 head header html i ins kbd label legend li main mark menu meter nav object ol optgroup option "
        "output p picture pre progress q rp rt ruby s samp section small span strike strong sub summary sup "
        "table tbody td tfoot th thead time tr tt u ul var video".split()
    )
    | VOID
    | RAW
)
PARTING = frozenset(
    "address article aside blockquote br center dd details div dl dt figcaption figure footer form h1 h2 "
    "h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul td th "
    "caption body html head".split()
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d]*[1-9])"
    r"|(?:font-size|(?<![-\w])(?:max-)?(?:width|height))\s*:\s*0(?![.\d]*[1-9])"
    r"|(?<![-\w])color\s*:\s*(?:white\b|#fff(?:fff)?\b|transparent\b|rgba?\(\s*255\s*,\s*255\s*,\s*255)"
    r"|text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_STYLE = re.compile(r"\sstyle\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_HIDDEN_ATTRIBUTE = re.compile(r"\shidden(?:\s|=|/?>)", re.IGNORECASE)
_WHITE_FONT = re.compile(r"<font[^>]*\scolor\s*=\s*[\"']?(?:white\b|#fff(?:fff)?\b)", re.IGNORECASE)


@dataclass(slots=True)
class Open:
    """The HTML elements that are open and change what a reader sees. Carried from block to block of a document."""

    hiding: list[str] = field(default_factory=list)
    collapsed: int = 0
    summary: int = 0

    def see(self, name: str, tag: str) -> None:
        """Take note of a tag; `name` as in Piece.value, `tag` the whole tag."""
        if name == "details":
            self.collapsed += 1
        elif name == "/details":
            self.collapsed = max(0, self.collapsed - 1)
        elif name == "summary":
            self.summary += 1
        elif name == "/summary":
            self.summary = max(0, self.summary - 1)
        if self.hiding:
            if name == self.hiding[-1]:
                self.hiding.append(name)
            elif name == "/" + self.hiding[-1]:
                self.hiding.pop()
        elif name not in VOID and not name.startswith("/") and _hides(tag):
            self.hiding.append(name)


def _hides(tag: str) -> bool:
    if _HIDDEN_ATTRIBUTE.search(tag) or _WHITE_FONT.match(tag):
        return True
    style = _STYLE.search(tag)
    return bool(style and _HIDING.search(style.group(style.lastindex or 0)))
