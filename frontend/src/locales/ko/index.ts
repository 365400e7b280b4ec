import type { Messages } from '../en';
import { account } from './account';
import { admin } from './admin';
import { alerts } from './alerts';
import { app } from './app';
import { audit } from './audit';
import { auth } from './auth';
import { boards } from './boards';
import { cluster } from './cluster';
import { detail, logs } from './detail';
import { explorer } from './explorer';
import { groups } from './groups';
import { home } from './home';
import { incidents } from './incidents';
import { lists } from './lists';
import { known, overview, rights } from './overview';
import { pages } from './pages';
import { person } from './person';
import { states } from './states';
import { applications, containers, events, hosts, nodes, workloads } from './things';

export const ko: Messages = {
  account,
  admin,
  alerts,
  app,
  audit,
  auth,
  boards,
  cluster,
  containers,
  detail,
  events,
  hosts,
  known,
  lists,
  logs,
  nodes,
  overview,
  rights,
  workloads,
  applications,
  explorer,
  groups,
  home,
  incidents,
  pages,
  person,
  states,
};
