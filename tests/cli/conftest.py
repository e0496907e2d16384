import pytest
from cli_shell import POST, TERMS, Shell


@pytest.fixture
def shell(tmp_path):
    root = tmp_path / "site"
    root.mkdir()
    found = Shell(root)
    found.write("zh.md", POST)
    found.write("glossary/terms.yaml", TERMS)
    return found
