"use strict";
// The post as this page knows it: what stands, what was decided, what of it is not saved yet, what can be undone.
// Nothing decided is ever only in memory: the outbox is written to localStorage before anything is sent.
(() => {
  const D = (window.duizhao ??= {});
  const boot = JSON.parse(document.getElementById("boot")?.textContent || "{}");

  // ── Words ──

  const LANGUAGES = ["en", "zh"];
  const first = LANGUAGES.includes(boot.language) ? boot.language : "en";
  const tables = { [first]: boot.words ?? {}, [LANGUAGES.find((one) => one !== first)]: boot.other ?? {} };
  const DRESSED = { w: null, wLabel: "aria-label", wTitle: "title", wPlaceholder: "placeholder" };
  const DRESSABLE = "[data-w], [data-w-label], [data-w-title], [data-w-placeholder]";

  const words = {
    language: first,
    /** Give a word of the interface, its `{n}` filled; a name without a word stands for itself. */
    get(name, values = {}) {
      const word = tables[words.language][name] ?? tables.en[name] ?? name;
      return word.replace(/\{(\w+)\}/g, (whole, hole) => String(values[hole] ?? whole));
    },
    /** Say every word below `root` in the language chosen. */
    dress(root = document) {
      if (root.matches?.(DRESSABLE)) dressOne(root);
      for (const part of root.querySelectorAll(DRESSABLE)) dressOne(part);
    },
    /** Choose a language for this browser. */
    switch(language) {
      if (!LANGUAGES.includes(language)) return;
      keep("duizhao:language", language);
      document.cookie = `language=${language}; path=/; max-age=31536000; SameSite=Strict`;
      words.language = language;
      document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
      words.dress();
      emit("language", language);
    },
    /** Give the language this browser's person wants. */
    wanted() {
      const chosen = kept("duizhao:language");
      if (LANGUAGES.includes(chosen)) return chosen;
      return (navigator.language ?? "en").toLowerCase().startsWith("zh") ? "zh" : "en";
    },
  };
  const dressOne = (part) => {
    const values = part.dataset.wValues ? JSON.parse(part.dataset.wValues) : {};
    for (const [name, attribute] of Object.entries(DRESSED)) {
      const word = part.dataset[name];
      if (word === undefined) continue;
      if (attribute) part.setAttribute(attribute, words.get(word, values));
      else part.textContent = words.get(word, values);
    }
    if (part.dataset.w !== undefined && part.hasAttribute("lang")) part.lang = document.documentElement.lang;
  };

  // ── What this browser keeps ──

  const keep = (name, value) => {
    try {
      localStorage.setItem(name, value);
      return true;
    } catch {
      return false; // full, or forbidden by the browser: what depends on it says so
    }
  };
  const kept = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };

  // ── Stands ──

  const DEFAULTS = { target: "", state: "untranslated", origin: "", by: "", score: null, other: "", former: "", note: "" };
  const FIELDS = Object.keys(DEFAULTS);
  const full = (stand = {}) => Object.fromEntries(FIELDS.map((name) => [name, stand[name] ?? DEFAULTS[name]]));
  const lean = (stand) => Object.fromEntries(FIELDS.filter((name) => (stand[name] ?? DEFAULTS[name]) !== DEFAULTS[name]).map((name) => [name, stand[name]]));
  const same = (one, other) => FIELDS.every((name) => (one[name] ?? DEFAULTS[name]) === (other[name] ?? DEFAULTS[name]));
  const isDone = (stand) => stand.state === "approved" || stand.state === "joined";
  const needs = (row) => !isDone(row.stand) || row.findings.some((finding) => finding.level === "error");

  // ── Telling ──

  const listeners = new Map();
  const on = (event, fn) => {
    if (!listeners.has(event)) listeners.set(event, new Set());
    listeners.get(event).add(fn);
    return () => listeners.get(event).delete(fn);
  };
  const emit = (event, ...told) => {
    for (const fn of listeners.get(event) ?? []) fn(...told);
  };

  // ── The model ──

  const byKey = new Map();
  let turn = 0; // grows with everything decided and settled: an answer asked for before that is out of date

  const load = (model) => {
    byKey.clear();
    for (const row of model.segments) byKey.set(row.key, dressed(row));
    store.model = model;
    store.rows = model.segments;
  };
  const dressed = (row) => Object.assign(row, { stand: full(row.stand), findings: row.findings ?? [], terms: row.terms ?? [] });

  /** Take a row as the server has it, but not over what is still on its way there. */
  const take = (fresh) => {
    const row = byKey.get(fresh.key);
    if (!row || pending(fresh.key)) return false;
    const stand = row.stand;
    delete row.html;
    Object.assign(row, dressed(fresh));
    emit("row", row);
    if (row.stand.state === "conflict" && stand.state !== "conflict") emit("conflict", row);
    return true;
  };
  const apply = (changes) => {
    for (const { key, after } of changes) {
      const row = byKey.get(key);
      if (!row) continue;
      if (row.stand.target !== after.target) Object.assign(row, { findings: [], marks: null });
      delete row.html;
      row.stand = full(after);
      row.needs = needs(row);
      emit("row", row);
    }
    emit("progress");
  };

  // ── Deciding ──

  const past = [];
  const future = [];

  /**
   * Decide segments: `[{key, after}]`, with `before` where the person saw something else than stands now.
   * Shows at once, can be undone as one, and goes out with the next request.
   */
  const decide = (wanted) => {
    const changes = [];
    for (const { key, after, before } of wanted) {
      const row = byKey.get(key);
      if (!row) continue;
      const signed = full(after);
      if (isDone(signed) && !signed.by) signed.by = store.model.person ?? "";
      const change = { key, source: row.source, before: full(before ?? row.stand), after: signed };
      if (!same(change.before, change.after)) changes.push(change);
    }
    if (!changes.length) return changes;
    past.push(changes);
    future.length = 0;
    emit("decided", changes.filter((change) => isDone(change.after) && !isDone(change.before)).length);
    queueAndApply(changes);
    return changes;
  };
  const queueAndApply = (changes) => {
    turn += 1;
    enqueue(changes);
    apply(changes);
    pump();
  };

  /** Turn a group of changes round; what somebody changed since stays as it is. */
  const replay = (from, to) => {
    const group = from.pop();
    if (!group) return null;
    const made = [];
    const left = [];
    for (const change of group) {
      const row = byKey.get(change.key);
      const stands = row && row.source === change.source && row.stand.target === change.after.target && row.stand.state === change.after.state;
      if (stands) made.push({ key: row.key, source: row.source, before: row.stand, after: full(change.before) });
      else left.push(change);
    }
    if (made.length) {
      to.push(made);
      queueAndApply(made);
    }
    return { made, left };
  };
  /** Take the last group back: `{made, left}`, or null where there is none. */
  const undo = () => replay(past, future);
  const redo = () => replay(future, past);

  /** Have the server do a verb, once everything decided before it is saved; its changes are one group to undo. */
  const act = async (verb, body = {}) => {
    await drained();
    const answer = await store.sink.act(verb, body);
    return applied(answer, body.apply !== false);
  };
  const applied = (answer, isApplied = true) => {
    if (!isApplied) return answer;
    turn += 1;
    caughtUp(answer);
    const changes = (answer.changes ?? []).map((change) => ({ ...change, before: full(change.before), after: full(change.after) }));
    if (changes.length) {
      past.push(changes);
      future.length = 0;
      const told = new Set((answer.rows ?? []).map((row) => row.key));
      apply(changes.filter((change) => !told.has(change.key)));
    }
    for (const row of answer.rows ?? []) take(row);
    if (answer.shape && answer.shape !== store.model.post.shape) resync();
    emit("progress");
    emit("saved");
    tellOthers();
    return answer;
  };
  /** An answer that holds every change since what we knew brings us up to its version. */
  const caughtUp = ({ since, version, shape }) => {
    const post = store.model.post;
    if (shape === post.shape && since !== undefined && since <= post.version) post.version = Math.max(post.version, version);
  };

  // ── The outbox ──
  //
  // An entry that was sent once is never changed, only sent again: its answer may have been lost on the way. Later edits
  // of its segment make one more entry, which waits until the first is settled; so no request names a segment twice.

  const MOST = 400;
  const PERMANENT = (status) => status === 400 || status === 422;
  let queue = [];
  let place = "";
  let isKept = true;
  let busy = false;
  let most = MOST;
  let pause = 0;
  let timer = 0;
  let why = "";
  let detail = "";
  let isBehind = false; // requests failed: others may have changed anything meanwhile
  let waiters = [];

  const waiting = new Map(); // key → the entry not sent yet
  const active = new Map(); // key → how many entries are to be sent
  const pending = (key) => (active.get(key) ?? 0) > 0;
  const mark = () => {
    waiting.clear();
    active.clear();
    for (const entry of queue) {
      if (entry.refused) continue;
      active.set(entry.key, (active.get(entry.key) ?? 0) + 1);
      if (!entry.tried) waiting.set(entry.key, entry);
    }
  };
  const write = () => {
    if (!place) return;
    mark();
    const { title } = store.model.post;
    if (queue.length) isKept = keep(place, JSON.stringify(queue.map((entry) => ({ ...entry, title, before: lean(entry.before), after: lean(entry.after) }))));
    else localStorage?.removeItem(place);
  };
  const name = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  const enqueue = (changes) => {
    const gone = new Set();
    for (const change of changes) {
      const entry = waiting.get(change.key);
      if (!entry) {
        const made = { id: name(), ...change };
        queue.push(made);
        waiting.set(change.key, made);
      } else {
        entry.after = change.after;
        if (same(entry.before, entry.after)) gone.add(entry);
      }
    }
    if (gone.size) queue = queue.filter((entry) => !gone.has(entry));
    write();
    report();
  };
  const batch = () => {
    const keys = new Set();
    const chosen = [];
    for (const entry of queue) {
      if (entry.refused || keys.has(entry.key)) continue;
      keys.add(entry.key);
      chosen.push(entry);
      if (chosen.length === most) break;
    }
    return chosen;
  };
  const pump = async () => {
    if (busy || pause || !store.sink) return;
    const chosen = batch();
    if (!chosen.length) return settleWaiters();
    busy = true;
    for (const entry of chosen) entry.tried = true;
    write();
    try {
      const answer = await store.sink.send(chosen.map(({ id, key, source, before, after }) => ({ id, key, source, before: lean(before), after: lean(after) })));
      busy = false;
      settle(chosen, Array.isArray(answer) ? { results: answer } : answer);
    } catch (error) {
      busy = false;
      failed(chosen, error);
    }
    pump();
  };
  const settle = (chosen, answer) => {
    turn += 1;
    most = MOST;
    why = "";
    const results = new Map(answer.results.map((result) => [result.id, result]));
    const settled = new Set();
    const told = new Set();
    for (const entry of chosen) {
      const result = results.get(entry.id) ?? { fate: "refused", why: words.get("refused_unanswered") };
      if (result.fate === "refused") refuse(entry, result.why);
      else settled.add(entry.id), told.add(entry.key);
    }
    // what was refused before has been decided anew
    queue = queue.filter((entry) => !settled.has(entry.id) && !(entry.refused && told.has(entry.key)));
    write();
    caughtUp(answer);
    for (const row of answer.rows ?? []) take(row);
    for (const entry of chosen) tellFate(entry, results.get(entry.id), answer.rows);
    if (isBehind || (answer.shape && answer.shape !== store.model.post.shape)) resync();
    report();
    emit("progress");
    emit("saved");
    tellOthers();
  };
  const tellFate = (entry, result, rows) => {
    const row = byKey.get(entry.key);
    if (result?.fate === "stale") emit("stale", row, result.why);
    if (entry.refused) {
      if (row && !rows?.some((fresh) => fresh.key === entry.key)) isBehind = true;
      emit("refused", entry, row);
    }
    // told already where the answer has it; told again, without its HTML, its whole chunk would be read anew
    if (row && !rows?.some((fresh) => fresh.key === entry.key)) emit("row", row);
  };
  const refuse = (entry, reason) => {
    entry.refused = reason || words.get("refused_unanswered");
    turn += 1;
  };
  const failed = (chosen, error) => {
    isBehind = true;
    if (error.status === 413) most = Math.max(1, Math.floor(chosen.length / 2));
    else if (PERMANENT(error.status)) {
      if (chosen.length === 1) {
        refuse(chosen[0], error.message);
        write();
        emit("refused", chosen[0], byKey.get(chosen[0].key));
        if (byKey.has(chosen[0].key)) emit("row", byKey.get(chosen[0].key));
        return report();
      }
      most = 1; // one of them is wrong: the others go through alone
      return;
    }
    why = cause(error);
    detail = error.message;
    pause = Math.min(30000, pause ? pause * 2 : last ? Math.min(30000, last * 2) : 1000);
    last = pause;
    clearTimeout(timer);
    timer = setTimeout(again, pause);
    for (const { reject } of waiters.splice(0)) reject(error);
    report();
  };
  let last = 0;
  const again = () => {
    clearTimeout(timer);
    pause = 0;
    pump();
  };
  const drained = () =>
    new Promise((resolve, reject) => {
      if (why) reject(new Error(words.get("unsaved_first")));
      else if (!active.size) resolve();
      else waiters.push({ resolve, reject });
    });
  const settleWaiters = () => {
    last = 0;
    for (const { resolve } of waiters.splice(0)) resolve();
  };
  const cause = ({ status }) => {
    if (status === 507) return "full";
    if (status === 401 || status === 403) return "login";
    if (status) return "error";
    return navigator.onLine ? "server" : "offline";
  };
  /** Say how much is not saved, and why in a word: "", or the end of a word's name (`unsaved_…`). */
  const report = () => {
    const isRefused = queue.some((entry) => entry.refused);
    emit("unsaved", queue.length, why || (isRefused && "refused") || (isKept ? "" : "unkept"), detail);
  };
  /** Let go of a decision that was refused. */
  const discard = (id) => {
    const entry = queue.find((one) => one.id === id);
    queue = queue.filter((one) => one !== entry);
    write();
    if (entry && byKey.has(entry.key)) emit("row", byKey.get(entry.key));
    report();
    emit("refused", entry);
  };
  /** Decide again what was refused, from what stands now. */
  const insist = (id) => {
    const entry = queue.find((one) => one.id === id);
    if (entry) decide([{ key: entry.key, after: { ...entry.after, other: "", former: "" } }]);
  };
  const refused = (key) => queue.filter((entry) => entry.refused && (key === undefined || entry.key === key));

  // Every window has a drawer of its own in localStorage and holds its lock while it lives; whoever gets the lock of
  // another drawer knows that its window is gone, and takes over what lies there.
  const openOutbox = () => {
    const { source_name: source, n } = store.model.post;
    const prefix = `duizhao:outbox:${source}:${n}`;
    place = `${prefix}:${name()}`;
    const locks = navigator.locks;
    locks?.request(place, () => new Promise(() => {}));
    for (const drawer of drawers(prefix)) {
      if (locks) locks.request(drawer, () => adopt(drawer));
      else adopt(drawer);
    }
    if (queue.length) enqueue([]);
  };
  const drawers = (prefix) => {
    try {
      return Object.keys(localStorage).filter((key) => key !== place && (key === prefix || key.startsWith(`${prefix}:`)));
    } catch {
      return [];
    }
  };
  const adopt = (drawer) => {
    let found = [];
    try {
      found = JSON.parse(kept(drawer) ?? "[]");
    } catch {
      return; // somebody else's: left alone
    }
    // another post of the same name, reviewed at this address some other day
    if (!found.some((entry) => entry.title === store.model.post.title || byKey.has(entry.key))) return;
    const known = new Set(queue.map((entry) => entry.id));
    const old = found.filter((entry) => !known.has(entry.id)).map((entry) => ({ ...entry, before: full(entry.before), after: full(entry.after) }));
    // older than anything of ours: they go first, and what we queued meanwhile is never folded into them
    for (const entry of old) entry.tried = true;
    queue = [...old, ...queue];
    write();
    if (isKept) localStorage.removeItem(drawer);
    if (!old.length) return;
    turn += 1;
    apply(old.filter((entry) => !entry.refused && !waiting.has(entry.key)));
    for (const entry of old) if (entry.refused) emit("refused", entry, byKey.get(entry.key));
    emit("adopted", old.length);
    report();
    pump();
  };

  // ── What others change ──

  const EVERY = 2000;
  const HIDDEN = 10000;
  let polling = 0;
  let isPolling = false;

  const poll = async () => {
    clearTimeout(polling);
    if (isPolling || !store.sink?.changes) return;
    isPolling = true;
    const asked = turn;
    try {
      const { version, shape } = store.model.post;
      const answer = await store.sink.changes(version, shape);
      heard();
      if (asked === turn) await accept(answer);
    } catch (error) {
      unheard(error);
    } finally {
      isPolling = false;
      polling = setTimeout(poll, document.hidden ? HIDDEN : EVERY);
    }
  };
  const accept = async (answer) => {
    const post = store.model.post;
    // a server started anew counts from the beginning
    if (answer.reload || answer.shape !== post.shape || answer.version < post.version || isBehind) return resync();
    post.version = answer.version;
    for (const row of answer.rows ?? []) take(row);
    if (!answer.rows?.length) return;
    emit("progress");
    emit("others", answer.rows.length);
  };
  let silent = false;
  const heard = () => {
    if (silent) emit("online");
    silent = false;
    if (pause && why) again();
  };
  const unheard = (error) => {
    isBehind = true;
    if (!silent) emit("offline", error);
    silent = true;
  };

  let isResyncing = false;
  let hold = () => false;
  /** Read the whole post anew and keep what is decided here; waits while `hold()` says that somebody is writing. */
  const resync = async () => {
    if (isResyncing || hold() || !store.sink?.load) return;
    isResyncing = true;
    try {
      const asked = turn;
      const model = await store.sink.load();
      if (asked !== turn) return; // decided meanwhile: the next round asks again
      isBehind = false;
      renew(model);
    } finally {
      isResyncing = false;
    }
  };
  const renew = (model) => {
    const old = store.model;
    const isSameShape = old.segments.length === model.segments.length && old.segments.every((row, i) => row.key === model.segments[i].key && row.source === model.segments[i].source);
    if (!isSameShape) {
      load(model);
      apply(queue.filter((entry) => !entry.refused));
      emit("reload");
      emit("rows");
      return emit("progress");
    }
    Object.assign(old, model, { segments: old.segments });
    store.model = old;
    for (const fresh of model.segments) {
      const row = byKey.get(fresh.key);
      if (pending(fresh.key) || JSON.stringify(shown(row)) === JSON.stringify(shown(dressed(fresh)))) continue;
      take(fresh);
    }
    emit("progress");
  };
  const shown = ({ stand, findings, needs: isNeeded, terms }) => [stand, findings, isNeeded, terms];

  let channel = null;
  const tellOthers = () => channel?.postMessage("changed");

  // ── Beginning ──

  /** Read the post and begin: `given` is its model, where it is not the sink's to fetch. */
  const start = async (given) => {
    if (words.wanted() !== words.language) words.switch(words.wanted());
    load(given ?? boot.model ?? (await store.sink.load()));
    openOutbox();
    emit("rows");
    emit("progress");
    if (store.sink?.changes) watch();
    pump();
    return store.model;
  };
  const watch = () => {
    if (window.BroadcastChannel) {
      channel = new BroadcastChannel(`duizhao:${store.model.post.source_name}:${store.model.post.n}`);
      channel.onmessage = () => poll();
    }
    polling = setTimeout(poll, EVERY);
    const wake = () => {
      if (document.hidden) return;
      again();
      poll();
    };
    for (const event of ["online", "focus"]) window.addEventListener(event, wake);
    document.addEventListener("visibilitychange", wake);
  };
  window.addEventListener("beforeunload", (event) => {
    if (queue.length) event.preventDefault();
  });

  const store = (D.store = {
    model: null,
    rows: [],
    sink: null,
    boot: start,
    row: (key) => byKey.get(key),
    decide,
    act,
    applied,
    undo,
    redo,
    on,
    poll,
    resync,
    retry: again,
    discard,
    insist,
    refused,
    isPending: (key) => pending(key),
    full,
    same,
    isDone,
    /** Say when the page must not be rebuilt: `fn()` is true while somebody writes. */
    holdWhile(fn) {
      hold = fn;
    },
    get unsaved() {
      return queue.length;
    },
    get canUndo() {
      return past.length > 0;
    },
    get canRedo() {
      return future.length > 0;
    },
    kept,
    keep,
  });
  D.words = words;
})();
