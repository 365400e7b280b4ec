// Who may open what: ticked by an admin, seen by a member, and undone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { done, mindAxe, openPage, PHONE, settled, shoot, startBrowser } from './browser.mjs';
import { addMember, PASSWORD, person, settleAdmin, startPorthole, until } from './porthole.mjs';

let porthole;
let browser;
let admin;
let yuna;

before(async () => {
  porthole = await startPorthole();
  admin = await settleAdmin(porthole);
  yuna = await addMember(porthole, admin, 'yuna', 'Yuna Choi');
  browser = await startBrowser();
  // The demo cluster's Ingresses say that they are pages.
  await until('the pages of the cluster', async () => {
    const { pages } = await admin.ask('{ pages(scope: ALL, first: 50) { totalCount } }');
    return pages.totalCount >= 8;
  });
});
after(async () => {
  await browser?.close();
  await porthole?.stop();
});

test('a tick shows a card in the member’s open browser, and undoing it takes it away', async () => {
  const theirs = await openPage(browser, porthole, { cookies: yuna.cookies() });
  await theirs.goto('/');
  await theirs.getByText('No page is open to you yet.').waitFor();
  await settled(theirs);

  const page = await openPage(browser, porthole, { cookies: admin.cookies() });
  await page.goto('/people');
  const box = page.getByRole('checkbox', { name: 'Yuna Choi, Grafana' });
  await box.check();
  await page.getByText('Yuna Choi may now open Grafana.').waitFor();
  await mindAxe(page, 'grid');
  await shoot(page, 'access-ticked');
  await theirs.getByRole('link', { name: 'Grafana', exact: true }).waitFor();
  await shoot(theirs, 'home-card');

  await page.getByRole('button', { name: 'Undo' }).click();
  await theirs.getByRole('link', { name: 'Grafana', exact: true }).waitFor({ state: 'detached' });
  assert.ok(!(await box.isChecked()));
  // The admin's own boxes come with the role.
  const own = page.getByRole('checkbox', { name: /^Admin, Grafana/ });
  assert.ok(await own.isChecked());
  await own.press('Space');
  assert.ok(await own.isChecked());
  await done(page);
  await done(theirs);
});

test('without the right to see the cluster nothing of it is there, and it comes back without a reload', async () => {
  const theirs = await openPage(browser, porthole, { cookies: yuna.cookies() });
  await theirs.goto('/pods');
  await settled(theirs);
  const page = await openPage(browser, porthole, { cookies: admin.cookies() });
  await page.goto('/people');
  const box = page.getByRole('checkbox', { name: 'Yuna Choi, Sees the cluster' });
  await box.uncheck();
  await theirs.getByRole('heading', { name: 'You may not see the cluster' }).waitFor();
  await theirs.getByRole('link', { name: 'Pods' }).first().waitFor({ state: 'detached' });
  await mindAxe(theirs, 'a missing right');
  await theirs.getByRole('link', { name: 'Home' }).first().click();
  await theirs.getByRole('heading', { name: 'Welcome, Yuna Choi.' }).waitFor();
  await settled(theirs);
  await mindAxe(theirs, 'home without cluster');
  await shoot(theirs, 'home-member');
  await box.check();
  await theirs.getByRole('link', { name: 'Pods' }).first().waitFor();
  await done(page);
  await done(theirs);
});

test('the alert of a page one may open is read without seeing the cluster', async () => {
  const [{ users }, { pages }] = [
    await admin.ask('{ users { nodes { id username } } }'),
    await admin.ask('{ pages(scope: ALL, first: 50) { nodes { id name } } }'),
  ];
  const user = users.nodes.find(({ username }) => username === 'yuna').id;
  const page = pages.nodes.find(({ name }) => name === 'Grafana').id;
  const set = (object, allowed) =>
    admin.ask('mutation ($input: SetAccessInput!) { setAccess(input: $input) { errors { message } } }', {
      input: { holder: { user }, object, allowed },
    });
  await set({ page }, true);
  await set({ right: 'CLUSTER_VIEW' }, false);
  const theirs = await openPage(browser, porthole, { cookies: yuna.cookies() });
  await theirs.goto('/');
  await theirs.getByRole('link', { name: /^grafana cannot start/ }).click();
  await theirs
    .getByRole('heading', { name: /grafana cannot start/ })
    .first()
    .waitFor();
  await mindAxe(theirs, 'a story without the cluster');
  await shoot(theirs, 'story-member');
  await set({ page }, false);
  await set({ right: 'CLUSTER_VIEW' }, true);
  await done(theirs);
});

