"use strict";
// What helps where scripts run; without them every page says and does the same.

// A button that copies, beside each example.
for (const block of document.querySelectorAll("pre[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain small";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.textContent);
    button.textContent = "Copied";
  });
  block.after(button);
}

// A field that narrows a long table to the rows with a word.
for (const table of document.querySelectorAll("table[data-narrow]")) {
  const rows = [...table.tBodies[0].rows];
  if (rows.length < 25) continue;
  const label = document.createElement("label");
  label.className = "field narrow";
  label.textContent = table.dataset.narrow;
  const input = document.createElement("input");
  input.type = "search";
  input.addEventListener("input", () => {
    const word = input.value.trim().toLocaleLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLocaleLowerCase().includes(word);
  });
  label.append(input);
  table.closest(".scroll").before(label);
}
