/** What one can do with the whole installation: bring back what is missing, read its configuration, stop it. */
import { Button, Drawer } from '@mantine/core';
import { IconFileCode, IconHeartHandshake, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import { perform } from '../../app/actions.ts';
import { useAsk, useConnection, useMayOperate, useSession } from '../../client/context.tsx';
import { ConfirmDialog, type Question } from '../../components/confirm.tsx';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { useSay } from '../../i18n/i18n.ts';
import classes from './stack.module.css';

/** See the file. */
export function StackActions() {
  const say = useSay();
  const { client } = useConnection();
  const mayOperate = useMayOperate();
  const isAdmin = useSession()?.role === 'admin';
  const [question, setQuestion] = useState<Question | null>(null);
  const [reading, setReading] = useState(false);
  const repair = (): void =>
    void perform({
      doing: say('stack-repairing'),
      done: ({ started }) => say('stack-repaired', { count: started.length }),
      run: () => client.stack.repair(),
    });
  const stop = (): void =>
    setQuestion({
      title: say('stack-stop'),
      lost: say('stack-stop-lost'),
      name: say('stack-stop-word'),
      confirm: say('stack-stop'),
      onConfirm: () =>
        void perform({ doing: say('stack-stopping'), done: say('stack-stopped'), run: () => client.stack.stop() }),
    });
  return (
    <>
      {isAdmin ? (
        <Button variant="default" leftSection={<IconFileCode size={17} aria-hidden />} onClick={() => setReading(true)}>
          {say('stack-configuration')}
        </Button>
      ) : null}
      {mayOperate ? (
        <Button variant="default" leftSection={<IconHeartHandshake size={17} aria-hidden />} onClick={repair}>
          {say('stack-repair')}
        </Button>
      ) : null}
      {isAdmin ? (
        <Button
          variant="default"
          c="var(--bad-ink)"
          leftSection={<IconPlayerStop size={17} aria-hidden />}
          onClick={stop}
        >
          {say('stack-stop')}
        </Button>
      ) : null}
      <ConfirmDialog question={question} onClose={() => setQuestion(null)} />
      <Drawer
        opened={reading}
        onClose={() => setReading(false)}
        position="right"
        size="min(760px, 100vw)"
        title={<strong>{say('stack-configuration')}</strong>}
        closeButtonProps={{ 'aria-label': say('action-close') }}
      >
        {reading ? <Configuration /> : null}
      </Drawer>
    </>
  );
}

function Configuration() {
  const say = useSay();
  const { value, error, reload } = useAsk('configuration', (client) => client.stack.configuration());
  if (error !== undefined && value === undefined) return <Failure error={error} onRetry={reload} />;
  if (value === undefined) return <Loading rows={12} />;
  if (value.yaml === null) {
    return <Empty icon={null} title={say('stack-no-compose')} text={say('stack-no-compose-text')} />;
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
    <section tabIndex={0} aria-label={say('stack-configuration')}>
      <p className={classes['quiet']}>{say('stack-configuration-text')}</p>
      <pre className={classes['yaml']}>{value.yaml}</pre>
    </section>
  );
}
