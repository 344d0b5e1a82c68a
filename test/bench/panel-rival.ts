/** The rival: one plain page with a table of all rows, asked for anew every second and drawn whole, as panels often are. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Redis } from 'ioredis';
import { listBots } from '#core/pool/presence.ts';

/** See the file. */
export interface PlainPage {
  readonly name: string;
  readonly url: string;
  [Symbol.asyncDispose](): Promise<void>;
}

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Bots</title>
<style>table{border-collapse:collapse;width:100%}td,th{padding:8px;border-bottom:1px solid #ddd;text-align:left}</style>
<input type="search" id="search"><table><thead><tr><th>Number<th>Container<th>State<th>Since<th>Version<th></tr></thead><tbody></tbody></table>
<script>
let bots = [];
const body = document.querySelector('tbody'), search = document.getElementById('search');
function draw() {
  const wanted = search.value;
  body.innerHTML = bots.filter((bot) => bot.container_id.includes(wanted)).map((bot) =>
    '<tr data-bot="' + bot.pool_id + '" data-state="' + bot.status + '"><td>' + bot.pool_id + '<td>' + bot.container_id +
    '<td>' + bot.status + '<td>' + new Date(bot.since).toLocaleString() + '<td>' + bot.version + '<td><button>Logs</button><button>Stop</button></tr>').join('');
}
search.addEventListener('input', draw);
async function ask() { bots = await (await fetch('/bots')).json(); draw(); }
setInterval(ask, 1000); ask();
</script></html>`;

/** Serves it from the same presences. */
export async function startPlainPage(redis: Redis): Promise<PlainPage> {
  const server = createServer((request, response) => {
    if (request.url !== '/bots') {
      response.setHeader('content-type', 'text/html');
      response.end(PAGE);
      return;
    }
    listBots(redis).then(
      (bots) => response.end(JSON.stringify(bots)),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    name: 'a plain page that asks for all rows every second and draws them whole',
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
