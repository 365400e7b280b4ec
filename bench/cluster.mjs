// Fills a real API server with pods, starts Porthole on it, and measures: memory of the whole process, time from its
// start to a complete view, and the way of a change to a subscriber beside a bare watch of the same pods.
// usage: cluster.mjs PODS API-SERVER FOLDER      (called by cluster.sh)
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const [pods, api, folder] = [Number(process.argv[2]), process.argv[3], process.argv[4]];
const port = 18097;
const portal = `http://127.0.0.1:${port}`;
const password = 'a bench needs a long password';
const CHANGES = 300;

/** Runs a task for each number, so many at once. */
async function each(count, atOnce, task) {
  let next = 0;
  const worker = async () => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function send(method, path, body, type = 'application/json') {
  const answer = await fetch(api + path, { method, headers: { 'content-type': type }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
}

const namespace = (n) => `team-${n % 40}`;
const name = (n) => `web-${Math.floor(n / 50)}-5d9c7b6f4-${n.toString(36).padStart(5, 'x')}`;

/** A pod as a cluster has it: with labels, probes, volumes and what the kubelet says. */
function pod(n) {
  const container = (i) => ({
    name: i ? 'proxy' : 'web', image: `registry.example.org/team/${i ? 'proxy' : `web-${n % 200}`}:1.${n % 30}.0`,
    ports: [{ containerPort: 8080 }], resources: { requests: { cpu: '50m', memory: '64Mi' } },
    readinessProbe: { httpGet: { path: '/ready', port: 8080 } }, livenessProbe: { httpGet: { path: '/live', port: 8080 } },
    env: [{ name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }, { name: 'MODE', value: 'production' }],
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  });
  return {
    apiVersion: 'v1', kind: 'Pod',
    metadata: {
      name: name(n), namespace: namespace(n), labels: { app: `web-${Math.floor(n / 50)}`, 'pod-template-hash': '5d9c7b6f4' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `web-${Math.floor(n / 50)}-5d9c7b6f4`, uid: `rs-${Math.floor(n / 50)}`, controller: true }],
    },
    spec: { nodeName: `node-${n % 200}`, containers: [container(0), container(1)], volumes: [{ name: 'tmp', emptyDir: {} }] },
  };
}

function status(n, restarts = 0) {
  const at = new Date().toISOString().replace(/\.\d+Z/, 'Z');
  const one = (container) => ({
    name: container, image: 'i', imageID: `sha256:${'0'.repeat(56)}${n.toString(16).padStart(8, '0')}`, ready: true, started: true,
    restartCount: restarts, state: { running: { startedAt: at } }, containerID: `containerd://${'0'.repeat(56)}${n.toString(16).padStart(8, '0')}`,
  });
  const conditions = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({ type, status: 'True', lastTransitionTime: at }));
  return { status: { phase: 'Running', conditions, hostIP: '10.0.0.1', podIP: '10.1.2.3', startTime: at, containerStatuses: [one('web'), one('proxy')] } };
}

async function fill() {
  for (let n = 0; n < 40; n++) await send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `team-${n}` } });
  await each(pods, 48, async (n) => {
    const at = `/api/v1/namespaces/${namespace(n)}/pods`;
    await send('POST', at, pod(n));
    await send('PATCH', `${at}/${name(n)}/status`, status(n), 'application/merge-patch+json');
  });
}

/** Resident memory in MiB, and how much of it is the program's own data (the rest is the program file). */
function memory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (field) => Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)[1]) / 1024);
  return `${of('VmRSS')} MiB, data ${of('RssAnon')} MiB`;
}

