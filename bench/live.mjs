// Opens so many sockets, each with one subscription of one pod's changes; changes the pod; and sends the same bytes through
// a bare broadcast to as many sockets. CPU of the server for each delivery, how long after the first subscriber the last
// percent hears of it, and memory for each connection.
// usage: live.mjs API-SERVER FOLDER SUBSCRIBERS…      (called by live.sh)
import { createRequire } from 'node:module';
import { cpu, memory, pause, percentile, startBare, startPorthole } from './lib.mjs';

const { WebSocket } = createRequire(new URL('../frontend/package.json', import.meta.url))('ws');
const [api, folder, ...counts] = process.argv.slice(2);
const CHANGES = 100;
const QUERY = 'subscription { podChanges { __typename ... on PodUpsert { cursor object { id namespace name status health restarts readyContainers totalContainers node owner { kind name } } } } }';

async function send(method, path, body, type = 'application/json') {
  const answer = await fetch(api + path, { method, headers: { 'content-type': type }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
}

const POD = '/api/v1/namespaces/default/pods';
const status = (restarts) => ({
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [{ name: 'web', image: 'web:1', imageID: '', ready: true, restartCount: restarts, state: { running: { startedAt: new Date().toISOString() } } }],
  },
});

/** As many sockets as wanted, so many at once; `open` makes one and resolves when it listens. */
async function connect(count, open) {
  const sockets = [];
  const worker = async () => {
    while (sockets.length < count) {
      const at = sockets.push(undefined) - 1;
      sockets[at] = await open();
    }
  };
  await Promise.all(Array.from({ length: 50 }, worker));
  return sockets;
}

/** Tells each round, waits until everybody heard it, and says how far apart they heard it. */
async function rounds(sockets, tell) {
  const late = [];
  let heard;
  for (const socket of sockets) socket.on('message', (text) => heard?.(text));
  for (let round = 1; round <= CHANGES; round++) {
    const times = [];
    const all = new Promise((done) => {
      heard = (text) => {
        if (text.length < 100) return;
        times.push(performance.now());
        if (times.length === sockets.length) done();
      };
    });
    await tell(round);
    await all;
    late.push(percentile(times, 0.99) - times[0]);
  }
  return percentile(late, 0.5);
}

async function measure(name, { server }, count, open, tell) {
  const before = memory(server);
  const sockets = await connect(count, open);
  await pause(2000);
  const each = (memory(server) - before) / count;
  const began = cpu(server);
  const late = await rounds(sockets, tell);
  const micros = ((cpu(server) - began) * 1e6) / (count * CHANGES);
  console.log(`${name}, ${count} subscribers: ${micros.toFixed(1)} µs of CPU a delivery; p99 ${late.toFixed(1)} ms after the first; ${each.toFixed(1)} KiB a connection`);
  for (const socket of sockets) socket.terminate();
  await pause(1000);
  return { micros, late };
}

await send('POST', POD, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [{ name: 'web', image: 'web:1' }] } });
await send('PATCH', `${POD}/web/status`, status(0), 'application/merge-patch+json');
const porthole = await startPorthole(18097, folder, {
  PORTHOLE_CLUSTER: 'auto',
  PORTHOLE_KUBECONFIG: `${folder}/plane/kubeconfig`,
  PORTHOLE_LIMIT_SOCKETS: '100000',
});
const bare = await startBare(18096);
let restarts = 0;
let sample = '';
try {
  while ((await porthole.ask('{ cluster { podCount } }')).cluster.podCount !== 1) await pause(100);
  for (const count of counts.map(Number)) {
    const ours = await measure('porthole', porthole, count, () => subscribed(), () => send('PATCH', `${POD}/web/status`, status(++restarts), 'application/merge-patch+json'));
    const theirs = await measure('bare', bare, count, () => listening(), () => fetch(`${bare.url}/tell`, { method: 'POST', body: sample }));
    console.log(`  ${(ours.micros / theirs.micros).toFixed(2)}× the CPU, ${(ours.late / theirs.late).toFixed(2)}× the p99`);
  }
} finally {
  porthole.server.kill();
  bare.server.kill();
}

function subscribed() {
  return new Promise((done, fail) => {
    const socket = new WebSocket(`${porthole.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers: { cookie: porthole.cookie(), origin: porthole.url }, perMessageDeflate: false });
    socket.on('error', fail);
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('message', function first(data) {
      const message = JSON.parse(data);
      if (message.type === 'connection_ack') return socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: QUERY } }));
      if (message.type !== 'next') return fail(new Error(String(data)));
      socket.off('message', first);
      socket.on('message', (text) => (sample = String(text)));
      done(socket);
    });
  });
}

function listening() {
  return new Promise((done, fail) => {
    const socket = new WebSocket(`${bare.url.replace('http', 'ws')}/live`, { perMessageDeflate: false });
    socket.on('error', fail);
    socket.on('open', () => done(socket));
  });
}
