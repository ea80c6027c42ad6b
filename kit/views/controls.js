// What every living picture with controls is made of: nodes, a segmented choice, and Lab's shortcuts kept out.
const SVG = "http://www.w3.org/2000/svg";

function make(tag, attributes = {}, ...inside) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...inside);
  return node;
}

function drawn(element) {
  const node = document.createElementNS(SVG, element.tag);
  for (const [name, value] of Object.entries(element)) {
    if (name !== "tag" && name !== "text") node.setAttribute(name, value);
  }
  if (element.text) node.textContent = element.text;
  return node;
}

const shortcut = { "data-lm-suppress-shortcuts": "true" };

function segments(label, options, pick) {
  const group = make("div", { class: "kit-segments", role: "group", "aria-label": label });
  for (const [key, words] of Object.entries(options)) {
    const button = make("button", { type: "button", "aria-pressed": "false", "data-key": key, ...shortcut }, words);
    button.addEventListener("click", () => pick(key));
    group.append(button);
  }
  group.choose = (key, on = true) => {
    for (const button of group.children) {
      button.setAttribute("aria-pressed", String(button.dataset.key === key));
      button.setAttribute("aria-disabled", String(!on && button.dataset.key !== key));
    }
  };
  return group;
}
