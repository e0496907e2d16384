"""Where a term is mentioned and what became of it; and its English in a new form: that span alone, and back."""

import re
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pipeline_site import Site

from translator.config import Project
from translator.formats import load as load_record
from translator.glossary import load
from translator.markdown import plain, protect, scan
from translator.model import JOINED, State, Term
from translator.pipeline.readings import literal
from translator.pipeline.report import report
from translator.pipeline.uses import apply, named, proposals, uses
from translator.pipeline.verbs import Desk, Options

GLOSSARY = """terms:
  - {term: 模型, aliases: [模子], translation: model, also: [blueprint], forbidden: [pattern]}
  - {term: 大模型, translation: large model}
  - {term: 沐神, aliases: [李沐], translation: Mu Li, also: [Li Mu], forbidden: [Bath God], kind: person}
  - {term: 深盟, translation: DMLC, kind: project}
"""


class Pages(Site):
    """A post and its English, both given; the English is a person's."""

    def __init__(self, root, source, english, glossary=GLOSSARY):
        super().__init__(root, source)
        (root / "glossary" / "terms.yaml").write_text(glossary)
        if english is not None:
            self.english.write_text(english)
            self.update()

    def update(self):
        Desk(Project.of(self.post), Options(memory=False)).update(self.post)

    def term(self, word, **changes):
        before = named(load([self.root / "glossary" / "terms.yaml"]).terms, word)[0]
        return before, replace(before, **changes)

    def became(self, word):
        return [(use.surface, use.became, use.target and use.target.of(use.english)) for use in uses([self.post], word)]

    def targets(self):
        return [entry.target for entry in load_record(self.record.read_text()).entries]


def pages(root, *lines, glossary=GLOSSARY):
    """Make a post of pairs of lines, Chinese | English."""
    pairs = [line.split(" | ") for line in lines]
    source, english = ("\n\n".join(side) + "\n" for side in zip(*pairs, strict=True))
    return Pages(root, source, english, glossary)


# ── Uses ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_mention_is_obeyed_implied_wrong_missing_or_untranslated(tmp_path):
    site = pages(
        tmp_path,
        "模型很好。 | The model is good.",
        "模子和大模型。 | Models and a large model.",
        "模型很快。 | It is fast.",
        "模型很小。 | The pattern is small.",
        "模型不错。 | Blueprints are not bad.",
        "这个**模**型。 | This **mod**el.",
        "模型没了。 | Gone.",
        "模型还在。 | 模型还在。",
    )
    assert site.became("模型") == [
        ("模型", "obeyed", "model"),
        ("模子", "obeyed", "Models"),
        ("模型", "implied", None),
        ("模型", "wrong", "pattern"),
        ("模型", "obeyed", "Blueprints"),
        ("模型", "obeyed", "model"),
        ("模型", "missing", None),
        ("模型", "untranslated", None),
    ]
    assert site.became("模子") == site.became("模型")
    forms = [use.form for use in uses([site.post], "模型")]
    assert forms == ["model", "model", "", "pattern", "blueprint", "model", "", ""]
    assert [use.line for use in uses([site.post], "模型")] == list(range(1, 17, 2))
    assert site.became("没有") == []


def test_a_post_without_english_and_one_without_the_term(tmp_path):
    site = Pages(tmp_path, "沐神来了。\n", None)
    other = tmp_path / "other.md"
    other.write_text("这里没有人。\n")
    assert [use.became for use in uses([site.post, other], "沐神")] == ["untranslated"]
    assert list(uses([], "沐神")) == []


