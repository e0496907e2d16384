"""Settings, the project's folder, and the names of a post's files."""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from translator.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FILE = "duizhao.yaml"
CACHE = ".duizhao"
SUFFIXES = (".md", ".markdown")
SKIPPED = frozenset({"node_modules", "__pycache__", "venv", "site-packages"})
"""Folders nobody keeps posts in; hidden ones are skipped too."""
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
LANGUAGE = r"(?:zh|cn|zh[-_](?:cn|hans|sg|tw|hk|hant))"


def _setting(default: Any, doc: str, choices: tuple[str, ...] = ()) -> Any:  # noqa: ANN401  # like dataclasses.field itself
    meta = {"doc": doc, "choices": choices}
    if isinstance(default, (list, dict)):
        return field(default_factory=lambda: type(default)(default), metadata=meta)
    return field(default=default, metadata=meta)


@dataclass(frozen=True)
class Settings:
    """What `duizhao.yaml` may say; read once, at the door."""

    engine: str = _setting("auto", "which engine drafts: a name from `duizhao engines`, or `auto`")
    glossary: list[str] = _setting(["glossary"], "glossary files or folders, relative to the project")
    target: str = _setting("", "where the English goes, as `i18n/en/{folder}/{name}.md`; empty: beside the post")
    review: str = _setting("", "where the record goes, as `review/{folder}/{name}.po`; empty: beside the English")
    breaks: str = _setting("auto", "line breaks inside paragraphs", ("auto", "keep", "join"))
    quotes: str = _setting("straight", "quotation marks in English", ("straight", "curly"))
    slugs: str = _setting("github", "how headings become anchors", ("github", "hexo", "hugo"))
    front: list[str] = _setting(
        ["title", "description", "summary", "excerpt", "subtitle", "tags", "categories", "category", "keywords"],
        "front-matter keys whose values are translated",
    )
    set: dict[str, str] = _setting({"lang": "en"}, "front-matter keys set in the English post")
    author: str = _setting("", "who approves; empty: git's `user.name`")
    memory: bool = _setting(default=True, doc="reuse approved segments of every record in the project")
    sources: list[str] = _setting([], "folders searched when no post is named; empty: the project's")


DEFAULTS = Settings()


def load_settings(path: Path) -> Settings:
    """Read `duizhao.yaml`; a missing file means every default."""
    if not path.exists():
        return DEFAULTS
    import yaml  # noqa: PLC0415  # start-up

    text = path.read_text(encoding="utf-8-sig")
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        value = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise InputError(f"this is not valid YAML: {error.problem}", path, line, column) from error
    if value is None:
        return DEFAULTS
    if not isinstance(value, dict) or not isinstance(node, yaml.MappingNode):
        raise InputError("expected `setting: value` lines", path, 1, 1)
    places = {key.value: (key.start_mark.line + 1, key.start_mark.column + 1) for key, _ in node.value}
    return Settings(**{key: _checked(key, entry, path, places.get(str(key), (0, 0))) for key, entry in value.items()})


def _checked(key: Any, value: Any, path: Path, place: tuple[int, int]) -> Any:  # noqa: ANN401  # straight from YAML
    known = {f.name: f for f in fields(Settings)}
    if key not in known:
        near = difflib.get_close_matches(str(key), known, 1)
        hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known)}"
        raise InputError(f"there is no setting `{key}`: {hint}", path, *place)
    default, choices = default_of(key), known[key].metadata["choices"]
    if isinstance(default, list) and isinstance(value, str):
        value = [value]
    if isinstance(default, dict) and isinstance(value, dict):
        value = {str(k): str(v) for k, v in value.items()}
    if type(value) is not type(default):
        raise InputError(f"`{key}` must be a {type(default).__name__}, not {value!r}", path, *place)
    if choices and value not in choices:
        raise InputError(f"`{key}` must be one of {', '.join(choices)}, not {value!r}", path, *place)
    return value


def default_of(name: str) -> Any:  # noqa: ANN401  # the settings have several types
    """Give the default of one setting."""
    (found,) = (f for f in fields(Settings) if f.name == name)
    return found.default if found.default is not MISSING else cast(Any, found.default_factory)()


def settings_table() -> list[tuple[str, str, str]]:
    """Give every setting's name, default and meaning: the documentation is made from this."""
    rows = []
    for f in fields(Settings):
        choices = f.metadata["choices"]
        rows.append((f.name, repr(default_of(f.name)), f.metadata["doc"] + (f": {', '.join(choices)}" if choices else "")))
    return rows


