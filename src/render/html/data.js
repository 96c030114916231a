/* What the report is about, indexed. Nothing here touches the page. */

const report = JSON.parse(document.getElementById("report-data").textContent);
const { nodes, apps, findings, rules } = report;
const severities = ["error", "warning", "info"];
const changes = ["added", "changed", "removed", ""]; /* since the base; "": not at all */

nodes.forEach((node, index) => {
  Object.assign(node, { index, needs: [], neededBy: [], findings: [], models: node.models || [] });
});
for (const [child, parent, kind, change] of report.edges) {
  nodes[child].needs.push({ node: nodes[parent], kind, change });
  nodes[parent].neededBy.push({ node: nodes[child], kind, change });
}
findings.forEach((finding, index) => {
  Object.assign(finding, { index, therefore: [] });
  if (finding.cause !== null) findings[finding.cause].therefore.push(finding);
  if (finding.node !== null) nodes[finding.node].findings.push(finding);
});

/** By the id of an element of the picture: the migrations that it stands for. */
const drawnNodes = new Map();
for (const node of nodes)
  if (node.drawn) drawnNodes.set(node.drawn, [...(drawnNodes.get(node.drawn) || []), node]);

const appOf = (node) => apps[node.app];
const projectOf = (node) => appOf(node).project;
const worstOf = (list) => severities.find((name) => list.some((found) => found.severity === name));
const countChanged = (change) =>
  nodes.filter((node) => node.kind !== "app" && node.change === change).length;
const hasMark = (node, mark) => node.marks.includes(mark);

/** What can be searched for, in lower case. */
for (const node of nodes)
  node.words = [node.id, node.path, ...node.operations, ...node.findings.map((f) => f.code + " " + f.message)]
    .join("\n").toLowerCase();
for (const finding of findings)
  finding.words = [finding.code, rules[finding.code].name, finding.message, finding.path,
    finding.node === null ? "" : nodes[finding.node].id].join("\n").toLowerCase();

/** Migrations of the project in the order in which Django would apply them. */
const plans = report.projects.map((_, project) =>
  nodes.filter((node) => node.plan !== undefined && projectOf(node) === project)
    .sort((a, b) => a.plan - b.plan));

/**
 * The models of an app once a migration is applied: name, lines, and whether the migration changed
 * it; `before` has the lines it had until then.
 */
function modelsAfter(target, label) {
  const models = new Map();
  const play = (list, changed) => {
    for (const [model, name, first, cut, ...put] of list) {
      const old = models.get(model) || { lines: [] };
      const lines = old.lines.slice();
      lines.splice(first, cut, ...put);
      models.set(model, { name, lines, before: old.lines, changed });
    }
  };
  for (const node of plans[projectOf(target)]) {
    if (node.plan > target.plan) break;
    play(node.before || [], false);
    play(node.models, node === target);
  }
  return [...models].filter(([model, { name, changed }]) =>
    report.models[model] === label && (name !== null || changed)).map(([, model]) => model);
}
