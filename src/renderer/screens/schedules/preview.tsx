/** When a rule would be due: asked of the control plane, which is who decides, while it is being typed. */
import { useDebouncedValue } from '@mantine/hooks';
import { useAsk } from '../../client/context.tsx';
import { useErrorText } from '../../client/error-text.ts';
import { zonedTime } from '../../i18n/format.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import classes from './schedules.module.css';

const WAIT_MS = 250;
const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** See the file. */
export function Preview({ expression, zone }: { readonly expression: string; readonly zone: string }) {
  const say = useSay();
  const locale = useLocale();
  const [wanted] = useDebouncedValue(expression.trim(), WAIT_MS);
  const { value, error } = useAsk(
    `preview ${wanted} ${zone}`,
    wanted === '' ? null : (client) => client.schedules.preview({ expression: wanted, zone, count: 5 }),
  );
  const problem = useErrorText(error);
  return (
    <section className={classes['preview']} aria-live="polite" aria-label={say('schedule-preview')}>
      {error !== undefined ? (
        <p className={classes['reason']}>{problem}</p>
      ) : (
        <>
          <p className={classes['quiet']}>
            {say('schedule-preview')} · {say('schedule-preview-zone', { zone })}
          </p>
          <ol data-testid="preview">
            {(value ?? []).map((at) => (
              <li key={at.getTime()}>
                {zonedTime(at.getTime(), zone, locale)}
                {zone === OWN_ZONE ? null : (
                  <small> · {say('schedule-preview-local', { time: zonedTime(at.getTime(), OWN_ZONE, locale) })}</small>
                )}
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}
