'use strict';
(() => {
  const problem = data.problem;
  const tones = {found: 'steady', infeasible: 'queue_grows', not_found: 'queue_grows'};

  function header() {
    add(report, 'h1', problem.name);
    add(report, 'p', 'Plan of the cheapest servers for ' + problem.models.join(', ') + ' · workload ' + problem.workload.trace + ' · prices of ' + problem.date, 'faint');
    const box = add(report, 'div', undefined, 'verdict ' + tones[data.state]);
    add(box, 'strong', data.recommendation);
    if (data.certainty.in_words) add(box, 'p', data.certainty.in_words);
  }
  function mainFigures() {
    const list = [];
    const tile = (name, value) => list.push([name, value]);
    const cost = chosen.cost;
    tile('total cost of ownership, ' + digits(problem.finance.years) + ' years', money(cost.tco));
    tile('to pay at the start', money(cost.capex));
    tile('running, a year', money(cost.opex_per_year));
    tile('an hour', currency + ' ' + digits(cost.per_hour, 4));
    tile('requests in time, worst class', percent(best.normal.attainment));
    if (data.slo_probability.draws) tile('chance that every goal is kept', percent(data.slo_probability.probability));
    tile('mean power of all sites', kilowatts(cost.facility_watts_mean));
    tile('carbon a year', digits(cost.carbon_kg_per_year / 1e3) + ' t');
    tile('could still be saved at most', data.certainty.closed ? 'nothing: proven' : percent(data.certainty.gap));
    tiles(list);
  }
  function conflicts() {
    if (!data.conflicts.length) return;
    section('What stands against each other', 'Leave out or relax any one of these, and there is a fleet. They are keys of ' + problem.file + '.');
    table(['key of the problem'], data.conflicts.map(path => [path]), 'notes');
  }
  function firstAnswer() {
    if (data.analytic_fleet) add(report, 'p', 'The first answer, by formulas alone and before any simulation: ' + data.analytic_fleet + '.', 'faint');
  }

  header();
  if (chosen) {
    mainFigures();
    bill();
    pools();
    costs();
  }
  conflicts();
  goals();
  robustness();
  residency();
  if (chosen) power();
  pareto();
  firstAnswer();
  alternatives();
  tornado();
  scenarios();
  failed();
  leftOut();
  handChecks();
  capacities();
  tuned();
  basis();
  words();
  footer('problem ' + problem.file + ' · digest ' + problem.digest + ' · plan.json beside this page has every figure.');
})();
