"""Chinese text: characters, words, names, sentences, and the typography of the English that comes out.

The home of Jieba, OpenCC and pypinyin; each is imported when it is first needed.
"""

from translator.text import literals, names
from translator.text.han import fold, has_han, is_han, width
from translator.text.pinyin import pinyin, syllables
from translator.text.sentences import Breaks, segment
from translator.text.typography import Quotes, tidy
from translator.text.words import boundaries, cut, frequency, is_noun

__all__ = [
    "Breaks",
    "Quotes",
    "boundaries",
    "cut",
    "fold",
    "frequency",
    "has_han",
    "is_han",
    "is_noun",
    "literals",
    "names",
    "pinyin",
    "segment",
    "syllables",
    "tidy",
    "width",
]
