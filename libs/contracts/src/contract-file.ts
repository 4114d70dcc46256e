import { type Currency, type Issued, isRefusal } from '@billtrail/kernel';
import type { ActivateContract, ContractCommand } from './commands.js';
import type { ContractState } from './contract-state.js';
import { contract as contractDecider } from './contract.js';
import { type UncheckedNames, uncheckedNames } from './analysis/names.js';
import {
  type ContractToAnalyse,
  type CoverageAnalysis,
  type KnownNames,
  analyseCoverage,
} from './coverage-analysis.js';
import type { RateCard } from './events.js';
import { MAX_CONTRACT_VERSIONS, MAX_FILE_MEMBERS } from './limits.js';
import { type Fields, Inspection, type Problem } from './problems.js';

/** A client in a contract file, with those of its contracts that have no problem. */
export interface ClientInFile {
  readonly clientId: string;
  readonly currency: Currency;
  readonly contracts: readonly ContractToAnalyse[];
}

/** The content of a contract file (docs/contracts.md). */
export interface ContractFile {
  /** Every problem of the file, each with its path; empty if there is none. */
  readonly problems: readonly Problem[];
  /** The file as commands, in the order in which they must be sent; none for contracts with a problem. */
  readonly commands: readonly ContractCommand[];
  readonly clients: readonly ClientInFile[];
  readonly known: KnownNames;
}

/** What the contracts of a client in a file mean for work, and which of their names could not be checked. */
interface ClientCheck {
  readonly clientId: string;
  readonly analysis: CoverageAnalysis;
  readonly notChecked: readonly UncheckedNames[];
}

/** A contract file, and what its contracts mean for work. */
export interface ContractFileCheck extends ContractFile {
  /** True if there is no problem and no error among the findings. Unpriced work alone does not make a file unsound: it may be intended. */
  readonly isSound: boolean;
  readonly analyses: readonly ClientCheck[];
}

/** Nothing decided here depends on who sends a command or when; the resulting commands have neither. */
const ISSUED: Issued = { at: '2000-01-01T00:00:00Z', by: { id: 'contract-check', role: 'system' } };
/** Names that the organisation has, each list where the file knows all of them. */
const VOCABULARIES = ['workTypes', 'engineerRoles', 'categories', 'ticketTypes', 'taxCategories'] as const;
const VERSION = ['effectiveFrom', 'effectiveTo', 'terms'];
const CONTRACT = [
  'contractId',
  'name',
  'priority',
  'allowOverlap',
  ...VERSION,
  'laterVersions',
  'blocks',
  'counts',
  'suspensions',
  'notice',
  'termination',
];

/** Reads a contract file parsed from YAML or JSON. It takes any input, never throws, and reports all problems at once. */
export function readContractFile(
  document: unknown,
  namesOfClient: (clientId: string) => KnownNames = () => ({}),
): ContractFile {
  const inspection = new Inspection();
  const reader = new FileReader(inspection, namesOfClient);
  const fields = inspection.fields('file', document, [...VOCABULARIES, 'clients']);
  if (fields === null) return { problems: inspection.problems, commands: [], clients: [], known: {} };
  const known: KnownNames = Object.assign({}, ...VOCABULARIES.map((part) => namesOf(inspection, fields, part)));
  const clients = inspection.list('clients', fields['clients'], MAX_FILE_MEMBERS).flatMap((client, index) => {
    const read = reader.client(`clients[${index}]`, client);
    return read === null ? [] : [read];
  });
  return { problems: inspection.problems, commands: reader.commands, clients, known };
}

/**
 * Reads a contract file and analyses what the contracts of each client cover. `namesOfClient`: names that the caller knows where the file lists none. Rate
 * classes of terms that neither their own calendar nor these have are problems.
 */
export function checkContractFile(
  document: unknown,
  organisationCard?: RateCard,
  namesOfClient: (clientId: string) => KnownNames = () => ({}),
): ContractFileCheck {
  const file = readContractFile(document, namesOfClient);
  const analyses = file.clients.map(({ clientId, currency, contracts }) => {
    const card = organisationCard?.currency === currency ? { organisationCard } : {};
    const known = { ...namesOfClient(clientId), ...file.known };
    const terms = contracts.flatMap(({ versions }) => versions.map((version) => version.terms));
    const analysis = analyseCoverage({ ...known, ...card, contracts });
    return { clientId, analysis, notChecked: uncheckedNames(terms, known) };
  });
  const hasErrors = analyses.some(({ analysis }) => analysis.findings.some((one) => one.severity === 'error'));
  return { ...file, analyses, isSound: file.problems.length === 0 && !hasErrors };
}

