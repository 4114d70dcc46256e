export { problemsOfShape, soundPart } from './check.js';
export { checkContractFile, readContracts } from './contract-files.js';
export { boundsOf } from './bounds.js';
export { jsonSchemaOf } from './json-schema.js';
