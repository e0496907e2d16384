"""`duizhao export`: where the files go, and what is refused."""

import subprocess
import sys

import pytest

from translator.cli.export import bilingual_name
from translator.config import is_english_name


def run(*words, cwd):
    command = [sys.executable, "-m", "translator", *map(str, words)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture
def site(tmp_path):
    (tmp_path / "duizhao.yaml").write_text("", encoding="utf-8")
    for name in ("a/zh.md", "b/zh.md"):
        path = tmp_path / name
        path.parent.mkdir()
        path.write_text("# 标题\n\n一句话。\n", encoding="utf-8")
        path.with_name("en.md").write_text("# Title\n\nA sentence.\n", encoding="utf-8")
    return tmp_path


def test_beside_the_post_to_a_file_into_a_folder_or_printed(site):
    both = "# 标题\n\n**Title**\n\n一句话。\n\nA sentence.\n"
    assert run("export", "a/zh.md", cwd=site).stdout.splitlines() == ["a/zh.md → a/en-zh.md"]
    assert (site / "a/en-zh.md").read_text(encoding="utf-8") == both
    assert run("export", "a/zh.md", "-o", "x/y.md", "--format", "bilingual", cwd=site).returncode == 0
    assert (site / "x/y.md").read_text(encoding="utf-8") == both
    assert run("export", "a/zh.md", "-o", "-", cwd=site).stdout == both
    assert run("export", "a/zh.md", "b/zh.md", "-o", "out", "--html", cwd=site).returncode == 0
    made = [path.relative_to(site / "out").as_posix() for path in sorted((site / "out").rglob("*.html"))]
    assert made == ["a/en-zh.html", "b/en-zh.html"]
    text = (site / "out/a/en-zh.html").read_text(encoding="utf-8")
    assert "<p>一句话。</p>" in text
    assert "<p>A sentence.</p>" in text
    assert "<script" not in text
    assert "default-src 'none'; style-src 'sha256-" in text.replace("&#39;", "'")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("a/zh.md", "-o", "a/zh.md"), "this is the post itself"),
        (("a/zh.md", "b/zh.md", "-o", "a/en.md"), "2 posts need a folder, and this is none"),
        (("a/zh.md", "b/zh.md", "-o", "-"), "2 posts need a folder, and this is none"),
        (("a/zh.md", "--format", "pdf"), "--format is `bilingual`"),
    ],
)
def test_refused(site, words, said):
    done = run("export", *words, cwd=site)
    assert done.returncode == 2
    assert said in done.stderr
    assert not list(site.rglob("en-zh*"))
    assert (site / "a/zh.md").read_text(encoding="utf-8") == "# 标题\n\n一句话。\n"


@pytest.mark.parametrize("name", ["zh.md", "foo.md", "foo.zh.md", "zh-Hans.mdx"])
def test_its_name_is_no_chinese_posts(name):
    assert is_english_name(bilingual_name(name, html=False))
