"""Models that are fetched once and then work offline.

name, or name and origin ─plan→ Wanted* ─bring→ parts ─place→ a new folder ─try→ the model's folder, in one rename

Everything stands under the user's data folder, `engines/`: a fetched model is `NAME/`, its list of files with their
hashes `NAME/duizhao.json`, what is under way `.NAME.parts/`. Such a folder, copied to another machine or a server, is
what `--from` takes.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from translator.engines import firefox_records
from translator.engines.download import (
    NetworkError,
    Wanted,
    bring,
    client,
    digest,
    is_address,
    is_there,
    shown,
    text,
    writing,
)
from translator.engines.fetched import MANIFEST, NAME, File, damage, files_of, folder_of, home, parse
from translator.engines.keys import is_open_road
from translator.engines.unpack import is_archive, unpack
from translator.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from httpx import Client

    from translator.engines.download import Tell

__all__ = ["KNOWN", "Fetched", "Known", "fetch", "folder_of", "home"]

ARGOS = "https://raw.githubusercontent.com/argosopentech/argospm-index/main"
"""The index of Argos' packages; `ARGOS_PACKAGE_INDEX` in the environment names another, as for Argos itself."""
LOOSE = (
    "model.bin",
    "config.json",
    "shared_vocabulary.json",
    "shared_vocabulary.txt",
    "source_vocabulary.json",
    "source_vocabulary.txt",
    "target_vocabulary.json",
    "target_vocabulary.txt",
    "sentencepiece.model",
    "sentencepiece.bpe.model",
    "spm.model",
    "source.spm",
    "target.spm",
    "metadata.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "generation_config.json",
    "vocab.json",
    "README.md",
)
"""What a CTranslate2 model may consist of, where a server cannot be asked for a list."""


class Known(NamedTuple):
    """One model that can be fetched by its name alone."""

    what: str
    find: Callable[[Client], list[Wanted]]
    """Finds out of which files it consists."""
    library: str = ""
    """What must be installed to fetch it, and with which extra: `module extra`."""


class Fetched(NamedTuple):
    """What a fetch did."""

    folder: Path
    size: int
    """Bytes of its files."""
    was_there: bool
    """It was there already, the same."""
    proved: bool
    """Whether every file was compared with a hash known beforehand."""


def fetch(name: str, origin: str = "", sha256: str = "", tell: Tell = lambda *_: None) -> Fetched:
    """Have a model by its name: a known one, or from an address or a folder, under a name of one's own.

    Goes on where an earlier fetch was cut. What is there already stays whatever happens, and is replaced in one go.
    """
    if not NAME.fullmatch(name):
        raise EngineError(f"{name!r} is no name for a model: letters, digits, - and _ do")
    if not origin and name not in KNOWN:
        known = "; ".join(f"{each}: {row.what}" for each, row in KNOWN.items())
        raise EngineError(f"no model {name} is known, so say --from where it is to be had. Known are {known}")
    if sha256 and not re.fullmatch("[0-9a-fA-F]{64}", sha256):
        raise EngineError("--sha256 takes the 64 hexadecimal digits of the file's SHA-256")
    _check_library(name)
    with _alone(home(), name, tell), client() as http:
        place = _Place(home(), name)
        place.recover()
        try:
            wanted = _plan(http, name, origin, sha256)
            if name in KNOWN and place.has(wanted):
                return _done(place.folder, wanted, was_there=True)
            _have(http, place, wanted, origin or wanted[0].where.rsplit("/", 1)[0], tell)
        except NetworkError as error:
            raise EngineError(
                f"{error}; what came is kept, and fetching again goes on from there. A machine without a network takes"
                f" a copy of that folder from another one: duizhao engines fetch {name} --from FOLDER"
            ) from None
        return _done(place.folder, wanted, was_there=False)


def _have(http: Client, place: _Place, wanted: Sequence[Wanted], origin: str, tell: Tell) -> None:
    """Bring the files and put the model in its place; of what will not do nothing is kept."""
    try:
        place.bring(http, wanted, tell)
        place.assemble(wanted)
        tell(f"trying {place.name}")
        _try_out(place.name, place.new)
        place.install(origin)
    except NetworkError:
        raise
    except EngineError:
        place.clear()
        raise
    place.clear()


def _done(folder: Path, wanted: Sequence[Wanted], *, was_there: bool) -> Fetched:
    size = sum(size for size, _ in files_of(folder).values())
    return Fetched(folder, size, was_there, all(each.is_proved for each in wanted))


def _check_library(name: str) -> None:
    """Say beforehand what is not installed."""
    if name in KNOWN and KNOWN[name].library:
        module, extra = KNOWN[name].library.split()
        if not importlib.util.find_spec(module):
            raise EngineError(f"fetching {name} needs {module}: pip install 'duizhao[{extra}]'")


