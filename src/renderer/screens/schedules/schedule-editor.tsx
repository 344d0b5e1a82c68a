/** A schedule's rules, with what they would mean before they are saved. */
import {
  Accordion,
  Button,
  Checkbox,
  Group,
  Modal,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  TextInput,
} from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useStore } from 'zustand';
import type { ScheduleView } from '#shared/api/schedules.ts';
import {
  OVERLAP_POLICIES,
  type OverlapPolicy,
  type ScheduleRequest,
  scheduleNameSchema,
} from '#shared/schemas/schedule.ts';
import { perform } from '../../app/actions.ts';
import { hrefOf } from '../../app/router.ts';
import { useAsk, useConnection } from '../../client/context.tsx';
import { displayName } from '../../components/display-name.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import { tenantsStore } from '../../stores/stores.ts';
import { Preview } from './preview.tsx';
import { jobWords, whenWords } from './sentence.tsx';

const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone')];
const EXAMPLES = ['0 * * * *', '0 */6 * * *', '0 3 * * *', '0 4 * * 0', '0 5 1 * *'];

const NEW: ScheduleRequest = {
  ...{ name: '', job: 'backup', payload: {}, expression: '0 3 * * *', overlap: 'forbid', catchUp: true },
  ...{ startDeadlineSeconds: 300, timeoutSeconds: 3_600, retries: 0, backOffSeconds: 60 },
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
};

/** Nothing while nothing is edited. */
export function ScheduleEditor(props: { readonly edited: ScheduleView | 'new' | null; readonly onClose: () => void }) {
  const { edited, onClose } = props;
  const say = useSay();
  return (
    <Modal
      opened={edited !== null}
      onClose={onClose}
      size="lg"
      title={
        edited === null || edited === 'new' ? say('schedules-add') : say('schedule-edit-of', { name: edited.name })
      }
      closeButtonProps={{ 'aria-label': say('action-close') }}
      // A click beside it does not throw away what was typed.
      closeOnClickOutside={false}
    >
      {edited === null ? null : <Editor edited={edited} onClose={onClose} />}
    </Modal>
  );
}

function requestOf(edited: ScheduleView | 'new'): ScheduleRequest {
  if (edited === 'new') return NEW;
  const { name, job, payload, expression, zone, overlap, catchUp } = edited;
  const { startDeadlineSeconds, timeoutSeconds, retries, backOffSeconds } = edited;
  return {
    ...{ name, job, payload, expression, zone, overlap, catchUp },
    ...{ startDeadlineSeconds, timeoutSeconds, retries, backOffSeconds },
  };
}

