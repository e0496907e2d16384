"""Any program that reads JSON lines and writes JSON lines.

    → {"id": 1, "text": "用<t1>梯度</t1>。", "terms": [{"start": 5, "end": 7, "translation": "gradient"}], …}
    ← {"id": 1, "text": "Use the <t1>gradient</t1>."}   or   {"id": 1, "error": "why not"}

Answers come in any order; of several to one question the first counts. The program is started when it is first asked,
and ends when its input does. One that does not keep to this is stopped, started anew, and asked what it has not
answered: what it was asked when it broke comes last, one by one, so that a sentence it breaks over is found out.
"""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import signal
import subprocess
import time
import weakref
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import IO, TYPE_CHECKING, Any

from translator.engines import ENGINES
from translator.errors import EngineError
from translator.model import Answer, Candidate, Usage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from translator.meter import Meter
    from translator.model import Job

STARTS = 3
"""How often it may break, started anew each time, without an answer in between."""
LINE = 1_000_000
"""Bytes of a line; a longer one is no answer."""
GRACE = 1.0
"""Seconds that a program has to end by itself."""
LOOK = 0.2
"""Seconds between two looks at the clock; the user can interrupt in between."""
TOLD = 5
"""Lines of what it says on its error output that are shown."""


class _BrokenError(Exception):
    """The program did something that was not agreed."""


# ── The program ───────────────────────────────────────────────────────────────────────────────────────────────────────


