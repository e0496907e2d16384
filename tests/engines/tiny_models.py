"""Tiny models of CTranslate2, real ones: weights made by hand that translate word for word.

The decoder's n-th step looks, by its position alone, at the n-th piece of the source, and writes the piece of English
that a dictionary has for it. So an answer is right only where the source was wrapped as the family wants it, and ends
where the source ends. Pieces the dictionary does not have are copied: placeholders and marks of punctuation survive.
"""

from __future__ import annotations

import atexit
import io
import json
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import sentencepiece
from ctranslate2.specs import common_spec, transformer_spec

WORDS = {
    "我们": "we",
    "使用": "use",
    "训练": "train",
    "模型": "models",
    "数据": "data",
    "学习": "learning",
    "机器": "machine",
    "梯度": "gradient",
    "下降": "descent",
    "函数": "functions",
    "参数": "parameters",
    "运行": "run",
    "命令": "commands",
    "打开": "open",
    "文件": "files",
    "今天": "today",
    "天气": "weather",
    "很好": "good",
    "和": "and",
    "的": "of",
    "在": "in",
    "用": "with",
    "是": "is",
    "<unk>": "things",
}
SIGNS = {"。": ".", "，": ",", "：": ":", "？": "?", "！": "!"}
LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789#<>{}()[]/_.,:!?"
SPECIAL = ("<unk>", "<s>", "</s>")
PLACES, LONGEST = 96, 400
"""Width of a place's part of a vector, beside one number for each piece; places there are."""


@dataclass(frozen=True)
class Build:
    """What differs between families."""

    pair: bool = False
    """Two SentencePiece models, else one."""
    extra: tuple[str, ...] = ()
    """Pieces of languages."""
    adds_end: bool = True
    """Whether the model adds the end of a source itself."""
    file: str = "sentencepiece.model"
    has_end: bool = True
    """Whether answers end."""


BUILDS = {
    "opus": Build(pair=True, adds_end=False),
    "opus-marian": Build(pair=True),
    "opus-many": Build(pair=True, extra=(">>eng<<", ">>fra<<"), adds_end=False),
    "single": Build(),
    "nllb": Build(extra=("zho_Hans", "eng_Latn", "jpn_Jpan"), adds_end=False, file="sentencepiece.bpe.model"),
    "m2m100": Build(extra=("__zh__", "__en__"), adds_end=False, file="spm.128k.model"),
    "own": Build(file="spm.model"),
    "endless": Build(has_end=False),
}


def build(folder: Path, name: str) -> Path:
    """Write one of `BUILDS` into a folder."""
    how = BUILDS[name]
    folder.mkdir(parents=True, exist_ok=True)
    chinese, english = [word for word in (*WORDS, *SIGNS) if word != "<unk>"], [f"▁{word}" for word in WORDS.values()]
    source, target, both = _pieces(chinese), _pieces(english), _pieces([*chinese, *english])
    files = {"source.spm": source, "target.spm": target} if how.pair else {how.file: both}
    for file, data in files.items():
        (folder / file).write_bytes(data)
    used = dict.fromkeys(piece for data in files.values() for piece in _vocabulary(data))
    _spec([*SPECIAL, *(piece for piece in used if piece not in SPECIAL), *how.extra], how).save(str(folder))
    return folder


def argos(path: Path, scratch: Path, ways: tuple[str, str] = ("zh", "en")) -> Path:
    """Write a package of Argos: the model in a folder of its own, all of it in one folder, zipped."""
    built = build(scratch, "single")
    with zipfile.ZipFile(path, "w") as file:
        for each in built.iterdir():
            inside = each.name if each.name == "sentencepiece.model" else f"model/{each.name}"
            file.write(each, f"zh_en/{inside}")
        file.writestr(
            "zh_en/metadata.json", json.dumps({"from_code": ways[0], "to_code": ways[1], "type": "translate"})
        )
    return path


