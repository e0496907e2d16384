"""The splices that change a glossary file: each spelled as its neighbours are.

A flow item stays one line, a block list grows by a line, quotation marks that were there stay, and so do anchors,
comments and the line endings. Nothing outside the touched term moves. What comes out is for the caller to prove: by
reading the new text again.
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from translator.glossary.yaml_sheet import BREAKS, COLON, LOADER, PROPERTIES, Field, Places, runs, tidy
from translator.model import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Value = str | bool | tuple[str, ...]
    """What a field holds; an empty tuple or string: the field goes."""

ORDER = (
    *("term", "aliases", "translation", "also", "forbidden", "first", "kind"),
    *("keep", "case", "only", "with", "status", "note"),
)
"""Where a new field stands: behind the last one that comes before it here."""
_NULL = "tag:yaml.org,2002:null"
_COMMA = re.compile(r"\s*,")
_ODD = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_WIDEST = 120
"""Characters of a line with a flow item; a longer one is written as a block."""


class Manner(NamedTuple):
    """How an item is spelled."""

    key: str = ""
    """The quotation mark around its keys, if any."""
    value: str = ""
    """The one around values that need none."""
    nested: int | None = None
    """How much deeper than its key a block list stands; None: lists are written `[a, b]`."""


def spell(value: str, quote: str = "", *, in_flow: bool = False) -> str:
    """Spell a word as a YAML scalar: plain unless `quote` is asked for or it would be read as something else."""
    if quote == '"':
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if not quote and not needs_quotes(value, in_flow=in_flow):
        return value
    return "'" + value.replace("'", "''") + "'"


def needs_quotes(value: str, *, in_flow: bool = False) -> bool:
    """Tell whether a word, written plain, would be read as another one."""
    if value.isalnum() and value.lower() not in _ODD:
        return False
    try:
        root: Any = yaml.compose(f"[{{a: {value}}}, {{{value}: a}}]" if in_flow else f"a: {value}\n", Loader=LOADER)
        pairs = [node.value for node in root.value] if in_flow else [root.value]
        found = [pairs[0][0][1], pairs[1][0][0]] if in_flow else [pairs[0][0][1]]
        alone = all(len(pair) == 1 for pair in pairs)
    except (yaml.YAMLError, AttributeError, IndexError, TypeError):
        return True
    return not alone or not all(
        isinstance(n, yaml.ScalarNode) and (n.value, n.tag != _NULL) == (value, True) for n in found
    )


class Sheet(Places):
    """A glossary file's text and the splices that change it."""

    def put_lines(self, place: int, lines: Iterable[str]) -> Edit:
        """Insert lines below the line of a place; a last line without an ending stays one."""
        at = self.line_end(place)
        if at and self.text[at - 1] in BREAKS:
            return Edit(Span(at, at), "".join(line + self.newline for line in lines))
        text = self.newline.join(lines)
        return Edit(Span(at, at), self.newline + text if at else text + self.newline)

    def cut_lines(self, start: int, end: int) -> Edit:
        """Remove the lines from one place to another."""
        first, last = self.line_start(start), self.line_end(end)
        if first and self.text[last - 1] not in BREAKS:
            first -= 2 if self.text[first - 2 : first] == "\r\n" else 1
        return Edit(Span(first, last), "")

    def replace(self, span: Span, node: Any, value: str, *, in_flow: bool, is_alias: bool = False) -> Edit:  # noqa: ANN401  # a YAML node
        """Put a word in a scalar's place, its anchor, tag and quotation marks kept."""
        if is_alias:
            return Edit(span, spell(value, in_flow=in_flow))
        self.own(node)
        properties = PROPERTIES.match(self.text, span.start, span.end)
        inner = Span(properties.end() if properties else span.start, span.end)
        if node.style in {"|", ">"}:
            head = self.line_end(inner.start)
            return Edit(Span(inner.end - len(self.text[head : inner.end].lstrip()), inner.end), value)
        return Edit(inner, spell(value, _kept_quote(node, in_flow=in_flow), in_flow=in_flow))

    # ── Fields ────────────────────────────────────────────────────────────────────────────────────────────────────

    def write(self, index: int, values: Mapping[str, Value]) -> list[Edit]:
        """Give fields of a term new values; an empty one goes."""
        node = self.listing.value[index]
        if isinstance(node, tuple):
            return self._write_pair(index, node, values)
        fields = self.fields(node)
        known = {field.name: field for field in fields}
        manner = self.manner(index)
        edits = []
        for name in sorted(values, key=ORDER.index):
            if name in known:
                edits += self._change(node, known[name], values[name], manner)
            elif values[name] not in {"", ()}:
                edits.append(self._put_field(node, fields, name, values[name], manner))
        return edits

    def _write_pair(self, index: int, pair: tuple[Any, Any], values: Mapping[str, Value]) -> list[Edit]:
        """Change a `term: translation` line, which holds nothing else."""
        place, in_flow = self.item(index), bool(self.listing.flow_style)
        if any(values[name] for name in values.keys() - {"term", "translation"}):
            self.fail(place.start, "a `term: translation` line holds nothing else; write it as `- term: …`")
        key = self.span(pair[0], place.start)
        colon = COLON.match(self.text, key.end)
        spots = {"term": key, "translation": self.span(pair[1], colon.end() if colon else key.end)}
        return [
            self.replace(spot, node, str(values[name]), in_flow=in_flow, is_alias=node.start_mark.index < place.start)
            for (name, spot), node in zip(spots.items(), pair, strict=True)
            if values.get(name)
        ]

    def _change(self, parent: yaml.MappingNode, field: Field, value: Value, manner: Manner) -> list[Edit]:
        if value in {"", ()}:
            return [self._cut_field(parent, field)]
        if isinstance(value, tuple) and isinstance(field.node, yaml.SequenceNode) and not field.is_alias:
            return self._change_list(field, value)
        if isinstance(value, tuple) and (field.is_alias or len(value) > 1 or field.node.tag == _NULL):
            if not field.is_alias:
                self.own(field.node)
            space = " " * (field.value.start == field.value.end)
            return [Edit(field.value, space + _written(value, manner))]
        word = value[0] if isinstance(value, tuple) else _word(value)
        in_flow = bool(parent.flow_style)
        return [self.replace(field.value, field.node, word, in_flow=in_flow, is_alias=field.is_alias)]

    def _put_field(
        self, node: yaml.MappingNode, fields: Sequence[Field], name: str, value: Value, manner: Manner
    ) -> Edit:
        before = [field for field in fields if ORDER.index(field.name) < ORDER.index(name)] or fields
        at = before[-1].value.end
        if node.flow_style:
            return Edit(Span(at, at), f", {_quoted(name, manner.key)}: {_written(value, manner)}")
        column = len(self.prefix(fields[0].key.start))
        return self.put_lines(at, _field_lines(name, value, " " * column, manner))

    def _cut_field(self, node: yaml.MappingNode, field: Field) -> Edit:
        if not field.is_alias:
            self.own(field.node)
        fields = self.fields(node)
        spots = [Span(one.key.start, one.value.end) for one in fields]
        at = [one.name for one in fields].index(field.name)
        if node.flow_style:
            return self._cut_flow(spots, at, at)
        if not self.prefix(field.key.start).strip(" "):
            return self.cut_lines(*spots[at])
        following = spots[at + 1].start if at + 1 < len(fields) else spots[at].end
        between = self.text[field.value.end : following]
        return Edit(Span(field.key.start, field.value.end if between.strip() else following), "")

    # ── Lists ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _change_list(self, field: Field, words: Sequence[str]) -> list[Edit]:
        """Make a list hold these words, in order: items go, or are replaced where they stand, or are put behind."""
        node, spots = field.node, self.items(field.node)
        self.own(node, deep=False)
        old = [tidy(item.value) for item in node.value]
        if not spots:
            inside = ", ".join(spell(word, in_flow=True) for word in words)
            return [Edit(Span(self.text.index("[", field.value.start), field.value.end), f"[{inside}]")]
        if (kept := _kept(old, words)) is not None:
            return list(self._cut_items(node, spots, set(range(len(old))) - kept))
        edits = []
        for n, (word, former) in enumerate(zip(words, old, strict=False)):
            if word != former:
                floor = spots[n - 1].end if n else node.start_mark.index
                is_alias = node.value[n].start_mark.index < floor
                in_flow = bool(node.flow_style)
                edits.append(self.replace(spots[n], node.value[n], word, in_flow=in_flow, is_alias=is_alias))
        edits += self._cut_items(node, spots, set(range(len(words), len(old))))
        return [*edits, *self._put_items(node, spots, words[len(old) :])]

    def _put_items(self, node: yaml.SequenceNode, spots: Sequence[Span], words: Sequence[str]) -> Iterator[Edit]:
        if not words:
            return
        end, quote = spots[-1].end, _needless(node.value[-1], in_flow=bool(node.flow_style))
        if node.flow_style:
            yield Edit(Span(end, end), "".join(f", {spell(word, quote, in_flow=True)}" for word in words))
            return
        indent, gap = self.dash(spots[-1], spots[-2].end if len(spots) > 1 else node.start_mark.index)
        yield self.put_lines(end, [f"{indent}-{gap}{spell(word, quote)}" for word in words])

    def _cut_items(self, node: yaml.CollectionNode, spots: Sequence[Span], gone: set[int]) -> Iterator[Edit]:
        """Remove some of a collection's items, not all of them."""
        for first, last in runs(gone):
            for item in node.value[first : last + 1]:
                for one in item if isinstance(item, tuple) else (item,):
                    if one.start_mark.index >= spots[first].start:
                        self.own(one)
            if node.flow_style:
                yield self._cut_flow(spots, first, last)
            else:
                yield from self._cut_block(node, spots, first, last)

    def _cut_block(self, node: yaml.CollectionNode, spots: Sequence[Span], first: int, last: int) -> Iterator[Edit]:
        """Remove the lines of neighbouring items, with their dashes; at once where no comment stands between."""
        if first < last and "#" in "".join(self.text[spots[n].end : spots[n + 1].start] for n in range(first, last)):
            for n in range(first, last + 1):
                yield from self._cut_block(node, spots, n, n)
            return
        floor = spots[first - 1].end if first else node.start_mark.index
        is_pair = isinstance(node, yaml.MappingNode)
        start = spots[first].start if is_pair else self.dash_place(spots[first], floor)
        yield self.cut_lines(start, spots[last].end)

    def _cut_flow(self, spots: Sequence[Span], first: int, last: int) -> Edit:
        """Remove items of a flow collection with one comma; comments around them stay."""
        before, after = spots[max(first - 1, 0)].end, spots[min(last + 1, len(spots) - 1)].start
        if first and "#" not in self.text[before : spots[first].start]:
            return Edit(Span(before, spots[last].end), "")
        comma = _COMMA.match(self.text, spots[last].end)
        end = comma.end() if comma else spots[last].end
        is_last = last + 1 == len(spots)
        return Edit(Span(spots[first].start, end if is_last or "#" in self.text[end:after] else after), "")

    # ── Items ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def manner(self, index: int) -> Manner:
        """Say how a term is spelled; lists as in the nearest term, itself first, that has one."""
        node = self.listing.value[index]
        if isinstance(node, tuple):
            return Manner("", _needless(node[1], in_flow=False))
        in_flow = bool(node.flow_style)
        key, value = next((key, value) for key, value in node.value if key.value == "term")
        return Manner(_needless(key, in_flow=in_flow), _needless(value, in_flow=in_flow), self._nested(index))

    def _nested(self, index: int) -> int | None:
        items = self.listing.value
        for item in (items[index], *reversed(items[max(index - 50, 0) : index]), *items[index + 1 : index + 50]):
            for field in () if item.flow_style else self.fields(item):
                if isinstance(field.node, yaml.SequenceNode) and not field.is_alias:
                    if field.node.flow_style:
                        return None
                    indent, _ = self.dash(self.items(field.node)[0], field.node.start_mark.index)
                    return max(len(indent) - len(self.prefix(field.key.start)), 0)
        return None

    def put_item(self, values: Mapping[str, Value]) -> list[Edit]:
        """Add a term behind the last one, spelled as that one is."""
        values = {name: values[name] for name in ORDER if values.get(name)}
        node = self.listing
        if not node:
            return self._put_first(values)
        last = len(node.value) - 1
        spot = self.item(last)
        if isinstance(node, yaml.MappingNode):
            return [self._put_pair(node, spot, values)]
        manner = self.manner(last)
        if node.flow_style:
            return [Edit(Span(spot.end, spot.end), f", {_flow_item(values, manner)}")]
        indent, gap = self.dash(spot, self.item(last - 1).end if last else node.start_mark.index)
        line = f"{indent}-{gap}{_flow_item(values, manner)}"
        if node.value[-1].flow_style and len(line) <= _WIDEST:
            return [self.put_lines(spot.end, [line])]
        return [self.put_lines(spot.end, _item_lines(values, f"{indent}-{gap}", manner))]

    def _put_pair(self, node: yaml.MappingNode, last: Span, values: Mapping[str, Value]) -> Edit:
        if values.keys() != {"term", "translation"}:
            self.fail(last.start, "its terms are `term: translation` lines, which hold nothing else")
        in_flow = bool(node.flow_style)
        term, translation = (spell(str(values[name]), in_flow=in_flow) for name in ("term", "translation"))
        if in_flow:
            return Edit(Span(last.end, last.end), f", {term}: {translation}")
        return self.put_lines(last.end, [f"{self.prefix(last.start)}{term}: {translation}"])

    def _put_first(self, values: Mapping[str, Value]) -> list[Edit]:
        """Write the first term of a file that has `terms:` and nothing below it, or nothing at all."""
        lines = list(_item_lines(values, "  - ", Manner()))
        if not isinstance(self.root, yaml.MappingNode):
            begin = re.search(r"^---(?=\s|$)", self.text, re.MULTILINE)
            return [self.put_lines(begin.end() if begin else len(self.text), ["terms:", *lines])]
        place = self.fields(self.root)[0].value
        if self.root.flow_style:
            return [Edit(place, f"{' ' * (place.start == place.end)}[{_flow_item(values, Manner())}]")]
        properties = PROPERTIES.match(self.text, *place)
        head = self.text[: properties.end() if properties else place.start].rstrip(" ")
        return [Edit(Span(len(head), place.end), ""), self.put_lines(place.end, lines)]

    def cut_terms(self, indexes: set[int]) -> list[Edit]:
        """Remove terms; `terms: []` is left where there is no other."""
        node, count = self.listing, len(self.listing.value)
        near = {n for one in indexes for n in (one - 1, one, one + 1) if 0 <= n < count}
        spots = [self.item(n) if n in near else Span(0, 0) for n in range(count)]
        if len(indexes) < count:
            return list(self._cut_items(node, spots, indexes))
        self.own(node)
        if node.flow_style:
            return [Edit(Span(spots[0].start, spots[-1].end), "")]
        key = self.span(self.root.value[0][0], 0)
        colon = COLON.match(self.text, key.end)
        at = colon.end() if colon else key.end
        return [Edit(Span(at, at), " []"), *self._cut_block(node, spots, 0, count - 1)]

    def finished(self, edits: Iterable[Edit]) -> tuple[Edit, ...]:
        """Count the edits in the text as it is in the file, byte order mark included; parted where they overlap.

        A cut takes the line ending before it where the last line has none; it gives it back to what needs it.
        """
        out: list[Edit] = []
        for (start, end), new in sorted((e for e in edits if e.text or e.span.start < e.span.end), key=itemgetter(0)):
            if out and out[-1].span.end > start:
                span, text = out.pop()
                out.append(
                    Edit(Span(span.start, start) if end > start else Span(start, start), new if end == start else text)
                )
                out.append(Edit(Span(start, end), new) if end > start else Edit(Span(start, span.end), text))
            else:
                out.append(Edit(Span(start, end), new))
        return tuple(Edit(edit.span.shift(self.shift), edit.text) for edit in out)


