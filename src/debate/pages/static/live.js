// The live page: what arrives is appended as text; when the run has ended, the page is loaded again.
"use strict";

const log = document.getElementById("log");
const form = document.getElementById("told").content.firstElementChild;
const word = document.getElementById("line");

function add(id, count) {
  const sum = document.getElementById(id);
  sum.textContent = String(Number(sum.textContent) + count);
}

function show(told) {
  if (told.begins && log.children.length) {
    location.reload(); // resumed: a sitting of its own
    return;
  }
  const atEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 80;
  const line = form.cloneNode(true);
  line.dataset.tone = told.tone;
  line.querySelector("time").textContent = told.at;
  line.querySelector("b").textContent = told.who;
  line.querySelector("span").textContent = told.what;
  line.querySelector("ul").append(...told.items.map((item) => {
    const entry = document.createElement("li");
    entry.textContent = item;
    return entry;
  }));
  log.append(line);
  if (atEnd) line.scrollIntoView({ block: "end" });
  const place = [...document.querySelectorAll("[data-place]")].find((each) => each.dataset.place === told.place);
  if (place && told.state) {
    place.dataset.state = told.state;
    place.querySelector("span").textContent = told.state;
  }
  add("calls", told.calls);
  add("tokens", told.tokens);
}

const source = new EventSource(log.dataset.events);
source.onopen = () => { word.textContent = ""; };
source.onmessage = (message) => show(JSON.parse(message.data));
source.onerror = () => {
  word.textContent = source.readyState === EventSource.CLOSED
    ? "The line is closed; load the page again."
    : "The line is broken; trying again …";
};
source.addEventListener("end", () => {
  source.close();
  location.reload();
});
