import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { stringify } from 'yaml';
import { isBusinessTime, isCurrency, isPlainLine, isPlainText, isTimeZone } from '@billtrail/kernel';
import { contractFile } from '@billtrail/contracts';
import { problemsOfShape, readContracts } from '@billtrail/input';
import { ContractDocument, type ProblemInFile } from '../../libs/command-line/src/terminal/contract-document.js';
import { Random } from '../crash/random.js';
import { randomFile } from '../promises/random-contract.js';
import { mutated, type Mutated } from './mutations.js';

export interface ContractFilesProofOptions {
  /** Random files of which each is taken as it is, and once with a mistake. */
  readonly files: number;
  /** Files with a mistake whose place is asked for. */
  readonly mutated: number;
  readonly seed: number;
  readonly print?: (line: string) => void;
}

const MOST_SHOWN = 20;

/** The proof of contract files: the JSON Schema as it is published says of a file what the check says, and the check tells where a mistake is and what to write. */
export function runContractFilesProof({
  files,
  mutated: mistakes,
  seed,
  print = console.log,
}: ContractFilesProofOptions): boolean {
  const random = new Random(seed);
  const isOfSchema = publishedSchema();
  const wrong: string[] = [];
  const verdicts = { sound: 0, unsound: 0 };
  for (let index = 0; index < files; index++) {
    const file = randomFile(random, `acme-${index}`);
    for (const document of index % 2 === 0 ? [file] : [mutated(random, file).document]) {
      const plain: unknown = JSON.parse(JSON.stringify(document));
      const isSound = problemsOfShape(contractFile, plain, '').length === 0;
      verdicts[isSound ? 'sound' : 'unsound']++;
      if (isOfSchema(plain) !== isSound)
        wrong.push(`file ${index}: the check finds it ${isSound ? 'sound' : 'unsound'}`);
    }
  }
  const lost: string[] = [];
  for (let index = 0; index < mistakes; index++) {
    const mistake = mutated(random, JSON.parse(JSON.stringify(randomFile(random, `acme-${index}`))) as object);
    const missed = missedIn(mistake);
    if (missed !== null) lost.push(`file ${index}: ${missed}`);
  }
  for (const one of [...wrong, ...lost].slice(0, MOST_SHOWN)) print(`     ${one}`);
  const check = (line: string, holds: boolean): boolean => {
    print(`${holds ? 'ok  ' : 'FAIL'} ${line}`);
    return holds;
  };
  return [
    check(
      `${files} contract files, ${verdicts.sound} of the right shape and ${verdicts.unsound} not: ${wrong.length} on which the JSON Schema and the check differ`,
      wrong.length === 0 && verdicts.sound > 0 && verdicts.unsound > 0,
    ),
    check(
      `${mistakes} files with a mistake: ${lost.length} not refused with its line, its column and what to write`,
      lost.length === 0,
    ),
  ].every(Boolean);
}

/** The schema as editors get it, read by another instance that knows nothing of our variants and messages. */
function publishedSchema(): (document: unknown) => boolean {
  const ajv = new Ajv2020({ strict: false });
  ajv.addFormat('time-zone', isTimeZone);
  ajv.addFormat('currency', isCurrency);
  ajv.addFormat('business-time', isBusinessTime);
  ajv.addFormat('plain-text', isPlainText);
  ajv.addFormat('plain-line', isPlainLine);
  const file = join(process.cwd(), 'docs', 'schemas', 'contracts.schema.json');
  return ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
}

const OF_SHAPE = /^(must|is required|is unknown|has|belongs) ?/;

/** What the check of a file with one mistake leaves to be wished for; null: nothing. */
function missedIn({ document, marker, member }: Mutated): string | null {
  const text = stringify(document, { aliasDuplicateObjects: false });
  const source = ContractDocument.parse('contracts.yaml', text);
  const problems = source.placed(readContracts(source.value).problems);
  // What its values mean beside each other may be told of another member of that name.
  const told = problems.find(({ path, problem }) => path.endsWith(member) && OF_SHAPE.test(problem));
  if (told === undefined) return `${member} is not told of: ${JSON.stringify(problems)}`;
  return marker === null || isThere(told, text, marker) ? null : `${told.path} is not in ${told.line}:${told.column}`;
}

/** The mistake stands in this line, and the member or the value that has it begins in this column. */
function isThere({ line, column }: ProblemInFile, text: string, marker: string): boolean {
  const row = text.split('\n')[line - 1] ?? '';
  return row.includes(marker) && /^["\w@]/.test(row.slice(column - 1)) && /^[\s-]*$/.test(row.slice(0, column - 1));
}
