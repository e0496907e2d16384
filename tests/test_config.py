"""Settings, the project's folder, and the names of a post's files."""

from dataclasses import fields
from pathlib import Path

import pytest

from translator.cli.output import settings_text
from translator.config import DEFAULTS, Project, Settings, english_name, load_settings, person, settings_table
from translator.errors import InputError


def settings(tmp_path, text):
    path = tmp_path / "duizhao.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_settings(path)


# ── Settings ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_setting_is_documented():
    rows = settings_table()
    assert [name for name, _, _ in rows] == [f.name for f in fields(Settings)]
    for name, default, doc in rows:
        assert len(doc) > 15, name
        assert default == repr(getattr(DEFAULTS, name))
    assert "auto, keep, join" in {name: doc for name, _, doc in rows}["breaks"]


def test_what_init_writes_is_every_default_also_with_the_comments_taken_away(tmp_path):
    text = settings_text()
    assert settings(tmp_path, text) == DEFAULTS
    names = [f.name for f in fields(Settings)]
    lines = [line.removeprefix("# ") for line in text.splitlines() if line.startswith(tuple(f"# {n}: " for n in names))]
    assert len(lines) == len(names)
    assert settings(tmp_path, "\n".join(lines)) == DEFAULTS


@pytest.mark.parametrize("text", ["", "# nothing\n", "\ufeff", "---\n", "{}\n"])
def test_an_empty_file_is_every_default(tmp_path, text):
    assert settings(tmp_path, text) == DEFAULTS


def test_every_setting_can_be_set(tmp_path):
    found = settings(
        tmp_path,
        "engine: echo\nengines: {mine: {engine: openai, temperature: 0, json: false}}\n"
        "glossary: terms.yaml\ntarget: 'en/{name}.md'\nreview: 'r/{name}.po'\nbreaks: keep\n"
        "quotes: curly\nslugs: hugo\nfront: [title, 标题]\nset: {lang: en-GB, draft: 1}\nauthor: 沐\nmemory: false\n"
        "sources: [posts]\n",
    )
    assert found == Settings(
        ["echo"], {"mine": {"engine": "openai", "temperature": "0", "json": "false"}},
        ["terms.yaml"], "en/{name}.md", "r/{name}.po", "keep", "curly",
        "hugo", ["title", "标题"], {"lang": "en-GB", "draft": "1"}, "沐", memory=False, sources=["posts"],
    )  # fmt: skip


WRONG = [
    ("engin: echo\n", ":1:1: ", "there is no setting `engin`: did you mean `engine`?"),
    ("author: a\n\nxyzzy: 1\n", ":3:1: ", "known are engine, engines, glossary"),
    ("on: true\n", ":1:1: ", "there is no setting `on`"),
    ("engines: {openai: gpt}\n", ":1:1: ", "`engines` must be `name: {setting: value}` lines"),
    ("author: 1\n", ":1:1: ", "`author` must be text, not 1"),
    ("memory: 'no'\n", ":1:1: ", "`memory` must be true or false, not 'no'"),
    ("glossary: {a: b}\n", ":1:1: ", "`glossary` must be a list of texts"),
    ("front: [title, 2]\n", ":1:1: ", "`front` must be a list of texts"),
    ("set: lang\n", ":1:1: ", "`set` must be `key: value` lines"),
    ("author: a\nbreaks: never\n", ":2:1: ", "`breaks` must be one of auto, keep, join, not 'never'"),
    ("author: a\nauthor: b\n", ":2:1: ", "`author` is set twice"),
    ("- engine\n", ":1:1: ", "expected `setting: value` lines"),
    ("echo\n", ":1:1: ", "expected `setting: value` lines"),
    ("author: a\nengine: [echo\n", ":3:1: ", "not valid YAML"),
    ("author: a\n\tengine: echo\n", ":2:1: ", "not valid YAML"),
    ("author: a: b\n", ":1:10: ", "not valid YAML"),
    ("author: !!python/object:os.system a\n", ":1:9: ", "not valid YAML"),
    ("author: a\nengine: \x01\n", ":2: ", "not valid YAML"),
    ("author: a\nsources: 文章\n".encode("gb18030"), ":2: ", "not UTF-8"),
]


