// The list of runs: arrows go from run to run, and no more than two are ticked at a time.
"use strict";

const links = [...document.querySelectorAll(".what > a")];
document.addEventListener("keydown", (event) => {
  const at = links.indexOf(document.activeElement);
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (at < 0 || !by || !links[at + by]) return;
  event.preventDefault();
  links[at + by].focus();
});

const ticks = [...document.querySelectorAll(".pick input")];
const ticked = ticks.filter((tick) => tick.checked);
for (const tick of ticks) {
  tick.addEventListener("change", () => {
    if (tick.checked) ticked.push(tick);
    else ticked.splice(ticked.indexOf(tick), 1);
    if (ticked.length > 2) ticked.shift().checked = false; // the one ticked first gives way
  });
}
