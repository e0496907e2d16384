"""Fetch CommonMark's examples out of markdown-it-py's source distribution."""

import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

INSIDE = "tests/test_cmark_spec/commonmark.json"


def main(to: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "--no-binary", ":all:", "--dest", folder, "markdown-it-py"], check=True)
        (source,) = Path(folder).glob("*.tar.gz")
        with tarfile.open(source) as archive:
            member = next(m for m in archive.getmembers() if m.name.endswith(INSIDE))
            file = archive.extractfile(member)
            assert file
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(file.read())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
