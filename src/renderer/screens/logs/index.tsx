/** What all containers write, live: searched, filtered, saved to a file. */
import { Button, MultiSelect, SegmentedControl, Select, TextInput } from '@mantine/core';
import { IconDownload, IconPlayerPause, IconPlayerPlay, IconSearch } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { usePlace } from '../../app/router.ts';
import { useFollow } from '../../client/context.tsx';
import { useLogs } from '../../client/use-logs.ts';
import { LogView } from '../../components/log-view.tsx';
import { Screen } from '../../components/screen.tsx';
import { Empty, Loading } from '../../components/states.tsx';
import { number } from '../../i18n/format.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import type { LogFilter } from '../../stores/log-buffer.ts';
import { LEVELS, type Level } from '../../stores/log-lines.ts';
import classes from './logs.module.css';
import { saveLines } from './save-lines.ts';

const TAILS = ['200', '2000', '20000', '100000'] as const;

/** See the file. */
export function Main() {
  const say = useSay();
  const locale = useLocale();
  const { query } = usePlace();
  const [containers, setContainers] = useState<string[]>(query['container'] === undefined ? [] : [query['container']]);
  const [least, setLeast] = useState<Level>('debug');
  const [text, setText] = useState('');
  const [paused, setPaused] = useState(false);
  const [tail, setTail] = useState<string>('2000');
  const wanted = useDeferredValue(text);
  const filter = useMemo<LogFilter>(
    () => ({ containers: new Set(containers), least, text: wanted }),
    [containers, least, wanted],
  );
  const { buffer, turn, ready } = useLogs({ container: null, tail: Number(tail), filter, paused });
  const { value: stack } = useFollow('stack', (client, signal) => client.stack.watch(undefined, { signal }));
  const names = (stack?.services ?? []).map(({ name }) => name);
  return (
    <Screen
      fill
      title={say('nav-logs')}
      sub={
        <span aria-live="off">
          {say('logs-count', { shown: number(buffer.shown.length, locale), all: number(buffer.size, locale) })}
          {buffer.filtering ? ` · ${say('logs-filtering')}` : ''}
          {buffer.dropped > 0 ? ` · ${say('logs-dropped', { count: number(buffer.dropped, locale) })}` : ''}
        </span>
      }
      actions={
        <>
          <Button
            variant="default"
            size="sm"
            leftSection={paused ? <IconPlayerPlay size={16} aria-hidden /> : <IconPlayerPause size={16} aria-hidden />}
            onClick={() => setPaused(!paused)}
          >
            {say(paused ? 'logs-resume' : 'logs-pause')}
          </Button>
          <Button
            variant="default"
            size="sm"
            leftSection={<IconDownload size={16} aria-hidden />}
            disabled={buffer.shown.length === 0}
            onClick={() => saveLines(buffer.shown)}
          >
            {say('logs-save')}
          </Button>
        </>
      }
    >
      <div className={classes['tools']}>
        <TextInput
          type="search"
          size="sm"
          leftSection={<IconSearch size={16} aria-hidden />}
          placeholder={say('logs-search')}
          aria-label={say('logs-search')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          className={classes['search'] ?? ''}
        />
        <MultiSelect
          size="sm"
          aria-label={say('logs-containers')}
          placeholder={containers.length === 0 ? say('logs-all-containers') : ''}
          data={[...new Set([...names, ...containers])]}
          value={containers}
          onChange={setContainers}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': say('action-clear') }}
          maxDropdownHeight={320}
          limit={100}
          className={classes['containers'] ?? ''}
        />
        <SegmentedControl
          size="sm"
          aria-label={say('logs-level')}
          value={least}
          onChange={(value) => setLeast(value as Level)}
          data={LEVELS.map((value) => ({ value, label: say(`logs-level-${value}`) }))}
        />
        <Select
          size="sm"
          aria-label={say('logs-tail')}
          value={tail}
          onChange={(value) => setTail(value ?? '2000')}
          data={TAILS.map((value) => ({
            value,
            label: say('logs-tail-lines', { count: number(Number(value), locale) }),
          }))}
          allowDeselect={false}
          w={190}
        />
      </div>
      {!ready ? (
        <Loading rows={10} />
      ) : buffer.shown.length === 0 && !buffer.filtering ? (
        <Empty icon={<IconSearch size={36} stroke={1.4} aria-hidden />} title={say('logs-nothing')} />
      ) : (
        <LogView lines={buffer.shown} turn={turn} find={wanted} label={say('nav-logs')} />
      )}
    </Screen>
  );
}
