import type { GqlError } from '~/lib/graphql';

export type LogLine = { at?: string | null; text: string };
/** Lines that are drawn together: a block that is full never changes again. */
export type LogBlock = { id: number; lines: readonly LogLine[] };

/** How many lines are kept; the oldest go first. */
export const MOST = 5000;
export const BLOCK = 200;
const FLUSH = 250;

/** The end of a log while it grows. Outside React: however fast it comes, it is drawn four times a second. */
export class LogTail {
  blocks: LogBlock[] = [];
  phase: 'loading' | 'live' | 'ended' | 'failed' = 'loading';
  error: GqlError | undefined;

  private version = 0;
  private made = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private listeners = new Set<() => void>();

  append(lines: readonly LogLine[]) {
    this.phase = 'live';
    let rest = lines;
    const last = this.blocks.at(-1);
    if (last && last.lines.length < BLOCK) {
      const room = BLOCK - last.lines.length;
      this.blocks = [...this.blocks.slice(0, -1), { id: last.id, lines: [...last.lines, ...rest.slice(0, room)] }];
      rest = rest.slice(room);
    }
    for (let at = 0; at < rest.length; at += BLOCK)
      this.blocks = [...this.blocks, { id: this.made++, lines: rest.slice(at, at + BLOCK) }];
    this.blocks = this.blocks.slice(-MOST / BLOCK);
    this.tellSoon();
  }

  /** Before the same lines come again, because the connection was lost and made anew. */
  clear() {
    if (this.phase === 'ended' || this.phase === 'failed') return;
    this.blocks = [];
    this.phase = 'loading';
  }

  end() {
    this.phase = 'ended';
    this.tellSoon();
  }

  fail(error: GqlError) {
    this.error = error;
    this.phase = 'failed';
    this.tellSoon();
  }

  private tellSoon() {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.version++;
      for (const listener of this.listeners) listener();
    }, FLUSH);
  }

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  getVersion = () => this.version;
}
