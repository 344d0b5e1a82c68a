/** Whatever a person sets going: shows that it runs, says what came of it with a way on or back, and what went wrong. */
import { notifications } from '@mantine/notifications';
import { createElement, type ReactNode } from 'react';
import { errorText } from '../client/error-text.ts';
import { asFailure } from '../client/failure.ts';
import { currentLanguage } from '../i18n/i18n.ts';
import { ToastBody, type ToastButton } from './toast.tsx';

/** A way on. */
export interface ActionLink {
  readonly label: string;
  readonly href: string;
}

/** One action. Sentences are whole: they stand in a toast. */
export interface Action<T> {
  /** While it runs: shown when it takes longer than a moment. */
  readonly doing: string;
  readonly done: string | ((result: T) => string);
  readonly run: (signal: AbortSignal) => Promise<T>;
  /** Where one can look at the result. */
  readonly link?: ActionLink | ((result: T) => ActionLink | undefined);
  /** Takes it back. */
  readonly undo?: () => void;
  /** True when stopping half-way harms nothing. */
  readonly cancellable?: boolean;
}

const SHOW_AFTER_MS = 300;
const ERROR_MS = 12_000;
const DONE_MS = 6_000;

let counter = 0;

/** Runs it. What comes back is undefined when it failed or was cancelled: the person has been told. */
export async function perform<T>(action: Action<T>): Promise<T | undefined> {
  const { say } = currentLanguage();
  counter += 1;
  const id = `action-${counter}`;
  const cancelling = new AbortController();
  const body = (text: string, buttons: readonly ToastButton[] = []): ReactNode =>
    createElement(ToastBody, { text, buttons, onUsed: () => notifications.hide(id) });
  let shown = false;
  const show = (props: { message: ReactNode; color: string; loading: boolean; autoClose: number | false }): void => {
    const whole = {
      id,
      withCloseButton: !props.loading,
      closeButtonProps: { 'aria-label': say('action-close') },
      ...props,
    };
    if (shown) notifications.update(whole);
    else notifications.show(whole);
    shown = true;
  };
  const cancel = { label: say('action-cancel'), onClick: () => cancelling.abort() };
  const timer = setTimeout(() => {
    const message = body(action.doing, action.cancellable === true ? [cancel] : []);
    show({ message, color: 'lagoon', loading: true, autoClose: false });
  }, SHOW_AFTER_MS);
  try {
    const result = await action.run(cancelling.signal);
    clearTimeout(timer);
    const done = typeof action.done === 'string' ? action.done : action.done(result);
    const { undo } = action;
    const link = typeof action.link === 'function' ? action.link(result) : action.link;
    const buttons = [
      ...(undo === undefined ? [] : [{ label: say('action-undo'), onClick: undo }]),
      ...(link === undefined ? [] : [{ label: link.label, href: link.href }]),
    ];
    show({ message: body(done, buttons), color: 'lagoon', loading: false, autoClose: DONE_MS });
    return result;
  } catch (error) {
    clearTimeout(timer);
    if (cancelling.signal.aborted) {
      notifications.hide(id);
      return undefined;
    }
    show({ message: body(await errorText(asFailure(error))), color: 'red', loading: false, autoClose: ERROR_MS });
    return undefined;
  }
}
