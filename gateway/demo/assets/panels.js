// The live view: what was understood, what is known, what was considered, and the ledger.

import { byId, el, empty, icon, put, quote, say, shortDate, when } from './dom.js';

/** story says what just happened. */
export function story(s) {
  const changed = put(byId('story-text'), s.text, () => [s.text]);
  byId('story').dataset.tone = s.tone;
  byId('story-title').textContent = s.title;
  if (changed) flash(byId('story'));
}

/** flash draws the eye to a node once. */
export function flash(node) {
  node.classList.remove('flash');
  void node.offsetWidth; // lets the animation begin anew
  node.classList.add('flash');
}

/** understood shows the newest reply and how it was read. */
export function understood(u) {
  const verdict = byId('understood-verdict');
  verdict.textContent = u ? u.verdict : '';
  verdict.dataset.status = u?.status ?? '';
  return put(byId('understood'), u, () => (u ? reading(u) : empty('chat', say('noReply'), say('noReplyHint'))));
}

function reading(u) {
  return [
    u.question && el('p', { class: 'asked' }, u.question),
    el('blockquote', { class: 'reply' }, quote(u.reply)),
    u.words && !u.reply.some((p) => p.hit) && el('p', { class: 'soft' }, `${say('words')}: “${u.words}”`),
    u.value && el('p', { class: 'result' }, el('span', {}, u.about || say('readAs')), el('b', {}, u.value)),
    u.percent > 0 && sure(u.percent, u.status),
    u.rule && el('p', { class: 'rule' }, el('span', {}, `${say('rule')}: `), u.rule_why, ' ', el('code', {}, u.rule)),
    u.trace.length > 0 && el('details', {}, el('summary', {}, say('trace')),
      el('ol', { class: 'trace' }, u.trace.map((n) => el('li', {}, el('code', {}, n.rule), n.text && ` ${n.text}`)))),
  ];
}

/** sure is a bar of confidence. */
function sure(percent, status) {
  return el('div', { class: 'sure', 'data-status': status }, el('span', {}, say('confidence')),
    el('meter', { min: 0, max: 100, value: percent, 'aria-label': say('confidence') }), el('b', {}, `${percent}%`));
}

/** preferences shows what is known, with its proof, beside what the shop knew already. */
export function preferences(list, facts, contact) {
  byId('prefs-verdict').textContent = list.length || '';
  return put(byId('prefs'), { list, facts, consents: contact.consents, stopped: contact.stopped }, () => [
    contact.stopped && el('p', { class: 'stopped' }, icon('no'), say('stopped', { why: contact.stopped })),
    list.length ? el('ul', { class: 'prefs' }, list.map(preference)) : empty('good', say('noPrefs'), say('noPrefsHint')),
    el('div', { class: 'known' },
      contact.consents.map((c) => el('span', { class: 'chip', 'data-held': String(c.granted), title: c.source },
        icon(c.granted ? 'yes' : 'no'), say(c.granted ? 'consentYes' : 'consentNo', { purpose: c.purpose }))),
      facts.length > 0 && el('span', { class: 'chip-label', title: say('factsWhy') }, say('facts')),
      facts.map((f) => el('span', { class: 'chip plain' }, `${f.name} `, el('b', {}, f.value)))),
  ]);
}

function preference(p) {
  return el('li', {},
    el('div', { class: 'pref-head' }, el('span', { class: 'pref-label' }, p.label),
      el('span', { class: 'class', 'data-class': p.class, title: p.class_why }, p.class_label)),
    el('p', { class: 'pref-value' }, el('b', {}, p.value), el('span', { class: 'soft small' }, freshness(p.fresh_until))),
    el('p', { class: 'proof' }, quote(p.quote), ' ', el('span', { class: 'soft' },
      when(p.at), p.channel && ` · ${p.channel}`, p.percent > 0 && ` · ${p.percent}%`)),
    p.question && el('p', { class: 'soft small line', title: p.question }, p.question));
}

function freshness(until) {
  if (!until) return say('noExpiry');
  return say(new Date(until) > Date.now() ? 'fresh' : 'stale', { date: shortDate(until, true) });
}

/** offers shows which offers were weighed, and each condition with what came of it. */
export function offers(o) {
  const verdict = byId('offers-verdict');
  verdict.textContent = o.list.length ? o.verdict : '';
  return put(byId('offers'), o, () => (o.list.length
    ? el('ul', { class: 'offers' }, o.list.map((x) => offer(x, o.decided)))
    : empty('gift', say('noOffers'))));
}

function offer(o, decided) {
  return el('li', { 'data-chosen': String(o.chosen), 'data-out': String(decided && !o.eligible) },
    el('div', { class: 'offer-head' }, icon('gift'), el('b', {}, o.id), o.chosen && el('span', { class: 'given' }, o.reason)),
    el('p', { class: 'small' }, o.reason && !o.chosen && el('span', { class: 'why' }, o.reason), o.stock && el('span', { class: 'stock' }, o.stock)),
    o.text && el('p', { class: 'offer-text' }, coded(o.text, o.code)),
    el('ul', { class: 'terms' }, o.terms.length ? o.terms.map(term)
      : el('li', { 'data-held': 'true' }, icon('yes'), say('noTerms'))));
}

/** coded makes the code stand out in a text. */
function coded(text, code) {
  if (!code || !text.includes(code)) return [text, code && el('code', {}, code)];
  const [before, after] = text.split(code, 2);
  return [before, el('code', {}, code), after];
}

function term(t) {
  const [name, words] = t.held == null ? ['open', say('open')] : t.held ? ['yes', say('met')] : ['no', say('unmet')];
  return el('li', { 'data-held': String(t.held), title: t.source }, icon(name), el('span', { class: 'hidden' }, `${words}: `),
    t.plain ? el('span', {}, t.plain) : el('code', {}, t.source),
    t.saw && el('span', { class: 'soft saw' }, say('saw', { what: t.saw })));
}

/** Ledger is the timeline, which can be narrowed to the reasons why not. */
export class Ledger {
  constructor() {
    this.lines = [];
    this.known = null; // keys seen before; null: nothing was shown yet
    this.only = 'all';
    for (const button of document.querySelectorAll('[data-filter]')) {
      button.addEventListener('click', () => this.narrow(button.dataset.filter));
    }
  }

  /** forget starts anew for somebody else. */
  forget() {
    this.known = null;
  }

  narrow(to) {
    this.only = to;
    for (const b of document.querySelectorAll('[data-filter]')) b.setAttribute('aria-pressed', String(b.dataset.filter === to));
    this.draw();
  }

  show(lines) {
    this.lines = lines;
    return this.draw();
  }

  draw() {
    const lines = this.only === 'why' ? this.lines.filter((l) => l.tone === 'why') : this.lines;
    const before = this.known;
    const changed = put(byId('ledger'), lines, () => (lines.length
      ? el('ol', { class: 'ledger' }, lines.map((l) => entry(l, before && !before.has(l.key))))
      : empty('plain', say(this.only === 'why' ? 'noWhy' : 'noLedger'))));
    this.known = new Set(this.lines.map((l) => l.key));
    return changed && before !== null;
  }
}

function entry(l, fresh) {
  return el('li', { 'data-tone': l.tone, 'data-kind': l.kind, title: l.kind, class: fresh ? 'fresh' : null }, icon(l.tone),
    el('div', {}, el('p', {}, l.sentence, l.class && el('span', { class: 'tag' }, l.class)),
      l.quote && el('p', { class: 'said', lang: 'vi' }, l.quote),
      l.why && el('p', { class: 'because' }, l.why)),
    el('div', { class: 'at' }, when(l.at)));
}
