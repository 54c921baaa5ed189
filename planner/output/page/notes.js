'use strict';
// Plan: what it rests on, and words.
function robustness() {
  const chance = data.slo_probability;
  if (chance.draws) {
    section('How sure it is', digits(chance.met, 9) + ' of ' + digits(chance.draws, 9) + ' runs keep every goal when speeds of accelerators and demand are drawn from ' +
            'their uncertainty: ' + percent(chance.probability) + '.');
  }
  if (!data.measure_first.length) return;
  subsection('What to measure before signing');
  add(report, 'p', 'The first narrows the answer most: how far the share of requests in time moves when only this is uncertain.', 'faint');
  table(['what', 'moves the share in time by'], data.measure_first.map(one => [one.what, percent(one.attainment_spread)]));
}

function tuned() {
  if (!data.tuned.length) return;
  section('Settings that were tuned', 'Values of the fleet that were tried once the servers were chosen.');
  table(['setting', 'from', 'to', 'in time before', 'in time after'], data.tuned.map(one => [
    one.path, one.from, one.to, percent(one.attainment_before), percent(one.attainment_after)]));
}

function basis() {
  if (data.assumptions.length) {
    section('Assumptions', 'What the problem does not state. Each can be stated there.');
    table(['key', 'value', 'from'], data.assumptions.map(one => [one.path, one.value, one.source]), 'words');
  }
  if (data.prices.length) {
    section('Prices and their sources', 'In ' + currency + ', after discounts and exchange rates.');
    table(['what', 'price', 'range', 'from'], data.prices.map(price => [
      price.what, digits(price.value, 9), price.low < price.high ? digits(price.low, 9) + ' to ' + digits(price.high, 9) : '–',
      sourceText(price)]), 'words');
  }
  if (!data.validity.length) return;
  section('What to know about the simulation');
  table(['what', 'why'], data.validity.map(note => [note.what, note.reason]), 'notes');
}

const glossary = [
  ['Accelerator', 'A processor for large models, most often a GPU. A server holds several.'],
  ['Attainment', 'The share of all requests that are answered within every limit of their class.'],
  ['Capex, opex', 'What is paid once for things that are bought; what is paid every year to run them.'],
  ['E2E', 'End to end: from sending a request to the last word of its answer.'],
  ['KV cache', 'What a model has computed about the text so far, kept in the accelerator\'s memory so that it need not read everything again for each next word. It ' +
   'grows with every token and is given back when the answer is done. When it does not fit, requests wait.'],
  ['Pareto', 'A fleet on this line can be made better in one respect only by making it worse in another.'],
  ['Prior', 'Speed of an accelerator as its figures and kernels let expect it, before anyone measured it with a serving engine.'],
  ['PUE', 'Power of the whole site over power of its servers; the rest is cooling and losses.'],
  ['Replica', 'One running copy of a model.'],
  ['SLO', 'Service level objective: the promise to users, such as "95 % of answers start within a second".'],
  ['TCO', 'Total cost of ownership over the planned years.'],
  ['Tenant', 'A customer or department whose requests and data are kept apart from others\'.'],
  ['Token', 'A piece of text, about three quarters of a word. Models read and write tokens.'],
  ['tp', 'Tensor parallel: how many accelerators share one copy of the model.'],
  ['TPOT', 'Time per output token: from one word of the answer to the next.'],
  ['TTFT', 'Time to first token: how long a user waits until the answer starts.'],
  ['Unverified', 'A figure that was recalled, assumed or is in dispute: replace it by an offer or a measurement before you sign.']];
function words() {
  section('Words');
  const list = add(report, 'dl', undefined, 'glossary');
  glossary.forEach(([word, meaning]) => { add(list, 'dt', word); add(list, 'dd', meaning); });
}
