import { fold, type Month } from '@billtrail/kernel';
import {
  account,
  needsAsked,
  taxationOfCharge,
  type AccountEvent,
  type AccountState,
  type AskedElsewhere,
  type Charge,
} from '@billtrail/billing';
import type { CommandPorts } from '../command-path/command-definition.js';
import { accountStream } from './account.js';

/** Where charges are of units that left, or service credits: what the client's accounts have invoiced of their contracts' fees, and how that was taxed. */
export async function askedElsewhere(
  { models, store }: Pick<CommandPorts, 'models' | 'store'>,
  clientId: string,
  charges: readonly Charge[],
): Promise<readonly AskedElsewhere[]> {
  const contracts = [...new Set(charges.filter(needsAsked).map(({ contractId }) => contractId))];
  const states = new Map<Month, AccountState>();
  const asked: AskedElsewhere[] = [];
  for (const contractId of contracts) {
    for (const charge of await models.charges.feesInvoiced(clientId, contractId)) {
      const { period, invoiceId, chargeItemId, chargeId, from, to, quantity, net, taxCategory, basis } = charge;
      // Its adjustments are about money, not units.
      if (chargeItemId !== chargeId) continue;
      let state = states.get(period);
      if (state === undefined) {
        const { events } = await store.readStream(accountStream({ clientId, period }));
        states.set(period, (state = fold(account, events as readonly AccountEvent[])));
      }
      const recipientId = invoiceId === null ? null : (state.invoices.get(invoiceId)?.recipientId ?? null);
      const taxation = invoiceId === null ? null : taxationOfCharge(invoiceId, chargeItemId, state);
      asked.push({
        period,
        contractId,
        termId: basis.termId,
        invoiceId,
        recipientId,
        from,
        to,
        quantity,
        net,
        taxCategory,
        taxation,
      });
    }
  }
  return asked;
}
