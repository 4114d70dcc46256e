import { type Of, shape } from '@billtrail/kernel';
import { MAX_CONTRACT_PARTS, MAX_CONTRACT_VERSIONS, MAX_COUNT, MAX_FILE_MEMBERS, MAX_PRIORITY } from './limits.js';
import { contractTerms } from './terms/contract-terms.js';
import { blockPrice, burn, prepaidAmount, returnedAmount } from './terms/prepaid.js';

const { about, anyOf, date, id, lastDay, list, nullable, object, optional, text, truth, variants, whole } = shape;

const reason = text(shape.MAX_REASON);
const allowOverlap = about(
  'True if this contract may overlap with another of the client at the same priority: tickets then name their contract, otherwise their work has no price.',
  truth,
);
const version = {
  effectiveFrom: date,
  effectiveTo: about('Last day in force; by default until the next version or the termination.', nullable(lastDay())),
  terms: contractTerms,
};

const chosen = (of: Parameters<typeof anyOf<string>>[0]) => anyOf(of, MAX_FILE_MEMBERS);
/** What is said of an increase of prices over many contracts. */
export const ofPriceIncrease = {
  percent: shape.positivePercent,
  from: about('First day of the new prices.', date),
  roundTo: about(
    'Prices become multiples of it: 0.05, 1. By default the minor unit of their currency.',
    shape.positive,
  ),
  where: about(
    'Which contracts; of terms, which prices in them. What is left out is all.',
    object({
      clientIds: optional(chosen(id)),
      contractIds: optional(chosen(id)),
      currencies: optional(chosen(shape.currency)),
      priorities: optional(anyOf(whole(0, MAX_PRIORITY), MAX_FILE_MEMBERS)),
      terms: optional(about('Names or ids of charges, travel or rate cards.', chosen(text()))),
    }),
  ),
};
export type IncreaseWhere = Of<typeof ofPriceIncrease.where>;

/** What is said of a contract: the fields of each command, as they stand in a file too. */
export const ofContract = {
  contract: {
    name: text(),
    priority: about('The contract with the lower priority is tried first.', whole(0, MAX_PRIORITY)),
  },
  allowOverlap,
  version,
  increase: about(
    'The general increase of prices that the version is: a second one of the same first day is refused.',
    object({ percent: shape.positivePercent, ofVersion: whole(1, MAX_CONTRACT_VERSIONS) }),
  ),
  termination: {
    lastDay: date,
    reason,
    releasesCommitments: about(
      'True if what its charges are committed to is forgone, for the reason of the termination; by default it stays owed to its end.',
      truth,
    ),
  },
  renewal: {
    versionNumber: whole(1, MAX_CONTRACT_VERSIONS),
    effectiveTo: about('The later last day; null: open-ended.', nullable(lastDay('send null'))),
  },
  suspension: { from: about('First day of the suspension.', date), reason },
  resumption: { resumedOn: about('First day in force again.', date) },
  block: {
    blockId: id,
    amount: prepaidAmount,
    purchasedOn: date,
    expiresOn: about('Last day on which work can draw on it; by default it does not expire.', nullable(lastDay())),
    price: about('What the client pays for it; by default it was paid for elsewhere.', nullable(blockPrice)),
    burn: about('How work burns this block. By default as the terms say.', burn),
  },
  /** What of a block goes back. */
  returned: returnedAmount,
  count: {
    countOf: about("What is counted, as the contract's charges name it: `workstation`.", text()),
    count: whole(0, MAX_COUNT),
    from: about('From this day on, until the next count.', date),
  },
  milestone: {
    milestoneId: id,
    reachedOn: about('The day on which it was reached: it is billed by the terms of that day.', date),
    acceptedBy: about('Who accepted it for the client.', text()),
  },
  notice: { givenOn: about('The day on which notice was given.', date), reason },
  reason,
};