def test_what_is_said_next_door_is_found_there(tmp_path):
    site = Pages(tmp_path, "沐神来了。模型很好。\n", "Mu Li came. The model is good.\n")
    first, second = site.targets()
    record = site.record.read_text().replace(f'msgstr "{second}"', f'msgstr "{JOINED}"')
    site.record.write_text(record.replace(f'msgstr "{first}"', 'msgstr "Mu Li came with a good model."'))
    site.update()
    assert site.targets() == ["Mu Li came with a good model.", JOINED]
    (use,) = uses([site.post], "模型")
    assert (use.state, use.became, use.span.of(use.source)) == (State.JOINED, "obeyed", "模型")
    assert use.source == "沐神来了。模型很好。"
    (change,) = proposals([site.post], *site.term("模型", translation="machine"))
    assert change.after == "Mu Li came with a good machine."


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("看![沐神的照片](a.png)。", "See ![a photo of Mu Li](a.png)."),
        ('看[他](https://a.example/ "沐神")。', 'See [him](https://a.example/ "Mu Li").'),
        ("深**盟**和沐\n神一起。", "DMLC and Mu Li together."),
        ("<div>沐神</div>", "<div>Mu Li</div>"),
        ("&#27792;神来了。", "Mu Li came."),
    ],
)
def test_mentions_that_markup_hides_are_found(tmp_path, chinese, english):
    (tmp_path / "duizhao.yaml").write_text("breaks: join\n")
    site = Pages(tmp_path, chinese + "\n", english + "\n")
    assert [(became, said) for _, became, said in site.became("沐神")] == [("obeyed", "Mu Li")]
    if "盟" in chinese:
        assert [became for _, became, _ in site.became("深盟")] == ["obeyed"]


def test_a_posts_own_glossary_counts(tmp_path):
    site = pages(tmp_path, "模型很好。 | The machine is good.")
    assert [became for _, became, _ in site.became("模型")] != ["obeyed"]
    (tmp_path / "glossary.yaml").write_text("terms:\n  - {term: 模型, translation: machine}\n")
    assert site.became("模型") == [("模型", "obeyed", "machine")]
    assert proposals([site.post], *site.term("模型", translation="engine")) == []


def test_uses_and_the_report_count_alike(tmp_path):
    site = pages(
        tmp_path,
        "模型很好，模型很快。 | The model is good and fast.",
        "模型和模型。 | Models, models, and patterns.",
        "沐神用模型。 | Bath God uses a model.",
        "深盟的模型。 | DMLC's thing.",
    )
    found = report([site.post]).terms
    for word in ("模型", "沐神", "深盟"):
        mine = Counter(use.became for use in uses([site.post], word))
        assert [mine[name] for name in ("obeyed", "implied", "missing")] == [
            getattr(found[word], name) for name in ("obeyed", "implied", "missing")
        ]
        assert mine["wrong"] >= found[word].wrong  # one beside a mention that is obeyed is shown too


# ── Proposals ─────────────────────────────────────────────────────────────────────────────────────────────────────────

SENTENCES = (
    ("# 说说{t}的故事", "# The Story of the {title}"),
    ("这个{t}很好。", "This {one} is good."),
    ("很多{t}都不错。", "Many {many} are fine."),
    ("{t}很快。", "{first} is fast."),
    ("一个{t}在这里。", "{A} {one} is here."),
    ("就是一个{t}而已。", "It is only {a} {one}, no more."),
    ("我们用**{t}**。", "We use **{one}**."),
    ("看[{t}](https://a.example/)。", "See [{one}](https://a.example/)."),
    ("{t}的速度和另一个{t}的。", "The {one}'s speed and the other {one}'s."),
    ("- 用`{t}`和{t}。", "- With `{code}` and {one}."),
    ("> {t}\\*在这里。", "> {first}\\* is here."),
    ("今天天气不错。", "Fine weather, {code} or no {code}."),
    ("沐神也在。", "Mu Li is here too."),
)
FORMS = {
    "model": ("model", "models", "Model", "Model", "a"),
    "array": ("array", "arrays", "Array", "Array", "an"),
    "neural network": ("neural network", "neural networks", "Neural network", "Neural Network", "a"),
    "network": ("network", "networks", "Network", "Network", "a"),
    "e-mail": ("e-mail", "e-mails", "E-mail", "E-mail", "an"),
    "matrix of vectors": ("matrix of vectors", "", "Matrix of vectors", "Matrix of Vectors", "a"),
    "MXNet": ("MXNet", "MXNets", "MXNet", "MXNet", "an"),
    "Tianqi": ("Tianqi", "Tianqis", "Tianqi", "Tianqi", "a"),
    "C#": ("C#", "", "C#", "C#", "a"),
    "a*b*c": ("a*b*c", "a*b*cs", "a*b*c", "a*b*c", "an"),
}
NAMES = {"MXNet", "Tianqi", "C#"}


def english(template, form, former=None):
    """Write a sentence as it is said in a form; what is no mention keeps the former one."""
    one, many, first, title, article = FORMS[form]
    words = {"one": one, "many": many, "first": first, "title": title, "code": former or form}
    return template.format(**words, a=article, A=article.capitalize())


