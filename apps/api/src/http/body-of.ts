import { OmitType } from '@nestjs/swagger';
import type { CommandClass } from '@billtrail/application';

/** The body of a request as documented: the command without its name and what the path says. It is checked as a whole command. */
export function bodyOf<C extends object>(
  command: CommandClass<C>,
  ...fromPath: readonly (keyof C & string)[]
): new () => object {
  const body = OmitType(command as new () => C & { type: string }, ['type', ...fromPath] as never);
  Object.defineProperty(body, 'name', { value: command.name });
  return body;
}
