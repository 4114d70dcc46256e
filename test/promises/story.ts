import { Money, isRefusal, known, type Currency, type Refusal } from '@billtrail/kernel';
import {
  backDatingOf,
  billingCommands as billing,
  contractCommands as contracts,
  contractsOf,
  draftsToMake,
  planContracts,
  whatIfStated,
  whatIfVersion,
  type ContractPlan,
  type WhatIfAnswer,
} from '@billtrail/application';
import type { ContractCommand } from '@billtrail/contracts';
import { readContracts } from '@billtrail/input';
import { rateExplained, type BillableItem } from '@billtrail/billing';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
import { MAX_PAGE } from '@billtrail/read-models';
import { Random } from '../crash/random.js';
import { ACCOUNTANT, ADMIN, House } from '../laws/kit/house.js';
import { inPercent } from './chance.js';
import { Checked, brokenPrices } from './checked.js';
import type { Bends, PromiseFigures } from './figures.js';
import { broken, draftOf, isCharge, outcomeOf, promisedOutcome, totalOf, type Outcome } from './outcome.js';
import { HOUSE_CARDS } from './house-cards.js';
import { randomChange, type Change } from './random-change.js';
import { MONTHS, randomFile, type FileOfContracts } from './random-contract.js';
import { registerClient } from './random-places.js';
import { doRandomWork } from './random-work.js';
import { CLIENT, ZONE, draftedNow, heldIn, seenOf, type SeenMonths } from './readings.js';
import { StoryBilling } from './story-billing.js';

const BEGINS = '2026-04-20T09:00:00+10:00';

/** A random contract: what is promised of it and of each change, and what happens. The same seed, the same story. */
export class PromiseStory {
  private readonly random: Random;
  private readonly billing: StoryBilling;
  /** Contracts with a version that the file does not have: activating the file states its own again. */
  private readonly apart = new Set<string>();
  private file: FileOfContracts;

  private constructor(
    seed: number,
    private readonly house: House,
    private readonly figures: PromiseFigures,
    private readonly bends: Bends,
  ) {
    this.random = new Random(seed);
    this.billing = new StoryBilling(this.random, house);
    this.file = this.soundFile();
  }

  static async tell(seed: number, figures: PromiseFigures, bends: Bends = (answer) => answer): Promise<void> {
    const house = await House.open(BEGINS);
    const before = figures.broken.length;
    try {
      await new PromiseStory(seed, house, figures, bends).told();
    } finally {
      await house.close();
    }
    for (let index = before; index < figures.broken.length; index += 1)
      figures.broken[index] = `contract ${seed}: ${figures.broken[index]}`;
    figures.contracts += 1;
  }

  private soundFile(): FileOfContracts {
    for (;;) {
      const file = randomFile(this.random, CLIENT);
      if (Checked.of(file, ZONE) !== null) return file;
    }
  }

  private async told(): Promise<void> {
    const { random, house } = this;
    await house.must(
      billing.PublishConfiguration,
      {
        configuration: {
          ...NAMED_CONFIGURATION,
          rateCards: HOUSE_CARDS,
          assumedPricePerHour: { amount: '150.00', currency: 'AUD' },
        },
      },
      { actor: ADMIN },
    );
    const [{ currency }] = this.file.clients;
    await registerClient(random, house, currency);
    if (inPercent(random, 25)) await this.work('E', 2);
    await this.changesTo({ by: 'file', says: 'first', file: this.file });
    await this.work('T', random.whole(2, 4));
    await this.comparesPrices();
    for (let number = 1; number <= 2; number += 1) {
      await this.billing.bills(this.file);
      await this.changesTo(this.soundChange(number));
      await this.drafts();
    }
  }

  private work(prefix: string, tickets: number): Promise<void> {
    const [{ clientId, currency }] = this.file.clients;
    return doRandomWork(this.random, this.house, { clientId, currency, prefix, tickets });
  }

