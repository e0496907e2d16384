"""Whether an answer is a translation at all: what is none, nobody should have to read."""

from __future__ import annotations

import re

from translator.markdown import plain
from translator.text import has_han

HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
LETTER = re.compile(r"[^\W\d_]")
URL = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]\"'，。；：！？）】」》]+", re.IGNORECASE)
FOREIGN = re.compile(
    r"\b(?:le|la|les|des|une|est|sont|dans|pour|avec|nous|vous|ils|pas|sur|cette|aux"
    r"|der|die|das|und|ist|nicht|ein|eine|mit|sind|auf|werden"
    r"|el|los|las|una|es|para|con|que|del|por|como|est[aá]n?"
    r"|il|gli|che|sono|della|per|não|uma|você|são)\b",
    re.IGNORECASE,
)
ENGLISH = re.compile(
    r"\b(?:the|a|an|of|to|in|is|are|was|were|and|or|for|on|with|that|this|it|as|be|by|we|you|i|he|she|they|not|from|at"
    r"|have|has|can|will|do|does|if|but|which|when|what|how|there|then|so|use|used|using)\b",
    re.IGNORECASE,
)
LEAST = 12
"""Chinese characters below which a short answer says nothing."""


def unsound(source: str, said: str) -> str:
    """Say why a text is no English of a source, both with marks; empty where nothing speaks against it."""
    words, asked = plain(said), plain(source)
    letters = _letters(words)
    if _letters(asked) and not letters:
        return "an empty answer"
    if letters == _letters(asked) and has_han(asked):
        return "it said the source again"
    return _in_another_language(asked, words) or _strange(source, said, asked, words)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _in_another_language(asked: str, words: str) -> str:
    han, letters = len(HAN.findall(words)), len(LETTER.findall(words))
    if has_han(asked) and han > 3 and han * 2 > letters:
        return "it answered in Chinese"
    foreign, english = len(FOREIGN.findall(words)), len(ENGLISH.findall(words))
    if foreign >= 3 and foreign > 2 * english and foreign * 6 > len(words.split()):
        return "it answered in another language than English"
    return ""


def _strange(source: str, said: str, asked: str, words: str) -> str:
    new = [url for url in URL.findall(said) if url.rstrip(".,;:!?") not in source]
    if new:
        return f"it made up a link, {new[0]}"
    han = len(HAN.findall(asked))
    if han >= LEAST and len(words) < han * 0.6:
        return "it is far too short: something is missing"
    if len(words) > 60 + 12 * max(len(asked), 1):
        return "it is far too long: it says more than the source"
    return ""
