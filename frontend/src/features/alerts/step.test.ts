import { expect, it } from 'vitest';
import { splitStep } from './step';

it.each([
  ['Free resources or add a node.', { say: 'Free resources or add a node.' }],
  ['kubectl describe pod x -n a', { say: '', command: 'kubectl describe pod x -n a' }],
  ['Go back: kubectl rollout undo deployment/x', { say: 'Go back:', command: 'kubectl rollout undo deployment/x' }],
  [
    '되돌립니다: kubectl rollout undo deployment/x',
    { say: '되돌립니다:', command: 'kubectl rollout undo deployment/x' },
  ],
  ['Use kubectl to see why.', { say: 'Use kubectl to see why.' }],
])('%s', (step, parts) => expect(splitStep(step)).toEqual(parts));
