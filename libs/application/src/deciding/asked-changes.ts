import { differencesOf, type TermsDifference } from '@billtrail/contracts';
import { DEFAULT_CONFIGURATION, filledConfiguration, type PublishedConfiguration } from '@billtrail/billing';
import type { Approval } from '@billtrail/read-models';
import type { CommandPorts } from '../command-path/command-definition.js';
import { configurationBefore } from '../configuration.js';

/** A value that a configuration would state otherwise. */
export interface AskedChange extends TermsDifference {
  /** It lets one person do more, or prices days that have passed anew: for it another person has to agree. */
  readonly loosens: boolean;
}

/** What a request to publish a configuration changes of the one that was in force when it was asked for; null: it asks for something else. */
export async function askedChanges(
  { store }: Pick<CommandPorts, 'store'>,
  { act, asked, position, waitsBecause }: Approval,
): Promise<readonly AskedChange[] | null> {
  if (act !== 'configure') return null;
  const before = (await configurationBefore(store, position)) ?? DEFAULT_CONFIGURATION;
  const { configuration } = asked as { readonly configuration: PublishedConfiguration };
  const rules = waitsBecause?.because === 'loosens' ? waitsBecause.rules : [];
  return differencesOf(before, filledConfiguration(configuration)).map((one) => ({
    ...one,
    loosens: rules.some((rule) => isWithin(one.path, rule) || isWithin(rule, one.path)),
  }));
}

function isWithin(path: string, rule: string): boolean {
  return path === rule || path.startsWith(`${rule}.`) || path.startsWith(`${rule}[`);
}
