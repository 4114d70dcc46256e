import { type LocalDate, type Refusal, invariant, refuse } from '@billtrail/kernel';
import {
  type ContractTerms,
  type ContractVersion,
  type PaymentTerms,
  dueDateOf,
  paymentTermsInWords,
} from '@billtrail/contracts';
import type { DocumentTerms } from '../events.js';
import type { Invoice } from './state.js';

/** A line's agreement: the contract and the version that priced it. */
interface UnderContract {
  readonly contractId: string;
  readonly contractVersion: number;
}

/** Who may say when a document is due. */
export interface PaymentAgreed {
  readonly configuration: { readonly paymentTerms?: PaymentTerms };
  readonly client: { readonly paymentTerms?: PaymentTerms };
  /** The client's contracts. Absent: nobody looked, and none says. */
  readonly contracts?: readonly ContractAgreed[];
}

export interface ContractAgreed {
  readonly contractId: string;
  readonly versions: readonly {
    readonly versionNumber: ContractVersion['versionNumber'];
    readonly terms: Pick<ContractTerms, 'paymentTerms' | 'purchaseOrder'>;
  }[];
}

/**
 * The terms of payment of a document: of each line those of the version that priced it, else the client's, else the organisation's. Where they differ, the
 * document is due on the latest of their days, so that nobody is asked for money before the day that his contract gives him. In a stable order.
 */
export function paymentTermsOf(
  lines: readonly UnderContract[],
  { configuration, client, contracts }: PaymentAgreed,
): readonly PaymentTerms[] {
  const byDefault = client.paymentTerms ?? configuration.paymentTerms;
  const found = new Map<string, PaymentTerms>();
  const agreements = new Map(lines.map((line) => [`${line.contractId} ${line.contractVersion}`, line] as const));
  for (const line of agreements.values()) {
    const terms = (contracts === undefined ? undefined : termsOfLine(line, contracts).paymentTerms) ?? byDefault;
    if (terms !== undefined) found.set(paymentTermsInWords(terms), terms);
  }
  return [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, terms]) => terms);
}

/** A line with the client's order that the version which priced it names. */
export function withOrder<Line extends UnderContract & { readonly purchaseOrder: string | null }>(
  line: Line,
  contracts: readonly ContractAgreed[] | undefined,
): Line {
  const purchaseOrder = contracts === undefined ? undefined : termsOfLine(line, contracts).purchaseOrder;
  return purchaseOrder === undefined ? line : { ...line, purchaseOrder };
}

function termsOfLine(
  { contractId, contractVersion }: UnderContract,
  contracts: readonly ContractAgreed[],
): ContractAgreed['versions'][number]['terms'] {
  const contract = contracts.find((one) => one.contractId === contractId);
  invariant(contract !== undefined, () => `a document has a line of contract ${contractId}, which the client has not`);
  const version = contract.versions.find(({ versionNumber }) => versionNumber === contractVersion);
  invariant(version !== undefined, () => `contract ${contractId} has no version ${contractVersion}`);
  return version.terms;
}

/** The due date and the words of a document; without its day of issue the words alone. */
export function dueUnder(
  terms: readonly PaymentTerms[],
  issueDate: LocalDate | null,
): Pick<DocumentTerms, 'dueDate' | 'terms'> {
  if (terms.length === 0) return { dueDate: null, terms: null };
  const words = terms.map(paymentTermsInWords);
  const [first, ...others] = words;
  const due = issueDate === null ? [] : terms.map((one) => dueDateOf(one, issueDate)).sort();
  return {
    dueDate: due.at(-1) ?? null,
    terms:
      others.length === 0 ? (first ?? null) : `The latest of: ${words.map((one) => one.replace(/^D/, 'd')).join('; ')}`,
  };
}

/** What was approved is what is issued: when it is due, too. A draft of schema version 1 says nothing of it. null: the terms are as it shows them. */
export function refuseChangedPaymentTerms(
  { invoiceId, hash, paymentTerms: was }: Invoice,
  { terms: is }: Pick<DocumentTerms, 'terms'>,
): Refusal | null {
  if (hash === null || was === is) return null;
  return refuse(
    'PaymentTermsChanged',
    `Draft ${invoiceId} was approved with other terms of payment: ${was ?? 'none'}, now ${is ?? 'none'}.`,
    'Discard it, and draft it anew; check it and approve that. Or put back what was changed.',
    { invoiceId, was, is },
  );
}
