import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, vi } from 'vitest';
import { I18nProvider } from '~/locales';
import { en } from '~/locales/en';
import { ko } from '~/locales/ko';
import type { Locale } from './time';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** Renders inside what every component stands in. */
export function renderApp(children: ReactNode, locale: Locale = 'en') {
  return render(
    <MantineProvider env="test" withCssVariables={false} withGlobalClasses={false}>
      <I18nProvider initial={{ locale, t: locale === 'ko' ? ko : en }}>
        <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>
      </I18nProvider>
    </MantineProvider>,
  );
}

/** Answers every GraphQL request with what `answer` returns, and remembers what was asked. */
export function stubServer(answer: (query: string, variables: Record<string, unknown>) => unknown) {
  const asked: { query: string; variables: Record<string, unknown> }[] = [];
  vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
    const request = JSON.parse(String(init.body));
    asked.push(request);
    return Response.json(answer(request.query, request.variables));
  });
  return asked;
}

/** A browser that knows passkeys, and answers as `credentials` say. */
export function stubPasskeys(credentials: { create?: unknown; get?: unknown }) {
  vi.stubGlobal('PublicKeyCredential', () => undefined);
  Object.defineProperty(navigator, 'credentials', { configurable: true, value: credentials });
}
