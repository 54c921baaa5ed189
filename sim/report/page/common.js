'use strict';
// What the scripts of all pages draw with.
const data = JSON.parse(document.getElementById('data').textContent);
const report = document.getElementById('report');
const dark = matchMedia('(prefers-color-scheme: dark)').matches;
// Okabe and Ito's colour-blind-safe palette; lines differ in dashes too.
const colours = dark ? ['#56B4E9', '#E69F00', '#2FC79A', '#F0E442', '#E08FBD', '#FF8A4C']
                     : ['#0072B2', '#D55E00', '#009E73', '#B37A00', '#A9588A', '#3A3F47'];
const dashes = [[], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4], [1, 3]];
const ink = dark ? '#c6ced8' : '#47515e';
const grid = dark ? '#333c47' : '#e3e8ed';

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

// ---- tables
const kShownRows = 200;
function table(head, rows, className) {
  const box = add(report, 'div', undefined, 'scroll');
  const element = add(box, 'table', undefined, className);
  const top = add(add(element, 'thead'), 'tr');
  head.forEach(name => add(top, 'th', name));
  const body = add(element, 'tbody');
  rows.slice(0, kShownRows).forEach(row => {
    const line = add(body, 'tr');
    row.forEach(cell => add(line, 'td', cell));
  });
  if (rows.length > kShownRows)
    add(report, 'p', 'The first ' + kShownRows + ' of ' + rows.length + ' rows; the files beside this page have all.', 'faint');
}

// ---- charts
let place = null;
const chartRow = () => { place = add(report, 'div', undefined, 'charts'); };
function axis(title, extra = {}) {
  return Object.assign({
    title: {display: true, text: title, color: ink}, border: {color: grid}, grid: {color: grid},
    ticks: {color: ink, maxRotation: 0, autoSkipPadding: 14}}, extra);
}
function isDrawn(canvas) {
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  return pixels.some(value => value !== 0);
}
function chart(title, type, content, x, y, options = {}) {
  const card = add(place, 'div', undefined, 'card');
  add(card, 'h3', title);
  const canvas = add(add(card, 'div', undefined, 'plot'), 'canvas');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', title);
  new Chart(canvas, {
    type, data: content,
    options: Object.assign({
      animation: false, responsive: true, maintainAspectRatio: false, normalized: true,
      interaction: {mode: 'nearest', axis: 'x', intersect: false},
      scales: {x, y},
      plugins: {legend: {display: content.datasets.length > 1, position: 'bottom',
                         labels: {color: ink, boxWidth: 22, boxHeight: 2}},
                tooltip: {callbacks: {label: item => item.dataset.label + ': ' +
                    digits(options.indexAxis === 'y' ? item.parsed.x : item.parsed.y, 4)}}},
    }, options)});
  canvas.dataset.drawn = isDrawn(canvas) ? 'yes' : 'no';
}
const line = (name, points, i) => ({
  label: name, data: points, borderColor: colours[i % 6], backgroundColor: colours[i % 6], borderDash: dashes[i % 6],
  borderWidth: 2, pointRadius: 0, pointHitRadius: 6, spanGaps: false});
const bar = (name, values, i) => ({label: name, data: values, backgroundColor: colours[i % 6], maxBarThickness: 46});
