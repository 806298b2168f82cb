"use strict";
// One draft on the page for partners: what it says, its files with what is wrong with them, what it changes.
(() => {
  const { byId, make, button, table, number, counted, trouble, attempt, say, question, told, patiently, save, later } = window.partners;
  const EVERY = 1000;
  const SHOWN = 100;
  const HEADS = ["column-missing", "column-ambiguous", "mapped-head-missing", "mapped-twice", "periods-missing", "head-twice"];
  // The draft that is open, the files that were chosen for it, and what is shown of it by now.
  const state = { draft: null, files: new Map(), shown: {}, turn: 0 };

  const base = () => `/v1/drafts/${state.draft.id}`;
  const indicatorsOf = (draft) => draft.parts.filter((part) => part.kind === "indicator").map((part) => part.name);

  // Whether something of the draft is still being made.
  const goesOn = (draft) =>
    (draft.state === "publishing" && !draft.publish_at) || draft.uploads.some((file) => ["waiting", "checking"].includes(file.state)) ||
    (draft.state === "open" && draft.ready && !draft.preview && !draft.problem);

  const saidOf = (draft) => {
    const busy = draft.uploads.find((file) => ["waiting", "checking"].includes(file.state));
    if (draft.state === "publishing") return draft.publish_at ? `The draft will be published at ${draft.publish_at}.` : "The draft is being published.";
    if (busy) return busy.state === "waiting" ? `${busy.name} is here, and will be checked.` : `${busy.name} is being checked: ${busy.step || "reading"}.`;
    if (draft.problem) return "The draft cannot be looked at as it is.";
    const bad = draft.uploads.find((file) => file.state === "refused" || file.errors);
    if (bad) return bad.state === "refused" ? `${bad.name} cannot be read: see below.` : `${bad.name} has ${counted(bad.errors, "error")}: see below.`;
    if (draft.state === "open" && draft.ready) return draft.preview ? "Everything is checked. Look at what changes, and publish it." : "What changes is being worked out.";
    return "";
  };

  // What is wrong, beside its rows: errors first, as the API has them.
  const faults = (file) =>
    table(`What is wrong with ${file.name}`, ["Row", "Column", "What stands there", "What is wrong, and what to do", "Nearest right value"],
      file.faults.map((fault) => [
        fault.row === null ? "the file" : number(fault.row), fault.column, fault.value,
        make("span", { class: "said-in-full" }, make("strong", { class: fault.severity === "error" ? "below" : "quiet" }, fault.severity === "error" ? "Error: " : "Warning: "), fault.message),
        fault.nearest,
      ]));

  const ORDER = ["indicator", "region", "period", "value", "status", "lower", "upper"];
  const place = ([column]) => (ORDER.includes(column) ? ORDER.indexOf(column) : ORDER.length);

  const fileShown = (file) => {
    const box = make("div", { role: "alert" });
    const columns = Object.entries(file.columns).sort((a, b) => place(a) - place(b)).map(([column, head]) => `${column} from “${head}”`).join(", ");
    const counts = file.state === "checked" ? `${counted(file.rows, "row")}, ${number(file.good)} good, ${counted(file.errors, "error")}, ${counted(file.warnings, "warning")}` : { waiting: "waiting", checking: "being checked", refused: "cannot be read" }[file.state];
    const all = file.state === "checked" && file.faults.length;
    return make("article", { class: "upload", "aria-label": file.name },
      make("h4", {}, file.name, " ", make("span", { class: "flag" }, counts)),
      columns ? make("p", { class: "reason" }, `Read as: ${columns}.${file.unused.length ? ` Not used: ${file.unused.join(", ")}.` : ""}`) : null,
      file.faults.length ? faults(file) : null,
      make("p", { class: "actions" },
        all ? button("All rows with faults (CSV)", (event) => attempt(event.target, box, () => save(file.links.faults, "faults.csv"))) : null,
        button("Take it out", (event) => attempt(event.target, box, async () => {
          await told("DELETE", file.links.self);
          say(`${file.name} is taken out.`);
          await refresh();
        }), { label: `Take it out: ${file.name}` })),
      box);
  };

  // Where heads were not recognised: the fields for them, filled with what may be meant.
  const offerMapping = async (file) => {
    const own = state.files.get(file.name);
    const found = own ? await window.partners.headsOf(own) : { heads: [], rows: [], all: [] };
    const heads = found.heads.length ? found.heads : [...Object.values(file.columns), ...file.unused];
    byId("heads").replaceChildren(...heads.map((head) => make("option", { value: head })));
    if (file.state !== "refused" || !file.faults.some((fault) => HEADS.includes(fault.code))) return;
    for (const [name, head] of Object.entries(window.partners.suggestions(found))) {
      const field = byId(`map-${name}`);
      if (field && !field.value) field.value = head;
    }
    byId("mapping").open = true;
    byId("mapping-said").textContent = `The columns of ${file.name} were not all recognised. Look at what is suggested here, and upload the file again.`;
  };

  const atSide = (item, side) => (item[`${side}_status`] === null ? "–" : item[`${side}_value`] === null ? `no value (${item[`${side}_status`]})` : number(item[`${side}_value`]));

  const showChanges = async (draft) => {
    const box = byId("changes");
    if (!draft.preview) {
      box.replaceChildren(make("p", { class: "quiet" }, draft.problem ? draft.problem.message : "Nothing to see yet."));
      byId("looking").replaceChildren();
      return;
    }
    const answer = await (await patiently(`${base()}/diff?limit=${SHOWN}`)).json();
    const { added, changed, removed } = answer.meta.changes;
    const rows = (items) => items.map((item) => [
      make("span", {}, item.region_name, make("small", {}, item.region)), item.indicator, item.period,
      make("span", { class: "flag" }, item.change), atSide(item, "old"), atSide(item, "new"),
    ]);
    const own = table("What changes", ["Place", "Indicator", "Period", "Change", "Before", "After"], rows(answer.data), [4, 5]);
    let next = answer.links.next;
    const more = button("Show more", (event) => attempt(event.target, byId("draft-trouble"), async () => {
      const following = await told("GET", next);
      own.querySelector("tbody").append(...table("", ["Place", "Indicator", "Period", "Change", "Before", "After"], rows(following.data), [4, 5]).querySelectorAll("tbody tr"));
      next = following.links.next;
      more.hidden = !next;
    }));
    more.hidden = !next;
    box.replaceChildren(
      make("p", {}, `${counted(added, "figure")} added, ${number(changed)} changed, ${number(removed)} removed.`),
      ...(answer.data.length ? [own, more] : []));
    const known = [...new Set([...indicatorsOf(draft), ...answer.data.map((item) => item.indicator)])];
    byId("looking").replaceChildren(make("p", { class: "actions" }, ...known.map((name) =>
      button(`Look at ${name}`, (event) => attempt(event.target, byId("draft-trouble"), () => look(name))))), make("div", { id: "looked" }));
  };

  // An indicator as it will be, as readers will get it.
  const look = async (indicator) => {
    const address = `/v1/observations?indicator=${encodeURIComponent(indicator)}&limit=${EVERY}&draft=${state.draft.id}`;
    const answer = await (await patiently(address)).json();
    byId("looked").replaceChildren(
      make("h4", { tabindex: "-1" }, `${indicator}, as it will be`),
      make("p", { class: "reason" }, `${counted(answer.data.length, "figure")}${answer.links.next ? ", the first of more" : ""}. Nothing of it is published yet.`),
      table(`${indicator} as it will be`, ["Place", "Period", "Value", "Status"],
        answer.data.map((row) => [make("span", {}, row.region_name, make("small", {}, row.region)), row.period, row.value === null ? "no value" : `${number(row.value)} ${row.unit}`, row.status]), [2]));
    byId("looked").querySelector("h4").focus();
  };

  // A part of the page is made anew where what it shows is another thing by now: nobody loses the place where they are.
  const anew = (name, value) => {
    const text = JSON.stringify(value);
    const other = state.shown[name] !== text;
    state.shown[name] = text;
    return other;
  };

  const choices = async (draft) => {
    const own = (await told("GET", `/v1/indicators?limit=${EVERY}`)).data.filter((item) => item.owner === draft.owner).map((item) => item.id);
    const names = [...new Set([...indicatorsOf(draft), ...own])];
    for (const [id, empty] of [["upload-indicator", "the file has a column for it"], ["template-indicator", null]]) {
      const chosen = byId(id).value;
      byId(id).replaceChildren(...names.map((name) => make("option", { value: name }, name)), ...(empty ? [make("option", { value: "" }, empty)] : []));
      if (names.includes(chosen)) byId(id).value = chosen;
    }
  };

  const showDone = async (draft) => {
    const box = byId("draft-done");
    if (draft.state !== "published") return box.replaceChildren();
    let release = {};
    try {
      release = (await told("GET", `/v1/releases/${draft.release}`)).data;
    } catch (error) {
      if (error.status !== 404) throw error; // it was published a moment ago, and is not seen by all processes yet
    }
    const withdrawn = release.state === "withdrawn";
    const own = make("div", { role: "alert" });
    return box.replaceChildren(
      make("p", {}, withdrawn ? `It was release ${draft.release}, which was taken back.` : "It is published as ", withdrawn ? null : make("a", { href: `/releases/${draft.release}` }, `release ${draft.release}`), withdrawn ? null : "."),
      withdrawn ? null : make("ul", { class: "bullets" }, ...indicatorsOf(draft).map((name) => make("li", {}, make("a", { href: `/indicators/${name}` }, name)))),
      withdrawn ? null : make("p", { class: "actions" }, button("Take it back …", (event) => attempt(event.target, own, takeBack))), own);
  };

  const takeBack = async () => {
    const { release } = state.draft;
    const path = `/v1/releases/${release}/withdraw`;
    const tried = (await told("POST", `${path}?dry_run=true`, { json: { reason: "Asked beforehand." } })).data;
    const others = tried.to > release ? ` Releases ${release + 1} to ${tried.to} hold its figures too, and will be read no more either.` : "";
    const text = `${counted(tried.ended, "figure")} end, ${number(tried.restored)} of before stand again.${others} For a mistake that may stay readable, publish a correction instead. Readers are told why:`;
    const reason = await question(`Take back release ${release}?`, text, "Take it back", { reason: true });
    if (!reason) return;
    const by = (await told("POST", path, { json: { reason } })).data.release;
    await later(1500); // by then every process has seen it
    await refresh();
    say(`Release ${release} is taken back, by release ${by}.`);
    byId("draft-title").focus();
  };

  // What comes with the draft: indicators by themselves, places counted.
  const partsShown = (parts) => {
    const [indicators, places] = ["indicator", "place"].map((kind) => parts.filter((part) => part.kind === kind).map((part) => part.name));
    if (!parts.length) return [make("p", { class: "quiet" }, "Nothing is described yet. Of indicators that you published before nothing need be.")];
    return [
      ...indicators.map((name) => make("p", {}, "Indicator ", make("code", {}, name))),
      ...(places.length ? [make("p", {}, `${counted(places.length, "place")}:`), make("ul", { class: "named" }, ...places.map((code) => make("li", {}, make("code", {}, code))))] : []),
    ];
  };

  const render = async (draft) => {
    byId("draft-title").textContent = draft.reason;
    byId("draft-about").textContent = `${draft.kind === "correction" ? "A correction" : "A draft"} of ${draft.owner}, compared with release ${draft.base_release}.`;
    byId("draft-open").hidden = draft.state !== "open";
    byId("publish").disabled = !draft.ready;
    if (anew("parts", draft.parts)) {
      byId("parts").replaceChildren(...partsShown(draft.parts));
      await choices(draft);
    }
    if (anew("uploads", draft.uploads)) {
      byId("uploads").replaceChildren(...draft.uploads.map(fileShown));
      const last = draft.uploads.at(-1);
      if (last && ["refused", "checked"].includes(last.state)) await offerMapping(last);
    }
    if (anew("changes", [draft.version, draft.preview, draft.problem])) await showChanges(draft);
    if (anew("done", [draft.state, draft.release]) || draft.state === "published") await showDone(draft);
    if (draft.problem && draft.state === "open") trouble(byId("draft-trouble"), new window.partners.Refused(409, { title: "The draft cannot be published as it is.", detail: draft.problem.message }));
    say(saidOf(draft));
  };

  // The draft as it is now; looked at again as long as something of it is being made.
  const refresh = async () => {
    const turn = (state.turn += 1);
    for (;;) {
      const draft = (await told("GET", base())).data;
      if (turn !== state.turn) return;
      state.draft = draft;
      await render(draft);
      if (!goesOn(draft) || turn !== state.turn) return;
      await later(700);
    }
  };

  const open = async (draft) => {
    Object.assign(state, { draft, shown: {}, files: new Map() });
    byId("draft-trouble").replaceChildren();
    byId("publish-trouble").replaceChildren();
    byId("draft").hidden = false;
    await render(draft);
    byId("draft-title").focus();
    refresh().catch((error) => trouble(byId("draft-trouble"), error));
  };

  const close = () => {
    state.turn += 1;
    state.draft = null;
    byId("draft").hidden = true;
  };

  Object.assign(window.partners, { state, base, refresh, open, close });
})();
