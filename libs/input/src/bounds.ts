import type { Shape } from '@billtrail/kernel';

type Schema = Readonly<Record<string, unknown>>;

/** What may be written in the members of some shapes, and in which: every bound of a date, a count, a text, an amount and a list, once. */
export function boundsOf(
  shapes: Readonly<Record<string, Shape<unknown>>>,
): readonly { readonly write: string; readonly where: readonly string[] }[] {
  const where = new Map<string, Set<string>>();
  for (const [name, shape] of Object.entries(shapes)) look(shape, [name], where);
  return [...where]
    .map(([write, places]) => ({ write, where: [...places].sort() }))
    .sort((a, b) => (a.write < b.write ? -1 : 1));
}

function look(schema: Schema, path: readonly string[], where: Map<string, Set<string>>): void {
  const write = boundOf(schema);
  if (write !== null) {
    const place = path.slice(-2).join('.');
    where.set(write, (where.get(write) ?? new Set()).add(place));
  }
  for (const [name, part] of Object.entries((schema['properties'] ?? {}) as Record<string, Schema>))
    look(part, [...path, name], where);
  for (const one of (schema['oneOf'] ?? []) as readonly Schema[]) look(one, path, where);
  const { items, additionalProperties } = schema;
  if (items !== undefined) look(items as Schema, [...path.slice(0, -1), `${path.at(-1) ?? ''}[]`], where);
  if (typeof additionalProperties === 'object') look(additionalProperties as Schema, [...path, '*'], where);
}

/** What a value must be, within its bounds; null: it has none. */
function boundOf(schema: Schema): string | null {
  const { type, minItems, maxItems, minProperties, maxProperties, errorMessage } = schema as {
    readonly type?: string | readonly string[];
    readonly errorMessage?: string;
  } & Readonly<Record<string, number | undefined>>;
  if (type === undefined || [type].flat().includes('boolean')) return null;
  if (maxItems !== undefined) return `a list of ${minItems ?? 0} to ${maxItems} members`;
  if (maxProperties !== undefined) return `an object of ${minProperties ?? 0} to ${maxProperties} members`;
  if ([type].flat().includes('object') || schema['const'] !== undefined || schema['enum'] !== undefined) return null;
  return (errorMessage ?? '').replace(/^must (be|have) /, '').replace(/, or null$/, '');
}
