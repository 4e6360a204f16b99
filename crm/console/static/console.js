// What every page of the console does with script: keys, dialogs that confirm, drafts, messages. The pages work without.
"use strict";

const crm = (() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const typing = (node) => node.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

  // A message over the page with a button that takes the change back.
  function toast(text, { undo = "", tone = "good" } = {}) {
    const place = one("#toast");
    const note = one("#toast-form").content.firstElementChild.cloneNode(true);
    note.classList.add(tone);
    one("p", note).textContent = text;
    if (undo) one("form", note).action = undo;
    else one("form", note).remove();
    place.replaceChildren(note);
  }

  // Send a form's fields and return the answer; a refusal is an error with the server's own sentence.
  async function post(address, fields) {
    const answer = await fetch(address, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(fields),
    });
    if (answer.ok) return answer.json();
    const refusal = await answer.json().catch(() => ({}));
    const failure = new Error([refusal.message, refusal.remedy].filter(Boolean).join(" "));
    failure.status = answer.status;
    throw failure;
  }

  return { one, all, typing, toast, post };
})();

// ── Keys: by their place on the keyboard, so that they work in a Cyrillic layout too.

const keyOf = (event) => (/^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : event.key);
const keysOn = () => localStorage.getItem("keys") !== "off";
let goTo = 0;

function focusBox(event, id) {
  const box = crm.one(id);
  if (!box) return;
  event.preventDefault();
  if (!box.offsetParent) return void (location.href = "/accept");
  box.focus();
  box.select();
}

function follow(letter) {
  const link = crm.one(`[data-go="${letter}"]`);
  if (link) link.click();
}

function onKey(event) {
  if ((event.ctrlKey || event.metaKey) && event.code === "KeyK" && !crm.one("dialog[open]")) return focusBox(event, "#search");
  if (event.ctrlKey || event.metaKey || event.altKey || !keysOn()) return;
  if (crm.typing(event.target) || crm.one("dialog[open]")) return;
  const key = keyOf(event);
  if (event.timeStamp < goTo) {
    goTo = 0;
    if (/^[a-z]$/.test(key)) follow(key);
  } else if (key === "g") goTo = event.timeStamp + 1500;
  else if (key === "?" || (event.code === "Slash" && event.shiftKey)) crm.one("#shortcuts")?.showModal();
  else if (key === "/" || event.code === "Slash") focusBox(event, "#search");
  else if (key === "p") focusBox(event, "#accept");
  else if (key === "j" || key === "k") walkRows(key === "j" ? 1 : -1);
  else if (key === "x") markRow();
}

document.addEventListener("keydown", onKey);

const keysSwitch = crm.one("#keys-on");
if (keysSwitch) {
  keysSwitch.checked = keysOn();
  keysSwitch.addEventListener("change", () => localStorage.setItem("keys", keysSwitch.checked ? "on" : "off"));
}

// ── Lists: rows by keys, marks.

const rowLinks = () => crm.all("[data-rows] tbody tr .first a");
const currentRow = () => document.activeElement.closest("[data-rows] tbody tr");

function walkRows(step) {
  const links = rowLinks();
  const at = links.findIndex((link) => link.closest("tr") === currentRow());
  links[Math.min(Math.max(at + step, 0), links.length - 1)]?.focus();
}

function markRow() {
  const box = currentRow()?.querySelector("input[name=ids]");
  if (box) box.click();
}

function countMarked() {
  const place = crm.one("[data-marked]");
  if (!place) return;
  const boxes = crm.all("input[name=ids]");
  const marked = boxes.filter((box) => box.checked).length;
  place.textContent = marked;
  const whole = crm.one("[data-all]");
  whole.checked = marked > 0 && marked === boxes.length;
  whole.indeterminate = marked > 0 && marked < boxes.length;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-all]")) crm.all("input[name=ids]").forEach((box) => (box.checked = event.target.checked));
  if (event.target.matches("[data-all], input[name=ids]")) countMarked();
});

// ── Back and reload come to the same place: parts of a page that scroll by themselves are put where they were.

const panes = () => crm.all(".records-scroll, .board, .board .cards");
const PANES = `panes:${location.pathname}`;

addEventListener("pagehide", () => {
  const places = panes().map((pane) => [pane.scrollLeft, pane.scrollTop]);
  if (places.length) sessionStorage.setItem(PANES, JSON.stringify(places));
});

function returnPanes() {
  const came = performance.getEntriesByType("navigation")[0]?.type;
  if (came !== "back_forward" && came !== "reload") return;
  const places = JSON.parse(sessionStorage.getItem(PANES) || "[]");
  panes().forEach((pane, at) => places[at] && pane.scrollTo(...places[at]));
}

