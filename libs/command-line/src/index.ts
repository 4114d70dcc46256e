export { run, runOnNode, type RunsCommands } from './program.js';
export type { RunOnNode } from './elsewhere.js';
export { EXIT } from './terminal/exit-codes.js';
export type { HostingNode } from './terminal/host.js';
export { ADMIN_ALONE, ROUTES_OF_COMMANDS } from './routes-of-commands.js';
