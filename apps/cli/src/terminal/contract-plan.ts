import type { ContractPlan, PlannedVersion } from '@billtrail/application';
import { counted, money, table } from './output.js';

/** What a file puts in force: what is recorded, which terms differ, and what it changes in rated money. */
export function plansText(plans: readonly ContractPlan[], isDryRun: boolean): string {
  const head = table(
    ['contract', 'client', isDryRun ? 'would be recorded' : 'recorded'],
    plans.map((plan) => [plan.contractId, plan.clientId, recordedOf(plan)]),
  );
  const parts = plans.flatMap((plan) => [
    ...plan.versions.flatMap((version) => versionText(plan, version)),
    ...moneyText(plan),
  ]);
  return [...(isDryRun ? ['Nothing was recorded.', ''] : []), head, ...parts].join('\n');
}

function recordedOf({ events, isNew }: ContractPlan): string {
  if (events.length === 0) return 'nothing: was so already';
  const counts = new Map<string, number>();
  for (const type of events) counts.set(type, (counts.get(type) ?? 0) + 1);
  const list = [...counts].map(([type, count]) => (count === 1 ? type : `${count} x ${type}`)).join(', ');
  return isNew ? list : `${list} (the contract was there)`;
}

function versionText({ contractId }: ContractPlan, version: PlannedVersion): readonly string[] {
  const { versionNumber, effectiveFrom, inPlaceOf, differences } = version;
  if (inPlaceOf === null) return [];
  return [
    '',
    `${contractId} version ${versionNumber}, from ${effectiveFrom}, in place of version ${inPlaceOf}: ${counted(differences.length, 'difference')}`,
    ...(differences.length === 0
      ? []
      : [
          table(
            ['where', 'before', 'now'],
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
  if (periods.length === 0) return ['', `${contractId}: no month that was rated costs anything else.`];
  return [
    '',
    `${contractId}: what it changes in rated money`,
    table(
      ['month', 'on no document yet', 'on documents (they stay: gap contract-mismatch)'],
      periods.map(({ period, net, frozen }) => [period, money(net), money(frozen)]),
      ['on no document yet', 'on documents (they stay: gap contract-mismatch)'],
    ),
  ];
}
