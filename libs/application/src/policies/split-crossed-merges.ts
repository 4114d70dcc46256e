import type { Position } from '@billtrail/event-store';
import type { CommandPorts } from '../command-path/command-definition.js';
import { takeBackCrossed } from '../commands/merges.js';

/** Takes back merges that would have closed a circle, where a crash came between them and the command's own look. */
export class SplitCrossedMerges {
  constructor(private readonly ports: CommandPorts) {}

  /** Returns the position of the last event, or null: there was nothing to take back. */
  async run(): Promise<Position | null> {
    if ((await this.ports.models.ticketMerges.crossed()).length === 0) return null;
    return takeBackCrossed(this.ports);
  }
}
