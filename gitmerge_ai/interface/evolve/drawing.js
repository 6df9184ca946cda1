// What the page draws with: elements, colours, numbers, and a canvas as sharp as the screen.

// Texts of others get into the page as text only.
function make(tag, text = "", attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function colour(name) {
  const probe = document.body.appendChild(make("i"));
  probe.style.color = `var(--${name})`;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

// Worse to better: a ramp that also differs in lightness, for those who see no hue.
const RAMP = [[68, 35, 110], [52, 96, 148], [36, 146, 138], [104, 190, 90], [240, 220, 60]];
function ramp(share) {
  const at = Math.min(share, 0.9999) * (RAMP.length - 1);
  const low = RAMP[Math.floor(at)], high = RAMP[Math.floor(at) + 1];
  return `rgb(${low.map((part, i) => Math.round(part + (high[i] - part) * (at % 1))).join(",")})`;
}

const short = (value) => (value === null || value === undefined ? "–" : String(Number(value.toPrecision(7))));

function sized(canvas) {
  const ratio = devicePixelRatio || 1, { width, height } = canvas.getBoundingClientRect();
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return [pen, width, height];
}

function lasting(seconds, span) {
  const [unit, name] = [[3600, "h"], [60, "min"], [1, "s"]].find(([unit]) => span > 3 * unit) || [1, "s"];
  return `${(seconds / unit).toFixed(span < 20 * unit ? 1 : 0)} ${name}`;
}
