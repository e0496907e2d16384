"""A server on this machine that has models: Mozilla's records and attachments, Argos' index, and plain files.

It speaks as Remote Settings does (`/v1/` names the place of attachments, `…/records` lists one file a record), with
ranges or without, and misbehaves when told to. Only downloads count for faults, not what is asked before them.
"""

import hashlib
import json
import re
import socket
from dataclasses import dataclass

from loopback import Loopback, Reply
from marian_model import model, shortlist, vocabulary

MEANINGS = {
    "我": "▁we",
    "我们": "▁we",
    "去": "▁go",
    "到": "▁to",
    "花园": "▁gardens",
    "看": "▁see",
    "花": "▁flowers",
    "春天": "▁spring",
    "的": "▁of",
    "和": "▁and",
    "窗": "▁windows",
    "开": "▁open",
    "很": "▁very",
    "好": "▁well",
    "第": "▁number",
    "一": "▁one",
    "章": "▁chapters",
    "里": "▁in",
    "这": "▁this",
    "句": "▁lines",
    "话": "▁words",
    "引用": "▁quotes",
    "最后": "▁last",
    "段": "▁parts",
    "，": ",",
    "。": ".",
    "！": "!",
    "？": "?",
}


def zst(data: bytes) -> bytes:
    """Pack as zstd does, in blocks that are not compressed."""
    out = b"\x28\xb5\x2f\xfd\xa0" + len(data).to_bytes(4, "little")
    blocks = [data[at : at + 65536] for at in range(0, len(data), 65536)] or [b""]
    for n, block in enumerate(blocks):
        out += (len(block) << 3 | (n == len(blocks) - 1)).to_bytes(3, "little") + block
    return out


def firefox_files(meanings=MEANINGS):
    """Make a model of Firefox's kind that says each piece by a table; letters and digits it leaves as they are."""
    plain = [chr(n) for n in range(33, 127)]
    said = meanings | {each: each for each in plain} | {f"▁{each}": f"▁{each}" for each in plain}
    source, target = list(said), list(dict.fromkeys(said.values()))
    return {
        "model.zhen.intgemm.alphas.bin": model(said, source, target),
        "srcvocab.zhen.spm": vocabulary(source),
        "trgvocab.zhen.spm": vocabulary(target),
        "lex.50.50.zhen.s2t.bin": shortlist(source, target),
    }


@dataclass
class Attachment:
    name: str
    data: bytes
    version: str = "3.0"
    source: str = "zh-Hans"
    architecture: str = "base"
    filter: str = ""

    @property
    def path(self):
        digest = hashlib.sha256(f"{self.name}{self.version}{self.architecture}".encode()).hexdigest()[:12]
        return f"main-workspace/translations-models-v2/{digest}.zst"

    def record(self):
        packed = zst(self.data)
        return {
            "name": self.name,
            "fileType": self.name.split(".")[0],
            "sourceLanguage": self.source,
            "targetLanguage": "en",
            "version": self.version,
            "architecture": self.architecture,
            "filter_expression": self.filter,
            "decompressedHash": hashlib.sha256(self.data).hexdigest(),
            "decompressedSize": len(self.data),
            "attachment": {
                "hash": hashlib.sha256(packed).hexdigest(),
                "size": len(packed),
                "location": self.path,
                "filename": f"{self.name}.zst",
                "mimetype": "application/zstd",
            },
        }


class Records(Loopback):
    """Has attachments and files; `ranges=False`: gives all of a file whatever part is asked for."""

    def __init__(self, files=None, *, ranges=True):
        super().__init__()
        self.attachments = [Attachment(name, data) for name, data in (files or firefox_files()).items()]
        self.files = {}
        """Plain ones, by path."""
        self.ranges = ranges
        self.tags = True
        """Whether a whole answer says which version it is."""

    @property
    def records_url(self):
        return f"{self.url}/v1/buckets/main/collections/translations-models-v2/records"

    def counts(self, request):
        return request.method == "GET" and self.whole(request.path) is not None and not request.path.endswith(".json")

    def whole(self, path):
        for each in self.attachments:
            if path == f"/attachments/{each.path}":
                return zst(each.data)
        return self.files.get(path)

    def reply(self, request, fault):
        if request.path == "/v1/":
            return self.said({"capabilities": {"attachments": {"base_url": f"{self.url}/attachments/"}}})
        if request.path.endswith("/records"):
            return self.said({"data": [{"id": "other"}, *(each.record() for each in self.attachments)]})
        data = self.whole(request.path)
        if data is None:
            return Reply(b"none", 404)
        if fault == "other bytes":
            data = data[:-1] + bytes([data[-1] ^ 1])
        if fault == "longer":
            data += b"more"
        asked = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        if "If-Range" in request.headers and request.headers["If-Range"] not in self.tag(data).values():
            asked = None
        if not asked or not self.ranges:
            return Reply(data, headers=self.tag(data))
        start = int(asked[1])
        if start >= len(data):
            return Reply(b"", 416, {"Content-Range": f"bytes */{len(data)}"})
        return Reply(data[start:], 206, {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"})

    def tag(self, data):
        """Give the headers of a whole answer."""
        tags = {"ETag": f'"{hashlib.sha256(data).hexdigest()[:8]}"'} if self.tags else {}
        return {"Content-Type": "application/octet-stream"} | tags

    @staticmethod
    def said(value):
        return Reply(json.dumps(value).encode())

    def downloads(self):
        """Give the requests that were for files."""
        return [each for each in self.requests if self.counts(each)]

    def _answer(self, handler, request, fault):
        if fault == "cut":
            reply = self.reply(request, "")
            handler.send_response(reply.status)
            for name, value in reply.headers.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(reply.body)))
            handler.end_headers()
            handler.wfile.write(reply.body[: len(reply.body) // 2])
            handler.wfile.flush()
            handler.connection.shutdown(socket.SHUT_WR)
            handler.close_connection = True
            return
        super()._answer(handler, request, fault)
