// One question on the page: label, last time's answer, the field, "不清楚" beside it.
import { el } from "./dom.js";
import { isEmpty, MOST_PHOTOS, narrow, shown } from "./forms.js";
import { moves, place, start } from "./place.js";
import { NotAPicture, take, thumb } from "./pictures.js";
import { t } from "./words.js";

const MU = 666.67;
const GROUPS = ["choice", "choices", "person", "photo", "location"];

// `say(answer)` is called with every change; undefined takes the answer back.
export function field({ question, answer, last, members, say }) {
  const words = question.required ? question.label : t("optional", { label: question.label });
  const grouped = GROUPS.includes(question.kind);
  const id = `f-${question.code}`;
  const hints = el("p", { class: "quiet hint", id: `h-${question.code}` }, hintOf(question, last, members));
  const wrong = el("p", { class: "wrong", id: `e-${question.code}`, hidden: true });
  const inner = DRAWN[question.kind]({ question, answer, members, say, id, wrong });
  const unsaid = unsaidOf(question, answer, say, inner);
  const body = [hints.textContent ? hints : null, wrong, inner.element, unsaid];
  const box = grouped
    ? el("fieldset", { class: "q", id: `q-${question.code}` }, el("legend", {}, words), body)
    : el("div", { class: "q", id: `q-${question.code}` }, el("label", { for: id }, words), body);
  box.focusField = () => (box.querySelector("input, textarea, button") ?? box).focus();
  box.complain = (text) => {
    wrong.textContent = text;
    wrong.hidden = !text;
    for (const input of box.querySelectorAll("input, textarea")) {
      if (text) {
        input.setAttribute("aria-invalid", "true");
        input.setAttribute("aria-describedby", wrong.id);
      } else {
        input.removeAttribute("aria-invalid");
        input.removeAttribute("aria-describedby");
      }
    }
  };
  return box;
}

function hintOf(question, last, members) {
  const parts = [question.hint];
  if (!isEmpty(last)) parts.push(t("last_time", { answer: shown(question, last, members) }));
  return parts.filter(Boolean).join("　");
}

function unsaidOf(question, answer, say, inner) {
  const codes = question.unsaid ?? [];
  if (!codes.length) return null;
  const tiles = codes.map((code) => {
    const input = el("input", { type: "checkbox", checked: answer?.unsaid === code });
    input.addEventListener("change", () => {
      if (input.checked) {
        for (const other of tiles) if (other.input !== input) other.input.checked = false;
        inner.clear();
        say({ unsaid: code });
      } else {
        say(undefined);
      }
    });
    return { input, element: el("label", { class: "tile small" }, input, t(`unsaid_${code}`)) };
  });
  inner.said = () => tiles.forEach((tile) => { tile.input.checked = false; });
  return el("div", { class: "unsaid" }, tiles.map((tile) => tile.element));
}

// --- kinds -----------------------------------------------------------------------------------
function typed({ question, answer, say, id }, attributes, after = null) {
  const input = el(attributes.rows ? "textarea" : "input", { id, autocomplete: "off", ...attributes, value: answer?.value ?? "" });
  const inner = { clear: () => { input.value = ""; }, said: () => {} };
  input.addEventListener("input", () => {
    const value = attributes.inputmode ? narrow(input.value) : input.value;
    inner.said();
    after?.(value);
    say(value.trim() === "" ? undefined : { value });
  });
  const unit = question.unit ? el("span", { class: "unit" }, question.unit) : null;
  inner.element = el("div", { class: "with-unit" }, input, unit);
  return inner;
}

function number(given) {
  const { question, answer } = given;
  const whole = question.kind === "number" && !question.decimals;
  const about = el("p", { class: "quiet about", "aria-live": "polite" });
  const show = (value) => {
    const metres = Math.round(Number(value) * MU);
    about.textContent = question.unit === t("mu") && metres > 0 ? t("about_metres", { metres }) : "";
  };
  show(answer?.value);
  const inner = typed(given, { type: "text", inputmode: whole ? "numeric" : "decimal", class: "short" }, show);
  inner.element = el("div", {}, inner.element, about);
  return inner;
}

