"""`duizhao train`, from approved posts to a model that the builtin engine uses, on a tiny model."""

import json
import shutil
import signal

import pytest

from translator.engines.builtin import FILES

torch = pytest.importorskip("torch", reason="no PyTorch: pip install 'duizhao[train]'")

from site_of_toys import NEW, Site  # noqa: E402
from toy import pairs  # noqa: E402

from translator.train.checkpoint import Checkpoint  # noqa: E402
from translator.train.folder import write_folder  # noqa: E402
from translator.train.network import Transformer  # noqa: E402


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path / "blog", tmp_path / "data")


@pytest.fixture(scope="module")
def fresh_folder(shape, pieces_path, tmp_path_factory):
    """A model that knows nothing: quick to have."""
    folder = tmp_path_factory.mktemp("fresh") / "model"
    write_folder(Checkpoint(shape, Transformer(shape).state_dict()), pieces_path, folder)
    return folder


def names(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.mark.long
def test_a_model_learns_what_was_approved_and_is_used(site, toy_folder):
    site.post("one", 60, 21)
    site.post("two", 30, 22)
    run = site.run("train", "--from", toy_folder, "--rate", "0.01", "--epochs", "12", "--threads", "1")
    assert not run.returncode, run.stderr
    assert "approved sentences to learn from" in run.stdout
    assert "engines: {builtin: {model: blog}}" in run.stdout
    assert names(site.models) == ["blog"]
    assert set(FILES) < set(names(site.models / "blog"))
    told = json.loads((site.models / "blog" / "duizhao.json").read_text("utf-8"))
    assert told["trained"]["epoch"] >= 1
    losses = [float(line.split("loss ")[1].split()[0]) for line in run.stdout.splitlines() if line.startswith("epoch ")]
    assert min(losses) < losses[0] - 0.1
    (site.root / "duizhao.yaml").write_text(
        "engine: builtin\nengines: {builtin: {model: blog}}\nmemory: false\n", encoding="utf-8"
    )
    new = site.root / "new.zh.md"
    new.write_text(f"{NEW[0]}数据模型。\n\n{NEW[0]}训练函数。\n\n{NEW[0]}文件。\n", encoding="utf-8")
    said = site.run("translate", "new.zh.md")
    assert not said.returncode, said.stderr
    english = (site.root / "new.en.md").read_text("utf-8")
    assert english.count("\n\n") == 2
    assert english.isascii()


def test_figures_as_json(site, fresh_folder):
    site.post("one", 40, 21)
    run = site.run(
        "train", "--from", fresh_folder, "--epochs", "1", "--rate", "0.01", "--threads", "1", "--json", "-n", "x"
    )
    assert not run.returncode, run.stderr
    told = json.loads(run.stdout)
    assert told["name"] == "x"
    assert told["kept"] == 1
    assert told["learnt"] + told["held_out"] == len({each.source for each in pairs(40, 21)})
    assert "epoch 1/1" in run.stderr
    assert (site.models / "x" / "model.bin").exists()


# ── What may not be lost ──


def test_rows_that_are_watched_may_not_become_worse(site, toy_folder, tmp_path):
    site.post("one", 40, 21)
    rows = tmp_path / "dev.tsv"
    rows.write_text("\n".join(f"{one.source}\t{one.target}" for one in pairs(40, 31)) + "\n", encoding="utf-8")
    run = site.run(
        "train",
        "--from",
        toy_folder,
        "--dev",
        rows,
        "--rate",
        "0.01",
        "--epochs",
        "3",
        "--bound",
        "0",
        "--threads",
        "1",
        "--json",
    )
    assert not run.returncode, run.stderr
    told = json.loads(run.stdout)
    before = told["epochs"][0]["watched_loss"]
    kept = told["epochs"][told["kept"]]
    assert kept["watched_loss"] <= before
    worse = [each["epoch"] for each in told["epochs"] if each["watched_loss"] > before]
    assert worse in ([], [len(told["epochs"]) - 1]), "it stops where it became worse"
    assert (site.models / "blog").exists() == bool(told["kept"])


def test_where_no_epoch_is_better_nothing_is_written(site, toy_folder):
    site.post("one", 40, 21)
    run = site.run(
        "train", "--from", toy_folder, "--epochs", "1", "--rate", "1e-7", "--threads", "1", "--dev", __file__
    )
    assert run.returncode == 2
    assert "expected Chinese, a tab and its English" in run.stderr
    run = site.run("train", "--from", toy_folder, "--epochs", "2", "--rate", "1e-7", "--threads", "1")
    assert not run.returncode, run.stderr
    assert "nothing was written" in run.stdout
    assert not names(site.models)


@pytest.mark.long
@pytest.mark.parametrize("after", [0, 4])
def test_ctrl_c_keeps_the_best_until_then_and_a_kill_leaves_nothing_half(site, fresh_folder, after):
    site.post("one", 120, 21)
    arguments = ("train", "--from", fresh_folder, "--rate", "0.01", "--epochs", "500", "--threads", "1")
    for how, rc in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)):
        process = site.start(*arguments, PYTHONUNBUFFERED="1")
        for line in process.stdout:
            if line.startswith(f"epoch {after}/"):
                break
        process.send_signal(how)
        out, err = process.communicate(timeout=120)
        assert process.returncode == rc, err
        if how is signal.SIGKILL:
            assert "blog" not in names(site.models)
    if not after:
        assert "nothing was written" in out
        assert not names(site.models)
        return
    assert "is kept" in out
    assert names(site.models) == ["blog"]
    said = site.run("engines", "show", "builtin")
    assert not said.returncode
    (site.root / "duizhao.yaml").write_text("engine: builtin\nengines: {builtin: {model: blog}}\n", encoding="utf-8")
    assert not site.run("translate", "one.zh.md", "--dry-run").returncode


