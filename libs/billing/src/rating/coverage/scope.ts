import type { Cap, ContractVersion, CoverageRule } from '@billtrail/contracts';
import type { Step } from '../../item/trace.js';
import type { ScopeStatement, TicketFacts } from '../facts.js';
import type { InForce } from './placement.js';

/**
 * What holds of the scope of a piece of work, recorded at `position`; null: nobody said a word that changes its rating.
 *
 * - A resolution as `out-of-scope` holds for all the work of the ticket, until Operations decides. A later resolution as `in-contract` speaks of the
 *   work since: who declared that work is out of scope does not take it back by resolving the ticket once more.
 * - What Operations decided holds for all the work, also for later work. A later resolution that says the same confirms it; one as `out-of-scope`
 *   asks again; one as `in-contract` speaks of the work since.
 * - Work that nobody has declared yet, on a ticket that was opened again, is not out of scope.
 */
function scopeOf(
  { scope: statements, resolvedOn, reopened }: Pick<TicketFacts, 'scope' | 'resolvedOn' | 'reopened'>,
  position: number,
): ScopeStatement | null {
  if (statements === undefined) return null;
  const holds = statements.reduce<ScopeStatement | null>((before, said) => afterwards(before, said, position), null);
  const isUndeclared =
    holds?.by === 'resolution' && position > holds.position && (resolvedOn === null || reopened !== undefined);
  return isUndeclared ? null : holds;
}

function afterwards(before: ScopeStatement | null, said: ScopeStatement, position: number): ScopeStatement {
  if (said.by === 'operations' || before === null || before.scope === 'in-contract') return said;
  if (said.scope === 'out-of-scope') return before.by === 'operations' ? { ...before, position: said.position } : said;
  return position > before.position ? said : before;
}

/** The decision by which the work is rated as out of scope; null: there is none. */
export function ratedOutOfScope(ticket: TicketFacts, position: number): ScopeStatement | null {
  if (ticket.scope === undefined) return null;
  const holds = scopeOf(ticket, position);
  return holds?.by === 'operations' && holds.scope === 'out-of-scope' ? holds : null;
}

/** The declaration of work as out of scope on which nobody decided yet; null: there is none. */
export function declaredOutOfScope(ticket: TicketFacts, position: number): ScopeStatement | null {
  if (ticket.scope === undefined) return null;
  const holds = scopeOf(ticket, position);
  return holds?.by === 'resolution' && holds.scope === 'out-of-scope' ? holds : null;
}

/** What prices work by its card that is out of scope, where no further contract takes it. No rule that people write has this id. */
export const OUT_OF_SCOPE: CoverageRule = {
  id: '@out-of-scope',
  name: 'Out of scope, at the card',
  match: {},
  outcome: 'billable',
};

/**
 * True of work that is priced by the card of the contract that it is out of scope of. Nothing else of that contract is about it: no cap, no discount
 * and no minimum, as if a rule had excluded it.
 */
export function isByCardAlone(ruleId: string | null): boolean {
  return ruleId === OUT_OF_SCOPE.id;
}

/** The caps of a version that may hold work which a rule of it prices. */
export function capsOver({ terms }: ContractVersion, rule: CoverageRule): readonly Cap[] {
  return isByCardAlone(rule.id) ? NO_CAPS : (terms.caps ?? NO_CAPS);
}

const NO_CAPS: readonly Cap[] = [];

/** The rule of a version by its id, or the one above. */
export function ruleNamed({ terms }: ContractVersion, ruleId: string | null): CoverageRule | undefined {
  return ruleId === OUT_OF_SCOPE.id ? OUT_OF_SCOPE : terms.coverage.find(({ id }) => id === ruleId);
}

/** What a contract says that would cover the work. */
export function passedOn({ contract, version }: InForce, { name, outcome }: CoverageRule, said: ScopeStatement): Step {
  const { contractId } = contract;
  const { versionNumber: contractVersion } = version;
  return () => ({
    step: 'coverage',
    text: `rated as out of scope of contract ${contractId} version ${contractVersion}, whose rule ${name} makes it ${outcome}: ${said.reason ?? ''}`,
    facts: { contractId, contractVersion, outcome, scope: said.scope, eventId: said.eventId },
  });
}

/** No further contract takes the work. */
export function byItsCard({ contract, version }: InForce): Step {
  const { contractId } = contract;
  const { versionNumber: contractVersion } = version;
  return () => ({
    step: 'coverage',
    text: `no further contract takes it: the card of contract ${contractId} version ${contractVersion} prices it`,
    facts: { contractId, contractVersion, ruleId: OUT_OF_SCOPE.id },
  });
}
