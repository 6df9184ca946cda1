// The page of a run: what it is drawn from is the JSON in it, which is never taken for HTML.

const run = JSON.parse(document.getElementById("data").textContent);
const all = run.individuals;
const [MEMBER, BEST, PROMOTED, PRUNED, DEAD, BETTER, LIVING] = [1, 2, 4, 8, 16, 32, 64];
const byCommit = new Map(all.map((one, at) => [one.commit, at]));
const children = all.map(() => []);
all.forEach((one, at) => one.parents.forEach((parent) => children[parent].push(at)));
const best = all.findIndex((one) => one.flags & BEST);
const form = document.getElementById("filters");
const details = document.getElementById("details");
const tip = document.getElementById("tip");
const ROW = 12;
let column = 44;

let ink = {};
function readColours() {
  for (const name of ["ground", "ink", "quiet", "rule", "accent", "failed"]) ink[name] = colour(name);
}

// Scores by their place among all, so that one that is far off does not wash out the others.
let objective = 0, shares = [];
const score = (one, at = objective) => (one.outcome === "passed" && run.objectives.length ? one.scores[at] : null) ?? null;
function rankScores() {
  const lower = run.objectives[objective]?.lower;
  const known = [...new Set(all.map((one) => score(one)).filter((value) => value !== null))];
  known.sort((a, b) => (lower ? b - a : a - b));
  const place = new Map(known.map((value, at) => [value, known.length > 1 ? at / (known.length - 1) : 1]));
  shares = all.map((one) => place.get(score(one)) ?? null);
  const legend = document.getElementById("legend");
  legend.replaceChildren();
  if (known.length) {
    const scale = make("span", "", { class: "ramp" });
    scale.style.background = `linear-gradient(90deg, ${[0, 0.25, 0.5, 0.75, 1].map(ramp).join(", ")})`;
    legend.append(`${run.objectives[objective].name}: ${short(known[0])}`, scale, `${short(known.at(-1))} is best. `);
  }
  legend.append("Hollow: did not pass. Ring: in the population. Large: the best. Faint: filtered out, or of a pruned lineage.");
}

let shown = [];
// A commit of several operators is one of each.
const values = (one, name) => (name === "operator" ? one.operator.split(" + ") : [String(one[name])]);
function filter() {
  const asked = new FormData(form);
  const fits = (one, name) => !asked.get(name) || values(one, name).includes(asked.get(name));
  const living = asked.get("living");
  shown = all.map((one) => ["island", "agent", "operator", "outcome"].every((name) => fits(one, name)) &&
    (!living || Boolean(one.flags & LIVING)));
  objective = Number(asked.get("objective") || 0);
  rankScores();
  document.getElementById("count").textContent = `${shown.filter(Boolean).length.toLocaleString("en")} of ${all.length.toLocaleString("en")}`;
  draw();
  drawTime();
}
function choices() {
  form.elements.objective.append(...run.objectives.map((each, at) => make("option", each.name, { value: at })));
  if (run.objectives.length < 2) form.elements.objective.parentElement.hidden = true;
  for (const name of ["island", "agent", "operator", "outcome"]) {
    const counts = new Map();
    for (const value of all.flatMap((one) => values(one, name))) counts.set(value, (counts.get(value) || 0) + 1);
    const sorted = [...counts].sort((a, b) => a[0].localeCompare(b[0], "en", { numeric: true }));
    form.elements[name].append(make("option", "all", { value: "" }),
      ...sorted.map(([value, count]) => make("option", `${value} (${count})`, { value })));
  }
}

// The phylogeny: a column for each generation; `view` is where the canvas looks, and how near.
const canvas = document.getElementById("graph");
const view = { x: 0, y: 0, zoom: 1 };
let selected = -1, lineage = new Set();
const place = (one) => [one.generation * column, one.row * ROW];
const onScreen = (one) => { const [x, y] = place(one); return [(x - view.x) * view.zoom, (y - view.y) * view.zoom]; };

function link(pen, from, to) {
  const middle = (from[0] + to[0]) / 2;
  pen.moveTo(...from);
  pen.bezierCurveTo(middle, from[1], middle, to[1], ...to);
}

