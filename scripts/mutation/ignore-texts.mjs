const isSentence = (text) => /\p{L} | \p{L}/u.test(text);

/** Texts for people (explanations, sentences of errors) are no mutants: only what has a space between words counts as one. */
const textsForPeople = {
  shouldIgnore({ node }) {
    const text =
      node.type === 'StringLiteral'
        ? node.value
        : node.type === 'TemplateLiteral'
          ? node.quasis.map((quasi) => quasi.value.raw).join('')
          : '';
    return isSentence(text) ? 'A text for people' : undefined;
  },
};

/** As Stryker's own `declareValuePlugin` writes it. */
export const strykerPlugins = [{ kind: 'Ignore', name: 'texts-for-people', value: textsForPeople }];
