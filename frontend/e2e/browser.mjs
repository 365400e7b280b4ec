// Chromium as tests want it: every page minds its errors and its content security policy.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const shots = new URL('./shots/', import.meta.url).pathname;
mkdirSync(shots, { recursive: true });

export const startBrowser = () =>
  chromium.launch({
    executablePath: process.env.PORTHOLE_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

export const DESK = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

/**
 * A page of its own context. `faults` holds whatever went wrong on it: it must stay empty. Only a page that explores the API may send
 * documents the server does not know.
 */
export async function openPage(
  browser,
  porthole,
  { cookies = [], locale = 'en', scheme = 'light', size = DESK, explores = false } = {},
) {
  const home = new URL(porthole.url).hostname;
  const context = await browser.newContext({
    baseURL: porthole.url,
    viewport: size,
    locale: locale === 'ko' ? 'ko-KR' : 'en-GB',
    colorScheme: scheme,
    timezoneId: 'Asia/Seoul',
    reducedMotion: 'reduce',
  });
  await context.addCookies(cookies);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const faults = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A refused policy is told here too; a refused request (429, 503) is the page's own business.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(message.text());
  });
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== home) faults.push(`asked a stranger: ${request.url()}`);
    mindDocument(request.postData());
  });
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => mindDocument(String(payload))));
  function mindDocument(body) {
    if (!explores && body?.includes('"query":')) faults.push(`sent a document instead of its id: ${body}`);
  }
  await context.exposeFunction('tellViolation', (text) => faults.push(`policy: ${text}`));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) =>
      window.tellViolation(`${effectiveDirective} ${blockedURI} ${sample}`),
    );
  });
  return Object.assign(page, { faults });
}

/** The page has its heading, its rows or its reason for none, and a live connection. */
export async function settled(page) {
  await page.locator('[data-live="live"]').waitFor();
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(
    () => !document.querySelector('main [role="status"][aria-label] [aria-hidden="true"] > li'),
  );
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Fails on what axe calls serious or critical. It runs in a world of its own, which the page's policy does not reach. What an open
 * dialog covers cannot be used, and is not measured. The session stays with the page: a detached one takes virtual authenticators along.
 */
export async function mindAxe(page, what) {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const world = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id });
  const evaluate = (expression) =>
    session.send('Runtime.evaluate', {
      expression,
      contextId: world.executionContextId,
      awaitPromise: true,
      returnByValue: true,
    });
  await evaluate(axe);
  const { result, exceptionDetails } = await evaluate(
    `axe.run(document.querySelector('[role="dialog"]') ?? document, { runOnly: ${JSON.stringify(RULES)} }).then(({ violations }) => violations.map((v) => ({
      id: v.id, impact: v.impact, nodes: v.nodes.map((n) => n.target.join(' ') + ' ' + (n.any[0]?.message ?? n.failureSummary)) })))`,
  );
  assert.ok(!exceptionDetails, JSON.stringify(exceptionDetails));
  const serious = result.value.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(serious, [], `${what}: axe`);
}

export const shoot = (page, name) => page.screenshot({ path: `${shots}${name}.png`, animations: 'disabled' });

/** Closes the page after nothing went wrong on it. */
export async function done(page) {
  await page.context().close();
  assert.deepEqual(page.faults, []);
}
