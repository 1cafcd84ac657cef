// Keys. Comforts only, as all of our scripts: every page works without them.

const SETTING = "kijigura.keys";
const hits = () => [...document.querySelectorAll(".hits > li h3 a")];

// Single letters get in the way of people who speak to their computer, so they can be switched off (WCAG 2.1.4).
const areOn = () => {
  try { return localStorage.getItem(SETTING) !== "off"; } catch { return true; }
};

// By one article from the one that has the focus, or else to the first one.
const step = (by) => {
  const links = hits();
  const at = links.findIndex((link) => link.closest("li").contains(document.activeElement));
  const next = links[at < 0 ? 0 : at + by];
  if (next) {
    next.focus({ preventScroll: true, focusVisible: true });
    next.closest("li").scrollIntoView({ block: "nearest" });
  }
};
const follow = (selector) => document.querySelector(selector)?.click();

const actions = {
  "/": () => {
    const box = document.getElementById("q");
    box?.focus();
    box?.select();
  },
  "?": () => location.assign(`${document.querySelector("a[rel=help]").href}#keys`),
  j: () => step(1),
  k: () => step(-1),
  n: () => follow(".pages a[rel~=next]"),
  p: () => follow(".pages a[rel~=prev]"),
  Escape: () => {
    document.activeElement.blur();
    scrollTo(0, 0);
  },
};

document.addEventListener("keydown", (event) => {
  const target = event.target instanceof Element ? event.target : document.body;
  // The Enter that confirms a conversion (かな to 漢字) must not send the form, and the letters of one are no keys.
  // Safari ends the composition before it reports the key; there only keyCode 229 tells.
  if (event.isComposing || event.keyCode === 229) {
    if (event.key === "Enter" && target.matches("input")) event.preventDefault();
    return;
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  // In the box, Escape of the browser would throw away what was typed.
  if (event.key === "Escape" && target.matches("input")) {
    event.preventDefault();
    target.blur();
    return;
  }
  if (target.closest("input, textarea, select, summary, [contenteditable]")) return;
  if (event.key === "Escape" && !target.closest(".hits")) return;
  if (Object.hasOwn(actions, event.key) && areOn()) {
    event.preventDefault();
    actions[event.key]();
  }
});

const choice = document.querySelector("[data-keys]");
if (choice) {
  choice.hidden = false;
  const box = choice.querySelector("input");
  box.checked = areOn();
  box.addEventListener("change", () => {
    try { localStorage.setItem(SETTING, box.checked ? "on" : "off"); } catch { /* then until the page is left */ }
  });
}
