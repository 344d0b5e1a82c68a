/** A round picture of somebody who has none: the first letters on a colour of their own. */
import classes from './sandbox.module.css';

const HUES = [172, 205, 262, 22, 342, 88, 288, 48];

/** See the file. */
export function Avatar({ name, id }: { readonly name: string; readonly id: number }) {
  const words = name
    .replace(/[^\p{L}\p{N}\s]/gu, '')
    .trim()
    .split(/\s+/u);
  const letters = words.slice(0, 2).map((word) => [...word][0] ?? '');
  const hue = HUES[id % HUES.length] ?? 172;
  return (
    <span className={classes['avatar']} style={{ background: `hsl(${hue} 45% 34%)` }} aria-hidden>
      {letters.join('').toUpperCase() || '?'}
    </span>
  );
}
