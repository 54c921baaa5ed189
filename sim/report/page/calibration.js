'use strict';
(() => {
  const names = [...new Set(data.figures.map(one => one.metric))];
  const cases = [...new Set(data.figures.map(one => one.case))];

  function header() {
    add(report, 'h1', data.profile);
    add(report, 'p', data.model + ' on ' + data.accelerator + ', ' + cases.length + ' runs, ' + data.figures.length +
        ' figures; ' + data.rounds + ' rounds, ' + (data.converged ? 'converged' : 'stopped at the limit of rounds'), 'faint');
  }

  function parameters() {
    section('Parameters', 'Intervals hold 90 % of fits to resampled stages.');
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

  header();
  parameters();
  errors();
  compared('Fit', data.figures);
  for (const held of data.held_out) if (held.predicted.length) compared('Held out by ' + held.by, held.predicted);
})();