function draw() {
  const [pen, width, height] = sized(canvas);
  const points = all.map(onScreen);
  const radius = Math.max(1.6, Math.min(8, 4.5 * view.zoom));
  const faint = (at) => !shown[at] || Boolean(all[at].flags & DEAD);
  pen.font = "11px system-ui, sans-serif";
  pen.fillStyle = ink.quiet;
  const last = all.at(-1).generation;
  const every = Math.max(1, Math.ceil(34 / (column * view.zoom)));
  for (let each = 0; each <= last; each += every) pen.fillText(each, (each * column - view.x) * view.zoom - 4, height - 6);
  for (const [strong, style, wide] of [[false, ink.rule, 1], [true, ink.accent, 2]]) {
    pen.beginPath();
    all.forEach((one, at) => one.parents.forEach((parent) => {
      const traced = lineage.has(at) && lineage.has(parent);
      const hidden = form.elements.living.checked && !(shown[at] && shown[parent]);
      if (traced === strong && (strong || !hidden)) link(pen, points[parent], points[at]);
    }));
    pen.strokeStyle = style;
    pen.lineWidth = wide;
    pen.stroke();
  }
  all.forEach((one, at) => {
    const [x, y] = points[at];
    if (x < -20 || y < -20 || x > width + 20 || y > height + 20) return;
    if (form.elements.living.checked && !shown[at]) return;
    const size = at === best ? radius * 1.7 : radius;
    pen.globalAlpha = faint(at) && !lineage.has(at) ? 0.18 : 1;
    pen.beginPath();
    pen.arc(x, y, size, 0, 7);
    if (one.outcome === "passed") {
      pen.fillStyle = shares[at] === null ? ink.quiet : ramp(shares[at]);
      pen.fill();
    } else {
      pen.fillStyle = ink.ground;
      pen.fill();
      pen.strokeStyle = ink.failed;
      pen.lineWidth = 1.2;
      pen.stroke();
    }
    const ring = at === selected ? ink.accent : one.flags & (MEMBER | BEST | PROMOTED) ? ink.ink : "";
    if (ring) {
      pen.beginPath();
      pen.arc(x, y, size + 1.8, 0, 7);
      pen.strokeStyle = ring;
      pen.lineWidth = at === selected ? 3 : 1.3;
      pen.stroke();
    }
    pen.globalAlpha = 1;
  });
}

function fit() {
  const { width, height } = canvas.getBoundingClientRect();
  const rows = all.map((one) => one.row * ROW), last = Math.max(1, all.at(-1).generation);
  const [low, high] = [Math.min(...rows), Math.max(...rows)];
  view.zoom = Math.min(4, (height - 70) / Math.max(1, high - low));
  column = Math.max(0.6 * ROW, Math.min(140 / view.zoom, (width - 60) / last / view.zoom));
  view.zoom = Math.min(view.zoom, (width - 60) / last / column);
  view.x = (last * column) / 2 - width / 2 / view.zoom;
  view.y = (low + high) / 2 - (height - 20) / 2 / view.zoom;
  draw();
}
function zoom(factor, x, y) {
  const before = view.zoom;
  view.zoom = Math.max(0.01, Math.min(12, view.zoom * factor));
  view.x += x / before - x / view.zoom;
  view.y += y / before - y / view.zoom;
  draw();
}
function reveal(at) {
  const { width, height } = canvas.getBoundingClientRect(), [x, y] = onScreen(all[at]);
  if (x > 30 && y > 30 && x < width - 30 && y < height - 30) return;
  const [left, top] = place(all[at]);
  view.x = left - width / 2 / view.zoom;
  view.y = top - height / 2 / view.zoom;
}
function nearest(x, y) {
  let found = -1, closest = 15 ** 2;
  all.forEach((one, at) => {
    if (form.elements.living.checked && !shown[at]) return;
    const [left, top] = onScreen(one), distance = (left - x) ** 2 + (top - y) ** 2;
    if (distance < closest) [found, closest] = [at, distance];
  });
  return found;
}

