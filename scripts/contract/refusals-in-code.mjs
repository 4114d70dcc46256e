import ts from 'typescript';

/**
 * The codes of refusals that code can come to: of `refuse('Code', ...)` wherever functions lead that it names. Which way a table or a `switch` goes for the
 * command at hand is known by its name; whatever else decides is not, so a code may be told that never comes. Where code is reached through an interface it ends.
 */
export class RefusalsInCode {
  #edgesOf = new Map();
  #forwards = new Map();

  /** `names`: of all commands and decisions: what stands under another's name in a table is not walked into. */
  constructor(checker, root, names) {
    this.checker = checker;
    this.root = root;
    this.names = names;
  }

  /** From some nodes, for a command of these names. Without: for those that are made there. */
  from(nodes, own = this.#reached(nodes, new Set()).made) {
    return inOrder(this.#reached(nodes, own).codes);
  }

  #reached(nodes, own) {
    const codes = new Set();
    const made = new Set();
    const seen = new Set(nodes);
    const queue = [...nodes];
    for (let node = queue.pop(); node !== undefined; node = queue.pop())
      for (const { code, to, makes, only } of this.#edges(node)) {
        if (only.length > 0 && !only.some((name) => own.has(name))) continue;
        if (code !== undefined) codes.add(code);
        if (makes !== undefined) made.add(makes);
        if (to === undefined || seen.has(to)) continue;
        seen.add(to);
        queue.push(to);
      }
    return { codes, made };
  }

