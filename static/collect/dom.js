// Elements are made, never parsed: what somebody typed can only ever be text.
export function el(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
    } else if (name === "value") {
      element.value = value;
    } else if (name === "checked" || name === "disabled") {
      element[name] = true;
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function link(address, props, ...children) {
  return el("a", { href: address, ...props }, ...children);
}

export function button(words, act, kind = "") {
  return el("button", { type: "button", class: `button ${kind}`.trim(), on: { click: act } }, words);
}

export function banner(kind, ...children) {
  const role = kind === "err" ? "alert" : "status";
  return el("div", { class: `banner banner-${kind}`, role }, ...children);
}

// A row of a list of tasks: the whole row is the link, the state is a word.
export function task({ address, title, state = "", kind = "", detail = "" }) {
  const name = address ? link(address, {}, title) : el("span", { class: "name" }, title);
  return el(
    "li",
    { class: address ? "task" : "task later" },
    name,
    state ? el("span", { class: `stand ${kind ? `tag ${kind}` : ""}`.trim() }, state) : null,
    detail ? el("span", { class: "detail" }, detail) : null,
  );
}

export function tasks(rows) {
  return el("ul", { class: "tasks" }, rows);
}

// A file for the phone's own folder; nothing is sent.
export function offer(name, content, type) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  link(address, { download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export function back(address, words) {
  return el("p", { class: "back" }, link(address, {}, words));
}
