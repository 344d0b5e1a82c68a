/** A line of a few numbers, drawn by hand: no library for what is a path. */
import { useId } from 'react';
import classes from './components.module.css';
import { sparkPath } from './spark-path.ts';

/** Times and values, oldest first. `label` says what it shows to whoever does not see it. */
export function Spark(props: {
  readonly points: readonly (readonly [at: number, value: number])[];
  readonly height?: number;
  readonly color?: string;
  readonly label: string;
  /** The top of the scale; undefined: the highest value. */
  readonly max?: number;
}) {
  const { points, height = 56, color = 'var(--brand)', label, max } = props;
  const gradient = useId();
  const { line, area } = sparkPath(points, 300, height, max);
  return (
    <svg
      className={classes['spark']}
      viewBox={`0 0 300 ${height}`}
      height={height}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <defs>
        <linearGradient id={gradient} x1="0" x2="0" y1="0" y2="1">
          <stop offset="0" stopColor={color} stopOpacity="0.28" />
          <stop offset="1" stopColor={color} stopOpacity="0.02" />
        </linearGradient>
      </defs>
      <path d={area} fill={`url(#${gradient})`} />
      <path
        d={line}
        fill="none"
        stroke={color}
        strokeWidth="1.6"
        vectorEffect="non-scaling-stroke"
        strokeLinejoin="round"
      />
    </svg>
  );
}
