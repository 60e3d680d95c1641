// SPDX-License-Identifier: BSD-2-Clause
// Opens pages in one Chromium over --remote-debugging-pipe and tells what is wrong with them: what axe-core
// finds serious or critical, what the site's own policy refused, what does not fit the screen, which letters
// had no font. A picture of each is left in OUT, of active ones whole.
//
//   node pages.js PACKAGES OUT PROFILE CHROMIUM-OPTION... <jobs
//
// A job is a line `NAME WIDTH light|dark script|none axe|look ADDRESS EXPECTED`: EXPECTED is a regular expression for
// what the page says in its largest letters, 404 for a page that is not there, search:WORD for a word to look for
// that one member has, or report:WORDS for what is said when the form of the page was filled in and sent. Answers are lines `ok NAME` or `not ok NAME: why`.
'use strict';
const { spawn } = require('node:child_process');
const { readFileSync, writeFileSync } = require('node:fs');

const [packages, out, profile, ...options] = process.argv.slice(2);
const axe = readFileSync(`${packages}/axe-core/axe.min.js`, 'utf8');
const jobs = readFileSync(0, 'utf8').split('\n').filter(Boolean).map((line) => {
  const [name, width, scheme, script, depth, address, ...expected] = line.split(' ');
  return { name, width: Number(width), scheme, script: script === 'script', axe: depth === 'axe', whole: name.startsWith('active'), address, expected: expected.join(' ') };
});

