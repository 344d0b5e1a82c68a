/** Owns reading the texts that the tenant has made its own. */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import type { OwnText } from '../texts/texts.ts';
import { asAdmin, type OwnerRequest } from './admin-actions.ts';

const templateRow = z.object({ key: z.string(), locale: z.enum(['en', 'ru']), text: z.string() });

/** Every text of the tenant's own. */
export async function loadTemplates(source: Queryable): Promise<OwnText[]> {
  const { rows } = await source.query('SELECT key, locale, text FROM text_templates');
  return rows.map((row) => templateRow.parse(row));
}

/** Makes a text the tenant's own; undefined: the catalogue's is said again. */
export async function changeTemplate(
  database: Database,
  request: OwnerRequest,
  { key, locale, text }: Omit<OwnText, 'text'> & { readonly text: string | undefined },
  now: number,
): Promise<void> {
  const action = text === undefined ? 'text.reset' : 'text.set';
  await asAdmin(database, request, { action, details: { key, locale } }, now, async (tx) => {
    await (text === undefined
      ? tx.query('DELETE FROM text_templates WHERE key = $1 AND locale = $2', [key, locale])
      : tx.query(
          `INSERT INTO text_templates (key, locale, text, updated_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (key, locale) DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at`,
          [key, locale, text, new Date(now)],
        ));
  });
}
