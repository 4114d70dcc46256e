import { plainToInstance } from 'class-transformer';
import { validate, validateSync, type ValidationError } from 'class-validator';
import {
  inheritedNamesIn,
  namedIn,
  refuse,
  type Partly,
  type Problem as InPath,
  type Refusal,
  type Shape,
} from '@billtrail/kernel';
import { problemsOfShape, soundPart } from '@billtrail/input';
import type { CommandClass } from './command-definition.js';

export interface Problem {
  /** Where in the input: `lines.3.quantity`. */
  readonly path: string;
  readonly message: string;
}

/** What the input is to its sender: the body of a request or a command, or the query of an address. */
export type InputKind = 'field' | 'query parameter';

/** A problem, and whether it is only that a required field was not sent. */
interface Found extends Problem {
  readonly isMissing: boolean;
}

const UNKNOWN = 'whitelistValidation';
const SHAPE = 'shape';
/** Problems that one message names; `problems` has all. */
const MAX_NAMED = 5;

function problemsOf(errors: readonly ValidationError[], kind: InputKind, prefix = ''): Found[] {
  return errors.flatMap((error) => {
    const path = prefix ? `${prefix}.${error.property}` : error.property;
    const within = problemsOf(error.children ?? [], kind, path);
    const constraints = error.constraints ?? {};
    if (UNKNOWN in constraints) return [{ path, message: `Unknown ${kind} \`${path}\``, isMissing: false }, ...within];
    const messages = Object.entries(constraints);
    if (messages.length === 0) return within;
    // One that was not sent breaks every rule of its field; that it is required says it all.
    if (error.value === undefined) return [{ path, message: `${path} is required`, isMissing: true }, ...within];
    const own = messages.flatMap(([rule, message]) =>
      rule === SHAPE
        ? problemsOfShape((error.contexts?.[SHAPE] ?? {}) as Shape<unknown>, error.value, path).map(foundIn)
        : [{ path, message: inFull(message, error.property, prefix), isMissing: false }],
    );
    return [...own, ...within];
  });
}

function foundIn({ path, problem }: InPath): Found {
  return { path, message: `${path} ${problem}`, isMissing: false };
}

/** A message begins with the name of its property; within an object it needs the whole path. */
function inFull(message: string, property: string, prefix: string): string {
  return prefix !== '' && message.startsWith(`${property} `) ? `${prefix}.${message}` : message;
}

/** A field that says much by itself: terms, a configuration. */
interface Inspected {
  readonly code: string;
  readonly inspect: (value: unknown) => readonly InPath[];
}
const inspected = new Map<object, Map<string, Inspected>>();

/**
 * What a value means is decided with its command. If the command is refused before that, for another field or for a part of this one, what can't be
 * meant is reported with it: nobody corrects a document twice. `code` is that of the decision, and of a refusal of this field alone.
 */
export const InspectedWhole =
  <T>(of: Shape<T>, code: string, inspect: (sound: Partly<T>) => readonly InPath[]): PropertyDecorator =>
  (prototype, property) => {
    const known = inspected.get(prototype) ?? new Map<string, Inspected>();
    const look = (value: unknown): readonly InPath[] => {
      const sound = soundPart(of, value);
      return sound === undefined ? [] : inspect(sound);
    };
    inspected.set(prototype, known.set(String(property), { code, inspect: look }));
  };

function inspectedOf(command: object): readonly (readonly [property: string, Inspected])[] {
  const all: (readonly [string, Inspected])[] = [];
  for (let type: unknown = command; typeof type === 'object' && type !== null; type = Object.getPrototypeOf(type))
    all.push(...(inspected.get(type) ?? []));
  return all;
}

function problemsInside(command: object): Found[] {
  return inspectedOf(command).flatMap(([property, { inspect }]) => {
    const value: unknown = Object.entries(command).find(([name]) => name === property)?.[1];
    return typeof value === 'object' && value !== null ? inspect(value).map(foundIn) : [];
  });
}

function codeOf(command: object, errors: readonly ValidationError[]): string {
  const [only, ...others] = errors;
  const own = inspectedOf(command).find(([property]) => property === only?.property && only.value !== undefined);
  return own === undefined || others.length > 0 ? 'InvalidInput' : own[1].code;
}

/** Plain input to a validated command. Unknown properties are refused, and all problems are reported at once. */
export async function validated<C extends object>(
  type: CommandClass<C>,
  input: object,
  kind: InputKind = 'field',
): Promise<C | Refusal> {
  const unnameable = inheritedNamesIn(input).map((path): Found => unnameableAt(path, kind));
  // They are found on every object, so no check of the command would see them.
  if (unnameable.length > 0) return refusalOf('InvalidInput', unnameable, kind);
  const command = plainToInstance(type, input, { exposeDefaultValues: true });
  const errors = await validate(command, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  if (errors.length === 0) return command;
  const found = [...problemsOf(errors, kind), ...problemsInside(command)];
  return refusalOf(codeOf(command, errors), found, kind);
}

/** The fields without which a command is refused, whatever it says besides. */
export function requiredFieldsOf(type: CommandClass): ReadonlySet<string> {
  const saysNothing = plainToInstance(type, {}, { exposeDefaultValues: true });
  const missing = validateSync(saysNothing).filter(({ value }) => value === undefined);
  return new Set(missing.map(({ property }) => property));
}

function unnameableAt(path: string, kind: InputKind): Found {
  const message = /[.[]/.test(path)
    ? `${path} is a name that nothing can have: choose another`
    : `Unknown ${kind} \`${path}\``;
  return { path, message, isMissing: false };
}

function refusalOf(code: string, found: readonly Found[], kind: InputKind): Refusal {
  const problems = found.map(({ path, message }): Problem => ({ path, message }));
  return refuse(code, messageOf(found), remedyOf(found, kind), { problems });
}

/** `reasonCode and comment are required; minutes must not be less than 1.` */
function messageOf(found: readonly Found[]): string {
  const missing = found.filter(({ isMissing }) => isMissing).map(({ path }) => path);
  const required = missing.length < 2 ? [] : [`${listed(missing)} are required`];
  const rest = found.filter(({ isMissing }) => !isMissing || missing.length < 2).map(({ message }) => message);
  const sentences = [...required, ...rest];
  const more = sentences.length > MAX_NAMED ? [`${sentences.length - MAX_NAMED} more problems`] : [];
  return `${[...sentences.slice(0, MAX_NAMED), ...more].join('; ')}.`;
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

/** Fields that commands took once, and what took their place. */
const RETIRED: Readonly<Record<string, string>> = {
  secondPerson:
    'Leave `secondPerson` out: what one person may not forgo alone waits, and another person approves it with a key of their own: POST /v1/approvals/{requestId}/approve',
};

function remedyOf(found: readonly Found[], kind: InputKind): string {
  const retired = kind === 'field' ? found.flatMap(({ path }) => namedIn(RETIRED, path) ?? []) : [];
  if (retired[0] !== undefined) return retired[0];
  const what = kind === 'field' ? 'command' : 'request';
  return found.length === 1
    ? `Correct it and send the ${what} again.`
    : `Correct what \`problems\` lists and send the ${what} again.`;
}
