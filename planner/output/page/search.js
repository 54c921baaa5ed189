'use strict';
// Plan: what else was tried, and what would change the answer.
function points(label, rows, i, radius) {
  return {label, data: rows.map(fleet => ({x: fleet.cost.objective, y: 100 * fleet.normal.attainment, fleet: fleet.fleet})),
          borderColor: colourOf(i), backgroundColor: colourOf(i, 'cc'), pointStyle: marks[i], pointRadius: radius, showLine: false, clip: 10};
}

function pareto() {
  const ran = data.evaluated.filter(fleet => fleet.normal.ran);
  if (!ran.length) return;
  section('Cost against service', 'Each mark is a fleet that was simulated with the whole workload. Further left is cheaper, further up serves more ' +
          'requests in time. The line joins those that no other fleet beats in cost, service, power and carbon at once.');
  const isBest = fleet => fleet === best;
  const sets = [
    points('keeps every goal', ran.filter(fleet => fleet.feasible && !isBest(fleet)), 0, 5),
    points('misses something', ran.filter(fleet => !fleet.feasible && !isBest(fleet)), 1, 5)];
  if (best) sets.push(points('recommended', [best], 2, 9));
  const front = data.pareto.map(i => data.evaluated[i]).filter(fleet => fleet.normal.ran);
  sets.push(Object.assign(points('not beaten', front, 5, 0), {showLine: true, borderWidth: 1.5, borderDash: [5, 4], pointStyle: 'line'}));
  chartRow();
  chart('Fleets that were simulated', 'scatter', {datasets: sets}, axis(objectiveName()), axis('% in time, worst class'), {
    interaction: {mode: 'nearest', intersect: true},
    callbacks: {label: item => shortText(item.raw.fleet, 80) + ': ' + whole(item.raw.x) + ', ' + digits(item.raw.y, 4) + ' %'}});
}

function objectiveName() {
  const weights = data.problem.objective;
  const isCost = weights.tco === 1 && !weights.capex && !weights.per_watt && !weights.per_carbon_kg;
  return (isCost ? 'total cost of ownership' : 'objective') + ', ' + currency;
}

function alternatives() {
  if (!best) return;
  const rows = data.alternatives.map(i => [i, data.evaluated[i]]);
  section('Alternatives', rows.length ? 'Other fleets that keep every goal, cheapest first; evaluated.csv has all.' : 'No other fleet that was simulated keeps every goal.');
  if (rows.length) table(['fleet', 'more than the best, ' + currency, 'in time', 'mean power', 'within the range of prices'], rows.slice(0, 5).map(([i, fleet]) => [
    fleet.fleet, difference(fleet.cost.objective, best.cost.objective), percent(fleet.normal.attainment), kilowatts(fleet.cost.facility_watts_mean),
    data.ties.includes(i) ? 'yes: a tie' : 'no']));
  if (data.ties.length) add(report, 'p', 'A tie: once each price takes the end of its range that favours it, such a fleet is no dearer than the best. ' +
                            'Better offers decide.', 'faint');
}

const firstOf = (rows, shown, file) => rows.length > shown ? ' The first ' + shown + ' of ' + rows.length + '; ' + file + ' has all.' : '';
function failed() {
  const rows = data.evaluated.filter(fleet => !fleet.feasible);
  if (!rows.length) return;
  section('Fleets that fail', 'Simulated, and why each is not the answer; nearest to its goals first.' + firstOf(rows, 20, 'rejected.csv'));
  const attained = fleet => fleet.normal.ran && known(fleet.normal.attainment) ? fleet.normal.attainment : -1;
  table(['fleet', objectiveName(), 'in time', 'why not'], [...rows].sort((a, b) => attained(b) - attained(a)).slice(0, 20).map(fleet => [
    fleet.fleet, whole(fleet.cost.objective), fleet.normal.ran ? percent(fleet.normal.attainment) : 'no run', fleet.faults.join('; ')]), 'words');
}

function leftOut() {
  if (!data.rejected.length) return;
  section('What was left out', 'Before anything was simulated. Nothing is left out without a reason.' + firstOf(data.rejected, 40, 'rejected.csv'));
  table(['what', 'why', 'where in the problem'], data.rejected.slice(0, 40).map(one => [one.what, one.reason, one.path]), 'words');
}

// ---- what if
const base = best ? best.cost : null;
const difference = (value, from) => !known(value) || !known(from) ? '–' : (value > from ? '+' : value < from ? '−' : '±') + whole(Math.abs(value - from));
const isFound = row => row.state === 'found';
const stateWords = {infeasible: 'no fleet can do it', not_found: 'none was found'};
function variantRows(rows) {
  const against = (value, key) => base ? difference(value, base[key]) : whole(value);
  return rows.map(row => isFound(row) ? [row.name, against(row.tco, 'tco'), against(row.capex, 'capex'),
    against(row.facility_watts_mean, 'facility_watts_mean') + ' W', row.same_fleet ? 'the same' : row.fleet] :
    [row.name, '–', '–', '–', stateWords[row.state]]);
}
const variantHead = first => [first, 'total cost', 'at the start', 'mean power', 'fleet'];

function tornado() {
  const rows = data.what_if.sensitivity;
  if (!rows.length || !base) return;
  section('What moves the answer', 'The plan made again with one assumption moved down and up, in ' + currency + ' of the objective against this plan.');
  const names = [...new Set(rows.map(row => row.settings.join(', ')))];
  const moves = names.map(name => rows.filter(row => row.settings.join(', ') === name && isFound(row)));
  const span = list => Math.max(0, ...list.map(row => Math.abs(row.objective - base.objective)));
  const order = names.map((_, i) => i).filter(i => moves[i].length).sort((a, b) => span(moves[b]) - span(moves[a]));
  const set = (label, pick, i) => bar(label, order.map(j => pick(moves[j]) ? pick(moves[j]).objective - base.objective : null), i);
  chartRow();
  chart('Change of the objective', 'bar', {labels: order.map(i => shortText(names[i], 28)), datasets: [
    set('moved down', list => list[0], 0), set('moved up', list => list[1], 1)]},
    axis(currency), nameAxis({stacked: true}), across);
  table(variantHead('assumption'), variantRows(rows), 'words');
}

function scenarios() {
  if (data.what_if.scenarios.length) {
    section('What if', (base ? 'Differences against this plan, in ' : 'Costs in ') + currency + '.');
    table(variantHead('scenario'), variantRows(data.what_if.scenarios), 'words');
  }
  if (!data.what_if.rule_prices.length) return;
  section('What each rule costs', base ?
    'The plan made again without one rule; what it would cost more or less, in ' + currency + '. A rule that changes nothing is free.' :
    'The plan made again without one rule, in ' + currency + '.');
  table(variantHead('rule'), variantRows(data.what_if.rule_prices), 'words');
}
