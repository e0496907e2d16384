"""The parts of training, each by its law."""

import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.errors import InputError

torch = pytest.importorskip("torch", reason="no PyTorch: pip install 'duizhao[train]'")

from torch.nn import functional  # noqa: E402

from translator.train.batches import Row, batch_of, encode, grouped  # noqa: E402
from translator.train.learner import Learner  # noqa: E402
from translator.train.loss import OutputLoss, measured  # noqa: E402
from translator.train.muon import Muon, orthogonal  # noqa: E402
from translator.train.network import Transformer, positions  # noqa: E402
from translator.train.pairs import Pair, epoch_of, read_pairs  # noqa: E402
from translator.train.shape import BEGIN, CONTROLS, END, PAD, Shape  # noqa: E402
from translator.train.vocabulary import HAN, open_pieces, ordered, targets  # noqa: E402

SMALL = Shape(vocab=50, targets=40, width=16, heads=2, ffn=32, encoder_layers=1, decoder_layers=1, dropout=0.0)


# ── The loss ──


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("rows", [1, 7, 384])
def test_the_fused_loss_is_torchs_with_its_gradients(smoothing, rows):
    torch.manual_seed(rows)
    hidden, weight, bias = torch.randn(33, 8), torch.randn(21, 8), torch.randn(21)
    wanted = torch.randint(0, 21, (33,))
    ours, theirs = ([each.clone().requires_grad_() for each in (hidden, weight, bias)] for _ in range(2))
    fused = OutputLoss.apply(*ours, wanted, smoothing, rows)
    plain = functional.cross_entropy(functional.linear(*theirs), wanted, label_smoothing=smoothing)
    (fused * 3).backward()
    (plain * 3).backward()
    assert fused.item() == pytest.approx(plain.item(), rel=1e-5)
    for a, b in zip(ours, theirs, strict=True):
        assert torch.allclose(a.grad, b.grad, atol=1e-5)
    assert measured(hidden, weight, bias, wanted, smoothing).item() == pytest.approx(plain.item(), rel=1e-5)


# ── Muon ──


@pytest.mark.parametrize("size", [(1, 4, 4), (3, 8, 20), (2, 16, 64)])
def test_muons_matrices_are_nearly_orthogonal_and_point_the_same_way(size):
    torch.manual_seed(sum(size))
    given_ = torch.randn(size)
    for matrix, made in zip(given_, orthogonal(given_), strict=True):
        u, _, v = torch.linalg.svd(matrix, full_matrices=False)
        values = torch.linalg.svdvals(made)
        assert values.min() > 0.5
        assert values.max() < 1.3
        assert functional.cosine_similarity((u @ v).flatten(), made.flatten(), dim=0) > 0.95


def test_a_fused_projection_is_moved_part_by_part():
    torch.manual_seed(1)
    whole = torch.randn(24, 8)
    gradient = torch.randn(24, 8)
    parts = [torch.nn.Parameter(each.clone()) for each in whole.split(8)]
    fused = torch.nn.Parameter(whole.clone())
    fused.grad = gradient.clone()
    for part, its in zip(parts, gradient.split(8), strict=True):
        part.grad = its.clone()
    Muon([fused], 0.1).step()
    Muon(parts, 0.1).step()
    assert torch.allclose(fused, torch.cat(list(parts)), atol=1e-6)


def test_what_has_no_gradient_is_not_moved():
    weight = torch.nn.Parameter(torch.randn(4, 4))
    before = weight.detach().clone()
    Muon([weight], 0.1).step()
    assert torch.equal(weight, before)


# ── Batches ──

ROWS = st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), max_size=60).map(
    lambda sizes: [Row([*[4 + n % 30] * (a - 1), END], [4 + n % 30] * b) for n, (a, b) in enumerate(sizes)]
)


@settings(max_examples=40)
@given(ROWS, st.integers(10, 200), st.integers(0, 99))
def test_every_row_stands_in_one_batch_and_a_batch_is_not_too_large(rows, most, seed):
    batches = grouped(rows, most, random.Random(seed))  # noqa: S311
    key = lambda row: (tuple(row.source), tuple(row.target))  # noqa: E731
    assert Counter(key(row) for batch in batches for row in batch) == Counter(map(key, rows))
    for batch in batches:
        positions_ = sum(max(row.size[side] for row in batch) for side in (0, 1)) * len(batch)
        assert len(batch) == 1 or positions_ <= 2 * most


