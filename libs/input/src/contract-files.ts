import type { Problem } from '@billtrail/kernel';
import {
  analysed,
  contractFile,
  readContractFile,
  type ContractFile,
  type ContractFileCheck,
  type NamesOfClient,
} from '@billtrail/contracts';
import { problemsOfShape, soundPart } from './check.js';

/** Reads a contract file parsed from YAML or JSON. It takes any input, never throws, and reports all problems at once: of shape, then of meaning. */
export function readContracts(document: unknown, namesOfClient: NamesOfClient = () => ({})): ContractFile {
  const problems = problemsOfShape(contractFile, document, '').map(ofFile);
  return readContractFile(soundPart(contractFile, document) ?? {}, problems, namesOfClient);
}

/** Where the file itself is no object, there is no path. */
function ofFile({ path, problem }: Problem): Problem {
  return { path: path === '' ? 'file' : path, problem };
}

/** Reads a contract file and analyses what the contracts of each client cover. `namesOfClient`: names that the caller knows where the file lists none. */
export function checkContractFile(document: unknown, namesOfClient: NamesOfClient = () => ({})): ContractFileCheck {
  return analysed(readContracts(document, namesOfClient), namesOfClient);
}
