/* What is selected, in full. */

const panel = byId("panel");
let selected = null; /* { node } or { finding } or { drawn } or null */

function nodeLink(node, kind, name) {
  return el("button", { type: "button", class: "link node-link app-" + appOf(node).color,
    "data-node": node.index, click: () => selectNode(node) },
    el("span", { class: "dot", "aria-hidden": "true" }),
    node.change ? badge(node.change) : null,
    el("span", {}, name || node.id, kind ? el("small", {}, " " + kind.replaceAll("_", " ")) : null,
      worstOf(node.findings) ? [" ", badge(worstOf(node.findings))] : null));
}

function section(title, count, ...content) {
  if (count === 0) return null;
  return el("section", {}, el("h3", {}, title, count === null ? null : el("small", {}, " " + count)), content);
}

function linkList(links) {
  const said = { added: "new", removed: "no longer" };
  return el("ul", { class: "links" }, links.map(({ node, kind, change }) =>
    el("li", {}, nodeLink(node, [said[change], kind].filter(Boolean).join(" ")))));
}

/** A gap between numbers is drawn, but is no dependency. */
function linksSection(title, links) {
  const real = links.filter(({ kind }) => kind !== "gap");
  return section(title, real.length, linkList(real));
}

function closeButton() {
  return el("button", { type: "button", class: "close", "aria-label": "Close", click: closePanel }, "×");
}

function modelLine(line, sign) {
  const [name, text] = report.lines[line].split("\n");
  return el("li", { class: sign === "+" ? "put" : sign === "−" ? "cut" : null },
    el("span", { class: "sign" }, sign), el("b", {}, name), " ", text);
}

function modelDetails(model) {
  const gone = model.name === null;
  const cut = model.changed ? model.before.filter((line) => !model.lines.includes(line)) : [];
  const known = new Set(model.before);
  return el("details", { open: model.changed, class: "model" },
    el("summary", {}, gone ? "deleted" : model.name,
      el("small", {}, model.changed ? (gone ? "" : known.size ? " changed here" : " created here") : "")),
    el("ul", {}, cut.map((line) => modelLine(line, "−")),
      model.lines.map((line) => modelLine(line, model.changed && !known.has(line) ? "+" : " "))));
}

function modelsSection(node) {
  if (node.plan === undefined) return null;
  const label = appOf(node).label, here = modelsAfter(node, label);
  here.sort((a, b) => b.changed - a.changed);
  return section("Models of " + label + " after it", here.length,
    report.models_cut ? el("p", { class: "hint" }, "Too many to tell them all.") : null,
    here.map(modelDetails));
}

function findingsSection(list, shown) {
  return section("Findings", list.length, list.map((found) => findingDetails(found, found === shown)));
}

function nodeContent(node, shown) {
  const kind = node.kind === "missing" ? ["missing"] : node.kind === "app" ? ["app of other people’s"] : [];
  return [
    el("h2", {}, el("small", { class: "app-name app-" + appOf(node).color }, appOf(node).label), " ", node.title),
    el("p", { class: "chips" }, node.change ? el("span", { class: "chip " + node.change }, node.change) : null,
      [...kind, ...node.marks].map((mark) => el("span", { class: "chip" }, mark))),
    node.note ? el("p", { class: "hint" }, node.note) : null,
    node.path ? el("p", { class: "place" }, node.path) : null,
    findingsSection(node.findings, shown),
    section("Operations", node.operations.length,
      el("ol", { class: "operations" }, node.operations.map((operation) => el("li", {}, operation)))),
    linksSection("Needs", node.needs),
    linksSection("Needed by", node.neededBy),
    modelsSection(node),
  ];
}

/** A node of the picture that stands for several migrations. */
function runContent(list) {
  const label = appOf(list[0]).label;
  return [
    el("h2", {}, el("small", { class: "app-name app-" + appOf(list[0]).color }, label), " ",
      plural(list.length, "migration")),
    findingsSection(list.flatMap((node) => node.findings), null),
    section("Migrations", list.length, linkList(list.map((node) => ({ node })))),
  ];
}

function showPanel(content) {
  panel.replaceChildren(closeButton(), ...content.filter((part) => part));
  panel.hidden = false;
  panel.scrollTop = 0;
  const open = panel.querySelector(".finding.open");
  if (open && open.offsetTop > panel.clientHeight / 2) panel.scrollTop = open.offsetTop - 40;
}

function closePanel() {
  const node = selected && selected.drawn;
  panel.hidden = true;
  selected = null;
  showSelected(null);
  showCurrent();
  if (node && elements.has(node)) elements.get(node).focus({ preventScroll: true });
}

/** `focus` moves the reader there, for those who came by key. */
function select(what, content, centred) {
  const opened = panel.hidden;
  selected = what;
  showPanel(content);
  showSelected(what.drawn || null);
  if (what.drawn && elements.has(what.drawn)) {
    setTabStop(what.drawn);
    if (centred) centre(what.drawn);
    else if (opened) centreUnlessSeen(what.drawn);
  }
  showCurrent();
}

function selectNode(node, shown) {
  select({ node, finding: shown || null, drawn: node.drawn }, nodeContent(node, shown), true);
  if (panel.contains(document.activeElement) || document.activeElement === document.body) panel.focus();
}

function selectFinding(finding) {
  if (finding.node !== null) selectNode(nodes[finding.node], finding);
  else select({ finding, drawn: null },
    [el("h2", {}, finding.app || "Project"), findingDetails(finding, true)], false);
}

function selectDrawn(id, byKey) {
  const list = drawnNodes.get(id) || [];
  if (list.length === 1) select({ node: list[0], finding: null, drawn: id }, nodeContent(list[0], null), false);
  else if (list.length) select({ drawn: id }, runContent(list), false);
  if (byKey) panel.focus();
}
