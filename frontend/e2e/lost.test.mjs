// The connection is lost and found again: rows stay, and the page says of when they are.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { done, openPage, settled, shoot, startBrowser } from './browser.mjs';
import { settleAdmin, startPorthole } from './porthole.mjs';

let porthole;
let browser;
let admin;

before(async () => {
  porthole = await startPorthole();
  admin = await settleAdmin(porthole);
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await porthole?.stop();
});

test('rows stay while the server cannot be reached, and live again afterwards', async () => {
  const page = await openPage(browser, porthole, { cookies: admin.cookies() });
  // The socket is held here, so that it can be cut as a network would cut it.
  const sockets = [];
  let cut = false;
  await page.routeWebSocket(/\/graphql$/, (socket) => {
    if (cut) return socket.close({ code: 1001 });
    socket.connectToServer();
    sockets.push(socket);
  });
  await page.goto('/pods');
  await settled(page);
  await page.locator('[data-row]').first().waitFor();
  const rows = await page.locator('[data-row]').count();

  cut = true;
  for (const socket of sockets) await socket.close({ code: 1001 });
  await page.getByText('The connection is being made again.').waitFor();
  await page.locator('[data-live="offline"]').waitFor();
  // What came just before the cut may still take a row in or out.
  assert.ok(Math.abs((await page.locator('[data-row]').count()) - rows) <= 2, 'rows went away');
  await shoot(page, 'offline');

  cut = false;
  await page.locator('[data-live="live"]').waitFor({ timeout: 30_000 });
  await page.getByText('The connection is being made again.').waitFor({ state: 'detached' });
  assert.ok((await page.locator('[data-row]').count()) > 0);
  await done(page);
});
