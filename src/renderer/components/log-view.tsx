/** A million lines, of which only those on the screen are drawn. Sticks to the end until somebody scrolls up. */
import { Button } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { logTime } from '../i18n/format.ts';
import { useLocale, useSay } from '../i18n/i18n.ts';
import type { KeptLine } from '../stores/log-buffer.ts';
import { sentenceOf } from '../stores/log-lines.ts';
import { displayLine } from './display-name.ts';
import classes from './log-view.module.css';

const LINE_PX = 20;
/** A browser draws no box higher than about 33 million pixels. */
const MOST_SHOWN = 1_500_000;

/** `turn` grows with every change of `lines`, which is the same array all the time. */
export function LogView(props: {
  readonly lines: readonly KeptLine[];
  readonly turn: number;
  readonly find?: string;
  readonly showContainer?: boolean;
  readonly label: string;
}) {
  const { lines, turn, find = '', showContainer = true, label } = props;
  const say = useSay();
  const locale = useLocale();
  const box = useRef<HTMLElement>(null);
  const [stuck, setStuck] = useState(true);
  const count = Math.min(lines.length, MOST_SHOWN);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PX,
    overscan: 20,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: every turn has new lines
  useEffect(() => {
    const element = box.current;
    if (stuck && element !== null) element.scrollTop = element.scrollHeight;
  }, [turn, stuck, count]);
  const onScroll = (): void => {
    const element = box.current;
    if (element !== null) setStuck(element.scrollHeight - element.scrollTop - element.clientHeight < LINE_PX * 2);
  };
  return (
    <div className={classes['wrap']}>
      <section
        ref={box}
        className={classes['view']}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
        tabIndex={0}
        aria-label={label}
      >
        <div className={classes['sizer']} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const line = lines[index];
            if (line === undefined) return null;
            const { message, facts } = sentenceOf(line.text);
            return (
              <div key={index} className={classes['line']} data-level={line.level} style={{ top: start }}>
                <span className={classes['time']}>{logTime(line.at, locale)}</span>
                {showContainer ? (
                  <span className={classes['who']} title={line.container}>
                    {line.container.replace(/^booking-/, '')}
                  </span>
                ) : null}
                <span className={classes['text']}>{marked(displayLine(message.slice(0, 4_000)), find)}</span>
                {facts === '' ? null : (
                  <span className={classes['facts']}>{marked(displayLine(facts.slice(0, 2_000)), find)}</span>
                )}
              </div>
            );
          })}
        </div>
      </section>
      {stuck ? null : (
        <Button
          className={classes['newer'] ?? ''}
          size="xs"
          radius="xl"
          leftSection={<IconArrowDown size={15} aria-hidden />}
          onClick={() => setStuck(true)}
        >
          {say('logs-to-end')}
        </Button>
      )}
    </div>
  );
}

function marked(text: string, find: string): ReactNode {
  const at = find === '' ? -1 : text.toLowerCase().indexOf(find.toLowerCase());
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + find.length)}</mark>
      {text.slice(at + find.length)}
    </>
  );
}
