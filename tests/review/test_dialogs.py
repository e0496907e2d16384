"""The dialogs in a real browser: what they show, what they send, where the focus goes."""

import json
from pathlib import Path

import pytest

from translator.review import words

pytestmark = [pytest.mark.browser, pytest.mark.long]

WEB = Path(words.__file__).parent / "web"
HARNESS = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Dialogs</title><style>{css}</style>
<script type="application/json" id="boot">{boot}</script>
<main id="post"><button id="begin" type="button">Begin</button></main>
<script>{store}</script><script>{dialogs}</script>
<script>
const D = window.duizhao;
window.asked = [];
window.sent = [];
window.answers = {{}};
D.api = async (path, body) => {{
  asked.push([path, body]);
  const answer = answers[path.split("/")[0]];
  const told = typeof answer === "function" ? answer(body) : answer;
  if (told instanceof Error) throw told;
  return structuredClone(told);
}};
D.store.sink = {{
  send: async (decisions) => {{
    sent.push(...decisions);
    return {{results: decisions.map(({{id, key}}) => ({{id, key, fate: "done", why: ""}})), rows: []}};
  }},
  act: (verb, body) => D.api(verb, body),
}};
D.rows = {{say: (text) => (window.told = text)}};
</script></html>"""
SEGMENTS = [
    ("0000000a", "模型在这里", "The model is here"),
    ("0000000b", "看模型", "See the models"),
    ("0000000c", "书", "A book"),
]


def row(i, key, source, target):
    stand = {"target": target, "state": "draft", "origin": "builtin", "note": "old"}
    return {"i": i, "key": key, "chunk": 0, "source": source, "stand": stand, "marks": [], "sourceMarks": []}


MODEL = {
    "post": {"n": 1, "title": "T", "source_name": "zh.md", "target_name": "en.md", "version": 1, "shape": 1},
    "posts": [],
    "person": "Ada",
    "engine": "builtin",
    "engines": [
        {"name": "builtin", "what": "a small model", "ready": True},
        {"name": "command", "what": "a program of yours", "ready": True},
        {"name": "ollama", "what": "needs OLLAMA_HOST", "ready": False},
    ],
    "segments": [row(i, *segment) for i, segment in enumerate(SEGMENTS)],
    "terms": [{"n": 1, "term": "书", "translation": "tome", "note": "", "uses": 1}],
}


def change(i, after):
    key, source, before = SEGMENTS[i]
    stand = MODEL["segments"][i]["stand"]
    return {"key": key, "source": source, "before": {**stand, "target": before}, "after": {**stand, "target": after}}


@pytest.fixture
def page(show):
    boot = json.dumps({"n": 1, "language": "en", "words": words.column("en"), "other": words.column("zh")})
    parts = {name: (WEB / f"{name}.js").read_text(encoding="utf-8") for name in ("store", "dialogs")}
    css = (WEB / "page.css").read_text(encoding="utf-8")
    page = show(HARNESS.format(boot=boot.replace("<", "\\u003c"), css=css, **parts))
    page.evaluate("(model) => D.store.boot(model)", MODEL)
    page.locator("#begin").focus()
    return page


def answer(page, **answers):
    page.evaluate("(given) => Object.assign(answers, given)", answers)


def start(page, call):
    """Open a dialog; what it gives lands in `window.result`."""
    page.evaluate(
        f"() => {{ window.result = 'waiting'; Promise.resolve({call}).then((one) => (window.result = one)); }}"
    )
    return page.locator("dialog")


def word(name, **values):
    return words.word(name, **values)


CALLS = [
    ("term", "D.dialogs.term(D.store.rows[0], {side: 'zh', text: '模型'})"),
    ("replace", "D.dialogs.replace()"),
    ("publish", "D.dialogs.publish()"),
    ("note", "D.dialogs.note(D.store.rows[0])"),
    ("engines", "D.dialogs.engines(D.store.rows[0])"),
    ("confirm", "D.dialogs.confirm('confirm_clean', {n: 3})"),
    ("help", "D.dialogs.help()"),
]
COUNTS = {"total": 3, "approved": 3, "drafts": 0, "stale": 0, "untranslated": 0, "conflicts": 0, "english": "en.md"}


@pytest.mark.parametrize(("name", "call"), CALLS)
def test_every_dialog_has_a_name_keeps_the_focus_and_gives_it_back(page, name, call):
    answer(page, segment={"matches": [], "links": []}, publish={**COUNTS, "refusal": ""})
    box = start(page, call)
    title = word(f"{name}_dialog", n=1) if name == "note" else word(f"{name}_dialog")
    assert page.get_by_role("dialog", name=title).is_visible()
    for _ in range(12):
        assert page.evaluate("document.activeElement.closest('main')") is None
        page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    box.wait_for(state="detached")
    assert page.evaluate("document.activeElement.id") == "begin"
    assert page.evaluate("sent") == []


@pytest.mark.parametrize("call", [call for _, call in CALLS])
def test_keys_in_a_dialog_are_not_the_page_s(page, call):
    answer(page, segment={"matches": [], "links": []}, publish={**COUNTS, "refusal": ""})
    page.evaluate(
        "() => { window.heard = []; document.addEventListener('keydown', (event) => heard.push(event.key)); }"
    )
    start(page, call)
    page.keyboard.press("j")
    page.keyboard.press("a")
    assert page.evaluate("heard") == []


# ── Terms ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

WOULD = {"refusal": "", "changes": [change(0, "The LLM is here")], "left": [{"key": "0000000b", "why": "said twice"}]}


def test_a_term_shows_what_it_changes_and_then_changes_it(page):
    answer(page, segment={"matches": [], "links": [[0, 2, 4, 9, 0.9]]}, term=WOULD)
    box = start(page, CALLS[0][1])
    page.wait_for_function("document.querySelectorAll('dialog li').length === 2")
    assert [one.input_value() for one in box.locator("input").all()[:2]] == ["模型", "model"]
    assert box.locator("del").inner_text() == "model"
    assert box.locator("ins").inner_text() == "LLM"
    assert "said twice" in box.locator("li.left").inner_text()
    assert box.locator("button.main").inner_text() == word("term_add_n", n=1)
    box.get_by_label(word("term_aliases")).fill("大模型，模 型")
    answer(page, term={**WOULD, "path": "glossary.yaml", "rows": []})
    page.keyboard.press("Enter")
    box.wait_for(state="detached")
    sent = page.evaluate("asked.at(-1)")
    assert sent == [
        "term",
        {
            "term": {"term": "模型", "translation": "model", "aliases": ["大模型", "模 型"], "kind": "", "note": ""},
            "apply": True,
        },
    ]
    assert page.evaluate("D.store.rows[0].stand.target") == "The LLM is here"
    page.evaluate("D.store.undo()")
    assert page.evaluate("D.store.rows[0].stand.target") == "The model is here"


def test_a_refused_term_says_why_and_cannot_be_added(page):
    answer(page, segment={"links": []}, term={"refusal": "模型 is there already", "changes": [], "left": []})
    box = start(page, CALLS[0][1])
    box.get_by_label(word("term_english")).fill("model")
    box.locator(".refusal").wait_for()
    assert box.locator(".refusal").inner_text() == "模型 is there already"
    assert box.locator("button.main").is_disabled()


def test_a_term_from_the_english_side_and_from_the_glossary(page):
    answer(page, segment={"links": [[0, 2, 4, 9, 0.9]]}, term=WOULD)
    box = start(page, "D.dialogs.term(D.store.rows[0], {side: 'en', text: 'model'})")
    page.wait_for_function("document.querySelector('dialog input').value === '模型'")
    page.keyboard.press("Escape")
    box.wait_for(state="detached")
    box = start(page, "D.dialogs.term(D.store.rows[2], {side: 'zh', text: '书'})")
    assert box.get_by_label(word("term_english")).input_value() == "tome"


def test_only_the_answer_to_the_last_question_is_shown(page):
    page.evaluate("""() => {
      window.open_questions = [];
      D.api = (path, body) => path === "term"
        ? new Promise((tell) => {
            open_questions.push(() => tell({refusal: body.term.translation, changes: [], left: []}));
          })
        : Promise.resolve({links: []});
    }""")
    box = start(page, CALLS[0][1])
    for n, typed in enumerate(("first", "second"), 1):
        box.get_by_label(word("term_english")).fill(typed)
        page.wait_for_function(f"open_questions.length === {n}")
    page.evaluate("async () => { open_questions[1](); await null; open_questions[0](); await null; }")
    box.locator(".refusal").wait_for()
    assert box.locator(".refusal").inner_text() == "second"


# ── Search and replace ────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_what_is_ticked_is_replaced(page):
    answer(page, replace={"changes": [change(0, "The LLM is here"), change(1, "See the LLMs")]})
    box = start(page, "D.dialogs.replace()")
    box.get_by_label(word("replace_find")).fill("model")
    box.get_by_label(word("replace_with")).fill("LLM")
    box.get_by_label(word("replace_case")).check()
    page.wait_for_function(
        "document.querySelectorAll('dialog li').length === 2 && !document.querySelector('dialog .main').disabled"
    )
    assert page.evaluate("asked.at(-1)") == [
        "replace",
        {"find": "model", "replace": "LLM", "case": True, "word": False, "apply": False},
    ]
    box.locator("li input").first.uncheck()
    assert box.locator("button.main").inner_text() == word("replace_n", n=1)
    box.locator("button.main").click()
    box.wait_for(state="detached")
    assert page.evaluate("D.store.rows.map((one) => one.stand.target)") == [
        "The model is here",
        "See the LLMs",
        "A book",
    ]
    assert page.evaluate("sent.map((one) => one.key)") == ["0000000b"]


def test_all_are_ticked_and_unticked_at_once(page):
    answer(page, replace={"changes": [change(0, "The LLM is here"), change(1, "See the LLMs")]})
    box = start(page, "D.dialogs.replace()")
    box.get_by_label(word("replace_find")).fill("model")
    page.wait_for_function("document.querySelectorAll('dialog li').length === 2")
    box.get_by_label(word("replace_every")).uncheck()
    assert box.locator("button.main").is_disabled()
    box.get_by_label(word("replace_every")).check()
    assert box.locator("button.main").inner_text() == word("replace_n", n=2)


def test_nothing_found_and_a_server_that_fails_are_said(page):
    answer(page, replace={"changes": []})
    box = start(page, "D.dialogs.replace()")
    box.get_by_label(word("replace_find")).fill("zebra")
    box.get_by_text(word("replace_none")).wait_for()
    page.evaluate("answers.replace = new Error('the server is gone')")
    box.get_by_label(word("replace_find")).fill("model")
    box.get_by_text("the server is gone").wait_for()
    assert box.locator("button.main").is_disabled()


# ── Publish ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_publish_says_what_is_not_approved_and_asks(page):
    said = {**COUNTS, "approved": 1, "drafts": 1, "untranslated": 1}
    page.evaluate(
        """(said) => {
          answers.publish = (body) => ({...said, refusal: body.allow_untranslated ? "" : "no"});
        }""",
        said,
    )
    box = start(page, "D.dialogs.publish()")
    box.get_by_text(word("publish_counts", approved=1, total=3)).wait_for()
    assert box.locator("li").all_inner_texts() == [word("publish_drafts", n=1), word("publish_untranslated", n=1)]
    assert box.locator("button.main").is_disabled()
    box.get_by_label(word("publish_allow")).check()
    page.wait_for_function("!document.querySelector('dialog .main').disabled")
    box.locator("button.main").click()
    box.wait_for(state="detached")
    assert page.evaluate("asked.at(-1)") == ["publish", {"apply": True, "allow_untranslated": True}]
    assert page.evaluate("told") == word("publish_done", file="en.md")


def test_publish_waits_for_conflicts(page):
    answer(page, publish={**COUNTS, "conflicts": 2, "refusal": "2 segments are in conflict"})
    box = start(page, "D.dialogs.publish()")
    box.get_by_text("2 segments are in conflict").wait_for()
    assert box.locator("button.main").is_disabled()


# ── The small ones ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_note_is_kept_and_can_be_undone(page):
    box = start(page, "D.dialogs.note(D.store.rows[0])")
    assert box.locator("textarea").input_value() == "old"
    page.keyboard.press("Control+a")
    page.keyboard.type("<b>new</b>")
    page.keyboard.press("Enter")
    page.keyboard.type("two lines")
    page.keyboard.press("Control+Enter")
    box.wait_for(state="detached")
    assert page.evaluate("D.store.rows[0].stand.note") == "<b>new</b>\ntwo lines"
    page.evaluate("D.store.undo()")
    assert page.evaluate("D.store.rows[0].stand.note") == "old"


def test_another_engine_is_proposed_and_one_that_lacks_something_cannot_be_chosen(page):
    box = start(page, "D.dialogs.engines(D.store.rows[0])")
    choices = box.locator("input").evaluate_all("(all) => all.map((one) => [one.value, one.checked, one.disabled])")
    assert choices == [["builtin", False, False], ["command", True, False], ["ollama", False, True]]
    assert "needs OLLAMA_HOST" in box.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_function("window.result !== 'waiting'")
    assert page.evaluate("result") == "command"
    start(page, "D.dialogs.engines(D.store.rows[0])")
    page.keyboard.press("Escape")
    page.wait_for_function("window.result !== 'waiting'")
    assert page.evaluate("result") is None


@pytest.mark.parametrize(("key", "said"), [("Enter", True), ("Escape", False)])
def test_a_question_is_answered(page, key, said):
    start(page, "D.dialogs.confirm('confirm_clean', {n: 3})").get_by_text(word("confirm_clean", n=3)).wait_for()
    page.keyboard.press(key)
    page.wait_for_function("window.result !== 'waiting'")
    assert page.evaluate("result") is said


def test_the_help_has_a_word_for_every_key(page):
    box = start(page, "D.dialogs.help()")
    told = box.locator("dd").all_inner_texts()
    assert len(told) > 25
    assert not [one for one in told if one.startswith("key_")]
    assert not [one for one in box.locator("h3").all_inner_texts() if one.startswith("help_")]


# ── Differences ───────────────────────────────────────────────────────────────────────────────────────────────────────

DIFFERENCES = [
    ("a b c", "a x c", "a [-b][+x] c"),
    ("", "new", "[+new]"),
    ("old", "", "[-old]"),
    ("same", "same", "same"),
    ("The model, the model", "The LLM, the LLM", "The [-model][+LLM], the [-model][+LLM]"),
    ("看书", "See books", "[-看书][+See books]"),
]


@pytest.mark.parametrize(("before", "after", "shown"), DIFFERENCES)
def test_differences_are_of_words(page, before, after, shown):
    parts = page.evaluate("([a, b]) => D.dialogs.difference(a, b)", [before, after])
    signs = {"same": "{}", "del": "[-{}]", "ins": "[+{}]"}
    assert "".join(signs[kind].format(text) for kind, text in parts) == shown
    assert "".join(text for kind, text in parts if kind != "ins") == before
    assert "".join(text for kind, text in parts if kind != "del") == after
