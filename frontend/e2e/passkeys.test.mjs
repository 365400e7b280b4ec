// A passkey from end to end, with Chromium's own authenticator in software.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { done, mindAxe, openPage, PHONE, settled, shoot, startBrowser } from './browser.mjs';
import { addMember, PASSWORD, settleAdmin, startPorthole } from './porthole.mjs';

let porthole;
let browser;
let page;
let credentials;

before(async () => {
  // Passkeys are bound to a name: an address has none.
  porthole = await startPorthole({ host: 'localhost' });
  const admin = await settleAdmin(porthole);
  const mina = await addMember(porthole, admin, 'mina', 'Seo Mina');
  browser = await startBrowser();
  page = await openPage(browser, porthole, { cookies: mina.cookies() });
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  credentials = async () => (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
});
after(async () => {
  await browser?.close();
  await porthole?.stop();
});

const section = () => page.getByRole('region', { name: 'Passkeys' });
const add = async (name) => {
  await section().getByRole('button', { name: 'Add a passkey' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Your password').fill(PASSWORD);
  await mindAxe(page, 'adding a passkey');
  await dialog.getByRole('button', { name: 'Go on' }).click();
};
const leave = async () => {
  await page.getByRole('button', { name: /^Your account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL('**/sign-in');
};
const enter = () => page.getByRole('button', { name: 'Sign in with a passkey' }).click();

test('a person adds a passkey with their password; the device takes no second one', async () => {
  await page.goto('/account');
  await add('My laptop');
  await section().getByText('My laptop', { exact: true }).waitFor();
  await section().getByText('never used').waitFor();
  assert.equal((await credentials()).length, 1);
  await add('Again');
  await page.getByText('This device has a passkey of yours already.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await mindAxe(page, 'account with a passkey');
  await shoot(page, 'passkeys');
});

test('it signs them in without name and password, to where they wanted to go', async () => {
  await leave();
  await page.goto('/pods');
  await page.waitForURL('**/sign-in?**');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor();
  await mindAxe(page, 'sign-in with passkeys');
  await shoot(page, 'sign-in-passkey');
  await enter();
  await page.waitForURL('**/pods');
  await settled(page);
  await page.goto('/account');
  await section().getByText('My laptop', { exact: true }).waitFor();
  await section().getByText('never used').waitFor({ state: 'detached' });
});

test('renamed it goes on working; removed it does not, and the page says so', async () => {
  await section().getByRole('button', { name: 'Rename My laptop' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Old laptop');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await section().getByRole('button', { name: 'Remove Old laptop' }).click();
  await mindAxe(page, 'removing a passkey');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await section().getByText('No passkeys yet.').waitFor();
  await leave();
  await enter();
  await page.getByRole('alert').getByText('This passkey was not taken').waitFor();
  await done(page);
});

test('on a phone, in Korean, the sign-in still fits', async () => {
  const small = await openPage(browser, porthole, { size: PHONE, locale: 'ko' });
  await small.goto('/sign-in');
  const button = small.getByRole('button', { name: '패스키로 로그인' });
  await button.waitFor();
  const { height } = await button.boundingBox();
  assert.ok(height >= 44, `${height} px`);
  await shoot(small, 'sign-in-passkey-phone');
  await done(small);
});
