import type { ContractPlan, PlannedVersion } from '@billtrail/application';
import { counted, money, table } from './output.js';

/** What a file puts in force: what is recorded, which terms change, and the effect on rated amounts. */
/** `waiting`: contracts of which only a request was recorded, which waits for a second person. */
export function plansText(
  plans: readonly ContractPlan[],
  isDryRun: boolean,
  waiting: ReadonlySet<string> = new Set(),
): string {
  const head = table(
    ['Contract', 'Client', isDryRun ? 'Would be recorded' : 'Recorded'],
    plans.map((plan) => [
      plan.contractId,
      plan.clientId,
      waiting.has(plan.contractId) ? 'nothing yet: it waits for a second person' : recordedOf(plan),
    ]),
  );
  const parts = plans.flatMap((plan) => [
    ...plan.versions.flatMap((version) => versionText(plan, version)),
    ...moneyText(plan),
    ...forgoesText(plan, isDryRun),
  ]);
  return [...(isDryRun ? ['Nothing was recorded.', ''] : []), head, ...parts].join('\n');
}

function recordedOf({ events, isNew }: ContractPlan): string {
  if (events.length === 0) return 'nothing new';
  const counts = new Map<string, number>();
  for (const type of events) counts.set(type, (counts.get(type) ?? 0) + 1);
  const list = [...counts].map(([type, count]) => (count === 1 ? type : `${count} x ${type}`)).join(', ');
  return isNew ? list : `${list} (existing contract)`;
}

function versionText({ contractId }: ContractPlan, version: PlannedVersion): readonly string[] {
  const { versionNumber, effectiveFrom, inPlaceOf, differences } = version;
  if (inPlaceOf === null) return [];
  return [
    '',
    `${contractId} version ${versionNumber}, from ${effectiveFrom}, replaces version ${inPlaceOf}: ${counted(differences.length, 'difference')}`,
    ...(differences.length === 0
      ? []
      : [
          table(
            ['Term', 'Before', 'After'],
            differences.map(({ path, before, after }) => [path, valueText(before), valueText(after)]),
          ),
        ]),
  ];
}

function valueText(value: unknown): string {
  if (value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a contract forgoes for days that have passed; nothing where it forgoes nothing. */
export function forgoesText(
  { contractId, forgoes }: Pick<ContractPlan, 'contractId' | 'forgoes'>,
  isDryRun: boolean,
): readonly string[] {
  if (forgoes === null) return [];
  const worth = forgoes.money === null ? 'an amount that nobody can state' : money(forgoes.money);
  const waits = forgoes.waits && isDryRun ? '; it would wait for a second person' : '';
  return ['', `${contractId}: asks ${worth} less for work that was approved or resolved${waits}.`];
}

function moneyText({ contractId, events, isNew, money: periods }: ContractPlan): readonly string[] {
  if (events.length === 0 || (isNew && periods.length === 0)) return [];
  if (periods.length === 0) return ['', `${contractId}: no rated month changes.`];
  return [
    '',
    `${contractId}: change of rated amounts`,
    table(
      ['Month', 'not invoiced yet', 'already invoiced (stays, opens gap contract-mismatch)'],
      periods.map(({ period, net, frozen }) => [period, money(net), money(frozen)]),
      ['not invoiced yet', 'already invoiced (stays, opens gap contract-mismatch)'],
    ),
  ];
}
