// The player on a page: mounts a recording (frames.py) in an element and keeps it. Everything that can be computed without
// a page stands in core.js; this file needs it in the same module.

const ICONS = {
  play: '<svg viewBox="0 0 12 12" aria-hidden="true"><path d="M2 1v10l9-5z"/></svg>',
  pause: '<svg viewBox="0 0 12 12" aria-hidden="true"><path d="M2 1h3v10H2zM7 1h3v10H7z"/></svg>',
  back: '<svg viewBox="0 0 14 14" aria-hidden="true"><path d="M9 2 4 7l5 5"/></svg>',
  on: '<svg viewBox="0 0 14 14" aria-hidden="true"><path d="m5 2 5 5-5 5"/></svg>',
};
const LEGEND = {
  hit: ["k-tick k-hit", "M1 11a4 4 0 1 1 8 0a4 4 0 1 1 -8 0z", "hit"],
  miss: ["k-tick k-ring", "M1.5 11a3.5 3.5 0 1 1 7 0a3.5 3.5 0 1 1 -7 0z", "miss"],
  write: ["k-tick k-write", "M1.5 7.5h7v7h-7z", "write"],
  stale: ["k-tick k-stale", "M6.5 4.5l6.5 12h-13z", "stale value stored or served"],
  lost: ["k-tick k-cross", "M1.5 7.5l7 7m0 -7l-7 7", "lost or failed"],
};
const KEYS = [["← →", "step"], ["Space", "play"], ["PgUp PgDn", "ten"], ["Home End", "ends"], ["Tab", "leaves"]];

