import type { ErrorObject } from 'ajv';
import { type Shape, isInherited, isPlainText, namedIn } from '@billtrail/kernel';

/** The keywords of a shape that messages are made of. */
interface Rules {
  readonly properties?: Readonly<Record<string, Rules>>;
  readonly oneOf?: readonly Rules[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly errorMessage?: string;
  readonly insteadOf?: Readonly<Record<string, string>>;
}

interface Message {
  /** What the problem is about, below the value that was looked at. */
  readonly below: readonly string[];
  readonly problem: string;
}

const PLAIN_TEXT =
  'has characters that nobody sees (control characters, direction marks, zero-width spaces): write it anew';
const PLAIN_LINE = 'has a line break or a tab: write it on one line';

/** What to write in place of a value that breaks a rule of its shape; null where another error says it. */
export function messageOf(error: ErrorObject, shape: Shape<unknown>): Message | null {
  const rules = error.parentSchema as Rules;
  const params = error.params as Readonly<Record<string, unknown>>;
  const textOf = (name: string): string => String(params[name]);
  switch (error.keyword) {
    case 'required': {
      const name = textOf('missingProperty');
      return { below: [name], problem: `is required${oneOfText(rules.properties?.[name]?.enum)}` };
    }
    case 'additionalProperties': {
      const name = textOf('additionalProperty');
      return {
        below: [name],
        problem: (belongsTo(name, error, shape) ?? 'is unknown') + (insteadOf(name, rules) ?? allowedText(rules)),
      };
    }
    case 'discriminator': {
      const tag = textOf('tag');
      const allowed = oneOfText((rules.oneOf ?? []).map((one) => one.properties?.[tag]?.const));
      const isThere = params['tagValue'] !== undefined;
      return { below: [tag], problem: isThere ? `must be${allowed.slice(1)}` : `is required${allowed}` };
    }
    case 'uniqueItems': {
      const [first = 0, again = 0] = [Number(params['i']), Number(params['j'])].sort((a, b) => a - b);
      return { below: [String(again)], problem: `repeats number ${first + 1} of the list` };
    }
    case 'maxItems':
    case 'maxProperties':
      return { below: [], problem: `has ${sizeOf(error.data)} members, at most ${textOf('limit')} are allowed` };
    case 'minProperties':
      return { below: [], problem: rules.errorMessage ?? `must have at least ${textOf('limit')} member` };
    case 'propertyNames':
      return null;
    case 'format':
      if (error.propertyName !== undefined)
        return { below: [error.propertyName], problem: plainText(error.propertyName) };
      if (textOf('format').startsWith('plain-')) return { below: [], problem: plainText(String(error.data)) };
      return { below: [], problem: rules.errorMessage ?? 'has another shape' };
    default:
      if (error.propertyName !== undefined)
        return { below: [error.propertyName], problem: nameText(error.propertyName) };
      return { below: [], problem: kindText(params['type']) ?? rules.errorMessage ?? 'has another shape' };
  }
}

function plainText(text: string): string {
  return isPlainText(text) ? PLAIN_LINE : PLAIN_TEXT;
}

function nameText(name: string): string {
  return isInherited(name)
    ? 'is a name that nothing can have: choose another'
    : 'must have a name of 1 to 200 characters, not blank';
}

function oneOfText(values: readonly unknown[] | undefined): string {
  return values === undefined ? '' : `, one of: ${values.join(', ')}`;
}

function insteadOf(name: string, rules: Rules): string | null {
  const known = namedIn(rules.insteadOf, name);
  return known === undefined ? null : `: ${known}`;
}

function allowedText({ properties = {} }: Rules): string {
  return `; allowed here: ${Object.keys(properties).join(', ')}`;
}

/** Of a member that another variant of the object has: which one. */
function belongsTo(name: string, { schemaPath }: ErrorObject, shape: Shape<unknown>): string | null {
  const steps = schemaPath.split('/').slice(1, -1);
  if (steps.at(-2) !== 'oneOf') return null;
  let of: unknown = shape;
  for (const step of steps.slice(0, -2))
    of = (of as Record<string, unknown>)[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')];
  const { oneOf = [], discriminator } = of as Rules & { readonly discriminator?: { readonly propertyName: string } };
  const tag = discriminator?.propertyName ?? '';
  const others = oneOf.filter(({ properties = {} }) => Object.hasOwn(properties, name));
  return others.length === 0
    ? null
    : `belongs to ${tag} ${others.map(({ properties }) => String(properties?.[tag]?.const)).join(' and ')}`;
}

function sizeOf(value: unknown): number {
  return Array.isArray(value) ? value.length : Object.keys(value as object).length;
}

/** Of a list or an object: its own message is about what it has too few of. */
function kindText(type: unknown): string | undefined {
  const names: Readonly<Record<string, string>> = {
    object: 'must be an object',
    array: 'must be a list',
    'object,null': 'must be an object or null',
    'array,null': 'must be a list or null',
  };
  return names[String(type)];
}
