// Builds the pages into dist, from where the service takes them into itself.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  base: '/',
  build: { outDir: 'dist', assetsInlineLimit: 0, sourcemap: false, target: 'es2022' },
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8420', changeOrigin: false } } },
});
