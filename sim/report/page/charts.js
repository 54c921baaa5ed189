'use strict';
// What the scripts of all pages draw with: Chart.js in the colours of page.css, which follow the reader's scheme and are
// light on paper.
let theme;
function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const colour = name => style.getPropertyValue('--' + name).trim();
  theme = {ink: colour('ink'), grid: colour('grid'), series: [1, 2, 3, 4, 5, 6].map(i => colour('series-' + i))};
}
readTheme();
Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;

// A printed page is laid out anew, and a canvas does not do so by itself.
const root = document.documentElement;
const isPaper = () => root.classList.contains('paper');
function redraw() {
  readTheme();
  for (const drawn of Object.values(Chart.instances)) {
    drawn.update('none');
    drawn.resize();
  }
}
addEventListener('beforeprint', () => { root.classList.add('paper'); redraw(); });
addEventListener('afterprint', () => { root.classList.remove('paper'); redraw(); });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);

// Series differ in colour, in dashes and in marks.
const series = i => i % 6;
const colourOf = (i, opacity = '') => () => theme.series[series(i)] + opacity;
const dashes = [[], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4], [1, 3]];
const marks = ['circle', 'rectRot', 'triangle', 'rect', 'crossRot', 'star'];
const kManyPoints = 200;
const line = (name, points, i) => ({
  label: name, data: points, borderColor: colourOf(i), backgroundColor: colourOf(i), borderDash: dashes[series(i)],
  borderWidth: points.length > kManyPoints ? 1.25 : 2, pointStyle: marks[series(i)], pointRadius: 0, pointHitRadius: 6, spanGaps: false, clip: 4});
// Hollow, so that one shows through another.
const dots = (name, points, i) => Object.assign(line(name, points, i), {
  pointRadius: 4.5, pointBorderWidth: 2, pointBackgroundColor: 'transparent', clip: 8});
const bar = (name, values, i) => ({label: name, data: values, backgroundColor: colourOf(i), maxBarThickness: 46});

let place = null;
const chartRow = () => { place = add(report, 'div', undefined, 'charts'); };
const ink = () => theme.ink, grid = () => theme.grid;
const axis = (title, {ticks, ...extra} = {}) => ({
  title: {display: title !== '', text: title, color: ink}, grid: {color: grid, borderColor: grid},
  ticks: {color: ink, maxRotation: 0, autoSkipPadding: 14, ...ticks}, ...extra});
const nameAxis = (extra = {}) => axis('', {ticks: {autoSkip: false}, ...extra});
// Labels of a logarithmic axis.
const isRound = value => [1, 2, 5].includes(Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9)));
const roundTicks = {autoSkipPadding: 18, callback: value => isRound(value) ? digits(value, 2) : null};
// For charts whose bars have names.
const across = {indexAxis: 'y', interaction: {mode: 'nearest', axis: 'y', intersect: false}};

// The lines of a title along an axis that may be short.
const broken = text => text.match(/.{1,14}(?!\S)|\S+/g).map(part => part.trim());

// A chart for those who do not see it: the range of each series.
function spoken(title, content, unit) {
  const ranges = content.datasets.map(({label, data}) => {
    const values = data.map(point => point !== null && typeof point === 'object' ? point.y : point).filter(known);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return label + ': ' + (values.length ? digits(low) + (high > low ? ' to ' + digits(high) : '') : 'no value');
  });
  return title + (unit ? ', ' + unit : '') + '. ' + ranges.join('; ');
}
// A bar's square, a dashed piece of a line, or the mark of its dots.
function legend(type, sets) {
  const hasDots = set => set.pointRadius > 0;
  const shape = set => type === 'bar' ? 'rect' : hasDots(set) ? set.pointStyle : 'line';
  const generateLabels = drawn => Chart.defaults.plugins.legend.labels.generateLabels(drawn).map((label, i) => ({
    ...label, pointStyle: shape(sets[i]), lineWidth: sets[i].borderWidth, lineDash: hasDots(sets[i]) ? [] : sets[i].borderDash}));
  return {display: sets.length > 1, position: 'bottom', labels: {
    color: ink, usePointStyle: true, boxHeight: 8, pointStyleWidth: type === 'bar' || sets.some(hasDots) ? 12 : 30, generateLabels}};
}
// `callbacks` are those of the tooltip.
function chart(title, type, content, x, y, {callbacks = {}, ...options} = {}) {
  const card = add(place, 'div', undefined, 'card');
  add(card, 'h3', title);
  const plot = add(card, 'div', undefined, 'plot');
  if (options.indexAxis === 'y') plot.style.setProperty('--rows', content.labels.length);
  const canvas = add(plot, 'canvas');
  const values = options.indexAxis === 'y' ? x : y;
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', spoken(title, content, values.title.text));
  if (y.title.display) y.title.text = broken(y.title.text);
  const label = item => item.dataset.label + ': ' + digits(options.indexAxis === 'y' ? item.parsed.x : item.parsed.y, 4);
  new Chart(canvas, {
    type, data: content,
    options: Object.assign({
      animation: false, responsive: true, maintainAspectRatio: false, normalized: true,
      devicePixelRatio: () => isPaper() ? 3 : devicePixelRatio,
      interaction: {mode: 'nearest', axis: 'x', intersect: false},
      scales: {x, y},
      plugins: {legend: legend(type, content.datasets), tooltip: {callbacks: {label, ...callbacks}}},
    }, options)});
}
