"""The server over real HTTP: what each address answers, and that it answers about the chosen posts alone."""

import errno
import http

import pytest
from review_server import Running, edited, site
from starlette.requests import Request

from translator.engines import ENGINES
from translator.errors import ConflictError, DuizhaoError, EngineError, InputError
from translator.formats import load
from translator.review.server import app as application
from translator.review.server.messages import RequestError
from translator.review.server.served import MissingError

SECRET = "SECRET OF ANOTHER FILE"  # noqa: S105  # the words in a file


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    root = tmp_path_factory.mktemp("shared")
    site(root, ["zh.md", "two/zh.md"])
    site(root, ["other/zh.md"])
    server = Running(root, "zh.md", "two/zh.md", "--no-open", "--port", "0").enter()
    yield server
    code, _, err = server.stop()
    assert code == 0, err
    assert "Traceback" not in err


@pytest.fixture
def alone(tmp_path):
    site(tmp_path)
    server = Running(tmp_path, "--no-open", "--port", "0").enter()
    yield server
    server.stop()


def entries(server, name="en.po"):
    return load((server.root / name).read_text(encoding="utf-8")).entries


def model(server, number=1):
    return server.get(f"/api/post/{number}").json()


# ── Pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_several_posts_have_a_page_that_lists_them(shared):
    page = shared.get("/")
    assert page.status_code == 200
    assert 'href="/post/1"' in page.text
    assert 'href="/post/2"' in page.text
    assert "other/zh.md" not in page.text


def test_one_post_is_shown_at_once(alone):
    answer = alone.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/post/1")
    assert "我们去" in alone.get("/post/1").text