const { contract, block, count, notice } = ofContract;
const termination = {
  ...ofContract.termination,
  releasesCommitments: optional(ofContract.termination.releasesCommitments),
};
const days = { ...version, effectiveTo: optional(version.effectiveTo) };
const CLIENT_STATES = 'the client states it: POST /v1/clients, or POST /v1/clients/{clientId}/details';
/** What people look for in a contract. */
const OF_CONTRACT = {
  id: 'write contractId',
  from: 'write effectiveFrom',
  start: 'write effectiveFrom',
  startDate: 'write effectiveFrom',
  to: 'write effectiveTo',
  end: 'write effectiveTo',
  endDate: 'write effectiveTo',
  versions: 'the first version is the contract itself, the others are laterVersions',
  billTo: 'it stands in terms',
  paymentTerms: 'it stands in terms',
  purchaseOrder: 'it stands in terms',
};
/** What people look for in a client of a file. */
const OF_CLIENT = {
  id: 'write clientId',
  ...Object.fromEntries(
    ['name', 'address', 'timeZone', 'taxId', 'taxExemption', 'paymentTerms', 'invoices', 'calendar', 'holidays'].map(
      (name) => [name, CLIENT_STATES],
    ),
  ),
  sites: 'they are registered one by one: POST /v1/clients/{clientId}/sites',
  billTo:
    'who pays is stated by terms.billTo of a contract, by a site, or by the client: POST /v1/clients/{clientId}/details',
};
const contractInFile = object(
  {
    contractId: optional(about('By default made from the id of the client and the name.', id)),
    name: contract.name,
    priority: optional(contract.priority),
    allowOverlap: optional(allowOverlap),
    ...days,
    laterVersions: optional(list(object(days), MAX_CONTRACT_VERSIONS)),
    blocks: optional(
      list(
        object({
          ...block,
          expiresOn: optional(block.expiresOn),
          price: optional(block.price),
          burn: optional(block.burn),
        }),
        MAX_FILE_MEMBERS,
      ),
    ),
    counts: optional(list(object(count), MAX_FILE_MEMBERS)),
    suspensions: optional(
      list(
        object({ ...ofContract.suspension, resumedOn: optional(nullable(ofContract.resumption.resumedOn)) }),
        MAX_FILE_MEMBERS,
      ),
    ),
    notice: optional(object(notice)),
    termination: optional(object(termination)),
  },
  OF_CONTRACT,
);
export type ContractInFile = Of<typeof contractInFile>;

const names = optional(anyOf(text(), MAX_FILE_MEMBERS));
/** A contract file (docs/contracts.md). */
export const contractFile = object({
  workTypes: names,
  engineerRoles: names,
  categories: names,
  ticketTypes: names,
  taxCategories: names,
  clients: list(
    object({ clientId: id, currency: shape.currency, contracts: list(contractInFile, MAX_FILE_MEMBERS) }, OF_CLIENT),
    MAX_FILE_MEMBERS,
  ),
});
export type ContractFileContent = Of<typeof contractFile>;

const part = { contractId: id };
const stated = {
  ...part,
  ...version,
  clientCurrency: optional(nullable(shape.currency)),
  clientClasses: optional(nullable(list(text(), MAX_FILE_MEMBERS))),
  allowOverlap: optional(truth),
};
/** A whole contract in parts, as the reader of a contract file makes them. */
export const contractParts = list(
  variants('type', {
    ActivateContract: { clientId: id, ...contract, ...stated },
    PublishContractVersion: stated,
    TerminateContract: { ...part, ...termination },
    RenewContract: { ...part, ...ofContract.renewal },
    PurchasePrepaidBlock: { ...part, ...block, burn: optional(block.burn) },
    RecordCount: { ...part, ...count },
    SuspendContract: { ...part, ...ofContract.suspension },
    ResumeContract: { ...part, ...ofContract.resumption },
    RecordNotice: { ...part, ...notice },
  }),
  MAX_CONTRACT_PARTS,
);
