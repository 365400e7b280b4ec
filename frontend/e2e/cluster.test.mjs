// The pages of the cluster, as somebody uses them who looks for what is wrong.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { done, openPage, settled, startBrowser } from './browser.mjs';
import { addMember, settleAdmin, startPorthole, until } from './porthole.mjs';

let porthole;
let browser;
let admin;
let failing;

before(async () => {
  porthole = await startPorthole();
  admin = await settleAdmin(porthole);
  failing = await until('a failing pod with an incident', async () => {
    const { pods } = await admin.ask(
      '{ pods(first: 5, filter: { text: "ledger-sync" }) { nodes { namespace name incident { number } } } }',
    );
    return pods.nodes.find(({ incident }) => incident);
  });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await porthole?.stop();
});

const open = async (path, who = admin) => {
  const page = await openPage(browser, porthole, { cookies: who.cookies() });
  await page.goto(path);
  await settled(page);
  return page;
};

test('from the overview to the workload, its pod and what the pod writes', async () => {
  const page = await open('/cluster');
  await page.getByText('4 of 4 nodes ready').waitFor();
  await page.getByRole('img', { name: /^Pods: .*running/ }).waitFor();
  const looks = page.locator('section', { has: page.getByRole('heading', { name: 'Need a look' }) });
  await looks.getByRole('link', { name: 'Deployment/grafana' }).click();
  await page.getByRole('heading', { level: 1, name: 'grafana' }).waitFor();
  await page.getByText('docker.io/grafana/grafana:12.1.11').first().waitFor();
  await page
    .locator('[data-row]')
    .first()
    .getByRole('link', { name: /^grafana-/ })
    .click();
  await page.waitForURL('**/pods/monitoring/grafana-*');
  await page.getByRole('heading', { name: 'Containers' }).waitFor();
  await page.getByText('ImagePullBackOff').or(page.getByText('ErrImagePull')).first().waitFor();
  await page.getByRole('link', { name: 'Deployment/grafana' }).waitFor();
  await done(page);
});

test('a log goes on by itself, is searched, and is there for the run before', async () => {
  const page = await open(`/pods/${failing.namespace}/${failing.name}`);
  const log = page.getByRole('log');
  const line = log.getByText(/level=/);
  await line.first().waitFor();
  const before = await line.count();
  await until('more lines', async () => (await line.count()) > before, 60);
  await page.getByLabel('Only lines with').fill('status=200');
  await log.locator('mark').first().waitFor();
  await until('only those lines', async () => (await log.getByText('slow query').count()) === 0);
  await page.getByLabel('Only lines with').fill('');
  await line.first().waitFor();
  await log.evaluate((box) => box.scrollTo(0, 0));
  await page.getByRole('button', { name: 'Jump to the newest' }).click();
  await page.getByRole('button', { name: 'Jump to the newest' }).waitFor({ state: 'detached' });
  await page.getByLabel('The run before').check();
  await page.getByText('The end of the run before this one.').waitFor();
  await done(page);
});

test('without the right to logs, the page says whom to ask, and asks for none', async () => {
  const jun = await addMember(porthole, admin, 'jun', 'Jun Park');
  const { users } = await admin.ask('{ users(first: 10) { nodes { id username } } }');
  const { id } = users.nodes.find(({ username }) => username === 'jun');
  await admin.ask('mutation ($input: SetAccessInput!) { setAccess(input: $input) { errors { message } } }', {
    input: { holder: { user: id }, object: { right: 'CLUSTER_VIEW' }, allowed: true },
  });
  const page = await open(`/pods/${failing.namespace}/${failing.name}`, jun);
  await page.getByText('Reading logs is a right of its own').waitFor();
  assert.equal(await page.getByRole('log').count(), 0);
  await done(page);
});

test('lists keep what was chosen in the address, and go back to it', async () => {
  const page = await open('/workloads?kind=StatefulSet');
  const rows = page.locator('[data-row]');
  await rows.first().waitFor();
  for (const text of await rows.allInnerTexts()) assert.match(text, /StatefulSet/);
  await page.getByLabel('Filter by name').fill('postgres');
  await page.waitForURL('**/workloads?*q=postgres*');
  const found = await rows.count();
  await rows.first().getByRole('link').first().click();
  await page.getByRole('heading', { name: 'Events' }).waitFor();
  await page.goBack();
  await until('the same rows', async () => (await rows.count()) === found);
  assert.equal(await page.getByLabel('Filter by name').inputValue(), 'postgres');
  await page.getByLabel('Filter by name').fill('no such thing');
  await page.getByText('No workload matches “no such thing”').waitFor();
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await until('all rows', async () => (await rows.count()) > found);
  await done(page);
});

test('events come by themselves; warnings can be shown alone', async () => {
  const page = await open('/events');
  const rows = page.locator('[data-row]');
  await page.locator('[data-row][data-changed]').first().waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: /^Warnings/ }).click();
  await page.waitForURL('**/events?show=look');
  await until('only warnings', async () => (await rows.count()) > 0 && (await rows.getByText('Started').count()) === 0);
  await done(page);
});

test('a node shows what runs on it', async () => {
  const page = await open('/nodes');
  await page.getByRole('link', { name: 'harbor-2' }).click();
  await page.getByText('192.168.10.12').waitFor();
  await page.locator('[data-row]').first().waitFor();
  await done(page);
});

test('what a host serves is looked at again when asked', async () => {
  const page = await open('/certificates');
  await page.getByRole('link', { name: 'Served' }).click();
  await page.getByText('git.harbor.example').waitFor();
  await page.getByRole('button', { name: 'Look now' }).click();
  await page.getByText('What is found appears here by itself.').waitFor();
  await done(page);
});

test('a known incident is found by what one sees', async () => {
  const page = await open('/known');
  await page.getByLabel('Find by what you see').fill('self check');
  await page.getByRole('link', { name: /hairpin NAT/ }).click();
  await page.getByRole('heading', { name: 'Remedy' }).waitFor();
  await page.getByText('kubectl -n kube-system rollout restart deployment/coredns').waitFor();
  await done(page);
});

test('the palette finds workloads, nodes and pods', async () => {
  const page = await open('/');
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Find a page, a pod or a post').fill('harbor-3');
  await page.getByRole('button', { name: /^harbor-3/ }).click();
  await page.waitForURL('**/nodes/harbor-3');
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Find a page, a pod or a post').fill('gitea-postgres');
  await page.getByRole('button', { name: /StatefulSet/ }).click();
  await page.waitForURL('**/workloads/StatefulSet/gitea/gitea-postgresql');
  await done(page);
});

test('what Porthole may do is listed', async () => {
  const page = await open('/cluster/rights');
  await page.getByText('Everything that is needed is granted.').waitFor();
  await page.getByRole('rowheader', { name: 'deployments.apps' }).waitFor();
  await done(page);
});
