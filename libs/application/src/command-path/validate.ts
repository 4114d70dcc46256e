import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import { refuse, type Refusal } from '@billtrail/kernel';
import type { CommandClass } from './command-definition.js';

export interface Problem {
  /** Where in the input: `lines.3.quantity`. */
  readonly path: string;
  readonly message: string;
}

function problemsOf(errors: readonly ValidationError[], prefix = ''): Problem[] {
  return errors.flatMap((error) => {
    const path = prefix ? `${prefix}.${error.property}` : error.property;
    const own = Object.values(error.constraints ?? {}).map((message) => ({ path, message }));
    return [...own, ...problemsOf(error.children ?? [], path)];
  });
}

type Inspect = (value: object) => readonly { readonly path: string; readonly problem: string }[];
const inspections = new Map<object, Map<string, Inspect>>();

/**
 * For a property that is judged whole where the command is decided. Where other fields are refused before that, its problems are told with
 * theirs: nobody corrects a document twice.
 */
export const InspectedWhole =
  (inspect: Inspect): PropertyDecorator =>
  (prototype, property) => {
    const known = inspections.get(prototype) ?? new Map<string, Inspect>();
    inspections.set(prototype, known.set(String(property), inspect));
  };

function problemsInside(command: object): Problem[] {
  const problems: Problem[] = [];
  for (let type: unknown = command; typeof type === 'object' && type !== null; type = Object.getPrototypeOf(type)) {
    for (const [property, inspect] of inspections.get(type) ?? []) {
      const value: unknown = Object.entries(command).find(([name]) => name === property)?.[1];
      if (typeof value !== 'object' || value === null) continue;
      problems.push(...inspect(value).map(({ path, problem }) => ({ path, message: `${path} ${problem}` })));
    }
  }
  return problems;
}

/** Plain input to a checked command. Unknown properties are refused, and all problems come in one answer. */
export async function validated<C extends object>(type: CommandClass<C>, input: object): Promise<C | Refusal> {
  const command = plainToInstance(type, input, { exposeDefaultValues: true });
  const errors = await validate(command, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  if (errors.length === 0) return command;
  const problems = [...problemsOf(errors), ...problemsInside(command)];
  return refuse(
    'InvalidInput',
    `${problems.length === 1 ? 'A field is' : `${problems.length} fields are`} not as they must be: ${problems
      .slice(0, 5)
      .map((problem) => problem.message)
      .join('; ')}`,
    'Correct the fields named in `problems` and send the command again.',
    { problems },
  );
}