@pytest.mark.parametrize(
    ("headers", "lang"),
    [
        ({}, "en"), ({"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}, "zh-Hans"), ({"Accept-Language": "fr,*"}, "en"),
        ({"Accept-Language": "de, zh-TW"}, "zh-Hans"), ({"Accept-Language": "en-GB,zh"}, "en"),
    ],
)  # fmt: skip
def test_the_interface_speaks_the_browsers_language(shared, headers, lang):
    assert f'<html lang="{lang}"' in shared.get("/post/1", **headers).text


def test_a_language_that_was_chosen_counts_more(shared):
    cookie = f"{shared.cookie()}; language=zh"
    assert '<html lang="zh-Hans"' in shared.get("/post/1", Cookie=cookie, **{"Accept-Language": "en"}).text
    cookie = f'{shared.cookie()}; language="><script>'
    assert '<html lang="en"' in shared.get("/post/1", Cookie=cookie).text


def test_assets_are_those_that_ship_and_are_not_sent_twice(shared):
    for name, asset in application.assets().items():
        first = shared.get(f"/static/{name}")
        assert (first.status_code, first.content) == (200, asset.data)
        assert first.headers["content-type"].split(";")[0] in {"text/css", "text/javascript"}
        assert first.headers["cache-control"] == "no-cache"
        again = shared.get(f"/static/{name}", **{"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert shared.get("/static/app.html").status_code == 404


def test_the_preview_is_a_sandbox(shared):
    answer = shared.get("/preview/1")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


# ── A post as JSON ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_model(shared):
    said = model(shared, 2)
    assert said["post"] | {"version": 0, "shape": 0} == {
        "n": 2, "title": "花园", "source_name": "zh.md", "target_name": "en.md", "version": 0, "shape": 0,
    }  # fmt: skip
    assert [post["n"] for post in said["posts"]] == [1, 2]
    assert said["person"] == "Seed"
    assert {engine["name"] for engine in said["engines"]} == {
        name for name, row in ENGINES.items() if row.abilities.drafts
    }
    assert [row["i"] for row in said["segments"]] == list(range(len(said["segments"])))
    assert [row["key"] for row in said["segments"]] == [entry.key for entry in entries(shared, "two/en.po")]


def test_chunks_hold_every_row(shared):
    said = model(shared)
    parts = [shared.get(f"/api/post/1/chunk/{k}") for k in range(len(said["chunks"]))]
    assert all(part.headers["content-type"].startswith("text/html") for part in parts)
    for row in said["segments"]:
        assert sum(f'data-key="{row["key"]}"' in part.text for part in parts) == 1
    assert shared.get(f"/api/post/1/chunk/{len(parts)}").status_code == 404


def test_what_is_decided_is_in_the_record_when_it_is_answered(alone):
    row = model(alone)["segments"][2]
    answer = alone.post("/api/post/1/decide", {"decisions": [edited(row, "We go to the **garden** 😀.")]})
    assert answer.status_code == 200
    said = answer.json()
    assert said["results"] == [{"id": "1", "key": row["key"], "fate": "done", "why": ""}]
    entry = next(entry for entry in entries(alone) if entry.key == row["key"])
    assert (entry.target, entry.state.value, entry.by) == ("We go to the **garden** 😀.", "approved", "Seed")
    assert "We go to the **garden** 😀." in (alone.root / "en.md").read_text(encoding="utf-8")
    (changed,) = [each for each in said["rows"] if each["key"] == row["key"]]
    assert changed["stand"]["target"] == entry.target
    assert f'data-key="{row["key"]}"' in changed["html"]


def test_changes_are_told_to_the_other_window(alone):
    post = model(alone)["post"]
    row = model(alone)["segments"][2]
    asked = f"/api/post/1/changes?version={post['version']}&shape={post['shape']}"
    assert alone.get(asked).json() == {"version": post["version"], "shape": post["shape"], "rows": []}
    alone.post("/api/post/1/decide", {"decisions": [edited(row, "one")]})
    said = alone.get(asked).json()
    assert row["key"] in {each["key"] for each in said["rows"]}
    assert said["version"] > post["version"]
    source = alone.root / "zh.md"
    source.write_text(source.read_text(encoding="utf-8") + "\n新的一段。\n", encoding="utf-8")
    assert alone.get(asked).json()["reload"] is True


def test_a_page_of_another_run_is_read_anew(alone):
    """Versions begin at 1 in every run; a shape does not."""
    old = model(alone)["post"]
    alone.stop()
    again = Running(alone.root, "--no-open", "--port", "0").enter()
    answer = again.get(f"/api/post/1/changes?version={old['version']}&shape={old['shape']}")
    again.stop()
    assert answer.json()["reload"] is True


def test_words_that_say_which(alone):
    row = model(alone)["segments"][2]
    alone.post("/api/post/1/decide", {"decisions": [edited(row, "😀 We go to see flowers in the **garden** 😀.")]})
    said = alone.get(f"/api/post/1/segment/{row['key']}").json()
    target = "😀 We go to see flowers in the **garden** 😀.".encode("utf-16-le")
    source = row["source"].encode("utf-16-le")
    words = {
        source[2 * a : 2 * b].decode("utf-16-le"): target[2 * c : 2 * d].decode("utf-16-le")
        for a, b, c, d, _ in said["links"]
    }
    assert words["花园"] == "garden"
    assert alone.get("/api/post/1/segment/00000000").status_code == 404


def test_verbs_give_changes_that_can_be_taken_back(alone):
    rows = model(alone)["segments"]
    alone.post("/api/post/1/decide", {"decisions": [edited(rows[3], "The flowers of the garden are fine.", "draft")]})
    before = [(entry.key, entry.target, entry.state) for entry in entries(alone)]
    done = []
    for path, body in [
        ("act", {"verb": "repeat", "key": rows[3]["key"]}),
        ("replace", {"find": "flowers", "replace": "blossoms", "apply": True}),
        ("act", {"verb": "clean"}),
        ("act", {"verb": "draft", "keys": [rows[3]["key"]], "engine": "echo"}),
    ]:
        answer = alone.post(f"/api/post/1/{path}", body).json()
        assert len(answer["rows"]) >= len(answer["changes"]) > 0, (path, answer)
        done.append(answer["changes"])
    for changes in reversed(done):
        undone = [
            {**one, "id": str(n), "before": one["after"], "after": one["before"]} for n, one in enumerate(changes)
        ]
        results = alone.post("/api/post/1/decide", {"decisions": undone}).json()["results"]
        assert {one["fate"] for one in results} == {"done"}
    assert [(entry.key, entry.target, entry.state) for entry in entries(alone)] == before


def test_a_replacement_is_shown_before_it_is_made(alone):
    row = model(alone)["segments"][3]
    alone.post("/api/post/1/decide", {"decisions": [edited(row, "Fine flowers.")]})
    said = alone.post("/api/post/1/replace", {"find": "flowers", "replace": "blossoms"}).json()
    assert [one["after"]["target"] for one in said["changes"]] == ["Fine blossoms."]
    assert entries(alone)[3].target == "Fine flowers."


def test_a_term_is_shown_then_made(alone):
    row = model(alone)["segments"][2]
    alone.post("/api/post/1/decide", {"decisions": [edited(row, "We look at the **garden** 😀.")]})
    term = {"term": "花园", "translation": "park"}
    shown = alone.post("/api/post/1/term", {"term": term}).json()
    assert shown["refusal"] == ""
    assert not (alone.root / "glossary" / "terms.yaml").exists()
    made = alone.post("/api/post/1/term", {"term": term, "apply": True}).json()
    assert made["path"] == "glossary/terms.yaml"
    assert "park" in (alone.root / "glossary" / "terms.yaml").read_text(encoding="utf-8")
    assert entries(alone)[2].target == "We look at the **park** 😀."
    assert alone.post("/api/post/1/term", {"term": term | {"translation": "yard"}}).json()["refusal"]
    assert model(alone)["terms"][0]["translation"] == "park"


def test_publishing_says_first_what_would_go_out(alone):
    rows = model(alone)["segments"]
    said = alone.post("/api/post/1/publish", {}).json()
    assert said["total"] == len(rows)
    assert "written" not in said
    gone = [edited(rows[3], "", "untranslated")]
    alone.post("/api/post/1/decide", {"decisions": gone})
    assert "untranslated" in alone.post("/api/post/1/publish", {"apply": True}).json()["refusal"]
    assert "written" in alone.post("/api/post/1/publish", {"apply": True, "allow_untranslated": True}).json()


# ── Only the chosen posts ─────────────────────────────────────────────────────────────────────────────────────────────

NOWHERE = [
    "/static/../secret.txt", "/static/..%2fsecret.txt", "/static/%2e%2e/%2e%2e/secret.txt", "/static/..%5csecret.txt",
    "/static//etc/passwd", "/static/%2fetc%2fpasswd", "/static/app.js%00.css", "/static/%00", "/static/", "/static",
    "/static/app.html", "/static/page.css/../app.html", "/static/....//secret.txt", "/static/secret.txt", "/secret.txt",
    "/zh.md", "/en.po", "/glossary/terms.yaml", "/../secret.txt", "//secret.txt", "/%2e%2e/secret.txt", "/.git/config",
    "/post/0", "/post/3", "/post/-1", "/post/1.0", "/post/01x", "/post/99999999999999999999", "/post/1/../3", "/post/",
    "/post/other%2fzh.md", "/post/..%2fother", "/preview/3", "/preview/0", "/preview/..%2fsecret.txt", "/api/post/3",
    "/api/post/1/chunk/-1", "/api/post/1/chunk/99", "/api/post/1/chunk/..%2f..", "/api/post/1/segment/..%2fsecret.txt",
    "/api/post/1/segment/%00", "/api/post/1/segment/secret.txt", "/api/post/other/zh.md", "/api/../secret.txt",
    "/api/post/1/decide", "/docs", "/openapi.json", "/api", "/post/1/secret.txt", "/post/1?path=secret.txt/../x%00y",
]  # fmt: skip


@pytest.mark.parametrize("target", NOWHERE)
def test_no_address_leads_to_another_file(shared, target):
    head = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{shared.port}\r\nCookie: {shared.cookie()}\r\n\r\n"
    answer = shared.raw(head)
    status = int(answer.split(b" ")[1])
    assert 400 <= status < 500 or target.startswith("/post/1?"), answer[:300]
    assert SECRET.encode() not in answer
    assert b"root:" not in answer


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1:{port}/secret.txt", "http://evil.example/post/1", "file:///etc/passwd", "*", "secret.txt"],
)
def test_no_form_of_an_address_leads_to_another_file(shared, target):
    target = target.format(port=shared.port)
    head = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{shared.port}\r\nCookie: {shared.cookie()}\r\n\r\n"
    answer = shared.raw(head)
    assert 400 <= int(answer.split(b" ")[1]) < 500
    assert SECRET.encode() not in answer


@pytest.mark.parametrize(
    "head",
    [
        "GET /post/1 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil.example\r\nCookie: {cookie}\r\n\r\n",
        "GET /post/1 HTTP/1.1\r\nHost: evil.example\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n",
        "GET /post/1 HTTP/1.0\r\nCookie: {cookie}\r\n\r\n", "GET /post/1 HTTP/1.1\r\nCookie: {cookie}\r\n\r\n",
        "GET /post/1 HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n",
        "CONNECT evil.example:443 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /post/1 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n", "garbage\r\n\r\n",
    ],
)  # fmt: skip
def test_odd_heads(shared, head):
    answer = shared.raw(head.format(port=shared.port, cookie=shared.cookie()))
    assert 400 <= int(answer.split(b" ")[1]) < 500, answer[:200]
    assert "花".encode() not in answer


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_no_other_method_is_known(shared, method):
    headers = {"Origin": shared.origin, "X-Duizhao": "1", "Content-Type": "application/json"}
    for path in ("/api/post/1/decide", "/api/post/1", "/post/1", "/"):
        assert shared.client.request(method, path, headers=headers).status_code in {403, 405}
    assert "access-control-allow-origin" not in shared.client.options("/api/post/1", headers=headers).headers


def test_who_does_not_know_the_address_gets_nothing(shared):
    host = f"Host: 127.0.0.1:{shared.port}"
    for path in ("/", "/post/1", "/preview/1", "/api/post/1", "/api/post/1/chunk/0", "/?token=x"):
        answer = shared.raw(f"GET {path} HTTP/1.1\r\n{host}\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 401")
        assert "花".encode() not in answer


# ── Sizes and mistakes ────────────────────────────────────────────────────────────────────────────────────────────────


def test_too_much_is_refused(shared):
    head = (
        f"POST /api/post/1/decide HTTP/1.1\r\nHost: 127.0.0.1:{shared.port}\r\nOrigin: {shared.origin}\r\n"
        f"Cookie: {shared.cookie()}\r\nX-Duizhao: 1\r\nContent-Type: application/json\r\n"
    )
    assert shared.raw(head + "Content-Length: 2000001\r\n\r\n").startswith(b"HTTP/1.1 413")
    part = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    assert b"413" in shared.raw(head + "Transfer-Encoding: chunked\r\n\r\n", part * 31 + b"0\r\n\r\n")[:20]
    assert shared.raw("GET / HTTP/1.1\r\nX: " + "x" * 200_000 + "\r\n\r\n")[:10] in {b"", b"HTTP/1.1 4"}


def test_a_request_that_is_wrong_changes_nothing_and_is_told_why(shared):
    before = (shared.root / "en.po").read_bytes()
    row = model(shared)["segments"][2]
    good = edited(row, "x")
    for wrong, why in [
        ({"decisions": [good, {**good, "x": 1}]}, "decisions[1] has a field 'x' that is not known"),
        ({"decisions": [{**good, "path": "../secret.txt"}]}, "'path'"),
        ({"decisions": [good] * 5001}, "5,001 items"),
        ([], "must be a JSON object"),
    ]:
        answer = shared.post("/api/post/1/decide", wrong)
        assert answer.status_code == 400
        assert why in answer.json()["error"]
    assert (shared.root / "en.po").read_bytes() == before


def test_a_post_that_cannot_be_read_keeps_the_browser_waiting(alone):
    """What a person decided is no mistake of theirs: the page keeps it, and it is saved when the file is mended."""
    row = model(alone)["segments"][2]
    source = alone.root / "zh.md"
    whole = source.read_bytes()
    source.write_bytes(b"\xff\xfe\xff")
    body = {"decisions": [edited(row, "kept")]}
    answer = alone.post("/api/post/1/decide", body)
    assert answer.status_code == 503
    assert "zh.md" in answer.json()["error"]
    assert alone.get("/api/post/1").status_code == 422
    source.write_bytes(whole)
    assert alone.post("/api/post/1/decide", body).json()["results"][0]["fate"] == "done"


def caused(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "reading", "changing"),
    [
        (RequestError("x"), 400, 400), (MissingError("x"), 404, 404), (EngineError("x"), 422, 422),
        (InputError("x", "zh.md"), 422, 503), (DuizhaoError("x"), 422, 503), (ConflictError("x"), 503, 503),
        (OSError(errno.ENOSPC, "No space left"), 507, 507), (OSError(errno.EDQUOT, "Quota"), 507, 507),
        (caused(InputError("cannot be written", "en.po"), OSError(errno.ENOSPC, "x")), 507, 507),
        (caused(InputError("cannot be written", "en.po"), OSError(errno.EACCES, "x")), 422, 503),
        (ZeroDivisionError("inside"), 500, 500), (RecursionError("inside"), 500, 500),
    ],
    ids=range(12),
)  # fmt: skip
def test_what_is_said_of_errors(error, reading, changing, capsys):
    def fail(_):
        raise error

    for method, status in (("GET", reading), ("POST", changing)):
        scope = {
            "type": "http", "method": method, "path": "/api/x", "headers": [], "query_string": b"", "path_params": {},
        }  # fmt: skip
        answer = application._said(None, fail, Request(scope), b"{}")
        assert answer.status_code == status
        assert http.HTTPStatus(status)
        assert b'{"error":"' in answer.body
        out, err = capsys.readouterr()
        assert not out
        assert ("Traceback" in err) == (status == 500)
        assert b"inside" not in answer.body