def glossary(form):
    kind = ", kind: project" if form in NAMES else ""
    term = f"  - {{term: 物件, translation: '{form}'{kind}}}\n"
    return f"terms:\n{term}  - {{term: 沐神, translation: Mu Li, kind: person}}\n"


def outside(text, spans):
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    return [text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6, unique=True),
    st.permutations(sorted(FORMS)).map(lambda some: some[:2]),
    st.booleans(),
)
def test_only_the_spans_change_and_the_way_back_gives_the_same_bytes(sentences, forms, is_saved):
    """The glossary's file may have been changed before the English is, or not yet."""
    old, new = forms
    with tempfile.TemporaryDirectory() as name:
        source = "\n\n".join(chinese.format(t="物件") for chinese, _ in sentences) + "\n"
        said = "\n\n".join(english(template, old) for _, template in sentences) + "\n"
        site = Pages(Path(name), source, said, glossary(old))
        before, after = site.term("物件", translation=new, kind="project" if new in NAMES else "")
        if is_saved:
            (site.root / "glossary" / "terms.yaml").write_text(glossary(new))
        start, targets, found = site.both()[0], site.targets(), proposals([site.post], before, after)
        for one in found:
            assert outside(one.before, [a for a, _ in one.spans]) == outside(one.after, [b for _, b in one.spans])
            assert one.is_change or one.reason
            assert one.state is State.APPROVED
        apply(found)
        changed = site.both()
        wanted = [english(template, new, old) for template in dict(sentences).values()]
        sure = [one for one in found if one.is_change and not one.reason]
        for one in sure:
            assert one.after in site.targets()
            assert any(words(one.after) in words(line) for line in wanted), one.after
        assert not [one for one in proposals([site.post], before, after) if one.is_change]
        apply(proposals([site.post], before, after))
        assert site.both() == changed
        if "network" in forms and "neural network" in forms and "今天天气不错。" in dict(sentences):
            return  # the new form stood there
        apply(proposals([site.post], after, before))
        assert site.targets() == targets
        assert site.both()[0] == start


def words(text):
    """Leave out escapes and what makes a block."""
    return re.sub(r"[\\#>]|^- ", "", text).strip()


def test_text_that_no_mention_is_bound_to_never_changes(tmp_path):
    site = pages(
        tmp_path,
        "这种款式很好。 | This model is nice.",
        "大模型很好。 | The large model is good.",
        "模型的款式很好。 | A model of this model is good.",
    )
    (change,) = proposals([site.post], *site.term("模型", translation="engine"))
    assert (change.line, change.after) == (5, "An engine of this model is good.")
    (span, there) = change.spans[-1]
    assert (span.of(change.before), there.of(change.after)) == ("model", "engine")


def test_drafts_stay_drafts_and_what_is_approved_becomes_the_persons(tmp_path):
    site = Site(tmp_path, "深盟来了。\n")
    (tmp_path / "glossary" / "terms.yaml").write_text(GLOSSARY)
    site.run()
    term = named(load([tmp_path / "glossary" / "terms.yaml"]).terms, "深盟")[0]
    (one,) = apply(proposals([site.post], term, replace(term, translation="Apache")))
    (entry,) = one.outcome.entries
    assert (entry.state, entry.origin, entry.by) == (State.DRAFT, "toy", "")
    assert "Apache" in entry.target
    assert "Apache" in site.english.read_text()
    (tmp_path / "other").mkdir()
    other = pages(tmp_path / "other", "深盟来了。 | DMLC came.")
    (one,) = apply(proposals([other.post], *other.term("深盟", translation="Apache")))
    (entry,) = one.outcome.entries
    assert (entry.state, entry.origin, entry.by, entry.target) == (State.APPROVED, "person", "Seed", "Apache came.")


def test_what_is_not_sure_is_left_and_said(tmp_path):
    site = pages(
        tmp_path,
        "模型很好。 | It is good.",
        "模型很快。 | The mo**de**l is fast.",
        "沐神来了。 | Li Mu came.",
    )
    first, second = proposals([site.post], *site.term("模型", translation="engine"))
    assert (first.is_change, first.reason) == (False, "模型 is not said as “model”")
    assert not second.is_change
    assert "“model” stands for 模型" in second.reason
    (third,) = proposals([site.post], *site.term("沐神", translation="Prof. Li", also=()))
    assert not third.is_change
    assert "“Li Mu” stands for 沐神" in third.reason
    assert proposals([site.post], *site.term("沐神", translation="Prof. Li")) == []
    (fourth,) = proposals([site.post], *site.term("沐神", also=(), forbidden=("Li Mu",)))
    assert fourth.after == "Mu Li came."
    assert apply([first, second, third]) == []


