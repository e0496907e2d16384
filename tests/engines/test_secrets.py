"""A key reaches its vendor, and stands in nothing that is written, said or seen by others, whatever goes wrong.

Real commands run against servers on this machine with a canary for a key; then everything is searched for it.
"""

import base64
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from deepl_server import KEY as CANARY
from deepl_server import DeepLServer
from libretranslate_server import LibreTranslateServer
from loopback import Reply
from openai_server import MODEL, OpenAIServer

from translator.engines import ENGINES

SERVERS = {"openai": OpenAIServer, "deepl": DeepLServer, "libretranslate": LibreTranslateServer}
PATHS = {"openai": "/v1"}
MORE = {"openai": f"model: {MODEL}, timeout: '3', patience: '1'", "deepl": "timeout: '3', patience: '1'",
        "libretranslate": "timeout: '3', patience: '1'"}  # fmt: skip
POST = "---\ntitle: 春天的花园\n---\n\n# 第一章\n\n我们去**花园**看花。花开得很好！\n\n最后一段话，在[这里](https://a.example/)。\n"
ROWS = "我们去花园看花。\tWe go to the garden.\n他不在家。\tHe is not at home.\n"
LOUD = {"OPENAI_LOG": "debug", "HTTPX_LOG_LEVEL": "trace", "DEEPL_LOG": "debug", "PYTHONFAULTHANDLER": "1"}
"""What makes libraries tell more than they usually do."""
slow = pytest.mark.long


def test_every_engine_that_has_a_key_is_here():
    assert {name for name, row in ENGINES.items() if row.keys} == SERVERS.keys()


class Place:
    """A project in a home of its own, with one engine, and all that its commands say."""

    def __init__(self, root, name, url):
        self.root, self.name, self.site = root, name, root / "site"
        (self.site / "glossary").mkdir(parents=True)
        (self.site / "glossary" / "terms.yaml").write_text("terms:\n  - {term: 花园, translation: garden}\n")
        (self.site / "zh.md").write_text(POST)
        (self.site / "rows.tsv").write_text(ROWS)
        self.at(url)
        self.said = []
        self.environment = {name: value for name, value in os.environ.items() if not _is_told(name)} | {
            "HOME": str(root / "home"),
            "TMPDIR": str(root / "tmp"),
            **{f"XDG_{kind}_HOME": str(root / kind.lower()) for kind in ("CACHE", "DATA", "CONFIG", "STATE")},
            **dict.fromkeys(ENGINES[name].keys, CANARY),
            **LOUD,
        }
        for folder in ("home", "tmp"):
            (root / folder).mkdir()

    def at(self, url, **more):
        """Say where the engine's server is."""
        (self.site / "duizhao.yaml").write_text(f"engines:\n  {self.name}: {{base_url: '{url}', {MORE[self.name]}}}\n")
        self.environment = getattr(self, "environment", {}) | more

    def start(self, *arguments, python=(), env=None):
        return subprocess.Popen(
            [sys.executable, *python, "-m", "translator", *arguments], cwd=self.site,
            env=self.environment | (env or {}), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, *arguments, python=(), env=None, code=None):
        process = self.start(*arguments, python=python, env=env)
        out, err = process.communicate(timeout=120)
        self.said += [out, err]
        assert code is None or process.returncode == code, (process.returncode, err.decode()[-2000:])
        return (out + err).decode(errors="replace")

    def leaks(self):
        """List what holds the key: what was said, and every file there is."""
        told = [f"output {n}" for n, said in enumerate(self.said) if holds(said)]
        return told + [str(path) for path in self.root.rglob("*") if path.is_file() and holds(path.read_bytes())]


def _is_told(name):
    return name.endswith(("_KEY", "_PROXY", "_proxy", "_CA_BUNDLE", "_BASE_URL")) or name in {
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
    }


def holds(data):
    forms = [CANARY.encode(), *(base64.b64encode(b"x" * n + CANARY.encode())[4:-4] for n in range(3))]
    return any(form in data for form in forms)


def received(server):
    return any(holds(str(one.headers).encode() + one.body + one.path.encode()) for one in server.requests)


@pytest.fixture(params=SERVERS)
def opened(request, tmp_path):
    with SERVERS[request.param]() as server:
        yield Place(tmp_path, request.param, server.url + PATHS.get(request.param, "")), server


def test_the_search_finds_a_key(tmp_path):
    place = Place(tmp_path, "deepl", "http://127.0.0.1:9")
    assert place.leaks() == []
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "x.sqlite").write_bytes(b"\0\1" + CANARY.encode() + b"\2")
    place.said.append(base64.b64encode(f"user:{CANARY}".encode()))
    assert place.leaks() == ["output 0", str(tmp_path / "cache" / "x.sqlite")]


# ── When all goes well ────────────────────────────────────────────────────────────────────────────────────────────────


