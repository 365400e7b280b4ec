import { expect, it } from 'vitest';
import { initials } from './Avatar';

it.each([
  ['Mina Seo', 'MS'],
  ['Jean Luc Picard', 'JP'],
  ['admin', 'AD'],
  ['서민아', '민아'],
  ['박준', '박준'],
])('%s is %s', (name, letters) => expect(initials(name)).toBe(letters));
