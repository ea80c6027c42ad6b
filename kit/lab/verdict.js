// The living verdict: while the judge works a bar (nothing for the first 300 ms), then the card that the kernel sends
// (kit/views/verdict.py), whose buttons become messages.
const PATIENCE_MS = 300;

function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "kit kit-live";
  el.append(root);
  let waited = false, stopping = false;
  const timer = setTimeout(() => { waited = true; draw(); }, PATIENCE_MS);

  function running() {
    const { words, done, total } = model.get("progress");
    const card = document.createElement("section");
    card.className = "kit-card kit-v-run";
    card.setAttribute("role", "status");
    card.innerHTML = '<p></p><div class="kit-v-bar" role="progressbar" aria-label="schedules"><i></i></div>' +
      '<button type="button" class="kit-button" data-act="stop" data-lm-suppress-shortcuts="true">Stop</button>';
    card.querySelector("p").textContent = stopping ? "The check is being stopped." : words;
    const bar = card.querySelector(".kit-v-bar");
    if (total) {
      bar.setAttribute("aria-valuemin", "0");
      bar.setAttribute("aria-valuemax", String(total));
      bar.setAttribute("aria-valuenow", String(done));
      bar.firstChild.style.width = `${Math.min(100, (100 * done) / total)}%`;
    }
    card.querySelector("button").setAttribute("aria-disabled", String(stopping));
    return card;
  }

  function draw() {
    const html = model.get("html");
    if (html) { root.innerHTML = html; return; }
    const focused = root.contains(document.activeElement);
    root.replaceChildren(...(waited ? [running()] : []));
    if (focused) root.querySelector("button")?.focus();
  }

  // The kernel is busy with the cell and hears no message before its end: Stop interrupts it, as Lab's own button does.
  async function stop() {
    stopping = true;
    draw();
    const page = JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}");
    const headers = { "X-XSRFToken": /\b_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? "" };
    if (page.token) headers.Authorization = `token ${page.token}`;
    const address = `${page.baseUrl ?? "/"}api/kernels/${model.get("kernel")}/interrupt`;
    const answer = await fetch(address, { method: "POST", headers }).catch(() => null);
    if (!answer?.ok) model.send({ kind: "stop" });
  }

  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    if (button.dataset.act === "stop") stop();
    else model.send({ kind: button.dataset.act });
  });
  model.on("change:html", draw);
  model.on("change:progress", draw);
  draw();
  return () => {
    clearTimeout(timer);
    model.off("change:html", draw);
    model.off("change:progress", draw);
    root.remove();
  };
}

export default { render };
