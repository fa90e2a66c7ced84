// Keys of a page: what has data-press is pressed by its key, or focused where it is a field, while nobody types.
document.addEventListener('keydown', (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || document.querySelector('dialog[open]')) return;
  if (event.key === 'Escape' && event.target.matches('input, textarea, select')) {
    event.target.blur();
    return;
  }
  if (event.target.matches('input, textarea, select')) return;
  const at = [...document.querySelectorAll('[data-press]')].find((e) => e.dataset.press === event.key && !e.disabled);
  if (!at) return;
  event.preventDefault();
  if (at.matches('input, textarea')) at.focus();
  else at.click();
});

// A talk is read from its end.
const toEnd = () => document.querySelectorAll('.said .lines, .chat .lines').forEach((list) => { list.scrollTop = list.scrollHeight; });
document.addEventListener('DOMContentLoaded', toEnd);
document.addEventListener('htmx:afterSwap', toEnd);
toEnd();
