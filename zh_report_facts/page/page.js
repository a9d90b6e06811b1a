// The page: reads the embedded reports, shows one of them, and answers the reader.

const get = id => document.getElementById(id);
const canvas = makeCanvas();
const filter = { words: [], roles: new Set(), score: 0, warned: false };
let reports = [];
let current = null;
let chosen = []; // the facts whose arcs stay

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  get("theme").textContent = theme === "dark" ? "浅色" : "深色";
}

function startTheme() {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => setTheme(system.matches ? "dark" : "light");
  follow();
  system.addEventListener("change", follow);
  get("theme").addEventListener("click", () => {
    system.removeEventListener("change", follow);
    setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  });
}

function readReports() {
  const sources = document.querySelectorAll('script[type="application/json"]');
  return [...sources].map((source, index) => {
    const report = JSON.parse(source.textContent);
    const warningsOf = report.facts.map(() => []);
    for (const warning of report.warnings) {
      for (const fact of warning[2]) warningsOf[fact].push(warning);
    }
    return { ...report, index, warningsOf };
  });
}

const markOf = span => get("text-pane").querySelector(`mark[data-span="${span}"]`);
const bodyOf = fact => get("table-pane").querySelector(`tbody[data-fact="${fact}"]`);

function factsOf(mark) {
  if (mark.dataset.fact !== undefined) return [Number(mark.dataset.fact)];
  const span = Number(mark.dataset.span);
  return [...current.facts.keys()].filter(fact => current.facts[fact].heads.includes(span));
}

// What an event is about: a mark in the text, a row of the table, or nothing.
function factsAt(target) {
  const mark = target.closest("#text-pane mark");
  if (mark) return factsOf(mark);
  const body = target.closest("#table-pane tbody");
  return body ? [Number(body.dataset.fact)] : [];
}

function showLinks(facts) {
  for (const node of document.querySelectorAll(".linked")) node.classList.remove("linked");
  const pairs = [];
  for (const index of facts) {
    const { number, heads } = current.facts[index];
    bodyOf(index).classList.add("linked");
    for (const span of [number, ...heads]) markOf(span).classList.add("linked");
    for (const head of heads) pairs.push([markOf(number), markOf(head)]);
  }
  drawArcs(canvas, pairs);
}

function flash(node) {
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  node.scrollIntoView({ block: "center", behavior });
  node.classList.remove("flash");
  void node.offsetWidth; // restarts the animation
  node.classList.add("flash");
}

function choose(facts) {
  chosen = facts;
  for (const node of document.querySelectorAll(".chosen")) node.classList.remove("chosen");
  for (const fact of facts) {
    bodyOf(fact).classList.add("chosen");
    markOf(current.facts[fact].number).classList.add("chosen");
  }
  showLinks(facts);
}

function goToPlace(fact) {
  choose([fact]);
  flash(markOf(current.facts[fact].number));
}

function goToRow(facts) {
  choose(facts);
  const body = bodyOf(facts[0]);
  for (const node of [body, body.closest("div")]) node.hidden = false; // whatever the filter says
  flash(body);
}

function showReport(report) {
  current = report;
  get("name").textContent = plain(report.id);
  get("file").textContent = plain(report.file || "");
  get("text-pane").replaceChildren(make("div", { className: "sheet" }, renderText(report), canvas));
  get("table-pane").replaceChildren(renderTable(report));
  for (const pane of ["text-pane", "table-pane"]) get(pane).scrollTop = 0;
  choose([]);
  showFilter();
  try {
    history.replaceState(null, "", `#${report.index + 1}`);
  } catch {
    // A page inside a notebook has no address of its own.
  }
}

// Shows in the report at hand what the filter wants of it, and its place in the list.
function showFilter() {
  hideUnwanted(get("table-pane"), current);
  for (const mark of get("text-pane").querySelectorAll("mark[data-fact]")) {
    mark.classList.toggle("unwanted", !current.wanted.has(Number(mark.dataset.fact)));
  }
  showWords(get("text-pane"), filter.words);
  for (const entry of get("reports").children) {
    const here = Number(entry.dataset.report) === current.index;
    entry.setAttribute("aria-current", here);
    if (here) entry.scrollIntoView({ block: "nearest" });
  }
  const listed = reports.filter(report => report.listed);
  get("position").textContent = `${listed.indexOf(current) + 1} / ${listed.length}`;
  get("previous").disabled = !neighbour(-1);
  get("next").disabled = !neighbour(1);
}

function neighbour(step) {
  let index = current.index + step;
  while (reports[index] && !reports[index].listed) index += step;
  return reports[index];
}

function renderEntry(report) {
  const all = report.facts.length;
  const counts = report.wanted.size === all ? `${all}` : `${report.wanted.size} / ${all}`;
  const warnings = report.warnings.length ? ` ⚠ ${report.warnings.length}` : "";
  const entry = make(
    "button",
    { type: "button", title: plain(report.file || report.id) },
    make("bdi", {}, plain(report.id)),
    make("small", {}, `${counts} 个数字${warnings}`),
  );
  entry.dataset.report = report.index;
  return entry;
}

