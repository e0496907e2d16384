"use strict";

// The editor of one row's English.
//
//     text, marks ─pieces→ text and chips ─Field→ a contenteditable, read back as the same text
//
// Text is text: what a person types is Markdown, taken as typed. A chip stands for markup that was there and carries its
// literal; it can be moved and taken out whole, and no edit breaks it. Laws: pieces joined by their literals are the
// text; after any edit every chip stands there once, and pairs nest.

(() => {
  const D = (window.duizhao ??= {});

  const SPELLINGS = new Set(["escape", "entity", "break"]);
  // Markup that is only a way to spell a character: stays text.
  const FILLERS = ["\u2060", "\u200b", "\ufeff", "\u2061", "\u2062", "\u2063", "\u2064"];
  // A gap between chips must hold something for a caret to stand in; the first of these that the text has not.
  const LINE_ENDS = /[ \t]*(?:\r\n|[\n\r\v\f\u0085\u2028\u2029])\s*/g;
  const CONTROLS = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g;
  const PAUSE = 1000; // Milliseconds after which typing is a step of its own for undo.
  const KEEP_AFTER = 300; // Milliseconds after the last key until unsaved text is stored.
  const KEPT = "duizhao:editing:";
  const MOST_KEPT = 50;

  // ── Pieces ──

  // Cut a text by its marks. Marks that are no markup here (crossing, out of range, half empty) are left as text.
  function pieces(text, marks) {
    const found = [];
    const open = []; // Closing halves that are still to come, innermost last.
    let at = 0;
    const take = (type, end, more) => {
      if (end > at) found.push({ type, literal: text.slice(at, end), ...more });
      at = Math.max(at, end);
    };
    const close = (start) => {
      while (open.length && open.at(-1).from <= start) {
        const { from, end, kind, pair } = open.pop();
        take("text", from);
        take("close", end, { kind, pair });
      }
    };
    proper(text, marks).forEach(([kind, start, end, from, to], pair) => {
      close(start);
      take("text", start);
      if (from < 0) take("atom", end, { kind, pair });
      else {
        take("open", from, { kind, pair });
        open.push({ from: to, end, kind, pair });
      }
    });
    close(text.length);
    take("text", text.length);
    return found;
  }

  // Give the marks that nest, outer before inner; what stands inside an atom belongs to it.
  function proper(text, marks) {
    const inside = [{ start: 0, end: text.length }]; // Where the next mark may stand.
    const sorted = marks.filter((mark) => isWhole(text, mark)).sort((a, b) => a[1] - b[1] || b[2] - a[2]);
    return sorted.filter(([, start, end, from, to]) => {
      while (inside.length > 1 && inside.at(-1).after <= start) inside.pop();
      const room = inside.at(-1);
      if (start < room.start || end > room.end) return false;
      inside.push(from < 0 ? { start: end, end, after: end } : { start: from, end: to, after: end });
      return true;
    });
  }

  function isWhole(text, [kind, start, end, from, to]) {
    if (SPELLINGS.has(kind) || !(start >= 0 && start < end && end <= text.length)) return false;
    return from < 0 || (start < from && from <= to && to < end);
  }

  const joined = (parts) => parts.map((piece) => piece.literal).join("");

  // Give the marks of pieces: `pieces(joined(parts), marksOf(parts))` are the same pieces.
  function marksOf(parts) {
    const marks = [];
    const open = new Map();
    let at = 0;
    for (const { type, kind, pair, literal } of parts) {
      const end = at + literal.length;
      if (type === "atom") marks.push([kind, at, end, -1, -1]);
      if (type === "open") {
        const mark = [kind, at, -1, end, -1];
        marks.push(mark);
        open.set(pair, mark);
      }
      if (type === "close") {
        open.get(pair)[4] = at;
        open.get(pair)[2] = end;
      }
      at = end;
    }
    return marks;
  }

  // ── Reading Markdown back ──

  const ATOMS = [
    ["escape", /\\[!-/:-@[-`{-~]/y],
    ["code", /(`+)(?!`).*?[^`]\1(?!`)|(`+)(?!`)[^`]\2(?!`)/y],
    ["math", /\$\$[^$]+\$\$|\$(?![\s$])(?:\\.|[^$\\])*?[^\s\\$]\$(?!\d)|\$[^\s\\$]\$(?!\d)/y],
    ["tag", /\{%.*?%\}|\{\{.*?\}\}/y],
    ["autolink", /<[a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^\s<>]*>|<[\w.+-]+@[\w.-]+>/y],
    ["html", /<!-{2}.*?-{2}>|<\/?[a-zA-Z][^<>]*>/y],
    ["footnote", /\[\^[^\]\s]+\]/y],
    ["image", /!\[[^[\]]*\]\((?:<[^<>]*>|(?:[^\s()<>]|\([^\s()<>]*\))*)(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)/y],
  ];
  const LINK_END = /\]\(\s*(?:<[^<>]*>|(?:[^\s()<>]|\([^\s()<>]*\))*)(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)/y;
  const WIDE = /[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/;
  const SIGN = /[\p{P}\p{S}]/u;

  // Find the marks of a text that a person wrote as Markdown; whatever is in doubt stays text.
  function scan(text, codec = "markdown") {
    const kinds = codec === "markdown" ? ATOMS : codec === "html" ? ATOMS.filter(([kind]) => kind === "html") : [];
    const marks = [];
    const waiting = []; // Openings: runs of `*` and `~`, and brackets.
    for (let at = 0; at < text.length; ) {
      const atom = kinds.length ? atomAt(text, at, kinds) : null;
      if (atom) {
        if (!SPELLINGS.has(atom[0])) marks.push(atom);
        at = atom[2];
      } else if (codec === "markdown") at = scanPair(text, at, marks, waiting);
      else at += 1;
    }
    return proper(text, marks);
  }

  function atomAt(text, at, kinds) {
    for (const [kind, pattern] of kinds) {
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      if (found) return [kind, at, at + found[0].length, -1, -1];
    }
    return null;
  }

  // Take one step through what may open or close a pair; give where to go on.
  function scanPair(text, at, marks, waiting) {
    const sign = text[at];
    if (sign === "[") {
      waiting.push({ sign, start: at, end: at + 1 });
      return at + 1;
    }
    if (sign === "]") return scanLink(text, at, marks, waiting);
    if (sign !== "*" && sign !== "~") return at + 1;
    let end = at;
    while (text[end] === sign) end += 1;
    scanRun(text, { sign, start: at, end }, marks, waiting);
    return end;
  }

  function scanLink(text, at, marks, waiting) {
    const opener = waiting.findLastIndex((one) => one.sign === "[");
    LINK_END.lastIndex = at;
    const found = LINK_END.exec(text);
    if (opener < 0) return at + 1;
    const [bracket] = waiting.splice(opener); // Emphasis that opened inside may not close outside.
    if (!found) return at + 1;
    const end = at + found[0].length;
    const nested = marks.some(([kind, start]) => kind === "link" && start > bracket.start);
    if (!nested) marks.push(["link", bracket.start, end, bracket.end, at]);
    return end;
  }

  const RUNS = { "*": "em", "**": "strong", "~~": "strike" };

  // Pair a run with the nearest one just like it; runs of other lengths stay text, but `***` is `**` and `*`.
  function scanRun(text, run, marks, waiting) {
    const { opens, closes } = flanks(text, run);
    const signs = text.slice(run.start, run.end);
    const after = waiting.findLastIndex((one) => one.sign === "[") + 1;
    const opener = closes ? waiting.findLastIndex((one, i) => i >= after && one.signs === signs) : -1;
    if (opener >= 0) {
      const [{ start, end }] = waiting.splice(opener);
      if (signs === "***") {
        marks.push(["em", start, run.end, start + 1, run.end - 1]);
        marks.push(["strong", start + 1, run.end - 1, end, run.start]);
      } else marks.push([RUNS[signs], start, run.end, end, run.start]);
    } else if (opens && (RUNS[signs] || signs === "***")) waiting.push({ ...run, signs });
  }

  // Tell whether a run may open or close, by CommonMark's rule, eased beside wide characters.
  function flanks(text, { start, end }) {
    const before = text[start - 1] ?? " ";
    const after = text[end] ?? " ";
    const loose = (character) => /\s/.test(character) || SIGN.test(character) || WIDE.test(character);
    return {
      opens: !/\s/.test(after) && (!SIGN.test(after) || loose(before)),
      closes: !/\s/.test(before) && (!SIGN.test(before) || loose(after)),
    };
  }

  // ── What can be done to a line of text and chips ──
  //
  // A line is {gaps, chips}: `gaps[i]` is the text before `chips[i]`, and one more gap stands at the end. A place is
  // {gap, at}. All of this is pure; chips are kept by identity.

  function lineOf(parts) {
    const line = { gaps: [""], chips: [] };
    const pairs = new Map();
    for (const piece of parts) {
      if (piece.type === "text") line.gaps[line.gaps.length - 1] += piece.literal;
      else {
        const pair = pairs.get(piece.pair) ?? Symbol(piece.kind);
        pairs.set(piece.pair, pair);
        line.chips.push({ type: piece.type, kind: piece.kind, literal: piece.literal, pair });
        line.gaps.push("");
      }
    }
    return line;
  }

  function piecesOf({ gaps, chips }) {
    const pairs = [...new Set(chips.map((chip) => chip.pair))];
    const parts = [];
    gaps.forEach((words, i) => {
      if (words) parts.push({ type: "text", literal: words });
      const { type, kind, literal, pair } = chips[i] ?? {};
      if (type) parts.push({ type, literal, kind, pair: pairs.indexOf(pair) });
    });
    return parts;
  }

  function nests(chips) {
    const open = [];
    for (const { type, pair } of chips) {
      if (type === "open") open.push(pair);
      if (type === "close" && open.pop() !== pair) return false;
    }
    return open.length === 0;
  }

  const isBefore = (a, b) => a.gap < b.gap || (a.gap === b.gap && a.at < b.at);

  const isRange = ({ from, to }) => isBefore(from, to);

  // Put words in place of a range; chips in it stay. The words stand where the first character they replace stood.
  function replaced({ gaps, chips }, from, to, words) {
    const kept = [...gaps];
    let place = from;
    if (from.gap === to.gap) {
      kept[from.gap] = gaps[from.gap].slice(0, from.at) + gaps[from.gap].slice(to.at);
    } else {
      const lost = (gap) => (gap === to.gap ? to.at : gaps[gap].length);
      if (words && from.at === gaps[from.gap].length) {
        for (let gap = from.gap + 1; gap <= to.gap && place === from; gap += 1) {
          if (lost(gap)) place = { gap, at: 0 };
        }
      }
      kept[from.gap] = gaps[from.gap].slice(0, from.at);
      for (let gap = from.gap + 1; gap <= to.gap; gap += 1) kept[gap] = gaps[gap].slice(lost(gap));
    }
    const text = kept[place.gap];
    kept[place.gap] = text.slice(0, place.at) + words + text.slice(place.at);
    return { line: { gaps: kept, chips }, caret: { gap: place.gap, at: place.at + words.length } };
  }

  // Take a chip out, its text joined; give the line and where the chip stood.
  function without({ gaps, chips }, chip) {
    const i = chips.indexOf(chip);
    return {
      line: {
        gaps: [...gaps.slice(0, i), gaps[i] + gaps[i + 1], ...gaps.slice(i + 2)],
        chips: chips.filter((one) => one !== chip),
      },
      place: { gap: i, at: gaps[i].length },
    };
  }

  function withChip({ gaps, chips }, chip, { gap, at }) {
    return {
      gaps: [...gaps.slice(0, gap), gaps[gap].slice(0, at), gaps[gap].slice(at), ...gaps.slice(gap + 1)],
      chips: [...chips.slice(0, gap), chip, ...chips.slice(gap)],
    };
  }

  // Where a place lies after a chip was taken out.
  function placeWithout({ gaps, chips }, chip, { gap, at }) {
    const i = chips.indexOf(chip);
    if (gap <= i) return { gap, at };
    return gap === i + 1 ? { gap: i, at: gaps[i].length + at } : { gap: gap - 1, at };
  }

  // Move a chip to a place; null where pairs would cross.
  function moved(line, chip, place) {
    const next = withChip(without(line, chip).line, chip, placeWithout(line, chip, place));
    return nests(next.chips) ? next : null;
  }

  // Take out a chip, and its other half; the words stay.
  function takenOut(line, chip, caret) {
    let place = caret;
    for (const half of line.chips.filter((one) => one.pair === chip.pair)) {
      place = placeWithout(line, half, place);
      line = without(line, half).line;
    }
    return { line, caret: place };
  }

  // Put an atom at `from`, or a pair around the range; null where pairs would cross.
  function put(line, chips, from, to) {
    const [first, second] = chips;
    let next = line;
    if (second) next = withChip(next, second, to);
    next = withChip(next, first, from);
    return nests(next.chips) ? next : null;
  }

  const TOKEN = /[\p{L}\p{N}\p{M}_'’-]+|[^\s\p{L}\p{N}]+/gu;

  // Where a chip may stop in a text: opening ones where a word starts, closing ones where one ends.
  function stops(text, type, byWord) {
    if (!byWord) return graphemes(text);
    return [...text.matchAll(TOKEN)].map((found) => found.index + (type === "close" ? found[0].length : 0));
  }

  function graphemes(text) {
    const cut = new Intl.Segmenter("en", { granularity: "grapheme" });
    return [...cut.segment(text)].map((one) => one.index);
  }

  const WORD_BEFORE = /(?:[\p{L}\p{N}\p{M}_'’-]+|[^\s\p{L}\p{N}]+)?\s*$/u;
  const WORD_AFTER = /^\s*(?:[\p{L}\p{N}\p{M}_'’-]+|[^\s\p{L}\p{N}]+)?/u;

  // Give where a deletion from a place in a text ends, before the next chip.
  function deletedTo(text, at, backward, byWord) {
    if (byWord) return backward ? at - WORD_BEFORE.exec(text.slice(0, at))[0].length : at + WORD_AFTER.exec(text.slice(at))[0].length;
    const edges = [...graphemes(text), text.length];
    return (backward ? edges.findLast((edge) => edge < at) : edges.find((edge) => edge > at)) ?? at;
  }

  // Give the places a chip could move to next, the nearest first; none at either end of the line.
  function steps(line, chip, direction, byWord) {
    const { gaps, chips } = line;
    const i = chips.indexOf(chip);
    const gap = direction > 0 ? i + 1 : i;
    const text = gaps[gap];
    const found = stops(text, chip.type, byWord);
    const at = direction > 0 ? found.find((one) => one > 0) : found.findLast((one) => one < text.length);
    if (text && at !== undefined) return [{ gap, at }];
    const edge = { gap, at: direction > 0 ? text.length : 0 };
    const leans = byWord && chip.type === (direction > 0 ? "close" : "open"); // Spaces are of no use on that side.
    const over = leaps(line, chips[direction > 0 ? gap : gap - 1], direction);
    return text && !(leans && over.length) ? [edge] : over;
  }

  // Give the places beyond a chip, and beyond the other half of its pair.
  function leaps({ gaps, chips }, next, direction) {
    if (!next) return [];
    const halves = chips.flatMap((one, i) => (one.pair === next.pair ? [i] : []));
    const beyond = direction > 0 ? [chips.indexOf(next), halves.at(-1)] : [chips.indexOf(next), halves[0]];
    return beyond.map((i) => (direction > 0 ? { gap: i + 1, at: 0 } : { gap: i, at: gaps[i].length }));
  }

  // ── Labels ──

  const DESTINATION = /^\]\(\s*<?([^\s>)]*)/;
  const LETTERS = { strong: "B", em: "I", strike: "S" };
  const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

  function host(literal) {
    const leads = DESTINATION.exec(literal)?.[1] ?? /^\]\[(.*)\]$/.exec(literal)?.[1] ?? "";
    return short(/^[a-z][a-z0-9+.-]*:\/\/(?:www\.)?([^/?#]+)/i.exec(leads)?.[1] ?? leads, 28);
  }

  // Give what is seen on a chip.
  function label({ type, kind, literal }) {
    if (LETTERS[kind]) return LETTERS[kind];
    if (kind === "link" && type === "open") return D.words.get("kind_link");
    if (kind === "link") return host(literal) || D.words.get("kind_link");
    if (kind === "code") return short(literal.replace(/^`+ ?| ?`+$/g, ""), 40);
    if (kind === "image") return `${D.words.get("kind_image")} ${short(/^!\[([^\]]*)/.exec(literal)?.[1] ?? "", 24)}`.trim();
    if (kind === "autolink") return short(literal.replace(/^<|>$|^https?:\/\/(?:www\.)?/g, ""), 32);
    return short(literal, 40);
  }

  // Give what is said of a chip.
  function described(chip) {
    const kind = D.words.get(`kind_${chip.kind}`);
    if (chip.type === "open") return D.words.get("chip_opens", { kind });
    if (chip.type === "close") return D.words.get("chip_closes", { kind });
    return D.words.get("chip_atom", { kind, text: label(chip) });
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  // Make a button whose word follows the language.
  function button(className, word, act) {
    const made = element("button", className, D.words.get(word));
    made.type = "button";
    made.dataset.w = word;
    made.addEventListener("click", act);
    return made;
  }

  // ── Field: a line in the page ──
  //
  // Its children are text, chip, text, …, chip, text; a gap without text holds the filler. The browser may edit inside
  // one text; everything that touches a chip is done here.

  function fillerFor(text) {
    const found = FILLERS.find((sign) => !text.includes(sign));
    for (let code = 0xe000; !found; code += 1) {
      if (!text.includes(String.fromCharCode(code))) return String.fromCharCode(code);
    }
    return found;
  }

  class Field {
    constructor() {
      this.element = element("div", "field");
      this.chips = [];
      this.elements = new WeakMap(); // Chip to element.
      this.chipOf = new WeakMap(); // Element to chip.
      this.filler = FILLERS[0];
      try {
        this.element.contentEditable = "plaintext-only";
      } catch {
        this.element.contentEditable = "true"; // An older browser: what is not plain text is refused below.
      }
      this.element.style.whiteSpace = "pre-wrap"; // Else a browser turns typed spaces into no-break ones.
    }

    // Show a line, and put the selection where it says.
    show(line, selection) {
      const text = line.gaps.join("");
      this.filler = fillerFor(text);
      this.chips = [...line.chips];
      const nodes = line.gaps.flatMap((words, i) => {
        const node = document.createTextNode(words || this.filler);
        return i ? [this.chipElement(line.chips[i - 1]), node] : [node];
      });
      this.element.replaceChildren(...nodes);
      if (selection) this.select(selection);
    }

    chipElement(chip) {
      if (this.elements.has(chip)) return this.elements.get(chip);
      const made = element("span", `chip ${chip.type} ${chip.kind}`);
      made.contentEditable = "false";
      made.draggable = true;
      made.spellcheck = false;
      made.translate = false;
      made.title = chip.literal;
      made.setAttribute("role", "img");
      made.setAttribute("aria-label", described(chip));
      const cross = element("span", "x", "×");
      cross.setAttribute("aria-hidden", "true");
      made.append(element("span", "what", label(chip)), cross);
      this.elements.set(chip, made);
      this.chipOf.set(made, chip);
      return made;
    }

    words(node) {
      return node.data.replaceAll(this.filler, "");
    }

    // Read the line that stands here.
    line() {
      const gaps = [""];
      const chips = [];
      for (const node of this.element.childNodes) {
        const chip = this.chipOf.get(node);
        if (chip) {
          chips.push(chip);
          gaps.push("");
        } else gaps[gaps.length - 1] += node instanceof Text ? this.words(node) : node.textContent.replaceAll(this.filler, "");
      }
      return { gaps, chips };
    }

    // Tell whether every chip stands where it stood among the others.
    isWhole() {
      const found = this.element.children;
      return found.length === this.chips.length && this.chips.every((chip, i) => this.chipOf.get(found[i]) === chip);
    }

    // Give the place of a point of the document; points outside are the nearer end.
    locate(node, offset) {
      if (node !== this.element && !this.element.contains(node)) {
        const before = this.element.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING;
        return before ? { gap: 0, at: 0 } : this.end();
      }
      let child = node;
      while (child !== this.element && child.parentNode !== this.element) child = child.parentNode;
      const until = node === this.element ? this.element.childNodes[offset] : child;
      const place = { gap: 0, at: 0 };
      for (let one = this.element.firstChild; one && one !== until; one = one.nextSibling) this.pass(one, place);
      if (child instanceof Text) place.at += child.data.slice(0, offset).replaceAll(this.filler, "").length;
      else if (child !== this.element && (node !== child || offset > 0)) this.pass(child, place);
      return place;
    }

    pass(node, place) {
      if (this.chipOf.has(node)) {
        place.gap += 1;
        place.at = 0;
      } else place.at += node.textContent.replaceAll(this.filler, "").length;
    }

    end() {
      const { gaps } = this.line();
      return { gap: gaps.length - 1, at: gaps.at(-1).length };
    }

    // Give where the selection is: {from, to} in order, and {anchor, focus}; null when it is elsewhere. */
    selection() {
      const found = document.getSelection();
      if (!found?.anchorNode || !this.element.contains(found.anchorNode)) return null;
      const anchor = this.locate(found.anchorNode, found.anchorOffset);
      const focus = this.locate(found.focusNode, found.focusOffset);
      const [from, to] = isBefore(focus, anchor) ? [focus, anchor] : [anchor, focus];
      return { from, to, anchor, focus };
    }

    select({ anchor, focus }) {
      this.element.focus({ preventScroll: true });
      document.getSelection().setBaseAndExtent(...this.point(anchor), ...this.point(focus));
    }

    point({ gap, at }) {
      const node = this.element.childNodes[gap * 2];
      return [node, node.data === this.filler ? 1 : Math.min(at, node.data.length)];
    }

    // Give the text node of a place, when the children are in order.
    textAt({ gap }) {
      const node = this.element.childNodes[gap * 2];
      return node instanceof Text && this.element.childNodes.length === this.chips.length * 2 + 1 ? node : null;
    }

    // Put the children in order after the browser edited a text; costs as many steps as there are chips.
    tidy() {
      const nodes = this.element.childNodes;
      const isTidy = nodes.length === this.chips.length * 2 + 1;
      if (isTidy && this.chips.every((_, i) => this.isGap(nodes[i * 2])) && this.isGap(nodes[nodes.length - 1])) return;
      this.show(this.line(), this.selection());
    }

    isGap(node) {
      if (!(node instanceof Text) || !node.data) return false;
      return node.data === this.filler || !node.data.includes(this.filler);
    }

    // Put back the chips that went missing and tell whether any were; each between its old neighbours and as near to the caret as that allows.
    repair() {
      let { line, caret } = this.survivors();
      let wasBroken = false;
      for (const [i, chip] of this.chips.entries()) {
        if (line.chips.includes(chip)) continue;
        wasBroken = true;
        const next = this.chips.slice(i + 1).map((one) => line.chips.indexOf(one)).find((at) => at >= 0);
        const last = next ?? line.chips.length;
        const first = i ? line.chips.indexOf(this.chips[i - 1]) + 1 : 0;
        const place = caret.gap < first ? { gap: first, at: 0 } : caret.gap > last ? { gap: last, at: line.gaps[last].length } : caret;
        line = withChip(line, chip, place);
        if (!isBefore(caret, place)) caret = caret.gap === place.gap ? { gap: caret.gap + 1, at: caret.at - place.at } : { gap: caret.gap + 1, at: caret.at };
      }
      this.show(line, { anchor: caret, focus: caret });
      return wasBroken;
    }

    // Read the line with the chips that are still in their order, strangers' text as text.
    survivors() {
      const caret = this.selection()?.focus ?? this.end();
      const found = this.line();
      let line = found;
      let place = caret;
      let last = -1;
      for (const chip of found.chips) {
        const at = this.chips.indexOf(chip);
        if (at > last) last = at;
        else {
          place = placeWithout(line, chip, place);
          line = without(line, chip).line;
        }
      }
      return { line, caret: place };
    }
  }

  // ── History ──

  // Undo of one editing, by whole lines with their selection.
  class History {
    constructor() {
      this.past = [];
      this.future = [];
      this.kind = "";
      this.when = 0;
    }

    // Note how it stood before an edit; edits of one kind in a row are one step.
    before(kind, snapshot) {
      const now = performance.now();
      const goesOn = kind && kind === this.kind && now - this.when < PAUSE;
      this.kind = kind;
      this.when = now;
      this.future = [];
      if (!goesOn) this.past.push(snapshot());
    }

    step(from, to, snapshot) {
      this.kind = "";
      if (!from.length) return null;
      to.push(snapshot());
      return from.pop();
    }

    undo(snapshot) {
      return this.step(this.past, this.future, snapshot);
    }

    redo(snapshot) {
      return this.step(this.future, this.past, snapshot);
    }
  }

  // ── Unsaved text, kept over a crash ──

  const kept = {
    name(row) {
      const { source_name: source = "", n = 0 } = D.store?.model?.post ?? {};
      return `${KEPT}${source}:${n}:${row.key}`;
    },

    // Give what was kept of a row, unless it is what stands there.
    read(row) {
      try {
        const found = JSON.parse(localStorage.getItem(this.name(row)));
        if (typeof found?.text === "string" && Array.isArray(found.marks) && found.text !== row.stand.target) return found;
      } catch {
        // Storage is closed, or somebody else wrote there: nothing was kept.
      }
      return null;
    },

    write(row, text, marks) {
      try {
        localStorage.setItem(this.name(row), JSON.stringify({ text, marks, when: Date.now() }));
        this.trim();
      } catch {
        // Storage is full or closed; the text is still in the page.
      }
    },

    forget(row) {
      try {
        localStorage.removeItem(this.name(row));
      } catch {
        // Storage is closed: nothing was kept either.
      }
    },

    trim() {
      const names = Object.keys(localStorage).filter((name) => name.startsWith(KEPT));
      if (names.length <= MOST_KEPT) return;
      const when = (name) => /"when":(\d+)\}$/.exec(localStorage.getItem(name))?.[1] ?? 0;
      names.sort((a, b) => when(a) - when(b));
      for (const name of names.slice(0, names.length - MOST_KEPT)) localStorage.removeItem(name);
    },
  };

  // ── Palette: what the source has and the English lacks ──

  // Give what makes two marks the same: the kind, where a link or image leads, an atom's whole literal.
  function identity(kind, opening, closing) {
    if (LETTERS[kind]) return kind;
    if (kind === "link") return `link ${DESTINATION.exec(closing)?.[1] ?? closing}`;
    if (kind === "image") return `image ${/\]\(\s*<?([^\s>)]*)/.exec(opening)?.[1] ?? opening}`;
    return `${kind} ${opening} ${closing}`;
  }

  // Give the marks among chips as pairs and atoms, in order.
  function markups(chips) {
    return chips
      .filter((chip) => chip.type !== "close")
      .map((chip) => {
        const close = chips.find((one) => one.type === "close" && one.pair === chip.pair);
        return { chips: close ? [chip, close] : [chip], identity: identity(chip.kind, chip.literal, close?.literal ?? "") };
      });
  }

  // Give the markups of the source that are not among the chips, each as often as it is missing.
  function missing(sourceChips, chips) {
    const have = markups(chips).map((markup) => markup.identity);
    return markups(sourceChips).filter((markup) => {
      const at = have.indexOf(markup.identity);
      if (at >= 0) have.splice(at, 1);
      return at < 0;
    });
  }

  function copied(chips) {
    const pair = Symbol(chips[0].kind);
    return chips.map((chip) => ({ ...chip, pair }));
  }

  // ── Editor ──

  const DELETES = /^delete(?!ByCut|ByDrag|CompositionText)/;
  const CHIP_TYPE = "application/x-duizhao-chip";

  class Editor {
    constructor(row, words, { start = "all", onSave, onCancel }) {
      Object.assign(this, { row, words, onSave, onCancel });
      this.field = new Field();
      this.history = new History();
      this.composing = false;
      this.held = null; // The chip that was moved last.
      this.dragged = null;
      this.source = lineOf(pieces(row.source, row.sourceMarks ?? []));
      this.original = row.stand.state === "joined" ? "" : (row.stand.target ?? "");
      this.build();
      this.listen();
      this.field.show(lineOf(pieces(this.original, this.original ? (row.marks ?? scan(this.original, this.codec)) : [])));
      this.mount();
      this.begin(start);
      this.refreshPalette();
    }

    // ── Building ──

    build() {
      const n = this.row.i + 1;
      this.element = element("div", "editor");
      this.palette = element("div", "palette");
      this.palette.setAttribute("role", "group");
      this.label(this.field.element, n);
      this.raw = element("textarea", "raw");
      this.label(this.raw, n);
      this.raw.rows = 1;
      this.raw.hidden = true;
      this.said = element("p", "said");
      this.said.setAttribute("role", "status");
      const hint = element("p", "keys", D.words.get("editor_keys"));
      hint.dataset.w = "editor_keys";
      hint.id = `editor-keys-${this.row.key}`;
      this.element.append(this.palette, this.field.element, this.raw, this.buttons(), this.said, hint);
    }

    label(box, n) {
      box.setAttribute("role", "textbox");
      box.setAttribute("aria-multiline", "false");
      box.setAttribute("aria-label", D.words.get("editor", { n }));
      box.setAttribute("aria-describedby", `editor-keys-${this.row.key}`);
      box.lang = "en";
      box.spellcheck = true;
      box.translate = false;
    }

    buttons() {
      const row = element("div", "buttons");
      row.append(
        button("save", "editor_save", () => this.save(true)),
        button("", "editor_draft", () => this.save(false)),
        button("", "editor_cancel", () => this.leave()),
      );
      this.toggle = button("markdown", "editor_raw", () => this.toggleRaw());
      if (this.codec === "markdown" || this.codec === "html") row.append(this.toggle);
      return row;
    }

    get codec() {
      return this.row.codec ?? "markdown";
    }

    listen() {
      const box = this.field.element;
      const on = (target, name, act) => target.addEventListener(name, (event) => act.call(this, event));
      on(this.element, "keydown", this.onKey);
      on(box, "beforeinput", this.onBeforeInput);
      on(box, "input", this.onInput);
      on(box, "compositionstart", this.onCompositionStart);
      on(box, "compositionend", this.onCompositionEnd);
      on(box, "paste", this.onPaste);
      on(box, "copy", (event) => this.onCopy(event, false));
      on(box, "cut", (event) => this.onCopy(event, true));
      on(box, "click", this.onClick);
      on(box, "dblclick", this.onDoubleClick);
      on(box, "blur", () => (this.last = this.field.selection() ?? this.last));
      on(box, "dragstart", this.onDragStart);
      on(box, "dragover", this.onDragOver);
      on(box, "drop", this.onDrop);
      on(box, "dragend", this.onDragEnd);
      on(this.raw, "input", this.onRawInput);
      on(this.palette, "mousedown", (event) => event.preventDefault()); // The caret stays in the field.
      this.flush = () => this.keep();
      window.addEventListener("pagehide", this.flush);
    }

    mount() {
      this.shown = this.words.querySelector(".text");
      if (this.shown) this.shown.hidden = true;
      this.words.append(this.element);
      const found = kept.read(this.row);
      if (found) this.offer(found);
    }

    // Offer what a crash or an Escape left behind.
    offer(found) {
      const box = element("p", "kept");
      const says = element("span", "", D.words.get("editor_kept"));
      says.dataset.w = "editor_kept";
      const take = button("", "editor_kept_take", () => {
        box.remove();
        if (!this.raw.hidden) this.toggleRaw();
        this.change("", { ...lineOf(pieces(found.text, found.marks)) }, null);
        this.put("end");
      });
      const forget = button("", "editor_kept_forget", () => {
        box.remove();
        kept.forget(this.row);
        this.field.element.focus();
      });
      const text = element("q", "", short(found.text, 300));
      text.lang = "en";
      box.append(says, text, take, forget);
      this.element.prepend(box);
    }

    begin(start) {
      const line = this.field.line();
      const end = this.field.end();
      if (start === "all") this.field.select({ anchor: { gap: 0, at: 0 }, focus: end });
      else this.put(typeof start === "number" ? placeAt(line, start) : "end");
    }

    put(place) {
      const caret = place === "end" ? this.field.end() : place;
      this.field.select({ anchor: caret, focus: caret });
    }

    // ── Leaving ──

    text() {
      return this.raw.hidden ? joined(piecesOf(this.field.line())) : this.raw.value;
    }

    save(approve) {
      const text = this.text();
      const said = text === this.original ? text : text.trim();
      kept.forget(this.row);
      this.close();
      this.onSave?.(said, { approve });
    }

    // Leave; text that was changed is kept and offered when the row is opened again.
    leave() {
      this.keep();
      this.close();
      this.onCancel?.();
    }

    drop() {
      kept.forget(this.row);
      this.close();
      this.onCancel?.();
    }

    caret() {
      if (!this.raw.hidden) return this.raw.selectionStart;
      const focus = (this.field.selection() ?? this.last)?.focus;
      return focus ? offsetOf(this.field.line(), focus) : -1;
    }

    keep() {
      clearTimeout(this.timer);
      const text = this.text();
      if (!this.changed) return;
      if (text === this.original) kept.forget(this.row);
      else kept.write(this.row, text, this.raw.hidden ? marksOf(piecesOf(this.field.line())) : scan(text, this.codec));
    }

    keepSoon() {
      this.changed = true;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.keep(), KEEP_AFTER);
    }

    close() {
      clearTimeout(this.timer);
      window.removeEventListener("pagehide", this.flush);
      this.element.remove();
      if (this.shown) this.shown.hidden = false;
      if (current === this) current = null;
    }

    // ── Changing ──

    snapshot() {
      return { line: this.field.line(), selection: this.field.selection() ?? this.last ?? null };
    }

    // Show another line, as a step that can be undone.
    change(kind, line, selection) {
      this.history.before(kind, () => this.snapshot());
      const chips = this.field.chips;
      this.field.show(line, selection);
      if (chips.length !== line.chips.length) this.refreshPalette();
      this.keepSoon();
    }

    caretAt(place) {
      return { anchor: place, focus: place };
    }

    // Put words in place of a range, chips standing.
    write(kind, from, to, words) {
      const { line, caret } = replaced(this.field.line(), from, to, words);
      this.change(kind, line, this.caretAt(caret));
    }

    restore(snapshot) {
      if (!snapshot) return;
      this.field.show(snapshot.line, snapshot.selection);
      this.refreshPalette();
      this.keepSoon();
    }

    undo() {
      this.restore(this.history.undo(() => this.snapshot()));
    }

    redo() {
      this.restore(this.history.redo(() => this.snapshot()));
    }

    // ── What the browser is about to do ──

    onBeforeInput(event) {
      const type = event.inputType;
      if (event.isComposing || type === "insertCompositionText" || type === "deleteCompositionText") return;
      if (type === "historyUndo" || type === "historyRedo") {
        event.preventDefault();
        if (type === "historyUndo") this.undo();
        else this.redo();
      } else if (type === "insertText" || type === "insertReplacementText") this.beforeInsert(event);
      else if (DELETES.test(type)) this.beforeDelete(event);
      else event.preventDefault(); // Paragraphs, formats, and what has its own event: paste, cut, drop.
    }

    // Give the range that the browser would edit.
    target(event) {
      const range = event.getTargetRanges()[0];
      if (!range) return { ...this.field.selection(), inside: null };
      const { startContainer: node, startOffset: start, endOffset: end } = range;
      const isOne = node === range.endContainer && node instanceof Text && node.parentNode === this.field.element;
      return {
        from: this.field.locate(node, start),
        to: this.field.locate(range.endContainer, end),
        inside: isOne ? { node, start, end } : null,
      };
    }

    beforeInsert(event) {
      const words = plain(event.data ?? event.dataTransfer?.getData("text/plain") ?? "");
      const { from, to, inside } = this.target(event);
      const isPlain = inside && words === event.data && !words.includes(this.field.filler);
      if (isPlain) {
        this.history.before(words === " " ? "" : "typing", () => this.snapshot());
        return; // The browser's own typing is the fastest, and its spelling checker sees it.
      }
      event.preventDefault();
      this.write("typing", from, to, words);
    }

    beforeDelete(event) {
      const selection = this.field.selection();
      if (!selection) return event.preventDefault();
      const [from, to] = isRange(selection) ? [selection.from, selection.to] : this.deletion(event.inputType, selection.focus);
      const text = this.field.textAt(from);
      // What the browser deletes from one text, some of which is left, it deletes well.
      const isPlain = text && from.gap === to.gap && from.at < to.at && text.data.length > to.at - from.at && !text.data.includes(this.field.filler);
      if (isPlain && (isRange(selection) || /Content/.test(event.inputType))) return this.history.before("deleting", () => this.snapshot());
      event.preventDefault();
      this.remove(event.inputType, from, to);
    }

    // Give the range that a deletion without a selection takes: a character, a word, or up to the end of the line.
    deletion(type, caret) {
      const backward = /Backward/.test(type);
      if (/Line/.test(type)) return this.restOfLine(backward);
      const at = deletedTo(this.field.line().gaps[caret.gap], caret.at, backward, /Word/.test(type));
      const other = { gap: caret.gap, at };
      return backward ? [other, caret] : [caret, other];
    }

    restOfLine(backward) {
      document.getSelection().modify("extend", backward ? "backward" : "forward", "lineboundary");
      const { from, to } = this.field.selection();
      return [from, to];
    }

    // Take the words of a range out; where there are none, step over the chip instead.
    remove(type, from, to) {
      const backward = /Backward/.test(type);
      const line = this.field.line();
      const hasWords = joined(piecesOf(replaced(line, from, to, "").line)) !== joined(piecesOf(line));
      if (hasWords) {
        this.write("deleting", from, to, "");
        return;
      }
      const selection = this.field.selection();
      if (isRange(selection)) this.put(backward ? from : to);
      else this.hop(backward ? -1 : 1, selection.focus);
      this.say("editor_stays");
    }

    hop(direction, { gap }) {
      const { gaps } = this.field.line();
      const next = gap + direction;
      if (gaps[next] !== undefined) this.put({ gap: next, at: direction < 0 ? gaps[next].length : 0 });
    }

    onInput() {
      if (!this.composing) this.settle();
    }

    // See to it that every chip still stands there.
    settle() {
      if (this.field.isWhole()) this.field.tidy();
      else if (this.field.repair()) this.say("editor_stays");
      this.keepSoon();
    }

    // A composition replaces what is selected, and cannot be stopped: the chips are taken out of its way.
    onCompositionStart() {
      this.composing = true;
      this.history.before("", () => this.snapshot());
      const selection = this.field.selection();
      if (!selection || selection.from.gap === selection.to.gap) return;
      const { line, caret } = replaced(this.field.line(), selection.from, selection.to, "");
      this.field.show(line, this.caretAt(caret));
    }

    onCompositionEnd() {
      this.composing = false;
      this.settle();
    }

    onRawInput() {
      if (/[\r\n\u2028\u2029]/.test(this.raw.value)) {
        const at = plain(this.raw.value.slice(0, this.raw.selectionStart)).length;
        this.raw.value = plain(this.raw.value);
        this.raw.setSelectionRange(at, at);
      }
      this.grow();
      this.keepSoon();
    }

    // ── Clipboard ──

    onPaste(event) {
      event.preventDefault();
      const words = plain(event.clipboardData.getData("text/plain"));
      const selection = this.field.selection();
      if (words && selection) this.write("", selection.from, selection.to, words);
    }

    // Copy gives Markdown, without halves of pairs; cut only the words, for the chips stay.
    onCopy(event, cut) {
      event.preventDefault();
      const selection = this.field.selection();
      if (!selection) return;
      event.clipboardData.setData("text/plain", taken(this.field.line(), selection, !cut));
      if (cut) this.write("", selection.from, selection.to, "");
    }

    // ── Chips: moving, taking out, putting in ──

    // Give the chip beside the caret, the one that was moved last before others.
    beside(direction) {
      const focus = this.field.selection()?.focus;
      if (!focus) return null;
      const { gaps, chips } = this.field.line();
      const before = focus.at === 0 ? chips[focus.gap - 1] : undefined;
      const after = focus.at === gaps[focus.gap].length ? chips[focus.gap] : undefined;
      const found = direction < 0 ? [before, after] : [after, before];
      return found.find((chip) => chip && chip === this.held) ?? found.find(Boolean) ?? null;
    }

    move(direction, byWord) {
      const chip = this.beside(direction);
      if (!chip) {
        this.say("editor_no_chip");
        return;
      }
      const line = this.field.line();
      const places = steps(line, chip, direction, byWord);
      if (!places.length) return;
      const before = line.chips.indexOf(chip) === this.field.selection().focus.gap;
      this.moveTo(chip, places.find((place) => moved(line, chip, place)) ?? places[0], before);
    }

    // Move a chip to a place, the caret going along on the side it was.
    moveTo(chip, place, caretBefore) {
      const line = moved(this.field.line(), chip, place);
      if (!line) {
        this.say("editor_crosses");
        return;
      }
      const i = line.chips.indexOf(chip);
      const caret = caretBefore ? { gap: i, at: line.gaps[i].length } : { gap: i + 1, at: 0 };
      this.change("moving", line, this.caretAt(caret));
      this.held = chip;
      this.say("chip_moved", { kind: D.words.get(`kind_${chip.kind}`) });
    }

    takeOut(chip) {
      if (!chip) {
        this.say("editor_no_chip");
        return;
      }
      const caret = this.field.selection()?.focus ?? this.field.end();
      const out = takenOut(this.field.line(), chip, caret);
      this.change("", out.line, this.caretAt(out.caret));
      this.say("editor_taken_out", { kind: D.words.get(`kind_${chip.kind}`) });
    }

    putIn(markup) {
      if (!markup) return;
      const selection = this.field.selection() ?? this.last ?? this.caretAt(this.field.end());
      const [from, to] = selection.from ? [selection.from, selection.to] : [selection.focus, selection.focus];
      const chips = copied(markup.chips);
      const line = put(this.field.line(), chips, from, chips[1] ? to : from);
      if (!line) {
        this.say("editor_crosses");
        return;
      }
      const i = line.chips.indexOf(chips[0]) + 1;
      const isEmpty = !isBefore(from, to);
      const after = line.chips.indexOf(chips.at(-1)) + 1;
      const caret = chips[1] && isEmpty ? { gap: i, at: 0 } : { gap: after, at: 0 };
      this.change("", line, this.caretAt(caret));
    }

    refreshPalette() {
      this.missing = missing(this.source.chips, this.field.chips);
      this.palette.hidden = this.missing.length === 0 || !this.raw.hidden;
      if (!this.missing.length) return;
      this.palette.setAttribute("aria-label", D.words.get("editor_lost", { n: this.missing.length }));
      const says = element("span", "says", D.words.get("editor_lost", { n: this.missing.length }));
      this.palette.replaceChildren(says, ...this.missing.map((markup, i) => this.offered(markup, i)));
    }

    offered(markup, i) {
      const [chip] = markup.chips;
      const made = element("button", `chip ${chip.kind}`);
      made.type = "button";
      made.title = markup.chips.map((one) => one.literal).join("…");
      const name = `${D.words.get(`kind_${chip.kind}`)} ${label(markup.chips.at(-1))}`;
      made.setAttribute("aria-label", D.words.get("editor_put_in", { what: name }));
      made.append(element("span", "what", label(markup.chips.at(-1))));
      if (i < 9) {
        made.append(element("kbd", "", `Alt+${i + 1}`));
        made.setAttribute("aria-keyshortcuts", `Alt+${i + 1}`);
      }
      made.addEventListener("click", () => this.putIn(markup));
      return made;
    }

    // ── Mouse ──

    chipUnder(event) {
      return this.field.chipOf.get(event.target.closest?.(".chip")) ?? null;
    }

    onClick(event) {
      const chip = this.chipUnder(event);
      if (!chip) return;
      if (event.target.closest(".x")) {
        this.takeOut(chip);
        return;
      }
      const box = this.field.elements.get(chip).getBoundingClientRect();
      const i = this.field.chips.indexOf(chip);
      if (event.clientX < box.left + box.width / 2) this.put({ gap: i, at: this.field.line().gaps[i].length });
      else this.put({ gap: i + 1, at: 0 });
    }

    // Open the Markdown at the chip that was double-clicked: a link's address is changed there.
    onDoubleClick(event) {
      const chip = this.chipUnder(event);
      if (!chip || event.target.closest(".x")) return;
      event.preventDefault();
      const parts = piecesOf(this.field.line());
      const i = this.field.chips.indexOf(chip);
      const at = parts.findIndex((piece) => piece.type !== "text" && parts.filter((one) => one.type !== "text").indexOf(piece) === i);
      const start = joined(parts.slice(0, at)).length;
      if (this.raw.hidden) this.toggleRaw();
      this.raw.setSelectionRange(start, start + chip.literal.length);
    }

    onDragStart(event) {
      const chip = this.chipUnder(event);
      this.dragged = chip ? { chip } : { selection: this.field.selection() };
      if (!chip) return;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData(CHIP_TYPE, "");
    }

    onDragOver(event) {
      event.preventDefault();
      event.dataTransfer.dropEffect = this.dragged ? "move" : "copy";
    }

    onDragEnd() {
      this.dragged = null;
    }

    onDrop(event) {
      event.preventDefault();
      const place = this.placeUnder(event.clientX, event.clientY);
      const { chip, selection } = this.dragged ?? {};
      this.dragged = null;
      if (chip) this.moveTo(chip, place, false);
      else this.dropWords(plain(event.dataTransfer.getData("text/plain")), place, selection);
    }

    // Put dropped words in; words of our own leave the place where they stood.
    dropWords(words, place, selection) {
      let line = this.field.line();
      let caret = place;
      let text = words;
      if (selection) {
        if (!isBefore(place, selection.from) && !isBefore(selection.to, place)) return;
        text = taken(line, selection, false);
        if (place.gap === selection.to.gap && !isBefore(place, selection.to)) {
          const shift = selection.from.gap === selection.to.gap ? selection.to.at - selection.from.at : selection.to.at;
          caret = { gap: place.gap, at: place.at - shift };
        }
        line = replaced(line, selection.from, selection.to, "").line;
      }
      if (!text) return;
      const next = replaced(line, caret, caret, text);
      this.change("", next.line, this.caretAt(next.caret));
    }

    placeUnder(x, y) {
      const found = document.caretPositionFromPoint?.(x, y);
      if (found) return this.field.locate(found.offsetNode, found.offset);
      const range = document.caretRangeFromPoint?.(x, y);
      return range ? this.field.locate(range.startContainer, range.startOffset) : this.field.end();
    }

    // ── Markdown as text ──

    toggleRaw() {
      const toRaw = this.raw.hidden;
      const line = this.field.line();
      if (toRaw) {
        this.before = joined(piecesOf(line));
        const focus = (this.field.selection() ?? this.last)?.focus;
        const at = focus ? offsetOf(line, focus) : this.before.length;
        this.raw.value = this.before;
        this.rawBefore = this.raw.value;
        this.swap(toRaw);
        this.raw.focus();
        this.raw.setSelectionRange(at, at);
        return;
      }
      const text = plain(this.raw.value);
      const at = this.raw.selectionStart;
      this.swap(toRaw);
      if (this.raw.value !== this.rawBefore) this.change("", lineOf(pieces(text, scan(text, this.codec))), null);
      this.refreshPalette();
      this.put(placeAt(this.field.line(), at));
    }

    swap(toRaw) {
      this.raw.hidden = !toRaw;
      this.field.element.hidden = toRaw;
      this.palette.hidden = toRaw || !this.missing.length;
      this.toggle.dataset.w = toRaw ? "editor_chips" : "editor_raw";
      this.toggle.textContent = D.words.get(this.toggle.dataset.w);
      if (toRaw) this.grow();
    }

    grow() {
      this.raw.style.height = "auto";
      this.raw.style.height = `${this.raw.scrollHeight + 2}px`;
    }

    // ── Keys ──

    onKey(event) {
      event.stopPropagation(); // Letters are words here, not the page's commands.
      if (event.isComposing || event.keyCode === 229) return;
      const act = (keyOf(event) in KEYS && KEYS[keyOf(event)]) || (event.target === this.field.element && FIELD_KEYS[keyOf(event)]);
      if (!act || (event.target.closest("button") && /^(Shift\+)?Enter$/.test(keyOf(event)))) return;
      if (act(this) !== false) event.preventDefault();
    }

    // Step over a chip as over one character; anywhere else the browser moves the caret.
    arrow(direction, extend) {
      const selection = this.field.selection();
      if (!selection) return false;
      const { anchor, focus } = selection;
      if (!extend && isRange(selection)) {
        this.put(direction < 0 ? selection.from : selection.to);
        return true;
      }
      const { gaps } = this.field.line();
      const next = gaps[focus.gap + direction];
      if (next === undefined || focus.at !== (direction < 0 ? 0 : gaps[focus.gap].length)) return false;
      const place = { gap: focus.gap + direction, at: direction < 0 ? next.length : 0 };
      this.field.select({ anchor: extend ? anchor : place, focus: place });
      return true;
    }

    say(word, values) {
      this.said.textContent = D.words.get(word, values);
    }
  }

  // Make one line of what a person pastes or types.
  function plain(text) {
    return text.replace(/^[\r\n]+|[\r\n]+$/g, "").replace(LINE_ENDS, " ").replaceAll("\t", " ").replace(CONTROLS, "");
  }

  // Give the Markdown of a range: words and, where wanted, the chips that are wholly in it.
  function taken({ gaps, chips }, { from, to }, withChips) {
    const inside = chips.slice(from.gap, to.gap);
    const isWhole = (chip) => chip.type === "atom" || inside.filter((one) => one.pair === chip.pair).length === 2;
    const words = (gap) => gaps[gap].slice(gap === from.gap ? from.at : 0, gap === to.gap ? to.at : undefined);
    let text = words(from.gap);
    inside.forEach((chip, i) => {
      text += (withChips && isWhole(chip) ? chip.literal : "") + words(from.gap + i + 1);
    });
    return text;
  }

  // Give where a place stands in the Markdown.
  function offsetOf({ gaps, chips }, { gap, at }) {
    const before = (i) => gaps[i].length + chips[i].literal.length;
    let offset = at;
    for (let i = 0; i < gap; i += 1) offset += before(i);
    return offset;
  }

  // Give the place of an offset in the Markdown; inside a chip: after it.
  function placeAt({ gaps, chips }, offset) {
    let rest = Math.max(0, offset);
    for (let gap = 0; gap < chips.length; gap += 1) {
      if (rest <= gaps[gap].length) return { gap, at: rest };
      rest = Math.max(0, rest - gaps[gap].length - chips[gap].literal.length);
    }
    return { gap: chips.length, at: Math.min(rest, gaps.at(-1).length) };
  }

  // Name a key with what is held down: `Ctrl+s`, `Alt+Shift+ArrowLeft`, `Alt+1`.
  function keyOf(event) {
    const alt = event.altKey && !(event.ctrlKey || event.metaKey);
    const code = alt && /^(?:Key|Digit)(.)$/.exec(event.code)?.[1].toLowerCase(); // With Alt some keyboards type signs.
    const held = [(event.ctrlKey || event.metaKey) && "Ctrl", event.altKey && "Alt", event.shiftKey && "Shift"];
    const key = code || (event.key.length === 1 ? event.key.toLowerCase() : event.key);
    return [...held.filter(Boolean), key].join("+");
  }

  const KEYS = {
    Enter: (editor) => editor.save(true),
    "Ctrl+Enter": (editor) => editor.save(true),
    "Shift+Enter": (editor) => editor.save(false),
    "Ctrl+s": (editor) => editor.save(false),
    Escape: (editor) => editor.leave(),
    "Alt+t": () => (document.body.dataset.mode === "server" ? D.dialogs?.term(D.editor.row(), D.selection()) : false),
    "Alt+m": (editor) => (editor.toggle.isConnected ? editor.toggleRaw() : false),
  };
  const FIELD_KEYS = {
    ArrowLeft: (editor) => editor.arrow(-1, false),
    ArrowRight: (editor) => editor.arrow(1, false),
    "Shift+ArrowLeft": (editor) => editor.arrow(-1, true),
    "Shift+ArrowRight": (editor) => editor.arrow(1, true),
    "Alt+ArrowLeft": (editor) => editor.move(-1, true),
    "Alt+ArrowRight": (editor) => editor.move(1, true),
    "Alt+Shift+ArrowLeft": (editor) => editor.move(-1, false),
    "Alt+Shift+ArrowRight": (editor) => editor.move(1, false),
    "Alt+Delete": (editor) => editor.takeOut(editor.beside(1)),
    "Ctrl+z": (editor) => editor.undo(),
    "Ctrl+Shift+z": (editor) => editor.redo(),
    "Ctrl+y": (editor) => editor.redo(),
    ...Object.fromEntries([...Array(9)].map((_, i) => [`Alt+${i + 1}`, (editor) => editor.putIn(editor.missing[i])])),
  };

  // ── The doors ──

  let current = null;

  D.editor = {
    pieces,
    scan,
    marks: marksOf,

    // Edit a row's English in place of its words; another row that is being edited is left first.
    open(row, words, options = {}) {
      current?.leave();
      current = new Editor(row, words, options);
      return current.element;
    },

    isOpen: () => current !== null,
    row: () => current?.row ?? null,
    leave: () => current?.leave(),

    // Leave without keeping what was written: it went elsewhere.
    close: () => current?.drop(),

    // Give where the caret stands in the Markdown; -1 where it is elsewhere.
    caret: () => current?.caret() ?? -1,

    // Give the pieces that stand in the editor that is open.
    read: () => (current ? piecesOf(current.field.line()) : []),

    // Give the Markdown that stands in an editor: the one open, or the one in an element.
    text(box) {
      return current && (!box || box.contains(current.element) || current.element.contains(box)) ? current.text() : "";
    },
  };

  // Give what is selected in one row: {row, side: "zh" | "en", text}; null when nothing is, or more than one side.
  D.selection = () => {
    const inEditor = current && editorSelection();
    if (inEditor) return inEditor;
    const found = document.getSelection();
    if (!found || found.isCollapsed || !found.anchorNode) return null;
    const [side, other] = [found.anchorNode, found.focusNode].map((node) => (node.nodeType === 1 ? node : node.parentElement)?.closest(".side"));
    const article = side?.closest(".row[data-key]");
    const text = found.toString().replace(/\s+/g, " ").trim();
    if (!article || side !== other || !text) return null;
    return { row: D.store.row(article.dataset.key), side: side.classList.contains("zh") ? "zh" : "en", text };
  };

  function editorSelection() {
    const selection = current.raw.hidden && (current.field.selection() ?? null);
    const text = selection ? taken(current.field.line(), selection, false) : rawSelection();
    return text.trim() ? { row: current.row, side: "en", text: text.trim() } : null;
  }

  function rawSelection() {
    if (document.activeElement !== current.raw) return "";
    return current.raw.value.slice(current.raw.selectionStart, current.raw.selectionEnd);
  }
})();