function Editor({ edited, onClose }: { readonly edited: ScheduleView | 'new'; readonly onClose: () => void }) {
  const say = useSay();
  const { client } = useConnection();
  const isNew = edited === 'new';
  const [draft, setDraft] = useState(() => requestOf(edited));
  const [busy, setBusy] = useState(false);
  const change = (part: Partial<ScheduleRequest>): void => setDraft((before) => ({ ...before, ...part }));
  const named = scheduleNameSchema.safeParse(draft.name).success;
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const { name } = draft;
    const put = (request: ScheduleRequest) => client.schedules.update(request);
    const saved = await perform({
      doing: say('schedule-saving', { name }),
      done: say('schedule-saved', { name }),
      run: () => (isNew ? client.schedules.add(draft) : put(draft)),
      link: { label: say('schedule-history'), href: hrefOf('schedules', { schedule: name }) },
      ...(isNew
        ? {}
        : {
            undo: () =>
              void perform({
                doing: say('schedule-saving', { name }),
                done: say('schedule-saved', { name }),
                run: () => put(requestOf(edited)),
              }),
          }),
    });
    setBusy(false);
    // What was refused stays where it was typed.
    if (saved !== undefined) onClose();
  };
  return (
    <form onSubmit={(event) => void save(event)}>
      <Stack gap="md">
        {isNew ? <What draft={draft} change={change} named={named} /> : null}
        <When draft={draft} change={change} />
        <Preview expression={draft.expression} zone={draft.zone} />
        <Rules draft={draft} change={change} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {say('action-cancel')}
          </Button>
          <Button type="submit" loading={busy} disabled={!named || draft.expression.trim() === ''}>
            {say('schedule-save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface Part {
  readonly draft: ScheduleRequest;
  readonly change: (part: Partial<ScheduleRequest>) => void;
}

function What({ draft, change, named }: Part & { readonly named: boolean }) {
  const say = useSay();
  const { value: jobs } = useAsk('jobs', (client) => client.schedules.jobs());
  const tenants = useStore(tenantsStore, (state) => state.tenants) ?? [];
  const scope = typeof draft.payload['scope'] === 'string' ? draft.payload['scope'] : 'all';
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      <TextInput
        label={say('schedule-name')}
        description={say('schedule-name-hint')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        error={draft.name !== '' && !named}
        autoComplete="off"
        spellCheck={false}
        maxLength={40}
        required
        withAsterisk={false}
        data-autofocus
      />
      <Select
        label={say('schedule-job')}
        data={(jobs ?? [draft.job]).map((value) => ({ value, label: jobWords(value, say) }))}
        value={draft.job}
        onChange={(job) => change({ job: job ?? draft.job, payload: {} })}
        allowDeselect={false}
      />
      {draft.job === 'backup' ? (
        <Select
          label={say('schedule-scope')}
          data={[
            { value: 'all', label: say('backups-everything') },
            ...tenants.map(({ clientId, company }) => ({
              value: clientId,
              label: `${displayName(company, 40)} · ${clientId}`,
            })),
          ]}
          value={scope}
          onChange={(value) => change({ payload: value === null || value === 'all' ? {} : { scope: value } })}
          searchable
          allowDeselect={false}
          limit={100}
        />
      ) : null}
    </SimpleGrid>
  );
}

function When({ draft, change }: Part) {
  const say = useSay();
  const locale = useLocale();
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput
          label={say('schedule-expression')}
          value={draft.expression}
          onChange={(event) => change({ expression: event.currentTarget.value })}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          required
          withAsterisk={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
        <Select
          label={say('schedule-zone')}
          data={ZONES.includes(draft.zone) ? ZONES : [draft.zone, ...ZONES]}
          value={draft.zone}
          onChange={(zone) => change({ zone: zone ?? draft.zone })}
          searchable
          allowDeselect={false}
          limit={60}
        />
      </SimpleGrid>
      <p style={{ margin: 0, fontSize: '0.86rem', color: 'var(--ink-2)' }}>{say('schedule-expression-hint')}</p>
      <Group gap={6} role="group" aria-label={say('schedule-examples')}>
        {EXAMPLES.map((expression) => (
          <Button
            key={expression}
            size="compact-xs"
            variant={expression === draft.expression ? 'light' : 'default'}
            onClick={() => change({ expression })}
          >
            {whenWords(expression, say, locale)}
          </Button>
        ))}
      </Group>
    </>
  );
}

const NUMBERS = [
  { field: 'startDeadlineSeconds', label: 'schedule-deadline', min: 1 },
  { field: 'timeoutSeconds', label: 'schedule-timeout', min: 1 },
  { field: 'retries', label: 'schedule-retries', min: 0 },
  { field: 'backOffSeconds', label: 'schedule-back-off', min: 1 },
] as const;

function Rules({ draft, change }: Part) {
  const say = useSay();
  return (
    <Accordion variant="contained">
      <Accordion.Item value="rules">
        <Accordion.Control>{say('schedule-rules')}</Accordion.Control>
        <Accordion.Panel>
          <Stack gap="sm">
            <Select
              label={say('schedule-overlap')}
              data={OVERLAP_POLICIES.map((value) => ({ value, label: say(`schedule-overlap-${value}`) }))}
              value={draft.overlap}
              onChange={(value) => change({ overlap: (value as OverlapPolicy | null) ?? draft.overlap })}
              allowDeselect={false}
            />
            <Checkbox
              label={say('schedule-catch-up')}
              checked={draft.catchUp}
              onChange={(event) => change({ catchUp: event.currentTarget.checked })}
            />
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
              {NUMBERS.map(({ field, label, min }) => (
                <NumberInput
                  key={field}
                  label={say(label)}
                  value={draft[field]}
                  onChange={(value) => change({ [field]: Math.max(min, Math.trunc(Number(value)) || min) })}
                  min={min}
                  allowDecimal={false}
                />
              ))}
            </SimpleGrid>
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
