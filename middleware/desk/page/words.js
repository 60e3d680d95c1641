// SPDX-License-Identifier: BSD-2-Clause
// What is said, in the person's language. English is the id; the other languages come from the catalogues of
// the command line.
export const languages = [['en', 'English'], ['zh_HK', '繁體中文（香港）'], ['zh_TW', '繁體中文（台灣）'], ['zh_CN', '简体中文']];
const tags = { en: 'en', zh_HK: 'zh-Hant-HK', zh_TW: 'zh-Hant-TW', zh_CN: 'zh-Hans-CN' };
let table = {};
export let language = 'en';

// The one of ours that fits what the session or the browser says.
export function nearest(said) {
  const name = String(said).replace('-', '_');
  if (tags[name]) return name;
  if (!/^zh/i.test(name)) return 'en';
  if (/HK|MO|yue/i.test(name)) return 'zh_HK';
  return /TW|Hant/i.test(name) ? 'zh_TW' : 'zh_CN';
}

export async function choose(name) {
  let found = {};
  if (name !== 'en') {
    const answer = await fetch(`/words/${name}.json`).catch(() => null);
    if (answer && answer.ok) found = await answer.json();
    else name = 'en';
  }
  table = found;
  language = name;
  document.documentElement.lang = tags[name];
}

const own = (object, key) => Object.prototype.hasOwnProperty.call(object, key);

function fill(sentence, params, value) {
  return sentence.replace(/\{([a-z_0-9]+)\}/g, (whole, name) => (own(params, name) ? value(params[name]) : whole));
}

// A sentence of ours: t('Signed by {name}', { name }).
export function t(id, params = {}) {
  return fill(own(table, id) ? table[id] : id, params, String);
}

// With a form for one in English: tn('{n} file', '{n} files', n).
export function tn(one, many, n, params = {}) {
  const id = language === 'en' && n === 1 ? one : many;
  return t(id, { n: n.toLocaleString(tags[language]), ...params });
}

// What a deed says: an id with parameters, some of which are messages themselves.
export function worded(message) {
  if (!message) return '';
  const p = message.p || {};
  const id = language === 'en' && message.one && p.n && p.n.n === 1 ? message.one : message.id;
  return fill(own(table, id) ? table[id] : id, p, (value) => {
    if (own(value, 't')) return value.t;
    if (own(value, 'w')) return t(value.w);
    if (own(value, 'n')) return String(value.n);
    if (own(value, 'd')) return moment(value.d);
    return own(value, 'm') ? worded(value.m) : '';
  });
}

// Where this computer is, with its zone.
export function moment(seconds) {
  return new Intl.DateTimeFormat(tags[language], { dateStyle: 'long', timeStyle: 'long' }).format(new Date(seconds * 1000));
}

export function day(seconds) {
  return new Intl.DateTimeFormat(tags[language], { dateStyle: 'long' }).format(new Date(seconds * 1000));
}

export function size(bytes) {
  const units = [['GB', 2 ** 30], ['MB', 2 ** 20], ['kB', 1024]];
  for (const [unit, n] of units) {
    if (bytes >= n) return `${(bytes / n).toLocaleString(tags[language], { maximumFractionDigits: 1 })} ${unit}`;
  }
  return tn('{n} byte', '{n} bytes', bytes);
}
