// Which page is shown, when things are sent, and when a new version takes over.
import { NoNetwork, Answered, LoggedOut, isRevoked, logOut, mark, revocations } from "./api.js";
import { button, el, link } from "./dom.js";
import { drawBand, drawTabs, loginAddress, notices, titled, useKeptSize, watchIdle } from "./frame.js";
import { exportAll } from "./backup.js";
import { finished, home } from "./page_home.js";
import * as households from "./page_household.js";
import { check, section } from "./page_section.js";
import { conflict } from "./page_conflict.js";
import { queue, record } from "./page_queue.js";
import { visit, visits } from "./page_visits.js";
import { me, practised } from "./page_me.js";
import { all } from "./records.js";
import { dropKeys, events, heldKey, lookWhetherRevoked, openWith, revoke, state, tell } from "./store.js";
import { isSending, kick, refresh } from "./sync.js";
import { t } from "./words.js";

// Pages that only show are drawn again when something changes; pages one types on are not.
const PAGES = [
  [/^\/c\/$/, home, true],
  [/^\/c\/h\/(?<id>\w+)\/$/, households.page, false],
  [/^\/c\/h\/(?<id>\w+)\/(?<code>[\w-]+)\/(?<section>\w+)\/$/, section, false],
  [/^\/c\/check\/(?<id>\w+)\/(?<code>[\w-]+)\/$/, check, false],
  [/^\/c\/unreached\/(?<id>\w+)\/$/, households.unreached, false],
  [/^\/c\/done\/(?<id>[\w.-]+)\/$/, finished, true],
  [/^\/c\/queue\/$/, queue, true],
  [/^\/c\/queue\/(?<id>[\w.-]+)\/$/, record, true],
  [/^\/c\/conflict\/(?<id>[\w.-]+)\/$/, conflict, true],
  [/^\/c\/visits\/$/, visits, true],
  [/^\/c\/visit\/(?<id>\w+)\/(?<kind>\w+)\/$/, visit, false],
  [/^\/c\/practised\/$/, practised, true],
  [/^\/c\/me\/$/, me, false],
];
const REFRESH_EVERY = 300_000;
const main = document.getElementById("main");
let left = null;
let shown = "";
let drawing = 0;
let refreshed = 0;

// --- showing ---------------------------------------------------------------------------------
function pageFor(path) {
  for (const [pattern, make, redraws] of PAGES) {
    const found = pattern.exec(path);
    if (found) return { make, redraws, params: found.groups ?? {} };
  }
  return { make: households.missing, redraws: false, params: {} };
}

async function draw({ arrived = false } = {}) {
  const path = location.pathname;
  const mine = ++drawing;
  await left?.();
  left = null;
  const made = state.phase === "open" && state.bundle
    ? await pageFor(path).make(pageFor(path).params, { go, redraw: () => draw(), leaving: (act) => { left = act; } })
    : closed();
  if (mine !== drawing) return;
  shown = path;
  drawBand();
  drawTabs(path);
  titled(made.title);
  const held = main.contains(document.activeElement) ? nameOf(document.activeElement) : "";
  main.replaceChildren(el("div", { id: "notices" }, notices({ exporting: () => exportAll(all()) })),
    ...made.nodes.flat(Infinity).filter(Boolean));
  if (!arrived) {
    if (held) [...main.querySelectorAll("a, button, input")].find((one) => nameOf(one) === held)?.focus({ preventScroll: true });
    return;
  }
  const at = made.focus?.();
  if (at) at.focusField();
  else main.scrollTo(0, 0);
}

// By which the keyboard finds its place again in a page drawn anew.
const nameOf = (one) => [one.tagName, one.name ?? "", one.value ?? "", one.getAttribute("href") ?? one.textContent].join(" ");

function closed() {
  if (state.revoked) {
    return { title: t("revoked"), nodes: [el("h1", {}, t("revoked")), el("p", {}, t("revoked_words")),
      el("p", {}, link(loginAddress(), { class: "button" }, t("log_in")))] };
  }
  if (state.outsider) return { title: t("not_yours"), nodes: [el("h1", {}, t("not_yours")), el("p", {}, t("not_yours_words"))] };
  if (state.loggedOut) {
    return { title: t("log_in"), nodes: [el("h1", {}, t("log_in")), el("p", {}, t("log_in_words")),
      el("p", {}, link(loginAddress(), { class: "button" }, t("log_in")))] };
  }
  const words = navigator.onLine ? t("fetching") : t("locked");
  return { title: t("app"), nodes: [el("h1", {}, words), navigator.onLine ? null : el("p", {}, t("locked_words")),
    button(t("try_again"), () => start())] };
}

