/** One order: what happened to it in order of time, its payments and refunds; try again, give money back. */
import { Anchor, Button, Drawer, Group, Stack } from '@mantine/core';
import { IconArrowBackUp, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import type { OrderDetails } from '#shared/schemas/sales.ts';
import { perform } from '../../app/actions.ts';
import { hrefOf } from '../../app/router.ts';
import { useAsk, useConnection, useMayOperate, useSession } from '../../client/context.tsx';
import { Ago } from '../../components/ago.tsx';
import { ConfirmDialog, type Question } from '../../components/confirm.tsx';
import { Name } from '../../components/name.tsx';
import { Facts } from '../../components/screen.tsx';
import { Failure, Loading } from '../../components/states.tsx';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import { money } from './money.ts';
import { OrderChip } from './order-state.tsx';
import classes from './orders.module.css';
import { timelineOf } from './timeline.ts';

/** Nothing while no order is chosen. `seen`: the revision in the list; another one is read anew. */
export function OrderDrawer(props: {
  readonly order: string | undefined;
  readonly seen: number | undefined;
  readonly onClose: () => void;
}) {
  const { order, seen, onClose } = props;
  const say = useSay();
  return (
    <Drawer
      opened={order !== undefined}
      onClose={onClose}
      position="right"
      size="min(560px, 100vw)"
      title={<strong>{say('orders-one', { number: order ?? '' })}</strong>}
      closeButtonProps={{ 'aria-label': say('action-close') }}
    >
      {order === undefined ? null : <Order order={order} seen={seen} />}
    </Drawer>
  );
}

function Order({ order, seen }: { readonly order: string; readonly seen: number | undefined }) {
  const { value, error, reload } = useAsk(`order ${order} ${seen}`, (client) => client.orders.show({ order }));
  if (value !== undefined) return <Known details={value} onChanged={reload} />;
  return error === undefined ? <Loading rows={8} /> : <Failure error={error} onRetry={reload} />;
}

function Known({ details, onChanged }: { readonly details: OrderDetails; readonly onChanged: () => void }) {
  const say = useSay();
  const locale = useLocale();
  const { order } = details;
  return (
    <Stack gap="md">
      <Facts
        rows={[
          [say('clients-state'), <OrderChip key="state" state={order.state} />],
          ...(order.reason === null
            ? []
            : ([[say('orders-reason'), <code key="reason">{order.reason}</code>]] as const)),
          [say('clients-company'), order.company === null ? '–' : <Name key="company" text={order.company} max={80} />],
          [say('orders-buyer'), <Name key="buyer" text={order.buyerName ?? String(order.buyerId)} max={60} />],
          [say('orders-plan'), order.planId ?? '–'],
          [say('orders-amount'), money(order.amount, order.currency, locale)],
          ...(order.clientId === null
            ? []
            : ([
                [
                  say('clients-id'),
                  <Anchor key="client" href={hrefOf(`clients/${order.clientId}`)} c="var(--brand-ink)" fz="inherit">
                    {order.clientId}
                  </Anchor>,
                ],
              ] as const)),
          ...(order.confirmationUrl === null
            ? []
            : ([
                [
                  say('orders-pay-page'),
                  <Anchor
                    key="pay"
                    href={order.confirmationUrl}
                    target="_blank"
                    rel="noreferrer"
                    c="var(--brand-ink)"
                    fz="inherit"
                  >
                    {say('orders-pay-open')}
                  </Anchor>,
                ],
              ] as const)),
        ]}
      />
      <OrderButtons details={details} onChanged={onChanged} />
      <section aria-label={say('orders-timeline')}>
        <h3 className={classes['head']}>{say('orders-timeline')}</h3>
        <ol className={classes['timeline']}>
          {timelineOf(details).map(({ id, at, what, amount, note }) => (
            <li key={id}>
              <span>
                {say(`order-event-${what}`)}
                {amount === undefined ? '' : ` ${money(amount, order.currency, locale)}`}
                {note === undefined ? null : <small>{note}</small>}
              </span>
              <Ago at={at} />
            </li>
          ))}
        </ol>
      </section>
    </Stack>
  );
}

/** Whatever still has something to do: a payment to look for, a bot to start, money whose way is unclear. */
const TRIED_AGAIN: ReadonlySet<OrderDetails['order']['state']> = new Set([
  'awaiting_payment',
  'paid',
  'activating',
  'failed',
]);

function OrderButtons({ details, onChanged }: { readonly details: OrderDetails; readonly onChanged: () => void }) {
  const say = useSay();
  const locale = useLocale();
  const { client } = useConnection();
  const mayOperate = useMayOperate();
  const isAdmin = useSession()?.role === 'admin';
  const [question, setQuestion] = useState<Question | null>(null);
  const { order } = details;
  const left = (order.amount ?? 0) - order.refunded;
  const mayRetry = mayOperate && TRIED_AGAIN.has(order.state);
  const mayRefund = isAdmin && order.paidAt !== null && left > 0 && order.state !== 'refunded';
  const name = String(order.number);
  const retry = async (): Promise<void> => {
    const run = () => client.orders.retry({ order: order.id });
    await perform({
      doing: say('orders-retrying', { number: name }),
      done: say('orders-retried', { number: name }),
      run,
    });
    onChanged();
  };
  const refund = async (): Promise<void> => {
    await perform({
      doing: say('orders-refunding', { number: name }),
      done: say('orders-refunded', { number: name }),
      run: () => client.orders.refund({ order: order.id, reason: 'operator' }),
    });
    onChanged();
  };
  if (!mayRetry && !mayRefund) return null;
  return (
    <Group gap="xs">
      {mayRetry ? (
        <Button size="xs" leftSection={<IconRefresh size={15} aria-hidden />} onClick={() => void retry()}>
          {say('orders-retry')}
        </Button>
      ) : null}
      {mayRefund ? (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconArrowBackUp size={15} aria-hidden />}
          onClick={() =>
            setQuestion({
              title: say('orders-refund'),
              lost: say('orders-refund-lost', { amount: money(left, order.currency, locale) }),
              name,
              confirm: say('orders-refund'),
              onConfirm: () => void refund(),
            })
          }
        >
          {say('orders-refund')}
        </Button>
      ) : null}
      <ConfirmDialog question={question} onClose={() => setQuestion(null)} />
    </Group>
  );
}
