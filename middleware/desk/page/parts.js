// SPDX-License-Identifier: BSD-2-Clause
// Parts of all views. Whatever comes from outside goes in as text.
import { t, worded } from './words.js';

export function el(tag, attributes = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) e.addEventListener(name.slice(2), value);
    else if (value === true) e.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) e.setAttribute(name, value);
  }
  e.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return e;
}

// Text of somebody else, which turns nothing around it.
export const theirs = (text) => el('bdi', {}, text);

export function tell(text) {
  document.getElementById('live').textContent = text;
}

export function rows(...pairs) {
  const shown = pairs.filter(([, value]) => value);
  return el('dl', {}, ...shown.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value instanceof Node ? value : theirs(value))]));
}

// What went wrong, and what to do about it.
export function trouble(what, next) {
  return el('div', { class: 'card is-bad', role: 'alert' }, el('p', {}, what), next ? el('p', {}, next) : null);
}

export function failure(line) {
  return trouble(`${worded(line.what)}${t('.')}`, worded(line.next));
}

// How a deed ended that has nothing to say of itself; null: well, or it has told.
export function ending(end, told) {
  if (end.outcome === 'interrupted') return el('p', { class: 'card is-unsure' }, t('Stopped.'));
  if (end.outcome === 'lost') return trouble(t('Something went wrong, and the work was not finished.'), t('Try again; if it happens again, please report it.'));
  return end.outcome === 'failed' && !told ? trouble(t('This could not be done.')) : null;
}

export function refused(error) {
  const known = { asking: t('A PIN is being asked for already: answer that first.'), too_large: t('These files are too large to take at once.'),
    too_many: t('This is too much at once: try again when the rest is done.'), no_room: t('There is no room left on the disk.') };
  return trouble(known[error.error] || t('This could not be done.'), known[error.error] ? '' : error.message);
}

// ---- dropping ----
async function below(entry) {
  if (entry.isFile) return [await new Promise((good, bad) => entry.file(good, bad))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((good, bad) => reader.readEntries(good, bad));
    if (!some.length) return found;
    for (const one of some) found.push(...await below(one));
  }
}

async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  return (await Promise.all(entries.map(below))).flat();
}

export function dropZone(id, headline, taken) {
  const input = el('input', { type: 'file', multiple: true, class: 'unseen', id, onchange: () => {
    if (input.files.length) taken([...input.files]);
    input.value = '';
  } });
  const zone = el('label', { class: 'drop', for: id }, el('strong', {}, headline), el('span', { class: 'soft' }, t('or choose them here')), input);
  zone.addEventListener('dragover', (e) => { e.preventDefault(); zone.classList.add('over'); });
  zone.addEventListener('dragleave', () => zone.classList.remove('over'));
  zone.addEventListener('drop', async (e) => {
    e.preventDefault();
    zone.classList.remove('over');
    const files = await dropped(e.dataTransfer);
    if (files.length) taken(files);
  });
  return zone;
}

// A button for a few files beside the others: certificates of CAs.
export function chooser(id, label, taken) {
  const names = el('span', { class: 'soft' });
  const input = el('input', { type: 'file', multiple: true, class: 'unseen', id, accept: '.pem,.crt,.cer,.der', onchange: () => {
    names.textContent = [...input.files].map((f) => f.name).join(', ');
    taken([...input.files]);
  } });
  return el('div', { class: 'row drop-none' }, el('label', { class: 'button', for: id }, label, input), names);
}

export function save(blob, name) {
  const at = URL.createObjectURL(blob);
  const link = el('a', { href: at, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(at), 60000);
}
