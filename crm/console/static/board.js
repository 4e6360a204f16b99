// The board with script: drag and drop, keys, quick entry without leaving, and what others change, as it happens.
"use strict";

{
  const { one, all, typing, toast, post } = crm;
  const board = one("#board");
  const movable = "movable" in board.dataset;
  const zones = one("#zones");
  const menu = one("#move-menu");

  const cardOf = (node) => node?.closest?.(".card");
  const columnOf = (node) => node?.closest?.(".column");
  const idOf = (card) => card.dataset.id;
  const titleOf = (card) => one(".title", card).textContent;
  const columns = () => all(".column", board);
  const cardBy = (id) => one(`.card[data-id="${id}"]`, board);

  // ── The server's picture of the board is merged into ours, card by card.

  const markup = new Map();
  let number = Number(board.dataset.number);
  let drag = null;
  let overdue = false;

  const remember = (card) => markup.set(idOf(card), card.outerHTML);
  all(".card", board).forEach(remember);

  function replaceLive(fresh) {
    for (const there of all("[data-live]", fresh)) {
      const here = one(`[data-live="${there.dataset.live}"]`);
      if (here && here.innerHTML !== there.innerHTML) here.innerHTML = there.innerHTML;
    }
  }

  // The card that stands in the page, renewed where the server's differs; the focus stays in it.
  function renewed(fresh) {
    const here = cardBy(idOf(fresh));
    const same = here && markup.get(idOf(fresh)) === fresh.outerHTML;
    remember(fresh);
    if (same) return here;
    if (here?.contains(document.activeElement)) lost = document.activeElement.matches(".title") ? ".title" : ".card-move";
    here?.replaceWith(fresh);
    return fresh;
  }

  let lost = "";

  function mergeCards(list, fresh) {
    const wanted = all(".card", fresh).map(renewed);
    wanted.forEach((card, at) => {
      if (list.children[at] !== card) list.insertBefore(card, list.children[at] || null);
    });
  }

  function dropAbsent(fresh) {
    const present = new Set(all(".card", fresh).map(idOf));
    for (const card of all(".card", board)) {
      if (present.has(idOf(card))) continue;
      markup.delete(idOf(card));
      card.remove();
    }
  }

  function merge(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
    const focused = idOf(cardOf(document.activeElement) || { dataset: {} });
    const active = document.activeElement;
    lost = "";
    dropAbsent(fresh);
    replaceLive(fresh);
    for (const column of all(".column", fresh)) {
      const here = one(`.column[data-stage="${column.dataset.stage}"] .cards`, board);
      if (!here) return location.reload();
      mergeCards(here, one(".cards", column));
    }
    placeBound();
    number = Number(fresh.dataset.number);
    if (focused && document.activeElement !== active) one(lost || ".title", cardBy(focused) || board)?.focus({ preventScroll: true });
  }

  async function refresh() {
    if (drag) return void (overdue = true);
    const answer = await fetch(board.dataset.address, { headers: { "X-Fragment": "board" } });
    if (answer.status === 401) return signedOut();
    if (!answer.ok) return;
    const html = await answer.text();
    if (drag) overdue = true;
    else merge(html);
  }

  // ── What others do: the journal's number, asked every two seconds while the page is seen.

  let timer = 0;

  function signedOut() {
    clearInterval(timer);
    toast(board.dataset.signedOut, { tone: "bad" });
  }

  async function look() {
    if (document.hidden || !board.dataset.changes) return;
    try {
      const answer = await fetch(`${board.dataset.changes}?after=${number}`, { headers: { Accept: "application/json" } });
      if (answer.status === 401) return signedOut();
      one("#offline").hidden = answer.ok;
      if (answer.ok && (await answer.json()).changed) await refresh();
    } catch {
      one("#offline").hidden = false;
    }
  }

  timer = setInterval(look, 2000);
  document.addEventListener("visibilitychange", look);

  // ── A move: shown at once, put back when it is refused.

  function ask(closing, card) {
    const dialog = one(`dialog[data-closing="${closing}"]`);
    one("form", dialog).reset();
    one("[data-about]", dialog).textContent = titleOf(card);
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.onclose = () => resolve(dialog.returnValue === "yes" ? one("input:checked", dialog).value : "");
    });
  }

  function place(card, stage) {
    const column = columns().find((it) => it.dataset.stage === stage);
    const held = card.contains(document.activeElement);
    if (column) one(".cards", column).prepend(card);
    else card.classList.add("leaving");
    if (held) one(".title", card).focus({ preventScroll: true });
  }

  // Moves go to the server one after another, each with the revision the one before left. Where a card is bound
  // is kept by its number: the card itself may be renewed meanwhile by what others do.
  const bound = new Map();
  let moves = Promise.resolve();

  const placeBound = () => bound.forEach((stage, id) => cardBy(id) && place(cardBy(id), stage));

  async function send(id, stage) {
    const card = cardBy(id);
    if (!card) throw new Error(board.dataset.refused);
    return post(one(".card-move", card).href, { stage, rev: card.dataset.rev, back: board.dataset.address });
  }

  function putBack(id, stage) {
    markup.delete(id);
    const card = cardBy(id);
    if (!card) return;
    card.classList.remove("leaving");
    card.removeAttribute("aria-busy");
    place(card, stage);
  }

  async function settle(id, told, stage, { from, to }) {
    try {
      const answer = await send(id, stage);
      if (answer.go) return void (location.href = answer.go);
      toast(answer.text || told, { undo: answer.undo });
    } catch (failure) {
      if (failure.status === 401) signedOut();
      toast(failure.message || board.dataset.refused, { tone: "bad" });
      putBack(id, from);
    }
    if (bound.get(id) === to) bound.delete(id);
    await refresh().catch(() => (one("#offline").hidden = false));
  }

  async function move(id, { stage, title, reasons }) {
    const card = cardBy(id);
    if (!card) return;
    const name = titleOf(card);
    const asked = reasons === undefined ? "" : await ask(stage, card);
    const here = cardBy(id) || card;
    if (reasons !== undefined && !asked) return one(".title", here).focus();
    const from = columnOf(here).dataset.stage;
    bound.set(id, stage);
    place(here, stage);
    here.setAttribute("aria-busy", "true");
    const told = board.dataset.moved.replace("{title}", name).replace("{stage}", title);
    moves = moves.then(() => settle(id, told, asked ? `${stage}:${asked}` : stage, { from, to: stage }));
  }

  // ── Drag and drop by pointer: a mouse at once, a finger after it has rested.

  const RESTED = 350, SLACK = 5, EDGE = 48;

  function lift() {
    const box = drag.card.getBoundingClientRect();
    const ghost = drag.card.cloneNode(true);
    ghost.classList.add("ghost");
    ghost.removeAttribute("data-id");
    ghost.style.width = `${box.width}px`;
    drag.offset = { x: drag.x - box.left, y: drag.y - box.top };
    drag.ghost = document.body.appendChild(ghost);
    drag.card.classList.add("lifted");
    document.documentElement.classList.add("dragging");
    zones.classList.add("open");
    getSelection().removeAllRanges();
    navigator.vibrate?.(10);
    follow();
    scroll();
  }

  function targetAt(x, y) {
    const under = document.elementFromPoint(x, y);
    return under?.closest?.(".zone") || columnOf(under);
  }

  function follow() {
    drag.ghost.style.transform = `translate(${drag.x - drag.offset.x}px, ${drag.y - drag.offset.y}px)`;
    const target = targetAt(drag.x, drag.y);
    if (target === drag.target) return;
    drag.target?.classList.remove("target");
    drag.target = target;
    if (target && target !== columnOf(drag.card)) target.classList.add("target");
  }

  function scroll() {
    if (!drag?.ghost) return;
    const box = board.getBoundingClientRect();
    const pull = (at, from, to) => (at < from + EDGE ? -12 : at > to - EDGE ? 12 : 0);
    board.scrollLeft += pull(drag.x, box.left, box.right);
    const list = drag.target?.matches(".column") ? one(".cards", drag.target) : null;
    if (list) list.scrollTop += pull(drag.y, list.getBoundingClientRect().top, Math.min(box.bottom, innerHeight) - EDGE);
    requestAnimationFrame(scroll);
  }

  function drop(target) {
    const { card, ghost } = drag;
    const moved = Boolean(ghost);
    clearTimeout(drag.rest);
    ghost?.remove();
    drag.target?.classList.remove("target");
    card.classList.remove("lifted");
    document.documentElement.classList.remove("dragging");
    zones.classList.remove("open");
    const elsewhere = moved && target && target !== columnOf(card);
    drag = null;
    if (elsewhere) move(idOf(card), target.dataset);
    if (overdue) refresh();
    overdue = false;
    return moved;
  }

  function press(event) {
    const card = cardOf(event.target);
    if (!card || event.button || event.target.closest(".card-move") || drag) return;
    drag = { card, x: event.clientX, y: event.clientY, pointer: event.pointerId };
    if (event.pointerType !== "mouse") drag.rest = setTimeout(() => drag && !drag.ghost && lift(), RESTED);
  }

  function shift(event) {
    if (!drag || event.pointerId !== drag.pointer) return;
    const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > SLACK;
    if (!drag.ghost && event.pointerType !== "mouse") return far ? void drop(null) : undefined;
    if (!drag.ghost && !far) return;
    drag.x = event.clientX;
    drag.y = event.clientY;
    if (drag.ghost) follow();
    else lift();
  }

  let swallow = false;

  function release(event) {
    if (!drag || event.pointerId !== drag.pointer) return;
    swallow = drop(event.type === "pointerup" ? targetAt(event.clientX, event.clientY) : null);
    setTimeout(() => (swallow = false));
  }

  if (movable) {
    board.addEventListener("pointerdown", press);
    document.addEventListener("pointermove", shift);
    document.addEventListener("pointerup", release);
    document.addEventListener("pointercancel", release);
    document.addEventListener("touchmove", (event) => drag?.ghost && event.preventDefault(), { passive: false });
    board.addEventListener("contextmenu", (event) => drag && event.preventDefault());
    document.addEventListener("click", (event) => swallow && (event.preventDefault(), event.stopPropagation()), true);
  }

  // ── The menu of places to move to: opened by its button or the key m.

  let chosen = "";

  const choices = () => all("[role=menuitem]", menu).filter((it) => !it.hidden);

  function openMenu(card) {
    chosen = idOf(card);
    const own = columnOf(card).dataset.stage;
    all("[role=menuitem]", menu).forEach((it) => (it.hidden = it.dataset.stage === own));
    menu.hidden = false;
    const box = card.getBoundingClientRect();
    menu.style.left = `${Math.max(8, Math.min(box.right - menu.offsetWidth, innerWidth - menu.offsetWidth - 8))}px`;
    menu.style.top = `${Math.max(8, Math.min(box.top + 28, innerHeight - menu.offsetHeight - 8))}px`;
    choices()[0].focus();
  }

  function closeMenu() {
    if (menu.hidden) return;
    menu.hidden = true;
    one(".title", cardBy(chosen) || board)?.focus();
  }

  function walkMenu(event) {
    const list = choices();
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) list.at((list.indexOf(document.activeElement) + steps[event.key]) % list.length).focus();
    else if (event.key === "Home" || event.key === "End") list.at(event.key === "Home" ? 0 : -1).focus();
    else if (event.key === "Escape" || event.key === "Tab") closeMenu();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  if (movable) {
    board.addEventListener("click", (event) => {
      const button = event.target.closest(".card-move");
      if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      openMenu(cardOf(button));
    });
    menu.addEventListener("keydown", walkMenu);
    menu.addEventListener("click", (event) => {
      const item = event.target.closest("[role=menuitem]");
      if (!item) return;
      closeMenu();
      move(chosen, item.dataset);
    });
    document.addEventListener("pointerdown", (event) => !menu.hidden && !menu.contains(event.target) && (menu.hidden = true));
  }

  // ── Keys on a card.

  function lookAt(card) {
    if (!card) return;
    one(".title", card).focus();
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function beside(card, step) {
    const list = columns();
    const height = [...card.parentNode.children].indexOf(card);
    for (let at = list.indexOf(columnOf(card)) + step; list[at]; at += step) {
      const cards = all(".card", list[at]);
      if (cards.length) return cards[Math.min(height, cards.length - 1)];
    }
  }

  function step(card, by) {
    const column = columns()[columns().indexOf(columnOf(card)) + by];
    if (column) move(idOf(card), { stage: column.dataset.stage, title: column.dataset.title });
  }

  const onCard = {
    ArrowDown: (card) => lookAt(card.nextElementSibling),
    ArrowUp: (card) => lookAt(card.previousElementSibling),
    ArrowLeft: (card) => lookAt(beside(card, -1)),
    ArrowRight: (card) => lookAt(beside(card, 1)),
    KeyM: (card) => movable && openMenu(card),
    BracketLeft: (card) => movable && step(card, -1),
    BracketRight: (card) => movable && step(card, 1),
    KeyN: (card) => (one(".quick", columnOf(card)) || {}).open = true,
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag) return void drop(null);
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || typing(event.target)) return;
    const card = cardOf(event.target);
    const act = onCard[event.code];
    if (card && act) {
      event.preventDefault();
      act(card);
    } else if (event.target === document.body && event.code.startsWith("Arrow")) lookAt(one(".card", board));
  });

  // ── Undo from the message over the board: without leaving it.

  document.addEventListener("submit", async (event) => {
    if (!event.target.closest("#toast")) return;
    event.preventDefault();
    try {
      const answer = await post(event.target.action, new FormData(event.target));
      toast(answer.text);
    } catch (failure) {
      toast(failure.message || board.dataset.refused, { tone: "bad" });
    }
    await refresh();
  });

  // ── Long columns load on when their end comes into sight.

  let loading = false;

  async function loadOn(link) {
    if (loading || !link.href.includes("/board/")) return;
    loading = true;
    board.dataset.address = link.getAttribute("href");
    link.setAttribute("aria-busy", "true");
    await refresh().catch(() => (one("#offline").hidden = false));
    history.replaceState(null, "", board.dataset.address); // Back and reload show as much
    loading = false;
  }

  board.addEventListener("scroll", ({ target }) => {
    const end = target.matches(".cards") && target.scrollTop + target.clientHeight > target.scrollHeight - 400;
    const link = end && one(".more a", columnOf(target));
    if (link) loadOn(link);
  }, true);
  board.addEventListener("click", (event) => {
    const link = event.target.closest(".column .more a");
    if (!link || !link.href.includes("/board/") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    loadOn(link);
  });

  // ── Quick entry: the form stays open for the next one.

  board.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!("quick" in form.dataset)) return;
    event.preventDefault();
    const refusal = one(".refusal", form);
    try {
      const answer = await post(form.action, new FormData(form));
      refusal.hidden = true;
      form.reset();
      one("input:not([type=hidden])", form).focus();
      if (answer.text) toast(answer.text, { undo: answer.undo });
      await refresh();
    } catch (failure) {
      refusal.textContent = failure.message || board.dataset.refused;
      refusal.hidden = false;
    }
  });
}
