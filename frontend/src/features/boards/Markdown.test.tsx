import { expect, it } from 'vitest';
import { renderApp } from '~/lib/testSetup';
import Markdown from './Markdown';

const html = (text: string) => renderApp(<Markdown>{text}</Markdown>).container;

it.each(['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'java&#10;script:alert(1)', 'vbscript:x', 'data:text/html,x'])(
  'refuses a link to %s',
  (target) => {
    const link = html(`[click](${target})`).querySelector('a');
    expect(link?.getAttribute('href') ?? '').toBe('');
  },
);

it('lets ordinary links out without telling where they were', () => {
  const link = html('[docs](https://example.org/a)').querySelector('a');
  expect(link?.getAttribute('href')).toBe('https://example.org/a');
  expect(link?.rel).toContain('noopener');
  expect(link?.rel).toContain('noreferrer');
});

it('shows raw HTML as what it is: nothing', () => {
  const container = html('<img src=x onerror=alert(1)><script>alert(1)</script><b>bold</b>');
  expect(container.querySelector('img, script, b')).toBeNull();
});

it('makes an image a link to it', () => {
  const container = html('![a chart](https://example.org/x.png)');
  expect(container.querySelector('img')).toBeNull();
  expect(container.querySelector('a')?.textContent).toContain('a chart');
});
