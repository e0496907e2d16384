"""Nothing that was acknowledged is lost: many clients at once, servers killed in the middle, a disk that is full."""

import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress

import httpx
import pytest
from served_site import Client, master, site, small_disk

from translator.config import Project
from translator.formats import load
from translator.markdown import parse, skeleton
from translator.pipeline.verbs import approve, pair_of

pytestmark = pytest.mark.long
KILLS = 200
DONE = {"done", "same", "stale"}


def entries(post):
    return load(post.with_name("en.po").read_text(encoding="utf-8")).entries


def whole(post):
    """Hold when both files can be read, and the English has the blocks of the post."""
    there = entries(post)
    english = parse(post.with_name("en.md").read_bytes().decode())
    assert skeleton(english) == skeleton(parse(post.read_bytes().decode()))
    return there


class History:
    """What several clients were told, and whether all of it can still be found."""

    def __init__(self):
        self.said, self.replaced, self.lock = [], set(), threading.Lock()

    def note(self, decision, fate):
        with self.lock:
            self.said.append((decision["after"].get("target", ""), fate))
            if fate in DONE:
                self.replaced |= {decision["before"].get(name, "") for name in ("target", "other")}

    def lost(self, there):
        texts = {text for entry in there for text in (entry.target, entry.other)} | self.replaced
        return [(text, fate) for text, fate in self.said if fate != "refused" and text not in texts]


@contextmanager
def repeated(step, pause=1.0):
    """Do something again and again beside a test."""
    over = threading.Event()

    def run():
        while not over.wait(pause):
            step()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(run)
        try:
            yield
        finally:
            over.set()
            done.result()


def test_a_thousand_edits_by_four_windows_an_editor_and_the_command_line(tmp_path):
    post, history = site(tmp_path / "site"), History()
    typed = []

    def by_hand():
        """Edit the English as an editor does: read, change, replace; a save in between is the editor's to notice."""
        path = post.with_name("en.md")
        before = path.read_text(encoding="utf-8")
        text = f"Typed by hand, {len(typed)}."
        at = before.rfind("花开得很好！")
        if at >= 0 and path.read_text(encoding="utf-8") == before:
            typed.append(text)
            path.write_text(before[:at] + text + before[at + 6 :], encoding="utf-8")
        approve(post, clean=True)

    def window(name, address):
        rng, client = random.Random(name), Client(address)  # noqa: S311  # a test's dice
        keys = list(client.read_rows())
        for n in range(250):
            decision = client.write(rng.choice(keys), f"Window {name} says {n}.")
            answer = client.post("decide", {"decisions": [decision]})
            assert answer.status_code == 200, answer.text
            history.note(decision, answer.json()["results"][0]["fate"])
        client.close()

    with master(post) as server:
        address = server.start()
        with repeated(by_hand), ThreadPoolExecutor(4) as pool:
            list(pool.map(window, range(4), [address] * 4))
    there = whole(post)
    assert len(history.said) == 1000
    assert not history.lost(there)
    print(f"{len(history.said)} edits, {len(typed)} by hand", {fate for _, fate in history.said})


def test_killed_two_hundred_times_nothing_acknowledged_is_lost(tmp_path):
    """Two windows write without a pause; the server is killed at any moment, and what was acknowledged is there."""
    post = site(tmp_path / "site")
    rng, kept, count = random.Random(1), {}, 0  # noqa: S311  # a test's dice
    with master(post) as server:
        for kill in range(KILLS):
            address = server.start()
            kept.update(whole_after(post, address, kept))
            with ThreadPoolExecutor(2) as pool:
                begun = threading.Barrier(3)
                writers = [pool.submit(write_until_it_dies, address, begun, kill, part, kept) for part in range(2)]
                begun.wait(60)
                time.sleep(rng.uniform(0.0, 0.25))
                server.kill()
                count += sum(writer.result() for writer in writers)
    pair_of(Project.of(post), post).settle()
    there = {entry.key: entry.target for entry in whole(post)}
    assert all(there[key] in texts for key, texts in kept.items())
    assert count > KILLS // 2
    print(f"{KILLS} kills, {count} acknowledged")


def write_until_it_dies(address, begun, kill, part, kept):
    """Write into every other segment; of each, `kept` has the text last acknowledged and those on their way."""
    acknowledged = 0
    with suppress(httpx.TransportError), closing(Client(address)) as client:
        keys = list(client.read_rows())[part::2]
        begun.wait(60)
        for n in range(10_000):
            key, text = keys[(n * 7 + kill) % len(keys)], f"Kill {kill}, window {part}, text {n}."
            kept.setdefault(key, [client.rows[key]["stand"].get("target", "")]).append(text)
            answer = client.post("decide", {"decisions": [client.write(key, text)]})
            assert answer.json()["results"][0]["fate"] == "done", answer.text
            kept[key] = [text]
            acknowledged += 1
    return acknowledged


def whole_after(post, address, kept):
    """See that each text is the one last acknowledged, or one that was on its way when the server died."""
    whole(post)
    with closing(Client(address)) as client:
        there = {key: row["stand"].get("target", "") for key, row in client.read_rows().items()}
    for key, texts in kept.items():
        assert there[key] in texts, (key, texts, there[key])
    return {key: [there[key]] for key in kept}


def test_on_a_full_disk_nothing_is_lost_and_it_is_said(tmp_path):
    with small_disk(tmp_path / "disk") as disk:
        if disk is None:
            pytest.skip("no small disk can be mounted here; run as root")
        post = site(disk / "site")
        with master(post) as server:
            client = Client(server.start())
            first, second = list(client.read_rows())[3:5]
            assert client.post("decide", {"decisions": [client.write(first, "Before.")]}).status_code == 200
            before = post.with_name("en.po").read_bytes(), post.with_name("en.md").read_bytes()
            fill(disk)
            decision = client.write(second, "Typed on a full disk.")
            answer = client.post("decide", {"decisions": [decision]})
            assert answer.status_code == 507
            assert "disk is full" in answer.json()["error"]
            assert (post.with_name("en.po").read_bytes(), post.with_name("en.md").read_bytes()) == before
            whole(post)
            (disk / "filler").unlink()
            answer = client.post("decide", {"decisions": [decision]})
            assert answer.json()["results"][0]["fate"] == "done"
            client.close()
        assert {"Before.", "Typed on a full disk."} <= {entry.target for entry in whole(post)}


def fill(disk):
    """Fill a disk to its last byte."""
    with (disk / "filler").open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(os.urandom(size))
            except OSError:
                continue
