// Comforts only: every page works without this file.
"use strict";

document.addEventListener("keydown", (event) => {
  const target = event.target;

  // The Enter that confirms a conversion (かな to 漢字) must not send the form.
  // Safari ends the composition before it reports the key; there only keyCode 229 tells.
  if (event.key === "Enter" && target instanceof HTMLInputElement && (event.isComposing || event.keyCode === 229)) {
    event.preventDefault();
    return;
  }

  // "/" goes to the query box, unless something is being typed.
  const typing = target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const box = document.getElementById("q");
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  }
});
