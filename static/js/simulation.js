// Sliders of a simulation: while one moves, the server says what follows, and the needle and the curves move with it.
// Without this file the same values are typed and sent by the form's button.

const language = document.documentElement.lang;
const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
const sliders = (form) => [...form.querySelectorAll("[data-lever]")];
const fieldOf = (slider) => slider.form.elements[slider.dataset.lever];

// --- What a moved slider does to the fields: two figures of the loan are given, the third follows ----------------------

function takeValue(slider) {
  const { quantity, held: heldByDefault } = slider.dataset;
  const { form } = slider;
  if (quantity) {
    const held = form.elements.held;
    if (held.value === quantity) held.value = heldByDefault;
    const loan = sliders(form).filter((other) => other !== slider && other.dataset.quantity);
    const kept = loan.filter((other) => other.dataset.quantity === held.value);
    for (const other of loan) if (!kept.includes(other)) fieldOf(other).value = "";
    if (kept.every((other) => !fieldOf(other).value)) fieldOf(kept[0]).value = numbers.format(valueOf(kept[0]));
  }
  fieldOf(slider).value = numbers.format(slider.valueAsNumber);
  describe(slider);
}

const valueOf = (slider) => Number(document.getElementById(`curve-${slider.dataset.lever}`).dataset.value);
const describe = (slider) => slider.setAttribute("aria-valuetext", numbers.format(slider.valueAsNumber));

// --- Asking the server: one request at a time, always for the latest values ---------------------------------------------

let moved; // the slider whose values are not shown yet
let isAsking = false;

async function follow(slider) {
  moved = slider;
  if (isAsking) return;
  isAsking = true;
  while (moved) {
    const current = moved;
    moved = undefined;
    await ask(current);
  }
  isAsking = false;
}

async function ask(slider) {
  const { form } = slider;
  const query = new URLSearchParams(new FormData(form));
  try {
    const response = await fetch(`${form.dataset.levers}?${query}`, { headers: { "HX-Request": "true" } });
    if (response.redirected) location.reload(); // signed out
    else if (response.ok) show(await response.text(), slider);
  } catch {
    // The connection is lost: what is there stays, and the next move asks again.
  }
}

function show(html, slider) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const piece of [...fresh.body.children]) {
    const old = document.getElementById(piece.id);
    for (const table of old?.querySelectorAll("details[open]") ?? []) piece.querySelector("details").open = table.open;
    old?.replaceWith(piece);
  }
  for (const other of sliders(slider.form)) {
    if (other === slider || !other.isConnected) continue;
    other.value = valueOf(other);
    describe(other);
    if (!fieldOf(other).value) fieldOf(other).placeholder = numbers.format(valueOf(other));
  }
}

// --- Wiring: the form may be replaced, so the document listens ----------------------------------------------------------

const showSliders = () => document.querySelectorAll("[data-lever]").forEach((slider) => (slider.hidden = false));
showSliders();
document.addEventListener("htmx:afterSettle", showSliders);
document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-lever]")) return;
  takeValue(target);
  follow(target);
});
// A released slider refreshes the scenarios and reasons, with one event in the journal; the form itself stays as it is.
document.addEventListener(
  "change",
  (event) => {
    if (!event.target.matches("[data-lever]")) return;
    event.stopPropagation();
    document.getElementById("outcome").dispatchEvent(new Event("slider-released"));
  },
  true,
);
