// What the page does beyond its links: pins a cited sentence on click, copies a command, opens details for
// printing. Everything is there without this script.
"use strict";
(() => {
  const close = (except) => {
    for (const cite of document.querySelectorAll(".cite.open, .cite.away")) {
      if (cite !== except) cite.classList.remove("open", "away");
    }
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".cite > a");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      const cite = link.parentElement;
      close(cite);
      // The second click follows the link to the sentence in the case.
      if (!cite.classList.contains("open")) {
        event.preventDefault();
        cite.classList.remove("away");
        cite.classList.add("open");
      }
    } else if (!event.target.closest(".pop")) {
      close(null);
    }
    const button = event.target.closest("button.copy");
    if (button) copy(button);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    close(null);
    for (const cite of document.querySelectorAll(".cite:hover, .cite:focus-within")) cite.classList.add("away");
  });
  for (const name of ["mouseout", "focusout"]) {
    document.addEventListener(name, (event) => {
      const cite = event.target.closest && event.target.closest(".cite.away");
      if (cite && !cite.contains(event.relatedTarget)) cite.classList.remove("away");
    });
  }
  // A sentence that would leave the window on the right opens to the left.
  for (const name of ["mouseover", "focusin"]) {
    document.addEventListener(name, (event) => {
      const cite = event.target.closest && event.target.closest(".cite");
      if (cite) cite.classList.toggle("left", cite.getBoundingClientRect().left > window.innerWidth - 380);
    });
  }
  async function copy(button) {
    const text = button.parentElement.querySelector("code").textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      const range = document.createRange();
      range.selectNodeContents(button.parentElement.querySelector("code"));
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  }
  const ready = () => {
    for (const button of document.querySelectorAll("button.copy")) button.hidden = false;
    // A link into closed details opens them.
    const open = () => {
      const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    };
    addEventListener("hashchange", open);
    open();
    const links = [...document.querySelectorAll(".toc a")];
    const places = links.map((link) => document.getElementById(link.hash.slice(1))).filter(Boolean);
    if (!places.length || !("IntersectionObserver" in window)) return;
    const mark = () => {
      let here = places[0];
      for (const place of places) if (place.getBoundingClientRect().top < 140) here = place;
      for (const link of links) {
        if (link.hash.slice(1) === here.id) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    };
    addEventListener("scroll", mark, { passive: true });
    mark();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
})();
