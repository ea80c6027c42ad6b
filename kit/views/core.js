// What the player does without a page: a recording drawn as SVG, panels and tables as HTML, and the machine of its steps.
// Pure functions. Every position, word and state was computed by frames.py; draw() writes what svg.py writes, character
// for character (a test compares them).

const ARROW = 11; // an arrow lies so far above its row's lower edge
const TURN = 17; // and a ribbon changes so far above it
const ALARMS = ["k-stale", "k-lost", "k-fail"];

// ---- The picture: data to elements, elements to SVG

export function draw(picture, step, row) {
  const tall = row || picture.row;
  const now = step - 1;
  const first = step ? picture.first[step - 1] : 0;
  const inSight = picture.rows.slice(first, first + picture.window);
  const bottom = height(picture, row);
  return [
    ...band(picture, now, first, tall),
    ...picture.lanes.map(([look, x]) => ["p", look, `M${x} ${picture.head - 4}V${bottom}`]),
    ...spans(picture, now, first, tall),
    ...inSight.map((one, at) => drawRow(picture, one, first + at, now, first, tall)),
    ...words(picture, now, first, tall),
    ...picture.heads,
  ];
}

export function height(picture, row) {
  return picture.head + picture.window * (row || picture.row) + 4;
}

export function svg(elements, width, tall, uid, label, look = "") {
  return (
    `<svg class="k-picture${look ? " " : ""}${look}" xmlns="http://www.w3.org/2000/svg" width="${width}" height="${tall}" ` +
    `viewBox="0 0 ${width} ${tall}" role="img" aria-label="${attribute(label)}">` +
    `${patterns(uid)}${elements.map((element) => write(element, uid)).join("")}</svg>`
  );
}

export function patterns(uid) {
  const turned = 'patternUnits="userSpaceOnUse" patternTransform="rotate(45)"';
  const hatches = [["hatch", 7, 2.6], ["field", 9, 1.3]].map(([name, size, line]) =>
    `<pattern id="${uid}-${name}" width="${size}" height="${size}" ${turned}>` +
    `<rect class="k-${name}-ground" width="${size}" height="${size}"/>` +
    `<rect class="k-hatch-line" width="${line}" height="${size}"/></pattern>`);
  return `<defs>${hatches.join("")}</defs>`;
}

export function write(element, uid) {
  const [kind, look, ...rest] = element;
  if (kind === "p") return `<path class="${look}" d="${rest[0]}"/>`;
  if (kind === "r") {
    const [x, y, wide, tall, radius] = rest;
    const fill = { "k-hatch": ` fill="url(#${uid}-hatch)"`, "k-field": ` fill="url(#${uid}-field)"` }[look] || "";
    return `<rect class="${look}" x="${x}" y="${y}" width="${wide}" height="${tall}" rx="${radius}"${fill}/>`;
  }
  if (kind === "t") {
    const [x, y, anchor, text] = rest;
    return `<text class="${look}" x="${x}" y="${y}" text-anchor="${anchor}">${escape(text)}</text>`;
  }
  return `<g class="${look}" transform="translate(0 ${rest[0]})">${rest[1].map((one) => write(one, uid)).join("")}</g>`;
}

function band(picture, now, first, tall) {
  if (now < 0) return [];
  const y = picture.head + (now - first) * tall;
  const alarm = ALARMS.includes(picture.rows[now][0]) ? " k-alarm" : "";
  return [["r", `k-band${alarm}`, 0, y, picture.width, tall, 6], ["r", `k-rail${alarm}`, 0, y, 4, tall, 2]];
}

function spans(picture, now, first, tall) {
  const found = [];
  for (const [x, wide, start, end] of picture.fields) {
    const [top, bottom, seen] = extent(picture, start, end, now, first, tall);
    if (seen) found.push(["r", "k-field", x, top, wide, bottom - top, 0]);
  }
  for (const [look, x, wide, start, end] of picture.spans) {
    const [top, bottom, seen] = extent(picture, start, end, now, first, tall);
    if (seen) found.push(["r", look, x, top, wide, bottom - top, 3]);
  }
  return found;
}

