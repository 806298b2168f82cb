"use strict";
// Sliders beside the weights of an index. Scores and ranks follow at once, from the published scores of the components;
// the ranges, and who moves beyond them, come from the API when a weight has been let go.
(() => {
  const data = JSON.parse(document.getElementById("live-data").textContent);
  const form = document.getElementById("weighing");
  const table = document.getElementById("scored");
  const body = table.tBodies[0];
  const said = document.getElementById("live");
  const rows = new Map([...body.rows].map((row) => [row.dataset.region, row]));
  const fields = new Map(data.measured.map((part) => [part, form.elements[`weight-${part}`]]));
  let waiting = 0, asked = 0;

  const ordinal = (value) => {
    const ends = { 1: "st", 2: "nd", 3: "rd" };
    return value + (value % 100 > 10 && value % 100 < 14 ? "th" : ends[value % 10] || "th");
  };

  const weights = () => {
    const found = new Map();
    for (const [part, field] of fields) found.set(part, Math.max(0, Number(field.value) || 0));
    return found;
  };

  // The weighted mean of a region's components, as the arithmetic method has it.
  const scored = (found) => {
    const all = data.regions.map((region) => {
      let sum = 0, weight = 0;
      const shares = new Map();
      for (const [part, own] of found) {
        const score = region.components[part];
        if (score === undefined || score === null) continue;
        weight += own;
        sum += own * score;
        shares.set(part, own * score);
      }
      for (const [part, share] of shares) shares.set(part, weight ? share / weight : 0);
      return { region, score: weight ? sum / weight : null, shares };
    });
    for (const one of all) one.rank = 1 + all.filter((other) => other.score > one.score + 1e-9).length;
    return all.sort((a, b) => a.rank - b.rank);
  };

  const show = () => {
    const all = scored(weights());
    if (all.some((one) => one.score === null)) {
      said.textContent = "At least one component needs a weight.";
      return false;
    }
    for (const { region, score, rank, shares } of all) {
      const row = rows.get(region.id);
      row.querySelector(".rank").textContent = rank;
      const figure = row.querySelector(".score .figure");
      figure.value = score;
      figure.textContent = score.toFixed(1);
      let x = 0;
      data.measured.forEach((part, place) => {
        const rect = row.querySelector(`.stack .part-${place + 1}`);
        rect.setAttribute("x", x.toFixed(2));
        rect.setAttribute("width", (shares.get(part) || 0).toFixed(2));
        x += shares.get(part) || 0;
      });
      row.querySelector(".strip .at")?.setAttribute("x", rank - 0.2);
      const moved = region.rank - rank;
      const beyond = region.range && (rank < region.range.lower || rank > region.range.upper);
      row.classList.toggle("beyond", Boolean(beyond));
      row.querySelector(".moved").textContent =
        (moved > 0 ? `up ${moved}` : moved < 0 ? `down ${-moved}` : "the same") + (beyond ? ", beyond its published range" : "");
      body.append(row);
    }
    table.tHead.rows[0].cells[5].textContent = "Moved";
    return true;
  };

  const ranges = async () => {
    const changed = {};
    for (const [part, weight] of weights()) if (weight !== data.weights[part]) changed[part] = weight;
    const own = ++asked;
    const query = Object.entries(changed).map(([part, weight]) => `weight-${part}=${weight}`).join("&");
    history.replaceState(null, "", data.page + (query && `?${query}`));
    const choices = encodeURIComponent(JSON.stringify({ weights: changed, against: {} }));
    const answer = await fetch(`${data.address}?choices=${choices}`);
    if (own !== asked) return;
    if (!answer.ok) {
      said.textContent = (await answer.json()).detail;
      return;
    }
    const found = (await answer.json()).data;
    for (const item of found.uncertainty.regions) {
      const cell = rows.get(item.id)?.querySelector(".range");
      const { lower, upper } = item.method_range_90;
      if (!cell) continue;
      cell.querySelector(".strip .range")?.setAttribute("x", lower - 0.5);
      cell.querySelector(".strip .range")?.setAttribute("width", upper - lower + 1);
      cell.querySelector("span").textContent = lower === upper ? ordinal(lower) : `${ordinal(lower)} to ${ordinal(upper)}`;
    }
    const { moved, beyond } = found.against;
    said.textContent = `${moved} of ${data.regions.length} have another rank than published, ${beyond ?? 0} beyond the range that the published method leaves open.`;
    document.getElementById("verdict")?.replaceChildren();
  };

  const moved = () => {
    if (!show()) return;
    document.getElementById("scores").textContent = "With your weights";
    window.clearTimeout(waiting);
    waiting = window.setTimeout(ranges, 400);
  };

  for (const field of fields.values()) {
    const slider = document.createElement("input");
    slider.type = "range";
    slider.min = 0;
    slider.max = 3;
    slider.step = 0.25;
    slider.value = field.value;
    slider.setAttribute("aria-label", `${form.querySelector(`label[for="${field.id}"]`).textContent}: weight`);
    slider.addEventListener("input", () => { field.value = slider.value; moved(); });
    field.addEventListener("input", () => { slider.value = field.value; moved(); });
    field.after(slider);
  }
})();
