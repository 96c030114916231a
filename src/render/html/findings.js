/* A finding as `migralint check` shows it. */

/** The lines of an excerpt; the one with the marks below the source is coloured. */
function excerpt(text, severity) {
  const lines = text.replace(/\n$/, "").split("\n").map((line, i) => {
    const bar = line.indexOf("|") + 1;
    return [el("span", { class: "gutter" }, line.slice(0, bar)),
      el("span", { class: i === 2 ? "marked " + severity : null }, line.slice(bar)), "\n"];
  });
  return el("pre", { class: "excerpt" }, lines);
}

function place(about) {
  return about.path + (about.line ? ":" + about.line + ":" + about.column : "");
}

function note(about, severity) {
  return el("div", { class: "note" },
    el("p", {}, el("b", {}, "note: "), about.text.map((line, i) => [i ? el("br") : null, withCode(line)])),
    about.path ? el("p", { class: "place" }, "→ " + place(about)) : null,
    about.excerpt ? excerpt(about.excerpt, severity) : null);
}

function help(lines) {
  return el("p", { class: "help" }, el("b", {}, "help: "),
    lines.map((line, i) => [i ? el("br") : null, withCode(line)]));
}

function findingLink(finding) {
  return el("button", { type: "button", class: "link", click: () => selectFinding(finding) },
    badge(finding.severity), " ", finding.code, " ", rules[finding.code].name, ": ",
    withCode(finding.message));
}

/** All about a finding; `open` shows it with a frame. */
function findingDetails(finding, open) {
  return el("article", { class: "finding" + (open ? " open" : ""), "data-finding": finding.index },
    el("h4", {}, badge(finding.severity), " ", finding.code, " ",
      el("span", { class: "rule", title: rules[finding.code].summary }, rules[finding.code].name)),
    el("p", { class: "message" }, withCode(finding.message)),
    el("p", { class: "place" }, place(finding)),
    finding.excerpt ? excerpt(finding.excerpt, finding.severity) : null,
    finding.notes.map((each) => note(each, "info")),
    finding.help.length ? help(finding.help) : null,
    finding.therefore.length ? el("div", { class: "therefore" }, el("b", {}, "therefore:"),
      el("ul", {}, finding.therefore.map((other) => el("li", {}, findingLink(other))))) : null,
    finding.cause !== null ? el("div", { class: "therefore" }, el("b", {}, "follows from "),
      findingLink(findings[finding.cause])) : null);
}
