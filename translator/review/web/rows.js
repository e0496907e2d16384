"use strict";
// The rows as they stand on the page: which are there, which one is the current one, what is shown beside them.
// With a server a post is read in chunks: those near the screen are there, the others are empty boxes of their height.
(() => {
  const D = (window.duizhao ??= {});
  const post = document.getElementById("post");
  const root = document.documentElement;
  const STATES = ["approved", "joined", "draft", "stale", "conflict", "untranslated"];
  const ICONS = { approved: "✓", joined: "⤴", draft: "◐", stale: "!", conflict: "⚠", untranslated: "○" };
  const JOINED = "⤴";
  const PERSONS = ["person", "memory"];
  const word = (name, values) => D.words.get(name, values);

  // ── Finding rows ──

  const elementOf = (row) => document.getElementById(`s${row.i + 1}`);
  const rowOf = (element) => D.store.row(element?.closest?.("article.row")?.dataset.key);
  const parse = (html, language = D.words.language) => {
    const template = document.createElement("template");
    template.innerHTML = html; // the server's own templates, everything of the post escaped in them
    if (language !== D.words.language) D.words.dress(template.content); // asked for before the language was changed
    return template.content;
  };
  const make = (name, className, ...inside) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...inside);
    return made;
  };
  /** Give a word of the interface as an element that can change its language. */
  const said = (name, values = {}, tag = "span") => {
    const made = make(tag, "", word(name, values));
    made.dataset.w = name;
    made.dataset.wValues = JSON.stringify(values);
    return made;
  };
  const button = (act, name, more = {}) => {
    const made = make("button", "");
    made.type = "button";
    made.dataset.act = act;
    made.dataset.w = name;
    made.textContent = word(name);
    Object.assign(made.dataset, more);
    return made;
  };

  // ── Scrolling ──

  const scrollerOf = () => {
    for (let part = post.parentElement; part && part !== document.body && part !== root; part = part.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(part).overflowY)) return part;
    }
    return document.scrollingElement;
  };
  const scroller = scrollerOf();
  const isWindow = scroller === document.scrollingElement;
  const view = () => {
    const box = isWindow ? { top: 0, bottom: window.innerHeight } : scroller.getBoundingClientRect();
    const bar = document.querySelector(".bar")?.getBoundingClientRect();
    return { top: bar && bar.top <= box.top + 1 && bar.bottom > box.top ? bar.bottom : box.top, bottom: box.bottom };
  };
  /** Change the page above or below what the person looks at without moving that. */
  const steady = (change, around) => {
    const anchor = anchorOf(around);
    const before = anchor?.getBoundingClientRect().top;
    change();
    const still = anchor?.isConnected ? anchor : anchor?.id && document.getElementById(anchor.id);
    if (!still) return;
    const moved = still.getBoundingClientRect().top - before;
    if (Math.abs(moved) >= 1) scroller.scrollBy({ top: moved, behavior: "instant" });
  };
  const anchorOf = (around) => {
    const { top, bottom } = view();
    const isSeen = (part) => {
      const box = part.getBoundingClientRect();
      return box.height > 0 && box.bottom > top && box.top < bottom;
    };
    const current = here && elementOf(here);
    if (current && !around?.contains(current) && isSeen(current)) return current;
    for (const piece of pieces) {
      if (piece.section === around || !isSeen(piece.section)) continue;
      for (const part of piece.section.querySelectorAll("article.row")) if (isSeen(part)) return part;
      return piece.section;
    }
    return null;
  };

  // ── Pieces: chunks of the post, or portions of what a filter leaves ──

  const PORTION = 40;
  const NEAR = 1500;
  const FAR = 6;
  const AT_ONCE = 2;
  let pieces = [];
  let near = null;
  let far = null;
  let loading = 0;
  let perWeight = 0; // pixels a row's weight takes, as measured
  const bySection = new Map();
  const isServed = () => Boolean(D.store.sink?.chunk);
  const weigh = (rows) => rows.reduce((sum, row) => sum + 1 + row.source.length / 40, 0);

  const piece = (section, n, rows, fetchHtml) => {
    const made = { section, n, rows, fetchHtml, weight: weigh(rows), isLoaded: section.childElementCount > 0, isLoading: null, isNear: false, isFar: false, isStale: false };
    bySection.set(section, made);
    return made;
  };
  const begin = (made) => {
    near?.disconnect();
    far?.disconnect();
    bySection.clear();
    for (const one of made) bySection.set(one.section, one);
    pieces = made;
    guess();
    if (!isServed()) return;
    near = new IntersectionObserver(seen, { root: isWindow ? null : scroller, rootMargin: `${NEAR}px 0px` });
    far = new IntersectionObserver(left, { root: isWindow ? null : scroller, rootMargin: `${FAR * 100}% 0px` });
    for (const one of pieces) {
      near.observe(one.section);
      far.observe(one.section);
    }
  };
  const seen = (changes) => {
    for (const { target, isIntersecting } of changes) {
      const one = bySection.get(target);
      if (one) one.isNear = isIntersecting;
    }
    fill();
  };
  const left = (changes) => {
    for (const { target, isIntersecting } of changes) {
      const one = bySection.get(target);
      if (one) one.isFar = !isIntersecting;
    }
    sweep();
  };
  /** Load what is near, what is nearest first. */
  const fill = () => {
    const middle = (view().top + view().bottom) / 2;
    const wanted = pieces.filter((one) => one.isNear && (!one.isLoaded || one.isStale) && !one.isLoading && !isWritten(one));
    const distance = new Map(wanted.map((one) => [one, Math.abs(one.section.getBoundingClientRect().top - middle)]));
    wanted.sort((a, b) => distance.get(a) - distance.get(b));
    for (const one of wanted.slice(0, Math.max(0, AT_ONCE - loading))) load(one).catch(() => {});
  };
  const sweep = () => {
    for (const one of pieces) if (one.isLoaded && one.isFar && !isHeld(one)) empty(one);
  };
  const isHeld = ({ section }) => {
    if (here && section.contains(elementOf(here))) return true;
    if (section.contains(document.activeElement) || section.querySelector(".editor")) return true;
    const selection = getSelection();
    return Boolean(selection && !selection.isCollapsed && selection.containsNode(section, true));
  };
  const empty = (one) => {
    const { height } = one.section.getBoundingClientRect();
    measure(one, height);
    one.section.style.minHeight = `${height}px`;
    one.section.replaceChildren();
    one.isLoaded = false;
    one.isMeasured = true;
  };
  const measure = (one, height) => {
    if (height && one.weight) perWeight = perWeight ? 0.8 * perWeight + (0.2 * height) / one.weight : height / one.weight;
  };
  /** Give boxes never filled the height they will about have. */
  const guess = () => {
    if (!isServed()) return;
    for (const one of pieces) if (one.isLoaded && !perWeight) measure(one, one.section.getBoundingClientRect().height);
    for (const one of pieces) if (!one.isLoaded && !one.isMeasured) one.section.style.minHeight = `${Math.round((perWeight || 90) * one.weight)}px`;
  };
  /** Have a piece's rows on the page; `isWanted` also where it is not near. */
  const load = (one, isWanted = false) => {
    if (isWanted) one.isWanted = true;
    if (one.isLoaded && !one.isStale) return Promise.resolve();
    one.isLoading ??= reading(one).finally(() => {
      one.isLoading = null;
      one.isWanted = false;
      fill();
    });
    return one.isLoading;
  };
  const reading = async (one) => {
    loading += 1;
    one.section.setAttribute("aria-busy", "true");
    one.isStale = false;
    const { language } = D.words;
    try {
      const html = await one.fetchHtml();
      if (!bySection.has(one.section)) return;
      if (one.isNear || one.isWanted || !one.isFar) put(one, parse(html, language));
    } catch (error) {
      one.isStale = one.isLoaded;
      await new Promise((resolve) => setTimeout(resolve, 1500)); // the server is away: not in a tight circle
      throw error;
    } finally {
      loading -= 1;
      one.section.removeAttribute("aria-busy");
    }
  };
  const isWritten = ({ section }) => section.querySelector(".editor") !== null;
  const put = (one, content) => {
    // an editor that is moved loses the focus, and what is typed on would be commands: read again when it is closed
    if (isWritten(one)) return void (one.isStale = true);
    steady(() => {
      const focus = focusIn(one.section);
      one.section.replaceChildren(content);
      one.section.style.minHeight = "";
      one.isLoaded = true;
      for (const row of one.rows) paint(row, true);
      focus?.();
    }, one.section);
    if (!one.isMeasured) measure(one, one.section.getBoundingClientRect().height);
  };
  /** Give what puts the focus back where it is, once the part is made anew. */
  const focusIn = (part) => {
    const active = document.activeElement;
    if (!part.contains(active) || active.closest(".editor")) return null;
    const id = active.closest("article.row")?.id;
    const act = active.dataset.act;
    return () => {
      const row = document.getElementById(id);
      if (!row || row.contains(document.activeElement)) return;
      (row.querySelector(`[data-act="${act}"]`) ?? row).focus({ preventScroll: true });
    };
  };

  // ── The whole post, or what a filter leaves of it ──

  let spec = {};
  let matching = null; // rows that the filter left when it was set, in the order asked for; null: all
  let ranks = null; // in another order than the post's: where each row stands
  let flat = null;
  const nothing = document.querySelector(".nothing");

  const visible = () => matching ?? D.store.rows;
  const chunkPieces = () => {
    const { chunks } = D.store.model;
    const sections = [...post.querySelectorAll(":scope > section.chunk")];
    return chunks.map(([from, to], n) => piece(sections[n], n, D.store.rows.slice(from, to), () => D.store.sink.chunk(n)));
  };
  /** Lay the post out anew, as after its shape changed. */
  const rebuild = () => {
    const { chunks } = D.store.model;
    for (const old of post.querySelectorAll(":scope > section.chunk")) old.remove();
    const fresh = chunks.map((_, n) => {
      const section = make("section", "chunk");
      section.dataset.chunk = n;
      return section;
    });
    post.prepend(...fresh);
    const current = here && D.store.row(here.key);
    here = current ?? null;
    matching = ranks = null;
    flat?.remove();
    flat = null;
    begin(chunkPieces());
    if (Object.keys(spec).length) filter(spec);
    if (here) stand(here, { center: true, quiet: true });
  };

  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const folded = new WeakMap();
  const textOf = (row) => {
    const { target, other, note } = row.stand;
    const written = `${target}\n${other}\n${note}`;
    const known = folded.get(row);
    if (known?.written === written && known.source === row.source) return known.text;
    const text = plain(`${row.source}\n${written}`);
    folded.set(row, { written, source: row.source, text });
    return text;
  };
  const TESTS = {
    state: (row, state) => row.stand.state === state,
    needs: (row) => row.needs,
    findings: (row) => row.findings.length > 0,
    check: (row, check) => row.findings.some((finding) => finding.check === check),
    term: (row, n) => row.terms.includes(Number(n)),
    note: (row) => row.stand.note !== "",
    text: (row, text) => textOf(row).includes(text),
  };
  const passes = (row, wanted) => wanted.every(([name, value]) => TESTS[name](row, value));

  /** Tell how sure the machine was of a draft; where it did not say comes after all others. */
  const sureness = ({ stand: { state, score } }) => (state === "draft" && score !== null ? score : 2);
  const knowsSureness = () => D.store.rows.some((row) => sureness(row) < 2);
  const fitting = (tests) => {
    const rows = tests.length ? D.store.rows.filter((row) => passes(row, tests)) : D.store.rows;
    return spec.order ? [...rows].sort((one, other) => sureness(one) - sureness(other)) : rows;
  };

  /**
   * Show only rows that fit: `{state, needs, findings, check, term, note, text}`; nothing given: all. With `order` the
   * drafts come first that the machine was least sure of; they stay where they are until it is asked for again.
   */
  const filter = (wanted = {}) => {
    spec = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value));
    const { order, ...rest } = spec;
    const tests = Object.entries({ ...rest, ...(rest.text ? { text: plain(rest.text.trim()) } : {}) });
    matching = tests.length || order ? fitting(tests) : null;
    ranks = order ? new Map(matching.map((row, n) => [row, n])) : null;
    hideTip();
    if (isServed()) layOut();
    else hideOthers();
    if (nothing) nothing.hidden = !matching || matching.length > 0;
    const was = here ?? D.store.row(lastKey);
    if (!matching && was) stand(was, { center: true, quiet: true, keepFocus: true });
    else if (matching && !matching.includes(here)) leave();
    listen("filter", matching);
    return visible();
  };
  const layOut = () => {
    for (const one of pieces) if (one.isLoaded && bySection.has(one.section)) empty(one);
    flat?.remove();
    flat = null;
    const chunks = [...post.querySelectorAll(":scope > section.chunk")];
    for (const section of chunks) section.hidden = matching !== null;
    if (!matching) return begin(remembered());
    flat = make("div", "flat");
    post.prepend(flat);
    const made = [];
    for (let at = 0; at < matching.length; at += PORTION) {
      const rows = matching.slice(at, at + PORTION);
      const section = make("section", "chunk");
      flat.append(section);
      made.push(piece(section, made.length, rows, () => rowsHtml(rows)));
    }
    begin(made);
    scroller.scrollTo({ top: isWindow ? Math.min(scroller.scrollTop, post.getBoundingClientRect().top + scroller.scrollTop) : 0, behavior: "instant" });
  };
  const remembered = () => {
    const made = chunkPieces();
    for (const one of made) one.isMeasured = one.section.style.minHeight !== "";
    return made;
  };
  const rowsHtml = async (rows) => {
    const answer = await D.store.sink.some(rows.map((row) => row.i));
    return answer.map((row) => `<section class="block prose paragraph">${row.html}</section>`).join("");
  };
  /** A page that is whole hides what does not fit where it stands. */
  const hideOthers = () => {
    goHome();
    if (ranks) gather();
    const kept = matching && new Set(matching.map((row) => row.key));
    for (const article of post.querySelectorAll("article.row")) article.hidden = Boolean(kept && !kept.has(article.dataset.key));
    for (const block of post.querySelectorAll("section.block")) block.hidden = Boolean(kept && !block.querySelector("article.row:not([hidden])"));
  };

  const homes = new Map(); // key → what holds a row's place while it is shown in another order
  const gather = () => {
    flat = make("div", "flat");
    for (const row of matching) {
      const article = elementOf(row);
      const home = document.createComment("");
      article.replaceWith(home);
      homes.set(row.key, home);
      flat.append(make("section", "block prose paragraph", article));
    }
    post.prepend(flat);
  };
  const goHome = () => {
    for (const [key, home] of homes) home.replaceWith(elementOf(D.store.row(key)));
    homes.clear();
    flat?.remove();
    flat = null;
  };

  // ── The current row ──

  let here = null;
  let lastKey = ""; // where the person was before a filter left that out

  const isAlone = (element) => element.closest("[hidden]") === null;
  const leave = () => {
    if (here) mark(elementOf(here), false);
    lastKey = here?.key ?? lastKey;
    here = null;
  };
  const mark = (element, on) => {
    element?.classList.toggle("here", on);
    if (on) element?.setAttribute("aria-current", "true");
    else element?.removeAttribute("aria-current");
  };
  /** Make a row the current one, wherever it is. */
  const stand = async (row, { center = false, quiet = false, keepFocus = false } = {}) => {
    const isNew = here !== row;
    if (isNew) {
      if (here) mark(elementOf(here), false);
      here = row;
    }
    let element = elementOf(row);
    if (!element || !isAlone(element)) {
      const one = pieces.find((some) => some.rows.includes(row));
      if (!one) return null;
      if (!keepFocus) post.focus({ preventScroll: true }); // keys pressed meanwhile are for the rows
      one.section.scrollIntoView({ block: "start", behavior: "instant" });
      await load(one, true);
      if (here !== row) return null; // moved on meanwhile
      element = elementOf(row);
      if (!element) return null;
      center = true;
    }
    mark(element, true);
    if (!keepFocus && !element.contains(document.activeElement)) element.focus({ preventScroll: true });
    reveal(element, center);
    if (isNew) {
      listen("here", row);
      if (!quiet) tellFindings(row);
      matchesSoon(row);
      sweep();
    }
    return element;
  };
  const reveal = (element, center) => {
    const box = element.getBoundingClientRect();
    const { top, bottom } = view();
    if (center && (box.top < top || box.bottom > bottom)) {
      const middle = top + Math.max(8, (bottom - top - box.height) / 3);
      scroller.scrollBy({ top: box.top - middle, behavior: "instant" });
    } else element.scrollIntoView({ block: "nearest", behavior: "instant" });
  };
  const tellFindings = (row) => {
    const n = row.findings.length;
    if (n) say(`${word("findings")}: ${n}`);
  };
  const show = (key) => {
    const row = D.store.row(key);
    if (!row) return Promise.resolve(null);
    if (matching && !matching.includes(row)) {
      filter({ order: spec.order });
      listen("unfiltered");
    }
    return stand(row, { center: true });
  };

  const firstSeen = () => {
    const { top, bottom } = view();
    for (const one of pieces) {
      const box = one.section.getBoundingClientRect();
      if (box.bottom <= top || box.top >= bottom) continue;
      for (const element of one.section.querySelectorAll("article.row")) {
        if (element.getBoundingClientRect().bottom > top && isAlone(element)) return rowOf(element);
      }
    }
    return null;
  };
  /** Go on in what is shown; stays at the ends. */
  const go = (step) => {
    const rows = visible();
    if (!rows.length) return null;
    const at = here ? place(rows, here) : -1;
    if (at < 0) {
      const row = firstSeen();
      return stand(row && rows.includes(row) ? row : rows[0]);
    }
    const next = Math.min(rows.length - 1, Math.max(0, at + step));
    if (next === at && rows[at] === here) say(word(step > 0 ? "told_last" : "told_first"));
    return stand(rows[next]);
  };
  /** Give where a row stands in an ordered list; where it is not there, the place before which it would. */
  const place = (rows, row) => {
    if (ranks) return Math.max(0, rankOf(row));
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle].i < row.i) low = middle + 1;
      else high = middle;
    }
    return Math.min(low, rows.length - 1);
  };
  const rankOf = (row) => (ranks ? ranks.get(row) ?? -1 : row.i);
  /** Go to the next row that needs a person, from the other end where there is none that way. */
  const goNeeding = (step) => {
    const rows = visible();
    const from = here ? rankOf(here) : step > 0 ? -1 : Infinity;
    const wanting = rows.filter((row) => row.needs && row !== here);
    if (!wanting.length) {
      if (!here?.needs) say(word("told_nothing_needs"), true);
      return null;
    }
    const ahead = step > 0 ? wanting.find((row) => rankOf(row) > from) : wanting.findLast((row) => rankOf(row) < from);
    if (!ahead) say(word(step > 0 ? "told_from_top" : "told_from_end"), true);
    return stand(ahead ?? (step > 0 ? wanting[0] : wanting[wanting.length - 1]));
  };

  // Where the focus goes, one is. Not before the pointer is up: what a row shows only while one is there would go, and
  // the button that is pressed would be somewhere else when it is let go.
  let isPressed = false;
  let entered = null;
  const enter = (row) => {
    entered = null;
    if (!row || row === here) return;
    const element = elementOf(row);
    const from = here && elementOf(here);
    here = row;
    const top = element?.getBoundingClientRect().top;
    mark(from, false);
    mark(element, true);
    const moved = element ? element.getBoundingClientRect().top - top : 0;
    if (Math.abs(moved) >= 1) scroller.scrollBy({ top: moved, behavior: "instant" });
    listen("here", row);
    matchesSoon(row);
  };
  document.addEventListener("focusin", ({ target }) => {
    const row = rowOf(target);
    if (isPressed) entered = row;
    else enter(row);
  });
  document.addEventListener("pointerdown", () => (isPressed = true), true);
  post.addEventListener("mousedown", (event) => {
    if (event.target.closest("[data-act]")) event.preventDefault(); // likewise: it is pressed, not entered
  });
  for (const event of ["pointerup", "pointercancel"]) {
    document.addEventListener(
      event,
      () => {
        isPressed = false;
        setTimeout(() => enter(entered)); // after the click
      },
      true,
    );
  }
  // a key right behind the click is for the row that was clicked
  document.addEventListener("keydown", () => !isPressed && entered && enter(entered), true);

  // ── One row ──

  const isPending = (row) => D.store.isPending(row.key);
  const kindOf = (stand_) => (stand_.state === "draft" && stand_.target && !PERSONS.includes(stand_.origin) ? "machine_draft" : stand_.state);

  /** Show a row as it stands: the server's own HTML, or at once what was decided here. */
  const refresh = (row) => {
    if (row.html && elementOf(row)) return refreshSoon(row);
    return refreshNow(row);
  };
  // What one answer brings is shown at once: the page is laid out once for all of it.
  const fresh = new Set();
  const refreshSoon = (row) => {
    if (!fresh.size) {
      queueMicrotask(() => {
        const rows = [...fresh];
        fresh.clear();
        steady(() => rows.forEach(refreshNow));
      });
    }
    fresh.add(row);
  };
  const refreshNow = (row) => {
    links.delete(row.key);
    const element = elementOf(row);
    if (!element) return void delete row.html;
    if (element.querySelector(".editor")) return void (row.isLater = true);
    if (row.html) replaceRow(row, element);
    else if (isPending(row) || !isServed()) dress(row, element);
    else again(element);
    delete row.html;
    paint(row, false);
  };
  const replaceRow = (row, element) => {
    const made = parse(row.html).querySelector("article.row");
    if (!made) return;
    const matches = element.querySelector(".matches");
    const focus = focusIn(element);
    if (element.classList.contains("first")) made.classList.add("first");
    made.hidden = element.hidden;
    element.replaceWith(made);
    if (matches && row.needs) made.querySelector(".side.en .words")?.append(matches);
    focus?.();
  };
  /** A row came without its HTML: its piece is read again. */
  const again = (element) => {
    const one = bySection.get(element.closest("section.chunk"));
    if (!one) return;
    one.isStale = true;
    clearTimeout(one.timer);
    one.timer = setTimeout(fill, 50);
  };
  const dress = (row, element) => {
    const { state } = row.stand;
    element.classList.remove(...STATES);
    element.classList.add(state);
    element.dataset.state = state;
    element.toggleAttribute("data-needs", row.needs);
    element.toggleAttribute("data-findings", row.findings.length > 0);
    element.dataset.wLabel = `segment_${kindOf(row.stand)}`;
    element.dataset.wValues = JSON.stringify({ n: row.i + 1 });
    element.setAttribute("aria-label", word(element.dataset.wLabel, { n: row.i + 1 }));
    dressBadge(row, element);
    dressText(row, element);
    dressNote(row, element);
    if (!row.findings.length) element.querySelector(".findings")?.remove();
    if (!row.stand.former) element.querySelector(".former")?.remove();
  };
  const dressBadge = (row, element) => {
    const line = element.querySelector(".margin .state");
    if (!line) return;
    const icon = make("span", "icon", ICONS[row.stand.state]);
    icon.setAttribute("aria-hidden", "true");
    line.replaceChildren(make("span", "badge", icon, said(kindOf(row.stand))));
    if (D.store.isDone(row.stand) && row.stand.by) line.append(" ", said("by", { by: row.stand.by }));
  };
  const dressText = (row, element) => {
    const { target, state, other } = row.stand;
    const words = element.querySelector(".side.en .words");
    const shown = words?.querySelector(":scope > .text");
    const look = `${state === "conflict" ? `${other}\n` : ""}${target}`;
    if (!words || element.dataset.shows === look || (!("shows" in element.dataset) && row.sawText === look)) return;
    const fresh = textFor(row);
    if (shown) shown.replaceWith(fresh);
    else words.append(fresh);
    element.dataset.shows = look;
  };
  const textFor = (row) => {
    const { target, state, other } = row.stand;
    if (state === "conflict") return make("div", "text versions", version("in_record", target), version("in_english", other));
    if (target === JOINED || !target) {
      const name = target ? "said_above" : "not_translated";
      const made = make("div", "text absent", word(name));
      made.dataset.w = name;
      return made;
    }
    return make("div", "text", ...shownText(target, row.marks ?? D.editor?.scan?.(target, row.codec) ?? []));
  };
  const TAGS = { strong: "strong", em: "em", strike: "s", code: "code", math: "code", tag: "code" };
  /** Give a text lightly shown until the server's own HTML comes: bold is bold, delimiters are not seen. */
  const shownText = (text, marks) => {
    const top = document.createDocumentFragment();
    const inside = [top];
    for (const { type, kind, literal } of D.editor?.pieces?.(text, marks) ?? [{ type: "text", literal: text }]) {
      if (type === "open") {
        const made = make(TAGS[kind] ?? "span", kind === "link" ? "link" : "");
        inside.at(-1).append(made);
        inside.push(made);
      } else if (type === "close") inside.length > 1 && inside.pop();
      else if (type === "atom") inside.at(-1).append(kind in TAGS ? make(TAGS[kind], "", literal.replace(/^`+|`+$/g, "")) : literal);
      else inside.at(-1).append(literal);
    }
    return [top];
  };
  const version = (name, text) => make("p", "version", make("span", "label", word(name, { file: D.store.model.post.target_name })), text || word("empty"));
  const dressNote = (row, element) => {
    const shown = element.querySelector(".margin .note");
    if (!row.stand.note) return shown?.remove();
    const fresh = make("p", "note", said("the_note", {}, "b"), " ", row.stand.note);
    if (shown) shown.replaceWith(fresh);
    else element.querySelector(".margin")?.append(fresh);
  };

  /** Put on a row what only this page knows: that it is the current one, on its way, or refused. */
  const paint = (row, isFresh) => {
    const element = elementOf(row);
    if (!element) return;
    if (isFresh && isPending(row)) dress(row, element);
    element.classList.toggle("saving", isPending(row));
    if (row === here) mark(element, true);
    paintRefused(row, element);
  };
  const paintRefused = (row, element) => {
    const entries = D.store.refused(row.key);
    element.querySelector(".unsaved")?.remove();
    if (!entries.length) return;
    const box = make("div", "unsaved");
    for (const entry of entries) box.append(refusedBox(entry));
    element.querySelector(".side.en .words")?.append(box);
  };
  const refusedBox = (entry) => {
    const text = make("p", "version", make("span", "label", word("not_saved")), entry.after.target || word("empty"));
    text.lang = "en";
    const why = make("p", "why", entry.refused);
    const acts = make("p", "acts", D.store.row(entry.key) ? button("insist", "use_mine", { id: entry.id }) : "", button("discard", "discard", { id: entry.id }));
    return make("div", "refused", text, why, acts);
  };
  /** What was refused for segments that are no longer in the post stands above it. */
  const paintLost = () => {
    const lost = D.store.refused().filter((entry) => !D.store.row(entry.key));
    post.querySelector(":scope > .lost")?.remove();
    if (!lost.length) return;
    const box = make("section", "lost unsaved", make("p", "label", word("not_saved_gone")));
    for (const entry of lost) {
      const source = make("p", "source", entry.source);
      source.lang = "zh-Hans";
      box.append(source, refusedBox(entry));
    }
    post.prepend(box);
  };

  // ── What the memory and the engine know of a row ──

  const REST = 400;
  const links = new Map(); // key → promise of {matches, links}
  let resting = 0;

  const known = (row) => {
    if (!links.has(row.key)) {
      const asked = D.store.sink.segment(row.key).catch(() => {
        links.delete(row.key);
        return { matches: [], links: [] };
      });
      links.set(row.key, asked);
    }
    return links.get(row.key);
  };
  const matchesSoon = (row) => {
    clearTimeout(resting);
    if (!D.store.sink?.segment) return;
    resting = setTimeout(async () => {
      if (row !== here || !row.needs || row.stand.state === "conflict") return;
      const { matches } = await known(row);
      if (row === here) showMatches(row, (matches ?? []).filter((match) => match.target !== row.stand.target).slice(0, 5));
    }, REST);
  };
  const showMatches = (row, matches) => {
    const element = elementOf(row);
    if (!element || element.querySelector(".editor")) return;
    element.querySelector(".matches")?.remove();
    row.matches = matches;
    if (!matches.length) return;
    const title = make("p", "label", word("matches"));
    title.dataset.w = "matches";
    const list = make("ol", "");
    matches.forEach((match, n) => list.append(matchItem(match, n)));
    const box = make("div", "matches", title, list);
    steady(() => element.querySelector(".side.en .words")?.append(box), element);
  };
  const matchItem = (match, n) => {
    const source = make("p", "source", parse(match.source_html));
    source.lang = "zh-Hans";
    const target = make("p", "target", match.target);
    target.lang = "en";
    const about = make("p", "about", word("match_title", { percent: Math.round(match.ratio * 100), path: match.path }));
    const use = button("match", "use_match", { n: String(n) });
    use.title = `${n + 1}`;
    return make("li", "", source, target, make("p", "acts", use, " ", about.textContent));
  };

  // ── Words and what says them on the other side ──

  const canLight = Boolean(window.CSS?.highlights && window.Highlight);
  let pointed = 0;

  document.addEventListener(
    "pointermove",
    (event) => {
      if (!canLight || event.pointerType === "touch" || !D.store.sink?.segment) return;
      clearTimeout(pointed);
      if (!event.target.closest?.(".row .text, .row .version")) return unlight();
      pointed = setTimeout(() => light(event.clientX, event.clientY), 300);
    },
    { passive: true },
  );
  const unlight = () => canLight && CSS.highlights.delete("linked");
  const caretAt = (x, y) => {
    if (document.caretPositionFromPoint) {
      const at = document.caretPositionFromPoint(x, y);
      return at && { node: at.offsetNode, offset: at.offset };
    }
    const range = document.caretRangeFromPoint?.(x, y);
    return range && { node: range.startContainer, offset: range.startOffset };
  };
  const light = async (x, y) => {
    const caret = caretAt(x, y);
    const text = caret?.node.parentElement?.closest(".side .text");
    const row = rowOf(text);
    if (!row || text.querySelector(".version") || text.classList.contains("absent")) return;
    const isSource = text.closest(".side").classList.contains("zh");
    const told = await known(row);
    if (!text.isConnected || !told.links?.length) return;
    const at = offsetIn(text, caret, isSource ? row.source : row.stand.target, isSource ? row.sourceMarks : row.marks);
    const hits = told.links.filter(([s0, s1, t0, t1]) => (isSource ? at >= s0 && at < s1 : at >= t0 && at < t1));
    const element = text.closest("article.row");
    const sides = [
      [element.querySelector(".side.zh .text"), row.source, row.sourceMarks, 0],
      [element.querySelector(".side.en .text"), row.stand.target, row.marks, 2],
    ];
    const ranges = hits.flatMap((hit) => sides.flatMap(([side, md, marks, o]) => (side ? rangesOf(side, md, marks, hit[o], hit[o + 1]) : [])));
    if (ranges.length) CSS.highlights.set("linked", new Highlight(...ranges));
    else unlight();
  };
  /** Pair every character shown with the place in the Markdown that it stands for; what is only markup is skipped. */
  const places = (text, markdown, marks) => {
    const isMarkup = new Uint8Array(markdown.length);
    for (const [, start, end, from, to] of marks ?? []) {
      if (from < 0) continue;
      isMarkup.fill(1, start, from);
      isMarkup.fill(1, to, end);
    }
    const shown = [];
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    let at = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (let offset = 0; offset < node.data.length; offset += 1) {
        let next = at;
        while (next < markdown.length && (isMarkup[next] || markdown[next] !== node.data[offset])) next += 1;
        if (next >= markdown.length || next > at + 400) continue; // a word of ours, not of the text
        shown.push({ node, offset, at: next });
        at = next + 1;
      }
    }
    return shown;
  };
  const offsetIn = (text, caret, markdown, marks) => {
    const found = places(text, markdown, marks).find(({ node, offset }) => node === caret.node && offset >= caret.offset);
    return found ? found.at : -1;
  };
  const rangesOf = (text, markdown, marks, from, to) => {
    const ranges = [];
    let last = null;
    for (const one of places(text, markdown, marks)) {
      if (one.at < from || one.at >= to) continue;
      if (last?.endContainer === one.node && last.endOffset === one.offset) last.setEnd(one.node, one.offset + 1);
      else {
        last = document.createRange();
        last.setStart(one.node, one.offset);
        last.setEnd(one.node, one.offset + 1);
        ranges.push(last);
      }
    }
    return ranges;
  };

  // ── The tip: one for the page ──

  const TOLD = ".term, .text a, .text .link, .text .image, .unseen";
  const tip = document.getElementById("tip") ?? document.body.appendChild(Object.assign(make("div", ""), { id: "tip", hidden: true }));
  let owner = null;
  let waiting = 0;

  const tell = (part) => {
    const parts = [];
    for (let one = part; one && !one.classList.contains("text"); one = one.parentElement) {
      if (one.title) {
        one.dataset.title = one.title;
        one.removeAttribute("title");
      }
      if (one.dataset.g) parts.push(...term(one));
      else if (one.dataset.title) parts.push(make("p", "url", one.dataset.title));
    }
    if (part.matches("a, .link")) {
      for (const inner of new Map([...part.querySelectorAll(".term")].map((one) => [one.dataset.g, one])).values()) parts.unshift(...term(inner));
    }
    return parts;
  };
  const term = (part) => {
    part.removeAttribute("title");
    const entry = D.store.model?.terms.find((one) => String(one.n) === part.dataset.g);
    if (!entry) return [];
    const source = make("span", "", entry.term);
    source.lang = "zh-Hans";
    const target = make("b", "", entry.translation);
    target.lang = "en";
    const parts = [make("p", "", source, " → ", target)];
    if (entry.note) parts.push(make("p", "why", entry.note));
    if (part.classList.contains("broken")) parts.push(make("p", "bad", `✕ ${word("broken_term")}`));
    return parts;
  };
  const placeTip = () => {
    const boxes = owner.getClientRects();
    if (!boxes.length) return hideTip();
    const { width, height } = tip.getBoundingClientRect();
    const edge = 8;
    const last = boxes[boxes.length - 1];
    const below = last.bottom + edge + height <= window.innerHeight;
    const start = Math.min((below ? last : boxes[0]).left, root.clientWidth - width - edge);
    tip.style.left = `${Math.max(edge, start)}px`;
    tip.style.top = `${below ? last.bottom + edge : Math.max(edge, boxes[0].top - height - edge)}px`;
  };
  const partners = (on) => {
    if (!owner?.dataset.g) return;
    for (const other of owner.closest(".row")?.querySelectorAll(`.term[data-g="${CSS.escape(owner.dataset.g)}"]`) ?? []) other.classList.toggle("partner", on);
  };
  const showTip = (part) => {
    clearTimeout(waiting);
    if (part === owner) return;
    hideTip();
    const parts = tell(part);
    if (!parts.length) return;
    owner = part;
    tip.replaceChildren(...parts);
    tip.hidden = false;
    partners(true);
    placeTip();
  };
  const hideTip = () => {
    clearTimeout(waiting);
    partners(false);
    owner = null;
    tip.hidden = true;
  };
  const hideSoon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(hideTip, 250);
  };
  document.addEventListener("mouseover", (event) => {
    const part = event.target.closest?.(TOLD);
    if (part && !part.closest(".editor")) showTip(part);
    else if (event.target.closest?.("#tip")) clearTimeout(waiting);
    else if (owner && owner !== document.activeElement) hideSoon();
  });
  document.addEventListener("focusin", (event) => {
    const part = event.target.closest?.(TOLD);
    if (part && !part.closest(".editor")) showTip(part);
    else hideTip();
  });
  document.addEventListener("focusout", hideSoon);
  window.addEventListener("scroll", () => owner && placeTip(), { passive: true, capture: true });
  window.addEventListener("resize", () => owner && placeTip());

  // ── Saying ──

  const told = document.getElementById("said") ?? document.body.appendChild(Object.assign(make("p", "hidden"), { id: "said" }));
  told.setAttribute("role", "status");
  const toast = document.getElementById("toast");
  let fading = 0;

  /** Say something shortly; `isShown`: to everybody, else only to who listens. */
  const say = (text, isShown = false, act = null) => {
    if (!isShown || !toast) {
      told.textContent = text;
      return;
    }
    clearTimeout(fading);
    toast.replaceChildren(text, ...(act ? [" ", act] : []));
    toast.hidden = false;
    fading = setTimeout(() => {
      toast.replaceChildren();
      toast.hidden = true;
    }, Math.max(4000, text.length * 80));
  };

  // ── Beginning ──

  const listeners = new Map();
  const on = (event, fn) => {
    if (!listeners.has(event)) listeners.set(event, new Set());
    listeners.get(event).add(fn);
  };
  const listen = (event, ...given) => {
    for (const fn of listeners.get(event) ?? []) fn(...given);
  };

  /** Take over the rows that the page came with. */
  const boot = () => {
    root.classList.add("js");
    const sections = post.querySelectorAll(":scope > section.chunk");
    if (isServed() && sections.length === D.store.model.chunks.length) begin(chunkPieces());
    else if (isServed()) rebuild();
    D.store.on("row", refresh);
    D.store.on("refused", paintLost);
    D.store.on("reload", rebuild);
    for (const row of D.store.rows) if (isPending(row)) refresh(row);
    paintLost();
  };
  /** After the editor has closed: show what came meanwhile. */
  const closed = (row) => {
    fill();
    if (!row.isLater) return;
    row.isLater = false;
    if (isServed() && !row.html && !isPending(row)) again(elementOf(row) ?? post);
    else refresh(row);
  };

  D.rows = { boot, on, here: () => here, go, goNeeding, show, stand, refresh, closed, visible, filter, knowsSureness, element: elementOf, say, button, passes, textOf, rowOf, get spec() { return spec; }, hideTip };
})();
