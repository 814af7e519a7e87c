// The conclusions: rows are there without a script; this one filters them and keeps the choice in
// the address.
"use strict";

const form = document.getElementById("filters");
const count = document.getElementById("count");
const rows = [...document.querySelectorAll("#conclusions tbody tr")];
const NAMES = ["source", "verdict", "kind"];

const show = () => {
  for (const row of rows) row.hidden = !NAMES.every((name) => !form[name].value || row.dataset[name] === form[name].value);
  const shown = rows.filter((row) => !row.hidden).length;
  count.textContent = `${shown} of ${rows.length} conclusions`;
  const state = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  // A browser may refuse this to a page that is read from a file.
  try { history.replaceState(null, "", (state.size ? `?${state}` : location.pathname) + location.hash); } catch { /* the page works without */ }
};

const recall = () => {
  const state = new URLSearchParams(location.search);
  for (const name of NAMES) form[name].value = state.get(name) || "";
  for (const name of NAMES) if (form[name].selectedIndex < 0) form[name].value = "";
};

form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(show));
recall();
show();
