// What-ifs: sliders over answers that were computed beforehand. A page without scripts has a table.
"use strict";

const made = (name, attributes = {}, ...children) => {
  const element = document.createElementNS(
    name === "svg" || attributes.svg ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml", name);
  for (const [key, value] of Object.entries(attributes)) if (key !== "svg") element.setAttribute(key, value);
  element.append(...children);
  return element;
};

const digits = (number) => (String(number).split(".")[1] || "").length;
const spelled = (number, decimals) =>
  number.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).replace(/^-(0(\.0+)?)$/, "$1");
const withUnit = (text, unit) => (unit ? `${text} ${unit}` : text);

// What an input is at a place of its slider: a word, a value, or so many steps from the first.
const inputAt = ({ values, step }, place) => {
  if (typeof values[0] === "string") return values[place];
  const decimals = Math.max(...values.map(digits), step === null ? 0 : digits(step));
  return spelled(step === null ? values[place] : values[0] + place * step, decimals);
};

// Between two values of a grid an answer is on the straight line, along each input in turn.
const readOff = (content, answer, places) => {
  const { inputs } = content;
  const off = (axis, index) => {
    if (axis === inputs.length) return answer.values[index];
    const { nodes } = inputs[axis];
    const after = Math.max(1, nodes.findIndex((node) => node >= places[axis]));
    const part = (places[axis] - nodes[after - 1]) / (nodes[after] - nodes[after - 1]);
    const at = (node) => off(axis + 1, index * nodes.length + node);
    if (part === 0) return at(after - 1);
    if (part === 1) return at(after);
    return (1 - part) * at(after - 1) + part * at(after);
  };
  return off(0, 0);
};

// The number, or the word that stands for one, and its unit.
const answerAt = (content, answer, places) => {
  const found = readOff(content, answer, places);
  if (answer.words) return [answer.words[found], ""];
  if (found === null) return [answer.none, ""];
  return [spelled(found / 10 ** answer.kept, answer.decimals), answer.unit];
};

// The first answer that is a number, over the first input: one line, and where the reader stands.
const HIGH = 230, LEFT = 66, RIGHT = 14, TOP = 14, BOTTOM = 46;

