// The facets keep their place when one of their values is chosen, and the fields inside them filter as one types.

const KEPT = "kijigura.places";
const facets = document.querySelector(".facets");

// A section is told by its facet; the one around them all has no name.
const sectionOf = (element) => element.closest("section")?.getAttribute("aria-labelledby") ?? "";
const named = (name) => [...facets.querySelectorAll("section")].find((section) => sectionOf(section) === name);
const openOnes = () => [...facets.querySelectorAll("details[open]")].map(sectionOf);
const scrolled = () => [...facets.querySelectorAll("section, section ul")]
  .filter((element) => element.scrollTop > 0).map((element) => [sectionOf(element), element.tagName, element.scrollTop]);

const open = (names) => {
  for (const details of facets.querySelectorAll("details")) details.open = names.includes(sectionOf(details));
};

const put = (places) => {
  open(places.open);
  for (const [name, tag, top] of places.scrolled) {
    const section = named(name);
    for (const element of section ? [section, ...section.querySelectorAll("ul")] : []) {
      if (element.tagName === tag) element.scrollTop = top;
    }
  }
  const section = named(places.section) ?? facets;
  if (places.top !== undefined) scrollBy(0, section.getBoundingClientRect().top - places.top);
  if (places.label) {
    // By keys one goes on where one was.
    const label = [...section.querySelectorAll("a .label")].find((one) => one.textContent === places.label);
    label?.closest("a").focus({ preventScroll: true });
  }
};

const keep = (places) => {
  const all = JSON.stringify({ open: openOnes(), scrolled: scrolled(), ...places });
  try { sessionStorage.setItem(KEPT, all); } catch { /* no room: then they begin anew */ }
};

const take = () => {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT));
    sessionStorage.removeItem(KEPT);
    return kept;
  } catch { return null; }
};

if (facets) {
  // What is open belongs to this entry of the history, so that back and forward find it as it was.
  const kept = take();
  if (history.state?.open) open(history.state.open);
  else if (kept) put(kept);
  // `toggle` does not bubble, but it can be caught on its way down.
  facets.addEventListener("toggle", () => history.replaceState({ open: openOnes() }, ""), true);
  facets.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const section = named(sectionOf(link)) ?? facets;
    keep({
      section: sectionOf(link), top: section.getBoundingClientRect().top,
      label: event.detail === 0 ? link.closest("li")?.querySelector(".label")?.textContent : undefined,
    });
  });
  document.querySelector(".conditions")?.addEventListener("click", (event) => {
    if (event.target.closest("a")) keep({});
  });
}

// 人名 typed in full or half width, in hiragana or katakana, upper or lower case is the same.
const plain = (text) => text.normalize("NFKC").toLowerCase()
  .replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));

const sift = (form) => {
  const box = form.elements.find;
  const section = form.closest("section");
  const wanted = plain(box.value.trim());
  for (const value of section.querySelectorAll("li:not(:has(.chosen))")) {
    value.hidden = !plain(value.querySelector(".label").textContent).includes(wanted);
  }
  // What is folded away may be just what is looked for.
  const rest = section.querySelector("details.rest");
  if (rest && wanted && rest.querySelector("li:not([hidden])")) rest.open = true;
};

for (const form of document.querySelectorAll("form[data-sift]")) {
  for (const name of ["input", "compositionend"]) {
    form.addEventListener(name, (event) => {
      // Half a conversion is in no name: the list would vanish and come back.
      if (!event.isComposing) sift(form);
    });
  }
}
