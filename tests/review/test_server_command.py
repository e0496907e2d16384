"""`duizhao review` as a command: how it starts, where it stands, how it ends, and who comes in from outside."""

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from review_server import Running, edited, site

from translator.errors import DuizhaoError
from translator.formats import load
from translator.review.server import serve

PASSWORD = "口令 password"  # noqa: S105  # of the tests


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    found = tmp_path_factory.mktemp("command")
    site(found)
    return found


def review(root, *arguments, env=None, before=""):
    """Run the command to its end; gives its exit code, output and errors."""
    program = f"import sys; sys.argv.insert(1, 'review'); {before}\nfrom translator.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)], cwd=root, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})}, timeout=120,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


# ── Start and end ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_says_where_it_is_and_how_to_stop_it_and_ends_at_ctrl_c(root):
    server = Running(root, "zh.md", "--no-open", "--port", "0")
    assert server.line.startswith("zh.md: http://127.0.0.1:")
    server.enter()
    server.get("/post/1")  # a connection that is kept open
    server.raw("garbage\r\n\r\n")
    with socket.create_connection(("127.0.0.1", server.port)) as idle:
        idle.sendall(b"GET / HTTP/1.1\r\n")
        code, out, err = server.stop()
    assert code == 0
    assert "Ctrl-C" in server.advice
    assert not out
    assert err.strip() == "stopped; everything that was decided is in the records"
    assert not list(root.glob(".duizhao/review-*"))


def test_a_decision_on_its_way_is_kept_or_not_answered(tmp_path):
    site(tmp_path)
    server = Running(tmp_path, "--no-open", "--port", "0").enter()
    rows = server.get("/api/post/1").json()["segments"]
    kept, cookie = [], server.cookie()

    def decide(row):
        with httpx.Client(base_url=server.origin, timeout=60) as client:
            headers = {"Origin": server.origin, "X-Duizhao": "1", "Cookie": cookie}
            body = {"decisions": [edited(row, f"kept {row['key']}")]}
            try:
                answer = client.post("/api/post/1/decide", json=body, headers=headers)
            except httpx.TransportError:
                return
            if answer.status_code == 200:
                kept.append(row["key"])

    threads = [threading.Thread(target=decide, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    threads[0].join()
    code, _, err = server.stop()
    for thread in threads:
        thread.join()
    assert (code, "Traceback" in err) == (0, False), err
    targets = {entry.key: entry.target for entry in load((tmp_path / "en.po").read_text(encoding="utf-8")).entries}
    assert kept
    assert all(targets[key] == f"kept {key}" for key in kept)


def test_a_port_that_is_taken_is_said(root):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        code, out, err = review(root, "--no-open", "--port", port)
    assert code == 2
    assert err.startswith(f"duizhao: port {port} is in use, perhaps by another `duizhao review`;")
    assert not out


def test_the_preferred_port_if_it_is_free(monkeypatch):
    with closing(socket.create_server(("127.0.0.1", 0))) as one:
        port = one.getsockname()[1]
        monkeypatch.setattr(serve, "PREFERRED", port)
        other = serve.listen()
        other.close()
        assert other.port != port
    again = serve.listen()
    again.close()
    assert again.port == port


def test_without_the_extra_it_says_what_to_install(root):
    for library in ("starlette", "uvicorn"):
        code, _, err = review(root, "--no-open", before=f"sys.modules[{library!r}] = None")
        assert code == 2
        assert err == "duizhao: the review's server needs two more packages: pip install 'duizhao[review]'\n"


def test_an_unknown_post_is_said_before_anything_is_served(root):
    code, out, err = review(root, "nix.md", "--no-open")
    assert (code, out) == (2, "")
    assert "there is no such file" in err


# ── Where it stands ───────────────────────────────────────────────────────────────────────────────────────────────────


def bound(where):
    return {one.getsockname()[0] for one in where.sockets}


def test_it_stands_on_this_machine_alone():
    with closing(serve.listen("", 0)) as where:
        assert bound(where) == {"127.0.0.1"}
        assert not where.is_reached_from_outside
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", where.port), timeout=5)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.3"])
def test_an_address_of_this_machine_needs_no_password(host):
    with closing(serve.listen(host, 0)) as where:
        assert not where.is_reached_from_outside
        assert "127.0.0.1" in bound(where)


def test_everywhere_is_asked_for_by_name():
    with closing(serve.listen("0.0.0.0", 0)) as where:  # noqa: S104  # what is tested
        assert bound(where) == {"0.0.0.0"}  # noqa: S104  # likewise
        assert where.is_reached_from_outside
        assert where.is_everywhere


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "nix.invalid", "256.1.1.1", "http://127.0.0.1"])
def test_an_address_that_is_not_ours(host):
    with pytest.raises(DuizhaoError):
        serve.listen(host, 0)


