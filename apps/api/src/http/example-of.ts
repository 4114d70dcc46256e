import type { Schema } from './schema.js';

interface Read {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Read[];
  readonly properties?: Readonly<Record<string, Read>>;
  readonly required?: readonly string[];
  readonly items?: Read;
  readonly prefixItems?: readonly Read[];
}

/** What a text or a number is in an example, by the name of its field. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  amount: '187.50',
  at: '2026-03-10T03:15:00Z',
  clientId: 'acme',
  contractId: 'acme-support',
  creditNoteId: 'cn-1',
  currency: 'AUD',
  email: 'kim@example.com',
  engineerId: 'p-3fa1c2',
  gapId: 'time-unapproved:INC0001:te-1',
  invoiceId: 'inv-1',
  itemId: 'te-1',
  key: 'bt_…',
  keyId: 'k-7c01d2',
  minutes: 75,
  month: '2026-03',
  name: 'Acme Pty Ltd',
  nextCursor: null,
  number: 'INV-2026-00001',
  period: '2026-03',
  personId: 'p-3fa1c2',
  position: '912.3f0a96d1',
  quantity: '1',
  stream: 'ticket-INC0001',
  ticketId: 'INC0001',
  timeEntryId: 'te-1',
  timeZone: 'Australia/Sydney',
  workItemId: 'te-1',
};
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/At$|^since$/, '2026-03-10T03:15:00Z'],
  [/Date$|^from$|^to$|On$|^day$|Day$|^asOf$|^effective/, '2026-03-10'],
  [/[pP]ercent$|rate$/i, '10'],
  [/[pP]osition$|UpTo$/, '912.3f0a96d1'],
  [/[cC]lientId$|^recipientId$/, 'acme'],
  [/Id$|^id$/, 'a-1'],
  [/[hH]ash$/, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
];

/** A value of a schema, as it may be answered: what is required, one of each list. */
export function exampleOf(schema: Schema, schemas: Readonly<Record<string, Schema>>): unknown {
  return valueOf(schema, '', schemas, []);
}

/** `within`: the named schemas that it is in: where one is met again its lists are empty. */
function valueOf(
  schema: Read,
  field: string,
  schemas: Readonly<Record<string, Schema>>,
  within: readonly string[],
): unknown {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/components/schemas/', '');
    return valueOf(schemas[name] ?? {}, field, schemas, [...within, name]);
  }
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf !== undefined) return valueOf(schema.anyOf[0] ?? {}, field, schemas, within);
  const [type] = [schema.type ?? []].flat();
  switch (type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, valueOf(schema.properties?.[name] ?? {}, name, schemas, within)]),
      );
    case 'array': {
      if (schema.prefixItems) return schema.prefixItems.map((one) => valueOf(one, field, schemas, within));
      const isAgain =
        schema.items?.$ref !== undefined && within.includes(schema.items.$ref.replace('#/components/schemas/', ''));
      return isAgain || schema.items === undefined ? [] : [valueOf(schema.items, singular(field), schemas, within)];
    }
    case 'string':
      return textOf(schema, field);
    case 'number': {
      const sample = SAMPLES[field];
      return typeof sample === 'number' ? sample : 1;
    }
    case 'boolean':
      return false;
    default:
      return null;
  }
}

function textOf({ type }: Read, field: string): string | null {
  const sample = SAMPLES[field];
  if (typeof sample === 'string' || (sample === null && type !== 'string')) return sample;
  return KINDS.find(([kind]) => kind.test(field))?.[1] ?? 'text';
}

function singular(field: string): string {
  return field.endsWith('Ids') ? field.slice(0, -1) : field;
}
