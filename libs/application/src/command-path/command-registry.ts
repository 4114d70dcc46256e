import { InvariantViolation } from '@billtrail/kernel';
import type { CommandClass, CommandDefinition } from './command-definition.js';

/** The definition of each command, by its class. */
export class CommandRegistry {
  private readonly byClass = new Map<unknown, CommandDefinition>();

  constructor(definitions: readonly CommandDefinition[]) {
    for (const definition of definitions) {
      if (this.byClass.has(definition.command))
        throw new InvariantViolation(`${definition.command.name} is defined twice`);
      this.byClass.set(definition.command, definition);
    }
  }

  definitionOf(command: object): CommandDefinition {
    const definition = this.byClass.get(command.constructor);
    if (!definition) throw new InvariantViolation(`${command.constructor.name} has no command definition`);
    return definition;
  }

  classes(): readonly CommandClass[] {
    return [...this.byClass.values()].map((definition) => definition.command);
  }

  all(): readonly CommandDefinition[] {
    return [...this.byClass.values()];
  }
}
