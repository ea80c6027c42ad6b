// The living score: the card comes from the kernel as HTML (kit/views/score_card.py); here are its buttons.
// "Play again" asks the kernel to play the minutes anew, "See …" for the player of a moment; "Copy as text" puts the score's text where it can be pasted.
function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "kit kit-live";
  el.append(root);
  let asked = false; // by a click: the first play is the cell's own

  const button = (act) => root.querySelector(`[data-act="${act}"]`);
  const say = (words) => { const line = root.querySelector(".kit-score-copied"); if (line) line.textContent = words; };

  function draw() {
    const focused = root.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    root.innerHTML = model.get("html");
    shut();
    if (focused) button(focused)?.focus({ preventScroll: true });
  }

  const shut = () => button("again")?.setAttribute("aria-disabled", String(model.get("playing")));

  function busy() {
    shut();
    say(model.get("playing") ? "Your minutes are being played." : asked ? "Played again." : "");
  }

  async function copy() {
    const text = model.get("share");
    try {
      await navigator.clipboard.writeText(text);
      say("Copied.");
    } catch {
      select(text); // no clipboard here: the text itself, selected
    }
  }

  function select(text) {
    root.querySelector(".kit-score-text")?.remove();
    const box = document.createElement("textarea");
    box.className = "kit-score-text";
    box.readOnly = true;
    box.rows = text.split("\n").length;
    box.value = text;
    box.setAttribute("aria-label", "The score as text");
    box.setAttribute("data-lm-suppress-shortcuts", "true");
    root.querySelector(".kit-score-foot").after(box);
    box.focus();
    box.select();
    say("Copy the text below.");
  }

  function clicked(event) {
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (act === "again" && !model.get("playing")) {
      asked = true;
      model.send({ kind: "again" });
    }
    if (act === "open") model.send({ kind: "open" });
    if (act === "copy") copy();
  }

  root.addEventListener("click", clicked);
  model.on("change:html", draw);
  model.on("change:playing", busy);
  draw();
  return () => { model.off("change:html", draw); model.off("change:playing", busy); root.remove(); };
}

export default { render };