returnPanes();

// ── Small openings: menus close when one looks elsewhere, messages can be put away.

document.addEventListener("click", (event) => {
  crm.all("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  if (event.target.closest("[data-print]")) print();
  const button = event.target.closest("[data-close], [data-open]");
  if (button?.dataset.close) button.closest(`.${button.dataset.close}`).remove();
  if (button?.dataset.open) crm.one(`#${button.dataset.open}`).showModal();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = event.target.closest("details.menu[open], details.edit[open], details.quick[open], details.inline-form[open]");
  if (!open) return;
  open.open = false;
  crm.one("summary", open).focus();
});

// The groups of the menu stay as one left them: the server is told which ones were turned, and draws them so.
function keepFold({ target: { open, dataset } }) {
  const turned = new Set((document.cookie.match(/(?:^|; )menu=([\w.]*)/)?.[1] ?? "").split(".").filter(Boolean));
  if (open === (dataset.first === "open")) turned.delete(dataset.fold);
  else turned.add(dataset.fold);
  document.cookie = `menu=${[...turned].join(".")}; path=/; max-age=31536000; samesite=strict`;
}

document.addEventListener("click", (event) => {
  const fold = event.target.closest("summary.group")?.closest("[data-fold]");
  if (fold) fold.addEventListener("toggle", keepFold, { once: true });
});

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details.edit[open], details.quick[open], details.inline-form[open]"))
    crm.one("input:not([type=hidden]), select, textarea", event.target)?.focus();
}, true);

// ── Filters: a choice made by mouse or finger is applied at once; by keys one goes through the choices first.

let pointed = 0;
document.addEventListener("pointerdown", (event) => event.target.closest(".filters") && (pointed = event.timeStamp));
document.addEventListener("change", (event) => {
  const form = event.target.closest(".filters");
  if (form && pointed && !form.matches(":popover-open") && event.target.matches("select, [type=checkbox]")) form.requestSubmit();
});
document.addEventListener("keydown", () => (pointed = 0));

// ── A condition: the values offered are those of the chosen field; «is empty» needs none.

const builderField = crm.one("#builder-field");
if (builderField) {
  const values = crm.one("#builder-values");
  const every = [...values.options];
  const sign = crm.one("#builder-sign");
  const narrow = () => {
    values.replaceChildren(...every.filter((one) => one.dataset.field === builderField.value));
    crm.one("#builder-value").disabled = sign.value.startsWith("is");
  };
  builderField.addEventListener("change", narrow);
  sign.addEventListener("change", narrow);
  narrow();
}

// ── Questions: a form marked with data-confirm asks here; without script the server asks with a page.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.confirm || form.elements.sure) return;
  event.preventDefault();
  const dialog = crm.one("#ask");
  crm.one("#ask-text").textContent = form.dataset.confirm;
  dialog.returnValue = "";
  dialog.onclose = () => {
    if (dialog.returnValue !== "yes") return;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "sure", value: "yes" }));
    form.requestSubmit(event.submitter);
  };
  dialog.showModal();
});

// ── The bell: once a minute a page asks whether somebody is to be reminded; a page that only lies open is not in use.

async function ring(bell) {
  if (document.hidden || crm.one("details[open]", bell)) return;
  const answer = await fetch(bell.dataset.address, { headers: { "X-Fragment": "bell" } }).catch(() => null);
  if (answer?.ok) bell.innerHTML = await answer.text();
}

if (crm.one("#bell")) setInterval(ring, 60000, crm.one("#bell"));

// ── Drafts: what is typed stays in this browser until it is sent, also when the tab is closed; signing out lets it go.

const me = document.body.dataset.me || "";
const draftKey = (form) => `draft:${me}:${form.dataset.draft}`;
const lasting = (form) => [...form.elements].filter((field) => field.name && field.type !== "hidden" && field.type !== "password");
const OLDEST = 14 * 24 * 3600 * 1000;

function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(key) || "null");
  } catch {
    return null;
  }
}

function keepDraft(form) {
  const typed = lasting(form).filter((field) => field.type !== "radio" || field.checked);
  const values = typed.map((field) => [field.name, field.type === "checkbox" ? `${field.value}:${field.checked}` : field.value]);
  localStorage.setItem(draftKey(form), JSON.stringify({ rev: form.elements.rev?.value, at: Date.now(), values }));
}

