"""The glossary's files on disk: the right one is changed, and of two who write at once neither loses anything."""

import subprocess
import sys

import pytest

from translator.config import Project
from translator.errors import ConflictError, InputError
from translator.glossary import read
from translator.glossary.edit import set_field
from translator.model import Term
from translator.pipeline.edit_terms import HEADER, Shelf, home

PEOPLE = "terms:\n  - term: 沐神\n    aliases: [李沐]\n    translation: Mu Li\n    kind: person\n"
PROJECTS = "# Projects\nterms: []\n"
TERMS = (
    "terms:\n  - {term: 深度学习, translation: deep learning}\n  - {term: 沐, translation: wash, status: proposed}\n"
)
ADDS = """
import sys
from pathlib import Path
from translator.config import Project
from translator.model import Term
from translator.pipeline.edit_terms import Shelf
root, name = Path(sys.argv[1]), sys.argv[2]
for n in range(25):
    Shelf(Project.of(root)).add(Term(f"词{name}之{n}", f"word {name} {n}", aliases=(f"别名{name}之{n}",)))
"""
SAVES = """
import sys
with open(sys.argv[1], "ab") as file:
    file.write(sys.argv[2].encode())
"""
"""An editor: plain writing, no lock."""


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "site" / "glossary"
    folder.mkdir(parents=True)
    for name, text in (("who.yaml", PEOPLE), ("projects.yaml", PROJECTS), ("terms.yaml", TERMS)):
        (folder / name).write_bytes(text.encode())
    return folder.parent


def shelf(root, **more):
    return Shelf(Project.of(root), **more)


@pytest.mark.parametrize(
    ("kind", "name"), [("person", "who.yaml"), ("project", "projects.yaml"), ("", "terms.yaml"), ("food", "terms.yaml")]
)
def test_a_term_goes_where_its_kind_is(root, kind, name):
    path, change = shelf(root).add(Term("新词", "new word", kind=kind))
    assert path.name == name
    assert change.terms[0][1].path == path
    assert "新词" in path.read_text(encoding="utf-8")


def test_the_first_file_is_made(tmp_path):
    path, _ = shelf(tmp_path).add(Term("新词", "new word", kind="person"))
    assert path == tmp_path / "glossary" / "terms.yaml"
    assert (
        path.read_text(encoding="utf-8")
        == HEADER + "terms:\n  - term: 新词\n    translation: new word\n    kind: person\n"
    )


def test_home_follows_the_settings(tmp_path):
    (tmp_path / "duizhao.yaml").write_text("glossary: [words/mine.yaml]\n", encoding="utf-8")
    assert home(Project.of(tmp_path), "") == tmp_path / "words" / "mine.yaml"


def test_a_term_of_another_file_is_no_new_one(root):
    with pytest.raises(InputError, match="“沐神” stands here already") as caught:
        shelf(root).add(Term("李沐", "Li Mu"))
    assert (caught.value.path, caught.value.line) == (root / "glossary" / "who.yaml", 2)
    with pytest.raises(InputError, match="stands here already"):
        shelf(root).put("深度学习", "aliases", ["沐神"])
    with pytest.raises(InputError, match="stands here already"):
        shelf(root).rename("深度学习", "李沐")
    own = root / "glossary.yaml"
    shelf(root, file=own).add(Term("李沐", "Prof. Li"))
    assert read(own)[0].translation == "Prof. Li"


def test_a_term_in_two_files_must_be_said_which(root):
    own = root / "glossary" / "own.yaml"
    shelf(root, file=own).add(Term("李沐", "Prof. Li"))
    with pytest.raises(InputError, match=r"own.yaml:3 and .*who.yaml:2; say with --file which is meant"):
        shelf(root).set("李沐", "note", ["x"])
    assert shelf(root, file=own).set("李沐", "note", ["x"]).path == own


def test_two_terms_of_two_files_become_one(root):
    kept, gone = shelf(root).merge("沐神", "沐")
    assert (kept.path.name, gone.path.name) == ("who.yaml", "terms.yaml")
    (term,) = read(kept.path)
    assert (term.aliases, term.also) == (("李沐", "沐"), ("wash",))
    assert [term.term for term in read(gone.path)] == ["深度学习"]


def test_proposals_are_approved(root):
    assert [edited.path.name for edited in shelf(root).approve(None)] == ["terms.yaml"]
    assert not shelf(root).approve(None)
    assert shelf(root).approve(["沐"])[0].change.notes == ("“沐” is in use already",)


def test_a_dry_run_writes_nothing(root):
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    dry = shelf(root, is_dry=True)
    assert "+  - term: 新词" in dry.add(Term("新词", "new word", kind="person")).change.diff()
    dry.merge("沐神", "沐")
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_nothing_is_written_where_it_is_refused(root):
    before = {path: path.read_bytes() for path in (root / "glossary").iterdir()}
    with pytest.raises(InputError):
        shelf(root).set("沐神", "translation", [])
    with pytest.raises(InputError):
        shelf(root).set("沐神", "only", ["kitchen"])
    assert {path: path.read_bytes() for path in (root / "glossary").iterdir()} == before


def test_a_link_stays_a_link(root):
    real = root.parent / "elsewhere.yaml"
    (root / "glossary" / "terms.yaml").rename(real)
    (root / "glossary" / "terms.yaml").symlink_to(real)
    shelf(root).set("深度学习", "also", ["DL"])
    assert (root / "glossary" / "terms.yaml").is_symlink()
    assert "also: [DL]" in real.read_text(encoding="utf-8")


def run(root, name):
    return subprocess.Popen([sys.executable, "-c", ADDS, str(root), str(name)])


def test_eight_programs_at_once_lose_nothing(root):
    programs = [run(root, n) for n in range(8)]
    assert [program.wait(timeout=250) for program in programs] == [0] * 8
    terms = {term.term for term in read(root / "glossary" / "terms.yaml")}
    assert terms == {"深度学习", "沐", *(f"词{name}之{n}" for name in range(8) for n in range(25))}


def save(path, line):
    subprocess.run([sys.executable, "-c", SAVES, str(path), line], check=True)


def test_an_editor_in_between_loses_nothing(root):
    """Somebody saves the file while a verb is at work on what it read: the verb starts over."""
    path, seen = root / "glossary" / "terms.yaml", []

    def verb(text):
        seen.append(text)
        if len(seen) < 4:
            save(path, f"  - {{term: 手{len(seen)}, translation: by hand}}\n")
        return set_field(text, "深度学习", "also", ["DL"], path)

    shelf(root).apply(path, verb)
    assert len(seen) == 4
    assert [term.term for term in read(path)] == ["深度学习", "沐", "手1", "手2", "手3"]
    assert read(path)[0].also == ("DL",)


def test_an_editor_that_never_rests_is_said(root):
    path, seen = root / "glossary" / "terms.yaml", []

    def verb(text):
        seen.append(text)
        path.write_bytes((text + f"# {len(seen)}\n").encode())
        return set_field(text, "深度学习", "also", ["DL"], path)

    with pytest.raises(ConflictError, match="changed by another program all the time"):
        shelf(root).apply(path, verb)
    assert path.read_bytes().decode() == TERMS + "".join(f"# {n}\n" for n in range(1, len(seen) + 1))
    assert not list(path.parent.glob("*.tmp"))
    assert not list(path.parent.glob(".*.tmp"))
