import { withinBounds } from '@billtrail/event-store';
import type { CommandPorts } from '../command-path/command-definition.js';

/** What a question can reach, of the log what has come within two seconds. */
export function boundedPorts(ports: CommandPorts): CommandPorts {
  const { models, clock, gate } = ports;
  return {
    store: withinBounds(ports.store),
    models,
    clock,
    gate,
    upToDate: (to) => ports.upToDate(to),
    upToDateToMend: () => ports.upToDateToMend(),
    inTurn: (stream, work) => ports.inTurn(stream, work),
  };
}
