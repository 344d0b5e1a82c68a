/** Keeps a screen that fails from taking the others with it. */
import { Component, type ReactNode } from 'react';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { asFailure } from '../client/failure.ts';
import { Failure } from '../components/states.tsx';

/** See the file. */
export class Boundary extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override componentDidCatch(error: unknown): void {
    console.error(error);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    // A part of the panel that cannot be fetched is a lost link; anything else is our own mistake.
    const fetching = error instanceof TypeError && /import|fetch/i.test(error.message);
    const failure = fetching ? asFailure(error) : new BotpoolError('internal', { id: 'panel' }, { cause: error });
    return <Failure error={failure} onRetry={() => this.setState({ error: undefined })} />;
  }
}
