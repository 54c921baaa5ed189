'use strict';
// Plan: what to buy and what it costs.
const currency = data.problem.currency;
const whole = value => known(value) ? value.toLocaleString('en-US', {maximumFractionDigits: 0}) : '–';
const money = value => known(value) ? currency + ' ' + whole(value) : '–';
const kilowatts = value => known(value) ? digits(value / 1e3) + ' kW' : '–';
const sum = (rows, value) => rows.reduce((total, row) => total + value(row), 0);
const chosen = data.recommended;
const sourceText = price => [price.source, price.unverified ? '(unverified)' : ''].filter(Boolean).join(' ') || '–';

function bill() {
  section('What to buy', 'Bill of materials, in ' + currency + '; bill_of_materials.csv has the same rows.');
  const rows = chosen.bill_of_materials;
  table(['what', 'site', 'item', 'count', 'each', 'range of its price', 'total', 'rent a year', 'price from'], rows.map(row => [
    row.kind + (row.year > 0 ? ' (year ' + digits(row.year) + ')' : ''), row.site, row.item, whole(row.count), whole(row.unit.value),
    row.unit.low < row.unit.high ? whole(row.unit.low) + ' to ' + whole(row.unit.high) : '–', whole(row.purchase),
    row.rent_per_year ? whole(row.rent_per_year) : '–', sourceText(row.unit)]), 'words');
  const start = sum(rows.filter(row => row.year === 0), row => row.purchase);
  const later = sum(rows.filter(row => row.year > 0), row => row.purchase);
  const rent = sum(rows, row => row.rent_per_year);
  add(report, 'p', 'Total at the start: ' + money(start) + (later > 0 ? '; bought later: ' + money(later) : '') +
      (rent > 0 ? '; rent: ' + money(rent) + ' a year' : '') + '.', 'total');
}

function pools() {
  section('How the servers are used', 'A pool is a group of servers at one site that are all used alike. A replica is one copy of the model ' +
          'that answers requests by itself; it needs one accelerator or several together.');
  table(['pool', 'site', 'servers', 'accelerators', 'model', 'replicas', 'accelerators each', 'only for', 'storage'], chosen.pools.map(pool => [
    pool.name, pool.site, pool.servers + ' × ' + pool.server, whole(pool.accelerators) + ' × ' + pool.accelerator, pool.model + (pool.role ? ' (' + pool.role + ')' : ''),
    whole(pool.replicas), pool.accelerators_per_replica, pool.dedicated_to || '–', pool.storage || '–']));
}

function costCharts() {
  const lines = chosen.cost.lines, years = data.problem.finance.years;
  const spent = lines.filter(row => row.purchase || row.per_year);
  const kinds = [...new Set(spent.map(row => row.kind))];
  const of = (kind, value) => sum(spent.filter(row => row.kind === kind), value);
  chartRow();
  chart('Where the money goes, over ' + digits(years) + ' years', 'bar', {labels: kinds, datasets: [
    bar('bought', kinds.map(kind => of(kind, row => row.purchase)), 0),
    bar('running', kinds.map(kind => of(kind, row => row.per_year * Math.max(0, years - row.year))), 1)]},
    axis(currency, {stacked: true}), nameAxis({stacked: true}), across);
  const flows = chosen.cost.years;
  chart('When it is paid', 'bar', {labels: flows.map(flow => 'year ' + digits(flow.year)), datasets: [
    bar('bought', flows.map(flow => flow.purchase), 0), bar('running', flows.map(flow => flow.opex), 1),
    bar('worth at the end', flows.map(flow => -flow.residual), 2)]},
    axis('', {stacked: true}), axis(currency, {stacked: true}));
}

function costs() {
  const flows = chosen.cost.years;
  section('What it costs', 'Total cost of ownership: purchases, and each year\'s energy, space, support, licences and rent, less what is left ' +
          'at the end, ' + (data.problem.finance.discount_rate > 0 ? 'discounted by ' + percent(data.problem.finance.discount_rate) + ' a year.' : 'not discounted.'));
  costCharts();
  table(['year', 'bought', 'running', 'worth at the end', 'net', 'net, discounted'], flows.map(flow => [
    digits(flow.year), whole(flow.purchase), whole(flow.opex), whole(flow.residual),
    whole(flow.purchase + flow.opex - flow.residual), whole(flow.discounted)]));
  add(report, 'p', 'Total cost of ownership: ' + money(sum(flows, flow => flow.discounted)) + '.', 'total');
  running();
  tenantCosts();
}

function running() {
  const lines = chosen.cost.lines.filter(row => row.per_year);
  if (!lines.length) return;
  subsection('Running costs of a year');
  table(['what', 'site', 'item', 'count', currency + ' a year', 'from year'], lines.map(row => [
    row.kind, row.site, row.item, whole(row.count), whole(row.per_year), digits(row.year)]));
}

function tenantCosts() {
  subsection('Cost for each tenant');
  add(report, 'p', 'A tenant with servers of its own pays for these; the others share the rest by the tokens that they are served.', 'faint');
  const rows = chosen.cost_per_tenant;
  table(['tenant', 'tokens per second', 'share', currency, currency + ' per million tokens'], rows.map(row => [
    row.tenant, digits(row.tokens_per_second), percent(row.dedicated_share + row.shared_share), whole(row.tco), digits(row.per_million_tokens)]));
  add(report, 'p', 'All tenants together: ' + money(sum(rows, row => row.tco)) + '.', 'total');
}
