'use strict';
// Plan: what users get, where their data may be, and what power it takes.
const best = data.best === null ? null : data.evaluated[data.best];
const className = name => name || 'all requests';
const goalValue = (check, value) => check.what === 'attainment' ? percent(value) : seconds(value);
const limitText = goal => [
  ...goal.limits.map(limit => limit.metric.toUpperCase() + ' of each request ≤ ' + seconds(limit.limit_seconds)),
  ...goal.targets.map(target => target.metric.toUpperCase() + ' ' + target.statistic + ' ≤ ' + seconds(target.limit_seconds))].join(', ');

function goals() {
  section('What users get', 'A request is in time when it keeps all limits of its class. Attainment is the share of all requests that are in ' +
          'time; those that fail or are turned away count as late.');
  table(['class', 'limits', 'in time', 'while something is lost'], data.goals.map(goal => [
    className(goal.class), limitText(goal), percent(goal.attainment),
    goal.degraded ? limitText(goal.degraded) + ', ' + percent(goal.degraded.attainment) + ' in time' : data.constraints.spare.length ? 'the same' : 'not asked for']), 'words');
  if (!data.constraints.spare.length)
    add(report, 'p', 'Nothing was asked for while a server, a rack or a site is lost: the problem names no `constraints.spare`.', 'faint');
  if (!best) return;
  attainmentCharts();
  table(['class', 'goal', 'simulated', 'asked for', 'kept'], best.normal.checks.map(check => [
    className(check.class), check.what, goalValue(check, check.value), goalValue(check, check.goal), check.met ? '✓ yes' : '✗ no']));
  tenants();
  losses();
}

function attainmentCharts() {
  const bars = (title, rows, goal) => {
    if (!rows.length) return;
    const sets = [bar('in time', rows.map(row => 100 * row.value), 0)];
    if (goal) sets.push(bar('asked for', rows.map(row => 100 * row.goal), 1));
    const low = Math.min(...rows.flatMap(row => [row.value, goal ? row.goal : 1]).filter(known));
    const start = Math.max(0, 5 * Math.floor(20 * low - 0.4));
    chart(title, 'bar', {labels: rows.map(row => shortText(row.name, 24)), datasets: sets},
          axis('% of requests' + (start > 0 ? ' (the axis starts at ' + start + ' %)' : ''), {min: start, max: 100}), nameAxis(), across);
  };
  chartRow();
  bars('By class', best.normal.checks.filter(check => check.what === 'attainment').map(check => ({
    name: className(check.class), value: check.value, goal: check.goal})), true);
  bars('By tenant', chosen.service.filter(row => known(row.attainment)).slice(0, 20).map(row => ({name: row.tenant, value: row.attainment})), false);
}

function tenants() {
  if (!chosen.service.length) return;
  subsection('By tenant');
  table(['tenant', 'requests per second', 'tokens in per second', 'tokens out per second', 'in time'], chosen.service.map(row => [
    row.tenant, digits(row.requests_per_second), digits(row.input_tokens_per_second), digits(row.output_tokens_per_second), percent(row.attainment)]));
}

function losses() {
  if (!best.degraded.length) return;
  subsection('When something is lost');
  table(['lost', 'in time', 'goals kept'], best.degraded.map(one => [one.lost, percent(one.attainment), one.passes ? '✓ yes' : '✗ no: ' + one.misses.join('; ')]));
}

const residencyMarks = {used: '● used', allowed: '○ allowed', refused: '✗ refused', 'no option': '– nothing possible'};
function residency() {
  if (!data.residency.length) return;
  const sites = [...new Set(data.residency.map(cell => cell.site))];
  const names = [...new Set(data.residency.map(cell => cell.tenant))];
  section('Where each tenant may be served', '● served there in this plan · ○ allowed, not used · ✗ refused by its rules, with the reason · – no server can ' +
          'stand there (see what was left out).');
  table(['tenant', ...sites], names.map(name => [name, ...sites.map(site => {
    const cell = data.residency.find(one => one.tenant === name && one.site === site);
    const but = cell.state === 'refused' ? ': ' : ', but not by all that could stand there: ';
    return residencyMarks[cell.state] + (cell.reasons.length ? but + cell.reasons.join('; ') : '');
  })]), 'words');
}

function power() {
  const rows = chosen.power.filter(row => row.facility_watts_most > 0 || row.limit_facility_watts);
  if (!rows.length) return;
  section('Power', 'Facility power: what the servers draw, times the site\'s PUE for cooling and losses. Limits are held against nameplate ' +
          'power, the most that could ever be drawn.');
  const limit = row => Math.min(...[row.limit_facility_watts, row.limit_facility_watts_lowest_hour].filter(known), Infinity);
  const sets = [bar('mean', rows.map(row => row.facility_watts_mean / 1e3), 0), bar('nameplate', rows.map(row => row.facility_watts_most / 1e3), 1)];
  if (rows.some(row => known(limit(row)))) sets.push(bar('limit', rows.map(row => known(limit(row)) ? limit(row) / 1e3 : null), 2));
  chartRow();
  chart('Facility power by site', 'bar', {labels: rows.map(row => row.site), datasets: sets}, axis('kW', {beginAtZero: true}),
        nameAxis(), across);
  table(['site', 'mean', 'nameplate', 'limit', 'lowest hourly limit', 'IT heat, nameplate', 'limit of cooling', 'PUE'], rows.map(row => [
    row.site, kilowatts(row.facility_watts_mean), kilowatts(row.facility_watts_most), kilowatts(row.limit_facility_watts),
    kilowatts(row.limit_facility_watts_lowest_hour), kilowatts(row.it_watts_most), kilowatts(row.limit_it_watts_cooling), digits(row.pue)]));
}
