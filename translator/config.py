"""Settings, the project's folder, and the names of a post's files."""

# ruff: noqa: RUF009  # `_setting` is `dataclasses.field`

from __future__ import annotations

import difflib
import hashlib
import os
import re
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from translator.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FILE = "duizhao.yaml"
CACHE = ".duizhao"
SUFFIXES = (".md", ".markdown")
SKIPPED = frozenset({"node_modules", "__pycache__", "venv", "site-packages"})
"""Folders nobody keeps posts in; hidden ones are skipped too."""
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
CODE = re.compile(r"^[ \t]*(```+|~~~+).*?^[ \t]*\1", re.MULTILINE | re.DOTALL)
LANGUAGE = r"(?:zh|cn|zh[-_](?:cn|hans|sg|tw|hk|hant))"


Breaks = Literal["auto", "keep", "join"]
Quotes = Literal["straight", "curly"]
Slugs = Literal["github", "hexo", "hugo"]


def _setting(default: Any, doc: str, choices: Any = None) -> Any:  # noqa: ANN401  # like dataclasses.field itself
    meta = {"doc": doc, "choices": get_args(choices)}
    if isinstance(default, (list, dict)):
        return field(default_factory=lambda: type(default)(default), metadata=meta)
    return field(default=default, metadata=meta)


@dataclass(frozen=True)
class Settings:
    """What `duizhao.yaml` may say; read once, at the door."""

    engine: list[str] = _setting(
        ["auto"],
        "which engine drafts: a name from `duizhao engines`, or `auto`; of several, each takes what the former refuse",
    )
    engines: dict[str, dict[str, str]] = _setting(
        {}, "settings of engines, as `openai: {model: …, base_url: …}`; `engine:` among them gives a name of your own"
    )
    glossary: list[str] = _setting(["glossary"], "glossary files or folders, relative to the project")
    target: str = _setting("", "where the English goes, as `i18n/en/{folder}/{name}.md`; empty: beside the post")
    review: str = _setting("", "where the record goes, as `review/{folder}/{name}.po`; empty: beside the English")
    breaks: Breaks = _setting("auto", "line breaks inside paragraphs", Breaks)
    quotes: Quotes = _setting("straight", "quotation marks in English", Quotes)
    slugs: Slugs = _setting("github", "how headings become anchors", Slugs)
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

    text = _read(path)
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None or node.tag == "tag:yaml.org,2002:null":
            return DEFAULTS
        if not isinstance(node, yaml.MappingNode):
            raise InputError("expected `setting: value` lines", path, 1, 1)
        rows = [(key, loader.construct_object(value, deep=True)) for key, value in node.value]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise InputError(f"this is not valid YAML: {error.problem}", path, line, column) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise InputError(f"this is not valid YAML: {error.reason}", path, line) from error
    found: dict[str, Any] = {}
    for key, value in rows:
        place = (key.start_mark.line + 1, key.start_mark.column + 1)
        name = str(key.value)
        if name in found:
            raise InputError(f"`{name}` is set twice", path, *place)
        found[name] = _checked(name, value, path, place)
    return Settings(**found)


def _read(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("this is not UTF-8", path, data.count(b"\n", 0, error.start) + 1) from error


KINDS = {str: "text", bool: "true or false", list: "a list of texts", dict: "`key: value` lines"}
NESTED = {"engines"}
"""Settings whose values are `key: value` lines again."""


def _checked(key: str, value: Any, path: Path, place: tuple[int, int]) -> Any:  # noqa: ANN401  # straight from YAML
    known = {f.name: f for f in fields(Settings)}
    if key not in known:
        near = difflib.get_close_matches(key, known, 1)
        hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known)}"
        raise InputError(f"there is no setting `{key}`: {hint}", path, *place)
    default, choices = default_of(key), known[key].metadata["choices"]
    if isinstance(default, list) and isinstance(value, str):
        value = [value]
    if isinstance(default, dict) and isinstance(value, dict):
        if key in NESTED and not all(isinstance(v, dict) for v in value.values()):
            raise InputError(f"`{key}` must be `name: {{setting: value}}` lines, not {value!r}", path, *place)
        value = {str(k): _texts(v) if key in NESTED else _text(v) for k, v in value.items()}
    if type(value) is not type(default) or (isinstance(value, list) and not all(isinstance(v, str) for v in value)):
        raise InputError(f"`{key}` must be {KINDS[type(default)]}, not {value!r}", path, *place)
    if choices and value not in choices:
        raise InputError(f"`{key}` must be one of {', '.join(choices)}, not {value!r}", path, *place)
    return value


def _texts(value: Mapping[Any, Any]) -> dict[str, str]:
    return {str(k): _text(v) for k, v in value.items()}


def _text(value: Any) -> str:  # noqa: ANN401  # straight from YAML
    return str(value).lower() if isinstance(value, bool) else str(value)


def default_of(name: str) -> Any:  # noqa: ANN401  # the settings have several types
    """Give the default of one setting."""
    (found,) = (f for f in fields(Settings) if f.name == name)
    return found.default if found.default is not MISSING else cast(Any, found.default_factory)()


