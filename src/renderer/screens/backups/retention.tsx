/** What is kept: the rules, and what they would remove now, before anything is removed. */
import { Button, NumberInput, Stack } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import type { BackupView, RetentionPolicy } from '#shared/schemas/backup.ts';
import { perform } from '../../app/actions.ts';
import { hrefOf } from '../../app/router.ts';
import { useAsk, useConnection, useSession } from '../../client/context.tsx';
import { ConfirmDialog, type Question } from '../../components/confirm.tsx';
import { Card } from '../../components/screen.tsx';
import { Failure, Loading } from '../../components/states.tsx';
import { useSay } from '../../i18n/i18n.ts';
import classes from './backups.module.css';
import { ruleKey } from './rules.ts';

const FIELDS = ['last', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const;
const SHOWN = 30;

/** See the file. */
export function Retention({ backups }: { readonly backups: readonly BackupView[] }) {
  const news = backups.map(({ id, state, pinned }) => `${id}${state}${pinned}`).join();
  const { value, error, reload } = useAsk(`retention ${news}`, (client) => client.backups.retention(), true);
  if (error !== undefined && value === undefined) return <Failure error={error} onRetry={reload} />;
  if (value === undefined) return <Loading rows={6} />;
  return (
    <div className={classes['columns']}>
      <Rules key={JSON.stringify(value.policy)} policy={value.policy} onSaved={reload} />
      <Plan keep={value.keep} remove={value.remove} backups={backups} onPruned={reload} />
    </div>
  );
}

function Rules({ policy, onSaved }: { readonly policy: RetentionPolicy; readonly onSaved: () => void }) {
  const say = useSay();
  const { client } = useConnection();
  const isAdmin = useSession()?.role === 'admin';
  const [draft, setDraft] = useState(policy);
  const changed = FIELDS.some((field) => draft[field] !== policy[field]);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const put = (next: RetentionPolicy) =>
      perform({
        doing: say('retention-saving'),
        done: say('retention-saved'),
        run: () => client.backups.setRetention(next),
        undo: () => void put(policy).then(onSaved),
      });
    if ((await put(draft)) !== undefined) onSaved();
  };
  return (
    <Card title={say('retention-title')}>
      <form onSubmit={(event) => void save(event)}>
        <Stack gap="md">
          <p className={classes['quiet']}>{say('retention-text')}</p>
          <div className={classes['rules']}>
            {FIELDS.map((field) => (
              <NumberInput
                key={field}
                label={say(`retention-${field}`)}
                value={draft[field]}
                onChange={(value) => setDraft({ ...draft, [field]: Math.trunc(Number(value)) || 0 })}
                min={field === 'last' ? 1 : 0}
                max={1_000}
                allowDecimal={false}
                readOnly={!isAdmin}
              />
            ))}
          </div>
          {isAdmin ? (
            <Button type="submit" variant="light" disabled={!changed || draft.last < 1}>
              {say('retention-save')}
            </Button>
          ) : null}
        </Stack>
      </form>
    </Card>
  );
}

function Plan(props: {
  readonly keep: Readonly<Record<string, readonly string[]>>;
  readonly remove: readonly string[];
  readonly backups: readonly BackupView[];
  readonly onPruned: () => void;
}) {
  const { keep, remove, backups, onPruned } = props;
  const say = useSay();
  const { client } = useConnection();
  const isAdmin = useSession()?.role === 'admin';
  const [question, setQuestion] = useState<Question | null>(null);
  const prune = async (): Promise<void> => {
    await perform({
      doing: say('retention-pruning'),
      done: ({ removed }) => say('retention-pruned', { count: removed.length }),
      run: () => client.backups.prune(),
    });
    onPruned();
  };
  const ask = (): void =>
    setQuestion({
      title: say('retention-prune'),
      lost: say('retention-prune-lost', { count: remove.length }),
      name: say('retention-prune-word'),
      confirm: say('retention-prune'),
      onConfirm: () => void prune(),
    });
  const held = backups.filter(({ id }) => keep[id] !== undefined);
  return (
    <Card title={say('retention-would', { count: remove.length })}>
      {remove.length === 0 ? null : (
        <>
          <ul className={classes['kept']}>
            {remove.slice(0, SHOWN).map((id) => (
              <li key={id}>
                <a href={hrefOf('backups', { backup: id })} style={{ color: 'var(--brand-ink)' }}>
                  {id}
                </a>
              </li>
            ))}
          </ul>
          {isAdmin ? (
            <Button mt="md" variant="default" leftSection={<IconTrash size={16} aria-hidden />} onClick={ask}>
              {say('retention-prune')}
            </Button>
          ) : null}
        </>
      )}
      <p className={classes['quiet']}>{say('retention-held', { count: Object.keys(keep).length })}</p>
      <ul className={classes['kept']}>
        {held.slice(0, SHOWN).map(({ id }) => (
          <li key={id}>
            <a href={hrefOf('backups', { backup: id })} style={{ color: 'var(--brand-ink)' }}>
              {id}
            </a>
            <small>
              {say('backup-held-by')}: {(keep[id] ?? []).map((rule) => say(ruleKey(rule))).join(', ')}
            </small>
          </li>
        ))}
      </ul>
      <ConfirmDialog question={question} onClose={() => setQuestion(null)} />
    </Card>
  );
}