function words(picture, now, first, tall) {
  const found = [];
  const upper = picture.head;
  for (const [, , , start, end, x, anchor, lines, where] of picture.spans) {
    const [top, , seen] = extent(picture, start, end, now, first, tall);
    // Once the window has moved, a message may stand where the words at its upper edge would be.
    if (!seen || !where || (where === "top" && (first || start >= 0))) continue;
    const look = where === "top" ? "k-version" : "k-held";
    const base = Math.max(top + 3 - 6.5 * (lines.length - 1), upper + 14);
    lines.forEach((line, at) => found.push(["t", look, x, base + 13 * at, anchor, line]));
  }
  for (const [, , start, end, middle, x, wide, line] of picture.fields) {
    const [top, , seen] = extent(picture, start, end, now, first, tall);
    if (!seen) continue;
    const y = Math.max(top - 9, upper + 2);
    found.push(["r", "k-verdict", x, y, wide, 22, 6]);
    found.push(["t", "k-verdict k-chip", middle, y + 15.5, "middle", line]);
  }
  return found;
}

function extent(picture, start, end, now, first, tall) {
  const last = 2 * now + 1;
  const stop = end === null ? last : Math.min(end, last);
  const top = Math.max(edge(picture, start, first, tall), picture.head - 2);
  const bottom = edge(picture, stop, first, tall);
  return [top, bottom, start < last && stop > start && bottom > top];
}

function edge(picture, place, first, tall) {
  const upper = picture.head + (Math.floor(place / 2) - first) * tall;
  return upper + (place % 2 ? tall : tall - TURN);
}

function drawRow(picture, row, at, now, first, tall) {
  const [kind, line, said, mark, always, pause] = row;
  const down = picture.head + (at - first + 1) * tall - ARROW;
  if (at > now) return ["g", `k-row k-ghost ${kind}`, down, line];
  const rule = pause && at > first ? [["p", "k-pause", `M${picture.gutter + 8} ${ARROW - tall}H${picture.width}`]] : [];
  const time = always || at === now || at === first ? [["t", "k-time", picture.gutter, 4, "end", mark]] : [];
  return ["g", `k-row${at === now ? " k-now" : ""} ${kind}`, down, [...rule, ...line, ...said, ...time]];
}

// ---- The tick strip: the same marks twice, what is past and what is to come, cut where the thumb stands

export function ticks(picture, step, steps, uid) {
  const cut = cutAt(picture, step, steps);
  const marks = picture.ticks.map((element) => write(element, uid)).join("");
  const half = (name, x, wide, look) =>
    `<clipPath id="${uid}-${name}"><rect x="${x}" y="0" width="${wide}" height="22"/></clipPath>` +
    `<g class="${look}" clip-path="url(#${uid}-${name})">${marks}</g>`;
  return (
    `<svg class="k-ticks" xmlns="http://www.w3.org/2000/svg" width="${picture.width}" height="22" ` +
    `viewBox="0 0 ${picture.width} 22" aria-hidden="true">` +
    `${half("past", 0, cut, "k-past")}${half("rest", cut, picture.width - cut, "k-rest")}</svg>`
  );
}

// How far the past reaches: just behind the mark of the step.
export function cutAt(picture, step, steps) {
  const reach = steps > 80 ? 7 : Math.min(8, picture.width / steps / 2); // above 80, marks share their places
  return step ? place(step, steps, picture.width) + reach : 0;
}

export function place(step, steps, width) {
  return 9 + (steps > 1 ? ((width - 18) * (step - 1)) / (steps - 1) : 0);
}

// ---- What is seen at which width

export function choosePicture(pictures, room) {
  return pictures.find((picture) => picture.width <= room) || pictures[pictures.length - 1];
}

