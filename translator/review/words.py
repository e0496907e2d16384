"""Every word of the interface, in English and in Simplified Chinese: one table, and one for the checks' messages.

`{n}` in a word is filled in. The scripts are given one column of the table, and switch to the other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

WORDS: Mapping[str, tuple[str, str]] = {
    # ── The page ──
    "brand": ("Duizhao · review", "对照 · 审校"),
    "skip": ("Skip to the post", "跳到正文"),
    "language": ("中文", "English"),
    "language_label": ("界面改用中文", "Switch the interface to English"),
    "chinese": ("Chinese", "中文"),
    "english": ("English", "英文"),
    "machine_banner": ("Machine draft", "机器草稿"),
    "machine_banner_says": (
        "{n} of {total} segments are a machine’s words that nobody has approved yet.",
        "共 {total} 句，其中 {n} 句是机器译文，尚无人审校。",
    ),
    "machine_banner_engine": ("Engine: {engine}.", "引擎：{engine}。"),
    "unfinished_banner": ("Not finished", "未完成"),
    "unfinished_banner_says": (
        "{n} of {total} segments still need a person.",
        "共 {total} 句，还有 {n} 句需要人来审校。",
    ),
    "progress": ("{done} of {total} approved", "已审 {done}／{total}"),
    "percent": ("{percent} %", "{percent}%"),
    "progress_label": ("{done} of {total} segments approved", "共 {total} 句，已审 {done} 句"),
    "time": ("{spent} spent · about {left} left", "已用 {spent} · 约剩 {left}"),
    "time_pace": (
        "{spent} spent · {pace} an hour · about {left} left",
        "已用 {spent} · 每小时 {pace} 句 · 约剩 {left}",
    ),
    "time_spent": ("{spent} spent", "已用 {spent}"),
    "minutes": ("{n} min", "{n} 分钟"),
    "hours": ("{h} h {m} min", "{h} 小时 {m} 分钟"),
    "post": ("The post", "正文"),
    "nothing": ("Nothing here matches.", "没有匹配的句子。"),
    "loading": ("Loading…", "载入中…"),
    "all_posts": ("All posts", "全部文章"),
    "made": ("Made {when}.", "生成于 {when}。"),
    "one_file": ("This page is one file and asks nothing of the network.", "本页只有一个文件，不访问网络。"),
    # ── States ──
    "approved": ("approved", "已审"),
    "joined": ("joined", "并入上句"),
    "draft": ("draft", "草稿"),
    "machine_draft": ("machine draft", "机器草稿"),
    "stale": ("stale", "原文已改"),
    "conflict": ("conflict", "冲突"),
    "untranslated": ("untranslated", "未译"),
    "error": ("error", "错误"),
    "warning": ("warning", "警告"),
    "info": ("info", "提示"),
    # ── A row ──
    "segment_approved": ("Segment {n}, approved", "第 {n} 句，已审"),
    "segment_joined": ("Segment {n}, joined", "第 {n} 句，并入上句"),
    "segment_draft": ("Segment {n}, draft", "第 {n} 句，草稿"),
    "segment_machine_draft": ("Segment {n}, machine draft", "第 {n} 句，机器草稿"),
    "segment_stale": ("Segment {n}, stale", "第 {n} 句，原文已改"),
    "segment_conflict": ("Segment {n}, conflict", "第 {n} 句，冲突"),
    "segment_untranslated": ("Segment {n}, untranslated", "第 {n} 句，未译"),
    "segment": ("Segment {n}, {state}", "第 {n} 句，{state}"),
    "verbatim": ("{en}", "{zh}"),
    "by": ("by {by}", "审校：{by}"),
    "line": ("line {n}", "第 {n} 行"),
    "sure": ("{n} % sure", "把握 {n}%"),
    "from_person": ("a person’s words", "人工译文"),
    "from_memory": ("from the memory", "来自翻译记忆"),
    "drafted_by": ("drafted by {engine}", "初稿来自 {engine}"),
    "said_above": ("⤴ said in the segment above", "⤴ 已并入上句"),
    "not_translated": ("not translated yet", "尚未翻译"),
    "in_record": ("in the record · .po", "记录中 · .po"),
    "in_english": ("in {file}", "{file} 中"),
    "empty": ("(empty)", "（空）"),
    "how_changed": ("how the source changed", "原文改动"),
    "the_note": ("note", "备注"),
    "same": ("the same on both sides", "两边相同"),
    "table_head": ("table head", "表头"),
    "code": ("code", "代码"),
    "formula": ("formula", "公式"),
    "rule": ("rule", "分隔线"),
    "front_matter": ("front matter", "文首信息"),
    "kept": ("kept", "原样保留"),
    "show_more": ("show {n} more lines", "再显示 {n} 行"),
    "fold": ("fold", "收起"),
    "image": ("image", "图片"),
    "broken_term": ("Not rendered as the glossary says.", "没有按术语表翻译。"),
    "actions": ("Actions", "操作"),
    # ── What can be done with a row ──
    "accept": ("Accept", "接受"),
    "edit": ("Edit", "修改"),
    "reject": ("Reject", "退回"),
    "join": ("Join", "并入上句"),
    "split": ("Split", "拆开"),
    "note": ("Note", "备注"),
    "repeat": ("Repeat", "用于相同句"),
    "redraft": ("Redraft", "重译"),
    "term": ("Term", "设为术语"),
    "fix": ("Fix", "改正"),
    "take_record": ("Take this", "用这一句"),
    "take_english": ("Take this", "用这一句"),
    "accept_title": ("Accept and go to the next that needs a person (a)", "接受，并转到下一处待审（a）"),
    "edit_title": ("Edit (e or Enter)", "修改（e 或 Enter）"),
    "reject_title": (
        "Take the approval back; a draft is thrown away (r)",
        "撤回已审；草稿则清空（r）",
    ),
    "join_title": ("Join with the segment above (m)", "并入上句（m）"),
    "split_title": ("Split from the segment above again (s)", "与上句拆开（s）"),
    "note_title": ("Write a note (o)", "写备注（o）"),
    "repeat_title": ("Use this text for every identical segment (i)", "用于所有相同的句子（i）"),
    "redraft_title": ("Translate again with another engine (d)", "换引擎重译（d）"),
    "term_title": ("Make a term of the selection (t)", "把选中的文字设为术语（t）"),
    "fix_title": ("Change the English to: {text} (x)", "英文改为：{text}（x）"),
    "take_record_title": ("Take the record’s text (1)", "采用记录中的译文（1）"),
    "take_english_title": ("Take the English file’s text (2)", "采用英文文件中的译文（2）"),
    # ── What can be done with a post ──
    "undo": ("Undo", "撤销"),
    "redo": ("Redo", "重做"),
    "undo_title": ("Undo (u or Ctrl+Z)", "撤销（u 或 Ctrl+Z）"),
    "redo_title": ("Redo (Shift+U or Ctrl+Y)", "重做（Shift+U 或 Ctrl+Y）"),
    "next": ("Next", "下一处"),
    "previous": ("Previous", "上一处"),
    "next_title": ("Next that needs a person (n)", "下一处待审（n）"),
    "previous_title": ("Previous that needs a person (p)", "上一处待审（p）"),
    "clean": ("Accept clean", "接受全部无误"),
    "clean_title": ("Accept every draft without findings (Shift+A)", "接受所有没有问题的草稿（Shift+A）"),
    "replace": ("Replace", "替换"),
    "replace_title": ("Search and replace (h)", "查找与替换（h）"),
    "preview": ("Preview", "预览"),
    "preview_title": ("Show the English as a page beside it (v)", "在旁边预览英文页面（v）"),
    "preview_label": ("The English, as a page", "英文页面预览"),
    "publish": ("Publish", "发布"),
    "publish_title": ("Write the English file (Shift+P)", "写出英文文件（Shift+P）"),
    "help": ("Help", "帮助"),
    "help_title": ("Keys and what they do (?)", "快捷键说明（?）"),
    "close": ("Close", "关闭"),
    "close_preview": ("Close the preview", "关闭预览"),
    "download": ("Download", "下载"),
    "download_title": ("Save this page with your changes as a file", "把本页连同改动存为文件"),
    "changes": ("Changes only", "仅改动"),
    "changes_title": ("Save your changes alone, as a small file", "只把改动存为一个小文件"),
    "your_name": ("Your name", "你的名字"),
    "your_name_title": ("Signs what you approve", "用于署名你审过的句子"),
    "static_how": (
        "You can edit and approve here; this browser keeps it. When you are done, download the page and send it back.",
        "可以直接在这里修改和审校，浏览器会保留你的改动。完成后请下载本页并发回。",
    ),
    "more": ("More", "更多"),
    # ── Filters and search ──
    "show": ("Show", "筛选"),
    "all": ("all", "全部"),
    "needs": ("needs a person", "待审"),
    "findings": ("with findings", "有问题"),
    "with_note": ("with a note", "有备注"),
    "filter_finding": ("Finding", "问题"),
    "filter_term": ("Term", "术语"),
    "any_finding": ("any finding", "任何问题"),
    "any_term": ("any term", "任何术语"),
    "search": ("search", "搜索"),
    "search_label": ("Search both languages", "在两种语言中搜索"),
    "shown": ("{n} shown", "显示 {n} 句"),
    "clear": ("Clear", "清除"),
    # ── Checks ──
    "check_chinese": ("chinese", "残留中文"),
    "check_implied": ("implied", "省略"),
    "check_links": ("links", "链接与代码"),
    "check_names": ("names", "人名与专名"),
    "check_numbers": ("numbers", "数字"),
    "check_punctuation": ("punctuation", "标点"),
    "check_terms": ("terms", "术语"),
    "check_untranslated": ("untranslated", "未译"),
    "check_markup": ("markup", "标记"),
    "check_engine": ("engine", "引擎"),
    # ── The side of a row ──
    "matches": ("From the memory", "翻译记忆"),
    "no_matches": ("The memory has nothing close.", "翻译记忆里没有相近的句子。"),
    "match_title": ("{percent} % alike · {path}", "相似度 {percent}% · {path}"),
    "use_match": ("Use", "采用"),
    "selection": ("Selection", "选中内容"),
    # ── The editor ──
    "editor": ("English of segment {n}", "第 {n} 句的英文"),
    "editor_keys": (
        "Enter approves · Shift+Enter keeps a draft · Esc leaves",
        "Enter 接受 · Shift+Enter 存为草稿 · Esc 放弃",
    ),
    "editor_save": ("Save and approve", "保存并接受"),
    "editor_draft": ("Save as a draft", "存为草稿"),
    "editor_cancel": ("Leave", "放弃"),
    "editor_raw": ("As Markdown", "显示 Markdown"),
    "editor_chips": ("As chips", "显示标记块"),
    "editor_lost": ("Marks that are missing: {n}", "缺少的标记：{n}"),
    "editor_broken": (
        "These marks are not those of the source. Save all the same?",
        "标记与原文不一致，仍要保存吗？",
    ),
    "editor_put_back": ("Put back", "放回"),
    "editor_left": ("Changes to segment {n} were left. Undo brings them back.", "第 {n} 句的修改已放弃，可撤销找回。"),
    "editor_kept": ("What you wrote here before was not saved:", "上次在此写的内容尚未保存："),
    "editor_kept_take": ("Take it", "取回"),
    "editor_kept_forget": ("Forget it", "丢弃"),
    "editor_stays": (
        "A mark stays when words are deleted; Alt+Delete takes it out.",
        "删除文字时标记保留；Alt+Delete 可去掉标记。",
    ),
    "editor_no_chip": ("There is no mark beside the caret.", "光标旁没有标记。"),
    "editor_crosses": ("There it would cross another mark.", "放在那里会与别的标记交叉。"),
    "editor_taken_out": ("{kind} taken out; Ctrl+Z brings it back", "已去掉{kind}，Ctrl+Z 可恢复"),
    "editor_put_in": ("Put in: {what}", "放入：{what}"),
    "chip_opens": ("{kind} begins", "{kind}开始"),
    "chip_closes": ("{kind} ends", "{kind}结束"),
    "chip_atom": ("{kind}: {text}", "{kind}：{text}"),
    "chip_moved": ("{kind} moved", "已移动{kind}"),
    "kind_strong": ("bold", "粗体"),
    "kind_em": ("italics", "斜体"),
    "kind_strike": ("struck out", "删除线"),
    "kind_link": ("link", "链接"),
    "kind_image": ("image", "图片"),
    "kind_autolink": ("address", "网址"),
    "kind_code": ("code", "代码"),
    "kind_math": ("math", "公式"),
    "kind_html": ("HTML", "HTML"),
    "kind_tag": ("tag", "标签"),
    "kind_role": ("role", "角色"),
    "kind_footnote": ("footnote", "脚注"),
    "kind_attributes": ("attributes", "属性"),
    "kind_break": ("line break", "换行"),
    "kind_escape": ("escape", "转义"),
    "kind_entity": ("entity", "字符实体"),
    # ── Dialogs ──
    "ok": ("OK", "确定"),
    "cancel": ("Cancel", "取消"),
    "apply": ("Apply", "应用"),
    "apply_n": ("Apply to {n}", "应用到 {n} 句"),
    "yes": ("Yes", "是"),
    "no": ("No", "否"),
    "term_dialog": ("A new term", "新术语"),
    "term_chinese": ("Chinese", "中文"),
    "term_english": ("English", "英文"),
    "term_aliases": ("Other Chinese ways to say it", "中文别称"),
    "term_aliases_hint": ("with commas between", "用逗号分隔"),
    "term_kind": ("Kind", "类别"),
    "term_note": ("Note", "备注"),
    "term_look": ("See what it changes", "看看会改动哪些"),
    "term_adds": ("It goes into {path}.", "将写入 {path}。"),
    "term_changes": ("Segments whose English changes: {n}", "英文将改动的句子：{n}"),
    "term_left": ("Segments you must look at yourself: {n}", "需要自己处理的句子：{n}"),
    "term_no_changes": ("No segment changes.", "没有句子会改动。"),
    "term_add": ("Add the term", "添加术语"),
    "term_added": (
        "{term} → {translation} is in the glossary; segments changed: {n}",
        "已添加术语 {term} → {translation}，改动 {n} 句",
    ),
    "replace_dialog": ("Search and replace in the English", "在英文中查找与替换"),
    "replace_find": ("Find", "查找"),
    "replace_with": ("Replace with", "替换为"),
    "replace_case": ("Match capitals", "区分大小写"),
    "replace_word": ("Whole words", "全词匹配"),
    "replace_look": ("Show what changes", "预览改动"),
    "replace_none": ("Nothing is found.", "没有找到。"),
    "replace_found": ("Segments that change: {n}", "将改动的句子：{n}"),
    "replace_done": ("Segments changed: {n}", "已改动 {n} 句"),
    "publish_dialog": ("Publish", "发布"),
    "publish_counts": (
        "{approved} of {total} segments are approved.",
        "共 {total} 句，已审 {approved} 句。",
    ),
    "publish_drafts": ("Drafts that nobody approved go out: {n}", "将发布的未审草稿：{n} 句"),
    "publish_stale": ("Segments whose source changed: {n}", "原文已改的句子：{n}"),
    "publish_untranslated": ("Segments without English, which keep their Chinese: {n}", "未译、将保留中文的句子：{n}"),
    "publish_conflicts": ("Conflicts to be decided first: {n}", "须先解决的冲突：{n}"),
    "publish_all": ("Every segment is approved.", "每一句都已审。"),
    "publish_ask": ("Write {file} all the same?", "仍要写出 {file} 吗？"),
    "publish_allow": ("Let untranslated segments stay Chinese", "允许未译的句子保留中文"),
    "publish_write": ("Write {file}", "写出 {file}"),
    "publish_done": ("{file} is written.", "已写出 {file}。"),
    "note_dialog": ("Note on segment {n}", "第 {n} 句的备注"),
    "note_save": ("Keep the note", "保存备注"),
    "engines_dialog": ("Translate again with", "重译所用引擎"),
    "engine_not_ready": ("not set up", "尚未配置"),
    "engine_ready": ("ready", "可用"),
    "engine_is_running": ("{engine} is translating…", "{engine} 正在翻译…"),
    "confirm_clean": (
        "Accept every draft without findings: {n}?",
        "接受 {n} 句没有问题的草稿？",
    ),
    "confirm_repeat": ("Use this text for identical segments: {n}?", "用于 {n} 句相同的句子？"),
    "help_dialog": ("Keys", "快捷键"),
    "help_moving": ("Moving", "移动"),
    "help_deciding": ("Deciding", "审校"),
    "help_whole": ("The whole post", "整篇"),
    "help_editor": ("While editing", "修改时"),
    # ── Help, a line for each key ──
    "key_down": ("next segment", "下一句"),
    "key_up": ("segment before", "上一句"),
    "key_next": ("next that needs a person", "下一处待审"),
    "key_previous": ("previous that needs a person", "上一处待审"),
    "key_accept": ("accept, and go to the next that needs a person", "接受，并转到下一处待审"),
    "key_edit": ("edit", "修改"),
    "key_reject": ("reject: approved becomes draft, a draft is thrown away", "退回：已审变草稿，草稿清空"),
    "key_join": ("join with the segment above", "并入上句"),
    "key_split": ("split again", "拆开"),
    "key_undo": ("undo", "撤销"),
    "key_redo": ("redo", "重做"),
    "key_fix": ("fix the first finding that can be fixed", "改正第一个可改正的问题"),
    "key_repeat": ("repeat to identical segments", "用于相同的句子"),
    "key_redraft": ("translate again with another engine", "换引擎重译"),
    "key_term": ("make a term of the selection", "把选中的文字设为术语"),
    "key_note": ("note", "备注"),
    "key_record": ("in a conflict: take the record’s text", "冲突时采用记录中的译文"),
    "key_english": ("in a conflict: take the English file’s text", "冲突时采用英文文件中的译文"),
    "key_clean": ("accept everything clean", "接受全部无误的草稿"),
    "key_search": ("search", "搜索"),
    "key_replace": ("search and replace", "查找与替换"),
    "key_filters": ("filters", "筛选"),
    "key_preview": ("preview", "预览"),
    "key_publish": ("publish", "发布"),
    "key_help": ("this help", "本说明"),
    "key_save": ("save and approve", "保存并接受"),
    "key_save_next": ("save, approve and go on", "保存、接受并转到下一处"),
    "key_draft": ("save as a draft", "存为草稿"),
    "key_leave": ("leave without keeping", "放弃修改"),
    "key_chip": ("move the chip beside the caret", "移动光标旁的标记块"),
    "key_raw": ("Markdown as text, or chips", "在 Markdown 文本与标记块之间切换"),
    # ── What the page tells ──
    "saved": ("All saved", "已全部保存"),
    "saving": ("Saving…", "保存中…"),
    "unsaved": ("Not yet saved: {n}", "尚未保存：{n}"),
    "unsaved_offline": (
        "Not yet saved: {n}. The connection is lost; they are kept here and sent when it is back.",
        "尚未保存：{n}。连接已断开，改动留在本页，恢复后自动发送。",
    ),
    "unsaved_full": (
        "Not yet saved: {n}. The disk is full; free some space, they are kept here and sent again.",
        "尚未保存：{n}。磁盘已满，请腾出空间；改动留在本页，会再次发送。",
    ),
    "unsaved_server": (
        "Not yet saved: {n}. The server cannot be reached; start `duizhao review` again.",
        "尚未保存：{n}。连不上服务，请重新运行 `duizhao review`。",
    ),
    "unsaved_login": (
        "Not yet saved: {n}. Open the address that `duizhao review` printed once more.",
        "尚未保存：{n}。请重新打开 `duizhao review` 给出的地址。",
    ),
    "unsaved_here": ("Changes in this page only: {n}. Download them.", "只在本页的改动：{n}。请下载保存。"),
    "unkept_here": (
        "This browser keeps nothing for this page. Changes that are only here: {n}. Download them before you close it.",
        "浏览器不为本页保存任何内容。只在本页的改动：{n}。关闭前请先下载。",
    ),
    "elsewhere_here": (
        "This page is open in another window too: what is changed there is taken over here.",
        "本页还在另一个窗口中打开：那里的改动已同步过来。",
    ),
    "leave_page": ("Some changes are not yet saved.", "还有改动尚未保存。"),
    "told_accepted": ("Segment {n} accepted", "已接受第 {n} 句"),
    "told_rejected": ("Segment {n} rejected", "已退回第 {n} 句"),
    "told_edited": ("Segment {n} changed", "已修改第 {n} 句"),
    "told_joined": ("Segment {n} joined with the one above", "第 {n} 句已并入上句"),
    "told_split": ("Segment {n} split", "第 {n} 句已拆开"),
    "told_fixed": ("Segment {n} fixed", "已改正第 {n} 句"),
    "told_undone": ("Undone", "已撤销"),
    "told_redone": ("Redone", "已重做"),
    "told_many": ("Segments changed: {n}", "已改动 {n} 句"),
    "told_conflict": (
        "Segment {n} was changed elsewhere too: both texts are shown.",
        "第 {n} 句在别处也改过：两种译文都已列出。",
    ),
    "told_stale": ("The source of segment {n} changed meanwhile.", "第 {n} 句的原文刚刚改过。"),
    "told_refused": ("Segment {n} was not changed: {why}", "第 {n} 句没有改动：{why}"),
    "told_elsewhere": ("Changed elsewhere: {n}", "别处改动：{n} 句"),
    "told_nothing_undo": ("Nothing to undo", "没有可撤销的操作"),
    "told_nothing_redo": ("Nothing to redo", "没有可重做的操作"),
    "told_nothing_needs": ("No segment needs a person any more.", "没有待审的句子了。"),
    "told_nothing_fix": ("No finding here can be fixed with a key.", "这里没有可一键改正的问题。"),
    "told_nothing_accept": ("There is nothing to accept yet: it is not translated.", "还没有译文，无法接受。"),
    "told_nothing_above": ("There is no segment above to join with.", "上面没有可并入的句子。"),
    "told_not_joined": ("This segment is not joined.", "这一句没有并入别句。"),
    "told_decide_conflict": (
        "Decide first: 1 takes the record’s text, 2 the English file’s.",
        "请先选择：1 用记录中的，2 用英文文件中的。",
    ),
    "told_select": ("Select a word first, on either side.", "请先在任一边选中文字。"),
    "told_reload": ("The post itself changed: the page is read again.", "原文有变，正在重新载入。"),
    "told_error": ("That did not work: {why}", "没有成功：{why}"),
    "told_last": ("This is the last one", "已是最后一句"),
    "told_first": ("This is the first one", "已是第一句"),
    "told_from_top": ("On from the top", "已到末尾，从头继续"),
    "told_from_end": ("On from the end", "已到开头，从末尾继续"),
    "told_meanwhile": (
        "Segment {n} was just changed elsewhere. When you save, both texts are kept.",
        "第 {n} 句刚在别处改过；保存时两种译文都会留下。",
    ),
    "told_nothing_clean": ("No draft is without findings.", "没有无问题的草稿。"),
    "told_nothing_alike": ("No other segment has the same Chinese and waits.", "没有待审的相同句子。"),
    "told_left_alone": ("Changed since, and left as they are: {n}", "之后又有改动、保持不变：{n} 句"),
    "told_adopted": ("Not saved when the page was last closed, sent now: {n}", "上次关闭时未保存、现已发送：{n}"),
    "place": ("segment {n}, “{text}”", "第 {n} 句“{text}”"),
    "no_answer": ("no answer within {n} seconds", "{n} 秒内没有回应"),
    "no_server": ("the server cannot be reached", "连不上服务"),
    "server_gone": (
        "The server cannot be reached. What you decide is kept here; start `duizhao review` again.",
        "连不上服务。你的决定会保存在本页；请重新运行 `duizhao review`。",
    ),
    "server_login": (
        "This page is no longer let in. What you decide is kept here; open the address that `duizhao review` printed.",
        "本页已无权访问。你的决定会保存在本页；请打开 `duizhao review` 最后给出的地址。",
    ),
    "unsaved_error": ("Not yet saved: {n}. It is tried again: {why}", "尚未保存：{n}，会再次尝试：{why}"),
    "unsaved_refused": (
        "Not saved: {n}. Each stands beside its segment: use it or discard it.",
        "未能保存：{n}。内容列在各句旁边，请采用或丢弃。",
    ),
    "unsaved_unkept": (
        "Not yet saved: {n}. This browser keeps no copy; leave the page open.",
        "尚未保存：{n}。浏览器无法留存副本，请不要关闭本页。",
    ),
    "unsaved_first": ("what you decided before is not saved yet", "之前的决定尚未保存"),
    "not_saved": ("not saved", "未保存"),
    "not_saved_gone": ("Not saved, and no longer in the post", "未保存，且已不在文章中"),
    "refused_unanswered": ("the server did not say what became of it", "服务未说明结果"),
    "use_mine": ("Use mine", "用我的"),
    "discard": ("Discard", "丢弃"),
    "told_server_only": ("Only in `duizhao review`.", "仅在 `duizhao review` 中可用。"),
    # ── Start and login ──
    "start_title": ("Posts to review", "待审文章"),
    "start_counts": ("{done} of {total} approved", "已审 {done}／{total}"),
    "start_open": ("Review", "审校"),
    "start_done": ("finished", "已完成"),
    "start_empty": ("There are no posts.", "没有文章。"),
    "login_title": ("Password", "密码"),
    "login_says": (
        "This review is shared over a network. Its password was set when it was started.",
        "此审校页面经网络共享，密码在启动时设定。",
    ),
    "login_password": ("Password", "密码"),
    "login_enter": ("Enter", "进入"),
    "login_wrong": ("That is not the password.", "密码不对。"),
    "login_wait": ("Too many tries. Wait a while, then try again.", "尝试次数过多，请稍后再试。"),
    # ── Terms ──
    "terms_title": ("Terms in this post", "本文术语"),
    "mentions": ("mentions: {n}", "出现 {n} 次"),
    "not_obeyed": ("✕ {n} not obeyed", "✕ {n} 处未遵从"),
}


def word(name: str, language: Language = "en", **values: object) -> str:
    """Give a word of the interface, filled; an unknown name or a value that is wanting raises `KeyError`."""
    return WORDS[name][LANGUAGES.index(language)].format_map(values)


def column(language: Language) -> dict[str, str]:
    """Give all words of a language by name, for the scripts."""
    return {name: both[LANGUAGES.index(language)] for name, both in WORDS.items()}


def language_of(accepted: str) -> Language:
    """Choose by a browser's `Accept-Language`: Chinese where it stands before English."""
    wanted = [(_weight(one), one.split(";")[0].strip().lower()[:2]) for one in accepted[:500].split(",")]
    for _, name in sorted(wanted, key=lambda one: -one[0]):
        if name in LANGUAGES:
            return "zh" if name == "zh" else "en"
    return "en"