def test_the_browser_is_given_a_file_that_only_its_owner_reads(tmp_path, monkeypatch):
    """What a program is started with stands in the list of processes, for everybody."""
    script = tmp_path / "browser"
    script.write_text('#!/bin/sh\necho "$1" > "$(dirname "$0")/asked"\n', encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{script} %s")
    monkeypatch.setattr("webbrowser._tryorder", None)
    monkeypatch.setattr("webbrowser._browsers", {})
    with serve.opened_in_browser("http://127.0.0.1:1/?token=abc", tmp_path / "cache"):
        (page,) = (tmp_path / "cache").iterdir()
        assert stat.S_IMODE(page.stat().st_mode) == 0o600
        assert "url=http://127.0.0.1:1/?token=abc" in page.read_text(encoding="utf-8")
        while not (tmp_path / "asked").exists() or not (tmp_path / "asked").read_text():
            pass
        asked = (tmp_path / "asked").read_text()
    assert asked.strip() == page.as_uri()
    assert "token" not in asked
    assert not page.exists()


# ── From outside ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("env", "why"), [({}, "needs a password; set DUIZHAO_PASSWORD"), ({"DUIZHAO_PASSWORD": "1234567"}, "fewer than 8")]
)
def test_outside_needs_a_password(root, env, why):
    code, out, err = review(root, "--no-open", "--host", "0.0.0.0", "--port", "0", env=env)  # noqa: S104  # what is tested
    assert (code, out) == (2, "")
    assert why in err


@pytest.fixture(scope="module")
def outside(root):
    env = {"DUIZHAO_PASSWORD": PASSWORD}
    server = Running(root, "--no-open", "--host", "0.0.0.0", "--port", "0", env=env)  # noqa: S104  # what is tested
    yield server
    code, out, err = server.stop()
    assert code == 0
    for said in (f"at port {server.port}", "can read and\nchange", "not encrypted"):
        assert said in err
    assert PASSWORD not in out + err
    assert "Traceback" not in err


def browser(server, address="127.0.0.2"):
    """Open a browser that comes by another of the machine's addresses."""
    return httpx.Client(base_url=f"http://{address}:{server.port}", timeout=60)


def login(client, password):
    base = str(client.base_url).rstrip("/")
    return client.post("/login", data={"password": password}, headers={"Origin": base})


def test_the_password_lets_in(outside):
    with browser(outside) as client:
        assert client.get("/post/1").headers["location"] == "/login"
        form = client.get("/login")
        assert form.status_code == 200
        assert 'type="password"' in form.text
        wrong = login(client, PASSWORD + "x")
        assert wrong.status_code == 401
        assert "set-cookie" not in wrong.headers
        assert client.get("/api/post/1").status_code == 401
        right = login(client, PASSWORD)
        assert (right.status_code, right.headers["location"]) == (303, "/")
        assert {"HttpOnly", "SameSite=Strict", "Path=/"} == set(right.headers["set-cookie"].split("; ")[1:])
        assert client.get("/post/1").status_code == 200


def test_guessing_is_slowed_down(outside):
    local = httpx.HTTPTransport(local_address="127.0.0.9")
    with httpx.Client(base_url=f"http://127.0.0.1:{outside.port}", transport=local) as client:
        statuses = [login(client, f"guess {n}").status_code for n in range(6)]
        assert statuses[:2] == [401, 401]
        assert 429 in statuses
        answer = login(client, PASSWORD)
        assert answer.status_code in {429, 303}
        if answer.status_code == 429:
            assert int(answer.headers["retry-after"]) >= 1
    with browser(outside) as client:
        assert login(client, PASSWORD).status_code == 303


def test_a_form_of_another_site_cannot_log_in(outside):
    with browser(outside) as client:
        for origin in ("null", "https://evil.example"):
            answer = client.post("/login", data={"password": PASSWORD}, headers={"Origin": origin})
            assert answer.status_code == 403
        assert client.post("/login", data={"password": PASSWORD}).status_code == 403


def test_names_that_are_no_numbers_are_not_ours(outside):
    with browser(outside) as client:
        host = f"rebound.example:{outside.port}"
        assert client.get("/login", headers={"Host": host}).status_code == 421


def test_the_address_still_works_on_this_machine(outside):
    outside.enter()
    assert outside.get("/post/1").status_code == 200


def test_the_password_is_nowhere_to_be_seen(outside):
    assert b"pass" not in Path(f"/proc/{outside.process.pid}/cmdline").read_bytes()


def test_without_a_password_there_is_no_login(root):
    server = Running(root, "--no-open", "--port", "0").enter()
    assert server.get("/login").status_code == 404
    assert server.post("/login", {"password": PASSWORD}).status_code == 404
    assert server.stop(signal.SIGTERM)[0] in {0, -signal.SIGTERM}


def test_a_post_without_a_draft_is_said(root):
    (root / "new.md").write_text("新的一句话。\n", encoding="utf-8")
    server = Running(root, "new.md", "--no-open", "--port", "0")
    _, _, err = server.stop()
    assert "new.md: nothing is drafted yet; `duizhao translate new.md` does that" in err
