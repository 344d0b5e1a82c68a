/** Text that a stranger chose: shown as text, on one line, in its own direction, without control characters. */

import classes from './components.module.css';
import { displayName } from './display-name.ts';

/** See the file. `max` characters are shown; more are on hover, up to a bound. */
export function Name({ text, max = 120 }: { readonly text: string; readonly max?: number }) {
  const whole = displayName(text, 400);
  return (
    <bdi className={classes['name']} title={whole}>
      {displayName(text, max)}
    </bdi>
  );
}
