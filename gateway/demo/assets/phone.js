// The phone: what it shows, and what its owner writes. Messages go to the same webhook that a provider would call.

import { byId, el, hours, icon, put, say } from './dom.js';

const hook = document.querySelector('meta[name=hoidap-hook]').content;
const token = document.querySelector('meta[name=hoidap-token]').content;

/** Phone draws one contact's messages and posts replies. */
export class Phone {
  constructor(onStart) {
    this.thread = byId('thread');
    this.input = byId('write');
    this.pending = []; // written, but not seen on the phone yet
    this.messages = [];
    this.onStart = onStart;
    byId('say').addEventListener('submit', (event) => {
      event.preventDefault();
      this.say(this.input.value);
    });
    byId('brand-letter').textContent = document.body.dataset.brand.charAt(0);
    new ResizeObserver(() => this.bottom()).observe(this.thread);
    this.time();
  }

  /** time sets the clock in the status bar. */
  time() {
    byId('clock').textContent = hours(Date.now());
  }

  /** be makes the phone somebody else's. */
  be(contact) {
    if (this.contact?.id === contact.id) {
      this.contact = contact;
      return;
    }
    this.contact = contact;
    this.pending = [];
    this.thread.replaceChildren();
    delete this.thread.dataset.first;
    byId('owner').textContent = `${contact.full} · ${contact.address.replace(/^\w+:/, '')}`;
  }

  /** show brings the screen up to date with messages; those that are there already stay as they are. */
  show(messages, campaigns) {
    this.messages = messages;
    this.pending = this.pending.filter((mine) => !messages.some((m) => m.mine && seen(m, mine)));
    this.hello(campaigns);
    const ids = new Set(messages.map((m) => m.id));
    for (const node of [...this.thread.querySelectorAll('[data-id]')]) {
      if (!ids.has(node.dataset.id)) node.remove();
    }
    let grew = false;
    for (const message of messages) {
      if (this.thread.querySelector(`[data-id="${CSS.escape(message.id)}"]`)) continue;
      this.thread.append(bubble(message));
      grew = true;
    }
    this.times();
    this.waiting();
    this.options();
    if (grew) this.bottom();
  }

  /** times shows the time only where the next message has another. */
  times() {
    const all = [...this.thread.querySelectorAll('[data-id] > small')];
    all.forEach((node, i) => { node.hidden = node.textContent.slice(0, 5) === all[i + 1]?.textContent.slice(0, 5); });
  }

  /** hello is what an empty phone says: how to get the first question. */
  hello(campaigns) {
    const first = campaigns?.find((c) => !c.event);
    this.thread.querySelector('.hello')?.remove();
    if (this.messages.length || this.pending.length) return;
    this.thread.prepend(el('div', { class: 'hello' }, icon('chat'), el('p', {}, el('b', {}, say('phoneEmpty'))),
      el('p', {}, say('phoneHint')),
      first && el('button', { type: 'button', class: 'start', on: { click: () => this.onStart(first) } },
        icon('play'), say('phoneStart', { name: first.name }))));
  }

  /** waiting draws what was written and not seen yet. */
  waiting() {
    for (const node of this.thread.querySelectorAll('.pending')) node.remove();
    for (const mine of this.pending) {
      this.thread.append(el('div', { class: 'bubble mine pending', 'data-failed': mine.failed },
        el('p', { lang: 'vi' }, mine.text),
        mine.failed
          ? el('button', { type: 'button', class: 'retry', on: { click: () => this.post(mine) } }, say('failed'))
          : el('small', {}, say('sending'))));
    }
  }

  /** options puts the quick replies of the newest message under it. */
  options() {
    this.thread.querySelector('.options')?.remove();
    const last = this.messages.at(-1);
    if (!last?.options?.length || last.mine || this.pending.length) return;
    this.thread.append(el('div', { class: 'options' }, last.options.map((option) =>
      el('button', { type: 'button', on: { click: () => this.say(option.label, option.payload) } }, option.label))));
    this.bottom();
  }

  /** suggest offers replies to try. */
  suggest(list) {
    byId('tries-box').hidden = list.length === 0 || this.messages.length === 0;
    put(byId('tries'), list, () => list.map((reply) => el('li', {},
      el('button', { type: 'button', title: reply.why, on: { click: () => this.say(reply.text) } },
        el('span', { lang: 'vi' }, reply.text), el('small', {}, reply.why)))));
  }

  /** say writes as the customer. */
  say(text, payload = '') {
    text = text.trim();
    if (!text || !this.contact) return;
    this.input.value = '';
    const mine = { id: crypto.randomUUID(), from: this.contact.address, text, payload };
    this.pending.push(mine);
    this.thread.querySelector('.hello')?.remove();
    this.post(mine);
  }

  /** post hands a message to the webhook; the same id makes a repeat harmless. */
  async post(mine) {
    mine.failed = false;
    this.waiting();
    this.options();
    this.bottom();
    try {
      const { id, from, text, payload } = mine;
      const answer = await fetch(hook, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Phone-Token': token },
        body: JSON.stringify({ from, text, payload, id }),
      });
      mine.failed = !answer.ok;
    } catch {
      mine.failed = true;
    }
    this.waiting();
  }

  /** bottom shows the newest message. */
  bottom() {
    this.thread.scrollTop = this.thread.scrollHeight;
  }
}

/** seen reports whether message is the one that was written: by its id, else by its words. */
function seen(message, mine) {
  return message.id === mine.id || message.id.endsWith(mine.id) ||
    (message.text === mine.text && Math.abs(new Date(message.at) - Date.now()) < 20000);
}

/** bubble is one message. */
function bubble(message) {
  return el('div', { class: message.mine ? 'bubble mine' : 'bubble', 'data-id': message.id },
    message.mine && el('span', { class: 'hidden' }, `${say('you')}: `),
    el('p', { lang: 'vi' }, linked(message.text)),
    el('small', {}, hours(message.at), message.channel && ` · ${message.channel}`));
}

/** linked makes links of web addresses. */
function linked(text) {
  return text.split(/(https?:\/\/[^\s]+)/).map((part, i) => (i % 2
    ? el('a', { href: part, target: '_blank', rel: 'noopener noreferrer' }, part.replace(/^https?:\/\//, ''))
    : part));
}
