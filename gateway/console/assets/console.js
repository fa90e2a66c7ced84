// What pages need a script for: dialogs, the menu on a phone, search by keyboard, copying, questions before what cannot be
// undone, and saying that the connection is lost, or that nobody is signed in.
const $ = (selector, root = document) => root.querySelector(selector);

const open = (id) => {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  dialog.showModal();
  $('input:not([type=hidden])', dialog)?.select();
};

document.addEventListener('click', (event) => {
  const at = event.target.closest('[data-dialog], [data-close], [data-menu], [data-copy]');
  if (event.target.tagName === 'DIALOG') event.target.close();
  if (!at) return;
  if (at.dataset.dialog) open(at.dataset.dialog);
  if ('close' in at.dataset) at.closest('dialog').close();
  if (at.dataset.copy) navigator.clipboard?.writeText(at.dataset.copy);
  if ('menu' in at.dataset) {
    const shown = document.getElementById('menu').toggleAttribute('data-open');
    at.setAttribute('aria-expanded', shown);
  }
});

document.addEventListener('focusin', (event) => {
  if ('select' in event.target.dataset) event.target.select();
});

document.addEventListener('submit', (event) => {
  const ask = event.target.dataset.ask;
  if (ask && !window.confirm(ask)) event.preventDefault();
  if ('search' in event.target.dataset) {
    event.preventDefault();
    toFirstHit();
  }
});

// Enter goes to the first of what was found. Whoever presses it before that is there gets there once it is.
let hasty = false;
const toFirstHit = () => {
  const found = $('#hits .hits');
  hasty = found?.dataset.q !== $('#search input').value.trim();
  if (!hasty) $('a', found)?.click();
};
document.addEventListener('htmx:afterSwap', () => { if (hasty) toFirstHit(); });
document.addEventListener('input', () => { hasty = false; });

document.addEventListener('keydown', (event) => {
  if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    open('search');
    return;
  }
  const dialog = event.target.closest?.('#search');
  if (!dialog || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
  const stops = [$('input', dialog), ...dialog.querySelectorAll('.hits a')];
  const next = stops[stops.indexOf(document.activeElement) + (event.key === 'ArrowDown' ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
});

const lost = (is) => {
  const line = document.getElementById('lost');
  if (line) line.hidden = !is;
};
document.addEventListener('htmx:sseError', () => lost(true));
document.addEventListener('htmx:sseOpen', () => lost(false));
document.addEventListener('htmx:sendError', () => lost(true));
document.addEventListener('htmx:afterOnLoad', (event) => {
  lost(false);
  if (event.detail.xhr.status !== 401) left(false);
});

// Nobody is signed in any more: that is said where they are, as something may have been typed there.
const left = (is) => {
  const line = document.getElementById('left');
  if (line) line.hidden = !is;
};
document.addEventListener('signed-out', () => left(true));
htmx.createEventSource = (url) => {
  const source = new EventSource(url);
  source.addEventListener('signed-out', () => {
    source.close();
    left(true);
  });
  return source;
};

// What was sent from a dialog and came back with something to say stands in that dialog.
document.querySelector('dialog[data-open]')?.showModal();