// A name may stand several times, as in rows of goods: the n-th value goes into the n-th field; rows are added as needed.
function put(form, name, value, place) {
  const find = () => lasting(form).filter((field) => field.name === name);
  let fields = find();
  if (fields[0]?.type === "checkbox") {
    const box = fields.find((field) => value.startsWith(`${field.value}:`));
    if (box) box.checked = value.endsWith(":true");
  } else if (fields[0]?.type === "radio") fields.forEach((field) => (field.checked = field.value === value));
  else {
    if (!fields[place]) fields.at(-1)?.dispatchEvent(new Event("input", { bubbles: true }));
    fields = find();
    if (fields[place]) fields[place].value = value;
  }
}

// A draft is let go once the answer to its form is a page that took it: not a failure, not the page to sign in on.
const SENT = "sent";
if (!crm.one("main > .message, [data-answered]")) localStorage.removeItem(sessionStorage.getItem(SENT) ?? "");
sessionStorage.removeItem(SENT);

// A draft made from an older revision is let go: its fields may say what is no longer so.
function restoreDraft(form) {
  const draft = kept(draftKey(form));
  if (!draft || "answered" in form.dataset) return;
  if (draft.rev !== form.elements.rev?.value) return localStorage.removeItem(draftKey(form));
  const places = {};
  draft.values.forEach(([name, value]) => put(form, name, value, (places[name] = (places[name] ?? -1) + 1)));
  form.dispatchEvent(new CustomEvent("restored"));
  const holder = form.closest("details");
  if (holder) holder.open = true;
  const note = crm.one(".draft", form);
  if (note) note.hidden = false;
}

function forgetDrafts(which) {
  for (const key of Object.keys(localStorage)) if (key.startsWith("draft:") && which(key)) localStorage.removeItem(key);
}

for (const form of crm.all("form[data-draft]")) {
  addEventListener("DOMContentLoaded", () => restoreDraft(form)); // once rows of goods have come to life
  form.addEventListener("input", () => keepDraft(form));
  form.addEventListener("change", () => keepDraft(form));
  form.addEventListener("submit", () => sessionStorage.setItem(SENT, draftKey(form)));
  crm.one("[data-forget]", form)?.addEventListener("click", () => {
    localStorage.removeItem(draftKey(form));
    location.reload();
  });
}

forgetDrafts((key) => !(kept(key)?.at > Date.now() - OLDEST));
crm.one("form[data-leave]")?.addEventListener("submit", () => forgetDrafts((key) => key.startsWith(`draft:${me}:`)));

// ── Checks while one types: the server's own sentence beneath the control, as soon as the person pauses or leaves it.

function tellFault(field, text) {
  const place = field.closest(".control") || field.closest("form");
  let note = crm.one(".about.live", place);
  if (!note && !text) return void field.removeAttribute("aria-invalid");
  if (!note) {
    note = Object.assign(document.createElement("p"), { className: "about live error", id: `${field.id}-live` });
    place.append(note);
  }
  note.textContent = text;
  note.hidden = !text;
  place.classList.toggle("wrong", Boolean(text));
  field.toggleAttribute("aria-invalid", Boolean(text));
  if (text) field.setAttribute("aria-errormessage", note.id);
  else crm.all(".error:not(.live)", place).forEach((old) => old.remove());
}

