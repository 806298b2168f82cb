"use strict";
// What the page for partners reads of files before they are sent: rows that are pasted, outlines, and heads of columns.
(() => {
  const MOST_LINES = 20;
  const READ = 65536;

  // The cells of a line, with quotes as CSV has them.
  const cells = (line, mark) => {
    const found = [];
    let text = "", quoted = false;
    for (let at = 0; at < line.length; at += 1) {
      const letter = line[at];
      if (quoted && letter === '"' && line[at + 1] === '"') { text += '"'; at += 1; }
      else if (letter === '"') quoted = !quoted;
      else if (letter === mark && !quoted) { found.push(text.trim()); text = ""; }
      else text += letter;
    }
    return [...found, text.trim()];
  };

  const markOf = (line) => ["\t", ";", "|", ","].reduce((best, mark) => (line.split(mark).length > line.split(best).length ? mark : best), ",");

  // Places as they are pasted, a line each: code, name, council. A head is passed over.
  const placesOf = (text, level, within) => {
    const lines = text.split(/\r?\n/).filter((line) => line.trim());
    const rows = lines.map((line) => cells(line, markOf(line)));
    if (rows.length && !/\d/.test(rows[0].join(""))) rows.shift();
    return rows.map(([code, name, council]) => ({ code: code.toUpperCase(), body: { name: name || "", level, within: council || within } }));
  };

  const property = (properties, ...patterns) => {
    for (const pattern of patterns) {
      const found = Object.keys(properties).find((name) => pattern.test(name));
      if (found && properties[found] !== null && String(properties[found]).trim()) return String(properties[found]).trim();
    }
    return "";
  };

  // Places of a GeoJSON file: codes and names as statistical offices call them (WD24CD), or plainly.
  const outlinesOf = async (file, level, within) => {
    let content;
    try {
      content = JSON.parse(await file.text());
    } catch {
      throw new window.partners.Refused(0, { title: "The file is no GeoJSON", detail: `${file.name} cannot be read as JSON. Export it as GeoJSON, in degrees (WGS 84).` });
    }
    const features = content.features || (content.type === "Feature" ? [content] : []);
    if (!features.length) {
      throw new window.partners.Refused(0, { title: "There is no place in the file", detail: `${file.name} has no features. Export the layer with its features as GeoJSON.` });
    }
    return features.map(({ properties, geometry }) => {
      const said = properties || {};
      const code = property(said, /^wd\d\dcd$/i, /^code$/i, /code$/i, /cd$/i);
      const name = property(said, /^wd\d\dnm$/i, /^name$/i, /name$/i, /nm$/i);
      const council = property(said, /^within$/i, /^lad\d\dcd$/i);
      return { code: code.toUpperCase(), body: { name, level, within: within || council, geometry } };
    });
  };

  // The heads of a file of text, and some rows below; none of what is no text.
  const headsOf = async (file) => {
    const text = await file.slice(0, READ).text();
    if (/[\u0000\ufffd]/.test(text.slice(0, 2000)) || !/\.(csv|tsv|txt)$/i.test(file.name)) return { heads: [], rows: [] };
    const lines = text.replace(/^\ufeff/, "").split(/\r?\n/).slice(0, MOST_LINES).filter((line) => line.trim());
    const mark = markOf(lines.reduce((best, line) => (cells(line, markOf(line)).length > cells(best, markOf(best)).length ? line : best), lines[0] || ""));
    const rows = lines.map((line) => cells(line, mark));
    const most = Math.max(0, ...rows.map((row) => row.filter(Boolean).length));
    const at = rows.findIndex((row) => row.filter(Boolean).length === most);
    return { heads: most > 1 ? rows[at].filter(Boolean) : [], rows: rows.slice(at + 1), all: rows[at] || [] };
  };

  const LIKE = {
    region: (cell) => /^[A-Z]\d{8}$/.test(cell),
    period: (cell) => /^(19|20)\d\d([-/].*)?$/.test(cell),
    value: (cell) => /^-?[\d,]*\.?\d+%?$/.test(cell) && !/^(19|20)\d\d$/.test(cell),
  };

  // Which head each column may be, by what stands below it.
  const suggestions = ({ rows, all }) => {
    const found = {};
    for (const [name, like] of Object.entries(LIKE)) {
      const shares = all.map((_, place) => rows.filter((row) => like(row[place] || "")).length);
      const best = Math.max(0, ...shares);
      if (best > 0 && best >= rows.length / 2) found[name] = all[shares.indexOf(best)];
    }
    return found;
  };

  Object.assign(window.partners, { placesOf, outlinesOf, headsOf, suggestions });
})();
