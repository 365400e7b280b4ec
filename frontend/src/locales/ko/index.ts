import type { Messages } from '../en';
import { account } from './account';
import { admin } from './admin';
import { alerts } from './alerts';
import { app } from './app';
import { audit } from './audit';
import { auth } from './auth';
import { boards } from './boards';
import { cluster } from './cluster';
import { explorer } from './explorer';
import { groups } from './groups';
import { home } from './home';
import { incidents } from './incidents';
import { pages } from './pages';
import { person } from './person';
import { states } from './states';

export const ko: Messages = {
  account,
  admin,
  alerts,
  app,
  audit,
  auth,
  boards,
  cluster,
  explorer,
  groups,
  home,
  incidents,
  pages,
  person,
  states,
};
