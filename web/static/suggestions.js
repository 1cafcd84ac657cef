// Names and topics while one types: a list below the query box (WAI-ARIA APG: combobox with a list, chosen by hand).

const PAUSE_MS = 120;
const words = document.querySelector("script[data-name]").dataset;
const box = document.getElementById("q");

const attach = () => {
  const list = document.createElement("ul");
  list.id = "suggestions";
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.name);
  box.form.append(list);
  for (const [name, value] of Object.entries({
    "role": "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) box.setAttribute(name, value);

  let offered = [];       // what the list shows
  let typed = "";         // the end of the text whose place they take
  let active = -1;
  let timer, request;

  const activate = (at) => {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = at;
    const option = list.children[active];
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      box.setAttribute("aria-activedescendant", option.id);
    } else {
      box.removeAttribute("aria-activedescendant");
    }
  };

  const close = () => {
    clearTimeout(timer);
    request?.abort();
    activate(-1);
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
  };

  const piece = (name, text) => {
    const made = document.createElement("span");
    made.className = name;
    made.textContent = text;
    return made;
  };

  const draw = () => {
    list.replaceChildren(...offered.map((one, at) => {
      const option = document.createElement("li");
      option.id = `suggestion-${at}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const label = piece("label", one.label);
      if (one.also) label.append(" ", piece("also", one.also));
      option.append(label, " ", piece("what", `${one.kind_label} ${one.count_label}`));
      // No link: an option may hold none. For the keyboard the right arrow does the same, as the list says.
      const open = piece("open", words.open);
      open.setAttribute("aria-hidden", "true");
      option.append(open);
      return option;
    }));
    active = -1;
    list.hidden = offered.length === 0;
    box.setAttribute("aria-expanded", String(!list.hidden));
  };

  const ask = async () => {
    const text = box.value.slice(0, box.selectionEnd);
    request?.abort();
    if (!text.trim()) return close();
    request = new AbortController();
    const { signal } = request;
    try {
      const address = new URL("suggest", box.form.action);
      address.search = new URLSearchParams({ q: text.slice(-100), lang: document.documentElement.lang });
      const answer = await fetch(address, { signal });
      const found = answer.ok ? await answer.json() : { suggestions: [], typed: "" };
      if (signal.aborted || document.activeElement !== box) return undefined;
      ({ suggestions: offered, typed } = found);
      draw();
    } catch {
      // The reader goes on typing: what fails here is not worth a word.
    }
    return undefined;
  };

  const choose = (one) => {
    // Leaving the box ends a conversion that is under way, on every system.
    box.blur();
    const end = box.selectionEnd;
    const before = box.value.slice(0, end);
    if (before.endsWith(typed)) {
      const kept = before.slice(0, before.length - typed.length) + one.value;
      box.value = kept + box.value.slice(end);
      box.focus();
      box.setSelectionRange(kept.length, kept.length);
    }
    close();
  };

  const keys = {
    ArrowDown: () => activate(active + 1 < offered.length ? active + 1 : -1),
    ArrowUp: () => activate(active < 0 ? offered.length - 1 : active - 1),
    Escape: close,
    Enter: () => choose(offered[active]),
    ArrowRight: () => location.assign(offered[active].url),
  };

  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (list.hidden) {
      if (event.key === "ArrowDown") ask();
      return;
    }
    // Enter without a choice searches for what was typed; the arrow then moves in the text.
    const needsChoice = event.key === "Enter" || event.key === "ArrowRight";
    if (Object.hasOwn(keys, event.key) && !(needsChoice && active < 0)) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  // While kana are being converted too: しゅう suggests 習近平 before it is. Its keys then belong to the conversion.
  for (const name of ["input", "compositionend"]) {
    box.addEventListener(name, () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE_MS);
    });
  }
  box.addEventListener("blur", close);
  box.form.addEventListener("submit", close);
  addEventListener("pagehide", close);
  // So that the box keeps the focus.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const one = offered[[...list.children].indexOf(event.target.closest("li"))];
    if (!one) return;
    if (event.target.closest(".open")) location.assign(one.url);
    else choose(one);
  });
};

if (box) attach();