const percentile = (values, p) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function start() {
  writeFileSync(`${folder}/password`, password);
  const began = performance.now();
  const server = spawn(process.env.BENCH_BINARY, ['serve', '--listen', `127.0.0.1:${port}`, '--cluster', 'auto', '--kubeconfig', `${folder}/plane/kubeconfig`], {
    env: { ...process.env, ...(process.env.BENCH_PRELOAD && { LD_PRELOAD: process.env.BENCH_PRELOAD }), PORTHOLE_DATABASE_URL: `sqlite://${folder}/porthole.db`, PORTHOLE_ADMIN_PASSWORD_FILE: `${folder}/password` },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  for (;;) {
    const ready = await fetch(`${portal}/readyz`).then((answer) => answer.ok, () => false);
    if (ready) break;
    await pause(10);
  }
  return { server, began };
}

async function ask(cookie, query, variables) {
  const answer = await fetch(`${portal}/graphql`, {
    method: 'POST', headers: { 'content-type': 'application/json', origin: portal, ...(cookie && { cookie }) }, body: JSON.stringify({ query, variables }),
  });
  const body = await answer.json();
  if (body.errors) throw new Error(JSON.stringify(body.errors));
  return { data: body.data, cookies: answer.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ') };
}

/** Tells when a pod's restarts are seen: by a subscriber, and by a bare watch. */
async function subscriber(cookie, seen) {
  const query = 'subscription { podChanges { ... on PodUpsert { object { name restarts } } ... on PodSnapshot { cursor } } }';
  const answer = await fetch(`${portal}/graphql/stream`, {
    method: 'POST', headers: { 'content-type': 'application/json', accept: 'text/event-stream', origin: portal, cookie }, body: JSON.stringify({ query }),
  });
  read(answer, (line) => {
    if (!line.startsWith('data:')) return;
    const object = JSON.parse(line.slice(5) || '{}').data?.podChanges?.object;
    if (object) seen(object.name, object.restarts);
  });
}

async function bare(seen) {
  const answer = await fetch(`${api}/api/v1/pods?watch=true&timeoutSeconds=600&resourceVersion=0&sendInitialEvents=false&resourceVersionMatch=NotOlderThan`)
    .then((a) => (a.ok ? a : fetch(`${api}/api/v1/pods?watch=true&timeoutSeconds=600`)));
  read(answer, (line) => {
    const event = JSON.parse(line);
    if (event.type === 'MODIFIED') seen(event.object.metadata.name, (event.object.status.containerStatuses?.[0].restartCount ?? 0) * 2);
  });
}

async function read(answer, each) {
  let rest = '';
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) if (line) each(line);
  }
}

await fill();
console.log(`${pods} pods are there`);
const { server, began } = await start();
try {
  console.log(`memory before anybody signs in: ${memory(server.pid)}`);
  const { cookies } = await ask('', 'mutation($p: String!) { signIn(input: { username: "admin", password: $p }) { errors { message } } }', { p: password });
  for (;;) {
    const { data } = await ask(cookies, '{ pods(first: 1) { totalCount freshness { stale } } }');
    if (data.pods.totalCount === pods && !data.pods.freshness.stale) break;
    await pause(10);
  }
  console.log(`first full view: ${Math.round(performance.now() - began)} ms after the start of the process (sign-in included)`);
  // What hashing took is given back after a while.
  await pause(15_000);
  console.log(`memory of the process: ${memory(server.pid)}`);

  const sent = new Map();
  const ways = { subscriber: [], 'bare watch': [] };
  const note = (way) => (pod, restarts) => {
    const at = sent.get(`${pod} ${restarts}`);
    if (at !== undefined) ways[way].push(performance.now() - at);
  };
  await Promise.all([subscriber(cookies, note('subscriber')), bare(note('bare watch'))]);
  await pause(3_000);
  for (let n = 0; n < CHANGES; n++) {
    const one = (n * 37) % pods;
    sent.set(`${name(one)} ${2 * (n + 1)}`, performance.now());
    await send('PATCH', `/api/v1/namespaces/${namespace(one)}/pods/${name(one)}/status`, status(one, n + 1), 'application/merge-patch+json');
    await pause(10);
  }
  await pause(2_000);
  for (const [way, times] of Object.entries(ways)) {
    const [middle, high] = [percentile(times, 0.5), percentile(times, 0.99)].map((ms) => ms?.toFixed(1));
    console.log(`change to ${way}: ${times.length} of ${CHANGES} seen, median ${middle} ms, p99 ${high} ms, from before the request`);
  }
  console.log(`memory of the process afterwards: ${memory(server.pid)}`);
} finally {
  server.kill();
}
process.exit(0);
