"""What kind of model a folder holds, found out from its files; what it lacks is said in one sentence.

folder or archive ─recognise→ Known: the weights, how sources are spelled, how answers begin
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from translator.engines.decoder import BYTES, Spelling
from translator.engines.unpack import is_archive, unpack
from translator.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterable

WEIGHTS = "model.bin"
VOCABULARIES = tuple(
    f"{which}_vocabulary.{kind}" for which in ("shared", "source", "target") for kind in ("json", "txt")
)
PAIR = ("source.spm", "target.spm")
SINGLE = ("sentencepiece.model", "sentencepiece.bpe.model", "spm.model", "spm.128k.model")
"""What a SentencePiece model is called that serves both languages; any other `*.model` or `*.spm` does too."""
CHINESE = frozenset({"zh", "zt", "zho", "chi", "cmn", "mul"})
ENGLISH = frozenset({"en", "eng", "mul"})
STRETCHES, STRETCH = 64, 1 << 16
"""Of a big file so many stretches, each of so many bytes, are read to tell it from others."""


class Family(NamedTuple):
    """One kind of model."""

    what: str
    before: str = ""
    """The piece that says: this is Chinese."""
    begun: str = ""
    """The piece that says: write English."""
    ends_itself: bool = True
    """Whether the end of a source is added, if at all, by the model; else the caller does, unless it says otherwise."""


FAMILIES = {
    "nllb": Family("NLLB-200", "zho_Hans", "eng_Latn", ends_itself=False),
    "m2m100": Family("M2M100", "__zh__", "__en__", ends_itself=False),
    "opus": Family("OPUS-MT: source.spm and target.spm", ends_itself=False),
    "argos": Family("Argos: metadata.json beside the model"),
    "single": Family("one SentencePiece model for both languages"),
}
"""By name; a folder is of the first that it fits."""


@dataclass(frozen=True, slots=True)
class Known:
    """A model that can be asked."""

    family: str
    folder: Path
    """Where its weights stand."""
    spelling: Spelling
    files: tuple[Path, ...]
    """All that can change an answer."""


def recognise(place: Path, family: str = "auto") -> Known:
    """Find out what a folder holds, or raise `EngineError`: what was looked for, and what is there."""
    if family != "auto" and family not in FAMILIES:
        raise EngineError(f"there is no family {family}: auto, {', '.join(FAMILIES)}")
    folder = _weights(place)
    around = (folder, folder.parent) if folder.name == "model" and folder != place else (folder,)
    told = _told(around)
    _check_direction(place, told)
    vocabulary = _vocabulary(folder)
    reads, writes = _pieces(around)
    kind = _family(place, vocabulary, told, family, is_pair=reads != writes)
    spelling = Spelling(relpath(reads, folder), relpath(writes, folder))
    spelling = _wrapped(place, spelling, FAMILIES[kind], vocabulary, told)
    rest = (*VOCABULARIES, "config.json")
    files = (folder / WEIGHTS, reads, writes, *(folder / each for each in rest if (folder / each).is_file()))
    return Known(kind, folder, spelling, tuple(dict.fromkeys(files)))


def check_archive(place: Path) -> None:
    """Raise `EngineError` where a file is no archive of a model; it is not unpacked for that."""
    if not is_archive(place.name):
        raise EngineError(f"{place} is a file; a model is a folder, or an .argosmodel or .zip of one")


def unpacked(archive: Path) -> Path:
    """Give the folder of an archive's files, in the user's cache; it is unpacked once, and whole or not at all."""
    import tempfile  # noqa: PLC0415  # start-up

    from platformdirs import user_cache_path  # noqa: PLC0415  # start-up

    check_archive(archive)
    base = user_cache_path("duizhao", appauthor=False) / "models"
    place = base / fingerprint((archive,))
    if place.is_dir():
        return place
    base.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=base, prefix=".new-") as temporary:
        new = Path(temporary, "model")
        new.mkdir()
        try:
            unpack(archive, new)
            recognise(new)
        except EngineError as error:
            raise EngineError(f"{archive}: {str(error).replace(f'{new}', 'it')}") from None
        try:
            new.rename(place)
        except OSError:
            if not place.is_dir():  # else another run was quicker
                raise
    return place


def fingerprint(files: Iterable[Path]) -> str:
    """Tell models apart by their bytes, of big files by many stretches of them; names and places do not matter."""
    found = hashlib.blake2b(digest_size=8)
    for path in files:
        size = path.stat().st_size
        found.update(b"%d;" % size)
        with path.open("rb") as file:
            for n in range(STRETCHES):
                file.seek(max(n * STRETCH, n * size // STRETCHES))
                found.update(file.read(STRETCH))
    return found.hexdigest()


# ── What is there ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _weights(place: Path) -> Path:
    """Find the folder of the weights: the place itself, its `model/`, or those of its only folder."""
    if not place.is_dir():
        raise EngineError(f"there is no folder {place}")
    inside = sorted(path for path in place.iterdir() if path.is_dir())
    only = inside[:1] if len(inside) == 1 else []
    for each in (place, place / "model", *only, *(path / "model" for path in only)):
        if (each / WEIGHTS).is_file():
            return each
    raise EngineError(f"{place} is no CTranslate2 model: it has no {WEIGHTS}{_convert(place)}; it holds {_list(place)}")


def _convert(place: Path) -> str:
    foreign = ("pytorch_model.bin", "model.safetensors", "tf_model.h5")
    if not any((place / each).exists() for each in foreign):
        return ""
    return (
        ", but the weights of Transformers, which `ct2-transformers-converter --model FOLDER --output_dir NEW"
        " --quantization int8 --copy_files source.spm target.spm` converts"
    )


def _list(place: Path) -> str:
    names = sorted(path.name for path in place.iterdir())
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "") if names else "nothing"


def _told(around: Iterable[Path]) -> dict[str, Any]:
    """Read what the files beside a model say of it."""
    told: dict[str, Any] = {}
    for folder in around:
        for name in ("tokenizer_config.json", "metadata.json", "config.json"):
            try:
                found = json.loads((folder / name).read_text("utf-8"))
            except FileNotFoundError:
                continue
            except (OSError, ValueError) as error:
                raise EngineError(f"{folder / name} cannot be read: {error}") from None
            told |= found if isinstance(found, dict) else {}
    return told


def _check_direction(place: Path, told: dict[str, Any]) -> None:
    for source, target in (("from_code", "to_code"), ("source_lang", "target_lang")):
        ways = str(told.get(source) or ""), str(told.get(target) or "")
        if all(ways) and not (_base(ways[0]) in CHINESE and _base(ways[1]) in ENGLISH):
            raise EngineError(f"{place} translates from {ways[0]} into {ways[1]}, not from Chinese into English")


def _base(code: str) -> str:
    return code.casefold().replace("_", "-").partition("-")[0]


def _vocabulary(folder: Path) -> frozenset[str]:
    """Read the pieces that sources and targets are written with."""
    found: set[str] = set()
    there = [folder / name for name in VOCABULARIES if (folder / name).is_file()]
    kinds = {path.name.partition("_")[0] for path in there}
    if "shared" not in kinds and not {"source", "target"} <= kinds:
        raise EngineError(
            f"{folder} has no vocabulary: neither shared_vocabulary.json nor source_vocabulary.json and"
            f" target_vocabulary.json; it holds {_list(folder)}"
        )
    for path in there:
        try:
            text = path.read_text("utf-8")
            found.update(json.loads(text) if path.suffix == ".json" else text.splitlines())
        except (OSError, ValueError, TypeError) as error:
            raise EngineError(f"{path} cannot be read: {error}") from None
    return frozenset(found)


def _pieces(around: tuple[Path, ...]) -> tuple[Path, Path]:
    """Find the SentencePiece models: of sources and of targets, or one for both."""
    for folder in around:
        pair = [folder / name for name in PAIR if (folder / name).is_file()]
        if len(pair) == 2:
            return pair[0], pair[1]
        if pair:
            lacking = next(name for name in PAIR if name != pair[0].name)
            raise EngineError(f"{folder} has {pair[0].name} but no {lacking}")
    for folder in around:
        named = [folder / name for name in SINGLE if (folder / name).is_file()]
        others = sorted(path for path in folder.iterdir() if path.suffix in {".model", ".spm"} and path.is_file())
        found = [path for path in (*named, *others) if path.name != "bpe.model"]
        if found:
            return found[0], found[0]
    bpe = " (bpe.model is of another kind, which is not supported)" if (around[-1] / "bpe.model").exists() else ""
    raise EngineError(
        f"{around[-1]} has no SentencePiece model: neither {' and '.join(PAIR)} nor {SINGLE[0]} or another"
        f" *.model{bpe}; it holds {_list(around[-1])}"
    )


def _family(place: Path, vocabulary: frozenset[str], told: dict[str, Any], named: str, *, is_pair: bool) -> str:
    if named != "auto":
        lacking = sorted({FAMILIES[named].before, FAMILIES[named].begun} - vocabulary - {""})
        if lacking:
            raise EngineError(f"{place} is no model of the family {named}: its vocabulary lacks {', '.join(lacking)}")
        return named
    for name, family in FAMILIES.items():
        if family.begun and {family.before, family.begun} <= vocabulary:
            return name
        if family.begun and family.before in vocabulary:
            raise EngineError(f"{place} knows Chinese but no English: its vocabulary lacks {family.begun}")
    if is_pair:
        return "opus"
    return "argos" if "from_code" in told else "single"


def _wrapped(
    place: Path, spelling: Spelling, family: Family, vocabulary: frozenset[str], told: dict[str, Any]
) -> Spelling:
    """Say what stands around every source, and how every target begins."""
    before = (family.before,) if family.before else _asks_for_english(place, vocabulary)
    end = told.get("eos_token")
    end = end if isinstance(end, str) and end else "</s>"
    after = () if family.ends_itself or told.get("add_source_eos") is True else (end,)
    prefix = family.begun or str(told.get("target_prefix") or "")
    never = tuple(each for each in BYTES if each[0] in vocabulary)
    return replace(spelling, before=before, after=after, begun=(prefix,) if prefix else (), never=never)


def _asks_for_english(place: Path, vocabulary: frozenset[str]) -> tuple[str, ...]:
    """Give the piece by which a model of many target languages is asked for English; empty where it has but one."""
    languages = sorted(each for each in vocabulary if each.startswith(">>") and each.endswith("<<") and each[2:-2])
    if not languages:
        return ()
    found = next((each for each in (">>eng<<", ">>en<<") if each in languages), "")
    if not found:
        raise EngineError(f"{place} does not write English but {', '.join(each[2:-2] for each in languages[:6])}")
    return (found,)