def _weight(one: str) -> float:
    found = re.search(r";\s*q=([01](?:\.\d{1,3})?)\s*$", one)
    return float(found[1]) if found else 1.0


# ── The checks' messages ──────────────────────────────────────────────────────────────────────────────────────────────

KINDS = "link|image|autolink|code|math|tag|role|footnote"
MESSAGES: tuple[tuple[str, str, str], ...] = (
    ("chinese", r"Chinese is left: (?P<a>.*)", "还有中文：{a}"),
    ("implied", r"(?P<a>.*) is not named again, only meant", "{a}未再写出，只是隐含"),
    ("links", rf"(?P<kind>{KINDS}) (?P<a>.*) is missing (?P<n>\d+) times", "缺少{kind} {a}，共 {n} 处"),
    ("links", rf"(?P<kind>{KINDS}) (?P<a>.*) is missing", "缺少{kind} {a}"),
    ("links", rf"(?P<kind>{KINDS}) (?P<a>.*) is not in the source", "原文没有{kind} {a}"),
    ("names", r"(?P<a>.*) is in no glossary; is “(?P<b>.*)” right\?", "术语表里没有{a}，写成“{b}”对吗？"),
    ("names", r"(?P<a>.*) is missing", "缺少 {a}"),
    ("numbers", r"(?P<a>.*) is missing: “(?P<b>.*)”", "缺少{a}：“{b}”"),
    ("numbers", r"(?P<a>.*) is not in the source", "原文没有 {a}"),
    ("punctuation", r"Chinese punctuation is left: (?P<a>.*)", "还有中文标点：{a}"),
    ("terms", r"“(?P<a>.*)” stands for (?P<b>.*); say “(?P<c>.*)”", "“{a}”指{b}，应写作“{c}”"),
    ("terms", r"(?P<a>.*) must be “(?P<b>.*)”", "{a}应译为“{b}”"),
    ("untranslated", r"nothing is said in English yet", "还没有英文"),
    ("untranslated", r"the source itself stands here", "这里还是原文"),
    ("engine", r"(?P<a>.*?) gave no usable answer: (?P<b>.*)", "{a} 没有给出可用的译文：{b}"),
    (
        "markup",
        r"this text would change the post's Markdown; the English file keeps the source here",
        "这样会改变文章的 Markdown 结构；英文文件此处保留原文",
    ),
    (
        "markup",
        r"markup came back broken; what was lost stands at the end: (?P<a>.*)",
        "标记有损坏，丢失的已放在句末：{a}",
    ),
    ("markup", r"markup came back broken: (?P<a>.*)", "标记有损坏：{a}"),
)
_MESSAGES = tuple((check, re.compile(pattern, re.DOTALL), chinese) for check, pattern, chinese in MESSAGES)


def message(check: str, text: str, language: Language = "en") -> str:
    """Give a finding's message in a language; one that no pattern knows stays as it is."""
    if language == "en":
        return text
    for name, pattern, chinese in _MESSAGES:
        if name == check and (found := pattern.fullmatch(text)):
            return chinese.format_map({key: _kind(key, value) for key, value in found.groupdict().items()})
    return text


def _kind(key: str, value: str) -> str:
    return word(f"kind_{value}", "zh") if key == "kind" else value
