/** Tokens of programs. What is secret of one is shown once, right after it was made. */
import { Button, CopyButton, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { ACCESS_LEVELS, type AccessLevel, roleOf } from '#shared/api/access.ts';
import { perform } from '../../app/actions.ts';
import { useAsk, useConnection } from '../../client/context.tsx';
import { Ago } from '../../components/ago.tsx';
import { Name } from '../../components/name.tsx';
import { Card } from '../../components/screen.tsx';
import { Chip } from '../../components/state-chip.tsx';
import { Failure, Loading } from '../../components/states.tsx';
import { useSay } from '../../i18n/i18n.ts';
import classes from './settings.module.css';

/** See the file. */
export function Tokens() {
  const say = useSay();
  const { client } = useConnection();
  const { value: tokens, error, reload } = useAsk('tokens', (api) => api.session.tokens.list());
  if (error !== undefined && tokens === undefined) return <Failure error={error} onRetry={reload} />;
  if (tokens === undefined) return <Loading rows={5} />;
  const revoke = async (id: string, name: string): Promise<void> => {
    await perform({
      doing: say('tokens-revoking', { name }),
      done: say('tokens-revoked', { name }),
      run: () => client.session.tokens.revoke({ id }),
    });
    reload();
  };
  return (
    <div className={classes['columns']}>
      <Card title={say('settings-tab-tokens')}>
        {tokens.length === 0 ? (
          <p className={classes['quiet']}>{say('tokens-none')}</p>
        ) : (
          <ul className={classes['list']}>
            {tokens.map(({ id, name, scope, lastUsedAt, revokedAt }) => (
              <li key={id}>
                <span>
                  <b>
                    <Name text={name} max={60} />
                  </b>{' '}
                  {revokedAt === null ? null : <Chip tone="draining">{say('tokens-ended')}</Chip>}
                  <small>
                    {say(`role-${roleOf(scope)}`)} · {lastUsedAt === null ? say('tokens-unused') : say('tokens-used')}{' '}
                    {lastUsedAt === null ? null : <Ago at={lastUsedAt.getTime()} />}
                  </small>
                </span>
                {revokedAt === null ? (
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    c="var(--bad-ink)"
                    aria-label={say('tokens-revoke-one', { name })}
                    onClick={() => void revoke(id, name)}
                  >
                    {say('tokens-revoke')}
                  </Button>
                ) : null}
              </li>
            ))}
          </ul>
        )}
      </Card>
      <MakeToken onMade={reload} />
    </div>
  );
}

function MakeToken({ onMade }: { readonly onMade: () => void }) {
  const say = useSay();
  const { client } = useConnection();
  const [name, setName] = useState('');
  const [scope, setScope] = useState<AccessLevel>('read');
  const [days, setDays] = useState<string | number>('');
  const [secret, setSecret] = useState<string>();
  const make = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const made = await perform({
      doing: say('tokens-making'),
      done: say('tokens-made', { name }),
      run: () => client.session.tokens.create({ name, scope, ...(days === '' ? {} : { days: Number(days) }) }),
    });
    if (made === undefined) return;
    setSecret(made.secret);
    setName('');
    onMade();
  };
  return (
    <Card title={say('tokens-make')}>
      <form onSubmit={(event) => void make(event)}>
        <Stack gap="sm">
          <TextInput
            label={say('tokens-name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={60}
            required
            withAsterisk={false}
          />
          <Select
            label={say('users-role')}
            value={scope}
            onChange={(value) => setScope(ACCESS_LEVELS.find((one) => one === value) ?? 'read')}
            data={ACCESS_LEVELS.map((value) => ({ value, label: say(`role-${roleOf(value)}`) }))}
            allowDeselect={false}
          />
          <NumberInput
            label={say('tokens-days')}
            description={say('tokens-days-hint')}
            value={days}
            onChange={setDays}
            min={1}
            max={3_650}
            allowDecimal={false}
            hideControls
          />
          <Button type="submit" leftSection={<IconKey size={17} aria-hidden />}>
            {say('tokens-make')}
          </Button>
        </Stack>
      </form>
      {secret === undefined ? null : (
        <div className={classes['secret']} role="status">
          <p>{say('tokens-once')}</p>
          <code>{secret}</code>
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button size="xs" variant="light" onClick={copy}>
                {say(copied ? 'action-copied' : 'action-copy')}
              </Button>
            )}
          </CopyButton>
        </div>
      )}
    </Card>
  );
}
