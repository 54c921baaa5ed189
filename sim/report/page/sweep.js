'use strict';
(() => {
  const {sweep, axes, metrics, points} = data;
  const varied = axes.filter(one => one.values.length > 1);
  const xAxis = axes.find(one => one.key === sweep.x);
  const others = varied.filter(one => one !== xAxis);
  const isNumber = text => text.trim() !== '' && Number.isFinite(Number(text));
  const scale = xAxis.values.every(isNumber) ? 'linear' : 'category';
  const failed = points.filter(point => point.error !== null).length;

  // ---- header
  function header() {
    add(report, 'h1', sweep.fleet + ' · ' + sweep.trace);
    const seeds = sweep.seeds > 1 ? 'seeds ' + sweep.seed + ' to ' + (sweep.seed + sweep.seeds - 1) : 'seed ' + sweep.seed;
    add(report, 'p', counted(points.length, 'point') + ', ' + seeds, 'faint');
    const constant = axes.filter(one => one.values.length === 1).map(one => one.key + '=' + one.values[0]);
    if (constant.length) add(report, 'p', 'the same in all: ' + constant.join(', '), 'faint');
    if (failed) add(report, 'p', failed + ' of them failed; the table says why.', 'verdict queue_grows');
  }

  // ---- chart
  const lineOf = point => others.map(one => one.key + '=' + point.set[one.key]).join(', ');
  function lines(metric) {
    const byName = new Map();
    for (const point of points) {
      const x = point.set[xAxis.key], name = lineOf(point) || metricWords(metric);
      if (!byName.has(name)) byName.set(name, []);
      byName.get(name).push({x: scale === 'linear' ? Number(x) : x, y: point.metrics[metric].mean});
    }
    return [...byName].map(([name, drawn], i) => {
      if (scale === 'linear') drawn.sort((a, b) => a.x - b.x);
      return dots(name, drawn, i);
    });
  }
  // Labels stand at the values that were tried.
  const tried = axis => { axis.ticks = xAxis.values.map(Number).sort((a, b) => a - b).map(value => ({value})); };
  function draw(box, metric) {
    Object.values(Chart.instances).forEach(drawn => drawn.destroy());
    box.replaceChildren();
    place = box;
    if (!points.some(point => known(point.metrics[metric].mean))) return add(box, 'p', 'Unknown at every point.');
    const labels = scale === 'category' ? xAxis.values : undefined;
    chart(metricWords(metric), 'line', {labels, datasets: lines(metric)},
          axis(xAxis.key, {type: scale, ...(scale === 'linear' && {afterBuildTicks: tried})}),
          axis(metricWords(metric), {beginAtZero: true}));
  }
  function chooser() {
    section('Chart');
    const label = add(add(report, 'p'), 'label', 'metric: ');
    const select = add(label, 'select');
    for (const metric of metrics) add(select, 'option', metricWords(metric)).value = metric;
    const box = add(report, 'div');
    select.addEventListener('change', () => draw(box, select.value));
    draw(box, metrics[0]);
  }

  // ---- table
  const cell = ({mean, spread}) => digits(mean, 4) + (known(spread) ? ' ± ' + digits(spread, 2) : '');
  function figures() {
    section('Points', sweep.seeds > 1 ? 'Mean over seeds ± their standard deviation.' : undefined);
    const shown = varied.length ? varied : axes;
    table([...shown.map(one => one.key), ...metrics.map(metricWords), ...(failed ? ['error'] : [])], points.map(point =>
      [...shown.map(one => point.set[one.key]), ...metrics.map(metric => cell(point.metrics[metric])), ...(failed ? [point.error || ''] : [])]));
  }

  header();
  chooser();
  figures();
  footer();
})();
