// Sharpens the console: Ctrl-K goes to the search field, and what is typed there shows its hits at once. Nothing needs it.
(() => {
  "use strict";
  // A list whose rows can be ticked gets a box that ticks them all.
  for (const table of document.querySelectorAll("form table")) {
    const boxes = [...table.querySelectorAll("tbody input[name^=pick-]")];
    const head = table.querySelector("thead th");
    if (boxes.length < 2 || !head) continue;
    const all = document.createElement("input");
    all.type = "checkbox";
    all.setAttribute("aria-label", head.textContent);
    all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
    head.replaceChildren(all);
  }
})();
(() => {
  "use strict";
  const field = document.querySelector("#side-search");
  if (!field || !HTMLElement.prototype.showPopover) return;
  const form = field.form;
  const list = document.createElement("div");
  Object.assign(list, { id: "hits", className: "hits", popover: "manual" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.getAttribute("aria-label"));
  form.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", "hits"], ["aria-autocomplete", "list"]]) {
    field.setAttribute(name, value);
  }
  let asked = 0;
  let timer = 0;
  const options = () => [...list.querySelectorAll("a")];
  const close = () => {
    asked += 1;
    list.hidePopover();
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const choose = (step) => {
    const all = options();
    if (!all.length) return;
    const now = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    const next = now < 0 && step < 0 ? all.length - 1 : (now + step + all.length) % all.length;
    all.forEach((one, at) => one.setAttribute("aria-selected", String(at === next)));
    all[next].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", all[next].id);
  };
  const show = async () => {
    const words = field.value.trim();
    const turn = (asked += 1);
    // An address of a person goes into no address of ours: it is looked up when the form is sent.
    if (words.length < 2 || words.includes("@")) return close();
    const answer = await fetch("/search/hits?q=" + encodeURIComponent(words), { headers: { accept: "text/html" } }).catch(() => null);
    if (turn !== asked) return;
    if (!answer || !answer.ok || answer.redirected) return close();
    const text = await answer.text();
    if (turn !== asked) return;
    list.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
    const place = field.getBoundingClientRect();
    list.style.left = place.left + "px";
    list.style.top = place.bottom + 4 + "px";
    list.showPopover();
    field.setAttribute("aria-expanded", "true");
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 150);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? 1 : -1);
    }
    const chosen = list.querySelector("[aria-selected=true]");
    if (event.key === "Enter" && chosen && field.getAttribute("aria-expanded") === "true") {
      event.preventDefault();
      location.assign(chosen.href);
    }
  });
  document.addEventListener("click", (event) => { if (!form.contains(event.target)) close(); });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      field.focus();
      field.select();
    }
  });
})();