async function check(field) {
  const form = field.form;
  const typed = field.value;
  const words = new URLSearchParams({ name: field.name, value: typed, id: form.dataset.id });
  const answer = await fetch(`${form.dataset.check}?${words}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok && field.value === typed) tellFault(field, (await answer.json()).error);
}

let checking = 0;
function checkSoon(event, wait) {
  const field = event.target;
  if (!field.form?.dataset.check || !field.name || field.name.includes(".") || field.matches("[type=checkbox], [type=radio], [type=hidden]")) return;
  clearTimeout(checking);
  checking = setTimeout(check, wait, field);
}
document.addEventListener("input", (event) => checkSoon(event, 450));
document.addEventListener("change", (event) => checkSoon(event, 0));

// ── Suggestions while a name is typed: the records that are already there.

async function suggest(input) {
  const text = input.value.trim();
  if (text.length < 2) return;
  const answer = await fetch(`${input.dataset.suggest}?text=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
  if (!answer.ok || input.value.trim() !== text) return;
  const found = await answer.json();
  input.list.replaceChildren(...found.map((it) => Object.assign(document.createElement("option"), { value: it.value, label: it.title })));
}

let pending = 0;
document.addEventListener("input", (event) => {
  if (!event.target.dataset.suggest) return;
  clearTimeout(pending);
  pending = setTimeout(suggest, 150, event.target);
});

// ── Boxes that offer choices while one types: the search and the request. Enter without a choice sends the form.

const icons = crm.one("link[rel=icon]")?.href;

function choiceOf(it) {
  const row = crm.one("#choice").content.firstElementChild.cloneNode(true);
  crm.one("use", row).setAttribute("href", `${icons}#${it.icon}`);
  crm.one(".name", row).textContent = it.title;
  crm.one(".muted", row).textContent = it.about;
  crm.one(".told", row).replaceChildren(...it.lines.map((line) => Object.assign(document.createElement("div"), { textContent: line })));
  row.dataset.address = it.address;
  return row;
}

function openChoices(box, found) {
  const list = crm.one(`#${box.getAttribute("aria-controls")}`);
  list.replaceChildren(...found.map(choiceOf));
  [...list.children].forEach((row, at) => (row.id = `${list.id}-${at}`));
  list.hidden = !found.length;
  box.setAttribute("aria-expanded", String(!list.hidden));
  box.removeAttribute("aria-activedescendant");
}

async function offer(box) {
  const text = box.value.trim();
  if (!text) return openChoices(box, []);
  const answer = await fetch(`${box.dataset.choices}?text=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
  if (answer.ok && box.value.trim() === text && document.activeElement === box) openChoices(box, await answer.json());
}

function choose(box, event) {
  const rows = crm.all(`#${box.getAttribute("aria-controls")} [role=option]`);
  const at = rows.findIndex((row) => row.id === box.getAttribute("aria-activedescendant"));
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key === "Escape") openChoices(box, []);
  else if (event.key === "Enter" && at >= 0) location.href = rows[at].dataset.address;
  else if (event.key in steps && rows.length) {
    const next = (at + steps[event.key] + rows.length + (at < 0 && event.key === "ArrowUp" ? 1 : 0)) % rows.length;
    rows.forEach((row, place) => row.setAttribute("aria-selected", String(place === next)));
    rows[next].scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", rows[next].id);
  } else return;
  event.preventDefault();
}

for (const box of crm.all("[data-choices]")) {
  let waiting = 0;
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-expanded", "false");
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(offer, 120, box);
  });
  box.addEventListener("keydown", (event) => choose(box, event));
  box.addEventListener("blur", () => setTimeout(() => openChoices(box, []), 150));
  crm.one(`#${box.getAttribute("aria-controls")}`).addEventListener("mousedown", (event) => {
    const row = event.target.closest("[role=option]");
    if (row) location.href = row.dataset.address;
  });
}

// ── What is sent is sent once; what takes longer than a moment is seen to be at work.

addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  const busy = crm.one("#busy");
  if (busy && !crm.one("progress", form)) setTimeout(() => (busy.hidden = false), 500);
});
addEventListener("pageshow", () => crm.all("form[data-sent]").forEach((form) => delete form.dataset.sent));

// ── What takes longer than a moment says how far it is.

for (const form of crm.all("form[data-progress]")) {
  form.addEventListener("submit", () => {
    const bar = crm.one("progress", form);
    bar.hidden = false;
    setTimeout(() => crm.all("button", form).forEach((button) => (button.disabled = true)));
    setInterval(async () => {
      const answer = await fetch(form.dataset.progress, { headers: { Accept: "application/json" } }).catch(() => null);
      if (answer?.ok) bar.value = (await answer.json()).done;
    }, 400);
  });
}

// ── Colleagues called in a comment: after @ their names are offered; arrows and Enter choose.

function calledIn(field) {
  const word = /(?:^|\s)@([\p{L}\p{N}._-]*)$/u.exec(field.value.slice(0, field.selectionStart));
  return word ? word[1].toLowerCase() : null;
}

function insertName(field, login) {
  const before = field.value.slice(0, field.selectionStart).replace(/@[^@]*$/, `@${login} `);
  const after = field.value.slice(field.selectionStart);
  field.value = before + after;
  field.selectionStart = field.selectionEnd = before.length;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

for (const field of crm.all("[data-people]")) {
  const people = [...crm.one(`#${field.dataset.people}`).options];
  const list = Object.assign(document.createElement("div"), { className: "popup mentions", hidden: true });
  field.after(list);
  const close = () => (list.hidden = true);
  field.addEventListener("input", () => {
    const word = calledIn(field);
    const found = word === null ? [] : people.filter((it) => `${it.value} ${it.label}`.toLowerCase().includes(word)).slice(0, 6);
    list.replaceChildren(...found.map((it) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: `${it.label} @${it.value}` });
      button.addEventListener("click", () => (insertName(field, it.value), close()));
      return button;
    }));
    list.hidden = !found.length;
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") list.firstElementChild.focus();
    else if (event.key === "Escape") close();
    else if (event.key === "Enter") list.firstElementChild.click();
    else return;
    event.preventDefault();
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (event.key === "Escape") close();
    if (step) (document.activeElement[step] || field).focus();
    if (step || event.key === "Escape") event.preventDefault();
  });
}

document.documentElement.classList.add("script");
countMarked();
