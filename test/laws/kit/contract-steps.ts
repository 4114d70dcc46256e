import { addDays } from '@billtrail/kernel';
import { contractCommands as contracts } from '@billtrail/application';
import { chosen, type History } from './history.js';
import { ACCOUNTANT, OPERATOR } from './house.js';
import { CARE } from './managed.js';
import { CONTRACTS, PARTIES, payerOf, type KnownContract } from './parties.js';
import type { Step } from './steps.js';
import { PROJECT_TERMS, TERMS, inCurrency } from './time-and-materials.js';

/** Far from those of the clients, so that work near a month's end moves over it. */
const ZONES = ['Pacific/Auckland', 'America/Los_Angeles', 'Europe/London'];

/** A new version, mostly back-dated, some to come, with or without an end; now and then in another zone, where it is one of time and materials. */
export async function publishVersion(history: History, { pick: [which, terms, from, to] }: Step): Promise<void> {
  const contract = chosen(CONTRACTS, which);
  const variant = chosen(contract?.variants ?? [], terms);
  if (!contract || !variant) return;
  const effectiveFrom =
    from % 7 === 6 ? addDays(history.house.now.slice(0, 10), 1 + (from % 9)) : history.dayBack(from);
  const zone =
    to % 3 === 1 && contract.variants === TERMS ? { timeZone: chosen(ZONES, from) ?? 'Pacific/Auckland' } : {};
  const billTo = from % 3 === 2 ? payerOf(contract, to) : null;
  const payer = billTo === null ? {} : { billTo };
  const input = {
    contractId: contract.contractId,
    effectiveFrom,
    effectiveTo: to % 4 === 0 ? history.dayBack(from % 10) : null,
    terms: { ...inCurrency(variant, contract.currency), ...zone, ...payer },
  };
  await history.send(contracts.PublishContractVersion, input, ACCOUNTANT, { agreed: true });
}

/** A contract ends, sometimes released from its commitments, and sometimes the end is stated anew at once: later than it was said before. */
export async function terminate(history: History, { pick: [which, day, anew] }: Step): Promise<void> {
  const contract = chosen(CONTRACTS, which % 2 === 0 ? 0 : which);
  if (!contract) return;
  const end = (lastDay: string): Promise<boolean> =>
    history.send(
      contracts.TerminateContract,
      { contractId: contract.contractId, lastDay, reason: 'gave notice', releasesCommitments: day % 3 === 0 },
      ACCOUNTANT,
      { agreed: true },
    );
  const isStatedAnew = anew % 2 === 1;
  await end(history.dayBack(isStatedAnew ? 4 * day : day));
  if (!isStatedAnew) return;
  await history.house.billtrail.upToDate();
  await end(history.dayBack(anew % 10));
}

export async function activate(history: History, { pick: [which, terms, from, priority] }: Step): Promise<void> {
  const party = chosen(PARTIES, which);
  if (!party) return;
  const contractId = history.nextId('C-');
  const version = {
    effectiveFrom: history.dayBack(from),
    terms: inCurrency(chosen(TERMS, terms) ?? PROJECT_TERMS, party.currency),
  };
  const input = {
    contractId,
    clientId: party.clientId,
    name: contractId,
    priority: 10 * (1 + (priority % 4)),
    allowOverlap: true,
    ...version,
  };
  await history.send(contracts.ActivateContract, input, ACCOUNTANT, { agreed: true });
}

export async function changeClient(history: History, { pick: [which, what] }: Step): Promise<void> {
  const party = chosen(PARTIES, which);
  if (!party) return;
  const { clientId, currency, timeZone, taxExemption, invoices } = party;
  const moves = what % 2 === 1;
  const input = {
    clientId,
    name: `${clientId} (renamed)`,
    currency,
    timeZone: moves ? (chosen(ZONES, which) ?? timeZone) : timeZone,
    taxExemption: what % 3 === 0 ? 'exempt body' : taxExemption,
    ...(invoices === undefined ? {} : { invoices }),
    billTo: what % 2 === 0 ? payerOf(party, which + what) : null,
  };
  await history.send(contracts.ChangeClientDetails, input, ACCOUNTANT);
}

