// Search in what was made for it: exhibits, sections, functions, figures, and the printed numbers.
"use strict";

const { kinds, entries, numbers } = window.SEARCH;
const SHOWN = 40;
const form = document.getElementById("search-form");
const list = document.getElementById("search-results");
const count = document.getElementById("count");

const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
const words = (text) => plain(text).split(/[^\p{L}\p{N}.]+/u).map((word) => word.replace(/^\.+|\.+$/g, "")).filter(Boolean);
const index = entries.map(([kind, title, href, more]) => ({
  kind, title, href, more, own: plain(title), words: words(title.replaceAll("_", " ") + " " + title), rest: plain(`${title} ${more}`),
}));

// The whole title before its beginning, that before its words, and all before what is said of it.
const rank = (entry, query, asked) => {
  if (entry.own === query || entry.own.split(".").at(-1) === query) return 0;
  if (asked.every((word) => entry.words.includes(word))) return 1;
  if (entry.own.startsWith(query)) return 2;
  if (asked.every((word) => entry.words.some((own) => own.startsWith(word)))) return 3;
  if (asked.every((word) => entry.own.includes(word))) return 4;
  if (asked.every((word) => entry.rest.includes(word))) return 5;
  return -1;
};

const item = (href, title, kind, more) => {
  const link = document.createElement("a");
  link.href = href;
  link.textContent = title;
  const told = document.createElement("small");
  told.textContent = [kind, more].filter(Boolean).join(": ");
  const row = document.createElement("li");
  row.append(link, told);
  return row;
};

const search = () => {
  const text = form.q.value.trim();
  const query = plain(text), asked = words(text);
  const found = [];
  const number = text.replaceAll(",", "").replace(/[%\s]/g, "");
  if (number && numbers[number]) {
    const times = numbers[number];
    found.push(item(`ledger.html?${new URLSearchParams({ number })}`, text,
      "in the ledger", `printed ${times === 1 ? "once" : `${times} times`}`));
  }
  const hits = asked.length ? index.map((entry) => ({ entry, rank: rank(entry, query, asked) })).filter((hit) => hit.rank >= 0) : [];
  // Of equals the kinds come in their order, and the shorter title first.
  hits.sort((a, b) => a.rank - b.rank || a.entry.kind - b.entry.kind || a.entry.title.length - b.entry.title.length);
  found.push(...hits.slice(0, SHOWN).map(({ entry }) => item(entry.href, entry.title, kinds[entry.kind], entry.more)));
  list.replaceChildren(...found);
  const all = hits.length + found.length - Math.min(hits.length, SHOWN);
  count.textContent = text ? `${all} found${all > found.length ? `, the first ${found.length} shown` : ""}` : "";
  try { history.replaceState(null, "", text ? `?${new URLSearchParams({ q: text })}` : location.pathname); } catch { /* from a file */ }
};

form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
form.addEventListener("input", search);
form.q.value = new URLSearchParams(location.search).get("q") || "";
search();
