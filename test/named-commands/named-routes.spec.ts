import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../e2e/kit.js';
import { pages, routesOf, sources, stepsOfTickets, textOf, type Named } from './collect.js';

const PAGE_OF_ROUTES = 'GET /docs';

describe('routes that a page or a message names', () => {
  let api: Api;
  /** `POST /v1/tickets/{ticketId}/reopen`, part by part. */
  let known: readonly (readonly string[])[];
  beforeAll(async () => {
    api = await Api.open();
    const { paths } = await api.nobody().reads<{ paths: Readonly<Record<string, object>> }>('/openapi.json');
    known = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`.split('/')),
    );
  });
  afterAll(() => api.close());

  const isKnown = (route: string): boolean => {
    const parts = route.split('/');
    return known.some(
      (one) => one.length === parts.length && one.every((part, index) => part.startsWith('{') || part === parts[index]),
    );
  };
  const named: readonly Named[] = [...pages(), ...sources()].flatMap((file) => {
    const text = textOf(file);
    return [...routesOf(file, text), ...(file.startsWith('libs/ticketing/') ? stepsOfTickets(file, text) : [])];
  });

  it('are there', () => {
    // The route of a ticket's step is put together: its parts are collected one by one.
    const whole = named.filter(({ text }) => text !== 'POST /v1/tickets/{}/{}' && text !== PAGE_OF_ROUTES);
    expect(whole.length).toBeGreaterThan(50);
    expect(whole.filter(({ text }) => !isKnown(text))).toEqual([]);
  });

  it('would be noticed if they were not', () => {
    const page = 'curl -s localhost:3000/gap -H "x"\n`GET /v1/invoices/{id}/line`\n`POST /v1/tickets/T1/start`';
    const unknown = routesOf('docs/made-up.md', page).filter(({ text }) => !isKnown(text));
    expect(unknown.map(({ text }) => text)).toEqual(['GET /gap', 'GET /v1/invoices/{id}/line']);
    const [step] = stepsOfTickets('libs/ticketing/src/made-up.ts', "path: 're-open'");
    expect(isKnown(step?.text ?? '')).toBe(false);
  });
});
