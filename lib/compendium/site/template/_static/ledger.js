// The ledger: filter, sort and turn pages of 4,000 rows with a page's worth of DOM.
"use strict";

const { sources, verdicts, exhibits, units, notes, pages, rows } = window.LEDGER;
const PAGE = 50;
const COLUMNS = ["exhibit", "place", "printed", "recomputed", "unit", "verdict", "note"];
const form = document.getElementById("filters");
const table = document.getElementById("ledger");
const count = document.getElementById("count");
const turn = document.getElementById("turn");

const entries = rows.map((row, order) => {
  const [source, exhibit] = exhibits[row[0]];
  const place = [row[1], row[2]].filter(Boolean).join(", ").replaceAll(" | ", ", ").replaceAll("_", " ");
  return {
    order, row, anchor: row[11], source: sources[source][0], title: sources[source][1],
    link: `${pages[row[10]]}#${row[11]}`, exhibit, place, printed: row[3], misread: row[4],
    doubt: row[5], recomputed: row[6], unit: units[row[7]], verdict: verdicts[row[8]][0], rank: row[8],
    mark: verdicts[row[8]][1], note: notes[row[9]], where: row[0],
    words: [sources[source][1], exhibit, place, ...row.slice(3, 7), units[row[7]], notes[row[9]]]
      .join(" ").toLowerCase(),
  };
});

// What a column is sorted by: numbers as numbers, exhibits and places as in the source.
const KEYS = {
  exhibit: (e) => e.where, place: (e) => e.place, printed: (e) => number(e.printed),
  recomputed: (e) => number(e.recomputed), unit: (e) => e.unit, verdict: (e) => e.rank,
  note: (e) => e.note,
};

const number = (text) => {
  const value = parseFloat(text.replaceAll(",", ""));
  return Number.isNaN(value) ? Infinity : value;
};

const compare = (a, b) => (typeof a === "string" ? a.localeCompare(b) : a === b ? 0 : a < b ? -1 : 1);

// As many decimals as the page has, and two more.
const readable = ({ recomputed, printed }) => {
  if (recomputed === "" || Number.isNaN(Number(recomputed))) return recomputed;
  const decimals = (printed.replace("%", "").split(".")[1] || "").length + 2;
  return Number(recomputed).toLocaleString("en", { maximumFractionDigits: decimals });
};

let sort = { column: "", down: false };
let page = 0;

const element = (name, text, attributes = {}) => {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

const options = (select, pairs) => {
  select.replaceChildren(select.options[0], ...pairs.map(([value, text]) => element("option", text, { value })));
};

const listExhibits = () => {
  const own = exhibits.filter(([source]) => sources[source][0] === form.source.value || !form.source.value);
  options(form.exhibit, [...new Set(own.map(([, name]) => name))].map((name) => [name, name]));
};

// A number is the one that is printed, however its thousands are set off and whatever its unit.
const bare = (text) => text.replace(/[,%\s]/g, "");

const matching = () => {
  const words = form.text.value.toLowerCase().split(/\s+/).filter(Boolean);
  const asked = bare(form.number.value);
  return entries.filter((e) =>
    (!form.source.value || e.source === form.source.value) &&
    (!form.exhibit.value || e.exhibit === form.exhibit.value) &&
    (!form.verdict.value || e.verdict === form.verdict.value) &&
    (!asked || bare(e.printed) === asked) &&
    (!form.misread.checked || e.misread) &&
    (!form.doubt.checked || e.doubt) &&
    words.every((word) => e.words.includes(word)));
};

const sorted = (found) => {
  if (!sort.column) return found;
  const key = KEYS[sort.column];
  return found.sort((a, b) => (sort.down ? compare(key(b), key(a)) : compare(key(a), key(b))) || a.order - b.order);
};

const cell = (label, ...parts) => {
  const made = element("td", "", { "data-label": label, role: "cell" });
  made.append(...parts);
  return made;
};

// The row that a number of a notebook leads to.
let at = "";
const isAt = (e) => at !== "" && e.anchor === at && (!form.source.value || e.source === form.source.value);

const drawRow = (e) => {
  const row = element("tr", "", { role: "row", class: e.verdict });
  if (isAt(e)) row.id = "row";
  const head = element("th", "", { scope: "row", role: "rowheader" });
  head.append(element("a", e.exhibit, { href: e.link }), element("small", e.title));
  const printed = element("b", e.printed);
  const scan = e.misread ? [element("small", `the scan reads ${e.misread}`)] : [];
  if (e.doubt) scan.push(element("small", `or ${e.doubt.replaceAll("|", ", ")}`));
  const verdict = element("span", `${e.mark} `, { "aria-hidden": "true" });
  row.append(head, cell("number", e.place), cell("printed", printed, ...scan), cell("recomputed", readable(e)),
    cell("unit", e.unit), cell("verdict", verdict, e.verdict), cell("note", e.note));
  return row;
};

const drawHead = () => {
  const row = element("tr", "", { role: "row" });
  for (const column of COLUMNS) {
    const label = column === "place" ? "number" : column;
    const head = element("th", "", { scope: "col", role: "columnheader" });
    const button = element("button", label, { type: "button" });
    button.addEventListener("click", () => {
      sort = { column, down: sort.column === column && !sort.down };
      page = 0;
      show();
    });
    head.append(button);
    row.append(head);
  }
  table.tHead.append(row);
};

const markSort = () => {
  [...table.tHead.rows[0].cells].forEach((head, position) => {
    const order = sort.down ? "descending" : "ascending";
    if (COLUMNS[position] === sort.column) head.setAttribute("aria-sort", order);
    else head.removeAttribute("aria-sort");
  });
};

const remember = () => {
  const state = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) state.set(name, value);
  if (sort.column) state.set("sort", (sort.down ? "-" : "") + sort.column);
  if (page) state.set("page", page + 1);
  if (at) state.set("at", at);
  const query = state.size ? `?${state}` : location.pathname;
  // A browser may refuse this to a page that is read from a file.
  try { history.replaceState(null, "", query); } catch { /* the page works without */ }
};

