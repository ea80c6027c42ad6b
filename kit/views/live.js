// The live picture, computed in the browser: the same functions as kit/views/series.py and plot.py, element by element.
// Rules: pure functions only; a test compares both languages on a grid of states. Names follow the Python modules.
export const FIRST_S = 1, LAST_S = 3600;
export const DAYS = { storm: "8 March, the storm", ordinary: "15 March, ordinary" };
export const GRAINS = { board: "airport boards", flight: "single flights" };
const ENDS = [["misses", "misses"], ["wall", "wall stale"], ["phone", "phone stale"]];
const TICKS = [1, 5, 10, 30, 60, 300, 600, 1800, 3600];
const TICKS_NARROW = [1, 10, 60, 600, 3600];
const NARROW = 700;

export function box(width) {
  const room = width < NARROW
    ? { width, height: 284, left: 62, right: 132, top: 44, bottom: 30 }
    : { width, height: 340, left: 74, right: 152, top: 46, bottom: 30 };
  room.x = (ttl) => {
    const part = Math.log10(ttl / FIRST_S) / Math.log10(LAST_S / FIRST_S);
    return tenth(room.left + part * (room.width - room.left - room.right));
  };
  room.y = (perCent) => tenth(room.height - room.bottom - (perCent / 100) * (room.height - room.top - room.bottom));
  room.yMisses = (misses) => room.y(20 * (Math.log10(Math.max(misses, 10)) - 1));
  return room;
}

export function elements(data, now, before, mark, width) {
  const room = box(width);
  const drawn = axes(room);
  const whole = data.stops.length > 1;
  if (before && (before.day !== now.day || before.grain !== now.grain)) {
    for (const [name] of ENDS) drawn.push(curve(room, data, before, name, `ghost ${name}`));
  }
  if (whole) {
    drawn.push(area(room, data, now));
    for (const [name] of ENDS) drawn.push(curve(room, data, now, name, name));
    drawn.push(...ends(room, data, now));
  }
  const moved = Boolean(before) && !same(before, now);
  if (moved) drawn.push(...rule(room, data, before, "before", before.stop <= now.stop));
  drawn.push(...rule(room, data, now, "now", moved && before.stop > now.stop));
  if (!whole) drawn.push(...captions(room, data, now));
  return mark ? drawn.concat(betMark(room, mark, now)) : drawn;
}

export function sentence(data, now, before) {
  const fresh = value(data, now), ttl = span(data.stops[now.stop]);
  if (!before || same(before, now)) {
    return `At a TTL of ${ttl}: ${count(fresh.misses)} misses, ${share(fresh.wall)} of walls stale.`;
  }
  const old = value(data, before);
  const walls = `stale walls ${old.wall.toFixed(1)} to ${share(fresh.wall)}`;
  const phones = `phones ${old.phone.toFixed(1)} to ${share(fresh.phone)}`;
  return `${times(old.misses, fresh.misses)}; ${walls}, ${phones}.`;
}

export function figures(data, now, before) {
  const fresh = value(data, now), old = before && !same(before, now) ? value(data, before) : null;
  return [
    { key: "misses", name: "Misses a day", now: count(fresh.misses), was: old ? count(old.misses) : "" },
    { key: "wall", name: "Walls stale", now: share(fresh.wall), was: old ? share(old.wall) : "" },
    { key: "phone", name: "Phones stale", now: share(fresh.phone), was: old ? share(old.phone) : "" },
  ];
}

export function row(data, point) {
  const fresh = value(data, point);
  return [DAYS[point.day], GRAINS[point.grain], span(data.stops[point.stop]), count(fresh.misses), share(fresh.wall),
    share(fresh.phone)];
}

export function value(data, point) {
  const lists = data.days[point.day].grains[point.grain];
  return Object.fromEntries(ENDS.map(([name]) => [name, lists[name][point.stop]]));
}

