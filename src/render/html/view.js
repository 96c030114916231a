/* The picture: where it is on its stage, and what is selected in it. */

const stage = byId("stage");
const picture = stage.querySelector("svg");
const elements = new Map(); /* by id: the group of a node */
const view = { x: 0, y: 0, scale: 1, width: 1, height: 1 };
const zoomLimits = { least: 0.02, most: 4 };

function showView() {
  if (picture) picture.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
}

/** Keeps what is below the point of the stage where it is. */
function zoomAt(factor, x, y) {
  const scale = Math.min(zoomLimits.most, Math.max(zoomLimits.least, view.scale * factor));
  view.x = x - (x - view.x) * (scale / view.scale);
  view.y = y - (y - view.y) * (scale / view.scale);
  view.scale = scale;
  showView();
}

function zoom(factor) {
  zoomAt(factor, stage.clientWidth / 2, stage.clientHeight / 2);
}

function pan(dx, dy) {
  view.x += dx;
  view.y += dy;
  showView();
}

function fit() {
  const room = Math.min(stage.clientWidth / view.width, stage.clientHeight / view.height);
  view.scale = Math.min(1.25, Math.max(zoomLimits.least, room * 0.96));
  view.x = (stage.clientWidth - view.width * view.scale) / 2;
  view.y = (stage.clientHeight - view.height * view.scale) / 2;
  showView();
}

/** Large graphs begin where the first finding is, at a size that can be read. */
function firstView() {
  fit();
  if (view.scale >= 0.5) return;
  const wrong = severities.flatMap((name) => findings.filter((f) => f.severity === name))
    .find((f) => f.node !== null && nodes[f.node].drawn);
  const first = wrong ? nodes[wrong.node] : nodes.find((node) => node.change && node.drawn);
  if (first) centre(first.drawn);
}

function boxOf(id) {
  const box = elements.get(id).getBoundingClientRect(), base = stage.getBoundingClientRect();
  return { x: box.x - base.x, y: box.y - base.y, width: box.width, height: box.height };
}

/** Brings a node to the middle, large enough to be read. */
function centre(id) {
  if (!elements.has(id)) return;
  if (view.scale < 0.75) zoom(0.95 / view.scale);
  const box = boxOf(id);
  pan(stage.clientWidth / 2 - box.x - box.width / 2, stage.clientHeight / 2 - box.y - box.height / 2);
}

function centreUnlessSeen(id) {
  const box = boxOf(id);
  const seen = box.x >= 0 && box.y >= 0 && box.x + box.width <= stage.clientWidth &&
    box.y + box.height <= stage.clientHeight;
  if (!seen) centre(id);
}

function labelOf(id) {
  const list = drawnNodes.get(id) || [], found = list.flatMap((node) => node.findings);
  const name = list.length === 1 ? list[0].id
    : list.length ? list[0].id + " to " + list[list.length - 1].title : "";
  const kind = list.length > 1 ? plural(list.length, "migration") : list.length && list[0].kind;
  const changed = [...new Set(list.map((node) => node.change))].filter(Boolean).join(" and ");
  return name + ", " + kind + (changed ? ", " + changed : "") + (found.length ? ", " + plural(found.length, "finding") : "");
}

function setTitle(element, text) {
  const title = element.querySelector("title");
  if (title) title.textContent = text;
}

/** One node takes part in the order of tabs: the one that had the focus last. */
function setTabStop(id) {
  for (const [other, element] of elements) element.setAttribute("tabindex", other === id ? "0" : "-1");
}

function focusNode(id) {
  if (!elements.has(id)) return;
  setTabStop(id);
  centreUnlessSeen(id);
  elements.get(id).focus({ preventScroll: true });
}

function showSelected(id) {
  for (const [other, element] of elements) {
    element.classList.toggle("selected", other === id);
    if (other === id) element.setAttribute("aria-current", "true");
    else element.removeAttribute("aria-current");
  }
  for (const edge of stage.querySelectorAll("g.edge"))
    edge.classList.toggle("touched", id !== null && edge.dataset.ends.split(" ").includes(id));
}

