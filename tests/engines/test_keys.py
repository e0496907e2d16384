"""Keys come from the environment or the keyring, go to the vendor, and do not show themselves."""

import os
import subprocess
import sys
import traceback
from importlib.util import find_spec

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.engines import ENGINES, row_of, warning
from translator.engines.keys import Key, find_key, has_password, is_loopback, is_open_road, shown
from translator.errors import EngineError

CANARY = "canary-1d0c-of-the-keys-77"
ASK = "from translator.engines.keys import find_key; k = find_key(('A_KEY',), 'openai'); print([k], str(k or ''))"


# ── The environment ───────────────────────────────────────────────────────────────────────────────────────────────────

FOUND = [
    ({"A": "one", "B": "two"}, "one"),
    ({"B": "two"}, "two"),
    ({"A": "  ", "B": " two\n"}, "two"),
    ({}, None),
]


@pytest.mark.parametrize(("environment", "key"), FOUND)
def test_the_first_variable_that_says_something(environment, key):
    assert find_key(("A", "B"), "nobody", environment) == key


@pytest.mark.parametrize("said", ["钥匙", "a\x00b", "two words", f"{CANARY}\r\nX-Header: 1", f"Bearer {CANARY}"])
def test_what_no_key_is_is_refused_and_not_said(said):
    with pytest.raises(EngineError, match="A holds characters that no key has") as told:
        find_key(("A",), "nobody", {"A": said})
    assert CANARY not in str(told.value)


# ── Not shown ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_key_does_not_show_itself():
    key = Key(CANARY)
    assert CANARY not in repr(key) + repr({"a": [key]}) + f"{key!r}" + "%r" % key  # noqa: UP031  # each way of it
    assert key.hidden_in(f"no such key: {CANARY}!") == "no such key: ‹key›!"
    with pytest.raises(EngineError) as raised:
        _broken(key)
    told = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    assert "‹key›" in "".join(told.format())
    assert CANARY not in "".join(told.format())


def _broken(key):
    raise EngineError(f"a bug with {[key]}")


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("setting", ["key", "api_key", "auth_key", "token", "password"])
def test_a_key_in_the_settings_is_refused_and_not_said(name, setting):
    with pytest.raises(EngineError, match="does not belong into a file that is shared") as told:
        row_of(name, {setting: CANARY})
    assert CANARY not in str(told.value)


@pytest.mark.parametrize("name", [n for n, row in ENGINES.items() if "base_url" in {one.name for one in row.settings}])
def test_a_password_in_an_address_is_refused_and_not_said(name):
    with pytest.raises(EngineError, match="base_url: a name or a password does not belong") as told:
        row_of(name, {"base_url": f"https://me:{CANARY}@a.example/v1"})
    assert CANARY not in str(told.value)


# ── Addresses ─────────────────────────────────────────────────────────────────────────────────────────────────────────

HERE = [
    "http://localhost:11434/v1",
    "HTTP://LocalHost/",
    "http://localhost./",
    "http://127.0.0.1",
    "http://127.8.9.1:80",
    "http://[::1]:8000",
]
OPEN = [
    "http://127.evil.example/",
    "http://localhost.evil.example",
    "http://127.0.0.1.evil.example/",
    "http://192.168.1.7:8080",
    "HTTP://a.example",
    " http://a.example",
    "http://me@a.example",
    "http://localhost@a.example",
    "http://[::2]/",
    "http://[bad",
    "http:a.example",
]
CLOSED = ["https://a.example", "https://192.168.1.7", "", "a.example", "ftp://a.example"]


@pytest.mark.parametrize("url", HERE)
def test_this_machine(url):
    assert is_loopback(url)
    assert not is_open_road(url)


@pytest.mark.parametrize("url", OPEN)
def test_an_open_road(url):
    assert is_open_road(url)
    assert not is_loopback(url)


@pytest.mark.parametrize("url", CLOSED)
def test_no_open_road(url):
    assert not is_open_road(url)


SHOWN = [
    ("https://a.example/v1", "https://a.example/v1"),
    ("https://me:secret@a.example:8080/v1", "https://a.example:8080/v1"),
    ("https://a.example/v1?key=secret", "https://a.example/v1"),
    ("http://[::1]:80/v1", "http://[::1]:80/v1"),
    ("a.example?key=secret", "a.example"),
]


