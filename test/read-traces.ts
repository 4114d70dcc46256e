import { join } from 'node:path';
import ts from 'typescript';
import { root } from './seeded-house.js';

/** A place that takes a trace as data: it asks a step for its kind, or for a fact by its name. */
export interface TraceRead {
  /** Path from the root of the house. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const ROOTS = ['libs/billing/src/index.ts', 'libs/read-models/src/index.ts'];
const LOOKED_AT = /^libs\/(billing|read-models)\/src\//;
const LEFT_OUT = /\.spec\.ts$|\/(testing|spec-kit)\//;

/**
 * Everything in billing and the read models that reads a trace. It is found by type and not by name, so a step in a variable of another
 * name, taken apart or looked up is found as well. Handing a trace on, adding to it, and its text are no reads.
 * `seeds` are files that are looked at as if they were there.
 */
export function traceReads(seeds: Readonly<Record<string, string>> = {}): readonly TraceRead[] {
  const program = programOf(seeds);
  const checker = program.getTypeChecker();
  const { stepType, factType } = typesOfTraces(program, checker);
  const found: TraceRead[] = [];

  const isStep = (node: ts.Node): boolean =>
    partsOf(checker.getTypeAtLocation(node)).some((part) => part.symbol === stepType.symbol);
  const areFacts = (node: ts.Node): boolean =>
    partsOf(checker.getTypeAtLocation(node)).some((part) => part.getStringIndexType() === factType);

  const look = (node: ts.Node, source: ts.SourceFile): void => {
    if (reads(node, isStep, areFacts)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push({ file: houseOf(source), line: line + 1, text: node.getText(source) });
    }
    ts.forEachChild(node, (child) => look(child, source));
  };
  for (const source of program.getSourceFiles()) {
    const file = houseOf(source);
    if (LOOKED_AT.test(file) && !LEFT_OUT.test(file)) look(source, source);
  }
  return found;
}

function reads(node: ts.Node, isStep: (node: ts.Node) => boolean, areFacts: (node: ts.Node) => boolean): boolean {
  // step.step, step['step'], and a fact by its name; a fact that is set is none that is read.
  if (ts.isPropertyAccessExpression(node))
    return (node.name.text === 'step' && isStep(node.expression)) || (areFacts(node.expression) && !isSet(node));
  if (ts.isElementAccessExpression(node)) return (isStep(node.expression) || areFacts(node.expression)) && !isSet(node);
  // 'unpriced' in step.facts
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InKeyword) return areFacts(node.right);
  // ({ step }) => ..., const { mode } = step.facts; the rest of a pattern names nothing.
  if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent) && node.dotDotDotToken === undefined) {
    const name = (node.propertyName ?? node.name).getText();
    return areFacts(node.parent) || (name === 'step' && isStep(node.parent));
  }
  // Object.entries(step.facts)
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression))
    return node.expression.expression.getText() === 'Object' && node.arguments.some((one) => areFacts(one));
  return false;
}

function isSet(node: ts.Expression): boolean {
  const { parent } = node;
  return (
    ts.isBinaryExpression(parent) && parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
  );
}

function partsOf(type: ts.Type): readonly ts.Type[] {
  return type.isUnionOrIntersection() ? type.types.flatMap(partsOf) : [type];
}

/** The types as billing hands them out, wherever they stand. */
function typesOfTraces(
  program: ts.Program,
  checker: ts.TypeChecker,
): { readonly stepType: ts.Type; readonly factType: ts.Type } {
  const index = checker.getSymbolAtLocation(program.getSourceFile(join(root, ROOTS[0]!))!)!;
  const typeNamed = (name: string): ts.Type => {
    const exported = checker.getExportsOfModule(index).find((symbol) => symbol.name === name);
    if (exported === undefined)
      throw new Error(`billing hands out no type ${name}: the look for reads of traces needs it`);
    return checker.getDeclaredTypeOfSymbol(
      (exported.flags & ts.SymbolFlags.Alias) === 0 ? exported : checker.getAliasedSymbol(exported),
    );
  };
  return { stepType: typeNamed('TraceStep'), factType: typeNamed('TraceFact') };
}

function houseOf(source: ts.SourceFile): string {
  return source.fileName.slice(root.length);
}

function programOf(seeds: Readonly<Record<string, string>>): ts.Program {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile) as { config: object };
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: ROOTS, include: undefined }, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const seeded = new Map(Object.entries(seeds).map(([file, text]) => [join(root, file), text]));
  const { readFile, fileExists } = host;
  host.readFile = (file) => seeded.get(file) ?? readFile.call(host, file);
  host.fileExists = (file) => seeded.has(file) || fileExists.call(host, file);
  return ts.createProgram([...ROOTS.map((file) => join(root, file)), ...seeded.keys()], options, host);
}