def settings_table() -> list[tuple[str, str, str]]:
    """Give every setting's name, default and meaning: the documentation is made from this."""
    rows = []
    for f in fields(Settings):
        choices = f.metadata["choices"]
        rows.append(
            (f.name, repr(default_of(f.name)), f.metadata["doc"] + (f": {', '.join(choices)}" if choices else ""))
        )
    return rows


@dataclass(frozen=True)
class Project:
    """A folder with its settings: the nearest one upwards with `duizhao.yaml`, `glossary/` or `.git`."""

    root: Path
    settings: Settings
    is_found: bool = True
    """False for a folder that is a project only because a post stands in it."""

    @classmethod
    def of(cls, place: Path) -> Project:
        """Find the project a file or folder belongs to; without any of the three, its own folder is one."""
        try:
            start = place.absolute() if place.is_dir() else place.absolute().parent
            marked = (any((f / name).exists() for name in (FILE, "glossary", ".git")) for f in (start, *start.parents))
            found = next((f for f, is_marked in zip((start, *start.parents), marked, strict=False) if is_marked), None)
        except PermissionError as error:
            raise InputError(f"cannot be read: {error.strerror}", place) from error
        return cls(found, load_settings(found / FILE)) if found else cls(start, DEFAULTS, is_found=False)

    @property
    def cache(self) -> Path:
        """Where everything stands that may be deleted at any time: never beside a post that has no project."""
        if self.is_found:
            return self.root / CACHE
        from platformdirs import user_cache_path  # noqa: PLC0415  # start-up

        return user_cache_path("duizhao") / "folders" / hashlib.sha256(str(self.root).encode()).hexdigest()[:16]

    @property
    def engines(self) -> dict[str, dict[str, str]]:
        """The settings of engines; a `model` that is a file or folder of the project is named in full."""
        known = self.settings.engines
        return {name: {key: self._full(key, value) for key, value in own.items()} for name, own in known.items()}

    def _full(self, key: str, value: str) -> str:
        return str(self.root / value) if key == "model" and value and (self.root / value).exists() else value

    def records(self) -> Iterator[Path]:
        """Give every record of the project; without one, of the folder alone."""
        return walk(self.root, (".po",)) if self.is_found else iter(sorted(self.root.glob("*.po")))

    def glossary_files(self, post: Path | None = None) -> list[Path]:
        """List the glossary's files in order; a post's own `glossary.yaml` comes last and overrides."""
        found: list[Path] = []
        for name in self.settings.glossary:
            place = self.root / name
            if place.is_dir():
                found += sorted(place.glob("*.yaml")) + sorted(place.glob("*.yml"))
            elif place.exists() or name not in DEFAULTS.glossary:
                found.append(place)
        own = post.parent / "glossary.yaml" if post else None
        if own and own.exists() and own.resolve() not in {path.resolve() for path in found}:
            found.append(own)
        return found

    def target(self, post: Path) -> Path:
        """Name the English file of a post."""
        if not self.settings.target:
            return post.with_name(english_name(post.name))
        path = self._filled(self.settings.target, post)
        if path == Path(os.path.abspath(post)):  # noqa: PTH100  # `resolve` would follow links
            raise InputError(f"by `target: {self.settings.target}` the English would replace the post itself", post)
        return path

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
        except (LookupError, ValueError, AttributeError) as error:
            raise InputError(
                f"`{pattern}` may hold {{folder}}, {{name}} and {{ext}} alone", self.root / FILE
            ) from error

    def posts(self, places: Iterable[Path]) -> list[Path]:
        """List the Chinese posts among files and under folders; a file that is named is taken at its word.

        Raises `InputError` where two of them would be written to the same English file.
        """
        found: dict[Path, None] = {}
        for place in places:
            if place.is_dir():
                found.update(dict.fromkeys(self._under(place)))
            elif not place.exists():
                raise InputError("there is no such file or folder", place)
            elif is_english_name(place.name):
                raise InputError("by its name this is the English of a post; name the Chinese one", place)
            else:
                found[place] = None
        written: dict[Path, Path] = {}
        for post in found:
            other = written.setdefault(self.target(post).absolute(), post)
            if other.absolute() != post.absolute():
                raise InputError(f"its English would be {self.target(post)}, and so would that of {other}", post)
        return list({post.absolute(): post for post in found}.values())

    def _under(self, folder: Path) -> Iterator[Path]:
        files = sorted(walk(folder, SUFFIXES))
        chinese = [path for path in files if not is_english_name(path.name) and is_chinese(path)]
        targets = {self.target(path).absolute() for path in chinese}
        return (path for path in chinese if path.absolute() not in targets)


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
    """Whether a file is written in Chinese: outside code, one letter in twenty is Han, and there is hardly any kana."""
    try:
        with path.open("rb") as file:
            text = CODE.sub("", file.read(40_000).decode("utf-8", errors="ignore"))
    except OSError:  # it is reported when it is named
        return False
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