@slow
def test_nothing_that_is_written_or_said_has_the_key(opened):
    place, server = opened
    name = place.name
    place.run("engines", code=0)
    place.run("engines", "--json", code=0)
    place.run("translate", "zh.md", "-e", name, "--dry-run", code=0)
    assert server.requests == []
    place.run("translate", "zh.md", "-e", name, "--json", code=0)
    assert received(server), "or there is nothing to be found"
    place.run("translate", "zh.md", "-e", name, "--force", python=["-X", "dev", "-W", "default"], code=0)
    place.run("evaluate", "rows.tsv", "-e", name, "-e", "echo", "--json", code=0)
    place.run("compare", "zh.md", "-e", name, "-e", "echo", "-o", "compared.html", code=0)
    place.run("review", "zh.md", "--html", "page.html", code=0)
    for command in (["status", "--json"], ["segments", "zh.md", "--json"], ["cache", "show", "--json"], ["check"]):
        place.run(*command)
    assert (place.site / ".duizhao" / "answers.sqlite").stat().st_size > 0
    assert place.leaks() == []


@slow
def test_nobody_who_lists_the_processes_sees_the_key(opened):
    place, server = opened
    server.delay = 1.5
    process = place.start("translate", "zh.md", "-e", place.name)
    until, seen = time.monotonic() + 60, []
    while not server.requests and process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    assert received(server)
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            seen.append(path.read_bytes())
        except OSError:  # it has ended
            continue
    assert any(b"translator" in line and b"zh.md" in line for line in seen), "our command is among them"
    assert not any(map(holds, seen))
    place.said += process.communicate(timeout=60)
    assert process.returncode == 0
    assert place.leaks() == []


# ── When something goes wrong ─────────────────────────────────────────────────────────────────────────────────────────


def echoing(server, status):
    """Refuse everything, with the key in every field that a client may read."""
    said = f"the key {CANARY} may not"
    error = {"message": said, "code": said, "type": said, "param": said}
    shape = said if isinstance(server, LibreTranslateServer) else error
    headers = {"Content-Type": "application/json", "WWW-Authenticate": said}
    body = json.dumps({"error": shape, "message": said, "detail": said}).encode()
    server.reply = lambda *_: Reply(body, status, headers)


@slow
def test_no_refusal_has_the_key_not_even_one_that_says_it(opened):
    place, server = opened
    for status in (400, 401, 403, 404, 422, 500):
        echoing(server, status)
        said = place.run("translate", "zh.md", "-e", place.name, code=2)
        assert said.count("duizhao: ") >= 1, status
        assert "Traceback" not in said, said
    place.run("evaluate", "rows.tsv", "-e", place.name, "--json", code=2)
    place.run("compare", "zh.md", "-e", place.name, "-o", "compared.html", code=2)
    assert received(server)
    assert place.leaks() == []


@slow
@pytest.mark.parametrize("fault", ["cut", "empty", "no json"])
def test_no_broken_answer_has_the_key(opened, fault):
    place, server = opened
    server.always = fault
    said = place.run("translate", "zh.md", "-e", place.name)
    assert "Traceback" not in said, said
    assert received(server)
    assert place.leaks() == []


NOWHERE = [
    "http://127.0.0.1:9",
    "http://127.0.0.1:99999",
    "http://[::1",
    "ftp://127.0.0.1",
    "nonsense",
    "https://127.0.0.1:9",
]


@slow
@pytest.mark.parametrize("url", NOWHERE)
def test_an_address_that_leads_nowhere(opened, url):
    place, _ = opened
    place.at(url)
    said = place.run("translate", "zh.md", "-e", place.name, code=2)
    assert "Traceback" not in said, said
    assert [line for line in said.splitlines() if line.startswith("duizhao: ")]
    place.run("engines", "--json", code=0)
    assert place.leaks() == []


@slow
def test_a_key_in_the_settings_stays_there(opened):
    place, server = opened
    path = place.site / "duizhao.yaml"
    path.write_text(f"engines:\n  {place.name}: {{api_key: {CANARY}}}\n")
    said = place.run("translate", "zh.md", "-e", place.name, code=2)
    assert "a key does not belong into a file that is shared" in said
    place.run("engines", "--json", code=0)
    assert place.leaks() == [str(path)]
    path.write_text(
        f"engines:\n  {place.name}: {{base_url: 'https://me:{CANARY}@127.0.0.1:9/v1', {MORE[place.name]}}}\n"
    )
    assert "a name or a password does not belong" in place.run("translate", "zh.md", "-e", place.name, code=2)
    place.run("engines", "--json", code=0)
    assert place.leaks() == [str(path)]
    assert server.requests == []


BUG = """
import sys
def broken(*told, **how):
    told_again, how_again = told, how
    raise ZeroDivisionError("a bug in the library")
def patch():
    import {module} as module
    module.{path} = broken
patch()
"""
INSIDE = {
    "openai": ("httpx2" if find_spec("httpx2") else "httpx", "HTTPTransport.handle_request"),
    "libretranslate": ("httpx", "HTTPTransport.handle_request"),
    "deepl": ("requests.adapters", "HTTPAdapter.send"),
}


