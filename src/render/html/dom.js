/* Elements. Texts only ever become text nodes and attributes: nothing is parsed as markup. */

const byId = (id) => document.getElementById("report-" + id);

/** An element with attributes (functions are listeners) and children (texts, elements, lists). */
function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false)
      made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return made;
}

/** `code` in backquotes becomes <code>. */
function withCode(text) {
  return text.split(/`([^`]*)`/).map((part, i) => (i % 2 ? el("code", {}, part) : part));
}

const signs = { error: "✕", warning: "▲", info: "i", added: "+", changed: "~", removed: "−" };

/** Of a severity or a change. */
function badge(name) {
  return el("span", { class: "badge " + name, title: name },
    el("span", { "aria-hidden": "true" }, signs[name]), el("span", { class: "unseen" }, name));
}

function plural(count, word) {
  return count + " " + word + (count === 1 ? "" : "s");
}
