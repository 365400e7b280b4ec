import { plural } from './plural';

/** What every list says, in the words of what it lists. */
function words(one: string, many: string, caption: string) {
  const title = many[0]?.toUpperCase() + many.slice(1);
  return {
    title,
    caption,
    failed: `The ${many} could not be loaded`,
    none: `No ${many}`,
    summary: (total: number, look: number, way: number) => {
      const parts = [
        look && plural(look, 'needs a look', 'need a look'),
        way && plural(way, 'is on its way', 'are on their way'),
      ].filter(Boolean);
      return `${plural(total, one, many)}. ${parts.length ? `${parts.join(', ')}.` : 'All are well.'}`;
    },
    noMatch: (text: string) => `No ${one} matches “${text}”`,
    noMatchFilter: `No ${one} matches this filter`,
    without: (count: number) => `${plural(count, `${one} is`, `${many} are`)} there without the filter.`,
  };
}

export const lists = {
  pods: {
    ...words('pod', 'pods', 'Pods, those that need a look first'),
    noneWhy: 'The cluster runs none, or Porthole may see none.',
  },
  workloads: {
    ...words('workload', 'workloads', 'Workloads, those that need a look first'),
    noneWhy: 'Deployments, StatefulSets, DaemonSets, Jobs and CronJobs stand here once there are some.',
  },
  nodes: {
    ...words('node', 'nodes', 'Nodes, those that need a look first'),
    noneWhy: 'Porthole may see no nodes. With rights in some namespaces only, nodes stay unseen.',
  },
  applications: {
    ...words('application', 'applications', 'Applications of Argo CD, those that need a look first'),
    noneWhy: 'Argo CD is there, and has no applications that Porthole may see.',
    notInstalled: 'Argo CD is not installed',
    notInstalledWhy: 'Nothing is wrong with that. Once it is, its applications stand here.',
  },
  hosts: {
    ...words('host', 'hosts', 'Hosts and the certificates they serve, those that need a look first'),
    noneWhy: 'No Ingress, Gateway or page names a host with https.',
    lead: 'What each host really serves, found out by connecting to it as a browser does.',
  },
  events: {
    ...words('event', 'events', 'Events, the newest first'),
    summary: (total: number, look: number) =>
      `${plural(total, 'event', 'events')}. ${look ? `${plural(look, 'is a warning', 'are warnings')}.` : 'None is a warning.'}`,
    noneWhy: 'Kubernetes keeps events for about an hour; nothing has happened of late.',
  },
};
