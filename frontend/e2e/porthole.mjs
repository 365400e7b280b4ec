// Starts the real server with an empty database and the demo cluster, and speaks to it without a browser.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDiscord } from './discord.mjs';

const binary = process.env.PORTHOLE_BIN ?? join(homedir(), '.cache/porthole/target/debug/porthole');
export const PASSWORD = 'correct horse battery lighthouse';

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

/** Asks until the answer is truthy; says what it waited for when it never is. */
export async function until(what, ask, seconds = 30) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** `host`: the name browsers know it by; `settings`: more of its environment. */
export async function startPorthole({ host = '127.0.0.1', ...settings } = {}) {
  assert.ok(existsSync(binary), `no server at ${binary}: build it, or set PORTHOLE_BIN`);
  const discord = await startDiscord();
  const folder = mkdtempSync(join(tmpdir(), 'porthole-e2e-'));
  const port = await freePort();
  const url = `http://${host}:${port}`;
  const server = spawn(binary, ['serve'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      RUST_LOG: 'warn',
      PORTHOLE_DATABASE_URL: `sqlite://${folder}/porthole.db`,
      PORTHOLE_LISTEN: `127.0.0.1:${port}`,
      PORTHOLE_PUBLIC_URL: url,
      PORTHOLE_CLUSTER: 'demo',
      PORTHOLE_DISCORD_API: discord.url,
      PORTHOLE_SIGN_IN_PER_MINUTE: '60',
      ...settings,
    },
  });
  let output = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => (output += text));
  const exited = new Promise((resolve) => server.on('exit', resolve));
  const stop = async () => {
    server.kill('SIGTERM');
    await exited;
    await discord.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until('the server to be ready', async () => {
      assert.equal(server.exitCode, null, `the server ended:\n${output}`);
      return (await fetch(`${url}/readyz`).catch(() => undefined))?.ok;
    });
    const password = await until('the first password', () => /password: (\S+)/.exec(output)?.[1]);
    return { url, discord, password, stop, output: () => output };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A person without a browser: keeps their cookies and asks GraphQL. */
export function person(url) {
  const jar = new Map();
  async function ask(query, variables) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: url,
        cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      body: JSON.stringify({ query, variables }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0].split(/=(.*)/s);
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    const body = await response.json();
    assert.ok(!body.errors, JSON.stringify(body.errors));
    for (const payload of Object.values(body.data)) assert.deepEqual(payload?.errors ?? [], []);
    return body.data;
  }
  return {
    ask,
    signIn: (username, password) =>
      ask('mutation ($input: SignInInput!) { signIn(input: $input) { errors { message } } }', {
        input: { username, password },
      }),
    changePassword: (currentPassword, newPassword) =>
      ask('mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { errors { message } } }', {
        input: { currentPassword, newPassword },
      }),
    /** For a browser's context. */
    cookies: () => [...jar].map(([name, value]) => ({ name, value, url })),
  };
}

/** The admin after the first password was changed. */
export async function settleAdmin(porthole) {
  const admin = person(porthole.url);
  await admin.signIn('admin', porthole.password);
  await admin.changePassword(porthole.password, PASSWORD);
  return admin;
}

/** A new member who has chosen a password. */
export async function addMember(porthole, admin, username, displayName) {
  const { createUser } = await admin.ask(
    'mutation ($input: CreateUserInput!) { createUser(input: $input) { temporaryPassword errors { message } } }',
    { input: { username, displayName, role: 'MEMBER' } },
  );
  const member = person(porthole.url);
  await member.signIn(username, createUser.temporaryPassword);
  await member.changePassword(createUser.temporaryPassword, PASSWORD);
  return member;
}
