"""Who may ask: every rule of the guard, by requests that only just keep it and that only just do not."""

import asyncio
import string
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from translator.review.server.guard import HEADERS, LONGEST, LONGEST_LOGIN, POLICY, Access, guarded, is_loopback, same
from translator.review.server.password import FREE, LONGEST_WAIT, MOST, Password, Throttle

PORT = 8420
HERE = f"http://127.0.0.1:{PORT}"
CHANGE = {"Origin": HERE, "Content-Type": "application/json", "X-Duizhao": "1"}


async def echo(request):
    """Say how long the body is that arrived."""
    return PlainTextResponse(f"{request.method} {request.url.path} {len(await request.body())}")


async def framed(_):
    return Response("", headers={"Content-Security-Policy": "default-src 'none'", "X-Frame-Options": "SAMEORIGIN"})


async def broken(_):
    raise RuntimeError("broken")


INSIDE = Starlette(
    routes=[
        Route("/framed", framed),
        Route("/broken", broken),
        Route("/{path:path}", echo, methods=["GET", "POST", "PUT", "DELETE"]),
    ]
)


class Asker:
    """A browser, or something that would like to be one."""

    def __init__(self, access=None, peer="127.0.0.1"):
        self.access = access or Access(PORT)
        self.app = guarded(INSIDE, self.access)
        self.peer = peer

    def __call__(self, path="/", method="GET", *, known=True, headers=(), body=b"", base=HERE):
        cookie = {"Cookie": f"{self.access.cookie_name}={self.access.cookie}"} if known else {}

        async def ask():
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(self.peer, 5000))
            async with httpx.AsyncClient(transport=transport, base_url=base) as client:
                return await client.request(method, path, headers={**cookie, **dict(headers)}, content=body)

        with ThreadPoolExecutor(1) as apart:  # a browser of other tests has a loop in this thread
            return apart.submit(asyncio.run, ask()).result()


@pytest.fixture
def ask():
    return Asker()


def test_the_person_is_let_through(ask):
    assert ask("/post/1").text == "GET /post/1 0"
    assert ask("/api/post/1/decide", "POST", headers=CHANGE, body=b"{}").text == "POST /api/post/1/decide 2"


# ── Host ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("host", ["127.0.0.1:8420", "localhost:8420", "LocalHost:8420", "[::1]:8420"])
def test_own_names(ask, host):
    assert ask("/post/1", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:8420", "127.0.0.1", "127.0.0.1:8421", "127.0.0.1:8420.evil.example", "evil.example",
        "localhost.evil.example:8420", "127.0.0.1.evil.example:8420", "", ":8420", "[::1]", "::1:8420", "0.0.0.0:8420",
        "192.168.1.5:8420", "127.0.0.1:8420, evil.example", "user@127.0.0.1:8420", "127.1:8420", "2130706433:8420",
    ],
)  # fmt: skip
def test_a_name_that_was_pointed_at_us(ask, host):
    """DNS rebinding: the browser believes that it talks to another site, and says so."""
    for known in (True, False):
        assert ask("/post/1", headers={"Host": host}, known=known).status_code == 421
        assert ask("/static/app.js", headers={"Host": host}, known=known).status_code == 421
        assert ask(f"/?token={ask.access.token}", headers={"Host": host}, known=known).status_code == 421


def test_port_80_is_left_out_of_addresses():
    ask = Asker(Access(80))
    assert ask("/post/1", base="http://127.0.0.1", headers={"Host": "127.0.0.1"}).status_code == 200
    assert ask("/post/1", base="http://127.0.0.1", headers={"Host": "[::1]"}).status_code == 200


def test_everywhere_means_by_number():
    ask = Asker(Access(PORT, is_everywhere=True))
    for host, status in [
        ("192.168.1.5", 200),
        ("[fe80::1]", 200),
        ("evil.example", 421),
        ("1.2.3.4.evil.example", 421),
    ]:
        assert ask("/post/1", headers={"Host": f"{host}:{PORT}"}).status_code == status


