import { Command, Option } from 'commander';
import { isRefusal, localTimeIn, type TimeZone } from '@billtrail/kernel';
import { clientAskedFor, slaStatuses, zonesOf } from '@billtrail/application';
import { MAX_PAGE, SLA_STATES, type SlaState, type SlaStatus } from '@billtrail/read-models';
import { refused, Session, type GlobalOptions } from '../session.js';
import { counted, duration, table } from '../terminal/output.js';
import { clientOption, idArgument } from './options.js';

interface Options extends GlobalOptions {
  readonly client?: string;
  readonly ticket?: string;
  readonly state?: SlaState;
}

export function slaCommand(): Command {
  return new Command('sla')
    .description('show the SLA targets of tickets: due, elapsed, warned, breached, met')
    .addOption(clientOption())
    .addOption(new Option('--ticket <id>', 'only this ticket').argParser(idArgument))
    .addOption(new Option('--state <state>', 'only targets in this state').choices(SLA_STATES))
    .action(async (_options, self: Command) => {
      const options = self.optsWithGlobals<Options>();
      await Session.run(options, async (session) => {
        await session.catchUp();
        const filter = { clientId: options.client, ticketId: options.ticket, state: options.state };
        const { targets, zones } = await session.ask(async (ports) => {
          const client = options.client === undefined ? null : await clientAskedFor(ports, options.client);
          if (isRefusal(client)) throw refused(client);
          const found: SlaStatus[] = [];
          for (let cursor: string | null | undefined; cursor !== null;) {
            const page = await slaStatuses(ports, filter, { limit: MAX_PAGE, cursor: cursor ?? undefined });
            found.push(...page.items);
            cursor = page.nextCursor;
          }
          return {
            targets: found,
            zones: await zonesOf(
              ports,
              found.map(({ clientId }) => clientId),
            ),
          };
        });
        session.out.answer({ targets }, () => slaText(targets, zones));
      });
    });
}

/** Due at the time of each client. */
function slaText(targets: readonly SlaStatus[], zones: ReadonlyMap<string, TimeZone>): string {
  if (targets.length === 0) return 'No targets: none of these tickets has a contract with service levels.';
  const rows = targets.map((one) => [
    one.run === 1 ? one.ticketId : `${one.ticketId} (run ${one.run})`,
    one.clientId,
    one.priority,
    one.target,
    one.state,
    one.targetMinutes === null ? null : minutesOf(one.targetMinutes, one.clock),
    one.elapsedMinutes === null ? null : minutesOf(one.elapsedMinutes, one.clock),
    one.dueAt === null ? null : localTimeIn(zones.get(one.clientId) ?? 'UTC', one.dueAt),
    one.why,
  ]);
  const head = ['Ticket', 'Client', 'Priority', 'Target', 'State', 'Allowed', 'Elapsed', 'Due', 'Why none'];
  const by = SLA_STATES.map((state) => [state, targets.filter((one) => one.state === state).length] as const);
  const sums = by.flatMap(([state, number]) => (number === 0 ? [] : [`${number} ${state}`])).join(', ');
  return [table(head, rows, ['Allowed', 'Elapsed']), '', `${counted(targets.length, 'target')}: ${sums}`].join('\n');
}

/** Business hours are marked, because they are not hours of the day. */
function minutesOf(minutes: number, clock: SlaStatus['clock']): string {
  return clock === 'business' ? `${duration(minutes)} business` : duration(minutes);
}