# ── What is wrong with the world ──


def test_posts_without_approved_sentences_are_said(site):
    site.post("one", 40, 21, approved=False)
    run = site.run("train")
    assert run.returncode == 2
    assert "nothing to learn from; `duizhao review POST` is for that" in run.stderr


def test_too_few_are_said(site):
    site.post("one", 5, 21)
    run = site.run("train")
    assert run.returncode == 2
    assert "5 approved sentences are too few to learn from: at least 20" in run.stderr


def test_without_pytorch_the_way_to_it_is_said(site, tmp_path):
    site.post("one", 40, 21)
    (tmp_path / "shadow").mkdir()
    (tmp_path / "shadow" / "torch.py").write_text("raise ImportError('no torch')\n", encoding="utf-8")
    run = site.run("train", PYTHONPATH=str(tmp_path / "shadow"))
    assert run.returncode == 2
    assert "pip install 'duizhao[train]'" in run.stderr
    assert "download.pytorch.org/whl/cpu" in run.stderr


def test_a_broken_model_to_go_on_from_is_said(site, fresh_folder, tmp_path):
    site.post("one", 40, 21)
    broken = tmp_path / "broken"
    run = site.run("train", "--from", broken)
    assert (run.returncode, "it lacks model.bin" in run.stderr) == (2, True)
    shutil.copytree(fresh_folder, broken)
    data = (broken / "model.bin").read_bytes()
    (broken / "model.bin").write_bytes(data[: len(data) // 2])
    run = site.run("train", "--from", broken)
    assert run.returncode == 2
    assert "damaged, or of another kind" in run.stderr


@pytest.mark.parametrize("name", ["../up", "a b", "firefox"])
def test_a_name_that_is_none_or_another_models_is_refused(site, fresh_folder, name):
    site.post("one", 40, 21)
    (site.models / "firefox").mkdir(parents=True)
    run = site.run("train", "--from", fresh_folder, "--name", name)
    assert run.returncode == 2
    assert "cannot be called" in run.stderr or "choose another name" in run.stderr
    assert names(site.models) == ["firefox"]
