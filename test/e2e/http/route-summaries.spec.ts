import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../kit.js';
import { MAX_SUMMARY, summaryProblems } from './route-summaries.js';

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly summary?: string }>>>>;
}

describe('summaries of routes', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.open();
  });
  afterAll(() => api.close());

  // The built server is looked at too, in built-server.spec.ts: there a doc comment on a route would replace its summary.
  it('begin with a verb, are short and have no full stop', async () => {
    const { paths } = await api.nobody().reads<Document>('/openapi.json');
    const wrong = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { summary }]) =>
        summaryProblems(summary).map((problem) => `${method.toUpperCase()} ${path}: "${summary}" ${problem}`),
      ),
    );
    expect(Object.keys(paths).length).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  });

  it.each([
    ['Who looks after the devices counts them.', 2],
    ["State a client's details anew", 1],
    ['One invoice', 1],
    ['Close', 1],
    ['Record a count.', 1],
    [`Record ${'x'.repeat(MAX_SUMMARY)}`, 1],
    ['', 1],
    [undefined, 1],
  ])('%j would be noticed', (summary, problems) => {
    expect(summaryProblems(summary)).toHaveLength(problems);
  });

  it(`"Record ${'x'.repeat(3)}" and one of exactly ${MAX_SUMMARY} characters pass`, () => {
    expect(summaryProblems(`Record ${'x'.repeat(MAX_SUMMARY - 'Record '.length)}`)).toEqual([]);
  });
});