@cache
def contract_settings() -> dict[str, str]:
    """Give the settings of an engine with such a model, there for the life of the process."""
    folder = Path(tempfile.mkdtemp(prefix="duizhao-tiny-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return {"model": str(build(folder / "model", "single"))}


def said(text: str) -> str:
    """Say a sentence of the dictionary's words as these models do."""
    out, at = "", 0
    while at < len(text):
        word = next((text[at : at + n] for n in (2, 1) if text[at : at + n] in WORDS), "")
        out += f" {WORDS[word]}" if word else SIGNS.get(text[at], text[at])
        at += len(word) or 1
    return " ".join(out.split())


def _pieces(symbols: list[str]) -> bytes:
    """Train a SentencePiece model in which each word is a piece and each letter one."""
    model = io.BytesIO()
    letters = sorted(set(LATIN) | set("".join(symbols)) - {"▁"})
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(letters * 3 + [" ".join(letters)] * 20),
        model_writer=model,
        model_type="unigram",
        vocab_size=len(SPECIAL) + len({*symbols, *letters}) + 1,
        hard_vocab_limit=False,
        user_defined_symbols=[*symbols],
        character_coverage=1.0,
        num_threads=1,
        minloglevel=2,
    )
    return model.getvalue()


def _vocabulary(data: bytes) -> list[str]:
    pieces = sentencepiece.SentencePieceProcessor(model_proto=data)
    return [pieces.id_to_piece(n) for n in range(pieces.get_piece_size())]


def _spec(vocabulary: list[str], how: Build) -> transformer_spec.TransformerSpec:
    """Make the weights: nothing is added anywhere but by the decoder's look at the source."""
    known = -len(vocabulary) % 8 + len(vocabulary)
    width, marks = known + PLACES, 8 * np.eye(known, dtype=np.float32)
    places = np.zeros((LONGEST, width), np.float32)
    places[:, known:] = np.random.default_rng(7).choice([-1.0, 1.0], (LONGEST, PLACES))
    spec = transformer_spec.TransformerSpec.from_config((1, 1), 1, pre_norm=True)
    read = np.zeros((len(vocabulary), width), np.float32)
    read[:, :known] = marks[: len(vocabulary)]
    write = np.zeros_like(read)
    for n, sources in enumerate(_sources(vocabulary, how)):
        write[n, :known] = marks[sources].sum(axis=0)
    spec.encoder.embeddings[0].weight, spec.decoder.embeddings.weight = read, np.zeros_like(read)
    spec.decoder.projection.weight, spec.decoder.projection.bias = write, np.zeros(len(vocabulary), np.float32)
    for part in (spec.encoder, spec.decoder):
        part.scale_embeddings = False
        part.position_encodings.encodings = places
        _norm(part.layer_norm, width)
        _silent(part.layer[0], width)
    look = np.zeros((width, width), np.float32)
    look[known:, known:] = np.eye(PLACES)
    take = np.zeros((width, width), np.float32)
    take[:known, :known] = np.eye(known)
    cross = spec.decoder.layer[0].attention
    _norm(cross.layer_norm, width)
    _linear(cross.linear[0], 6 * look)
    _linear(cross.linear[1], np.concatenate([look, take]))
    _linear(cross.linear[2], 4 * take)
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.config.add_source_eos = how.adds_end
    spec.config.decoder_start_token = "</s>" if how.extra else "<s>"
    spec.validate()
    spec.optimize(quantization="int8")
    return spec


def _sources(vocabulary: list[str], how: Build) -> list[list[int]]:
    """Give for each piece of English the pieces of the source that it is written for."""
    numbers = {piece: n for n, piece in enumerate(vocabulary)}
    english = {f"▁{en}": zh for zh, en in WORDS.items()} | {en: zh for zh, en in SIGNS.items() if zh in numbers}
    loose = [
        piece for piece in vocabulary if piece in "".join(list(WORDS)[:-1]) and len(piece) == 1 and piece not in WORDS
    ]
    never = {*WORDS, *SIGNS, *loose, ">>eng<<", *(() if how.has_end else ("</s>",))}
    found = [[] if piece in never else [numbers[english.get(piece, piece)]] for piece in vocabulary]
    for en in SIGNS.values():
        found[numbers[en]].append(numbers[en])
    if "▁things" in numbers:
        found[numbers["▁things"]] += [numbers[piece] for piece in loose]
    if ">>eng<<" in numbers:
        found[numbers["▁"]].append(numbers[">>eng<<"])
    return found


def _silent(layer, width: int) -> None:
    """Let self-attention and feed-forward add nothing."""
    zero = np.zeros((width, width), np.float32)
    _norm(layer.self_attention.layer_norm, width)
    _linear(layer.self_attention.linear[0], np.concatenate([zero] * 3))
    _linear(layer.self_attention.linear[1], zero)
    _norm(layer.ffn.layer_norm, width)
    _linear(layer.ffn.linear_0, zero)
    _linear(layer.ffn.linear_1, zero)


def _norm(to: common_spec.LayerNormSpec, width: int) -> None:
    to.gamma, to.beta = np.ones(width, np.float32), np.zeros(width, np.float32)


def _linear(to: common_spec.LinearSpec, weight: np.ndarray) -> None:
    to.weight, to.bias = weight.astype(np.float32), np.zeros(len(weight), np.float32)
