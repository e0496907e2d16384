"""Training from pairs, in several runs: they are one run, whenever they were cut."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from translator.errors import InputError

torch = pytest.importorskip("torch", reason="no PyTorch: pip install 'duizhao[train]'")

from toy import pairs, write_pairs  # noqa: E402

from translator.train import checkpoint, scratch  # noqa: E402
from translator.train.scratch import At, Options, train  # noqa: E402
from translator.train.shape import SIZES  # noqa: E402


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setitem(SIZES, "tiny", {"width": 32, "heads": 2, "ffn": 64, "encoder_layers": 1, "decoder_layers": 1})
    monkeypatch.setattr(scratch, "CHUNK", 40)


@pytest.fixture
def options(tmp_path, pieces_path):
    path = write_pairs(tmp_path / "pairs.tsv", pairs(300))
    held_out = write_pairs(tmp_path / "dev.tsv", pairs(30, seed=4))
    held_out.write_text("\n".join("\t".join(("d", *each[:2])) for each in pairs(30, seed=4)) + "\n", encoding="utf-8")
    return Options(
        path,
        tmp_path / "out",
        pieces_path,
        held_out,
        minutes=5,
        tokens=300,
        rate=0.02,
        warmup=5,
        measure=1000,
        steps=30,
    )


def ran(options, **more):
    said = []
    train(replace(options, **more), said.append)
    return said


def weights_of(folder, name="state.pt"):
    return checkpoint.get(folder / name)["model"]


def same(a, b):
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def test_a_run_that_was_cut_is_the_run_that_was_not(options, tmp_path):
    ran(options)
    for steps in (7, 8, 19, 30):
        ran(options, steps=steps, out=tmp_path / "cut")
    one, other = (checkpoint.get(tmp_path / name / "state.pt") for name in ("out", "cut"))
    assert same(one["model"], other["model"])
    assert same(one["ema"], other["ema"])
    assert At(*one["at"])._replace(spent=0) == At(*other["at"])._replace(spent=0)
    assert At(*one["at"]).epoch > 1


def test_it_learns(options):
    said = ran(options, steps=60)
    assert "0.0M parameters" in said[0]
    losses = [float(line.split()[2]) for line in said if "held-out loss" in line]
    first = [float(line.split()[2]) for line in ran(options, steps=1, out=options.out / "one") if "held-out" in line]
    assert losses[-1] < first[0] / 2


def test_a_run_that_cools_leaves_the_state_as_it_was(options):
    ran(options, steps=10)
    before = weights_of(options.out)
    ran(options, steps=16, cool=5)
    assert same(before, weights_of(options.out))
    cooled = checkpoint.load(options.out / "cool.pt")
    assert cooled.facts["step"] == 16
    assert not same(dict(cooled.weights), {name: each.half() for name, each in before.items()})


def test_it_begins_with_the_weights_of_another(options, tmp_path):
    ran(options, steps=10)
    ran(options, steps=1, first=options.out / "last.pt", rate=1e-9, out=tmp_path / "next")
    state = checkpoint.get(tmp_path / "next" / "state.pt")
    assert At(*state["at"]).epoch == checkpoint.load(options.out / "last.pt").facts["epoch"] + 1
    first = checkpoint.load(options.out / "last.pt").weights
    assert all(torch.allclose(state["model"][name], each.float(), atol=1e-6) for name, each in first.items())


def test_workers_encode_the_same(options, tmp_path, monkeypatch):
    monkeypatch.setattr(scratch, "CHUNK", 10_000)
    ran(options, steps=8)
    ran(options, steps=8, workers=1, out=tmp_path / "there")
    assert same(weights_of(options.out), weights_of(tmp_path / "there"))


def test_it_waits_and_stops_by_files(options):
    options.out.mkdir()
    (options.out / "pause").touch()
    run = threading.Thread(target=ran, args=(options,), kwargs={"steps": None})
    run.start()
    time.sleep(1.5)
    assert not (options.out / "state.pt").exists()
    (options.out / "stop").touch()
    (options.out / "pause").unlink()
    run.join(60)
    assert not run.is_alive()
    assert (options.out / "state.pt").exists()


@pytest.mark.parametrize("what", ["state", "first"])
def test_weights_of_another_shape_are_refused(options, what):
    ran(options, steps=1)
    last = options.out / "last.pt"
    SIZES["tiny"]["width"] = 16
    more = {} if what == "state" else {"first": last, "out": options.out / "other"}
    with pytest.raises(InputError, match="of another shape"):
        ran(options, **more)


def test_a_weight_that_leaves_nothing_is_said(options):
    with pytest.raises(InputError, match="no pair is left"):
        ran(options, weights={"toy": 0.0})


PROGRAM = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from translator.train import scratch
from translator.train.shape import SIZES
scratch.CHUNK = 40
SIZES["tiny"] = {size!r}
scratch.train(scratch.Options(Path({pairs!r}), Path({out!r}), Path({pieces!r}), minutes=5, tokens=300, rate=0.02,
    warmup=5, save={save}, steps={steps}), lambda text: print(text, flush=True))
"""


def program(options, *, save, steps, **more):
    filled = PROGRAM.format(
        tests=os.path.dirname(__file__),  # noqa: PTH120
        size=SIZES["tiny"],
        pairs=str(options.pairs),
        out=str(more.get("out", options.out)),
        pieces=str(options.pieces),
        save=save,
        steps=steps,
    )
    path = options.pairs.parent / "program.py"
    path.write_text(filled, encoding="utf-8")
    return path


@pytest.mark.long
def test_a_run_that_is_killed_leaves_a_state_to_go_on_from(options):
    path = program(options, save=0, steps=None)
    for _ in range(3):
        run = subprocess.Popen([sys.executable, str(path)], stdout=subprocess.DEVNULL)
        state, begun = options.out / "state.pt", time.monotonic()
        before = state.stat().st_mtime_ns if state.exists() else 0
        while time.monotonic() - begun < 120 and (not state.exists() or state.stat().st_mtime_ns == before):
            time.sleep(0.05)
        time.sleep(0.37)
        run.send_signal(signal.SIGKILL)
        run.wait()
        at = At(*checkpoint.get(state)["at"])
        assert at.step > 0
        checkpoint.load(options.out / "last.pt")
    ran(options, steps=at.step + 1)


@pytest.mark.long
def test_two_processes_learn_together(options, tmp_path):
    path = program(options, save=10, steps=6)
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", str(path)]
    run = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    assert not run.returncode, run.stderr
    assert "2 × cpu" in run.stdout
    at = At(*checkpoint.get(options.out / "state.pt")["at"])
    ran(options, steps=12, out=tmp_path / "alone")
    alone = At(*checkpoint.get(tmp_path / "alone" / "state.pt")["at"])
    assert at.step == 6
    assert (at.seen, at.batch) == (alone.seen, alone.batch), "together they saw what one alone sees in twice the steps"