const recall = () => {
  const state = new URLSearchParams(location.search);
  form.source.value = state.get("source") || "";
  listExhibits();
  for (const name of ["exhibit", "verdict", "number", "text"]) form[name].value = state.get(name) || "";
  for (const name of ["misread", "doubt"]) form[name].checked = state.has(name);
  const column = (state.get("sort") || "").replace("-", "");
  sort = { column: COLUMNS.includes(column) ? column : "", down: (state.get("sort") || "").startsWith("-") };
  page = Math.max(0, (parseInt(state.get("page"), 10) || 1) - 1);
  at = state.get("at") || "";
  if (at) page = Math.max(0, Math.floor(sorted(matching()).findIndex(isAt) / PAGE));
};

const show = () => {
  const found = sorted(matching());
  const of = Math.max(1, Math.ceil(found.length / PAGE));
  page = Math.min(page, of - 1);
  const first = page * PAGE;
  const last = Math.min(first + PAGE, found.length);
  table.tBodies[0].replaceChildren(...found.slice(first, last).map(drawRow));
  const span = found.length > PAGE ? `, ${first + 1} to ${last} shown` : "";
  count.textContent = `${found.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")} numbers${span}`;
  turn.hidden = of === 1;
  turn.children[1].textContent = `page ${page + 1} of ${of}`;
  turn.children[0].disabled = page === 0;
  turn.children[2].disabled = page === of - 1;
  markSort();
  remember();
};

form.addEventListener("input", (event) => {
  if (event.target.name === "source") listExhibits();
  page = 0;
  at = "";
  show();
});
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(() => { listExhibits(); sort.column = ""; page = 0; at = ""; show(); }));
turn.addEventListener("click", ({ target }) => {
  if (!target.value) return;
  page += Number(target.value);
  show();
  document.getElementById("filters").scrollIntoView();
});

// The rows that are seen, all of their pages, as the file has them.
const HEADS = ["source", "exhibit", "row", "column", "printed", "misread_as", "doubt", "recomputed", "unit", "verdict", "note"];

const asCsv = (found) => {
  const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const line = (e) => [e.source, e.exhibit, e.row[1], e.row[2], e.printed, e.misread, e.doubt, e.recomputed, e.unit, e.verdict, e.note];
  return [HEADS, ...found.map(line)].map((row) => `${row.map(quoted).join(",")}\n`).join("");
};

document.getElementById("download").addEventListener("click", () => {
  const link = element("a", "", { download: "ledger_rows.csv" });
  link.href = URL.createObjectURL(new Blob([asCsv(sorted(matching()))], { type: "text/csv" }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
});

// Paper has all rows that are seen, not a page of them.
addEventListener("beforeprint", () => {
  const found = sorted(matching());
  table.tBodies[0].replaceChildren(...found.map(drawRow));
  count.textContent = `${found.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")} numbers`;
});
addEventListener("afterprint", () => show());

options(form.source, sources.map(([slug, title]) => [slug, title]));
options(form.verdict, verdicts.map(([name, mark]) => [name, `${mark} ${name}`]));
drawHead();
recall();
show();
document.getElementById("row")?.scrollIntoView({ block: "center" });
