// What somebody does who has just started Porthole for the first time.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { done, mindAxe, openPage, settled, shoot, startBrowser } from './browser.mjs';
import { UNKNOWN_WEBHOOK } from './discord.mjs';
import { PASSWORD, startPorthole, until } from './porthole.mjs';

let porthole;
let browser;
let page;
const webhook = (id) => `https://discord.com/api/webhooks/${id}/${'t'.repeat(60)}`;

before(async () => {
  // What the interface asks must be known to the server beforehand, all of it.
  porthole = await startPorthole({ PORTHOLE_TRUSTED_DOCUMENTS_ONLY: 'true' });
  browser = await startBrowser();
  page = await openPage(browser, porthole);
});
after(async () => {
  await browser?.close();
  await porthole?.stop();
});

test('a page asked for without a session leads to sign-in, and says nothing of who exists', async () => {
  await page.goto('/pods?q=graf');
  await page.waitForURL('**/sign-in?**');
  await page.getByLabel('Name').fill('admin');
  await page.getByLabel('Password').fill('certainly not this one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  const known = await page.getByRole('alert').innerText();
  await page.getByLabel('Name').fill('nobody');
  await page.getByLabel('Password').fill('certainly not this one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForFunction(() => document.querySelector('input[type=password]').value === '');
  assert.equal(await page.getByRole('alert').innerText(), known);
  await mindAxe(page, 'sign-in with an error');
  await shoot(page, 'sign-in-refused');
});

test('the bootstrap password works, by keyboard alone, and must be changed', async () => {
  await page.goto('/sign-in');
  await page.getByLabel('Name').waitFor();
  await page.waitForFunction(() => document.activeElement?.matches('input'));
  await page.keyboard.type('admin');
  await page.keyboard.press('Tab');
  await page.keyboard.type(porthole.password);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/change-password');
  await page.getByRole('heading', { name: 'Choose a password' }).waitFor();
  await mindAxe(page, 'forced change');
  await shoot(page, 'change-password');

  await page.goto('/pods');
  await page.waitForURL('**/change-password');

  await page.getByLabel('Current password').fill(porthole.password);
  await page.getByLabel('New password', { exact: true }).fill('short');
  await page.getByLabel('New password, once more').fill('short');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('Take at least 12 characters.').waitFor();
  await page.getByLabel('New password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('New password, once more').fill(PASSWORD);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.waitForURL(`${porthole.url}/`);
  await settled(page);
});

test('home says how the cluster is, and that it is a demo', async () => {
  await page.getByText('Demo cluster').first().waitFor();
  await page.getByRole('img', { name: /24 hours/ }).waitFor();
  await page.getByRole('heading', { name: 'Pods that need a look' }).waitFor();
  await mindAxe(page, 'home');
});

test('pods change without a reload', async () => {
  await page.getByRole('navigation').getByRole('link', { name: 'Pods' }).click();
  await settled(page);
  const rows = page.locator('[data-row]');
  await rows.first().waitFor();
  await page.evaluate(() => {
    window.sameDocument = true;
  });
  const read = () =>
    page.evaluate(() =>
      Object.fromEntries([...document.querySelectorAll('[data-row]')].map((row) => [row.dataset.row, row.innerText])),
    );
  const first = await read();
  await page.locator('[data-row][data-changed]').first().waitFor({ timeout: 120_000 });
  await page.getByText('just now').first().waitFor();
  const later = await until(
    'a pod to change what it says',
    async () => {
      const now = await read();
      const strip = (text) => text?.replace(/\b\d+[smhd]\b|just now/g, '');
      return Object.keys(now).some((id) => first[id] && strip(now[id]) !== strip(first[id])) && now;
    },
    120,
  );
  assert.ok(Object.keys(later).length > 0);
  assert.equal(await page.evaluate(() => window.sameDocument), true);
});

test('the crash-looping pod has an incident, with a cause and what to do', async () => {
  await page.goto('/incidents');
  const first = page.locator('main li a').first();
  await first.waitFor({ timeout: 120_000 });
  await first.click();
  await page.getByRole('heading', { name: 'Cause' }).waitFor();
  await page.getByRole('heading', { name: 'Remedy' }).waitFor();
  await page.getByRole('heading', { name: 'How it went' }).waitFor();
  await mindAxe(page, 'incident');
});

test('a filter stays in the URL and survives a reload', async () => {
  await page.goto('/pods');
  await settled(page);
  await page.locator('[data-row]').first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('no such pod');
  await page.getByText('No pod matches “no such pod”').waitFor();
  await page.waitForURL('**/pods?q=**');
  await page.reload();
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await page.locator('[data-row]').first().waitFor();
  assert.equal(new URL(page.url()).search, '');
});

test('a channel is tested before it is saved, and the provider’s answer is shown word for word', async () => {
  await page.goto('/channels');
  await page.getByText('No channels yet').waitFor();
  await page.getByRole('button', { name: 'Add a channel' }).click();
  const panel = page.getByRole('form', { name: 'New channel' });
  await panel.getByLabel('Name', { exact: true }).fill('#ops-alerts');
  await panel.getByLabel('Webhook URL').fill(webhook(UNKNOWN_WEBHOOK));
  await panel.getByRole('button', { name: 'Test' }).click();
  await panel.getByText('The test did not arrive').waitFor();
  assert.match(await panel.locator('pre').innerText(), /Unknown Webhook/);
  await mindAxe(page, 'a failed test');
  await shoot(page, 'channel-test-failed');

  await panel.getByLabel('Webhook URL').fill(webhook('123456789012345678'));
  await panel.getByRole('button', { name: 'Test' }).click();
  await panel.getByText('The test arrived').waitFor();
  assert.deepEqual(
    porthole.discord.received.filter(({ status }) => status === 400),
    [],
  );
  assert.ok(porthole.discord.received.some(({ status }) => status === 200));
  await shoot(page, 'channel-test-arrived');

  await panel.getByRole('button', { name: 'Save' }).click();
  const saved = page.getByRole('form', { name: '#ops-alerts' });
  await saved.waitFor();
  assert.ok(!(await page.content()).includes('t'.repeat(60)), 'the secret is not shown again');
  await saved.getByRole('button', { name: 'Test' }).click();
  await saved.getByText('The test arrived').waitFor();
});

test('a channel is deleted only after its name was typed', async () => {
  await page.goto('/channels');
  await page.getByRole('link', { name: '#ops-alerts' }).click();
  const saved = page.getByRole('form', { name: '#ops-alerts' });
  await saved.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  const confirm = dialog.getByRole('button', { name: 'Delete' });
  assert.equal(await confirm.isDisabled(), true);
  await dialog.getByLabel('Type “#ops-alerts” to confirm').fill('#ops-alerts');
  await mindAxe(page, 'deleting');
  await confirm.click();
  await page.getByText('No channels yet').waitFor();
});

test('the explorer says that it is off, and why', async () => {
  await page.goto('/graphiql');
  await page.getByText('PORTHOLE_TRUSTED_DOCUMENTS_ONLY').waitFor();
  await mindAxe(page, 'explorer that is off');
});

test('signing out ends the session', async () => {
  await page.goto('/');
  await settled(page);
  await page.getByRole('button', { name: /^Your account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL('**/sign-in');
  await page.goto('/pods');
  await page.waitForURL('**/sign-in?**');
  await done(page);
});
