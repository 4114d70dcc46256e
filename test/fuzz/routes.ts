/** A part of the OpenAPI document, as far as bodies and parameters are made from it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema?: Schema;
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}
interface DocumentedOperation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

/** A route as the API documents itself: a command or a question. */
export interface Route {
  /** `POST /v1/tickets/{ticketId}/resolve` */
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly inPath: readonly string[];
  readonly inQuery: readonly { readonly name: string; readonly schema: Schema }[];
  /** null: it takes none. */
  readonly body: Schema | null;
  readonly takesKey: boolean;
}

/** All routes there are: a new one is among them without being listed. */
export function routesOf(document: ApiDocument): readonly Route[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => {
      const upper = method.toUpperCase() as Route['method'];
      const schema = requestBody?.content['application/json']?.schema;
      return {
        name: `${upper} ${path}`,
        method: upper,
        path,
        inPath: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name),
        inQuery: parameters
          .filter((one) => one.in === 'query')
          .map(({ name, schema: of = {} }) => ({ name, schema: resolved(of, document) })),
        body: schema === undefined ? null : resolved(schema, document),
        takesKey: parameters.some(({ name }) => name === 'Idempotency-Key'),
      };
    }),
  );
}

/** With every reference replaced by what it refers to. No schema of the API contains itself. */
function resolved(schema: Schema, document: ApiDocument): Schema {
  const name = schema.$ref?.split('/').at(-1);
  const found = name === undefined ? schema : document.components.schemas[name];
  if (found === undefined) throw new Error(`${schema.$ref} leads nowhere`);
  const whole = Object.assign({}, found, ...(found.allOf ?? []).map((one) => resolved(one, document))) as Schema;
  const each = (of: readonly Schema[]): readonly Schema[] => of.map((one) => resolved(one, document));
  return {
    ...whole,
    ...(whole.oneOf && { oneOf: each(whole.oneOf) }),
    ...(whole.anyOf && { anyOf: each(whole.anyOf) }),
    ...(whole.items && { items: resolved(whole.items, document) }),
    ...(whole.properties && {
      properties: Object.fromEntries(
        Object.entries(whole.properties).map(([field, of]) => [field, resolved(of, document)]),
      ),
    }),
    ...(typeof whole.additionalProperties === 'object' && {
      additionalProperties: resolved(whole.additionalProperties, document),
    }),
  };
}
