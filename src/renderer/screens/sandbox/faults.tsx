/** Buttons to break the simulated Telegram with, and one to make it whole again. */
import { Button, Slider, Switch } from '@mantine/core';
import { IconBandage } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { FaultView } from '#shared/schemas/sandbox.ts';
import { perform } from '../../app/actions.ts';
import { useAsk, useConnection, useMayOperate } from '../../client/context.tsx';
import { duration, percent } from '../../i18n/format.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import classes from './sandbox.module.css';

const LATENCY_MARKS = [0, 200, 1_000, 3_000, 10_000];

/** See the file. */
export function Faults() {
  const say = useSay();
  const locale = useLocale();
  const { client } = useConnection();
  const mayOperate = useMayOperate();
  const { value: first } = useAsk('faults', (api) => api.sandbox.faults());
  const [view, setView] = useState<FaultView>();
  useEffect(() => setView(first), [first]);
  if (view === undefined) return null;
  const { settings, next } = view;
  const change = async (run: () => Promise<FaultView>, done: string): Promise<void> => {
    const after = await perform({ doing: say('faults-changing'), done, run });
    if (after !== undefined) setView(after);
  };
  const broken = settings.latencyMs > 0 || settings.errorRate > 0 || settings.unreachable || next.length > 0;
  const fail = (code: number, retryAfter?: number): void =>
    void change(
      () => client.sandbox.failNext({ times: 3, code, ...(retryAfter === undefined ? {} : { retryAfter }) }),
      say('faults-next', { code, times: 3 }),
    );
  return (
    <section className={classes['faults']} aria-label={say('faults-title')}>
      <h2 className={classes['faultsTitle']}>{say('faults-title')}</h2>
      <Switch
        label={say('faults-unreachable')}
        checked={settings.unreachable}
        disabled={!mayOperate}
        onChange={(event) => {
          const unreachable = event.currentTarget.checked;
          void change(
            () => client.sandbox.setFaults({ unreachable }),
            say(unreachable ? 'faults-unreachable-on' : 'faults-unreachable-off'),
          );
        }}
      />
      <div>
        <p className={classes['faultLabel']}>
          {say('faults-latency')} <b>{duration(settings.latencyMs, locale)}</b>
        </p>
        <Slider
          thumbLabel={say('faults-latency')}
          min={0}
          max={LATENCY_MARKS.length - 1}
          step={1}
          label={null}
          disabled={!mayOperate}
          defaultValue={Math.max(
            0,
            LATENCY_MARKS.findLastIndex((ms) => ms <= settings.latencyMs),
          )}
          onChangeEnd={(step) =>
            void change(
              () => client.sandbox.setFaults({ latencyMs: LATENCY_MARKS[step] ?? 0 }),
              say('faults-latency-set', { time: duration(LATENCY_MARKS[step] ?? 0, locale) }),
            )
          }
        />
      </div>
      <div>
        <p className={classes['faultLabel']}>
          {say('faults-errors')} <b>{percent(settings.errorRate, locale)}</b>
        </p>
        <Slider
          thumbLabel={say('faults-errors')}
          min={0}
          max={1}
          step={0.1}
          label={null}
          disabled={!mayOperate}
          defaultValue={settings.errorRate}
          onChangeEnd={(errorRate) =>
            void change(
              () => client.sandbox.setFaults({ errorRate }),
              say('faults-errors-set', { share: percent(errorRate, locale) }),
            )
          }
        />
      </div>
      <div className={classes['faultButtons']}>
        <Button size="xs" variant="default" disabled={!mayOperate} onClick={() => fail(429, 3)}>
          {say('faults-429')}
        </Button>
        <Button size="xs" variant="default" disabled={!mayOperate} onClick={() => fail(409)}>
          {say('faults-409')}
        </Button>
        <Button size="xs" variant="default" disabled={!mayOperate} onClick={() => fail(500)}>
          {say('faults-500')}
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={!mayOperate}
          onClick={() => void change(() => client.sandbox.failNext({ times: 3, drop: 'after' }), say('faults-dropped'))}
        >
          {say('faults-drop')}
        </Button>
      </div>
      <Button
        size="xs"
        variant={broken ? 'filled' : 'light'}
        disabled={!mayOperate || !broken}
        leftSection={<IconBandage size={15} aria-hidden />}
        onClick={() => void change(() => client.sandbox.clearFaults(), say('faults-healed'))}
      >
        {say('faults-heal')}
      </Button>
    </section>
  );
}
