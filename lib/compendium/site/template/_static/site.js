// What style alone cannot do: boxes that scroll are reached by keyboard, what a link names is opened
// where it is folded, and a number leads back to its row.
"use strict";

const BOXES = ".scroll, .cell_output .output, pre, .pst-scrollable-table-container, div.math";

const reach = (boxes) => {
  // All is measured before anything is changed: in turns, each would lay the page out anew.
  const scrolling = [...boxes].filter((box) => box.scrollWidth > box.clientWidth + 1);
  for (const box of scrolling) if (!box.querySelector(".scroll, pre")) box.tabIndex = 0;
};
const reachable = () => reach(document.querySelectorAll(BOXES));

// A telephone lays out a cell only when it comes near, and only then is it measured.
const near = new IntersectionObserver((seen) => {
  const boxes = seen.filter((each) => each.isIntersecting).map((each) => each.target);
  for (const box of boxes) near.unobserve(box);
  reach(boxes);
}, { rootMargin: "100%" });
const reachableSoon = () => {
  if (matchMedia("(min-width: 48.01rem)").matches) reachable();
  else for (const box of document.querySelectorAll(BOXES)) near.observe(box);
};

const target = () => document.getElementById(decodeURIComponent(location.hash.slice(1)));

const unfold = () => {
  const named = target();
  if (!named) return;
  for (let fold = named.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  named.scrollIntoView({ block: named.matches("td, th") ? "center" : "start" });
};

// The way from a number to its row of the ledger stands in the number that a link, or a click, names.
const wayBack = (number) => {
  document.querySelector(".to-row")?.remove();
  const exhibit = /^(.+)-n\d+$/.exec(number?.id || "")?.[1];
  const slug = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  const link = exhibit && [...number.closest(".cell").querySelectorAll(".to-ledger a")].find((a) => slug(a.textContent) === exhibit);
  if (!link) return;
  const way = document.createElement("a");
  way.className = "to-row";
  way.href = `${link.href}&at=${number.id}`;
  way.textContent = "in the ledger";
  number.append(way);
};

const named = () => { unfold(); wayBack(target()); };

addEventListener("click", ({ target: clicked }) => {
  const number = clicked.closest?.("article .printed :is(td, th)[id]");
  if (number && !clicked.closest("a")) wayBack(number);
});

const openAll = () => {
  for (const fold of document.querySelectorAll("article details:not(.hide):not([open])")) {
    fold.open = true;
    fold.dataset.printed = "";
  }
};

const closeAgain = () => {
  for (const fold of document.querySelectorAll("details[data-printed]")) fold.open = false;
};

addEventListener("load", () => {
  named();
  reachableSoon();
});
// A telephone that hides the line of its address changes the height of its window, and no box.
let width = innerWidth;
addEventListener("resize", () => {
  // Only after the next picture do boxes have the room that the new width leaves them.
  if (width !== innerWidth) requestAnimationFrame(() => requestAnimationFrame(reachable));
  width = innerWidth;
});
addEventListener("toggle", ({ target: opened }) => reach(opened.querySelectorAll(BOXES)), true);
addEventListener("hashchange", named);
addEventListener("beforeprint", openAll);
addEventListener("afterprint", closeAgain);
