import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { ApiDocument, Schema } from './routes.js';

export interface Answered {
  readonly method: string;
  /** With or without what is asked. */
  readonly url: string;
  readonly status: number;
  readonly body: unknown;
}

/** Answers beside the document that the server gives of itself. It is read to the letter: a member that it does not name is a difference, as a code is. */
export class DocumentedAnswers {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true, allowUnionTypes: true });
  private readonly routes: readonly (readonly [RegExp, ApiDocument['paths'][string]])[];
  private readonly compiled = new Map<Schema, ValidateFunction>();

  constructor({ paths, components }: Pick<ApiDocument, 'paths' | 'components'>) {
    this.ajv.addSchema({ $id: 'api', components: closed(components) as object });
    // What is named in full goes before what has a parameter there.
    const inOrder = Object.entries(paths).sort(([one], [other]) => one.split('{').length - other.split('{').length);
    this.routes = inOrder.map(([path, methods]) => [
      new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
      methods,
    ]);
  }

  /** How an answer differs from what is documented of its route; null: it does not, or there is no such route. */
  difference({ method, url, status, body }: Answered): string | null {
    const [path = ''] = url.split('?');
    const operation = this.routes.find(([pattern, methods]) => pattern.test(path) && method in methods)?.[1][method];
    if (operation === undefined) return null;
    const content = Object.values(operation.responses[String(status)]?.content ?? {})[0];
    if (content === undefined) return `${status} ${codeIn(body) ?? ''} is not documented`;
    const codes = codesOf(content.schema);
    if (codes !== null && !codes.includes(codeIn(body) ?? ''))
      return `${status} ${codeIn(body)} is not among ${codes.join(', ')}`;
    const validate = this.validatorOf(content.schema);
    return validate(body) ? null : this.ajv.errorsText(validate.errors?.slice(0, 3), { dataVar: 'answer' });
  }

  private validatorOf(schema: Schema): ValidateFunction {
    const known = this.compiled.get(schema);
    if (known !== undefined) return known;
    // The code is looked at by itself, and the rest of it is the same problem everywhere.
    const of = codesOf(schema) === null ? schema : (schema.allOf?.[0] ?? {});
    const compiled = this.ajv.compile(closed(of) as object);
    this.compiled.set(schema, compiled);
    return compiled;
  }
}

/** The codes of a refusal; null: it is none. */
function codesOf({ allOf }: Schema): readonly unknown[] | null {
  return allOf?.[1]?.properties?.['code']?.enum ?? null;
}

function codeIn(body: unknown): string | undefined {
  return (body as { code?: string } | null)?.code;
}

/** The same where no object has members that are not named. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const of = Object.fromEntries(Object.entries(schema).map(([name, one]) => [name, closed(one)])) as Record<
    string,
    unknown
  >;
  if (typeof of['$ref'] === 'string') of['$ref'] = of['$ref'].replace(/^#/, 'api#');
  const isObject = of['type'] === 'object' || (Array.isArray(of['type']) && of['type'].includes('object'));
  return isObject && typeof of['properties'] === 'object' && of['additionalProperties'] === undefined
    ? { ...of, additionalProperties: false }
    : of;
}