  /** What `contract check` says of the file, and how the work of all months is rated by it. */
  private async comparesPrices(): Promise<void> {
    const checked = Checked.of(this.file, ZONE);
    if (checked === null) return;
    await this.house.settle();
    for (const period of MONTHS) {
      const { billableItems } = this.house.billtrail.models;
      const facts = await billableItems.periodFacts(CLIENT, period);
      this.figures.broken.push(...brokenPrices(checked, rateExplained(facts).items, facts, this.figures));
    }
  }

  /** A change whose file has no problem; what is refused for other reasons is for the question and the command to say alike. */
  private soundChange(number: number): Change {
    for (;;) {
      const change = randomChange(this.random, this.file, number);
      if (change.by === 'version' || Checked.of(change.file, ZONE) !== null) return change;
    }
  }

  /** Asks what a change would do, carries it out, and compares. */
  private async changesTo(change: Change): Promise<void> {
    const name = change.by === 'version' ? 'version' : change.says;
    this.figures.changes.set(name, (this.figures.changes.get(name) ?? 0) + 1);
    const present = await seenOf(this.house, this.currency);
    // Between a question and its change a minute passes, and with it a month may come.
    const comeBefore = await this.latestMonth();
    const promises = new Map<string, WhatIfAnswer>();
    const refusals = new Set<string>();
    const thaw = this.random.pick(MONTHS);
    for (const period of [this.random.pick(MONTHS), this.random.pick(MONTHS)]) {
      const answer = await this.supposes(change, period, false);
      if (isRefusal(answer)) refusals.add(answer.code);
      else if (answer !== null) promises.set(period, this.bends(answer));
    }
    const thawed = inPercent(this.random, 50) ? await this.supposes(change, thaw, true) : null;
    // A plan is of a file: a version that it has already is not published again, as it is where it is sent by itself.
    const asksPlan =
      change.by === 'file' && (inPercent(this.random, 70) || (promises.size === 0 && refusals.size === 0));
    const plans = asksPlan ? await planContracts(this.house.billtrail, commandsOf(change)) : null;
    if (isRefusal(plans)) refusals.add(plans.code);
    const refusal = await this.carriesOut(change);
    if (refusal !== null || refusals.size > 0) {
      this.figures.refused += 1;
      if (refusals.size !== 1 || !refusals.has(refusal ?? ''))
        this.breaks(
          `${name}: ${refusal ?? 'accepted'}, and the questions before it: ${[...refusals].join(', ') || 'answered'}`,
        );
      return;
    }
    const happened = await seenOf(this.house, this.currency);
    if (plans !== null && !isRefusal(plans)) this.comparesFrozen(name, present, happened, plans);
    for (const period of MONTHS) {
      const before = outcomeIn(present, period);
      const after = outcomeIn(happened, period);
      const promise = promises.get(period);
      if (promise !== undefined) this.compares(`${name}, what-if of ${period}`, before, after, promise);
      if (plans !== null && !isRefusal(plans)) {
        if (period <= comeBefore) this.comparesPlan(`${name}, plan of ${period}`, period, before, after, plans);
      }
    }
    if (thawed !== null && !isRefusal(thawed)) await this.comparesBackDating(name, thawed);
    await this.comparesStored(happened, await this.latestMonth());
  }

  private async latestMonth(): Promise<string> {
    return this.house.billtrail.models.charges.horizonNow().month ?? '';
  }

  /** null: the file changes several contracts, and the question is about one. */
  private async supposes(change: Change, period: string, thaw: boolean): Promise<WhatIfAnswer | Refusal | null> {
    const asked = { clientId: CLIENT, period, thaw };
    const { billtrail } = this.house;
    if (change.by === 'version') {
      const { contractId, effectiveFrom, effectiveTo, terms } = change;
      return whatIfVersion(billtrail, { ...asked, version: { contractId, effectiveFrom, effectiveTo, terms } });
    }
    const [only, ...others] = contractsOf(commandsOf(change)).filter(
      ({ contractId }) => this.apart.has(contractId) || this.isChanged(change, contractId),
    );
    return only === undefined || others.length > 0 ? null : whatIfStated(billtrail, { ...asked, ...only });
  }

