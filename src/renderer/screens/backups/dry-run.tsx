/** What a restore would change, and the last word before it is done. */
import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useMemo, useState } from 'react';
import type { RestoreDifference } from '#shared/schemas/backup.ts';
import { useAsk } from '../../client/context.tsx';
import { Failure, Loading } from '../../components/states.tsx';
import { number } from '../../i18n/format.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import classes from './backups.module.css';
import { differencesOf } from './differences.ts';
import type { RestoreChoice } from './restore-wish.ts';

/** See the file. */
export function DryRun(props: {
  readonly backupId: string;
  readonly choice: RestoreChoice;
  readonly onTable: (table: string) => void;
  readonly onBack: () => void;
  readonly onGo: () => void;
}) {
  const { backupId, choice, onTable, onBack, onGo } = props;
  const say = useSay();
  const [typed, setTyped] = useState('');
  const { how, clientId } = choice;
  const { value, error, reload } = useAsk(`preview ${backupId} ${clientId}`, (client) =>
    client.backups.preview({ id: backupId, clientId, all: true }),
  );
  const tables = useMemo(
    () => (value ?? []).filter(({ backup }) => backup !== null).map(({ table }) => table),
    [value],
  );
  const ready =
    value !== undefined &&
    (how === 'back' ? typed.trim() === clientId : how === 'copy' || tables.includes(choice.table));
  const go = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) onGo();
  };
  return (
    <form onSubmit={go}>
      <Stack gap="md">
        {error !== undefined && value === undefined ? (
          <Failure error={error} onRetry={reload} />
        ) : value === undefined ? (
          <Loading rows={5} />
        ) : how === 'table' ? (
          <Select
            label={say('restore-table')}
            data={tables}
            value={tables.includes(choice.table) ? choice.table : null}
            onChange={(table) => table !== null && onTable(table)}
            searchable
            allowDeselect={false}
          />
        ) : (
          <Changes rows={how === 'copy' ? value.map((row) => ({ ...row, now: null })) : value} />
        )}
        {how !== 'back' || value === undefined ? null : (
          <>
            <Text size="sm">{say('restore-lost', { client: clientId })}</Text>
            <TextInput
              label={say('confirm-type', { name: clientId })}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
            />
          </>
        )}
        <Group justify="space-between">
          <Button variant="default" onClick={onBack}>
            {say('restore-back')}
          </Button>
          <Button type="submit" color={how === 'back' ? 'red.8' : 'lagoon'} disabled={!ready}>
            {how === 'back' ? say('restore-do-back', { client: clientId }) : say(`restore-do-${how}`)}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Changes({ rows }: { readonly rows: readonly RestoreDifference[] }) {
  const say = useSay();
  const locale = useLocale();
  const { changed, same } = differencesOf(rows);
  const count = (value: number | null): string => (value === null ? say('restore-missing') : number(value, locale));
  if (changed.length === 0) return <Text size="sm">{say('restore-same')}</Text>;
  return (
    <section aria-label={say('restore-dry')} data-testid="dry-run">
      <Text size="sm" mb="xs">
        {say('restore-dry')}
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
      <div className={classes['scroll']} tabIndex={0} role="group" aria-label={say('restore-dry')}>
        <table className={classes['table']}>
          <thead>
            <tr>
              <th scope="col">{say('restore-col-table')}</th>
              {(['now', 'backup', 'change'] as const).map((column) => (
                <th key={column} scope="col" className={classes['num']}>
                  {say(`restore-col-${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {changed.map(({ table, now, backup, change }) => (
              <tr key={table}>
                <th scope="row">{table}</th>
                <td className={classes['num']}>{count(now)}</td>
                <td className={classes['num']}>{count(backup)}</td>
                <td className={`${classes['num']} ${change === 0 ? '' : classes[change > 0 ? 'plus' : 'minus']}`}>
                  {change > 0 ? '+' : change < 0 ? '−' : ''}
                  {number(Math.abs(change), locale)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {same === 0 ? null : (
        <Text size="sm" c="dimmed" mt="xs">
          {say('restore-unchanged', { count: same })}
        </Text>
      )}
    </section>
  );
}
