export { run, runOnNode, type RunsCommands } from './program.js';
export type { RunOnNode } from './elsewhere.js';
export { EXIT } from './terminal/exit-codes.js';
export type { HostingNode } from './terminal/host.js';
