import pytest
from pipeline_site import Site


@pytest.fixture(autouse=True)
def _somebody(monkeypatch, tmp_path):
    """Approvals are Seed's, whatever git says on this machine."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path.parent / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (tmp_path.parent / "gitconfig").write_text("[user]\n\tname = Seed\n")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)
