// SPDX-License-Identifier: BSD-2-Clause
// Drives the desk's page as a person does, in Chromium: Today, Verify, Sign. What is wrong with a view is told:
// a sentence that is not there, what axe-core finds serious or critical, what the page's own policy refused, what is
// wider than the screen. A picture of each is left in OUT.
//
//   node desk.js PACKAGES OUT PROFILE LANGUAGE FOLDER ADDRESS
//
// FOLDER has what is dropped: signed/ (files and their signatures), ca.pem, plain/ (files to sign), sub.pem; what is
// saved goes to FOLDER/saved. Answers are lines `ok NAME` or `not ok NAME: why`.
'use strict';
const { mkdirSync, readdirSync, readFileSync, existsSync, statSync } = require('node:fs');

const [packages, out, profile, language, folder, address] = process.argv.slice(2);
const puppeteer = require(`${packages}/puppeteer-core`);
const axe = readFileSync(`${packages}/axe-core/axe.min.js`, 'utf8');
// What the page says, in each language: its largest letters, and what stands on its buttons.
const words = {
  en: { today: 'Today', verify: 'Verify', sign: 'Sign', valid: 'valid', bad: 'NOT VALID', unsure: 'cannot be called valid', signed: /^3 files are signed$/,
    none: 'not verified', stopped: 'Stopped.', pin: /PIN/ },
  zh_HK: { today: '今日', verify: '核實', sign: '簽署', valid: '有效', bad: '無效', unsure: '未能判定為有效', signed: /^已簽署3個檔案$/,
    none: '未經核實', stopped: '已停止。', pin: /密碼/ },
}[language];

const ended = ['This page has ended', '本頁已結束'];

let failures = 0;
function ok(good, name, why = '') {
  console.log(good ? `ok ${language}: ${name}` : `not ok ${language}: ${name}: ${why}`);
  failures += good ? 0 : 1;
}

