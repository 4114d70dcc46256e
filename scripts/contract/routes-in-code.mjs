import ts from 'typescript';

const CONTROLLER = /\/apps\/api\/src\/routes\/.*\.controller\.ts$/;

/** The methods of controllers that answer a route: what each answers, and the command that it sends, where it is one. */
export function routesIn(files, checker) {
  const isRoute = (member) => ts.isMethodDeclaration(member) && (ts.getDecorators(member)?.length ?? 0) > 0;
  return files
    .filter(({ fileName }) => CONTROLLER.test(fileName))
    .flatMap(({ statements }) => statements.filter(ts.isClassDeclaration))
    .flatMap(({ name, members }) =>
      members.filter(isRoute).map((method) => ({
        name: `${name.text}_${method.name.text}`,
        node: method,
        answer: checker.getAwaitedType(checker.getSignatureFromDeclaration(method).getReturnType()),
        command: commandOf(method),
      })),
    );
}

/** `@Writes('Approve a draft', ':invoiceId/approve', billingCommands.ApproveInvoice, ...)` names the command that it sends. */
function commandOf(method) {
  for (const { expression } of ts.getDecorators(method)) {
    if (!ts.isCallExpression(expression) || expression.expression.getText() !== 'Writes') continue;
    const [, , command] = expression.arguments;
    return ts.isPropertyAccessExpression(command) ? command.name.text : command.getText();
  }
  return null;
}
