/** What was paid for one client: the period that it works in, those before it, and its orders. */
import { Anchor } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { hrefOf } from '../../app/router.ts';
import { useAsk } from '../../client/context.tsx';
import { Ago } from '../../components/ago.tsx';
import { Card } from '../../components/screen.tsx';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import { money } from '../orders/money.ts';
import { OrderChip } from '../orders/order-state.tsx';
import classes from './clients.module.css';
import { dayOf, paidWords } from './paid.ts';

/** See the file. */
export function ClientSales({ clientId }: { readonly clientId: string }) {
  const say = useSay();
  const locale = useLocale();
  const { value, error, reload } = useAsk(`sales ${clientId}`, (client) => client.tenants.sales({ clientId }));
  if (error !== undefined && value === undefined) return <Failure error={error} onRetry={reload} />;
  if (value === undefined) return <Loading rows={6} />;
  const { periods, orders } = value;
  if (periods.length === 0 && orders.length === 0) {
    return (
      <Card>
        <Empty
          icon={<IconReceipt size={36} stroke={1.4} aria-hidden />}
          title={say('client-sales-none')}
          text={say('client-sales-none-text')}
        />
      </Card>
    );
  }
  const [newest] = periods.filter(({ voided }) => !voided);
  return (
    <div style={{ display: 'grid', gap: 16, gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 380px), 1fr))' }}>
      <Card title={newest === undefined ? say('client-periods') : paidWords(newest, Date.now(), say, locale)}>
        <table className={classes['plain']}>
          <thead>
            <tr>
              <th scope="col">{say('client-period')}</th>
              <th scope="col">{say('orders-plan')}</th>
              <th scope="col">{say('orders-number')}</th>
              <th scope="col">{say('client-period-note')}</th>
            </tr>
          </thead>
          <tbody>
            {periods.map(({ order, from, until, planId, renews, voided }) => (
              <tr key={order}>
                <th scope="row">
                  {dayOf(from, locale)} – {dayOf(until, locale)}
                </th>
                <td>{planId}</td>
                <td>
                  <OrderLink order={order} />
                </td>
                <td>{voided ? say('client-period-voided') : renews ? say('client-period-renews') : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Card>
      <Card title={say('nav-orders')}>
        <table className={classes['plain']}>
          <thead>
            <tr>
              <th scope="col">{say('orders-number')}</th>
              <th scope="col">{say('clients-state')}</th>
              <th scope="col">{say('orders-amount')}</th>
              <th scope="col">{say('orders-changed')}</th>
            </tr>
          </thead>
          <tbody>
            {orders.map(({ id, number: order, state, amount, currency, updatedAt }) => (
              <tr key={id}>
                <th scope="row">
                  <OrderLink order={order} />
                </th>
                <td>
                  <OrderChip state={state} />
                </td>
                <td>{money(amount, currency, locale)}</td>
                <td>
                  <Ago at={updatedAt.getTime()} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Card>
    </div>
  );
}

function OrderLink({ order }: { readonly order: number }) {
  const say = useSay();
  return (
    <Anchor href={hrefOf('orders', { order: String(order) })} c="var(--brand-ink)" fz="inherit">
      {say('orders-one', { number: order })}
    </Anchor>
  );
}