test('an admin adds a page, edits it and removes it', async () => {
  const page = await openPage(browser, porthole, { cookies: admin.cookies() });
  await page.goto('/pages');
  await page.getByRole('button', { name: 'Add a page' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Add a page' }).click();
  await dialog.getByText('Enter a name.').waitFor();
  await dialog.getByLabel('Name').fill('Router');
  await dialog.getByLabel('URL', { exact: true }).fill('http://127.0.0.1:9/');
  await dialog.getByLabel('Icon').selectOption('network');
  await dialog.getByLabel(/^Category/).fill('House');
  await mindAxe(page, 'page form');
  await shoot(page, 'page-form');
  await dialog.getByRole('button', { name: 'Add a page' }).click();
  await page.getByText('Router is in the catalogue').waitFor();
  const row = page.getByRole('row').filter({ hasText: 'Router' });
  await row.getByRole('button', { name: 'Acts for Router' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await page.getByLabel('Open to everybody who is signed in').check();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await row.getByText('everybody').waitFor();
  const mine = await yuna.ask('{ pages { nodes { name } } }');
  assert.ok(mine.pages.nodes.some(({ name }) => name === 'Router'));
  await row.getByRole('button', { name: 'Acts for Router' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await row.waitFor({ state: 'detached' });
  await done(page);
});

test('a group opens a page to whoever is taken in', async () => {
  const page = await openPage(browser, porthole, { cookies: admin.cookies(), locale: 'ko' });
  await page.goto('/groups');
  await page.getByRole('button', { name: '그룹 추가' }).first().click();
  await page.getByLabel('이름').fill('가족');
  await page.getByRole('dialog').getByRole('button', { name: '추가' }).click();
  const group = page.getByRole('region', { name: '가족' });
  await group.getByLabel('가족에 사용자 추가').selectOption({ label: 'Yuna Choi (yuna)' });
  await group.getByRole('button', { name: '추가', exact: true }).click();
  await group.getByText('구성원 1명').waitFor();
  await group.getByLabel('Immich', { exact: true }).check();
  await until('the page of the group', async () => {
    const { pages } = await yuna.ask('{ pages { nodes { name } } }');
    return pages.nodes.some(({ name }) => name === 'Immich');
  });
  await mindAxe(page, 'groups');
  await shoot(page, 'groups-ko');
  await done(page);
});

test('the audit log tells it, filtered, and as a file', async () => {
  const page = await openPage(browser, porthole, { cookies: admin.cookies() });
  await page.goto('/audit');
  await page.getByRole('button', { name: /^What was done/ }).click();
  await page.getByRole('checkbox', { name: 'Groups and access' }).check();
  await mindAxe(page, 'the acts of the audit log');
  await page.keyboard.press('Escape');
  await page.getByRole('row').filter({ hasText: 'Ticked a box' }).first().waitFor();
  assert.equal(await page.getByRole('row').filter({ hasText: 'Signed in' }).count(), 0);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export CSV' }).click();
  assert.equal((await download).suggestedFilename(), 'audit.csv');
  await page.getByLabel('Find in the log').fill('nothing is called so');
  await page.getByText('Nothing matches the filter').waitFor();
  await done(page);
});

test('a second factor is turned on, asked for, and a session is ended from afar', async () => {
  const page = await openPage(browser, porthole, { cookies: yuna.cookies(), size: PHONE });
  await page.goto('/account');
  await settled(page);
  const other = person(porthole.url);
  await other.signIn('yuna', PASSWORD);
  await page.reload();
  await page.getByRole('button', { name: /^End/ }).last().waitFor();
  await mindAxe(page, 'account on a phone');
  await shoot(page, 'account-phone');
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByLabel('Your password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('img', { name: /QR/ }).waitFor();
  await mindAxe(page, 'second factor');
  await shoot(page, 'second-factor-phone');
  await done(page);
});