function tiles({ question, answer, say, id }, type, options, read) {
  const given = answer?.value;
  const inputs = options.map(({ value, label }) => {
    const chosen = Array.isArray(given) ? given.includes(value) : given === value;
    const input = el("input", { type, name: id, value: String(value), checked: chosen });
    input.addEventListener("change", () => {
      inner.said();
      const picked = options.filter((_, at) => inputs[at].input.checked).map((one) => one.value);
      say(picked.length ? { value: read(picked) } : undefined);
    });
    return { input, element: el("label", { class: "tile" }, input, label) };
  });
  const inner = {
    element: el("div", { class: "tiles" }, inputs.map((one) => one.element)),
    clear: () => inputs.forEach((one) => { one.input.checked = false; }),
    said: () => {},
  };
  return inner;
}

const optionsOf = (question) => question.options.map((option) => ({ value: option.code, label: option.label }));

function photos({ question, answer, say, wrong }) {
  let shas = [...(answer?.value ?? [])];
  const list = el("ul", { class: "photos" });
  const input = el("input", { type: "file", accept: "image/*", capture: "environment", class: "hidden" });
  const told = el("p", { class: "quiet", role: "status" });
  const inner = { clear: () => { shas = []; draw(); }, said: () => {} };
  async function draw() {
    const rows = [];
    for (const [at, sha] of shas.entries()) {
      const small = await thumb(sha);
      const words = small ? t("kilobytes", { n: small.kilobytes }) : t("photo_elsewhere");
      const off = el("button", { type: "button", class: "plain", on: { click: () => {
        shas = shas.filter((one) => one !== sha);
        draw();
        say(shas.length ? { value: shas } : undefined);
      } } }, t("remove_photo", { n: at + 1 }));
      rows.push(el("li", {}, small?.canvas ?? null, el("span", {}, t("photo_at", { n: at + 1, words })), off));
    }
    list.replaceChildren(...rows);
    add.hidden = shas.length >= MOST_PHOTOS;
  }
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    told.textContent = t("photo_shrinking");
    wrong.hidden = true;
    try {
      const sha = await take(file);
      if (!shas.includes(sha)) shas = [...shas, sha];
      inner.said();
      say({ value: shas });
      told.textContent = t("photo_kept");
    } catch (error) {
      if (!(error instanceof NotAPicture)) throw error;
      told.textContent = t("no_picture");
    }
    input.value = "";
    await draw();
  });
  const add = el("label", { class: "button second camera" }, t("take_photo"), input, el("span", { class: "hidden" }, question.label));
  inner.element = el("div", {}, list, add, told);
  draw();
  return inner;
}

function location({ answer, say, id }) {
  let value = answer?.value ?? null;
  const told = el("p", { role: "status" });
  const use = el("button", { type: "button", class: "button second" });
  const text = el("input", { id, type: "text", maxlength: 60, autocomplete: "off", value: value?.text ?? "" });
  const inner = { clear: () => { value = null; text.value = ""; draw(); }, said: () => {} };
  function set(next) {
    value = next;
    inner.said();
    say(value ? { value } : undefined);
    draw();
  }
  function draw() {
    use.hidden = true;
    if (value?.lat !== undefined) {
      told.textContent = t("placed", { metres: value.accuracy });
    } else if (place.best && place.stands !== "asking") {
      told.textContent = place.stands === "good" ? t("place_found") : t("place_rough");
      use.textContent = t("use_place", { metres: place.best.accuracy });
      use.hidden = false;
    } else {
      told.textContent = place.stands === "asking" ? t("placing") : t("no_place");
    }
  }
  use.addEventListener("click", () => set({ ...place.best }));
  text.addEventListener("input", () => set(text.value.trim() ? { text: text.value.trim() } : null));
  const moved = () => {
    if (!told.isConnected) moves.removeEventListener("change", moved);
    else draw();
  };
  setTimeout(() => {
    moves.addEventListener("change", moved);
    if (!value && place.stands === "none" && !place.best) start();
  });
  draw();
  inner.element = el("div", {}, told, use, el("label", { for: id, class: "sub-label" }, t("write_place")), text);
  return inner;
}

const DRAWN = {
  text: (given) => typed(given, { rows: 2, maxlength: 500 }),
  number, money: number,
  date: (given) => typed(given, { type: "date" }),
  choice: (given) => tiles(given, "radio", optionsOf(given.question), ([one]) => one),
  choices: (given) => tiles(given, "checkbox", optionsOf(given.question), (many) => many),
  person: (given) => tiles(given, "radio",
    given.members.map((member) => ({ value: member.id, label: [member.name, member.relation].filter(Boolean).join(" · ") })),
    ([one]) => one),
  photo: photos, location,
};
