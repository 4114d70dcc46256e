import { type LocalDate, type Refusal, refuse } from '@billtrail/kernel';
import { versionOn } from '@billtrail/billing';
import { type RateCard, versionInForce } from '@billtrail/contracts';
import type { CommandPorts } from '../command-path/command-definition.js';
import { configurationOf } from '../configuration.js';
import { clientOfTicket } from './references.js';

interface AskedExpense {
  readonly ticketId: string;
  readonly expenseType: string;
  readonly workDate: LocalDate;
}

/**
 * Refused where the card of a contract in force prices expenses of this type by the unit, whatever they cost: without a quantity nobody can tell how many
 * kilometres or days there were. null: none does, so a receipt is one.
 */
export async function quantityMissing(
  { ticketId, expenseType, workDate }: AskedExpense,
  ports: CommandPorts,
): Promise<Refusal | null> {
  const clientId = (await clientOfTicket(ports.store, ticketId)) ?? null;
  if (clientId === null) return null;
  const cards = await cardsInForce(ports, clientId, workDate);
  for (const { id, name, currency, expenses } of cards) {
    const price = expenses.types?.find(({ type }) => type === expenseType)?.pricePerUnit;
    if (price === undefined) continue;
    return refuse(
      'QuantityMissing',
      `Expenses of type ${expenseType} cost ${price} ${currency} each by rate card ${name} (${id}), and nobody said how many there were.`,
      'Send the quantity, such as "120", and its unit; of one send "1".',
      { ticketId, expenseType, pricePerUnit: price },
    );
  }
  return null;
}

/** The cards of a client's contracts, as they hold on a day. */
async function cardsInForce(ports: CommandPorts, clientId: string, day: LocalDate): Promise<readonly RateCard[]> {
  await ports.upToDateToMend();
  const configuration = await configurationOf(ports.store);
  const contracts = await ports.models.billableItems.contractsOf(clientId);
  return contracts.flatMap((contract) => {
    const version = versionOn(contract, day);
    return version === null ? [] : [versionInForce(version, day, configuration).terms.rateCard];
  });
}
