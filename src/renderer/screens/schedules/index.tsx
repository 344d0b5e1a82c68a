/** Schedules: what Botpool does by itself, on a timeline and as sentences; history, pauses and rules. */
import { Button } from '@mantine/core';
import { IconCalendarClock, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { ScheduleView } from '#shared/api/schedules.ts';
import { setQuery, usePlace } from '../../app/router.ts';
import { useFollow, useMayOperate } from '../../client/context.tsx';
import { Card, Screen } from '../../components/screen.tsx';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { useSay } from '../../i18n/i18n.ts';
import { HistoryDrawer } from './history-drawer.tsx';
import { ScheduleCard } from './schedule-card.tsx';
import { ScheduleEditor } from './schedule-editor.tsx';
import classes from './schedules.module.css';
import { Timeline } from './timeline.tsx';

/** See the file. */
export function Main() {
  const say = useSay();
  const { query } = usePlace();
  const mayOperate = useMayOperate();
  const { value: schedules, error } = useFollow('schedules', (client, signal) =>
    client.schedules.watch(undefined, { signal }),
  );
  const [edited, setEdited] = useState<ScheduleView | 'new' | null>(null);
  return (
    <Screen
      title={say('nav-schedules')}
      sub={say('schedules-sub')}
      actions={
        mayOperate ? (
          <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => setEdited('new')}>
            {say('schedules-add')}
          </Button>
        ) : undefined
      }
    >
      {schedules === undefined ? (
        error === undefined ? (
          <Loading rows={8} />
        ) : (
          <Failure error={error} />
        )
      ) : schedules.length === 0 ? (
        <Card>
          <Empty
            icon={<IconCalendarClock size={40} stroke={1.4} aria-hidden />}
            title={say('schedules-empty')}
            text={say('schedules-empty-text')}
          />
        </Card>
      ) : (
        <>
          <Timeline schedules={schedules} />
          <section className={classes['cards']} aria-label={say('schedules-list')}>
            {schedules.map((schedule) => (
              <ScheduleCard key={schedule.name} schedule={schedule} onEdit={() => setEdited(schedule)} />
            ))}
          </section>
        </>
      )}
      <HistoryDrawer
        name={query['schedule']}
        schedule={schedules?.find(({ name }) => name === query['schedule'])}
        known={schedules !== undefined}
        onClose={() => setQuery({ schedule: undefined })}
      />
      <ScheduleEditor edited={edited} onClose={() => setEdited(null)} />
    </Screen>
  );
}
