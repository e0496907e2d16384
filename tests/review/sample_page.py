"""A made-up review on the page in a file: rows that no engine and no check would give all at once."""

import re
from types import SimpleNamespace

from translator.markdown import scan
from translator.model import JOINED, Entry
from translator.review import templates
from translator.review.page import is_machines
from translator.review.rows import marks_json, stand_json
from translator.review.standalone import KIND, VERSION, printed
from translator.review.view import view


class SampleSheet:
    """What a sheet gives, made from a review."""

    def __init__(self, review):
        self.title, self.source_name, self.target_name = review.title, review.source_name, review.target_name
        self.view = view(review)
        self.rows = [(n, row) for n, item in enumerate(review.items) for row in item.rows]
        self.entries = self.view.entries
        self.outcome = SimpleNamespace(entries=tuple(entry(row) for _, row in self.rows))
        self.chunks = (range(len(self.rows)),)

    def chunk_html(self, _):
        macros = templates.rows("en")
        return "".join(macros.shape(block, self.target_name) for block in self.view.blocks)

    def model(self):
        terms = [
            {"n": e.number, "term": e.term, "translation": e.translation, "note": e.note, "uses": e.uses}
            for e in self.entries
        ]
        segments = [self.row(i, *pair) for i, pair in enumerate(self.rows)]
        return {"segments": segments, "terms": terms, "chunks": [[0, len(segments)]]}

    def row(self, i, block, row):
        named = {(e.term, e.translation): e.number for e in self.entries}
        return {
            "i": i, "key": row.key, "chunk": 0, "line": row.line, "block": block, "source": row.source,
            "stand": stand_json(entry(row)), "needs": row.needs_person, "machine": is_machines(row),
            "terms": sorted({named[t.term, t.translation] for t in row.source_terms}),
            "findings": [{"check": f.check, "level": f.level.value, "message": f.message} for f in row.findings],
            "marks": marks_json(row.target, scan(row.target)), "sourceMarks": marks_json(row.source, scan(row.source)),
            "codec": "markdown",
        }  # fmt: skip


def entry(row):
    target = JOINED if row.state == "joined" else row.target
    return Entry(row.key, row.source, target, row.state, row.origin, row.by, row.score, other=row.other,
                 former=row.former, findings=row.findings, note=row.note)  # fmt: skip


def page(review):
    """Give the page in a file."""
    about = {"path": review.source_name, "source": review.source_name, "target": review.target_name, "made": "0"}
    return printed(
        SampleSheet(review), {"kind": KIND, "version": VERSION, "page": about, "person": "", "decisions": []}
    )


def still(review):
    """Give the same page without its scripts."""
    return re.sub(r"<script\b.*?</script>", "", page(review), flags=re.DOTALL)
