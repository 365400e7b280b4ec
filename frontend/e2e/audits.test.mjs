// The server audits of GraphQL over HTTP, each a test of its own.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { serverAudits } from 'graphql-http';
import { startPorthole } from './porthole.mjs';

let porthole;
before(async () => {
  porthole = await startPorthole();
});
after(() => porthole?.stop());

for (const { name } of serverAudits({ url: 'http://127.0.0.1' }))
  test(name, async () => {
    const audit = serverAudits({ url: `${porthole.url}/graphql`, fetchFn: fetch }).find((one) => one.name === name);
    const { status, reason } = await audit.fn();
    assert.equal(status, 'ok', reason);
  });
