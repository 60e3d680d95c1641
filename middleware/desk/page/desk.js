// SPDX-License-Identifier: BSD-2-Clause
// The page: who may be here, which view is shown, in which language.
import { enter, post } from './api.js';
import { el } from './parts.js';
import { sign } from './sign.js';
import { today } from './today.js';
import { verify } from './verify.js';
import { choose, language, languages, nearest, t } from './words.js';

const HERE_MS = 45000;
const views = [['today', () => t('Today'), today], ['verify', () => t('Verify'), verify], ['sign', () => t('Sign'), sign]];
const main = document.getElementById('main');
let shown = 'today';
let over = false;

function show(name) {
  const [key, title, make] = views.find(([k]) => k === name) || views[0];
  shown = key;
  sessionStorage.setItem('view', key);
  document.title = `${title()} - e-Cert`;
  document.getElementById('nav').setAttribute('aria-label', t('Tasks'));
  document.getElementById('nav').replaceChildren(...views.map(([k, text]) => el('button', { type: 'button', id: `view-${k}`,
    'aria-current': k === key ? 'page' : null, onclick: () => { show(k); main.focus(); } }, text())));
  main.replaceChildren(...make());
}

function speak() {
  const select = el('select', { id: 'speak', onchange: async () => {
    sessionStorage.setItem('language', select.value);
    await choose(select.value);
    speak();
    if (over) gone();
    else show(shown);
    document.getElementById('speak').focus();
  } }, languages.map(([name, text]) => el('option', { value: name, selected: name === language }, text)));
  document.getElementById('language').replaceChildren(el('label', { class: 'unseen', for: 'speak' }, t('Language')), select);
}

function gone() {
  over = true;
  sessionStorage.removeItem('desk');
  document.getElementById('nav').replaceChildren();
  main.replaceChildren(el('h1', {}, t('This page has ended')),
    el('p', {}, t('Open it again from the menu of your computer (e-Cert Desk), or with `ecert desk`. Its address is good only once, and for a short time.')));
}

window.addEventListener('unhandledrejection', (e) => {
  if (e.reason && (e.reason.status === 401 || e.reason.status === 403 || e.reason.status === 0)) {
    e.preventDefault();
    gone();
  }
});
// A file that misses its place would be opened instead of the page.
for (const kind of ['dragover', 'drop']) window.addEventListener(kind, (e) => e.preventDefault());

async function start() {
  try {
    const said = await enter();
    const mine = nearest(said || navigator.language);
    await choose(mine === 'en' && (!said || said === 'C') ? nearest(navigator.language) : mine);
    speak();
    show(sessionStorage.getItem('view') || 'today');
    setInterval(() => over || post('/api/here'), HERE_MS);
  } catch {
    await choose(nearest(sessionStorage.getItem('language') || navigator.language));
    speak();
    gone();
  }
}
start();
