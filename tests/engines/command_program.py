"""A program for the engine `command`: it says what it is asked in English, and misbehaves when told to.

    python command_program.py FOLDER

In FOLDER it finds `faults`, one a line, used up one a question, and `always`, the one that then holds; it writes each
question it was asked to `asked`, and its own process id to `started`.
"""

import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from speaking import BATCH_FAULTS, wrong

OWN_FAULTS = (
    "dies",
    "complains and dies",
    "silent",
    "closes its output",
    "garbage",
    "not utf-8",
    "endless line",
    "no id",
    "unknown id",
    "answers twice",
    "text is no text",
    "says an error",
    "last is first",
)


BREAKING = {*OWN_FAULTS, *BATCH_FAULTS} - {"answers twice", "doubled", "says an error", "last is first", "swapped"}
"""Faults after which it is started anew."""


class Program:
    """Reads questions and answers them, one by one."""

    def __init__(self, folder):
        self.folder = folder
        self.held = []
        """Answers that wait for the next one."""

    def fault(self):
        path = self.folder / "faults"
        lines = path.read_text().splitlines() if path.exists() else []
        if lines:
            path.write_text("".join(f"{line}\n" for line in lines[1:]))
            return lines[0]
        always = self.folder / "always"
        return always.read_text().strip() if always.exists() else ""

    def run(self):
        with (self.folder / "started").open("a") as file:
            file.write(f"{os.getpid()}\n")
        for line in sys.stdin.buffer:
            with (self.folder / "asked").open("ab") as file:
                file.write(line)
            asked = json.loads(line)
            fault = self.fault()
            getattr(self, "_" + fault.replace(" ", "_").replace("-", ""), self._answer)(asked, fault)
        self._release()

    def say(self, said):
        sys.stdout.buffer.write(said if isinstance(said, bytes) else json.dumps(said).encode() + b"\n")
        sys.stdout.buffer.flush()

    def _release(self):
        for each in self.held:
            self.say(each)
        self.held.clear()

    def right(self, asked, fault=""):
        text = asked["text"]
        terms = {text[each["start"] : each["end"]]: each["translation"] for each in asked["terms"]}
        return {"id": asked["id"], "text": wrong(text, fault, terms)}

    def _answer(self, asked, fault):
        self.say(self.right(asked, fault))
        self._release()

    def _dies(self, *_):
        os._exit(3)

    def _complains_and_dies(self, *_):
        sys.stderr.write("loading…\nModelError: no memory left\n")
        sys.stderr.flush()
        os._exit(1)

    def _silent(self, *_):
        time.sleep(3600)

    def _closes_its_output(self, *_):
        os.close(1)
        time.sleep(3600)

    def _garbage(self, *_):
        self.say(b"Loading model... done.\n")

    def _not_utf8(self, *_):
        self.say(b'{"id": 1, "text": "\xff\xfe"}\n')

    def _endless_line(self, *_):
        for _ in range(30):
            self.say(b"x" * 100_000)
        time.sleep(3600)

    def _no_id(self, asked, _):
        self.say({"text": self.right(asked)["text"]})

    def _unknown_id(self, asked, _):
        self.say(self.right(asked) | {"id": asked["id"] + 1000})

    def _answers_twice(self, asked, _):
        self.say(self.right(asked))
        self.say(self.right(asked))

    def _text_is_no_text(self, asked, _):
        self.say({"id": asked["id"], "text": ["a", "b"]})

    def _says_an_error(self, asked, _):
        self.say({"id": asked["id"], "error": "this sentence is not for me"})

    def _last_is_first(self, asked, _):
        self.held.append(self.right(asked))
        if len(self.held) == 3:
            self.held.reverse()
            self._release()

    def _half_json(self, asked, _):
        whole = json.dumps(self.right(asked))
        self.say(whole[: len(whole) // 2].encode() + b"\n")

    def _fenced(self, asked, _):
        self.say(b"```json\n")
        self.say(self.right(asked))
        self.say(b"```\n")

    def _prose_around(self, asked, _):
        self.say(b"Here is the translation you asked for:\n")
        self.say(self.right(asked))

    def _one_missing(self, *_):
        """Say nothing, and go on."""

    def _merged(self, asked, _):
        """Answer this question and the next in one, under this one's id."""
        following = json.loads(sys.stdin.buffer.readline())
        with (self.folder / "asked").open("ab") as file:
            file.write(json.dumps(following).encode() + b"\n")
        first, second = self.right(asked), self.right(following)
        self.say(first | {"text": f"{first['text']} {second['text']}"})

    def _doubled(self, asked, fault):
        self._answers_twice(asked, fault)

    def _swapped(self, asked, fault):
        self._last_is_first(asked, fault)


if __name__ == "__main__":
    Program(Path(sys.argv[1])).run()
