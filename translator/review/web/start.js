"use strict";
// The list of posts: its language is chosen for all pages of this browser, then the page is asked for again.
(() => {
  const button = document.querySelector("[data-language]");
  button.addEventListener("click", () => {
    const { language } = button.dataset;
    try {
      localStorage.setItem("duizhao:language", language);
    } catch {
      // forbidden by the browser: the cookie alone says it then
    }
    document.cookie = `language=${language}; path=/; max-age=31536000; SameSite=Strict`;
    location.reload();
  });
})();
