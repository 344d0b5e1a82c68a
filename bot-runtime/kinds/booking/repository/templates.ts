/** Owns reading the texts that the tenant has made its own. */
import * as z from 'zod';
import type { Queryable } from '#core/postgres/database.ts';
import type { OwnText } from '../texts/texts.ts';

const templateRow = z.object({ key: z.string(), locale: z.enum(['en', 'ru']), text: z.string() });

/** Every text of the tenant's own. */
export async function loadTemplates(source: Queryable): Promise<OwnText[]> {
  const { rows } = await source.query('SELECT key, locale, text FROM text_templates');
  return rows.map((row) => templateRow.parse(row));
}
