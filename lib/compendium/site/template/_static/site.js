// What style alone cannot do: boxes that scroll are reached by keyboard, and what a link names is
// opened where it is folded.
"use strict";

const BOXES = ".scroll, .cell_output .output, pre, .pst-scrollable-table-container, mjx-container[display='true']";

const reachable = () => {
  for (const box of document.querySelectorAll(BOXES)) {
    const scrolls = box.scrollWidth > box.clientWidth + 1;
    if (scrolls) box.tabIndex = 0;
  }
};

const unfold = () => {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!named) return;
  for (let fold = named.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  named.scrollIntoView({ block: named.matches("td, th") ? "center" : "start" });
};

const openAll = () => {
  for (const fold of document.querySelectorAll("article details:not(.hide):not([open])")) {
    fold.open = true;
    fold.dataset.printed = "";
  }
};

const closeAgain = () => {
  for (const fold of document.querySelectorAll("details[data-printed]")) fold.open = false;
};

addEventListener("load", reachable);
addEventListener("resize", reachable);
addEventListener("toggle", reachable, true);
addEventListener("load", unfold);
// Formulas that are set above it move it: go there again, unless the reader has gone elsewhere.
addEventListener("load", () => {
  let moved = false;
  addEventListener("wheel", () => { moved = true; }, { once: true, passive: true });
  addEventListener("touchmove", () => { moved = true; }, { once: true, passive: true });
  addEventListener("keydown", () => { moved = true; }, { once: true });
  window.MathJax?.startup?.promise?.then(() => moved || unfold());
});
addEventListener("hashchange", unfold);
addEventListener("beforeprint", openAll);
addEventListener("afterprint", closeAgain);
