"""What a person decides is kept: the laws of the record."""

import pytest
from pipeline_site import POST, Site, Toy

from translator.engines import open_engine
from translator.errors import DuizhaoError
from translator.formats import load
from translator.model import JOINED, State
from translator.pipeline.verbs import approve, publish

FLOWERS = "我们去花园看花。"


def test_running_twice_changes_no_byte(site):
    site.run()
    before = site.both()
    assert not site.run().changed
    assert site.both() == before


def test_everything_but_prose_is_the_source(site):
    site.run()
    english = site.english.read_text()
    assert english.count("\n") == POST.count("\n") + 2  # two front-matter keys
    assert "```python\n# 注释\n```" in english
    assert "(https://a.example/)" in english
    assert "translation: draft\n---\n" in english


def test_an_edit_of_the_english_is_a_persons(site):
    draft = site.entries()[FLOWERS].target
    site.edit(site.english, (draft, "We went to see the flowers."))
    report = site.run()
    entry = next(e for e in report.outcome.entries if e.source == FLOWERS)
    assert (entry.state, entry.target, entry.by) == (State.APPROVED, "We went to see the flowers.", "Seed")
    assert report.outcome.learnt.edited == 1
    assert sum(e.state is State.APPROVED for e in report.outcome.entries) == 1
    before = site.both()
    site.run()
    assert site.both() == before


def test_several_edits_in_one_block_go_each_to_its_segment(site):
    entries = site.entries()
    first, third = entries[FLOWERS].target, entries["然后我们回家。"].target
    site.edit(site.english, (first, "First by hand."), (third, "Third by hand."))
    after = site.entries()
    assert after[FLOWERS].target == "First by hand."
    assert after["然后我们回家。"].target == "Third by hand."
    assert after["花开得很好！"].state is State.DRAFT


def test_an_edit_of_the_record_is_a_persons_though_the_flag_stayed(site):
    draft = site.entries()[FLOWERS].target
    site.edit(site.record, (f'msgstr "{draft}"', 'msgstr "We saw flowers."'))
    entry = site.entries()[FLOWERS]
    assert (entry.state, entry.target, entry.by) == (State.APPROVED, "We saw flowers.", "Seed")
    assert "We saw flowers." in site.english.read_text()


def test_taking_the_flag_away_approves(site):
    site.run()
    text = site.record.read_text()
    site.record.write_text(text.replace("#, fuzzy\n", "", 1))
    assert [e.state for e in site.run().outcome.entries].count(State.APPROVED) == 1


def test_both_edited_differently_is_a_conflict_and_nothing_is_lost(site):
    draft = site.entries()[FLOWERS].target
    site.edit(site.record, (f'msgstr "{draft}"', 'msgstr "From the record."'))
    site.edit(site.english, (draft, "From the English."))
    for _ in range(3):
        entry = site.entries()[FLOWERS]
        assert (entry.state, entry.target, entry.other) == (State.CONFLICT, "From the record.", "From the English.")
        assert "From the English." in site.english.read_text()
        assert "From the record." in site.record.read_text()
    with pytest.raises(DuizhaoError, match="conflict"):
        publish(site.post)


@pytest.mark.parametrize(("take", "wanted"), [("english", "From the English."), ("record", "From the record.")])
def test_a_conflict_is_decided_by_a_person(site, take, wanted):
    draft = site.entries()[FLOWERS].target
    site.edit(site.record, (f'msgstr "{draft}"', 'msgstr "From the record."'))
    site.edit(site.english, (draft, "From the English."))
    key = site.entries()[FLOWERS].key
    approve(site.post, [key], take=take)
    assert site.entries()[FLOWERS].state is State.APPROVED
    assert wanted in site.english.read_text()


def test_both_edited_alike_is_no_conflict(site):
    draft = site.entries()[FLOWERS].target
    site.edit(site.record, (f'msgstr "{draft}"', 'msgstr "The same."'))
    site.edit(site.english, (draft, "The same."))
    assert site.entries()[FLOWERS].state is State.APPROVED


def test_a_changed_source_makes_only_its_own_entry_stale(site):
    site.run()
    approve(site.post, everything=True)
    before = site.entries()
    site.edit(site.post, (FLOWERS, "我们去大花园看花。"))
    after = site.entries()
    entry = after["我们去大花园看花。"]
    assert (entry.state, entry.former, entry.target) == (State.STALE, FLOWERS, before[FLOWERS].target)
    assert '#| msgid "我们去花园看花。"' in site.record.read_text()
    assert {s: e for s, e in after.items() if s != entry.source} == {s: e for s, e in before.items() if s != FLOWERS}
    site.edit(site.post, ("我们去大花园看花。", FLOWERS))
    assert site.entries()[FLOWERS].state is State.APPROVED


def test_a_changed_source_of_a_draft_is_drafted_again_with_the_former_kept(site):
    site.run()
    site.edit(site.post, (FLOWERS, "我们去大花园看花。"))
    entry = site.entries()["我们去大花园看花。"]
    assert (entry.state, entry.former) == (State.DRAFT, FLOWERS)
    assert entry.target == Toy().english(type("Job", (), {"text": entry.source, "terms": ()})())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# 第一章\n", "# 第一章\n\n新的一段。\n"),
        ("- 第一项\n", "- 第零项\n- 第一项\n"),
        ("最后一段话在这里。\n", ""),
        (
            "# 第一章\n\n我们去花园看花。花开得很好！然后我们回家。\n",
            "我们去花园看花。花开得很好！然后我们回家。\n\n# 第一章\n",
        ),
        ("花开得很好！", ""),
        ("---\ntitle: 春天的花园\n", "---\ntitle: 春天的花园\nsubtitle: 副标题在这\n"),
    ],
)
def test_inserted_moved_and_deleted_blocks_keep_every_other_entry(site, old, new):
    site.run()
    approve(site.post, everything=True)
    before = site.entries()
    site.edit(site.post, (old, new))
    after = site.entries()
    for source, entry in before.items():
        if source in site.post.read_text():
            assert (after[source].key, after[source].target, after[source].state) == (
                entry.key,
                entry.target,
                State.APPROVED,
            )
            assert entry.target in site.english.read_text()


