"use strict";
// One report as elements: its text with the entities marked, and the table of its facts.

const LABELS = { PROGRAM: "项目", ITEM: "对象", COUNT: "数量", MONEY: "金额", PERCENT: "百分比" };
const ROLES = { ACTUAL: "实际", TARGET: "目标", BASELINE: "基数", CHANGE: "增减", STANDARD: "标准" };
const BOUNDS = { about: ["≈ ", "约"], over: ["> ", "超过"], under: ["< ", "不足"] };
const UNITS = { CNY: "元", pp: "个百分点" };
const BLOCK = 5000; // characters
const ROWS = 200; // facts in a table
const COLUMNS = ["数字", "项目", "对象", "角色", "数值", "可信度"];

function make(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

// Characters that turn the direction of text around would show another number than the one
// found. They give way to one without effect, of the same length; other control characters to
// their pictures.
function plain(text) {
  return text
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\u2060")
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f]/g, char => {
      return String.fromCharCode(0x2400 + char.charCodeAt(0));
    });
}

// Without white space, such as the line ends of a wrapped name.
function spanText(report, index) {
  const [start, end] = report.spans[index];
  return plain(report.text.slice(start, end)).replace(/\s+/g, "");
}

function headsOf(report, fact, label) {
  return fact.heads.filter(head => report.spans[head][2] === label);
}

function thousands(number) {
  const [whole, rest] = number.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return rest === undefined ? grouped : `${grouped}.${rest}`;
}

function unitName(unit = "") {
  if (UNITS[unit]) return UNITS[unit];
  if (!/^[A-Z]{3}$/.test(unit)) return plain(unit).replace(/\s+/g, "");
  return new Intl.DisplayNames("zh-CN", { type: "currency" }).of(unit);
}

function valueText({ value, high, unit, bound }) {
  if (value === undefined) return "—";
  const sign = BOUNDS[bound] ? BOUNDS[bound][0] : "";
  const range = high === undefined ? "" : `–${thousands(high)}`;
  const gap = unit === "%" ? "" : " ";
  return `${sign}${thousands(value)}${range}${gap}${unitName(unit)}`;
}

function boundName({ bound }) {
  return BOUNDS[bound] ? BOUNDS[bound][1] : "";
}

function placeNote({ page, paragraph }) {
  if (page !== undefined) return [make("small", { className: "page" }, `第 ${page} 页`)];
  if (paragraph === undefined) return [];
  return [make("small", { className: "paragraph" }, `第 ${paragraph} 段`)];
}

function factTitle(report, fact) {
  const heads = fact.heads.map(head => spanText(report, head)).join("、") || "没有项目或对象";
  const value = valueText({ ...fact, bound: "" });
  const score = fact.score.toFixed(2);
  return `${ROLES[fact.role]}：${heads}　${boundName(fact)}${value}　可信度 ${score}`;
}

function renderMark(report, index, fact, text) {
  const [, , label, score] = report.spans[index];
  const mark = make("mark", { className: label.toLowerCase() }, text);
  mark.dataset.span = index;
  mark.title = `${LABELS[label]} ${label}　可信度 ${score.toFixed(2)}`;
  if (fact === undefined) return mark;
  mark.dataset.fact = fact;
  mark.title = factTitle(report, report.facts[fact]);
  mark.tabIndex = 0;
  mark.setAttribute("role", "button");
  mark.classList.toggle("warned", report.warningsOf[fact].length > 0);
  return mark;
}

// In blocks of whole lines, of which a browser lays out those in view: a text of a million
// characters in one block takes it half a minute.
function renderText(report) {
  const text = plain(report.text);
  const facts = new Map(report.facts.map((fact, index) => [fact.number, index]));
  const blocks = [make("div", {})];
  let at = 0;
  let begin = 0;
  const addText = end => {
    const line = at + text.slice(at, end).lastIndexOf("\n") + 1;
    if (line > at && line - begin > BLOCK) {
      blocks[blocks.length - 1].append(text.slice(at, line));
      blocks.push(make("div", {}));
      at = begin = line;
    }
    blocks[blocks.length - 1].append(text.slice(at, end));
    at = end;
  };
  report.spans.forEach(([start, end], index) => {
    addText(Math.max(start, at));
    const mark = renderMark(report, index, facts.get(index), text.slice(at, Math.max(end, at)));
    blocks[blocks.length - 1].append(mark);
    at = Math.max(end, at);
  });
  addText(text.length);
  return make("div", { className: "text" }, ...blocks);
}

function renderNames(report, heads) {
  const names = heads.map(head => make("span", { className: "name" }, spanText(report, head)));
  return names.flatMap((name, index) => (index ? ["、", name] : [name]));
}

function renderWarning(report, index, [kind, message, facts]) {
  const others = facts.filter(other => other !== index);
  const links = others.map(other => {
    const link = make("button", { type: "button" }, spanText(report, report.facts[other].number));
    link.dataset.go = other;
    return link;
  });
  const cell = make("td", { colSpan: COLUMNS.length, title: kind }, "⚠ ", plain(message));
  if (links.length) cell.append(make("span", { className: "see" }, " 另见 ", ...links));
  return make("tr", { className: "warning" }, cell);
}

function renderFact(report, fact, index) {
  const label = report.spans[fact.number][2];
  const number = make("mark", { className: label.toLowerCase() }, spanText(report, fact.number));
  number.title = `${LABELS[label]} ${label}`;
  const role = make("span", { className: `role ${fact.role.toLowerCase()}` }, ROLES[fact.role]);
  role.title = fact.role;
  const score = make("span", { className: fact.score < 0.5 ? "low" : "" }, fact.score.toFixed(2));
  score.style.setProperty("--score", fact.score);
  const value = make("td", { className: "value" }, valueText(fact));
  value.title = fact.value === undefined ? "读不出数值" : boundName(fact);
  const row = make(
    "tr",
    { tabIndex: 0 },
    make("td", { className: "number" }, number, ...placeNote(fact)),
    make("td", { className: "program" }, ...renderNames(report, headsOf(report, fact, "PROGRAM"))),
    make("td", { className: "item" }, ...renderNames(report, headsOf(report, fact, "ITEM"))),
    make("td", { className: "role" }, role),
    value,
    make("td", { className: "score" }, score),
  );
  const warnings = report.warningsOf[index].map(one => renderWarning(report, index, one));
  const body = make("tbody", { className: warnings.length ? "warned" : "" }, row, ...warnings);
  body.dataset.fact = index;
  return body;
}

function renderTable(report) {
  if (!report.facts.length) return make("p", { className: "empty" }, "这份报告里没有找到数字。");
  const facts = report.facts.map((fact, index) => renderFact(report, fact, index));
  const box = make("div", {});
  for (let at = 0; at < facts.length; at += ROWS) {
    const head = make("tr", {}, ...COLUMNS.map(name => make("th", { scope: "col" }, name)));
    const rows = facts.slice(at, at + ROWS);
    const table = make("table", { className: "facts" }, make("thead", {}, head), ...rows);
    box.append(make("div", {}, table));
  }
  return box;
}

// Leaves in a table the rows that the filter wants.
function hideUnwanted(box, report) {
  for (const body of box.querySelectorAll("tbody")) {
    body.hidden = !report.wanted.has(Number(body.dataset.fact));
  }
  for (const table of box.querySelectorAll("table")) {
    table.parentElement.hidden = !table.querySelector("tbody:not([hidden])");
  }
}
