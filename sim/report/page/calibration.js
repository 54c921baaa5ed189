'use strict';
(() => {
  const names = [...new Set(data.figures.map(one => one.metric))];
  const cases = [...new Set(data.figures.map(one => one.case))];

  function header() {
    add(report, 'h1', data.profile);
    add(report, 'p', data.model + ' on ' + data.accelerator + ', ' + (data.steps.length ? data.steps.length + ' steps' :
        cases.length + ' runs, ' + data.figures.length + ' figures') + '; ' + data.rounds + ' rounds, ' + (data.converged ? 'converged' : 'stopped at the limit of rounds'), 'faint');
  }

  function parameters() {
    section('Parameters', 'Intervals hold 90 % of fits to resampled data and priors.');
    table(['parameter', 'start', 'fitted', 'from', 'to', 'pinned by the data'], data.parameters.map(one =>
      [one.name, digits(one.start), digits(one.value), digits(one.low), digits(one.high), one.pinned]));
  }

  function errors() {
    section('How far off', 'Held out: what a fit of the other figures predicted.');
    table(['metric', 'held out', 'figures', 'median error', 'median size of error'], data.errors.map(one =>
      [one.metric, one.held_out || 'nothing', one.figures, percent(one.median_error), percent(one.median_absolute_error)]));
  }

  const usable = figures => figures.filter(one => known(one.simulated) && one.simulated > 0);
  function compared(title, figures) {
    section(title, 'Simulated over measured, by the rate of the stage: 1 is exact.');
    chartRow();
    for (const metric of names) {
      const lines = cases.map((name, i) => Object.assign(line(name, usable(figures)
        .filter(one => one.metric === metric && one.case === name)
        .map(one => ({x: one.rate, y: one.simulated / one.measured})).sort((a, b) => a.x - b.x), i), {pointRadius: 3}));
      chart(metric, 'line', {datasets: lines.filter(one => one.data.length)}, axis('requests per second', {type: 'linear'}),
            axis('simulated / measured', {type: 'logarithmic'}));
    }
  }

  function steps(title, member, by, label) {
    section(title, 'Model over measured, by ' + label + ': 1 is exact.');
    chartRow();
    for (const phase of [...new Set(data.steps.map(one => one.phase))]) {
      const points = data.steps.filter(one => one.phase === phase && one[by] > 0)
        .map(one => ({x: one[by], y: one[member] / one.measured_seconds})).sort((a, b) => a.x - b.x);
      chart(phase, 'line', {datasets: [Object.assign(line(phase, points, 0), {pointRadius: 3, showLine: false})]},
            axis(label, {type: 'logarithmic'}), axis('model / measured', {type: 'logarithmic'}));
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
})();
