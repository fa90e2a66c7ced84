// The strip of campaigns, each with its newest run.

import { byId, el, hours, icon, number, put, say, shortDate } from './dom.js';

/** Strip draws the campaigns; `act` starts one, or lets its event happen. */
export class Strip {
  constructor(act) {
    this.act = act;
    this.fits = {}; // by campaign: whether it would ask this customer
  }

  show(list) {
    this.list = list;
    const box = byId('strip');
    const focused = document.activeElement?.dataset?.campaign;
    if (put(box, [list, this.fits], () => list.map((c) => this.card(c))) && focused) {
      box.querySelector(`button[data-campaign="${CSS.escape(focused)}"]`)?.focus();
    }
    bars(box);
  }

  card(c) {
    return el('article', { class: 'card', 'data-campaign': c.id, 'aria-label': c.name },
      el('div', { class: 'card-head' },
        el('div', {}, el('h3', { title: c.questions.join('\n') }, c.name),
          el('p', { class: 'soft' }, c.when, !c.run && nextTime(c), c.run && el('span', { class: 'run', 'data-state': c.run.state }, c.run.label))),
        el('button', { type: 'button', class: c.run ? 'start again' : 'start', 'data-campaign': c.id, title: c.event && say('happenWhy', { name: c.event_name }), disabled: c.run?.state === 'running' && !c.event,
          on: { click: () => this.act(c) } }, icon('play'), say(c.event ? 'happen' : c.run ? 'again' : 'start'))),
      c.run ? counts(c) : idle(c), fit(this.fits[c.id]));
  }
}

/** fit says whether the campaign would ask this customer. */
function fit(f) {
  return f && el('p', { class: 'fit', 'data-held': String(f.ok), title: f.text }, icon(f.ok ? 'yes' : 'no'), el('span', {}, f.text));
}

/** nextTime is when a schedule fires next. */
function nextTime(c) {
  return c.next && ` · ${say('next')} ${shortDate(c.next)} ${hours(c.next)}`;
}

/** idle is what is known before the first run. */
function idle(c) {
  return el('dl', { class: 'idle' },
    el('div', {}, el('dt', {}, say('audience')), el('dd', { title: c.source }, c.audience)),
    el('div', {}, el('dt', {}, say('questions')), el('dd', {}, c.questions[0] ?? '', c.questions.length > 1 && ` (+${c.questions.length - 1})`)));
}

/** counts are a run's numbers over a bar of where the audience is. */
function counts(c) {
  const total = c.run.counts[0].n;
  const split = c.run.split.filter((s) => s.n > 0);
  const list = split.map((s) => `${number(s.n)} ${s.label}`).join(', ');
  return [
    el('div', { class: 'bar', role: 'img', 'aria-label': say('split', { name: c.name, total: number(total), list }) },
      split.map((s) => el('i', { 'data-count': s.name, 'data-share': total ? s.n / total : 0, title: `${s.label}: ${number(s.n)}` }))),
    el('dl', { class: 'counts' }, c.run.counts.map((n) => el('div', { title: n.why, 'data-count': n.name, 'data-zero': n.n === 0 },
      el('dd', {}, number(n.n)), el('dt', {}, n.label)))),
  ];
}

/** bars sets widths by script, as the page's policy allows no style attributes. */
function bars(box) {
  for (const node of box.querySelectorAll('[data-share]')) node.style.flexGrow = node.dataset.share;
}
