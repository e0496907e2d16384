"""What other programs do to our files: reorder, lose, double, rename, check out, empty, delete."""

import random
import time

import polib
import pytest
from pipeline_site import Site, Toy

from translator.engines import open_engine
from translator.errors import InputError
from translator.formats import load
from translator.model import State
from translator.pipeline.carry import carry
from translator.pipeline.verbs import approve
from translator.pipeline.work import open_post

FLOWERS, HOME, LAST = "我们去花园看花。", "然后我们回家。", "最后一段话在这里。"


@pytest.fixture
def reviewed(site):
    """A post with a person's text, an approved draft, and drafts."""
    entries = site.entries()
    site.edit(site.english, (entries[FLOWERS].target, "By hand."))
    site.run()
    approve(site.post, [entries[HOME].key])
    return site


def stands(site, *, still_drafts=True):
    """The decisions of the post are still there, and nothing more happens."""
    entries = site.entries()
    assert (entries[FLOWERS].target, entries[FLOWERS].state) == ("By hand.", State.APPROVED)
    assert entries[HOME].state is State.APPROVED
    assert all(entry.target for entry in entries.values())
    if still_drafts:
        assert entries[LAST].state is State.DRAFT
    record = load(site.record.read_text())
    keys = [entry.key for entry in (*record.entries, *record.obsolete)]
    assert len(set(keys)) == len(keys)
    assert all(keys)
    before = site.both()
    assert not site.run().changed
    assert site.both() == before


def meddle(site, change):
    po = polib.pofile(str(site.record), wrapwidth=0)
    change(po)
    po.save(str(site.record), newline="")


def at(po, source):
    return next(n for n, entry in enumerate(po) if entry.msgid == source)


@pytest.mark.parametrize(
    "change",
    [
        lambda po: po.sort(key=lambda entry: entry.msgid),
        lambda po: po.reverse(),
        lambda po: po.sort(key=lambda entry: entry.msgctxt),
        lambda po: po.pop(at(po, LAST)),
        lambda po: po.pop(at(po, FLOWERS)),
        lambda po: po.pop(at(po, HOME)),
        lambda po: po.insert(0, po[at(po, FLOWERS)]),
        lambda po: po.append(po[3]),
        lambda po: [setattr(entry, "msgctxt", None) for entry in po],
        lambda po: [setattr(entry, "msgctxt", po[0].msgctxt) for entry in po],
        lambda po: [setattr(entry, "msgctxt", f"other{n}") for n, entry in enumerate(po)],
        lambda po: po.metadata.clear(),
        lambda po: po.metadata.update({"X-Duizhao-Written": "x y z"}),
        lambda po: po.metadata.update({"X-Duizhao-Written": ""}),
        lambda po: po.metadata.update({"X-Duizhao-Written": po.metadata["X-Duizhao-Written"][:60]}),
        lambda po: [setattr(entry, "comment", "") for entry in po],
        lambda po: [setattr(entry, "occurrences", []) for entry in po],
        lambda po: (setattr(po, "wrapwidth", 40), po.metadata.update({"X-Generator": "Poedit 3"})),
    ],
)
def test_a_record_that_another_program_wrote(reviewed, change):
    meddle(reviewed, change)
    stands(reviewed, still_drafts=False)


def test_drafts_stay_drafts_where_only_the_order_is_lost(reviewed):
    meddle(reviewed, lambda po: po.reverse())
    stands(reviewed)


def test_a_draft_typed_without_taking_the_flag_is_never_written_over(site):
    site.run(open_engine("none"))
    meddle(site, lambda po: (setattr(po[at(po, LAST)], "msgstr", "Typed."), po[at(po, LAST)].flags.append("fuzzy")))
    for force in (False, True):
        entry = next(e for e in site.run(force=force).outcome.entries if e.source == LAST)
        assert (entry.target, entry.state) == ("Typed.", State.DRAFT)
    assert "Typed." in site.english.read_text()


def test_an_approved_text_that_is_cleared_is_drafted_again(reviewed):
    meddle(reviewed, lambda po: setattr(po[at(po, FLOWERS)], "msgstr", ""))
    entry = reviewed.entries()[FLOWERS]
    assert (entry.state, entry.origin, entry.by) == (State.DRAFT, "toy", "")
    assert "By hand." not in reviewed.english.read_text()