/** A contract with hours and fees, else any. */
function managed(which: number): KnownContract | undefined {
  return which % 4 === 0 ? chosen(CONTRACTS, which) : CONTRACTS.find(({ contractId }) => contractId === 'redgum-care');
}

/** Keeps a version in force for longer: one that has an end, where there is one. Or somebody gives notice. */
export async function renew(history: History, step: Step): Promise<void> {
  const [which, day, notice] = step.pick;
  if (notice % 2 === 1) return giveNotice(history, step);
  const { billtrail } = history.house;
  await billtrail.upToDate();
  const clients = await Promise.all(
    PARTIES.map(({ clientId }) => billtrail.models.billableItems.contractsOf(clientId)),
  );
  const ending = clients
    .flat()
    .flatMap(({ contractId, versions }) =>
      versions
        .filter(({ effectiveTo }) => effectiveTo !== null)
        .map(({ versionNumber }) => ({ contractId, versionNumber })),
    );
  const version = chosen(ending, which) ?? { contractId: 'redgum-care', versionNumber: 1 };
  const effectiveTo = day % 3 === 0 ? history.dayBack(day % 5) : null;
  await history.send(contracts.RenewContract, { ...version, effectiveTo }, ACCOUNTANT, { agreed: true });
}

/** A contract gets terms by which it renews by itself; somebody gives notice that it shall not, and now and then takes it back. */
async function giveNotice(history: History, { pick: [from, day, notice] }: Step): Promise<void> {
  const contractId = 'redgum-care';
  const renewing = CARE.find(({ renewal }) => renewal !== undefined);
  const version = { effectiveFrom: history.dayBack(from % 40), effectiveTo: history.dayBack(0), terms: renewing };
  await history.send(contracts.PublishContractVersion, { contractId, ...version }, ACCOUNTANT, { agreed: true });
  const given = { contractId, givenOn: history.dayBack(day % 40), reason: 'moves' };
  if (!(await history.send(contracts.RecordNotice, given, ACCOUNTANT, { agreed: true }))) return;
  if (notice % 4 === 1) await history.send(contracts.WithdrawNotice, { contractId, reason: 'stays' }, ACCOUNTANT);
}

/** A contract rests from a day on, or is in force again. */
export async function rest(history: History, { pick: [which, day, again] }: Step): Promise<void> {
  const contract = managed(which);
  if (!contract) return;
  const { contractId } = contract;
  const suspend = { contractId, from: history.dayBack(day), reason: 'on leave' };
  if (again % 5 > 0 && (await history.send(contracts.SuspendContract, suspend, ACCOUNTANT, { agreed: true }))) return;
  await history.send(contracts.ResumeContract, { contractId, resumedOn: history.dayBack(again % 6) }, ACCOUNTANT, {
    agreed: true,
  });
}

/** Hours, or money; with a price or paid for elsewhere; with or without an end. */
export async function purchase(history: History, { pick: [which, amount, day, end] }: Step): Promise<void> {
  const contract = managed(which);
  if (!contract) return;
  const { contractId, currency } = contract;
  const blockId = amount % 11 === 10 ? (history.blocks.at(-1)?.blockId ?? 'B-0') : history.nextId('B-');
  const net = { amount: amount % 2 === 0 ? '450' : '260', currency };
  const input = {
    contractId,
    blockId,
    amount: amount % 4 === 3 ? { unit: 'money', money: net } : { unit: 'minutes', minutes: 60 * (1 + (amount % 5)) },
    purchasedOn: history.dayBack(day),
    expiresOn: end % 3 === 0 ? history.dayBack(end % 4) : null,
    price: end % 7 === 6 ? null : { net, taxCategory: 'GST' },
  };
  const holds = amount % 4 === 3 ? ({ unit: 'money', money: { amount: '40', currency } } as const) : null;
  if (await history.send(contracts.PurchasePrepaidBlock, input, ACCOUNTANT, { agreed: true }))
    history.blocks.push({ contractId, blockId, holds, price: input.price?.net ?? null });
}