function refresh() {
  applyFilter(reports, filter);
  const listed = reports.filter(report => report.listed);
  get("reports").replaceChildren(...listed.map(renderEntry));
  const facts = listed.reduce((sum, report) => sum + report.wanted.size, 0);
  get("count").textContent = `${listed.length} 份报告，${facts.toLocaleString()} 个数字`;
  get("print-listed").disabled = !listed.length;
  document.body.classList.toggle("nothing", !listed.length);
  if (current && current.listed) showFilter();
  else if (listed.length) showReport(listed[0]);
}

function readFilter() {
  filter.words = wordPatterns(get("query").value);
  filter.score = Number(get("score").value);
  filter.warned = get("warned").checked;
  filter.roles = new Set([...get("roles").querySelectorAll(":checked")].map(box => box.value));
  get("score-shown").textContent = filter.score.toFixed(2);
  refresh();
}

function renderRoles() {
  const counts = {};
  for (const report of reports) {
    for (const { role } of report.facts) counts[role] = (counts[role] || 0) + 1;
  }
  for (const [role, name] of Object.entries(ROLES)) {
    const box = make("input", { type: "checkbox", value: role });
    const count = make("small", {}, ` ${(counts[role] || 0).toLocaleString()}`);
    const text = make("span", {}, name, count);
    get("roles").append(make("label", { className: "chip", title: role }, box, text));
  }
}

function renderPaper(report) {
  const table = renderTable(report);
  hideUnwanted(table, report);
  const name = make("h2", {}, plain(report.id));
  return make("article", {}, name, renderText(report), table);
}

function printListed() {
  get("paper").replaceChildren(...reports.filter(report => report.listed).map(renderPaper));
  document.body.classList.add("printing-listed");
  print();
}

const isNarrow = () => matchMedia("(max-width: 760px)").matches;

function setOpen(part, open) {
  document.body.classList.toggle(`${part}-open`, open);
  get(`${part}-switch`).setAttribute("aria-expanded", open);
}

function listen() {
  const form = get("filters");
  let waiting;
  form.addEventListener("input", event => {
    clearTimeout(waiting);
    if (event.target === get("query")) waiting = setTimeout(readFilter, 200);
    else readFilter();
  });
  form.addEventListener("reset", () => setTimeout(readFilter));
  form.addEventListener("submit", event => event.preventDefault());
  get("reports").addEventListener("click", event => {
    const entry = event.target.closest("button");
    if (!entry) return;
    showReport(reports[entry.dataset.report]);
    if (isNarrow()) setOpen("list", false);
  });
  get("previous").addEventListener("click", () => showReport(neighbour(-1)));
  get("next").addEventListener("click", () => showReport(neighbour(1)));
  get("print").addEventListener("click", () => print());
  get("print-listed").addEventListener("click", printListed);
  addEventListener("afterprint", () => {
    get("paper").replaceChildren();
    document.body.classList.remove("printing-listed");
  });
  for (const part of ["list", "filter"]) {
    get(`${part}-switch`).addEventListener("click", () => {
      setOpen(part, !document.body.classList.contains(`${part}-open`));
    });
  }
  const section = get("report");
  for (const kind of ["mouseover", "focusin"]) {
    section.addEventListener(kind, event => {
      const facts = factsAt(event.target);
      showLinks(facts.length ? facts : chosen);
    });
  }
  for (const kind of ["mouseleave", "focusout"]) {
    section.addEventListener(kind, () => showLinks(chosen));
  }
  section.addEventListener("click", event => answer(event.target));
  section.addEventListener("keydown", event => {
    if ((event.key === "Enter" || event.key === " ") && event.target.matches("mark, tr")) {
      event.preventDefault();
      answer(event.target);
    }
    if (event.key === "Escape") choose([]);
  });
  new ResizeObserver(() => current && showLinks(chosen)).observe(canvas);
}

// A click on a mark leads to its row, one on a row to the place in the text.
function answer(target) {
  if (target.dataset.go !== undefined) return goToPlace(Number(target.dataset.go));
  const facts = factsAt(target);
  if (!facts.length) return;
  if (target.closest("#text-pane")) goToRow(facts);
  else goToPlace(facts[0]);
}

startTheme();
document.addEventListener("DOMContentLoaded", () => {
  reports = readReports();
  const facts = reports.reduce((sum, report) => sum + report.facts.length, 0);
  const warnings = reports.reduce((sum, report) => sum + report.warnings.length, 0);
  get("totals").textContent = `${reports.length.toLocaleString()} 份报告 · `
    + `${facts.toLocaleString()} 个数字 · ${warnings.toLocaleString()} 条提示`;
  document.body.classList.toggle("single", reports.length === 1);
  setOpen("list", !isNarrow());
  renderRoles();
  listen();
  const addressed = reports[Number(location.hash.slice(1)) - 1];
  readFilter();
  if (addressed && addressed.listed) showReport(addressed);
});
