import * as v from 'valibot';

const text = v.fallback(v.optional(v.string()), undefined);

/** What the address of a list says: which rows, in which order. Not every list has every one of these. */
export const listSearch = v.object({
  q: text,
  ns: text,
  node: text,
  kind: text,
  cluster: text,
  show: text,
  sort: text,
  dir: v.fallback(v.optional(v.picklist(['asc', 'desc'])), undefined),
});
export type ListSearch = v.InferOutput<typeof listSearch>;

/** What the address of one thing says: of which cluster it is, where there are several. */
export const inCluster = v.object({ cluster: text });
