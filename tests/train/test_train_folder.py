"""Weights and CTranslate2's folders, both ways; and both say the same."""

import shutil
import subprocess
import sys

import pytest

from translator.engines import open_engine
from translator.engines.builtin import FILES, FOLDER
from translator.errors import InputError
from translator.meter import Meter
from translator.model import Job

torch = pytest.importorskip("torch", reason="no PyTorch: pip install 'duizhao[train]'")

import ctranslate2  # noqa: E402
from toy import pairs, sentences  # noqa: E402

from translator.train import checkpoint  # noqa: E402
from translator.train.batches import encode  # noqa: E402
from translator.train.checkpoint import Checkpoint  # noqa: E402
from translator.train.folder import read_folder, write_folder  # noqa: E402
from translator.train.network import Transformer  # noqa: E402
from translator.train.shape import BEGIN, END  # noqa: E402


@pytest.fixture
def fresh(shape):
    return Checkpoint(shape, Transformer(shape).state_dict())


def test_weights_written_and_read_again_differ_by_rounding_alone(fresh, pieces_path, tmp_path):
    before = {name: each.clone() for name, each in fresh.weights.items()}
    write_folder(fresh, pieces_path, tmp_path)
    back = read_folder(tmp_path)
    assert all(torch.equal(fresh.weights[name], each) for name, each in before.items()), "writing changes nothing"
    assert back.shape == fresh.shape
    assert set(back.weights) == set(fresh.weights)
    for name, weight in fresh.weights.items():
        rounded = weight.abs().amax(-1, keepdim=True) / 127 / 2 + 1e-6 if weight.dim() == 2 else torch.tensor(1e-7)
        assert bool(((back.weights[name] - weight).abs() <= rounded).all()), name


def test_unquantized_weights_come_back_as_they_were(fresh, pieces_path, tmp_path):
    write_folder(fresh, pieces_path, tmp_path, None)
    back = read_folder(tmp_path)
    assert all(torch.equal(back.weights[name], weight) for name, weight in fresh.weights.items())


def test_the_model_that_ships_is_read_and_written_again_byte_for_byte(tmp_path):
    write_folder(read_folder(FOLDER), FOLDER / "spm.model", tmp_path)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_a_checkpoint_saved_and_loaded_is_the_same_in_half_precision(fresh, tmp_path):
    path = tmp_path / "last.pt"
    checkpoint.save(Checkpoint(fresh.shape, fresh.weights, {"epoch": 2}), path)
    back = checkpoint.load(path)
    assert (back.shape, back.facts) == (fresh.shape, {"epoch": 2})
    assert all(torch.equal(back.weights[name], each.half()) for name, each in fresh.weights.items())
    assert [each.name for each in tmp_path.iterdir()] == ["last.pt"]


# ── Broken files ──


@pytest.mark.parametrize("left", [0, 3, 40, 5000, -100])
def test_a_model_that_is_cut_off_is_refused(fresh, pieces_path, tmp_path, left):
    write_folder(fresh, pieces_path, tmp_path)
    path = tmp_path / "model.bin"
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(InputError, match=r"model\.bin: this is no model that can go on learning"):
        read_folder(tmp_path)


def test_no_model_and_a_model_of_another_kind_are_refused(fresh, pieces_path, tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_folder(tmp_path)
    write_folder(fresh, pieces_path, tmp_path)
    path = tmp_path / "model.bin"
    path.write_bytes(b"\x07" + path.read_bytes()[1:])
    with pytest.raises(InputError, match="version 7"):
        read_folder(tmp_path)


def test_weights_and_pieces_that_do_not_belong_together_are_refused(fresh, tmp_path):
    with pytest.raises(InputError, match="pieces, and the weights are for"):
        write_folder(fresh, FOLDER / "spm.model", tmp_path)


@pytest.mark.parametrize("data", [b"", b"nothing", b"PK\x03\x04"])
def test_a_file_that_is_no_checkpoint_is_refused(tmp_path, data):
    (tmp_path / "last.pt").write_bytes(data)
    with pytest.raises(InputError, match="cannot be read"):
        checkpoint.load(tmp_path / "last.pt")


def test_a_checkpoint_of_something_else_is_refused(tmp_path):
    checkpoint.put({"shape": {"wings": 2}, "model": {}}, tmp_path / "bird.pt")
    with pytest.raises(InputError, match="no checkpoint"):
        checkpoint.load(tmp_path / "bird.pt")


# ── What it says ──


def greedy(network, source):
    """Say the likeliest piece, again and again."""
    said = [BEGIN]
    with torch.no_grad():
        while len(said) < 40 and said[-1] != END:
            hidden = network(torch.tensor([source]), torch.tensor([said]))
            said.append(int(network.logits(hidden[0, -1]).argmax()))
    return [each for each in said if each not in {BEGIN, END}]


@pytest.mark.long
def test_ctranslate2_says_what_our_network_finds_likeliest(taught, pieces, pieces_path, tmp_path):
    write_folder(taught, pieces_path, tmp_path, None)
    network = Transformer(taught.shape).eval()
    network.load_state_dict(taught.weights)
    translator = ctranslate2.Translator(str(tmp_path), compute_type="float32", intra_threads=1)
    rows = encode([each[:2] for each in pairs(60, seed=8)], pieces, taught.shape.targets, 100)
    asked = [[pieces.id_to_piece(n) for n in row.source[:-1]] for row in rows]
    found = translator.translate_batch(asked, beam_size=1, max_decoding_length=39)
    ours = [[pieces.id_to_piece(n) for n in greedy(network, row.source)] for row in rows]
    assert [result.hypotheses[0] for result in found] == ours
    right = sum(pieces.decode(greedy(network, row.source)) == pieces.decode(row.target) for row in rows)
    assert right > 30, "it has learnt the language"


@pytest.mark.long
def test_the_builtin_engine_runs_what_was_trained(toy_folder):
    engine = open_engine("builtin", {"model": str(toy_folder)})
    some = list(sentences(20, seed=12))
    said = dict(engine.draft([Job("".join(words) + "。") for words, _ in some], Meter()))
    right = sum(
        answer.candidates[0].text.casefold() == " ".join(some[n][1]) + "."
        for n, answer in said.items()
        if answer.candidates
    )
    assert right > 10


# ── The maintainers' program ──


def program(*arguments, **environment):
    command = [sys.executable, "-m", "translator.train", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **environment)


@pytest.mark.long
def test_the_program_goes_from_folder_to_weights_and_back(tmp_path, fresh, pieces_path):
    write_folder(fresh, pieces_path, tmp_path / "one")
    assert not program("weights", tmp_path / "one", tmp_path / "w.pt").returncode
    run = program("folder", tmp_path / "w.pt", pieces_path, tmp_path / "two")
    assert not run.returncode, run.stderr
    back, again = read_folder(tmp_path / "one").weights, read_folder(tmp_path / "two").weights
    assert all(torch.allclose(back[name], again[name], atol=2e-3) for name in back)
    shutil.rmtree(tmp_path / "one")
    refused = program("weights", tmp_path / "one", tmp_path / "w.pt")
    assert refused.returncode == 2
    assert "cannot be read" in refused.stderr
