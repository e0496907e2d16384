"""Front matter: YAML, TOML, JSON, and Hexo's YAML that has no opening line. Read, never written anew."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from translator.errors import InputError
from translator.model import Block, BlockKind, Codec, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

FRONT_KEYS = ("title", "description", "summary", "excerpt", "subtitle", "tags", "categories", "category", "keywords")
"""The keys whose values are prose."""

_END = r"[ \t]*(?:\r\n|\r|\n|\Z)"
_OPENING = re.compile(rf"(?P<fence>---+|\+\+\+|;;;+){_END}")
_HEXO_KEY = re.compile(
    r"(?:title|date|layout|tags|categories|category|author|permalink|updated|description|comments|toc|cover|top)"
    r"[ \t]*:(?:[ \t\r\n]|\Z)"
)
_HEXO_END = re.compile(rf"(?:\A|(?<=[\r\n]))(?:---+|;;;+){_END}")
_YAML_KEY = re.compile(r"""(?:[ \t]*(?:#[^\r\n]*+)?[\r\n]++)*+(?:[\w"'][^\r\n]*?:(?:[ \t\r\n]|\Z)|\Z|\{|\?|&|!)""")
_STRING = "tag:yaml.org,2002:str"
_TOML_ERROR = re.compile(r"\(at line (\d+), column (\d+)\)")
_TOML_TOKEN = re.compile(
    r"""(?P<comment>\#[^\r\n]*+)|(?P<string>\"{3}(?:[^\\]|\\.)*?\"{3,5}|'{3}.*?'{3,5}|"(?:[^"\\\r\n]|\\.)*+"|'[^'\r\n]*+')
    |(?P<end>[\r\n]++)|(?P<sign>[\[\]{}=,])|(?P<bare>[^\s\[\]{}=,\#"']++)""",
    re.VERBOSE | re.DOTALL,
)
_JSON_TOKEN = re.compile(r'(?P<string>"(?:[^"\\]|\\.)*+")|(?P<sign>[\[\]{}:,])|(?P<bare>[^\s\[\]{}:,"]++)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Front:
    """Front matter and its form."""

    span: Span
    """Delimiters included."""
    inner: Span
    """The data alone."""
    codec: Codec

    @property
    def end(self) -> int:
        """Where the body starts."""
        return self.span.end


def find_front(text: str) -> Front | None:
    """Find the front matter of a post; None where there is none. Raises `InputError` if it is broken."""
    start = int(text.startswith("\ufeff"))
    if text.startswith("{", start):
        return _json_front(text, start)
    opening = _OPENING.match(text, start)
    if not opening:
        return _hexo_front(text, start) if _HEXO_KEY.match(text, start) else None
    fence = opening["fence"]
    closing = _closing(text, opening.end(), fence)
    if not closing:
        return None
    codec = Codec.TOML if fence == "+++" else Codec.YAML
    front = Front(Span(start, closing.end()), Span(opening.end(), closing.start()), codec)
    return front if codec is Codec.TOML or _is_mapping(text, front) else None


def _closing(text: str, start: int, fence: str) -> re.Match[str] | None:
    closer = {"-": r"-{3,}|\.\.\.", "+": r"\+\+\+", ";": ";{3,}"}[fence[0]]
    return re.compile(rf"(?:\A|(?<=[\r\n]))(?:{closer}){_END}").search(text, start)


def _is_mapping(text: str, front: Front) -> bool:
    """Tell front matter from a post that begins with a rule."""
    if not _YAML_KEY.match(front.inner.of(text)):
        return False
    root = _compose(text, front.inner)
    return root is None or isinstance(root, yaml.MappingNode)


def _hexo_front(text: str, start: int) -> Front | None:
    """Find Hexo's form without an opening line; what is no YAML mapping is the body."""
    closing = _HEXO_END.search(text, start, start + 20_000)
    if not closing or (closing.end() == start + 20_000 < len(text)):
        return None
    front = Front(Span(start, closing.end()), Span(start, closing.start()), Codec.YAML)
    if re.search(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)[^\s#][^:]*(?:[\r\n]|\Z)", front.inner.of(text)):
        return None
    return front if isinstance(_compose(text, front.inner), yaml.MappingNode) else None


def _json_front(text: str, start: int) -> Front | None:
    try:
        value, end = json.JSONDecoder(strict=False).raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    after = re.compile(_END).match(text, end)
    return Front(Span(start, after.end()), Span(start, end), Codec.JSON) if after and isinstance(value, dict) else None


def front_values(text: str, front: Front, keys: Sequence[str]) -> list[Block]:
    """Give the values of prose keys as blocks, in order; their lines and containers are the caller's to set."""
    found = _READERS[front.codec](text, front.inner)
    return [
        Block(BlockKind.FRONT, span, span, front.codec, key=key)
        for key, span in found
        if key in keys and span.end > span.start
    ]


def top_keys(text: str, front: Front) -> dict[str, Span]:
    """Give the top-level keys that have a value on their own, with the value's span."""
    return _TOP[front.codec](text, front.inner)


# ── YAML ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _compose(text: str, inner: Span) -> yaml.Node | None:
    """Parse YAML into nodes that know where they stand."""
    try:
        return yaml.compose(inner.of(text), yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        offset = inner.start + (mark.index if mark else 0)
        raise _broken(text, offset, f"front matter is not YAML: {error.problem or error.context}") from error
    except yaml.reader.ReaderError as error:
        raise _broken(text, inner.start + error.position, "front matter holds a character that YAML forbids") from error
    except RecursionError as error:
        raise _broken(text, inner.start, "front matter is nested too deeply") from error


def _broken(text: str, offset: int, message: str) -> InputError:
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    column = len(before) - before.rfind("\n")
    return InputError(f"{message}; quote the value, or mend the line", line=before.count("\n") + 1, column=column)


def _yaml_values(text: str, inner: Span) -> Iterator[tuple[str, Span]]:
    root = _compose(text, inner)
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            yield from ((str(key.value), span) for span in _scalars(text, inner, value, key.end_mark.index))


def _scalars(text: str, inner: Span, node: yaml.Node, after: int) -> Iterator[Span]:
    """Give the strings of a value: itself, or the items of its lists."""
    if node.start_mark.index < after:  # an alias: what it names stands elsewhere
        return
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _scalars(text, inner, item, after)
    elif isinstance(node, yaml.ScalarNode) and node.tag == _STRING and node.value.strip():
        span = _scalar(text, inner, node)
        if text[span.start] not in "!&*":
            yield span


def _scalar(text: str, inner: Span, node: yaml.ScalarNode) -> Span:
    start, end = inner.start + node.start_mark.index, inner.start + node.end_mark.index
    return Span(start, start + len(text[start:end].rstrip()))


def _yaml_keys(text: str, inner: Span) -> dict[str, Span]:
    root = _compose(text, inner)
    if not isinstance(root, yaml.MappingNode):
        return {}
    keys = {}
    for key, value in root.value:
        start, end = inner.start + value.start_mark.index, inner.start + value.end_mark.index
        if isinstance(value, yaml.ScalarNode):
            keys[str(key.value)] = Span(start, start + len(text[start:end].rstrip()))
        else:
            keys[str(key.value)] = Span(start, end)
    return keys


# ── TOML ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _toml_values(text: str, inner: Span) -> Iterator[tuple[str, Span]]:
    for key, _, strings in _toml_pairs(text, inner):
        yield from ((key, span) for span in strings)


def _toml_keys(text: str, inner: Span) -> dict[str, Span]:
    return {key: value for key, value, _ in _toml_pairs(text, inner)}


def _toml_pairs(text: str, inner: Span) -> Iterator[tuple[str, Span, list[Span]]]:
    """Give the top-level pairs before the first table: key, value, the strings in it."""
    _check_toml(text, inner)
    for line in _toml_lines(text, inner):
        if line[0]["sign"] == "[":
            return
        equals = next(place for place, token in enumerate(line) if token["sign"] == "=")
        key = "".join(token[0].strip("\"'") for token in line[:equals])
        value = line[equals + 1 :]
        strings = [Span(*token.span()) for token in value if token["string"] and _inside(token["string"]).strip()]
        yield key, Span(value[0].start(), value[-1].end()), strings


def _toml_lines(text: str, inner: Span) -> Iterator[list[re.Match[str]]]:
    """Give the tokens of each line; a value in brackets may run over several."""
    line: list[re.Match[str]] = []
    depth = 0
    for token in _TOML_TOKEN.finditer(text, *inner):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token["sign"] or "", 0)
        if not token["end"] and not token["comment"]:
            line.append(token)
        elif token["end"] and depth == 0 and line:
            yield line
            line = []
    if line:
        yield line


def _inside(string: str) -> str:
    """Give a TOML string without its quotation marks."""
    width = 3 if string.startswith(('"""', "'''")) else 1
    return string[width:-width]


def _check_toml(text: str, inner: Span) -> None:
    try:
        tomllib.loads(inner.of(text).replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        place = _TOML_ERROR.search(str(error))
        line = text[: inner.start].replace("\r\n", "\n").count("\n") + (int(place[1]) if place else 1)
        message = f"front matter is not TOML: {_TOML_ERROR.sub('', str(error)).strip()}"
        raise InputError(message, line=line, column=int(place[2]) if place else 0) from error


# ── JSON ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _json_values(text: str, inner: Span) -> Iterator[tuple[str, Span]]:
    for key, _, strings in _json_pairs(text, inner):
        yield from ((key, span) for span in strings)


def _json_keys(text: str, inner: Span) -> dict[str, Span]:
    return {key: value for key, value, _ in _json_pairs(text, inner)}


def _json_pairs(text: str, inner: Span) -> Iterator[tuple[str, Span, list[Span]]]:
    """Give the pairs of the outermost object: key, value, the strings in it."""
    key, depth, is_value = "", 0, False
    value: list[Span] = []
    strings: list[Span] = []
    objects = 0
    for token in _JSON_TOKEN.finditer(text, *inner):
        span, sign = Span(*token.span()), token["sign"] or ""
        if depth == 1 and sign in {",", "}"}:
            if is_value:
                yield key, Span(value[0].start, value[-1].end), strings
            is_value, value, strings = False, [], []
        elif depth == 1 and sign == ":":
            is_value = True
        elif is_value:
            value.append(span)
            objects += {"{": 1, "}": -1}.get(sign, 0)
            if token["string"] and not objects and token["string"][1:-1].strip():
                strings.append(span)
        elif token["string"]:
            key = json.loads(token["string"], strict=False)
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(sign, 0)


_READERS: Mapping[Codec, Callable[[str, Span], Iterator[tuple[str, Span]]]] = {
    Codec.YAML: _yaml_values,
    Codec.TOML: _toml_values,
    Codec.JSON: _json_values,
}
_TOP: Mapping[Codec, Callable[[str, Span], dict[str, Span]]] = {
    Codec.YAML: _yaml_keys,
    Codec.TOML: _toml_keys,
    Codec.JSON: _json_keys,
}


# ── Setting ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def set_front(text: str, values: Mapping[str, str]) -> str:
    """Set top-level keys of the front matter, adding those that are missing; nothing else changes.

    A text without front matter comes back as it is.
    """
    for key, value in values.items():
        front = find_front(text)
        if front is None:
            return text
        start, end, new = _setting(text, front, key, value)
        text = text[:start] + new + text[end:]
    return text


def _setting(text: str, front: Front, key: str, value: str) -> tuple[int, int, str]:
    """Give the one change that sets a key: where, and what to write."""
    keys = top_keys(text, front)
    spelled = _spelled(value, front.codec)
    if key not in keys:
        return _addition(text, front, key, spelled, is_first=not keys)
    span = keys[key]
    if _value(span.of(text), front.codec) == value:
        return span.start, span.end, span.of(text)
    space = " " if front.codec is Codec.YAML and text[span.start - 1 : span.start] == ":" else ""
    return span.start, span.end, space + spelled


def _addition(text: str, front: Front, key: str, spelled: str, *, is_first: bool) -> tuple[int, int, str]:
    line_end = _line_end(text, front)
    if front.codec is Codec.JSON:
        last = text.rindex("}", front.inner.start, front.inner.end)
        filled = len(text[front.inner.start : last].rstrip()) + front.inner.start
        indent = _indent_of_first(text, front)
        lead = "" if is_first else ","
        return filled, filled, f'{lead}{indent}"{key}": {spelled}'
    if front.codec is Codec.TOML:
        return front.inner.start, front.inner.start, f"{key} = {spelled}{line_end}"
    root = _compose(text, front.inner)
    indent = " " * root.start_mark.column if root else ""
    return front.inner.end, front.inner.end, f"{indent}{key}: {spelled}{line_end}"


def _line_end(text: str, front: Front) -> str:
    found = re.search(r"\r\n|\r|\n", front.span.of(text))
    return found[0] if found else "\n"


def _indent_of_first(text: str, front: Front) -> str:
    found = re.match(r"\{(\s*)", text[front.inner.start : front.inner.end])
    return found[1] if found and found[1] else " "


def _spelled(value: str, codec: Codec) -> str:
    if codec is Codec.YAML and re.fullmatch(r"[A-Za-z][\w-]*", value) and yaml.safe_load(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)


def _value(spelled: str, codec: Codec) -> object:
    """Read a value that stands on its own; None where it is no string."""
    try:
        if codec is Codec.YAML:
            return yaml.safe_load(spelled)
        return tomllib.loads(f"k = {spelled}")["k"] if codec is Codec.TOML else json.loads(spelled)
    except (yaml.YAMLError, ValueError):
        return None
