"""`make demo`: the sample posts into English, offline, in a temporary folder."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
POSTS = ("mxnet", "typesetting")


def duizhao(*arguments: str, folder: Path) -> None:
    """Run the command as a user would."""
    print(f"\n$ duizhao {' '.join(arguments)}", flush=True)
    subprocess.run([Path(sys.executable).with_name("duizhao"), *arguments], cwd=folder, check=True)  # noqa: S603


def main() -> None:
    """Copy, translate, write the pages, and say what to do next."""
    folder = Path(tempfile.mkdtemp(prefix="duizhao-demo-"))
    for name in POSTS:
        (folder / "posts" / name).mkdir(parents=True)
        for file in ("zh.md", "glossary.yaml"):
            if (HERE / name / file).exists():
                shutil.copy(HERE / name / file, folder / "posts" / name)
    shutil.copytree(HERE.parent / "glossary", folder / "glossary")
    duizhao("translate", "posts", folder=folder)
    for name in POSTS:
        duizhao("review", f"posts/{name}/zh.md", "--html", f"{name}.html", folder=folder)
    duizhao("status", "posts", folder=folder)
    print(f"""
Look here:
  {folder}/mxnet.html and typesetting.html       both languages, side by side: open them in a browser
  {folder}/posts/mxnet/en.md                     the English, the same Markdown
  {folder}/posts/mxnet/en.po                     the record: every pair, its terms, what was found
  {HERE}/mxnet/en.md                             the same post, finished by a person

The English is a machine's draft until a person approves it. What a person does next, in {folder}:
  1. read a page beside the Chinese, and correct en.md (or en.po) in any editor
  2. duizhao translate posts                     takes the corrections over, changes nothing else
  3. duizhao check posts                         what is still wrong, line by line
  4. duizhao approve posts/mxnet/zh.md --all     kept for good, and reused in every other post""")


if __name__ == "__main__":
    main()
