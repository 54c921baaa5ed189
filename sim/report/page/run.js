'use strict';
(() => {
  const run = data.summary;

  // ---- header
  const verdictWords = {steady: 'Steady', queue_grows: 'The queue grows', too_short: 'Too short for its p99'};
  function header() {
    add(report, 'h1', run.scenario.fleet + ' · ' + run.scenario.trace);
    add(report, 'p', 'models: ' + run.scenario.models.join(', ') + ' · simulated ' + seconds(run.duration_seconds) +
        ' · seed ' + run.scenario.seed, 'faint');
    const box = add(report, 'div', undefined, 'verdict ' + run.verdict.state);
    add(box, 'strong', verdictWords[run.verdict.state]);
    const warmup = run.verdict.warmup_seconds;
    add(box, 'p', run.verdict.reason + '. Warm-up: ' + (warmup > 0 ? 'the first ' + seconds(warmup) : 'none') + '.');
    if (run.requests.failed + run.requests.rejected > 0)
      add(box, 'p', digits(run.requests.failed, 9) + ' requests timed out and ' + digits(run.requests.rejected, 9) +
          ' were rejected; latencies are those of completed requests.');
  }
  function mainFigures() {
    const list = [];
    const tile = (name, value) => list.push([name, value]);
    tile('requests completed of ' + digits(run.requests.offered, 9), digits(run.requests.completed, 9));
    tile('requests per second', digits(run.throughput.requests_per_second));
    tile('output tokens per second', digits(run.throughput.output_tokens_per_second, 4));
    tile('TTFT, median', seconds(run.latency.ttft_seconds.p50));
    tile('TTFT, p99', seconds(run.latency.ttft_seconds.p99));
    tile('TPOT, median', seconds(run.latency.tpot_seconds.p50));
    tile('E2E, p99', seconds(run.latency.e2e_seconds.p99));
    tile('prompt tokens from cache', percent(run.cache.hit_ratio));
    if (run.slo.length) tile('SLO met, all classes of offered', percent(run.slo_attainment));
    if (known(run.cost.per_hour)) tile(run.cost.currency + ' per hour', digits(run.cost.per_hour, 4));
    if (known(run.cost.per_million_output_tokens))
      tile(run.cost.currency + ' per million output tokens', digits(run.cost.per_million_output_tokens));
    if (known(run.power.mean_watts)) tile('mean power of accelerators', digits(run.power.mean_watts / 1e3) + ' kW');
    if (known(run.power.joules_per_output_token)) tile('J per output token', digits(run.power.joules_per_output_token));
    tiles(list);
  }

  // ---- tables
  const groupHead = ['requests', 'completed', 'timed out', 'rejected', 'TTFT p50', 'TTFT p99', 'TPOT p50', 'TPOT p99',
                     'E2E p50', 'E2E p99', 'output tok/s', 'cache hits', 'preemptions', 'SLO met'];
  const groupRow = group => [
    digits(group.requests.offered, 9), digits(group.requests.completed, 9), digits(group.requests.failed, 9),
    digits(group.requests.rejected, 9), seconds(group.latency.ttft_seconds.p50), seconds(group.latency.ttft_seconds.p99),
    seconds(group.latency.tpot_seconds.p50), seconds(group.latency.tpot_seconds.p99),
    seconds(group.latency.e2e_seconds.p50), seconds(group.latency.e2e_seconds.p99),
    digits(group.throughput.output_tokens_per_second, 4), percent(group.cache.hit_ratio), digits(group.preemptions, 9),
    percent(group.slo_attainment)];
  function groups(title, list) {
    section(title);
    table(['name', ...groupHead], list.map(group => [group.name, ...groupRow(group)]));
  }
  function latencyTable() {
    const rows = [['TTFT', 'ttft_seconds'], ['TTFT from schedule', 'ttft_from_schedule_seconds'], ['TPOT', 'tpot_seconds'],
                  ['ITL', 'itl_seconds'], ['E2E', 'e2e_seconds'], ['queue', 'queue_seconds']];
    if (known(run.latency.load_wait_seconds.mean)) rows.push(['load wait', 'load_wait_seconds']);
    const statistics = ['mean', 'p50', 'p90', 'p95', 'p99', 'max'];
    table(['latency', ...statistics, '95 % CI of p99'], rows.map(([name, key]) => {
      const range = (run.verdict.percentile_ci[key] || {}).p99;
      return [name, ...statistics.map(s => seconds(run.latency[key][s])),
              range ? seconds(range[0]) + ' to ' + seconds(range[1]) : '–'];
    }));
  }
  function sloTable() {
    if (!run.slo.length) return;
    section('Service levels', 'Met of offered counts timeouts and rejections as misses.');
    const words = {ttft_seconds: 'TTFT', tpot_seconds: 'TPOT', e2e_seconds: 'E2E'};
    table(['class', 'objectives', 'requests', 'met of offered', 'met of completed', 'worst hour', 'goodput req/s',
           'goodput tok/s'],
          run.slo.map(slo => [
            slo.class,
            Object.entries(slo.objectives).map(([key, limit]) => words[key] + ' ≤ ' + seconds(limit)).join(', '),
            digits(slo.offered, 9), percent(slo.attainment), percent(slo.attainment_of_completed),
            percent(slo.worst_hour_attainment), digits(slo.goodput_requests_per_second),
            digits(slo.goodput_tokens_per_second, 4)]));
  }
  function poolTable() {
    section('Pools');
    table(['pool', 'site', 'accelerator', 'model', 'replicas', 'step times', 'busy', 'KV use mean', 'KV use max',
           'evicted blocks', 'power'],
          run.pools.map(pool => [
            pool.name, pool.site, pool.accelerator, pool.model,
            pool.replicas + ' × ' + pool.accelerators_per_replica, pool.profile, percent(pool.busy_fraction),
            percent(pool.kv_usage.mean), percent(pool.kv_usage.max), digits(pool.cache.evicted_blocks.gpu, 9),
            known(pool.mean_watts) ? digits(pool.mean_watts / 1e3) + ' kW' : '–']));
    table(['pool', ...groupHead], run.pools.map(pool => [pool.name, ...groupRow(pool)]));
  }
  function routing() {
    const use = run.routing, explained = use.explained;
    const share = (tokens, all) => all ? percent(tokens / all) : '–';
    section('Routing', explained ? 'Regret: time to first token of the pick less that of an oracle\'s, over ' +
        digits(explained.decisions, 9) + ' explained decisions (routing.jsonl).' : undefined);
    const rows = [];
    if (known(use.router_seconds.mean))
      rows.push(['From the sending to the decision', seconds(use.router_seconds.mean) + ' mean, ' +
                 seconds(use.router_seconds.p99) + ' p99']);
    if (use.index.predicted_hit_tokens) {
      rows.push(['Prompt tokens that the index expected to be cached', digits(use.index.predicted_hit_tokens, 9)]);
      rows.push(['Of these not hit', share(use.index.falsely_predicted_tokens, use.index.predicted_hit_tokens)]);
      rows.push(['Of tokens hit, not expected', share(use.index.missed_tokens, use.index.hit_tokens)]);
    }
    if (explained) {
      rows.push(['Decisions no worse than the oracle\'s', share(explained.as_the_oracle, explained.decisions)]);
      rows.push(['Regret', seconds(explained.regret_seconds.mean) + ' mean, ' + seconds(explained.regret_seconds.p99) + ' p99']);
      if (known(explained.gauge_age_seconds.mean)) rows.push(['Age of the gauges seen', seconds(explained.gauge_age_seconds.mean) + ' mean']);
    }
    if (rows.length) table(['what', 'value'], rows);
    add(report, 'p', 'Largest replica over the mean of its pool; 1 is even.', 'faint');
    table(['pool', 'requests', 'prompt tokens', 'busy time'], use.load_imbalance.map(pool => [
      pool.pool, digits(pool.requests), digits(pool.prompt_tokens), digits(pool.busy_seconds)]));
  }
  function uncertainty() {
    const bands = run.uncertainty;
    if (!bands) return;
    section('How far the uncertainty of step times reaches', 'Bands of ' + digits(bands.draws, 4) +
        ' runs with drawn profiles, all else alike: one more falls within them with ' + percent(bands.interval) + '.');
    const shown = (metric, value) => metric.startsWith('latency.') ? seconds(value) :
      /(ratio|attainment)$/.test(metric) ? percent(value) : digits(value, 4);
    table(['figure', 'value', 'low', 'median', 'high'], Object.entries(bands.metrics).map(([metric, band]) =>
      [metricWords(metric),
       ...['value', 'low', 'median', 'high'].map(part => shown(metric, band[part]))]));
  }
  function fittedRanges() {
    const rows = run.pools.flatMap(pool => pool.step_time.quantities.map(one => [
      pool.name, pool.profile, one.quantity.replace(/_/g, ' '), ...one.fitted.map(value => digits(value)),
      ...one.seen.map(value => digits(value)), percent(one.outside_steps_share), percent(one.outside_busy_share)]));
    if (!rows.length) return;
    add(report, 'p', 'What step times were fitted on, beside what the run asked of them.', 'faint');
    table(['pool', 'profile', 'quantity', 'fitted from', 'to', 'seen from', 'to', 'steps outside', 'busy time outside'], rows);
  }
  function validity() {
    section('What these figures rest on');
    if (!run.validity.length) add(report, 'p', 'Nothing to declare.');
    else table(['what', 'reason'], run.validity.map(note => [note.what, note.reason]), 'notes');
    fittedRanges();
  }

  // ---- charts
  function percentileBars(title, rows, unit, scale) {
    const statistics = ['p50', 'p90', 'p95', 'p99'];
    chart(title, 'bar', {labels: rows.map(row => row[0]), datasets: statistics.map((name, i) =>
      bar(name, rows.map(row => scale(run.latency[row[1]][name])), i))},
      axis(''), axis(unit, {beginAtZero: true}));
  }
  function cdf(title, curves, unit, scale) {
    const lines = curves.filter(([, values]) => values.length).map(([name, values], i) => line(name,
      values.map((value, share) => ({x: scale(value), y: share})).filter(point => point.x > 0), i));
    chart(title, 'line', {datasets: lines}, axis(unit + ', logarithmic', {type: 'logarithmic', ticks: roundTicks}),
      axis('% at or below', {min: 0, max: 100}),
      {interaction: {mode: 'nearest', axis: 'y', intersect: false},
       callbacks: {title: () => '', label: item => item.dataset.label + ': ' + item.parsed.y + ' % within ' +
                     digits(item.parsed.x, 4)}});
  }
  function latencyCharts() {
    section('Latency of completed requests');
    latencyTable();
    if (!run.requests.completed) return;
    chartRow();
    const same = value => value;
    percentileBars('Until the first token', [['TTFT', 'ttft_seconds'], ['queue', 'queue_seconds']], 'milliseconds', milliseconds);
    percentileBars('Whole request', [['E2E', 'e2e_seconds']], 'seconds', same);
    percentileBars('Per token', [['TPOT', 'tpot_seconds'], ['ITL', 'itl_seconds']], 'milliseconds', milliseconds);
    if (data.curves.itl.length)
      cdf('Distribution per token', [['TPOT', data.curves.tpot], ['ITL', data.curves.itl]], 'milliseconds', milliseconds);
    cdf('Distribution per request', [['TTFT', data.curves.ttft], ['E2E', data.curves.e2e]], 'seconds', same);
  }

  const timeUnits = [[172800, 86400, 'days'], [7200, 3600, 'hours'], [600, 60, 'minutes'], [0, 1, 'seconds']];
  const timeUnit = last => timeUnits.find(([from]) => last >= from);
  const timeAxis = (last, [, unit, name]) => axis('time [' + name + ']', {
    type: 'linear', min: 0, max: last / unit, secondsPerUnit: unit, ticks: {includeBounds: false}});
  // In charts over time: in the colour of a pool's line, when some of its replicas are down.
  Chart.register({id: 'downtimes', beforeDatasetsDraw(drawn) {
    const {ctx, chartArea: area, scales: {x}} = drawn;
    if (!x || !x.options.secondsPerUnit) return;
    ctx.save();
    ctx.globalAlpha = 0.18;
    for (const {pool, from, to} of data.downtimes || []) {
      const i = drawn.data.datasets.findIndex(set => set.label === pool);
      if (i < 0) continue;
      const [left, right] = [from, to].map(time =>
        Math.min(area.right, Math.max(area.left, x.getPixelForValue(time / x.options.secondsPerUnit))));
      ctx.fillStyle = drawn.getDatasetMeta(i).dataset.options.borderColor;
      ctx.fillRect(left, area.top, Math.max(1, right - left), area.height);
    }
    ctx.restore();
  }});
  function timeCharts() {
    const last = Math.max(0, ...data.series.map(series => series.time[series.time.length - 1] || 0));
    if (!last) return;
    section('Over time', data.series.length < run.pools.length ?
      'The ' + data.series.length + ' of ' + run.pools.length + ' pools with the most output tokens.' : undefined);
    if ((data.downtimes || []).length) add(report, 'p', 'Shaded: some replica of the pool is down.', 'faint');
    chartRow();
    const unit = timeUnit(last);
    const over = (title, key, yTitle, scale = 1, extra = {beginAtZero: true}) => chart(title, 'line', {
      datasets: data.series.map((series, i) => line(series.pool, series.time.map((time, j) => ({
        x: time / unit[1], y: known(series[key][j]) ? series[key][j] * scale : null})), i))},
      timeAxis(last, unit), axis(yTitle, extra));
    const share = {min: 0, max: 100};
    over('Requests completed', 'requests_per_second', 'requests per second');
    over('Output', 'output_tokens_per_second', 'tokens per second');
    over('Prefill', 'input_tokens_per_second', 'tokens per second');
    over('Running', 'running', 'requests');
    over('Waiting', 'waiting', 'requests');
    over('KV use', 'kv_usage', '% of blocks held', 100, share);
    over('Cache hits', 'hit_ratio', '% of prompt tokens', 100, share);
    over('Busy', 'busy', '% of replica time', 100, share);
    over('Power', 'watts', 'kW', 1e-3);
  }
  const shortName = name => shortText(name, 18);
  // The whole run, and its parts where there are several.
  const parted = (...lists) => [['all', run], ...lists.filter(list => list.length > 1).flat().map(one => [one.name, one])]
    .filter(([, group]) => group.requests.completed).slice(0, 12);
  function whereTimeWent() {
    section('Where time went');
    chartRow();
    const rows = parted(run.pools, run.models);
    const parts = [['before the queue', 'before_queue_seconds'], ['queue', 'queue_seconds'],
                   ...(run.sizing ? [['waiting for loads', 'load_seconds']] : []),
                   ['prefill', 'prefill_seconds'], ['decode', 'decode_seconds']];
    if (rows.length)
      chart('Mean completed request', 'bar', {labels: rows.map(row => shortName(row[0])),
        datasets: parts.map(([name, key], i) => bar(name, rows.map(row => row[1].time_per_request[key]), i))},
        axis('seconds', {stacked: true, beginAtZero: true}), nameAxis({stacked: true}), across);
    const pools = run.pools.filter(pool => known(pool.busy_fraction)).slice(0, 12);
    if (!pools.length) return;
    const uses = [['busy', 'busy_fraction'], ['of peak FLOP/s', 'compute_utilisation'],
                  ['of peak memory bandwidth', 'memory_utilisation']];
    chart('Accelerators by pool', 'bar', {labels: pools.map(pool => shortName(pool.name)),
      datasets: uses.map(([name, key], i) => bar(name, pools.map(pool => 100 * pool[key]), i))},
      axis('% of the run', {min: 0, max: 100}), nameAxis(), across);
  }
  const digests = Object.entries(run.scenario.digests).map(([what, digest]) => what + ' ' + digest).join(', ');

  header();
  mainFigures();
  latencyCharts();
  uncertainty();
  sloTable();
  timeCharts();
  whereTimeWent();
  if (run.sizing) drawTiers({run, shortName, parted, timeUnit, timeAxis});
  poolTable();
  routing();
  groups('Models', run.models);
  groups('Classes', run.classes);
  groups('Tenants', run.tenants);
  validity();
  footer(digests && 'digests: ' + digests);
})();
