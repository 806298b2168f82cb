"use strict";
// How the page for partners asks the API: with the key of this tab, once more where the network failed, and a problem
// in the API's own words.
window.partners = {};
(() => {
  const KEPT = "digital-capital-key";
  const AGAIN = 600;

  const key = {
    get: () => sessionStorage.getItem(KEPT),
    set: (text) => sessionStorage.setItem(KEPT, text),
    forget: () => sessionStorage.removeItem(KEPT),
  };

  // What the API refused: its status, and its problem (RFC 9457).
  class Refused extends Error {
    constructor(status, problem, wait) {
      super(problem.detail);
      Object.assign(this, { status, problem, wait });
    }
  }

  const later = (milliseconds) => new Promise((done) => window.setTimeout(done, milliseconds));

  // A name for a request. Browsers have `randomUUID` only where the connection is secure.
  const named = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const sent = async (path, asked) => {
    try {
      return await fetch(path, asked);
    } catch {
      await later(AGAIN);
      try {
        return await fetch(path, asked);
      } catch {
        throw new Refused(0, {
          title: "The service could not be reached",
          detail: "Nothing came back, twice. Look whether you are connected, and try again: nothing is done twice.",
        });
      }
    }
  };

  const refused = async (answer) => {
    const wait = Number(answer.headers.get("Retry-After")) || 0;
    try {
      return new Refused(answer.status, await answer.json(), wait);
    } catch {
      const detail = `The service answered ${answer.status} ${answer.statusText}. Try again in a moment.`;
      return new Refused(answer.status, { title: "The service could not answer", detail }, wait);
    }
  };

  // Ask the API; the response. `json` is sent as such, `body` as it is. What changes something has a name of its own, so
  // that asking once more does nothing twice. Raises `Refused`.
  const ask = async (method, path, { json, body, version } = {}) => {
    const headers = { Authorization: `Bearer ${key.get()}` };
    if (method !== "GET") headers["Idempotency-Key"] = named();
    if (json !== undefined) headers["Content-Type"] = "application/json";
    if (version) headers["If-Match"] = `"${version}"`;
    const answer = await sent(path, {
      method, headers, body: json === undefined ? body : JSON.stringify(json), cache: "no-store", credentials: "omit",
    });
    if (!answer.ok) throw await refused(answer);
    return answer;
  };

  // The same; what the answer says as JSON, nothing where it says nothing.
  const told = async (method, path, given) => {
    const answer = await ask(method, path, given);
    return answer.status === 204 ? null : answer.json();
  };

  // A read that waits while what is asked for is being made.
  const patiently = async (path, times = 40) => {
    for (let tried = 1; ; tried += 1) {
      try {
        return await ask("GET", path);
      } catch (error) {
        if (!(error instanceof Refused) || error.status !== 503 || tried >= times) throw error;
        await later(1000 * (error.wait || 1));
      }
    }
  };

  // Have the browser save what is at an address that needs the key.
  const save = async (path, otherwise) => {
    const answer = await patiently(path);
    const name = /filename="?([^";]+)"?/.exec(answer.headers.get("Content-Disposition") || "");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = name ? name[1] : otherwise;
    document.body.append(link);
    link.click();
    link.remove();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };

  Object.assign(window.partners, { key, Refused, later, ask, told, patiently, save });
})();
