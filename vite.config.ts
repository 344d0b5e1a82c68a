/** How the panel is built for a browser and for the desktop window: from `src/renderer` to `out/renderer`. */
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where a control plane answers while the panel is developed: `PANEL_SERVER=http://127.0.0.1:17373 npm run dev:panel`. */
const server = process.env['PANEL_SERVER'] ?? 'http://127.0.0.1:17373';
const proxied = { target: server, changeOrigin: true, headers: { origin: server } };

export default defineConfig({
  root: join(import.meta.dirname, 'src/renderer'),
  base: './',
  plugins: [react()],
  server: {
    port: 5179,
    proxy: { '^/api/ws$': { ...proxied, ws: true }, '^/api/': proxied, '^/session': proxied },
  },
  build: {
    outDir: join(import.meta.dirname, 'out/renderer'),
    emptyOutDir: true,
    target: 'es2023',
    // Where a chunk came from is read in the sources, not on an operator's server.
    sourcemap: false,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
});
