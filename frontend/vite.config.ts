import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const here = (path: string) => new URL(path, import.meta.url).pathname;

/** Puts a document where it is named by its text: neither the text nor the table of all texts reaches the browser. */
const documentsInPlace: Plugin = {
  name: 'documents-in-place',
  apply: 'build',
  enforce: 'pre',
  transform(code, id) {
    if (!id.startsWith(here('./src/'))) return;
    const used = new Set<string>();
    const placed = code.replace(/\bgraphql\(`([^`]*)`\)/g, (_call, text: string) => {
      const operation = /^\s*(?:query|mutation|subscription)\s+(\w+)/m.exec(text)?.[1];
      const fragment = /^\s*fragment\s+(\w+)/m.exec(text)?.[1];
      const name = operation ? `${operation}Document` : `${fragment}FragmentDoc`;
      used.add(`${name} as ${name}$`);
      return `${name}$`;
    });
    if (used.size) return { code: `import { ${[...used].join(', ')} } from '~/gql/graphql';\n${placed}`, map: null };
  },
};

export default defineConfig({
  plugins: [
    documentsInPlace,
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
