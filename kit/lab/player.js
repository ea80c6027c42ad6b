// The player in a notebook: mounts core.js and view.js (joined before this file) over a model. A choice of the learner as
// scheduler goes to the kernel as the whole list; the new run comes back as another recording.
const PATIENCE = { words: 300, silence: 4000 }; // ms until "the run is played", and until nobody is thought to answer

function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "kit kit-live";
  el.append(root);
  let timers = [];

  const choose = (choices) => {
    const recording = model.get("recording");
    model.set("choices", choices);
    model.save_changes();
    timers = [
      setTimeout(() => player.turn({ ...recording.turn, waiting: "The run is played …" }), PATIENCE.words),
      setTimeout(() => player.turn({ ...recording.turn, waiting: "No kernel answers. Run the cell to choose." }), PATIENCE.silence),
    ];
  };
  const hooks = {
    choose: (index) => choose([...model.get("choices"), index]),
    undo: () => choose(model.get("choices").slice(0, -1)),
    again: () => choose([]),
  };
  const player = mount(root, model.get("recording"), hooks);
  const changed = () => {
    timers.forEach(clearTimeout);
    player.update(model.get("recording"));
  };
  model.on("change:recording", changed);
  return () => {
    timers.forEach(clearTimeout);
    model.off("change:recording", changed);
    player.destroy();
    root.remove();
  };
}

export default { render };
