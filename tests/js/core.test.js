// The machine of the player, and what it writes: pure functions, so no page is needed.
const test = require("node:test");
const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const source = readFileSync(join(__dirname, "../../kit/views/core.js")).toString("base64");
const loaded = import(`data:text/javascript;base64,${source}`);

const recording = {
  title: "t", subtitle: "", legend: [], steps: 4, start: 1, done: "The recording ends: 4 steps, 1 hit, no miss.", failure: null,
  sentences: ["Reader 1 asks.", "The cache answers.", "<b> & co.", "Stale."], alarms: [0, 0, 0, 1], replies: [0, 1, 0, 1],
  table: { heads: ["Step", "Message"], rows: [["1", "a"], ["2", "b"], ["3", "<c>"], ["4", "d"]] },
  panels: {
    keyframe: 2,
    changes: [
      { live: "no key", more: "", key0: null, database: null, next: null, why: "", counts: [["Hits", "0"]] },
      { counts: [["Hits", "1"]] },
      { live: "1 key", more: "", key0: { key: "k", state: "live", look: "", value: "5 B", used: "", ttl: null }, database: null, next: null, why: "", counts: [["Hits", "1"]] },
      { key0: { key: "k", state: "stale", look: "k-hatch", value: "v1", used: "1 hit · 0 misses", ttl: { share: 20, text: "2 s" } } },
    ],
  },
};

test("a step stays between the first and the last", async () => {
  const core = await loaded;
  assert.deepEqual([-3, 0, 1, 4, 9, NaN].map((step) => core.clamp(step, 4)), [1, 1, 1, 4, 4, 1]);
  assert.equal(core.clamp(3, 0), 0);
});

test("keys step, leap, go to the ends and play; other keys are the browser's", async () => {
  const core = await loaded;
  const at = (name, step) => {
    const state = { ...core.begin(recording), step };
    const action = core.key(name, state);
    return action && core.reduce(state, action).step;
  };
  assert.equal(at("ArrowRight", 2), 3);
  assert.equal(at("ArrowLeft", 2), 1);
  assert.equal(at("PageDown", 1), 4);
  assert.equal(at("PageUp", 4), 1);
  assert.equal(at("Home", 3), 1);
  assert.equal(at("End", 1), 4);
  for (const name of ["Tab", "Enter", "a", "b", "m", "Escape"]) assert.equal(core.key(name, core.begin(recording)), null);
});

test("play goes on to the end, stops there, and begins again", async () => {
  const core = await loaded;
  let state = core.reduce(core.begin(recording), { kind: "play" });
  const seen = [];
  for (let tick = 0; tick < 9 && state.playing; tick += 1) {
    state = core.reduce(state, { kind: "tick" });
    seen.push(state.step);
  }
  assert.deepEqual(seen, [2, 3, 4]);
  assert.equal(state.playing, false);
  state = core.reduce(state, { kind: "play" });
  assert.deepEqual([state.step, state.playing], [1, true]);
  assert.equal(core.reduce(state, { kind: "play" }).playing, false);
  assert.equal(core.reduce(state, { kind: "by", value: 1 }).playing, false);
});

test("a tick after a pause changes nothing", async () => {
  const core = await loaded;
  const state = core.begin(recording);
  assert.equal(core.reduce(state, { kind: "tick" }), state);
});

test("an empty recording neither steps nor plays", async () => {
  const core = await loaded;
  const state = core.begin({ ...recording, steps: 0, start: 0 });
  assert.equal(core.reduce(state, { kind: "play" }).playing, false);
  assert.equal(core.reduce(state, { kind: "by", value: 1 }).step, 0);
});

test("the speed goes round, and a message waits 900 ms at 1×", async () => {
  const core = await loaded;
  let state = core.begin(recording);
  assert.equal(core.wait(state), 900);
  const speeds = core.SPEEDS.map(() => (state = core.reduce(state, { kind: "speed" })).speed);
  assert.deepEqual(speeds, [2, 4, 0.5, 1]);
});