  private isChanged({ file }: Extract<Change, { by: 'file' }>, contractId: string): boolean {
    const of = ({ clients: [{ contracts: all }] }: FileOfContracts) => all.find((one) => one.contractId === contractId);
    return file === this.file ? !this.billing.hasBegun : of(file) !== of(this.file);
  }

  /** Answers the code of the refusal; null: it was accepted. */
  private async carriesOut(change: Change): Promise<string | null> {
    const { house } = this;
    if (change.by === 'version') {
      const { by: _by, ...version } = change;
      const answer = await house.sendAgreed(contracts.PublishContractVersion, version, { actor: ACCOUNTANT });
      if (isRefusal(answer)) return answer.code;
      this.apart.add(version.contractId);
      return null;
    }
    for (const contract of contractsOf(commandsOf(change))) {
      const answer = await house.sendAgreed(contracts.StateContract, contract, { actor: ACCOUNTANT });
      if (isRefusal(answer)) return answer.code;
    }
    this.file = change.file;
    this.apart.clear();
    return null;
  }

  private compares(what: string, before: Outcome, after: Outcome, promise: WhatIfAnswer): void {
    this.breaks(...broken(what, promisedOutcome(before, promise), after));
    this.figures.periods += 1;
    if (promise.differences.length > 0) this.figures.changed += 1;
    const { currency } = this;
    const [promised, happened] = [Money.from(promise.totals.after), totalOf(after, currency)];
    if (!promised.equals(happened))
      this.breaks(`${what}: promised ${promised.toString()} in all; ${happened.toString()}`);
    const net = happened.minus(totalOf(before, currency));
    if (!net.equals(Money.from(promise.net)))
      this.breaks(`${what}: promised a change of ${promise.net.amount}; ${net.toString()}`);
  }

  private comparesPlan(
    what: string,
    period: string,
    before: Outcome,
    after: Outcome,
    plans: readonly ContractPlan[],
  ): void {
    const promised = this.inPlans(plans, period, 'net');
    const happened = totalOf(after, this.currency).minus(totalOf(before, this.currency));
    this.figures.planned += 1;
    if (!promised.equals(happened))
      this.breaks(`${what}: promised a change of ${promised.toString()}; ${happened.toString()}`);
  }

  /** What a plan says of lines that stay as they are is what gaps say of them. */
  private comparesFrozen(name: string, before: SeenMonths, after: SeenMonths, plans: readonly ContractPlan[]): void {
    for (const period of MONTHS) {
      const promised = this.inPlans(plans, period, 'frozen');
      const mismatchOf = (seen: SeenMonths) => known(seen, period, 'a month').mismatch;
      const happened = mismatchOf(after).minus(mismatchOf(before));
      if (!happened.isZero()) this.figures.frozen += 1;
      if (!promised.equals(happened))
        this.breaks(`${name}, lines of ${period}: promised ${promised.toString()}; ${happened.toString()}`);
    }
  }

  private inPlans(plans: readonly ContractPlan[], period: string, which: 'net' | 'frozen'): Money {
    const months = plans.flatMap(({ money }) => money.filter((one) => one.period === period));
    return Money.sum(
      months.map((one) => Money.from(one[which])),
      this.currency,
    );
  }

  /** What the what-if said of documents before the change is what the back-dating says after it. */
  private async comparesBackDating(name: string, { contractId, period, totals }: WhatIfAnswer): Promise<void> {
    const answer = await backDatingOf(this.house.billtrail, { contractId, versionNumber: 1 });
    if (isRefusal(answer)) return this.breaks(`${name}: back-dating is refused with ${answer.code}`);
    const shown = answer.periods.find((one) => one.period === period);
    if (shown === undefined) return;
    this.figures.backDated += 1;
    const [promised, happened] = [Money.from(totals.after), Money.from(shown.totals.after)];
    if (!promised.equals(happened))
      this.breaks(`${name}, back-dating of ${period}: promised ${promised.toString()} in all; ${happened.toString()}`);
  }

