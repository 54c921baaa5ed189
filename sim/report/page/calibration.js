'use strict';
(() => {
  const names = [...new Set(data.figures.map(one => one.metric))];
  const cases = [...new Set(data.figures.map(one => one.case))];

  function header() {
    add(report, 'h1', 'Calibration of ' + data.profile);
    add(report, 'p', data.model + ' on ' + data.accelerator + ', ' + (data.steps.length ? counted(data.steps.length, 'step') :
        counted(cases.length, 'run') + ', ' + counted(data.figures.length, 'figure')) + '; ' + counted(data.rounds, 'round') + ', ' +
        (data.converged ? 'converged' : 'stopped at the limit of rounds'), 'faint');
  }

  function parameters() {
    section('Parameters', 'Intervals hold 90 % of fits to resampled data and priors.');
    table(['parameter', 'start', 'fitted', 'from', 'to', 'pinned by the data'], data.parameters.map(one =>
      [one.name, digits(one.start), digits(one.value), digits(one.low), digits(one.high), one.pinned]));
  }

  function errors() {
    section('How far off', 'Held out: what a fit of the other figures predicted.');
    table(['metric', 'held out', 'figures', 'median error', 'median size of error'], data.errors.map(one =>
      [metricWords(one.metric), one.held_out || 'nothing', one.figures, percent(one.median_error), percent(one.median_absolute_error)]));
  }

  // An axis of ratios: as far below 1 as above, with labels at both ends and at 1.
  const reaches = [1.1, 1.25, 1.5, 2, 3, 5, 10, 20, 50, 100, 1000];
  function ratioAxis(title, points) {
    const most = Math.max(...points.map(({y}) => Math.max(y, 1 / y)));
    const reach = reaches.find(one => one >= most) || 10 ** Math.ceil(Math.log10(most));
    const inner = Math.sqrt(reach);
    return axis(title, {type: 'logarithmic', min: 1 / reach, max: reach,
      ticks: {callback: value => digits(value)},
      afterBuildTicks: scale => { scale.ticks = [1 / reach, 1 / inner, 1, inner, reach].map(value => ({value})); }});
  }
  const exact = points => {
    const xs = points.map(({x}) => x);
    return {...line('exact', [0.9 * Math.min(...xs), 1.1 * Math.max(...xs)].map(x => ({x, y: 1})), 5), borderColor: ink, borderDash: [3, 3], borderWidth: 1.5};
  };

  const usable = figures => figures.filter(one => known(one.simulated) && one.simulated > 0);
  function compared(title, figures) {
    section(title, 'Simulated over measured, by the rate of the stage: 1 is exact.');
    chartRow();
    for (const metric of names) {
      const lines = cases.map((name, i) => dots(name, usable(figures)
        .filter(one => one.metric === metric && one.case === name)
        .map(one => ({x: one.rate, y: one.simulated / one.measured})).sort((a, b) => a.x - b.x), i)).filter(one => one.data.length);
      const points = lines.flatMap(one => one.data);
      if (points.length)
        chart(metricWords(metric), 'line', {datasets: [...lines, exact(points)]}, axis('requests per second', {type: 'linear'}),
              ratioAxis('simulated / measured', points));
    }
  }

  function steps(title, member, by, label) {
    section(title, 'Model over measured, by ' + label + ': 1 is exact.');
    chartRow();
    for (const phase of [...new Set(data.steps.map(one => one.phase))]) {
      const points = data.steps.filter(one => one.phase === phase && one[by] > 0)
        .map(one => ({x: one[by], y: one[member] / one.measured_seconds})).sort((a, b) => a.x - b.x);
      if (points.length)
        chart(phase, 'line', {datasets: [{...dots(phase, points, 0), showLine: false}, exact(points)]},
              axis(label, {type: 'logarithmic', ticks: roundTicks}), ratioAxis('model / measured', points));
    }
  }

  header();
  parameters();
  errors();
  if (data.figures.length) compared('Fit', data.figures);
  for (const held of data.held_out) if (held.predicted.length) compared('Held out by ' + held.by, held.predicted);
  if (data.steps.length) {
    steps('Steps by their tokens', 'fitted_seconds', 'step_tokens', 'tokens of the step');
    steps('Steps by their context', 'fitted_seconds', 'context_tokens', 'tokens attended to');
    steps('Held-out steps', 'held_out_seconds', 'step_tokens', 'tokens of the step');
  }
  footer();
})();
