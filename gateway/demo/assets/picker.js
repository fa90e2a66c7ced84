// The list of customers to be: a combobox that searches by name, with or without marks, and by number.

import { byId, el, say } from './dom.js';

/** plain is s in small letters without marks. */
const plain = (s) => s.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd').toLowerCase();

/** Picker calls choose(id) when somebody else was picked. */
export class Picker {
  constructor(choose) {
    this.choose = choose;
    this.people = [];
    this.at = -1;
    this.input = byId('who');
    this.list = byId('people');
    this.input.addEventListener('focus', () => this.input.select());
    this.input.addEventListener('input', () => this.open(this.input.value));
    this.input.addEventListener('click', () => this.open(''));
    this.input.addEventListener('keydown', (event) => this.key(event));
    this.input.addEventListener('blur', () => this.close());
    byId('who-open').addEventListener('mousedown', (event) => {
      event.preventDefault(); // the list closes when the input loses the focus
      this.input.focus();
      if (this.list.hidden) this.open('');
      else this.close();
    });
  }

  /** load reads everybody once. */
  async load() {
    const answer = await fetch('/demo/api/contacts');
    if (answer.ok) this.people = (await answer.json()).contacts;
  }

  /** be shows who the phone belongs to. */
  be(contact) {
    this.current = contact;
    if (this.list.hidden) this.input.value = contact.full;
  }

  open(query) {
    const words = plain(query).split(/\s+/).filter(Boolean);
    this.found = this.people.filter((p) => words.every((w) => p.search.includes(w)));
    this.at = this.found.findIndex((p) => p.id === this.current?.id);
    this.list.replaceChildren(...(this.found.length ? this.found.map((p, i) => this.option(p, i))
      : [el('li', { class: 'none', role: 'option', 'aria-disabled': 'true' }, say('noMatch'))]));
    this.list.hidden = false;
    this.input.setAttribute('aria-expanded', 'true');
    this.mark(this.at);
  }

  option(p, i) {
    return el('li', { role: 'option', id: `person-${i}`, 'aria-selected': String(p.id === this.current?.id),
      on: { mousedown: (event) => { event.preventDefault(); this.pick(i); } } },
    el('span', {}, p.full), el('small', {}, p.hint));
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
    if (this.current) this.input.value = this.current.full;
  }

  /** mark moves the active option. */
  mark(i) {
    this.at = i;
    for (const node of this.list.children) node.classList.toggle('active', node.id === `person-${i}`);
    const node = byId(`person-${i}`);
    if (!node) return;
    this.input.setAttribute('aria-activedescendant', node.id);
    node.scrollIntoView({ block: 'nearest' });
  }

  pick(i) {
    const person = this.found[i];
    if (!person) return;
    this.current = person;
    this.close();
    this.choose(person.id);
  }

  key(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) {
      event.preventDefault();
      if (this.list.hidden) this.open('');
      else if (this.found.length) this.mark((this.at + moves[event.key] + this.found.length) % this.found.length);
    } else if (event.key === 'Enter' && !this.list.hidden) {
      event.preventDefault();
      this.pick(Math.max(this.at, 0));
    } else if (event.key === 'Escape') {
      this.close();
    }
  }
}
