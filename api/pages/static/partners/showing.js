"use strict";
// What the page for partners shows: elements, tables, problems, a question in the page, and what is going on.
(() => {
  const { Refused } = window.partners;
  const byId = (id) => document.getElementById(id);

  // An element with attributes, listeners (`onclick`) and what is in it; texts are only ever texts.
  const make = (tag, given = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(given)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  };

  const button = (text, onclick, { plain = true, label } = {}) =>
    make("button", { type: "button", class: plain ? "plain small" : null, "aria-label": label, onclick }, text);

  // A table; cells are texts or elements. It scrolls in itself, and can be reached by the keyboard for that.
  const table = (name, heads, rows, numbers = []) => {
    const own = (place) => (numbers.includes(place) ? "num" : null);
    const cell = (value, place) => make("td", { class: own(place), "data-head": heads[place] }, value ?? "–");
    return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": name },
      make("table", { class: "cards told" },
        make("thead", {}, make("tr", {}, ...heads.map((head, place) => make("th", { scope: "col", class: own(place) }, head)))),
        make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map(cell))))));
  };

  const number = (value) => (value === null || value === undefined ? "–" : Number(value).toLocaleString("en-GB", { maximumFractionDigits: 6 }));

  const counted = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

  // Where in a request something stands, as people call it.
  const place = (path) => (path || "").replace(/^(body|query|header|path)\//, "").replaceAll("/", ", ").replaceAll("_", " ");

  // A problem in its own words, each fault beside what it is of.
  const trouble = (box, error) => {
    const refused = error instanceof Refused;
    const problem = refused ? error.problem : { title: "The page failed", detail: `${error.message}. Load it again.` };
    const faults = (problem.errors || []).filter((fault) => fault.message !== problem.detail);
    box.replaceChildren(make("div", { class: "notice bad" },
      make("p", {}, make("strong", {}, problem.title), ` ${problem.detail}`),
      faults.length ? make("ul", { class: "bullets" }, ...faults.slice(0, 20).map((fault) =>
        make("li", {}, place(fault.path) ? make("strong", {}, `${place(fault.path)}: `) : null, fault.message))) : null,
      faults.length > 20 ? make("p", {}, `And ${number(faults.length - 20)} more.`) : null));
    if (!refused) throw error;
  };

  // Do something that a person asked for: what disturbs it is shown in a box, and nothing else is begun meanwhile.
  const attempt = async (from, box, work) => {
    const buttons = from instanceof HTMLFormElement ? [...from.querySelectorAll("button")] : [from];
    box.replaceChildren();
    for (const one of buttons) one.disabled = true;
    try {
      return await work();
    } catch (error) {
      trouble(box, error);
      return undefined;
    } finally {
      for (const one of buttons) one.disabled = false;
    }
  };

  const onSubmit = (id, work) => {
    const form = byId(id);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      attempt(form, form.querySelector(".trouble") || byId("key-trouble"), () => work(form, event.submitter));
    });
  };

  // What is going on, said to screen readers as well, and once.
  const say = (text) => {
    const said = byId("said");
    if (said.textContent !== text) said.textContent = text;
  };

  // A question in the page: whether it is meant, with the reason where one is asked for; null where it is not.
  const question = (title, text, yes, { reason = false } = {}) =>
    new Promise((done) => {
      const dialog = byId("asked");
      byId("asked-title").textContent = title;
      byId("asked-text").textContent = text;
      byId("asked-yes").textContent = yes;
      byId("asked-field").hidden = !reason;
      byId("asked-reason").required = reason;
      byId("asked-reason").value = "";
      dialog.returnValue = "no";
      dialog.addEventListener("close", () => done(dialog.returnValue === "yes" ? byId("asked-reason").value || true : null), { once: true });
      dialog.showModal();
    });

  Object.assign(window.partners, { byId, make, button, table, number, counted, trouble, attempt, onSubmit, say, question });
})();