async function judged(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const serious = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.id} ${v.nodes[0].target} ${v.nodes[0].failureSummary}`);
  ok(!serious.length, `${name}: axe-core finds nothing serious`, serious.join('; '));
  for (const width of [360, 800, 1440]) {
    await page.setViewport({ width, height: 900 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    ok(wide <= width, `${name}: fits ${width} px`, `${wide} wide`);
    await page.screenshot({ path: `${out}/${name}-${language}-${width}.png`, fullPage: true });
  }
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  const dark = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['color-contrast'] }));
  ok(!dark.violations.length, `${name}: can be read in the dark`, dark.violations.map((v) => v.nodes[0].target).join('; '));
  await page.screenshot({ path: `${out}/${name}-${language}-dark.png`, fullPage: true });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
}

const text = (page, selector) => page.$eval(selector, (e) => e.textContent);
const all = (page, selector) => page.$$eval(selector, (list) => list.map((e) => e.textContent));
const files = (name) => readdirSync(`${folder}/${name}`).sort().map((f) => `${folder}/${name}/${f}`);

async function give(page, selector, paths) {
  const input = await page.$(selector);
  await input.uploadFile(...paths);
}

// As a mouse does it: the files are in the event and nowhere else.
async function drop(page, selector, paths) {
  const contents = paths.map((p) => ({ name: p.replace(/.*\//, ''), bytes: readFileSync(p).toString('base64') }));
  await page.$eval(selector, (zone, list) => {
    const transfer = new DataTransfer();
    for (const { name, bytes } of list) transfer.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name));
    for (const kind of ['dragover', 'drop']) zone.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, contents);
}

// By the keyboard: from the top of the page to what is wanted, and Enter.
async function press(page, id) {
  await page.evaluate(() => document.activeElement.blur());
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((want) => document.activeElement.id === want, id)) return page.keyboard.press('Enter');
  }
  throw new Error(`the keyboard does not reach ${id}`);
}

async function today(page) {
  await page.waitForSelector('article.card');
  ok(await text(page, 'h1') === words.today, 'Today is called so', await text(page, 'h1'));
  const cards = (await all(page, 'article.card')).join(' ');
  ok(/CHAN Siu Ming/.test(cards), 'whose certificate it is', cards);
  ok(await page.$$eval('nav button', (b) => b.length) === 3, 'three tasks', 'another number');
  await judged(page, 'today');
}

async function verify(page) {
  await press(page, 'view-verify');
  await page.waitForSelector('#verify-files');
  ok(await text(page, 'h1') === words.verify, 'Verify is called so', await text(page, 'h1'));
  await drop(page, '.drop', files('signed'));
  await page.waitForSelector('article.card');
  await page.waitForFunction(() => !document.querySelector('main progress'));
  ok((await all(page, '.verdict')).every((v) => v === words.unsure || v === words.bad || v === words.none), 'nothing is valid for whoever trusts nobody', (await all(page, '.verdict')).join());
  await page.evaluate(() => document.querySelectorAll('main > details').forEach((d) => { d.open = true; }));
  await give(page, '#verify-anchors', [`${folder}/ca.pem`]);
  await page.waitForFunction((v) => [...document.querySelectorAll('.verdict')].some((e) => e.textContent === v) && !document.querySelector('main progress'), {}, words.valid);
  const by = Object.fromEntries(await page.$$eval('article.card', (list) => list.map((a) => [a.querySelector('h3').textContent, a.querySelector('.verdict').textContent])));
  ok(by['發票.pdf'] === words.valid, 'a signed PDF with a Chinese name is valid', JSON.stringify(by));
  ok(by['note.txt'] === words.valid, 'a file with its signature beside it is valid, and is one', JSON.stringify(by));
  ok(by['changed.txt'] === words.bad, 'one that was changed is not', JSON.stringify(by));
  ok(by['plain.txt'] === words.none, 'one that nobody signed says so', JSON.stringify(by));
  ok(Object.keys(by).length === 4, 'each is told once', JSON.stringify(by));
  ok((await all(page, 'article.card dd')).some((d) => /CHAN Siu Ming/.test(d)), 'who signed', 'nobody');
  await judged(page, 'verify');
}

async function ready(page) {
  await press(page, 'view-sign');
  await page.waitForSelector('#sign-certificate option');
}

const sign = (page) => page.$eval('.act', (b) => b.click());

async function signing(page, client) {
  await ready(page);
  ok(await text(page, 'h1') === words.sign, 'Sign is called so', await text(page, 'h1'));
  await drop(page, '.drop', files('plain'));
  await page.waitForFunction(() => document.querySelectorAll('ul.files li').length === 3);
  await page.evaluate(() => document.querySelectorAll('main details').forEach((d) => { d.open = true; }));
  await give(page, '#sign-chain', [`${folder}/sub.pem`]);
  await judged(page, 'sign');
  // The first time whoever is asked says no.
  await sign(page);
  await page.waitForSelector('[role=alert]');
  ok((await all(page, '[role=alert]')).some((a) => words.pin.test(a)), 'who does not give the PIN is told that', (await all(page, '[role=alert]')).join());
  await page.$eval('#sign-again', (b) => b.click());
  await sign(page);
  await page.waitForSelector('#sign-made .button');
  ok(words.signed.test(await text(page, 'main h2')), 'all are signed', await text(page, 'main h2'));
  ok(await page.evaluate(() => document.activeElement.tagName) === 'H2', 'the keyboard is where the result is', 'elsewhere');
  await judged(page, 'signed');
  const saved = `${folder}/saved`;
  mkdirSync(saved, { recursive: true });
  await client.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: saved });
  await page.$$eval('#sign-made .button', (list) => list.forEach((b) => b.click()));
  const until = Date.now() + 20000;
  const whole = () => existsSync(saved) && readdirSync(saved).filter((f) => !/crdownload|^\./.test(f) && statSync(`${saved}/${f}`).size).length;
  while (whole() < 3 && Date.now() < until) await new Promise((r) => setTimeout(r, 100));
  ok(whole() === 3, 'three files are saved', String(whole()));
}

async function stop(page) {
  await page.$eval('#sign-again', (b) => b.click());
  await drop(page, '.drop', [files('plain')[0]]);
  await page.waitForFunction(() => document.querySelectorAll('ul.files li').length === 1);
  await sign(page);
  await page.waitForFunction(() => document.querySelector('main section .name'));
  const asked = (await all(page, 'main section .name')).join(' ');
  ok(/order\.json/.test(asked), 'while the PIN is asked for, the page says what for', asked);
  await page.waitForSelector('main section .button:not([disabled])');
  await page.$eval('main section .button', (b) => b.click());
  await page.waitForFunction((s) => document.querySelector('main').textContent.includes(s), {}, words.stopped);
  ok(true, 'it stops while the PIN is asked for');
}

async function run() {
  const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', headless: true, userDataDir: profile,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-proxy-server', `--lang=${language.replace('_', '-')}`] });
  const page = (await browser.pages())[0];
  const wrong = [];
  page.on('pageerror', (e) => wrong.push(e.message));
  page.on('console', (m) => m.type() === 'error' && !/40[139]|429/.test(m.text()) && wrong.push(m.text()));
  page.setDefaultTimeout(30000);
  try {
    const client = await browser.target().createCDPSession();
    await page.setViewport({ width: 800, height: 900 });
    await page.goto(address);
    await page.waitForSelector('#view-today');
    ok(!(await page.evaluate(() => location.href)).includes('#'), 'the code is gone from the address', 'it is there');
    await today(page);
    await verify(page);
    await signing(page, client);
    await stop(page);
    const second = await browser.newPage();
    await second.goto(address);
    // Nobody has told that one a language.
    await second.waitForFunction((w) => document.querySelector('h1') && w.includes(document.querySelector('h1').textContent), {}, ended);
    ok(true, 'the address is of no use a second time');
    ok(!wrong.length, 'the page makes no mistake, and its policy refuses nothing', wrong.join('; '));
  } catch (e) {
    ok(false, 'the tasks can be done', `${e.message} ${await page.evaluate(() => document.body.innerText).catch(() => '')} ${wrong}`.replace(/\n/g, ' '));
    await page.screenshot({ path: `${out}/fault-${language}.png` }).catch(() => {});
  }
  await browser.close();
}
run().then(() => process.exit(failures ? 1 : 0));
