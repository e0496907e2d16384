"""`glossary export`, `import` and `lint`, run as a user runs them."""

import json

import pytest
from cli_shell import TERMS

PEOPLE = """\
# People.
terms:
  - term: 沐神
    aliases: [李沐]   # his name
    translation: Mu Li
    forbidden: [Mushen]
"""


@pytest.fixture
def site(shell):
    shell.write("glossary/people.yaml", PEOPLE)
    return shell


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.tbx", "a.po"])
def test_out_and_in_again(site, name):
    site("glossary", "export", "-o", name)
    assert name in site.out
    assert not site.err
    site("glossary", "import", name)
    assert "glossary/imported.yaml: 0 terms added\n2 terms there already and the same" in site.out
    site.write("glossary/people.yaml", "terms: []\n")
    site("glossary", "import", name, "--into", "glossary/people.yaml")
    assert "people.yaml: 1 term added" in site.out
    site("glossary", "list", "--json")
    assert {term["term"]: term["translation"] for term in json.loads(site.out)} == {"沐神": "Mu Li", "花园": "garden"}
    assert site.read("glossary/terms.yaml") == TERMS


def test_excel_is_given_its_mark_and_a_pipe_is_not(site):
    site("glossary", "export", "-o", "a.csv")
    assert (site.root / "a.csv").read_bytes().startswith(b"\xef\xbb\xbfterm,")
    assert site("glossary", "export").startswith("term,translation,")


def test_what_a_format_cannot_hold_is_said_and_the_export_stays_clean(site):
    assert site("glossary", "export", "李沐", "--format", "deepl") == "沐神\tMu Li\n李沐\tMu Li\n"
    assert "deepl: `forbidden` is not there: “沐神”: Mushen" in site.err
    assert site.fails("glossary", "export", "没有") == "duizhao: there is no term “没有”"
    assert "known are csv, tsv" in site.fails("glossary", "export", "--format", "xls")
    assert "add --format" in site.fails("glossary", "export", "-o", "a.xls")


def test_conflicts_are_shown_and_only_replaced_when_that_is_said(site):
    site.write("a.csv", "term,translation,page\r\n沐神,Li Mu,1\r\n花,flower,2\r\n")
    site("glossary", "import", "a.csv", "--dry-run")
    assert "glossary/imported.yaml: 1 term would be added" in site.out
    assert "a.csv:2: “沐神” stands in people.yaml:3: translation “Li Mu” here, “Mu Li” there" in site.out
    assert "a.csv:1: the column “page” is no field of a term: left out" in site.out
    assert not (site.root / "glossary/imported.yaml").exists()
    site("glossary", "import", "a.csv", "--json")
    said = json.loads(site.out)
    assert [term["term"] for term in said["added"]] == ["花"]
    assert [clash["line"] for clash in said["conflicts"]] == [2]
    assert site.read("glossary/people.yaml") == PEOPLE
    site("glossary", "import", "a.csv", "--replace")
    assert site.read("glossary/people.yaml") == PEOPLE.replace("Mu Li", "Li Mu")
    assert site.read("glossary/imported.yaml").startswith("# Terms that came from other programs")


def test_an_import_that_is_refused_changes_nothing(site):
    for name, data, message in (
        ("a.csv", 'term,translation\n中文,"x\n', "a.csv:2: is no table: in the row that starts here a quotation mark"),
        ("a.csv", "term,translation\n中文,x".encode("gb18030"), "a.csv:2:1: is not UTF-8"),
        ("a.txt", "中文，x\n中文 x\n", "a.txt:2:5: expected `中文，english`"),
        ("a.tbx", "<!DOCTYPE tbx [<!ENTITY a 'b'>]><tbx>&a;</tbx>", "declares the entity “a”"),
        ("a.po", "msgid", "a.po:1: this is not a line of a PO file"),
        ("a.tsv", b"a" * (32 * 1024 * 1024 + 1), "a.tsv: has more than 32 MB; split it"),
    ):
        site.write(name, data)
        assert message in site.fails("glossary", "import", name)
    assert "cannot be read" in site.fails("glossary", "import", "none.csv")
    assert not (site.root / "glossary/imported.yaml").exists()


def test_a_file_that_the_project_does_not_read_is_told_of(site):
    site.write("a.txt", "花，flower\n")
    site("glossary", "import", "a.txt", "--into", "elsewhere.yaml")
    assert "elsewhere.yaml is none of the project's glossary files" in site.out


def test_lint_says_what_is_wrong_and_mends_what_is_safe(site):
    site("glossary", "lint")
    assert site.out.startswith("nothing is wrong; --all shows")
    site.write("glossary/people.yaml", PEOPLE.replace("[李沐]", "[李沐, 沐神]").replace("Mushen", "Mu Li"))
    site("glossary", "lint", code=1)
    assert "glossary/people.yaml:4: warning repeated: “沐神” is the term's own and needs no `aliases`" in site.out
    assert "glossary/people.yaml:6: error forbidden: “Mu Li” is forbidden here and accepted" in site.out
    assert site.out.endswith("1 error, 1 warning; --all shows 1 thing worth a look\n--fix mends 1 of them\n")
    site("glossary", "lint", "--fix", code=1)
    assert "glossary/people.yaml: 1 word mended" in site.out
    assert site.read("glossary/people.yaml") == PEOPLE.replace("Mushen", "Mu Li")
    site("glossary", "lint", "--json", "--fix", code=1)
    said = json.loads(site.out)
    assert said["fixed"] == 0
    assert [flaw["rule"] for flaw in said["flaws"]] == ["unused", "forbidden"]
    assert "“沐神” stands in no post" in site("glossary", "lint", "--all", code=1)


def test_a_posts_own_glossary_may_override_and_is_looked_at(site):
    site.write("glossary.yaml", "terms: [{term: 花园, translation: yard}]\n")
    site("glossary", "lint")
    site.write("glossary.yaml", "terms: [{term: 花园, translation: yard}, {term: 花园, translation: park}]\n")
    site("glossary", "lint", code=1)
    assert "glossary.yaml:1: error conflict: “花园” is “park” here and “yard” in glossary.yaml:1" in site.out
    assert "“花园” stands here and in line 1" in site.fails("translate", "zh.md", "-e", "none")
    assert "there is no such file" in site.fails("glossary", "lint", "none.yaml")
