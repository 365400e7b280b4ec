// Exploring the API in the browser: asked by keyboard, answered, streamed, documented, and refused where only trusted documents pass.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { done, mindAxe, openPage, settled, shoot, startBrowser } from './browser.mjs';
import { addMember, settleAdmin, startPorthole } from './porthole.mjs';

let porthole;
let browser;
let jun;

before(async () => {
  porthole = await startPorthole();
  const admin = await settleAdmin(porthole);
  jun = await addMember(porthole, admin, 'jun', 'Jun Park');
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await porthole?.stop();
});

const open = async (options) => {
  const page = await openPage(browser, porthole, { cookies: jun.cookies(), explores: true, ...options });
  await page.goto('/graphiql');
  await settled(page);
  return page;
};
const write = async (page, name, text) => {
  await page.getByRole('textbox', { name, exact: true }).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
};
const answer = (page) => page.getByRole('textbox', { name: 'Answer' });

test('a question is written with suggestions and asked by keyboard, as whoever is signed in', async () => {
  const page = await open();
  await write(page, 'Document', 'query Whose { viewer { user { username user');
  await page.keyboard.press('Control+Space');
  await page.getByRole('option', { name: 'username' }).waitFor();
  await page.keyboard.press('Escape');
  await write(
    page,
    'Document',
    'query One { server { name } }\nquery Two($n: Int!) { board(kind: NOTICE) { posts(first: $n) { totalCount } } }',
  );
  await write(page, 'Variables', '{ "n": 1 ');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('alert').getByText('The variables are not JSON.').waitFor();
  await write(page, 'Variables', '{ "n": 1 }');
  // The cursor is still in the second operation.
  await page.keyboard.press('Control+Enter');
  await answer(page).getByText('"totalCount": 0').waitFor();
  await write(page, 'Document', '{ users { nodes { id } } }');
  await page.keyboard.press('Control+Enter');
  await answer(page).getByText('"FORBIDDEN"').waitFor();
  await page.keyboard.press('Tab');
  const left = await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.ariaLabel);
  assert.equal(left, 'Variables', 'Tab leaves the editor');
  await mindAxe(page, 'explorer');
  await shoot(page, 'explorer');
  await done(page);
});

test('a stream shows its events until it is stopped', async () => {
  const page = await open();
  await write(page, 'Document', 'subscription { pageChanges { __typename } }');
  await page.getByRole('button', { name: 'Run' }).click();
  await answer(page).getByText('PageSnapshot').waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' });
  await done(page);
});

test('the schema is its own documentation, in Korean and in the dark too', async () => {
  const page = await open({ locale: 'ko', scheme: 'dark' });
  const docs = page.getByRole('complementary', { name: '설명서' });
  await docs.getByRole('button', { name: 'Mutation' }).click();
  await docs.getByText('createComment', { exact: true }).waitFor();
  await docs.getByRole('button', { name: '모든 타입' }).click();
  await docs.getByLabel('타입이나 필드 찾기').fill('TokenBudget');
  await docs.getByRole('button', { name: 'TokenBudget' }).click();
  await docs.getByText('Points an hour.').waitFor();
  await mindAxe(page, 'explorer in the dark');
  await shoot(page, 'explorer-dark-ko');
  await done(page);
});

test('it is found from the account page and from the palette', async () => {
  const page = await openPage(browser, porthole, { cookies: jun.cookies(), explores: true });
  await page.goto('/account');
  await page.getByRole('link', { name: 'Explore the API' }).click();
  await page.getByRole('heading', { name: 'Explore the API' }).waitFor();
  await page.goto('/');
  await settled(page);
  await page.keyboard.press('Control+k');
  await page.getByRole('textbox', { name: 'Find' }).fill('explore');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/graphiql');
  await done(page);
});