def test_a_removed_term_and_one_that_is_said_alike_propose_nothing(tmp_path):
    site = pages(tmp_path, "模型很好。 | The model is good.")
    before, after = site.term("模型", note="new", aliases=("模",))
    assert proposals([site.post], before, None) == []
    assert proposals([site.post], before, after) == []


def test_a_first_form_takes_the_place_of_the_first_form(tmp_path):
    terms = "terms:\n  - {term: 网络, translation: network, first: network (NN)}\n"
    site = pages(tmp_path, "网络很好。 | A network (NN) is good.", "网络很快。 | The network is fast.", glossary=terms)
    some = proposals([site.post], *site.term("网络", translation="array", first="array (AR)"))
    assert [one.after for one in some] == ["An array (AR) is good.", "The array is fast."]


def test_a_kept_term_stands_as_the_author_wrote_it(tmp_path):
    terms = "terms:\n  - {term: softmax, translation: soft maximum}\n"
    site = pages(tmp_path, "用Softmax。 | Use soft maximum.", glossary=terms)
    (one,) = proposals([site.post], *site.term("softmax", keep=True))
    assert one.after == "Use Softmax."


def test_a_form_that_is_markup_is_escaped_or_left(tmp_path):
    site = pages(tmp_path, "沐神来了。 | Then Mu Li came.", "**沐神**好。 | **Mu Li** is fine.")
    after = [one.after for one in proposals([site.post], *site.term("沐神", translation="*Li*"))]
    assert after == ["Then \\*Li\\* came.", "**\\*Li\\*** is fine."]
    left = proposals([site.post], *site.term("沐神", translation="www.li.example"))
    assert not any(one.is_change for one in left)


def test_what_a_person_shaped_by_hand_is_left_and_said(tmp_path):
    site = pages(tmp_path, "模型很好。 | The model is good.", "模型很快。 | The model is fast.")
    site.edit(site.english, ("The model is fast.", "- The model is fast.\n- Very."))
    site.update()
    text = site.english.read_bytes()
    first, second = proposals([site.post], *site.term("模型", translation="engine"))
    assert (first.after, second.is_change) == ("The engine is good.", False)
    assert "by hand" in second.reason
    apply([first, second])
    assert site.english.read_bytes() == text.replace(b"The model is good.", b"The engine is good.")


def test_a_post_that_was_edited_meanwhile_loses_nothing(tmp_path):
    site = pages(
        tmp_path,
        "模型很好。 | The model is good.",
        "模型很快。 | The model is fast.",
        "模型很小。 | The model is small.",
    )
    some = proposals([site.post], *site.term("模型", translation="engine"))
    site.edit(site.english, ("The model is good.", "Our model is really good."))
    site.edit(site.post, ("模型很快。", "模型太快了。"))
    (done,) = apply(some)
    assert done.outcome.notes == (
        "line 1: changed meanwhile, left as it is",
        "line 3: changed meanwhile, left as it is",
    )
    said = site.english.read_text()
    assert said == "Our model is really good.\n\nThe model is fast.\n\nThe engine is small.\n"


def test_a_conflict_is_decided_first(tmp_path):
    site = pages(tmp_path, "模型很好。 | The model is good.")
    site.edit(site.english, ("good", "great"))
    site.edit(site.record, ("is good.", "is nice."))
    (one,) = proposals([site.post], *site.term("模型", translation="engine"))
    assert not one.is_change
    assert "in conflict" in one.reason


@given(st.text("ab*_`[]()!<>\\&; \n中。", max_size=40))
def test_the_words_of_a_target_are_those_without_its_marks(text):
    text = " ".join(text.split())
    marks = scan(text)
    said = literal(text, marks)
    assert said.text == plain(protect(text, marks).text)
    assert all(place and place.of(text)[-1:] for place in said.places)


def test_a_term_may_be_an_alias_of_none():
    terms = [Term("模型", "model", aliases=("模子",)), Term("模子", "mould")]
    assert [term.translation for term in named(terms, "模子")] == ["mould"]
    assert named(terms, "nix") == ()
