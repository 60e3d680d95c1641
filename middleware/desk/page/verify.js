// SPDX-License-Identifier: BSD-2-Clause
// Verify: drop, and read in large words whether it can be relied on, by whom it is, and from when.
import { begin, forget, put, tray } from './api.js';
import { chooser, dropZone, el, ending, failure, refused, rows, tell, theirs } from './parts.js';
import { language, moment, t, tn, worded } from './words.js';

const verdicts = {
  passed: ['good', () => t('valid')],
  indeterminate: ['unsure', () => t('cannot be called valid')],
  failed: ['bad', () => t('NOT VALID')],
  'not-in-force': ['bad', () => t('not in force')],
  none: ['unsure', () => t('not verified')],
};
const states = { ok: ['good', () => t('ok')], failed: ['bad', () => t('failed')], skipped: ['soft', () => t('skipped')], unknown: ['unsure', () => t('unknown')] };

function checks(list) {
  return el('table', {}, el('tbody', {}, list.map((c) => el('tr', {}, el('td', { class: states[c.state][0] }, states[c.state][1]()),
    el('td', {}, t(c.check)), el('td', {}, worded(c.what))))));
}

// What is to be done by whoever has no command line before them.
function advice(line) {
  if (line.decided === 'no-anchor' || line.decided === 'unknown-ca') {
    return t('Nobody here is known to trust its CA. When you do, and have the CA’s certificate from the CA itself, choose it under “Certificates of CAs that you trust”, and verify again.');
  }
  if (line.decided === 'no-content') return t('This is a signature alone. Drop it together with the file that was signed.');
  if (line.reason === 'no-signature') return t('If its signature is a file of its own, drop both together.');
  return worded(line.next);
}

// The file and the verdict stand above it.
function why(line) {
  const p = line.what.p || {};
  if (line.verdict === 'none' || !p.check) return `${worded(line.what)}${t('.')}`;
  return `${worded(p.why ? { id: '{check}: {why}', p } : { id: '{check}', p })}${t('.')}`;
}

// In the words of a command line this one names options.
function but(id) {
  return id.startsWith('it is not known whether a certificate was revoked') ? t('It is not known whether a certificate was revoked.') : `${t(id)}${t('.')}`;
}

function changed(signer) {
  const later = signer.checks.find((c) => c.check === 'later changes');
  if (later) return worded(later.what) || states[later.state][1]();
  return signer.inside && !signer.inside.whole ? t('Something was added to the file after this signature.') : '';
}

function signer(s, alone) {
  const verdict = verdicts[s.verdict];
  const who = s.who || {};
  return el('div', { class: 'signer' },
    rows([s.stamp ? t('Time stamp by') : t('Signed by'), s.who ? who.name : t('unknown: there is no certificate')],
      [t('Unit'), who.unit], [t('Business number'), who.br], [t('E-mail'), who.email], [t('Issued by'), who.ca],
      [t('Signed at, says the signer'), s.time ? moment(s.time) : ''],
      [t('Was there at, says a time stamp'), s.proved ? moment(s.proved) : ''],
      [t('Reason'), s.inside && s.inside.reason], [t('Place'), s.inside && s.inside.place],
      [t('Changed afterwards'), changed(s)],
      [t('This signature'), alone ? '' : el('span', { class: verdict[0] }, verdict[1]())]),
    el('details', {}, el('summary', {}, t('All that was checked')), rows([t('Serial number'), who.serial], [t('Kind of signature'), s.profile]), checks(s.checks)));
}

function one(line) {
  const [tone, word] = verdicts[line.verdict];
  const signers = line.signers || [];
  return el('article', { class: `card is-${tone}` },
    el('h3', {}, theirs(line.file)),
    el('p', { class: `verdict ${tone}` }, word()),
    line.buts.map((id) => el('p', { class: 'unsure' }, but(id))),
    line.verdict === 'passed' || !line.what ? null : el('p', {}, why(line)),
    line.verdict === 'passed' ? null : el('p', {}, advice(line)),
    signers.map((s) => signer(s, signers.length === 1)),
    el('details', {}, el('summary', {}, t('The file and its digest')),
      rows([t('Signature in the file'), line.signature], [t('Bytes'), line.size ? line.size.toLocaleString(language.replace('_', '-')) : ''],
        ['SHA-256', line.sha256 ? el('span', { class: 'sha' }, line.sha256) : ''], ['EN 319 102-1', line.indication]),
      line.checks ? checks(line.checks) : null,
      (line.trusted || []).map((m) => el('p', {}, worded(m)))));
}

const keep = { files: [], anchors: [], online: false };

export function verify() {
  const found = el('div', {});
  let running = null;

  async function send(to) {
    for (const f of keep.files) await put(to, f, false);
    for (const f of keep.anchors) await put(to, f, true);
  }

  async function run() {
    if (running) return;
    running = true;
    let to = 0;
    let told = 0;
    const stop = el('button', { class: 'button', type: 'button', disabled: true }, t('Stop'));
    const list = el('div', {});
    found.replaceChildren(el('h2', { tabindex: '-1' }, t('Verifying…')), el('div', { class: 'row' }, el('progress', { 'aria-label': t('Verifying…') }), stop), list);
    try {
      to = await tray();
      await send(to);
      const deed = await begin({ do: 'verify', tray: to, online: keep.online }, (line) => {
        if (line.kind === 'file') list.append(one(line));
        if (line.kind === 'failed') { told++; list.append(failure(line)); }
      });
      stop.disabled = false;
      stop.addEventListener('click', () => deed.stop());
      const end = await deed.over;
      list.append(ending(end, told) || '');
      done(list);
    } catch (error) {
      found.replaceChildren(refused(error));
      if (!error.status || error.status === 401) throw error;
    } finally {
      running = null;
      if (to) forget(to);
    }
  }

  function done(list) {
    const n = list.querySelectorAll('article').length;
    const heading = el('h2', { tabindex: '-1' }, tn('{n} file was verified', '{n} files were verified', n));
    found.replaceChildren(heading, el('p', { class: 'soft' }, moment(Date.now() / 1000)), list,
      el('div', { class: 'row' }, el('button', { class: 'button', type: 'button', onclick: () => window.print() }, t('Print this report'))));
    heading.focus();
    tell(heading.textContent);
  }

  const again = () => { if (keep.files.length) run(); };
  return [el('h1', {}, t('Verify')),
    dropZone('verify-files', t('Drop signed files here'), (files) => { keep.files = files; run(); }),
    el('details', { class: 'options' }, el('summary', {}, t('Whom to trust, and asking online')),
      el('p', { class: 'soft' }, t('What you trust already (`ecert trust`) counts by itself.')),
      chooser('verify-anchors', t('Certificates of CAs that you trust'), (files) => { keep.anchors = files; again(); }),
      el('label', { class: 'row' }, el('input', { type: 'checkbox', id: 'verify-online', onchange: (e) => { keep.online = e.target.checked; again(); } }),
        t('Ask online whether certificates were revoked: the CA then learns what is verified'))),
    found];
}
