// A person, a page of 20 posts and a thread of 50 comments with replies: CPU of the server for each, with authentication and
// all limits on, beside axum and sqlx that answer the same from the same database.
// usage: BENCH_BINARY=… BENCH_BARE=… node bench/queries.mjs
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpu, percentile, startBare, startPorthole } from './lib.mjs';

const REQUESTS = 3000;
const folder = mkdtempSync(join(tmpdir(), 'porthole-bench-'));
const porthole = await startPorthole(18097, folder, { PORTHOLE_CLUSTER: 'off' });
const agent = new Agent({ keepAlive: true, maxSockets: 16 });

function once(url, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((done, fail) => {
    const out = request(url, { method, agent, headers }, (answer) => {
      let text = '';
      answer.on('data', (piece) => (text += piece));
      answer.on('end', () => (answer.statusCode === 200 ? done(text) : fail(new Error(`${answer.statusCode} ${text}`))));
    });
    out.on('error', fail);
    out.end(body);
  });
}

/** CPU in µs for each of many requests, 16 at once, and the median time of one in ms. */
async function load({ server }, ask) {
  for (let n = 0; n < 200; n++) await ask();
  const began = cpu(server);
  const times = [];
  let left = REQUESTS;
  await Promise.all(Array.from({ length: 16 }, async () => {
    while (left-- > 0) {
      const at = performance.now();
      await ask();
      times.push(performance.now() - at);
    }
  }));
  return { micros: ((cpu(server) - began) * 1e6) / REQUESTS, median: percentile(times, 0.5) };
}

const uuid = (id) => Buffer.from(id, 'base64url').toString().split(':').at(-1);
async function fill() {
  let post;
  for (let n = 0; n < 20; n++) {
    const made = await porthole.ask('mutation($t: String!) { createPost(input: { board: NOTICE, title: $t, body: "Some words to read about it." }) { post { id } } }', { t: `Post ${n}` });
    post = made.createPost.post.id;
  }
  const comment = async (replyToId) => {
    const made = await porthole.ask('mutation($p: ID!, $r: ID) { createComment(input: { postId: $p, replyToId: $r, body: "A comment of the usual length, as people write them." }) { comment { id } } }', { p: post, r: replyToId });
    return made.createComment.comment.id;
  };
  for (let n = 0; n < 50; n++) await comment(await comment(null));
  return post;
}

try {
  const post = await fill();
  const { viewer } = await porthole.ask('{ viewer { user { id } } }');
  const bare = await startBare(18096, `${folder}/porthole.db`);
  const ask = (query, variables) => {
    const body = JSON.stringify({ query, variables });
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), cookie: porthole.cookie(), origin: porthole.url };
    return () => once(`${porthole.url}/graphql`, { method: 'POST', headers, body });
  };
  const cases = [
    ['a person', 4.5, ask('query($id: ID!) { node(id: $id) { ... on User { id username displayName } } }', { id: viewer.user.id }), `/users/${uuid(viewer.user.id)}`],
    ['a page of 20 posts', 8, ask('{ board(kind: NOTICE) { posts(first: 20) { nodes { id title commentCount createdAt author { id displayName } } } } }'), '/posts'],
    ['a thread of 50 comments with replies', 7, ask('query($id: ID!) { post(id: $id) { title body comments(first: 50) { nodes { id body createdAt author { id displayName } replies(first: 10) { nodes { id body createdAt author { id displayName } } } } } } }', { id: post }), `/posts/${uuid(post)}`],
  ];
  for (const [name, goal, ours, path] of cases) {
    const graphql = await load(porthole, ours);
    const plain = await load(bare, () => once(bare.url + path));
    console.log(`${name}: ${graphql.micros.toFixed(0)} µs of CPU, median ${graphql.median.toFixed(1)} ms; bare ${plain.micros.toFixed(0)} µs, ${plain.median.toFixed(1)} ms: ${(graphql.micros / plain.micros).toFixed(1)}× (goal ${goal}×)`);
  }
  bare.server.kill();
} finally {
  porthole.server.kill();
  rmSync(folder, { recursive: true, force: true });
}
