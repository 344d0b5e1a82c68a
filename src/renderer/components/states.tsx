/** What stands where there is nothing to show: nothing yet, still coming, gone wrong. */
import { Button, Skeleton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { BotpoolError } from '#shared/errors/botpool-error.ts';
import { useErrorText } from '../client/error-text.ts';
import { useSay } from '../i18n/i18n.ts';
import classes from './components.module.css';

/** There is nothing, and this is what one can do about it. */
export function Empty(props: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className={classes['empty']}>
      {props.icon}
      <p className={classes['emptyTitle']}>{props.title}</p>
      {props.text === undefined ? null : <p className={classes['emptyText']}>{props.text}</p>}
      {props.action}
    </div>
  );
}

/** It went wrong: what, and the next step. */
export function Failure({ error, onRetry }: { readonly error: BotpoolError; readonly onRetry?: () => void }) {
  const say = useSay();
  const text = useErrorText(error);
  return (
    <div className={classes['empty']} role="alert">
      <IconAlertTriangle size={32} stroke={1.6} style={{ color: 'var(--bad-ink)' }} aria-hidden />
      <p className={classes['emptyTitle']}>{say('state-failed')}</p>
      <p className={classes['emptyText']}>{text}</p>
      {onRetry === undefined ? null : (
        <Button variant="light" size="sm" onClick={onRetry}>
          {say('action-retry')}
        </Button>
      )}
    </div>
  );
}

/** Bars of the height of what is coming, so that nothing jumps when it is there. */
export function Loading({ rows = 6, height = 44 }: { readonly rows?: number; readonly height?: number }) {
  const say = useSay();
  return (
    <div role="status" aria-label={say('state-loading')} style={{ display: 'grid', gap: 8, padding: '8px 0' }}>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <Skeleton key={index} height={height - 8} radius="md" />
      ))}
    </div>
  );
}
