import { memo, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { clockSeconds } from '~/lib/time';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { CopyButton } from '~/ui/copy';
import css from './Logs.module.css';
import type { LogBlock, LogLine } from './LogTail';

type Props = { blocks: LogBlock[]; wrap: boolean; find: string; note: string; label: string };

const holds = ({ text }: LogLine, find: string) => !find || text.toLowerCase().includes(find.toLowerCase());

/** Follows its end, until somebody scrolls up to read. */
export function LogBox({ blocks, wrap, find, note, label }: Props) {
  const { t } = useI18n();
  const l = t.logs;
  const box = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever changes what is drawn moves the end
  useLayoutEffect(() => {
    if (follows && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [blocks, follows, wrap, find]);
  const total = blocks.reduce((sum, { lines }) => sum + lines.length, 0);
  const shown = useMemo(
    () => (find ? blocks.reduce((sum, { lines }) => sum + lines.filter((line) => holds(line, find)).length, 0) : total),
    [blocks, find, total],
  );
  return (
    <>
      <div
        ref={box}
        role="log"
        aria-live="off"
        aria-label={l.of(label)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className={`${css.box} ${wrap ? css.wrap : ''}`}
        onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) =>
          setFollows(scrollTop + clientHeight > scrollHeight - 24)
        }
      >
        {blocks.map((block) => (
          <Block key={block.id} block={block} find={find} />
        ))}
        {total === 0 && note && <p className={css.empty}>{l.empty}</p>}
        {total > 0 && shown === 0 && <p className={css.empty}>{l.noMatch(find)}</p>}
      </div>
      <div className={css.foot}>
        <span>{note}</span>
        {find && total > 0 && <span>{l.found(shown, total)}</span>}
        {!follows && (
          <Button small icon="down" onClick={() => setFollows(true)}>
            {l.toNewest}
          </Button>
        )}
        {shown > 0 && (
          <CopyButton
            text={() =>
              blocks
                .flatMap(({ lines }) => lines.filter((line) => holds(line, find)).map(({ text }) => text))
                .join('\n')
            }
          />
        )}
      </div>
    </>
  );
}

const Block = memo(function Block({ block, find }: { block: LogBlock; find: string }) {
  const { locale } = useI18n();
  return (
    <div className={css.block}>
      {block.lines.map(
        (line, at) =>
          holds(line, find) && (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of a block never move
            <div key={at} className={css.line}>
              {line.at && <time dateTime={line.at}>{clockSeconds(locale, Date.parse(line.at))}</time>}
              <span>
                <Marked text={line.text} find={find} />
              </span>
            </div>
          ),
      )}
    </div>
  );
});

function Marked({ text, find }: { text: string; find: string }) {
  if (!find) return text;
  const at = text.toLowerCase().indexOf(find.toLowerCase());
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + find.length)}</mark>
      {text.slice(at + find.length)}
    </>
  );
}
