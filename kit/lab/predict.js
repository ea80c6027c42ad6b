// The living bet: a radio group, two buttons, and a message to the kernel. The words come from the kernel as HTML
// (kit/views/question.py); before a choice they hold no answer.
function render({ model, el }) {
  const root = document.createElement("div");
  // Each widget loads this module anew: a count of the page's own keeps two groups apart.
  const group = `kit-bet-${(globalThis.kitViews = (globalThis.kitViews ?? 0) + 1)}`;
  root.className = "kit kit-live";
  el.append(root);

  const chosen = () => root.querySelector("input:checked");
  const button = (act) => root.querySelector(`[data-act="${act}"]`);

  function draw() {
    const choice = chosen()?.value;
    root.innerHTML = model.get("html");
    for (const input of root.querySelectorAll("input")) {
      input.name = group; // two views of one model are two groups
      input.checked = input.value === choice;
    }
    button("show")?.setAttribute("aria-disabled", String(!chosen()));
  }

  function show() {
    if (button("show")?.getAttribute("aria-disabled") !== "false") return;
    root.dataset.asked = "yes";
    model.send({ kind: "answer", choice: Number(chosen().value) });
  }

  function clicked(event) {
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (act === "show") show();
    if (act === "skip") { root.dataset.asked = "yes"; model.send({ kind: "skip" }); }
    if (act === "open") model.send({ kind: "open" });
  }

  function pressed(event) {
    if (event.key === "Enter" && event.target.matches("input")) { event.preventDefault(); show(); }
  }

  function changed() {
    draw();
    if (!root.dataset.asked) return;
    const options = root.querySelector(".kit-q-done"); // the reader goes on where the whys are
    options?.setAttribute("tabindex", "-1");
    options?.focus({ preventScroll: true });
  }

  root.addEventListener("click", clicked);
  root.addEventListener("keydown", pressed);
  root.addEventListener("change", () => button("show")?.setAttribute("aria-disabled", String(!chosen())));
  model.on("change:html", changed);
  draw();
  return () => { model.off("change:html", changed); root.remove(); };
}

export default { render };
