// Round the page: band, bar of trouble, tabs, text size, and the curtain after two idle minutes.
import { banner, button, el, link } from "./dom.js";
import { households } from "./records.js";
import { state } from "./store.js";
import { waiting } from "./page_queue.js";
import { isVisited } from "./page_visits.js";
import { t } from "./words.js";

const SIZES = ["standard", "large", "huge"];
const IDLE = 120_000;
const KEPT = "collect-size";

// --- text size: kept on the phone, and told to the server for its own pages -----------------------
export function useKeptSize() {
  const size = localStorage.getItem(KEPT);
  if (SIZES.includes(size)) document.documentElement.className = `size-${size}`;
}

export function sizes() {
  const now = document.documentElement.className;
  const group = el("div", { class: "sizes", role: "group", "aria-label": t("text_size") });
  group.append(...SIZES.map((size) => el("button", {
    type: "button", class: "size", "aria-pressed": String(now === `size-${size}`), on: { click: () => {
      localStorage.setItem(KEPT, size);
      document.documentElement.className = `size-${size}`;
      for (const other of document.querySelectorAll(".sizes .size")) {
        other.setAttribute("aria-pressed", String(other.dataset.size === size));
      }
      fetch(`/size/${size}/?next=/c/`, { redirect: "manual" }).catch(() => null);
    } }, "data-size": size,
  }, t(`size_${size}`))));
  return group;
}

// --- band and tabs ---------------------------------------------------------------------------
export function drawBand() {
  const where = [...new Set(households().map((home) => home.village.name))].join("、");
  document.getElementById("band").replaceChildren(el("div", { class: "collect-band" },
    el("p", { class: "collect-name" }, t("app"), el("span", { class: "sub" }, where)), sizes()),
    document.body.dataset.demo ? el("p", { class: "demo" }, el("strong", {}, t("demo"))) : "");
}

export function drawTabs(path) {
  const nav = document.getElementById("tabs");
  if (state.phase !== "open") {
    nav.replaceChildren();
    return;
  }
  const n = waiting().length;
  const due = households().flatMap((home) => (home.duties ?? []).filter((duty) => !isVisited(home, duty))).length;
  const tabs = [
    ["/c/", t("tab_tasks"), (one) => one === "/c/" || /^\/c\/(h|check|unreached|done)\//.test(one)],
    ["/c/visits/", due ? t("tab_visits_n", { n: due }) : t("tab_visits"), (one) => /^\/c\/visits?\//.test(one)],
    ["/c/queue/", n ? t("tab_queue_n", { n }) : t("tab_queue"), (one) => /^\/c\/(queue|conflict)\//.test(one)],
    ["/c/me/", t("tab_me"), (one) => one === "/c/me/"],
  ];
  // The links stay: a finger or the keyboard may be on one.
  if (!nav.childElementCount) nav.append(...tabs.map(([address]) => link(address, {})));
  tabs.forEach(([address, words, here], at) => {
    const tab = nav.children[at];
    if (tab.textContent !== words) tab.textContent = words;
    if (here(path)) tab.setAttribute("aria-current", address === path ? "page" : "true");
    else tab.removeAttribute("aria-current");
  });
}

export function titled(title) {
  const n = state.phase === "open" ? waiting().length : 0;
  document.title = `${n ? `(${n}) ` : ""}${title} · ${t("app")}`;
}

// --- what is wrong, above everything --------------------------------------------------------------
export function notices({ exporting }) {
  const found = [];
  const n = state.phase === "open" ? waiting().length : 0;
  if (state.full) {
    found.push(banner("err", el("p", {}, t("full")), button(t("export"), exporting, "second")));
  }
  if (state.loggedOut && state.phase === "open") {
    found.push(banner("warn", el("p", {}, t("expired", { n })), link(loginAddress(), { class: "button second" }, t("log_in"))));
  } else if (!navigator.onLine) {
    found.push(banner("warn", el("p", {}, t("offline"))));
  }
  const old = waiting().filter((record) => Date.now() - new Date(record.filled_at).getTime() > 3 * 86_400_000);
  if (state.phase === "open" && old.length) found.push(banner("warn", el("p", {}, t("long_unsent", { n: old.length }))));
  return found;
}

export const loginAddress = () => `${document.body.dataset.login}?next=/c/`;

// --- the curtain -----------------------------------------------------------------------------
export function watchIdle() {
  let timer = 0;
  const main = document.getElementById("main");
  const lift = () => {
    document.getElementById("curtain")?.remove();
    document.body.classList.remove("blurred");
    main.inert = false;
    again();
  };
  const fall = () => {
    if (state.phase !== "open" || document.body.classList.contains("blurred")) return;
    document.body.classList.add("blurred");
    main.inert = true;
    main.after(el("div", { id: "curtain" }, el("p", {}, t("idle")), button(t("look_again"), lift)));
  };
  const again = () => {
    clearTimeout(timer);
    if (!document.body.classList.contains("blurred")) timer = setTimeout(fall, IDLE);
  };
  for (const event of ["pointerdown", "keydown", "input", "scroll"]) {
    document.addEventListener(event, again, { capture: true, passive: true });
  }
  again();
}
