import { plural } from './plural';

export const person = {
  where: 'Where you are',
  failed: 'This account could not be loaded',
  gone: 'There is no such account',
  goneWhy: 'It may have been deleted.',
  toPeople: 'To the people',
  seen: 'Last sign-in',
  since: 'Account since',
  passwordEnds: 'Temporary password ends',
  log: 'Audit log',
  audit: 'What they did',
  lock: 'Lock',
  lockTitle: (name: string) => `Lock ${name}?`,
  lockWhy:
    'Their sessions and the work of their tokens end within two seconds. They cannot sign in until an admin unlocks them.',
  locked: (name: string) => `${name} is locked.`,
  groups: 'Groups',
  noGroups: 'In no group.',
  access: 'What they may do and open',
  noAccess: 'Nothing yet.',
  toGrid: 'Change it in the grid',
  from: {
    own: 'ticked for them',
    group: (name: string) => `group ${name}`,
    everyone: 'open to everyone',
    role: 'as an admin',
  },
  rights: {
    CLUSTER_VIEW: 'Sees the cluster',
    LOGS_VIEW: 'Reads logs',
    NOTICES_WRITE: 'Writes notices',
    CHANNELS_MANAGE: 'Manages alert channels',
  },
  second: {
    off: 'Off. Each person turns it on for themselves.',
    offTitle: (name: string) => `Turn off the second factor of ${name}?`,
    passkeys: (count: number) => `${plural(count, 'passkey', 'passkeys')}.`,
    offWhy:
      'After that their password alone signs them in; passkeys of theirs are removed. Do this only when they asked you themselves.',
    turnedOff: (name: string) => `The second factor of ${name} is off.`,
    own: 'To my account',
  },
};
