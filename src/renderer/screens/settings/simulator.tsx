/** What other rules would have done with the activations of the past, beside what the present ones would have. */
import { SegmentedControl, Table } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { ScalingComparison } from '#shared/api/scaling.ts';
import type { Locale } from '#shared/schemas/tenant.ts';
import { useAsk } from '../../client/context.tsx';
import { Ago } from '../../components/ago.tsx';
import { Card } from '../../components/screen.tsx';
import { Failure, Loading } from '../../components/states.tsx';
import { duration, number } from '../../i18n/format.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import classes from './settings.module.css';

type Figures = ScalingComparison['replayed']['present'];

const WAIT_MS = 300;
const SPANS = { day: 24, week: 168, month: 720 } as const;
const SHOWN = 5;

const time = (ms: number, locale: Locale): string => (ms === 0 ? '—' : duration(ms, locale));

/** What is told of each; of all of them less is better. */
const ROWS: readonly { readonly of: keyof Figures; readonly text: (value: number, locale: Locale) => string }[] = [
  { of: 'clientsWaited', text: number },
  { of: 'longestWaitMs', text: time },
  { of: 'emptyMs', text: time },
  { of: 'belowLineMs', text: time },
  { of: 'peakBots', text: number },
  { of: 'botHours', text: (value, locale) => number(value, locale, 1) },
  { of: 'botsStarted', text: number },
  { of: 'botsRemoved', text: number },
];

/** See the file. `changed`: the words differ from what is in force. */
export function Simulator({ words, changed }: { readonly words: string; readonly changed: boolean }) {
  const say = useSay();
  const [span, setSpan] = useState<keyof typeof SPANS>('week');
  const [wanted] = useDebouncedValue(words, WAIT_MS);
  const { value, error, reload } = useAsk(
    `simulate ${span} ${wanted}`,
    (client, signal) => client.scaling.simulate({ words: wanted, hours: SPANS[span] }, { signal }),
    true,
  );
  return (
    <Card
      title={say('simulator-title')}
      extra={
        <SegmentedControl
          size="xs"
          aria-label={say('simulator-span')}
          value={span}
          onChange={(next) => setSpan(next as keyof typeof SPANS)}
          data={(['day', 'week', 'month'] as const).map((one) => ({ value: one, label: say(`simulator-${one}`) }))}
        />
      }
    >
      {error === undefined ? null : <Failure error={error} onRetry={reload} />}
      {error === undefined && value === undefined ? <Loading rows={8} /> : null}
      {error === undefined && value !== undefined ? <Outcome comparison={value} changed={changed} /> : null}
    </Card>
  );
}

function Outcome({ comparison, changed }: { readonly comparison: ScalingComparison; readonly changed: boolean }) {
  const say = useSay();
  const locale = useLocale();
  const { claims, decisions, replayed, differences, from, until } = comparison;
  if (decisions === 0) return <p className={classes['quiet']}>{say('simulator-nothing')}</p>;
  const span = duration(until.getTime() - from.getTime(), locale);
  return (
    <div aria-live="polite" data-testid="simulator">
      <p className={classes['quiet']}>{say('simulator-text', { span, claims, decisions })}</p>
      <Table mt="sm" horizontalSpacing={6} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say('simulator-what')}</Table.Th>
            <Table.Th ta="right">{say('simulator-present')}</Table.Th>
            <Table.Th ta="right">{say('simulator-other')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {ROWS.map(({ of, text }) => (
            <Table.Tr key={of}>
              <Table.Th fw={400}>{say(`simulator-${of}`)}</Table.Th>
              <Table.Td ta="right">{text(replayed.present[of], locale)}</Table.Td>
              <Table.Td ta="right" className={classes[`is-${judge(of, replayed)}`]}>
                {text(replayed.other[of], locale)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <p className={classes['quiet']}>
        {say(changed ? 'simulator-differ' : 'simulator-unchanged', { count: differences.length })}
      </p>
      {changed ? <Differences differences={differences} /> : null}
    </div>
  );
}

function judge(of: keyof Figures, { present, other }: ScalingComparison['replayed']): 'better' | 'worse' | 'same' {
  if (present[of] === other[of]) return 'same';
  return other[of] < present[of] ? 'better' : 'worse';
}

function Differences({ differences }: Pick<ScalingComparison, 'differences'>) {
  const say = useSay();
  const act = ({ action, count }: { readonly action: string; readonly count: number }): string =>
    action === 'grow' || action === 'shrink' ? say(`simulator-act-${action}`, { count }) : say('simulator-act-hold');
  return (
    <ul className={classes['list']}>
      {differences.slice(0, SHOWN).map(({ at, was, would, formula }) => (
        <li key={`${at.getTime()} ${formula}`}>
          <span>
            {act(was)} → <b>{act(would)}</b>
          </span>
          <small>
            <Ago at={at.getTime()} />
          </small>
        </li>
      ))}
    </ul>
  );
}
