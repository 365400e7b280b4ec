import { plural } from './plural';

export const overview = {
  title: 'Cluster',
  look: (count: number) => `${plural(count, 'thing needs', 'things need')} a look.`,
  well: 'Everything that is seen is well.',
  version: (version: string) => `Kubernetes ${version}`,
  noVersion: 'It does not answer',
  nodes: (ready: number, total: number) => `${ready} of ${plural(total, 'node', 'nodes')} ready`,
  seen: 'Seen at',
  pods: (count: number) => plural(count, 'pod', 'pods'),
  podsAs: (list: string) => `Pods: ${list}`,
  podHealth: {
    CRITICAL: (count: number) => `${count} failing`,
    WARNING: (count: number) => `${count} to look at`,
    UNKNOWN: (count: number) => `${count} unknown`,
    PROGRESSING: (count: number) => `${count} on their way`,
    OK: (count: number) => `${count} running`,
    DONE: (count: number) => `${count} finished`,
  },
  needLook: 'Need a look',
  nothing: 'Nothing. Every node, workload and application that is seen is well.',
  hints: 'Will break one day',
  warnings: 'Warnings of late',
  noWarnings: 'None. Kubernetes keeps them for about an hour.',
  allEvents: 'All events',
  endFirst: 'Certificates that end first',
  sees: 'What Porthole sees',
  seesOf: (cluster: string) => `What Porthole sees of ${cluster}`,
  sources: (live: number, total: number) => `${live} of ${total} kinds are live`,
  rights: 'Rights of Porthole',
  clockAhead: (time: string) =>
    `The cluster’s clock is ${time} ahead of Porthole’s. Its times are compared by its own clock; set both by NTP.`,
  clockBehind: (time: string) =>
    `The cluster’s clock is ${time} behind Porthole’s. Its times are compared by its own clock; set both by NTP.`,
};

export const rights = {
  title: 'Rights of Porthole',
  lead: 'What Porthole may do in the cluster, as the cluster itself answers. It only ever reads, and never Secrets. A right that is missing is given with the ClusterRole of the manifests that came with this version; what it is for stays unseen until then, and nothing else breaks.',
  failed: 'The rights could not be asked for',
  missing: (count: number) => `${plural(count, 'is', 'are')} missing.`,
  complete: 'Everything that is needed is granted.',
  caption: (cluster: string) => `Rights in ${cluster}`,
  resource: 'Resource',
  verbs: 'Verbs',
  without: 'What that means',
  notGranted: 'not granted',
  unknown: 'not known',
  fine: 'Optional: only what it is for is left out.',
  unseen: 'These are not seen, and nothing is told about them.',
};

export const known = {
  title: 'Known incidents',
  lead: (count: number) => `${count} that people have had before. Porthole recognises them.`,
  failed: 'The known incidents could not be loaded',
  find: 'Find by what you see',
  noMatch: (text: string) => `No known incident matches “${text}”`,
  noMatchWhy: 'Try a word of the error message.',
  gone: 'There is no such known incident',
  number: (number: number) => `No. ${number}`,
  symptom: 'What you see',
};
