"use strict";
// The page in a file: decisions are kept in this browser and in the page itself, and given back as a file.
(() => {
  const D = (window.duizhao ??= {});
  const word = (name, values) => D.words.get(name, values);
  const boot = JSON.parse(document.getElementById("boot").textContent);
  const block = document.getElementById("returned");
  const base = JSON.parse(block.textContent);
  const drawer = `duizhao:page:${base.page.made}`;

  // ── What is decided ──
  //
  // One decision for each segment: from what the page came with to what was decided last. A decision that was taken back
  // stays, with nothing left to decide, so that an older copy of it does not come back.

  const decided = new Map();
  let person = base.person;
  let taken = 0; // when the decisions were downloaded last
  let last = 0;
  let isKept = !D.isForgetful;

  const now = () => (last = Math.max(Date.now(), last + 1));
  const isOpen = ({ before, after }) => !D.store.same(before, after);
  const unsent = () => [...decided.values()].filter((one) => one.at > taken && (isOpen(one) || one.sent));
  /** Take decisions from another copy; of two about one segment the later stands. Gives those that were news. */
  const unite = (others) => {
    const news = [];
    for (const one of others) {
      const mine = decided.get(one.key);
      if (mine && mine.at >= one.at) continue;
      const made = { ...one, before: D.store.full(one.before), after: D.store.full(one.after) };
      decided.set(one.key, made);
      last = Math.max(last, one.at);
      news.push(made);
    }
    return news;
  };
  const stored = () => {
    try {
      return JSON.parse(localStorage.getItem(drawer) ?? "null");
    } catch {
      return null; // not ours
    }
  };
  const told = (all) => ({ ...base, person, decisions: [...decided.values()].filter((one) => all || isOpen(one)).map(plainly) });
  const plainly = ({ before, after, ...rest }) => ({ ...rest, before: lean(before), after: lean(after) });
  const lean = (stand) => {
    const empty = D.store.full();
    return Object.fromEntries(Object.entries(stand).filter(([name, value]) => value !== empty[name]));
  };
  const inScript = (value) => JSON.stringify(value).replaceAll("<", "\\u003c");

  /** Keep everything: in this browser, and in the page for who saves it by the browser's own menu. */
  const keep = () => {
    const mine = { ...told(true), taken };
    isKept = D.store.keep(drawer, JSON.stringify(mine)) && !D.isForgetful;
    block.textContent = inScript(told(true));
    showUnsent();
  };
  const record = (changes) => {
    for (const { id, key, source, before, after } of changes) {
      const known = decided.get(key);
      const first = known ? known.before : D.store.full(before);
      decided.set(key, { id: id ?? `${key}-${last}`, key, source, before: first, after: D.store.full(after), at: now(), sent: known?.sent ?? false });
    }
    keep();
  };

  // ── In place of the server ──

  const answered = (decisions) => decisions.map(({ id, key }) => ({ id, key, fate: "done", why: "" }));
  const isClean = (row) => row.stand.state === "draft" && row.stand.target && row.findings.every((finding) => finding.level === "info");
  const changeOf = (row, after) => ({ key: row.key, source: row.source, before: D.store.full(row.stand), after: D.store.full(after) });
  const VERBS = {
    clean: () => D.store.rows.filter(isClean).map((row) => changeOf(row, { ...row.stand, state: "approved", by: person, former: "", other: "" })),
    repeat: ({ key }) => {
      const said = D.store.row(key);
      const others = D.store.rows.filter((row) => row !== said && row.source === said.source && !D.store.isDone(row.stand) && row.stand.state !== "conflict");
      return others.map((row) => changeOf(row, { ...said.stand, note: row.stand.note }));
    },
  };
  const sink = {
    async send(decisions) {
      record(decisions);
      return answered(decisions);
    },
    async act(verb, body) {
      if (!(verb in VERBS)) throw new Error(word("told_server_only"));
      const changes = VERBS[verb](body);
      record(changes);
      return { changes, rows: [] };
    },
  };

  // ── Giving it back ──

  const name = (kind) => `${base.page.source.replace(/\.[^.]*$/, "")}.review.${kind}`;
  const give = (text, type, kind) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name(kind);
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    for (const one of decided.values()) one.sent = true;
    taken = last;
    keep();
  };
  const GIVE = {
    download: () => give(D.pageWith(inScript(told(false))), "text/html;charset=utf-8", "html"),
    changes: () => give(`${JSON.stringify(told(false), null, 1)}\n`, "application/json", "json"),
  };

  const unsaved = document.getElementById("unsaved");
  const showUnsent = () => {
    const n = unsent().length;
    unsaved.textContent = n ? word(isKept ? "unsaved_here" : "unkept_here", { n }) : "";
    unsaved.hidden = !n;
    unsaved.classList.toggle("bad", n > 0 && !isKept);
  };
  window.addEventListener("beforeunload", (event) => {
    if (unsent().length) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const act = event.target.closest?.("[data-act]")?.dataset.act;
    if (act in GIVE) GIVE[act]();
  });

  // ── What only a server can do ──

  const SERVER_ONLY = new Set(["d", "t", "h", "v", "P"]);
  const WRITING = "input, textarea, select, [contenteditable]:not([contenteditable='false']), .editor, dialog";
  window.addEventListener(
    "keydown",
    (event) => {
      if (event.isComposing || event.keyCode === 229 || event.altKey || event.metaKey) return;
      const isReplace = event.ctrlKey && event.key === "h";
      if ((event.ctrlKey && !isReplace) || !SERVER_ONLY.has(event.key)) return;
      if (event.target.closest?.(WRITING) || document.querySelector("dialog[open]")) return;
      event.stopImmediatePropagation();
      event.preventDefault();
      D.rows.say(word("told_server_only"), true);
    },
    true,
  );

  // ── Rows ──

  const isInBlock = (row) => row.i > 0 && D.store.rows[row.i - 1].block === row.block;
  /** Offer what can be done with a row as it stands now. */
  const dressActs = (row) => {
    const acts = D.rows.element(row)?.querySelector(":scope > .margin > .acts");
    if (!acts || acts.contains(document.activeElement)) return;
    const wanted = boot.acts[row.stand.state].filter((act) => act !== "join" || isInBlock(row));
    acts.replaceChildren(...wanted.map((act) => D.rows.button(act, act === "draft" ? "redraft" : act.replace("-", "_"))));
  };
  const near = (event) => {
    const element = event.target.closest?.("article.row");
    const row = element && D.rows.rowOf(element);
    if (row && !element.querySelector(":scope > .margin > .acts > *")) dressActs(row);
  };
  const put = (model) => {
    const rows = new Map(model.segments.map((row) => [row.key, row]));
    for (const one of decided.values()) {
      const row = rows.get(one.key);
      if (!row || !isOpen(one)) continue;
      if ((row.stand.target ?? "") !== one.after.target) Object.assign(row, { findings: [], marks: null });
      row.stand = one.after;
      row.needs = !D.store.isDone(row.stand) || row.findings.some((finding) => finding.level === "error");
    }
  };
  window.addEventListener("storage", (event) => {
    if (event.key !== drawer || !event.newValue) return;
    const news = unite(JSON.parse(event.newValue).decisions);
    if (!news.length) return;
    const changes = news.filter((one) => D.store.row(one.key)).map((one) => ({ key: one.key, source: one.source, before: D.store.row(one.key).stand, after: one.after }));
    D.store.applied({ changes, rows: [] });
    block.textContent = inScript(told(true));
    showUnsent();
    D.rows.say(word("elsewhere_here"), true);
  });

  // ── Beginning ──

  const signing = document.getElementById("person");
  const begin = async () => {
    unite(base.decisions);
    const kept = stored();
    taken = kept?.taken ?? base.decisions.reduce((latest, one) => Math.max(latest, one.at), 0);
    person = kept?.person || person || D.store.kept("duizhao:person") || "";
    unite(kept?.decisions ?? []);
    boot.model.person = person;
    put(boot.model);
    for (const part of document.querySelectorAll(".tools, .doing, .back")) part.hidden = false;
    signing.value = person;
    signing.addEventListener("change", () => {
      person = signing.value.trim();
      D.store.model.person = person;
      D.store.keep("duizhao:person", person);
      keep();
    });
    D.store.sink = sink;
    await D.app.start(boot.model);
    for (const one of decided.values()) if (isOpen(one) && D.store.row(one.key)) D.rows.refresh(D.store.row(one.key));
    D.store.on("row", dressActs);
    D.rows.on("here", dressActs);
    for (const event of ["pointerover", "focusin"]) document.addEventListener(event, near, { passive: true });
    D.store.on("unsaved", showUnsent);
    D.store.on("language", showUnsent);
    showUnsent();
  };
  begin();
})();