@pytest.mark.parametrize(("text", "place", "message"), WRONG)
def test_what_is_wrong_is_said_with_its_place(tmp_path, text, place, message):
    with pytest.raises(InputError) as caught:
        settings(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'duizhao.yaml'}{place}"), caught.value
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_who_decides(monkeypatch, tmp_path):
    assert person(Settings(author="沐神")) == "沐神"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert person(DEFAULTS, {"USER": "mu"}) == "mu"
    assert person(DEFAULTS, {}) == "somebody"


# ── The project ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mark", ["duizhao.yaml", "glossary/", ".git/"])
def test_the_project_is_the_nearest_folder_upwards(tmp_path, mark):
    inner = tmp_path / "a" / "b" / "c"
    inner.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    place = tmp_path / "a" / mark
    place.mkdir(exist_ok=True) if mark.endswith("/") else place.write_text("author: Seed\n")
    for asked in (inner, inner / "zh.md", inner / "not" / "there.md", tmp_path / "a"):
        if asked.parent.exists():
            assert Project.of(asked).root == tmp_path / "a"
    assert Project.of(tmp_path).root == tmp_path
    assert Project.of(inner).settings.author == ("Seed" if mark == "duizhao.yaml" else "")


def test_a_relative_place_is_one_too(tmp_path, monkeypatch):
    (tmp_path / "glossary").mkdir()
    (tmp_path / "posts").mkdir()
    monkeypatch.chdir(tmp_path / "posts")
    project = Project.of(Path("zh.md"))
    assert project.root == tmp_path
    assert project.cache == tmp_path / ".duizhao"


NAMES = {
    "zh.md": "en.md",
    "ZH.md": "en.md",
    "cn.md": "en.md",
    "zh-CN.md": "en.md",
    "zh_Hans.markdown": "en.markdown",
    "index.zh.md": "index.en.md",
    "foo.zh-CN.md": "foo.en.md",
    "foo.zh-tw.md": "foo.en.md",
    "foo.cn.md": "foo.en.md",
    "foo.md": "foo.en.md",
    "v1.5.md": "v1.5.en.md",
    "文章.md": "文章.en.md",
    "pizh.md": "pizh.en.md",
    "README.mdx": "README.en.mdx",
}


@pytest.mark.parametrize(("chinese", "english"), NAMES.items())
def test_the_english_file_follows_the_post(chinese, english):
    assert english_name(chinese) == english
    project = Project(Path("/site"), DEFAULTS)
    assert project.target(Path("/site/posts") / chinese) == Path("/site/posts") / english
    assert project.record(Path("/site/posts") / chinese) == (Path("/site/posts") / english).with_suffix(".po")


@pytest.mark.parametrize(
    ("pattern", "post", "wanted"),
    [
        ("i18n/en/{folder}/{name}.md", "docs/a/foo.zh-CN.md", "i18n/en/docs/a/foo.md"),
        ("{folder}/{name}.english.{ext}", "docs/foo.markdown", "docs/foo.english.markdown"),
        ("{folder}/../en/{name}.md", "source/_posts/foo.md", "source/en/foo.md"),
        ("en/{name}.md", "foo.md", "en/foo.md"),
        ("en/{folder}/{name}.md", "foo.md", "en/foo.md"),
    ],
)
def test_patterns_say_where_the_english_and_the_record_go(tmp_path, pattern, post, wanted):
    target = Project(tmp_path, Settings(target=pattern))
    assert target.target(tmp_path / post) == tmp_path / wanted
    assert target.record(tmp_path / post) == (tmp_path / wanted).with_suffix(".po")
    review = Project(tmp_path, Settings(review=pattern))
    assert review.record(tmp_path / post) == tmp_path / wanted
    assert review.target(tmp_path / post) == (tmp_path / post).with_name(english_name(Path(post).name))


@pytest.mark.parametrize("pattern", ["{nam}.md", "{0}.md", "{", "{name.x.y}.md", "{name!z}"])
def test_a_pattern_that_cannot_be_filled_is_an_error(tmp_path, pattern):
    with pytest.raises(InputError, match=r"may hold \{folder\}, \{name\} and \{ext\}"):
        Project(tmp_path, Settings(target=pattern)).target(tmp_path / "foo.md")


def test_the_english_never_replaces_a_post(tmp_path):
    with pytest.raises(InputError, match="would replace the post itself"):
        Project(tmp_path, Settings(target="{folder}/{name}.md")).target(tmp_path / "posts" / "foo.md")


