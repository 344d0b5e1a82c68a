/** All methods the sandbox knows, in one table. */
import type { Method } from './call.ts';
import { editingMethods } from './editing.ts';
import { invoiceMethods } from './invoices.ts';
import { managingMethods } from './managing.ts';
import { mediaMethods } from './media.ts';
import { profileMethods } from './profile.ts';
import { receivingMethods } from './receiving.ts';
import { sendingMethods } from './sending.ts';

/** Methods by their name in small letters. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    ...receivingMethods,
    ...sendingMethods,
    ...editingMethods,
    ...mediaMethods,
    ...profileMethods,
    ...invoiceMethods,
    ...managingMethods,
  }),
);
