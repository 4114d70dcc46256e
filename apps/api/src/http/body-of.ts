import { OmitType } from '@nestjs/swagger';
import type { CommandClass } from '@billtrail/application';

/** The documented body of a request: the command without its name and the fields in the path. It is validated as the whole command. */
export function bodyOf<C extends object>(
  command: CommandClass<C>,
  ...fromPath: readonly (keyof C & string)[]
): new () => object {
  const body = OmitType(command as new () => C & { type: string }, ['type', ...fromPath] as never);
  Object.defineProperty(body, 'name', { value: command.name });
  return body;
}