def conflict(site):
    draft = site.entries()[FLOWERS].target
    site.edit(site.record, (f'msgstr "{draft}"', 'msgstr "From the record."'))
    site.edit(site.english, (draft, "From the English."))
    assert site.entries()[FLOWERS].state is State.CONFLICT


def test_a_conflict_outlives_a_change_of_its_source(site):
    conflict(site)
    site.edit(site.post, (FLOWERS, "我们去大花园看花。"))
    entry = site.entries()["我们去大花园看花。"]
    assert (entry.state, entry.target, entry.other) == (State.CONFLICT, "From the record.", "From the English.")
    approve(site.post, [entry.key], take="record")
    before = site.both()
    assert not site.run().changed
    assert site.both() == before


def test_a_conflict_outlives_its_source(site):
    conflict(site)
    site.edit(site.post, (FLOWERS, ""))
    site.run()
    record = site.record.read_text()
    assert '#~ msgstr "From the record."' in record
    assert '#~ msgstr "From the English."' in record


def test_a_conflict_whose_record_is_cleared_is_the_english(site):
    conflict(site)
    meddle(site, lambda po: setattr(po[at(po, FLOWERS)], "msgstr", ""))
    entry = site.entries()[FLOWERS]
    assert (entry.target, entry.state) == ("From the English.", State.APPROVED)


def test_a_conflict_that_was_talked_over_is_none(site):
    conflict(site)
    meddle(site, lambda po: setattr(po[at(po, FLOWERS)], "msgstr", "From the English."))
    entry = site.entries()[FLOWERS]
    assert (entry.target, entry.state, entry.other) == ("From the English.", State.APPROVED, "")


# ── Files that come and go ──


def test_an_older_record_is_checked_out(reviewed):
    older = reviewed.record.read_text()
    reviewed.edit(reviewed.english, (reviewed.entries()[LAST].target, "The end, by hand."))
    reviewed.run()
    reviewed.record.write_text(older)
    assert reviewed.entries()[LAST].target == "The end, by hand."
    stands(reviewed, still_drafts=False)


def test_an_older_english_file_is_checked_out(reviewed):
    older = reviewed.english.read_text()
    reviewed.edit(reviewed.post, ("第一项", "第零项"), ("花开得很好！", "花开得好极了！花谢了。"))
    reviewed.run()
    reviewed.english.write_text(older)
    stands(reviewed, still_drafts=False)


@pytest.mark.parametrize("content", [None, b"", b"\n\n", b"\xef\xbb\xbf\r\n"])
def test_an_english_file_that_was_deleted_or_emptied_is_written_again(reviewed, content):
    before = reviewed.both()
    if content is None:
        reviewed.english.unlink()
    else:
        reviewed.english.write_bytes(content)
    reviewed.run()
    assert reviewed.both() == before
    stands(reviewed)


@pytest.mark.parametrize("content", [None, b"", b"\n", b'msgid ""\nmsgstr ""\n'])
def test_a_record_that_was_deleted_is_made_again_from_the_english(reviewed, content):
    english = reviewed.english.read_text()
    if content is None:
        reviewed.record.unlink()
    else:
        reviewed.record.write_bytes(content)
    stands(reviewed, still_drafts=False)
    assert reviewed.english.read_text() == english.replace("translation: draft", "translation: reviewed")


def test_english_front_matter_that_cannot_be_read_is_said_of_the_english_file(reviewed):
    reviewed.edit(reviewed.english, ("lang: en", "lang: [en"))
    with pytest.raises(InputError, match=r"en\.md:\d+"):
        reviewed.run()


def test_lists_in_front_matter_keep_their_places(tmp_path):
    site = Site(tmp_path, "---\ntitle: 题\ntags: [甲, 乙]\n---\n\n话。\n")
    site.run()
    site.edit(site.english, ("[甲, 乙]", "[First, Second]"), ("lang: en", "lang: en\nauthor: me"))
    entries = site.entries()
    assert [entries[tag].target for tag in ("甲", "乙")] == ["First", "Second"]
    site.edit(site.english, ("[First, Second]", "[Second]"))
    entries = site.entries()
    assert "tags: [Second]" in site.english.read_text()
    assert [entries[tag].target for tag in ("甲", "乙")] == ["First", "Second"]
    assert not site.run().changed


# ── What changes on both sides at once ──


def test_an_edit_of_a_sentence_that_the_author_changed_meanwhile_is_stale(reviewed):
    reviewed.edit(reviewed.english, ("By hand.", "By hand, again."))
    reviewed.edit(reviewed.post, (FLOWERS, "我们去大花园看花。"))
    entry = reviewed.entries()["我们去大花园看花。"]
    assert (entry.target, entry.state, entry.former) == ("By hand, again.", State.STALE, FLOWERS)


