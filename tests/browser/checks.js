// SPDX-License-Identifier: Apache-2.0
// What is wrong with a report on the screen, as sentences; `width` is that of the view in CSS pixels.
(width => {
  'use strict';
  const faults = [];
  const all = selector => [...document.querySelectorAll(selector)];
  const shortened = text => text.trim().replace(/\s+/g, ' ').slice(0, 60);
  const named = element => element.tagName.toLowerCase() + ' "' + shortened(element.textContent || element.getAttribute('aria-label') || '') + '"';
  const expect = (holds, fault) => { if (!holds) faults.push(fault); };

  // ---- colours, by WCAG 2.1
  const brush = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const mixed = new Map();
  function channels(colour) {
    if (!mixed.has(colour)) {
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
      mixed.set(colour, [...brush.getImageData(0, 0, 1, 1).data]);
    }
    return mixed.get(colour);
  }
  const linear = channel => channel <= 0.04045 * 255 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4;
  const luminance = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  function contrast(one, other) {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }
  function background(element) {
    for (let here = element; here; here = here.parentElement) {
      const colour = channels(getComputedStyle(here).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  }
  // Colours as few see them (Machado, Oliveira and Fernandes 2009, severity 1), and how far two then lie apart in CIE
  // L*a*b*, where about 2 can just be told apart side by side.
  const eyes = {
    protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]};
  const times = (matrix, vector) => matrix.map(row => row.reduce((sum, factor, i) => sum + factor * vector[i], 0));
  const toXyz = [[0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505], [0.2126, 0.7152, 0.0722], [0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089]];
  function lab(colour, eye) {
    const seen = times(eye, colour.slice(0, 3).map(linear)).map(part => Math.min(1, Math.max(0, part)));
    const [x, y, z] = times(toXyz, seen).map(part => part > 0.008856 ? Math.cbrt(part) : 7.787 * part + 16 / 116);
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  }
  const distance = (one, other, eye) => Math.hypot(...lab(one, eye).map((part, i) => part - lab(other, eye)[i]));
  function checkApart(name, colours) {
    for (const [kind, eye] of Object.entries(eyes))
      colours.forEach((one, i) => colours.slice(0, i).forEach(other =>
        expect(distance(one, other, eye) >= 20, name + ': ' + one + ' and ' + other + ' look alike with ' + kind)));
  }

  const isShown = element => element.checkVisibility() && element.getClientRects().length > 0;
  function checkContrast(element, least, colour) {
    const found = contrast(channels(colour), background(element));
    expect(found >= least, named(element) + ': contrast of ' + found.toFixed(2) + ', not ' + least);
  }

  // ---- the page
  function checkDocument() {
    expect(document.documentElement.lang, 'no language');
    expect(document.title.trim(), 'no title');
    expect(all('footer').length === 1, 'no footer: the script did not come to its end');
    expect(document.documentElement.scrollWidth <= width, 'the page is ' + document.documentElement.scrollWidth + ' px wide on ' + width);
    let level = 0;
    for (const heading of all('h1, h2, h3, h4')) {
      const own = Number(heading.tagName[1]);
      expect(own <= level + 1, named(heading) + ' follows a heading of level ' + level);
      level = own;
    }
    expect(all('h1').length === 1, all('h1').length + ' headings of level 1');
  }

  // ---- words
  function texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode())
      if (walker.currentNode.data.trim() && isShown(walker.currentNode.parentElement)) found.push(walker.currentNode);
    return found;
  }
  function checkText(text) {
    const element = text.parentElement, style = getComputedStyle(element);
    checkContrast(element, 4.5, element instanceof SVGElement ? style.fill : style.color);
    expect(!/\b(NaN|undefined|Infinity)\b|\[object /.test(text.data), named(element) + ' is no text for people');
    const range = document.createRange();
    range.selectNodeContents(text);
    const scrolls = element.closest('.scroll');
    for (const box of range.getClientRects())
      if (!scrolls && (box.right > width + 1 || box.left < -1)) return faults.push(named(element) + ' leaves the page');
    if (!element.title && style.overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1)
      faults.push(named(element) + ' is cut off');
  }
  // ---- charts
  function isEmpty(canvas) {
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', {willReadFrequently: true});
    copy.drawImage(canvas, 0, 0);
    const pixels = new Uint32Array(copy.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    return pixels.every(pixel => pixel === pixels[0]);
  }
  const valueOf = point => point !== null && typeof point === 'object' ? point.y : point;
  const count = drawn => drawn.data.datasets.flatMap(set => set.data.map(valueOf)).filter(Number.isFinite).length;
  function widest(lines) {
    brush.font = Chart.defaults.font.size + 'px ' + Chart.defaults.font.family;
    return Math.max(...[lines].flat().map(line => brush.measureText(line).width));
  }
  function checkAxes(drawn, name) {
    for (const axis of Object.values(drawn.scales)) {
      if (axis.type !== 'category') expect(axis.options.title.display && axis.options.title.text, name + ': axis ' + axis.id + ' says no unit');
      const shown = axis.ticks.filter(tick => tick.label !== null && tick.label !== '').length;
      expect(shown >= Math.min(2, axis.type === 'category' ? axis.getLabels().length : 2), name + ': axis ' + axis.id + ' has ' + shown + ' labels');
      if (axis.options.title.display)
        expect(widest(axis.options.title.text) <= (axis.isHorizontal() ? drawn.width : axis.height + 8), name + ': the title of axis ' + axis.id + ' is cut off');
      expect(axis.isHorizontal() || axis.height >= 12 * shown, name + ': labels of axis ' + axis.id + ' lie on each other');
      checkContrast(drawn.canvas, 4.5, axis.options.ticks.color);
    }
  }
  function checkChart(canvas) {
    const name = 'chart "' + canvas.getAttribute('aria-label') + '"', drawn = Chart.getChart(canvas);
    expect(canvas.getAttribute('role') === 'img' && canvas.getAttribute('aria-label'), name + ' has no words for who does not see it');
    expect(!isEmpty(canvas), name + ' is empty');
    expect(count(drawn) > 0, name + ' shows no value');
    const box = canvas.getBoundingClientRect(), card = canvas.closest('.card').getBoundingClientRect();
    expect(box.right <= card.right + 1 && box.bottom <= card.bottom + 1, name + ' leaves its card');
    expect(drawn.chartArea.width >= 0.4 * drawn.width && drawn.chartArea.height >= 0.4 * drawn.height, name + ': more words than chart');
    checkAxes(drawn, name);
    const sets = drawn.getSortedVisibleDatasetMetas();
    const colours = sets.map(set => set.type === 'bar' ? set.controller.getStyle(0).backgroundColor : set.controller.getStyle(0).borderColor);
    colours.forEach(colour => checkContrast(canvas, 3, colour));
    checkApart(name, [...new Set(colours)].map(channels));
  }

  checkDocument();
  texts().forEach(checkText);
  all('canvas').forEach(checkChart);
  all('[role=img]').forEach(image => expect(image.getAttribute('aria-label'), 'an image without words'));
  for (const box of all('.scroll'))
    expect(box.scrollWidth <= box.clientWidth || box.tabIndex === 0, named(box) + ' scrolls, but not by keyboard');
  return [...new Set(faults)];
})
