/** In the simulated world nobody has to go to BotFather: an owner and a bot are made with one click. */
import { Button, Group, TextInput } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { useState } from 'react';
import { perform } from '../../app/actions.ts';
import { useConnection } from '../../client/context.tsx';
import { useSay } from '../../i18n/i18n.ts';
import { type Draft, draftStore } from './draft.ts';
import { usernameFor } from './username.ts';

/** See the file. */
export function SandboxHelp({ draft }: { readonly draft: Draft }) {
  const say = useSay();
  const { client } = useConnection();
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const make = async (): Promise<void> => {
    setBusy(true);
    const company = name.trim() || say('activate-sandbox-example');
    await perform({
      doing: say('activate-sandbox-making'),
      done: say('activate-sandbox-made', { company }),
      run: async () => {
        const owner = await client.sandbox.addPerson({
          name: say('activate-sandbox-owner'),
          languageCode: draft.locale,
        });
        const username = usernameFor(company, crypto.getRandomValues(new Uint32Array(1))[0] ?? 0);
        const bot = await client.sandbox.addBot({ ownerId: owner.id, name: company.slice(0, 64), username });
        draftStore.setState({ token: bot.token, company, ownerId: String(owner.id) });
      },
    });
    setBusy(false);
  };
  return (
    <div style={{ marginTop: 16, paddingTop: 14, borderTop: '1px solid var(--line)' }}>
      <p style={{ margin: '0 0 8px', fontSize: '0.9rem', color: 'var(--ink-2)' }}>{say('activate-sandbox-text')}</p>
      <Group gap="xs" wrap="wrap">
        <TextInput
          size="sm"
          aria-label={say('activate-sandbox-name')}
          placeholder={say('activate-sandbox-example')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={60}
          style={{ flex: '1 1 160px' }}
        />
        <Button
          size="sm"
          variant="light"
          loading={busy}
          onClick={() => void make()}
          leftSection={<IconFlask size={16} aria-hidden />}
        >
          {say('activate-sandbox-make')}
        </Button>
      </Group>
    </div>
  );
}