@slow
def test_a_bug_inside_the_vendors_library(opened):
    """It comes out as a traceback or as a sentence; values of variables stand in neither."""
    place, server = opened
    module, path = INSIDE[place.name]
    shadow = place.root / "shadow"
    shadow.mkdir()
    (shadow / "sitecustomize.py").write_text(BUG.format(module=module, path=path))
    places = os.pathsep.join([str(shadow), *filter(None, [os.environ.get("PYTHONPATH")])])
    said = place.run("translate", "zh.md", "-e", place.name, python=["-X", "dev"], env={"PYTHONPATH": places})
    assert "a bug in the library" in said or "duizhao: " in said
    assert server.requests == []
    assert place.leaks() == []


@slow
@pytest.mark.skipif(not hasattr(signal, "SIGABRT") or os.name == "nt", reason="there are no such signals here")
def test_a_program_that_is_killed_leaves_no_key(opened):
    place, server = opened
    server.delay = 5
    for kill in (signal.SIGABRT, signal.SIGINT, signal.SIGKILL):
        server.requests.clear()
        process = place.start("translate", "zh.md", "-e", place.name)
        until = time.monotonic() + 60
        while not server.requests and process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(kill)
        place.said += process.communicate(timeout=60)
        assert received(server)
    assert any(b"hread 0x" in said for said in place.said), "the dump of SIGABRT was searched too"
    assert place.leaks() == []


# ── Roads ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def authority(tmp_path):
    """Make a certificate for this machine, signed by an authority of our own; gives the folder with both."""
    if not shutil.which("openssl"):
        pytest.skip("makes certificates with openssl")
    folder = tmp_path / "certificates"
    folder.mkdir()

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    (folder / "ext").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\nbasicConstraints=CA:FALSE\n")
    new = ["req", "-newkey", "rsa:2048", "-nodes"]
    openssl(*new, "-x509", "-days", "2", "-subj", "/CN=Ours", "-keyout", "ca.key", "-out", "ca.pem",
            "-addext", "keyUsage=critical,keyCertSign")  # fmt: skip
    openssl(*new, "-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "request.pem")
    openssl("x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "ext", "-out", "cert.pem")  # fmt: skip
    return folder


@slow
def test_an_authority_of_ones_own_is_believed_where_it_is_named(opened, authority):
    place, server = opened
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "cert.pem", authority / "key.pem")
    server._server.socket = context.wrap_socket(server._server.socket, server_side=True)
    place.at(server.url.replace("http:", "https:") + PATHS.get(place.name, ""))
    said = place.run("translate", "zh.md", "-e", place.name, code=2)
    assert "certificate" in said
    assert "SSL_CERT_FILE" in said
    assert "Traceback" not in said
    assert server.requests == []
    known = {"SSL_CERT_FILE": str(authority / "ca.pem")}
    place.run("translate", "zh.md", "-e", place.name, env=known, code=0)
    assert received(server)
    assert place.leaks() == []


@slow
def test_proxies_are_used_and_left_out_as_the_environment_says(opened):
    """0.0.0.0 leads to this machine and does not look so: it is another one's address, and plain HTTP to it is said."""
    place, server = opened
    place.at(f"http://0.0.0.0:{server._server.server_port}{PATHS.get(place.name, '')}")
    with SERVERS[place.name]() as proxy:
        here = proxy.reply
        proxy.reply = lambda asked, fault: here(replace(asked, path=urlsplit(asked.path).path), fault)
        through = {"HTTP_PROXY": proxy.url, "http_proxy": proxy.url}
        said = place.run("translate", "zh.md", "-e", place.name, env=through, code=0)
        assert f"{place.name}: http://0.0.0.0" in said
        assert "is plain HTTP to another machine" in said
        assert received(proxy)
        assert server.requests == []
        count = len(proxy.requests)
        past = through | {"NO_PROXY": "0.0.0.0", "no_proxy": "0.0.0.0"}  # noqa: S104  # nothing is bound there
        place.run("cache", "clear", code=0)
        place.run("translate", "zh.md", "-e", place.name, "--force", env=past, code=0)
        assert received(server)
        assert len(proxy.requests) == count
    assert place.leaks() == []


@slow
def test_a_proxys_own_password_is_not_said(opened):
    place, server = opened
    place.at(f"http://0.0.0.0:{server._server.server_port}{PATHS.get(place.name, '')}")
    dead = f"http://me:{CANARY}@127.0.0.1:9"
    said = place.run("translate", "zh.md", "-e", place.name, env={"HTTP_PROXY": dead, "http_proxy": dead}, code=2)
    assert "Traceback" not in said
    assert server.requests == []
    assert place.leaks() == []
