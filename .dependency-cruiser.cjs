// The plan of the house as rules: imports go downwards only. Run by `npm test`.
const domain = '(kernel|ticketing|contracts|billing|demo)';
const only = (from, allowed) => ({
  name: `${from}-imports-only-${allowed.join('-') || 'itself'}`,
  comment: `libs/${from} may import of our own libs: ${allowed.join(', ') || 'none'}.`,
  severity: 'error',
  from: { path: `^libs/${from}/`, pathNot: '\\.spec\\.ts$' },
  to: { path: '^(libs|apps|test)/', pathNot: `^libs/(${[from, ...allowed].join('|')})/` },
});

module.exports = {
  forbidden: [
    only('kernel', []),
    only('ticketing', ['kernel']),
    only('contracts', ['kernel']),
    only('billing', ['kernel', 'ticketing', 'contracts']),
    only('event-store', ['kernel']),
    only('vault', ['kernel', 'event-store']),
    only('input', ['kernel', 'contracts', 'billing']),
    only('read-models', ['kernel', 'ticketing', 'contracts', 'billing', 'event-store']),
    only('importing', ['kernel', 'ticketing', 'contracts', 'billing', 'event-store', 'input']),
    only('demo', ['kernel', 'ticketing', 'contracts', 'billing']),
    only('application', [
      'kernel',
      'ticketing',
      'contracts',
      'billing',
      'event-store',
      'vault',
      'read-models',
      'input',
    ]),
    only('command-line', [
      'kernel',
      'ticketing',
      'contracts',
      'billing',
      'event-store',
      'vault',
      'read-models',
      'input',
      'importing',
      'demo',
      'application',
    ]),
    {
      name: 'domain-is-pure',
      comment: 'No framework, database, file or network under the domain libs: they are functions of their arguments.',
      severity: 'error',
      from: { path: `^libs/${domain}/`, pathNot: '(\\.spec\\.ts$|/testing/)' },
      to: {
        dependencyTypes: ['npm', 'core'],
        pathNot: '(^(node:)?crypto$|node_modules/(decimal\\.js|temporal-polyfill|temporal-spec|temporal-utils))',
      },
    },
    {
      name: 'read-models-never-decide',
      comment: 'Read models know event types and the pure rating function, never deciders or commands.',
      severity: 'error',
      from: { path: '^libs/read-models/', pathNot: '\\.spec\\.ts$' },
      to: { path: '(-decider|/commands|record-history|ticketing/src/(moves|description|time|goods|ticket))\\.ts$' },
    },
    {
      name: 'rating-knows-nothing-frozen',
      comment:
        'What is on documents, what of it stands and which gaps follow is known to settled/, gaps/, account/ and rate.ts alone.',
      severity: 'error',
      from: { path: '^libs/billing/src/rating/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/billing/src/((settled|gaps|account)/|item/frozen-item\\.ts$|(rate|index)\\.ts$)' },
    },
    {
      name: 'apps-never-import-each-other',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'sqlite-stays-in-its-rooms',
      comment: 'Only the adapter of the log, the read models and the vault know SQLite.',
      severity: 'error',
      from: { pathNot: '^(libs/(event-store|vault)/src/sqlite/|libs/read-models/|test/|node_modules/)' },
      to: { path: 'node_modules/better-sqlite3' },
    },
    {
      name: 'eventstoredb-stays-in-its-room',
      comment:
        'Only the adapter of the log knows the client of EventStoreDB: what fills its face, and what an administrator prepares a cluster with.',
      severity: 'error',
      from: {
        pathNot:
          '^(libs/event-store/src/eventstoredb/(db-client|failures|preparing-cluster|users-of-cluster)|test/|node_modules/)',
      },
      to: { path: 'node_modules/@eventstore' },
    },
    {
      name: 'one-way-to-open-sqlite',
      comment: 'File modes, damage and durability are looked after in one place; elsewhere only its types are named.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '(^libs/event-store/src/sqlite/open-file|/spec-kit/|\\.spec)\\.?' },
      to: { path: 'node_modules/better-sqlite3', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-circles',
      comment: 'Not in types either: two files that name each other are one file, or want a third that both name.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'not-to-dev-dependency',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '(\\.spec\\.ts$|/testing/|/spec-kit/|/contract-suite/)' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
