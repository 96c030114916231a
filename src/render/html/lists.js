/* Lists of findings, migrations and apps, and what is let through. */

const filters = { text: "", app: "", code: "", severities: new Set(severities), changes: new Set(changes) };
const lists = { findings: byId("findings"), nodes: byId("nodes"), apps: byId("apps") };

function findingMatches(finding) {
  return filters.severities.has(finding.severity) && (!filters.code || finding.code === filters.code) &&
    (finding.node === null || filters.changes.has(nodes[finding.node].change)) &&
    (!filters.app || finding.app === filters.app) && (!filters.text || finding.words.includes(filters.text));
}

const aboutFindings = () => filters.code || filters.severities.size < severities.length;

function nodeMatches(node) {
  if (!filters.changes.has(node.change)) return false;
  if (filters.app && appOf(node).label !== filters.app) return false;
  if (filters.text && !node.words.includes(filters.text)) return false;
  return !aboutFindings() || node.findings.some((found) =>
    filters.severities.has(found.severity) && (!filters.code || found.code === filters.code));
}

/** Causes, worst first, each before what follows from it. */
function sortedFindings() {
  const rank = (finding) => severities.indexOf(finding.severity);
  return findings.filter((finding) => finding.cause === null)
    .sort((a, b) => rank(a) - rank(b) || a.index - b.index)
    .flatMap((cause) => [cause, ...cause.therefore]);
}

function findingItem(finding) {
  const where = finding.node === null ? finding.path || finding.app : nodes[finding.node].id;
  const item = el("button", { type: "button", class: "item" + (finding.cause === null ? "" : " follows"),
    "data-finding": finding.index, click: () => selectFinding(finding) },
    el("span", { class: "item-head" }, badge(finding.severity), " ", el("b", {}, finding.code), " ",
      rules[finding.code].name),
    el("span", { class: "item-text" }, withCode(finding.message)),
    el("span", { class: "place" }, where));
  return { item, matches: () => findingMatches(finding) };
}

function nodeItem(node) {
  const item = el("button", { type: "button", class: "item app-" + appOf(node).color, "data-node": node.index,
    click: () => selectNode(node) },
    el("span", { class: "item-head" }, el("span", { class: "dot", "aria-hidden": "true" }), " ",
      node.change ? [badge(node.change), " "] : null,
      el("span", { class: "muted" }, appOf(node).label), " ", node.title,
      worstOf(node.findings) ? [" ", badge(worstOf(node.findings))] : null,
      node.kind === "missing" ? [" ", el("span", { class: "chip" }, "missing")] : null));
  return { item, matches: () => nodeMatches(node) };
}

function countsOf(label, project) {
  const own = findings.filter((f) => f.cause === null && f.app === label && f.project === project);
  return severities.map((name) => own.filter((f) => f.severity === name).length);
}

function appRow(app, index) {
  const own = nodes.filter((node) => node.app === index && node.kind === "migration");
  const leaves = own.filter((node) => hasMark(node, "leaf"));
  const name = el("button", { type: "button", class: "link app-" + app.color,
    click: () => setFilter("app", filters.app === app.label ? "" : app.label) },
    el("span", { class: "dot", "aria-hidden": "true" }), app.label);
  return el("tr", { "data-app": app.label },
    el("th", { scope: "row" }, name, el("div", {}, el("small", {}, plural(app.migrations, "migration"),
      report.projects.length > 1 ? " · " + report.projects[app.project] : null))),
    el("td", {}, leaves.map((leaf) => el("div", {}, nodeLink(leaf, "", leaf.title)))),
    countsOf(app.label, app.project).map((count, i) =>
      el("td", { class: "number " + (count ? severities[i] : "none") }, count ? String(count) : "–")));
}

function appTable() {
  const rows = apps.map((app, index) => ({ app, row: app.external ? null : appRow(app, index) }))
    .filter(({ row }) => row);
  lists.apps.append(el("table", {},
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "App"),
      el("th", { scope: "col" }, "Leaves"),
      severities.map((name) => el("th", { scope: "col", class: "number" }, badge(name))))),
    el("tbody", {}, rows.map(({ row }) => row))));
  return rows.map(({ app, row }) => ({ item: row, matches: () =>
    (!filters.app || filters.app === app.label) && (!filters.text || app.label.toLowerCase().includes(filters.text)) }));
}

const entries = { findings: [], nodes: [], apps: [] };

function fillLists() {
  entries.findings = sortedFindings().map(findingItem);
  entries.nodes = nodes.filter((node) => node.kind !== "app").map(nodeItem);
  entries.apps = appTable();
  for (const name of ["findings", "nodes"]) {
    lists[name].append(...entries[name].map(({ item }) => item),
      el("p", { class: "empty", hidden: true }, "Nothing matches."));
    lists[name].addEventListener("keydown", listKey);
  }
}

