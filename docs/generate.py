# ruff: noqa: INP001  # a script beside what it writes
"""Write what the documentation takes from the code: `python docs/generate.py` (with `--check`: only say what is stale).

README.md gets the settings; docs/reference.md every command's help, the checks and the engines.
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


def pages() -> dict[Path, str]:
    """Give every page as it should be."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = f"<!-- settings -->\n{settings()}\n<!-- /settings -->"
    readme = re.sub(r"<!-- settings -->.*?<!-- /settings -->", lambda _: block, readme, flags=re.DOTALL)
    return {ROOT / "README.md": readme, ROOT / "docs" / "reference.md": reference()}


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
