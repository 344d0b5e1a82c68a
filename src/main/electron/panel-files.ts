/** Serves the built panel at `app://botpool/` from this program's own files, whoever asks, and nothing else. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mediaTypeOf, PANEL_HEADERS, panelFileOf } from './address.ts';

/** Answers one request of a page. */
export async function answerPanelRequest(
  { url, method }: Pick<Request, 'url' | 'method'>,
  panelFolder: string,
): Promise<Response> {
  const path = method === 'GET' ? panelFileOf(url) : undefined;
  if (path === undefined) return nothing();
  try {
    const body = new Uint8Array(await readFile(join(panelFolder, path)));
    return new Response(body, { headers: { ...PANEL_HEADERS, 'content-type': mediaTypeOf(path) } });
  } catch {
    return nothing();
  }
}

function nothing(): Response {
  return new Response(null, { status: 404, headers: PANEL_HEADERS });
}
