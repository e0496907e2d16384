"""The typography of English that was Chinese: punctuation, quotation marks, spaces.

Marks (`<t1>`, `</t1>`, `<x1>`), addresses and code are never looked into: each stands as one character while the
rules run.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Quotes = Literal["straight", "curly"]

_OPEN, _CLOSE, _ATOM, _WORD = "\ue000", "\ue001", "\ue002", "\ue003"
_KEPT = re.compile(
    r"(?P<open><t\d+>)|(?P<close></t\d+>)|(?P<atom><x\d+>)"
    r"|(?P<word>`[^`\n]*`|(?:https?://|www\.)[^\s<>\u2e80-\uffef“”‘’]+|[\w.+-]+@[\w-]+\.[\w.-]*\w|[\ue000-\ue003])",
    re.ASCII,
)
_STANDS_FOR = {"open": _OPEN, "close": _CLOSE, "atom": _ATOM, "word": _WORD}

_LATIN = "A-Za-z0-9\u00c0-\u024f"
_SUFFIX = r"(?:s|es|ed|d|ing|th|st|nd|rd|er|ers)\b"
_RULES = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        # Runs that are one sign in English.
        (r"…{2,}|⋯+|。{3,}", "…"),
        (r"[—─]{2,}", "—"),
        # Figures keep together: 3：4, 10，000.
        (r"(?<=\d)：(?=\d)", ":"),
        (r"(?<=\d)，(?=\d{3}(?!\d))", ","),
        # Chinese signs carry their own space.
        (r"[ \t]+(?=[，。、：；！？）】》」』〉”])", ""),
        (r"(?<=[（【《「『〈“])[ \t]+", ""),
        (rf"([，。、：；！？])({_CLOSE}*)({_OPEN}*)(?=[\w{_ATOM}{_WORD}(“（《「『【〈])", r"\1\2 \3"),
        (rf"(?<=[\w)\]%”’{_ATOM}{_WORD}])({_CLOSE}*)({_OPEN}*)(?=[（《「『【〈“])", r"\1 \2"),
        (rf"([）》」』】〉”])({_CLOSE}*)({_OPEN}*)(?=[\w{_WORD}(（])", r"\1\2 \3"),
        # Words do not touch words of a mark, save for their endings.
        (rf"(?<=[{_LATIN}])({_CLOSE}*)({_OPEN}+)(?=[{_LATIN}{_ATOM}{_WORD}])", r"\1 \2"),
        (rf"(?<=[{_LATIN}{_ATOM}{_WORD}])({_CLOSE}+)(?=[{_LATIN}])(?!{_SUFFIX})", r"\1 "),
        (rf"(?<=[{_LATIN}])([{_ATOM}{_WORD}])(?=[{_LATIN}])", r" \1"),
        (rf"(?<= [{_ATOM}{_WORD}])(?=[{_LATIN}])(?!{_SUFFIX})", " "),
        # Spaces: outside marks, never two, none before a stop.
        (rf"({_OPEN}+)[ \t]+", r" \1"),
        (rf"[ \t]+({_CLOSE}+)", r"\1 "),
        (rf"[ \t]+({_OPEN}*)[ \t]{{2,}}|[ \t]{{2,}}", r" \1"),
        (rf"[ \t]+(?=[,.;:!?…](?:[\s{_OPEN}{_CLOSE}]|$))", ""),
        (r"^[ \t]+|[ \t]+$", ""),
    )
)
_SIGNS = str.maketrans("，。、：；！？（）【】《》「」『』〈〉～", ",.,:;!?()[]“”“”‘’“”~")
_STRAIGHT = str.maketrans("“”‘’", "\"\"''")
_WIDE = {
    code: unicodedata.normalize("NFKC", chr(code))
    for code in range(0xFF01, 0xFF5F)
    if chr(code) not in "，：；！？（）～"
} | {0x3000: " "}


def tidy(text: str, quotes: Quotes = "straight") -> str:
    """Give the text with English punctuation, one space where words meet, and quotation marks of one kind.

    Idempotent; no letter or digit is ever lost, full-width ones become ordinary. Marks and what is between backquotes
    stay as they are.
    """
    while (tidier := _once(text, quotes)) != text:
        text = tidier
    return text


def _once(text: str, quotes: Quotes) -> str:
    kept: list[str] = []

    def mask(match: re.Match[str]) -> str:
        kept.append(match[0])
        return _STANDS_FOR[str(match.lastgroup)]

    plain = _KEPT.sub(mask, text).translate(_WIDE)
    for pattern, new in _RULES:
        plain = pattern.sub(new, plain)
    plain = plain.translate(_SIGNS)
    plain = _curl(plain) if quotes == "curly" else plain.translate(_STRAIGHT)
    rest = iter(kept)
    return re.sub(f"[{_OPEN}{_CLOSE}{_ATOM}{_WORD}]", lambda _: next(rest), plain)


def _curl(text: str) -> str:
    text = re.sub(rf'(^|[\s(\[—“‘{_OPEN}])"', r"\1“", text).replace('"', "”")
    return re.sub(r"(?<=\w)'(?=\w)", "’", text)