# ── Posts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

CHINESE = "# 标题\n\n今天天气很好，我们去公园散步。\n"
FILES = {
    "a/zh.md": CHINESE,
    "a/en.md": CHINESE,
    "b/foo.md": CHINESE,
    "b/foo.en.md": "The English.\n",
    "b/bar.en-US.md": CHINESE,
    "b/post.markdown": CHINESE,
    "b/UPPER.MD": CHINESE,
    "b/code.md": "# 代码\n\n先看代码，再看解释。\n\n```python\n" + "print('hello world')\n" * 200 + "```\n",
    "README.md": "# Title\n\nAn English text that mentions 对照 once, and goes on for a while in English.\n" * 3,
    "c/japanese.md": "# 日本語の記事\n\n今日はとても天気がいいので、公園を散歩しました。\n",
    "c/empty.md": "",
    "c/notes.txt": CHINESE,
    "c/page.mdx": CHINESE,
    ".hidden/zh.md": CHINESE,
    "node_modules/x/README.md": CHINESE,
    "venv/zh.md": CHINESE,
    "i18n/en/deep.md": CHINESE,
}


@pytest.fixture
def site(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def names(posts, root):
    return [path.relative_to(root).as_posix() for path in posts]


def test_the_posts_of_a_folder_are_its_chinese_ones(site):
    wanted = ["a/zh.md", "b/UPPER.MD", "b/code.md", "b/foo.md", "b/post.markdown", "i18n/en/deep.md"]
    assert names(Project(site, DEFAULTS).posts([site]), site) == wanted
    assert names(Project(site, DEFAULTS).posts([site / "b", site / "a", site / "b"]), site)[-1] == "a/zh.md"


def test_the_english_of_a_post_is_no_post_though_it_holds_chinese(site):
    (site / "deep.md").write_text(CHINESE)
    project = Project(site, Settings(target="i18n/en/{folder}/{name}.md"))
    found = names(project.posts([site]), site)
    assert "deep.md" in found
    assert "i18n/en/deep.md" not in found


def test_a_file_that_is_named_is_taken_at_its_word(site):
    some = [site / "README.md", site / "c" / "page.mdx", site / "node_modules" / "x" / "README.md"]
    assert Project(site, DEFAULTS).posts([*some, some[0]]) == some


@pytest.mark.parametrize(
    ("name", "message"),
    [("nix.md", "no such file or folder"), ("a/en.md", "by its name this is the English of a post")],
)
def test_what_is_no_post_is_an_error(site, name, message):
    with pytest.raises(InputError, match=message):
        Project(site, DEFAULTS).posts([site / name])


def test_two_posts_are_never_written_to_one_file(site):
    (site / "b" / "foo.zh.md").write_text(CHINESE)
    with pytest.raises(
        InputError, match=r"foo\.zh\.md: its English would be .*foo\.en\.md, and so would that of .*foo\.md"
    ):
        Project(site, DEFAULTS).posts([site])


# ── Glossaries ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_glossary_files_in_order_a_posts_own_last(tmp_path):
    for name in (
        "glossary/b.yaml",
        "glossary/a.yaml",
        "glossary/c.yml",
        "glossary/notes.txt",
        "posts/glossary.yaml",
        "more.yaml",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("terms: []\n")
    post = tmp_path / "posts" / "zh.md"
    project = Project(tmp_path, DEFAULTS)
    assert names(project.glossary_files(post), tmp_path) == [
        "glossary/a.yaml",
        "glossary/b.yaml",
        "glossary/c.yml",
        "posts/glossary.yaml",
    ]
    assert names(project.glossary_files(), tmp_path)[-1] == "glossary/c.yml"
    project = Project(tmp_path, Settings(glossary=["more.yaml", "posts/glossary.yaml"]))
    assert names(project.glossary_files(post), tmp_path) == ["more.yaml", "posts/glossary.yaml"]


def test_a_glossary_that_is_set_but_not_there_is_listed_so_that_it_is_reported(tmp_path):
    assert Project(tmp_path, DEFAULTS).glossary_files() == []
    for name in ("terms.yaml", "/not/there/terms.yaml", "../terms.yaml"):
        assert Project(tmp_path, Settings(glossary=[name])).glossary_files() == [tmp_path / name]
