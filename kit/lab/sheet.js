// The living sheet: a slider, a choice, three views and a day that plays, over cards that Python has made beforehand
// (kit/views/sheet.py). kit/views/controls.js is joined before this file. Before its bet is answered a sheet has one card.
const VIEW_NAMES = ["Picture", "Table", "Text"];

function sheet({ model, el }) {
  // Each widget loads this module anew: a count of the page's own keeps ids apart.
  const id = `kit-sheet-${(globalThis.kitViews = (globalThis.kitViews ?? 0) + 1)}`;
  const root = make("div", { class: "kit kit-live" });
  el.append(root);
  let data, now, before, view = "Picture", tried, timer = 0, frame = -1;

  const range = make("input", { type: "range", min: "0", step: "1", id, ...shortcut });
  const ghost = make("span", { class: "kit-live-ghost", hidden: "" });
  const ticks = make("span", { class: "kit-live-ticks", "aria-hidden": "true" });
  const value = make("b"), label = make("span");
  const set = make("button", { type: "button", class: "kit-button", ...shortcut }, "Set as before");
  const play = make("button", { type: "button", class: "kit-button kit-filled", ...shortcut });
  const opener = make("button", { type: "button", class: "kit-button kit-filled", ...shortcut });
  const tabs = segments("View", Object.fromEntries(VIEW_NAMES.map((name) => [name, name])), (name) => { stop(); view = name; draw(); });
  tabs.classList.add("kit-last");
  const title = make("h4"), subtitle = make("span", { class: "kit-sub" });
  const say = make("p", { class: "kit-say", role: "status", "aria-live": "polite" });
  const choices = make("div", { class: "kit-live-pick" });
  const facts = make("dl", { class: "kit-live-figures" });
  const body = make("div", { class: "kit-sheet-view" });
  const hours = make("input", { type: "range", min: "0", step: "1", value: "0", "aria-label": "Time of day", ...shortcut });
  const track = make("div", { class: "kit-live-track kit-sheet-hours" }, hours);
  const legend = make("p", { class: "kit-live-locked" }), locked = make("p", { class: "kit-live-locked" });
  const foot = make("div", { class: "kit-keys" });
  for (const [names, words] of [[["←", "→"], "the slider"], [["Home", "End"], "its ends"], [["B"], "set as before"]]) {
    foot.append(make("span", {}, ...names.flatMap((name) => [make("kbd", {}, name), " "]), words));
  }
  root.append(make("section", { class: "kit-card kit-sheet" },
    make("div", { class: "kit-head" }, title, subtitle, tabs), say,
    make("div", { class: "kit-live-set" },
      make("label", { class: "kit-live-ttl", for: id }, label, " ", value),
      make("div", { class: "kit-live-track" }, range, ghost, ticks),
      make("div", { class: "kit-sheet-buttons" }, set, play, opener), choices),
    facts, body, track, legend, locked, foot));

  const last = () => data.slider.values.length - 1;
  const open = () => Object.keys(data.cards).length > 1;
  const at = (place) => `calc(9px + (100% - 18px) * ${last() ? place / last() : 0})`;
  const card = (state = now) => data.cards[`${state.option}|${state.stop}`];
  const same = (one, other) => one.option === other.option && one.stop === other.stop;
  let picks = [];

  function load() {
    stop();
    const first = !data, opened = data && !open();
    data = model.get("data");
    now = { option: data.start[0], stop: data.start[1] };
    before = null;
    tried = new Map();
    title.textContent = data.title;
    subtitle.textContent = data.subtitle;
    label.textContent = data.slider.label;
    legend.textContent = data.legend;
    legend.hidden = !data.legend;
    range.max = String(last());
    ticks.replaceChildren(...data.slider.ticks.map((place) => {
      const tick = make("span", {}, data.slider.values[place]);
      tick.style.left = at(place);
      return tick;
    }));
    choices.replaceChildren();
    picks = [[data.choice, data.options], [data.second, data.more]].filter(([words]) => words).map(([words, options], place) => {
      const pick = segments(words, options, (key) => go({ option: now.option.split("/").with(place, key).join("/") }));
      choices.append(make("div", {}, make("span", {}, words), pick));
      return pick;
    });
    choices.hidden = !data.choice;
    play.hidden = !data.play;
    if (data.play) play.textContent = `▶ ${data.play.label}`;
    opener.hidden = !data.opens;
    opener.textContent = data.opens;
    draw();
    if (!first && opened && open() && model.get("move") >= 0) go({ stop: model.get("move") });
  }

  function go(change) {
    if (!open()) return;
    stop();
    const next = { ...now, ...change };
    next.stop = Math.min(last(), Math.max(0, next.stop));
    if (!before && !same(next, now)) before = { ...now };
    now = next;
    draw();
  }

  function changed() {
    if (!before || same(before, now)) return card().say;
    const old = card(before).figures;
    const moved = card().figures.filter((one, index) => one.now !== old[index].now);
    if (!moved.length) return card().say;
    const told = moved.map((one, index) => {
      const words = `${one.name} ${old.find((other) => other.name === one.name).now} to ${one.now}`;
      return index ? words[0].toLowerCase() + words.slice(1) : words;
    }).join("; ");
    return told.length <= 72 ? `${told}.` : card().say;
  }

  function draw() {
    const words = data.slider.values[now.stop], moved = before && !same(before, now);
    tried.set(`${now.option}|${now.stop}`, { ...now });
    value.textContent = words;
    range.value = String(now.stop);
    range.setAttribute("aria-valuetext", words);
    range.setAttribute("aria-disabled", String(!open()));
    range.style.setProperty("--kit-filled", at(now.stop));
    set.setAttribute("aria-disabled", String(!open()));
    play.setAttribute("aria-disabled", String(!open()));
    ghost.hidden = !moved;
    if (moved) ghost.style.left = at(before.stop);
    picks.forEach((pick, place) => pick.choose(now.option.split("/")[place], open()));
    tabs.choose(view);
    const spoken = changed();
    if (say.textContent !== spoken) say.textContent = spoken;
    const old = moved ? card(before).figures : [];
    facts.replaceChildren(...card().figures.map((one, index) => {
      const bar = make("span", { class: "kit-s-bar", "aria-hidden": "true" }, make("i"));
      bar.firstChild.style.width = `${100 * one.bar}%`;
      const was = old[index] && old[index].now !== one.now ? `was ${old[index].now}` : "\u00a0"; // keeps the line as high as with words
      return make("div", { class: `kit-s-${one.look}` }, make("dt", {}, one.name), make("dd", {}, one.now), make("dd", {}, was), bar);
    }));
    locked.textContent = open() ? "" : model.get("locked");
    locked.hidden = !locked.textContent;
    track.hidden = !data.play || !open() || view !== "Picture";
    hours.max = String(card().frames.length - 1);
    hours.value = String(Math.max(frame, 0));
    hours.setAttribute("aria-valuetext", frame < 0 ? "the whole day" : card().frames[frame]);
    if (view === "Picture") picture();
    else body.replaceChildren(view === "Table" ? table() : list());
  }

  function picture() {
    if (card().body) { body.innerHTML = card().body; return; }
    const room = Math.floor(body.clientWidth || 640);
    const widths = Object.keys(data.heights).map(Number).sort((one, other) => one - other);
    const width = widths.filter((one) => one <= room).at(-1) ?? widths[0];
    const svg = document.createElementNS(SVG, "svg");
    const values = { class: "plot", width, height: data.heights[width], role: "img", "aria-label": card().say };
    for (const [name, one] of Object.entries(values)) svg.setAttribute(name, String(one));
    const ghosts = before && !same(before, now) ? card(before).layers.filter((name) => name.startsWith("curve") && !card().layers.includes(name)) : [];
    for (const name of ghosts) svg.append(...data.layers[name][width].map((one) => drawn({ ...one, class: `${one.class} ghost` })));
    for (const name of card().layers) svg.append(...data.layers[name][width].map(drawn));
    svg.addEventListener("click", (event) => {
      const dot = event.target.closest("[data-stop]");
      if (dot) { go({ stop: Number(dot.dataset.stop) }); ask(); }
    });
    if (frame >= 0) {
      const [x1, x2] = data.play.x[width], x = x1 + (x2 - x1) * (frame / (card().frames.length - 1));
      svg.append(drawn({ tag: "line", class: "rule now", x1: x, y1: 18, x2: x, y2: data.heights[width] - 24 }));
    }
    body.replaceChildren(svg);
    if (data.play) {
      const [x1, x2] = data.play.x[width];
      track.style.marginLeft = `${x1 - 9}px`;
      track.style.width = `${x2 - x1 + 18}px`;
    }
  }

  const inOrder = () => [...tried.values()].sort((one, other) => one.option.localeCompare(other.option) || one.stop - other.stop);

  function table() {
    return make("table", { class: "kit-table" },
      make("thead", {}, make("tr", {}, ...data.heads.map((words) => make("th", { scope: "col" }, words)))),
      make("tbody", {}, ...inOrder().map((state) => make("tr", {}, ...card(state).row.map((words) => make("td", {}, words))))));
  }

  const list = () => make("ol", {}, ...inOrder().map((state) => make("li", {}, `${card(state).row[0]}. ${card(state).say}`)));

  // The day stands still where it is.
  function halt() {
    clearInterval(timer);
    timer = 0;
    say.setAttribute("aria-live", "polite");
    if (data?.play) play.textContent = `▶ ${data.play.label}`;
  }

  function stop() {
    halt();
    frame = -1;
  }

  function run() {
    if (!open()) return;
    if (timer) { halt(); return; }
    const frames = card().frames;
    const from = frame >= 0 && frame < frames.length - 1 ? frame : 0;
    view = "Picture";
    frame = from;
    draw();
    say.setAttribute("aria-live", "off"); // a sentence seven times a second is for eyes alone
    play.textContent = "❚❚ Pause";
    const tick = () => {
      atHour();
      if (frame === frames.length - 1) halt();
      else frame += 1;
    };
    tick();
    timer = setInterval(tick, (1000 * data.play.seconds) / frames.length);
  }

  function atHour() {
    const words = card().frames[frame];
    say.textContent = words;
    hours.value = String(frame);
    hours.setAttribute("aria-valuetext", words);
    picture();
  }

  function scrubbed() {
    const wanted = Number(hours.value);
    stop();
    frame = wanted;
    say.setAttribute("aria-live", "off"); // the slider says it itself
    atHour();
  }

  function pressed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const moves = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 2, PageDown: -2 };
    if (event.target === range && event.key in moves) go({ stop: now.stop + moves[event.key] });
    else if (event.target === range && event.key === "Home") go({ stop: 0 });
    else if (event.target === range && event.key === "End") go({ stop: last() });
    else if (event.key === "b" || event.key === "B") setBefore();
    else return;
    event.preventDefault();
  }

  // What lies behind this card the kernel makes; it shows it below.
  function ask() {
    if (data.opens && open()) model.send({ open: now.option, stop: now.stop });
  }

  function setBefore() {
    if (!open()) return;
    before = { ...now };
    draw();
  }

  range.addEventListener("input", () => { go({ stop: Number(range.value) }); range.value = String(now.stop); });
  root.addEventListener("keydown", pressed);
  hours.addEventListener("input", scrubbed);
  set.addEventListener("click", setBefore);
  play.addEventListener("click", run);
  opener.addEventListener("click", ask);
  model.on("change:data", load);
  let seen = 0;
  const watch = new ResizeObserver(() => {
    if (body.clientWidth && body.clientWidth !== seen) { seen = body.clientWidth; if (view === "Picture") picture(); }
  });
  load();
  watch.observe(root);
  return () => {
    stop();
    watch.disconnect();
    model.off("change:data", load);
    root.remove();
  };
}

export default { render: sheet };
