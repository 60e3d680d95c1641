// SPDX-License-Identifier: BSD-2-Clause
// Asking ecert-desk. The session's token is in a header and in nothing that a browser sends by itself.
import { language } from './words.js';

const PIECE = 4 << 20;
let token = sessionStorage.getItem('desk');

export class Refused extends Error {
  constructor(status, error, why) {
    super(why || String(status));
    this.status = status;
    this.error = error;
  }
}

async function ask(path, options) {
  const headers = { ...(options.headers || {}) };
  if (token) headers.Authorization = `Bearer ${token}`;
  let answer;
  try {
    answer = await fetch(path, { ...options, headers, cache: 'no-store', credentials: 'omit', redirect: 'error' });
  } catch {
    throw new Refused(0, 'gone');
  }
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({}));
  throw new Refused(answer.status, told.error, told.error_description);
}

export async function post(path, body = {}) {
  const answer = await ask(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  return answer.json();
}

export async function get(path, params) {
  return ask(`${path}?${new URLSearchParams(params)}`, { method: 'GET' });
}

// By the code behind the #, which goes out of the address and of the history before it is used. What the
// session speaks, or null: nobody may be here.
export async function enter() {
  const code = location.hash.slice(1);
  if (code) {
    history.replaceState(null, '', '/');
    token = null;
    const got = await post('/api/enter', { code });
    token = got.session;
    sessionStorage.setItem('desk', token);
    sessionStorage.setItem('language', got.language);
  }
  if (!token) throw new Refused(401, 'invalid_token');
  await post('/api/here');
  return sessionStorage.getItem('language') || '';
}

// ---- files ----
export async function tray() {
  return (await post('/api/tray')).tray;
}

// Piece by piece; told(bytes) after each. Its name there.
export async function put(to, file, anchor, told = () => {}) {
  const { name } = await post('/api/tray/file', { tray: to, name: file.name, anchor });
  for (let at = 0; at < file.size; at += PIECE) {
    const params = { tray: to, name, at, ...(anchor ? { anchor: 1 } : {}) };
    const piece = file.slice(at, at + PIECE);
    await ask(`/api/tray/bytes?${new URLSearchParams(params)}`,
      { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: piece });
    told(piece.size);
  }
  return name;
}

export async function fetched(from, name) {
  const pieces = [];
  for (let at = 0; ;) {
    const piece = await (await get('/api/tray/bytes', { tray: from, name, at })).blob();
    if (!piece.size) return new Blob(pieces, { type: 'application/octet-stream' });
    pieces.push(piece);
    at += piece.size;
  }
}

export async function forget(which) {
  await post('/api/tray/forget', { tray: which }).catch(() => {});
}

// ---- deeds ----
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Begins one; said(line) for each line. `over` is how it ended; stop() asks it to.
export async function begin(request, said) {
  const { deed } = await post('/api/deed', { language, ...request });
  const follow = async () => {
    let end = null;
    for (let after = 0; ;) {
      const heard = await (await get('/api/deed', { deed, after })).json();
      for (const line of heard.said) {
        if (line.kind === 'end') end = line;
        else said(line);
      }
      after = heard.next;
      if (heard.over) return end || { outcome: 'lost' };
      await pause(heard.said.length ? 30 : 120);
    }
  };
  return { over: follow(), stop: () => post('/api/deed/stop', { deed }) };
}
