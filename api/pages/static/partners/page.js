"use strict";
// The page for partners: the key, the list of drafts, and what its forms and buttons do.
(() => {
  const { byId, make, button, table, number, counted, trouble, attempt, onSubmit, say, question } = window.partners;
  const { key, told, save, state, base, refresh, open, close, placesOf, outlinesOf, headsOf } = window.partners;
  const WORDS = { open: "being worked on", publishing: "being published", published: "published" };

  const list = async () => {
    const drafts = (await told("GET", "/v1/drafts")).data;
    const rows = drafts.map((draft) => [
      button(draft.reason, (event) => attempt(event.target, byId("key-trouble"), () => open(draft))),
      WORDS[draft.state] || draft.state, draft.changed_at.slice(0, 16).replace("T", " "), draft.release === null ? "–" : `release ${draft.release}`,
    ]);
    byId("drafts-list").replaceChildren(drafts.length ? table("Drafts, the newest first", ["Draft", "State", "Changed (UTC)", "Became"], rows) : make("p", { class: "quiet" }, "There is none yet."));
    byId("new-draft").open = !drafts.length;
  };

  // The page with the key, or without one.
  const show = async () => {
    const held = key.get();
    byId("key-form").hidden = Boolean(held);
    byId("key-hint").hidden = Boolean(held);
    byId("key-held").hidden = !held;
    byId("getting").hidden = Boolean(held);
    if (!held) {
      byId("drafts").hidden = true;
      return close();
    }
    byId("key-shown").textContent = `The key ${held.split("_").slice(0, 2).join("_")}… is in use in this tab.`;
    await list();
    byId("drafts").hidden = false;
    return undefined;
  };

  const forget = () => {
    key.forget();
    close();
    for (const id of ["drafts-list", "key-trouble"]) byId(id).replaceChildren();
    return show();
  };

  onSubmit("key-form", async () => {
    key.set(byId("key").value.trim());
    byId("key").value = "";
    try {
      await show();
      byId("key-forget").focus();
    } catch (error) {
      await forget();
      throw error;
    }
  });

  byId("key-forget").addEventListener("click", () => {
    forget();
    byId("key").focus();
  });

  onSubmit("draft-form", async (form) => {
    const draft = (await told("POST", "/v1/drafts", { json: { reason: byId("draft-reason").value, kind: byId("draft-kind").value } })).data;
    form.reset();
    byId("new-draft").open = false;
    await list();
    await open(draft);
    say("The draft is begun.");
  });

  onSubmit("indicator-form", async (form) => {
    const body = {};
    for (const field of form.querySelectorAll("input, select, textarea")) {
      const name = field.id.replace("indicator-", "");
      if (name !== "id" && field.value.trim()) body[name] = field.type === "number" ? Number(field.value) : field.value.trim();
    }
    const id = byId("indicator-id").value.trim();
    await told("PUT", `${base()}/indicators/${encodeURIComponent(id)}`, { json: body });
    form.closest("details").open = false;
    refresh().catch((error) => trouble(byId("draft-trouble"), error));
    say(`${id} is described.`);
  });

  // The identifier follows the title until somebody writes another one.
  byId("indicator-title").addEventListener("input", () => {
    const field = byId("indicator-id");
    if (field.dataset.own) return;
    field.value = byId("indicator-title").value.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 57);
  });
  byId("indicator-id").addEventListener("input", () => { byId("indicator-id").dataset.own = "yes"; });

  onSubmit("places-form", async (form) => {
    const level = byId("places-level").value, within = byId("places-within").value.trim();
    const [file] = byId("places-file").files;
    const found = [...placesOf(byId("places-rows").value, level, within), ...(file ? await outlinesOf(file, level, within) : [])];
    if (!found.length) throw new window.partners.Refused(0, { title: "There is no place to add.", detail: "Paste a line for each, or choose a GeoJSON file." });
    for (const [place, { code, body }] of found.entries()) {
      say(`Adding ${code}, ${place + 1} of ${found.length}.`);
      try {
        await told("PUT", `${base()}/places/${encodeURIComponent(code || "-")}`, { json: body });
      } catch (error) {
        if (error.problem) error.problem = { ...error.problem, title: `Place ${place + 1} of ${found.length} (${code || "without a code"} ${body.name}) was not added.` };
        throw error;
      }
    }
    form.reset();
    form.closest("details").open = false;
    refresh().catch((error) => trouble(byId("draft-trouble"), error));
    say(`${counted(found.length, "place")} added.`);
  });

  onSubmit("template-form", async (_form, by) => {
    say("The table is being made.");
    if (!state.draft.preview) await refresh();
    const asked = new URLSearchParams(state.draft.preview ? { draft: state.draft.id } : {});
    for (const name of ["level", "parent"]) if (byId(`template-${name}`).value.trim()) asked.set(name, byId(`template-${name}`).value.trim());
    const indicator = byId("template-indicator").value, ending = (by && by.value) || "xlsx";
    await save(`/v1/indicators/${encodeURIComponent(indicator)}/template.${ending}?${asked}`, `${indicator}.${ending}`);
    say("The table is saved with your downloads.");
  });

  const chosen = async () => {
    const [file] = byId("upload-file").files;
    if (!file) return;
    const { heads } = await headsOf(file);
    byId("heads").replaceChildren(...heads.map((head) => make("option", { value: head })));
  };
  byId("upload-file").addEventListener("change", chosen);

  const drop = byId("drop");
  for (const [name, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", over);
      if (name !== "drop" || !event.dataTransfer.files.length) return;
      byId("upload-file").files = event.dataTransfer.files;
      chosen();
    });
  }

  onSubmit("upload-form", async (form) => {
    const [file] = byId("upload-file").files;
    const asked = new URLSearchParams();
    for (const name of ["indicator", "reader"]) if (byId(`upload-${name}`).value) asked.set(name, byId(`upload-${name}`).value);
    const mapped = [...form.querySelectorAll("[id^='map-']")].filter((field) => field.value.trim()).map((field) => `${field.id.replace("map-", "")}:${field.value.trim()}`);
    if (mapped.length) asked.set("map", mapped.join(","));
    if (mapped.some((pair) => pair.startsWith("indicator:"))) asked.delete("indicator");
    // A file of the same name that cannot be used is put right by this one.
    const replaced = state.draft.uploads.filter((one) => one.name === file.name && (one.state === "refused" || one.errors));
    const body = new FormData();
    body.set("file", file, file.name);
    say(`${file.name} is being sent.`);
    await told("POST", `${base()}/uploads?${asked}`, { body });
    for (const one of replaced) await told("DELETE", one.links.self);
    state.files.set(file.name, file);
    form.reset();
    byId("mapping").open = false;
    byId("mapping-said").textContent = "Usual heads are recognised. Say it here where yours are not.";
    refresh().catch((error) => trouble(byId("draft-trouble"), error));
  });

  const press = (id, work) => byId(id).addEventListener("click", (event) => attempt(event.target, byId("publish-trouble"), work));

  press("publish", async () => {
    const { version } = state.draft;
    const tried = (await told("POST", `${base()}/publish?dry_run=true`, { version })).data;
    const good = state.draft.uploads.reduce((sum, file) => sum + (file.good || 0), 0);
    const count = tried.added === null ? good : tried.added + tried.changed + tried.removed;
    const what = count ? `Publish ${counted(count, "figure")}?` : "Publish what the draft describes?";
    const split = tried.added === null ? "" : `${number(tried.added)} added, ${number(tried.changed)} changed, ${number(tried.removed)} removed. `;
    const yes = await question(what, `${split}Everybody can read them from then on, as a release under your name: “${state.draft.reason}”.`, "Publish");
    if (!yes) return;
    say("The draft is being published.");
    const done = (await told("POST", `${base()}/publish`, { version })).data;
    await refresh();
    await list();
    if (done.release) say(`Published as release ${done.release}.`);
    byId("draft-title").focus();
  });

  press("check", async () => {
    await told("POST", `${base()}/check`, { version: state.draft.version });
    await refresh();
  });

  press("discard", async () => {
    const yes = await question("Discard this draft?", `“${state.draft.reason}”, with its files, can neither be read nor published any more.`, "Discard it");
    if (!yes) return;
    await told("DELETE", base(), { version: state.draft.version });
    close();
    await list();
    byId("drafts-title").scrollIntoView();
  });

  byId("partners").hidden = false;
  show().catch((error) => trouble(byId("key-trouble"), error));
})();
