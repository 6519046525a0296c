// Builds the pages into dist, from where the service takes them into itself.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { type Plugin, defineConfig } from 'vite';

const DIGESTS = fileURLToPath(new URL('../../vault-core/package/digests.js', import.meta.url));

/** The digests of the offline verifier, a script of a page there, as a module here. */
const digests = (): Plugin => ({
  name: 'package-digests',
  resolveId: (id) => (id === 'package-digests' ? DIGESTS : null),
  transform: (code, id) => (id === DIGESTS ? `${code}\nexport { Blake3, Sha256 };` : null),
});

export default defineConfig({
  plugins: [react(), digests()],
  worker: { format: 'es', plugins: () => [digests()] },
  base: '/',
  build: { outDir: 'dist', assetsInlineLimit: 0, sourcemap: false, target: 'es2022', chunkSizeWarningLimit: 1500 },
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8420', changeOrigin: false } } },
});