@given(st.text(string.ascii_letters + string.digits + ".:[]-@,/ ", max_size=30))
def test_only_own_names_are_admitted(host):
    mine = {f"{name}:{PORT}" for name in ("127.0.0.1", "localhost", "[::1]")}
    assert Access(PORT).admits(host) == (host.lower() in mine)


# ── The cookie and the token ──────────────────────────────────────────────────────────────────────────────────────────


def test_nobody_else_gets_anything(ask):
    for path in (
        "/",
        "/post/1",
        "/preview/1",
        "/nix",
        "/docs",
        "/api/post/1",
        "/STATIC/app.js",
        "//static/x",
        "/loginx",
    ):
        answer = ask(path, known=False)
        assert answer.status_code == 401, path
        assert "GET" not in answer.text
    assert ask("/api/post/1", known=False).json()["error"].endswith("printed.")
    assert ask("/api/post/1/decide", "POST", known=False, headers=CHANGE).status_code == 401
    assert ask("/static/app.js", known=False).status_code == 200


def test_the_token_becomes_a_cookie_once_more_for_every_browser(ask):
    for _ in range(2):
        answer = ask(f"/?token={ask.access.token}", known=False)
        cookie = answer.headers["set-cookie"]
        name, value = cookie.split(";")[0].split("=")
        assert answer.status_code == 200
        assert set(cookie.split("; ")[1:]) == {"HttpOnly", "SameSite=Strict", "Path=/"}
        assert (name, value) == (f"duizhao_{PORT}", ask.access.cookie)
        assert ask.access.token not in cookie + answer.text
        assert '<meta http-equiv="refresh" content="0;url=/">' in answer.text
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"


def test_tokens_and_cookies_are_long_and_differ():
    some = [Access(PORT) for _ in range(20)]
    secrets = {one.token for one in some} | {one.cookie for one in some}
    assert len(secrets) == 40
    assert all(len(secret) >= 43 for secret in secrets)
    assert not any(one.token in repr(one) or one.cookie in repr(one) for one in some)


def test_a_wrong_token_is_no_way_in(ask):
    token = ask.access.token
    for wrong in (token[:-1], token + "a", token.swapcase(), "", "%00", "é", ask.access.cookie):
        answer = ask("/", known=False, headers={}, base=HERE) if not wrong else ask(f"/?token={wrong}", known=False)
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers
    assert ask(f"/post/1?token={token}", known=False).status_code == 401
    assert ask(f"/?token=x&token={token}", known=False).status_code == 401


def test_an_old_address_in_a_browser_that_is_known(ask):
    answer = ask("/?token=of-another-run")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers


def test_the_token_lets_in_from_this_machine_alone():
    access = Access(PORT, frozenset({"127.0.0.1", "192.168.1.5"}))
    for peer, status in [("127.0.0.1", 200), ("127.9.9.9", 200), ("192.168.1.7", 401), ("::ffff:10.0.0.1", 401)]:
        assert Asker(access, peer)(f"/?token={access.token}", known=False).status_code == status, peer


@pytest.mark.parametrize(
    ("cookie", "status"),
    [
        ("{name}={cookie}", 200), ("a=b; {name}={cookie}", 200), ("{name}=x; {name}={cookie}", 200),
        ("{name}={cookie}; {name}=x", 200), ("{name}={token}", 401), ("duizhao_1={cookie}", 401), ("{name}=", 401),
        ("{name}={cookie}x", 401), ("x{name}={cookie}", 401), ('{name}="{cookie}"', 401), ("{name}", 401), ("", 401),
    ],
)  # fmt: skip
def test_cookies(ask, cookie, status):
    access = ask.access
    sent = cookie.format(name=access.cookie_name, cookie=access.cookie, token=access.token)
    assert ask("/post/1", known=False, headers={"Cookie": sent}).status_code == status


@given(st.text(), st.text())
def test_secrets_are_compared_whatever_they_hold(one, other):
    assert same(one, one)
    assert same(one, other) == (one.encode("utf-8", "replace") == other.encode("utf-8", "replace"))