@dataclass(frozen=True)
class Project:
    """A folder with its settings: the nearest one upwards with `duizhao.yaml`, `glossary/` or `.git`."""

    root: Path
    settings: Settings

    @classmethod
    def of(cls, place: Path) -> Project:
        """Find the project a file or folder belongs to; without any of the three, its own folder is one."""
        start = place.absolute() if place.is_dir() else place.absolute().parent
        for folder in (start, *start.parents):
            if any((folder / name).exists() for name in (FILE, "glossary", ".git")):
                return cls(folder, load_settings(folder / FILE))
        return cls(start, DEFAULTS)

    @property
    def cache(self) -> Path:
        """Where everything stands that may be deleted at any time."""
        return self.root / CACHE

    def glossary_files(self, post: Path | None = None) -> list[Path]:
        """List the glossary's files in order; a post's own `glossary.yaml` comes last and overrides."""
        found: list[Path] = []
        for name in self.settings.glossary:
            place = self.root / name
            found += sorted(place.glob("*.yaml")) + sorted(place.glob("*.yml")) if place.is_dir() else [place]
        own = post.parent / "glossary.yaml" if post else None
        if own and own.exists() and own.resolve() not in {path.resolve() for path in found}:
            found.append(own)
        return [path for path in found if path.exists() or str(path.relative_to(self.root)) not in DEFAULTS.glossary]

    def target(self, post: Path) -> Path:
        """Name the English file of a post."""
        if self.settings.target:
            return self._filled(self.settings.target, post)
        return post.with_name(english_name(post.name))

    def record(self, post: Path) -> Path:
        """Name the record of a post's review."""
        if self.settings.review:
            return self._filled(self.settings.review, post)
        return self.target(post).with_suffix(".po")

    def _filled(self, pattern: str, post: Path) -> Path:
        folder = os.path.relpath(post.absolute().parent, self.root)
        stem = re.sub(rf"(?i)\.{LANGUAGE}$", "", post.stem)
        try:
            return self.root / os.path.normpath(pattern.format(folder=folder, name=stem, ext=post.suffix.lstrip(".")))
        except (KeyError, IndexError, ValueError) as error:
            raise InputError(f"`{pattern}` may hold {{folder}}, {{name}} and {{ext}}: {error}", self.root / FILE) from error

    def posts(self, places: list[Path]) -> list[Path]:
        """List the Chinese posts among files and under folders; a file that is named is taken at its word."""
        found: dict[Path, None] = {}
        for place in places:
            if place.is_dir():
                found.update(dict.fromkeys(self._under(place)))
            elif place.exists():
                found[place] = None
            else:
                raise InputError("there is no such file or folder", place)
        return list(found)

    def _under(self, folder: Path) -> Iterator[Path]:
        files = sorted(walk(folder, SUFFIXES))
        targets = {self.target(path).absolute() for path in files if not is_english_name(path.name)}
        return (p for p in files if p.absolute() not in targets and not is_english_name(p.name) and is_chinese(p))


def walk(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """Give every file under a folder with one of the suffixes, hidden and foreign folders left out."""
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in SKIPPED)
        yield from (Path(here, name) for name in sorted(files) if name.lower().endswith(suffixes))


def english_name(name: str) -> str:
    """Name the English file: `zh.md` → `en.md`, `foo.zh.md` → `foo.en.md`, `foo.md` → `foo.en.md`."""
    stem, dot, suffix = name.rpartition(".")
    if re.fullmatch(rf"(?i){LANGUAGE}", stem):
        return f"en{dot}{suffix}"
    return re.sub(rf"(?i)\.{LANGUAGE}$", "", stem) + f".en{dot}{suffix}"


def is_english_name(name: str) -> bool:
    """Whether a name says that the file is English: `en.md`, `foo.en.md`."""
    return bool(re.search(r"(?i)(?:^|\.)en(?:[-_]\w+)?\.\w+$", name))


def is_chinese(path: Path) -> bool:
    """Whether a file is written in Chinese: at least one letter in twenty is Han, no kana among the first of them."""
    text = path.read_bytes()[:40_000].decode("utf-8", errors="ignore")
    letters, han = sum(ch.isalpha() for ch in text), len(HAN.findall(text))
    return han * 20 >= max(letters, 1) and len(re.findall("[\u3040-\u30ff]", text)) * 10 < han


def person(settings: Settings, environment: Mapping[str, str] = os.environ) -> str:
    """Name who decides: the setting, else git's `user.name`, else the account."""
    if settings.author:
        return settings.author
    import subprocess  # noqa: PLC0415  # start-up

    try:
        said = subprocess.run(["git", "config", "user.name"], capture_output=True, text=True, check=False)  # noqa: S607
        name = said.stdout.strip()
    except OSError:
        name = ""
    return name or environment.get("USER") or environment.get("USERNAME") or "somebody"
