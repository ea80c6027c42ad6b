// The living live picture: sliders, keys and three views over the pure functions of kit/views/live.js and controls.js
// (joined before this file). Before its bet is answered the model holds one stop only; the kernel sends the rest at the reveal.
const VIEW_NAMES = ["Picture", "Table", "Text"];
const MAX = 1000;

function live({ model, el }) {
  // Each widget loads this module anew: a count of the page's own keeps ids apart.
  const id = `kit-live-${(globalThis.kitViews = (globalThis.kitViews ?? 0) + 1)}`;
  const root = make("div", { class: "kit kit-live" });
  el.append(root);
  const bet = () => (model.get("mark").ttl ? model.get("mark") : null);
  let data = model.get("data"), mark = bet();
  let now = { ...model.get("start") }, before = null, view = "Picture";
  const tried = new Map();

  const open = () => data.stops.length > 1;
  const place = (ttl) => Math.round((MAX * Math.log10(ttl / FIRST_S)) / Math.log10(LAST_S / FIRST_S));
  const nearest = (ttl) => data.stops.reduce((best, stop, at) =>
    Math.abs(Math.log(stop / ttl)) < Math.abs(Math.log(data.stops[best] / ttl)) ? at : best, 0);

  const range = make("input", { type: "range", min: "0", max: String(MAX), step: "1", id: `${id}-ttl`, ...shortcut });
  const ghost = make("span", { class: "kit-live-ghost", hidden: "" });
  const ticks = make("span", { class: "kit-live-ticks", "aria-hidden": "true" });
  for (const ttl of [1, 5, 30, 60, 300, 1800, 3600]) {
    const tick = make("span", {}, span(ttl));
    tick.style.left = at(place(ttl));
    ticks.append(tick);
  }
  const ttl = make("b");
  const set = make("button", { type: "button", class: "kit-button", ...shortcut }, "Set as before");
  const days = segments("Day", DAYS, (day) => go({ day }));
  const grains = segments("Grain of the key", GRAINS, (grain) => go({ grain }));
  const tabs = segments("View", Object.fromEntries(VIEW_NAMES.map((name) => [name, name])), (name) => { view = name; draw(); });
  const say = make("p", { class: "kit-say", role: "status", "aria-live": "polite" });
  const facts = make("dl", { class: "kit-live-figures" });
  const body = make("div", { class: "kit-live-view", id: `${id}-view` });
  const locked = make("p", { class: "kit-live-locked" });
  const label = make("label", { class: "kit-live-ttl", for: range.id }, "TTL ", ttl);

  root.append(make("section", { class: "kit-card" },
    make("div", { class: "kit-head" }, make("h4", {}, model.get("title")), make("span", { class: "kit-sub" }, model.get("subtitle")), tabs),
    say,
    make("div", { class: "kit-live-set" }, label, make("div", { class: "kit-live-track" }, range, ghost, ticks), set,
      make("div", { class: "kit-live-pick" }, make("div", {}, "Day", days), make("div", {}, "Key for each", grains))),
    facts, body, locked, keys()));
  tabs.classList.add("kit-last");

  function at(position) { return `calc(9px + (100% - 18px) * ${position / MAX})`; }

  function keys() {
    const foot = make("div", { class: "kit-keys" });
    for (const [names, words] of [[["←", "→"], "TTL"], [["PgUp", "PgDn"], "×2, ÷2"], [["B"], "set as before"]]) {
      foot.append(make("span", {}, ...names.flatMap((name) => [make("kbd", {}, name), " "]), words));
    }
    return foot;
  }

  function go(change) {
    if (!open()) return;
    const next = { ...now, ...change };
    next.stop = Math.min(data.stops.length - 1, Math.max(0, next.stop));
    if (!before && !same(next, now)) before = { ...now };
    now = next;
    draw();
  }

  function setBefore() {
    if (!open()) return;
    before = { ...now };
    draw();
  }

  function pressed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const moves = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };
    const stop = data.stops[now.stop];
    if (event.target === range && event.key in moves) go({ stop: now.stop + moves[event.key] });
    else if (event.key === "PageUp") go({ stop: nearest(stop * 2) });
    else if (event.key === "PageDown") go({ stop: nearest(stop / 2) });
    else if (event.target === range && event.key === "Home") go({ stop: 0 });
    else if (event.target === range && event.key === "End") go({ stop: data.stops.length - 1 });
    else if (event.key === "b" || event.key === "B") setBefore();
    else return;
    event.preventDefault();
  }

  function slid() {
    go({ stop: nearest(FIRST_S * (LAST_S / FIRST_S) ** (Number(range.value) / MAX)) });
    range.value = String(place(data.stops[now.stop]));
  }

  function draw() {
    const words = span(data.stops[now.stop]), moved = before && !same(before, now);
    tried.set(JSON.stringify(now), { ...now });
    ttl.textContent = words;
    range.value = String(place(data.stops[now.stop]));
    range.setAttribute("aria-valuetext", words);
    range.setAttribute("aria-disabled", String(!open()));
    range.style.setProperty("--kit-filled", at(place(data.stops[now.stop])));
    set.setAttribute("aria-disabled", String(!open()));
    ghost.hidden = !moved;
    if (moved) ghost.style.left = at(place(data.stops[before.stop]));
    days.choose(now.day, open());
    grains.choose(now.grain, open());
    tabs.choose(view);
    const spoken = sentence(data, now, before);
    if (say.textContent !== spoken) say.textContent = spoken;
    facts.replaceChildren(...figures(data, now, before).map((one) => make("div", { class: `kit-f-${one.key}` },
      make("dt", {}, one.name), make("dd", {}, one.now), make("dd", {}, one.was ? `was ${one.was}` : ""))));
    locked.textContent = open() ? "" : model.get("locked");
    locked.hidden = open();
    body.replaceChildren(view === "Picture" ? picture() : view === "Table" ? table() : list());
  }

  function picture() {
    const width = Math.max(280, Math.floor(body.clientWidth || 640));
    const svg = document.createElementNS(SVG, "svg"), room = box(width);
    for (const [name, value] of Object.entries({ class: "plot", width, height: room.height, role: "img", "aria-label": say.textContent })) {
      svg.setAttribute(name, String(value));
    }
    svg.append(...elements(data, now, before, mark, width).map(drawn));
    return svg;
  }

  const inOrder = () => [...tried.values()].sort((one, other) =>
    one.day.localeCompare(other.day) * -1 || one.grain.localeCompare(other.grain) || one.stop - other.stop);

  function table() {
    const head = ["Day", "Key for each", "TTL", "Misses", "Walls stale", "Phones stale"];
    const numeric = (index) => (index > 2 ? { class: "kit-number" } : {});
    return make("table", { class: "kit-table" },
      make("thead", {}, make("tr", {}, ...head.map((words, index) => make("th", { scope: "col", ...numeric(index) }, words)))),
      make("tbody", {}, ...inOrder().map((point) =>
        make("tr", {}, ...row(data, point).map((words, index) => make("td", numeric(index), words))))));
  }

  function list() {
    return make("ol", {}, ...inOrder().map((point) => {
      const [day, grain] = row(data, point);
      return make("li", {}, `${day}, ${grain}. ${sentence(data, point, null)}`);
    }));
  }

  function revealed() {
    const locked = !open();
    data = model.get("data");
    now = { ...model.get("start") };
    mark = bet();
    tried.clear();
    before = null;
    draw();
    const first = model.get("move");
    if (locked && open() && first >= 0) go({ stop: first }); // it moves once by itself, so that something is seen
  }
  const marked = () => { mark = bet(); draw(); };

  range.addEventListener("input", slid);
  root.addEventListener("keydown", pressed);
  set.addEventListener("click", setBefore);
  model.on("change:data", revealed);
  model.on("change:mark", marked);
  let seen = 0;
  const watch = new ResizeObserver(() => {
    if (body.clientWidth && body.clientWidth !== seen) { seen = body.clientWidth; if (view === "Picture") draw(); }
  });
  watch.observe(root);
  draw();
  if (open() && model.get("move") >= 0) go({ stop: model.get("move") });
  return () => {
    watch.disconnect();
    model.off("change:data", revealed);
    model.off("change:mark", marked);
    root.remove();
  };
}

export default { render: live };
