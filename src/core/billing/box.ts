/** Seals what buyers entrust to the Sales Bot so that only a control plane can open it again. */
import type { Queryable } from '#core/postgres/database.ts';
import { boxKeyPairFrom, openSealed } from '#core/secrets/sealed-box.ts';
import type { Vault } from '#core/secrets/vault.ts';

/** The name under which the public half is kept. */
export const SALES_BOX = 'sales';

/** Where the token of an order is sealed to. */
export function orderTokenPlace(orderId: string): string {
  return `order:${orderId}:token`;
}

/** Where the token of a buyer's request is sealed to. */
export function requestTokenPlace(requestId: string): string {
  return `request:${requestId}:token`;
}

/** Opens what was sealed to the sales box. */
export interface SalesBox {
  readonly publicKey: string;
  /** Fails with `secret_unreadable`. */
  open(sealed: string, place: string): string;
}

/** The box that always belongs to this installation's master key. */
export function openSalesBox(vault: Vault): SalesBox {
  const { publicKey, privateKey } = boxKeyPairFrom(Buffer.from(vault.derivePassword('box of sales'), 'base64url'));
  return { publicKey, open: (sealed, place) => openSealed(privateKey, sealed, place) };
}

/** Publishes the public half, so that the Sales Bot finds it. Safe to repeat. */
export async function publishSalesBox(db: Queryable, box: SalesBox): Promise<void> {
  await db.query(
    `INSERT INTO control.boxes (name, public_key) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET public_key = $2 WHERE control.boxes.public_key <> $2`,
    [SALES_BOX, box.publicKey],
  );
}
