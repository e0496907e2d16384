"use strict";
// What a person does, by key and by mouse, and what the server is asked for it.
(() => {
  const D = (window.duizhao ??= {});
  const JOINED = "⤴";
  const word = (name, values) => D.words.get(name, values);
  const boot = JSON.parse(document.getElementById("boot")?.textContent || "{}");
  const isServed = document.body.dataset.mode !== "static";

  // ── Asking the server ──

  const USUAL = 30_000;
  const LONG = 600_000;

  class ApiError extends Error {
    constructor(message, status) {
      super(message);
      this.status = status; // 0: nobody answered
    }
  }
  /** Ask for something of this post (`decide`), or by a whole address; with a body it is posted. */
  const api = async (path, body, { wait = USUAL } = {}) => {
    const answer = await ask(path, body, wait);
    return answer.json();
  };
  const ask = async (path, body, wait) => {
    const url = path.startsWith("/") ? path : `/api/post/${boot.n}${path ? `/${path}` : ""}`;
    const options = { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(wait) };
    if (body !== undefined) Object.assign(options, { method: "POST", headers: { "Content-Type": "application/json", "X-Duizhao": "1" }, body: JSON.stringify(body) });
    let answer;
    try {
      answer = await fetch(url, options);
    } catch (error) {
      throw new ApiError(error.name === "TimeoutError" ? word("no_answer", { n: Math.round(wait / 1000) }) : word("no_server"), 0);
    }
    if (!answer.ok) throw new ApiError(await reason(answer), answer.status);
    return answer;
  };
  const reason = async (answer) => {
    try {
      const told = await answer.json();
      if (told.error) return told.error;
    } catch {
      // not ours: a proxy's page, say
    }
    return `${answer.status} ${answer.statusText}`.trim();
  };
  const server = {
    load: () => api(""),
    send: (decisions) => api("decide", { decisions }),
    changes: (version, shape) => api(`changes?version=${version}&shape=${shape}`),
    chunk: async (n) => (await ask(`chunk/${n}`, undefined, USUAL)).text(),
    segment: (key) => api(`segment/${encodeURIComponent(key)}`),
    some: async (numbers) => (await api(`rows?i=${numbers.join(",")}`)).rows,
    act(verb, body) {
      if (verb === "replace" || verb === "term") return api(verb, { apply: true, ...body }, { wait: LONG });
      return api("act", { verb, ...body }, { wait: LONG });
    },
  };

  // ── Telling ──

  const tell = (name, values, act) => D.rows.say(word(name, values), true, act);
  const tellError = (error) => tell("told_error", { why: error.message });
  const number = (row) => row.i + 1;

  // ── Deciding ──

  const LOOSE = { former: "", other: "" };
  const approvedOf = (stand) => ({ ...stand, ...LOOSE, state: stand.target === JOINED ? "joined" : "approved", by: D.store.model.person ?? "" });
  const emptied = (stand) => D.store.full({ note: stand.note });
  const draftOf = (stand) => ({ ...stand, ...LOOSE, state: "draft", by: "" });

  const accept = (row) => {
    const { stand } = row;
    if (stand.state === "conflict") return tell("told_decide_conflict");
    if (!stand.target) return tell("told_nothing_accept");
    const made = D.store.decide([{ key: row.key, after: D.store.isDone(stand) ? stand : approvedOf(stand) }]);
    if (made.length) D.rows.say(word("told_accepted", { n: number(row) }));
    return D.rows.goNeeding(1);
  };
  const reject = (row) => {
    const { stand } = row;
    if (stand.state === "conflict") return tell("told_decide_conflict");
    const after = stand.state === "approved" ? draftOf(stand) : emptied(stand);
    if (D.store.decide([{ key: row.key, after }]).length) tell("told_rejected", { n: number(row) });
  };
  const take = (row, side) => {
    const { stand } = row;
    if (stand.state !== "conflict") return;
    const target = side === "record" ? stand.target : stand.other;
    D.store.decide([{ key: row.key, after: approvedOf({ ...stand, target, origin: "person", score: null }) }]);
    tell("told_accepted", { n: number(row) });
    D.rows.goNeeding(1);
  };
  const fix = (row, which) => {
    const found = which === undefined ? row.findings.find((finding) => finding.fix) : row.findings[which];
    if (!found?.fix) return tell("told_nothing_fix");
    D.store.decide([{ key: row.key, after: { ...row.stand, target: found.fix, by: D.store.isDone(row.stand) ? D.store.model.person : "" } }]);
    tell("told_fixed", { n: number(row) });
  };
  const useMatch = (row, n) => {
    const match = row.matches?.[n];
    if (!match || row.stand.state === "conflict") return;
    D.store.decide([{ key: row.key, after: { ...draftOf(row.stand), target: match.target, origin: "memory", score: null } }]);
    tell("told_edited", { n: number(row) });
  };

  // ── Joining and splitting ──

  /** Give the segment that says what a row says, if it is joined; else the one it would be joined with. */
  const holderOf = (row) => {
    for (let i = row.i - 1; i >= 0; i -= 1) {
      const before = D.store.rows[i];
      if (before.block !== row.block) return null;
      if (before.stand.target !== JOINED) return before;
    }
    return null;
  };
  const glue = (one, other) => {
    const [a, b] = [one.trim(), other.trim()];
    return a && b ? `${a} ${b}` : a || b;
  };
  const join = (row) => {
    const holder = holderOf(row);
    if (!holder || row.stand.target === JOINED) return tell("told_nothing_above");
    if ([row, holder].some((one) => one.stand.state === "conflict")) return tell("told_decide_conflict");
    const target = glue(holder.stand.target, row.stand.target);
    if (!target) return tell("told_nothing_accept");
    const isDone = D.store.isDone(holder.stand) && (D.store.isDone(row.stand) || !row.stand.target);
    const origin = holder.stand.target === target ? holder.stand.origin : holder.stand.origin === row.stand.origin ? row.stand.origin : "person";
    const whole = { ...holder.stand, ...LOOSE, target, origin, score: null };
    D.store.decide([
      { key: holder.key, after: isDone ? approvedOf(whole) : draftOf(whole) },
      { key: row.key, after: approvedOf({ ...row.stand, target: JOINED, origin: "person", score: null }) },
    ]);
    tell("told_joined", { n: number(row) });
    D.rows.stand(holder);
  };
  const split = (row) => {
    const joined = row.stand.target === JOINED ? row : D.store.rows[row.i + 1];
    const holder = joined?.stand.target === JOINED ? holderOf(joined) : null;
    if (holder && D.editor?.isOpen() && D.editor.row() === holder) return splitAtCaret(holder, joined);
    if (!holder || (row !== joined && holder !== row)) return tell("told_not_joined");
    cutInTwo(holder, joined, holder.stand.target, bestCut(holder, joined));
  };
  const splitAtCaret = (holder, joined) => {
    const at = D.editor.caret();
    const text = D.editor.text();
    D.editor.close();
    cutInTwo(holder, joined, text, at);
  };
  const cutInTwo = (holder, joined, text, at) => {
    const [head, tail] = [text.slice(0, at).trim(), text.slice(at).trim()];
    if (!head || !tail) return tell("told_not_joined");
    const origin = text === holder.stand.target ? holder.stand.origin : "person";
    D.store.decide([
      { key: holder.key, after: { ...draftOf(holder.stand), target: head, origin, score: null } },
      { key: joined.key, after: { ...draftOf(joined.stand), target: tail, origin, score: null } },
    ]);
    tell("told_split", { n: number(joined) });
  };
  const CUTS = [/[.!?…]+["”’)\]*_]*(?=\s)/g, /[;:,，；：—](?=\s)/g, /\S(?=\s)/g];
  /** Find where a text that says several sentences is cut best: near where their lengths say, at a sentence's end. */
  const bestCut = (holder, joined) => {
    const text = holder.stand.target;
    const rows = [];
    for (let i = holder.i; i < D.store.rows.length && (i === holder.i || D.store.rows[i].stand.target === JOINED) && D.store.rows[i].block === holder.block; i += 1) rows.push(D.store.rows[i]);
    const length = (some) => some.reduce((sum, one) => sum + one.source.length, 0);
    const wanted = (text.length * length(rows.filter((one) => one.i < joined.i))) / Math.max(1, length(rows));
    const marks = holder.marks ?? D.editor?.scan?.(text, holder.codec) ?? [];
    const isFree = (at) => !marks.some(([, start, end]) => at > start && at < end);
    for (const cut of CUTS) {
      const ends = [...text.matchAll(cut)].map((found) => found.index + found[0].length).filter((at) => isFree(at) && text.slice(at).trim());
      if (ends.length) return ends.reduce((best, at) => (Math.abs(at - wanted) < Math.abs(best - wanted) ? at : best));
    }
    return text.length;
  };

  // ── Editing ──

  const edit = async (row, start = "end") => {
    if (!D.editor) return;
    const element = await D.rows.stand(row, { quiet: true });
    const words = element?.querySelector(".side.en .words");
    if (!words || words.querySelector(".editor")) return;
    const saw = D.store.full(row.stand);
    const stop = D.store.on("row", (changed) => {
      if (changed === row && D.editor.isOpen() && !D.store.same(saw, row.stand)) tell("told_meanwhile", { n: number(row) });
    });
    const closed = () => {
      stop();
      D.rows.closed(row);
      D.rows.stand(row, { quiet: true });
    };
    D.rows.hideTip();
    D.editor.open(row, words, {
      start,
      onSave(text, { approve = false } = {}) {
        closed();
        save(row, saw, text, approve);
      },
      onCancel: closed,
    });
  };
  const save = (row, saw, text, approve) => {
    const isNew = text !== saw.target;
    const written = isNew ? { ...saw, target: text, origin: "person", score: null } : saw;
    const after = !text ? emptied(saw) : text === JOINED || approve ? approvedOf(written) : draftOf(written);
    if (D.store.decide([{ key: row.key, before: saw, after }]).length) D.rows.say(word(approve ? "told_accepted" : "told_edited", { n: number(row) }));
    if (approve && text) D.rows.goNeeding(1);
  };

  // ── Verbs of the server ──

  const confirm = (name, values) => (D.dialogs?.confirm ? D.dialogs.confirm(name, values) : Promise.resolve(window.confirm(word(name, values))));
  const attempt = async (work) => {
    try {
      return await work();
    } catch (error) {
      tellError(error);
      return null;
    }
  };
  const tellAnswer = (answer) => {
    if (!answer) return;
    tell("told_many", { n: answer.changes.length });
    if (answer.notes?.length) D.rows.say(answer.notes.join(" "), true);
  };
  const isClean = (row) => row.stand.state === "draft" && row.stand.target && row.findings.every((finding) => finding.level === "info");
  const clean = async () => {
    const n = D.store.rows.filter(isClean).length;
    if (!n) return tell("told_nothing_clean");
    if (await confirm("confirm_clean", { n })) tellAnswer(await attempt(() => D.store.act("clean")));
  };
  const repeat = async (row) => {
    const alike = D.store.rows.filter((other) => other !== row && other.source === row.source && !D.store.isDone(other.stand));
    if (!alike.length || !row.stand.target) return tell("told_nothing_alike");
    if (await confirm("confirm_repeat", { n: alike.length })) tellAnswer(await attempt(() => D.store.act("repeat", { key: row.key })));
  };
  const draft = async (row) => {
    const engine = await D.dialogs?.engines(row);
    if (!engine) return;
    const element = D.rows.element(row);
    element?.setAttribute("aria-busy", "true");
    element?.classList.add("busy");
    tell("engine_is_running", { engine });
    const answer = await attempt(() => D.store.act("draft", { keys: [row.key], engine }));
    for (const part of [element, D.rows.element(row)]) {
      part?.removeAttribute("aria-busy");
      part?.classList.remove("busy");
    }
    tellAnswer(answer);
  };

  // ── Undo ──

  const turnBack = (turn, done, nothing) => {
    const result = turn();
    if (!result) return tell(nothing);
    const [first] = result.made.length ? result.made : result.left;
    const row = D.store.row(first.key);
    if (row) D.rows.show(row.key);
    if (!result.made.length) return tell("told_left_alone", { n: result.left.length });
    const n = result.made.length;
    const text = `${word(done)}: ${n === 1 && row ? word("place", { n: number(row), text: shorten(row.source) }) : word("told_many", { n })}`;
    D.rows.say(result.left.length ? `${text}. ${word("told_left_alone", { n: result.left.length })}` : text, true);
  };
  const shorten = (text) => (text.length > 24 ? `${text.slice(0, 23)}…` : text);

  // ── Language, preview, filters ──

  const switchLanguage = () => D.words.switch(D.words.language === "en" ? "zh" : "en");

  const preview = document.getElementById("preview");
  const frame = preview?.querySelector("iframe");
  let previewed = 0;
  let previewTimer = 0;
  const blockOf = (row) => {
    let { i } = row;
    while (i > 0 && D.store.rows[i - 1].block === row.block) i -= 1;
    return i;
  };
  const isPreviewed = () => preview && !preview.hidden;
  const follow = () => {
    if (!isPreviewed()) return;
    const row = D.rows.here();
    const address = `/preview/${boot.n}?v=${previewed}${row ? `#b${blockOf(row)}` : ""}`;
    frame.contentWindow.location.replace(new URL(address, location.href));
  };
  const renewPreview = () => {
    if (!isPreviewed()) return;
    clearTimeout(previewTimer);
    previewTimer = setTimeout(() => {
      previewed += 1;
      follow();
    }, 800);
  };
  const togglePreview = () => {
    if (!preview) return;
    preview.hidden = !preview.hidden;
    document.body.classList.toggle("previewing", !preview.hidden);
    for (const one of document.querySelectorAll('[data-act="preview"]')) one.setAttribute("aria-pressed", String(!preview.hidden));
    D.store.keep("duizhao:preview", preview.hidden ? "" : "1");
    if (preview.hidden) return;
    previewed += 1;
    follow();
  };

  const bar = document.querySelector(".bar");
  const search = bar?.querySelector('input[type="search"]');
  const filters = [...(bar?.querySelectorAll("[data-filter]") ?? [])];
  const choices = [...(bar?.querySelectorAll("select[data-filter-by]") ?? [])];
  const orders = [...(bar?.querySelectorAll('[data-act="order"]') ?? [])];
  let chosen = "all";
  let isWorstFirst = false;
  let searching = 0;

  const specOf = () => {
    const spec = { text: search?.value.trim() ?? "", order: isWorstFirst };
    if (chosen === "needs" || chosen === "findings" || chosen === "note") spec[chosen] = true;
    else if (chosen !== "all") spec.state = chosen;
    for (const choice of choices) spec[choice.dataset.filterBy] = choice.value;
    return spec;
  };
  const applyFilter = () => {
    for (const one of filters) one.setAttribute("aria-pressed", String(one.dataset.filter === chosen));
    for (const one of orders) one.setAttribute("aria-pressed", String(isWorstFirst));
    const shown = D.rows.filter(specOf());
    const output = bar?.querySelector("output");
    if (output) output.textContent = Object.keys(D.rows.spec).length ? word("shown", { n: shown.length }) : "";
  };
  /** Show the drafts first that the machine was least sure of, or the post in its own order again. */
  const toggleOrder = (button) => {
    const row = D.rows.here();
    isWorstFirst = !isWorstFirst && D.rows.knowsSureness();
    D.store.keep("duizhao:order", isWorstFirst ? "sure" : "");
    applyFilter();
    D.rows.say(word(isWorstFirst ? "told_least_sure" : "told_in_order"), true);
    const next = isWorstFirst || !row ? D.rows.visible()[0] : row;
    if (next) D.rows.stand(next, { center: true, quiet: true, keepFocus: Boolean(button) });
  };
  const clearFilter = () => {
    chosen = "all";
    if (search) search.value = "";
    for (const choice of choices) choice.value = "";
    applyFilter();
  };
  const fillChoices = () => {
    const counts = { check: new Map(), term: new Map() };
    for (const row of D.store.rows) {
      for (const check of new Set(row.findings.map((finding) => finding.check))) counts.check.set(check, (counts.check.get(check) ?? 0) + 1);
      for (const n of new Set(row.terms)) counts.term.set(n, (counts.term.get(n) ?? 0) + 1);
    }
    const named = new Map(D.store.model.terms.map((term) => [term.n, `${term.term} → ${term.translation}`]));
    for (const choice of choices) {
      const by = choice.dataset.filterBy;
      const value = choice.value;
      const all = [...counts[by]].sort((a, b) => b[1] - a[1]);
      const options = all.map(([what, n]) => new Option(`${by === "term" ? named.get(what) ?? what : word(`check_${what}`)} (${n})`, what));
      const any = choice.options[0];
      choice.replaceChildren(any, ...options);
      choice.value = all.some(([what]) => String(what) === value) ? value : "";
    }
  };
  const focusFilter = () => filters.find((one) => one.dataset.filter === chosen)?.focus();

  // ── Progress and time ──

  const IDLE = 60_000;
  const TICK = 5_000;
  let moved = Date.now();
  let spent = { seconds: 0, decided: 0 };
  const timeName = () => `duizhao:time:${D.store.model.post.source_name}:${boot.n}`;
  const readTime = () => {
    try {
      spent = { ...spent, ...JSON.parse(D.store.kept(timeName()) ?? "{}") };
    } catch {
      // unreadable: counted anew
    }
  };
  const tick = () => {
    if (document.hidden || Date.now() - moved > IDLE) return;
    spent.seconds += TICK / 1000;
    D.store.keep(timeName(), JSON.stringify(spent));
    showTime();
  };
  const duration = (seconds) => {
    const minutes = Math.round(seconds / 60);
    return minutes < 60 ? word("minutes", { n: minutes }) : word("hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
  };
  const showTime = () => {
    const place = document.querySelector("[data-time]");
    if (!place) return;
    const left = D.store.rows.reduce((n, row) => n + row.needs, 0);
    const said = duration(spent.seconds);
    const isKnown = spent.decided >= 5 && spent.seconds >= 60;
    const pace = isKnown ? Math.round((3600 * spent.decided) / spent.seconds) : 0;
    place.textContent = isKnown ? word("time_pace", { spent: said, pace, left: duration((left * spent.seconds) / spent.decided) }) : spent.seconds >= 60 ? word("time_spent", { spent: said }) : "";
  };
  const countsOf = () => {
    const counts = { all: 0, needs: 0, findings: 0, note: 0 };
    for (const row of D.store.rows) {
      counts.all += 1;
      counts.needs += row.needs;
      counts.findings += row.findings.length > 0;
      counts.note += row.stand.note !== "";
      counts[row.stand.state] = (counts[row.stand.state] ?? 0) + 1;
    }
    counts.done = (counts.approved ?? 0) + (counts.joined ?? 0);
    return counts;
  };
  let showing = 0;
  const showProgressSoon = () => {
    cancelAnimationFrame(showing);
    showing = requestAnimationFrame(showProgress);
  };
  const showProgress = () => {
    const counts = countsOf();
    for (const one of filters) {
      const n = counts[one.dataset.filter] ?? 0;
      const place = one.querySelector("[data-count]");
      if (place) place.textContent = n;
      one.hidden = !n && ![chosen, "all", "needs"].includes(one.dataset.filter);
    }
    for (const one of orders) one.hidden = !isWorstFirst && !D.rows.knowsSureness();
    showBar(counts);
    showTime();
    for (const [act, can] of [["undo", D.store.canUndo], ["redo", D.store.canRedo]]) {
      for (const one of document.querySelectorAll(`.bar [data-act="${act}"]`)) one.disabled = !can;
    }
  };
  const dressValues = (part, values) => {
    part.dataset.wValues = JSON.stringify(values);
    D.words.dress(part);
  };
  const showBar = (counts) => {
    const values = { done: counts.done, total: counts.all };
    for (const part of document.querySelectorAll('[data-w="progress"]')) dressValues(part, values);
    const percent = counts.all ? Math.floor((100 * counts.done) / counts.all) : 100;
    for (const part of document.querySelectorAll('[data-w="percent"]')) dressValues(part, { percent });
    const svg = bar?.querySelector(".progress svg");
    if (!svg) return;
    svg.setAttribute("viewBox", `0 0 ${Math.max(1, counts.all)} 1`);
    if ("wLabel" in svg.dataset) dressValues(svg, values);
    let x = 0;
    for (const state of ["approved", "joined", "draft", "stale", "conflict", "untranslated"]) {
      const rect = svg.querySelector(`rect.${state}`) ?? svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "rect"));
      rect.setAttribute("class", state);
      rect.setAttribute("x", x);
      rect.setAttribute("height", 1);
      rect.setAttribute("width", counts[state] ?? 0);
      x += counts[state] ?? 0;
    }
  };

  // ── Keys and buttons ──

  const ROW_ACTS = {
    accept, reject, join, split, repeat,
    edit: (row) => edit(row),
    draft, redraft: draft,
    note: (row) => D.dialogs?.note(row),
    term: (row) => makeTerm(row),
    fix: (row, button) => fix(row, button?.dataset.fix === undefined ? undefined : Number(button.dataset.fix)),
    "take-record": (row) => take(row, "record"),
    "take-english": (row) => take(row, "english"),
    match: (row, button) => useMatch(row, Number(button.dataset.n)),
  };
  const PAGE_ACTS = {
    undo: () => turnBack(D.store.undo, "told_undone", "told_nothing_undo"),
    redo: () => turnBack(D.store.redo, "told_redone", "told_nothing_redo"),
    next: () => D.rows.goNeeding(1),
    previous: () => D.rows.goNeeding(-1),
    clean,
    replace: () => D.dialogs?.replace(),
    publish: () => D.dialogs?.publish(),
    help: () => D.dialogs?.help(),
    preview: togglePreview,
    "close-preview": togglePreview,
    language: switchLanguage,
    filters: focusFilter,
    order: toggleOrder,
    search: () => search?.select(),
    clear: clearFilter,
    insist: (button) => D.store.insist(button.dataset.id),
    discard: (button) => D.store.discard(button.dataset.id),
    retry: () => D.store.retry(),
  };
  const makeTerm = (row) => {
    const selection = D.selection?.(); // without one, as by keys alone, both sides are typed
    D.dialogs?.term(selection?.row ?? row, selection);
  };
  const act = (name, row, button) => {
    if (name in PAGE_ACTS) return PAGE_ACTS[name](button);
    if (!(name in ROW_ACTS)) return undefined;
    return row ? ROW_ACTS[name](row, button) : D.rows.go(1);
  };

  const KEYS = {
    j: "down", ArrowDown: "down", k: "up", ArrowUp: "up", n: "next", p: "previous",
    a: "accept", e: "edit", Enter: "edit", r: "reject", m: "join", s: "split", u: "undo", "Shift+u": "redo",
    "Ctrl+z": "undo", "Ctrl+Shift+z": "redo", "Ctrl+y": "redo",
    x: "fix", i: "repeat", d: "draft", t: "term", o: "note",
    "Shift+a": "clean", "/": "search", h: "replace", "Ctrl+h": "replace", f: "filters", w: "order", v: "preview", "Shift+p": "publish", "?": "help",
  };
  const REPEATED = new Set(["down", "up", "next", "previous", "undo", "redo"]);
  const WRITING = "input, textarea, select, [contenteditable]:not([contenteditable='false']), .editor, dialog";

  const nameOf = (event) => {
    const isLetter = event.key.length === 1;
    // a keyboard of another script: by where the key is
    const letter = isLetter && event.key > "\x7f" && event.code.startsWith("Key") ? event.code[3] : event.key;
    const key = isLetter ? letter.toLowerCase() : letter;
    const shift = event.shiftKey && /^[a-z]$/.test(key);
    return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${shift ? "Shift+" : ""}${key}`;
  };
  const onKey = (event) => {
    if (event.isComposing || event.keyCode === 229 || event.altKey || event.defaultPrevented) return;
    const { target } = event;
    if (event.key === "Escape") return escape(event);
    if (target.closest?.(WRITING) || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && target.closest?.("button, a, summary")) return;
    if (/^Arrow/.test(event.key) && target.closest?.(".filters")) return;
    const name = nameOf(event);
    const row = D.rows.here();
    if (/^[1-9]$/.test(name) && row) return digit(event, Number(name), row);
    const wanted = KEYS[name];
    if (!wanted || (event.repeat && !REPEATED.has(wanted))) return;
    event.preventDefault();
    if (wanted === "down" || wanted === "up") D.rows.go(wanted === "down" ? 1 : -1);
    else act(wanted, row, null);
  };
  const digit = (event, n, row) => {
    event.preventDefault();
    if (row.stand.state === "conflict" && n <= 2) take(row, n === 1 ? "record" : "english");
    else useMatch(row, n - 1);
  };
  const escape = (event) => {
    D.rows.hideTip();
    if (event.target !== search) return;
    clearFilter();
    search.blur();
    const row = D.rows.here();
    if (row) D.rows.stand(row);
  };
  const onClick = (event) => {
    const button = event.target.closest?.("[data-act]");
    if (!button || button.closest("dialog, .editor") || button.disabled) return;
    const row = D.rows.rowOf(button);
    if (row && row !== D.rows.here()) D.rows.stand(row, { quiet: true, keepFocus: true });
    act(button.dataset.act, row ?? D.rows.here(), button);
  };
  const onDoubleClick = (event) => {
    const row = D.rows.rowOf(event.target);
    if (row && event.target.closest(".side.en .text") && !event.target.closest("a")) edit(row, "end");
  };

  const wire = () => {
    document.addEventListener("keydown", onKey);
    document.addEventListener("click", onClick);
    document.addEventListener("dblclick", onDoubleClick);
    for (const one of filters) {
      one.addEventListener("click", () => {
        chosen = one.dataset.filter;
        applyFilter();
      });
      one.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        const shown = filters.filter((other) => !other.hidden);
        if (step) shown[(shown.indexOf(one) + step + shown.length) % shown.length].focus();
      });
    }
    for (const choice of choices) choice.addEventListener("change", applyFilter);
    wireSearch();
    for (const event of ["keydown", "pointerdown", "pointermove", "scroll", "input"]) window.addEventListener(event, () => (moved = Date.now()), { passive: true, capture: true });
  };
  const wireSearch = () => {
    const soon = () => {
      clearTimeout(searching);
      searching = setTimeout(applyFilter, 120);
    };
    search?.addEventListener("input", (event) => event.isComposing || soon());
    search?.addEventListener("compositionend", soon);
    search?.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key !== "Enter" && event.key !== "ArrowDown") return;
      event.preventDefault();
      clearTimeout(searching);
      if (search.value.trim() !== (D.rows.spec.text ?? "")) applyFilter();
      const [first] = D.rows.visible();
      if (first) D.rows.stand(first);
    });
  };

  // ── What is not saved ──

  const unsaved = document.getElementById("unsaved");
  let unsavedTimer = 0;
  let isGone = null;
  const showUnsaved = (n, why, detail) => {
    clearTimeout(unsavedTimer);
    if (!unsaved) return;
    const show = () => {
      const name = why ? `unsaved_${why}` : "unsaved";
      unsaved.textContent = n ? word(name, { n, why: detail ?? "" }) : isGone ? word(isGone.status === 401 ? "server_login" : "server_gone") : "";
      unsaved.hidden = !unsaved.textContent;
      unsaved.classList.toggle("bad", Boolean(why || isGone));
    };
    if (n && !why) unsavedTimer = setTimeout(show, 1000);
    else show();
  };
  const telling = () => {
    let last = [0, "", ""];
    D.store.on("unsaved", (...given) => showUnsaved(...(last = given)));
    D.store.on("offline", (error) => {
      isGone = error;
      showUnsaved(...last);
    });
    D.store.on("online", () => {
      isGone = null;
      showUnsaved(...last);
    });
    D.store.on("language", () => showUnsaved(...last));
    D.store.on("conflict", (row) => tell("told_conflict", { n: number(row) }));
    D.store.on("stale", (row) => row && tell("told_stale", { n: number(row) }));
    D.store.on("refused", (entry, row) => entry?.refused && row && tell("told_refused", { n: number(row), why: entry.refused }));
    D.store.on("reload", () => tell("told_reload"));
    D.store.on("adopted", (n) => tell("told_adopted", { n }));
    D.store.on("progress", showProgressSoon);
    D.store.on("rows", fillChoices);
    D.store.on("rows", showProgressSoon);
    D.store.on("decided", (n) => (spent.decided += n));
    D.store.on("saved", renewPreview);
    D.store.on("others", renewPreview);
    D.store.on("language", () => {
      fillChoices();
      showProgressSoon();
      applyFilter();
    });
    D.rows.on("here", follow);
    D.rows.on("unfiltered", () => {
      chosen = "all";
      if (search) search.value = "";
      for (const choice of choices) choice.value = "";
      for (const one of filters) one.setAttribute("aria-pressed", String(one.dataset.filter === chosen));
    });
  };

  // ── Beginning ──

  const start = async (model) => {
    telling();
    D.store.holdWhile(() => Boolean(D.editor?.isOpen()));
    await D.store.boot(model);
    D.rows.boot();
    readTime();
    setInterval(tick, TICK);
    wire();
    showProgress();
    isWorstFirst = D.store.kept("duizhao:order") === "sure" && D.rows.knowsSureness();
    if (isWorstFirst) applyFilter();
    if (isServed && D.store.kept("duizhao:preview") && window.innerWidth >= 1100) togglePreview();
    document.documentElement.dataset.ready = "";
  };

  D.api = api;
  D.app = { start, act, accept, reject, join, split, edit, bestCut, holderOf };
  if (isServed) {
    D.store.sink = server;
    start().catch((error) => {
      if (unsaved) unsaved.textContent = word("told_error", { why: error.message });
    });
  }
})();
