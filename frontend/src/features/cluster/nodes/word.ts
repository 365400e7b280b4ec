import type { Messages } from '~/locales/en';
import type { NodeRow } from '../feeds/nodes';

/** The worst that is wrong with it, in Kubernetes' own word. */
export function nodeWord(node: NodeRow, n: Messages['nodes']) {
  const [condition] = node.conditions;
  if (condition) return condition.kind;
  if (node.cordoned) return n.cordoned;
  return node.ready === null ? n.unknown : n.ready;
}
