// The demo's page: follows one contact by server-sent events and hands what it hears to the phone and the panels.

import { byId, language, put, say, tick } from './dom.js';
import * as panels from './panels.js';
import { Phone } from './phone.js';
import { Picker } from './picker.js';
import { Strip } from './strip.js';

const strip = new Strip(act);
const phone = new Phone(act);
const ledger = new panels.Ledger();
const picker = new Picker(be);
const main = byId('main');
let source = null;
let contact = document.body.dataset.contact;

/** be follows somebody else. */
function be(id) {
  contact = id;
  ledger.forget();
  remember(id);
  const other = document.querySelector('.langs a');
  other.href = `/demo?${new URLSearchParams({ lang: other.dataset.lang, contact: id })}`;
  follow();
}

/** remember puts the contact into the address, so that reloading and sharing show the same one. */
function remember(id) {
  const url = new URL(location.href);
  url.searchParams.set('contact', id);
  history.replaceState(null, '', url);
}

/** follow listens to the contact; the browser reconnects by itself, and each connection starts with the whole state. */
function follow() {
  source?.close();
  source = new EventSource(`/demo/api/stream?${new URLSearchParams({ contact, lang: language })}`);
  source.onopen = () => linked(true);
  source.onerror = () => {
    linked(false);
    if (source.readyState === EventSource.CLOSED) setTimeout(again, 3000);
  };
  const hear = (name, use) => source.addEventListener(name, (event) => use(JSON.parse(event.data)));
  hear('phone', (messages) => phone.show(messages, strip.list));
  hear('campaigns', (list) => strip.show(list));
  hear('state', show);
  hear('gone', () => panels.story({ title: say('gone.title'), text: say('gone.text'), tone: 'why' }));
}

/** again follows once more, or begins anew where the contact is gone: the demo was started again, or they were erased. */
async function again() {
  const query = new URLSearchParams({ contact, lang: language });
  const answer = await fetch(`/demo/api/state?${query}`).catch(() => null);
  if (answer?.status === 404) location.replace(`/demo?${new URLSearchParams({ lang: language })}`);
  else follow();
}

/** linked shows whether the page is live. */
function linked(live) {
  byId('link').dataset.live = String(live);
  put(byId('link'), live, () => [say(live ? 'live' : 'waiting')]);
}

/** show brings everything up to date. */
function show(state) {
  picker.be(state.contact);
  phone.be(state.contact);
  strip.fits = state.fits;
  strip.show(state.campaigns);
  phone.show(state.phone, state.campaigns);
  phone.suggest(state.suggestions);
  panels.story(state.story);
  news('understood', panels.understood(state.understood));
  news('prefs', panels.preferences(state.preferences, state.facts, state.contact));
  news('offers', panels.offers(state.offers));
  news('ledger', ledger.show(state.ledger));
  main.dataset.ready = state.contact.id;
}

/** news puts a dot on the tab of a panel that changed and is not shown. */
function news(tab, changed) {
  if (changed && main.dataset.ready === contact && main.dataset.tab !== tab) {
    document.querySelector(`#tabs [data-tab=${tab}] .dot`).hidden = false;
  }
}

/** act starts a campaign, or lets the event happen that starts it. */
async function act(campaign) {
  const [url, body, key] = campaign.event
    ? ['/demo/api/event', { contact, type: campaign.event }, 'happened']
    : [`/demo/api/campaigns/${encodeURIComponent(campaign.id)}/start`, { key: crypto.randomUUID() }, 'started'];
  try {
    const answer = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    if (answer.ok) toast(say(key, { name: campaign.event ? campaign.event_name : campaign.name }));
    else toast(say('error', { why: await reason(answer) }));
  } catch {
    toast(say('error', { why: say('offline') }));
  }
}

/** reason is the sentence in an error's answer. */
async function reason(answer) {
  try {
    const problem = await answer.json();
    return problem.detail || problem.message || problem.title || answer.statusText;
  } catch {
    return answer.statusText;
  }
}

let hide = 0;

/** toast says something for a few seconds. */
function toast(text) {
  const node = byId('toast');
  node.hidden = false;
  node.textContent = text;
  clearTimeout(hide);
  hide = setTimeout(() => { node.hidden = true; }, 4000);
}

/** choose shows one panel on narrow screens. */
function choose(tab) {
  main.dataset.tab = tab;
  for (const button of document.querySelectorAll('#tabs button')) {
    const on = button.dataset.tab === tab;
    if (on) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
    if (on && button.querySelector('.dot')) button.querySelector('.dot').hidden = true;
  }
  for (const panel of document.querySelectorAll('[data-panel]')) panel.classList.toggle('on', panel.dataset.panel === tab);
}

for (const button of document.querySelectorAll('#tabs button')) button.addEventListener('click', () => choose(button.dataset.tab));
addEventListener('pagehide', () => source?.close());
setInterval(() => { tick(); phone.time(); }, 5000);
choose('understood');
picker.load();
remember(contact);
follow();