def test_with_a_password_pages_lead_to_it():
    ask = Asker(Access(PORT, has_password=True))
    answer = ask("/post/1", known=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert ask("/login", known=False).status_code == 200
    assert ask("/api/post/1", known=False).status_code == 401


# ── Other sites ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "change",
    [
        {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": ""}, {"Origin": None},
        {"Origin": "http://127.0.0.1:8421"}, {"Origin": "https://127.0.0.1:8420"}, {"Origin": "http://localhost:8420"},
        {"Origin": "http://127.0.0.1:8420.evil.example"}, {"Origin": "http://127.0.0.1:8420/"},
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"X-Duizhao": None}, {"X-Duizhao": "0"},
        {"Content-Type": "text/plain"}, {"Content-Type": "application/x-www-form-urlencoded"}, {"Content-Type": None},
        {"Content-Type": "multipart/form-data; boundary=application/json"}, {"Content-Type": "application/jsonx"},
    ],
)  # fmt: skip
def test_a_change_by_another_site(ask, method, change):
    headers = {name: value for name, value in {**CHANGE, **change}.items() if value is not None}
    answer = ask("/api/post/1/decide", method, headers=headers, body=b"{}")
    assert answer.status_code in {403, 415}
    assert answer.json()["error"]


def test_a_change_from_our_page(ask):
    for more in ({"Sec-Fetch-Site": "same-origin"}, {"Content-Type": "Application/JSON; charset=utf-8"}):
        assert ask("/api/post/1/decide", "POST", headers=CHANGE | more).status_code == 200
    local = CHANGE | {"Host": "localhost:8420", "Origin": "http://localhost:8420"}
    assert ask("/api/post/1/decide", "POST", headers=local).status_code == 200


LINK = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


