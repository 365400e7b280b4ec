import { plural } from './plural';

/** What is said of one kind of thing in the cluster, on its list and on its page. */
export const workloads = {
  state: {
    CRITICAL: 'Failing',
    WARNING: 'Needs a look',
    UNKNOWN: 'Unknown',
    PROGRESSING: 'Rolling out',
    OK: 'Well',
    DONE: 'Completed',
    paused: 'Paused',
    scheduled: 'Scheduled',
    scaledDown: 'Scaled to zero',
  },
  application: 'Application',
  updated: 'Up to date',
  revision: 'Revision',
  schedule: 'Schedule',
  lastStarted: 'Last started',
  lastSucceeded: 'Last succeeded',
  ended: 'Ended',
};

export const nodes = {
  roles: 'Roles',
  worker: 'worker',
  pods: 'Pods',
  version: 'Version',
  size: 'Size',
  sizeOf: (cpu: number, memory: string) => `${plural(cpu, 'CPU', 'CPUs')}, ${memory}`,
  address: 'Address',
  system: 'System',
  scheduling: 'New pods',
  takesPods: 'Takes them',
  ready: 'Ready',
  cordoned: 'Cordoned',
  unknown: 'Unknown',
  since: 'since',
};

export const events = {
  warnings: 'Warnings',
  seen: 'Seen',
  reason: 'Reason',
  newestFirst: 'Newest first',
  object: 'About',
  message: 'Message',
  count: 'Times',
  times: (count: number) => `${count}×`,
  noneOf: 'None of late. Kubernetes keeps them for about an hour.',
};

export const applications = {
  healthy: 'Healthy',
  into: 'Namespace',
  sync: 'Sync',
  lastSync: 'What Argo CD says',
  syncedAt: 'Synced',
  source: 'From',
  runs: 'Runs',
};

export const hosts = {
  host: 'Host',
  serves: 'What it serves',
  ends: 'Ends',
  checked: 'Looked',
  sources: 'Named by',
  notYet: 'not yet',
  well: 'Well',
  state: {
    CRITICAL: 'Broken',
    WARNING: 'Needs a look',
    UNKNOWN: 'No answer',
    PROGRESSING: 'Looking',
    OK: 'Well',
    DONE: 'Well',
  },
  endsSoon: 'Ends soon',
  expired: 'Expired',
  placeholder: 'A certificate that the ingress controller made up: none was configured for this host.',
  doesNotFit: (names: string) => `The certificate is for other names: ${names}.`,
  by: (issuer: string) => `Signed by ${issuer}`,
  byUntrusted: (issuer: string) => `Signed by ${issuer}, which this machine does not know`,
  check: 'Look now',
  checking: 'Looking. What is found appears here by itself.',
  issuedTab: 'Issued',
  servedTab: 'Served',
};

export const containers = {
  title: 'Containers',
  kind: { INIT: 'runs first', MAIN: 'main', SIDECAR: 'sidecar' },
  restarted: 'restarted',
  lastRun: (reason: string) => `The run before ended: ${reason},`,
  code: (code: number) => `exit code ${code}`,
  signal: (signal: number) => `signal ${signal}`,
};
