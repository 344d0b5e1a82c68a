/** Sales: how far orders have come, all of them, and one of them in full. */
import { Button } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { OrderView } from '#shared/schemas/sales.ts';
import { ORDER_STATES, type OrderState } from '#shared/state/order-state.ts';
import { hrefOf, setQuery, usePlace } from '../../app/router.ts';
import { useFollow } from '../../client/context.tsx';
import { Ago } from '../../components/ago.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Name } from '../../components/name.tsx';
import { Card, Screen } from '../../components/screen.tsx';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { type Say, useLocale, useSay } from '../../i18n/i18n.ts';
import { money } from './money.ts';
import { OrderDrawer } from './order-drawer.tsx';
import { OrderChip } from './order-state.tsx';
import classes from './orders.module.css';

/** See the file. */
export function Main() {
  const say = useSay();
  const locale = useLocale();
  const { query } = usePlace();
  const { value: orders, error } = useFollow('orders', (client, signal) => client.orders.watch(undefined, { signal }));
  const [only, setOnly] = useState<OrderState>();
  const columns = useMemo(() => columnsOf(say, locale), [say, locale]);
  const shown = (orders ?? []).filter(({ state }) => only === undefined || state === only);
  const wanted = query['order'];
  return (
    <Screen fill title={say('nav-orders')} sub={say('orders-sub')}>
      {orders === undefined ? (
        error === undefined ? (
          <Loading rows={8} />
        ) : (
          <Failure error={error} />
        )
      ) : orders.length === 0 ? (
        <Card>
          <Empty
            icon={<IconReceipt size={40} stroke={1.4} aria-hidden />}
            title={say('orders-empty')}
            text={say('orders-empty-text')}
            action={
              <Button component="a" href={hrefOf('sandbox')} variant="light">
                {say('nav-sandbox')}
              </Button>
            }
          />
        </Card>
      ) : (
        <>
          <Funnel orders={orders} only={only} onOnly={setOnly} />
          <DataTable
            rows={shown}
            columns={columns}
            rowKey={({ id }) => id}
            label={say('nav-orders')}
            href={({ number: order }) => hrefOf('orders', { order: String(order) })}
            minWidth={900}
          />
        </>
      )}
      <OrderDrawer
        order={wanted}
        seen={orders?.find((one) => String(one.number) === wanted)?.revision}
        onClose={() => setQuery({ order: undefined })}
      />
    </Screen>
  );
}

function Funnel(props: {
  readonly orders: readonly OrderView[];
  readonly only: OrderState | undefined;
  readonly onOnly: (state: OrderState | undefined) => void;
}) {
  const { orders, only, onOnly } = props;
  const say = useSay();
  const counts = ORDER_STATES.map((state) => ({ state, count: orders.filter((one) => one.state === state).length }));
  return (
    <div className={classes['funnel']} role="group" aria-label={say('orders-funnel')}>
      {counts
        .filter(({ state, count }) => count > 0 || state === only)
        .map(({ state, count }) => (
          <button
            key={state}
            type="button"
            aria-pressed={state === only}
            onClick={() => onOnly(state === only ? undefined : state)}
          >
            <b>{count}</b>
            <OrderChip state={state} />
          </button>
        ))}
    </div>
  );
}

function columnsOf(say: Say, locale: ReturnType<typeof useLocale>): readonly Column<OrderView>[] {
  return [
    {
      id: 'number',
      head: say('orders-number'),
      width: '90px',
      value: ({ number: order }) => order,
      cell: ({ number: order }) => <a href={hrefOf('orders', { order: String(order) })}>{order}</a>,
    },
    {
      id: 'state',
      head: say('clients-state'),
      width: '170px',
      value: ({ state }) => ORDER_STATES.indexOf(state),
      cell: ({ state }) => <OrderChip state={state} />,
    },
    {
      id: 'company',
      head: say('clients-company'),
      width: 'minmax(150px, 2fr)',
      value: ({ company }) => (company ?? '').toLowerCase(),
      cell: ({ company }) => (company === null ? '–' : <Name text={company} max={60} />),
    },
    {
      id: 'buyer',
      head: say('orders-buyer'),
      width: 'minmax(120px, 1fr)',
      value: ({ buyerName, buyerId }) => buyerName ?? String(buyerId),
      cell: ({ buyerName, buyerId }) => <Name text={buyerName ?? String(buyerId)} max={40} />,
    },
    { id: 'plan', head: say('orders-plan'), width: '110px', value: ({ planId }) => planId ?? '–' },
    {
      id: 'amount',
      head: say('orders-amount'),
      width: '120px',
      numeric: true,
      value: ({ amount }) => amount ?? 0,
      cell: ({ amount, currency }) => money(amount, currency, locale),
    },
    {
      id: 'updated',
      head: say('orders-changed'),
      width: '120px',
      value: ({ updatedAt }) => updatedAt.getTime(),
      cell: ({ updatedAt }) => <Ago at={updatedAt.getTime()} />,
    },
  ];
}