// The cells of a step: the last whole set, and what has changed since.
export function panel(panels, step) {
  if (!step) return null;
  const from = Math.floor((step - 1) / panels.keyframe) * panels.keyframe;
  const cells = Object.assign({}, ...panels.changes.slice(from, step));
  cells.keys = Object.keys(cells).filter((name) => name.startsWith("key") && cells[name]).sort().map((name) => cells[name]);
  return cells;
}

// ---- The machine: one state, changed by actions alone

export const SPEEDS = [0.5, 1, 2, 4];
export const VIEWS = ["Picture", "Table", "Text"];
const MESSAGE_MS = 900;

export function begin(recording) {
  return { step: clamp(recording.start, recording.steps), steps: recording.steps, playing: false, speed: 1, view: "Picture" };
}

export function clamp(step, steps) {
  return Math.min(Math.max(Math.round(step) || 0, steps ? 1 : 0), steps);
}

export function reduce(state, action) {
  const { kind, value } = action;
  if (kind === "go") return { ...state, step: clamp(value, state.steps), playing: false };
  if (kind === "by") return { ...state, step: clamp(state.step + value, state.steps), playing: false };
  if (kind === "view") return { ...state, view: value, playing: false };
  if (kind === "speed") return { ...state, speed: SPEEDS[(SPEEDS.indexOf(state.speed) + 1) % SPEEDS.length] };
  if (kind === "play") {
    if (state.playing) return { ...state, playing: false };
    return { ...state, playing: state.steps > 1, step: state.step >= state.steps ? clamp(1, state.steps) : state.step };
  }
  if (kind === "tick") {
    if (!state.playing) return state;
    const step = clamp(state.step + 1, state.steps);
    return { ...state, step, playing: step < state.steps };
  }
  return state;
}

export function wait(state) {
  return MESSAGE_MS / state.speed;
}

// What a key asks for; null: nothing, so the browser does what it does.
export function key(name, state) {
  const actions = {
    ArrowLeft: { kind: "by", value: -1 }, ArrowUp: { kind: "by", value: -1 },
    ArrowRight: { kind: "by", value: 1 }, ArrowDown: { kind: "by", value: 1 },
    PageUp: { kind: "by", value: -10 }, PageDown: { kind: "by", value: 10 },
    Home: { kind: "go", value: 1 }, End: { kind: "go", value: state.steps }, " ": { kind: "play" },
  };
  return actions[name] || null;
}

// In Play a screen reader hears every step that is not a reply; by hand, each one.
export function announces(recording, state) {
  return !state.playing || !recording.replies[state.step - 1] || Boolean(recording.alarms[state.step - 1]);
}

// ---- HTML of what is not drawn

