import { type LocalDate, type Refusal, isRefusal, refuse } from '@billtrail/kernel';
import { classesToDeclare, isCommonClass, type ClassCalendar } from '@billtrail/contracts';
import { versionOn } from '@billtrail/billing';
import type { CommandPorts } from '../command-path/command-definition.js';
import { configurationOf } from '../configuration.js';
import { clientOf, clientOfTicket, sitesOf } from './references.js';

interface Declared {
  readonly ticketId: string;
  readonly rateClass: string;
  readonly workDate?: LocalDate | null;
}

/**
 * null: the class is one everywhere, or some calendar that may hold for the work names it; or nobody can tell yet, for the ticket has no client or the
 * client has no contract on that day. Which contract takes the work is known when it is rated: where that one doesn't know the class, it is a gap.
 */
export async function rateClassProblem(
  { ticketId, rateClass, workDate = null }: Declared,
  ports: CommandPorts,
): Promise<Refusal | null> {
  if (isCommonClass(rateClass)) return null;
  const { store, models } = ports;
  const clientId = (await clientOfTicket(store, ticketId)) ?? null;
  if (clientId === null) return null;
  const client = await clientOf(store, clientId);
  const sites = await sitesOf(store, clientId);
  if (isRefusal(client) || isRefusal(sites)) return null;
  await ports.upToDate();
  const contracts = await models.billableItems.contractsOf(clientId);
  const terms = contracts.flatMap((contract) => {
    if (workDate === null) return contract.versions.map((version) => version.terms);
    const inForce = versionOn(contract, workDate);
    return inForce === null ? [] : [inForce.terms];
  });
  if (terms.length === 0) return null;
  const { organisation } = await configurationOf(store);
  const calendars: readonly (ClassCalendar | null | undefined)[] = [
    ...terms.map(({ rateCalendar }) => rateCalendar),
    ...sites.flatMap(({ details }) => details.map(({ calendar }) => calendar)),
    client.calendar,
    organisation.calendar,
  ];
  const known = [...new Set(calendars.flatMap((calendar) => classesToDeclare(calendar)))];
  if (known.includes(rateClass)) return null;
  return refuse(
    'RateClassUnknown',
    `${rateClass} is no rate class of client ${clientId}: no calendar of its contracts${workDate === null ? '' : ` on ${workDate}`}, its sites, the client or the organisation names it.`,
    `Declare one of ${known.join(', ')}, or leave it out: then the class is that of the day.`,
    { ticketId, rateClass, known },
  );
}
