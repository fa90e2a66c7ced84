// Small helpers for the page: elements, icons, words and times. Nothing here knows what the page shows.

/** strings are what the script says, in the page's language. */
export const strings = JSON.parse(document.body.dataset.strings);

/** language is the page's: "vi" or "en". */
export const language = document.documentElement.lang;

/** say is a string with each {name} replaced. */
export function say(key, values = {}) {
  return strings[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** byId is the element with an id. */
export const byId = (id) => document.getElementById(id);

/**
 * el makes an element. Attributes that are false or null are left out; `on` holds listeners; children are elements,
 * strings, or nothing. Text always goes in as text, never as HTML.
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (value !== false && value != null) {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  node.append(...children.flat().filter((child) => child != null && child !== false && child !== ''));
  return node;
}

/** icon is one of the drawings in icons.svg. */
export function icon(name, className = '') {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', `icon ${className}`.trim());
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `/demo/assets/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** quote shows a text with the words that were read marked. */
export function quote(pieces) {
  return el('q', { lang: 'vi' }, pieces.map((piece) => (piece.hit ? el('mark', {}, piece.text) : piece.text)));
}

const absolute = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hour12: false });

/** number is n in the language's grouping. */
export const number = (n) => new Intl.NumberFormat(language).format(n);
/** hours is the time of day of a moment. */
export const hours = (at) => clock.format(new Date(at));

/** shortDate is a day and month in numbers, with the year where asked for. */
export const shortDate = (at, year) =>
  new Date(at).toLocaleDateString(language === 'en' ? 'en-GB' : language, { day: 'numeric', month: 'numeric', year: year ? 'numeric' : undefined });

/** ago is how long ago a moment was, in words. */
export function ago(at) {
  const seconds = (new Date(at) - Date.now()) / 1000;
  const size = Math.abs(seconds);
  if (size < 8) return say('justNow');
  if (size < 60) return relative.format(Math.round(seconds), 'second');
  if (size < 3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (size < 86400) return relative.format(Math.round(seconds / 3600), 'hour');
  return relative.format(Math.round(seconds / 86400), 'day');
}

/** when is a moment as a time element that keeps itself up to date; the exact time is in its title. */
export function when(at) {
  return el('time', { datetime: at, title: absolute.format(new Date(at)), 'data-ago': true }, ago(at));
}

/** tick brings all relative times up to date. */
export function tick() {
  for (const node of document.querySelectorAll('time[data-ago]')) {
    const text = ago(node.getAttribute('datetime'));
    if (node.textContent !== text) node.textContent = text;
  }
}

/** put replaces what a node shows, unless it shows the same data already; it reports whether it did. */
export function put(node, data, draw) {
  const key = JSON.stringify(data);
  if (node.dataset.drawn === key) return false;
  node.dataset.drawn = key;
  node.replaceChildren(...[draw(data)].flat().filter(Boolean));
  return true;
}

/** empty is what a panel shows while there is nothing. */
export function empty(name, title, hint) {
  return el('div', { class: 'empty' }, icon(name), el('p', {}, el('b', {}, title)), hint && el('p', {}, hint));
}