/** A block that was sold in error, whatever was drawn on it. */
export async function withdraw(history: History, { pick: [which] }: Step): Promise<void> {
  const block = chosen(history.blocks, which);
  if (!block) return;
  const { contractId, blockId } = block;
  const input = { contractId, blockId, reason: 'sold twice' };
  await history.send(contracts.WithdrawPrepaidBlock, input, ACCOUNTANT);
}

/** Some of a block goes back: as it is held, or by its price; now and then more than there is. */
export async function giveBack(history: History, { pick: [which, much, how] }: Step): Promise<void> {
  const block = chosen(history.blocks, which);
  if (!block) return;
  const { contractId, blockId, price } = block;
  const isHalf = how % 3 === 0 && price !== null;
  const minutes = 15 * (1 + (much % 9));
  const amount = block.holds ?? { unit: 'minutes', minutes };
  const input = {
    contractId,
    blockId,
    returnId: history.nextId('R-'),
    ...(isHalf ? { net: { ...price, amount: String(Number(price.amount) / 2) } } : { amount }),
    reason: 'needs fewer',
  };
  await history.send(contracts.ReturnPrepaidBlock, input, ACCOUNTANT);
}

export async function count(history: History, { pick: [which, much, day] }: Step): Promise<void> {
  const contract = managed(which);
  if (!contract) return;
  const input = { contractId: contract.contractId, countOf: 'server', count: much % 6, from: history.dayBack(day) };
  await history.send(contracts.RecordCount, input, OPERATOR);
}

/** A part of the project is declared reached; now and then that was wrong, and it is said anew. */
export async function milestone(history: History, { pick: [which, day, wrong, anew] }: Step): Promise<void> {
  const milestoneId = which % 3 === 0 ? 'go-live' : 'plan';
  const of = { contractId: 'redgum-care', milestoneId };
  const reached = (back: number): Promise<boolean> =>
    history.send(
      contracts.DeclareMilestoneReached,
      { ...of, reachedOn: history.dayBack(back), acceptedBy: 'R. Moss' },
      ACCOUNTANT,
    );
  await reached(day % 60);
  if (wrong % 3 !== 0) return;
  await history.send(contracts.WithdrawMilestoneDeclaration, { ...of, reason: 'the client found a fault' }, ACCOUNTANT);
  if (anew % 2 === 0) await reached(anew % 20);
}

/** A contract as a file states it: now and then one that is there, with one part more. */
export async function stateContract(history: History, { pick: [which, terms, from, known] }: Step): Promise<void> {
  const party = chosen(PARTIES, which);
  if (!party) return;
  const { clientId, currency } = party;
  const contractId = known % 4 === 0 ? (party.contracts[0]?.contractId ?? 'F-0') : history.nextId('F-');
  const effectiveFrom = history.dayBack(from);
  const activation = {
    type: 'ActivateContract',
    contractId,
    clientId,
    name: contractId,
    priority: 50 + (known % 9),
    effectiveFrom,
    effectiveTo: null,
    terms: inCurrency(chosen(TERMS, terms) ?? PROJECT_TERMS, currency),
    allowOverlap: true,
  };
  const counted = { type: 'RecordCount', contractId, countOf: 'phone', count: 1 + (terms % 9), from: effectiveFrom };
  const parts = contractId.startsWith('F-') && contractId !== 'F-0' ? [activation, counted] : [counted];
  await history.send(contracts.StateContract, { contractId, parts }, ACCOUNTANT, { agreed: true });
}