export function span(seconds) {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

export const count = (amount) => String(Math.trunc(amount)).replace(/\B(?=(\d{3})+$)/g, ",");
export const share = (perCent) => `${perCent.toFixed(1)} %`;
export const tenth = (amount) => Math.floor(amount * 10 + 0.5) / 10;
export const same = (one, other) => one.day === other.day && one.grain === other.grain && one.stop === other.stop;

export function times(old, fresh) {
  const ratio = fresh / old;
  if (ratio > 0.97 && ratio < 1.03) return "As many misses";
  if (ratio >= 10) return `${Math.floor(ratio + 0.5)} times the misses`;
  if (ratio >= 1) return `${(Math.floor(ratio * 10 + 0.5) / 10).toFixed(1)} times the misses`;
  return `${Math.floor((1 - ratio) * 100 + 0.5)} % fewer misses`;
}

function axes(room) {
  const x1 = room.left, x2 = room.width - room.right, foot = room.height - room.bottom;
  const drawn = [];
  for (let step = 0; step < 6; step++) {
    const y = room.y(20 * step);
    drawn.push(line(step === 0 ? "axis" : "grid", x1, y, x2, y));
    drawn.push(text("tick", x1 - 8, y + 4, "end", count(10 ** (step + 1))));
    drawn.push(text("tick", x2 + 8, y + 4, "start", `${20 * step} %`));
  }
  for (const ttl of room.width < NARROW ? TICKS_NARROW : TICKS) {
    drawn.push(text("tick", room.x(ttl), foot + 20, "middle", span(ttl)));
  }
  drawn.push(text("name", 0, 12, "start", "misses a day"));
  drawn.push(text("name", room.width, 12, "end", "share of looks that are stale"));
  return drawn;
}

function curve(room, data, point, name, kind) {
  return { tag: "path", class: `curve ${kind}`, d: "M" + places(room, data, point, name).join("L") };
}

function area(room, data, point) {
  const foot = room.y(0), first = data.stops[0], last = data.stops[data.stops.length - 1];
  const inside = places(room, data, point, "wall").join("L");
  return { tag: "path", class: "area", d: `M${pair(room.x(first), foot)}L${inside}L${pair(room.x(last), foot)}Z` };
}

function places(room, data, point, name) {
  const amounts = data.days[point.day].grains[point.grain][name];
  return data.stops.map((ttl, at) => pair(room.x(ttl), height(room, name, amounts[at])));
}

const height = (room, name, amount) => (name === "misses" ? room.yMisses(amount) : room.y(amount));

function ends(room, data, now) {
  const lists = data.days[now.day].grains[now.grain];
  const wanted = ENDS.map(([name, label]) => ({ y: height(room, name, lists[name].at(-1)) + 4, name, label }));
  wanted.sort((one, other) => one.y - other.y || (one.name < other.name ? -1 : 1));
  let last = 0;
  for (const end of wanted) end.y = last = Math.max(end.y, last + 16);
  const over = Math.max(0, last - (room.height - room.bottom + 4));
  const x = room.width - room.right + 50;
  return wanted.map(({ y, name, label }) => text(`end ${name}`, x, tenth(y - over), "start", label));
}

function rule(room, data, point, word, left) {
  const ttl = data.stops[point.stop], amounts = value(data, point), x = room.x(ttl);
  return [
    line(`rule ${word}`, x, room.top - 10, x, room.y(0)),
    ...ENDS.map(([name]) => sign(name, word, x, height(room, name, amounts[name]))),
    text(`rule ${word}`, left ? x - 5 : x + 5, room.top - 8, left ? "end" : "start", `${word} ${span(ttl)}`),
  ];
}

function sign(name, word, x, y) {
  if (name === "misses") return { tag: "circle", class: `sign ${name} ${word}`, cx: x, cy: y, r: 4.5 };
  const low = tenth(y + 4);
  const d = `M${pair(x, tenth(y - 5.5))}L${pair(tenth(x + 5.5), low)}L${pair(tenth(x - 5.5), low)}Z`;
  return { tag: "path", class: `sign ${name} ${word}`, d };
}

function captions(room, data, now) {
  const amounts = value(data, now), x = room.x(data.stops[now.stop]);
  const words = { misses: `${count(amounts.misses)} misses`, wall: `${share(amounts.wall)} of walls stale`,
    phone: `${share(amounts.phone)} of phones stale` };
  return ENDS.map(([name]) => text(`end ${name}`, x + 12, tenth(height(room, name, amounts[name]) + 4), "start", words[name]));
}

function betMark(room, mark, now) {
  const x = room.x(mark.ttl), y = room.y(mark.wall), here = now.day === "storm" && now.grain === "board";
  const left = tenth(x - 5), right = tenth(x + 5), up = tenth(y - 5), down = tenth(y + 5);
  const label = here ? `your bet ${share(mark.wall)}` : "your bet, storm and boards";
  const low = y > room.height - room.bottom - 20;
  return [
    { tag: "path", class: "bet", d: `M${pair(left, up)}L${pair(right, down)}M${pair(left, down)}L${pair(right, up)}` },
    text("bet", tenth(x + 10), tenth(low ? y - 8 : y + 18), "start", label),
  ];
}

const line = (kind, x1, y1, x2, y2) => ({ tag: "line", class: kind, x1, y1, x2, y2 });
const text = (kind, x, y, anchor, words) => ({ tag: "text", class: kind, x: tenth(x), y: tenth(y), "text-anchor": anchor, text: words });
const pair = (x, y) => `${x.toFixed(1)},${y.toFixed(1)}`;
