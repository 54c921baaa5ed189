'use strict';
(() => {
  const {compare, notes, figures} = data;
  const verdicts = {better: 'better', worse: 'worse', different: 'different', not_significant: 'not significant',
                    equal: 'equal', untested: 'one pair: not tested', unknown: 'unknown'};
  const thing = figure => figure.kind ? figure.kind + ' ' + figure.name : 'the whole run';
  const value = (figure, number, count = 4) =>
    digits(figure.metric.startsWith('latency.') && known(number) ? 1000 * number : number, count);
  const signed = share => (share > 0 ? '+' : '') + (100 * share).toFixed(Math.abs(share) < 10 ? 1 : 0);
  const change = figure => known(figure.relative) ? signed(figure.relative) + ' %' : '–';
  function range(figure) {
    if (figure.relative_interval) return figure.relative_interval.map(signed).join(' to ') + ' %';
    return figure.interval ? figure.interval.map(end => value(figure, end, 3)).join(' to ') : '–';
  }

  // ---- header
  function seedText() {
    const seeds = compare.seeds;
    if (seeds.length === 1) return 'seed ' + seeds[0];
    const last = seeds[seeds.length - 1];
    return 'seeds ' + (last - seeds[0] === seeds.length - 1 ? seeds[0] + ' to ' + last : seeds.join(', '));
  }
  function header() {
    add(report, 'h1', compare.a.name + ' → ' + compare.b.name);
    for (const side of ['a', 'b'])
      add(report, 'p', side + ': ' + compare[side].name + ' (' + compare[side].fleet + ', ' + compare[side].trace + ')', 'faint');
    add(report, 'p', 'Paired by seed: ' + seedText(), 'faint');
    const box = notes.length && add(report, 'div', undefined, 'verdict');
    for (const note of notes) add(box, 'p', note);
    tiles(Object.keys(verdicts).map(verdict => ['figures: ' + verdicts[verdict], figures.filter(one => one.verdict === verdict).length])
      .filter(([, count]) => count));
  }

  // ---- forest plot: linear to about 1 %, logarithmic beyond
  const changed = figures.filter(one => known(one.relative) && one.verdict !== 'equal');
  const drawn = changed.slice(0, kShownRows);
  const bend = share => Math.sign(share) * Math.log10(1 + 100 * Math.abs(share));
  const reach = Math.max(0.05, ...drawn.flatMap(one => [one.relative, ...(one.relative_interval || [])]).map(Math.abs));
  const at = share => 50 + 46 * bend(share) / bend(reach) + '%';
  const powers = [0.01, 0.1, 1, 10, 100, 1000].filter(share => share <= reach).slice(-4);
  const ticks = [...powers.map(share => -share), 0, ...powers];

  function shape(parent, tag, attributes, text) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, setting] of Object.entries(attributes)) element.setAttribute(name, setting);
    if (text !== undefined) element.textContent = text;
    return parent.appendChild(element);
  }
  function scale(box) {
    const row = add(box, 'div', undefined, 'forest');
    add(row, 'span', 'change from a to b, in %', 'faint');
    const plot = shape(row, 'svg', {'aria-hidden': 'true'});
    for (const tick of ticks) shape(plot, 'text', {x: at(tick), y: 16}, digits(100 * tick));
  }
  function marker(plot, figure) {
    const x = at(figure.relative);
    if (figure.verdict === 'worse') shape(plot, 'line', {x1: x, x2: x, y1: 5, y2: 19, 'class': 'bar'});
    else shape(plot, 'circle', {cx: x, cy: 12, r: 5, 'class': figure.verdict === 'better' ? 'full' : 'hollow'});
  }
  function forestRow(box, figure) {
    const row = add(box, 'div', undefined, 'forest ' + figure.verdict);
    const text = change(figure) + (figure.relative_interval ? ' (' + range(figure) + ')' : '');
    add(row, 'span', figure.title);
    const plot = shape(row, 'svg', {role: 'img', 'aria-label': figure.title + ': ' + text});
    for (const tick of ticks)
      shape(plot, 'line', {x1: at(tick), x2: at(tick), y1: 0, y2: '100%', 'class': tick === 0 ? 'zero' : 'tick'});
    if (figure.relative_interval) {
      const [low, high] = figure.relative_interval;
      shape(plot, 'line', {x1: at(low), x2: at(high), y1: 12, y2: 12, 'class': 'reach'});
    }
    marker(plot, figure);
    add(row, 'span', text);
    add(row, 'b', verdicts[figure.verdict]);
  }
  function forest() {
    section('What changed', drawn.length ? (compare.tested ? 'Lines hold the mean difference over seeds with ' +
      percent(compare.level) + ' each; better (full circle) and worse (upright bar) hold together with ' + percent(compare.level) + ' (Holm). ' : '') +
      'Linear to about 1 %, logarithmic beyond.' : 'Nothing that has a percentage.');
    const cards = add(report, 'div', undefined, 'stack');
    for (const name of new Set(drawn.map(thing))) {
      const card = add(cards, 'div', undefined, 'card');
      add(card, 'h3', name);
      scale(card);
      drawn.filter(one => thing(one) === name).forEach(one => forestRow(card, one));
    }
    if (changed.length > drawn.length)
      add(report, 'p', 'The first ' + drawn.length + ' of ' + changed.length + ' that differ; compare.json has all.', 'faint');
  }

  // ---- table
  function all() {
    section('All figures', 'p by Holm: the chance of such a difference among ' + compare.tested + ' tested, were there none.');
    table(['figure', 'a', 'b', 'b − a', 'change', '95 % interval', 'p by Holm', 'b is'], figures.map(one => [
      (one.kind ? thing(one) + ': ' : '') + one.title, value(one, one.a), value(one, one.b), value(one, one.difference, 3),
      change(one), range(one), digits(one.p_holm, 2), verdicts[one.verdict]]));
  }

  header();
  forest();
  all();
  footer();
})();
