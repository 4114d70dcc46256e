import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import type { ContractFileContent } from '../contract-shapes.js';
import { readContractFile } from '../contract-file.js';
import type { ContractTerms } from '../events.js';

/** Where the contract files of published rate cards are; commands and tests run in the top folder. */
const FOLDER = join(process.cwd(), 'samples', 'contracts', 'published');

/** One way in which a publisher sells: the terms of a contract. */
export interface PublishedPlan {
  readonly contractId: string;
  readonly terms: ContractTerms;
  /** Rate classes in which the publisher says that it does not work at all: that such work has no price is meant. */
  readonly notAvailableIn: readonly string[];
}

/** A rate card that a provider publishes, as a contract file without a line of code for it. Its name is that of the file. */
export interface PublishedCard {
  readonly id: string;
  readonly workTypes: readonly string[];
  readonly engineerRoles: readonly string[];
  readonly plans: readonly PublishedPlan[];
}

const NOT_AVAILABLE_IN: Readonly<Record<string, readonly string[]>> = {
  'linuxbox-us-retainer': ['holiday'],
  'linuxbox-us-incidental': ['holiday'],
};

export const PUBLISHED_CARDS: readonly PublishedCard[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map(publishedCard);

function publishedCard(file: string): PublishedCard {
  const { problems, commands, known } = readContractFile(
    parse(readFileSync(join(FOLDER, file), 'utf8')) as ContractFileContent,
  );
  if (problems.length > 0)
    throw new Error(`${file}: ${problems.map(({ path, problem }) => `${path} ${problem}`).join('; ')}`);
  return {
    id: basename(file, '.yaml'),
    workTypes: known.workTypes ?? [],
    engineerRoles: known.engineerRoles ?? [],
    plans: commands.flatMap((command) =>
      command.type === 'ActivateContract'
        ? [
            {
              contractId: command.contractId,
              terms: command.terms,
              notAvailableIn: NOT_AVAILABLE_IN[command.contractId] ?? [],
            },
          ]
        : [],
    ),
  };
}
