"use strict";
(() => {
  const root = document.documentElement;
  const rows = [...document.querySelectorAll("article.row")];
  const blocks = [...document.querySelectorAll("main > .block")];
  const tools = document.querySelector(".tools");
  const buttons = [...tools.querySelectorAll("button")];
  const search = tools.querySelector("input");
  const output = tools.querySelector("output");
  const nothing = document.querySelector(".nothing");
  const tip = document.getElementById("tip");
  let filter = "all";
  let here = null;

  root.classList.add("js");
  tools.hidden = false;
  document.querySelector(".keys").hidden = false;

  // ── Filter and search ──

  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const texts = new WeakMap();
  const textOf = (row) => {
    if (!texts.has(row)) {
      texts.set(row, plain([...row.querySelectorAll(".text, .version, .note")].map((part) => part.textContent).join("\n")));
    }
    return texts.get(row);
  };
  const passes = (row) =>
    filter === "all" ||
    (filter === "needs" && "needs" in row.dataset) ||
    (filter === "findings" && "findings" in row.dataset) ||
    row.dataset.state === filter;

  const apply = () => {
    const wanted = plain(search.value.trim());
    const narrowed = filter !== "all" || wanted !== "";
    let shown = 0;
    for (const row of rows) {
      row.hidden = narrowed && !(passes(row) && (wanted === "" || textOf(row).includes(wanted)));
      shown += !row.hidden;
    }
    for (const block of blocks) {
      block.hidden = narrowed && !block.querySelector("article.row:not([hidden])");
    }
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.filter === filter));
    }
    nothing.hidden = !narrowed || shown > 0;
    output.textContent = narrowed ? `${shown} shown` : "";
    hide();
  };

  tools.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) {
      filter = button.dataset.filter;
      apply();
    }
  });
  search.addEventListener("input", (event) => {
    if (!event.isComposing) apply();
  });
  search.addEventListener("compositionend", apply);

  // ── Keys ──

  const go = (step) => {
    const visible = rows.filter((row) => !row.hidden);
    if (!visible.length) return;
    const at = visible.indexOf(here);
    const next = at < 0 ? nearest(visible, step) : Math.min(visible.length - 1, Math.max(0, at + step));
    stand(visible[next]);
  };
  const nearest = (visible, step) => {
    if (here) {
      const after = visible.findIndex((row) => here.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING);
      return after < 0 ? visible.length - 1 : Math.max(0, step > 0 ? after : after - 1);
    }
    const top = document.querySelector(".bar").getBoundingClientRect().bottom;
    const first = visible.findIndex((row) => row.getBoundingClientRect().bottom > top);
    return Math.max(0, first);
  };
  const stand = (row) => {
    if (here) here.classList.remove("here");
    here = row;
    row.classList.add("here");
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  const write = "input, textarea, select, [contenteditable]";

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      leave(event);
      return;
    }
    if (event.target.closest?.(write)) return;
    const act = { j: () => go(1), k: () => go(-1), f: () => focusFilter(), "/": () => search.focus() }[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
  const focusFilter = () => buttons.find((button) => button.dataset.filter === filter).focus();
  const leave = (event) => {
    if (!tip.hidden) {
      hide();
    } else if (event.target === search) {
      search.value = "";
      apply();
      search.blur();
    }
  };
  tools.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = buttons.indexOf(event.target);
    if (step && at >= 0) buttons[(at + step + buttons.length) % buttons.length].focus();
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("article.row");
    if (row && row !== here) {
      if (here) here.classList.remove("here");
      here = row;
      row.classList.add("here");
    }
  });

  // ── The tip: one for the page, filled from the list of terms ──

  const told = ".term, .text a, .text .link, .text .image, .unseen";
  let owner = null;
  let waiting = 0;

  const tell = (mark) => {
    const parts = [];
    for (let part = mark; part && !part.classList.contains("text"); part = part.parentElement) {
      if (part.title) {
        part.dataset.title = part.title;
        part.removeAttribute("title");
      }
      if (part.dataset.g) {
        parts.push(...term(part));
      } else if (part.dataset.title) {
        parts.push(line("url", part.dataset.title));
      }
    }
    if (mark.matches("a, .link")) {
      for (const inner of new Map([...mark.querySelectorAll(".term")].map((t) => [t.dataset.g, t])).values()) {
        parts.unshift(...term(inner));
      }
    }
    return parts;
  };
  const term = (mark) => {
    mark.removeAttribute("title");
    const parts = [...document.getElementById(`g${mark.dataset.g}`).querySelectorAll("p:not(.uses)")].map((p) => p.cloneNode(true));
    if (mark.classList.contains("broken")) parts.push(line("bad", `✕ ${document.getElementById("broken").textContent}`));
    return parts;
  };
  const line = (name, text) => {
    const made = document.createElement("p");
    made.className = name;
    made.textContent = text;
    return made;
  };
  const place = () => {
    const boxes = owner.getClientRects();
    if (!boxes.length) return hide();
    const { width, height } = tip.getBoundingClientRect();
    const edge = 8;
    const last = boxes[boxes.length - 1];
    const below = last.bottom + edge + height <= window.innerHeight;
    const left = Math.min((below ? last : boxes[0]).left, root.clientWidth - width - edge);
    tip.style.left = `${Math.max(edge, left)}px`;
    tip.style.top = `${below ? last.bottom + edge : Math.max(edge, boxes[0].top - height - edge)}px`;
  };
  const partners = (on) => {
    if (!owner?.dataset.g) return;
    for (const other of owner.closest(".row").querySelectorAll(`.term[data-g="${owner.dataset.g}"]`)) {
      other.classList.toggle("partner", on);
    }
  };
  const show = (mark) => {
    clearTimeout(waiting);
    if (mark === owner) return;
    hide();
    const parts = tell(mark);
    if (!parts.length) return;
    owner = mark;
    tip.replaceChildren(...parts);
    tip.hidden = false;
    partners(true);
    place();
  };
  const hide = () => {
    clearTimeout(waiting);
    partners(false);
    owner = null;
    tip.hidden = true;
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(hide, 250);
  };

  document.addEventListener("mouseover", (event) => {
    const mark = event.target.closest?.(told);
    if (mark) show(mark);
    else if (event.target.closest?.("#tip")) clearTimeout(waiting);
    else if (owner && owner !== document.activeElement) soon();
  });
  document.addEventListener("focusin", (event) => {
    const mark = event.target.closest?.(told);
    if (mark) show(mark);
    else hide();
  });
  document.addEventListener("focusout", soon);
  window.addEventListener("scroll", () => owner && place(), { passive: true, capture: true });
  window.addEventListener("resize", () => owner && place());
})();
