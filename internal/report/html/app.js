"use strict";
(() => {
  // Everything that came from a server reaches the page through textContent.
  const el = (tag, className, ...children) => {
    const e = document.createElement(tag);
    if (className) e.className = className;
    e.append(...children.filter((c) => c !== null && c !== undefined && c !== ""));
    return e;
  };
  const words = (s) => s.replaceAll("_", " ");
  const symbols = { passed: "✓", failed: "✗", flaky: "≈", error: "!", not_run: "■", waived: "⚑", skipped: "–" };
  const ms = (n) => (n >= 1000 ? (n / 1000).toFixed(1) + " s" : n.toFixed(n < 10 ? 1 : 0) + " ms");

  // ---- JSON, indented as text: numbers stay exactly as they were written.
  const indentJSON = (text) => {
    if (!/^\s*[{[]/.test(text)) return text;
    try { JSON.parse(text); } catch { return text; }
    let out = "", depth = 0;
    const newline = () => "\n" + "  ".repeat(depth);
    for (let i = 0; i < text.length; i++) {
      const c = text[i];
      if (c === '"') {
        const start = i;
        for (i++; text[i] !== '"'; i++) if (text[i] === "\\") i++;
        out += text.slice(start, i + 1);
      } else if (c === "{" || c === "[") {
        const close = text.slice(i + 1).match(/^\s*([}\]])/);
        if (close) { out += c + close[1]; i += close[0].length; continue; }
        depth++;
        out += c + newline();
      } else if (c === "}" || c === "]") {
        depth--;
        out += newline() + c;
      } else if (c === ",") out += c + newline();
      else if (c === ":") out += ": ";
      else if (!/\s/.test(c)) out += c;
    }
    return out;
  };

  // ---- Expected and actual, side by side.
  // Lines that both have are found by the longest common subsequence, or, in
  // long texts, by what they begin and end with.
  const matchLines = (a, b) => {
    const pairs = [];
    let head = 0, tail = 0;
    while (head < a.length && head < b.length && a[head] === b[head]) pairs.push([head, head++]);
    while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
    const n = a.length - head - tail, m = b.length - head - tail;
    if (n * m <= 1e6) {
      const length = Array.from({ length: n + 1 }, () => new Uint32Array(m + 1));
      for (let i = n - 1; i >= 0; i--)
        for (let j = m - 1; j >= 0; j--)
          length[i][j] = a[head + i] === b[head + j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
      for (let i = 0, j = 0; i < n && j < m;) {
        if (a[head + i] === b[head + j]) pairs.push([head + i++, head + j++]);
        else if (length[i + 1][j] >= length[i][j + 1]) i++;
        else j++;
      }
    }
    for (let k = tail; k > 0; k--) pairs.push([a.length - k, b.length - k]);
    return pairs;
  };
  // marked puts what differs within a line into a mark.
  const marked = (line, other) => {
    const div = el("span", "line differs");
    if (other === undefined) { div.append(el("mark", "", line || " ")); return div; }
    let head = 0, tail = 0;
    while (head < line.length && head < other.length && line[head] === other[head]) head++;
    while (tail < line.length - head && tail < other.length - head && line[line.length - 1 - tail] === other[other.length - 1 - tail]) tail++;
    const middle = line.slice(head, line.length - tail);
    div.append(line.slice(0, head));
    if (middle) div.append(el("mark", "", middle));
    div.append(line.slice(line.length - tail));
    return div;
  };
  const sides = (expected, actual) => {
    let a = indentJSON(expected), b = indentJSON(actual);
    if ((a === expected && a.includes("\n") === false) !== (b === actual && b.includes("\n") === false)) { a = expected; b = actual; }
    a = a.split("\n"); b = b.split("\n");
    const left = el("pre"), right = el("pre");
    let i = 0, j = 0;
    const plain = (line) => el("span", "line", line);
    for (const [p, q] of [...matchLines(a, b), [a.length, b.length]]) {
      const as = a.slice(i, p), bs = b.slice(j, q);
      as.forEach((line, k) => left.append(marked(line, bs[k])));
      bs.forEach((line, k) => right.append(marked(line, as[k])));
      for (let k = as.length; k < bs.length; k++) left.append(plain(""));
      for (let k = bs.length; k < as.length; k++) right.append(plain(""));
      if (p < a.length) left.append(plain(a[p]));
      if (q < b.length) right.append(plain(b[q]));
      i = p + 1; j = q + 1;
    }
    return el("div", "sides",
      el("div", "expected", el("h5", "", "expected"), left),
      el("div", "actual", el("h5", "", "actual"), right));
  };

  // ---- Copying
  const copyText = async (text) => {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* not allowed from disk in some browsers */ }
    const area = el("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const ok = document.execCommand("copy");
    area.remove();
    return ok;
  };
  const copyButton = (label, text) => {
    const b = el("button", "copy", label);
    b.type = "button";
    b.addEventListener("click", async (event) => {
      event.preventDefault();
      b.textContent = (await copyText(text)) ? "copied" : "copying is not allowed here";
      setTimeout(() => { b.textContent = label; b.focus(); }, 1500);
    });
    return b;
  };

  // ---- Details of one scenario
  const bodyOf = (m) => {
    if (!m.body) return null;
    const indented = indentJSON(m.body);
    const box = el("div", "block");
    const pre = el("pre", "", indented);
    if (indented !== m.body) {
      const b = el("button", "copy", "as it was sent");
      b.type = "button";
      b.setAttribute("aria-pressed", "false");
      b.addEventListener("click", () => {
        const raw = b.getAttribute("aria-pressed") !== "true";
        b.setAttribute("aria-pressed", String(raw));
        pre.textContent = raw ? m.body : indented;
      });
      box.append(b);
    }
    box.append(pre);
    if (m.cutFrom) box.append(el("p", "small", `Only the start of ${m.cutFrom} bytes was kept.`));
    return box;
  };
  const exchangeOf = (x, shows) => {
    const status = x.response ? String(x.response.status) : "no answer";
    const inner = el("div", "");
    const box = el("details", "exchange" + (shows ? " shows" : ""),
      el("summary", "", el("code", "", `${x.request.method} ${x.request.path}`), " → ", el("span", "status", status), ` (${ms(x.ms)})`,
        x.node ? el("span", "small", " " + x.node) : null, x.purpose ? el("span", "small", " " + x.purpose) : null), inner);
    const fill = () => {
      if (inner.firstChild) return;
      if (x.leased) inner.append(el("p", "small", `Sent for ${x.leased}, which begins with the same; what it made was lent to this scenario, as it was.`));
      inner.append(el("h5", "", "curl"), el("div", "block", copyButton("copy curl", x.curl), el("pre", "curl", x.curl)), el("h5", "", "request"));
      if (x.request.headers) inner.append(el("pre", "", x.request.headers.join("\n")));
      inner.append(bodyOf(x.request) ?? "");
      if (x.response) {
        inner.append(el("h5", "", "answer " + status));
        if (x.response.headers) inner.append(el("pre", "", x.response.headers.join("\n")));
        inner.append(bodyOf(x.response) ?? "");
      }
      if (x.error) inner.append(el("h5", "", x.response ? "the answer is not whole" : "no answer"), el("pre", "", x.error));
    };
    box.addEventListener("toggle", fill);
    if (shows) { box.open = true; fill(); }
    return box;
  };
  const evidenceOf = (e) => {
    const parts = [];
    if (e.outcome) parts.push(el("h4", "", `${words(e.outcome)} ${e.count === 1 ? "once" : e.count + " times"}`));
    const f = e.failure;
    if (f) {
      if (!e.outcome) parts.push(el("h4", "", "What went wrong"));
      parts.push(el("p", "message", f.message));
      if (f.step) parts.push(el("p", "small", `${f.step} (${f.location || ""})`));
      if (f.expected || f.actual) parts.push(sides(f.expected || "", f.actual || ""));
    }
    if (e.exchanges && e.exchanges.length) {
      parts.push(el("h4", "", e.exchanges.length === 1 ? "1 exchange" : `${e.exchanges.length} exchanges`));
      e.exchanges.forEach((x, i) => parts.push(exchangeOf(x, f && f.exchange === i)));
    }
    return parts;
  };
  const stepOf = (s) => {
    const li = el("li", "step " + s.outcome, el("i", "", symbols[s.outcome] || ""),
      el("span", "says", `${s.keyword} ${s.text}`, el("span", "sr", ` (${words(s.outcome)})`)),
      el("span", "meta", s.outcome === "not_run" ? "not run" : s.duration_ms ? ms(s.duration_ms) : ""));
    if (s.argument) li.append(el("pre", "", s.argument));
    return li;
  };
  const statements = new Map([...document.querySelectorAll(".requirements tbody tr")].map((tr) => [tr.dataset.requirements, tr.cells[1].firstChild.textContent]));
  // Details that many scenarios have in one are unpacked when one is opened.
  const packs = [...document.querySelectorAll("script[data-pack]")];
  const unpacked = new Map();
  const unpack = async (pack) => {
    const bytes = Uint8Array.from(atob(pack.textContent), (c) => c.charCodeAt(0));
    return JSON.parse(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text());
  };
  const detailsOf = async (index) => {
    const pack = packs.findLast((p) => Number(p.dataset.pack) <= index);
    if (!unpacked.has(pack)) unpacked.set(pack, unpack(pack));
    return (await unpacked.get(pack))[index];
  };
  const build = (box) => {
    if (box.querySelector(":scope > .body")) return;
    const own = document.querySelector(`script[data-details="${box.dataset.index}"]`);
    if (own) { box.append(bodyFor(box, JSON.parse(own.textContent))); return; }
    const place = el("div", "body");
    box.append(place);
    detailsOf(Number(box.dataset.index)).then(
      (data) => place.replaceWith(bodyFor(box, data)),
      () => place.append(el("p", "warning", "This browser cannot unpack the steps and exchanges of this scenario. Everything is in report.json as well.")));
  };
  const bodyFor = (box, data) => {
    const link = el("a", "", "link to this scenario");
    link.href = "#" + encodeURIComponent(box.id);
    const head = el("p", "small", data.where + " · ");
    const required = el("ul", "required");
    for (const id of box.dataset.requirements.split(" ").filter(Boolean)) {
      const b = el("button", "link", id);
      b.type = "button";
      b.dataset.show = id;
      required.append(el("li", "", statements.get(id), " ", b));
    }
    if (data.tags) head.append(data.tags.join(" ") + " · ");
    head.append(link);
    const body = el("div", "body", required.firstChild ? required : null, head);
    if (data.reason) body.append(el("p", "why", data.reason));
    const first = data.evidences[0];
    if (data.steps) body.append(el("h4", "", "Steps"), el("ol", "steps", ...data.steps.map(stepOf)));
    if (first) data.evidences.forEach((e) => body.append(...evidenceOf(e)));
    if (data.capped) body.append(el("p", "small", `Of ${data.capped} exchange${data.capped === 1 ? "" : "s"} of a scenario that passed, the first and the last are kept, of them the start of long bodies and few headers; --evidence all keeps everything.`));
    return body;
  };

  // ---- Filters
  const form = document.querySelector(".filters");
  const shown = form.querySelector(".shown");
  const scenarios = [...document.querySelectorAll(".scenario")];
  const requirements = [...document.querySelectorAll(".requirements tbody tr")];
  const chips = [...form.querySelectorAll(".chip")];
  const folds = [...document.querySelectorAll(".part, .group, .more, .profile")];
  const texts = new Map();
  const textOf = (e) => {
    if (!texts.has(e)) texts.set(e, ((e.querySelector(":scope > summary") || e).textContent + " " + e.dataset.requirements).toLowerCase());
    return texts.get(e);
  };
  // What was found is unfolded, and folded again when nobody looks for it.
  let unfolded = [];
  const unfold = (list) => {
    unfolded.filter((f) => !list.includes(f)).forEach((f) => { f.open = false; });
    unfolded = list.filter((f) => unfolded.includes(f) || !f.open);
    unfolded.forEach((f) => { f.open = true; });
  };
  const apply = () => {
    const outcomes = chips.filter((c) => c.getAttribute("aria-pressed") === "true").map((c) => c.dataset.outcome);
    const terms = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const profile = form.elements.profile.value, requirement = form.elements.requirement.value;
    const keep = (e) =>
      (!outcomes.length || outcomes.includes(e.dataset.outcome)) &&
      (!profile || e.dataset.profile === profile) &&
      (!requirement || e.dataset.requirements.split(" ").includes(requirement)) &&
      terms.every((t) => textOf(e).includes(t));
    const count = (list) => list.reduce((n, e) => n + ((e.hidden = !keep(e)) ? 0 : 1), 0);
    const s = count(scenarios), r = count(requirements);
    const all = s === scenarios.length && r === requirements.length;
    folds.forEach((f) => { f.hidden = !f.querySelector(".scenario:not([hidden]), tbody tr:not([hidden])"); });
    unfold(!all && s <= 100 ? folds.filter((f) => !f.hidden && !f.classList.contains("profile")) : []);
    shown.textContent = all ? "" : `${s} of ${scenarios.length} scenarios and ${r} of ${requirements.length} requirements`;
  };
  const clear = () => {
    chips.forEach((c) => c.setAttribute("aria-pressed", "false"));
    form.elements.text.value = form.elements.profile.value = form.elements.requirement.value = "";
    apply();
  };
  chips.forEach((c) => c.addEventListener("click", () => {
    c.setAttribute("aria-pressed", String(c.getAttribute("aria-pressed") !== "true"));
    apply();
  }));
  form.addEventListener("input", apply);
  form.addEventListener("submit", (e) => e.preventDefault());
  form.addEventListener("reset", (e) => { e.preventDefault(); clear(); });
  document.addEventListener("click", (e) => {
    const b = e.target.closest("[data-show]");
    if (!b) return;
    clear();
    form.elements.requirement.value = b.dataset.show;
    apply();
    document.getElementById("ui-scenarios").focus();
  });
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "/" && !e.target.closest("input, select, textarea")) {
      e.preventDefault();
      form.elements.text.focus();
    } else if (e.key === "Escape" && e.target.closest(".filters")) clear();
  });

  // ---- Opening, deep links, printing
  document.getElementById("ui-scenarios").addEventListener("toggle", (e) => {
    const box = e.target;
    if (box.classList.contains("scenario") && box.open) build(box);
  }, true);
  const follow = () => {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { /* taken as it is */ }
    const box = id && document.getElementById(id);
    if (!box || !box.classList.contains("scenario")) return;
    if (box.hidden) clear();
    build(box);
    for (let b = box; b; b = b.parentElement.closest("details")) b.open = true;
    box.scrollIntoView();
    box.querySelector("summary").focus({ preventScroll: true });
  };
  window.addEventListener("hashchange", follow);
  follow();
  window.addEventListener("load", follow); // the browser's own jump takes the focus away
  let opened = [];
  window.addEventListener("beforeprint", () => {
    // Of each cause the first example: paper that shows all of them is not read.
    const told = [...document.querySelectorAll("script[data-details]")].map((d) => document.querySelector(`.scenario[data-index="${d.dataset.details}"]`));
    const causes = new Set(told.map((s) => s.closest(".group")));
    const loud = [...causes].map((cause) => told.find((s) => s.closest(".group") === cause));
    loud.forEach(build);
    const around = folds.filter((f) => loud.some((s) => f.contains(s)));
    opened = [...loud, ...around, document.querySelector(".about")].filter((d) => !d.open);
    opened.forEach((d) => { d.open = true; });
  });
  window.addEventListener("afterprint", () => opened.forEach((s) => { s.open = false; }));
})();
