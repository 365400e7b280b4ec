// A Discord that minds its rules: it takes what Discord would take, and says no as Discord does.
import { createServer } from 'node:http';

export const UNKNOWN_WEBHOOK = '404404404404404404';
const limits = {
  content: 2000,
  embeds: 10,
  title: 256,
  description: 4096,
  fields: 25,
  name: 256,
  value: 1024,
  all: 6000,
};

const length = (text) => [...(text ?? '')].length;

function faultsOf(body) {
  const faults = [];
  const within = (what, text, limit) => length(text) > limit && faults.push(`${what} is longer than ${limit}`);
  if (JSON.stringify(body.allowed_mentions?.parse) !== '[]') faults.push('allowed_mentions.parse must be []');
  if (!body.content && !body.embeds?.length) faults.push('the message is empty');
  within('content', body.content, limits.content);
  if ((body.embeds?.length ?? 0) > limits.embeds) faults.push('too many embeds');
  let all = 0;
  for (const embed of body.embeds ?? []) {
    within('title', embed.title, limits.title);
    within('description', embed.description, limits.description);
    if ((embed.fields?.length ?? 0) > limits.fields) faults.push('too many fields');
    all += length(embed.title) + length(embed.description) + length(embed.footer?.text);
    for (const { name, value } of embed.fields ?? []) {
      if (!name || !value) faults.push('a field is empty');
      within('a field’s name', name, limits.name);
      within('a field’s value', value, limits.value);
      all += length(name) + length(value);
    }
  }
  if (all > limits.all) faults.push('the embeds are too long together');
  return faults;
}

function answer(url, method, contentType, text) {
  const [, id, token] = /^\/webhooks\/(\d+)\/([\w-]+)$/.exec(url.pathname) ?? [];
  if (method !== 'POST' || !token) return [404, { message: '404: Not Found', code: 0 }];
  if (id === UNKNOWN_WEBHOOK) return [404, { message: 'Unknown Webhook', code: 10015 }];
  if (!contentType?.startsWith('application/json')) return [400, { message: 'Expected JSON', code: 50109 }];
  const faults = faultsOf(JSON.parse(text));
  if (url.searchParams.get('wait') !== 'true') faults.push('wait must be true');
  if (faults.length) return [400, { message: 'Invalid Form Body', code: 50035, errors: faults }];
  return [200, { id: '1', type: 0, webhook_id: id, content: JSON.parse(text).content ?? '' }];
}

export async function startDiscord() {
  const received = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const url = new URL(request.url, 'http://discord.test');
    const [status, body] = answer(url, request.method, request.headers['content-type'], text);
    received.push({ path: url.pathname, status, answer: body, body: status === 200 ? JSON.parse(text) : text });
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    received,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