def _kept_quote(node: yaml.ScalarNode, *, in_flow: bool) -> str:
    """Keep double quotes, and single ones that were not needed: those that were go when they no longer are."""
    if node.style == "'" and needs_quotes(tidy(node.value), in_flow=in_flow):
        return ""
    return node.style or ""


def _needless(node: Any, *, in_flow: bool) -> str:  # noqa: ANN401  # a YAML node of any kind
    """Give the quotation mark around a word that needs none."""
    is_quoted = isinstance(node, yaml.ScalarNode) and node.style in {"'", '"'}
    return str(node.style) if is_quoted and not needs_quotes(node.value, in_flow=in_flow) else ""


def _kept(old: Sequence[str], words: Sequence[str]) -> set[int] | None:
    """Say which items stay where the words are some of the old ones in their order; None where they are not."""
    kept, at = set(), 0
    for word in words:
        while at < len(old) and old[at] != word:
            at += 1
        if at == len(old):
            return None
        kept.add(at)
        at += 1
    return kept


def _quoted(name: str, quote: str) -> str:
    return f"{quote}{name}{quote}"


def _word(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else value


def _written(value: Value, manner: Manner, *, in_flow: bool = True) -> str:
    if isinstance(value, bool):
        return _word(value)
    if isinstance(value, str):
        return spell(value, manner.value, in_flow=in_flow)
    return "[" + ", ".join(spell(word, manner.value, in_flow=True) for word in value) + "]"


def _flow_item(values: Mapping[str, Value], manner: Manner) -> str:
    return "{" + ", ".join(f"{_quoted(name, manner.key)}: {_written(v, manner)}" for name, v in values.items()) + "}"


def _field_lines(name: str, value: Value, prefix: str, manner: Manner) -> Iterator[str]:
    head = f"{prefix}{_quoted(name, manner.key)}:"
    if manner.nested is None or not isinstance(value, tuple):
        yield f"{head} {_written(value, manner, in_flow=False)}"
        return
    yield head
    indent = " " * (len(prefix) + manner.nested)
    yield from (f"{indent}- {spell(word, manner.value)}" for word in value)


def _item_lines(values: Mapping[str, Value], prefix: str, manner: Manner) -> Iterator[str]:
    for name, value in values.items():
        yield from _field_lines(name, value, prefix, manner)
        prefix = " " * len(prefix)