// What is known of one of them.
const name = (at) => all[at].commit.slice(0, 10);
function button(at) {
  const made = make("button", name(at), { type: "button" });
  made.addEventListener("click", () => select(at));
  return made;
}
function forebears(at) {
  const found = new Set([at]);
  for (const one of found) for (const parent of all[one].parents) found.add(parent);
  return found;
}
function listed(entries) {
  const list = make("dl");
  for (const [term, ...values] of entries) {
    const value = make("dd");
    value.append(...values.flatMap((each, at) => (at ? [" ", each] : [each])));
    list.append(make("dt", term), value);
  }
  return list;
}
const KINDS = { "+": "add", "-": "drop", "@": "place" };
function changed(diff) {
  const block = make("pre");
  for (const line of diff.replace(/\n$/, "").split("\n")) {
    const kind = line.startsWith("+++") || line.startsWith("---") || line.startsWith("diff ") ? "place" : KINDS[line[0]] || "";
    block.append(make("span", line, { class: kind }));
  }
  return block;
}
function select(at, moved = true) {
  selected = at;
  const one = all[at];
  lineage = forebears(at);
  const state = [[BEST, "the best"], [PROMOTED, "promoted"], [PRUNED, "pruned"], [BETTER, "better than its parents"]]
    .filter(([flag]) => one.flags & flag).map(([, words]) => words);
  if (one.flags & DEAD && !(one.flags & PRUNED)) state.push("of a pruned lineage");
  const way = [...lineage].sort((a, b) => all[b].generation - all[a].generation);
  const steps = make("ol", "", { class: "way", reversed: "" });
  for (const each of way.slice(0, 200)) {
    const step = make("li");
    step.append(button(each), ` ${said(all[each])} ${all[each].summary}`);
    steps.append(step);
  }
  details.replaceChildren(
    make("h3", one.summary || one.operator),
    listed([
      ["commit", make("code", one.commit)],
      ...run.objectives.map((each, i) => [each.name, short(score(one, i))]),
      ["outcome", `${one.outcome}${one.seconds === null ? "" : ` in ${one.seconds.toFixed(2)} s`}`],
      ...(one.validated ? [["held out", one.validated]] : []),
      ["made by", `${one.agent}, ${one.operator}`],
      ["generation", `${one.generation}, island ${one.island}`],
      ["at", new Date(one.time * 1000).toISOString().replace("T", " ").slice(0, 19) + " UTC"],
      ...(one.places.length ? [["in", one.places.join(", ")]] : []),
      ...(state.length ? [["is", state.join(", ")]] : []),
      ...(one.parents.length ? [["parents", ...one.parents.map(button)]] : []),
      ...(children[at].length ? [["children", ...children[at].slice(0, 40).map(button)]] : []),
    ]),
    ...one.comments.flatMap(([by, text]) => [make("h4", `${by || "somebody"} said`), make("div", text)]),
    make("h4", "change"),
    one.diff === null ? make("code", `git show ${one.commit}`) : one.diff ? changed(one.diff) : make("div", "none", { class: "faint" }),
    make("h4", "log"),
    one.log === null ? make("code", `git notes --ref=gitmerge-ai/${run.run} show ${one.commit}`) : make("pre", one.log || "nothing"),
    make("h4", `lineage, ${lineage.size} commits`),
    steps,
  );
  details.scrollTop = 0;
  if (moved) {
    reveal(at);
    history.replaceState(null, "", `#${one.commit}`);
  }
  draw();
  drawTime();
}
const said = (one) => (one.outcome === "passed" ? run.objectives.map((each, at) => `${each.name} ${short(score(one, at))}`).join(", ") : one.outcome);

// Scores over time.
const time = document.getElementById("time");
let timed = [];
function drawTime() {
  const [pen, width, height] = sized(time);
  const found = all.map((one, at) => at).filter((at) => shares[at] !== null && all[at].generation).sort((a, b) => all[a].time - all[b].time);
  timed = [];
  if (!found.length) return;
  const lower = run.objectives[objective].lower;
  const values = found.map((at) => score(all[at])).sort((a, b) => (lower ? a - b : b - a));
  const base = all.map((one, at) => at).find((at) => !all[at].generation && shares[at] !== null);
  const start = base === undefined ? null : score(all[base]);
  // The worst twentieth may leave the picture at its edge.
  const edge = [values[0], values[Math.floor(values.length * 0.95)], ...(start === null ? [] : [start])];
  const [low, high] = [Math.min(...edge), Math.max(...edge)];
  const first = all[found[0]].time, span = all[found.at(-1)].time - first || 1;
  const x = (at) => 70 + ((all[at].time - first) / span) * (width - 90);
  const y = (value) => 14 + (1 - (Math.max(low, Math.min(high, value)) - low) / (high - low || 1)) * (height - 44);
  pen.font = "11px system-ui, sans-serif";
  pen.fillStyle = ink.quiet;
  pen.strokeStyle = ink.rule;
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const value = low + share * (high - low);
    pen.beginPath(); pen.moveTo(70, y(value)); pen.lineTo(width - 20, y(value)); pen.stroke();
    pen.textAlign = "right";
    pen.fillText(short(Number(value.toPrecision(5))), 62, y(value) + 4);
    pen.textAlign = "center";
    pen.fillText(lasting(share * span, span), 70 + share * (width - 90), height - 8);
  }
  pen.textAlign = "left";
  for (const at of found) {
    pen.globalAlpha = shown[at] ? 0.75 : 0.12;
    pen.fillStyle = ramp(shares[at]);
    const point = [x(at), y(score(all[at]))];
    pen.beginPath(); pen.arc(...point, at === selected ? 5 : 2.6, 0, 7); pen.fill();
    timed.push([...point, at]);
  }
  pen.globalAlpha = 1;
  if (start !== null) {
    pen.setLineDash([5, 4]);
    pen.strokeStyle = ink.quiet;
    pen.beginPath(); pen.moveTo(70, y(start)); pen.lineTo(width - 20, y(start)); pen.stroke();
    pen.setLineDash([]);
  }
  let top = start;
  pen.beginPath();
  for (const at of found) {
    const value = score(all[at]);
    if (top !== null && (lower ? value >= top : value <= top)) continue;
    if (top === null) pen.moveTo(x(at), y(value));
    else { if (at === found[0] || top === start) pen.moveTo(x(at), y(top)); pen.lineTo(x(at), y(top)); pen.lineTo(x(at), y(value)); }
    top = value;
  }
  if (top !== start) pen.lineTo(width - 20, y(top));
  pen.strokeStyle = ink.accent;
  pen.lineWidth = 2;
  pen.stroke();
  pen.lineWidth = 1;
}

