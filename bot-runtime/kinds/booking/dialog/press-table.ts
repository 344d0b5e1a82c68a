/** Owns the shape of the tables that say which feature a button reaches, and who may press it. */
import type { Right } from '../domain/rights.ts';
import type { Action, ActionKind } from '../keyboards/action.ts';
import type { Turn } from './turn.ts';

/** For each of these actions, what is done. */
export type Presses<K extends ActionKind> = {
  readonly [Kind in K]: (turn: Turn, action: Extract<Action, { readonly kind: Kind }>) => Promise<void>;
};

/** For each of these actions, the right that it needs. `any`: everyone who works here. */
export type Needs<K extends ActionKind> = Readonly<Record<K, Right | 'any'>>;
