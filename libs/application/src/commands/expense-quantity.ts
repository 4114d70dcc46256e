import { type LocalDate, type Refusal, refuse } from '@billtrail/kernel';
import type { CommandPorts } from '../command-path/command-definition.js';
import { clientOfTicket } from './references.js';
import { termsInForce } from './rate-class.js';

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
  const cards = (await termsInForce(ports, clientId, workDate)).map(({ rateCard }) => rateCard);
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