function namesOf(inspection: Inspection, fields: Fields, part: keyof KnownNames): KnownNames {
  const names = fields[part];
  if (names === undefined) return {};
  const before = inspection.problems.length;
  inspection.texts(part, names, MAX_FILE_MEMBERS);
  return inspection.problems.length === before ? { [part]: names } : {};
}

/** A command for a contract, with the place in the file it comes from. */
interface PlacedCommand {
  readonly path: string;
  readonly command: ContractCommand;
}

class FileReader {
  readonly commands: ContractCommand[] = [];
  private readonly clientIds = new Map<string, string>();
  private readonly contractIds = new Map<string, string>();

  constructor(
    private readonly inspection: Inspection,
    private readonly namesOfClient: (clientId: string) => KnownNames,
  ) {}

  client(path: string, client: unknown): ClientInFile | null {
    const fields = this.inspection.fields(path, client, ['clientId', 'currency', 'contracts']);
    if (fields === null) return null;
    const { clientId, currency } = fields;
    const hasId = this.inspection.id(`${path}.clientId`, clientId);
    if (hasId) this.first(this.clientIds, `${path}.clientId`, clientId);
    const hasCurrency = this.inspection.currency(`${path}.currency`, currency);
    const about = { clientId: hasId ? clientId : 'unknown', currency: hasCurrency ? currency : null };
    const contracts = this.inspection
      .list(`${path}.contracts`, fields['contracts'], MAX_FILE_MEMBERS)
      .flatMap((contract, index) => this.contract(`${path}.contracts[${index}]`, contract, about));
    return hasId && hasCurrency ? { clientId, currency, contracts } : null;
  }

  private contract(
    path: string,
    contract: unknown,
    client: { readonly clientId: string; readonly currency: Currency | null },
  ): readonly ContractToAnalyse[] {
    const before = this.inspection.problems.length;
    const fields = this.inspection.fields(path, contract, CONTRACT);
    if (fields === null) return [];
    const { contractId } = fields;
    if (typeof contractId === 'string') this.first(this.contractIds, `${path}.contractId`, contractId);
    const clientClasses = this.namesOfClient(client.clientId).rateClasses ?? null;
    const common = { contractId, clientCurrency: client.currency, clientClasses };
    const activate = placed(`${path}.`, 'ActivateContract', {
      ...common,
      clientId: client.clientId,
      ...pick(fields, ['name', 'priority', ...VERSION]),
      ...('allowOverlap' in fields ? pick(fields, ['allowOverlap']) : {}),
    });
    const rest = [...this.laterVersions(path, fields, common), ...this.life(path, fields, { contractId })];
    const state = this.decide(activate, rest);
    if (this.inspection.problems.length > before || state.status === 'unknown') return [];
    this.commands.push(activate.command, ...rest.map((one) => one.command));
    const allowOverlap = fields['allowOverlap'] === true;
    return [{ ...state, lastDay: state.status === 'terminated' ? state.lastDay : null, allowOverlap }];
  }

  private laterVersions(path: string, fields: Fields, common: Fields): readonly PlacedCommand[] {
    return this.members(`${path}.laterVersions`, fields['laterVersions'], VERSION, MAX_CONTRACT_VERSIONS).map(
      (member) => placed(`${member.path}.`, 'PublishContractVersion', { ...common, ...pick(member.fields, VERSION) }),
    );
  }