const verbs = [["removed", " no longer needs "], ["added", " now needs "], ["through", " needs, through others, "]];

function setUpEdges() {
  for (const edge of stage.querySelectorAll("g.edge")) {
    const [child, parent] = edge.querySelector("title").textContent.split("->");
    edge.dataset.ends = child + " " + parent;
    const name = (id) => (drawnNodes.get(id) || [{ id: "?" }])[0].id;
    const [, verb] = verbs.find(([kind]) => edge.classList.contains(kind)) || ["", " needs "];
    setTitle(edge, name(child) + verb + name(parent));
  }
}

function setUpNodes() {
  for (const element of stage.querySelectorAll("g.node")) {
    const id = element.id, list = drawnNodes.get(id) || [];
    elements.set(id, element);
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", labelOf(id));
    setTitle(element, [labelOf(id), ...(list.length === 1 ? list[0].operations.slice(0, 12) : [])].join("\n"));
  }
  setTabStop(elements.keys().next().value);
}

function setUpDragging() {
  let from = null;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button === 0) from = { x: event.clientX, y: event.clientY, moved: false };
  });
  window.addEventListener("pointermove", (event) => {
    if (!from) return;
    const dx = event.clientX - from.x, dy = event.clientY - from.y;
    if (!from.moved && Math.abs(dx) + Math.abs(dy) < 4) return;
    from = { x: event.clientX, y: event.clientY, moved: true };
    stage.classList.add("dragged");
    pan(dx, dy);
  });
  window.addEventListener("pointerup", () => {
    setTimeout(() => stage.classList.remove("dragged"));
    from = null;
  });
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = stage.getBoundingClientRect();
    const lines = event.deltaMode === 1 ? 16 : 1;
    zoomAt(Math.exp(-event.deltaY * lines * 0.0015), event.clientX - box.x, event.clientY - box.y);
  }, { passive: false });
}

/** What an arrow leads to from a node, in the picture. */
function neighbour(id, key) {
  const list = drawnNodes.get(id) || [];
  const links = key === "ArrowLeft" ? list.flatMap((node) => node.needs)
    : key === "ArrowRight" ? list.flatMap((node) => node.neededBy) : null;
  if (!links) {
    const order = [...elements.keys()];
    return order[order.indexOf(id) + (key === "ArrowUp" ? -1 : 1)];
  }
  const own = links.find((link) => link.node.drawn !== id && link.node.app === list[0].app);
  const any = own || links.find((link) => link.node.drawn !== id && link.node.drawn);
  return any && any.node.drawn;
}

const arrows = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };

function stageKey(event) {
  const node = event.target.closest("g.node");
  if (node && (event.key === "Enter" || event.key === " ")) selectDrawn(node.id, true);
  else if (node && arrows[event.key]) focusNode(neighbour(node.id, event.key));
  else if (arrows[event.key]) pan(...arrows[event.key]);
  else return;
  event.preventDefault();
}

function setUpView() {
  byId("no-picture").hidden = !report.no_picture;
  byId("no-picture").textContent = (nodes.length ? "There is no picture: " : "") + report.no_picture;
  document.body.classList.toggle("no-picture", !picture);
  if (!picture) return;
  view.width = picture.viewBox.baseVal.width;
  view.height = picture.viewBox.baseVal.height;
  picture.setAttribute("width", view.width);
  picture.setAttribute("height", view.height);
  setTitle(picture, "Migration graph");
  setUpEdges();
  setUpNodes();
  setUpDragging();
  stage.addEventListener("keydown", stageKey);
  stage.addEventListener("click", (event) => {
    const node = event.target.closest("g.node");
    if (node && !stage.classList.contains("dragged")) selectDrawn(node.id);
  });
  byId("zoom-in").addEventListener("click", () => zoom(1.3));
  byId("zoom-out").addEventListener("click", () => zoom(1 / 1.3));
  byId("zoom-fit").addEventListener("click", fit);
  firstView();
}
