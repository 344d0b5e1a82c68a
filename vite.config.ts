/** How the panel is built for a browser and for the desktop window: from `src/renderer` to `out/renderer`. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where a control plane answers while the panel is developed: `PANEL_SERVER=http://127.0.0.1:17373 npm run dev:panel`. */
const server = process.env['PANEL_SERVER'] ?? 'http://127.0.0.1:17373';
const proxied = { target: server, changeOrigin: true, headers: { origin: server } };

/** Whatever compresses well lies beside itself as `.br` and `.gz`: who serves it need not compress it for each page again. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    async writeBundle({ dir = '' }) {
      const files = await readdir(dir, { recursive: true });
      const texts = files.filter((name) => /\.(?:js|css|svg|html)$/.test(name)).map((name) => join(dir, name));
      await Promise.all(
        texts.map(async (file) => {
          const text = await readFile(file);
          await writeFile(`${file}.gz`, await promisify(gzip)(text, { level: 9 }));
          await writeFile(`${file}.br`, await promisify(brotliCompress)(text));
        }),
      );
    },
  };
}

export default defineConfig({
  root: join(import.meta.dirname, 'src/renderer'),
  base: './',
  plugins: [react(), compressed()],
  server: {
    port: 5179,
    proxy: { '^/api/ws$': { ...proxied, ws: true }, '^/api/': proxied, '^/session': proxied },
  },
  build: {
    outDir: join(import.meta.dirname, 'out/renderer'),
    emptyOutDir: true,
    rolldownOptions: {
      input: ['index', 'desktop'].map((name) => join(import.meta.dirname, `src/renderer/${name}.html`)),
    },
    target: 'es2023',
    // Where a chunk came from is read in the sources, not on an operator's server.
    sourcemap: false,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
});
