/** Pages of one thing in the cluster. */
export const detail = {
  failed: (name: string) => `${name} could not be loaded`,
  gone: (name: string) => `There is no ${name}`,
  goneWhy: 'It may have been deleted or replaced, or it never was.',
  wentAway: 'It is gone from the cluster. This is what was last known of it.',
  belongsTo: 'Belongs to',
  noPods: 'There are none now.',
};

export const logs = {
  title: 'Logs',
  of: (container: string) => `Log of ${container}`,
  container: 'Container',
  find: 'Only lines with',
  wrap: 'Wrap lines',
  previous: 'The run before',
  failed: 'The log could not be read',
  live: 'Live. The last 5,000 lines are kept here, and nowhere else.',
  ended: 'The container has ended, and its log with it.',
  broke: 'The log broke off.',
  ofPrevious: 'The end of the run before this one.',
  empty: 'Nothing has been written yet.',
  noMatch: (text: string) => `No line holds “${text}”.`,
  found: (shown: number, total: number) => `${shown} of ${total} lines`,
  toNewest: 'Jump to the newest',
  noRight:
    'Reading logs is a right of its own, since they may hold what nobody else should see. Ask an admin for “Reads logs”.',
};
