// What the benches share: a server of their own, its figures, and percentiles.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const built = join(process.env.CARGO_TARGET_DIR ?? join(homedir(), '.cache/porthole/target'), 'release');
process.env.BENCH_BINARY ??= join(built, 'porthole');
process.env.BENCH_BARE ??= join(built, 'bare');

export const PASSWORD = 'a bench needs a long password';
export const pause = (ms) => new Promise((done) => setTimeout(done, ms));
export const percentile = (values, p) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))];

async function ready(url) {
  while (!(await fetch(url).then(() => true, () => false))) await pause(20);
}

/** Starts the released binary on a database in `folder`. */
export async function startPorthole(port, folder, settings) {
  writeFileSync(`${folder}/password`, PASSWORD);
  const server = spawn(process.env.BENCH_BINARY, ['serve'], {
    env: {
      ...process.env,
      PORTHOLE_LISTEN: `127.0.0.1:${port}`,
      PORTHOLE_DATABASE_URL: `sqlite://${folder}/porthole.db`,
      PORTHOLE_ADMIN_PASSWORD_FILE: `${folder}/password`,
      PORTHOLE_LOG: 'error',
      ...settings,
    },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await ready(`${url}/readyz`);
  let cookie = '';
  async function ask(query, variables) {
    const headers = { 'content-type': 'application/json', origin: url, cookie };
    const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    const body = await answer.json();
    if (body.errors) throw new Error(JSON.stringify(body.errors));
    const set = answer.headers.getSetCookie().map((line) => line.split(';')[0]);
    if (set.length) cookie = set.join('; ');
    return body.data;
  }
  await ask('mutation($p: String!) { signIn(input: { username: "admin", password: $p }) { errors { message } } }', { p: PASSWORD });
  return { server, url, ask, cookie: () => cookie };
}

export async function startBare(port, database) {
  const server = spawn(process.env.BENCH_BARE, [`127.0.0.1:${port}`, ...(database ? [database] : [])], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await ready(url);
  return { server, url };
}

/** Seconds of CPU that a process has used; Linux counts hundredths. */
export function cpu({ pid }) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Memory of its own in KiB, without the program's file. */
export const memory = ({ pid }) => Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
