/** What is sold, and for how much. Agreed orders keep what was agreed, whatever is changed here. */
import { Button, Group, Modal, NumberInput, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { type PlanView, planChangeSchema } from '#shared/schemas/sales.ts';
import { perform } from '../../app/actions.ts';
import { useAsk, useConnection } from '../../client/context.tsx';
import { Card } from '../../components/screen.tsx';
import { Chip } from '../../components/state-chip.tsx';
import { Failure, Loading } from '../../components/states.tsx';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import { money } from '../orders/money.ts';
import classes from './settings.module.css';

/** See the file. */
export function Plans() {
  const say = useSay();
  const locale = useLocale();
  const { value: plans, error, reload } = useAsk('plans', (client) => client.plans.list());
  const [edited, setEdited] = useState<PlanView | 'new' | null>(null);
  if (error !== undefined && plans === undefined) return <Failure error={error} onRetry={reload} />;
  if (plans === undefined) return <Loading rows={5} />;
  return (
    <Card
      title={say('settings-tab-plans')}
      extra={
        <Button
          size="xs"
          variant="light"
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => setEdited('new')}
        >
          {say('plans-add')}
        </Button>
      }
    >
      <ul className={classes['list']}>
        {plans.map((plan) => (
          <li key={plan.id}>
            <span>
              <b>{locale === 'ru' ? plan.nameRu : plan.nameEn}</b>{' '}
              {plan.active ? null : <Chip tone="draining">{say('plans-hidden')}</Chip>}
              <small>
                {plan.id} · {money(plan.price, plan.currency, locale)} · {say('plans-months', { count: plan.months })}
              </small>
            </span>
            <Button
              size="compact-sm"
              variant="subtle"
              aria-label={say('plans-change-one', { plan: plan.id })}
              onClick={() => setEdited(plan)}
            >
              {say('plans-change')}
            </Button>
          </li>
        ))}
      </ul>
      <Modal
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={edited === null || edited === 'new' ? say('plans-add') : say('plans-change-one', { plan: edited.id })}
        closeButtonProps={{ 'aria-label': say('action-close') }}
        closeOnClickOutside={false}
      >
        {edited === null ? null : (
          <PlanForm plan={edited === 'new' ? undefined : edited} onClose={() => setEdited(null)} onSaved={reload} />
        )}
      </Modal>
    </Card>
  );
}

type Draft = Pick<PlanView, 'id' | 'nameRu' | 'nameEn' | 'price' | 'months' | 'position' | 'active'>;

const NEW: Draft = { id: '', nameRu: '', nameEn: '', price: 99_000, months: 1, position: 100, active: true };

function PlanForm(props: {
  readonly plan: PlanView | undefined;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}) {
  const { plan, onClose, onSaved } = props;
  const say = useSay();
  const { client } = useConnection();
  const [draft, setDraft] = useState<Draft>(() => (plan === undefined ? NEW : draftOf(plan)));
  const change = (part: Partial<Draft>): void => setDraft((before) => ({ ...before, ...part }));
  const ready = planChangeSchema.safeParse(draft).success && draft.nameRu !== '' && draft.nameEn !== '';
  const put = async (next: Draft): Promise<void> => {
    const saved = await perform({
      doing: say('plans-saving'),
      done: say('plans-saved', { plan: next.id }),
      run: () => client.plans.set(next),
      // A plan that is new has nothing to go back to: it can be hidden.
      ...(plan === undefined ? {} : { undo: () => void put(draftOf(plan)) }),
    });
    if (saved !== undefined) onSaved();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!ready) return;
    onClose();
    void put(draft);
  };
  const text = (field: 'id' | 'nameRu' | 'nameEn') => ({
    label: say(`plans-${field}`),
    value: draft[field],
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      change({ [field]: event.currentTarget.value }),
    required: true,
    withAsterisk: false,
  });
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {plan === undefined ? <TextInput {...text('id')} description={say('plans-id-hint')} maxLength={32} /> : null}
        <TextInput {...text('nameRu')} maxLength={60} />
        <TextInput {...text('nameEn')} maxLength={60} />
        <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
          <NumberInput
            label={say('plans-price')}
            value={draft.price / 100}
            onChange={(typed) => change({ price: Math.round((Number(typed) || 0) * 100) })}
            min={1}
            max={350_000}
            decimalScale={2}
          />
          <NumberInput
            label={say('plans-length')}
            value={draft.months}
            onChange={(typed) => change({ months: Math.trunc(Number(typed)) || 1 })}
            min={1}
            max={36}
            allowDecimal={false}
          />
          <NumberInput
            label={say('plans-position')}
            value={draft.position}
            onChange={(typed) => change({ position: Math.trunc(Number(typed)) || 0 })}
            min={0}
            max={10_000}
            allowDecimal={false}
          />
        </SimpleGrid>
        <Switch
          label={say('plans-active')}
          checked={draft.active}
          onChange={(event) => change({ active: event.currentTarget.checked })}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {say('action-cancel')}
          </Button>
          <Button type="submit" disabled={!ready}>
            {say('plans-save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function draftOf({ id, nameRu, nameEn, price, months, position, active }: PlanView): Draft {
  return { id, nameRu, nameEn, price, months, position, active };
}
