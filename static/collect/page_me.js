// 我的: who is logged in, the text size, new tasks, progress by group, log out.
import { button, el, link } from "./dom.js";
import { dayTime, doneCount } from "./counting.js";
import { households } from "./records.js";
import { logOut, NoNetwork } from "./api.js";
import { dropKeys, state } from "./store.js";
import { refresh } from "./sync.js";
import { sizes } from "./frame.js";
import { waiting } from "./page_queue.js";
import { t } from "./words.js";

export function me(_, { go, redraw }) {
  const told = el("p", { role: "status" });
  const update = async () => {
    told.textContent = t("fetching");
    try {
      await refresh();
      redraw();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      told.textContent = error instanceof NoNetwork ? t("needs_network") : t("log_in_again");
    }
  };
  return {
    title: t("tab_me"),
    nodes: [
      el("h1", {}, state.bundle.person.name),
      el("p", { class: "quiet" }, t("fetched", { at: dayTime(state.bundle.fetched_at), until: dayTime(state.bundle.store_until) })),
      button(t("fetch_tasks"), update, "second"), told,
      el("section", {}, el("h2", {}, t("text_size")), sizes()),
      byGroup(),
      el("section", {}, el("h2", {}, t("install")), el("p", {}, t("install_words"))),
      leave(go),
    ],
  };
}

function byGroup() {
  const homes = households().filter((one) => one.assignment);
  if (!homes.length) return null;
  const groups = Map.groupBy ? Map.groupBy(homes, (one) => one.unit) : grouped(homes);
  return el("section", {}, el("h2", {}, t("how_far")), el("ul", { class: "plain-list" }, [...groups].map(([unit, found]) => {
    const done = doneCount(found);
    return el("li", {}, `${unit}：${t("done_of", { done, all: found.length, left: found.length - done })}`);
  })));
}

function grouped(homes) {
  const found = new Map();
  for (const home of homes) found.set(home.unit, [...(found.get(home.unit) ?? []), home]);
  return found;
}

function leave(go) {
  const told = el("p", { role: "status" });
  const act = async () => {
    try {
      await logOut();
    } catch (error) {
      if (!(error instanceof NoNetwork)) throw error;
      // Without a network the phone still forgets the key; the session ends by itself.
    }
    await dropKeys();
    state.loggedOut = true;
    go("/c/");
  };
  const n = waiting().length;
  return el("section", {}, el("h2", {}, t("log_out")),
    el("p", {}, n ? t("log_out_unsent", { n }) : t("log_out_words")), button(t("log_out"), act, "second"), told);
}

export function practised() {
  return { title: t("practice_done"), nodes: [
    el("h1", {}, t("practice_done")), el("p", {}, t("practice_words")),
    el("p", {}, link("/c/", { class: "button" }, t("to_tasks"))),
  ] };
}