@settings(max_examples=30)
@given(ROWS.filter(bool))
def test_a_batch_says_its_rows(rows):
    batch = batch_of(rows)
    for n, row in enumerate(rows):
        assert [x for x in batch.source[n].tolist() if x != PAD] == row.source
        assert [x for x in batch.begun[n].tolist() if x != PAD] == [BEGIN, *row.target]
        assert [x for x in batch.wanted[n].tolist() if x != PAD] == [*row.target, END]
    assert batch.size == sum(len(row.target) + 1 for row in rows)


def test_rows_of_like_length_stand_together():
    rng = random.Random(1)  # noqa: S311
    rows = [Row([5] * rng.randint(1, 60), [5] * rng.randint(1, 60)) for _ in range(2000)]
    room = sum(len(each) * sum(max(r.size[s] for r in each) for s in (0, 1)) for each in grouped(rows, 1000, rng))
    assert sum(sum(row.size) for row in rows) / room > 0.75


def test_what_cannot_be_written_or_is_too_long_is_left_out(pieces, shape):
    some = [("数据。", "data."), ("", "data."), ("数据。", ""), ("数据。", "数据."), ("数据" * 400, "data.")]
    rows = encode(some, pieces, shape.targets, 100)
    assert [pieces.decode(row.target) for row in rows] == ["data."]


# ── Pairs and pieces ──


@given(st.integers(1, 5), st.floats(0, 3))
def test_an_epoch_weighs_its_sources_and_is_the_same_each_time(epoch, times):
    some = [Pair(str(n), "x", "", "a" if n % 2 else "b+p") for n in range(400)]
    weights = {"a": times, "+p": 0.5}
    found = epoch_of(some, weights, epoch)
    assert found == epoch_of(some, weights, epoch)
    counts = Counter(pair.origin for pair in found)
    assert counts["a"] == pytest.approx(200 * times, abs=45)
    assert counts["b+p"] == pytest.approx(100, abs=45)


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "there is no line"), (b"\xff\xfe", "cannot be read"), (b"no tab here\n", "there is no line")],
)
def test_a_file_of_pairs_that_is_none_is_named(tmp_path, data, said):
    (tmp_path / "pairs.tsv").write_bytes(data)
    with pytest.raises(InputError, match=said):
        read_pairs(tmp_path / "pairs.tsv")


def test_pieces_with_chinese_come_last_and_the_controls_are_there(pieces, pieces_path):
    names = [pieces.id_to_piece(n) for n in range(pieces.get_piece_size())]
    at = targets(pieces)
    assert not any(HAN.search(name) for name in names[:at])
    assert all(HAN.search(name) for name in names[at:])
    assert len(names[at:]) >= 10
    assert set(CONTROLS) <= set(names[:at])
    data = pieces_path.read_bytes()
    assert ordered(data) == data
    assert pieces.decode(pieces.encode("数据 model<t1>")) == "数据 model<t1>"


def test_a_file_that_is_no_vocabulary_is_named(tmp_path):
    (tmp_path / "spm.model").write_bytes(b"nothing")
    with pytest.raises(InputError, match="no SentencePiece model"):
        open_pieces(tmp_path / "spm.model")


# ── The network ──


def test_what_is_not_yet_said_and_what_is_padding_changes_nothing():
    torch.manual_seed(2)
    network = Transformer(SMALL).eval()
    source, begun = torch.randint(4, 40, (1, 6)), torch.randint(4, 40, (1, 5))
    with torch.no_grad():
        whole = network(source, begun)
        later = network(source, torch.cat([begun[:, :3], torch.full((1, 2), 7)], 1))
        padded = network(torch.cat([source, torch.full((1, 4), PAD)], 1), begun)
    assert torch.allclose(whole[:, :3], later[:, :3], atol=1e-5)
    assert torch.allclose(whole, padded, atol=1e-5)


def test_positions_are_all_different_and_near_ones_alike():
    table = positions(64, 16)
    assert all(not torch.allclose(a, b) for a, b in pairwise(table))
    assert table[10] @ table[11] > table[10] @ table[40]


def test_the_average_follows_and_measuring_leaves_no_trace():
    torch.manual_seed(4)
    learner = Learner(replace(SMALL, dropout=0.2), 0.01)
    rows = [Row([5, 6, END], [7, 8, 9]), Row([9, END], [4])] * 4
    first = learner.loss_of(rows)
    for _ in range(30):
        learner.differentiate(batch_of(rows))
        learner.step(0.01)
    before = {name: each.clone() for name, each in learner.network.state_dict().items()}
    last = learner.loss_of(rows)
    assert last < first / 2
    assert learner.network.training
    assert all(torch.equal(before[name], each) for name, each in learner.network.state_dict().items())
    assert learner.loss_of(rows) == pytest.approx(last)
    assert any(not torch.equal(before[name], each) for name, each in learner.average.items())
