/** From a token to a bot that answers: typed on the left, watched on the right. */
import { Button, NumberInput, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { IconRocket } from '@tabler/icons-react';
import type { FormEvent } from 'react';
import { useStore } from 'zustand';
import { useAsk, useMayOperate } from '../../client/context.tsx';
import { useErrorText } from '../../client/error-text.ts';
import { Card, Screen } from '../../components/screen.tsx';
import { Waterfall } from '../../components/waterfall.tsx';
import { useSay } from '../../i18n/i18n.ts';
import { poolStore, tenantsStore } from '../../stores/stores.ts';
import { type Draft, draftStore, EMPTY_DRAFT, nextClientId } from './draft.ts';
import { ActivationResult } from './result.tsx';
import { SandboxHelp } from './sandbox-help.tsx';
import { TokenField } from './token-field.tsx';
import { useActivation } from './use-activation.ts';
import { type TokenCheck, useTokenCheck } from './use-token-check.ts';

const ZONES = Intl.supportedValuesOf('timeZone');

/** See the file. */
export function Main() {
  const say = useSay();
  const draft = useStore(draftStore);
  const tenants = useStore(tenantsStore, (state) => state.tenants);
  const free = useStore(poolStore, (state) => state.counts.waiting);
  const check = useTokenCheck(draft.token);
  const { run, start, reset } = useActivation();
  const { value: sandbox } = useAsk('sandbox', (client) => client.sandbox.info());
  const clientId = draft.clientId === '' ? nextClientId(tenants ?? []) : draft.clientId;
  const again = (): void => {
    draftStore.setState({ ...EMPTY_DRAFT, locale: draft.locale, timeZone: draft.timeZone }, true);
    reset();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const { token, company, ownerId, locale, timeZone, kind } = draft;
    const input = { token: token.trim(), company, ownerId: Number(ownerId), locale, timeZone, kind };
    // From here on the number belongs to this client, whatever else is activated meanwhile.
    draftStore.setState({ clientId });
    start({ clientId, ...input });
  };
  return (
    <Screen title={say('nav-activate')} sub={say('activate-sub', { free })}>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Card title={say('activate-what')}>
          <form onSubmit={submit}>
            <ActivateFields draft={draft} clientId={clientId} check={check} busy={run.phase === 'running'} />
          </form>
          {sandbox?.url ? <SandboxHelp draft={draft} /> : null}
        </Card>
        <Card title={say('activate-progress')}>
          {run.phase === 'done' && run.answer !== undefined ? (
            <ActivationResult answer={run.answer} sandbox={Boolean(sandbox?.url)} onAgain={again} />
          ) : (
            <Stack gap="md">
              {run.phase === 'failed' && run.error !== undefined ? <RunError error={run.error} /> : null}
              {run.phase === 'idle' ? (
                <p style={{ margin: 0, color: 'var(--ink-2)', fontSize: '0.92rem' }}>{say('activate-idle')}</p>
              ) : null}
              <Waterfall stages={run.stages} {...(run.phase === 'running' ? { runningMs: run.runningMs } : {})} />
            </Stack>
          )}
        </Card>
      </SimpleGrid>
    </Screen>
  );
}

function RunError({ error }: { readonly error: Parameters<typeof useErrorText>[0] }) {
  return (
    <p role="alert" style={{ margin: 0, color: 'var(--bad-ink)', fontSize: '0.95rem' }}>
      {useErrorText(error)}
    </p>
  );
}

function ActivateFields(props: {
  readonly draft: Draft;
  readonly clientId: string;
  readonly check: TokenCheck;
  readonly busy: boolean;
}) {
  const { draft, clientId, check, busy } = props;
  const say = useSay();
  const mayOperate = useMayOperate();
  const change = (part: Partial<Draft>): void => draftStore.setState(part);
  const ready = check.state === 'known' && draft.company.trim() !== '' && Number(draft.ownerId) > 0;
  return (
    <Stack gap="sm">
      <TokenField token={draft.token} check={check} onChange={(token) => change({ token })} />
      <TextInput
        label={say('activate-company')}
        value={draft.company}
        onChange={(event) => change({ company: event.currentTarget.value })}
        maxLength={200}
        required
        withAsterisk={false}
      />
      <NumberInput
        label={say('activate-owner')}
        description={say('activate-owner-hint')}
        value={draft.ownerId}
        onChange={(value) => change({ ownerId: String(value) })}
        allowDecimal={false}
        allowNegative={false}
        hideControls
        required
        withAsterisk={false}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput
          label={say('activate-client')}
          value={draft.clientId === '' ? clientId : draft.clientId}
          onChange={(event) => change({ clientId: event.currentTarget.value })}
          pattern="client_\d{3,6}"
          title="client_001"
          required
          withAsterisk={false}
        />
        <Select
          label={say('activate-kind')}
          data={[{ value: 'booking', label: say('kind-booking') }]}
          value={draft.kind}
          onChange={(kind) => change({ kind: kind ?? 'booking' })}
          allowDeselect={false}
        />
        <Select
          label={say('activate-language')}
          data={[
            { value: 'ru', label: 'Русский' },
            { value: 'en', label: 'English' },
          ]}
          value={draft.locale}
          onChange={(locale) => change({ locale: locale === 'en' ? 'en' : 'ru' })}
          allowDeselect={false}
        />
        <Select
          label={say('activate-zone')}
          data={ZONES.includes(draft.timeZone) ? ZONES : [draft.timeZone, ...ZONES]}
          value={draft.timeZone}
          onChange={(zone) => change({ timeZone: zone ?? draft.timeZone })}
          searchable
          allowDeselect={false}
          limit={60}
        />
      </SimpleGrid>
      <Button
        type="submit"
        loading={busy}
        disabled={!ready || !mayOperate}
        leftSection={<IconRocket size={18} aria-hidden />}
      >
        {say(check.state === 'known' && check.takenBy === clientId ? 'activate-again' : 'activate-do')}
      </Button>
    </Stack>
  );
}
