/** Named users: who they are, what they may do, and the way in for a new one. */
import { Button, Group, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { ROLES, type Role } from '#shared/api/access.ts';
import { perform } from '../../app/actions.ts';
import { useAsk, useConnection } from '../../client/context.tsx';
import { Ago } from '../../components/ago.tsx';
import { ConfirmDialog, type Question } from '../../components/confirm.tsx';
import { Card } from '../../components/screen.tsx';
import { Chip } from '../../components/state-chip.tsx';
import { Failure, Loading } from '../../components/states.tsx';
import { useSay } from '../../i18n/i18n.ts';
import classes from './settings.module.css';

/** See the file. */
export function Users() {
  const say = useSay();
  const { client } = useConnection();
  const { value: users, error, reload } = useAsk('users', (api) => api.session.users.list());
  const [question, setQuestion] = useState<Question | null>(null);
  if (error !== undefined && users === undefined) return <Failure error={error} onRetry={reload} />;
  if (users === undefined) return <Loading rows={5} />;
  const act = async (doing: string, done: string, run: () => Promise<unknown>): Promise<void> => {
    await perform({ doing, done, run });
    reload();
  };
  const askRemove = (name: string): void =>
    setQuestion({
      title: say('users-remove'),
      lost: say('users-remove-lost', { name }),
      name,
      confirm: say('users-remove'),
      onConfirm: () =>
        void act(say('users-changing', { name }), say('users-removed', { name }), () =>
          client.session.users.remove({ name }),
        ),
    });
  return (
    <div className={classes['columns']}>
      <Card title={say('settings-tab-users')}>
        {users.length === 0 ? (
          <p className={classes['quiet']}>{say('users-none')}</p>
        ) : (
          <ul className={classes['list']}>
            {users.map(({ name, role, disabled, lastSignInAt }) => (
              <li key={name}>
                <span>
                  <b>{name}</b> {disabled ? <Chip tone="draining">{say('users-disabled')}</Chip> : null}
                  <small>
                    {say(`role-${role}`)} · {lastSignInAt === null ? say('users-never') : say('users-last')}{' '}
                    {lastSignInAt === null ? null : <Ago at={lastSignInAt.getTime()} />}
                  </small>
                </span>
                <Group gap={4}>
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    aria-label={say(disabled ? 'users-enable-one' : 'users-disable-one', { name })}
                    onClick={() =>
                      void act(say('users-changing', { name }), say('users-changed', { name }), () =>
                        client.session.users.change({ name, disabled: !disabled }),
                      )
                    }
                  >
                    {say(disabled ? 'users-enable' : 'users-disable')}
                  </Button>
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    color="red"
                    c="var(--bad-ink)"
                    aria-label={say('users-remove-one', { name })}
                    onClick={() => askRemove(name)}
                  >
                    {say('users-remove')}
                  </Button>
                </Group>
              </li>
            ))}
          </ul>
        )}
      </Card>
      <AddUser onAdded={reload} />
      <ConfirmDialog question={question} onClose={() => setQuestion(null)} />
    </div>
  );
}

function AddUser({ onAdded }: { readonly onAdded: () => void }) {
  const say = useSay();
  const { client } = useConnection();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const [password, setPassword] = useState('');
  const add = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const added = await perform({
      doing: say('users-changing', { name }),
      done: say('users-added', { name }),
      run: () => client.session.users.add({ name, role, password }),
    });
    // What was refused stays where it was typed.
    if (added === undefined) return;
    setName('');
    setPassword('');
    onAdded();
  };
  return (
    <Card title={say('users-add')}>
      <form onSubmit={(event) => void add(event)}>
        <Stack gap="sm">
          <TextInput
            label={say('sign-in-name')}
            description={say('users-name-hint')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoComplete="off"
            required
            withAsterisk={false}
          />
          <Select
            label={say('users-role')}
            value={role}
            onChange={(value) => setRole(ROLES.find((one) => one === value) ?? 'operator')}
            data={ROLES.map((value) => ({ value, label: say(`role-${value}`) }))}
            allowDeselect={false}
          />
          <PasswordInput
            label={say('sign-in-password')}
            description={say('users-password-hint')}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="new-password"
            minLength={10}
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': say('sign-in-show') }}
          />
          <Button type="submit" leftSection={<IconUserPlus size={17} aria-hidden />}>
            {say('users-add')}
          </Button>
        </Stack>
      </form>
    </Card>
  );
}
