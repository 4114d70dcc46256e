import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DocumentedAnswers } from '../../fuzz/documented.js';
import { Api } from '../kit.js';
import { MAX_SUMMARY, summaryProblems } from './route-summaries.js';

interface Content {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly example?: unknown;
}
interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly object[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** Routes that do not say all of it yet. It may only get shorter. */
const UNSAID: readonly string[] = [];

/** What there is to say of a route, and where; empty: all is said. */
function unsaid({ summary, security, requestBody, responses }: Operation, method: string): readonly string[] {
  const answer = (responses['200'] ?? responses['201'])?.content?.['application/json'];
  const statuses = Object.keys(responses);
  const example = requestBody?.content['application/json']?.example;
  return [
    // The built server is looked at too, in built-server.spec.ts: there a doc comment on a route would replace its summary.
    ...summaryProblems(summary).map((problem) => `its summary "${summary}" ${problem}`),
    ...(answer === undefined || Object.keys(answer.schema).length === 0
      ? ['what it answers: give its method a return type that is not unknown, and run `npm run contract`']
      : []),
    ...(answer?.example === undefined ? ['an example of its answer'] : []),
    ...(security !== undefined && !['400', '401', '403', '429', '503'].every((status) => statuses.includes(status))
      ? ['its refusals: run `npm run contract`']
      : []),
    ...(method === 'post' && example === undefined
      ? ['an example of its body: libs/application/src/commands/examples.ts']
      : []),
  ];
}

describe('what a route says of itself', () => {
  let api: Api;
  let document: Document;
  beforeAll(async () => {
    api = await Api.open();
    document = await api.nobody().reads<Document>('/openapi.json');
  });
  afterAll(() => api.close());

  it('is a summary, what it answers and refuses, and examples', () => {
    const { paths } = document;
    const lacking = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        route: `${method.toUpperCase()} ${path}`,
        lacks: unsaid(operation, method),
      })),
    );
    expect(lacking.length).toBeGreaterThan(100);
    expect(lacking.filter(({ route, lacks }) => lacks.length > 0 && !UNSAID.includes(route))).toEqual([]);
    // What is said by now is no exception any more.
    expect(UNSAID.filter((route) => lacking.every((one) => one.route !== route || one.lacks.length === 0))).toEqual([]);
  });

  it.each([
    ['get', '/v1/billable-items/{itemId}', 'BillableItemNotFound', 'OwnWork'],
    ['get', '/v1/approvals/{requestId}', 'ApprovalNotFound', 'OwnRequest'],
    ['get', '/v1/billable-items', 'NotSignedIn', 'ItemInSeveralPeriods'],
    ['post', '/v1/tickets/{ticketId}/start', 'EngineerMissing', 'ResolutionMissing'],
    ['post', '/v1/tickets/{ticketId}/close', 'ServiceNotVerified', 'TimerRunning'],
    ['post', '/v1/tickets/{ticketId}/notes', 'TicketUnknown', 'SiteUnknown'],
    ['post', '/v1/tickets/{ticketId}/reclassify', 'SiteUnknown', 'RateClassUnknown'],
    ['post', '/v1/contracts/{contractId}/counts', 'ContractUnknown', 'BillToChained'],
  ])('are refusals that it may come to: %s %s names %s and not %s', (method, path, named, other) => {
    const refused = JSON.stringify(document.paths[path]?.[method]?.responses);
    expect(refused).toContain(`"${named}"`);
    expect(refused).not.toContain(`"${other}"`);
  });

  it('says that nothing is recorded of questions alone: a command that is run may record', () => {
    const said = Object.entries(document.paths).flatMap(([path, methods]) =>
      methods['post']?.description?.includes('Nothing is recorded') === true ? [path] : [],
    );
    expect(said.sort()).toEqual(['/v1/contracts/check', '/v1/contracts/uplift', '/v1/what-if']);
    expect(document.paths['/v1/command-line']?.['post']?.description).toMatch(/^What is recorded is what the command/);
  });

  it('has examples of answers that are as it says', () => {
    const documented = new DocumentedAnswers(document as never);
    const differences = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { responses }]) => {
        const status = responses['200'] === undefined ? 201 : 200;
        const body = responses[status]?.content?.['application/json']?.example;
        const url = path.replaceAll(/\{\w+\}/g, 'x');
        const difference = documented.difference({ method, url, status, body });
        return difference === null ? [] : [`${method} ${path}: ${difference}`];
      }),
    );
    expect(differences).toEqual([]);
  });

  it.each([
    [
      'a member that it does not name',
      { status: 200, body: { name: 'x', more: 1 } },
      /must NOT have additional properties/,
    ],
    ['a member that is missing', { status: 200, body: {} }, /must have required property 'name'/],
    ['a member of another type', { status: 200, body: { name: 1 } }, /name must be string/],
    [
      'a code that it does not name',
      { status: 409, body: { code: 'OwnWork', title: 'x' } },
      /^409 OwnWork is not among GapEnded$/,
    ],
    [
      'a status that it does not name',
      { status: 404, body: { code: 'GapUnknown', title: 'x' } },
      /^404 GapUnknown is not documented$/,
    ],
    ['a refusal without its title', { status: 409, body: { code: 'GapEnded' } }, /must have required property 'title'/],
    ['nothing', { status: 409, body: { code: 'GapEnded', title: 'x' } }, null],
    ['nothing', { status: 200, body: { name: 'x' } }, null],
  ] as const)('differs from an answer by %s', (_what, answered, difference) => {
    const text = { type: 'string' };
    const of = (properties: Readonly<Record<string, { readonly type: string }>>, required: readonly string[]) => ({
      type: 'object',
      properties,
      required,
    });
    const schemas = {
      Thing: of({ name: text }, ['name']),
      Problem: of({ code: text, title: text }, ['code', 'title']),
    };
    const refused = [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: ['GapEnded'] } } }];
    const responses = {
      200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
      409: { content: { 'application/problem+json': { schema: { allOf: refused } } } },
    };
    const documented = new DocumentedAnswers({
      paths: { '/v1/things/{id}': { get: { responses } } },
      components: { schemas },
    });
    const found = documented.difference({ method: 'get', url: '/v1/things/a?x=1', ...answered });
    if (difference === null) expect(found).toBeNull();
    else expect(found).toMatch(difference);
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
