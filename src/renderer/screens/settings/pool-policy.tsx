/** How the pool fills itself: its rules, and beside them what they would have done with the past, while they are typed. */
import { Button, Group, NumberInput, Stack, Switch } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { ScalingPolicy } from '#shared/schemas/scaling.ts';
import { perform } from '../../app/actions.ts';
import { useAsk, useConnection, useMayOperate } from '../../client/context.tsx';
import { Card } from '../../components/screen.tsx';
import { Failure, Loading } from '../../components/states.tsx';
import { useSay } from '../../i18n/i18n.ts';
import { policyWords } from './policy-words.ts';
import { ScheduleRules } from './schedule-rules.tsx';
import classes from './settings.module.css';
import { Simulator } from './simulator.tsx';

const NUMBERS = [
  ['minFree', 0, 1_000],
  ['percentage', 0, 100],
  ['batch', 1, 100],
  ['maxTotal', 0, 5_000],
] as const;
const MINUTE_MS = 60_000;

/** See the file. */
export function PoolPolicy() {
  const { value, error, reload } = useAsk('policy', (client) => client.scaling.explain({ limit: 1 }));
  if (error !== undefined && value === undefined) return <Failure error={error} onRetry={reload} />;
  if (value === undefined) return <Loading rows={8} />;
  return <Editor key={value.words} policy={value.policy} own={value.own} onSaved={reload} />;
}

function Editor(props: { readonly policy: ScalingPolicy; readonly own: boolean; readonly onSaved: () => void }) {
  const { policy, own, onSaved } = props;
  const say = useSay();
  const { client } = useConnection();
  const mayOperate = useMayOperate();
  const [draft, setDraft] = useState(policy);
  const change = (part: Partial<ScalingPolicy>): void => setDraft((before) => ({ ...before, ...part }));
  const words = policyWords(draft);
  const changed = words !== policyWords(policy);
  const put = async (next: string): Promise<void> => {
    const saved = await perform({
      doing: say('policy-saving'),
      done: say('policy-saved'),
      run: () => client.scaling.setPolicy({ words: next }),
      undo: () => void put(own ? policyWords(policy) : 'default'),
    });
    if (saved !== undefined) onSaved();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void put(words);
  };
  return (
    <div className={classes['columns']}>
      <Card title={say('policy-title')}>
        <form onSubmit={submit}>
          <Stack gap="md">
            <p className={classes['quiet']}>{say(own ? 'policy-text' : 'policy-text-variables')}</p>
            <Switch
              label={say('policy-enabled')}
              checked={draft.enabled}
              onChange={(event) => change({ enabled: event.currentTarget.checked })}
              disabled={!mayOperate}
            />
            <div className={classes['numbers']}>
              {NUMBERS.map(([field, min, max]) => (
                <NumberInput
                  key={field}
                  label={say(`policy-${field}`)}
                  description={say(`policy-${field}-text`)}
                  value={draft[field]}
                  onChange={(typed) => change({ [field]: Math.trunc(Number(typed)) || min })}
                  {...{ min, max }}
                  allowDecimal={false}
                  readOnly={!mayOperate}
                />
              ))}
              <NumberInput
                label={say('policy-coolDown')}
                description={say('policy-coolDown-text')}
                value={draft.coolDownMs / MINUTE_MS}
                onChange={(typed) => change({ coolDownMs: Math.round((Number(typed) || 0) * MINUTE_MS) })}
                {...{ min: 0, max: 10_080 }}
                decimalScale={1}
                readOnly={!mayOperate}
              />
            </div>
            <Switch
              label={say('policy-forecast')}
              description={say('policy-forecast-text')}
              checked={draft.forecast}
              onChange={(event) => change({ forecast: event.currentTarget.checked })}
              disabled={!mayOperate}
            />
            <ScheduleRules
              schedules={draft.schedules}
              onChange={(schedules) => change({ schedules: [...schedules] })}
              readOnly={!mayOperate}
            />
            {mayOperate ? (
              <Group justify="flex-end" gap="xs">
                {own ? (
                  <Button variant="subtle" onClick={() => void put('default')}>
                    {say('policy-default')}
                  </Button>
                ) : null}
                <Button variant="default" disabled={!changed} onClick={() => setDraft(policy)}>
                  {say('action-undo')}
                </Button>
                <Button type="submit" disabled={!changed}>
                  {say('policy-save')}
                </Button>
              </Group>
            ) : null}
          </Stack>
        </form>
      </Card>
      <Simulator words={words} changed={changed} />
    </div>
  );
}
