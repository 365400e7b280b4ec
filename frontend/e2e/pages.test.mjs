// Every page in both languages, light and dark, on a desk and on a phone: looked at, and minded by axe and the policy.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DESK, done, mindAxe, openPage, PHONE, settled, shoot, startBrowser } from './browser.mjs';
import { addMember, settleAdmin, startPorthole, until } from './porthole.mjs';

let porthole;
let browser;
let admin;
const pages = {
  home: '/',
  notices: '/notices',
  'new-notice': '/notices/new',
  requests: '/requests',
  incidents: '/incidents',
  known: '/known',
  'known-incident': '/known/hairpin-nat',
  cluster: '/cluster',
  rights: '/cluster/rights',
  pods: '/pods',
  workloads: '/workloads',
  workload: '/workloads/Deployment/gitea/gitea',
  nodes: '/nodes',
  node: '/nodes/harbor-2',
  certificates: '/certificates',
  hosts: '/hosts',
  applications: '/applications',
  events: '/events',
  'gone-pod': '/pods/gitea/never-was',
  people: '/people',
  groups: '/groups',
  catalogue: '/pages',
  audit: '/audit',
  account: '/account',
  'new-channel': '/channels?edit=new',
  missing: '/no-such-page',
};

before(async () => {
  porthole = await startPorthole();
  admin = await settleAdmin(porthole);
  const jun = await addMember(porthole, admin, 'jun', 'Jun Park');
  await addMember(porthole, admin, 'hyejin', '임혜진');
  pages.post = `/notices/${await writePost()}`;
  await jun.ask('mutation ($input: CreatePostInput!) { createPost(input: $input) { errors { message } } }', {
    input: { board: 'REQUEST', title: 'More space on Nextcloud', body: 'Mine is full.' },
  });
  const { createGroup } = await admin.ask(
    'mutation { createGroup(input: { name: "Developers" }) { group { id } errors { message } } }',
  );
  const people = await admin.ask('{ users { nodes { id username } } }');
  const user = people.users.nodes.find(({ username }) => username === 'jun').id;
  await admin.ask('mutation ($input: SetGroupMemberInput!) { setGroupMember(input: $input) { errors { message } } }', {
    input: { group: createGroup.group.id, user, member: true },
  });
  pages.person = `/people/${user}`;
  pages.channel = `/channels?edit=${await saveChannel()}`;
  const { number } = await until(
    'an incident',
    async () => {
      const { incidents } = await admin.ask('{ incidents(first: 1) { nodes { number } } }');
      return incidents.nodes[0];
    },
    120,
  );
  pages.incident = `/incidents/${number}`;
  const { pods } = await admin.ask('{ pods(first: 1, filter: { text: "ledger-sync" }) { nodes { namespace name } } }');
  pages.pod = `/pods/${pods.nodes[0].namespace}/${pods.nodes[0].name}`;
  browser = await startBrowser();

  async function writePost() {
    const body =
      'The old router restarts twice a week.\n\nWhat you will notice:\n\n- Gitea does not load.\n- `ssh` hangs.';
    const { createPost } = await admin.ask(
      'mutation ($input: CreatePostInput!) { createPost(input: $input) { post { id } errors { message } } }',
      { input: { board: 'NOTICE', title: 'Router swap on Sunday, about 20 minutes offline', body } },
    );
    const comment = (who, input) =>
      who.ask(
        'mutation ($input: CreateCommentInput!) { createComment(input: $input) { comment { id } errors { message } } }',
        {
          input: { postId: createPost.post.id, ...input },
        },
      );
    const { createComment } = await comment(jun, { body: 'Does this touch the nightly backup?' });
    await comment(admin, { body: '아니요, 백업은 새벽 3시 반에 시작합니다.', replyToId: createComment.comment.id });
    return createPost.post.id;
  }

  async function saveChannel() {
    const webhookUrl = `https://discord.com/api/webhooks/123456789012345678/${'t'.repeat(60)}`;
    const { createChannel } = await admin.ask(
      'mutation ($input: CreateChannelInput!) { createChannel(input: $input) { channel { id } errors { message } } }',
      { input: { name: '#ops-alerts', targets: [{ discord: { webhookUrl } }] } },
    );
    return createChannel.channel.id;
  }
});
after(async () => {
  await browser?.close();
  await porthole?.stop();
});

const looks = [
  { name: 'en-light', locale: 'en', scheme: 'light', size: DESK },
  { name: 'ko-dark', locale: 'ko', scheme: 'dark', size: DESK },
  { name: 'ko-light-phone', locale: 'ko', scheme: 'light', size: PHONE },
  { name: 'en-dark-phone', locale: 'en', scheme: 'dark', size: PHONE },
];

for (const look of looks) {
  test(`every page, ${look.name}`, async (t) => {
    const page = await openPage(browser, porthole, { ...look, cookies: admin.cookies() });
    for (const [name, path] of Object.entries(pages)) {
      await t.test(name, async () => {
        await page.goto(path);
        await settled(page);
        assert.equal(await page.evaluate(() => document.documentElement.lang), look.locale);
        assert.equal(await page.evaluate(() => document.documentElement.dataset.mantineColorScheme), look.scheme);
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(sideways <= 0, `${name} is ${sideways} px wider than the window`);
        await mindAxe(page, name);
        await shoot(page, `${name}-${look.name}`);
      });
    }
    await done(page);
  });

  test(`sign-in, ${look.name}`, async () => {
    const page = await openPage(browser, porthole, look);
    await page.goto('/sign-in');
    await page.locator('footer button').first().waitFor();
    await page.locator('h1').waitFor();
    await mindAxe(page, 'sign-in');
    await shoot(page, `sign-in-${look.name}`);
    await done(page);
  });
}

test('the drawer, on a phone', async () => {
  const page = await openPage(browser, porthole, { size: PHONE, cookies: admin.cookies() });
  await page.goto('/');
  await settled(page);
  await page.getByRole('button', { name: 'Open menu' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('link', { name: 'Pods' }).waitFor();
  await mindAxe(page, 'drawer');
  await shoot(page, 'drawer');
  await drawer.getByRole('link', { name: 'Pods' }).click();
  await page.waitForURL('**/pods');
  await drawer.waitFor({ state: 'detached' });
  await done(page);
});

test('language and theme change at once, and are remembered', async () => {
  const page = await openPage(browser, porthole, { cookies: admin.cookies() });
  await page.goto('/pods');
  await settled(page);
  await page.getByRole('button', { name: '한국어' }).click();
  await page.getByRole('heading', { name: '파드' }).waitFor();
  await page.getByRole('button', { name: '어두운 화면으로 바꾸기' }).click();
  await page.reload();
  await page.getByRole('heading', { name: '파드' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.mantineColorScheme), 'dark');
  await done(page);
});