  /** What follows the versions. The termination goes first: it refuses what would begin after it. */
  private life(path: string, fields: Fields, about: Fields): readonly PlacedCommand[] {
    const blockFields = ['blockId', 'amount', 'purchasedOn', 'expiresOn', 'price'];
    const blocks = this.members(`${path}.blocks`, fields['blocks'], blockFields).map((member) =>
      placed(`${member.path}.`, 'PurchasePrepaidBlock', { ...about, expiresOn: null, price: null, ...member.fields }),
    );
    const counts = this.members(`${path}.counts`, fields['counts'], ['countOf', 'count', 'from']).map((member) =>
      placed(`${member.path}.`, 'RecordCount', { ...about, ...member.fields }),
    );
    const suspensionFields = ['from', 'resumedOn', 'reason'];
    const suspensions = this.members(`${path}.suspensions`, fields['suspensions'], suspensionFields).flatMap(
      (member) => {
        const { resumedOn, ...suspension } = member.fields;
        const suspended = placed(`${member.path}.`, 'SuspendContract', { ...about, ...suspension });
        if (resumedOn === undefined || resumedOn === null) return [suspended];
        return [suspended, placed(`${member.path}.`, 'ResumeContract', { ...about, resumedOn })];
      },
    );
    const end = fields['termination'];
    const known =
      end === undefined
        ? null
        : this.inspection.fields(`${path}.termination`, end, ['lastDay', 'reason', 'releasesCommitments']);
    const termination =
      known === null ? [] : [placed(`${path}.termination.`, 'TerminateContract', { ...about, ...known })];
    return [...termination, ...blocks, ...counts, ...suspensions, ...this.notice(path, fields['notice'], about)];
  }

  private notice(path: string, notice: unknown, about: Fields): readonly PlacedCommand[] {
    const known = notice === undefined ? null : this.inspection.fields(`${path}.notice`, notice, ['givenOn', 'reason']);
    return known === null ? [] : [placed(`${path}.notice.`, 'RecordNotice', { ...about, ...known })];
  }

  /** Runs the contract's decider, so that a file is refused for exactly what the API refuses. */
  private decide(activate: PlacedCommand, rest: readonly PlacedCommand[]): ContractState {
    let state = contractDecider.initialState;
    for (const one of [activate, ...rest]) {
      const decision = contractDecider.decide({ ...one.command, ...ISSUED }, state);
      if (!isRefusal(decision)) {
        for (const event of decision) state = contractDecider.evolve(state, event);
        continue;
      }
      this.refused(one, decision);
      // If its first version is refused, the contract continues without versions, so that the rest is checked too.
      if (one.command.type === 'ActivateContract') state = withoutVersions(one.command);
    }
    return state;
  }

  private refused(
    { path, command }: PlacedCommand,
    refusal: { readonly message: string; readonly details: Fields },
  ): void {
    const problems = refusal.details['problems'];
    if (!Array.isArray(problems)) {
      this.inspection.note(path.slice(0, -1), refusal.message);
      return;
    }
    for (const { path: at, problem } of problems as readonly Problem[]) {
      // The id is in the file once, and is checked with the first version.
      if (at !== 'contractId' || command.type === 'ActivateContract') this.inspection.note(path + at, problem);
    }
  }

  private members(
    path: string,
    list: unknown,
    known: readonly string[],
    limit: number = MAX_FILE_MEMBERS,
  ): readonly { readonly path: string; readonly fields: Fields }[] {
    if (list === undefined) return [];
    return this.inspection.list(path, list, limit).flatMap((member, index) => {
      const fields = this.inspection.fields(`${path}[${index}]`, member, known);
      return fields === null ? [] : [{ path: `${path}[${index}]`, fields }];
    });
  }

  private first(seen: Map<string, string>, path: string, id: string): void {
    const before = seen.get(id);
    if (before === undefined) seen.set(id, path);
    else this.inspection.note(path, `${id} is used at ${before} already`);
  }
}

/** A missing last day is an open end. */
function pick(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, fields[name] ?? (name === 'effectiveTo' ? null : undefined)]));
}

/** The decider trusts no type of a command and reports what is wrong, so the content of the file is passed on unchecked. */
function placed(path: string, type: ContractCommand['type'], fields: Fields): PlacedCommand {
  return { path, command: { type, ...fields } as ContractCommand };
}

function withoutVersions({ contractId, clientId, name, priority }: ActivateContract): ContractState {
  const data = { contractId, clientId, name, priority };
  return contractDecider.evolve(contractDecider.initialState, {
    type: 'ContractActivated',
    data,
    occurredAt: ISSUED.at,
  });
}
