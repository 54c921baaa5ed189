'use strict';
// Plan: what can be checked by hand.
function amount(value, unit) {
  if (!known(value)) return '–';
  const prefixes = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
  let i = 0;
  for (; Math.abs(value) >= 999.5 && i + 1 < prefixes.length; ++i) value /= 1000;
  return digits(value) + ' ' + prefixes[i] + unit;
}
const share = (part, all) => all > 0 ? percent(part / all) : '–';

function formula(box, name, text, note) {
  const line = add(box, 'p', undefined, 'formula');
  add(line, 'b', name);
  add(line, 'span', text);
  if (note) add(box, 'p', note, 'faint');
}

function sheet(check) {
  const box = add(report, 'div', undefined, 'card sheet');
  const perRequest = check.concurrency > 0 ? check.kv_tokens_needed / check.concurrency : null;
  const stay = check.requests_per_second > 0 ? check.concurrency / check.requests_per_second : null;
  add(box, 'h3', check.option);
  add(box, 'p', 'One replica of this pool, with ' + digits(check.requests_per_second) + ' requests per second, as in the plan.', 'faint');
  formula(box, 'Room', amount(check.kv_capacity_tokens, '') + ' tokens × ' + amount(check.kv_bytes_per_token, 'B') + ' = ' +
          amount(check.kv_capacity_tokens * check.kv_bytes_per_token, 'B') + ' of KV cache, beside ' + amount(check.weights_bytes, 'B') + ' of weights',
          'Memory that is left once the model is loaded.');
  formula(box, 'In flight', digits(check.requests_per_second) + ' requests/s × ' + seconds(stay) + ' = ' + digits(check.concurrency) + ' requests',
          'Little\'s law: what comes in, times how long it stays, is what is there.');
  formula(box, 'KV needed', digits(check.concurrency) + ' requests × ' + digits(perRequest) + ' tokens = ' + amount(check.kv_tokens_needed, '') + ' tokens = ' +
          amount(check.kv_tokens_needed * check.kv_bytes_per_token, 'B') + ', ' + share(check.kv_tokens_needed, check.kv_capacity_tokens) + ' of the room',
          'More than the room would make requests wait.');
  formula(box, 'Arithmetic', amount(check.flops_per_second, 'FLOP/s') + ' ÷ ' + amount(check.peak_flops_per_second, 'FLOP/s') + ' = ' +
          share(check.flops_per_second, check.peak_flops_per_second) + ' of peak', 'Reading prompts is mostly arithmetic.');
  formula(box, 'Memory reads', amount(check.bytes_per_second, 'B/s') + ' ÷ ' + amount(check.peak_bytes_per_second, 'B/s') + ' = ' +
          share(check.bytes_per_second, check.peak_bytes_per_second) + ' of peak', 'Writing answers is mostly reading weights and KV cache from memory.');
  formula(box, 'Busy', percent(check.busy_fraction) + ' of the time');
  if (check.limit) add(box, 'p', 'What explains the rest: ' + check.limit + '.');
}

function handChecks() {
  if (!data.hand_checks.length) return;
  section('Check it by hand', 'One sheet for each pool. With a pocket calculator the figures must come out; what they leave open, the simulation explains.');
  data.hand_checks.forEach(sheet);
}

function capacities() {
  const rows = data.capacities.filter(row => row.bound_requests_per_second > 0 || row.simulated_requests_per_second > 0);
  if (!rows.length) return;
  section('What one server can do', 'Requests per second within the goals: no schedule does more than the bound; by hand is a formula; simulated is ' +
          'what one server really carries. 0: it cannot keep the goals.');
  const used = new Set(chosen ? chosen.pools.map(pool => pool.name) : []);
  const order = [...rows].sort((a, b) => used.has(b.option) - used.has(a.option));
  table(['option', 'tenant', 'class', 'bound', 'by hand', 'simulated', 'simulated ÷ bound', 'in the plan'], order.map(row => [
    row.option, row.tenant, className(row.class), digits(row.bound_requests_per_second), digits(row.by_hand_requests_per_second),
    digits(row.simulated_requests_per_second), share(row.simulated_requests_per_second, row.bound_requests_per_second), used.has(row.option) ? 'yes' : '–']));
}
