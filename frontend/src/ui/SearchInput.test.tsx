import { fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SearchInput } from './SearchInput';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const field = () => screen.getByRole<HTMLInputElement>('searchbox');
const type = (value: string) => fireEvent.change(field(), { target: { value } });
const wait = (ms: number) => vi.advanceTimersByTime(ms);

function setUp(value = '') {
  const onCommit = vi.fn();
  const view = render(<SearchInput value={value} label="Filter" onCommit={onCommit} />);
  const again = (next: string) => view.rerender(<SearchInput value={next} label="Filter" onCommit={onCommit} />);
  return { onCommit, again };
}

it('commits once the text rests for 250 ms', () => {
  const { onCommit } = setUp();
  type('g');
  wait(200);
  type('gr');
  wait(200);
  expect(onCommit).not.toHaveBeenCalled();
  wait(60);
  expect(onCommit.mock.calls).toEqual([['gr']]);
});

it('does not commit a syllable that is still being composed', () => {
  const { onCommit } = setUp();
  fireEvent.compositionStart(field());
  for (const step of ['ㅎ', '하', '한']) {
    type(step);
    wait(400);
  }
  expect(onCommit).not.toHaveBeenCalled();
  expect(field().value).toBe('한');
  fireEvent.compositionEnd(field());
  wait(300);
  expect(onCommit.mock.calls).toEqual([['한']]);
});

it('keeps what was typed when its own commit comes back late', () => {
  const { onCommit, again } = setUp();
  type('한');
  wait(300);
  type('한글');
  again('한');
  expect(field().value).toBe('한글');
  wait(300);
  expect(onCommit).toHaveBeenLastCalledWith('한글');
});

it('follows a change from elsewhere', () => {
  const { again } = setUp('grafana');
  again('');
  expect(field().value).toBe('');
});

it('clears on Escape, but not the Escape that ends a composition', () => {
  const { onCommit } = setUp('grafana');
  fireEvent.keyDown(field(), { key: 'Escape', isComposing: true });
  expect(field().value).toBe('grafana');
  fireEvent.keyDown(field(), { key: 'Escape' });
  wait(300);
  expect(onCommit).toHaveBeenCalledWith('');
});
