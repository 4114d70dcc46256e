import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import {
  isBusinessTime,
  isCurrency,
  isPlainLine,
  isPlainText,
  isTimeZone,
  type Partly,
  type Problem,
  type Shape,
} from '@billtrail/kernel';
import { messageOf } from './messages.js';

const ajv = new Ajv2020({
  allErrors: true,
  verbose: true,
  discriminator: true,
  strictTypes: false,
  strictRequired: false,
  // A process compiles a handful of shapes for a few values: to look through the shapes, which are our own and looked through by a test, and to shorten the compiled code
  // takes longer than all else.
  meta: false,
  validateSchema: false,
  code: { optimize: false },
});
ajv.addVocabulary(['errorMessage', 'insteadOf']);
ajv.addFormat('time-zone', isTimeZone);
ajv.addFormat('currency', isCurrency);
ajv.addFormat('business-time', isBusinessTime);
ajv.addFormat('plain-text', isPlainText);
ajv.addFormat('plain-line', isPlainLine);

const compiled = new WeakMap<object, ValidateFunction>();

function errorsOf(shape: Shape<unknown>, value: unknown): readonly ErrorObject[] {
  const check = compiled.get(shape) ?? ajv.compile(shape);
  compiled.set(shape, check);
  return check(value) ? [] : (check.errors ?? []);
}

/** Every way in which a value has not the shape, each with its path below `root`. Empty: it has. Takes anything and never throws. */
export function problemsOfShape(shape: Shape<unknown>, value: unknown, root: string): readonly Problem[] {
  const problems = new Map<string, Problem>();
  for (const error of errorsOf(shape, value)) {
    const message = messageOf(error, shape);
    if (message === null) continue;
    const path = pathOf(root, value, [...stepsOf(error.instancePath), ...message.below]);
    // A blank name that is too long breaks two rules, and one message says both.
    problems.set(`${path} ${message.problem}`, { path, problem: message.problem });
  }
  return [...problems.values()];
}

/** Members that are missing or too many leave the rest of their object as it is. */
const NOT_OF_THE_VALUE: ReadonlySet<string> = new Set(['required', 'additionalProperties', 'propertyNames']);

/** The value without what has not its shape, so that the rest can be looked at in the same answer. */
export function soundPart<T>(shape: Shape<T>, value: unknown): Partly<T> | undefined {
  const errors = errorsOf(shape, value);
  if (errors.length === 0) return value as Partly<T>;
  const part = { '': structuredClone(value) };
  for (const { keyword, instancePath } of errors)
    if (!NOT_OF_THE_VALUE.has(keyword)) leaveOut(part, ['', ...stepsOf(instancePath)]);
  return part[''] as Partly<T> | undefined;
}

function leaveOut(from: unknown, steps: readonly string[]): void {
  let within = from as Record<string, unknown> | undefined;
  for (const step of steps.slice(0, -1)) within = within?.[step] as Record<string, unknown> | undefined;
  const last = steps.at(-1) ?? '';
  if (within !== undefined && Object.hasOwn(within, last)) within[last] = undefined;
}

function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** `clients[0].contracts[1].name`: members of lists by their number. */
function pathOf(root: string, value: unknown, steps: readonly string[]): string {
  let path = root;
  let within = value;
  for (const step of steps) {
    if (Array.isArray(within)) path = `${path}[${step}]`;
    else path = path === '' ? step : `${path}.${step}`;
    within = (within as Record<string, unknown> | undefined)?.[step];
  }
  return path;
}
