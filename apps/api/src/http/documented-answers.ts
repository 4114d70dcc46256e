import type { OpenAPIObject } from '@nestjs/swagger';
import { commandDefinitions, EXAMPLES } from '@billtrail/application';
import { invariant, type Role } from '@billtrail/kernel';
import { DOCUMENTED_ROLES } from '../access/access-policy.js';
import { ANSWERS, REFUSALS, SCHEMAS } from './contract.generated.js';
import { exampleOf } from './example-of.js';
import { statusOf } from './problem.js';
import type { Schema } from './schema.js';
import { ANSWERED_BY } from './writes.js';

interface Content {
  readonly [type: string]: { readonly schema?: Schema; readonly example?: unknown };
}
interface Operation {
  readonly operationId: string;
  readonly description?: string;
  readonly security?: readonly object[];
  readonly requestBody?: { readonly content: Content; readonly required?: boolean };
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
  readonly [ANSWERED_BY]?: string;
  readonly [DOCUMENTED_ROLES]?: readonly Role[];
}

const PROBLEM = { $ref: '#/components/schemas/Problem' };
const MADE: Schema = { type: 'string', description: 'Yours, or made for this request.' };

/** The document with what each route answers, which refusals it may come to, and examples: from the types and the code (`npm run contract`). */
export function withAnswers(document: OpenAPIObject): OpenAPIObject {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    invariant(schemas[name] === undefined, () => `${name} is the name of a body and of what is answered`);
    schemas[name] = schema;
  }
  for (const methods of Object.values(document.paths))
    for (const [method, operation] of Object.entries(methods as Record<string, Operation>))
      (methods as Record<string, Operation>)[method] = documented(method, operation, schemas);
  return document;
}

function documented(method: string, operation: Operation, schemas: Readonly<Record<string, Schema>>): Operation {
  const { [ANSWERED_BY]: answeredBy, ...rest } = operation;
  const { operationId, requestBody, responses, security, [DOCUMENTED_ROLES]: roles } = rest;
  const by = answeredBy ?? operationId;
  const answer = answerOf(by, operationId);
  const describing = [operation.description, roles && mayCall(roles)].filter((one) => one !== undefined);
  const content = answer && { 'application/json': { schema: answer, example: exampleOf(answer, schemas) } };
  const answered = Object.fromEntries(
    Object.entries(responses).map(([status, { description }]) => [
      status,
      { description: description === '' ? 'The answer' : description, ...(content && { content }) },
    ]),
  );
  return {
    ...rest,
    ...(describing.length > 0 && { description: describing.join(' ') }),
    ...(requestBody && { requestBody: withExample(requestBody) }),
    // What an operation says of a status itself goes before what may be refused with it.
    responses: { ...refusals(codesOf(method, operationId, by, security !== undefined)), ...answered },
  };
}

/** Every body is named by what it is of: a command, or a question. */
function withExample({
  content,
  ...rest
}: NonNullable<Operation['requestBody']>): NonNullable<Operation['requestBody']> {
  const described = Object.entries(content).map(([type, body]) => {
    const example = EXAMPLES[String(body.schema?.['$ref']).split('/').at(-1) ?? ''];
    return [type, { ...body, ...(example === undefined ? {} : { example }) }];
  });
  return { ...rest, content: Object.fromEntries(described) as Content };
}

/** What answers with success; undefined: nobody has said it. */
function answerOf(by: string, operationId: string): Schema | undefined {
  const known = ANSWERS[by];
  if (known !== undefined) return known;
  const definition = commandDefinitions.find(({ command }) => command.name === operationId);
  if (definition?.route === undefined) return undefined;
  const {
    properties = {},
    required = [],
    ...schema
  } = SCHEMAS['WriteAnswer'] as {
    readonly properties?: object;
    readonly required?: readonly string[];
  };
  const made = Object.keys(definition.route.makes ?? {});
  if (made.length === 0) return { $ref: '#/components/schemas/WriteAnswer' };
  const ids = Object.fromEntries(made.map((name) => [name, MADE]));
  return { ...schema, properties: { ...ids, ...properties }, required: [...made, ...required] };
}

function codesOf(method: string, operationId: string, by: string, isSigned: boolean): readonly string[] {
  const isCommand = commandDefinitions.some(({ command }) => command.name === operationId);
  const of = [
    'everyRoute',
    ...(isSigned ? ['everyCaller', ...(isCommand ? ['everyCommand'] : ['everyQuestion'])] : []),
    ...(method === 'post' ? ['everyBody'] : []),
    by,
    ...(ANSWERS[by] === undefined ? [operationId] : []),
  ];
  const codes = new Set(of.flatMap((one) => REFUSALS[one] ?? []));
  if (method === 'get') codes.delete('KeyReadOnly');
  return [...codes].sort();
}

function refusals(codes: readonly string[]): Operation['responses'] {
  const statuses = [...new Set(codes.map(statusOf))].sort((one, other) => one - other);
  return Object.fromEntries(
    statuses.map((status) => {
      const of = codes.filter((code) => statusOf(code) === status);
      const schema = { allOf: [PROBLEM, { properties: { code: { enum: of } } }] };
      return [
        status,
        { description: `Refused: ${of.join(', ')}`, content: { 'application/problem+json': { schema } } },
      ];
    }),
  );
}

function mayCall(roles: readonly Role[]): string {
  const others = roles.filter((role) => role !== 'admin');
  return others.length === 0 ? 'For the role admin alone.' : `For the roles ${others.join(', ')} and admin.`;
}
