import { type Currency, type Issued, type Partly, type Problem, isRefusal } from '@billtrail/kernel';
import type { ActivateContract, ContractCommand } from './commands.js';
import type { ContractFileContent, ContractInFile } from './contract-shapes.js';
import type { ContractState } from './contract-state.js';
import { idFrom } from './filled-terms.js';
import { DEFAULT_PRIORITY } from './limits.js';
import { isStated } from './problems.js';
import type { SharedTerms } from './shared-terms.js';
import { contract as contractDecider, problemsOfVersion } from './contract.js';
import { type UncheckedNames, uncheckedNames } from './analysis/names.js';
import {
  type ContractToAnalyse,
  type CoverageAnalysis,
  type KnownNames,
  analyseCoverage,
} from './coverage-analysis.js';
import type { ContractEvent } from './events.js';

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

/** Nothing decided here depends on who sends a command, and any day of the file may be past; the resulting commands have neither. */
const ISSUED: Issued = { at: '2100-12-31T23:59:59Z', by: { id: 'contract-check', role: 'system' } };
/** Names that the organisation has, each list where the file knows all of them. */
const VOCABULARIES = ['workTypes', 'engineerRoles', 'categories', 'ticketTypes', 'taxCategories'] as const;

/** Names that the caller knows where a file lists none. */
export type NamesOfClient = (clientId: string) => KnownNames;

/**
 * Reads a contract file whose shape was checked: `unshaped` has the problems of that, and what they are about is left out of `content`. What a contract
 * has in the right shape is decided as if it had been sent.
 */
export function readContractFile(
  content: Partly<ContractFileContent>,
  unshaped: readonly Problem[] = [],
  namesOfClient: NamesOfClient = () => ({}),
): ContractFile {
  const reader = new FileReader(unshaped, namesOfClient);
  const clients = (content.clients ?? []).flatMap((client, index) => {
    const read = client === undefined ? null : reader.client(`clients[${index}]`, client);
    return read === null ? [] : [read];
  });
  const known: KnownNames = Object.fromEntries(
    VOCABULARIES.flatMap((part) => {
      const names = content[part]?.filter((name) => name !== undefined);
      return names === undefined ? [] : [[part, names]];
    }),
  );
  return { problems: [...unshaped, ...reader.problems], commands: reader.commands, clients, known };
}

/**
 * Analyses what the contracts of each client in a file cover. Rate classes of terms that neither their own calendar nor the names of the client have were
 * problems of reading it.
 */
export function analysed(file: ContractFile, namesOfClient: NamesOfClient): ContractFileCheck {
  const analyses = file.clients.map(({ clientId, contracts }) => {
    const known = { ...namesOfClient(clientId), ...file.known };
    const terms = contracts.flatMap(({ versions }) => versions.map((version) => version.terms));
    const analysis = analyseCoverage({ ...known, contracts });
    return { clientId, analysis, notChecked: uncheckedNames(terms, known) };
  });
  const hasErrors = analyses.some(({ analysis }) => analysis.findings.some((one) => one.severity === 'error'));
  return { ...file, analyses, isSound: file.problems.length === 0 && !hasErrors };
}

/** A command for a contract, with the place in the file it comes from. */
interface PlacedCommand {
  readonly path: string;
  readonly command: ContractCommand;
}

type InFile<T> = NonNullable<Partly<T>>;

class FileReader {
  readonly problems: Problem[] = [];
  readonly commands: ContractCommand[] = [];
  private readonly clientIds = new Map<string, string>();
  private readonly contractIds = new Map<string, string>();

  constructor(
    private readonly unshaped: readonly Problem[],
    private readonly namesOfClient: NamesOfClient,
  ) {}

  client(path: string, client: InFile<ContractFileContent['clients'][number]>): ClientInFile | null {
    const { clientId, currency } = client;
    this.first(this.clientIds, `${path}.clientId`, clientId);
    const about = { clientId: clientId ?? 'unknown', clientCurrency: currency ?? null };
    const contracts = (client.contracts ?? []).flatMap((contract, index) =>
      contract === undefined ? [] : this.contract(`${path}.contracts[${index}]`, contract, about),
    );
    return clientId === undefined || currency === undefined ? null : { clientId, currency, contracts };
  }