// ---- the protocol: JSON ended by NUL, written to descriptor 3 and read from 4 ----
class Browser {
  constructor() {
    this.child = spawn('chromium', ['--headless=new', '--remote-debugging-pipe', '--no-sandbox', '--disable-gpu',
      '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking', '--disable-component-update',
      '--disable-sync', '--disable-extensions', '--hide-scrollbars', '--mute-audio', `--user-data-dir=${profile}`, ...options,
      'about:blank'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    this.next = 1;
    this.waiting = new Map();
    this.heard = [];
    this.listeners = [];
    let rest = Buffer.alloc(0);
    this.child.stdio[4].on('data', (more) => {
      rest = Buffer.concat([rest, more]);
      for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
        this.hear(JSON.parse(rest.subarray(0, end).toString('utf8')));
        rest = rest.subarray(end + 1);
      }
    });
    this.gone = new Promise((resolve) => this.child.on('exit', resolve));
  }

  hear(said) {
    const to = this.waiting.get(said.id);
    if (to) {
      this.waiting.delete(said.id);
      if (said.error) to.reject(new Error(`${to.method}: ${said.error.message}`));
      else to.resolve(said.result);
      return;
    }
    this.heard.push(said);
    this.listeners = this.listeners.filter((listener) => !listener(said));
  }

  send(method, params = {}) {
    const id = this.next++;
    this.child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId: this.session })}\0`);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject, method }));
  }

  event(method) {
    return new Promise((resolve) => this.listeners.push((said) => said.method === method && (resolve(said.params), true)));
  }

  // In a world of its own: the page's script and policy know nothing of it.
  async evaluate(expression, contextId) {
    const answer = await this.send('Runtime.evaluate', { expression, contextId, awaitPromise: true, returnByValue: true });
    if (answer.exceptionDetails) throw new Error(JSON.stringify(answer.exceptionDetails).slice(0, 400));
    return answer.result.value;
  }
}

async function attach(b) {
  const { targetId } = await b.send('Target.createTarget', { url: 'about:blank' });
  b.session = (await b.send('Target.attachToTarget', { targetId, flatten: true })).sessionId;
  for (const domain of ['Page', 'Runtime', 'Log', 'Network', 'DOM', 'CSS']) await b.send(`${domain}.enable`);
}

// Fonts that letters were taken from; a letter that no font has is drawn by a font of last resort, as a box.
async function fontsOf(b) {
  const { root } = await b.send('DOM.getDocument', { depth: 0 });
  const { nodeIds } = await b.send('DOM.querySelectorAll', { nodeId: root.nodeId, selector: 'h1, h2, p, dt, dd, li, th, td' });
  const found = new Set();
  for (const nodeId of nodeIds.slice(0, 12)) {
    const { fonts } = await b.send('CSS.getPlatformFontsForNode', { nodeId });
    fonts.forEach((font) => found.add(font.familyName));
  }
  return [...found];
}

async function axeFinds(b, job, world) {
  await b.evaluate(axe, world);
  const found = await b.evaluate(`axe.run(document, { resultTypes: ['violations'],
    runOnly: ${job.scheme === 'dark'} ? ['color-contrast', 'target-size', 'link-in-text-block'] : ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((r) => ({
      rules: r.passes.length,
      bad: r.violations.map((v) => v.impact + ' ' + v.id + ' at ' +
        v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')) }))`, world);
  console.log(`# ${job.name}: ${found.rules} rules; ${found.bad.join('; ') || 'nothing'}`);
  const bad = found.bad.filter((line) => /^(serious|critical) /.test(line));
  return found.rules < (job.scheme === 'dark' ? 1 : 10) ? [`axe-core applied ${found.rules} rules only`] : bad;
}

// A person types into the field of the register; the list of all members comes from the site.
async function search(b, text) {
  const rows = await b.evaluate(`new Promise((resolve) => {
    const q = document.getElementById('q');
    const rows = () => Array.from(document.querySelectorAll('#members tbody tr')).map((e) => e.textContent);
    q.value = ${JSON.stringify(text)};
    q.dispatchEvent(new Event('input'));
    let turns = 100;
    const look = () => (rows().length === 1 || !--turns ? resolve(rows()) : setTimeout(look, 50));
    look();
  })`);
  return rows.length === 1 && rows[0].includes(text) ? [] : [`the search for ${text} shows ${rows.join(' | ') || 'nothing'}`];
}

// What a page does wrong, as sentences.
async function judge(b, job) {
  const wrong = [];
  b.heard = [];
  await b.send('Emulation.setDeviceMetricsOverride',
    { width: job.width, height: job.width < 600 ? 780 : 900, deviceScaleFactor: 1, mobile: job.width < 600 });
  await b.send('Emulation.setScriptExecutionDisabled', { value: !job.script });
  await b.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: job.scheme }] });
  const loaded = b.event('Page.loadEventFired');
  const { frameId, errorText } = await b.send('Page.navigate', { url: job.address });
  if (errorText) return [errorText];
  await loaded;
  // What was not run while the page came is not run now.
  await b.send('Emulation.setScriptExecutionDisabled', { value: false });

  if (job.expected.startsWith('report:')) {
    const answered = b.event('Page.loadEventFired');
    await b.evaluate(`document.getElementById('seen').value = 'https://copy.example/';
      document.querySelector('.report button').click()`);
    await answered;
    job.expected = job.expected.slice(7);
  }

  const { executionContextId: world } = await b.send('Page.createIsolatedWorld', { frameId, worldName: 'judge' });
  const page = await b.evaluate(`({
    wide: document.scrollingElement.scrollWidth, lang: document.documentElement.lang,
    status: Array.from(document.querySelectorAll('h1, .status .word, .status .stale:not([hidden]), h1 + .copy')).map((e) => e.textContent).join(' | '),
    small: Array.from(document.querySelectorAll('body *')).filter((e) => e.offsetParent && e.textContent.trim() &&
      parseFloat(getComputedStyle(e).fontSize) < 12).length })`, world);
  if (page.wide > job.width) wrong.push(`${page.wide} pixels wide`);
  if (page.small) wrong.push(`${page.small} elements in letters of less than 12 pixels`);
  if (job.expected.startsWith('search:')) wrong.push(...await search(b, job.expected.slice(7)));
  else if (job.expected !== '404' && !new RegExp(job.expected).test(page.status)) wrong.push(`it says "${page.status}"`);
  if (job.axe) wrong.push(...await axeFinds(b, job, world));
  const fonts = await fontsOf(b);
  if (page.lang.startsWith('zh') && fonts.every((font) => /DejaVu|Liberation/.test(font))) wrong.push(`no font for Chinese: ${fonts}`);
  console.log(`# ${job.name}: ${page.lang}, fonts ${fonts.join(', ')}`);
  for (const said of b.heard) {
    if (said.method === 'Log.entryAdded' && said.params.entry.level === 'error' && job.expected !== '404')
      wrong.push(`${said.params.entry.text} ${said.params.entry.url || ''}`);
    if (said.method === 'Runtime.exceptionThrown') wrong.push(said.params.exceptionDetails.text);
    if (said.method === 'Network.requestWillBeSent' && new URL(said.params.request.url).origin !== new URL(job.address).origin)
      wrong.push(`it asks ${said.params.request.url}`);
  }
  const { cssContentSize: size } = await b.send('Page.getLayoutMetrics');
  const picture = await b.send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true, optimizeForSpeed: true,
    clip: { x: 0, y: 0, width: size.width, height: Math.min(size.height, job.whole ? 4000 : 1000), scale: 1 } });
  writeFileSync(`${out}/${job.name}.png`, Buffer.from(picture.data, 'base64'));
  return wrong;
}

async function main() {
  const b = new Browser();
  let bad = 0;
  b.gone.then((code) => { if (b.waiting.size) { console.log(`not ok Chromium: it ended with ${code}`); process.exit(1); } });
  await attach(b);
  for (const job of jobs) {
    const wrong = await judge(b, job);
    bad += wrong.length > 0;
    console.log(wrong.length ? `not ok ${job.name}: ${wrong.join('; ')}` : `ok ${job.name}`);
  }
  b.session = undefined;
  b.send('Browser.close').catch(() => {});
  await b.gone;
  process.exit(bad ? 1 : 0);
}
main().catch((e) => { console.log(`not ok pages.js: ${e.stack}`); process.exit(1); });