# ── What to bring ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _plan(http: Client, name: str, origin: str, sha256: str) -> list[Wanted]:
    if not origin:
        wanted = KNOWN[name].find(http)
    elif is_address(origin):
        try:
            wanted = _from_address(http, name, origin)
        except ValueError:
            raise EngineError(f"--from {shown(origin)}: that is no address") from None
    else:
        wanted = _from_disk(name, Path(origin).expanduser())
    if sha256:
        if len(wanted) != 1:
            raise EngineError("--sha256 is for one file, and this is a folder; its own list of files has their hashes")
        wanted = [replace(wanted[0], sha256=sha256.lower())]
    road = next((each.where for each in wanted if is_open_road(each.where) and not each.is_proved), "")
    if road:
        raise EngineError(
            f"{shown(road)} is plain HTTP: anybody on the way could change the model. Give --sha256, or take https"
        )
    return wanted


def _from_disk(name: str, place: Path) -> list[Wanted]:
    if place.is_file():
        return [Wanted(place.name, str(place))]
    if not place.is_dir():
        raise EngineError(f"--from {place}: there is no such file or folder")
    if listed := _listed(place):
        return [Wanted(each, str(place / each), size, sha256) for each, (size, sha256) in listed.items()]
    found = sorted(path for path in place.rglob("*") if path.is_file() and not _is_hidden(path.relative_to(place)))
    if name in _BY_NAME:
        names = _BY_NAME[name]({path.relative_to(place).as_posix(): None for path in found if path.parent == place})
        if not names:
            raise EngineError(f"--from {place}: there is no model for {name} in it (model.*, vocab.*, lex.*)")
        found = [place / each for each in names]
    return [_loose(path.relative_to(place).as_posix(), str(path)) for path in found]


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _loose(name: str, where: str) -> Wanted:
    packed = firefox_records.packing(name) if name.startswith(firefox_records.KINDS) else ""
    return Wanted(name.removesuffix(f".{packed}") if packed else name, where, packed=packed)


def _from_address(http: Client, name: str, url: str) -> list[Wanted]:
    path = urlsplit(url).path
    if is_archive(path):
        return [Wanted(path.rsplit("/", 1)[-1], url)]
    base = url.rstrip("/") + "/"
    if body := text(http, base + MANIFEST):
        listed = parse(body)
        if not listed:
            raise EngineError(f"{shown(base + MANIFEST)} is no list of a model's files")
        return [Wanted(each, base + each, size, sha256) for each, (size, sha256) in listed.items()]
    if name in _BY_NAME:
        raise EngineError(
            f"{shown(base)} has no {MANIFEST}: re-host the whole folder of a fetched model, which is"
            f" {home() / name} where it was fetched"
        )
    return [Wanted(each, base + each) for each in LOOSE if is_there(http, base + each)]


_BY_NAME: dict[str, Callable[[Any], list[str]]] = {"firefox": firefox_records.by_name}
"""Models whose files are told by their names, and which are no CTranslate2 models."""


# ── Argos ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _argos(http: Client) -> list[Wanted]:
    """Find the newest package from Chinese into English in Argos' index, a list of packages with their links."""
    index = os.environ.get("ARGOS_PACKAGE_INDEX") or ARGOS
    url = index if index.endswith(".json") else f"{index.rstrip('/')}/index.json"
    try:
        found = [p for p in json.loads(text(http, url) or "") if (p.get("from_code"), p.get("to_code")) == ("zh", "en")]
        best = max(found, key=lambda p: [int(n) for n in re.findall(r"\d+", str(p.get("package_version")))])
        link = next(link for link in best["links"] if is_address(link))
    except (ValueError, TypeError, KeyError, AttributeError, StopIteration):
        raise EngineError(f"{shown(url)} lists no package from Chinese into English") from None
    return [Wanted("translate-zh_en.argosmodel", link)]


KNOWN = {
    "firefox": Known("Firefox's own model, about 70 MB", firefox_records.find, "fxtranslate firefox"),
    "argos": Known("Argos Translate's package, for the engine ctranslate2", _argos, "httpx local"),
}
"""By name."""


# ── Where it stands ───────────────────────────────────────────────────────────────────────────────────────────────────


