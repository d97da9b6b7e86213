// "Did it really arrive?": what the township has, as a table one keeps. Numbers and times, no names.
import { offer } from "./dom.js";
import { household, placeOf } from "./records.js";
import { t } from "./words.js";

// A sheet must not take what stands in a cell for a formula.
const FORMULA = /^[=+\-@\t\r]/;
const cell = (text) => `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
const two = (n) => String(n).padStart(2, "0");

function timeOf(text) {
  const at = new Date(text);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

export const withReceipt = (records) => records.filter((record) => record.receipt && record.received_at);

function row(record) {
  const home = household(record.household);
  return [record.place ?? (home ? placeOf(home) : ""), record.formCopy?.title ?? "", record.receipt, timeOf(record.received_at)];
}

export function saveReceipts(records) {
  const head = [t("receipt_place"), t("receipt_form"), t("receipt_code"), t("receipt_time")];
  const rows = [head, ...withReceipt(records).map(row)].map((cells) => cells.map((one) => cell(String(one))).join(","));
  offer(`receipts-${timeOf(new Date()).slice(0, 10)}.csv`, `\ufeff${rows.join("\r\n")}\r\n`, "text/csv");
}
