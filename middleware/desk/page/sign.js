// SPDX-License-Identifier: BSD-2-Clause
// Sign: drop, choose, one PIN outside of this page, and what was made is saved.
import { begin, fetched, put, tray } from './api.js';
import { chooser, dropZone, el, ending, failure, refused, rows, save, tell, theirs } from './parts.js';
import { look } from './today.js';
import { day, size, t, tn, worded } from './words.js';

const formats = () => [['', t('What fits each file')], ['pades', t('Inside of the PDF (PAdES)')], ['cades', t('A file beside it (CAdES, .p7s)')],
  ['xades', t('XML (XAdES)')], ['jades', t('JSON (JAdES)')], ['together', t('All files in one container (ASiC-E)')]];
const isPdf = (file) => /\.pdf$/i.test(file.name);

function select(id, options) {
  return el('select', { id }, options.map(([value, text]) => el('option', { value }, text)));
}

function field(id, label, input, more) {
  return el('div', { class: 'field' }, el('label', { for: id }, label), input, more);
}

export function sign() {
  let files = [];
  let chain = [];
  let certificates = [];
  const list = el('ul', { class: 'files' });
  const format = select('sign-format', formats());
  const certificate = el('select', { id: 'sign-certificate' });
  const who = el('div', { 'aria-live': 'polite' }, el('p', { class: 'soft' }, t('Looking at tokens…')));
  const visible = el('input', { type: 'checkbox', id: 'sign-visible' });
  const reason = el('input', { type: 'text', id: 'sign-reason', maxlength: '200', autocomplete: 'off' });
  const lastTry = el('input', { type: 'checkbox', id: 'sign-last' });
  const lastRow = el('label', { class: 'row bad', hidden: true }, lastTry, t('Use the last try of the PIN: a wrong one blocks the token'));
  const go = el('button', { class: 'act', type: 'button', disabled: true, onclick: () => run() }, t('Sign'));
  const pdf = el('div', {}, el('label', { class: 'row' }, visible, t('Show the signature on the last page of each PDF')),
    field('sign-reason', t('Why you sign (said in the PDF; may be empty)'), reason));
  const form = el('div', {});
  const result = el('div', {});

  const ready = () => { go.disabled = !(files.length && certificates.length); };

  function show() {
    list.replaceChildren(...files.map((f, i) => el('li', {}, theirs(f.name), el('span', { class: 'soft' }, size(f.size)),
      el('button', { class: 'button', type: 'button', 'aria-label': t('Leave out {file}', { file: f.name }), onclick: () => { files.splice(i, 1); show(); } }, t('Leave out')))));
    pdf.hidden = !files.some(isPdf);
    go.textContent = files.length > 1 ? tn('Sign {n} file', 'Sign {n} files', files.length) : t('Sign');
    ready();
  }

  async function tokens() {
    const heard = await look();
    certificates = heard.token.flatMap((k) => k.certificates.filter((c) => c.signs && c.until * 1000 > Date.now()).map((c) => ({ ...c, token: k })));
    certificate.replaceChildren(...certificates.map((c, i) => el('option', { value: i },
      t('{name}, on {token}, until {day}', { name: c.name, token: c.token.label, day: day(c.until) }))));
    who.replaceChildren(certificates.length ? field('sign-certificate', t('Sign as'), certificate)
      : el('p', { class: 'card is-unsure' }, t('There is no token with a certificate that may sign. Plug yours in, and look again.')),
    el('button', { class: 'button', type: 'button', onclick: tokens }, t('Look again')));
    chosen();
    ready();
  }

  function chosen() {
    const c = certificates[certificate.value || 0];
    lastRow.hidden = !(c && c.token.last_try);
    lastTry.checked = false;
  }
  certificate.addEventListener('change', chosen);

  function request(to) {
    const c = certificates[certificate.value || 0];
    const together = format.value === 'together';
    return { do: 'sign', tray: to, token: c.token.serial || c.token.label, certificate: c.id, together, format: together ? '' : format.value,
      visible: visible.checked && files.some(isPdf) ? 'last,bottom-right' : '', reason: files.some(isPdf) ? reason.value : '', last_try: lastTry.checked };
  }

  async function send(bar) {
    const to = await tray();
    bar.max = Math.max(1, files.reduce((n, f) => n + f.size, 0));
    bar.value = 0;
    for (const f of files) await put(to, f, false, (n) => { bar.value += n; });
    for (const f of chain) await put(to, f, true);
    return to;
  }

  // One line of what it says, into what is shown meanwhile.
  function hear(line, at) {
    if (line.kind === 'asking') {
      at.now.textContent = t('Type the PIN in the window that has opened, or on the keypad of the reader. It is never typed into this page.');
      at.asked.replaceChildren(...[line.title, line.reason, line.error].filter(Boolean).map((m) => el('p', { class: 'name' }, worded(m))));
    } else if (line.kind === 'asked') {
      at.now.textContent = t('Signing…');
      at.asked.replaceChildren();
    } else if (line.kind === 'progress') {
      at.now.textContent = t('Signing {file} ({i} of {n})', { file: line.file, i: line.i, n: line.n });
    } else if (line.kind === 'signed') {
      at.bar.max = files.length;
      at.bar.value = ++at.signed;
    } else if (line.kind === 'note') {
      at.notes.append(el('li', {}, worded(line.what)));
    } else if (line.kind === 'failed') {
      at.failed.push(line);
    } else if (line.kind === 'row') {
      at.rows.push(line);
    } else if (line.kind === 'signer') {
      at.signer = line;
    }
    if (line.kind === 'asking' || line.kind === 'asked') tell(at.now.textContent);
  }

  async function run() {
    const at = { now: el('p', {}, t('Reading the files…')), asked: el('div', {}), bar: el('progress', { 'aria-label': t('Signing…') }), notes: el('ul', { class: 'soft' }),
      failed: [], rows: [], signed: 0, signer: null };
    const stop = el('button', { class: 'button', type: 'button', disabled: true }, t('Stop'));
    form.hidden = true;
    result.replaceChildren(el('section', { class: 'card' }, el('h2', {}, t('Signing…')), at.now, at.asked, at.bar, el('div', { class: 'row' }, stop), at.notes));
    try {
      const to = await send(at.bar);
      at.bar.removeAttribute('value');
      const deed = await begin(request(to), (line) => hear(line, at));
      stop.disabled = false;
      stop.addEventListener('click', () => { stop.textContent = t('Stopping…'); deed.stop(); });
      finished(to, at, await deed.over);
    } catch (error) {
      form.hidden = false;
      result.replaceChildren(refused(error));
      if (!error.status || error.status === 401) throw error;
    }
  }

  function made(to, line) {
    const name = line.signature;
    return el('li', {}, el('span', {}, theirs(line.file), line.file === name ? null : [' → ', theirs(name)]),
      el('button', { class: 'button', type: 'button', 'aria-label': t('Save {file}', { file: name }), onclick: async () => save(await fetched(to, name), name) }, t('Save')));
  }

  function finished(to, at, end) {
    const signed = at.rows.filter((r) => r.fate === 'signed');
    const lost = at.rows.filter((r) => r.fate === 'failed');
    const names = [...new Set(signed.map((r) => r.signature))];
    const saves = names.map((name) => signed.find((r) => r.signature === name));
    const heading = el('h2', { tabindex: '-1' }, tn('{n} file is signed', '{n} files are signed', signed.length));
    // What failed as a whole because of its parts is told with them.
    const whole = at.failed.filter((f) => f.reason !== 'batch-incomplete' || !lost.length);
    result.replaceChildren(heading, ...whole.map(failure), ending(end, at.failed.length) || '',
      signed.length ? el('section', { class: 'card is-good' },
        at.signer ? rows([t('Signed by'), at.signer.name]) : null,
        el('ul', { class: 'files', id: 'sign-made' }, saves.map((r) => made(to, r))),
        names.length > 1 ? el('button', { class: 'act', type: 'button', onclick: async () => { for (const n of names) save(await fetched(to, n), n); } }, t('Save all')) : null) : '',
      ...lost.map((r) => el('div', { class: 'card is-bad' }, el('h3', {}, theirs(r.file)), el('p', {}, `${worded(r.what)}${t('.')}`), el('p', {}, worded(r.next)))),
      at.notes.childElementCount ? at.notes : '',
      el('div', { class: 'row' }, el('button', { class: 'button', type: 'button', id: 'sign-again', onclick: () => { form.hidden = false; result.replaceChildren(); if (signed.length) files = []; show(); } },
        signed.length ? t('Sign other files') : t('Back'))));
    heading.focus();
    tell(heading.textContent);
  }

  form.append(dropZone('sign-files', t('Drop files to sign here'), (more) => { files.push(...more); show(); }), list, who,
    field('sign-format', t('Kind of signature'), format), pdf,
    el('details', { class: 'options' }, el('summary', {}, t('More')),
      el('p', { class: 'soft' }, t('When the token does not keep the certificates of its CA, add them, so that others can verify.')),
      chooser('sign-chain', t('Certificates of the CA'), (some) => { chain = some; })),
    lastRow, el('div', { class: 'row' }, go));
  show();
  tokens();
  return [el('h1', {}, t('Sign')), form, result];
}
