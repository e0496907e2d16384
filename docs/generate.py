# ruff: noqa: INP001  # a script beside what it writes
"""Write what the documentation takes from the code: `python docs/generate.py` (with `--check`: only say what is stale).

README.md gets the settings; docs/reference.md every command's help, the checks and the engines; docs/engines.md what
engines can do, their settings, and what happens when they fail.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from translator.checks import CHECKS
from translator.config import settings_table
from translator.engines import ENGINES

ROOT = Path(__file__).parent.parent
CONTRACT = ROOT / "tests" / "engines" / "contract.tsv"
COMMANDS = (
    ["init"],
    ["translate"],
    ["check"],
    ["approve"],
    ["publish"],
    ["review"],
    ["export"],
    ["status"],
    ["segments"],
    ["engines"],
    ["engines", "show"],
    ["engines", "fetch"],
    ["evaluate"],
    ["compare"],
    ["train"],
    ["cache"],
    ["cache", "show"],
    ["cache", "clear"],
    ["glossary"],
    ["glossary", "list"],
    ["glossary", "find"],
    ["glossary", "show"],
    ["glossary", "uses"],
    ["glossary", "add"],
    ["glossary", "set"],
    ["glossary", "rename"],
    ["glossary", "remove"],
    ["glossary", "merge"],
    ["glossary", "alias"],
    ["glossary", "forbid"],
    ["glossary", "approve"],
    ["glossary", "lint"],
    ["glossary", "mine"],
    ["glossary", "export"],
    ["glossary", "import"],
)


def settings() -> str:
    """Give the table of settings."""
    rows = [f"| `{name}` | `{default}` | {doc} |" for name, default, doc in settings_table()]
    return "\n".join(["| setting | default | what it is |", "|---|---|---|", *rows])


def help_of(command: list[str]) -> str:
    """Give a command's help as it is printed."""
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"}
    run = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-m", "translator", *command, "--help"], capture_output=True, check=True, env=environment
    )
    lines = [line.rstrip() for line in run.stdout.decode().replace("\r\n", "\n").splitlines()]
    return "\n".join(lines).strip("\n")


def reference() -> str:
    """Give docs/reference.md."""
    parts = ["# Reference", "", "Made from the code by `python docs/generate.py`.", "", "## Checks", ""]
    parts += ["| check | level | why |", "|---|---|---|"]
    parts += [f"| `{check.id}` | {check.level.value} | {check.why} |" for check in CHECKS]
    parts += ["", "## Engines", "", "| engine | what it is |", "|---|---|"]
    parts += [f"| `{name}` | {row.what} |" for name, row in ENGINES.items()]
    parts += ["", "## Commands", ""]
    for command in COMMANDS:
        parts += [f"### duizhao {' '.join(command)}", "", "```", help_of(command), "```", ""]
    return "\n".join(parts)


def abilities() -> str:
    """Give the table of what engines can do."""
    out = ["| engine | what it is | terms | marks | context | paid by | kept |", "|---|---|---|---|---|---|---|"]
    for name, row in ENGINES.items():
        can = row.abilities
        terms = "glossary" if can.glossary else "hints" if can.hints else "holes" if can.drafts else ""
        told = [terms, can.marks, "yes" * can.context, can.price, "yes" * can.remote]
        out.append(f"| [`{name}`](#{name}) | {row.what} | {' | '.join(each or '–' for each in told)} |")
    return "\n".join(out)


def engine_settings() -> str:
    """Give the table of every engine's settings, as they stand under `engines: NAME:`."""
    out = ["| engine | setting | default | what it is |", "|---|---|---|---|"]
    for name, row in ENGINES.items():
        out += [
            f"| `{name}` | `{each.name}` | {f'`{each.default}`' if each.default else ''} | {each.doc} |"
            for each in row.settings
        ]
    return "\n".join(out)


def contract() -> str:
    """Give the matrix of engines and faults: what comes of a fault that comes once, and of one that stays."""
    lines = [line.split("\t") for line in CONTRACT.read_text(encoding="utf-8").splitlines()[1:]]
    names = dict.fromkeys(line[0] for line in lines)
    cells: dict[tuple[str, str], list[str]] = {}
    for name, fault, _, outcome, most in lines:
        cells.setdefault((fault, name), []).append(f"{outcome} {most}")
    out = [f"| what goes wrong | {' | '.join(f'`{name}`' for name in names)} |", "|---|" + "---|" * len(names)]
    out += [
        f"| {fault} | {' | '.join(', '.join(cells.get((fault, name), ['–'])) for name in names)} |"
        for fault in dict.fromkeys(line[1] for line in lines)
    ]
    return "\n".join(out)


def filled(path: Path, **stretches: str) -> str:
    """Give a page with new text between its markers."""
    text = path.read_text(encoding="utf-8")
    for key, new in stretches.items():
        begin, end = (f"<!-- {mark}{key.replace('_', ' ')} -->" for mark in ("", "/"))
        block = f"{begin}\n{new}\n{end}"
        text = re.sub(f"{begin}.*?{end}", lambda _, block=block: block, text, flags=re.DOTALL)
    return text


def pages() -> dict[Path, str]:
    """Give every page as it should be."""
    readme, engines = ROOT / "README.md", ROOT / "docs" / "engines.md"
    return {
        readme: filled(readme, settings=settings()),
        engines: filled(engines, abilities=abilities(), engine_settings=engine_settings(), contract=contract()),
        ROOT / "docs" / "reference.md": reference(),
    }


def main() -> None:
    """Write the pages, or list those that are stale."""
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        print(path.relative_to(ROOT))  # noqa: T201  # a script
        if "--check" not in sys.argv:
            path.write_text(pages()[path], encoding="utf-8")
    if stale and "--check" in sys.argv:
        sys.exit("stale; run: python docs/generate.py")


if __name__ == "__main__":
    main()
