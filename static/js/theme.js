// Applies the reader's theme and text size before the first paint, then wires the switches in the footer.
(() => {
  const root = document.documentElement;
  const kinds = { theme: ["auto", "light", "dark"], text: ["normal", "large", "larger"] };

  const stored = (kind) => {
    try {
      const choice = localStorage.getItem(kind);
      return kinds[kind].includes(choice) ? choice : kinds[kind][0];
    } catch {
      return kinds[kind][0]; // storage is forbidden: the default every time
    }
  };
  const apply = (kind, choice) => {
    root.dataset[kind] = choice;
    document.dispatchEvent(new CustomEvent("appearancechange"));
  };
  const keep = (kind, choice) => {
    try {
      localStorage.setItem(kind, choice);
    } catch {
      // nothing to keep it in: the choice holds for this page
    }
  };

  for (const kind of Object.keys(kinds)) apply(kind, stored(kind));

  document.addEventListener("DOMContentLoaded", () => {
    for (const settings of document.querySelectorAll("[data-display-settings]")) settings.hidden = false;
    for (const kind of Object.keys(kinds)) {
      const name = `${kind}Choice`;
      const buttons = document.querySelectorAll(`[data-${kind}-choice]`);
      const show = () => buttons.forEach((button) => button.setAttribute("aria-pressed", button.dataset[name] === root.dataset[kind]));
      buttons.forEach((button) =>
        button.addEventListener("click", () => {
          keep(kind, button.dataset[name]);
          apply(kind, button.dataset[name]);
          show();
        }),
      );
      show();
    }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new CustomEvent("appearancechange")));
})();
