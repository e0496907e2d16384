"""How long `duizhao --help` takes, beside a bare typer program with as many commands: processor time, best of runs."""

import os
import subprocess
import sys

RUNS = 7
BARE = """
import typer
app = typer.Typer(add_completion=False, rich_markup_mode=None)
for n in range(12):
    app.command(name=f"command-{n}")(lambda: None)
app()
"""
OURS = "from translator.cli import main; main()"


def processor_time(program):
    """Give the processor time of the quickest run, in milliseconds."""
    times = []
    for _ in range(RUNS):
        before = os.times()
        subprocess.run([sys.executable, "-c", program, "--help"], stdout=subprocess.DEVNULL, check=True)
        after = os.times()
        times.append(after.children_user - before.children_user + after.children_system - before.children_system)
    return 1000 * min(times)


def main():
    nothing, bare, ours = processor_time("pass"), processor_time(BARE), processor_time(OURS)
    print(
        f"python {nothing:.0f} ms, bare typer {bare:.0f} ms, "
        f"duizhao --help {ours:.0f} ms: {ours - bare:+.0f} ms (at most +150)"
    )
    return ours - bare > 150


if __name__ == "__main__":
    sys.exit(main())
