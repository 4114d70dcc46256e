import ts from 'typescript';

/** Names by which TypeScript calls what nobody named, or made of something else. */
const NO_NAME = new Set(['Readonly', 'Pick', 'Omit', 'Partial', 'Record', 'Required', 'Exclude']);

/** JSON Schemas of what types become as JSON: what is undefined is left out, what has `toJSON` is what that returns. Interfaces and named types are components. */
export class SchemasOfTypes {
  /** By name, in the order in which they were met. */
  components = {};
  #namedBy = new Map();
  #inProgress = [];

  constructor(checker) {
    this.checker = checker;
  }

  of(type) {
    const { checker } = this;
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {};
    if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
    if (type.flags & (ts.TypeFlags.StringLiteral | ts.TypeFlags.NumberLiteral))
      return { type: typeof type.value === 'number' ? 'number' : 'string', enum: [type.value] };
    if (type.flags & ts.TypeFlags.BooleanLiteral)
      return { type: 'boolean', enum: [checker.typeToString(type) === 'true'] };
    if (type.flags & ts.TypeFlags.StringLike) return { type: 'string' };
    if (type.flags & ts.TypeFlags.NumberLike) return { type: 'number' };
    if (type.flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' };
    if (type.isUnion()) return this.#union(type);
    if (type.isIntersection() && type.types.some(({ flags }) => flags & ts.TypeFlags.StringLike))
      return { type: 'string' };
    if (type.flags & ts.TypeFlags.TypeParameter)
      return this.of(checker.getBaseConstraintOfType(type) ?? checker.getUnknownType());
    const toJson = type.getProperty('toJSON');
    if (toJson !== undefined) return this.of(this.#returnOf(toJson));
    if (checker.isTupleType(type) || checker.isArrayType(type)) return this.#list(type);
    return this.#object(type);
  }

  #returnOf(method) {
    const [signature] = this.checker.getTypeOfSymbol(method).getCallSignatures();
    return signature.getReturnType();
  }

  #list(type) {
    const of = this.checker.getTypeArguments(type);
    if (this.checker.isArrayType(type)) return { type: 'array', items: this.of(of[0]) };
    return { type: 'array', prefixItems: of.map((one) => this.of(one)), minItems: of.length, maxItems: of.length };
  }

  #union(type) {
    const members = type.types.filter(({ flags }) => !(flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)));
    const isNull = ({ flags }) => flags & ts.TypeFlags.Null;
    const isBoolean = ({ flags }) => flags & ts.TypeFlags.BooleanLiteral;
    const isLiteral = ({ flags }) => flags & (ts.TypeFlags.StringLiteral | ts.TypeFlags.NumberLiteral);
    const schemas = [];
    const booleans = members.filter(isBoolean);
    if (booleans.length === 2) schemas.push({ type: 'boolean' });
    else schemas.push(...booleans.map((one) => this.of(one)));
    const literals = members.filter(isLiteral);
    for (const kind of ['string', 'number']) {
      const values = literals.map(({ value }) => value).filter((value) => typeof value === kind);
      if (values.length > 0) schemas.push({ type: kind, enum: values.toSorted(compare) });
    }
    for (const one of members) if (!isNull(one) && !isBoolean(one) && !isLiteral(one)) schemas.push(this.of(one));
    const different = [...new Map(schemas.map((one) => [JSON.stringify(one), one])).values()];
    if (different.some((one) => Object.keys(one).length === 0)) return {};
    const [only = { type: 'null' }] = different;
    if (!members.some(isNull)) return different.length === 1 ? only : { anyOf: different };
    if (different.length <= 1 && typeof only.type === 'string' && only.type !== 'null')
      return { ...only, type: [only.type, 'null'], ...(only.enum && { enum: [...only.enum, null] }) };
    return { anyOf: [...different, { type: 'null' }] };
  }

  #object(type) {
    const symbol = type.aliasSymbol ?? type.symbol;
    const name = symbol?.name ?? '__type';
    const hasArguments = (type.aliasTypeArguments ?? this.checker.getTypeArguments?.(type) ?? []).length > 0;
    if (!/^[A-Z]/.test(name) || NO_NAME.has(name) || hasArguments) return this.#inline(type);
    const known = this.#namedBy.get(name);
    if (known === type) return { $ref: `#/components/schemas/${name}` };
    // Two of one name: the second is described where it stands.
    if (known !== undefined) return this.#inline(type);
    this.#namedBy.set(name, type);
    this.components[name] = {};
    const described = this.#described(type);
    this.components[name] = described;
    const description = textOf(symbol, this.checker);
    if (description !== '') this.components[name] = { description, ...described };
    return { $ref: `#/components/schemas/${name}` };
  }

  #inline(type) {
    if (this.#inProgress.includes(type))
      throw new Error(`${this.checker.typeToString(type)} contains itself without a name`);
    this.#inProgress.push(type);
    try {
      return this.#described(type);
    } finally {
      this.#inProgress.pop();
    }
  }

  #described(type) {
    const { checker } = this;
    const properties = {};
    const required = [];
    for (const property of checker.getPropertiesOfType(type)) {
      if (property.name.startsWith('__') || property.flags & ts.SymbolFlags.Method) continue;
      const of = checker.getTypeOfSymbol(property);
      if (of.getCallSignatures().length > 0) continue;
      const parts = of.isUnion() ? of.types : [of];
      const mayBeAbsent =
        (property.flags & ts.SymbolFlags.Optional) !== 0 || parts.some(({ flags }) => flags & ts.TypeFlags.Undefined);
      if (parts.every(({ flags }) => flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Never))) continue;
      const schema = this.of(of);
      const description = textOf(property, checker);
      properties[property.name] = description === '' ? schema : { description, ...schema };
      if (!mayBeAbsent) required.push(property.name);
    }
    const index = checker.getIndexTypeOfType(type, ts.IndexKind.String);
    const hasProperties = Object.keys(properties).length > 0;
    return {
      type: 'object',
      ...(hasProperties ? { properties } : {}),
      ...(required.length > 0 ? { required } : {}),
      ...(index === undefined ? {} : { additionalProperties: this.of(index) }),
    };
  }
}

function compare(one, other) {
  return one < other ? -1 : 1;
}

function textOf(symbol, checker) {
  return ts
    .displayPartsToString(symbol?.getDocumentationComment(checker) ?? [])
    .replaceAll(/\{@link ([^}]+)\}/g, '`$1`');
}
