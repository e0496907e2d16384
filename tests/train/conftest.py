"""What the tests of training share: tiny weights, pieces, a toy language, all made when first asked for."""

import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from toy import pairs

from translator.train.shape import Shape
from translator.train.vocabulary import make_pieces, open_pieces, targets

try:
    import torch
except ImportError:  # the tests that need it are skipped
    torch = None
else:
    from translator.train.batches import batch_of, encode, grouped
    from translator.train.checkpoint import Checkpoint
    from translator.train.folder import write_folder
    from translator.train.learner import Learner

    torch.set_num_threads(1)  # threads that wait for each other are slow where others work too

SMALL = Shape(width=32, heads=2, ffn=64, encoder_layers=1, decoder_layers=1, dropout=0.0, max_len=128)
RATE, EPOCHS = 0.02, 12


@pytest.fixture(autouse=True)
def _same_each_time():
    if torch:
        torch.manual_seed(3)


@pytest.fixture(scope="session")
def pieces_path(tmp_path_factory):
    path = tmp_path_factory.mktemp("pieces") / "spm.model"
    make_pieces([text for each in pairs(300) for text in each[:2]], path, size=400)
    return path


@pytest.fixture(scope="session")
def pieces(pieces_path):
    return open_pieces(pieces_path)


@pytest.fixture(scope="session")
def shape(pieces):
    return replace(SMALL, vocab=pieces.get_piece_size(), targets=targets(pieces))


@pytest.fixture(scope="session")
def taught(pieces, shape):
    """Weights that know the toy language, learnt in seconds."""
    torch.manual_seed(3)
    learner = Learner(shape, RATE)
    rows = encode([each[:2] for each in pairs(500)], pieces, shape.targets, 100)
    for epoch in range(EPOCHS):
        for some in grouped(rows, 160, random.Random(epoch)):  # noqa: S311  # no secret
            learner.differentiate(batch_of(some))
            learner.step(RATE * max(0.05, 1 - epoch / EPOCHS))
    return Checkpoint(shape, dict(learner.average), {"epoch": EPOCHS})


@pytest.fixture(scope="session")
def toy_folder(taught, pieces_path, tmp_path_factory):
    """The same as a model that the builtin engine runs."""
    folder = tmp_path_factory.mktemp("toy") / "model"
    write_folder(taught, pieces_path, folder)
    return folder