export function go(address) {
  history.pushState(null, "", address);
  takeOver();
  if (reload && !isSending()) location.reload();
  return draw({ arrived: true });
}

document.addEventListener("click", (event) => {
  const anchor = event.target.closest("a[href]");
  const plain = !event.defaultPrevented && !event.metaKey && !event.ctrlKey && event.button === 0;
  const ours = anchor && anchor.origin === location.origin && anchor.pathname.startsWith("/c/") && !anchor.download;
  if (!plain || !ours || (anchor.pathname === location.pathname && anchor.hash)) return;
  event.preventDefault();
  go(anchor.pathname + anchor.hash);
});
addEventListener("popstate", () => draw({ arrived: true }));

// Nothing is drawn under a finger: what was pressed must still be there when it is let go.
let pressed = false;
addEventListener("pointerdown", () => { pressed = true; }, { capture: true });
for (const end of ["click", "pointercancel", "contextmenu", "dragend"]) {
  addEventListener(end, () => { pressed = false; }, { capture: true });
}
addEventListener("pointerup", () => setTimeout(() => { pressed = false; }, 50), { capture: true });

let waitingDraw = 0;
const soon = () => {
  clearTimeout(waitingDraw);
  waitingDraw = setTimeout(drawChange, 60);
};
events.addEventListener("change", soon);
events.addEventListener("change", takeOver);

function drawChange() {
  if (pressed) {
    soon();
  } else if (shown !== location.pathname || pageFor(shown).redraws || state.phase !== "open" || !drewOpen()) {
    if (!main.contains(document.activeElement) || document.activeElement === main || !isTyping()) draw();
  } else {
    drawTabs(shown);
    document.getElementById("notices")?.replaceChildren(...notices({ exporting: () => exportAll(all()) }));
  }
}

const drewOpen = () => document.getElementById("tabs").childElementCount > 0;
const isTyping = () => document.activeElement.matches("input:not([type=checkbox]), textarea, select");

// --- beginning, and coming back -----------------------------------------------------------------
// Whoever logged in since is asked for first: nobody sees what another one left on the phone.
async function start() {
  await lookWhetherRevoked();
  const row = await heldKey();
  if (row && row.mark === mark()) await openWith(row);
  await draw({ arrived: true });
  await look(row);
}

async function look(row) {
  if (!navigator.onLine) return;
  try {
    await refresh();
    refreshed = Date.now();
    state.outsider = false;
    kick();
  } catch (error) {
    await wentWrong(error, row);
  }
  if (state.phase !== "open") await draw();
}

// Out of use: what is being typed is kept, then nothing can be read any more; nobody stays logged in.
revocations.addEventListener("revoked", async () => {
  await left?.();
  left = null;
  await revoke();
  await logOut().catch(() => null);
  await draw({ arrived: true });
});

async function wentWrong(error, row) {
  if (error instanceof LoggedOut) {
    if (row && row.mark !== mark()) await dropKeys();
    state.loggedOut = true;
  } else if (isRevoked(error)) {
    return;
  } else if (error instanceof Answered && [403, 404].includes(error.status)) {
    await dropKeys();
    state.outsider = true;
  } else if (error instanceof NoNetwork || error instanceof Answered) {
    if (state.phase !== "open") setTimeout(start, 5_000);
  } else {
    throw error;
  }
  tell();
}

function back() {
  if (document.visibilityState !== "visible") return;
  registration?.update().catch(() => null);
  if (state.phase !== "open") start();
  else if (Date.now() - refreshed > REFRESH_EVERY || state.loggedOut) heldKey().then((row) => look(row));
  else kick();
}

addEventListener("online", () => { tell(); back(); });
addEventListener("offline", tell);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") back();
  else left?.();
});
addEventListener("pagehide", () => left?.());

// --- a new version: takes over only when nothing is being sent, shows at the next page ---------------
let registration = null;
let reload = false;

function takeOver() {
  if (!isSending()) registration?.waiting?.postMessage("take over");
}

async function register() {
  if (!("serviceWorker" in navigator)) return;
  const controlled = Boolean(navigator.serviceWorker.controller);
  registration = await navigator.serviceWorker.register(document.body.dataset.worker, { scope: "/c/", updateViaCache: "none" });
  navigator.serviceWorker.addEventListener("controllerchange", () => { reload = controlled; });
  await navigator.storage?.persist?.();
}

useKeptSize();
watchIdle();
start();
register().catch((error) => {
  if (navigator.onLine && state.phase === "open" && !(error instanceof TypeError)) throw error;
});
