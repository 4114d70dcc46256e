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

/** Plain input to a checked command. Unknown properties are refused, and all problems come in one answer. */
export async function validated<C extends object>(type: CommandClass<C>, input: object): Promise<C | Refusal> {
  const command = plainToInstance(type, input, { exposeDefaultValues: true });
  const errors = await validate(command, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  if (errors.length === 0) return command;
  const problems = problemsOf(errors);
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
