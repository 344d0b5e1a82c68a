/** Serves the built panel: its files by name, its page for every other address that a person may open. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** What stands at `/` when the panel has not been built. */
const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Botpool</title>
<h1>Botpool runs, but its panel is not built</h1>
<p>Stop Botpool and run <code>npm start</code>: it builds the panel. Until then, <code>npx botpool status</code> shows the pool.</p>
<p lang="ru">Botpool работает, но панель не собрана. Остановите его и запустите <code>npm start</code>: он соберёт панель.</p></html>`;

/** Names of files that never change: the build puts a hash into them. */
const HASHED = /\/assets\/[^/]+-[A-Za-z0-9_-]{8,}\.\w+$/;
const YEAR_SECONDS = 31_536_000;

/** Adds the panel's page and files. `folder` may be missing or empty: the page then says what to do. */
export async function addPanelFiles(app: FastifyInstance, folder: string | undefined): Promise<void> {
  const page = { config: { policy: 'page' as const } };
  await app.register(fastifyStatic, {
    root: folder ?? join(import.meta.dirname, 'none'),
    serve: false,
    // The build lays `.br` and `.gz` beside what compresses well.
    preCompressed: true,
    dotfiles: 'deny',
  });
  app.get('/', page, async (_request, reply) => await sendPage(reply, folder));
  app.get('/*', page, async (request, reply) => {
    const path = decodeURIComponent(new URL(request.url, 'http://panel').pathname);
    const isFile = /\.\w+$/.test(path);
    if (!isFile) return await sendPage(reply, folder);
    if (folder === undefined || path.includes('\0')) return reply.callNotFound();
    // With a hash in its name a file is for ever; anything else is asked for anew.
    if (HASHED.test(path)) return await reply.sendFile(path, { maxAge: YEAR_SECONDS * 1_000, immutable: true });
    return await reply.header('cache-control', 'no-cache').sendFile(path, { cacheControl: false });
  });
}

async function sendPage(reply: FastifyReply, folder: string | undefined): Promise<unknown> {
  reply.header('cache-control', 'no-cache');
  if (folder === undefined || !existsSync(join(folder, 'index.html'))) {
    return await reply.code(503).type('text/html; charset=utf-8').send(NOT_BUILT);
  }
  return await reply.sendFile('index.html', { cacheControl: false });
}
