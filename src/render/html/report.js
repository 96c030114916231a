/* The page as a whole: theme, keys, and the first look. */

const darkness = window.matchMedia("(prefers-color-scheme: dark)");
let chosenTheme = null; /* until somebody chooses, the system does */

function showTheme() {
  const theme = chosenTheme || (darkness.matches ? "dark" : "light");
  document.documentElement.dataset.theme = theme;
  byId("theme").textContent = theme === "dark" ? "☀" : "☾";
  byId("theme").setAttribute("aria-label", theme === "dark" ? "Light colours" : "Dark colours");
}

function toggleTheme() {
  chosenTheme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  showTheme();
}

function showSummary() {
  const own = apps.filter((app) => !app.external);
  const count = own.reduce((sum, app) => sum + app.migrations, 0);
  const differ = changes.filter(Boolean).map((name) => countChanged(name) + " " + name);
  byId("summary").textContent = [...(report.compared ? [differ.join(", ")] : []),
    plural(own.length, "app"), plural(count, "migration"),
    plural(findings.filter((finding) => finding.cause === null).length, "finding")].join(" · ") +
    " · migralint " + report.migralint;
}

function escape() {
  if (document.activeElement === byId("search") && byId("search").value) {
    byId("search").value = "";
    setFilter("text", "");
  } else if (!panel.hidden) {
    closePanel();
  }
}

const pageKeys = {
  "/": () => byId("search").focus(),
  "?": () => byId("help").showModal(),
  "+": () => zoom(1.3),
  "=": () => zoom(1.3),
  "-": () => zoom(1 / 1.3),
  0: fit,
};

function pageKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  if (event.key === "Escape") return escape();
  if (event.target.matches("input, select") || !Object.hasOwn(pageKeys, event.key)) return;
  pageKeys[event.key]();
  event.preventDefault();
}

document.body.classList.toggle("compared", report.compared);
byId("legend").open = window.innerWidth > 900; /* where it would hide the picture */
showTheme();
showSummary();
fillLists();
setUpTabs();
setUpView();
setUpFilters();
applyFilters();
darkness.addEventListener("change", showTheme);
document.addEventListener("keydown", pageKey);
byId("theme").addEventListener("click", toggleTheme);
byId("help-open").addEventListener("click", () => byId("help").showModal());
byId("filters").addEventListener("submit", (event) => {
  event.preventDefault();
  nextMatch();
});
if (picture) new ResizeObserver(showView).observe(stage);
