// Fragments that replace themselves: says their end aloud, tells a failed request, and lets the page's scripts know.
const announcer = document.createElement("div");
announcer.className = "visually-hidden";
announcer.setAttribute("role", "status");
document.body.append(announcer);

// A fragment may carry data-announce="…": the sentence is spoken once, when it arrives.
document.addEventListener("htmx:afterSettle", (event) => {
  const spoken = event.target.closest("[data-announce]") ?? event.target.querySelector("[data-announce]");
  if (spoken) announcer.textContent = spoken.dataset.announce;
});

// A lost connection does not blank the page: what is there stays, and the fragment's own notice appears.
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    for (const notice of event.target.querySelectorAll("[data-when-offline]")) notice.hidden = false;
  });
}

// A signed-out session answers a fragment with the sign-in page: show that page whole, never inside a fragment.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.responseURL && new URL(xhr.responseURL).pathname.includes("/sign-in")) {
    event.detail.shouldSwap = false;
    location.reload();
  }
});

// A row of tabs that is wider than the screen begins where the present one is seen.
for (const link of document.querySelectorAll(":is(.tabs, .site-nav) [aria-current]")) {
  const row = link.closest("nav");
  row.scrollLeft += link.getBoundingClientRect().right - row.getBoundingClientRect().right + link.offsetWidth / 2;
}

// Menus close with Escape, or when the reader goes elsewhere.
const close = (menu) => menu.removeAttribute("open");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    close(menu);
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(event.target)) close(menu);
});
