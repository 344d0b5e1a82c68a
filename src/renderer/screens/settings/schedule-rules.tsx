/** The times of the week at which more bots are to be free. */
import { ActionIcon, Button, Chip, Group, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { ScalingSchedule } from '#shared/schemas/scaling.ts';
import { weekdays } from '../../i18n/format.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import classes from './settings.module.css';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone')];

/** See the file. */
export function ScheduleRules(props: {
  readonly schedules: readonly ScalingSchedule[];
  readonly onChange: (schedules: readonly ScalingSchedule[]) => void;
  readonly readOnly: boolean;
}) {
  const { schedules, onChange, readOnly } = props;
  const say = useSay();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  const add = (): void =>
    onChange([...schedules, { days: ['fri', 'sat'], from: '18:00', until: '23:00', zone, free: 10 }]);
  return (
    <fieldset className={classes['schedules']}>
      <legend>{say('policy-schedules')}</legend>
      {schedules.map((schedule, index) => (
        <Rule
          // biome-ignore lint/suspicious/noArrayIndexKey: a rule is its place in the list
          key={index}
          schedule={schedule}
          number={index + 1}
          onChange={(next) => onChange(schedules.with(index, next))}
          onRemove={() => onChange(schedules.toSpliced(index, 1))}
          readOnly={readOnly}
        />
      ))}
      {readOnly ? null : (
        <Button variant="light" size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={add}>
          {say('policy-schedule-add')}
        </Button>
      )}
    </fieldset>
  );
}

function Rule(props: {
  readonly schedule: ScalingSchedule;
  readonly number: number;
  readonly onChange: (schedule: ScalingSchedule) => void;
  readonly onRemove: () => void;
  readonly readOnly: boolean;
}) {
  const { schedule, number, onChange, onRemove, readOnly } = props;
  const say = useSay();
  const locale = useLocale();
  const change = (part: Partial<ScalingSchedule>): void => onChange({ ...schedule, ...part });
  const setDays = (chosen: readonly string[]): void => {
    // A time without a day would be no time.
    if (chosen.length > 0) change({ days: DAYS.filter((day) => chosen.includes(day)) });
  };
  return (
    <Stack gap="xs" className={classes['schedule']}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Chip.Group multiple value={[...schedule.days]} onChange={setDays}>
          <Group gap={4}>
            {DAYS.map((day, index) => (
              <Chip key={day} value={day} size="xs" disabled={readOnly}>
                {weekdays([(index + 1) % 7], locale)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        {readOnly ? null : (
          <ActionIcon
            variant="subtle"
            color="gray"
            onClick={onRemove}
            aria-label={say('policy-schedule-remove', { number })}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        )}
      </Group>
      <div className={classes['times']}>
        {(['from', 'until'] as const).map((end) => (
          <TextInput
            key={end}
            type="time"
            label={say(`policy-schedule-${end}`)}
            value={schedule[end]}
            onChange={(event) => change({ [end]: event.currentTarget.value || schedule[end] })}
            readOnly={readOnly}
          />
        ))}
        <NumberInput
          label={say('policy-schedule-free')}
          value={schedule.free}
          onChange={(typed) => change({ free: Math.trunc(Number(typed)) || 0 })}
          min={0}
          max={1_000}
          allowDecimal={false}
          readOnly={readOnly}
        />
        <Select
          label={say('policy-schedule-zone')}
          data={ZONES}
          value={schedule.zone}
          onChange={(zone) => change({ zone: zone ?? schedule.zone })}
          searchable
          readOnly={readOnly}
        />
      </div>
    </Stack>
  );
}