/** Arrows go from one item to the next that is shown. */
function listKey(event) {
  const shown = [...event.currentTarget.querySelectorAll(".item:not([hidden])")];
  const at = shown.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1 }[event.key];
  if (to === undefined || !shown[to]) return;
  shown[to].focus();
  event.preventDefault();
}

/** Marks what is selected in the lists. */
function showCurrent() {
  for (const item of document.querySelectorAll("#report-lists .item[aria-current]")) item.removeAttribute("aria-current");
  const mark = (name, index) => {
    const item = document.querySelector(`#report-lists .item[data-${name}="${index}"]`);
    if (item) item.setAttribute("aria-current", "true");
  };
  if (selected && selected.finding) mark("finding", selected.finding.index);
  if (selected && selected.node) mark("node", selected.node.index);
}

function showTabs(counts) {
  const titles = { findings: "Findings", nodes: "Migrations", apps: "Apps" };
  for (const [name, title] of Object.entries(titles)) {
    const all = entries[name].length, count = counts[name];
    byId("tab-" + name).replaceChildren(title, el("small", {}, " " + (count === all ? all : count + "/" + all)));
  }
}

function applyFilters() {
  const counts = {};
  for (const [name, list] of Object.entries(entries)) {
    counts[name] = 0;
    for (const { item, matches } of list) {
      item.hidden = !matches();
      counts[name] += !item.hidden;
    }
    const empty = lists[name].querySelector(".empty");
    if (empty) empty.hidden = counts[name] > 0;
  }
  const filtered = filters.text || filters.app || aboutFindings() || filters.changes.size < changes.length;
  for (const [id, element] of elements)
    element.classList.toggle("dim", Boolean(filtered) && !(drawnNodes.get(id) || []).some(nodeMatches));
  stage.classList.toggle("filtered", Boolean(filtered));
  showTabs(counts);
  byId("matches").textContent = filtered
    ? plural(counts.nodes, "migration") + ", " + plural(counts.findings, "finding") : "";
}

function setFilter(name, value) {
  filters[name] = value;
  if (name === "app") byId("app").value = value;
  if (name === "code") byId("code").value = value;
  applyFilters();
}

function showTab(name) {
  for (const each of Object.keys(lists)) {
    const on = each === name, tab = byId("tab-" + each);
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    lists[each].hidden = !on;
  }
}

function setUpTabs() {
  const names = Object.keys(lists);
  for (const [i, name] of names.entries()) {
    const tab = byId("tab-" + name);
    tab.addEventListener("click", () => showTab(name));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = names[(i + step + names.length) % names.length];
      showTab(next);
      byId("tab-" + next).focus();
      event.preventDefault();
    });
  }
  showTab(findings.length ? "findings" : "nodes");
}

/** Lets a member of the set through, or not. */
function toggle(set, name, attributes, ...content) {
  return el("button", { type: "button", "aria-pressed": "true", class: "toggle", ...attributes, click: (event) => {
    const on = !set.has(name);
    if (on) set.add(name);
    else set.delete(name);
    event.currentTarget.setAttribute("aria-pressed", String(on));
    applyFilters();
  } }, ...content);
}

function severityButton(name) {
  const count = findings.filter((finding) => finding.severity === name && finding.cause === null).length;
  return toggle(filters.severities, name, { "data-severity": name }, badge(name), " " + count);
}

function changeButton(name) {
  const count = countChanged(name);
  return toggle(filters.changes, name, { "data-change": name || "none" },
    name ? [badge(name), " " + count] : "as before " + count);
}

function setUpFilters() {
  const labels = new Set([...apps.filter((app) => !app.external).map((app) => app.label),
    ...findings.map((finding) => finding.app).filter((label) => label)]);
  const codes = [...new Set(findings.map((finding) => finding.code))].sort();
  byId("app").append(el("option", { value: "" }, "all"), ...[...labels].sort().map((label) => el("option", { value: label }, label)));
  byId("code").append(el("option", { value: "" }, "all"),
    ...codes.map((code) => el("option", { value: code }, code + " " + rules[code].name)));
  byId("severities").append(...severities.map(severityButton));
  byId("changes").hidden = !report.compared;
  byId("changes").append(...changes.map(changeButton));
  byId("app").addEventListener("change", (event) => setFilter("app", event.target.value));
  byId("code").addEventListener("change", (event) => setFilter("code", event.target.value));
  byId("search").addEventListener("input", (event) => setFilter("text", event.target.value.trim().toLowerCase()));
}

/** The next match after what is selected, round about. */
function nextMatch() {
  const matching = nodes.filter((node) => node.kind !== "app" && nodeMatches(node));
  if (!matching.length) return;
  const at = selected && selected.node ? selected.node.index : -1;
  selectNode(matching.find((node) => node.index > at) || matching[0]);
}
