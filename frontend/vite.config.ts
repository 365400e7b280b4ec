import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const here = (path: string) => new URL(path, import.meta.url).pathname;

export default defineConfig({
  plugins: [
    tanstackRouter({
      target: 'react',
      autoCodeSplitting: true,
      routesDirectory: 'src/routes',
      generatedRouteTree: 'src/routeTree.gen.ts',
      quoteStyle: 'single',
    }),
    react(),
  ],
  resolve: {
    alias: {
      '~': here('./src'),
      // It injects a <style> element, which style-src 'self' refuses.
      'react-remove-scroll': here('./src/lib/removeScroll.tsx'),
    },
  },
  build: {
    // Nothing becomes a data: URI: the content security policy allows none.
    assetsInlineLimit: 0,
    target: 'es2022',
    // Younger browsers only: keeps light-dark() as it is.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/graphql': { target: 'http://127.0.0.1:8080', ws: true } } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'], setupFiles: ['src/lib/testSetup.tsx'] },
});