// What moves it.
const at = (event) => { const box = event.currentTarget.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
let drag = null;
canvas.addEventListener("pointerdown", (event) => { drag = { from: at(event), x: view.x, y: view.y, far: false }; canvas.setPointerCapture(event.pointerId); });
canvas.addEventListener("pointermove", (event) => {
  const [x, y] = at(event);
  if (drag) {
    const [right, down] = [x - drag.from[0], y - drag.from[1]];
    drag.far ||= Math.hypot(right, down) > 4;
    if (drag.far) { canvas.classList.add("dragging"); [view.x, view.y] = [drag.x - right / view.zoom, drag.y - down / view.zoom]; draw(); }
    return;
  }
  const found = nearest(x, y);
  tip.hidden = found < 0;
  if (found >= 0) {
    tip.textContent = `${name(found)}: ${said(all[found])}; ${all[found].summary || all[found].operator}`;
    const { width } = canvas.getBoundingClientRect();
    tip.style.left = `${Math.min(x + 12, Math.max(0, width - 240))}px`;
    tip.style.top = `${y + 14}px`;
  }
});
canvas.addEventListener("pointerup", (event) => {
  const found = drag && !drag.far ? nearest(...at(event)) : -1;
  drag = null;
  canvas.classList.remove("dragging");
  if (found >= 0) select(found, false), history.replaceState(null, "", `#${all[found].commit}`);
});
canvas.addEventListener("pointerleave", () => { tip.hidden = true; });
canvas.addEventListener("wheel", (event) => { event.preventDefault(); zoom(Math.exp(-event.deltaY / 400), ...at(event)); }, { passive: false });
canvas.addEventListener("keydown", (event) => {
  const { width, height } = canvas.getBoundingClientRect();
  const peers = () => all.map((one, each) => each).filter((each) => all[each].generation === all[selected].generation && shown[each]).sort((a, b) => all[a].row - all[b].row);
  const step = (by) => { const found = peers(); return found[found.indexOf(selected) + by]; };
  const keys = {
    ArrowLeft: () => all[selected]?.parents[0], ArrowRight: () => children[selected]?.[0],
    ArrowUp: () => step(-1), ArrowDown: () => step(1), Enter: () => best,
  };
  const zooms = { "+": 1.4, "=": 1.4, "-": 0.7 };
  if (event.key in keys) {
    const found = selected < 0 ? Math.max(best, 0) : keys[event.key]();
    if (found !== undefined && found >= 0) select(found);
  } else if (event.key in zooms) zoom(zooms[event.key], width / 2, height / 2);
  else if (event.key === "0") fit();
  else return;
  event.preventDefault();
});
time.addEventListener("click", (event) => {
  const [x, y] = at(event);
  const near = timed.map(([left, top, each]) => [Math.hypot(left - x, top - y), each]).sort((a, b) => a[0] - b[0])[0];
  if (near && near[0] < 15) select(near[1]);
});
document.querySelectorAll("[data-zoom]").forEach((each) => each.addEventListener("click", () => {
  const { width, height } = canvas.getBoundingClientRect(), factor = Number(each.dataset.zoom);
  if (factor) zoom(factor, width / 2, height / 2); else fit();
}));
document.getElementById("to-best").addEventListener("click", () => { if (best >= 0) select(best); });
document.querySelectorAll("[data-commit]").forEach((each) => each.addEventListener("click", () => {
  select(byCommit.get(each.dataset.commit));
  canvas.scrollIntoView({ block: "nearest" });
}));
form.addEventListener("change", filter);
addEventListener("resize", () => { draw(); drawTime(); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readColours(); draw(); drawTime(); });

readColours();
choices();
filter();
fit();
const named = byCommit.get(location.hash.slice(1)) ?? best;
if (named >= 0) select(named);
document.documentElement.dataset.ready = "true";
