// What the API answers, as its types say, and which refusals the code comes to: written beside the routes, for the OpenAPI document.
// `npm run contract` writes it; with `--check` types are checked as well, and it must be what is there.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { commandsIn, fieldsOfCommands, namesOfDecisions } from './contract/commands-in-code.mjs';
import { inOrder, RefusalsInCode } from './contract/refusals-in-code.mjs';
import { routesIn } from './contract/routes-in-code.mjs';
import { SchemasOfTypes } from './contract/schemas-of-types.mjs';
import { root, say } from './prepare.mjs';

const FILE = join(root, 'apps/api/src/http/contract.generated.ts');
/** What each request passes, by what it is: a code that stands there is one of every such route. */
const PASSED = {
  everyRoute: ['apps/api/src/http/problem.filter.ts', 'apps/api/src/http/stopping.ts'],
  everyCaller: ['apps/api/src/access/access.guard.ts', 'apps/api/src/access/sign-in.ts'],
  everyBody: ['apps/api/src/http/bodies.ts', 'apps/api/src/http/body-depth.ts', 'apps/api/src/http/body-object.ts'],
  everyQuestion: [
    'libs/application/src/queries/ask.ts',
    'libs/application/src/queries/ask-past.ts',
    'libs/application/src/queries/known-positions.ts',
  ],
  everyCommand: [
    'libs/application/src/command-path/dispatcher.ts',
    'libs/application/src/command-path/decider-handler.ts',
    'libs/application/src/command-path/decide-and-append.ts',
  ],
};
/** What has its name before another type may take it. */
const NAMED = [
  ['apps/api/src/http/problem.ts', 'Problem'],
  ['apps/api/src/http/commands.ts', 'WriteAnswer'],
];
/** Answered where no route is found, which no route can say. */
const OF_NO_ROUTE = new Set(['RouteNotFound']);
const A_CODE = /^[A-Z][A-Za-z]+$/;

function programOf() {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return ts.createProgram(fileNames, { ...options, noEmit: true });
}

function contractOf(program) {
  const checker = program.getTypeChecker();
  const files = program
    .getSourceFiles()
    .filter(({ fileName }) => /^(apps|libs)\//.test(fileName.slice(root.length)) && !fileName.endsWith('.spec.ts'));
  const schemas = new SchemasOfTypes(checker);
  const commands = commandsIn(files, checker);
  const refusals = new RefusalsInCode(checker, root, namesOfDecisions(commands, files), fieldsOfCommands(commands));
  const from = (nodes, names) =>
    refusals.from(nodes, names).filter((code) => A_CODE.test(code) && !OF_NO_ROUTE.has(code));
  const routes = routesIn(files, checker).toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const ofCommand = new Map(commands.map(({ name, names, node }) => [name, from([node], names)]));
  const passed = Object.entries(PASSED).map(([of, paths]) => [
    of,
    from(
      paths.map((path) => program.getSourceFile(join(root, path))),
      new Set(),
    ),
  ]);
  const ofRoutes = routes.map(({ name, node, command }) => [
    name,
    command === null ? from([node]) : inOrder(new Set([...from([node], new Set()), ...ofCommand.get(command)])),
  ]);
  for (const [path, name] of NAMED) schemas.of(declaredType(program.getSourceFile(join(root, path)), name, checker));
  const answers = routes.map(({ name, answer }) => [name, schemas.of(answer)]);
  return {
    schemas: sorted(schemas.components),
    answers: sorted(Object.fromEntries(answers)),
    refusals: { ...Object.fromEntries(passed), ...sorted(Object.fromEntries([...ofCommand, ...ofRoutes])) },
  };
}

function declaredType(file, name, checker) {
  const found = file.statements.find((one) => ts.isInterfaceDeclaration(one) && one.name.text === name);
  return checker.getTypeAtLocation(found);
}

function sorted(entries) {
  return Object.fromEntries(Object.entries(entries).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** A line for each entry: what changed of the API is seen in a comparison. */
function textOf({ schemas, answers, refusals }) {
  const table = (name, type, entries) =>
    `export const ${name}: Readonly<Record<string, ${type}>> = {\n` +
    `${Object.entries(entries)
      .map(([key, value]) => `  ${key}: ${JSON.stringify(value)},\n`)
      .join('')}};\n`;
  return [
    '// Written by `npm run contract` from the types of answers and the refusals in the code. Never edited.\n',
    "import type { Schema } from './schema.js';\n\n",
    '/** What answers are made of, by name. */\n',
    table('SCHEMAS', 'Schema', schemas),
    '\n/** What each route answers, by its controller and method. */\n',
    table('ANSWERS', 'Schema', answers),
    '\n/** The codes of refusals that each may answer: of every route of a kind, of a command, of the method of a controller. */\n',
    table('REFUSALS', 'readonly string[]', refusals),
  ].join('');
}

/** What a text says, whatever the order in which the compiler came to the parts of a type: that depends on what it has checked before. */
function saidIn(text) {
  const entries = text.matchAll(/^ {2}(.+?): (.*),$/gm);
  return JSON.stringify([...entries].map(([, name, value]) => [name, unordered(JSON.parse(value))]));
}

function unordered(value) {
  if (Array.isArray(value))
    return value.map((one) => JSON.stringify(unordered(one))).toSorted((one, other) => (one < other ? -1 : 1));
  if (value === null || typeof value !== 'object') return value;
  return sorted(Object.fromEntries(Object.entries(value).map(([name, one]) => [name, unordered(one)])));
}

const program = programOf();
const isCheck = process.argv.includes('--check');
const problems = isCheck ? ts.getPreEmitDiagnostics(program) : [];
if (problems.length > 0) {
  say(
    ts.formatDiagnostics(problems, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => root,
      getNewLine: () => '\n',
    }),
  );
  process.exit(1);
}
const written = textOf(contractOf(program));
const isSaid = saidIn(readFileSync(FILE, 'utf8')) === saidIn(written);
if (isCheck && !isSaid) {
  say(
    'What the API answers or refuses has changed, and apps/api/src/http/contract.generated.ts does not say so: npm run contract',
  );
  process.exit(1);
}
if (!isSaid) writeFileSync(FILE, written);
