'use strict';
// What the scripts of all pages write with.
const data = JSON.parse(document.getElementById('data').textContent);
const report = document.getElementById('report');

const known = value => typeof value === 'number' && Number.isFinite(value);
function digits(value, count = 3) {
  if (!known(value)) return '–';
  if (value !== 0 && (Math.abs(value) >= 1e7 || Math.abs(value) < 1e-4)) return value.toExponential(2);
  const places = value === 0 ? 0 : Math.max(0, count - 1 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en-US', {maximumFractionDigits: Math.min(places, 6)});
}
const percent = share => known(share) ? digits(100 * share) + ' %' : '–';
function seconds(value) {
  if (!known(value)) return '–';
  if (value !== 0 && value < 1e-3) return digits(value * 1e6) + ' µs';
  return value < 1 ? digits(value * 1e3) + ' ms' : digits(value, 4) + ' s';
}
const milliseconds = value => known(value) ? value * 1e3 : null;
const counted = (count, thing) => digits(count, 9) + ' ' + thing + (count === 1 ? '' : 's');
const shortText = (text, most) => text.length > most ? text.slice(0, most - 1) + '…' : text;
// The path of a figure of summary.json, in words: ttft seconds p99.
const metricWords = metric => metric.replace(/^(latency|throughput)\./, '').replace(/[._]/g, ' ');

function add(parent, tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  parent.appendChild(element);
  return element;
}
function section(title, note) {
  add(report, 'h2', title);
  if (note) add(report, 'p', note, 'faint');
}
const subsection = title => { add(report, 'h3', title, 'spaced'); };
function tiles(list) {
  const box = add(report, 'div', undefined, 'tiles');
  for (const [name, value] of list) {
    const tile = add(box, 'div', undefined, 'tile');
    add(tile, 'b', value);
    add(tile, 'span', name);
  }
}
function footer(text) {
  const version = document.getElementById('data').dataset.version;
  add(report, 'footer', 'kvsim ' + version + (text ? ' · ' + text : ''), 'faint');
}

// ---- tables
const kShownRows = 200;
const kWideColumns = 12;
const hasWords = cell => /[^\W\d_]{3}|^no$|[✓✗●○]/.test(cell);
// A box that scrolls is in the tab order, so that the arrow keys move it.
const overflow = new ResizeObserver(entries => entries.forEach(({target}) => {
  if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
  else target.removeAttribute('tabindex');
}));
function scrollBox() {
  const box = add(report, 'div', undefined, 'scroll');
  const headings = report.querySelectorAll('h1, h2, h3');
  box.setAttribute('role', 'region');
  box.setAttribute('aria-label', headings[headings.length - 1].textContent);
  overflow.observe(box);
  return box;
}
// Columns of words align left, those of numbers right.
function table(head, rows, className = '') {
  const words = head.map((_, i) => i === 0 || rows.some(row => hasWords(String(row[i]))) ? 'text' : undefined);
  const wide = head.length >= kWideColumns ? ' wide' : '';
  const element = add(scrollBox(), 'table', undefined, className + wide);
  const top = add(add(element, 'thead'), 'tr');
  head.forEach((name, i) => { add(top, 'th', name, words[i]).scope = 'col'; });
  const body = add(element, 'tbody');
  rows.slice(0, kShownRows).forEach(row => {
    const line = add(body, 'tr');
    row.forEach((cell, i) => add(line, 'td', cell, words[i]));
  });
  if (rows.length > kShownRows)
    add(report, 'p', 'The first ' + kShownRows + ' of ' + rows.length + ' rows; the files beside this page have all.', 'faint');
}
