import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import request from 'supertest';
import { DIST } from '../cli/built.js';
import { ENGINEER, timeEntry } from '../story.js';
import { temporaryFolder } from '../temporary-folder.js';
import { summaryProblems } from './route-summaries.js';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly description?: string;
  readonly pattern?: string;
}
interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: Schema }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema; readonly example?: object }>>;
  };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: Schema }>> }>>;
  readonly security?: readonly object[];
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Questions that take a body, and what names what it was shown: of these nothing can have changed (412) or been used before (422). */
const WITHOUT_KEY: ReadonlySet<string> = new Set([
  'POST /v1/what-if',
  'POST /v1/command-line',
  'POST /v1/contracts/check',
  'POST /v1/contracts/uplift',
  'POST /v1/contracts/uplift/publish',
  // What is revoked is revoked, whoever asks again.
  'POST /v1/keys/{keyId}/revoke',
]);

/** The server as `npm start` runs it. The documentation of bodies and queries is made by the build, so only here is it whole. */
describe('the built server', () => {
  const folder = temporaryFolder();
  let server: ChildProcess;
  let ended: Promise<{ code: number | null; signal: string | null }>;
  let printed = '';
  let address = '';
  let document: Document;
  let operations: readonly (readonly [route: string, operation: Operation])[];

  beforeAll(async () => {
    const main = join(DIST, 'apps/api/src/main.js');
    server = spawn(process.execPath, ['--enable-source-maps', main, '--port', '0', '--data', folder.path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    ended = new Promise((resolve) => server.on('exit', (code, signal) => resolve({ code, signal })));
    await new Promise<void>((resolve, reject) => {
      void ended.then(({ code }) => reject(new Error(`the server ended with ${code}: ${printed}`)));
      server.stdout?.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        if (printed.includes('/docs')) resolve();
      });
    });
    address = /http:\/\/localhost:\d+/.exec(printed)?.[0] ?? '';
    document = (await request(address).get('/openapi.json')).body as Document;
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
    );
  });
  afterAll(async () => {
    server.kill('SIGKILL');
    await ended;
    folder.remove();
  });

  const resolved = (schema: Schema): Schema => {
    if (schema.$ref === undefined) return schema;
    const found = document.components.schemas[schema.$ref.replace('#/components/schemas/', '')];
    if (found === undefined) throw new Error(`${schema.$ref} leads nowhere`);
    return found;
  };
  const bodyOf = (operationId: string): Schema => {
    const [, operation] = operations.find(([, one]) => one.operationId === operationId)!;
    return resolved(operation.requestBody!.content['application/json']!.schema);
  };

  it('greets with its address, the first key and what to try next; the key works', async () => {
    const key = /bt_[\w-]{43}/.exec(printed)?.[0] ?? '';
    const answer = await request(address).get('/v1/reconciliation').set('authorization', `Bearer ${key}`);
    expect(answer.status).toBe(200);
    expect(printed).toContain(`curl -s ${address}/v1/reconciliation`);
    expect(printed).toContain('No events and no person yet.');
    // Of another folder than the default one: without it the key would be made elsewhere.
    expect(printed).toContain(`billtrail -- --data ${folder.path} person add YOUR-NAME --role admin --key-only`);
  });

  it('documents itself as OpenAPI 3.1, with one id for each operation', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(operations.length).toBeGreaterThan(50);
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [route, { summary }] of operations) expect([route, summaryProblems(summary)]).toEqual([route, []]);
  });

  it('leads every reference somewhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference!);
    expect(references.length).toBeGreaterThan(50);
    for (const $ref of references) expect(resolved({ $ref })).toBeDefined();
  });

  it('declares every parameter of a path, and no other', () => {
    for (const [route, { parameters = [] }] of operations) {
      const inPath = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      expect([route, new Set(declared)]).toEqual([route, new Set(inPath)]);
    }
  });

  it('gives every POST a body with a schema that asks neither for its name nor for what the path says', () => {
    for (const [route, { requestBody }] of operations) {
      if (!route.startsWith('POST')) continue;
      const schema = resolved(requestBody!.content['application/json']!.schema);
      expect([route, schema.type]).toEqual([route, 'object']);
      const names = Object.keys(schema.properties ?? {});
      const saidElsewhere = new Set(['type', ...[...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)]);
      expect([route, names.filter((name) => saidElsewhere.has(name))]).toEqual([route, []]);
      for (const name of schema.required ?? []) expect(names).toContain(name);
    }
  });

  it('has examples of bodies that are as it says', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false }).addSchema({
      ...document,
      $id: 'document',
    });
    const wrong = operations.flatMap(([route, { requestBody }]) => {
      const { schema, example } = requestBody?.content['application/json'] ?? {};
      if (schema === undefined) return [];
      const ofDocument = { $ref: `document${schema.$ref}` };
      return ajv.validate(ofDocument, example) ? [] : [`${route}: ${ajv.errorsText()}`];
    });
    expect(wrong).toEqual([]);
  });

  it('says of a time entry what must be there, in what form and what it means', () => {
    const { properties, required } = bodyOf('LogTimeEntry');
    expect(required).toEqual(
      expect.arrayContaining(['engineerId', 'engineerRole', 'workType', 'minutes', 'workDate', 'description']),
    );
    expect(required).not.toEqual(expect.arrayContaining(['statedBillableMinutes']));
    expect(properties?.['minutes']).toMatchObject({
      type: 'integer',
      minimum: 1,
      maximum: 1440,
      description: 'Actual minutes worked.',
    });
    expect(properties?.['workDate']?.description).toMatch(/time zone/);
  });

  it('says of money that it is a decimal string and a currency', () => {
    const { properties } = bodyOf('RecordExpense');
    const cost = properties!['cost']!;
    const money = resolved(cost.allOf?.[0] ?? cost);
    expect(money).toMatchObject({ properties: { amount: { type: 'string' }, currency: { type: 'string' } } });
  });

  it('says of a question with a body in what form each part of it is', () => {
    for (const name of ['WhatIfBody', 'UpliftBody', 'PublishUpliftBody']) {
      const { properties = {} } = document.components.schemas[name]!;
      const days = Object.entries(properties).filter(([field]) =>
        /^(from|effectiveFrom|period|month|hash)$/.test(field),
      );
      expect([name, days.map(([, { pattern }]) => typeof pattern)]).toEqual([name, days.map(() => 'string')]);
      expect(days.length).toBeGreaterThan(1);
    }
  });

  it('documents what a list can be asked', () => {
    const [, list] = operations.find(([route]) => route === 'GET /v1/billable-items')!;
    expect(list.parameters?.filter((one) => one.in === 'query').map(({ name }) => name)).toEqual(
      expect.arrayContaining(['limit', 'cursor', 'atLeast', 'clientId', 'ticketId', 'period', 'disposition', 'kind']),
    );
  });

  it('documents how each write is answered and refused, and that it needs a key', () => {
    for (const [route, { responses, security }] of operations) {
      if (!route.startsWith('POST')) continue;
      expect([route, security]).toEqual([route, [{ bearer: [] }]]);
      const ofKey = WITHOUT_KEY.has(route) ? [] : ['412', '422'];
      for (const status of ['400', '401', '403', '429', '503', ...ofKey]) {
        const schema = Object.values(responses[status]?.content ?? {})[0]?.schema;
        expect([route, status, schema?.allOf?.[0]?.$ref]).toEqual([route, status, '#/components/schemas/Problem']);
      }
    }
  });

  it('serves its page of documentation', async () => {
    expect((await request(address).get('/docs')).text).toContain('swagger-ui');
    expect((await request(address).get('/docs/swagger-ui.css')).status).toBe(200);
  });

  it('says which port is taken, and how to take another', async () => {
    const port = new URL(address).port;
    const second = spawn(process.execPath, [join(DIST, 'apps/api/src/main.js'), '--port', port, '--data', folder.path]);
    let told = '';
    second.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
    const code = await new Promise((resolve) => second.on('close', resolve));
    expect({ code, told }).toEqual({ code: 2, told: expect.stringContaining(`Port ${port} is taken`) });
    expect(told).not.toMatch(/ at .*\(/);
  });

  it('ends when the command that started it was killed, and leaves nobody behind on its port', async () => {
    const own = temporaryFolder();
    const cli = join(DIST, 'apps/cli/src/main.js');
    const command = spawn(process.execPath, [cli, 'serve', '--port', '0', '--data', own.path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // The server writes to the same pipe: it is closed once both have ended.
    const bothEnded = new Promise((resolve) => command.on('close', resolve));
    let told = '';
    const listening = new Promise<void>((resolve) =>
      command.stdout.setEncoding('utf8').on('data', (text: string) => {
        told += text;
        if (told.includes('/docs')) resolve();
      }),
    );
    await Promise.race([listening, bothEnded]);
    command.kill('SIGKILL');
    await bothEnded;
    expect(told).toContain('Billtrail listens on');
    await expect(fetch(`${/http:\/\/localhost:\d+/.exec(told)?.[0] ?? ''}/health/live`)).rejects.toThrow(
      'fetch failed',
    );
    own.remove();
  });

  /** X8 */
  it('answers questions about the past in a thread of its own, sealed texts too, six at once, and ends all the same', async () => {
    const authorization = `Bearer ${/bt_[\w-]{43}/.exec(printed)?.[0] ?? ''}`;
    const does = async (path: string, body: object): Promise<string> => {
      const sent = request(address).post(path).set('idempotency-key', `past${path}`);
      const { body: told } = await sent.set('authorization', authorization).send(body);
      expect([path, told]).toEqual([path, expect.objectContaining({ position: expect.any(String) })]);
      return (told as { position: string }).position;
    };
    const reads = async (path: string) =>
      (await request(address).get(path).set('authorization', authorization)).body as object;
    await does('/v1/clients', { clientId: 'acme', name: 'Acme', currency: 'AUD', timeZone: 'Australia/Sydney' });
    await does('/v1/tickets', { ticketId: 'T1', clientId: 'acme', summary: 'Ms Bell has no mail' });
    await does('/v1/tickets/T1/triage', { category: 'mail', priority: 'high' });
    await does('/v1/tickets/T1/assign', { engineerId: ENGINEER });
    const before = await does('/v1/tickets/T1/start', {});
    const after = await does('/v1/tickets/T1/time-entries', timeEntry('W1', 70));
    const now = await reads(`/v1/billable-items?atLeast=${after}`);
    expect(now).toMatchObject({ items: [{ itemId: 'W1', description: timeEntry('W1', 70).description }] });
    const asked = Array.from({ length: 6 }, (_, index) =>
      reads(`/v1/billable-items?upTo=${index % 2 ? before : after}`),
    );
    for (const [index, told] of (await Promise.all(asked)).entries())
      expect(told).toEqual(index % 2 ? { items: [], nextCursor: null } : now);
    expect(await reads(`/v1/billable-items/W1/explanation?upTo=${after}`)).toEqual(
      await reads('/v1/billable-items/W1/explanation'),
    );
    expect(await reads(`/v1/billable-items/W1?upTo=${before}`)).toMatchObject({ code: 'BillableItemNotFound' });
    expect(await reads('/v1/billable-items?upTo=9999.00000000')).toMatchObject({ code: 'PositionUnknown' });
  });

  it('asks for what the server refuses to do without, and for nothing else', async () => {
    const key = /bt_[\w-]{43}/.exec(printed)?.[0] ?? '';
    /** null: it was refused before its body was looked at. */
    const isLacking = async (route: string, body: object, field: string): Promise<boolean | null> => {
      const path = route.slice('POST '.length).replaceAll(/\{\w+\}/g, 'x');
      const answer = await request(address).post(path).set('authorization', `Bearer ${key}`).send(body);
      const { code, detail } = answer.body as { readonly code?: string; readonly detail?: string };
      if (answer.status === 404) return null;
      return code === 'InvalidInput' && new RegExp(`\\b${field}\\b.* (is|are) required`).test(detail ?? '');
    };
    const differences: string[] = [];
    let asked = 0;
    for (const [route, { requestBody }] of operations) {
      // What is wrong with a file of contracts is the answer.
      if (requestBody === undefined || route === 'POST /v1/contracts/check') continue;
      const { properties = {}, required = [] } = resolved(requestBody.content['application/json']!.schema);
      for (const field of Object.keys(properties)) {
        const others = Object.entries(requestBody.content['application/json']!.example ?? {});
        const body = Object.fromEntries(others.filter(([name]) => name !== field));
        // What takes effect once is not asked twice: one field is enough of those that may be left out.
        const isLeftOut = await isLacking(route, required.includes(field) ? {} : body, field);
        if (isLeftOut !== null && isLeftOut !== required.includes(field)) differences.push(`${route} ${field}`);
        asked += 1;
      }
    }
    expect(asked).toBeGreaterThan(300);
    expect(differences).toEqual([]);
  });

  it('ends by itself when it is asked to, with everything on the disk', async () => {
    server.kill('SIGTERM');
    expect([
      { code: 0, signal: null },
      { code: null, signal: 'SIGTERM' },
    ]).toContainEqual(await ended);
  });
});
