"""The floors: imports go down only, every third-party library has one home, and only the command line prints."""

import ast
import sys
import tomllib
from pathlib import Path

import pytest

import translator

ROOT = Path(translator.__file__).parent
FLOORS = {
    "model": 0,
    "errors": 0,
    "splice": 0,
    "config": 1,
    "meter": 1,
    "text": 1,
    "align": 1,
    "glossary": 1,
    "markdown": 1,
    "memory": 2,
    "engines": 2,
    "checks": 2,
    "formats": 2,
    "train": 2,
    "pipeline": 3,
    "review": 4,
    "cli": 4,
    "__main__": 5,
    "__init__": 5,
}
BESIDE = {("glossary", "align"), ("glossary", "text"), ("align", "text")}
"""Who may import whom on one floor."""
CLOSED = {("engines", "markdown"), ("engines", "glossary")}
"""An engine sees strings with marks: neither Markdown nor the glossary."""
REVIEW = {("cli", "review")}
"""A command is the door to a verb of the review."""
ROOTS = {("cli", "__init__"), ("__main__", "cli")}
"""The version, and `python -m translator`."""
HOMES = {
    "ahocorasick_rs": {"glossary"},
    "ctranslate2": {"engines", "train"},
    "deepl": {"engines"},
    "fxtranslate": {"engines"},
    "httpx": {"engines"},
    "jieba": {"text"},
    "jinja2": {"review"},
    "keyring": {"engines"},
    "markdown_it": {"markdown"},
    "markupsafe": {"review"},
    "mdit_py_plugins": {"markdown"},
    "numpy": {"engines", "train"},
    "openai": {"engines"},
    "marisa_trie": {"text"},
    "opencc": {"text"},
    "platformdirs": {"config", "engines", "text"},
    "polib": {"formats"},
    "pypinyin": {"text"},
    "sacrebleu": {"pipeline"},
    "sentencepiece": {"engines", "train"},
    "sqlite3": {"memory"},
    "stamina": {"engines"},
    "starlette": {"review"},
    "torch": {"train"},
    "typer": {"cli"},
    "uvicorn": {"review"},
    "yaml": {"config", "glossary", "markdown"},
}
EXTRA = {"starlette", "uvicorn"}
ENGINES_EXTRA = {"deepl", "fxtranslate", "httpx", "openai", "sacrebleu", "stamina"}
"""Imported when an engine is used that needs it, and not even then before it asks; sacrebleu when it counts."""
PRINTING = {"print", "sys.stdout.write", "sys.stderr.write", "sys.exit", "exit", "input"}
PROGRAMS = {
    ROOT / "align" / "build.py",
    ROOT / "engines" / "rare_build.py",
    ROOT / "engines" / "replace.py",
    ROOT / "train" / "__main__.py",
}
"""Run by themselves, never imported by a command."""
HEAVY = set(HOMES) - {"typer"}
FILES = sorted(ROOT.rglob("*.py"))


def part(path):
    """Name the part of the package a file belongs to."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def is_typing(node):
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def imports(tree):
    """Give every module a file imports and whether that is at once; what is imported for types alone is left out."""
    stack = [(node, True) for node in tree.body]
    while stack:
        node, top = stack.pop()
        if is_typing(node):
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, top, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            yield from ((f"{node.module}.{alias.name}", top, node.lineno) for alias in node.names)
        inside = top and not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        stack += [(child, inside) for child in ast.iter_child_nodes(node)]


def trees():
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in FILES]


EVERY = [(path, *one) for path, tree in trees() for one in imports(tree)]


def own(name):
    """Name the part of ours that an import is of, if any."""
    first, _, rest = name.partition(".")
    if first != "translator":
        return None
    return rest.split(".")[0] if rest.split(".")[0] in FLOORS else "__init__"


def test_every_part_stands_on_a_floor():
    parts = {part(path) for path in FILES}
    assert parts <= set(FLOORS)
    assert set(FLOORS) == parts


def test_imports_go_down_only():
    wrong = []
    for path, name, _, line in EVERY:
        here, there = part(path), own(name)
        if there in {None, here} or (here, there) in BESIDE | REVIEW | ROOTS:
            continue
        if FLOORS[there] >= FLOORS[here] and here != "__init__":
            wrong.append(f"{path}:{line}: {here} imports {name}")
    assert not wrong


def test_engines_see_neither_markdown_nor_the_glossary():
    assert not [f"{path}:{line}" for path, name, _, line in EVERY if (part(path), own(name)) in CLOSED]


def test_every_library_has_one_home():
    known = sys.stdlib_module_names - {"sqlite3"}
    wrong = []
    for path, name, _, line in EVERY:
        library = name.split(".")[0]
        if library in known or library == "translator":
            continue
        if part(path) not in HOMES.get(library, ()):
            wrong.append(f"{path}:{line}: {library} is not at home here")
    assert not wrong


@pytest.mark.parametrize("where", ["cli", "config", "__init__", "__main__", "errors", "model"])
def test_heavy_libraries_are_imported_when_used(where):
    at_the_top = {name.split(".")[0] for path, name, top, _ in EVERY if top and part(path) == where}
    assert not at_the_top & HEAVY


def test_the_commands_table_imports_no_verb():
    tops = {
        own(name)
        for path, name, top, _ in EVERY
        if top and path in {ROOT / "cli" / "app.py", ROOT / "cli" / "__init__.py"}
    }
    assert tops <= {None, "errors", "cli"}


def test_only_the_command_line_prints():
    wrong = []
    for path, tree in trees():
        for node in ast.walk(tree):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if called in PRINTING and part(path) != "cli" and path not in PROGRAMS:
                wrong.append(f"{path}:{node.lineno}: {called}")
    assert not wrong


def test_programs_are_imported_by_nobody():
    modules = {"translator." + ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in PROGRAMS}
    assert not [f"{path}:{line}" for path, name, _, line in EVERY if name.startswith(tuple(modules))]


def test_what_is_declared_is_used_and_what_is_used_is_declared():
    project = tomllib.loads((ROOT.parent / "pyproject.toml").read_text())["project"]
    extras = {name: more for name, more in project["optional-dependencies"].items() if name != "test"}
    declared = [*project["dependencies"], *(line for more in extras.values() for line in more)]
    names = {line.split(">")[0].strip().lower() for line in declared}
    modules = {
        "pyyaml": "yaml",
        "markdown-it-py": "markdown_it",
        "mdit-py-plugins": "mdit_py_plugins",
        "marisa-trie": "marisa_trie",
    }
    used = {name.split(".")[0] for _, name, _, _ in EVERY} & (
        set(HOMES) - {"keyring", "markupsafe", "numpy", "sqlite3"}
    )
    assert {modules.get(name, name) for name in names} == used


def test_what_the_engines_extras_bring_is_imported_when_it_is_used():
    found = [(path, line) for path, name, top, line in EVERY if name.split(".")[0] in ENGINES_EXTRA if top]
    assert not found


def test_what_an_extra_brings_is_needed_by_its_part_alone():
    """Without the extra everything works but the server of the review, which a command opens when it is used.

    How decisions are written as JSON is the server's and the page's in a file alike, and needs no extra.
    """
    server = ROOT / "review" / "server"
    outside = [(path, name, top, line) for path, name, top, line in EVERY if server not in path.parents]
    wrong = [f"{path}:{line}" for path, name, _, line in outside if name.split(".")[0] in EXTRA]
    wrong += [
        f"{path}:{line}"
        for path, name, top, line in outside
        if name.startswith("translator.review.server") and not name.startswith("translator.review.server.messages")
        if top or part(path) != "cli"
    ]
    assert not wrong
