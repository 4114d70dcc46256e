import ts from 'typescript';

/** On a function whose refusals are told or recorded, and never the answer to whoever asked: neither it nor what it is given is followed. */
const KEPT = 'keepsRefusals';

/**
 * The codes of refusals that code can come to: of `refuse('Code', ...)` wherever functions lead that it names. Which way a table, a `switch` or a condition on its
 * name or fields goes for the command at hand is known; whatever else decides is not, so a code may be told that never comes. Where code is reached through an
 * interface it ends.
 */
export class RefusalsInCode {
  #edgesOf = new Map();
  #forwards = new Map();

  /**
   * `names`: of all commands, decisions and questions, and of the moves that commands make: what stands under another's name in a table is not walked into. `fieldsOf`: the
   * commands that have a field.
   */
  constructor(checker, root, names, fieldsOf) {
    this.checker = checker;
    this.root = root;
    this.names = names;
    this.fieldsOf = fieldsOf;
  }

  /** From some nodes, for a command of these names. Without: for those that are made there. */
  from(nodes, own) {
    if (own === undefined) return inOrder(this.#reached(nodes, this.#reached(nodes, new Set()).made).codes);
    // Which gates a move has to pass is known by the move that the command makes.
    return inOrder(this.#reached(nodes, new Set([...own, ...this.#reached(nodes, own).madeAs])).codes);
  }

  #reached(nodes, own) {
    const codes = new Set();
    const made = new Set();
    const madeAs = new Set();
    const seen = new Set(nodes);
    const queue = [...nodes];
    for (let node = queue.pop(); node !== undefined; node = queue.pop())
      for (const { code, to, makes, only } of this.#edges(node)) {
        if (only.length > 0 && !only.some((name) => own.has(name))) continue;
        if (code !== undefined) codes.add(code);
        if (makes !== undefined) (only.length === 0 ? made : madeAs).add(makes);
        if (to === undefined || seen.has(to)) continue;
        seen.add(to);
        queue.push(to);
      }
    return { codes, made, madeAs };
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
    if (ts.isShorthandPropertyAssignment(node)) {
      this.#walk(node.name, this.#under([node.name.text], only), edges);
      return;
    }
    if (ts.isIdentifier(node)) {
      const to = this.#declarationOf(node);
      if (to !== undefined) edges.push({ to, only });
      return;
    }
    if (ts.isCallExpression(node)) {
      if (this.#keepsRefusals(node)) return;
      for (const code of this.#codesOf(node)) edges.push({ code, only });
    }
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
    const under = this.#under(labelsOf(node), only);
    ts.forEachChild(node, (child) => this.#walk(child, under, edges));
  }

  /** `{ type: 'PublishContractVersion', ... }`, or `askNamed('listItems', ...)`. */
  #commandMadeBy(node) {
    const isMade = ts.isPropertyAssignment(node) && node.name.getText() === 'type';
    const isAsked =
      node.parent !== undefined &&
      ts.isCallExpression(node.parent) &&
      node.parent.expression.getText().endsWith('Named');
    const text = isMade ? node.initializer : isAsked ? node : null;
    return text !== null && ts.isStringLiteral(text) && this.names.has(text.text) ? text.text : null;
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

  /** The commands that a condition holds for, as far as it says so: `command.type === 'StartWork'`, `'siteId' in command`, `STATING_TERMS.has(command.type)`. */
  #comparedWith(condition) {
    if (ts.isBinaryExpression(condition)) {
      const { left, right, operatorToken } = condition;
      if (operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken)
        return [left, right].map((one) => this.#comparedWith(one)).find((names) => names.length > 0) ?? [];
      if (operatorToken.kind === ts.SyntaxKind.InKeyword && ts.isStringLiteral(left))
        return this.fieldsOf.get(left.text) ?? [];
      return operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken && ts.isStringLiteral(right)
        ? [right.text]
        : [];
    }
    if (!ts.isCallExpression(condition)) return [];
    const { expression: has, arguments: tested } = condition;
    if (tested.length !== 1 || !tested[0].getText().endsWith('.type')) return [];
    return ts.isPropertyAccessExpression(has) && has.name.text === 'has' ? this.#textsOf(has.expression) : [];
  }

  /** What a `Set` of texts has that is written out. */
  #textsOf(name) {
    const made = this.checker.getSymbolAtLocation(name)?.valueDeclaration?.initializer;
    const [list] = (made !== undefined && ts.isNewExpression(made) && made.arguments) || [];
    return list !== undefined && ts.isArrayLiteralExpression(list)
      ? list.elements.filter(ts.isStringLiteral).map(({ text }) => text)
      : [];
  }

  #keepsRefusals(call) {
    const called = this.checker.getResolvedSignature(call)?.declaration;
    return called !== undefined && ts.getJSDocTags(called).some(({ tagName }) => tagName.text === KEPT);
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

/** The names that a row of a table is for. */
function labelsOf(node) {
  if (ts.isPropertyAssignment(node) || ts.isMethodDeclaration(node)) return [node.name.getText()];
  if (!ts.isObjectLiteralExpression(node)) return [];
  const guards = node.properties.find((one) => ts.isPropertyAssignment(one) && one.name.getText() === 'guards');
  return guards?.initializer.elements?.filter(ts.isStringLiteral).map(({ text }) => text) ?? [];
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