  #edges(node) {
    const known = this.#edgesOf.get(node);
    if (known !== undefined) return known;
    const edges = [];
    this.#edgesOf.set(node, edges);
    this.#walk(node, [], edges);
    return edges;
  }

  #walk(node, only, edges) {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isDecorator(node)) return;
    if (ts.isIdentifier(node)) {
      const to = this.#declarationOf(node);
      if (to !== undefined) edges.push({ to, only });
      return;
    }
    if (ts.isCallExpression(node)) for (const code of this.#codesOf(node)) edges.push({ code, only });
    if (ts.isCaseBlock(node)) {
      this.#cases(node, only, edges);
      return;
    }
    if (ts.isIfStatement(node) || ts.isConditionalExpression(node)) {
      const [condition, then, otherwise] = ts.isIfStatement(node)
        ? [node.expression, node.thenStatement, node.elseStatement]
        : [node.condition, node.whenTrue, node.whenFalse];
      this.#walk(condition, only, edges);
      this.#walk(then, this.#under(this.#comparedWith(condition), only), edges);
      if (otherwise !== undefined) this.#walk(otherwise, only, edges);
      return;
    }
    const makes = this.#commandMadeBy(node);
    if (makes !== null) edges.push({ makes, only });
    const label = ts.isPropertyAssignment(node) || ts.isMethodDeclaration(node) ? [node.name.getText()] : [];
    const under = this.#under(label, only);
    ts.forEachChild(node, (child) => this.#walk(child, under, edges));
  }

  /** `{ type: 'PublishContractVersion', ... }` */
  #commandMadeBy(node) {
    if (!ts.isPropertyAssignment(node) || node.name.getText() !== 'type' || !ts.isStringLiteral(node.initializer))
      return null;
    return this.names.has(node.initializer.text) ? node.initializer.text : null;
  }

  #cases({ clauses }, only, edges) {
    let labels = [];
    for (const clause of clauses) {
      if (ts.isCaseClause(clause) && ts.isStringLiteral(clause.expression)) labels.push(clause.expression.text);
      for (const statement of clause.statements) this.#walk(statement, this.#under(labels, only), edges);
      if (clause.statements.length > 0) labels = [];
    }
  }

  #under(labels, only) {
    const known = labels.filter((label) => this.names.has(label));
    return known.length === 0 ? only : known;
  }

  #comparedWith(condition) {
    if (!ts.isBinaryExpression(condition) || condition.operatorToken.kind !== ts.SyntaxKind.EqualsEqualsEqualsToken)
      return [];
    return ts.isStringLiteral(condition.right) ? [condition.right.text] : [];
  }

  /** What an identifier names, if it is code of ours. */
  #declarationOf(identifier) {
    let symbol = this.checker.getSymbolAtLocation(identifier);
    if (symbol === undefined) return undefined;
    if (ts.isShorthandPropertyAssignment(identifier.parent))
      symbol = this.checker.getShorthandAssignmentValueSymbol(identifier.parent);
    if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias) symbol = this.checker.getAliasedSymbol(symbol);
    const declaration = symbol?.valueDeclaration;
    if (declaration === undefined || !this.#isOurs(declaration)) return undefined;
    const isCode =
      ts.isFunctionDeclaration(declaration) ||
      ts.isMethodDeclaration(declaration) ||
      ts.isGetAccessor(declaration) ||
      ts.isPropertyAssignment(declaration) ||
      // An error that carries its refusal.
      (ts.isClassDeclaration(declaration) &&
        /extends Error\b/.test(declaration.heritageClauses?.[0]?.getText() ?? '')) ||
      (ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined);
    return isCode ? declaration : undefined;
  }

  #isOurs(node) {
    const { fileName } = node.getSourceFile();
    return fileName.startsWith(this.root) && !fileName.includes('/node_modules/');
  }

  /** Of a call to `refuse`, or to a function that refuses with a code that it is given. */
  #codesOf(call) {
    const called = this.checker.getResolvedSignature(call)?.declaration;
    if (called === undefined) return [];
    return this.#forwardsOf(called).flatMap(({ index, before, after }) => {
      const given = call.arguments[index];
      return given === undefined ? [] : this.#literalsOf(given).map((text) => `${before}${text}${after}`);
    });
  }

  #literalsOf(expression) {
    if (ts.isStringLiteral(expression)) return [expression.text];
    const type = this.checker.getTypeAtLocation(expression);
    // A parameter's type says all that it may be; which it is, the caller says.
    if (parameterIn(expression, this.checker) !== null) return [];
    return (type.isUnion() ? type.types : [type]).flatMap((one) => (one.isStringLiteral() ? [one.value] : []));
  }

  /** Which of its parameters are the code of a refusal, or a part of one. */
  #forwardsOf(declaration) {
    const known = this.#forwards.get(declaration);
    if (known !== undefined) return known;
    if (declaration.name?.getText() === 'refuse' && ts.isFunctionDeclaration(declaration)) {
      const own = [{ index: 0, before: '', after: '' }];
      this.#forwards.set(declaration, own);
      return own;
    }
    const found = [];
    this.#forwards.set(declaration, found);
    if (declaration.body === undefined || !this.#isOurs(declaration)) return found;
    const visit = (node) => {
      if (ts.isCallExpression(node)) {
        const called = this.checker.getResolvedSignature(node)?.declaration;
        if (called !== undefined && called !== declaration)
          for (const { index, before, after } of this.#forwardsOf(called)) {
            const part = parameterIn(node.arguments[index], this.checker);
            const at = part === null ? -1 : declaration.parameters.indexOf(part.parameter);
            if (at !== -1) found.push({ index: at, before: before + part.before, after: part.after + after });
          }
      }
      ts.forEachChild(node, visit);
    };
    visit(declaration.body);
    return found;
  }
}

export function inOrder(codes) {
  return [...codes].toSorted((one, other) => (one < other ? -1 : 1));
}

/** A parameter by itself, or within a template of one part. */
function parameterIn(expression, checker) {
  if (expression === undefined) return null;
  if (ts.isTemplateExpression(expression)) {
    const [span, ...others] = expression.templateSpans;
    const inner = others.length === 0 ? parameterIn(span.expression, checker) : null;
    return inner && { ...inner, before: expression.head.text + inner.before, after: inner.after + span.literal.text };
  }
  if (!ts.isIdentifier(expression)) return null;
  const declaration = checker.getSymbolAtLocation(expression)?.valueDeclaration;
  return declaration !== undefined && ts.isParameter(declaration)
    ? { parameter: declaration, before: '', after: '' }
    : null;
}