def test_an_edit_of_a_paragraph_that_the_author_deleted_meanwhile_is_in_the_record(reviewed):
    reviewed.edit(reviewed.english, (reviewed.entries()[LAST].target, "The end, by hand."))
    reviewed.edit(reviewed.post, (LAST + "\n", ""))
    reviewed.run()
    assert "The end, by hand." not in reviewed.english.read_text()
    assert '#~ msgstr "The end, by hand."' in reviewed.record.read_text()
    reviewed.edit(reviewed.post, ("- 第一项", LAST + "\n\n- 第一项"))
    assert reviewed.entries()[LAST].target == "The end, by hand."


def test_a_sentence_that_the_author_added_is_not_taken_for_joined(reviewed):
    for new in ("新的一句。" + FLOWERS, FLOWERS + "新的二句。", "新的三句。"):
        reviewed.edit(reviewed.english, (reviewed.entries()["花开得很好！"].target, f"Lovely {len(new)}!"))
        old = FLOWERS if FLOWERS in new else "新的一句。"
        reviewed.edit(reviewed.post, (old, new))
        entries = reviewed.entries()
        assert entries["花开得很好！"].target == f"Lovely {len(new)}!"
        assert not [entry for entry in entries.values() if entry.state is State.JOINED]


def test_equal_sentences_keep_their_own_texts(tmp_path):
    site = Site(tmp_path, "好。\n\n好。\n\n好。\n")
    site.run()
    site.english.write_text("One.\n\nTwo.\n\nThree.\n")
    assert [entry.target for entry in site.run().outcome.entries] == ["One.", "Two.", "Three."]
    site.post.write_text("新。\n\n好。\n\n好。\n\n好。\n")
    assert [entry.target for entry in site.run().outcome.entries][1:] == ["One.", "Two.", "Three."]
    site.post.write_text("好。\n\n好。\n")
    site.run()
    text = site.english.read_text() + site.record.read_text()
    assert all(word in text for word in ("One.", "Two.", "Three."))


# ── Size ──


def long_post(sentences, seed=0):
    chance = random.Random(seed)  # noqa: S311  # a text, not a secret
    some = [
        "".join(chr(0x4E00 + chance.randrange(3000)) for _ in range(chance.randrange(6, 24))) + "。"
        for _ in range(sentences)
    ]
    return ["".join(some[n : n + 3]) + ("略。" if n % 9 == 0 else "") for n in range(0, sentences, 3)]


def carried(before, after):
    old, _ = carry([], [], open_post("\n\n".join(before) + "\n").segments)
    segments = open_post("\n\n".join(after) + "\n").segments
    begun = time.process_time()
    carry(old, [], segments)
    return time.process_time() - begun


@pytest.mark.parametrize(
    "change",
    [
        lambda blocks: [block.replace("。", "了。", 1) if n % 7 == 0 else block for n, block in enumerate(blocks)],
        lambda blocks: blocks[len(blocks) // 2 :] + blocks[: len(blocks) // 2],
        lambda blocks: blocks[::-1],
        lambda _: long_post(3000, 1),
        lambda blocks: ["略。"] * 1000 + blocks,
        lambda _: [],
    ],
)
def test_three_thousand_sentences_are_carried_quickly(change):
    blocks = long_post(3000)
    assert carried(blocks, change(blocks)) < 15  # seconds of processor time; it was minutes when it was quadratic


def test_three_thousand_sentences_are_learnt_quickly(tmp_path):
    (tmp_path / "duizhao.yaml").write_text("author: Seed\n")
    blocks = long_post(3000)
    site = Site(tmp_path, "\n\n".join(blocks) + "\n")
    site.run(Toy())
    text = site.english.read_text().split("\n\n")
    site.english.write_text("\n\n".join(f"{block} Hand." if n % 10 == 0 else block for n, block in enumerate(text)))
    site.post.write_text("\n\n".join(blocks[500:] + blocks[:500]) + "\n")
    begun = time.process_time()
    report = site.run(Toy())
    assert time.process_time() - begun < 30
    assert site.english.read_text().count("Hand.") == len(text[::10])
    assert not site.run(Toy()).changed
    assert report.outcome.learnt.edited + len(report.outcome.learnt.kept) >= len(text[::10])
