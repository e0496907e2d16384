"use strict";

// The dialogs: each a <dialog> made when it is asked for and gone when it is closed. The browser keeps the focus inside
// and closes on Escape; what a dialog would change it shows first, and changes go through the store, so that they can be
// undone like any other.

(() => {
  const D = (window.duizhao ??= {});
  const say = (name, values) => D.words.get(name, values);
  const PAUSE = 250; // Milliseconds after the last key until the server is asked.
  const SHOWN = 200; // Changes listed at most.
  const LONGEST = 60; // Of a guess at what a selection is called on the other side.

  // ── Making ──

  // Make an element: attributes by name, `text` its text, children after.
  function make(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "text") made.textContent = value;
      else if (key in made && typeof value !== "string") made[key] = value;
      else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  }

  let count = 0;

  // Open a dialog of a name; it is taken away when it is closed, and the focus goes back to where it was.
  function open(name, values, ...children) {
    const id = `dialog-${(count += 1)}`;
    const before = document.activeElement;
    const form = make("form", { method: "dialog" }, make("h2", { id, text: say(`${name}_dialog`, values) }), ...children);
    const box = make("dialog", { class: name, "aria-labelledby": id }, form);
    box.addEventListener("keydown", (event) => event.stopPropagation());
    box.addEventListener("close", () => {
      box.remove();
      if (before?.isConnected) before.focus({ preventScroll: true });
    });
    document.body.append(box);
    box.showModal();
    return { box, form };
  }

  function field(word, input, hint) {
    const label = make("label", {}, make("span", { text: say(word) }), input);
    if (hint) label.append(make("span", { class: "hint", text: say(hint) }));
    return label;
  }

  function tick(word, values = {}) {
    const input = make("input", { type: "checkbox" });
    return { input, label: make("label", {}, input, make("span", { text: say(word, values) })) };
  }

  const text = (attributes = {}) => make("input", { type: "text", autocomplete: "off", ...attributes });
  const status = () => make("p", { class: "says", role: "status" });

  function buttons(main, ...others) {
    const cancel = make("button", { type: "button", text: say("cancel") });
    cancel.addEventListener("click", () => cancel.closest("dialog").close());
    return make("div", { class: "buttons" }, ...others, cancel, main);
  }

  const submit = (word, values) => make("button", { type: "submit", class: "main", text: say(word, values) });

  // Do what a form is for instead of closing at once; an error is said in the dialog, which stays open.
  function onSubmit({ box, form }, says, act) {
    let busy = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      try {
        if ((await act()) !== false) box.close();
      } catch (error) {
        refuse(says, error.message);
      } finally {
        busy = false;
      }
    });
  }

  function refuse(says, why) {
    says.textContent = why;
    says.classList.add("refusal");
  }

  function tell(says, what) {
    says.textContent = what;
    says.classList.remove("refusal");
  }

  // Ask again a moment after the last key, and take only the answer to what was asked last.
  function asking(ask, take, fail) {
    let timer = 0;
    let asked = 0;
    const now = async () => {
      const mine = (asked += 1);
      try {
        const answer = await ask();
        if (mine === asked) take(answer);
      } catch (error) {
        if (mine === asked) fail(error);
      }
    };
    return () => {
      asked += 1;
      clearTimeout(timer);
      timer = setTimeout(now, PAUSE);
    };
  }

  // ── Differences ──

  const TOKEN = /[\p{L}\p{N}\p{M}]+|\s+|[^\s\p{L}\p{N}\p{M}]/gu;
  const MOST_CELLS = 250_000;

  // Give two texts as one: [["same" | "del" | "ins", text], …].
  function difference(before, after) {
    const a = before.match(TOKEN) ?? [];
    const b = after.match(TOKEN) ?? [];
    let start = 0;
    while (start < a.length && a[start] === b[start]) start += 1;
    let end = 0;
    while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
    const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end));
    return merged([["same", a.slice(0, start).join("")], ...middle, ["same", a.slice(a.length - end).join("")]]);
  }

  function between(a, b) {
    if (a.length * b.length > MOST_CELLS) return [["del", a.join("")], ["ins", b.join("")]];
    const best = longest(a, b);
    const parts = [];
    for (let i = 0, j = 0; i < a.length || j < b.length; ) {
      if (i < a.length && j < b.length && a[i] === b[j]) {
        parts.push(["same", a[i]]);
        i += 1;
        j += 1;
      } else if (j === b.length || (i < a.length && best[i + 1][j] >= best[i][j + 1])) parts.push(["del", a[i++]]);
      else parts.push(["ins", b[j++]]);
    }
    return parts;
  }

  // Give how much the ends of two lists have in common, from every place on.
  function longest(a, b) {
    const best = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; i -= 1) {
      for (let j = b.length - 1; j >= 0; j -= 1) {
        best[i][j] = a[i] === b[j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
      }
    }
    return best;
  }

  function merged(parts) {
    const found = [];
    for (const [kind, words] of parts) {
      if (!words) continue;
      if (found.at(-1)?.[0] === kind) found.at(-1)[1] += words;
      else found.push([kind, words]);
    }
    return found;
  }

  function shownDifference(before, after) {
    const parts = difference(before, after).map(([kind, words]) => (kind === "same" ? words : make(kind, { text: words })));
    return make("p", { lang: "en" }, ...parts);
  }

  // ── Lists of changes ──

  const number = (key) => (D.store.row(key)?.i ?? -1) + 1;
  const cut = (words, most) => (words.length > most ? `${words.slice(0, most - 1)}…` : words);

  function listed(change, input) {
    const head = make("span", { class: "label", text: say("dialog_segment", { n: number(change.key) }) });
    const label = input ? make("label", {}, input, head) : head;
    const source = make("p", { class: "hint", lang: "zh-Hans", text: cut(change.source, 160) });
    return make("li", {}, label, source, shownDifference(change.before.target ?? "", change.after.target ?? ""));
  }

  function more(n) {
    return n > SHOWN ? [make("li", { class: "hint", text: say("dialog_more", { n: n - SHOWN }) })] : [];
  }

  // ── A new term ──

  // Make a term of what is selected on either side; what else it would change is shown as one types.
  function term(row, selection) {
    const [zh, en] = [text({ lang: "zh-Hans", required: true }), text({ lang: "en", required: true, spellcheck: "true" })];
    const fields = { zh, en, aliases: text({ lang: "zh-Hans" }), kind: text({ list: "term-kinds" }), note: text() };
    const kinds = make("datalist", { id: "term-kinds" }, ...["person", "project", "organisation", "place"].map((value) => make("option", { value })));
    const says = status();
    const list = make("ul", { tabindex: "0", "aria-label": say("term_look") });
    list.hidden = true;
    const main = submit("term_add");
    const opened = open(
      "term", {},
      field("term_chinese", zh), field("term_english", en), field("term_aliases", fields.aliases, "term_aliases_hint"),
      field("term_kind", fields.kind), kinds, field("term_note", fields.note), says, list, buttons(main),
    );
    const look = consequences(fields, { says, list, main });
    opened.form.addEventListener("input", look);
    onSubmit(opened, says, () => addTerm(fields, says));
    prefill(row, selection, fields, look);
    (selection?.side === "zh" ? en : zh).focus();
  }

  const termOf = ({ zh, en, aliases, kind, note }) => ({
    term: zh.value.trim(),
    translation: en.value.trim(),
    aliases: aliases.value.split(/[,，、;；]/).map((one) => one.trim()).filter(Boolean),
    kind: kind.value.trim(),
    note: note.value.trim(),
  });

  // Give what asks for the consequences of the term as it is typed.
  function consequences(fields, { says, list, main }) {
    const isWhole = () => termOf(fields).term && termOf(fields).translation;
    const clear = (what = "") => {
      tell(says, what);
      list.hidden = true;
      main.textContent = say("term_add");
    };
    const take = (answer) => {
      if (!answer) return clear();
      main.disabled = Boolean(answer.refusal);
      if (answer.refusal) {
        clear();
        return refuse(says, answer.refusal);
      }
      return showConsequences(answer, { says, list, main });
    };
    const ask = async () => (isWhole() ? D.api("term", { term: termOf(fields), apply: false }) : null);
    return asking(ask, take, (error) => {
      clear();
      refuse(says, error.message);
    });
  }

  function showConsequences({ changes, left }, { says, list, main }) {
    const parts = [changes.length ? say("term_changes", { n: changes.length }) : say("term_no_changes")];
    if (left.length) parts.push(say("term_left", { n: left.length }));
    tell(says, parts.join(" · "));
    main.textContent = changes.length ? say("term_add_n", { n: changes.length }) : say("term_add");
    list.hidden = !changes.length && !left.length;
    list.replaceChildren(
      ...changes.slice(0, SHOWN).map((change) => listed(change)), ...more(changes.length),
      ...left.slice(0, SHOWN).map(remaining), ...more(left.length),
    );
  }

  // Show a segment that cannot be put right surely, and why.
  function remaining({ key, why }) {
    const head = make("span", { class: "label", text: say("dialog_segment", { n: number(key) }) });
    const row = D.store.row(key);
    const target = make("p", { lang: "en", text: cut(row?.stand.target ?? "", 300) });
    return make("li", { class: "left" }, head, target, make("p", { class: "bad", text: why }));
  }

  async function addTerm(fields, says) {
    const wanted = termOf(fields);
    if (!wanted.term || !wanted.translation) return false;
    const answer = await D.store.act("term", { term: wanted, apply: true });
    if (answer.refusal) {
      refuse(says, answer.refusal);
      return false;
    }
    D.rows?.say(say("term_added", { ...wanted, n: answer.changes.length }), true);
    return true;
  }

  function prefill(row, selection, { zh, en }, look) {
    const words = selection?.text ?? "";
    const [own, other] = selection?.side === "en" ? [en, zh] : [zh, en];
    own.value = words;
    const known = D.store.model.terms?.find((one) => one.term === words);
    const take = (found) => {
      if (!found || other.value || !other.isConnected) return;
      other.value = found;
      other.select();
      look();
    };
    if (known && own === zh) take(known.translation);
    else if (row && words) guess(row, selection).then(take, () => {}); // Without links there is only no guess.
  }

  // Guess by the word links what a selection is called on the other side; "" where none say.
  async function guess(row, { side, text: words }) {
    const [here, there] = side === "zh" ? [row.source, row.stand.target] : [row.stand.target, row.source];
    const start = here.indexOf(words);
    if (start < 0 || !there) return "";
    const { links = [] } = await D.api(`segment/${encodeURIComponent(row.key)}`);
    const turned = side === "zh" ? links : links.map(([a, b, c, d, score]) => [c, d, a, b, score]);
    const near = turned.filter(([from, to]) => from < start + words.length && to > start);
    if (!near.length) return "";
    const found = there.slice(Math.min(...near.map((one) => one[2])), Math.max(...near.map((one) => one[3]))).trim();
    return found.length > LONGEST ? "" : found;
  }

  // ── Search and replace ──

  function replace() {
    const find = text({ required: true, lang: "en" });
    const written = text({ lang: "en" });
    const [cases, whole] = [tick("replace_case"), tick("replace_word")];
    const says = status();
    const every = tick("replace_every");
    every.label.hidden = true;
    const list = make("ul", { tabindex: "0", "aria-label": say("replace_look") });
    list.hidden = true;
    const main = submit("replace_n", { n: 0 });
    main.disabled = true;
    const opened = open(
      "replace", {}, field("replace_find", find), field("replace_with", written), cases.label, whole.label, says, every.label, list, buttons(main),
    );
    const query = () => ({ find: find.value, replace: written.value, case: cases.input.checked, word: whole.input.checked });
    const found = new Map(); // Checkbox to change.
    const ticked = () => [...found].filter(([input]) => input.checked).map(([, change]) => change);
    const counted = () => {
      const n = ticked().length;
      main.textContent = say("replace_n", { n });
      main.disabled = n === 0;
      every.input.checked = n === found.size;
      every.input.indeterminate = n > 0 && n < found.size;
    };
    const take = (changes) => {
      found.clear();
      for (const change of changes) found.set(make("input", { type: "checkbox", checked: true }), change);
      list.replaceChildren(...[...found].slice(0, SHOWN).map(([input, change]) => listed(change, input)), ...more(found.size));
      list.hidden = every.label.hidden = found.size === 0;
      tell(says, found.size ? say("replace_found", { n: found.size }) : find.value ? say("replace_none") : "");
      counted();
    };
    const ask = async () => (find.value ? (await D.api("replace", { ...query(), apply: false })).changes : []);
    const look = asking(ask, take, (error) => {
      take([]);
      refuse(says, error.message);
    });
    opened.form.addEventListener("input", (event) => {
      if (event.target === every.input) for (const input of found.keys()) input.checked = every.input.checked;
      if (list.contains(event.target) || event.target === every.input) return counted();
      main.disabled = true; // What is shown is not what would be done until the answer is here.
      return look();
    });
    onSubmit(opened, says, () => {
      if (main.disabled) return false;
      const made = D.store.decide(ticked().map(({ key, before, after }) => ({ key, before, after })));
      D.rows?.say(say("replace_done", { n: made.length }), true);
      return true;
    });
    find.focus();
  }

  // ── Publish ──

  async function publish() {
    const says = status();
    const told = make("div", { class: "told" });
    const allow = tick("publish_allow");
    allow.label.hidden = true;
    const main = submit("publish");
    main.disabled = true;
    const opened = open("publish", {}, told, allow.label, says, buttons(main));
    const show = async () => {
      if (D.store.unsaved) refuse(says, say("unsaved_first"));
      const answer = await D.api("publish", { apply: false, allow_untranslated: allow.input.checked });
      told.replaceChildren(...counts(answer));
      allow.label.hidden = answer.untranslated === 0;
      main.textContent = say("publish_write", { file: answer.english });
      main.disabled = Boolean(answer.refusal) || D.store.unsaved > 0;
      if (answer.conflicts) refuse(says, answer.refusal);
      return answer;
    };
    allow.input.addEventListener("change", () => show().catch((error) => refuse(says, error.message)));
    onSubmit(opened, says, async () => {
      const answer = await D.api("publish", { apply: true, allow_untranslated: allow.input.checked });
      if (answer.refusal) {
        refuse(says, answer.refusal);
        return false;
      }
      D.rows?.say(say("publish_done", { file: answer.english }), true);
      D.store.poll?.();
      return true;
    });
    await show().catch((error) => refuse(says, error.message));
    (main.disabled ? opened.form.querySelector(".buttons button") : main).focus();
  }

  // Say in words what would go out.
  function counts({ total, approved, drafts, stale, untranslated, conflicts, english }) {
    const lines = [make("p", { text: say("publish_counts", { approved, total }) })];
    const items = Object.entries({ drafts, stale, untranslated, conflicts }).filter(([, n]) => n > 0);
    if (!items.length) return [...lines, make("p", { text: say("publish_all") })];
    lines.push(make("ul", {}, ...items.map(([name, n]) => make("li", { class: name, text: say(`publish_${name}`, { n }) }))));
    if (!conflicts) lines.push(make("p", { text: say("publish_ask", { file: english }) }));
    return lines;
  }

  // ── Note, engines, confirm ──

  function note(row) {
    const box = make("textarea", { rows: "4", "aria-label": say("note") });
    box.value = row.stand.note ?? "";
    const says = status();
    const opened = open("note", { n: row.i + 1 }, box, says, buttons(submit("note_save")));
    box.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) opened.form.requestSubmit();
    });
    onSubmit(opened, says, () => {
      D.store.decide([{ key: row.key, after: { ...row.stand, note: box.value.trim() } }]);
      return true;
    });
    box.focus();
  }

  // Ask which engine should translate again; null where none is chosen.
  function engines() {
    const { engines: all = [], engine: current } = D.store.model;
    const ready = all.filter((one) => one.ready);
    const first = ready.find((one) => one.name !== current) ?? ready[0];
    const choices = all.map((one) => {
      const input = make("input", { type: "radio", name: "engine", value: one.name, disabled: !one.ready, checked: one === first });
      const state = say(one.ready ? "engine_ready" : "engine_not_ready");
      return make("label", {}, input, make("span", {}, make("b", { text: one.name }), " ", make("span", { class: "hint", text: [one.what, state].filter(Boolean).join(" · ") })));
    });
    const main = submit("redraft");
    main.disabled = !first;
    return answered("engines", {}, choices, main, (form) => form.elements.engine?.value || form.querySelector("[name=engine]:checked")?.value || null, null);
  }

  // Ask for a yes; `word` is the question's name in the table of words.
  function confirm(word, values) {
    return answered("confirm", values, [make("p", { text: say(word, values) })], submit("yes"), () => true, false);
  }

  function answered(name, values, children, main, value, otherwise) {
    return new Promise((resolve) => {
      let answer = otherwise;
      const { box, form } = open(name, values, ...children, buttons(main));
      form.addEventListener("submit", () => (answer = value(form)));
      box.addEventListener("close", () => resolve(answer));
      (form.querySelector("input:checked") ?? main).focus();
    });
  }

  // ── Help ──

  const HELP = {
    help_moving: [["j ↓", "key_down"], ["k ↑", "key_up"], ["n", "key_next"], ["p", "key_previous"], ["/", "key_search"], ["f", "key_filters"], ["w", "key_order"]],
    help_deciding: [
      ["a", "key_accept"], ["e Enter", "key_edit"], ["r", "key_reject"], ["m", "key_join"], ["s", "key_split"], ["x", "key_fix"], ["i", "key_repeat"],
      ["d", "key_redraft"], ["t", "key_term"], ["o", "key_note"], ["1", "key_record"], ["2", "key_english"],
    ],
    help_whole: [
      ["u Ctrl+Z", "key_undo"], ["Shift+U Ctrl+Y", "key_redo"], ["Shift+A", "key_clean"], ["h Ctrl+H", "key_replace"], ["v", "key_preview"],
      ["Shift+P", "key_publish"], ["?", "key_help"],
    ],
    help_editor: [
      ["Enter", "key_save"], ["Ctrl+Enter", "key_save_next"], ["Shift+Enter Ctrl+S", "key_draft"], ["Esc", "key_leave"], ["Alt+← Alt+→", "key_chip"],
      ["Alt+Shift+← Alt+Shift+→", "key_chip_letter"], ["Alt+Delete", "key_chip_out"], ["Alt+1 … 9", "key_chip_in"], ["Alt+M", "key_raw"], ["Alt+T", "key_term"],
    ],
  };

  function help() {
    const keys = (names) => names.split(" ").map((name) => (name === "…" ? " … " : make("kbd", { text: name })));
    const groups = Object.entries(HELP).map(([title, lines]) =>
      make("section", {}, make("h3", { text: say(title) }), make("dl", {}, ...lines.flatMap(([names, word]) => [make("dt", {}, ...keys(names)), make("dd", { text: say(word) })]))),
    );
    const close = submit("close");
    const { form } = open("help", {}, make("div", { class: "two" }, ...groups), make("div", { class: "buttons" }, close));
    close.focus({ preventScroll: true });
    form.closest("dialog").scrollTop = 0;
  }

  D.dialogs = { term, replace, publish, note, engines, confirm, help, difference };
})();
