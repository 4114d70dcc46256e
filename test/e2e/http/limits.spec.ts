import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LIMITS, type Limits } from '../../../apps/api/src/http/limits.js';
import { Api, eventually, type WriteAnswer } from '../kit.js';

const CLIENT = { clientId: 'acme', name: 'Acme', currency: 'AUD', timeZone: 'Australia/Sydney' };
/** A chunk of a body that goes on. */
const CHUNK = `5\r\n{"a":\r\n`;

/** A connection that sends what it likes, and all that it was answered. */
class Wire {
  answered = '';
  readonly closed: Promise<unknown>;

  private constructor(private readonly socket: Socket) {
    this.closed = once(socket, 'close');
    socket.setEncoding('utf8').on('data', (text: string) => (this.answered += text));
    // It may be reset: what was answered before is what counts.
    socket.on('error', () => undefined);
  }

  static async to(url: string): Promise<Wire> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    return new Wire(socket);
  }

  post(headers: readonly string[], body = ''): void {
    this.socket.write(
      [`POST /v1/clients HTTP/1.1`, 'host: x', 'content-type: application/json', ...headers, '', body].join('\r\n'),
    );
  }

  send(text: string): void {
    this.socket.write(text);
  }

  async answer(): Promise<string> {
    while (!this.answered.includes('\r\n\r\n')) await once(this.socket, 'data');
    return this.answered;
  }

  close(): void {
    this.socket.destroy();
  }
}

/** X9 */
describe('the limits of the server', () => {
  let api: Api;
  let wires: Wire[];

  const open = async (limits: Partial<Limits> = {}) => {
    api = await Api.open({ limits: { ...LIMITS, ...limits } });
  };
  const wire = async () => {
    const made = await Wire.to(api.url);
    wires.push(made);
    return made;
  };
  const signedIn = async (actor = 'accounts-1') => `authorization: Bearer ${await api.keyOf('accounts', actor)}`;

  beforeEach(() => {
    wires = [];
  });
  afterEach(async () => {
    for (const one of wires) one.close();
    await api.close();
  });

  it.each([
    ['without a key', []],
    ['with a key that nobody has', ['authorization: Bearer bt_unknown']],
  ])('ends a body that never ends, %s, before it is read', async (_case, headers) => {
    await open();
    const one = await wire();
    one.post([...headers, 'transfer-encoding: chunked'], CHUNK);
    await one.closed;
    expect(one.answered).toMatch(/^HTTP\/1\.1 401 /);
    expect(one.answered).toContain('NotSignedIn');
  });

  it('does so where there is no such route, and where the length is known', async () => {
    await open();
    const one = await wire();
    one.send('PUT /nowhere HTTP/1.1\r\nhost: x\r\ncontent-length: 900000\r\n\r\n{');
    await one.closed;
    expect(one.answered).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('ends the body of someone with a key when its time is over', async () => {
    await open({ headersMs: 100, requestMs: 200 });
    const key = await signedIn();
    const one = await wire();
    one.post([key, 'transfer-encoding: chunked'], CHUNK);
    await one.closed;
    expect(one.answered).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('ends headers that never end, and a connection on which nothing comes', async () => {
    await open({ headersMs: 100, requestMs: 200 });
    const [headers, nothing] = [await wire(), await wire()];
    headers.send('GET /health/live HTTP/1.1\r\nhost: x\r\n');
    await Promise.all([headers.closed, nothing.closed]);
    expect(headers.answered).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('holds so many bytes of one caller, refuses more by name, and takes them again when these are done', async () => {
    await open({ bodyBytesOfCaller: 2_000_000 });
    const unended = [await wire(), await wire()];
    for (const one of unended)
      one.post([await signedIn(), 'expect: 100-continue', 'transfer-encoding: chunked'], CHUNK);
    for (const one of unended) expect(await one.answer()).toMatch(/^HTTP\/1\.1 100 /);
    const refused = await api.as('accounts').post('/v1/clients', CLIENT);
    expect(refused).toMatchObject({ status: 429, body: { code: 'TooManyRequests' } });
    expect(refused.headers['retry-after']).toBe('5');
    // Others are served.
    expect((await api.as('accounts', 'accounts-2').post('/v1/clients', CLIENT)).status).toBe(201);
    unended[0]?.close();
    await expectServed(() => api.as('accounts').post('/v1/clients', { ...CLIENT, clientId: 'globex' }));
  });

  it('holds so many bytes of all callers', async () => {
    await open({ bodyBytesOfAll: 1_000_000 });
    const one = await wire();
    one.post([await signedIn(), 'expect: 100-continue', 'transfer-encoding: chunked'], CHUNK);
    await one.answer();
    const refused = await api.as('accounts', 'accounts-2').post('/v1/clients', CLIENT);
    expect(refused).toMatchObject({ status: 503, body: { code: 'ServerBusy' } });
    expect(refused.headers['retry-after']).toBe('5');
    expect((await api.as('accounts', 'accounts-2').get('/v1/gaps')).status).toBe(200);
  });

  it('turns away connections above the limit', async () => {
    await open({ connections: 1 });
    const first = await wire();
    const second = await wire();
    await second.closed;
    first.send('GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    await first.closed;
    expect(first.answered).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('refuses by name what comes while it ends, and says that it does', async () => {
    await open({ drainMs: 1_000 });
    const [late, asker] = [await wire(), await wire()];
    // Taken after it, so the server has both.
    await signedIn();
    await api.as('accounts').reads('/v1/reconciliation');
    const stopped = api.stop();
    await eventually(
      () =>
        Wire.to(api.url).then(
          (one) => one.close(),
          () => 'closed',
        ),
      (found) => found === 'closed',
    );
    late.send('GET /v1/me HTTP/1.1\r\nhost: x\r\n\r\n');
    asker.send('GET /health/ready HTTP/1.1\r\nhost: x\r\n\r\n');
    await Promise.all([late.closed, asker.closed]);
    expect(asker.answered).toMatch(/^HTTP\/1\.1 503 /);
    expect(asker.answered).toMatch(/"status":"not ready".*"isDraining":true/);
    expect(late.answered).toMatch(/^HTTP\/1\.1 503 /);
    expect(late.answered).toMatch(/content-type: application\/problem\+json/i);
    expect(late.answered).toMatch(/retry-after: 5/i);
    expect(late.answered).toContain('"code":"ServerStopping"');
    await stopped;
  });

  it('ends while bodies never end and connections stay open', async () => {
    await open({ drainMs: 50 });
    const [unended, idle] = [await wire(), await wire()];
    unended.post([await signedIn(), 'expect: 100-continue', 'transfer-encoding: chunked'], CHUNK);
    await unended.answer();
    await api.stop();
    await Promise.all([unended.closed, idle.closed]);
    // It was not waited for.
    expect(unended.answered).not.toContain('408');
  });
});

async function expectServed(ask: () => Promise<{ readonly status: number; readonly body: unknown }>): Promise<void> {
  let answer = await ask();
  while (answer.status === 429) answer = await ask();
  expect(answer.status).toBe(201);
  expect((answer.body as WriteAnswer).repeated).toBe(false);
}
