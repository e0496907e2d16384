"""Speaks LibreTranslate's wire format, as its 1.6 and 1.7 do (`POST /translate`, HTML mode), and misbehaves when told.

What is sent must be HTML: it is read by Python's own parser. Like the real one it undoes character references in what
it gives back, takes `zh` and `zh-Hans`, and has limits of characters and of texts.
"""

import html
import json
from html.parser import HTMLParser

from loopback import Loopback, Reply
from speaking import wrong

STRUCTURE = ("half json", "one missing", "merged", "doubled")
"""Of `BATCH_FAULTS`, those that a program which writes JSON may come to."""


class _Marks(HTMLParser):
    """HTML as a text with marks; raises where it is not nested or not ours."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.text, self.open = "", []

    def handle_starttag(self, tag, attrs):
        ((name, mark),) = attrs
        assert (tag, name, mark[0]) in {("b", "id", "t"), ("code", "id", "x")}
        self.open.append((tag, mark))
        self.text += f"<{mark}>"

    def handle_endtag(self, tag):
        open_, mark = self.open.pop()
        assert open_ == tag
        self.text += f"</{mark}>" if tag == "b" else ""

    def handle_data(self, data):
        if self.open and self.open[-1][0] == "code":
            assert data == self.open[-1][1].upper()
        else:
            self.text += data


def marked(source):
    reader = _Marks()
    reader.feed(source)
    reader.close()
    assert not reader.open
    return reader.text


def as_html(text):
    """Give a text with marks as the server's HTML, references undone as it undoes them."""
    out = html.escape(text, quote=False)
    for n in range(100):
        out = out.replace(f"&lt;x{n}&gt;", f'<code id="x{n}">X{n}</code>')
        out = out.replace(f"&lt;t{n}&gt;", f'<b id="t{n}">').replace(f"&lt;/t{n}&gt;", "</b>")
    return html.unescape(out)


class LibreTranslateServer(Loopback):
    """One that has a key only where it wants one."""

    def __init__(self, delay=0.0, key="", texts=-1, characters=-1):
        super().__init__(delay)
        self.key, self.texts, self.characters = key, texts, characters

    def reply(self, request, fault):
        asked = json.loads(request.body)
        if request.path != "/translate" or request.method != "POST":
            return Reply(b"<h1>Not Found</h1>", 404, {"Content-Type": "text/html"})
        refused = self._refused(asked)
        if refused:
            return Reply(json.dumps({"error": refused[1]}).encode(), refused[0])
        said = [as_html(wrong(marked(text), fault)) for text in asked["q"]]
        if fault == "one missing":
            del said[-1]
        elif fault == "merged":
            said[:2] = [" ".join(said[:2])]
        elif fault == "doubled":
            said.append(said[-1])
        body = json.dumps({"translatedText": said}).encode()
        return Reply(body[: len(body) // 2] if fault == "half json" else body)

    def _refused(self, asked):
        size = max(map(len, asked["q"]))
        if self.key and asked.get("api_key") != self.key:
            return (403, "Invalid API key") if "api_key" in asked else (400, "Visit https://… to get an API key")
        if asked["source"] not in {"zh", "zh-Hans"} or asked["target"] != "en":
            return 400, f"{asked['source']} is not supported"
        if -1 < self.texts < len(asked["q"]):
            return 400, f"Invalid request: request ({len(asked['q'])}) exceeds text limit ({self.texts})"
        if -1 < self.characters < size:
            return 400, f"Invalid request: request ({size}) exceeds text limit ({self.characters})"
        assert asked["format"] == "html"
        return None

    def refusal(self, status):
        said = {403: "Too many request limits violations", 429: "Slowdown: 30 per 1 minute"}
        return json.dumps({"error": said.get(status, f"status {status}")}).encode()


ENV = {"LIBRETRANSLATE_API_KEY": "canary-libretranslate-71c2"}


def settings(server):
    """Give what a user writes for this server."""
    return {"base_url": server.url}
