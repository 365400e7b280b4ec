// Figures of accounts and access, on SQLite, loopback only:
//   200 sign-ins at once, with /healthz and a simple query beside them, against the same when it is quiet;
//   /authz decisions at 1000 a second.
// usage: cargo build --release --bin porthole && node bench/access.mjs [BINARY]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const binary = process.argv[2] ?? join(process.env.CARGO_TARGET_DIR ?? join(homedir(), '.cache/porthole/target'), 'release/porthole');
const port = 18098;
const password = 'quartz lamp ferry 99';
const folder = mkdtempSync(join(tmpdir(), 'porthole-bench-'));
writeFileSync(join(folder, 'password'), password);
const server = spawn(binary, ['serve'], {
  cwd: folder,
  stdio: 'ignore',
  env: {
    PORTHOLE_LISTEN: `127.0.0.1:${port}`,
    PORTHOLE_DATABASE_URL: `sqlite://${folder}/porthole.db`,
    PORTHOLE_CLUSTER: 'off',
    PORTHOLE_ADMIN_PASSWORD_FILE: join(folder, 'password'),
    PORTHOLE_SIGN_IN_PER_MINUTE: '1000000',
    PORTHOLE_PAGE_PROBE_SECONDS: '0',
    RUST_LOG: 'error',
  },
});

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const agent = (sockets) => new Agent({ keepAlive: true, maxSockets: sockets });

/** One request; its status, cookies, text and time in milliseconds. */
function ask(path, { body, headers = {}, through } = {}) {
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint();
    const out = request({ port, host: '127.0.0.1', path, method: body ? 'POST' : 'GET', agent: through, headers: { ...headers, ...(body && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }) } }, (answer) => {
      let text = '';
      answer.on('data', (piece) => (text += piece));
      answer.on('end', () => resolve({ status: answer.statusCode, cookies: answer.headers['set-cookie'] ?? [], text, ms: Number(process.hrtime.bigint() - began) / 1e6 }));
    });
    out.on('error', reject);
    out.end(body);
  });
}

const graphql = (query, options = {}) => ask('/graphql', { body: JSON.stringify({ query }), ...options });
const signIn = (options) => graphql(`mutation { signIn(input: { username: "admin", password: "${password}" }) { errors { code } } }`, options);
const cookiesOf = ({ cookies }) => cookies.map((cookie) => cookie.split(';')[0]).join('; ');
const at = (times, share) => [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))];
const told = (times) => `p50 ${at(times, 0.5).toFixed(2)} ms, p99 ${at(times, 0.99).toFixed(2)} ms, ${times.length} requests`;

/** Asks one after the other, every few milliseconds, until `done`. */
async function sample(send, done) {
  const times = [];
  while (!done()) {
    times.push((await send()).ms);
    await sleep(4);
  }
  return times;
}

async function both(cookie, done) {
  const [a, b] = [agent(1), agent(1)];
  const query = () => graphql('{ viewer { user { username } } }', { headers: { cookie }, through: a });
  return Promise.all([sample(query, done), sample(() => ask('/healthz', { through: b }), done)]);
}

async function storm(cookie) {
  const until = Date.now() + 5000;
  const [quiet, quietHealth] = await both(cookie, () => Date.now() > until);
  console.log(`quiet query:    ${told(quiet)}\nquiet /healthz: ${told(quietHealth)}`);
  let left = true;
  const began = Date.now();
  const all = Promise.all(Array.from({ length: 200 }, () => signIn({ through: agent(1) }))).then((answers) => {
    left = false;
    return answers;
  });
  const [query, health] = await both(cookie, () => !left);
  const answers = await all;
  const good = answers.filter(({ text }) => text.includes('"errors":[]')).length;
  console.log(`200 sign-ins: ${good} signed in, ${200 - good} told to try again, in ${Date.now() - began} ms`);
  console.log(`query beside them:    ${told(query)} (${(at(query, 0.99) / at(quiet, 0.99)).toFixed(1)} x quiet)\n/healthz beside them: ${told(health)}`);
}

async function authz(cookie) {
  await graphql('mutation { createPage(input: { name: "Git", url: "http://git.localhost", probed: false }) { page { id } } }', { headers: { cookie } });
  const made = await graphql('mutation { createUser(input: { username: "jun", displayName: "Jun" }) { temporaryPassword } }', { headers: { cookie } });
  if (!made.text.includes('temporaryPassword')) throw new Error(made.text);
  const headers = { cookie, 'x-original-url': 'http://git.localhost/a/b?c=d', 'x-original-method': 'GET' };
  // What this program and the machine cost by themselves.
  console.log(`/healthz at 1000/s: ${told(await steadily('/healthz', {}))}`);
  console.log(`/authz at 1000/s:   ${told(await steadily('/authz/nginx', headers))}`);
}

/** 1000 requests a second for ten seconds, at their times, whether earlier ones were answered or not. */
async function steadily(path, headers) {
  const through = agent(16);
  const [times, pending] = [[], []];
  const began = process.hrtime.bigint();
  for (let number = 0; number < 10_000; number++) {
    while (Number(process.hrtime.bigint() - began) < number * 1e6) await new Promise(setImmediate);
    pending.push(ask(path, { headers, through }).then(({ status, ms }) => {
      if (status !== 200) throw new Error(`${path} answers ${status}`);
      times.push(ms);
    }));
  }
  await Promise.all(pending);
  return times.slice(1000);
}

try {
  for (let tries = 0; (await ask('/readyz').catch(() => ({}))).status !== 200; tries++) {
    if (tries > 200) throw new Error('the server is not ready');
    await sleep(50);
  }
  const cookie = cookiesOf(await signIn());
  await storm(cookie);
  await authz(cookie);
  const memory = readFileSync(`/proc/${server.pid}/status`, 'utf8').match(/VmHWM:\s+(\d+)/)[1];
  console.log(`most memory: ${Math.round(memory / 1024)} MiB`);
} finally {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}