def test_what_is_deleted_stays_obsolete_and_comes_back_with_the_text(site):
    entry = site.entries()["最后一段话在这里。"]
    site.edit(site.english, (entry.target, "The end, by hand."))
    site.run()
    site.edit(site.post, ("最后一段话在这里。\n", ""))
    site.run()
    assert '#~ msgstr "The end, by hand."' in site.record.read_text()
    assert "The end, by hand." not in site.english.read_text()
    site.run()
    site.edit(site.post, ("```\n", "```\n\n最后一段话在这里。\n"))
    again = site.entries()["最后一段话在这里。"]
    assert (again.key, again.target, again.state) == (entry.key, "The end, by hand.", State.APPROVED)
    assert "The end, by hand." in site.english.read_text()


def test_a_joined_segment_is_a_state_of_its_own(site):
    entries = site.entries()
    draft = entries["花开得很好！"].target
    site.edit(site.record, (f'msgstr "{draft}"', f'msgstr "{JOINED}"'))
    entry = site.entries()["花开得很好！"]
    assert entry.state is State.JOINED
    assert draft not in site.english.read_text()
    assert f'msgid "花开得很好！"\nmsgstr "{JOINED}"' in site.record.read_text()
    before = site.both()
    site.run()
    assert site.both() == before


def test_joining_sentences_in_the_english_file(site):
    entries = site.entries()
    first, second = entries[FLOWERS].target, entries["花开得很好！"].target
    site.edit(site.english, (f"{first} {second}", "We saw the flowers, and they were lovely!"))
    after = site.entries()
    assert after[FLOWERS].target == "We saw the flowers, and they were lovely!"
    assert after["花开得很好！"].state is State.JOINED
    assert after["然后我们回家。"].state is State.DRAFT


def test_a_target_taken_away_is_drafted_again(site):
    draft = site.entries()[FLOWERS].target
    site.edit(site.record, (f'msgstr "{draft}"', 'msgstr ""'))
    assert site.entries()[FLOWERS].target == draft


def test_force_redrafts_drafts_and_nothing_else(site):
    entries = site.entries()
    approve(site.post, [entries["花开得很好！"].key])
    site.edit(site.english, (entries[FLOWERS].target, "By hand."))

    class Other(Toy):
        name = "other"

        def english(self, job):
            return "Other " + super().english(job)

    after = {e.source: e for e in site.run(Other(), force=True).outcome.entries}
    assert after["花开得很好！"].target == entries["花开得很好！"].target
    assert after[FLOWERS].target == "By hand."
    assert after["然后我们回家。"].target.startswith("Other ")


HOME = "然后我们回家。"


def test_approve_clean_leaves_what_has_findings(site):
    class Forgetful(Toy):
        def english(self, job):
            return (
                "Then we go home." if job.text == HOME else super().english(job) + (" 花" if "花" in job.text else "")
            )

    site.run(Forgetful())
    report, count = approve(site.post, clean=True)
    states = {e.source: e.state for e in report.outcome.entries}
    assert states[FLOWERS] is State.DRAFT
    assert states[HOME] is State.APPROVED
    assert count == sum(state is State.APPROVED for state in states.values())


def test_approve_and_undo(site):
    site.run()
    approve(site.post, everything=True)
    assert "translation: reviewed" in site.english.read_text()
    report, _ = approve(site.post, everything=True, undo=True)
    assert {e.state for e in report.outcome.entries} == {State.DRAFT}
    assert "translation: draft" in site.english.read_text()


def test_an_approved_segment_is_reused_in_another_post(site):
    draft = site.entries()[FLOWERS].target
    site.edit(site.english, (draft, "The flowers, by hand."))
    site.run()
    other = Site.__new__(Site)
    other.root, other.post = site.root / "b", site.root / "b" / "zh.md"
    other.root.mkdir()
    other.post.write_text(f"新的文章。{FLOWERS}\n")
    report = other.run()
    entry = report.outcome.entries[1]
    assert (entry.target, entry.origin, entry.state) == ("The flowers, by hand.", "memory", State.DRAFT)
    assert report.outcome.reused == 1
    other.english.unlink()
    other.record.unlink()
    assert other.run(memory=False).outcome.entries[1].origin == "toy"


def test_publish_refuses_what_is_untranslated(site):
    site.run(open_engine("none"))
    assert {e.state for e in load(site.record.read_text()).entries} == {State.UNTRANSLATED}
    with pytest.raises(DuizhaoError, match="untranslated"):
        publish(site.post)
    publish(site.post, allow_untranslated=True)
    assert FLOWERS in site.english.read_text()


def test_the_sources_text_is_never_taken_for_an_edit(site):
    site.run(open_engine("none"))
    site.edit(site.post, (FLOWERS, "我们去别处。"))
    assert all(e.state is State.UNTRANSLATED for e in site.run(open_engine("none")).outcome.entries)
