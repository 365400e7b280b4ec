import { expect, it } from 'vitest';
import { en } from './en';
import { ko } from './ko';

type Leaf = string | ((...values: never[]) => string);

function leaves(tree: object, path = ''): [string, Leaf][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'object' ? leaves(value, `${path}${key}.`) : [[path + key, value as Leaf] as [string, Leaf]],
  );
}
const english = new Map(leaves(en));
const korean = new Map(leaves(ko));

it('has the same keys in both languages', () => {
  expect([...korean.keys()].sort()).toEqual([...english.keys()].sort());
});

it('leaves nothing empty, but what stands around a time', () => {
  const around = /\.since(Before|After)$/;
  const empty = [...english, ...korean].filter(([key, leaf]) => leaf === '' && !around.test(key));
  expect(empty).toEqual([]);
});

it('says every value it is given, in both languages', () => {
  const marks = ['⟦a⟧', '⟦b⟧', '⟦c⟧'];
  const faults = [...english].flatMap(([key, leaf]) => {
    const other = korean.get(key);
    if (typeof leaf !== 'function' || typeof other !== 'function') return typeof leaf === typeof other ? [] : [key];
    const given = marks.slice(0, Math.max(leaf.length, other.length)) as never[];
    return [leaf(...given), other(...given)].some((text) => given.some((mark) => !text.includes(mark))) ? [key] : [];
  });
  expect(faults).toEqual([]);
});

it('is Korean where it is not a name', () => {
  const names =
    /^(alerts\.(discord|languages|securities)|app\.otherLanguage|auth\.version|incidents\.(number|sinceBefore))/;
  const untranslated = [...korean].filter(
    ([key, leaf]) => typeof leaf === 'string' && !/[가-힣]/.test(leaf) && !names.test(key),
  );
  expect(untranslated).toEqual([]);
});