class _Program:
    """A running program: lines go in and come out by threads, so that neither side waits for the other."""

    def __init__(self, command: Sequence[str]) -> None:
        try:
            self.process = subprocess.Popen(  # noqa: S603  # the user's own, and no shell
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise EngineError(f"{command[0]} cannot be started: {error.strerror}") from error
        self.to_write, self.said = SimpleQueue[bytes | None](), SimpleQueue[bytes | None]()
        self.told: deque[str] = deque(maxlen=TOLD)
        process = self.process
        threads = [
            Thread(target=_write, args=(process.stdin, self.to_write), daemon=True),
            Thread(target=_read, args=(process.stdout, self.said), daemon=True),
            Thread(target=_hear, args=(process.stderr, self.told), daemon=True),
        ]
        for each in threads:
            each.start()
        self.hearing = threads[-1]
        self.end = weakref.finalize(self, _end, process, self.to_write)
        """Ends it: when it is called, when nobody holds the program any more, when we end."""

    @property
    def is_running(self) -> bool:
        """Whether it lives and was not ended."""
        return self.end.alive and self.process.poll() is None

    def complaint(self) -> str:
        """Give the last lines of its error output."""
        self.hearing.join(0.3)
        return "".join(f"\n  {line}" for line in self.told)


def _write(pipe: IO[bytes], lines: SimpleQueue[bytes | None]) -> None:
    with suppress(OSError, ValueError):
        while (line := lines.get()) is not None:
            pipe.write(line)
            if lines.empty():
                pipe.flush()
    with suppress(OSError):
        pipe.close()


def _read(pipe: IO[bytes], said: SimpleQueue[bytes | None]) -> None:
    with suppress(OSError, ValueError), pipe:
        while line := pipe.readline(LINE):
            said.put(line)
    said.put(None)


def _hear(pipe: IO[bytes], told: deque[str]) -> None:
    with suppress(OSError, ValueError), pipe:
        while line := pipe.readline(LINE):
            text = line.decode("utf-8", "replace").rstrip()
            if text:
                told.append(text[:200])


def _end(process: subprocess.Popen[bytes], to_write: SimpleQueue[bytes | None]) -> None:
    """End a program and what it started; first by the end of its input, then by force. No zombie is left."""
    to_write.put(None)
    with suppress(subprocess.TimeoutExpired):
        process.wait(GRACE)
    _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
    process.wait()


# ── The engine ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Command:
    """Asks a program; it is told the terms and the context, and may heed them."""

    name = "command"
    abilities = ENGINES["command"].abilities

    def __init__(self, command: str, timeout: float, version: str) -> None:
        self._command, self._timeout = shlex.split(command), timeout
        hidden = hashlib.blake2b(command.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        self.signature = f"command {Path(self._command[0]).name} {hidden} {version}".strip()
        self._program: _Program | None = None
        self._next_id = 1
        """Never used twice, so that a late answer is known as one."""
        self._lock = Lock()

    def draft(self, jobs: Sequence[Job], meter: Meter) -> Iterator[tuple[int, Answer]]:
        """Answer every job as the program does; one run of jobs at a time."""
        with self._lock:
            run = _Run(dict(enumerate(jobs)))
            try:
                while run.left:
                    try:
                        yield from self._asked(run, meter)
                    except _BrokenError as error:
                        yield from self._broken(run, str(error), meter)
            except BaseException:  # what it would still say has no reader
                self._stop()
                raise

    def expect(self, jobs: Sequence[Job]) -> Usage:
        """Count questions and characters."""
        return Usage(len(jobs), characters=sum(len(job.text) for job in jobs))

    def _asked(self, run: _Run, meter: Meter) -> Iterator[tuple[int, Answer]]:
        """Ask what is left, some questions ahead of the answers; what is answered is left no more."""
        program, todo = self._running(), run.in_order()
        run.asked = {}
        heard = time.monotonic()
        while todo or run.asked:
            while todo and run.has_room(todo[0], self.abilities.batch):
                n, number = todo.popleft(), self._next_id
                meter.may(Usage(1))
                self._next_id += 1
                run.asked[number] = n
                program.to_write.put(_question(number, run.left[n]))
                meter.add(Usage(1, characters=len(run.left[n].text)), Usage(1))
            try:
                line = program.said.get(timeout=LOOK)
            except Empty:
                if time.monotonic() - heard > self._timeout:
                    raise _BrokenError(f"gave no answer within {self._timeout:g} seconds") from None
                continue
            if line is None:
                raise _BrokenError(_ended(program.process))
            number, answer = _understood(line)
            if 0 < number < self._next_id and number not in run.asked:
                continue
            if number not in run.asked:
                raise _BrokenError(f"answered the id {number}, which was not asked")
            n = run.asked.pop(number)
            del run.left[n]
            run.breaks = 0
            yield n, answer
            heard = time.monotonic()

    def _broken(self, run: _Run, why: str, meter: Meter) -> Iterator[tuple[int, Answer]]:
        """Stop the program; say which sentence it breaks over, if that is found out, or give up."""
        told = self._stop()
        run.breaks += 1
        if run.breaks == STARTS:
            raise EngineError(
                f"{Path(self._command[0]).name} {why}; so it went {STARTS} times, without an answer in"
                f" between. What was answered is kept; mend the program, and the next run goes on{told}"
            )
        meter.retry("the program broke and was started anew")
        alone = next(iter(run.asked.values())) if len(run.asked) == 1 else None
        if alone in run.suspects:
            del run.left[alone]
            yield alone, Answer(error=f"the program {why}, each time it was asked this")
        run.suspects.update(run.asked.values())

    def _running(self) -> _Program:
        if self._program is None or not self._program.is_running:
            self._stop()
            self._program = _Program(self._command)
        return self._program

    def _stop(self) -> str:
        """End the program at once, if it runs, and give what it complained of."""
        program, self._program = self._program, None
        if program is None:
            return ""
        _kill(program.process)
        program.end()
        return program.complaint()


@dataclass
class _Run:
    """How far one run of jobs has come."""

    left: dict[int, Job]
    """By index: those without an answer."""
    asked: dict[int, int] = field(default_factory=dict)
    """By the id of the question."""
    suspects: set[int] = field(default_factory=set)
    """Those that were asked when the program broke."""
    breaks: int = 0
    """Since the last answer."""

    def in_order(self) -> deque[int]:
        """Give what is left, suspects last."""
        return deque(sorted(self.left, key=lambda n: (n in self.suspects, n)))

    def has_room(self, n: int, most: int) -> bool:
        """Whether a job may be asked now: suspects are asked alone."""
        return not self.asked if n in self.suspects else len(self.asked) < most


def _question(number: int, job: Job) -> bytes:
    asked: dict[str, Any] = {"id": number, "text": job.text, "terms": []}
    for span, translation, note in job.terms:
        term = {"start": span.start, "end": span.end, "translation": translation}
        asked["terms"].append(term | ({"note": note} if note else {}))
    around = job.around
    told = {"about": around.about, "headings": list(around.headings), "before": around.before, "after": around.after}
    asked["context"] = {key: value for key, value in (told | {"block": around.block}).items() if value}
    if job.examples:
        asked["examples"] = [list(pair) for pair in job.examples]
    if job.again:
        asked["again"] = job.again
    return json.dumps(asked).encode("ascii") + b"\n"


def _understood(line: bytes) -> tuple[int, Answer]:
    """Read an answer; raises where it is none."""
    try:
        said = json.loads(line)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise _BrokenError(f"wrote a line that is no answer: {_shown(line)}")
    number, text, error = said.get("id"), said.get("text"), said.get("error")
    if type(number) is int and isinstance(error, str):
        return number, Answer(error=error or "the program refused, and did not say why")
    if type(number) is int and error is None and isinstance(text, str):
        return number, Answer((Candidate(text),)) if text.strip() else Answer(error="an empty answer")
    raise _BrokenError(f"wrote an answer without `id` and `text` or `error`: {_shown(line)}")


def _shown(line: bytes) -> str:
    text = " ".join(line.decode("utf-8", "replace").split())
    return text if len(text) <= 80 else f"{text[:80]}…"


def _ended(process: subprocess.Popen[bytes]) -> str:
    try:
        code = process.wait(GRACE)
    except subprocess.TimeoutExpired:
        return "closed its output before every answer was given"
    return f"ended {'' if code == 0 else f'with {code} '}before every answer was given"


# ── The door ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def ready(settings: Mapping[str, str]) -> str:
    """Say what is missing: the command, or its program."""
    command = settings.get("command", "")
    if not command.strip():
        return (
            "it needs a program, as `engines: {command: {command: python3 translate.py}}` in duizhao.yaml;"
            " docs/engines.md has one of ten lines"
        )
    try:
        words = shlex.split(command)
        _timeout(settings)
    except ValueError as error:
        return f"the setting cannot be read: {error}"
    return "" if shutil.which(words[0]) else f"there is no program {words[0]}; write its whole path, or install it"


def open_engine(settings: Mapping[str, str]) -> Command:
    """Give the engine; the program is not started yet."""
    return Command(settings["command"], _timeout(settings), settings.get("version", ""))


def _timeout(settings: Mapping[str, str]) -> float:
    defaults = {each.name: each.default for each in ENGINES["command"].settings}
    said = settings.get("timeout") or defaults["timeout"]
    try:
        seconds = float(said)
    except ValueError:
        seconds = 0.0
    if not seconds > 0:
        raise ValueError(f"timeout must be a number of seconds, not {said}")
    return seconds
