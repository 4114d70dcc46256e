import type { ContractPlan, PlannedVersion } from '@billtrail/application';
import { counted, money, table } from './output.js';

/** What a file puts in force: what is recorded, which terms change, and the effect on rated amounts. */
export function plansText(plans: readonly ContractPlan[], isDryRun: boolean): string {
  const head = table(
    ['Contract', 'Client', isDryRun ? 'Would be recorded' : 'Recorded'],
    plans.map((plan) => [plan.contractId, plan.clientId, recordedOf(plan)]),
  );
  const parts = plans.flatMap((plan) => [
    ...plan.versions.flatMap((version) => versionText(plan, version)),
    ...moneyText(plan),
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