@pytest.mark.parametrize("site", ["cross-site", "same-site", "cross-origin", "something new"])
@pytest.mark.parametrize(
    ("path", "more", "status"),
    [
        ("/post/1", LINK, 200), ("/api/post/1", LINK, 403), ("/static/app.js", LINK, 403), ("/post/1", {}, 403),
        ("/api/post/1", {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, 403),
        ("/static/app.js", {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}, 403),
        ("/preview/1", {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403),
        ("/post/1", {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "object"}, 403),
    ],
)  # fmt: skip
def test_what_the_pages_of_other_sites_may_ask_for(ask, site, path, more, status):
    """A link to a page of ours, and nothing else: not even a question that changes nothing."""
    assert ask(path, headers={"Sec-Fetch-Site": site, **more}).status_code == status


def test_a_form_may_be_sent_to_the_login_alone():
    ask = Asker(Access(PORT, has_password=True))
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert ask("/login", "POST", known=False, headers={**form, "Origin": HERE}).status_code == 200
    for origin in ({}, {"Origin": "null"}, {"Origin": "https://evil.example"}):
        assert ask("/login", "POST", known=False, headers={**form, **origin}).status_code == 403


# ── What is sent along ────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_answer_says_what_a_page_may_do(ask):
    for path, known in [("/post/1", True), ("/nix", False), ("/broken", True), ("/api/x", True), ("/?token=x", True)]:
        answer = ask(path, known=known)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value or (path, name) == ("/?token=x", "Referrer-Policy"), (path, name)
    assert ask("/post/1", headers={"Host": "evil.example"}).headers["Content-Security-Policy"] == POLICY
    assert ask("/broken").status_code == 500
    assert "RuntimeError" not in ask("/broken").text


def test_the_policy():
    assert "unsafe" not in POLICY
    assert "*" not in POLICY
    parts = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert parts == {
        "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:",
        "connect-src": "'self'", "frame-src": "'self'", "base-uri": "'none'", "form-action": "'self'",
        "frame-ancestors": "'none'",
    }  # fmt: skip


def test_an_answer_may_have_its_own(ask):
    answer = ask("/framed")
    assert answer.headers.get_list("Content-Security-Policy") == ["default-src 'none'"]
    assert answer.headers.get_list("X-Frame-Options") == ["SAMEORIGIN"]


# ── Sizes ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("size", "status"), [(0, 200), (LONGEST, 200), (LONGEST + 1, 413), (LONGEST * 5, 413)])
@pytest.mark.parametrize("chunked", [False, True])
def test_long_bodies(ask, size, status, chunked):
    async def parts():
        for start in range(0, size, 100_000):
            yield b"x" * min(100_000, size - start)

    answer = ask("/api/x", "POST", headers=CHANGE, body=parts() if chunked else b"x" * size)
    assert answer.status_code == status
    if status == 200:
        assert answer.text == f"POST /api/x {size}"


def test_a_length_that_is_a_lie_is_found_out(ask):
    answer = ask("/api/x", "POST", headers={**CHANGE, "Content-Length": "10"}, body=b"x" * (LONGEST + 1))
    assert answer.status_code == 413


def test_what_comes_before_the_password_is_short():
    ask = Asker(Access(PORT, has_password=True))
    for size, status in ((LONGEST_LOGIN, 200), (LONGEST_LOGIN + 1, 413)):
        answer = ask("/login", "POST", known=False, headers={"Origin": HERE}, body=b"x" * size)
        assert answer.status_code == status


def test_strangers_are_refused_before_their_body_is_read(ask):
    read = []

    async def endless():
        while True:
            read.append(1)
            yield b"x" * 1000

    assert ask("/api/x", "POST", known=False, headers=CHANGE, body=endless()).status_code == 401
    assert len(read) < 3


# ── The password ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_password_is_kept_as_a_hash():
    password = Password("口令 secret")
    assert password.fits("口令 secret")
    for wrong in ("", "口令 secre", "口令 secret ", "口令 Secret", "x" * 1_000_000, "\ud800"):
        assert not password.fits(wrong)
    assert "secret" not in repr(vars(password))
    assert vars(password) != vars(Password("口令 secret"))


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def test_guessing_gets_slower_and_slower():
    clock = Clock()
    throttle = Throttle(clock)
    waits = []
    for _ in range(12):
        assert throttle.begin("10.0.0.1") == 0
        waits.append(throttle.begin("10.0.0.1") if len(waits) >= FREE else 0)
        assert throttle.begin("10.0.0.2") == 0
        throttle.succeed("10.0.0.2")
        clock.now += waits[-1]
    assert waits[:6] == [0, 0, 1, 2, 4, 8]
    assert waits[-1] == LONGEST_WAIT


def test_a_try_counts_while_it_is_on_its_way():
    """So that a hundred at once are no hundred guesses."""
    throttle = Throttle(Clock())
    assert [throttle.begin("10.0.0.1") == 0 for _ in range(100)].count(True) == FREE + 1


def test_who_knows_the_password_starts_anew():
    throttle = Throttle(Clock())
    for _ in range(FREE):
        throttle.begin("a")
    throttle.succeed("a")
    assert [throttle.begin("a") for _ in range(FREE + 1)] == [0] * (FREE + 1)


def test_a_network_is_one_guesser_and_memory_is_bounded():
    throttle = Throttle(Clock())
    tries = [throttle.begin(f"2001:db8::{n:x}") == 0 for n in range(100)]
    assert tries.count(True) == FREE + 1
    assert throttle.begin("::ffff:10.0.0.1") == throttle.begin("10.0.0.1") == throttle.begin("::ffff:10.0.0.1") == 0
    assert throttle.begin("10.0.0.1") > 0
    for n in range(MOST * 3):
        throttle.begin(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}")
    assert len(throttle._known) <= MOST


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("::ffff:127.0.0.1", True), ("192.168.1.5", False),
        ("::ffff:192.168.1.5", False), ("", False), ("localhost", False), ("fe80::1", False),
    ],
)  # fmt: skip
def test_loopback(peer, expected):
    assert is_loopback(peer) == expected