// Round numbers from low to high, a few.
const ticks = (low, high) => {
  const rough = (high - low || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((times) => times * power >= rough);
  const found = [];
  for (let tick = Math.floor(low / step); tick <= Math.ceil(high / step); tick += 1) found.push(tick * step);
  return found;
};

const drawing = (content, room) => {
  const WIDE = Math.min(720, Math.max(270, room));
  const answer = content.answers.find(({ words }) => !words);
  const [input] = content.inputs;
  if (!answer || typeof input.values[0] === "string") return null;
  const known = answer.values.filter((value) => value !== null);
  const scale = 10 ** answer.kept;
  const marks = ticks(Math.min(0, ...known) / scale, Math.max(...known) / scale);
  const low = marks[0] * scale, high = marks.at(-1) * scale;
  const last = input.nodes.at(-1);
  const worth = (place) => (input.step === null ? input.values[place] : input.values[0] + place * input.step);
  const x = (place) => LEFT + (WIDE - LEFT - RIGHT) * (worth(place) - input.values[0]) / (input.values.at(-1) - input.values[0]);
  const y = (value) => HIGH - BOTTOM - (HIGH - TOP - BOTTOM) * (value - low) / (high - low || 1);
  const svg = made("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, width: WIDE, height: HIGH, role: "img", class: "curve" });
  const line = (attributes) => svg.append(made("line", { svg: 1, ...attributes }));
  const words = (text, attributes) => svg.append(made("text", { svg: 1, ...attributes }, text));
  for (const mark of marks) {
    const height = y(mark * scale);
    line({ x1: LEFT, x2: WIDE - RIGHT, y1: height, y2: height, class: "grid" });
    words(mark.toLocaleString("en", { maximumFractionDigits: 3 }), { x: LEFT - 8, y: height + 5, "text-anchor": "end" });
  }
  for (const place of [0, last]) {
    words(inputAt(input, place), { x: x(place), y: HIGH - BOTTOM + 18, "text-anchor": place ? "end" : "start" });
  }
  words(withUnit(`${answer.label} over ${input.label}`, input.unit && `(${input.unit})`),
    { x: (LEFT + WIDE - RIGHT) / 2, y: HIGH - 8, "text-anchor": "middle" });
  // Where nothing was computed between two values there is no line: a point for each of them.
  const apart = input.step === null;
  const [first, own] = ["first", "own"].map((name) => made("path", { svg: 1, class: apart ? `${name} apart` : name }));
  const dot = made("circle", { svg: 1, r: 6, class: "here" });
  svg.append(first, own, dot);
  const path = (places, radius) => {
    const parts = [];
    for (let place = 0; place <= last; place += 1) {
      const value = readOff(content, answer, [place, ...places.slice(1)]);
      if (value === null) continue;
      const [across, up] = [x(place).toFixed(1), y(value).toFixed(1)];
      parts.push(apart
        ? `M${across} ${up}m-${radius} 0a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 -${2 * radius} 0`
        : `${parts.length ? "L" : "M"}${across} ${up}`);
    }
    return parts.join("");
  };
  const show = (places, start) => {
    own.setAttribute("d", path(places, 3));
    first.setAttribute("d", path(start, 2));
    const value = readOff(content, answer, places);
    dot.setAttribute("visibility", value === null ? "hidden" : "visible");
    if (value !== null) { dot.setAttribute("cx", x(places[0])); dot.setAttribute("cy", y(value)); }
    svg.setAttribute("aria-label", `${answer.label} over ${input.label}; here ${answerAt(content, answer, places).join(" ")}`);
  };
  return { svg, show };
};

const startOf = ({ values, start, step }) =>
  (step === null ? values.indexOf(start) : Math.round((start - values[0]) / step));

const build = (box) => {
  const content = JSON.parse(box.querySelector("script").textContent);
  const id = `what-if-${box.dataset.whatIf}`;
  const start = content.inputs.map(startOf);
  const form = made("form", { "aria-labelledby": `${id}-title` });
  const sliders = content.inputs.map((input, position) => {
    const own = `${id}-${position}`;
    // No <output>: it would be read aloud at every step, beside the value of the slider itself.
    const shown = made("span");
    const slider = made("input", { type: "range", id: own, min: 0, max: input.nodes.at(-1), step: 1, value: start[position] });
    form.append(made("div", { class: "slider" }, made("label", { for: own }, input.label), shown, slider));
    return { slider, shown, input };
  });
  const answers = made("dl");
  const values = content.answers.map((answer) => {
    const value = made("b"), unit = made("span"), first = made("small");
    answers.append(made("div", {}, made("dt", {}, answer.label), made("dd", {}, value, " ", unit, first)));
    return { value, unit, first, answer };
  });
  const said = made("p", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  const curve = drawing(content, (box.clientWidth || 640) - 36);
  let saying;
  const show = () => {
    const places = sliders.map(({ slider }) => Number(slider.value));
    sliders.forEach(({ slider, shown, input }, position) => {
      const words = withUnit(inputAt(input, places[position]), input.unit);
      shown.textContent = words;
      slider.setAttribute("aria-valuetext", words);
    });
    for (const { value, unit, first, answer } of values) {
      const [[now, own], [then]] = [places, start].map((where) => answerAt(content, answer, where));
      value.textContent = now;
      unit.textContent = own;
      first.textContent = now === then ? "" : `at first ${then}`;
    }
    curve?.show(places, start);
    return values.map(({ value, unit, answer }) => `${answer.label}: ${value.textContent} ${unit.textContent}`.trim()).join("; ");
  };
  form.addEventListener("input", () => {
    const words = show();
    clearTimeout(saying);
    // Who hears it is told where the slider stops, not all on the way.
    saying = setTimeout(() => { said.textContent = words; }, 400);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    sliders.forEach(({ slider }, position) => { slider.value = start[position]; });
    said.textContent = show();
  });
  const back = made("button", { type: "button" }, "As at first");
  const table = box.querySelector("table");
  const ends = made("details", {}, made("summary", {}, "As a table: at first, and at the ends of each slider"));
  const notes = [...box.querySelectorAll("small")].filter((note) => !table.contains(note));
  box.replaceChildren(made("p", { class: "title", id: `${id}-title` }, content.title), form, answers, said,
    ...(curve ? [curve.svg] : []), back, ...notes, ends);
  ends.append(table);
  back.addEventListener("click", () => form.reset());
  show();
};

for (const box of document.querySelectorAll(".what-if:has(script)")) build(box);
