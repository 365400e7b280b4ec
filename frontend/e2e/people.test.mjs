// Several people at once: accounts, boards, and what a member does not see.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { done, mindAxe, openPage, PHONE, settled, shoot, startBrowser } from './browser.mjs';
import { addMember, PASSWORD, settleAdmin, startPorthole } from './porthole.mjs';

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

test('an admin adds a person; the temporary password is shown once and not lost by a click beside it', async () => {
  const page = await openPage(browser, porthole, { cookies: admin.cookies() });
  await page.goto('/people');
  await page.getByRole('button', { name: 'Add a person' }).click();
  await page.getByLabel('Name to sign in with').fill('mina');
  await page.getByLabel('Name shown to others').fill('서민아');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const password = await page.getByRole('dialog').locator('output').innerText();
  await mindAxe(page, 'temporary password');
  await shoot(page, 'temporary-password');
  await page.mouse.click(5, 5);
  await page.keyboard.press('Escape');
  assert.equal(await page.getByRole('dialog').locator('output').innerText(), password);
  await page.getByRole('button', { name: 'Done, I have passed it on' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('row').getByText('Initial PW').waitFor();
  assert.ok(!(await page.content()).includes(password));
  await done(page);

  const theirs = await openPage(browser, porthole, { locale: 'ko' });
  await theirs.goto('/');
  await theirs.getByLabel('이름').fill('mina');
  await theirs.getByLabel('비밀번호').fill(password);
  await theirs.getByRole('button', { name: '로그인' }).click();
  await theirs.waitForURL('**/change-password');
  await theirs.getByLabel('현재 비밀번호').fill(password);
  await theirs.getByLabel('새 비밀번호', { exact: true }).fill(PASSWORD);
  await theirs.getByLabel('새 비밀번호 한 번 더').fill(PASSWORD);
  await theirs.getByRole('button', { name: '비밀번호 변경' }).click();
  await theirs.waitForURL(`${porthole.url}/`);
  await settled(theirs);
  await done(theirs);
});

test('a comment appears in another browser by itself, and so does its reply', async () => {
  const jun = await addMember(porthole, admin, 'jun', 'Jun Park');
  const writing = await openPage(browser, porthole, { cookies: admin.cookies() });
  await writing.goto('/notices');
  await writing.getByRole('link', { name: 'Write a notice' }).first().click();
  await writing.getByLabel('Title').fill('Router swap on Sunday');
  await writing.getByLabel('Text').fill('About **20 minutes** offline. [bad](javascript:alert(1))');
  await writing.getByRole('button', { name: 'Post', exact: true }).click();
  await writing.getByRole('heading', { name: 'Router swap on Sunday' }).waitFor();
  assert.equal(await writing.locator('a[href^="javascript:"]').count(), 0);
  await settled(writing);

  const reading = await openPage(browser, porthole, { cookies: jun.cookies() });
  await reading.goto(writing.url());
  await reading.getByRole('heading', { name: 'No comments yet' }).waitFor();
  await settled(reading);

  await reading.getByPlaceholder('Ask or answer').fill('Does it touch the backup?');
  await reading.keyboard.press('Control+Enter');
  await writing.getByText('Does it touch the backup?').waitFor();

  await writing.getByRole('button', { name: 'Reply' }).click();
  await writing.getByPlaceholder('Your reply to Jun Park').fill('No, it does not.');
  await writing.keyboard.press('Control+Enter');
  await reading.getByText('No, it does not.').waitFor();
  await reading.getByRole('heading', { name: '2 comments' }).waitFor();
  await mindAxe(reading, 'thread');
  await done(reading);
  await done(writing);
});

test('a draft survives leaving the page', async () => {
  const page = await openPage(browser, porthole, { cookies: admin.cookies() });
  await page.goto('/requests/new');
  await page.getByLabel('Title').fill('More space');
  await page.getByText('Draft kept on this device').waitFor();
  await page.waitForFunction(() => localStorage.getItem('porthole-draft:new-REQUEST:title') === 'More space');
  await page.goto('/');
  await page.goto('/requests/new');
  assert.equal(await page.getByLabel('Title').inputValue(), 'More space');
  await done(page);
});

test('a member sees neither the admin’s pages nor their names', async () => {
  const yuna = await addMember(porthole, admin, 'yuna', 'Yuna Choi');
  const page = await openPage(browser, porthole, { cookies: yuna.cookies() });
  await page.goto('/');
  await settled(page);
  const links = await page.getByRole('navigation').first().getByRole('link').allInnerTexts();
  assert.deepEqual(
    links.map((text) => text.split('\n')[0]),
    [
      'Home',
      'Notices',
      'Requests',
      'Overview',
      'Incidents',
      'Pods',
      'Workloads',
      'Nodes',
      'Certificates',
      'Applications',
      'Events',
    ],
  );
  for (const path of ['/people', '/pages', '/groups', '/audit']) {
    await page.goto(path);
    await page.waitForURL(`${porthole.url}/`);
  }
  await page.goto('/channels');
  await page.getByText('You may not manage alert channels').waitFor();
  await mindAxe(page, 'a missing right');
  await done(page);
});

test('everything is a few keys away', async () => {
  const page = await openPage(browser, porthole, { cookies: admin.cookies() });
  await page.goto('/');
  await settled(page);
  await page.keyboard.press('Shift+?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await mindAxe(page, 'keys');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  const find = page.getByPlaceholder('Find a page, a pod or a post');
  await find.waitFor();
  await find.fill('Router');
  const found = page.getByRole('dialog').getByText('Router swap on Sunday');
  await found.waitFor();
  await mindAxe(page, 'palette');
  await shoot(page, 'palette');
  await found.click();
  await page.getByRole('heading', { name: 'Router swap on Sunday' }).waitFor();
  await done(page);
});

test('a locked person is unlocked beside the tag that says so, and gets a new password the same way', async () => {
  await addMember(porthole, admin, 'hana', 'Hana Kim');
  const query = 'mutation($i: SignInInput!) { signIn(input: $i) { errors { code } } }';
  for (let tries = 0; tries < 5; tries++) {
    const answer = await fetch(`${porthole.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { i: { username: 'hana', password: 'wrong' } } }),
    });
    assert.equal(answer.status, 200);
  }
  const page = await openPage(browser, porthole, { cookies: admin.cookies() });
  await page.goto('/people');
  const row = page.getByRole('row').filter({ hasText: 'Hana Kim' });
  await row.getByText('Locked').waitFor();
  await shoot(page, 'people-locked');
  await mindAxe(page, 'a locked person');
  await page.getByRole('button', { name: 'Unlock: Hana Kim' }).click();
  await page.getByText('Hana Kim may sign in again.').waitFor();
  await row.getByText('Normal').waitFor();

  const theirs = await openPage(browser, porthole);
  await theirs.goto('/sign-in');
  await theirs.getByLabel('Name').fill('hana');
  await theirs.getByRole('button', { name: 'Ask for a new password' }).click();
  await mindAxe(theirs, 'ask for a password');
  await shoot(theirs, 'ask-password');
  await theirs.getByRole('button', { name: 'Ask', exact: true }).click();
  await theirs.getByText('If this name exists, the admins have been asked.').waitFor();
  await mindAxe(theirs, 'asked for a password');
  await shoot(theirs, 'asked-password');
  await theirs.getByRole('button', { name: 'Back to sign-in' }).click();
  await theirs.getByLabel('Password').waitFor();
  await shoot(theirs, 'sign-in-ask');
  await done(theirs);
  await page.reload();
  await row.getByText('Change requested').waitFor();
  await page.getByRole('button', { name: 'Issue new PW: Hana Kim' }).click();
  const password = await page.getByRole('dialog').locator('output').innerText();
  assert.match(password, /^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/);
  await page.getByRole('button', { name: 'Done, I have passed it on' }).click();
  await row.getByText('Initial PW').waitFor();
  await done(page);
});

test('a person is edited by keys alone; the last admin stays one', async () => {
  await addMember(porthole, admin, 'dora', 'Dora Lin');
  const page = await openPage(browser, porthole, { cookies: admin.cookies() });
  await page.goto('/people');
  await settled(page);
  await page.getByRole('button', { name: 'Acts for Dora Lin' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Delete' }).waitFor();
  await mindAxe(page, 'menu of a person');
  await shoot(page, 'person-menu');
  await page.getByRole('menuitem', { name: 'Edit' }).focus();
  await page.keyboard.press('Enter');
  const mail = page.getByLabel('Mail address (may be left out)');
  await mail.fill('not an address');
  await page.keyboard.press('Enter');
  await page.locator('input[type="email"][aria-invalid="true"]').waitFor();
  await mindAxe(page, 'a refused edit');
  await shoot(page, 'person-edit');
  await mail.fill('dora@lab.test');
  await page.getByLabel('Name shown to others').fill('Dora Lindqvist');
  await page.getByLabel('Name shown to others').press('Enter');
  await page.getByText('Dora Lindqvist is saved.').waitFor();
  await page.getByRole('link', { name: 'Dora Lindqvist' }).click();
  await page.getByText('dora@lab.test').waitFor();
  await page.goBack();

  const own = page.getByRole('row').filter({ hasText: '· you' });
  await own.getByRole('button', { name: /^Acts for/ }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await page.getByLabel('Role').selectOption('MEMBER');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('This is the last admin.').waitFor();
  await done(page);
});

test('a person is deleted on a phone by typing the name, in Korean', async () => {
  await addMember(porthole, admin, 'tomas', 'Tomas Novak');
  const page = await openPage(browser, porthole, { cookies: admin.cookies(), size: PHONE, locale: 'ko' });
  await page.goto('/people');
  await page.getByText('Tomas Novak').waitFor();
  await shoot(page, 'people-phone');
  const buttons = await page.locator('tbody').getByRole('button').all();
  for (const button of buttons) {
    const { width, height } = await button.boundingBox();
    assert.ok(width >= 44 && height >= 44, `${await button.getAttribute('aria-label')}: ${width} × ${height}`);
  }
  await page.getByRole('button', { name: 'Tomas Novak 님 작업' }).click();
  await page.getByRole('menuitem', { name: '삭제' }).click();
  const sure = page.getByRole('dialog').getByRole('button', { name: '삭제' });
  const typed = page.getByRole('dialog').getByRole('textbox');
  await typed.fill('Tomas');
  assert.ok(await sure.isDisabled());
  await typed.fill('tomas');
  await mindAxe(page, 'deleting a person');
  const field = await typed.boundingBox();
  assert.ok(field.x > 0 && field.x + field.width < PHONE.width, 'the dialog fits the phone');
  await shoot(page, 'person-delete');
  await sure.click();
  await page.getByText('Tomas Novak 님을 삭제했습니다.').waitFor();
  await page.getByText('tomas', { exact: true }).waitFor({ state: 'detached' });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${wide} px too wide`);
  await done(page);
});