  private contract(
    path: string,
    contract: InFile<ContractInFile>,
    { clientId, clientCurrency }: { readonly clientId: string; readonly clientCurrency: Currency | null },
  ): readonly ContractToAnalyse[] {
    const { laterVersions, blocks, counts, suspensions, notice, termination, ...version } = contract;
    const { contractId = idFrom(clientId, version.name ?? '') } = version;
    this.first(this.contractIds, isStated(contract, 'contractId') ? `${path}.contractId` : `${path}.name`, contractId);
    const about = { contractId };
    const { rateClasses: clientClasses = null, shared = null } = this.namesOfClient(clientId);
    const common = { contractId, clientCurrency, clientClasses, effectiveTo: null };
    const activate = placed(path, 'ActivateContract', {
      ...common,
      clientId,
      priority: DEFAULT_PRIORITY,
      ...version,
      contractId,
    });
    // The termination goes before what it refuses to begin after it.
    const rest = [
      ...each(`${path}.laterVersions`, laterVersions, 'PublishContractVersion', common),
      ...(termination === undefined
        ? []
        : [placed(`${path}.termination`, 'TerminateContract', { ...about, ...termination })]),
      ...each(`${path}.blocks`, blocks, 'PurchasePrepaidBlock', { ...about, expiresOn: null, price: null }),
      ...each(`${path}.counts`, counts, 'RecordCount', about),
      ...suspended(`${path}.suspensions`, suspensions, about),
      ...(notice === undefined ? [] : [placed(`${path}.notice`, 'RecordNotice', { ...about, ...notice })]),
    ];
    const before = this.problems.length;
    const state = this.decide(activate, rest, shared);
    if (this.problems.length > before || state.status === 'unknown' || this.isUnshaped(path)) return [];
    this.commands.push(activate.command, ...rest.map((one) => one.command));
    const allowOverlap = contract.allowOverlap === true;
    return [{ ...state, lastDay: state.status === 'terminated' ? state.lastDay : null, allowOverlap }];
  }

  /** Runs the contract's decider, so that a file is refused for exactly what the API refuses. */
  private decide(activate: PlacedCommand, rest: readonly PlacedCommand[], shared: SharedTerms | null): ContractState {
    let state = contractDecider.initialState;
    for (const one of [activate, ...rest]) {
      const events = this.eventsOf(one, state, shared);
      for (const event of events ?? []) state = contractDecider.evolve(state, event);
      // If its first version is refused, the contract continues without versions, so that the rest is checked too.
      if (events === null && one.command.type === 'ActivateContract') state = withoutVersions(one.command);
    }
    return state;
  }

  /** null: refused, for its shape or for what it means. */
  private eventsOf(
    { path, command }: PlacedCommand,
    state: ContractState,
    shared: SharedTerms | null,
  ): readonly ContractEvent[] | null {
    const isVersion = command.type === 'ActivateContract' || command.type === 'PublishContractVersion';
    if (this.isUnshaped(path, command.type === 'ActivateContract' ? LIFE : [])) {
      if (isVersion) this.noteAll(path, problemsOfVersion({ ...command, shared }), command.clientCurrency ?? null);
      return null;
    }
    const decision = contractDecider.decide({ ...command, ...ISSUED, ...(isVersion ? { shared } : {}) }, state);
    if (!isRefusal(decision)) return decision;
    const problems = decision.details['problems'] as readonly Problem[] | undefined;
    if (problems === undefined) this.problems.push({ path, problem: decision.message });
    else this.noteAll(path, problems, isVersion ? (command.clientCurrency ?? null) : null);
    return null;
  }

  /** Where the currency of the client has a problem, that of its cards is none. */
  private noteAll(path: string, problems: readonly Problem[], currency: Currency | null): void {
    const own = problems.filter((one) => currency !== null || one.path !== 'terms.rateCard.currency');
    this.problems.push(...own.map((one) => ({ path: `${path}.${one.path}`, problem: one.problem })));
  }

  /** True if something at the path, but for these members, has not its shape. */
  private isUnshaped(path: string, but: readonly string[] = []): boolean {
    return this.unshaped.some(
      (one) =>
        one.path === path ||
        (one.path.startsWith(`${path}.`) && !but.includes(/^\w*/.exec(one.path.slice(path.length + 1))?.[0] ?? '')),
    );
  }

  private first(seen: Map<string, string>, path: string, id: string | undefined): void {
    if (id === undefined) return;
    const before = seen.get(id);
    if (before === undefined) seen.set(id, path);
    else this.problems.push({ path, problem: `${id} is used at ${before} already` });
  }
}

/** Members of a contract that become commands of their own. */
const LIFE = ['laterVersions', 'blocks', 'counts', 'suspensions', 'notice', 'termination'];

/** What has not its shape is left out of the fields, and such a command is never decided. */
function placed(path: string, type: ContractCommand['type'], fields: object): PlacedCommand {
  return { path, command: { type, ...fields } as ContractCommand };
}

function each(
  path: string,
  members: readonly (object | undefined)[] = [],
  type: ContractCommand['type'],
  common: object,
): readonly PlacedCommand[] {
  return members.map((member, index) => placed(`${path}[${index}]`, type, { ...common, ...member }));
}

function suspended(
  path: string,
  suspensions: InFile<ContractInFile>['suspensions'] = [],
  about: object,
): readonly PlacedCommand[] {
  return suspensions.flatMap((one, index) => {
    const { resumedOn, ...suspension } = one ?? {};
    const suspend = placed(`${path}[${index}]`, 'SuspendContract', { ...about, ...suspension });
    if (resumedOn === undefined || resumedOn === null) return [suspend];
    return [suspend, placed(`${path}[${index}]`, 'ResumeContract', { ...about, resumedOn })];
  });
}

function withoutVersions({ contractId, clientId, name, priority }: ActivateContract): ContractState {
  const data = { contractId, clientId, name, priority };
  return contractDecider.evolve(contractDecider.initialState, {
    type: 'ContractActivated',
    data,
    occurredAt: ISSUED.at,
  });
}
