import type { ReactNode } from 'react';
import type { Feed } from '~/lib/liveStore';
import type { Tone } from '~/ui/Status';

export type Compare<T> = (a: T, b: T) => number;

/** Where a cell stands on a phone, where a row has two lines: status, short and age above; place, name and more below. */
export type Slot = 'status' | 'short' | 'age' | 'place' | 'name' | 'more' | 'wide' | 'text';

export type Column<T> = {
  /** As the address writes it when the list is ordered by it. */
  key: string;
  head: string;
  slot: Slot;
  /** How wide, as CSS grid says it. */
  width: string;
  /** How wide below 75em, where those in the slot `wide` are left out. */
  narrow?: string;
  /** How it orders the list; without one it cannot. */
  order?: Compare<T>;
  /** Stands for the order in which the list comes: a click on it brings that back. */
  first?: string;
  cell(row: T, justNow: boolean): ReactNode;
};

/** A part of the list that can be shown alone. */
export type Part<T> = {
  value: string;
  label: string;
  holds(row: T): boolean;
  tone?(rows: Iterable<T>): Tone;
};

/** One of the choices beside the filter: `of` says what a row has of it. */
export type Choice<T> = {
  key: 'ns' | 'node' | 'kind' | 'cluster';
  label: string;
  all: string;
  of(row: T): string | null | undefined;
};

/** Everything that makes one live list differ from another. */
export type List<T extends { id: string }> = {
  feed: Feed<T>;
  /** Sources whose troubles are the list's. */
  sources: readonly string[];
  words: {
    title: string;
    caption: string;
    failed: string;
    none: string;
    noneWhy: string;
    /** `look` rows of `total` need one. */
    summary(total: number, look: number, way: number): string;
    noMatch(text: string): string;
    noMatchFilter: string;
    without(total: number): string;
  };
  /** What the filter looks through. */
  texts(row: T): (string | null | undefined)[];
  parts: Part<T>[];
  choices: Choice<T>[];
  columns: Column<T>[];
  order: Compare<T>;
  /** Rows of one group stand together while nobody chose another order; a stronger line runs between groups. */
  groupOf?(row: T): string;
  /** Rows are as high as their text: fewer of them, with something to read. */
  tall?: boolean;
};
