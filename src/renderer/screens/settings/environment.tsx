/** The variables of the installation: what is set, from where, and changes that the server checks before they are saved. */
import { Button, Group, TextInput } from '@mantine/core';
import { IconDeviceFloppy } from '@tabler/icons-react';
import { useState } from 'react';
import type { EnvironmentView } from '#shared/api/settings.ts';
import { perform } from '../../app/actions.ts';
import { useAsk, useConnection } from '../../client/context.tsx';
import { Card } from '../../components/screen.tsx';
import { Failure, Loading } from '../../components/states.tsx';
import { useSay } from '../../i18n/i18n.ts';
import classes from './settings.module.css';

type Variable = EnvironmentView['variables'][number];

/** See the file. */
export function Environment() {
  const say = useSay();
  const { client } = useConnection();
  const { value: view, error, reload } = useAsk('environment', (api) => api.settings.environment());
  // What has been typed outlives a reload: somebody else's change must not take it away.
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  if (error !== undefined && view === undefined) return <Failure error={error} onRetry={reload} />;
  if (view === undefined) return <Loading rows={8} />;
  const changes = Object.entries(typed);
  const change = (name: string, value: string): void => setTyped((before) => ({ ...before, [name]: value }));
  const save = async (): Promise<void> => {
    const wanted = Object.fromEntries(changes.map(([name, value]) => [name, value === '' ? null : value]));
    const saved = await perform({
      doing: say('env-saving'),
      done: say('env-saved'),
      run: () => client.settings.saveEnvironment({ version: view.version, changes: wanted }),
    });
    if (saved !== undefined) setTyped({});
    reload();
  };
  return (
    <Card
      title={say('env-title')}
      extra={
        <Group gap="xs">
          <Button size="xs" variant="default" disabled={changes.length === 0} onClick={() => setTyped({})}>
            {say('action-undo')}
          </Button>
          <Button
            size="xs"
            disabled={changes.length === 0}
            leftSection={<IconDeviceFloppy size={15} aria-hidden />}
            onClick={() => void save()}
          >
            {say('env-save', { count: changes.length })}
          </Button>
        </Group>
      }
    >
      {view.restartNeeded ? (
        <p role="status" className={classes['note']}>
          {say('env-restart')}
        </p>
      ) : null}
      <ul className={classes['variables']}>
        {view.variables.map((variable) => (
          <VariableRow
            key={variable.name}
            variable={variable}
            typed={typed[variable.name]}
            onChange={(value) => change(variable.name, value)}
          />
        ))}
      </ul>
    </Card>
  );
}

function VariableRow(props: {
  readonly variable: Variable;
  readonly typed: string | undefined;
  readonly onChange: (value: string) => void;
}) {
  const { variable, typed, onChange } = props;
  const say = useSay();
  const { name, value, secret, source, description, example } = variable;
  const fixed = source === 'environment';
  return (
    <li>
      <div>
        <code>{name}</code>
        <small lang="en">{description}</small>
      </div>
      <TextInput
        aria-label={name}
        type={secret ? 'password' : 'text'}
        value={typed ?? value ?? ''}
        placeholder={secret && source === 'file' ? '••••••••' : example}
        onChange={(event) => onChange(event.currentTarget.value)}
        disabled={fixed}
        autoComplete="off"
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.84rem' } }}
      />
      <small>{say(typed === undefined ? `env-source-${source}` : 'env-changed')}</small>
    </li>
  );
}