// hooks: choose(index), undo(), again() of a player in which the learner is the scheduler.
function mount(host, recording, hooks = {}) {
  // Ids are the page's: each widget brings its own copy of this file, so a counter of the file would begin again.
  const uid = `kit${(globalThis.kitMounted = (globalThis.kitMounted || 0) + 1)}`;
  const root = document.createElement("section");
  root.className = `kit-card kit-player${recording.failure ? " kit-failing" : ""}`;
  root.dataset.lmSuppressShortcuts = "true";
  root.setAttribute("aria-label", recording.title || "Recording");
  host.append(root);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const low = matchMedia("(max-height: 760px)");
  let state = begin(recording);
  let drawn = null; // what stands on the page: step, picture, view
  let timer = 0;
  let last = 0;

  const at = (name) => root.querySelector(`[data-part="${name}"]`);

  function frame() {
    const legend = recording.legend.map((mark) => LEGEND[mark]).map(([look, path, word]) => `<span><svg width="13" height="16" viewBox="0 3 13 16" aria-hidden="true"><path class="${look}" d="${path}"/></svg>${word}</span>`);
    const keys = KEYS.map(([names, word]) => `<span>${names.split(" ").map((name) => `<kbd>${name}</kbd>`).join(" ")} ${word}</span>`);
    const views = VIEWS.map((name) => button("view", name, `data-view="${name}" aria-pressed="false"`, ""));
    root.innerHTML =
      `<div class="kit-head"><h4>${escape(recording.title)}</h4><span class="kit-sub">${escape(recording.subtitle)}</span>` +
      `<span class="kit-step kit-last" data-part="step"></span><div class="kit-segments" role="group" aria-label="View">${views.join("")}</div></div>` +
      `${recording.failure ? banner(recording.failure) : ""}` +
      `<div class="kit-grid"><p class="kit-say" data-part="say"></p><span class="kit-unseen" role="status" data-part="status"></span>` +
      `<div class="kit-lanes" data-part="lanes"></div>` +
      `<div class="kit-strip"><div data-part="ticks"></div><input type="range" min="1" step="1" aria-label="Step" data-part="range" data-lm-suppress-shortcuts="true"></div>` +
      `<div class="kit-who" data-part="who" hidden></div>` +
      `<div class="kit-controls">${button("play", "", 'data-part="play"', "kit-button kit-filled")}` +
      `${button("back", ICONS.back, 'aria-label="Step back"', "kit-button kit-icon")}${button("on", ICONS.on, 'aria-label="Step on"', "kit-button kit-icon")}` +
      `${button("speed", "", 'data-part="speed"', "kit-speed")}</div>` +
      `<div class="kit-panels" data-part="panels"></div><div class="kit-legend">${legend.join("")}</div><div class="kit-keys">${keys.join("")}<span class="kit-done" data-part="done"></span></div></div>`;
  }

  function button(act, label, more, look) {
    return `<button type="button"${look ? ` class="${look}"` : ""} data-act="${act}" data-lm-suppress-shortcuts="true" ${more}>${label}</button>`;
  }

  function picture() {
    return choosePicture(recording.pictures, Math.ceil(at("lanes").clientWidth) || recording.pictures[0].width);
  }

  // Draw what the state says; only what has changed is touched, so a control keeps its focus.
  function show() {
    const { step, steps, view } = state;
    const shown = picture();
    const was = drawn || {};
    const again = was.recording !== recording || was.picture !== shown || was.row !== row();
    if (again || was.step !== step || was.view !== view) {
      stage(shown, was, again);
      at("say").innerHTML = sentence(step);
      at("step").innerHTML = `step <b>${step}</b> of ${steps}`;
      put("panels", panelsHtml(recording, step));
      strip(shown, again);
      const range = at("range");
      range.max = String(Math.max(steps, 1));
      range.value = String(step);
      range.setAttribute("aria-valuetext", `step ${step} of ${steps}`);
      range.style.setProperty("--kit-filled", `${steps > 1 ? (100 * (step - 1)) / (steps - 1) : 0}%`);
      range.parentElement.style.maxWidth = `${shown.width}px`;
      if (was.step !== undefined && announces(recording, state)) at("status").textContent = recording.sentences[step - 1] || "";
    }
    const ended = steps > 0 && step === steps && !state.playing;
    at("play").innerHTML = state.playing ? `${ICONS.pause} Pause` : `${ICONS.play} ${ended && steps > 1 && !recording.turn ? "From the start" : "Play"}`;
    at("speed").textContent = `${state.speed}×`;
    at("speed").setAttribute("aria-label", `Speed ${state.speed} times, change`);
    at("done").textContent = ended && !recording.failure && !recording.turn ? recording.done : "";
    for (const one of root.querySelectorAll("[data-view]")) one.setAttribute("aria-pressed", String(one.dataset.view === view));
    for (const [act, off] of [["back", step <= 1], ["on", step >= steps]]) root.querySelector(`[data-act="${act}"]`).setAttribute("aria-disabled", String(off));
    drawn = { recording, step, view, picture: shown, row: row() };
  }

  // A long tape has a thousand marks: they are drawn once, and only the cut between past and future moves.
  function strip(shown, again) {
    const steps = Math.max(state.steps, 1);
    if (again) return void (at("ticks").innerHTML = ticks(shown, state.step, steps, uid));
    const cut = cutAt(shown, state.step, steps);
    const [past, rest] = at("ticks").querySelectorAll("clipPath rect");
    past.setAttribute("width", cut);
    rest.setAttribute("x", cut);
    rest.setAttribute("width", shown.width - cut);
  }

  function put(name, html) {
    const part = at(name);
    if (part.kitHtml !== html) part.innerHTML = part.kitHtml = html;
  }

  function row() {
    return low.matches ? 30 : 0;
  }

  function sentence(step) {
    if (!step) return "<span>Nothing has happened yet.</span>";
    return `${recording.alarms[step - 1] ? WARNING : ""}<span>${escape(recording.sentences[step - 1])}</span>`;
  }

  function stage(shown, was, again) {
    const lanes = at("lanes");
    const tall = height(shown, row());
    // Whichever view, nothing below jumps; a picture wider than its place is drawn smaller, and so is its room.
    const scale = Math.min(1, lanes.clientWidth / shown.width || 1);
    lanes.style.minHeight = `${Math.ceil(tall * scale)}px`;
    if (state.view !== "Picture") {
      const html = state.view === "Table" ? tableHtml(recording, state.step) : textHtml(recording, state.step);
      const focused = lanes.contains(document.activeElement) && document.activeElement.closest("tr");
      lanes.innerHTML = `<div class="kit-scroll"${state.view === "Text" ? ' tabindex="0" role="region" aria-label="The recording as text"' : ""}>${html}</div>`;
      const now = lanes.querySelector('[aria-current="step"]');
      if (focused && now) now.focus({ preventScroll: true });
      keepInSight(now);
      return;
    }
    const look = `k-${shown.name}`;
    lanes.innerHTML = svg(draw(shown, state.step, row()), shown.width, tall, uid, recording.sentences[state.step - 1] || "Nothing has happened yet.", look);
    const hurried = performance.now() - last < 200;
    last = performance.now();
    if (!again && was.view === "Picture" && !calm.matches && !hurried) move(lanes.firstElementChild, shown, was.step);
  }

  function keepInSight(line) {
    const box = line?.closest(".kit-scroll");
    if (!box) return;
    const from = line.offsetTop - box.offsetTop;
    if (from < box.scrollTop || from + line.offsetHeight > box.scrollTop + box.clientHeight) box.scrollTop = from - box.clientHeight * 0.6;
  }

  // Band and window glide; the arrow grows from its sender. All of it starts from where the last frame stood.
  function move(picture_, shown, before) {
    const tall = row() || shown.row;
    const scrolled = (shown.first[state.step - 1] ?? 0) - (shown.first[before - 1] ?? 0);
    const stepped = state.step - before - scrolled;
    const glide = { duration: 240, easing: "cubic-bezier(.2,.7,.2,1)", composite: "add" };
    for (const one of picture_.querySelectorAll(".k-band, .k-rail")) one.animate([{ transform: `translateY(${-stepped * tall}px)` }, { transform: "none" }], glide);
    if (scrolled) {
      for (const one of picture_.querySelectorAll(".k-row, .k-v1, .k-v2, .k-hatch, .k-field")) {
        if (!one.parentElement.closest(".k-row")) one.animate([{ transform: `translateY(${scrolled * tall}px)` }, { transform: "none" }], glide);
      }
    }
    const line = picture_.querySelector(".k-now .k-line");
    const tail = line && /^M([\d.]+)/.exec(line.getAttribute("d"));
    if (state.step !== before + 1 || !tail) return;
    const grow = { duration: 160, easing: "linear" };
    line.animate([{ transform: `translateX(${tail[1]}px) scaleX(.02) translateX(-${tail[1]}px)` }, { transform: "none" }], grow);
    for (const one of picture_.querySelectorAll(".k-now .k-head, .k-now .k-open")) one.animate([{ opacity: 0 }, { opacity: 0, offset: 0.8 }, { opacity: 1 }], grow);
  }

  // The height of the narration is that of its longest sentence, so nothing below it ever moves.
  function measure() {
    const say = at("say");
    root.classList.toggle("kit-small-card", root.clientWidth < 700);
    const longest = recording.sentences.reduce((one, other) => (other.length > one.length ? other : one), "");
    const now = say.innerHTML;
    say.style.removeProperty("--kit-say-height");
    say.innerHTML = `${WARNING}<span>${escape(longest)}</span>`;
    const tall = say.firstElementChild.parentElement.getBoundingClientRect().height;
    say.innerHTML = now;
    if (tall) say.style.setProperty("--kit-say-height", `${tall}px`);
  }

  function act(action) {
    state = reduce(state, action);
    show();
    clearTimeout(timer);
    if (state.playing) timer = setTimeout(() => act({ kind: "tick" }), wait(state));
  }

  function clicked(event) {
    const line = event.target.closest("[data-step]");
    if (line) return act({ kind: "go", value: Number(line.dataset.step) });
    const control = event.target.closest("[data-act]");
    if (!control || control.getAttribute("aria-disabled") === "true") return undefined;
    const { act: what, view, index } = control.dataset;
    if (what === "play") return act({ kind: "play" });
    if (what === "back" || what === "on") return act({ kind: "by", value: what === "on" ? 1 : -1 });
    if (what === "speed") return act({ kind: "speed" });
    if (what === "view") return act({ kind: "view", value: view });
    if (what === "copy") return copy(control);
    if (what === "choose") return hooks.choose?.(Number(index));
    return hooks[what]?.();
  }

  async function copy(control) {
    try {
      await navigator.clipboard.writeText(recording.failure.token);
      control.textContent = "Copied";
    } catch {
      control.textContent = recording.failure.token; // no clipboard here: show it instead
    }
  }

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const line = event.target.closest("[data-step]");
    if (line && event.key === "Enter") return void act({ kind: "go", value: Number(line.dataset.step) });
    if (event.key === " " && event.target.closest("button")) return; // a button is pressed, nothing is played
    const action = key(event.key, state);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    act(action);
  }

  function choices() {
    const { turn } = recording;
    at("who").hidden = !turn;
    if (!turn) return;
    const focused = at("who").contains(document.activeElement);
    at("who").innerHTML = turnHtml(turn);
    if (focused) at("who").querySelector("button")?.focus({ preventScroll: true });
  }

  function turn(next) {
    recording = { ...recording, turn: next };
    choices();
  }

  // Another recording in the same place: the run after a choice.
  function update(next) {
    recording = next;
    state = { ...begin(next), view: state.view, speed: state.speed };
    choices();
    measure();
    show();
  }

  const watcher = new ResizeObserver(() => { measure(); show(); });
  const lowered = () => show();
  try {
    frame();
    choices();
    measure();
    show();
  } catch (problem) {
    console.error(problem);
    root.innerHTML = `<div class="kit-error"><b>The picture could not start.</b> The recording is whole: ${recording.steps} steps.</div>${tableHtml(recording, 0)}`;
    return { update() {}, turn() {}, destroy() { root.remove(); } };
  }
  root.addEventListener("click", clicked);
  root.addEventListener("keydown", pressed);
  at("range").addEventListener("input", (event) => act({ kind: "go", value: Number(event.target.value) }));
  low.addEventListener("change", lowered);
  watcher.observe(root);
  return {
    update,
    turn,
    go(step) { act({ kind: "go", value: step }); },
    destroy() { clearTimeout(timer); watcher.disconnect(); low.removeEventListener("change", lowered); root.remove(); },
  };
}
