import ts from 'typescript';

/** The table of the questions that are asked by their name. */
const QUESTIONS = 'QUESTIONS_OF_ANY_TIME';

/** A definition of a command as it stands in the code: `define({ command: LogTimeEntry, ... })`, and the names that it is decided under. */
export function commandsIn(files, checker) {
  const found = [];
  const visit = (node) => {
    const command = ts.isCallExpression(node) ? definedBy(node, checker) : null;
    if (command === null) ts.forEachChild(node, visit);
    else found.push(command);
  };
  for (const file of files) if (file.fileName.includes('/libs/application/src/commands/')) visit(file);
  return found;
}

/** All names of commands, of what is decided in their place, of questions and of the moves that gates guard: what tables and `switch` tell apart. */
export function namesOfDecisions(commands, files) {
  const names = new Set(commands.flatMap((one) => [...one.names]));
  const visit = (node) => {
    if (ts.isCaseClause(node) && ts.isStringLiteral(node.expression)) {
      const { expression } = node.parent.parent;
      if (expression.getText() === 'command.type') names.add(node.expression.text);
    }
    if (ts.isVariableDeclaration(node) && node.name.getText() === QUESTIONS)
      for (const { name } of node.initializer.properties) names.add(name.text);
    if (
      ts.isPropertyAssignment(node) &&
      node.name.getText() === 'guards' &&
      ts.isArrayLiteralExpression(node.initializer)
    )
      for (const move of node.initializer.elements.filter(ts.isStringLiteral)) names.add(move.text);
    ts.forEachChild(node, visit);
  };
  for (const file of files) visit(file);
  return names;
}

/** The names of the commands that have a field, by its name. */
export function fieldsOfCommands(commands) {
  const known = new Map();
  for (const { names, fields } of commands)
    for (const field of fields) known.set(field, [...(known.get(field) ?? []), ...names]);
  return known;
}

function definedBy(call, checker) {
  if (!checker.typeToString(checker.getTypeAtLocation(call)).startsWith('CommandDefinition')) return null;
  for (const argument of call.arguments) {
    const members = ts.isObjectLiteralExpression(argument) ? argument.properties : [];
    const named = members.find((one) => ts.isPropertyAssignment(one) && one.name.getText() === 'command');
    const command = instanceOf(named?.initializer ?? argument, checker);
    if (command === null) continue;
    const names = new Set(typesNamedBy(command, checker));
    for (const member of members) {
      if (!['prepare', 'collect'].includes(member.name?.getText())) continue;
      const [signature] = checker.getTypeAtLocation(member.name).getCallSignatures();
      const decided = signature ? typesNamedBy(checker.getAwaitedType(signature.getReturnType()), checker) : [];
      // Of a decider's every command it says nothing.
      if (decided.length === 1) names.add(decided[0]);
    }
    return {
      name: command.symbol.name,
      names,
      fields: command.getProperties().map(({ name: field }) => field),
      node: call,
    };
  }
  return null;
}

/** What `new` makes of a class that is named; null: it is none of a command. */
function instanceOf(expression, checker) {
  const [constructed] = checker.getTypeAtLocation(expression).getConstructSignatures();
  const type = constructed?.getReturnType();
  return type !== undefined && typesNamedBy(type, checker).length === 1 ? type : null;
}

function typesNamedBy(type, checker) {
  return (type.isUnion() ? type.types : [type]).flatMap((one) => {
    const named = one.getProperty('type');
    const of = named && checker.getTypeOfSymbol(named);
    return of?.isStringLiteral() ? [of.value] : [];
  });
}