test("a step chosen in one view is the step in all three", async () => {
  const core = await loaded;
  const state = core.reduce({ ...core.begin(recording), step: 3 }, { kind: "view", value: "Table" });
  assert.equal(state.step, 3);
  assert.match(core.tableHtml(recording, 3), /data-step="3" aria-current="step" class="kit-now"/);
  assert.match(core.textHtml(recording, 3), /value="3" data-step="3" aria-current="step" class="kit-now"/);
});

test("in play a reply is announced only when it is an alarm", async () => {
  const core = await loaded;
  const heard = (playing) => [1, 2, 3, 4].map((step) => core.announces(recording, { step, playing }));
  assert.deepEqual(heard(true), [true, false, true, true]);
  assert.deepEqual(heard(false), [true, true, true, true]);
});

test("the widest picture that fits is shown, else the narrowest", async () => {
  const core = await loaded;
  const pictures = [{ width: 890 }, { width: 746 }, { width: 602 }];
  assert.deepEqual([2000, 890, 889, 700, 300].map((room) => core.choosePicture(pictures, room).width), [890, 890, 746, 602, 602]);
});

test("the cells of a step are the last whole set and what changed since", async () => {
  const core = await loaded;
  assert.equal(core.panel(recording.panels, 0), null);
  assert.deepEqual(core.panel(recording.panels, 2).counts, [["Hits", "1"]]);
  assert.deepEqual(core.panel(recording.panels, 2).keys, []);
  assert.equal(core.panel(recording.panels, 4).keys[0].state, "stale");
  assert.equal(core.panel(recording.panels, 3).keys[0].state, "live");
});

test("an empty cache says so, a stale key has hatch, glyph, word, and a short life its colour", async () => {
  const core = await loaded;
  assert.match(core.panelsHtml(recording, 1), /The cache holds no key\.<\/b> The first look-up will be a miss\./);
  const stale = core.panelsHtml(recording, 4);
  assert.match(stale, /kit-swatch k-hatch/);
  assert.match(stale, /<\/svg>stale/);
  assert.match(stale, /kit-ttl kit-short/);
});

test("text from a recording never becomes markup", async () => {
  const core = await loaded;
  assert.match(core.textHtml(recording, 1), /&lt;b&gt; &amp; co\./);
  assert.match(core.tableHtml(recording, 1), /&lt;c&gt;/);
  const element = core.write(["t", "k", 1, 2, "start", "<a> & \"b\""], "u");
  assert.equal(element, '<text class="k" x="1" y="2" text-anchor="start">&lt;a&gt; &amp; "b"</text>');
  assert.match(core.banner({ rule: "<i>", detail: "&", token: "" }), /&lt;i&gt;/);
});

test("a long table shows a part of itself and says which", async () => {
  const core = await loaded;
  assert.deepEqual(core.around(150, 3), [0, 150]);
  assert.deepEqual(core.around(8000, 1), [0, 200]);
  assert.deepEqual(core.around(8000, 4000), [3899, 4099]);
  assert.deepEqual(core.around(8000, 8000), [7800, 8000]);
});

test("who goes next: a button for each ready actor with its place in the whole list", async () => {
  const core = await loaded;
  const turn = { options: [{ index: 0, actor: "Reader 1", what: "GET" }, { index: 3, actor: "Writer", what: "UPDATE" }], over: false, made: 0, rule: true, broken: null };
  const html = core.turnHtml(turn);
  assert.match(html, /data-index="3"/);
  assert.match(html, /The rule holds so far\./);
  assert.match(html, /data-act="undo"[^>]* aria-disabled="true"/);
  const over = core.turnHtml({ ...turn, options: [], over: true, made: 2, broken: { step: 9, rule: "An old board." } });
  assert.match(over, /Everybody has answered\./);
  assert.match(over, /Broken at step 9: An old board\./);
  assert.doesNotMatch(over, /aria-disabled/);
});

test("every button keeps Lab's shortcuts away", async () => {
  const core = await loaded;
  const turn = { options: [{ index: 0, actor: "a", what: "b" }], over: false, made: 1, rule: false, broken: null };
  const html = core.turnHtml(turn) + core.banner({ rule: "r", detail: "d", token: "k1" });
  for (const button of html.match(/<button[^>]*>/g)) assert.match(button, /data-lm-suppress-shortcuts="true"/);
});
