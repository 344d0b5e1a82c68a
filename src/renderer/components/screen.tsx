/** The frame of every screen: a heading that takes the focus when the screen comes up, a sentence, and actions. */
import { type ReactNode, useEffect, useRef } from 'react';
import classes from './components.module.css';

/** See the file. `fill`: the screen is exactly as high as the window leaves it room. */
export function Screen(props: {
  readonly title: ReactNode;
  readonly sub?: ReactNode;
  readonly actions?: ReactNode;
  readonly fill?: boolean;
  readonly children: ReactNode;
}) {
  const { title, sub, actions, fill, children } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Whoever reads by ear hears where they are; whoever has just opened the page keeps the focus they had.
    if (document.activeElement !== document.body) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className={`${classes['screen']} ${fill === true ? classes['screenFill'] : ''}`}>
      <div className={classes['screenHead']}>
        <div style={{ minWidth: 0 }}>
          <h1 ref={heading} tabIndex={-1} className={classes['screenTitle']}>
            {title}
          </h1>
          {sub === undefined ? null : <p className={classes['screenSub']}>{sub}</p>}
        </div>
        {actions === undefined ? null : <div className={classes['actions']}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}

/** A part of a screen. */
export function Card(props: {
  readonly title?: ReactNode;
  readonly extra?: ReactNode;
  readonly children: ReactNode;
  readonly style?: React.CSSProperties;
  readonly label?: string;
}) {
  const { title, extra, children, style, label } = props;
  return (
    <section className={classes['card']} style={style} aria-label={label}>
      {title === undefined ? null : (
        <div className={classes['cardHead']}>
          <h2 className={classes['cardTitle']}>{title}</h2>
          {extra}
        </div>
      )}
      <div className={classes['cardBody']}>{children}</div>
    </section>
  );
}

/** Names with their values. */
export function Facts({ rows }: { readonly rows: readonly (readonly [ReactNode, ReactNode])[] }) {
  return (
    <dl className={classes['facts']}>
      {rows.map(([name, value], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows never change places
        <FactRow key={index} name={name} value={value} />
      ))}
    </dl>
  );
}

function FactRow({ name, value }: { readonly name: ReactNode; readonly value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

/** One figure with its name. */
export function Stat({ value, label }: { readonly value: ReactNode; readonly label: ReactNode }) {
  return (
    <div className={classes['stat']}>
      <span className={classes['statValue']}>{value}</span>
      <span className={classes['statLabel']}>{label}</span>
    </div>
  );
}
