// What hostile requests are answered, and how fast: each goes to a server of its own, which must answer a usual query
// right after. Times are the median of 20.
// usage: BENCH_BINARY=… node bench/attacks.mjs
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { percentile, startPorthole } from './lib.mjs';

const { WebSocket } = createRequire(new URL('../frontend/package.json', import.meta.url))('ws');
const folder = mkdtempSync(join(tmpdir(), 'porthole-bench-'));
const porthole = await startPorthole(18097, folder, { PORTHOLE_CLUSTER: 'off' });

const many = (count, text) => Array.from({ length: count }, (_, n) => text(n)).join(' ');
const nested = (depth, open, middle, close) => open.repeat(depth) + middle + close.repeat(depth);
const q = (query, more) => JSON.stringify({ query, ...more });
const json = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };

/** Name, and what is sent by HTTP. */
const requests = [
  ['100 KB of a document', q(`{ ${many(10_000, (n) => `a${n}: __typename`)} }`)],
  ['list literal 5,000 deep', q(`{ node(id: ${nested(5_000, '[', '1', ']')}) { id } }`)],
  ['object literal 3,000 deep', q(`{ node(id: ${nested(3_000, '{a:', '1', '}')}) { id } }`)],
  ['selection sets 4,000 deep', q(nested(4_000, '{a', '', '}'))],
  ['list type 5,000 deep', q(`query($v: ${nested(5_000, '[', 'ID', ']')}) { viewer { user { id } } }`)],
  ['fragment bomb, 30 doublings', q(`{ ...f0 } ${many(30, (n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`)} fragment f30 on Query { server { name } }`)],
  ['fragment cycle', q('{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }')],
  ['900 aliases', q(`{ ${many(900, (n) => `a${n}: __typename`)} }`)],
  ['20 costly fields', q(`{ ${many(20, (n) => `a${n}: users(first: 100) { nodes { id sessions { id } } }`)} }`)],
  ['500 operations', q(many(500, (n) => `query q${n} { __typename }`), { operationName: 'q1' })],
  ['900 directives', q(`{ __typename ${many(900, () => '@skip(if: false)')} }`)],
  ['900 variables', q(`query(${many(900, (n) => `$v${n}: Int`)}) { __typename }`)],
  ['1,000 unknown fields', q(`{ ${many(1_000, (n) => `nope${n}`)} }`)],
  ['introspection in circles', q(`{ __schema { types { ${nested(5, 'possibleTypes { interfaces { ', 'name', '} }')} } } }`)],
  ['100 pages of 100 of 100', q('{ board(kind: NOTICE) { posts(first: 100) { nodes { comments(first: 100) { nodes { replies(first: 100) { nodes { id } } } } } } } }')],
  ['body of 8 MiB', q(`{ a(b: "${'x'.repeat(8 << 20)}") }`)],
  ['JSON 100,000 deep', `{"query":"{ __typename }","variables":${nested(100_000, '[', '', ']')}}`],
  ['no JSON', 'query { __typename }'],
  ['a batch', `[${q('{ __typename }')}]`],
  ['text/plain', q('{ __typename }'), { 'content-type': 'text/plain' }],
  ['from another site', q('{ __typename }'), { origin: 'https://evil.example' }],
  ['NUL and broken UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x00])],
  ['PUT', q('{ __typename }'), {}, 'PUT'],
];

function send([, body, headers = {}, method = 'POST']) {
  return new Promise((done) => {
    const out = request(`${porthole.url}/graphql`, { method, headers: { ...json, origin: porthole.url, cookie: porthole.cookie(), ...headers } }, (answer) => {
      let text = '';
      answer.on('data', (piece) => (text += piece));
      answer.on('end', () => done({ status: answer.statusCode, text }));
    });
    // A body that is refused before it was sent whole breaks off.
    out.on('error', () => done({ status: 'broken off', text: '' }));
    out.on('socket', (socket) => socket.on('error', () => {}));
    out.end(body);
  });
}

function said(text) {
  try {
    const [error] = JSON.parse(text).errors;
    return `${error.extensions?.code ?? ''} ${error.message}`;
  } catch {
    return text;
  }
}

/** Name, frames to send after the introduction (none: instead of it), whether to introduce oneself. */
const init = { type: 'connection_init' };
const subscribe = (id, query) => ({ type: 'subscribe', id, payload: { query } });
const sockets = [
  ['subscribe before the introduction', [subscribe('1', '{ __typename }')]],
  ['two introductions', [init, init]],
  ['the same id twice', [init, subscribe('1', 'subscription { pageChanges { __typename } }'), subscribe('1', '{ __typename }')]],
  ['no JSON over a socket', ['{']],
  ['an unknown type', [{ type: 'drop_table' }]],
  ['binary', [Buffer.from([1, 2, 3])]],
  ['a message of 2 MiB', ['x'.repeat(2 << 20)]],
  ['a bomb over a socket', [init, subscribe('1', `{ ${many(900, (n) => `a${n}: __typename`)} }`)]],
];

function socket([, frames]) {
  return new Promise((done, fail) => {
    const open = new WebSocket(`${porthole.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers: { origin: porthole.url, cookie: porthole.cookie() } });
    let at;
    const ms = () => performance.now() - at;
    open.on('open', () => {
      at = performance.now();
      for (const frame of frames) open.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
    });
    open.on('message', (data) => {
      const message = JSON.parse(data);
      if (message.type !== 'error') return;
      done({ ms: ms(), answer: `error: ${message.payload[0].message}` });
      open.terminate();
    });
    open.on('close', (code, reason) => done({ ms: ms(), answer: `closed ${code} ${reason}` }));
    open.on('error', fail);
  });
}

const line = (name, ms, answer) => console.log(`${name.padEnd(34)} ${ms.toFixed(1).padStart(6)} ms  ${answer.trim().slice(0, 110)}`);
try {
  for (const attack of requests) {
    const times = [];
    let answer;
    for (let n = 0; n < 20; n++) {
      const at = performance.now();
      answer = await send(attack);
      times.push(performance.now() - at);
    }
    await porthole.ask('{ server { name } }');
    line(attack[0], percentile(times, 0.5), `${answer.status} ${said(answer.text)}`);
  }
  for (const attack of sockets) {
    const answers = [];
    for (let n = 0; n < 20; n++) answers.push(await socket(attack));
    await porthole.ask('{ server { name } }');
    line(attack[0], percentile(answers.map(({ ms }) => ms), 0.5), answers[0].answer);
  }
} finally {
  porthole.server.kill();
  rmSync(folder, { recursive: true });
}
