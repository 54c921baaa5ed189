'use strict';
// Sections on KV tiers, and what storage and network they need, with tools of run.js.
const drawTiers = ({run, shortName, parted, timeUnit, timeAxis}) => {
  const sizing = run.sizing;
  const tiers = [['GPU', 'gpu'], ['host memory', 'host'], ['storage', 'storage']];
  const kinds = {copy: 'GPU-host copies', nic: 'NICs', leaf: 'leaf uplinks', site: 'site links', storage: 'storage'};
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

  function bytes(value) {
    if (!known(value)) return '–';
    let unit = 0;
    for (; Math.abs(value) >= 999.5 && unit + 1 < units.length; ++unit) value /= 1000;
    return digits(value) + ' ' + units[unit];
  }
  const gigabits = value => known(value) ? digits(value * 8e-9) : '–';
  function duration(value) {
    if (!known(value) || value < 600) return seconds(value);
    return value < 172800 ? digits(value / 3600) + ' h' : digits(value / 86400) + ' d';
  }
  const lastTime = times => times[times.length - 1] || 0;

  // ---- hits and loads
  function stackedBars(title, rows, parts, value, unit, extra) {
    chart(title, 'bar', {labels: rows.map(([name]) => shortName(name)),
      datasets: parts.map(([name, key], i) => bar(name, rows.map(([, group]) => value(group, key)), i))},
      axis(unit, Object.assign({stacked: true, beginAtZero: true}, extra)),
      nameAxis({stacked: true}), across);
  }
  function hitBars(title, groups) {
    const rows = groups.filter(group => group.cache.prompt_tokens).sort(
      (a, b) => b.cache.prompt_tokens - a.cache.prompt_tokens).slice(0, 12).map(group => [group.name, group]);
    if (!rows.length) return;
    stackedBars(title + (groups.length > rows.length ? ', the ' + rows.length + ' largest' : ''), rows, tiers,
                (group, key) => 100 * group.cache.hit_tokens[key] / group.cache.prompt_tokens, '% of prompt tokens',
                {max: 100});
  }
  function hitsOverTime() {
    const hits = data.tiers.hits;
    const last = lastTime(hits.time);
    if (!last) return;
    const unit = timeUnit(last);
    chart('Hits by tier over time', 'line', {datasets: tiers.map(([name, key], i) => {
      const points = hits.time.map((time, j) => ({x: time / unit[1], y: known(hits[key][j]) ? 100 * hits[key][j] : null}));
      return Object.assign(line(name, points, i), {fill: i ? '-1' : 'origin', backgroundColor: colourOf(i, '66'), borderDash: [], borderWidth: 1});
    })}, timeAxis(last, unit), axis('% of prompt tokens, stacked', {stacked: true, min: 0, max: 100}));
  }
  function firstTokenBars() {
    const rows = parted(run.pools);
    const parts = [['before the queue', 'before_queue_seconds'], ['queue', 'queue_seconds'],
                   ['waiting for loads', 'load_seconds'], ['prefill', 'prefill_seconds']];
    if (rows.length)
      stackedBars('Mean time to the first token', rows, parts, (group, key) => group.time_per_request[key], 'seconds');
  }
  function hits() {
    const wait = run.latency.load_wait_seconds;
    section('Hits by tier', known(wait.p50) ? percent(run.cache.loaded_share) + ' of completed requests waited for a ' +
            'load from host memory or storage; of these, half waited ' + seconds(wait.p50) + ' or more, 1 % ' +
            seconds(wait.p99) + ' or more.' : 'No completed request waited for a load from host memory or storage.');
    chartRow();
    hitBars('By pool', run.pools);
    hitBars('By tenant', run.tenants);
    hitsOverTime();
    firstTokenBars();
  }

  // ---- storage systems
  const dayNote = () => 'A day counts at the rates between ' + duration(sizing.window.from_seconds) + ' and ' +
    duration(sizing.window.to_seconds) + (sizing.window.after_warmup ? ', after the warm-up and before the drain.' :
    ': the whole run, nothing is left after the warm-up.');
  function contentsTable() {
    table(['storage', 'kind', 'site', 'capacity', 'used', 'peak', 'blocks', 'files', 'operations/s', 'p99', 'files written/s'],
          sizing.storage.map(system => [
            system.name, system.kind, system.site, bytes(system.capacity_bytes), bytes(system.used_bytes.end),
            bytes(system.used_bytes.peak), digits(system.blocks, 9), digits(system.files, 9),
            digits(system.operations_per_second.mean), digits(system.operations_per_second.p99),
            digits(system.files_written_per_second.mean)]));
  }
  function retention(system) {
    if (!known(system.retention_seconds)) return 'unlimited';
    return duration(system.retention_seconds) + (system.retention_since === 'write' ? ' from the write' : ' from the last use');
  }
  function needsTable() {
    table(['storage', 'written a day', 'growth a day', 'retention', 'storage needed', 'years to wear-out'],
          sizing.storage.map(system => [
            system.name, bytes(system.written_bytes_per_day), bytes(system.growth_bytes_per_day), retention(system),
            system.needed.map(need => bytes(need.bytes) + ' for ' + duration(need.retention_seconds)).join(', '),
            digits(system.years_to_wear_out)]));
  }
  function storageCharts() {
    const times = data.tiers.time;
    const last = lastTime(times);
    if (!last) return;
    chartRow();
    const unit = timeUnit(last);
    const over = (title, key, yTitle, scale) => chart(title, 'line', {
      datasets: data.tiers.systems.map((system, i) => line(system.name, times.map((time, j) => ({
        x: time / unit[1], y: system[key][j] * scale})), i))},
      timeAxis(last, unit), axis(yTitle, {beginAtZero: true}));
    const most = Math.max(...data.tiers.systems.map(system => Math.max(...system.used_bytes)));
    const step = Math.max(0, Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, most)) / 3)));
    over('Storage used', 'used_bytes', units[step], 1000 ** -step);
    over('Storage written', 'write_bytes_per_second', 'GB/s', 1e-9);
    over('Storage read', 'read_bytes_per_second', 'GB/s', 1e-9);
    over('Storage operations', 'operations_per_second', 'files per second', 1);
  }
  function storage() {
    if (!sizing.storage.length) return;
    section('Storage', dayNote());
    contentsTable();
    needsTable();
    storageCharts();
  }
  function hosts() {
    if (!sizing.host.length) return;
    section('Host memory');
    table(['pool', 'capacity', 'used at the end', 'most used'], sizing.host.map(host => [
      host.pool, bytes(host.capacity_bytes), bytes(host.used_bytes), percent(host.usage_max)]));
  }

  // ---- links
  const rateCells = item => [
    ...['mean', 'p50', 'p99', 'max'].map(key => gigabits(item.bytes_per_second[key])), percent(item.share_of_capacity_p99)];
  const rateHead = ['mean', 'p50', 'p99', 'max', 'p99 of capacity'];
  const steps = [[0.05, '5 %'], [0.1, '10 %'], [0.25, '25 %'], [0.5, '50 %'], [0.75, '75 %'], [0.9, '90 %'],
                 [Infinity, 'more']];  // upper ends; lightness alone tells them apart
  const heatClass = share => known(share) ? 'heat-' + steps.findIndex(([upper]) => share <= upper) : '';

  function legend() {
    const list = add(report, 'p', 'share of capacity, up to: ', 'legend');
    steps.forEach(([, label], i) => {
      add(list, 'i', undefined, 'heat-' + i);
      add(list, 'span', label);
    });
  }
  function cellText(link, ends, j) {
    return link.name + ', ' + duration(j ? ends[j - 1] : 0) + ' to ' + duration(ends[j]) + ': ' +
      percent(link.shares[j]) + ' of ' + gigabits(link.capacity_bytes_per_second) + ' Gb/s';
  }
  function heatRow(body, link, ends) {
    const row = add(body, 'tr');
    row.setAttribute('role', 'row');
    add(row, 'th', link.name).scope = 'row';
    link.shares.forEach((share, j) => {
      const cell = add(row, 'td');
      cell.setAttribute('role', 'gridcell');
      cell.title = cellText(link, ends, j);
      cell.setAttribute('aria-label', cell.title);
      cell.tabIndex = -1;
      cell.className = heatClass(share);
    });
  }
  // One cell is in the tab order; arrow keys go on from there.
  function steer(grid, rows, readout) {
    let [at, column] = [0, 0];
    const cells = i => rows[i].querySelectorAll('td');
    cells(0)[0].tabIndex = 0;
    const moves = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
                   Home: [0, -Infinity], End: [0, Infinity]};
    const clamp = (value, count) => Math.min(count - 1, Math.max(0, value));
    grid.addEventListener('keydown', event => {
      const move = moves[event.key];
      if (!move) return;
      event.preventDefault();
      cells(at)[column].tabIndex = -1;
      at = clamp(at + move[0], rows.length);
      column = clamp(column + move[1], cells(at).length);
      cells(at)[column].tabIndex = 0;
      cells(at)[column].focus();
    });
    const tell = event => { if (event.target.title) readout.textContent = event.target.title; };
    grid.addEventListener('focusin', tell);
    grid.addEventListener('mouseover', tell);
  }
  function heatMap() {
    const heat = data.tiers.heat;
    if (!heat.links.length || !heat.ends.length) return;
    subsection('Links over time');
    legend();
    if (heat.left_out) add(report, 'p', 'The ' + heat.links.length + ' busiest; ' + heat.left_out +
                           ' links with less are left out here, links.csv has all.', 'faint');
    const grid = add(scrollBox(), 'table', undefined, 'heat');
    grid.setAttribute('role', 'grid');
    grid.setAttribute('aria-label', 'share of capacity by link and time, 0 to ' + duration(lastTime(heat.ends)));
    let kind = null;
    const rows = [];
    heat.links.forEach(link => {
      if (link.kind !== kind) {
        const head = add(add(add(grid, 'tbody'), 'tr'), 'th', kinds[link.kind], 'kind');
        head.colSpan = heat.ends.length + 1;
      }
      kind = link.kind;
      heatRow(grid.lastChild, link, heat.ends);
      rows.push(grid.lastChild.lastChild);
    });
    const readout = add(report, 'p', 'From left to right: the start of the run to ' + duration(lastTime(heat.ends)) +
                        '. Point at a cell, or go there with the tab and arrow keys.', 'faint');
    readout.setAttribute('aria-live', 'polite');
    steer(grid, rows, readout);
  }
  function links() {
    if (!sizing.links.length) return;
    section('Network, in Gb/s', 'Over windows of ' + seconds(sizing.sample_seconds) + '.');
    table(['kind', 'links', ...rateHead, 'busiest'], sizing.link_kinds.map(kind => [
      kinds[kind.kind], digits(kind.links, 9), ...rateCells(kind), kind.busiest]));
    const busiest = [...sizing.links].sort((a, b) => (b.share_of_capacity_p99 || 0) - (a.share_of_capacity_p99 || 0));
    if (busiest.length > 12) add(report, 'p', 'The 12 busiest of ' + busiest.length + ' links; summary.json has all.', 'faint');
    table(['link', 'kind', 'capacity', ...rateHead], busiest.slice(0, 12).map(link => [
      link.name, kinds[link.kind], gigabits(link.capacity_bytes_per_second), ...rateCells(link)]));
    heatMap();
  }
  function ages() {
    if (!sizing.oldest_kv.length) return;
    section('Oldest KV at rest', 'Time since it was written; at most, of all samples.');
    const oldest = [...sizing.oldest_kv].sort((a, b) => b.max_age_seconds - a.max_age_seconds);
    table(['tier', 'tenant', 'at most', 'at the end'], oldest.map(age => [
      age.tier, age.tenant, duration(age.max_age_seconds), duration(age.end_age_seconds)]));
  }

  hits();
  hosts();
  storage();
  links();
  ages();
};