export function escape(text) {
  return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

export function attribute(text) {
  return escape(text).replace(/"/g, "&quot;");
}

export const WARNING =
  '<svg class="kit-warning" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="M8 2 14.5 13.5H1.5Z"/>' +
  '<path d="M8 6.2v3.6M8 11.4v.4"/></svg>';

export function cachePanel(cells) {
  const keys = cells.keys.map(cacheKey).join("");
  const none = '<p class="kit-none"><b>The cache holds no key.</b> The first look-up will be a miss.</p>';
  const more = cells.more ? `<p class="kit-small">${escape(cells.more)}</p>` : "";
  const base = cells.database
    ? `<div class="kit-part"><h5>Database</h5><p class="kit-held"><i class="kit-swatch ${cells.database.look}"></i>` +
      `<b>${escape(cells.database.value)}</b></p></div>`
    : "";
  return `<section class="kit-panel kit-cache"><h5>Cache, Redis mode<span>${escape(cells.live)}</span></h5>${keys || none}${more}${base}</section>`;
}

function cacheKey(entry) {
  const chip = { stale: `${WARNING}stale`, expired: "expired", evicted: "evicted", deleted: "deleted" }[entry.state];
  const word = chip ? `<span class="kit-state kit-${entry.state}">${chip}</span>` : "";
  const swatch = entry.look && entry.state !== "deleted" ? `<i class="kit-swatch ${entry.look}"></i>` : "";
  const used = entry.used ? `<span>${escape(entry.used)}</span>` : "";
  const ttl = entry.ttl
    ? `<div class="kit-ttl${entry.ttl.share < 25 ? " kit-short" : ""}"><i><b style="width:${entry.ttl.share}%"></b></i><span>${escape(entry.ttl.text)}</span></div>`
    : "";
  return (
    `<div class="kit-key kit-is-${entry.state}"><p><code>${escape(entry.key)}</code>${word}</p>` +
    `<p class="kit-held">${swatch}${escape(entry.value)}${used}</p>${ttl}</div>`
  );
}

export function nextPanel(cells) {
  if (!cells.next) {
    const rows = cells.counts.map(([name, figure]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(figure)}</td></tr>`);
    return `<section class="kit-panel kit-next"><h5>So far</h5><table class="kit-counts">${rows.join("")}</table></section>`;
  }
  const heads = ["Flight", "To", "Board", "True"].map((name) => `<th scope="col">${name}</th>`).join("");
  const rows = cells.next.rows.map(([flight, to, board, real, differs]) => {
    const line = [flight, to, differs ? `${board} ≠` : board, real].map((cell) => `<td>${escape(cell)}</td>`).join("");
    return `<tr${differs ? ' class="kit-differs"' : ""}>${line}</tr>`;
  });
  const why = cells.why ? `<h5 class="kit-why">Why</h5><p>${escape(cells.why)}</p>` : "";
  return (
    `<section class="kit-panel kit-next"><h5>What the next passenger reads</h5><table class="kit-board"><thead><tr>${heads}</tr></thead>` +
    `<tbody>${rows.join("")}</tbody></table><p class="kit-small">${escape(cells.next.note)}</p>${why}</section>`
  );
}

export function codePanel(code) {
  const lines = code.lines.map(([number, text, marked]) => {
    const gap = marked && code.gap ? `<li class="kit-gap"><span></span><b>${escape(code.gap)}</b></li>` : "";
    return `${gap}<li${marked ? ' class="kit-marked"' : ""}><span>${number}</span><code>${escape(text) || " "}</code></li>`;
  });
  return `<section class="kit-panel kit-source"><h5>Your code<span>${escape(code.who)}</span></h5><ol>${lines.join("")}</ol></section>`;
}

// Cache against database, the panel of a failure.
export function pairPanel(cells) {
  const entry = cells.keys.find((one) => one.state === "stale") || cells.keys.find((one) => one.state === "live");
  const row = (name, look, value, word) =>
    `<tr><th scope="row"><i class="kit-swatch ${look}"></i>${name}</th><td>${escape(value)}</td><td>${word}</td></tr>`;
  const stale = entry && entry.state === "stale";
  const held = entry ? row("cache", entry.look, entry.value, stale ? `<span class="kit-state kit-stale">${WARNING}stale</span>` : "") : row("cache", "", "holds nothing", "");
  const real = cells.database ? row("database", cells.database.look, cells.database.value, '<span class="kit-true">✓ true</span>') : "";
  const why = cells.why ? `<p class="kit-small">${escape(cells.why)}</p>` : "";
  return `<section class="kit-panel kit-pair"><h5>Cache and database</h5><table>${held}${real}</table>${why}</section>`;
}

const BARE =
  '<section class="kit-panel kit-cache"><h5>Cache</h5><p class="kit-none"><b>There is no cache here.</b> Every look asks the database.</p></section>';

export function panelsHtml(recording, step) {
  const cells = panel(recording.panels, step);
  if (!cells) return '<section class="kit-panel"><h5>Cache, Redis mode</h5><p class="kit-none"><b>Nothing has happened yet.</b></p></section>';
  const bare = recording.cache === false ? BARE : "";
  if (!recording.failure) return (bare || cachePanel(cells)) + nextPanel(cells);
  const code = recording.failure.code ? codePanel(recording.failure.code) : "";
  if (bare) return code + bare;
  return code + (cells.database ? pairPanel(cells) : cachePanel(cells));
}

export function banner(failure) {
  const copy = failure.token
    ? '<button type="button" class="kit-button" data-act="copy" data-lm-suppress-shortcuts="true">Copy token</button>'
    : "";
  return (
    `<div class="kit-banner"><span class="kit-cross" aria-hidden="true">✕</span><div><b>Broken rule: ${escape(failure.rule)}</b>` +
    `<p>${escape(failure.detail)}</p></div>${copy}</div>`
  );
}

// Who goes next: the row of a player in which the learner is the scheduler.
export function turnHtml(turn) {
  const press = (act, label, more = "") => `<button type="button" class="kit-button" data-act="${act}" data-lm-suppress-shortcuts="true"${more}>${label}</button>`;
  const options = turn.options.map(({ index, actor, what }) => press("choose", `${escape(actor)}<code>${escape(what)}</code>`, ` data-index="${index}"`));
  const holds = !turn.rule ? "" : turn.broken
    ? `<span class="kit-holds kit-broken">✕ Broken at step ${turn.broken.step}: ${escape(turn.broken.rule)}</span>`
    : `<span class="kit-holds">✓ ${turn.over ? "The rule holds in this order." : "The rule holds so far."}</span>`;
  const off = turn.made ? "" : ' aria-disabled="true"';
  const back = `<span class="kit-back">${press("undo", "Take back", off)}${press("again", "Start again", off)}</span>`;
  if (turn.waiting) return `<b>${escape(turn.waiting)}</b>${back}`;
  return `<b>${turn.over ? "Everybody has answered." : "Who goes next?"}</b>${options.join("")}${back}${holds}`;
}

const MOST_ROWS = 200;

// Rows around the step: a long recording shows a part of itself, and says which.
export function around(steps, step) {
  if (steps <= MOST_ROWS) return [0, steps];
  const from = Math.min(Math.max(step - 1 - MOST_ROWS / 2, 0), steps - MOST_ROWS);
  return [from, from + MOST_ROWS];
}

export function tableHtml(recording, step) {
  const [from, to] = around(recording.steps, step);
  const heads = recording.table.heads.map((name) => `<th scope="col">${escape(name)}</th>`).join("");
  const rows = recording.table.rows.slice(from, to).map((row, at) => {
    const number = from + at + 1;
    const look = [number === step ? "kit-now" : "", recording.alarms[number - 1] ? "kit-alarm" : ""].filter(Boolean).join(" ");
    const now = number === step ? ' aria-current="step"' : "";
    return `<tr tabindex="0" data-step="${number}"${now}${look ? ` class="${look}"` : ""}>${row.map((cell) => `<td>${escape(cell)}</td>`).join("")}</tr>`;
  });
  return `${part(recording.steps, from, to)}<table class="kit-table kit-steps"><thead><tr>${heads}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

export function textHtml(recording, step) {
  const [from, to] = around(recording.steps, step);
  const lines = recording.sentences.slice(from, to).map((sentence, at) => {
    const number = from + at + 1;
    const look = [number === step ? "kit-now" : "", recording.alarms[number - 1] ? "kit-alarm" : ""].filter(Boolean).join(" ");
    const now = number === step ? ' aria-current="step"' : "";
    return `<li value="${number}" data-step="${number}"${now}${look ? ` class="${look}"` : ""}>${escape(sentence)}</li>`;
  });
  return `${part(recording.steps, from, to)}<ol class="kit-lines" start="${from + 1}">${lines.join("")}</ol>`;
}

function part(steps, from, to) {
  return to - from < steps ? `<p class="kit-small">Steps ${from + 1} to ${to} of ${steps}.</p>` : "";
}
