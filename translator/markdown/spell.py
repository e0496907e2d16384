"""How a value is spelled where it stands: YAML, TOML and JSON scalars, HTML attributes, titles."""

from __future__ import annotations

import json
import re
import tomllib
from html import unescape
from html.entities import html5
from typing import TYPE_CHECKING

import yaml

from translator.model import Codec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from translator.model import Block, Document

_SPELLING = re.compile(r"\\([!-/:-@\[-`{-~])|&(#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});")


def unspell(block: Block, document: Document) -> str:
    """Give the value that a block's source spells; for Markdown and HTML the source itself."""
    return _READERS[block.codec](block, document)


def spell(text: str, block: Block, document: Document) -> str:
    """Spell a value where a block stands, in the block's own style where that can say it.

    Laws: the source's bytes where the value is the source's; else what `unspell` reads as `text`.
    """
    source = block.span.of(document.text)
    return source if text == unspell(block, document) else _WRITERS[block.codec](text, block, document)


def undo_spelling(source: str, codec: Codec) -> str:
    """Undo the escapes and entities of a text."""
    if codec in {Codec.ATTRIBUTE, Codec.HTML}:
        return unescape(source) if "&" in source else source
    return _SPELLING.sub(_undone, source) if "\\" in source or "&" in source else source


def _undone(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    return unescape(found[0]) if found[2][0] == "#" or f"{found[2]};" in html5 else found[0]


# ── Markdown, titles, attributes ──────────────────────────────────────────────────────────────────────────────────────


def spell_attribute(text: str, quote: str, source: str = "") -> str:
    """Spell the value of an attribute inside its quotation marks."""
    is_bare = "&" in source and not re.search(r"&[#\w]+;", source)
    spelled = (
        text
        if is_bare and not re.search(r"&[#\w]+;", text)
        else text.replace("&", "&amp;")
        if _is_entity(text)
        else text
    )
    spelled = spelled.replace("<", "&lt;") if "<" not in source else spelled
    return spelled.replace('"', "&quot;") if quote == '"' else spelled.replace("'", "&#39;")


def _is_entity(text: str) -> bool:
    """Tell whether an ampersand would be read as the beginning of an entity."""
    return unescape(text) != text


def spell_link_title(text: str, quote: str) -> str:
    """Spell a link's title inside its delimiters."""
    special = {'"': '"', "'": "'", "(": "()"}.get(quote, "\"'()")
    spelled = re.sub(r"\\(?=[!-/:-@\[-`{-~]|$)", r"\\\\", text)
    spelled = re.sub(r"&(?=[#\w]+;)", r"\\&", spelled)
    return "".join("\\" + each if each in special else each for each in spelled)


def _before(block: Block, document: Document) -> str:
    return document.text[block.span.start - 1 : block.span.start]


def _same(text: str, _block: Block, _document: Document) -> str:
    return text


def _plain(text: str, block: Block, document: Document) -> str:
    """Spell a container's title: it ends where its delimiters say."""
    before, text = _before(block, document), " ".join(text.split())
    following = document.text[block.span.end : block.span.end + 1]
    if before in {'"', "'"} and following == before:
        other = {'"': "”", "'": "’"}[before]
        return text.replace(before, other)
    return text.replace("[", "(").replace("]", ")") if before == "[" else text


# ── YAML ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _read_yaml(block: Block, document: Document) -> str:
    return yaml_value(block.span.of(document.text), _indent(block, document))


def yaml_value(source: str, indent: str = "") -> str:
    """Read one scalar."""
    # The indent of its own line matters to a block scalar: it is relative to its parent.
    node = yaml.compose(f"{indent}k: {source}\n" if indent else f"k: {source}\n", yaml.SafeLoader)
    value = node.value[0][1].value if isinstance(node, yaml.MappingNode) else source
    return value if isinstance(value, str) else source


def _indent(block: Block, document: Document) -> str:
    line = document.text[block.lines.start : block.span.start]
    return line[: len(line) - len(line.lstrip(" "))]


def _write_yaml(text: str, block: Block, document: Document) -> str:
    source = block.span.of(document.text)
    indent = _indent(block, document)
    is_flow = _is_flow(block, document)
    for candidate in _yaml_candidates(text, source, indent, document.newline, is_flow=is_flow):
        if _reads_as(candidate, text, indent, is_flow=is_flow):
            return candidate
    return json.dumps(text, ensure_ascii=False)


def _yaml_candidates(text: str, source: str, indent: str, newline: str, *, is_flow: bool) -> list[str]:
    """Give the spellings to try, the source's own style first."""
    double, single = json.dumps(text, ensure_ascii=False), "'" + text.replace("'", "''") + "'"
    if source[:1] in {"|", ">"}:
        return [_block_scalar(text, source, indent, newline), double]
    if source[:1] == "'":
        return [single, double] if "\n" not in text else [double]
    if source[:1] == '"' or not _is_plain(text, is_flow=is_flow):
        return [double]
    return [text, double]


def _block_scalar(text: str, source: str, indent: str, newline: str) -> str:
    """Spell text as a folded or literal block with the source's header and indent."""
    header, _, rest = source.partition(newline)
    first = next((line for line in rest.split(newline) if line.strip()), indent + "  ")
    margin = first[: len(first) - len(first.lstrip(" "))] or indent + "  "
    lines = text.rstrip("\n").split("\n")
    if header.startswith(">"):
        lines = [line for part in lines for line in (part, "")][:-1]
    return newline.join([header, *(margin + line if line else "" for line in lines)])


def _is_flow(block: Block, document: Document) -> bool:
    """Tell whether a scalar stands in `[…]` or `{…}`."""
    before = document.text[(document.front.start if document.front else 0) : block.span.start]
    line = before[max(before.rfind("\n- "), before.rfind(":")) :]
    return line.count("[") > line.count("]") or line.count("{") > line.count("}")


def _is_plain(text: str, *, is_flow: bool) -> bool:
    """Tell whether YAML reads a text as itself without quotation marks."""
    if text != text.strip() or "\n" in text or (is_flow and re.search(r"[\[\]{},]", text)) or text in {"=", "<<"}:
        return False
    return not re.match(r"[-+.\d]*\d[\d_:.eE+-]*$|[~&*!|>%@`\"'#,\[\]{}?:-]", text)


def _reads_as(candidate: str, text: str, indent: str, *, is_flow: bool) -> bool:
    """Tell whether a YAML scalar says what it should, as a string, and ends where it should."""
    frame = "{0}k: [{1}, z]\n" if is_flow else "{0}k: {1}\n{0}z: 1\n"
    try:
        node = yaml.compose(frame.format(indent, candidate), yaml.SafeLoader)
    except yaml.YAMLError:
        return False
    if not isinstance(node, yaml.MappingNode):
        return False
    rest = node.value[0][1].value if is_flow else node.value
    if len(rest) != 2:
        return False
    value = rest[0] if is_flow else rest[0][1]
    wanted = {text, text + "\n"} if candidate[:1] in {"|", ">"} else {text}
    return isinstance(value, yaml.ScalarNode) and value.tag == "tag:yaml.org,2002:str" and value.value in wanted


# ── TOML and JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _read_toml(block: Block, document: Document) -> str:
    return str(tomllib.loads(f"k = {block.span.of(document.text)}".replace("\r\n", "\n"))["k"])


def _write_toml(text: str, block: Block, document: Document) -> str:
    source = block.span.of(document.text)
    if source.startswith("'") and "'" not in text and text.isprintable():
        quote = "'''" if source.startswith("'''") else "'"
        return quote + text + quote
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _read_json(block: Block, document: Document) -> str:
    return str(json.loads(block.span.of(document.text), strict=False))


def _write_json(text: str, block: Block, document: Document) -> str:
    return json.dumps(text, ensure_ascii="\\u" in block.span.of(document.text))


_READERS: Mapping[Codec, Callable[[Block, Document], str]] = {
    Codec.MARKDOWN: lambda block, document: block.span.of(document.text),
    Codec.HTML: lambda block, document: block.span.of(document.text),
    Codec.PLAIN: lambda block, document: block.span.of(document.text),
    Codec.ATTRIBUTE: lambda block, document: unescape(block.span.of(document.text)),
    Codec.LINK_TITLE: lambda block, document: undo_spelling(block.span.of(document.text), Codec.MARKDOWN),
    Codec.YAML: _read_yaml,
    Codec.TOML: _read_toml,
    Codec.JSON: _read_json,
}
_WRITERS: Mapping[Codec, Callable[[str, Block, Document], str]] = {
    Codec.MARKDOWN: _same,
    Codec.HTML: _same,
    Codec.PLAIN: _plain,
    Codec.ATTRIBUTE: lambda text, block, document: spell_attribute(
        text, _before(block, document), block.span.of(document.text)
    ),
    Codec.LINK_TITLE: lambda text, block, document: spell_link_title(text, _before(block, document)),
    Codec.YAML: _write_yaml,
    Codec.TOML: _write_toml,
    Codec.JSON: _write_json,
}
