/** Gives a client another token: checked as it is typed, as in the wizard. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { TenantView } from '#shared/api/tenants.ts';
import { perform } from '../../app/actions.ts';
import { useConnection } from '../../client/context.tsx';
import { useSay } from '../../i18n/i18n.ts';
import { TokenField } from '../activate/token-field.tsx';
import { useTokenCheck } from '../activate/use-token-check.ts';

/** Nothing while nobody is given one. */
export function TokenDialog({ client, onClose }: { readonly client: TenantView | null; readonly onClose: () => void }) {
  const say = useSay();
  return (
    <Modal
      opened={client !== null}
      onClose={onClose}
      title={say('client-token')}
      closeButtonProps={{ 'aria-label': say('action-close') }}
    >
      {client === null ? null : <TokenForm client={client} onClose={onClose} />}
    </Modal>
  );
}

function TokenForm({ client, onClose }: { readonly client: TenantView; readonly onClose: () => void }) {
  const say = useSay();
  const api = useConnection().client;
  const [token, setToken] = useState('');
  const check = useTokenCheck(token);
  const { clientId } = client;
  const ready = check.state === 'known' && (check.takenBy === null || check.takenBy === clientId);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!ready) return;
    onClose();
    void perform({
      doing: say('client-token-changing', { client: clientId }),
      done: say('client-token-changed', { client: clientId }),
      run: () => api.activations.changeToken({ clientId, token: token.trim() }),
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TokenField token={token} check={check} onChange={setToken} />
        <Text size="sm" c="dimmed">
          {say('client-token-lost')}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {say('action-cancel')}
          </Button>
          <Button type="submit" disabled={!ready}>
            {say('client-token-do')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
