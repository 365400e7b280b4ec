// Compares ../schema.graphql with an older one on standard input; fails on what would break its clients. What was deprecated
// there may go.
import { readFileSync } from 'node:fs';
import { buildSchema, findBreakingChanges } from 'graphql';

const before = buildSchema(readFileSync(0, 'utf8'));
const now = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

/** True for what the older schema said would go. */
function wasAnnounced({ type, description }) {
  const [first = '', second = ''] = description.match(/\w+\.\w+|(?<=enum type )\w+|^\w+/g) ?? [];
  if (type === 'FIELD_REMOVED') {
    const [parent, field] = first.split('.');
    return Boolean(before.getType(parent)?.getFields()[field]?.deprecationReason);
  }
  if (type === 'VALUE_REMOVED_FROM_ENUM') return Boolean(before.getType(second)?.getValue(first)?.deprecationReason);
  return false;
}

const broken = findBreakingChanges(before, now).filter((change) => !wasAnnounced(change));
for (const { type, description } of broken) console.error(`${type}: ${description}`);
process.exit(broken.length ? 1 : 0);
