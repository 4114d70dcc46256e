import type { Shape } from '@billtrail/kernel';

type Schema = Readonly<Record<string, unknown>>;

/** A shape that stands in several places and is longer than this is written once. */
const LEAST_SHARED = 200;

/** A shape as a JSON Schema to be read by itself: what stands in it several times is defined once, under the name of the member that has it first. */
export function jsonSchemaOf(shape: Shape<unknown>, about: { readonly title: string; readonly description: string }) {
  const seen = new Map<string, { readonly name: string; times: number }>();
  count(shape, 'root', seen);
  const shared = new Map<string, string>();
  for (const [key, { name, times }] of seen) {
    const taken = [...shared.values()].filter((one) => one.replace(/\d+$/, '') === name).length;
    if (times > 1 && key.length > LEAST_SHARED) shared.set(key, taken === 0 ? name : `${name}${taken + 1}`);
  }
  const defined = [...shared].sort(([, a], [, b]) => (a < b ? -1 : 1));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...about,
    ...withReferences(shape, shared),
    $defs: Object.fromEntries(
      defined.map(([key, name]) => [name, withReferences(JSON.parse(key) as Schema, shared)] as const),
    ),
  };
}

/** The schemas within a schema, each with the name of the member that has it. */
function partsOf(schema: Schema): readonly (readonly [name: string, part: Schema])[] {
  const { properties, items, oneOf, additionalProperties } = schema as {
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly items?: Schema;
    readonly oneOf?: readonly Schema[];
    readonly additionalProperties?: Schema | false;
  };
  return [
    ...Object.entries(properties ?? {}),
    ...(items === undefined ? [] : [['item', items] as const]),
    ...(oneOf ?? []).map((one) => ['one', one] as const),
    ...(typeof additionalProperties === 'object' ? [['value', additionalProperties] as const] : []),
  ];
}

function keyOf({ description: _description, ...schema }: Schema): string {
  return JSON.stringify(schema);
}

function count(schema: Schema, name: string, seen: Map<string, { readonly name: string; times: number }>): void {
  const key = keyOf(schema);
  const known = seen.get(key);
  if (known !== undefined) {
    known.times++;
    return;
  }
  seen.set(key, { name, times: 1 });
  for (const [part, of] of partsOf(schema)) count(of, part === 'item' || part === 'one' ? name : part, seen);
}

function withReferences(schema: Schema, shared: ReadonlyMap<string, string>): Schema {
  const short = (part: Schema): Schema => {
    const name = shared.get(keyOf(part));
    if (name === undefined) return withReferences(part, shared);
    const { description } = part;
    return { ...(description === undefined ? {} : { description }), $ref: `#/$defs/${name}` };
  };
  // What to write in place of a name that is not there is told by the check alone.
  const { insteadOf: _insteadOf, ...told } = schema;
  const { properties, items, oneOf, additionalProperties } = schema;
  return {
    ...told,
    ...(properties === undefined ? {} : { properties: each(properties, short) }),
    ...(items === undefined ? {} : { items: short(items as Schema) }),
    ...(oneOf === undefined ? {} : { oneOf: (oneOf as readonly Schema[]).map((one) => withReferences(one, shared)) }),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: short(additionalProperties as Schema) }
      : {}),
  };
}

function each(properties: unknown, short: (part: Schema) => Schema): Schema {
  return Object.fromEntries(
    Object.entries(properties as Record<string, Schema>).map(([name, one]) => [name, short(one)]),
  );
}
