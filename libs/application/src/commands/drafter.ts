import type { ApproveInvoice as ApproveInvoiceDecision, InvoiceDrafted } from '@billtrail/billing';
import type { RecordedEvent, StreamSlice } from '@billtrail/event-store';
import type { CommandPorts } from '../command-path/command-definition.js';
import type { CommandContext } from '../command-path/command-envelope.js';
import { configurationOf } from '../configuration.js';
import type { ApproveInvoice } from './billing.commands.js';
import { DECIDE_ALL, refuseSame } from '../deciding/two-persons.js';

/** Where another person approves what somebody drafted, it is one as for what forgoes money. The decision refuses by it: who approves again what is approved is quiet. */
export async function withDrafter(
  command: ApproveInvoice,
  { actor, at }: CommandContext,
  ports: CommandPorts,
  loaded: StreamSlice,
): Promise<ApproveInvoiceDecision> {
  const configuration = await configurationOf(ports.store);
  const drafted = loaded.events.find(
    (event): event is RecordedEvent<InvoiceDrafted> =>
      event.type === 'InvoiceDrafted' && (event as RecordedEvent<InvoiceDrafted>).data.invoiceId === command.invoiceId,
  );
  const { draftedBy = null } = drafted?.data ?? {};
  const isAsked = configuration.draftApproval === 'another-person' && draftedBy !== null;
  const agreed = isAsked ? { madeBy: draftedBy, approvers: DECIDE_ALL } : null;
  return { ...command, configuration, related: agreed && (await refuseSame(ports, agreed, actor, at)) };
}