@pytest.mark.parametrize(("url", "told"), SHOWN)
def test_an_address_is_shown_without_what_is_secret(url, told):
    assert shown(url) == told


@given(st.text("ab:@/[]?. ", max_size=20))
def test_any_text_may_stand_for_an_address(text):
    for url in (text, f"http://{text}"):
        is_loopback(url)
        is_open_road(url)
        has_password(url)
        shown(url)


def test_plain_http_to_another_machine_is_warned_of(monkeypatch):
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    assert warning("openai", {"model": "m"}) == ""
    assert "http://a.example/v1 is plain HTTP to another machine" in warning(
        "openai", {"base_url": "http://a.example/v1"}
    )
    assert warning("openai", {"base_url": "http://127.0.0.1:1/v1"}) == ""
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://me:{CANARY}@b.example/v1")
    said = warning("openai", {"model": "m"})
    assert said.startswith("openai: http://b.example/v1 is plain HTTP")
    assert CANARY not in said
    assert warning("openai", {"base_url": "https://a.example/v1"}) == ""
    assert "b.example" in warning("mine", {"engine": "openai"})
    assert "plain HTTP" in warning("libretranslate", {"base_url": "http://c.example"})


@pytest.mark.parametrize("url", ["http://[::1", "http://a.example:99999", "http://a.example:port"])
def test_an_address_that_cannot_be_read_is_said(monkeypatch, url):
    for settings in ({"base_url": url}, {}):
        with pytest.raises(EngineError, match=r"engines\.openai\.base_url: .* is no address"):
            row_of("openai", settings)
        monkeypatch.setenv("OPENAI_BASE_URL", url)


# ── The keyring ───────────────────────────────────────────────────────────────────────────────────────────────────────


def asked(tmp_path, files, **environment):
    """Look for a key in a process of its own, in which some modules stand before all others."""
    for name, text in files.items():
        path = tmp_path / "shadow" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    known = {name: value for name, value in os.environ.items() if name != "A_KEY"}
    places = [str(tmp_path / "shadow"), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [sys.executable, "-c", ASK], capture_output=True, text=True, check=False,
        env=known | {"PYTHONPATH": os.pathsep.join(places), "HOME": str(tmp_path)} | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


BACKEND = """
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

class Keyring(KeyringBackend):
    priority = 9

    def set_password(self, *_):
        pass

    def get_password(self, service, username):
        {body}
"""
WORKS = BACKEND.format(body=f'return {{("duizhao", "openai"): "{CANARY}"}}.get((service, username))')
BROKEN = {
    "raises": BACKEND.format(body="raise RuntimeError(service)"),
    "locked": BACKEND.format(body="raise KeyringLocked(service)"),
    "no backend": "Keyring = None",
    "fails to load": "1 / 0",
}
needs_keyring = pytest.mark.skipif(not find_spec("keyring"), reason="keyring is not installed")


@needs_keyring
def test_the_keyring_is_asked_after_the_environment(tmp_path):
    backend = {"memory_keyring.py": WORKS}
    chosen = {"PYTHON_KEYRING_BACKEND": "memory_keyring.Keyring"}
    assert asked(tmp_path, backend, **chosen) == f"[‹key›] {CANARY}"
    assert asked(tmp_path, backend, **chosen, A_KEY="of-the-environment") == "[‹key›] of-the-environment"


@needs_keyring
@pytest.mark.parametrize("how", BROKEN)
def test_a_keyring_that_is_broken_is_none(tmp_path, how):
    assert (
        asked(tmp_path, {"memory_keyring.py": BROKEN[how]}, PYTHON_KEYRING_BACKEND="memory_keyring.Keyring") == "[None]"
    )


@pytest.mark.parametrize("module", ["raise RuntimeError('no D-Bus')", "import nowhere_to_be_found", "", "1 +"])
def test_a_keyring_that_cannot_be_imported_is_none(tmp_path, module):
    assert asked(tmp_path, {"keyring/__init__.py": module}) == "[None]"
