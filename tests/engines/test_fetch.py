"""Fetching models: whole, right, once, and from anywhere; whatever goes wrong leaves what was there."""

import gzip
import hashlib
import io
import json
import shutil
import socket
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from pathlib import Path

import pytest
from records_server import Attachment, Records, firefox_files, zst

from translator.engines import download, firefox_records
from translator.engines.fetch import KNOWN, fetch
from translator.engines.fetched import MANIFEST, damage, files_of, folder_of, home
from translator.engines.unpack import unpack
from translator.errors import EngineError

FILES = firefox_files()
MODEL = "model.zhen.intgemm.alphas.bin"


@pytest.fixture(autouse=True)
def data_home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(download, "PAUSE", 0.01)
    return tmp_path / "data" / "duizhao" / "engines"


@pytest.fixture
def server(monkeypatch):
    with Records(FILES) as server:
        monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", server.records_url)
        yield server


def dead_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def stands(folder):
    """Give the files of a model's folder, its own list left out."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file() and p.name != MANIFEST
    }


def is_tidy():
    """Whether nothing but models and their locks stands there."""
    return not [p for p in home().iterdir() if p.name.startswith(".") and not p.name.endswith(".lock")]


# ── Firefox ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_firefox_is_fetched_once_and_proved(server):
    told = []
    done = fetch("firefox", tell=lambda *said: told.append(said))
    assert (done.was_there, done.proved) == (False, True)
    assert done.folder == folder_of("firefox") == home() / "firefox"
    assert stands(done.folder) == FILES
    assert done.size == sum(map(len, FILES.values()))
    assert is_tidy()
    assert told[-1] == ("trying firefox",)
    for name, data in FILES.items():
        size = len(zst(data))
        assert [said for said in told if said[0] == name][-1] == (name, size, size)
    before = len(server.downloads())
    assert fetch("firefox").was_there
    assert len(server.downloads()) == before


@pytest.mark.usefixtures("server")
def test_it_stands_without_a_network(monkeypatch):
    fetch("firefox")
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", f"http://127.0.0.1:{dead_port()}/v1/records")
    assert folder_of("firefox")
    with pytest.raises(EngineError, match="cannot be reached"):
        fetch("firefox")
    assert stands(folder_of("firefox")) == FILES


def test_offline_is_one_sentence_with_the_address_and_what_helps(monkeypatch):
    port = dead_port()
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", f"http://me:secret@127.0.0.1:{port}/v1/records?token=secret")
    with pytest.raises(EngineError) as caught:
        fetch("firefox")
    said = str(caught.value)
    assert f"http://127.0.0.1:{port}/v1/records cannot be reached" in said
    assert "duizhao engines fetch firefox --from FOLDER" in said
    assert "secret" not in said
    assert folder_of("firefox") is None


@pytest.mark.parametrize("fault", ["other bytes", "longer"])
def test_wrong_bytes_are_thrown_away(server, fault):
    server.always = fault
    with pytest.raises(EngineError, match=r"not the file it should be|more than the"):
        fetch("firefox")
    assert folder_of("firefox") is None
    assert is_tidy()
    server.always = ""
    assert stands(fetch("firefox").folder) == FILES


def test_what_is_packed_is_proved_too(server):
    rotten = server.attachments[0]
    true = rotten.record
    rotten.record = lambda: true() | {"decompressedHash": "0" * 64}
    with pytest.raises(EngineError, match=r"model\.zhen.* is not what it should be when unpacked"):
        fetch("firefox")
    assert folder_of("firefox") is None
    assert is_tidy()


def test_a_cut_download_goes_on_within_one_run(server):
    server.faults.extend(["cut", "cut"])
    assert stands(fetch("firefox").folder) == FILES
    ranges = [each.headers.get("Range") for each in server.downloads()]
    size = len(zst(FILES[MODEL]))
    again = [f"bytes={size // 2}-", f"bytes={size // 2 + (size - size // 2) // 2}-"]
    assert ranges == [None, *again, *[None] * (len(FILES) - 1)]


def test_a_cut_download_goes_on_in_the_next_run(server):
    server.always = "cut"
    with pytest.raises(EngineError, match=r"was cut; what came is kept.*goes on from there"):
        fetch("firefox")
    assert folder_of("firefox") is None
    (part,) = (each for each in (home() / ".firefox.parts").iterdir() if each.suffix != ".tag")
    have, before = part.stat().st_size, len(server.downloads())
    assert have > len(zst(FILES[MODEL])) * 0.9
    server.always = ""
    assert stands(fetch("firefox").folder) == FILES
    assert server.downloads()[before].headers["Range"] == f"bytes={have}-"
    assert is_tidy()


def test_a_server_without_ranges_starts_again(server):
    server.ranges = False
    server.faults.append("cut")
    assert stands(fetch("firefox").folder) == FILES
    assert len(server.downloads()) == len(FILES) + 1


def test_a_part_of_other_bytes_is_started_again(server):
    server.always = "cut"
    with pytest.raises(EngineError):
        fetch("firefox")
    (part,) = (each for each in (home() / ".firefox.parts").iterdir() if each.suffix != ".tag")
    part.write_bytes(b"?" * part.stat().st_size)
    server.always = ""
    assert stands(fetch("firefox").folder) == FILES


def test_a_newer_model_takes_the_place(server):
    fetch("firefox")
    newer = firefox_files({"花": "▁blossoms"})
    server.attachments += [Attachment(name, data, "3.1") for name, data in newer.items()]
    done = fetch("firefox")
    assert not done.was_there
    assert stands(done.folder) == newer


@pytest.mark.parametrize(
    "others",
    [
        [{"version": "4.0"}, {"version": "2.0"}, {"version": "3.1a1", "filter": "env.channel == 'nightly'"}],
        [{"source": "zh-Hant", "version": "3.4"}, {"version": "3.0", "architecture": "tiny"}],
        [{"source": "zh", "version": "3.2"}],
    ],
)
def test_the_right_model_is_chosen(others):
    true = [Attachment(name, data) for name, data in FILES.items()]
    wrong = [Attachment(name, data[:400], **each) for each in others for name, data in FILES.items()]
    for records in ([*true, *wrong], [*wrong, *true]):
        chosen = firefox_records.choose([each.record() for each in records])
        assert sorted(r["decompressedHash"] for r in chosen) == sorted(t.record()["decompressedHash"] for t in true)


def test_no_model_for_chinese_is_said(server):
    for each in server.attachments:
        each.source = "ja"
    with pytest.raises(EngineError, match="lists no model from Chinese into English"):
        fetch("firefox")


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b'{"data": 3}', b""])
def test_an_answer_that_is_no_records_is_said(server, monkeypatch, answer):
    server.files["/else"] = answer
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", f"{server.url}/else")
    with pytest.raises(EngineError, match=r"/else does not answer with records of models|lists no model"):
        fetch("firefox")


@pytest.mark.parametrize(("fault", "said"), [("403", "answers 403"), ("404", r"there is no .*\(404\)"), ("503", "503")])
def test_a_server_that_refuses_is_named(server, fault, said):
    server.always = fault
    with pytest.raises(EngineError, match=said):
        fetch("firefox")
    assert folder_of("firefox") is None


def test_two_at_once_do_not_harm_each_other(server):
    server.delay = 0.05
    code = "from translator.engines.fetch import fetch; print(fetch('firefox').was_there)"
    runs = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sorted(run.communicate(timeout=60)[0].strip() for run in runs) == ["False", "True"]
    assert stands(folder_of("firefox")) == FILES
    assert len(server.downloads()) == len(FILES)
    assert is_tidy()


@pytest.mark.usefixtures("server")
def test_a_killed_installation_is_put_right():
    fetch("firefox")
    (home() / "firefox").rename(home() / ".firefox.old")
    (home() / ".firefox.new").mkdir()
    assert folder_of("firefox") is None
    assert fetch("firefox").was_there
    assert is_tidy()


@pytest.mark.usefixtures("server")
def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", small], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no small disk can be made here: {mounted.stderr.decode().strip()}")
    monkeypatch.setenv("XDG_DATA_HOME", str(small))
    try:
        with pytest.raises(EngineError, match=r"the disk is full: .*make room there"):
            fetch("firefox")
        assert folder_of("firefox") is None
        assert is_tidy()
    finally:
        subprocess.run(["umount", small], check=True)


@pytest.mark.usefixtures("server")
def test_a_folder_that_cannot_be_written_is_said(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    with pytest.raises(EngineError, match="cannot be read or written: Not a directory"):
        fetch("firefox")


# ── Copies of one's own ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("server")
def test_a_fetched_folder_can_be_handed_on(tmp_path, monkeypatch):
    shutil.copytree(fetch("firefox").folder, tmp_path / "stick")
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", f"http://127.0.0.1:{dead_port()}/")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "elsewhere"))
    done = fetch("firefox", str(tmp_path / "stick"))
    assert (done.was_there, done.proved) == (False, True)
    assert stands(done.folder) == FILES
    assert fetch("firefox", str(tmp_path / "stick")).was_there


@pytest.mark.usefixtures("server")
def test_a_folder_that_was_changed_is_refused(tmp_path, monkeypatch):
    shutil.copytree(fetch("firefox").folder, tmp_path / "stick")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "elsewhere"))
    (tmp_path / "stick" / MODEL).write_bytes(b"?" * len(FILES[MODEL]))
    with pytest.raises(EngineError, match=r"model\.zhen.*is not the file it should be"):
        fetch("firefox", str(tmp_path / "stick"))
    assert folder_of("firefox") is None


@pytest.mark.parametrize("packed", ["", "gz", "zst"])
def test_a_folder_without_a_list_is_tried_first(tmp_path, packed):
    pack = {"": bytes, "gz": gzip.compress, "zst": zst}[packed]
    for name, data in FILES.items():
        (tmp_path / (f"{name}.{packed}" if packed else name)).write_bytes(pack(data))
    (tmp_path / "README").write_text("not of the model")
    done = fetch("firefox", str(tmp_path))
    assert not done.proved
    assert stands(done.folder) == FILES


@pytest.mark.parametrize(
    "harm", [lambda data: data[:100] + bytes([data[100] ^ 255]) + data[101:], lambda data: data[:500]]
)
def test_a_model_that_would_end_the_process_is_refused(tmp_path, harm):
    for name, data in (FILES | {MODEL: harm(FILES[MODEL])}).items():
        (tmp_path / name).write_bytes(data)
    with pytest.raises(EngineError, match="cannot be used"):
        fetch("firefox", str(tmp_path))
    assert folder_of("firefox") is None
    assert is_tidy()


def test_a_copy_on_a_server(server):
    folder = fetch("firefox").folder
    for path in folder.iterdir():
        server.files[f"/copies/firefox/{path.name}"] = path.read_bytes()
    shutil.rmtree(folder)
    server.attachments.clear()
    server.faults.append("cut")
    assert stands(fetch("firefox", f"{server.url}/copies/firefox").folder) == FILES
    with pytest.raises(EngineError, match=r"has no duizhao\.json: re-host the whole folder"):
        fetch("firefox", f"{server.url}/copies")


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", ""])
def test_a_list_that_names_a_place_outside_is_refused(tmp_path, name):
    (tmp_path / "evil").write_text("x")
    row = {"size": 1, "sha256": hashlib.sha256(b"x").hexdigest()}
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "evil").write_text("x")
    (tmp_path / "in" / MANIFEST).write_text(json.dumps({"files": {name: row}}))
    with pytest.raises(EngineError):
        fetch("firefox", str(tmp_path / "in"))
    assert folder_of("firefox") is None


# ── Models for ctranslate2 ────────────────────────────────────────────────────────────────────────────────────────────


OPUS = {"model.bin": b"weights" * 5000, "config.json": b"{}", "source.spm": b"s", "target.spm": b"t"}


def zipped(files, around="opus/"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(around + name, data)
    return out.getvalue()


def tarred(files, mode="w:gz"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


ARCHIVES = {
    "opus.zip": zipped(OPUS),
    "flat.zip": zipped(OPUS, ""),
    "zh_en.argosmodel": zipped(OPUS, "translate-zh_en-1_9/"),
    "opus.tar.gz": tarred(OPUS),
    "opus.tar.xz": tarred({f"opus/{name}": data for name, data in OPUS.items()}, "w:xz"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_from_a_server_and_from_the_disk(server, tmp_path, name):
    server.files[f"/{name}"] = ARCHIVES[name]
    digest = hashlib.sha256(ARCHIVES[name]).hexdigest()
    server.faults.append("cut")
    done = fetch("opus", f"{server.url}/{name}", digest)
    assert done.proved
    assert stands(done.folder) == OPUS == stands(folder_of("opus"))
    (tmp_path / name).write_bytes(ARCHIVES[name])
    assert stands(fetch("mine", str(tmp_path / name)).folder) == OPUS
    assert is_tidy()


@pytest.mark.parametrize(("tags", "changes"), [(True, False), (True, True), (False, False), (False, True)])
def test_what_nobody_proves_goes_on_only_if_it_is_the_same(server, tags, changes):
    """A file without a hash that changed between two fetches must not be glued together."""
    server.tags = tags
    server.files["/opus.zip"] = ARCHIVES["opus.zip"]
    server.always = "cut"
    with pytest.raises(EngineError, match="was cut"):
        fetch("opus", f"{server.url}/opus.zip")
    before, server.always = len(server.downloads()), ""
    if changes:
        server.files["/opus.zip"] = zipped({name: data + b"!" for name, data in OPUS.items()})
    found = stands(fetch("opus", f"{server.url}/opus.zip").folder)
    assert found == ({name: data + b"!" for name, data in OPUS.items()} if changes else OPUS)
    assert ("Range" in server.downloads()[before].headers) == tags


def test_a_proxy_is_heeded(server, monkeypatch):
    server.files["http://models.example/opus.zip"] = ARCHIVES["opus.zip"]
    monkeypatch.setenv("HTTP_PROXY", server.url)
    digest = hashlib.sha256(ARCHIVES["opus.zip"]).hexdigest()
    assert stands(fetch("opus", "http://models.example/opus.zip", digest).folder) == OPUS


def test_killed_in_the_middle_it_goes_on(server):
    server.always = "cut"
    run = subprocess.Popen([sys.executable, "-c", "from translator.engines.fetch import fetch; fetch('firefox')"])
    while len(server.downloads()) < 2:
        time.sleep(0.01)
    run.kill()
    run.wait()
    before, server.always = len(server.downloads()), ""
    assert folder_of("firefox") is None
    assert stands(fetch("firefox").folder) == FILES
    assert server.downloads()[before].headers["Range"].startswith("bytes=")
    assert is_tidy()


def test_an_archive_with_another_hash_is_refused(server):
    server.files["/opus.zip"] = ARCHIVES["opus.zip"]
    with pytest.raises(EngineError, match="is not the file it should be"):
        fetch("opus", f"{server.url}/opus.zip", "0" * 64)
    assert folder_of("opus") is None
    assert is_tidy()


def test_a_folder_and_loose_files(server, tmp_path):
    for name, data in OPUS.items():
        (tmp_path / name).write_bytes(data)
        server.files[f"/loose/{name}"] = data
    assert stands(fetch("mine", str(tmp_path)).folder) == OPUS
    assert stands(fetch("theirs", f"{server.url}/loose").folder) == OPUS


def test_what_is_no_model_is_refused(server, tmp_path):
    (tmp_path / "notes.txt").write_text("no model")
    with pytest.raises(EngineError, match=r"there is no model\.bin in it"):
        fetch("mine", str(tmp_path))
    with pytest.raises(EngineError, match="there is no such file or folder"):
        fetch("mine", str(tmp_path / "gone"))
    with pytest.raises(EngineError):
        fetch("mine", f"{server.url}/nothing")
    assert folder_of("mine") is None


def test_argos_is_found_in_its_index(server, monkeypatch):
    links = ["ipfs://x", f"{server.url}/zh_en.argosmodel"]
    old = {"from_code": "zh", "to_code": "en", "package_version": "1.1", "links": [f"{server.url}/old.argosmodel"]}
    server.files["/index.json"] = json.dumps(
        [
            {"from_code": "en", "to_code": "zh", "package_version": "2.0"},
            old,
            old | {"package_version": "1.9", "links": links},
        ]
    ).encode()
    server.files["/zh_en.argosmodel"] = ARCHIVES["zh_en.argosmodel"]
    monkeypatch.setenv("ARGOS_PACKAGE_INDEX", server.url)
    done = fetch("argos")
    assert not done.proved
    assert stands(done.folder) == OPUS


@pytest.mark.parametrize(
    ("name", "origin", "sha256", "said"),
    [
        ("nosuch", "", "", "no model nosuch is known.*firefox.*argos"),
        ("../up", "x", "", "is no name for a model"),
        (".hidden", "x", "", "is no name for a model"),
        ("mine", "x", "abc", "64 hexadecimal digits"),
        ("mine", "https://[", "", "that is no address"),
        ("mine", "http://10.255.255.1/model.zip", "", "plain HTTP: anybody on the way could change"),
    ],
)
def test_what_is_asked_wrongly_is_said(name, origin, sha256, said):
    with pytest.raises(EngineError, match=said):
        fetch(name, origin, sha256)


# ── Archives ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def link(kind):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("link")
        info.type, info.linkname = kind, "/etc/passwd"
        archive.addfile(info)
    return out.getvalue()


def zipped_link():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def lying():
    """Give a zip that says it holds less than it does."""
    data = bytearray(zipped({"a": b"\0" * 100_000}, ""))
    for at in range(len(data) - 4):
        if data[at : at + 4] == (100_000).to_bytes(4, "little"):
            data[at : at + 4] = (10).to_bytes(4, "little")
    return bytes(data)


EVIL = {
    "up": zipped({"../../evil": b"x"}, ""),
    "root": zipped({"/evil": b"x"}, ""),
    "backslash": zipped({"..\\evil": b"x"}, ""),
    "drive": zipped({"C:evil": b"x"}, ""),
    "tar up": tarred({"../evil": b"x"}),
    "tar root": tarred({"/evil": b"x"}),
    "symlink": link(tarfile.SYMTYPE),
    "hard link": link(tarfile.LNKTYPE),
    "device": link(tarfile.CHRTYPE),
    "zip link": zipped_link(),
    "large": zipped({"a": b"\0" * 2_000_000}, ""),
    "lying": lying(),
    "damaged": ARCHIVES["opus.zip"][:-200],
    "damaged tar": ARCHIVES["opus.tar.gz"][:-200],
    "nothing": b"",
    "text": b"<html>not found</html>",
}


@pytest.mark.parametrize("name", EVIL)
def test_an_evil_archive_is_refused(tmp_path, name):
    (tmp_path / "archive").write_bytes(EVIL[name])
    (tmp_path / "in").mkdir()
    with pytest.raises(EngineError):
        unpack(tmp_path / "archive", tmp_path / "in", most=1_000_000)
    assert {path.name for path in tmp_path.iterdir()} == {"archive", "in"}
    assert not Path("/evil").exists()


def test_what_is_known_says_what_it_is():
    assert set(KNOWN) == {"firefox", "argos"}
    assert all(row.what for row in KNOWN.values())


@pytest.mark.usefixtures("server")
def test_a_file_that_was_lost_or_cut_makes_it_unready():
    folder = fetch("firefox").folder
    assert set(files_of(folder)) == set(FILES)
    path = folder / MODEL
    path.write_bytes(path.read_bytes()[:-1])
    assert folder_of("firefox") is None
    assert damage(folder) == MODEL
    assert not fetch("firefox").was_there


def test_another_waits_and_says_so(server):
    server.delay = 0.1
    told = []
    first = threading.Thread(target=fetch, args=("firefox",))
    first.start()
    while not server.requests:
        pass
    assert fetch("firefox", tell=lambda *said: told.append(said[0])).was_there
    first.join()
    assert told == ["another fetch of firefox is under way; waiting for it"]