class _Place:
    """The folders of one model: as it stands, as it is being made, as it was, and the parts."""

    def __init__(self, base: Path, name: str) -> None:
        self.name, self.folder = name, base / name
        self.parts, self.new, self.old = (base / f".{name}.{each}" for each in ("parts", "new", "old"))

    def recover(self) -> None:
        """See to what a fetch that was killed left: the model stands again, what was being made is gone."""
        with writing(self.folder):
            if self.old.exists() and not self.folder.exists():
                self.old.rename(self.folder)
            for left in (self.old, self.new):
                shutil.rmtree(left, ignore_errors=True)

    def has(self, wanted: Sequence[Wanted]) -> bool:
        """Whether just these files stand there, whole."""
        known = {each.name: each.whole or ("" if each.packed else each.sha256) for each in wanted}
        there = {name: sha256 for name, (_, sha256) in files_of(self.folder).items()}
        return all(known.values()) and known == there and not damage(self.folder)

    def bring(self, http: Client, wanted: Sequence[Wanted], tell: Tell) -> None:
        """Have every file as a part; parts of files that are not wanted any more go."""
        with writing(self.parts):
            for left in self.parts.iterdir() if self.parts.exists() else ():
                if left.stem not in {_part(each) for each in wanted}:
                    left.unlink()
        for each in wanted:
            bring(http, each, self.parts / _part(each), tell)

    def assemble(self, wanted: Sequence[Wanted]) -> None:
        """Make the new folder of the parts: unpacked, each file proved again where it was packed."""
        with writing(self.new):
            self.new.mkdir()
            for each in wanted:
                part = self.parts / _part(each)
                if len(wanted) == 1 and is_archive(each.name):
                    unpack(part, self.new)
                    continue
                place = _below(self.new, each.name)
                place.parent.mkdir(parents=True, exist_ok=True)
                if each.packed:
                    _unpacked(each, part, place)
                else:
                    part.replace(place)

    def install(self, origin: str) -> None:
        """Put the new folder in the place of the old one."""
        with writing(self.new):
            files = sorted(path for path in self.new.rglob("*") if path.is_file() and path.name != MANIFEST)
            rows = {p.relative_to(self.new).as_posix(): {"size": p.stat().st_size, "sha256": digest(p)} for p in files}
            listed = {"name": self.name, "from": shown(origin), "files": rows}
            (self.new / MANIFEST).write_text(json.dumps(listed, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            _settle(self.new)
            if self.folder.exists():
                self.folder.rename(self.old)
            self.new.rename(self.folder)

    def clear(self) -> None:
        """Leave nothing beside the model."""
        for left in (self.parts, self.new, self.old):
            shutil.rmtree(left, ignore_errors=True)


def _part(wanted: Wanted) -> str:
    """Name a part: other bytes have another name, so that nothing goes on with what is not its own."""
    known = wanted.sha256 or wanted.whole or wanted.where
    return hashlib.sha256(f"{wanted.name} {wanted.size} {known}".encode()).hexdigest()[:24]


def _below(folder: Path, name: str) -> Path:
    place = (folder / name).resolve()
    if not place.is_relative_to(folder.resolve()) or place == folder.resolve():
        raise EngineError(f"a list of files names a place outside its folder: {name}")
    return place


def _unpacked(wanted: Wanted, part: Path, place: Path) -> None:
    if wanted.packed == "gz":
        try:
            data = gzip.decompress(part.read_bytes())
        except (EOFError, gzip.BadGzipFile):
            raise EngineError(f"{wanted.name} is damaged: it cannot be unpacked") from None
    else:
        from fxtranslate import discovery  # noqa: PLC0415  # start-up

        try:
            data = discovery.verify_and_decompress(part.read_bytes())
        except ValueError:
            raise EngineError(f"{wanted.name} is damaged: it cannot be unpacked") from None
    if wanted.whole and hashlib.sha256(data).hexdigest() != wanted.whole.lower():
        raise EngineError(f"{wanted.name} is not what it should be when unpacked; it was thrown away. Try again later")
    place.write_bytes(data)


def _settle(folder: Path) -> None:
    """Have everything on the disk before it gets its name."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())


def _listed(folder: Path) -> dict[str, File]:
    """Read the list of a folder that is to be copied; one that is there must be readable."""
    found = files_of(folder)
    if not found and (folder / MANIFEST).exists():
        raise EngineError(f"{folder / MANIFEST} is no list of a model's files")
    return found


# ── Proof ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _try_out(name: str, folder: Path) -> None:
    """Make sure that it is a model: one of Firefox's answers, in a process of its own, which a bad file may end."""
    if name not in _BY_NAME:
        if not any(len(path.relative_to(folder).parts) <= 3 for path in folder.rglob("model.bin")):
            raise EngineError("that is no CTranslate2 model: there is no model.bin in it")
        return
    code = "import sys; from translator.engines.firefox import try_out; try_out(sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise EngineError("the model was fetched but cannot be used by this fxtranslate; it was thrown away")


@contextmanager
def _alone(base: Path, name: str, tell: Tell) -> Iterator[None]:
    """Hold a name against other fetches of it; the system lets go of it when we die."""
    with writing(base):
        base.mkdir(parents=True, exist_ok=True)
        handle = (base / f".{name}.lock").open("a+b")
    with handle:
        if not _lock(handle, wait=False):
            tell(f"another fetch of {name} is under way; waiting for it")
            _lock(handle, wait=True)
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: Any, *, wait: bool) -> bool:  # noqa: ANN401  # a file
        try:
            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return _lock(handle, wait=True) if wait else False
        return True
else:
    import fcntl

    def _lock(handle: Any, *, wait: bool) -> bool:  # noqa: ANN401  # a file
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
