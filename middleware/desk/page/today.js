// SPDX-License-Identifier: BSD-2-Clause
// Today: tokens and certificates, what ends, what is wrong.
import { begin } from './api.js';
import { el, ending, failure, refused, rows, tell, theirs } from './parts.js';
import { day, moment, t, tn, worded } from './words.js';

function certificate(c) {
  const over = c.until * 1000 < Date.now();
  const state = over ? el('span', { class: 'bad' }, t('It has expired.'))
    : c.soon ? el('span', { class: 'unsure' }, t('It ends soon: ask your CA for a new one.')) : null;
  return el('div', { class: 'certificate' }, el('h4', {}, theirs(c.name)),
    rows([t('Issued by'), c.ca], [t('Good until'), day(c.until)], [t('E-mail'), c.email]), state);
}

function token(line) {
  const own = line.certificates.filter((c) => !c.authority);
  const pin = line.blocked ? el('p', { class: 'bad' }, t('The PIN is blocked: it has to be unblocked with the PUK.'))
    : line.last_try ? el('p', { class: 'bad' }, t('One try of the PIN is left.'))
      : line.tries >= 0 ? el('p', { class: 'soft' }, tn('{n} try of the PIN is left', '{n} tries of the PIN are left', line.tries)) : null;
  return el('article', { class: 'card' }, el('h3', {}, theirs(line.label)),
    rows([t('Serial number'), line.serial], [t('Model'), line.model], [t('Reader'), line.reader]), pin,
    line.virtual ? el('p', { class: 'unsure' }, t('This is a virtual token, for trying and testing only.')) : null,
    own.length ? own.map(certificate) : el('p', { class: 'unsure' }, t('There is no certificate on it.')));
}

const levels = { ok: 'good', warning: 'unsure', problem: 'bad' };

function finding(line) {
  return el('div', { class: `card is-${levels[line.level]}` }, el('p', {}, `${worded(line.what)}${t('.')}`),
    line.next ? el('p', {}, worded(line.next)) : null);
}

const kinds = { 'trust-mark': () => t('Trust mark'), 'trust-mark-status': () => t('Status of a trust mark'), certificate: () => t('Certificate') };

function due(line) {
  return el('div', { class: `card is-${line.state === 'over' ? 'bad' : 'unsure'}` },
    el('p', {}, kinds[line.what](), ' ', theirs(line.name)),
    el('p', {}, line.state === 'over' ? t('It ended on {day}.', { day: day(line.until) }) : t('It ends on {day}.', { day: day(line.until) })));
}

// All of it at once: lines by their kinds, and how it ended.
export async function look() {
  const heard = { token: [], finding: [], due: [], failed: [], note: [] };
  const deed = await begin({ do: 'today' }, (line) => heard[line.kind] && heard[line.kind].push(line));
  heard.end = await deed.over;
  return heard;
}

function section(title, ...content) {
  return el('section', {}, el('h2', {}, title), ...content);
}

function fill(into, heard) {
  const wrong = heard.finding.filter((f) => f.level !== 'ok').sort((a, b) => (a.level === 'problem' ? 0 : 1) - (b.level === 'problem' ? 0 : 1));
  const ends = heard.due.filter((d) => d.state !== 'fine');
  into.replaceChildren(
    ...heard.failed.map(failure), ending(heard.end, heard.failed.length) || '',
    section(t('Tokens'), ...(heard.token.length ? heard.token.map(token)
      : [el('p', { class: 'card is-unsure' }, t('No token is plugged in. Plug yours in, and look again.'))])),
    ends.length ? section(t('What ends'), ...ends.map(due)) : '',
    section(t('What is wrong'), ...(wrong.length ? wrong.map(finding) : [el('p', { class: 'card is-good' }, t('Nothing is wrong.'))])),
    el('p', { class: 'soft' }, t('Looked at {time}', { time: moment(Date.now() / 1000) })));
}

export function today() {
  const found = el('div', { 'aria-busy': 'true' }, el('p', {}, t('Looking at tokens…')));
  const again = el('button', { class: 'button', type: 'button', onclick: () => run() }, t('Look again'));
  async function run() {
    again.disabled = true;
    found.setAttribute('aria-busy', 'true');
    try {
      fill(found, await look());
      tell(t('Looked at {time}', { time: moment(Date.now() / 1000) }));
    } catch (error) {
      found.replaceChildren(refused(error));
      if (!error.status || error.status === 401) throw error;
    } finally {
      found.removeAttribute('aria-busy');
      again.disabled = false;
    }
  }
  run();
  return [el('h1', {}, t('Today')), el('div', { class: 'row' }, again), found];
}
