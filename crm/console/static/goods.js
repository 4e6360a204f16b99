// Goods of a form: rows that appear by themselves, products offered while one types, sums as they come.
"use strict";

for (const box of crm.all("[data-goods]")) {
  const body = crm.one("tbody", box);
  const list = crm.one("datalist", box);
  const language = document.documentElement.lang;
  const format = new Intl.NumberFormat(language, { style: "currency", currency: box.dataset.currency, minimumFractionDigits: 2 });
  const plain = crm.one("tr:last-child", body).cloneNode(true);
  const part = (row, name) => crm.one(`[name$=".${name}"]`, row);
  const offers = new Map();

  // Read «1 750,50» as people write it; null for what is no number.
  function number(text, otherwise = 0) {
    const digits = text.replace(/[\s\u00a0\u202f%]/g, "").replace(",", ".");
    if (!digits) return otherwise;
    return /^\d+(\.\d+)?$/.test(digits) ? Number(digits) : null;
  }

  function sumOf(row) {
    const values = [number(part(row, "qty").value, 1), number(part(row, "price").value), number(part(row, "discount").value)];
    ["qty", "price", "discount"].forEach((name, at) => part(row, name).toggleAttribute("aria-invalid", values[at] === null));
    if (values.includes(null)) return 0;
    const [qty, price, discount] = values;
    const vat = box.dataset.included ? 0 : number(part(row, "vat").value.replace("none", "")) || 0;
    return Math.round(qty * price * (100 - discount) * (1 + vat / 100)) / 100;
  }

  function reckon() {
    let total = 0;
    for (const row of body.rows) {
      const sum = sumOf(row);
      const filled = Boolean(part(row, "name").value.trim());
      crm.one("output", row).value = filled && sum ? format.format(sum) : "";
      if (filled) total += sum;
    }
    crm.one("[data-total]", box).value = format.format(total);
  }

  function spare() {
    if (part(body.rows[body.rows.length - 1], "name").value.trim()) body.append(plain.cloneNode(true));
  }

  async function offer(field) {
    const text = field.value.trim();
    if (text.length < 2 || offers.has(text)) return;
    const answer = await fetch(`${box.dataset.goods}?text=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || field.value.trim() !== text) return;
    const found = await answer.json();
    found.forEach((it) => offers.set(it.value, it));
    list.replaceChildren(...found.map((it) => Object.assign(document.createElement("option"), { value: it.value, label: it.title })));
  }

  // A product that was chosen brings its price and rate, unless they were typed already.
  function fill(row) {
    const found = offers.get(part(row, "name").value.trim());
    if (!found) return;
    if (!part(row, "qty").value) part(row, "qty").value = "1";
    if (!part(row, "price").value) part(row, "price").value = found.price;
    if (!part(row, "vat").value && [...part(row, "vat").options].some((it) => it.value === found.vat)) part(row, "vat").value = found.vat;
  }

  let waiting = 0;
  box.addEventListener("input", (event) => {
    const row = event.target.closest("tbody tr");
    if (event.target.name.endsWith(".name")) {
      fill(row);
      clearTimeout(waiting);
      waiting = setTimeout(offer, 150, event.target);
    }
    spare();
    reckon();
  });
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-drop]");
    if (!button) return;
    const row = button.closest("tr");
    const next = row.nextElementSibling || row.previousElementSibling;
    if (body.rows.length > 1) row.remove();
    else crm.all("input", row).forEach((field) => (field.value = ""));
    part(next || body.rows[0], "name").focus();
    spare();
    reckon();
    box.dispatchEvent(new Event("change", { bubbles: true }));
  });
  box.closest("form").addEventListener("restored", () => (spare(), reckon()));
  while (body.rows.length > 1 && !crm.all("input", body.rows[body.rows.length - 2]).some((field) => field.value)) body.rows[body.rows.length - 1].remove();
  spare();
  reckon();
}
