"""Archives of models, unpacked with care: nothing outside the folder, no links, no more bytes than a model has.

`.zip` and `.argosmodel` (a zip), `.tar`, `.tar.gz`, `.tgz`, `.tar.xz`, `.tar.bz2`.
"""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, NamedTuple, Protocol

from translator.engines.download import MOST
from translator.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENDINGS = (".zip", ".argosmodel", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2")
MANY = 10_000
"""Files of one archive; no model has as many."""


class _Open(Protocol):
    def __call__(self) -> IO[bytes]: ...


class _Member(NamedTuple):
    name: str
    size: int
    open: _Open


def is_archive(name: str) -> bool:
    """Tell by a name whether it is an archive that can be unpacked."""
    return name.lower().endswith(ENDINGS)


def unpack(archive: Path, folder: Path, most: int = MOST) -> None:
    """Unpack an archive into a new folder; one folder around everything is left away.

    Raises `EngineError` where the archive is damaged, names a place outside, or holds more than `most` bytes.
    """
    try:
        with _opened(archive) as members:
            _write(list(members), folder, most)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, NotImplementedError) as error:
        raise EngineError(f"the archive is damaged or of no known kind: {error}") from None
    except RuntimeError:  # what zipfile says to a password
        raise EngineError("the archive is locked with a password") from None


class _opened:  # noqa: N801  # used as a verb
    """Give the files of an archive, whatever its kind."""

    def __init__(self, archive: Path) -> None:
        self.file: zipfile.ZipFile | tarfile.TarFile = (
            zipfile.ZipFile(archive) if zipfile.is_zipfile(archive) else tarfile.open(archive)  # noqa: SIM115
        )

    def __enter__(self) -> Iterator[_Member]:
        return _of_zip(self.file) if isinstance(self.file, zipfile.ZipFile) else _of_tar(self.file)

    def __exit__(self, *_: object) -> None:
        self.file.close()


def _of_zip(file: zipfile.ZipFile) -> Iterator[_Member]:
    for info in file.infolist():
        if info.external_attr >> 28 == 0xA:
            raise EngineError(f"the archive has a link in it ({info.filename}); it is not unpacked")
        if not info.is_dir():
            yield _Member(info.filename, info.file_size, lambda info=info: file.open(info))


def _of_tar(file: tarfile.TarFile) -> Iterator[_Member]:
    for info in file:
        if info.isdir() or info.name in {"pax_global_header", "."}:
            continue
        if not info.isfile():
            raise EngineError(f"the archive has a link or a device in it ({info.name}); it is not unpacked")
        yield _Member(info.name, info.size, lambda info=info: _of_file(file, info))


def _of_file(file: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    found = file.extractfile(info)
    if found is None:
        raise tarfile.TarError(f"{info.name} is no file")
    return found


def _write(members: list[_Member], folder: Path, most: int) -> None:
    if sum(member.size for member in members) > most or len(members) > MANY:
        raise EngineError(f"the archive holds more than a model does ({len(members):,} files); it is not unpacked")
    paths = [_inside(member.name) for member in members]
    around = {path.parts[0] for path in paths}
    skip = 1 if len(around) == 1 and all(len(path.parts) > 1 for path in paths) else 0
    for member, path in zip(members, paths, strict=True):
        place = folder.joinpath(*path.parts[skip:])
        place.parent.mkdir(parents=True, exist_ok=True)
        with member.open() as old, place.open("xb") as new:
            left = member.size
            while data := old.read(1 << 20):
                left -= len(data)
                if left < 0:
                    raise EngineError("the archive holds more than it says; it is not unpacked")
                new.write(data)


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name or "\0" in name or not path.parts:
        raise EngineError(f"the archive names a place outside its folder ({name}); it is not unpacked")
    return path
