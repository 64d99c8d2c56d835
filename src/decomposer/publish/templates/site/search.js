// Search the files beside this script. They are scripts that call decomposerSearch, as a page that is opened from a
// folder may load nothing else. Words are cut as in tokens.py: a rule here is a rule there.
(function () {
  "use strict";

  const FOLDER = new URL(".", document.currentScript.src);
  const STEP = 20, PER_ENTRY = 3, MOST_EXPANDED = 30, MOST_LEAVES = 8, LONGEST = 40, DEEPEST = 4;
  const WEIGHTS = [1, 1.5, 3], ARTIFACT = 1.5, ITSELF = 2.5, EXPANDED = 0.5;
  const SUPPORT = { s: "supported by its source", v: "a claim of its source", p: "partly supported",
                    u: "not supported by its source" };

  // --- words

  const RUNS = /([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]+)/u;
  const ENDINGS = [["ing", 3], ["ion", 3], ["ed", 4], ["er", 3], ["or", 3], ["e", 3]];

  function folded(text) {
    return text.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f]/g, "");
  }

  function cut(text) {
    const found = [];
    for (const word of folded(text).split(/[^\p{L}\p{N}\p{M}]+/u)) {
      word.split(RUNS).forEach((run, at) => {
        if (run && at % 2) found.push(...pairs(run));
        else if (run) found.push(run);
      });
    }
    return found;
  }

  function pairs(run) {
    const letters = Array.from(run);
    return letters.length === 1 ? letters : letters.slice(1).map((letter, at) => letters[at] + letter);
  }

  function stem(word) {
    if (!/^[a-z]{4,}$/.test(word)) return Array.from(word).slice(0, LONGEST).join("");
    let short = word;
    if (short.endsWith("ies")) short = short.slice(0, -3) + "y";
    else if (/(sses|xes|zes|ches|shes)$/.test(short)) short = short.slice(0, -2);
    else if (short.endsWith("s") && !/(ss|us|is)$/.test(short)) short = short.slice(0, -1);
    for (const [ending, least] of ENDINGS) {
      const rest = short.slice(0, -ending.length);
      if (short.endsWith(ending) && rest.length >= least && /[aeiouy]/.test(rest)) {
        short = rest;
        break;
      }
    }
    if (short.endsWith("at") && short.length >= 7) short = short.slice(0, -2);
    if (short.endsWith("y")) short = short.slice(0, -1) + "i";
    return short.replace(/([^aeiou])\1$/, "$1").slice(0, LONGEST);
  }

  function words(text, stop) {
    return cut(text).filter((word) => !stop.has(word)).map(stem);
  }

  // --- files

  const arrived = new Map(), asked = new Map();

  window.decomposerSearch = function (kind, key, told) {
    arrived.set(kind + " " + key, told);
  };

  function load(kind, key, name) {
    const what = kind + " " + key;
    if (!asked.has(what)) {
      asked.set(what, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = new URL(name + ".js", FOLDER).href;
        script.onload = () => (arrived.has(what) ? done(arrived.get(what)) : failed(new Error(name)));
        script.onerror = () => {
          asked.delete(what);
          failed(new Error(name));
        };
        document.head.append(script);
      }));
    }
    return asked.get(what);
  }

  let known = null;

  async function about() {
    if (!known) {
      const told = await load("about", "", "about");
      known = { entries: told.entries, buckets: told.buckets, leaves: new Set(told.leaves.split(" ")),
                stop: new Set(told.stop.split(" ")) };
    }
    return known;
  }

  function spelled(beginning) {
    return Array.from(beginning, (one) => (/[0-9a-z]/.test(one) ? one : `_${one.codePointAt(0).toString(16)}_`)).join("");
  }

  async function held(word, catalog) {
    const letters = Array.from(word);
    for (let length = Math.min(DEEPEST, letters.length); length >= 0; length--) {
      const leaf = letters.slice(0, length).join("");
      if (catalog.leaves.has(leaf)) return load("words", leaf, "w-" + spelled(leaf));
    }
    return {};
  }

  async function begun(word, catalog) {
    const leaves = Array.from(catalog.leaves).filter((leaf) => leaf !== word && leaf.startsWith(word)).slice(0, MOST_LEAVES);
    const files = await Promise.all([held(word, catalog), ...leaves.map((leaf) => held(leaf, catalog))]);
    const lists = files.flatMap((file) => Object.entries(file));
    const longer = new Map(lists.filter(([one]) => one !== word && one.startsWith(word)));
    const sorted = Array.from(longer).sort(([one, a], [other, b]) => size(b) - size(a) || (one < other ? -1 : 1));
    return sorted.slice(0, MOST_EXPANDED).map(([, list]) => list);
  }

  function shown(number, catalog) {
    const bucket = String(parseInt(number, 36) % catalog.buckets);
    return load("shown", bucket, "d-" + bucket).then((told) => told[number]);
  }

  // --- hits

  async function find(need) {
    const catalog = await about();
    const wanted = Array.from(new Set(words(need, catalog.stop))).slice(0, 30);
    const unfinished = /[\p{L}\p{N}\p{M}]$/u.test(need) ? wanted[wanted.length - 1] : null;
    const hits = new Map();
    await Promise.all(wanted.map((word) => held(word, catalog)));
    for (const [at, word] of wanted.entries()) {
      const file = await held(word, catalog);
      if (Object.hasOwn(file, word)) count(file[word], at, 1, hits, catalog);
      if (word === unfinished && word.length > 2) {
        for (const list of await begun(word, catalog)) count(list, at, EXPANDED, hits, catalog);
      }
    }
    return { wanted, hits: ordered(hits, wanted.length) };
  }

  function size(list) {
    return typeof list === "string" ? list.length : Infinity;
  }

  function count(list, at, share, hits, catalog) {
    const [all, text] = typeof list === "string" ? [list.split(" ").length, list] : list;
    const idf = Math.log(1 + (catalog.entries - all + 0.5) / (all + 0.5)) * share;
    for (const entry of text.split(" ")) {
      const colon = entry.indexOf(":");
      const number = entry.slice(0, colon);
      for (const written of entry.slice(colon + 1).split(".")) {
        const mark = parseInt(written, 36);
        const record = Math.floor(mark / 3);
        const key = number + "." + record;
        if (!hits.has(key)) hits.set(key, { number, record, points: new Map() });
        const points = hits.get(key).points;
        points.set(at, Math.max(points.get(at) || 0, idf * (record ? WEIGHTS[mark % 3] : ARTIFACT)));
      }
    }
  }

  function ordered(hits, wanted) {
    for (const hit of hits.values()) {
      const artifact = hit.record ? hits.get(hit.number + ".0") : null;
      const points = new Map(artifact ? artifact.points : []);
      for (const [at, own] of hit.points) points.set(at, Math.max(own, points.get(at) || 0));
      const sum = Array.from(points.values()).reduce((all, one) => all + one, 0);
      hit.score = sum * (points.size / wanted) ** 1.5 * (hit.record ? 1 : ITSELF);
    }
    const all = Array.from(hits.values());
    all.sort((a, b) => b.score - a.score || (a.number < b.number ? -1 : a.number > b.number ? 1 : a.record - b.record));
    const taken = new Map();
    return all.filter((hit) => {
      taken.set(hit.number, (taken.get(hit.number) || 0) + 1);
      return taken.get(hit.number) <= PER_ENTRY;
    });
  }

  // --- the page

  const field = document.getElementById("q"), status = document.getElementById("found");
  const list = document.getElementById("hits"), more = document.getElementById("more");
  let latest = 0, asking = "", open = null;

  function element(name, className, ...content) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...content);
    return made;
  }

  function marked(text, wanted) {
    const pieces = [];
    for (const piece of text.split(/([\p{L}\p{N}\p{M}]+)/u)) {
      const hit = piece && cut(piece).some((word) => wanted.includes(stem(word)));
      pieces.push(hit ? element("mark", "", piece) : piece);
    }
    return pieces;
  }

  function drawn(hit, told, wanted) {
    const [place, artifact, type, points, records] = told;
    const record = hit.record ? records[hit.record - 1] : null;
    const link = element("a", "", ...marked(record ? record[1] : artifact, wanted));
    const on = !record ? place : record[0].includes("#") ? record[0] : `${place}#${record[0]}`;  // on another page
    link.href = new URL(`../${on}`, FOLDER).href;
    const item = element("li", "", element("h2", "", link));
    const labels = record ? [artifact, type, record[2]] : [type];
    if (points !== null) labels.push(`rank ${points} of 100`);
    if (record && SUPPORT[record[4]]) labels.push(SUPPORT[record[4]]);
    if (record) labels.push(record[5] ? "reviewed" : "not reviewed");
    item.append(element("p", "note", labels.join(" · ")));
    const said = record || records.find((one) => one[3]);
    if (said && said[3]) item.append(element("p", "", ...marked(said[3], wanted)));
    return item;
  }

  async function show() {
    const mine = latest, { found, from } = open;
    const catalog = await about();
    const page = found.hits.slice(from, from + STEP);
    const told = await Promise.all(page.map((hit) => shown(hit.number, catalog)));
    if (mine !== latest) return;
    const items = page.map((hit, at) => drawn(hit, told[at], found.wanted));
    list.append(...items);
    open.from += page.length;
    more.hidden = open.from >= found.hits.length;
    return items[0];
  }

  async function search() {
    const need = field.value;
    if (need === asking) return; // what is shown, or on its way, keeps its focus
    asking = need;
    const mine = ++latest;
    if (!need.trim()) {
      list.replaceChildren();
      more.hidden = true;
      status.textContent = "";
      return;
    }
    try {
      const found = await find(need);
      if (mine !== latest) return;
      open = { found, from: 0 };
      list.replaceChildren();
      const number = found.hits.length;
      status.textContent = !found.wanted.length ? "These words are too common to search by." :
        number ? `${number.toLocaleString("en")} ${number === 1 ? "hit" : "hits"}` : "Nothing was found.";
      await show();
    } catch (error) {
      if (mine !== latest) return;
      asking = null;
      status.textContent = `The index can't be read (${error.message}).`;
    }
  }

  function remember() {
    try {
      history.replaceState(null, "", "?q=" + encodeURIComponent(field.value));
    } catch {
      // a page of a folder may have no address of its own
    }
  }

  window.decomposerWords = (text) => about().then((catalog) => words(text, catalog.stop));
  if (!field || !status || !list || !more) return;
  let waiting = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 150);
  });
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    remember();
    search();
  });
  more.addEventListener("click", () => show().then((item) => item && item.querySelector("a").focus()));
  field.value = new URLSearchParams(location.search).get("q") || field.value;
  if (field.value) search();
})();