  /** What lists and gaps are made of is what a draft takes. */
  private async comparesStored(happened: SeenMonths, present: string): Promise<void> {
    const { billableItems, charges } = this.house.billtrail.models;
    for (const [period, { outcome }] of happened) {
      if (period > present) continue;
      const items = await billableItems.ofPeriod(CLIENT, period);
      const stored = [...items.map(lineOf), ...(await charges.ofPeriod(CLIENT, period)).map(lineOf)].sort();
      const now = [...outcome.values()].map(lineOf).sort();
      if (stored.join('\n') !== now.join('\n'))
        this.breaks(
          `list of ${period}: ${stored.filter((one) => !now.includes(one)).join('; ')} for ${now.filter((one) => !stored.includes(one)).join('; ')}`,
        );
    }
  }

  /** The drafts that come later have the lines that the rating of the change has, and those alone. */
  private async drafts(): Promise<void> {
    const { house, random } = this;
    if (inPercent(random, 40)) house.passDays(random.whole(1, 20));
    for (const period of MONTHS.slice(0, 4)) {
      const outcome = await outcomeOf(house, CLIENT, period);
      const held = await heldIn(house, period);
      const promised = draftOf(outcome, await draftedNow(house), (itemId) => held.has(itemId));
      const groups = await draftsToMake(house.billtrail, CLIENT, period);
      const lines: string[] = [];
      for (const group of groups) {
        const invoice = { invoiceId: this.billing.next(), clientId: CLIENT, period };
        const answer = await house.send(billing.DraftInvoice, { ...invoice, ...group }, { actor: ACCOUNTANT });
        const expected = promised.size === 0 ? 'NothingToBill' : 'accepted';
        const came = isRefusal(answer) ? answer.code : 'accepted';
        if (came !== expected)
          this.breaks(
            `draft of ${period}: ${came}, promised ${[...promised].map((one) => one.join(' ')).join('; ') || expected}`,
          );
        if (isRefusal(answer)) continue;
        await house.settle();
        lines.push(...(await linesOf(house, invoice.invoiceId)));
        this.figures.drafts += 1;
        if (inPercent(random, 60))
          await house.must(
            billing.DiscardInvoiceDraft,
            { ...invoice, reason: 'only looked at' },
            { actor: ACCOUNTANT },
          );
      }
      if (lines.length === 0) continue;
      const isTogether = groups.every((group) => group.siteId === undefined);
      // Prepaid work of a site stays off where nothing of the site has a price.
      const isCompared = (line: string): boolean => isTogether || !/ 0(?:\.0+)?$/.test(line);
      const found = lines.filter(isCompared).sort();
      const wanted = [...promised]
        .map((one) => one.join(' '))
        .filter(isCompared)
        .sort();
      this.figures.lines += lines.length;
      if (found.join('\n') !== wanted.join('\n'))
        this.breaks(`draft of ${period}: ${found.join('; ')} for ${wanted.join('; ')}`);
    }
  }

  private get currency(): Currency {
    return this.file.clients[0].currency;
  }

  private breaks(...texts: readonly string[]): void {
    this.figures.broken.push(...texts);
  }
}

function outcomeIn(seen: SeenMonths, period: string): Outcome {
  return known(seen, period, 'a month').outcome;
}

function lineOf(one: Parameters<typeof isCharge>[0] | BillableItem): string {
  const id = 'chargeItemId' in one ? one.chargeItemId : `${one.itemId} ${one.ticketId}`;
  return `${id} ${one.disposition} ${one.quantity} ${one.net?.amount ?? 'without a price'}`;
}

function commandsOf(change: Change): readonly ContractCommand[] {
  if (change.by === 'file') return readContracts(change.file).commands;
  const { by: _by, ...version } = change;
  return [{ type: 'PublishContractVersion', ...version }];
}

/** The lines of a draft with their nets. */
async function linesOf({ billtrail: { models } }: House, invoiceId: string): Promise<readonly string[]> {
  const { items } = await models.invoices.lines(invoiceId, { limit: MAX_PAGE });
  const charges = await models.invoices.charges(invoiceId, { limit: MAX_PAGE });
  return [
    ...items.map(({ itemId, net }) => `${itemId} ${net.amount}`),
    ...charges.items.map(({ chargeItemId, net }) => `${chargeItemId} ${net.amount}`),
  ];
}
