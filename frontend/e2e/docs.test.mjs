// The examples of docs/api.md work as they stand there, with the address, the token and the password of this server.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PASSWORD, settleAdmin, startPorthole, until } from './porthole.mjs';

const text = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
const examples = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, code]) => ({ language, code }));
const programs = { sh: ['sh', 'example.sh'], js: [process.execPath, 'example.mjs'], python: ['python3', 'example.py'] };

// Below node_modules, so that examples find the packages they import.
const cache = new URL('../node_modules/.docs/', import.meta.url).pathname;
let folder;
let porthole;
let env;

before(async () => {
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(cache);
  porthole = await startPorthole();
  const admin = await settleAdmin(porthole);
  const { createApiToken } = await admin.ask(
    'mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { secret errors { message } } }',
    { input: { name: 'docs', scopes: ['BOARDS_READ', 'CLUSTER_READ', 'ALERTS_READ', 'PAGES_READ'] } },
  );
  env = { PATH: process.env.PATH, PORTHOLE_TOKEN: createApiToken.secret, PORTHOLE_PASSWORD: PASSWORD };
});
after(async () => {
  await porthole?.stop();
  if (folder) rmSync(folder, { recursive: true });
});

test('there are examples for a shell, JavaScript and Python', () => {
  assert.deepEqual(new Set(examples.map(({ language }) => language)), new Set(['sh', 'js', 'python']));
});

for (const [number, { language, code }] of examples.entries())
  test(`example ${number + 1}: ${language}`, async () => {
    const [program, file] = programs[language];
    writeFileSync(join(folder, file), code.replaceAll('127.0.0.1:8080', new URL(porthole.url).host));
    // In a group of its own: a shell's children must end with it.
    const child = spawn(program, [file], { cwd: folder, env, detached: true });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (output += piece));
    const ended = new Promise((resolve) => child.on('close', resolve));
    try {
      if (code.includes('subscription')) {
        await until('the first event', () => {
          assert.equal(child.exitCode, null, output);
          return output.includes('Snapshot');
        });
      } else {
        assert.equal(await ended, 0, output);
        assert.match(output, /data/);
      }
      assert.doesNotMatch(output, /"errors":\[[^\]]/, 'no errors');
    } finally {
      if (child.exitCode === null) process.kill(-child.pid);
      await ended;
    }
  });
