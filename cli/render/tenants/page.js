"use strict";
const box = document.querySelector("#filter");
const count = document.querySelector("#count");
const all = document.querySelector("#all");
const cards = [...document.querySelectorAll(".card")];
const rows = [...document.querySelectorAll("tr[data-t]")];

// Every word must occur; a tenant's rows go where its card goes.
function filter() {
  const words = box.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const shown = new Set();
  for (const card of cards) {
    card.hidden = !words.every((word) => card.dataset.words.includes(word));
    if (!card.hidden) shown.add(card.dataset.t);
  }
  for (const row of rows) row.hidden = !shown.has(row.dataset.t);
  count.textContent = words.length === 0 ? "" : `${shown.size} of ${cards.length}`;
}

// A link to a tenant opens it, and shows it even where the filter had hidden it.
function follow() {
  const card = location.hash.startsWith("#t-") ? document.getElementById(location.hash.slice(1)) : null;
  if (card === null) return;
  if (card.hidden) {
    box.value = "";
    filter();
  }
  card.open = true;
  card.scrollIntoView();
}

function openAll(open) {
  for (const card of cards) card.open = open;
  all.setAttribute("aria-pressed", String(open));
}

box.addEventListener("input", filter);
all.addEventListener("click", () => openAll(all.getAttribute("aria-pressed") !== "true"));
addEventListener("hashchange", follow);
let before;
addEventListener("beforeprint", () => {
  before = cards.filter((card) => card.open);
  openAll(true);
});
addEventListener("afterprint", () => {
  openAll(false);
  for (const card of before) card.open = true;
});
document.querySelector("#filter-box").hidden = false;
all.hidden = false;
// A browser may remember what was typed before.
filter();
follow();
