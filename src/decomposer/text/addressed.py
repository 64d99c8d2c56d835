"""Recognise text that addresses the model that reads it rather than a person."""

import re

# ruff: noqa: E501  (patterns read better unbroken)

_MODEL = r"(?:ai|a\.i\.|llms?|(?:large )?language models?|(?:ai |virtual )?assistants?|chat ?bots?|chatgpt|gpt|claude|gemini|copilot|agents?)"
_OUTPUT = r"(?:answers?|repl(?:y|ies)|responses?|outputs?|messages?|summar(?:y|ies)|completions?|generated text|description of this)"
_TELL = (
    r"(?:add|append|include|insert|integrate|incorporate|embed|mention|write|put|place|repeat|print|say|state|output|respond|reply|answer"
    r"|modify|change|alter|augment|enhance|replace|remove|rearrange|scramble|misspell|convert|translate|encode|group|combine|render|use"
    r"|introduce|provide|give|start|begin|end|finish|substitute|anagram|jumble|suggest|tease|make|ensure)"
)
_PATTERNS = (
    # what was said before is to be forgotten
    r"\b(?:ignore|disregard|forget|(?:override|bypass)(?= (?:all|any|your|these|those|previous|prior|the (?:above|previous)))|do not follow|don['’]t follow|stop following) (?:\w+ ){0,4}(?:previous|prior|above|earlier|preceding|foregoing|system|initial|original|other|these|those|your|the)?\s*(?:\w+ ){0,2}(?:instructions?|prompts?|directions?|directives?|guidelines|commands?|orders)\b",
    r"\b(?:ignore|disregard|forget) (?:everything|anything|all(?: of)?(?: that| what)?|the rest)(?: of (?:this|that|the))? ?(?:data|info(?:rmation)?|negative|text|document|page|above|before|previous(?:ly)?|prior|(?:that )?(?:you|was|came|is|were)\b|said)",
    r"\b(?:new|updated|revised|real|actual|hidden) (?:system )?(?:instructions?|prompt|task) ?(?:for (?:you|the \w+))? ?:",
    # the reader is a model
    rf"\byou are (?:now )?(?:an? |the )?(?:helpful |large |honest )*{_MODEL}\b|\byou are (?:now )?dan\b|\b(?:from now on|henceforth),? you (?:are|will|must|shall)\b",
    rf"\b(?:dear|hello|hey|attention,?:?|note (?:to|for)|instructions? (?:to|for)|message (?:to|for)|important for|reminder to)(?: the| all| any| every)? (?:reading |reviewing |summari[sz]ing )?{_MODEL}s?\b(?! (?:users?|developers?|engineers?|researchers?|teams?|providers?))(?=\s*(?:[:,.!;—–-]|$|that|who|which|reading|reviewing|processing|summari[sz]ing|when|if|\())",
    rf"\bif you(?: are|['’]re) (?:an? |the )?{_MODEL}\b|\bas (?:an? )(?:ai|(?:large )?language model)(?: model| assistant)?\b[^.]{{0,40}}\b(?:you|your)\b",
    rf"^\W*{_MODEL}s? ?(?:[:,]|reading this|processing this)[^.]{{0,60}}\b(?:you must|must|please|ignore|do not|{_TELL}|rate|rank|recommend)\b",
    r"\b(?:note|message|profile|metadata|instructions?|visible|addressed|reserved) (?:to|for) (?:the |all |any )?(?:automated|automatic|llm|ai|machine)[ -](?:\w+ )?(?:systems?|software|tools?|scans?|scanners?|readers?|reviewers?|crawlers?)\b",
    r"\bif (?:you are |the user |user |anyone |any user )?(?:asked|asks|questioned|queried)\b[^.\n]{0,60}[,.]? (?:simply |just |only |always )?(?:respond|reply|report|answer|say|state|output|print)\b",
    # what is to be done with this very text
    r"\b(?:when|while|before|after) (?:you(?: are)? )?(?:summari[sz]|describ|review|rat|extract|analy[sz]|process|evaluat|catalogu?)(?:e|ing|es) (?:this|the) (?:documents?|readme|page|text|card|repositor(?:y|ies)|project|content|file)",
    # how the answer is to look
    rf"\b(?:in|of|to|with|from|into|throughout) your (?:final |next |whole |entire )?{_OUTPUT}\b[^.]{{0,80}}\b{_TELL}\b|^\W*(?:please )?(?:only )?{_TELL}\b(?! up\b)[^?\n]{{0,110}}\b(?:your|my|the assistant['’]s) (?:\w+ )?{_OUTPUT}\b",
    rf"\byour (?:final |next |whole )?{_OUTPUT} (?:must|should|shall|has to|needs to|will)\b|\b{_TELL} (?:\w+ ){{0,6}}(?:in|to|of|with|for) your (?:final |next |whole |entire )?{_OUTPUT}\b",
    r"\b(?:please |and |just |only |then |instead,? )(?:print|repeat|say|output|respond with|reply with|answer with) (?:exactly|only|the (?:words?|phrase|sentence|following (?:sentence|text|words?))|[\"“'‘<])",
    r"(?:^|\n)\W{0,20}(?:system|assistant|user|human) ?: ?(?=\S)(?:[^.\n]{0,80})\b(?:ignore|repeat|print|summary|you|your|must|thanks)\b",
    r"<\|(?:im_start|im_end|system|user|assistant|endoftext|begin_of_text)\|>[^<]{0,40}\b(?:ignore|you|must|print|repeat)\b|\[/?INST\][^\[]{0,40}\b(?:ignore|you must|print|repeat)\b",
)
_ADDRESSED = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE)


def addressed(text: str) -> bool:
    """Return whether a text gives orders to the model that reads it: forget, answer so, you are an assistant."""
    return _ADDRESSED.search(text) is not None
