/** What one can do with a client. What loses data says so and has the client's id typed. */
import { Button, Menu } from '@mantine/core';
import {
  IconArrowsExchange,
  IconDots,
  IconFileExport,
  IconKey,
  IconPlayerPause,
  IconPlayerPlay,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { TenantView } from '#shared/api/tenants.ts';
import { perform } from '../../app/actions.ts';
import { hrefOf } from '../../app/router.ts';
import { useConnection, useMayOperate, useSession } from '../../client/context.tsx';
import { ConfirmDialog, type Question } from '../../components/confirm.tsx';
import { displayName } from '../../components/display-name.ts';
import { saveFile } from '../../components/save-file.ts';
import { useSay } from '../../i18n/i18n.ts';
import { TokenDialog } from './token-dialog.tsx';

/** See the file. */
export function ClientActions({ client }: { readonly client: TenantView }) {
  const say = useSay();
  const api = useConnection().client;
  const mayOperate = useMayOperate();
  const isAdmin = useSession()?.role === 'admin';
  const [question, setQuestion] = useState<Question | null>(null);
  const [tokenOf, setTokenOf] = useState<TenantView | null>(null);
  const { clientId, container, serving } = client;
  if (!mayOperate) return null;
  const suspend = (): void =>
    void perform({
      doing: say('client-suspending', { client: clientId }),
      done: say('client-suspended', { client: clientId }),
      run: () => api.activations.deactivate({ clientId }),
    });
  const askDelete = (keepData: boolean): void =>
    setQuestion({
      title: say('client-delete'),
      lost: say(keepData ? 'client-delete-keep-lost' : 'client-delete-drop-lost', {
        company: displayName(client.company, 80),
      }),
      name: clientId,
      confirm: say('client-delete'),
      onConfirm: () =>
        void perform({
          doing: say('client-deleting', { client: clientId }),
          done: say(keepData ? 'client-deleted-keep' : 'client-deleted-drop', { client: clientId }),
          run: () => api.tenants.delete({ clientId, keepData, confirm: clientId }),
          link: { label: say('nav-clients'), href: hrefOf('clients') },
        }),
    });
  const resume = (): void =>
    void perform({
      doing: say('client-resuming', { client: clientId }),
      done: ({ container }) => say('client-resumed', { client: clientId, container }),
      run: () => api.activations.resume({ clientId }),
    });
  const move = (name: string): void =>
    setQuestion({
      title: say('client-move'),
      lost: say('client-move-lost'),
      confirm: say('client-move'),
      onConfirm: () =>
        void perform({
          doing: say('client-moving', { client: clientId }),
          done: say('client-moved', { client: clientId }),
          run: () => api.stack.restart({ name }),
        }),
    });
  const takeOut = (): void =>
    void perform({
      doing: say('client-exporting', { client: clientId }),
      done: say('client-exported', { client: clientId }),
      run: async () => {
        const { json } = await api.tenants.export({ clientId });
        saveFile(`${clientId}.json`, 'application/json', [json]);
      },
    });
  return (
    <>
      {client.state === 'active' ? (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={17} aria-hidden />}
          onClick={() =>
            setQuestion({
              title: say('client-suspend'),
              lost: say('client-suspend-lost'),
              confirm: say('client-suspend'),
              onConfirm: suspend,
            })
          }
        >
          {say('client-suspend')}
        </Button>
      ) : (
        <Button onClick={resume} leftSection={<IconPlayerPlay size={17} aria-hidden />}>
          {say('client-resume')}
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" aria-label={say('client-more')} px={10}>
            <IconDots size={18} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {container === null || !serving ? null : (
            <Menu.Item leftSection={<IconArrowsExchange size={16} aria-hidden />} onClick={() => move(container)}>
              {say('client-move')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconKey size={16} aria-hidden />} onClick={() => setTokenOf(client)}>
            {say('client-token')}
          </Menu.Item>
          {isAdmin ? (
            <>
              <Menu.Item leftSection={<IconFileExport size={16} aria-hidden />} onClick={takeOut}>
                {say('client-export')}
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={() => askDelete(true)}>
                {say('client-delete-keep')}
              </Menu.Item>
              <Menu.Item
                color="var(--bad-ink)"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() => askDelete(false)}
              >
                {say('client-delete-drop')}
              </Menu.Item>
            </>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <TokenDialog client={tokenOf} onClose={() => setTokenOf(null)} />
      <ConfirmDialog question={question} onClose={() => setQuestion(null)} />
    </>
  );
}
