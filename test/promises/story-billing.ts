import { isRefusal } from '@billtrail/kernel';
import { billingCommands as billing, contractCommands as contracts, draftsToMake } from '@billtrail/application';
import { MAX_PAGE } from '@billtrail/read-models';
import type { Random } from '../crash/random.js';
import { ACCOUNTANT, type House } from '../laws/kit/house.js';
import { inPercent } from './chance.js';
import { outcomeOf } from './outcome.js';
import { MONTHS, type FileOfContracts } from './random-contract.js';
import { CLIENT } from './readings.js';

/** What is invoiced, credited, forgone and given back between one change and the next. */
export class StoryBilling {
  private invoices = 0;

  constructor(
    private readonly random: Random,
    private readonly house: House,
  ) {}

  /** False while nothing was invoiced or drafted. */
  get hasBegun(): boolean {
    return this.invoices > 0;
  }

  /** The id of the next invoice. */
  next(): string {
    this.invoices += 1;
    return `I${this.invoices}`;
  }

  /** Some months are invoiced, one is only drafted, some work is forgone, some of an invoice goes back. */
  async bills(file: FileOfContracts): Promise<void> {
    const { random, house } = this;
    for (const period of MONTHS.slice(0, 4)) {
      const how = random.whole(1, 10);
      if (how > 6) continue;
      await house.billtrail.upToDate();
      for (const group of await draftsToMake(house.billtrail, CLIENT, period)) {
        const invoice = { invoiceId: this.next(), clientId: CLIENT, period };
        const drafted = await house.send(billing.DraftInvoice, { ...invoice, ...group }, { actor: ACCOUNTANT });
        if (isRefusal(drafted) || how === 6) continue;
        await house.send(billing.ApproveInvoice, invoice, { actor: ACCOUNTANT });
        const issued = await house.send(billing.IssueInvoice, invoice, { actor: ACCOUNTANT });
        if (!isRefusal(issued) && how === 1) await this.credits(invoice);
      }
    }
    if (inPercent(random, 20)) await this.forgoes();
    if (inPercent(random, 30)) await this.givesBack(file);
  }

  /** Some of a block goes back, be it drawn on or not: by the block's own price. */
  private async givesBack({ clients: [{ contracts: all }] }: FileOfContracts): Promise<void> {
    const blocks = all.flatMap(({ contractId, blocks: own = [] }) => own.map((block) => ({ contractId, block })));
    if (blocks.length === 0) return;
    const { contractId, block } = this.random.pick(blocks);
    const { amount: held } = block;
    const half =
      held.unit === 'minutes'
        ? { unit: 'minutes', minutes: Math.ceil(held.minutes / 2) }
        : { unit: 'money', money: { ...held.money, amount: '25' } };
    const given = {
      contractId,
      blockId: block.blockId,
      returnId: `R${this.house.sent}`,
      amount: half,
      reason: 'needs fewer',
    };
    await this.house.send(contracts.ReturnPrepaidBlock, given, { actor: ACCOUNTANT });
  }

  private async credits(invoice: { invoiceId: string; clientId: string; period: string }): Promise<void> {
    const { items } = await this.house.billtrail.models.invoices.lines(invoice.invoiceId, { limit: MAX_PAGE });
    const [first] = items;
    if (first === undefined) return;
    const outcome = this.random.pick(['bill-again', 'written-off']);
    const why = { reasonCode: 'wrong-item', comment: 'agreed on the phone' };
    const note = { creditNoteId: `CN${this.invoices}`, ...invoice, items: [{ itemId: first.itemId, outcome }], ...why };
    await this.house.sendAgreed(billing.IssueCreditNote, note, { actor: ACCOUNTANT });
  }

  private async forgoes(): Promise<void> {
    const period = this.random.pick(MONTHS.slice(0, 4));
    const outcome = await outcomeOf(this.house, CLIENT, period);
    const open = [...outcome].find(([, one]) => one.disposition === 'billable' && 'itemId' in one);
    if (open === undefined) return;
    const why = { reasonCode: 'goodwill', comment: 'agreed on the phone' };
    const asked = { itemId: open[0], clientId: CLIENT, period, ...why };
    await this.house.sendAgreed(billing.WriteOffWork, asked, { actor: ACCOUNTANT });
  }
}
