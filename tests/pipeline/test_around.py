"""What stands around a block, for engines that read context."""

from translator.pipeline.around import ABOUT, BESIDE, OWN, arounds
from translator.pipeline.work import open_post

POST = """---
title: 春天的花园
tags: [花园]
---

# 第一章

我们去花园看花。

```python
# 注释
```

## 第一节

花开了。

## 第二节

- 一项
- 又一项
"""


def around(text, words):
    post = open_post(text)
    where = arounds(post)
    return next(where[one.block] for one in post.segments if words in one.source)


def test_neighbours_headings_and_what_the_post_is():
    found = around(POST, "花开了")
    assert (found.block, found.before, found.after) == ("花开了。", "第一节", "第二节")
    assert found.headings == ("第一章", "第一节")
    assert found.about == "title: 春天的花园\nheadings: 第一章 · 第一节 · 第二节"
    assert around(POST, "第一节").before == "我们去花园看花。"
    assert around(POST, "又一项").after == ""
    assert around(POST, "又一项").headings == ("第一章", "第二节")


def test_a_summary_says_more_than_headings():
    text = POST.replace("tags:", "description: 一次旅行。\ntags:")
    assert around(text, "花开了").about == "title: 春天的花园\ndescription: 一次旅行。"


def test_blocks_are_told_apart_and_posts_too():
    first, second = around(POST, "一项"), around(POST, "又一项")
    assert first.post == second.post
    assert first.number != second.number
    assert around(POST + "\n完。\n", "一项").post != first.post


def test_nothing_is_longer_than_it_may_be():
    text = f"---\ntitle: {'题' * 900}\n---\n\n{'前' * 900}\n\n{'中' * 900}。\n\n{'后' * 900}\n"
    found = around(text, "中")
    assert (len(found.block), len(found.before), len(found.after), len(found.about)) == (OWN, BESIDE, BESIDE, ABOUT)


def test_a_post_without_anything():
    assert around("你好。", "你好").headings == ()
    assert around("你好。", "你好").about == ""
