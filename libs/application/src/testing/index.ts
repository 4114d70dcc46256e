/** The way of a command without Nest and HTTP, for tests that tell stories to the whole house. */
export { commandDefinitions } from '../application.module.js';
export type { CommandDefinition } from '../command-path/command-definition.js';
export { CommandEnvelope } from '../command-path/command-envelope.js';
export { CommandRegistry } from '../command-path/command-registry.js';
export { DeciderHandler } from '../command-path/decider-handler.js';
export { Fence } from '../policies/fence.js';
