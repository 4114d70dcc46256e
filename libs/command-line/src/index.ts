export { run } from './program.js';
export { EXIT } from './terminal/exit-codes.js';
