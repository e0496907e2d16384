"use strict";
// The page in a file, as it was before any script touched it: what “Download” gives back, with the decisions in it.
(() => {
  const D = (window.duizhao ??= {});
  const own = document.currentScript.outerHTML;
  const body = document.body.innerHTML;
  const before = body.slice(0, body.lastIndexOf(own));
  const opening = document.body.cloneNode(false).outerHTML.replace(/<\/body>$/, "");
  const root = document.documentElement.cloneNode(false).outerHTML.replace(/<\/html>$/, "");
  const head = document.head.outerHTML;
  const OPEN = 'id="returned">';

  /** Give this page as a file whose `returned` block holds a text. */
  D.pageWith = (returned) => {
    const start = before.indexOf(OPEN) + OPEN.length;
    const end = before.indexOf("<\/script>", start);
    const scripts = [...document.querySelectorAll("body > script:not([type])")].map((script) => script.outerHTML).join("\n");
    return `<!DOCTYPE html>\n${root}${head}\n${opening}${before.slice(0, start)}${returned}${before.slice(end)}${scripts}\n<\/body>\n<\/html>\n`;
  };

  // A browser may forbid localStorage altogether: then it is kept as long as the page is open, and the page says so.
  try {
    localStorage.setItem("duizhao:try", "1");
    localStorage.removeItem("duizhao:try");
  } catch {
    D.isForgetful = true;
    const held = new Map();
    const storage = {
      getItem: (name) => held.get(name) ?? null,
      setItem: (name, value) => void held.set(name, String(value)),
      removeItem: (name) => void held.delete(name),
    };
    Object.defineProperty(window, "localStorage", { value: storage, configurable: true });
  }
})();
